//! The grammar of OpenAPI as one table: which object has which members, and what each of them is. Whatever walks a document
//! (`references/`, `normalise/`) asks here, so they agree about what is a schema and what only looks like one.
//! Sources: OpenAPI 3.0.4, 3.1.1 and 3.2.0, the "Fixed Fields" of each object.

use serde_json::Value;

/// The objects of the specification, as far as they matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    OpenApi,
    Info,
    Tag,
    Server,
    Components,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    Discriminator,
}

/// What stands at a place of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// An object of the specification.
    One(Object),
    /// An object whose keys are names and whose values are such objects.
    Map(Object),
    /// A list of such objects.
    List(Object),
    /// Text about something. The specification has no references here, but documents of many files do.
    Text,
    /// Anything: examples, extensions, plain values. Nothing in here is a reference.
    Opaque,
}

use Kind::{List, Map, One, Opaque, Text};

impl Kind {
    /// What stands at the member `key` of an object that stands here.
    pub(crate) fn member(self, key: &str) -> Self {
        match self {
            One(object) => object.member(key).unwrap_or(Opaque),
            Map(object) | List(object) => One(object),
            Text | Opaque => Opaque,
        }
    }

    /// What the items of a list are that stands here. Schemas appear in lists where old documents give `items` one by one.
    pub(crate) fn item(self) -> Self {
        match self {
            List(object) => One(object),
            One(Object::Schema) => One(Object::Schema),
            _ => Opaque,
        }
    }

    /// What stands `segment` further down from `node`, which stands here.
    pub(crate) fn step(self, node: &Value, segment: &str) -> Self {
        if node.is_array() { self.item() } else { self.member(segment) }
    }

    /// What it is called in messages, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            One(object) => object.name(),
            Map(_) => "an object of named parts",
            List(_) => "a list",
            Text => "text",
            Opaque => "a value",
        }
    }
}

impl Object {
    /// What the member `key` is; `None` where the specification has no such member.
    pub(crate) fn member(self, key: &str) -> Option<Kind> {
        if key.starts_with("x-") && self != Self::Schema {
            return Some(Opaque);
        }
        match self {
            Self::OpenApi => openapi(key),
            Self::Components => components(key),
            Self::Paths | Self::Callback => Some(One(Self::PathItem)),
            Self::Responses => Some(One(Self::Response)),
            Self::PathItem => path_item(key),
            Self::Operation => operation(key),
            Self::Parameter | Self::Header => parameter(key),
            Self::MediaType | Self::Encoding => media_type(key),
            Self::RequestBody => match key {
                "description" => Some(Text),
                "content" => Some(Map(Self::MediaType)),
                "required" => Some(Opaque),
                _ => None,
            },
            Self::Response => match key {
                "description" | "summary" => Some(Text),
                "headers" => Some(Map(Self::Header)),
                "content" => Some(Map(Self::MediaType)),
                "links" => Some(Map(Self::Link)),
                _ => None,
            },
            Self::Schema => Some(schema(key)),
            Self::Info if matches!(key, "title" | "version") => Some(Text),
            Self::Info | Self::Tag | Self::Server | Self::Example | Self::SecurityScheme | Self::Link => Some(match key {
                "description" | "summary" => Text,
                _ => Opaque,
            }),
            Self::Discriminator => Some(Opaque),
        }
    }

    /// Whether all its members but extensions are named parts of one kind.
    pub(crate) fn holds_parts(self) -> bool {
        matches!(self, Self::Paths | Self::Responses | Self::Callback)
    }

    /// What it is called in messages, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "a document",
            Self::Info => "an info object",
            Self::Tag => "a tag",
            Self::Server => "a server",
            Self::Components => "a components object",
            Self::Paths => "a paths object",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Responses => "a responses object",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::Callback => "a callback",
            Self::SecurityScheme => "a security scheme",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
        }
    }
}

fn openapi(key: &str) -> Option<Kind> {
    Some(match key {
        "info" => One(Object::Info),
        "paths" => One(Object::Paths),
        "webhooks" => Map(Object::PathItem),
        "components" => One(Object::Components),
        "servers" => List(Object::Server),
        "tags" => List(Object::Tag),
        "openapi" | "$self" | "security" | "externalDocs" | "jsonSchemaDialect" => Opaque,
        // JSON Schema's own rooms for shared schemas: no words of OpenAPI, but documents keep schemas there.
        "definitions" | "$defs" => Map(Object::Schema),
        _ => return None,
    })
}

fn components(key: &str) -> Option<Kind> {
    Some(match key {
        "schemas" => Map(Object::Schema),
        "responses" => Map(Object::Response),
        "parameters" => Map(Object::Parameter),
        "examples" => Map(Object::Example),
        "requestBodies" => Map(Object::RequestBody),
        "headers" => Map(Object::Header),
        "securitySchemes" => Map(Object::SecurityScheme),
        "links" => Map(Object::Link),
        "callbacks" => Map(Object::Callback),
        "pathItems" => Map(Object::PathItem),
        "mediaTypes" => Map(Object::MediaType),
        _ => return None,
    })
}

/// The methods that a path item has members for, in the order in which documents usually have them.
pub(crate) const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

fn path_item(key: &str) -> Option<Kind> {
    Some(match key {
        "parameters" => List(Object::Parameter),
        "servers" => List(Object::Server),
        "additionalOperations" => Map(Object::Operation),
        "summary" | "description" => Text,
        "$ref" => Opaque,
        method if METHODS.contains(&method) => One(Object::Operation),
        _ => return None,
    })
}

fn operation(key: &str) -> Option<Kind> {
    Some(match key {
        "parameters" => List(Object::Parameter),
        "requestBody" => One(Object::RequestBody),
        "responses" => One(Object::Responses),
        "callbacks" => Map(Object::Callback),
        "servers" => List(Object::Server),
        "summary" | "description" => Text,
        "tags" | "externalDocs" | "operationId" | "deprecated" | "security" => Opaque,
        _ => return None,
    })
}

fn parameter(key: &str) -> Option<Kind> {
    Some(match key {
        "schema" => One(Object::Schema),
        "content" => Map(Object::MediaType),
        "examples" => Map(Object::Example),
        "description" => Text,
        "name" | "in" | "required" | "deprecated" | "allowEmptyValue" | "style" | "explode" | "allowReserved" | "example" => Opaque,
        _ => return None,
    })
}

fn media_type(key: &str) -> Option<Kind> {
    Some(match key {
        "schema" | "itemSchema" => One(Object::Schema),
        "examples" => Map(Object::Example),
        "encoding" => Map(Object::Encoding),
        "prefixEncoding" => List(Object::Encoding),
        "itemEncoding" => One(Object::Encoding),
        "headers" => Map(Object::Header),
        "example" | "contentType" | "style" | "explode" | "allowReserved" => Opaque,
        _ => return None,
    })
}

/// Keywords of JSON Schema whose values are schemas again. A schema may have any other member too.
fn schema(key: &str) -> Kind {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Map(Object::Schema),
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "not"
        | "contains"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => One(Object::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Object::Schema),
        "discriminator" => One(Object::Discriminator),
        "description" => Text,
        _ => Opaque,
    }
}
