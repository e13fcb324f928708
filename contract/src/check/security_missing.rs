//! `security-missing`: none of the alternatives of the operation's `security` is met by what the request carries. A redacted
//! value counts, an empty one does not. Whether the credentials of a whole recording were stripped is decided in `run.rs`.

use wireproof_openapi::{Document, Location, Pointer, SecurityRequirement, SecurityScheme, SecuritySchemeKind};

use super::{Case, Found};
use crate::exchange::Exchange;
use crate::finding::Side;
use crate::parameter::cookie;
use crate::rule::Rule;
use crate::url::{query, query_pairs};

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let alternatives = &case.operation.security;
    if alternatives.is_empty() || alternatives.iter().any(|alternative| is_met(case, alternative)) {
        return;
    }
    let wanted: Vec<String> = alternatives.iter().map(|alternative| describe(case.document(), alternative)).collect();
    let own = case.operation.pointer.join("security");
    let place = if case.document().get(&own).is_some() { own } else { Pointer::root().join("security") };
    let message = format!("the request carries no credential, expected {}", wanted.join(", or "));
    found.add(Rule::SecurityMissing, Side::Request, Pointer::root(), &place, message);
}

fn is_met(case: &Case<'_>, alternative: &SecurityRequirement) -> bool {
    // A name that no scheme has cannot be looked for; reading the document has told of it.
    alternative.schemes.iter().all(|(name, _)| scheme(case.document(), name).is_none_or(|scheme| carries(&scheme.kind, case.exchange)))
}

fn scheme<'d>(document: &'d Document, name: &str) -> Option<&'d SecurityScheme> {
    document.security_schemes().iter().find(|scheme| scheme.name == name)
}

/// Whether a request carries a credential of this kind.
fn carries(kind: &SecuritySchemeKind, exchange: &Exchange) -> bool {
    let headers = &exchange.request.headers;
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => match location {
            Location::Header => headers.all(name).any(|value| !value.trim().is_empty()),
            Location::Query => {
                let query = query(&exchange.url);
                query_pairs(query).any(|(key, value)| key == name.as_str() && !value.is_empty())
            }
            Location::Cookie => cookie(headers, name).is_some_and(|value| !value.is_empty()),
            Location::Path => true,
        },
        SecuritySchemeKind::Http { scheme } => headers.all("authorization").any(|value| authorizes(value, scheme)),
        SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => {
            headers.all("authorization").any(|value| authorizes(value, "bearer"))
        }
        // A client certificate leaves no trace in the exchange, and an unknown kind cannot be looked for.
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => true,
    }
}

/// Whether an `Authorization` value is of a scheme, and not empty behind it. Tools that redact may take the scheme away too.
fn authorizes(value: &str, scheme: &str) -> bool {
    let value = value.trim();
    let of_scheme = value
        .split_once(char::is_whitespace)
        .is_some_and(|(given, credential)| given.eq_ignore_ascii_case(scheme) && !credential.trim().is_empty());
    of_scheme || is_redacted(value)
}

/// Whether all of a value is what tools write in the place of a secret: stars, a word for it, or a name in brackets.
fn is_redacted(value: &str) -> bool {
    const WORDS: &[&str] =
        &["redacted", "filtered", "masked", "hidden", "removed", "secret", "scrubbed", "sanitized", "stripped", "omitted"];
    let letters: String = value.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_ascii_lowercase();
    let bracketed = [('<', '>'), ('[', ']'), ('{', '}')].iter().any(|(open, close)| value.starts_with(*open) && value.ends_with(*close));
    !value.is_empty() && (letters.chars().all(|letter| letter == 'x') || WORDS.contains(&letters.as_str()) || bracketed)
}

fn describe(document: &Document, alternative: &SecurityRequirement) -> String {
    let one = |(name, _): &(String, Vec<String>)| match scheme(document, name).map(|scheme| &scheme.kind) {
        Some(SecuritySchemeKind::ApiKey { location: Location::Cookie, name }) => format!("cookie `{name}`"),
        Some(SecuritySchemeKind::ApiKey { location: Location::Header, name }) => format!("header `{name}`"),
        Some(SecuritySchemeKind::ApiKey { name, .. }) => format!("query parameter `{name}`"),
        Some(SecuritySchemeKind::Http { scheme }) => format!("header `Authorization` with a credential for `{scheme}`"),
        Some(SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect) => "header `Authorization` with a bearer token".to_owned(),
        _ => format!("`{name}`"),
    };
    alternative.schemes.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// Whether a request carries any credential at all, of the document's schemes or by the look of it.
pub(crate) fn carries_any_credential(document: Option<&Document>, exchange: &Exchange) -> bool {
    let visible = |kind: &SecuritySchemeKind| !matches!(kind, SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown);
    let authorization = exchange.request.headers.all("authorization").any(|value| !value.trim().is_empty());
    authorization
        || document.is_some_and(|document| {
            document.security_schemes().iter().any(|scheme| visible(&scheme.kind) && carries(&scheme.kind, exchange))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorization_values_are_told_apart() {
        for (value, scheme, expected) in [
            ("Bearer abc", "bearer", true),
            ("bearer ***", "bearer", true),
            ("Bearer", "bearer", false),
            ("Bearer  ", "bearer", false),
            ("Basic abc", "bearer", false),
            ("Basic abc", "basic", true),
            ("[REDACTED]", "bearer", true),
            ("***", "bearer", true),
            ("<AUTH_TOKEN>", "bearer", true),
            ("Basic ***", "bearer", false),
            ("wbk_REDACTED", "bearer", false),
            ("REDACTED", "bearer", true),
            ("xxxxxxxx", "basic", true),
            ("abc123", "bearer", false),
            ("", "bearer", false),
        ] {
            assert_eq!(authorizes(value, scheme), expected, "{value}");
        }
    }
}
