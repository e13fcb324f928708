//! Names that say of a value that it is a secret: of headers, of query parameters, of members of bodies. Next: `recorded.rs`.

use wireproof_openapi::{Document, Location, SecuritySchemeKind};

/// Names under which credentials travel in queries, whatever the document says; compared without case, `-` and `_`.
const SECRET_NAMES: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "auth",
    "authorization",
    "authtoken",
    "clientsecret",
    "code",
    "idtoken",
    "jwt",
    "key",
    "passwd",
    "password",
    "pwd",
    "refreshtoken",
    "secret",
    "session",
    "sessionid",
    "sig",
    "signature",
    "token",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xapikey",
    "xgoogsignature",
];

/// Headers that are nothing but a credential.
const SECRET_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "x-api-key", "api-key", "x-auth-token", "x-access-token", "x-csrf-token", "x-xsrf-token"];

/// What the names of headers and members end with whose values are credentials; compared without case, `-` and `_`.
const SECRET_ENDINGS: &[&str] = &[
    "accesskey",
    "apikey",
    "authkey",
    "authorization",
    "credential",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "sessionid",
    "signature",
    "token",
];

/// Whether a header is nothing but a credential.
pub(super) fn is_secret_header(document: Option<&Document>, name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
        || key_names(document, Location::Header).any(|key| name.eq_ignore_ascii_case(key))
        || is_secret_member(name)
}

/// Whether a cookie of this name opens a session.
pub(super) fn is_session(document: Option<&Document>, name: &str) -> bool {
    let plain = plain(name);
    plain.ends_with("session")
        || plain.ends_with("sid")
        || is_secret_member(name)
        || SECRET_NAMES.contains(&plain.as_str())
        || key_names(document, Location::Cookie).any(|key| key == name)
}

/// Whether the value of a member, a field of a form or a header is a credential by its name.
pub(super) fn is_secret_member(name: &str) -> bool {
    // Asked for every member of every body, so no text is made of the name.
    let backwards = || name.bytes().rev().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase());
    SECRET_ENDINGS.iter().any(|ending| ending.bytes().rev().eq(backwards().take(ending.len())))
}

/// A name without case, `-` and `_`.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '-' | '_')).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a query key authenticates: by the document's security schemes, or by its name.
pub(super) fn is_secret_key(document: Option<&Document>, name: &str) -> bool {
    let plain = plain(name);
    SECRET_NAMES.contains(&plain.as_str()) || key_names(document, Location::Query).any(|key| key == name)
}

/// The names of the API keys that travel in one place.
fn key_names(document: Option<&Document>, place: Location) -> impl Iterator<Item = &str> {
    document.into_iter().flat_map(Document::security_schemes).filter_map(move |scheme| match &scheme.kind {
        SecuritySchemeKind::ApiKey { location, name } if *location == place => Some(name.as_str()),
        _ => None,
    })
}

/// Whether a query key is an API key of the document.
pub(super) fn is_documented_key(document: Option<&Document>, name: &str) -> bool {
    key_names(document, Location::Query).any(|key| key == name)
}
