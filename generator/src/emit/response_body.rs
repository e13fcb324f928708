//! What stands in the variants of a response beyond one body: several kinds of content, documented headers. The response itself is in
//! `response.rs`.

use super::code::{Code, Docs, Text, code, fragment};
use super::docs;
use super::file::File;
use super::response::{body_name, body_type, body_variant, content_type};
use crate::ir::{Payload, Response};
use crate::naming::{Ident, Scope, words};

/// The enum of a response that comes in several kinds of content.
pub(super) fn several(file: &mut File<'_>, ident: &Ident, response: &Response) {
    let w = &file.words();
    let Payload::Bodies(bodies) = &response.payload else { return };
    let mut scope = Scope::default();
    let variants: Vec<(Ident, Code)> = bodies
        .iter()
        .map(|(media_types, content)| (scope.upper(&[body_name(media_types, content)]), content_type(file, content)))
        .collect();
    let out = file.body();
    code!(out, "/// The body, by content type.");
    code!(out, "#[derive(Clone, Debug, PartialEq)]");
    code!(out, "pub enum {} {{", ident);
    for ((media_types, _), (variant, ty)) in bodies.iter().zip(&variants) {
        let listed: Vec<String> = media_types.iter().map(|name| format!("`{}`", name.replace('`', "'"))).collect();
        code!(out, "{}", Docs(4, &format!("{}.", listed.join(", "))));
        code!(out, "    {}({}),", variant, ty);
    }
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} {{", ident);
    let content_type = w.runtime("ResponseBody");
    code!(out, "    fn content(&self) -> {}<'_> {{", content_type);
    code!(out, "        match self {{");
    for ((_, content), (variant, _)) in bodies.iter().zip(&variants) {
        code!(out, "            Self::{}(body) => {}::{}(body),", variant, content_type, body_variant(content));
    }
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
}

/// The struct of a response with documented headers.
pub(super) fn with_headers(file: &mut File<'_>, ident: &Ident, bodies: Option<&Ident>, response: &Response) {
    let w = &file.words();
    let mut scope = Scope::default();
    let body_ident = scope.lower(&[words("body")]);
    let body = match bodies {
        Some(ident) => Some(fragment!("{}", ident)),
        None => body_type(file, response),
    };
    let mut headers = Vec::new();
    for header in &response.headers {
        let ty = file.ty(&header.ty);
        headers.push((scope.lower(&[words(&header.name)]), file.option(&ty), header));
    }
    let out = file.body();
    code!(out, "/// The response with its documented headers; one that is absent or cannot be read is `None`.");
    code!(out, "#[derive(Clone, Debug, PartialEq)]");
    code!(out, "pub struct {} {{", ident);
    if let Some(body) = &body {
        code!(out, "    /// The body.");
        code!(out, "    pub {}: {},", body_ident, body);
    }
    for (name, ty, header) in &headers {
        let mut doc = header.doc.clone();
        doc.text.get_or_insert_with(|| format!("The header `{}`.", header.name.replace('`', "'")));
        docs::emit(out, 4, &doc);
        code!(out, "    pub {}: {},", name, ty);
    }
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} {{", ident);
    match &body {
        Some(body) => code!(out, "    fn read(response: &{}, body: {}) -> Self {{", w.runtime("RawResponse"), body),
        None => code!(out, "    fn read(response: &{}) -> Self {{", w.runtime("RawResponse")),
    }
    code!(out, "        Self {{");
    if body.is_some() {
        code!(out, "            body,");
    }
    for (name, _, header) in &headers {
        code!(out, "            {}: response.header({}, {}),", name, Text(&header.name), header.explode);
    }
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
}
