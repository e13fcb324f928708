//! What a document says about its API, as constants that generated code exports: [`Api`] and what hangs on it.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::exchange::{BodyError, DecodeError, MediaType, RawRequest, RawResponse, RoundTrip};
use crate::validate::Constraint;

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

/// A parameter of which the document asks something beyond its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterInfo {
    /// Where it is: `path`, `query`, `header` or `cookie`.
    pub location: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What is asked of its value, besides what its type says itself.
    pub constraints: &'static [Constraint],
}

/// Reads a body into its type, and writes it again: [`body_round_trip`](crate::body_round_trip) of some type.
pub type BodyRoundTrip = fn(&Bytes) -> Result<Bytes, BodyError>;

/// A way to send the body of an operation.
#[derive(Debug, Clone, Copy)]
pub struct BodyInfo {
    /// The media types by which the document lists it. The first one is sent.
    pub media_types: &'static [&'static str],
    /// What is asked of the body, besides what its type says itself; `None` where nothing in it has any constraint.
    pub constraints: Option<&'static [Constraint]>,
    /// Reads a body into its type, and writes it again; `None` where the body is not JSON, or has no type.
    pub round_trip: Option<BodyRoundTrip>,
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
    /// What the document asks of parameters beyond their types, where it asks anything.
    pub parameters: &'static [ParameterInfo],
    /// The ways to send the body.
    pub bodies: &'static [BodyInfo],
    /// Reads a response of this operation into its type, and writes it again.
    pub round_trip: fn(RawResponse) -> Result<RoundTrip, DecodeError>,
}

impl OperationInfo {
    /// The `operationId`, or `METHOD /path` where there is none.
    pub fn label(&self) -> Cow<'static, str> {
        self.id.map_or_else(|| Cow::Owned(format!("{} {}", self.method, self.path)), Cow::Borrowed)
    }

    /// Reads the body of a request of this operation into its type, and writes it again. `None` where no type is behind it: the document lists no JSON
    /// body of its content type.
    ///
    /// # Errors
    ///
    /// A body that does not fit the type, or that the type cannot write again.
    pub fn request_round_trip(&self, request: &RawRequest) -> Option<Result<RoundTrip, BodyError>> {
        let content_type = request.content_type();
        let lists = |range: &&str| match (MediaType::parse(range), &content_type) {
            (Some(range), Some(content_type)) => content_type.is_in(&range),
            (Some(range), None) => range.essence() == "*/*",
            (None, _) => false,
        };
        // What is listed by its own name comes before ranges.
        let is_named = |body: &&BodyInfo| body.media_types.iter().any(|name| !name.contains('*') && lists(name));
        let is_listed = |body: &&BodyInfo| body.media_types.iter().any(lists);
        let body = self.bodies.iter().find(is_named).or_else(|| self.bodies.iter().find(is_listed))?;
        let (variant, round_trip) = (body.media_types.first()?, body.round_trip?);
        Some(round_trip(&request.body).map(|body| RoundTrip { variant, documented: true, body: Some(body) }))
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
