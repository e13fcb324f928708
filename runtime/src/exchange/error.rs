//! What can go wrong between a typed operation and its bytes. No message here shows a secret, and none shows a string of a body.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;

use crate::decode::{bounded, split_pointer};
use crate::exchange::RawResponse;
use crate::validate::ValidationError;

/// A request that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// A parameter has a value that has no place in a request.
    Parameter {
        /// Where the parameter is: `path`, `query`, `header` or `cookie`.
        location: &'static str,
        /// The name of the parameter.
        name: String,
        /// What is wrong with the value.
        problem: String,
    },
    /// The body cannot be written.
    Body {
        /// What is wrong with it.
        problem: String,
    },
    /// The operation asks for credentials that were not given.
    MissingCredentials {
        /// The label of the operation.
        operation: String,
        /// The alternatives, each with the names of the schemes that it needs.
        alternatives: Vec<Vec<String>>,
    },
    /// A credential does not fit the kind of its scheme.
    Credential {
        /// The name of the scheme.
        scheme: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Parameters or the body break constraints of the document, which their types do not express. Where the document is wrong about them, see
    /// [`to_request_unchecked`](crate::Operation::to_request_unchecked).
    Invalid {
        /// Every part of the request that breaks any.
        parts: Vec<InvalidPart>,
    },
    /// The parts do not make a URL or a request.
    Request {
        /// What is wrong with them.
        problem: String,
    },
}

/// A parameter or a body that breaks constraints of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidPart {
    /// Where it is: `path`, `query`, `header`, `cookie` or `body`.
    pub location: &'static str,
    /// The name of the parameter; of a body, its media type.
    pub name: String,
    /// What it breaks.
    pub error: ValidationError,
}

impl fmt::Display for InvalidPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location {
            "body" => write!(formatter, "the body is invalid: {}", self.error),
            location => write!(formatter, "{location} parameter `{}` is invalid: {}", self.name, self.error),
        }
    }
}

impl RequestError {
    pub(super) fn parameter(location: &'static str, name: &str, problem: impl Into<String>) -> Self {
        Self::Parameter { location, name: name.to_owned(), problem: problem.into() }
    }

    pub(super) fn body(problem: impl Into<String>) -> Self {
        Self::Body { problem: problem.into() }
    }

    pub(super) fn credential(scheme: &str, problem: impl Into<String>) -> Self {
        Self::Credential { scheme: scheme.to_owned(), problem: problem.into() }
    }

    pub(super) fn request(problem: impl Into<String>) -> Self {
        Self::Request { problem: problem.into() }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter { location, name, problem } => write!(formatter, "{location} parameter `{name}` {problem}"),
            Self::Body { problem } => write!(formatter, "the request body cannot be written: {problem}"),
            Self::MissingCredentials { operation, alternatives } => {
                let alternatives: Vec<_> = alternatives
                    .iter()
                    .map(|schemes| schemes.iter().map(|scheme| format!("`{scheme}`")).collect::<Vec<_>>().join(" and "))
                    .collect();
                write!(
                    formatter,
                    "`{operation}` asks for credentials that were not given: {}; give them by the name of the scheme, or send without on purpose",
                    alternatives.join(", or ")
                )
            }
            Self::Credential { scheme, problem } => write!(formatter, "the credential for `{scheme}` {problem}"),
            Self::Invalid { parts } => {
                let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
                formatter.write_str(&parts.join("; "))
            }
            Self::Request { problem } => write!(formatter, "the request cannot be made: {problem}"),
        }
    }
}

impl std::error::Error for RequestError {}

/// A URL that no request can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerError {
    problem: String,
}

impl ServerError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into() }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unusable server URL: {}", self.problem)
    }
}

impl std::error::Error for ServerError {}

/// A typed body that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError {
    problem: String,
}

impl EncodeError {
    /// The error of a problem.
    pub fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into() }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem)
    }
}

impl std::error::Error for EncodeError {}

/// The body of a request that does not fit its type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyError {
    /// The place in the body, as a JSON Pointer; empty for the whole.
    pub pointer: String,
    /// What is wrong there. Strings of the body are left out.
    pub message: String,
}

impl BodyError {
    /// The error of a message that may start with a JSON Pointer and `: `, as those of [`Decode`](crate::Decode) do.
    pub fn new(message: impl AsRef<str>) -> Self {
        let (pointer, message) = split_pointer(message.as_ref());
        Self { pointer, message: without_strings(message) }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the body cannot be read")?;
        if !self.pointer.is_empty() {
            write!(formatter, " at `{}`", bounded(&self.pointer, 200).escape_debug())?;
        }
        write!(formatter, ": {}", bounded(&self.message, 600))
    }
}

impl std::error::Error for BodyError {}

/// A response that does not fit its type.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The status.
    pub status: StatusCode,
    /// The content type, as it was sent.
    pub content_type: Option<String>,
    /// The place in the body, as a JSON Pointer; empty for the whole.
    pub pointer: String,
    /// What is wrong there. Strings of the body are left out.
    pub message: String,
    /// The body.
    pub body: Bytes,
}

impl DecodeError {
    /// The error of a message that may start with a JSON Pointer and `: `, as those of [`Decode`](crate::Decode) do.
    pub fn new(response: &RawResponse, message: impl AsRef<str>) -> Self {
        let (pointer, message) = split_pointer(message.as_ref());
        Self {
            status: response.status,
            content_type: response.content_type_text().map(str::to_owned),
            pointer,
            message: without_strings(message),
            body: response.body.clone(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "response {}", self.status.as_u16())?;
        if let Some(content_type) = &self.content_type {
            write!(formatter, " ({})", bounded(content_type, 80).escape_debug())?;
        }
        if self.pointer.is_empty() {
            formatter.write_str(" cannot be read")?;
        } else {
            write!(formatter, " cannot be read at `{}`", bounded(&self.pointer, 200).escape_debug())?;
        }
        write!(formatter, ": {}", bounded(&self.message, 600))
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DecodeError")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("pointer", &self.pointer)
            .field("message", &self.message)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

impl std::error::Error for DecodeError {}

/// The message with the strings of the body taken out, which serde quotes as `string "..."`: they may be personal.
fn without_strings(message: &str) -> String {
    const QUOTED: &str = "string \"";
    let mut rest = message;
    let mut kept = String::with_capacity(message.len());
    while let Some(start) = rest.find(QUOTED) {
        let (before, quoted) = rest.split_at(start);
        kept.push_str(before);
        kept.push_str("string");
        let mut escaped = false;
        let inside = quoted.get(QUOTED.len()..).unwrap_or_default();
        let end = inside.char_indices().find(|(_, character)| {
            let ends = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            ends
        });
        rest = end.and_then(|(at, _)| inside.get(at + 1..)).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::without_strings;

    #[test]
    fn strings_are_left_out() {
        for (message, expected) in [
            (r#"invalid type: string "ann@x.y", expected a number"#, "invalid type: string, expected a number"),
            (
                r#"invalid type: string "a \" b", expected x (`B`: invalid type: string "c\\", expected y)"#,
                "invalid type: string, expected x (`B`: invalid type: string, expected y)",
            ),
            (r#"cut short: string "abc"#, "cut short: string"),
            ("missing field `id`", "missing field `id`"),
        ] {
            assert_eq!(without_strings(message), expected);
        }
    }
}
