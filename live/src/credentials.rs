//! Credentials: kept from everybody but the request that carries them. What holds one shows nothing, and what comes back from a
//! server is searched for them before anything else sees it. Next: `probe/send.rs`, the one place that uses them.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use wireproof_contract::{Exchange, Headers};
use wireproof_openapi::{Document, Location, SecurityRequirement, SecurityScheme, SecuritySchemeKind};

use crate::text;

/// What stands in the place of a credential.
const MASK: &str = "***";

/// A text in the place of a credential that nobody has, with a character that no token has.
const MALFORMED: &str = "wireproof!malformed!credential";

/// A secret shorter than this is not searched for: it would be found in any text.
const SHORTEST: usize = 4;

/// A text that nobody gets to see.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret over, without the line break that files and commands end in.
    pub fn new(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// What one security scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A key or token; for `basic`, user and password with a colon between them.
    Key(Secret),
    /// A client of OAuth 2, which gets itself a token.
    Client {
        /// Its id.
        id: Secret,
        /// Its secret.
        secret: Secret,
        /// Where tokens are to be had, if not where the document says.
        token_url: Option<String>,
    },
}

/// Credentials by the names of security schemes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    by_scheme: BTreeMap<String, Credential>,
}

impl Credentials {
    /// No credentials.
    pub const fn none() -> Self {
        Self { by_scheme: BTreeMap::new() }
    }

    /// Adds the credential for a scheme.
    pub fn insert(&mut self, scheme: impl Into<String>, credential: Credential) {
        self.by_scheme.insert(scheme.into(), credential);
    }

    /// The schemes for which there is a credential.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.by_scheme.keys().map(String::as_str)
    }

    /// Those that have yet to get a token.
    pub(crate) fn clients(&self) -> impl Iterator<Item = (&str, &Secret, &Secret, Option<&str>)> {
        self.by_scheme.iter().filter_map(|(name, credential)| match credential {
            Credential::Client { id, secret, token_url } => Some((name.as_str(), id, secret, token_url.as_deref())),
            Credential::Key(_) => None,
        })
    }

    /// Puts the credentials of one alternative into a request.
    pub(crate) fn apply(&self, document: &Document, alternative: &SecurityRequirement, url: &mut String, headers: &mut Headers) {
        for (name, _) in &alternative.schemes {
            let (Some(scheme), Some(Credential::Key(secret))) = (scheme(document, name), self.by_scheme.get(name)) else { continue };
            put(&scheme.kind, secret.reveal(), url, headers);
        }
    }

    /// A text without any of the secrets, nor what they become on their way.
    pub fn mask(&self, text: &str) -> String {
        self.forms().iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
    }

    /// The same for bytes, which stay as they are where there is nothing to mask.
    pub(crate) fn mask_bytes(&self, bytes: &Bytes) -> Bytes {
        let holds = |secret: &String| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        if !self.forms().iter().any(holds) {
            return bytes.clone();
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::from(self.mask(text)),
            Err(_) => Bytes::from_static(b"***"),
        }
    }

    /// The secrets in all the forms that they take, the longest first.
    fn forms(&self) -> Vec<String> {
        let mut forms = Vec::new();
        for credential in self.by_scheme.values() {
            let secrets = match credential {
                Credential::Key(secret) => vec![secret],
                Credential::Client { id, secret, .. } => vec![id, secret],
            };
            for secret in secrets {
                let plain = secret.reveal();
                forms.push(plain.to_owned());
                forms.push(text::escaped(plain));
                forms.extend([STANDARD.encode(plain), URL_SAFE.encode(plain), URL_SAFE_NO_PAD.encode(plain)]);
                if let Some((_, password)) = plain.split_once(':') {
                    forms.push(password.to_owned());
                }
                // As JSON has it, where it holds what JSON escapes.
                forms.push(serde_json::Value::from(plain).to_string().trim_matches('"').to_owned());
            }
        }
        forms.retain(|form| form.len() >= SHORTEST);
        forms.sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
        forms.dedup();
        forms
    }
}

/// The scheme of a name.
pub(crate) fn scheme<'d>(document: &'d Document, name: &str) -> Option<&'d SecurityScheme> {
    document.security_schemes().iter().find(|scheme| scheme.name == name)
}

/// Puts `value` where a scheme has its credential; what no request can carry is left out.
pub(crate) fn put(kind: &SecuritySchemeKind, value: &str, url: &mut String, headers: &mut Headers) {
    match kind {
        SecuritySchemeKind::ApiKey { location: Location::Query, name } => {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&text::escaped(name));
            url.push('=');
            url.push_str(&text::escaped(value));
        }
        SecuritySchemeKind::ApiKey { location: Location::Cookie, name } => headers.push("Cookie", format!("{name}={value}")),
        SecuritySchemeKind::ApiKey { name, .. } => headers.push(name.clone(), value),
        SecuritySchemeKind::Http { scheme } if scheme == "basic" => {
            headers.push("Authorization", format!("Basic {}", STANDARD.encode(value)));
        }
        SecuritySchemeKind::Http { scheme } if scheme == "bearer" => headers.push("Authorization", format!("Bearer {value}")),
        SecuritySchemeKind::Http { scheme } => headers.push("Authorization", format!("{scheme} {value}")),
        SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => headers.push("Authorization", format!("Bearer {value}")),
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => {}
    }
}

/// Puts something in the place of a credential that cannot be one: for `basic` no base64, for tokens characters that none has
/// (RFC 6750, section 2.1), for keys a text that says what it is.
pub(crate) fn put_malformed(kind: &SecuritySchemeKind, url: &mut String, headers: &mut Headers) {
    match kind {
        SecuritySchemeKind::Http { scheme } if scheme == "basic" => headers.push("Authorization", "Basic wireproof!malformed"),
        kind => put(kind, MALFORMED, url, headers),
    }
}

/// What stands in a request where a scheme has its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Something that may be one.
    WellFormed,
    /// Something that cannot be one.
    Malformed,
}

/// Looks at the credential that a request carries for a scheme; `None` where there is nothing to look at. A token is made of the characters
/// of RFC 6750, section 2.1; `basic` is base64 of a text with a colon in it.
pub(crate) fn given(kind: &SecuritySchemeKind, exchange: &Exchange) -> Option<Given> {
    let headers = &exchange.request.headers;
    let authorization =
        || headers.get("authorization").and_then(|value| value.trim().split_once(' ')).map(|(_, value)| value.trim().to_owned());
    let pair = |text: &str, separator: char| {
        let pairs = text.split(separator).filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect::<Vec<_>>()
    };
    let find = |pairs: Vec<(String, String)>, name: &str| pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let text = match kind {
        SecuritySchemeKind::ApiKey { location: Location::Query, name } => {
            let query = exchange.url.split_once('?').map_or("", |(_, query)| query);
            find(pair(query, '&'), &text::escaped(name)).map(|value| percent_decode_str(&value).decode_utf8_lossy().into_owned())
        }
        SecuritySchemeKind::ApiKey { location: Location::Cookie, name } => find(pair(headers.get("cookie")?, ';'), name),
        SecuritySchemeKind::ApiKey { name, .. } => headers.get(name).map(str::to_owned),
        SecuritySchemeKind::Http { .. } | SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => authorization(),
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => None,
    }?;
    let well_formed = match kind {
        SecuritySchemeKind::Http { scheme } if scheme == "basic" => STANDARD.decode(&text).is_ok_and(|plain| plain.contains(&b':')),
        // Other schemes have forms of their own.
        SecuritySchemeKind::Http { scheme } if scheme != "bearer" => true,
        // A key has none: only what a probe itself sends is known to be none.
        SecuritySchemeKind::ApiKey { .. } => text != MALFORMED,
        _ => text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=:*".contains(&byte)),
    };
    Some(if well_formed { Given::WellFormed } else { Given::Malformed })
}

/// Whether a request shows whether it carries a credential of this kind.
pub(crate) fn is_visible(kind: &SecuritySchemeKind) -> bool {
    !matches!(kind, SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wireproof_contract::Message;

    fn credentials(secret: &str) -> Credentials {
        let mut credentials = Credentials::none();
        credentials.insert("key", Credential::Key(Secret::new(secret)));
        credentials
    }

    #[test]
    fn nothing_shows_a_secret() {
        let mut credentials = credentials("s3cret-canary\n");
        credentials.insert("app", Credential::Client { id: Secret::new("id-canary"), secret: Secret::new("pw-canary"), token_url: None });
        let shown = format!("{credentials:?} {:?}", Secret::new("s3cret-canary"));
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn secrets_are_masked_in_every_form_they_take() {
        let secret = "user:pa$$ \"canary/1";
        let credentials = credentials(secret);
        for text in [
            secret.to_owned(),
            "password pa$$ \"canary/1 is wrong".to_owned(),
            format!("Basic {}", STANDARD.encode(secret)),
            format!("key={}", text::escaped(secret)),
            serde_json::json!({"you sent": secret}).to_string(),
        ] {
            let masked = credentials.mask(&text);
            assert!(masked.contains(MASK) && !masked.contains("canary"), "{text}: {masked}");
            assert_eq!(credentials.mask_bytes(&Bytes::from(text)), Bytes::from(masked));
        }
        let innocent = Bytes::from_static(b"\xff\xfe nothing");
        assert_eq!(credentials.mask_bytes(&innocent), innocent);
        assert_eq!(credentials.mask_bytes(&Bytes::from([b"\xff".as_slice(), secret.as_bytes()].concat())), Bytes::from_static(b"***"));
    }

    #[test]
    fn each_kind_of_scheme_has_its_place() {
        let http = |scheme: &str| SecuritySchemeKind::Http { scheme: scheme.to_owned() };
        let key = |location| SecuritySchemeKind::ApiKey { location, name: "X-K".to_owned() };
        for (kind, expected) in [
            (http("bearer"), "Authorization: Bearer a b"),
            (http("basic"), "Authorization: Basic YSBi"),
            (http("hoba"), "Authorization: hoba a b"),
            (SecuritySchemeKind::OAuth2, "Authorization: Bearer a b"),
            (key(Location::Header), "X-K: a b"),
            (key(Location::Cookie), "Cookie: X-K=a b"),
            (key(Location::Query), "/?q=1&X-K=a%20b"),
        ] {
            let (mut url, mut headers) = ("/?q=1".to_owned(), Headers::new());
            put(&kind, "a b", &mut url, &mut headers);
            if kind != http("hoba") {
                let exchange = |url: &str, headers: &Headers| Exchange {
                    method: "GET".to_owned(),
                    url: url.to_owned(),
                    request: Message { headers: headers.clone(), ..Message::default() },
                    status: 200,
                    response: Message::default(),
                };
                let looked_at = |put: &dyn Fn(&mut String, &mut Headers)| {
                    let (mut url, mut headers) = ("/?q=1".to_owned(), Headers::new());
                    put(&mut url, &mut headers);
                    given(&kind, &exchange(&url, &headers))
                };
                assert_eq!(looked_at(&|url, headers| put(&kind, "user:word", url, headers)), Some(Given::WellFormed), "{kind:?}");
                assert_eq!(looked_at(&|url, headers| put_malformed(&kind, url, headers)), Some(Given::Malformed), "{kind:?}");
                assert_eq!(looked_at(&|_, _| ()), None, "{kind:?}");
            }
            let shown = headers.iter().next().map_or(url, |(name, value)| format!("{name}: {value}"));
            assert_eq!(shown, expected);
        }
    }
}
