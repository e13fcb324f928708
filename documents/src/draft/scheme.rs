//! Credentials that headers and parameters carry, as security schemes of a document. What the credentials are is never looked at.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wireproof_contract::Headers;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scheme {
    Http(String),
    ApiKey(String),
}

/// The credentials that a request carries.
pub(super) fn credentials(headers: &Headers) -> BTreeSet<Scheme> {
    let mut found = BTreeSet::new();
    for (name, value) in headers.iter() {
        if name.eq_ignore_ascii_case("authorization") {
            let scheme = value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            let known = matches!(scheme.as_str(), "bearer" | "basic" | "digest");
            found.insert(if known { Scheme::Http(scheme) } else { Scheme::ApiKey("header Authorization".to_owned()) });
        } else if is_secret_name(name) {
            found.insert(Scheme::ApiKey(format!("header {}", name.to_ascii_lowercase())));
        }
    }
    found
}

/// The security scheme that a header carries credentials for, under a name; `value` is what the header has, or what is said of it.
pub(super) fn scheme(name: &str, value: &str) -> Option<(String, Value)> {
    if name.eq_ignore_ascii_case("authorization") {
        let word = value
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .find(|word| ["bearer", "basic"].iter().any(|known| known.eq_ignore_ascii_case(word)));
        let scheme = word.map_or_else(|| Scheme::ApiKey("header Authorization".to_owned()), |word| Scheme::Http(word.to_ascii_lowercase()));
        return Some(scheme.document());
    }
    is_secret_name(name).then(|| Scheme::ApiKey(format!("header {name}")).document())
}

impl Scheme {
    pub(super) fn document(&self) -> (String, Value) {
        match self {
            Self::Http(scheme) => (format!("{scheme}Auth"), json!({"type": "http", "scheme": scheme, "x-evidence": "example"})),
            Self::ApiKey(place) => {
                let (location, name) = place.split_once(' ').unwrap_or(("header", place));
                let key: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
                (format!("{key}_key"), json!({"type": "apiKey", "in": location, "name": name, "x-evidence": "example"}))
            }
        }
    }
}

/// Whether a header or parameter of this name carries a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    matches!(
        name.as_str(),
        "x-api-key"
            | "api-key"
            | "apikey"
            | "x-auth-token"
            | "access-token"
            | "x-access-token"
            | "x-token"
            | "token"
            | "key"
            | "x-amz-security-token"
            | "client-secret"
    ) || name.ends_with("-api-key")
}
