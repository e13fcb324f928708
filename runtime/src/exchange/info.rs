//! What a document says about its API, as constants that generated code exports: [`Api`] and what hangs on it.

use std::borrow::Cow;
use std::fmt;

use crate::exchange::{DecodeError, RawResponse, RoundTrip};

/// An API: what its document says, without the types.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// The title of the document.
    pub title: &'static str,
    /// The version of the API.
    pub version: &'static str,
    /// The servers, in the order of the document.
    pub servers: &'static [ServerInfo],
    /// The security schemes, in the order of the document.
    pub security_schemes: &'static [SecuritySchemeInfo],
    /// The operations, in the order of the document.
    pub operations: &'static [OperationInfo],
}

/// A server of an API.
#[derive(Debug, Clone, Copy)]
pub struct ServerInfo {
    /// The URL, which may have `{variables}` and may be relative.
    pub url: &'static str,
    /// What the document says about it.
    pub description: Option<&'static str>,
}

/// A security scheme of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecuritySchemeInfo {
    /// The name that the document gives it, by which [`Credentials`](crate::Credentials) know it.
    pub name: &'static str,
    /// Its kind.
    pub kind: SchemeKind,
}

/// The kinds of security schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in a parameter.
    ApiKey {
        /// Where the parameter is.
        location: KeyLocation,
        /// The name of the parameter.
        name: &'static str,
    },
    /// The header `Authorization`.
    Http {
        /// The authentication scheme: `basic`, `bearer` or another of HTTP's.
        scheme: &'static str,
    },
    /// OAuth 2.0: a bearer token.
    OAuth2,
    /// OpenID Connect: a bearer token.
    OpenIdConnect,
    /// A client certificate, which whoever makes the connection brings.
    MutualTls,
    /// A kind that the specification does not know.
    Other,
}

/// Where an API key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLocation {
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// A security scheme that an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityUse {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// The scopes or roles.
    pub scopes: &'static [&'static str],
}

/// An operation of an API, without its types.
#[derive(Clone, Copy)]
pub struct OperationInfo {
    /// The `operationId`.
    pub id: Option<&'static str>,
    /// The method, in upper case.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The alternatives of the security requirement, each with the schemes that it asks for together. None: no security.
    pub security: &'static [&'static [SecurityUse]],
    /// The security schemes of the API, by whose names `security` refers to them.
    pub security_schemes: &'static [SecuritySchemeInfo],
    /// Whether the document deprecates it.
    pub deprecated: bool,
    /// Reads a response of this operation into its type, and writes it again.
    pub round_trip: fn(RawResponse) -> Result<RoundTrip, DecodeError>,
}

impl OperationInfo {
    /// The `operationId`, or `METHOD /path` where there is none.
    pub fn label(&self) -> Cow<'static, str> {
        self.id.map_or_else(|| Cow::Owned(format!("{} {}", self.method, self.path)), Cow::Borrowed)
    }
}

impl fmt::Debug for OperationInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OperationInfo")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Api {
    /// The operation of a label: its `operationId`, or `METHOD /path` whether or not it has one.
    pub fn operation(&self, label: &str) -> Option<&'static OperationInfo> {
        let by_id = self.operations.iter().find(|operation| operation.id == Some(label));
        by_id.or_else(|| {
            let (method, path) = label.split_once(' ')?;
            self.operations.iter().find(|operation| operation.method == method && operation.path == path)
        })
    }

    /// The security scheme of a name.
    pub fn security_scheme(&self, name: &str) -> Option<&'static SecuritySchemeInfo> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }
}
