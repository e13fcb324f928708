//! Operations: what is sent and what may come back.

use wireproof_openapi::{Location, Pointer, StatusPattern, Style};

use super::constraint::Constraint;
use super::types::{Doc, Type};

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Where it stands.
    pub(crate) at: Pointer,
    /// `operationId`.
    pub(crate) id: Option<String>,
    /// The method in capitals.
    pub(crate) method: String,
    /// The path template.
    pub(crate) path: String,
    /// Documentation.
    pub(crate) doc: Doc,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// Parameters: path, then query, header, cookie.
    pub(crate) parameters: Vec<Parameter>,
    /// The body.
    pub(crate) body: Option<Body>,
    /// Responses, sorted by status, ranges and `default` last.
    pub(crate) responses: Vec<Response>,
    /// Alternatives of scheme names with their scopes.
    pub(crate) security: Vec<Vec<(String, Vec<String>)>>,
}

/// What a request of the vendor's carries, or what it is answered.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its type.
    pub(crate) ty: Type,
    /// Whether it is sent to the vendor.
    pub(crate) sent: bool,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// The name on the wire.
    pub(crate) name: String,
    /// Where it travels.
    pub(crate) location: Location,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// Its type.
    pub(crate) ty: Type,
    /// How it is written.
    pub(crate) style: ParameterStyle,
    /// What is asked of it beyond what its type says; `None` where nothing is, nor of anything in it.
    pub(crate) constraints: Option<Vec<Constraint>>,
    /// Documentation.
    pub(crate) doc: Doc,
}

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterStyle {
    /// In a style.
    Style {
        /// The style.
        style: Style,
        /// Whether lists and objects repeat the name.
        explode: bool,
        /// Whether reserved characters stay unescaped.
        allow_reserved: bool,
    },
    /// As a JSON document.
    Json,
}

/// A request body.
#[derive(Debug)]
pub(crate) struct Body {
    /// Whether it must be sent.
    pub(crate) required: bool,
    /// One per kind of content; never empty.
    pub(crate) alternatives: Vec<BodyAlternative>,
    /// Documentation.
    pub(crate) doc: Doc,
}

/// One way to send a body.
#[derive(Debug)]
pub(crate) struct BodyAlternative {
    /// The media type sent.
    pub(crate) media_type: String,
    /// By what else the document lists it.
    pub(crate) other_names: Vec<String>,
    /// What is asked of it beyond what its type says; `None` where nothing is, nor of anything in it.
    pub(crate) constraints: Option<Vec<Constraint>>,
    /// How it is written.
    pub(crate) content: Content,
    /// How single properties of a form are written, where the document says so; sorted.
    pub(crate) encodings: Vec<PropertyEncoding>,
}

/// How a property of a form is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropertyEncoding {
    /// Its name.
    pub(crate) property: String,
    /// The media type of the value, where it is a document of its own.
    pub(crate) content_type: Option<String>,
    /// The style.
    pub(crate) style: Style,
    /// Whether lists and objects repeat the name.
    pub(crate) explode: bool,
    /// Whether reserved characters stay unescaped.
    pub(crate) allow_reserved: bool,
}

/// How a body is written or read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// JSON.
    Json(Type),
    /// `application/x-www-form-urlencoded`.
    Form(Type),
    /// `multipart/*`, part by part.
    Multipart(Vec<Part>),
    /// Text.
    Text,
    /// Bytes as they are.
    Binary,
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) kind: PartKind,
    /// The media type that it is sent as, where the document names one.
    pub(crate) content_type: Option<String>,
    /// Whether there may be several.
    pub(crate) repeated: bool,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Documentation.
    pub(crate) doc: Option<String>,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PartKind {
    /// A file.
    File,
    /// A value written as text, or as JSON where it is a list or an object.
    Value(Type),
}

/// One documented response.
#[derive(Debug)]
pub(crate) struct Response {
    /// The statuses.
    pub(crate) status: StatusPattern,
    /// Documentation.
    pub(crate) doc: Doc,
    /// The body.
    pub(crate) payload: Payload,
    /// Documented headers, if there are any.
    pub(crate) headers: Option<ResponseHeaders>,
}

/// What a response carries: kinds of content with the media types that announce them.
#[derive(Debug)]
pub(crate) enum Payload {
    /// There can be no body.
    Empty,
    /// No body is described, and whatever comes is kept.
    Raw,
    /// One or more kinds of body.
    Bodies(Vec<(Vec<String>, Content)>),
}

/// Documented headers of a response.
#[derive(Debug)]
pub(crate) struct ResponseHeaders {
    /// The object whose members they are.
    pub(crate) ty: Type,
    /// The names of those whose objects are exploded.
    pub(crate) exploded: Vec<String>,
}

impl Operation {
    /// Calls `visit` for every type that the operation names.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&Type)) {
        self.parameters.iter().for_each(|parameter| visit(&parameter.ty));
        for alternative in self.body.iter().flat_map(|body| &body.alternatives) {
            alternative.content.each_type(visit);
        }
        for response in &self.responses {
            response.headers.iter().for_each(|headers| visit(&headers.ty));
            if let Payload::Bodies(bodies) = &response.payload {
                for (_, content) in bodies {
                    content.each_type(visit);
                }
            }
        }
    }

    /// The same, to change them.
    pub(crate) fn each_type_mut(&mut self, visit: &mut impl FnMut(&mut Type)) {
        self.parameters.iter_mut().for_each(|parameter| visit(&mut parameter.ty));
        for alternative in self.body.iter_mut().flat_map(|body| &mut body.alternatives) {
            alternative.content.each_type_mut(visit);
        }
        for response in &mut self.responses {
            response.headers.iter_mut().for_each(|headers| visit(&mut headers.ty));
            if let Payload::Bodies(bodies) = &mut response.payload {
                for (_, content) in bodies {
                    content.each_type_mut(visit);
                }
            }
        }
    }
}

impl Content {
    /// Calls `visit` for every type that it is made of.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&Type)) {
        match self {
            Self::Json(ty) | Self::Form(ty) => visit(ty),
            Self::Multipart(parts) => parts.iter().for_each(|part| {
                if let PartKind::Value(ty) = &part.kind {
                    visit(ty);
                }
            }),
            Self::Text | Self::Binary => {}
        }
    }

    /// The same, to change them.
    pub(crate) fn each_type_mut(&mut self, visit: &mut impl FnMut(&mut Type)) {
        match self {
            Self::Json(ty) | Self::Form(ty) => visit(ty),
            Self::Multipart(parts) => parts.iter_mut().for_each(|part| {
                if let PartKind::Value(ty) = &mut part.kind {
                    visit(ty);
                }
            }),
            Self::Text | Self::Binary => {}
        }
    }
}
