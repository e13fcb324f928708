//! The body of a response that comes in several kinds of content. The response itself is in `response.rs`.

use super::code::{Code, Docs, code};
use super::file::File;
use super::response::{body_name, body_variant, content_type};
use crate::ir::{Payload, Response};
use crate::naming::{Ident, Scope};

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
