//! Operations and their parts as both halves of Wireproof use them: references followed, path-level parameters
//! merged in, styles and defaults of the specification applied. Schemas are pointers into the normalised tree.
//! Sources: OpenAPI 3.0.4 and 3.1.1, "Path Item Object" to "Security Requirement Object".

use std::fmt;

use crate::Pointer;

/// One method of one path. OpenAPI "Operation Object".
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Where it stands, as `/paths/~1contacts/get`.
    pub pointer: Pointer,
    /// The document's `operationId`.
    pub id: Option<String>,
    /// The method in capitals.
    pub method: String,
    /// The path template as written, `/contacts/{id}`.
    pub path: String,
    /// One line about it.
    pub summary: Option<String>,
    /// More about it (CommonMark).
    pub description: Option<String>,
    /// The tags, first the one it is filed under.
    pub tags: Vec<String>,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// `x-wireproof-risk`, where given.
    pub risk: Option<String>,
    /// All parameters, path-level ones included, keyed by name and location (the operation's own win).
    pub parameters: Vec<Parameter>,
    /// What it is sent with.
    pub request_body: Option<RequestBody>,
    /// What it answers.
    pub responses: Responses,
    /// Alternatives, any of which suffices; `None` entries of a requirement list mean "no credential needed" as an
    /// empty requirement. The document's own `security` where the operation says nothing; empty: nothing required.
    pub security: Vec<SecurityRequirement>,
    /// Servers: the operation's, else the path's, else the document's, else one with the URL `/`.
    pub servers: Vec<Server>,
}

impl Operation {
    /// The name by which reports and the command line call it: the `operationId`, else `METHOD /path/template`.
    pub fn label(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("{} {}", self.method, self.path))
    }
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// Within the path.
    Path,
    /// Within the query string.
    Query,
    /// As a request header.
    Header,
    /// As a cookie.
    Cookie,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// How a value is written. OpenAPI "Style Values".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `;color=blue`.
    Matrix,
    /// `.blue`.
    Label,
    /// `color=blue`.
    Form,
    /// `blue,black`.
    Simple,
    /// `color=blue%20black`.
    SpaceDelimited,
    /// `color=blue|black`.
    PipeDelimited,
    /// `color[R]=100`.
    DeepObject,
}

/// OpenAPI "Parameter Object".
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Where it stands (the referenced place, not the reference).
    pub pointer: Pointer,
    /// Its name; header names as written.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be given; always true for path parameters.
    pub required: bool,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// How its value is described and written.
    pub shape: ParameterShape,
}

/// The two ways in which a parameter or header says what its value is.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterShape {
    /// `schema`, written in a style.
    Schema {
        /// The schema in the normalised tree; `None` where the document gives none (anything goes).
        schema: Option<Pointer>,
        /// The style, defaulted by location.
        style: Style,
        /// Whether lists and objects repeat the name; defaulted by style.
        explode: bool,
        /// Whether reserved characters stay unescaped.
        allow_reserved: bool,
        /// Whether `name=` alone is allowed.
        allow_empty_value: bool,
    },
    /// `content` with its one media type: the value is a document of that type.
    Content(MediaType),
}

/// OpenAPI "Request Body Object".
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// Where it stands.
    pub pointer: Pointer,
    /// Whether it must be sent.
    pub required: bool,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// One entry per media type, in the document's order.
    pub content: Vec<MediaType>,
}

/// OpenAPI "Media Type Object" with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaType {
    /// Where it stands.
    pub pointer: Pointer,
    /// The key as written: a media type or range, perhaps with parameters.
    pub name: String,
    /// The schema in the normalised tree; `None` where the document gives none.
    pub schema: Option<Pointer>,
    /// How single properties of form and multipart bodies are written.
    pub encoding: Vec<Encoding>,
    /// `example` and every `examples` entry with a value: its name (empty for `example`) and the place of the value.
    pub examples: Vec<(String, Pointer)>,
}

/// OpenAPI "Encoding Object" with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding {
    /// The property it is about.
    pub property: String,
    /// `contentType`, perhaps a list of types.
    pub content_type: Option<String>,
    /// Style, where given.
    pub style: Option<Style>,
    /// `explode`, where given.
    pub explode: Option<bool>,
    /// `allowReserved`.
    pub allow_reserved: bool,
}

/// The key of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusPattern {
    /// `404`.
    Code(u16),
    /// `4XX`, held as `4`.
    Range(u8),
    /// `default`.
    Default,
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// OpenAPI "Responses Object".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Responses {
    /// In the document's order, one per pattern.
    pub entries: Vec<Response>,
}

impl Responses {
    /// The response that documents `status`: the exact code, then its range, then `default`.
    pub fn matching(&self, status: u16) -> Option<&Response> {
        let find = |wanted: StatusPattern| self.entries.iter().find(|response| response.status == wanted);
        find(StatusPattern::Code(status))
            .or_else(|| find(StatusPattern::Range(u8::try_from(status / 100).unwrap_or(0))))
            .or_else(|| find(StatusPattern::Default))
    }
}

/// OpenAPI "Response Object" with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Where it stands (the referenced place).
    pub pointer: Pointer,
    /// Which statuses it documents.
    pub status: StatusPattern,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// One entry per media type, in the document's order; empty: no body is documented.
    pub content: Vec<MediaType>,
    /// Documented headers, `Content-Type` left out as the specification says.
    pub headers: Vec<Header>,
}

/// OpenAPI "Header Object" with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Where it stands.
    pub pointer: Pointer,
    /// The name as written.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// How its value is described; the style is always `simple`.
    pub shape: ParameterShape,
}

/// One alternative of `security`: every scheme in it is needed. Empty: no credential needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityRequirement {
    /// Scheme names with the scopes asked for.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// OpenAPI "Security Scheme Object" with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Where it stands.
    pub pointer: Pointer,
    /// Its key under `components.securitySchemes`.
    pub name: String,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// What it is.
    pub kind: SecuritySchemeKind,
}

/// The kinds of security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecuritySchemeKind {
    /// `apiKey`: a header, query parameter or cookie of this name.
    ApiKey {
        /// Where it travels; never the path.
        location: Location,
        /// The name of the header, parameter or cookie.
        name: String,
    },
    /// `http`: an `Authorization` header of this scheme, in lower case (`bearer`, `basic` ...).
    Http {
        /// The authentication scheme.
        scheme: String,
    },
    /// `oauth2`: a bearer token in `Authorization`; the place of the `flows`.
    OAuth2,
    /// `openIdConnect`: a bearer token in `Authorization`.
    OpenIdConnect,
    /// `mutualTLS`.
    MutualTls,
    /// A `type` that the specification does not know.
    Unknown,
}

/// OpenAPI "Server Object".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL template as written.
    pub url: String,
    /// About it (CommonMark).
    pub description: Option<String>,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// The URL with every variable at its default.
    pub fn default_url(&self) -> String {
        self.variables.iter().fold(self.url.clone(), |url, variable| url.replace(&format!("{{{}}}", variable.name), &variable.default))
    }
}

/// OpenAPI "Server Variable Object" with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the template.
    pub name: String,
    /// The value when nothing else is said.
    pub default: String,
    /// The values it may take; empty: any.
    pub values: Vec<String>,
}
