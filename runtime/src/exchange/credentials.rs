//! [`Credentials`]: secrets by the names of security schemes, and how an operation takes those that it asks for.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::data::Map;
use crate::exchange::style::percent_encode;
use crate::exchange::{KeyLocation, OperationInfo, RequestBuilder, RequestError, SchemeKind, SecurityUse};

/// A secret. It has no `Display`, and its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(secret: T) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

/// What an API is called with, by the names that its document gives to the security schemes.
///
/// ```
/// use wireproof_runtime::Credentials;
///
/// let credentials = Credentials::new().bearer("AdminBearerAuth", "t0k3n").api_key("ApiKeyAuth", "k3y");
/// assert!(!format!("{credentials:?}").contains("k3y"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    by_scheme: Map<Credential>,
    anonymous: bool,
}

#[derive(Debug, Clone)]
enum Credential {
    Token(Secret),
    Basic { user: String, password: Secret },
    ApiKey(Secret),
}

impl Credentials {
    /// No credentials yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No credentials: operations that ask for some are not sent.
    pub fn none() -> Self {
        Self::default()
    }

    /// No credentials, and operations that ask for some are sent without, on purpose: to see how the server refuses them.
    pub fn anonymous() -> Self {
        Self { anonymous: true, ..Self::default() }
    }

    /// A token for a scheme of HTTP (`bearer` and others with one token), OAuth 2.0 or OpenID Connect.
    pub fn bearer(self, scheme: impl Into<String>, token: impl Into<Secret>) -> Self {
        self.with(scheme, Credential::Token(token.into()))
    }

    /// A user and a password for a scheme of HTTP's `basic`.
    pub fn basic(self, scheme: impl Into<String>, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.with(scheme, Credential::Basic { user: user.into(), password: password.into() })
    }

    /// A key for a scheme of API keys.
    pub fn api_key(self, scheme: impl Into<String>, key: impl Into<Secret>) -> Self {
        self.with(scheme, Credential::ApiKey(key.into()))
    }

    fn with(mut self, scheme: impl Into<String>, credential: Credential) -> Self {
        self.by_scheme.insert(scheme.into(), credential);
        self
    }

    /// Puts the credentials of the first alternative that is given in full onto a request.
    pub(super) fn apply(&self, info: &OperationInfo, request: &mut RequestBuilder) -> Result<(), RequestError> {
        // A client certificate is not ours to give: whoever makes the connection has it or not.
        let is_given = |need: &SecurityUse| kind(info, need) == SchemeKind::MutualTls || self.by_scheme.contains_key(need.scheme);
        let is_optional = info.security.is_empty() || info.security.iter().any(|alternative| alternative.is_empty());
        // An alternative without schemes makes security optional; whoever gives credentials wants them sent.
        let chosen = info.security.iter().find(|alternative| !alternative.is_empty() && alternative.iter().all(is_given));
        match chosen {
            Some(alternative) => alternative.iter().try_for_each(|need| self.put(need.scheme, kind(info, need), request)),
            None if is_optional || self.anonymous => Ok(()),
            None => Err(RequestError::MissingCredentials {
                operation: info.label().into_owned(),
                alternatives: info
                    .security
                    .iter()
                    .map(|alternative| alternative.iter().map(|need| need.scheme.to_owned()).collect())
                    .collect(),
            }),
        }
    }

    fn put(&self, name: &str, kind: SchemeKind, request: &mut RequestBuilder) -> Result<(), RequestError> {
        let Some(credential) = self.by_scheme.get(name) else { return Ok(()) };
        match (kind, credential) {
            (SchemeKind::ApiKey { location, name: parameter }, Credential::ApiKey(key)) => match location {
                KeyLocation::Header => {
                    let header = HeaderName::from_bytes(parameter.as_bytes())
                        .map_err(|_| RequestError::credential(name, "goes into a header whose name HTTP does not allow"))?;
                    request.secret_header(header, secret_value(name, key.expose())?);
                }
                KeyLocation::Query => request.add_query(percent_encode(parameter), percent_encode(key.expose())),
                KeyLocation::Cookie => request.add_cookie(percent_encode(parameter), percent_encode(key.expose())),
            },
            (SchemeKind::ApiKey { .. }, _) => {
                return Err(RequestError::credential(name, "is not an API key, which the scheme asks for: give it with `api_key`"));
            }
            (SchemeKind::Http { scheme }, Credential::Basic { user, password }) if scheme.eq_ignore_ascii_case("basic") => {
                if user.contains(':') {
                    return Err(RequestError::credential(name, "has a colon in the user's name, which HTTP does not allow"));
                }
                let value = format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose())));
                request.secret_header(AUTHORIZATION, secret_value(name, &value)?);
            }
            (SchemeKind::Http { scheme }, _) if scheme.eq_ignore_ascii_case("basic") => {
                return Err(RequestError::credential(
                    name,
                    "is not a user and a password, which the scheme asks for: give it with `basic`",
                ));
            }
            (SchemeKind::Http { scheme }, Credential::Token(token)) => {
                // The names of authentication schemes have no case, but not every server knows that.
                let scheme = if scheme.eq_ignore_ascii_case("bearer") { "Bearer" } else { scheme };
                request.secret_header(AUTHORIZATION, secret_value(name, &format!("{scheme} {}", token.expose()))?);
            }
            (SchemeKind::OAuth2 | SchemeKind::OpenIdConnect, Credential::Token(token)) => {
                request.secret_header(AUTHORIZATION, secret_value(name, &format!("Bearer {}", token.expose()))?);
            }
            (SchemeKind::Http { .. } | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect, _) => {
                return Err(RequestError::credential(name, "is not a token, which the scheme asks for: give it with `bearer`"));
            }
            (SchemeKind::MutualTls, _) => {}
            (SchemeKind::Other, _) => {
                return Err(RequestError::credential(
                    name,
                    "is for a scheme that the document does not define, or whose kind OpenAPI does not define",
                ));
            }
        }
        Ok(())
    }
}

/// The kind of a scheme that an operation asks for. A document may ask for one that it does not define.
fn kind(info: &OperationInfo, need: &SecurityUse) -> SchemeKind {
    info.security_schemes.iter().find(|scheme| scheme.name == need.scheme).map_or(SchemeKind::Other, |scheme| scheme.kind)
}

/// A header value that `Debug` does not show. The error does not show it either.
fn secret_value(scheme: &str, text: &str) -> Result<HeaderValue, RequestError> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| RequestError::credential(scheme, "has characters that a header cannot carry"))?;
    value.set_sensitive(true);
    Ok(value)
}
