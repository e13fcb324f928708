//! Why a request to an operation that changes data does no harm: the things that a server needs and this request lacks. This is the
//! rule that all planning goes through; what it does not let pass is not sent. Next: `mod.rs`.
//!
//! A request may go out if it lacks
//!
//! 1. a credential, and something besides: whether the server asks for credentials at all is what the probe is to find out, so their
//!    absence alone protects nothing; or
//! 2. something *decisive*, without which no server knows what to do: an id that its schema forbids, a body that breaks what its schema
//!    asks for first.
//!
//! What a lenient server may overlook (a bound, a format, an optional body, a filter of a query, the body of a deletion) never counts.

use std::fmt;

use crate::risk::Risk;

/// Something that a request lacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lack {
    /// The credential that the document asks for: there is none, or one that can be nobody's.
    Credential {
        /// Whether something stands in its place.
        malformed: bool,
    },
    /// A path parameter has a value that its schema forbids.
    Impossible {
        /// The parameter.
        parameter: String,
    },
    /// A path parameter has a value that its schema allows and that nothing has.
    Nobody {
        /// The parameter.
        parameter: String,
    },
    /// A parameter elsewhere is missing or wrong.
    Parameter {
        /// The parameter.
        parameter: String,
        /// Whether it is missing.
        missing: bool,
    },
    /// The body is not what the operation requires.
    Body(BodyFault),
}

/// What is wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BodyFault {
    /// There is none.
    Missing,
    /// It is of a content type that the operation does not take.
    ContentType,
    /// It is cut off.
    Unparseable,
    /// It breaks a keyword of its schema.
    Keyword {
        /// The keyword.
        keyword: String,
        /// The place in the body, a JSON Pointer.
        instance: String,
    },
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential { malformed: false } => f.write_str("it carries no credential"),
            Self::Credential { malformed: true } => f.write_str("its credential is none that anybody has"),
            Self::Nobody { parameter } => write!(f, "`{parameter}` is made up, and nothing has it"),
            Self::Parameter { parameter, missing: true } => write!(f, "`{parameter}` is missing"),
            Self::Impossible { parameter } | Self::Parameter { parameter, missing: false } => {
                write!(f, "`{parameter}` is a value that its schema forbids")
            }
            Self::Body(BodyFault::Missing) => f.write_str("the body that it requires is missing"),
            Self::Body(BodyFault::ContentType) => f.write_str("its body is of a content type that the operation does not take"),
            Self::Body(BodyFault::Unparseable) => f.write_str("its body is cut off"),
            Self::Body(BodyFault::Keyword { keyword, instance }) if instance.is_empty() => write!(f, "its body breaks `{keyword}`"),
            Self::Body(BodyFault::Keyword { keyword, instance }) => write!(f, "its body breaks `{keyword}` at `{instance}`"),
        }
    }
}

/// The keywords without which a body says nothing that could be acted on. Bounds, patterns and formats are not among them: many
/// servers do not check those.
pub(crate) const DECISIVE: &[&str] = &["required", "type", "anyOf", "oneOf", "minProperties", "dependentRequired"];

/// What a request is sent to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'o> {
    pub(crate) risk: Risk,
    pub(crate) method: &'o str,
    /// Whether the document requires a body.
    pub(crate) body_required: bool,
}

impl Lack {
    /// Whether no server can do anything with a request that lacks this.
    fn is_decisive(&self, target: Target<'_>) -> bool {
        match self {
            // A server that reads no body of a DELETE takes away whatever the path names, wrong body or none.
            Self::Body(_) if target.method == "DELETE" || !target.body_required => false,
            Self::Body(BodyFault::Keyword { keyword, .. }) => DECISIVE.contains(&keyword.as_str()),
            // An empty purge may mean: everything.
            Self::Body(BodyFault::Missing) => target.risk < Risk::Destructive,
            // A PUT makes what is not there, and a lenient server under any name.
            Self::Impossible { .. } => target.method != "PUT",
            Self::Body(_) => true,
            Self::Credential { .. } | Self::Nobody { .. } | Self::Parameter { .. } => false,
        }
    }

    /// Whether there is nothing that a request which lacks this could reach.
    fn reaches_nothing(&self, target: Target<'_>) -> bool {
        match self {
            // A PUT to a place where nothing is puts something there.
            Self::Nobody { .. } => target.method != "PUT",
            Self::Impossible { .. } => true,
            other => other.is_decisive(target),
        }
    }
}

/// Why a request is harmless.
///
/// # Errors
///
/// Why it cannot be said to be.
pub(crate) fn judge(target: Target<'_>, lacks: &[Lack]) -> Result<String, String> {
    if target.risk == Risk::Safe {
        return Ok(format!("the operation is safe: `{}` changes nothing", target.method));
    }
    let counting: Vec<&Lack> = lacks.iter().filter(|lack| lack.reaches_nothing(target)).collect();
    let credential = lacks.iter().find(|lack| matches!(lack, Lack::Credential { .. }));
    let decisive = lacks.iter().any(|lack| lack.is_decisive(target));
    match credential {
        Some(_) if counting.is_empty() => {
            Err("nothing but the lack of a credential would protect it, and whether that is asked for is not known".to_owned())
        }
        None if !decisive => Err("nothing in it would keep a server from doing what it asks for".to_owned()),
        _ => {
            let reasons: Vec<String> = credential.into_iter().chain(counting).map(ToString::to_string).collect();
            Ok(reasons.join(", and "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIAL: Lack = Lack::Credential { malformed: false };

    fn impossible() -> Lack {
        Lack::Impossible { parameter: "id".to_owned() }
    }

    fn nobody() -> Lack {
        Lack::Nobody { parameter: "id".to_owned() }
    }

    fn keyword(keyword: &str) -> Lack {
        Lack::Body(BodyFault::Keyword { keyword: keyword.to_owned(), instance: String::new() })
    }

    #[test]
    fn what_is_not_safe_lacks_a_credential_and_more_or_something_decisive() {
        let query = Lack::Parameter { parameter: "before".to_owned(), missing: true };
        for (method, body_required, lacks, harmless) in [
            ("DELETE", false, vec![], false),
            ("DELETE", false, vec![CREDENTIAL], false),
            ("DELETE", false, vec![CREDENTIAL, nobody()], true),
            ("DELETE", false, vec![nobody()], false),
            ("DELETE", false, vec![impossible()], true),
            // A filter that is left out may mean: everything.
            ("DELETE", false, vec![CREDENTIAL, query.clone()], false),
            ("DELETE", false, vec![query], false),
            // So may a body that is left out.
            ("DELETE", true, vec![Lack::Body(BodyFault::Missing)], false),
            ("DELETE", true, vec![CREDENTIAL, Lack::Body(BodyFault::Missing)], false),
            ("POST", false, vec![Lack::Body(BodyFault::ContentType)], false),
            ("POST", true, vec![keyword("required")], true),
            ("POST", true, vec![keyword("maxLength")], false),
            ("POST", true, vec![CREDENTIAL, keyword("format")], false),
            ("POST", true, vec![CREDENTIAL, keyword("anyOf")], true),
            // A PUT makes what is not there.
            ("PUT", false, vec![CREDENTIAL, nobody()], false),
            ("PUT", true, vec![CREDENTIAL, nobody(), keyword("type")], true),
            ("PUT", false, vec![impossible()], false),
            ("PUT", false, vec![CREDENTIAL, impossible()], true),
            ("PUT", true, vec![impossible(), keyword("required")], true),
        ] {
            for risk in [Risk::Mutating, Risk::Destructive] {
                let judged = judge(Target { risk, method, body_required }, &lacks);
                assert_eq!(judged.is_ok(), harmless, "{method} {lacks:?}: {judged:?}");
            }
            assert!(judge(Target { risk: Risk::Safe, method, body_required }, &lacks).is_ok());
        }
    }

    /// A server that reads no body finds nothing that it should leave out.
    #[test]
    fn a_missing_body_keeps_no_server_from_purging() {
        let missing = [Lack::Body(BodyFault::Missing)];
        let judged = |risk| judge(Target { risk, method: "POST", body_required: true }, &missing).is_ok();
        assert_eq!([Risk::Mutating, Risk::Destructive].map(judged), [true, false]);
    }

    #[test]
    fn only_what_protects_is_given_as_a_reason() {
        let target = Target { risk: Risk::Destructive, method: "POST", body_required: true };
        let reason = judge(target, &[CREDENTIAL, keyword("maxLength"), keyword("anyOf")]);
        assert_eq!(reason.as_deref(), Ok("it carries no credential, and its body breaks `anyOf`"));
    }
}
