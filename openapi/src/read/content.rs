//! OpenAPI "Request Body Object", "Media Type Object" and "Encoding Object".

use serde_json::{Map, Value};

use super::parameter::style;
use super::{PIECE, Reader, named};
use crate::load::kind;
use crate::{Encoding, MediaType, Pointer, RequestBody};

impl<'d> Reader<'d> {
    pub(super) fn request_body(&mut self, node: &'d Value, at: Pointer) -> Option<RequestBody> {
        let part = self.part(node, at)?;
        let required = self.flag(part.members, "required", &part.pointer);
        let content = self.content(part.members, &part.pointer);
        if content.is_empty() {
            self.warn("content-missing", part.pointer.clone(), "a request body without `content`; what may be sent is not known");
        }
        Some(RequestBody { pointer: part.pointer, required, description: part.description, content })
    }

    /// The media types under `content`.
    pub(super) fn content(&mut self, owner: &'d Map<String, Value>, at: &Pointer) -> Vec<MediaType> {
        let at = at.join("content");
        // Examples and members of a body strayed to where media types are: no response would ever be of such a type.
        let is_stray = |name: &str| !name.is_empty() && name != "*" && !name.contains('/');
        let some_are_not = named(owner, "content").any(|(name, _)| !is_stray(name));
        let mut found = Vec::new();
        for (name, node) in named(owner, "content") {
            if some_are_not && is_stray(name) {
                let message = format!("`{name}` is no media type, beside others that are: it is left out");
                self.warn("not-a-media-type", at.join(name), message);
                continue;
            }
            found.extend(self.media_type(name, node, at.join(name)));
        }
        found
    }

    fn media_type(&mut self, name: &str, node: &'d Value, at: Pointer) -> Option<MediaType> {
        let part = self.part(node, at)?;
        let schema = part.members.contains_key("schema").then(|| part.pointer.join("schema"));
        if part.members.contains_key("itemSchema") {
            let message = "`itemSchema` describes a stream item by item; its items are not looked at";
            self.warn("streams-not-generated", part.pointer.join("itemSchema"), message);
        }
        let place = part.pointer.join("encoding");
        let encoding = named(part.members, "encoding")
            .filter_map(|(property, encoding)| Some(self.encoding(property, encoding.as_object()?, &place.join(property))));
        let encoding = encoding.collect();
        let examples = self.examples(part.members, &part.pointer);
        Some(MediaType { pointer: part.pointer, name: name.to_owned(), schema, encoding, examples })
    }

    fn encoding(&mut self, property: &str, members: &Map<String, Value>, at: &Pointer) -> Encoding {
        self.charge(1 + property.len() / PIECE);
        let style = match members.get("style") {
            None => None,
            Some(written) => {
                let known = written.as_str().and_then(style);
                if known.is_none() {
                    self.warn("unknown-style", at.join("style"), format!("{written} is no style; it is ignored"));
                }
                known
            }
        };
        Encoding {
            property: property.to_owned(),
            content_type: self.text(members, "contentType", at),
            style,
            explode: self.optional_flag(members, "explode", at),
            allow_reserved: self.flag(members, "allowReserved", at),
        }
    }

    /// The example values of a media type.
    fn examples(&mut self, members: &'d Map<String, Value>, at: &Pointer) -> Vec<(String, Pointer)> {
        let mut examples = Vec::new();
        if members.contains_key("example") {
            examples.push((String::new(), at.join("example")));
        }
        let at = at.join("examples");
        for (name, example) in named(members, "examples") {
            let Some(part) = self.part(example, at.join(name)) else { continue };
            // `dataValue` is what OpenAPI 3.2 calls the value before it is written in the media type.
            match ["value", "dataValue"].into_iter().find(|member| part.members.contains_key(*member)) {
                Some(member) => examples.push((name.clone(), part.pointer.join(member))),
                None if part.members.contains_key("externalValue") => {
                    let message = format!("the example `{name}` lies outside of the document; it is not looked at");
                    self.report(crate::Diagnostic::note("external-example", part.pointer, message));
                }
                None => {
                    let found = part.members.values().next().map_or("nothing", kind);
                    let message = format!("the example `{name}` has no `value` (but {found}); it is left out");
                    self.warn("example-without-value", part.pointer, message);
                }
            }
        }
        examples
    }
}
