//! Bodies by media type: which are JSON, forms, parts, text or bytes.

use std::collections::BTreeSet;

use serde_json::Value;
use wireproof_openapi::{Diagnostic, MediaType, Pointer, RequestBody, Style};

use super::conjunction::Part as SchemaPart;
use super::{Lower, Members, node};
use crate::ir::{Access, Body, BodyAlternative, Constraint, Content, Doc, Part, PartKind, Payload, PropertyEncoding};

/// What a media type means for the types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Json,
    Form,
    Multipart,
    Text,
    Binary,
}

impl Family {
    /// By RFC 6838 structure: the type, or the suffix after `+`. Ranges that include JSON are taken for JSON where a schema
    /// is given, since that is what such documents mean.
    fn of(media_type: &MediaType) -> Self {
        let essence = essence(&media_type.name);
        let (main, sub) = essence.split_once('/').unwrap_or((essence.as_str(), ""));
        match (main, sub) {
            ("application" | "text", "json") => Self::Json,
            ("*" | "application", "*") if media_type.schema.is_some() => Self::Json,
            (_, sub) if sub.ends_with("+json") || sub.starts_with("json+") => Self::Json,
            ("application", "x-www-form-urlencoded") => Self::Form,
            ("multipart", _) => Self::Multipart,
            (main, sub) if main == "text" || sub == "xml" || sub.ends_with("+xml") || sub.ends_with("yaml") => Self::Text,
            _ => Self::Binary,
        }
    }
}

/// The media type in lower case without parameters.
fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The media type to send: what the document says, a range made concrete.
fn concrete(name: &str, family: Family) -> String {
    let name = name.trim();
    if !essence(name).contains('*') && name.contains('/') {
        return name.to_owned();
    }
    match family {
        Family::Json => "application/json",
        Family::Text => "text/plain",
        _ => "application/octet-stream",
    }
    .to_owned()
}

impl<'d> Lower<'d> {
    pub(super) fn request_body(&mut self, source: &'d RequestBody) -> Option<Body> {
        if source.content.is_empty() {
            self.gap("request-body-empty", &source.pointer, "a request body without content: the operation is sent without one");
            return None;
        }
        let mut media_types: Vec<&MediaType> = source.content.iter().collect();
        media_types.sort_by(|left, right| (Family::of(left), &left.name).cmp(&(Family::of(right), &right.name)));
        let mut alternatives: Vec<BodyAlternative> = Vec::new();
        let mut kept = Vec::new();
        for media_type in media_types {
            let family = Family::of(media_type);
            let content = self.content(media_type, family, true);
            // What is no form of parts has been said.
            if family != Family::Multipart || content != Content::Binary {
                kept.push((media_type, kept_as(&content)));
            }
            // Several names for one content (`application/json`, `text/json`) are one way to send it, unless it is bytes,
            // where the name is all that there is.
            let encodings = if family == Family::Form { encodings(media_type) } else { Vec::new() };
            let is_known = |known: &&mut BodyAlternative| known.content == content && known.encodings == encodings;
            if !matches!(content, Content::Binary | Content::Text)
                && let Some(known) = alternatives.iter_mut().find(is_known)
            {
                if known.media_type != media_type.name {
                    known.other_names.push(media_type.name.clone());
                }
                continue;
            }
            let sent = concrete(&media_type.name, family);
            let other_names = Vec::from_iter((media_type.name != sent).then(|| media_type.name.clone()));
            let constraints = Some(self.asked_of_content(&content, media_type));
            alternatives.push(BodyAlternative { media_type: sent, other_names, constraints, content, encodings });
        }
        self.untyped(&kept);
        let doc = Doc { text: source.description.clone(), ..Doc::default() };
        Some(Body { required: source.required, alternatives, doc })
    }

    pub(super) fn payload(&mut self, content: &'d [MediaType]) -> Payload {
        let mut media_types: Vec<&MediaType> = content.iter().collect();
        media_types.sort_by(|left, right| (Family::of(left), &left.name).cmp(&(Family::of(right), &right.name)));
        let mut bodies: Vec<(Vec<String>, Content)> = Vec::new();
        let mut kept = Vec::new();
        for media_type in media_types {
            let family = Family::of(media_type);
            let content = match self.content(media_type, family, false) {
                // Nobody answers in forms; what comes is kept as bytes.
                Content::Form(_) | Content::Multipart(_) => Content::Binary,
                other => other,
            };
            kept.push((media_type, kept_as(&content)));
            match bodies.iter_mut().find(|(_, known)| *known == content) {
                Some((names, _)) => names.push(media_type.name.clone()),
                None => bodies.push((vec![media_type.name.clone()], content)),
            }
        }
        self.untyped(&kept);
        if bodies.is_empty() { Payload::Raw } else { Payload::Bodies(bodies) }
    }

    /// What is asked of a body beyond what its type says.
    fn asked_of_content(&self, content: &Content, media_type: &MediaType) -> Vec<Constraint> {
        match (content, &media_type.schema) {
            (Content::Json(ty) | Content::Form(ty), schema) => self.asked_at(ty, schema.as_ref()),
            (Content::Multipart(parts), Some(schema)) => {
                let nodes = self.flatten(&self.reduce(vec![SchemaPart::whole(schema.clone())])).nodes;
                let asked = |part: &Part| {
                    let PartKind::Value(ty) = &part.kind else { return None };
                    let has = |members: &Members| members.get("properties").is_some_and(|named| named.get(&part.name).is_some());
                    let places = nodes.iter().filter(|(_, members)| has(members));
                    let places: Vec<SchemaPart> = places.map(|(at, _)| SchemaPart::whole(at.join("properties").join(&part.name))).collect();
                    let inner = self.asked(ty, &places);
                    (!inner.is_empty()).then(|| Constraint::Member(part.name.clone(), inner))
                };
                parts.iter().filter_map(asked).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What a media type carries.
    pub(super) fn content_of(&mut self, media_type: &MediaType, request: bool) -> Content {
        self.content(media_type, Family::of(media_type), request)
    }

    fn content(&mut self, media_type: &MediaType, family: Family, request: bool) -> Content {
        match family {
            Family::Json => {
                let is_binary = media_type
                    .schema
                    .as_ref()
                    .and_then(|schema| self.document.resolve(schema))
                    .is_some_and(|(_, schema)| is_binary(schema));
                if is_binary { Content::Binary } else { Content::Json(self.optional_schema(media_type.schema.as_ref())) }
            }
            Family::Form if request => Content::Form(self.optional_schema(media_type.schema.as_ref())),
            Family::Multipart if request => self.multipart(media_type),
            Family::Text => Content::Text,
            Family::Form | Family::Multipart | Family::Binary => Content::Binary,
        }
    }

    /// Says of bodies that are not read into types what they are instead, where the document says what is in them. Beside a body that is, that is worth
    /// a note; alone, it is a gap.
    fn untyped(&mut self, kept: &[(&MediaType, Option<&'static str>)]) {
        let is_typed = kept.iter().any(|(_, kept)| kept.is_none());
        for (media_type, kept) in kept {
            let Some(kept) = kept else { continue };
            if !media_type.schema.as_ref().is_some_and(|schema| self.is_structured(schema)) {
                continue;
            }
            let message = format!("`{}` is not read into types: the body is {kept}", media_type.name);
            if is_typed {
                let pointer = self.document.written(&media_type.pointer);
                self.diagnostics.push(Diagnostic::note("untyped-content", pointer, message));
            } else {
                self.gap("untyped-content", &media_type.pointer, message);
            }
        }
    }

    /// Whether a schema says what is inside its values.
    fn is_structured(&self, at: &Pointer) -> bool {
        let says = |members: &Members| {
            let types = node::types(members).is_some_and(|types| types.contains(&"object") || types.contains(&"array"));
            types || ["properties", "items", "additionalProperties"].iter().any(|keyword| members.contains_key(*keyword))
        };
        let is_structured = |parts: &[SchemaPart]| self.flatten(parts).nodes.iter().any(|(_, members)| says(members));
        let parts = self.reduce(vec![SchemaPart::whole(at.clone())]);
        let choices = self.flatten(&parts).choices;
        let mut branches = choices.iter().flat_map(|choice| choice.real().map(|(index, _)| choice.list().index(index)));
        is_structured(&parts) || branches.any(|branch| is_structured(&[SchemaPart::whole(branch)]))
    }

    /// The media type that the document names for a part: one, not a choice or a range, which leave it open.
    fn part_type(&mut self, media_type: &MediaType, property: &str) -> Option<String> {
        let encoding = media_type.encoding.iter().find(|encoding| encoding.property == property)?;
        let place = media_type.pointer.join("encoding").join(property);
        if self.nodes.get(&place.join("headers")).and_then(Value::as_object).is_some_and(|headers| !headers.is_empty()) {
            self.gap("encoding-headers", &place, "the headers of a part are not sent");
        }
        let named = encoding.content_type.as_deref()?.trim();
        (named.contains('/') && !named.contains([',', '*'])).then(|| named.to_owned())
    }

    /// The parts of a multipart body: the members of its schema.
    fn multipart(&mut self, media_type: &MediaType) -> Content {
        let Some(schema) = &media_type.schema else { return Content::Binary };
        let flat = {
            let parts = self.reduce(vec![SchemaPart::whole(schema.clone())]);
            self.flatten(&parts)
        };
        let required: BTreeSet<&str> = flat.nodes.iter().flat_map(|(_, members)| node::strings(members, "required")).collect();
        let mut parts: Vec<Part> = Vec::new();
        for (at, members) in &flat.nodes {
            let Some(Value::Object(properties)) = members.get("properties") else { continue };
            for name in properties.keys() {
                if parts.iter().any(|part| part.name == *name) {
                    continue;
                }
                let place = at.join("properties").join(name);
                // A form is sent, and nothing else.
                let nodes = self.flatten(&[SchemaPart::whole(place.clone())]).nodes;
                if self.access(&place, &nodes) == Access::ReadOnly {
                    continue;
                }
                let resolved = self.document.resolve(&place).map(|(_, schema)| schema);
                let items = resolved
                    .and_then(|schema| schema.get("items"))
                    .and_then(|_| self.document.resolve(&place).and_then(|(at, _)| self.document.resolve(&at.join("items"))));
                let (kind, repeated) = if resolved.is_some_and(is_binary) {
                    (PartKind::File, false)
                } else if items.is_some_and(|(_, schema)| is_binary(schema)) {
                    (PartKind::File, true)
                } else {
                    (PartKind::Value(self.schema(&place).split_null().0.clone()), false)
                };
                let doc = self.said_of(&place);
                let content_type = self.part_type(media_type, name);
                parts.push(Part { name: name.clone(), kind, content_type, repeated, required: required.contains(name.as_str()), doc });
            }
        }
        if parts.is_empty() {
            self.gap("multipart-schema", schema, "a multipart body without named parts: it is sent as bytes");
            return Content::Binary;
        }
        parts.sort_by(|left, right| right.required.cmp(&left.required).then_with(|| left.name.cmp(&right.name)));
        Content::Multipart(parts)
    }
}

/// How the properties of a form are written, where the document says so. A style rules a media type out (OpenAPI 3.0.4, "Encoding
/// Object").
fn encodings(media_type: &MediaType) -> Vec<PropertyEncoding> {
    let mut encodings: Vec<PropertyEncoding> = media_type
        .encoding
        .iter()
        .map(|encoding| {
            let is_styled = encoding.style.is_some() || encoding.explode.is_some() || encoding.allow_reserved;
            let style = encoding.style.unwrap_or(Style::Form);
            PropertyEncoding {
                property: encoding.property.clone(),
                content_type: encoding.content_type.clone().filter(|_| !is_styled),
                style,
                explode: encoding.explode.unwrap_or(style == Style::Form),
                allow_reserved: encoding.allow_reserved,
            }
        })
        .collect();
    encodings.sort_by(|left, right| left.property.cmp(&right.property));
    encodings
}

/// Whether a schema stands for bytes: `format: binary` in 3.0, a content type without encoding in 3.1.
fn is_binary(schema: &Value) -> bool {
    let format = schema.get("format").and_then(Value::as_str);
    format == Some("binary") || (schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none())
}

/// What a body is that is not read into types.
fn kept_as(content: &Content) -> Option<&'static str> {
    match content {
        Content::Text => Some("text"),
        Content::Binary => Some("bytes"),
        Content::Json(_) | Content::Form(_) | Content::Multipart(_) => None,
    }
}
