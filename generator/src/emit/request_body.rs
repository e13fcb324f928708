//! Bodies of requests: the type of the member that holds one, how it is written, and the types that only emission makes for it (one of several
//! ways to send it, the parts of a multipart body). The rest of an operation is in `operation.rs`.

use super::code::{Code, Docs, Fixed, Text, code, fragment};
use super::constraint;
use super::file::{File, Words};
use super::operation::{Helpers, query_style};
use crate::ir::{Body, BodyAlternative, Content, Operation, Part, PartKind, PropertyEncoding};
use crate::naming::{Ident, Scope, words};

/// The ways to send the body.
pub(super) fn info(file: &mut File<'_>, operation: &Operation) -> Vec<Code> {
    let w = &file.words();
    let none = w.prelude("None", "::core::option::Option::None");
    let some = w.prelude("Some", "::core::option::Option::Some");
    let alternatives = operation.body.iter().flat_map(|body| &body.alternatives);
    let records = alternatives.map(|alternative| {
        let names = std::iter::once(&alternative.media_type).chain(&alternative.other_names);
        let names = Code::join(names.map(|name| fragment!("{}", Text(name))), ", ");
        let constraints = alternative.constraints.as_ref();
        let constraints = constraints.map_or_else(|| none.clone(), |asked| fragment!("{}({})", some, constraint::list(w, asked)));
        let round_trip = match &alternative.content {
            Content::Json(ty) => fragment!("{}(wireproof_runtime::body_round_trip::<{}>)", some, file.ty(ty)),
            _ => none.clone(),
        };
        let members =
            [fragment!("media_types: &[{}]", names), fragment!("constraints: {}", constraints), fragment!("round_trip: {}", round_trip)];
        Code::record(&w.runtime("BodyInfo"), members, 12)
    });
    records.collect()
}

/// The type of the body field.
pub(super) fn member_type(file: &mut File<'_>, helpers: &Helpers, body: &Body) -> Code {
    if let Some(ident) = &helpers.body {
        return fragment!("{}", ident);
    }
    body.alternatives.first().map_or_else(Code::default, |only| content_type(file, helpers, 0, only))
}

fn content_type(file: &mut File<'_>, helpers: &Helpers, index: usize, alternative: &BodyAlternative) -> Code {
    match &alternative.content {
        Content::Json(ty) | Content::Form(ty) => file.ty(ty),
        Content::Multipart(_) => match helpers.multipart.get(index) {
            Some(Some(ident)) => fragment!("{}", ident),
            _ => file.runtime("Bytes"),
        },
        Content::Text => file.prelude("String", "::std::string::String"),
        Content::Binary => file.runtime("Bytes"),
    }
}

/// What a kind of content is called among several.
pub(super) fn content_name(media_type: &str, content: &Content) -> Vec<String> {
    match content {
        Content::Json(_) if media_type.trim().to_ascii_lowercase().starts_with("application/json") => words("json"),
        Content::Form(_) => words("form"),
        Content::Multipart(_) => words("multipart"),
        _ => {
            let sub = media_type.split(';').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            words(if sub == "*" || sub.is_empty() { media_type } else { sub })
        }
    }
}

pub(super) fn write(file: &mut File<'_>, helpers: &Helpers, body: &Body, name: &Ident) {
    let some = file.prelude("Some", "::core::option::Option::Some");
    let (reference, indent) = if body.required {
        (fragment!("&self.{}", name), "        ")
    } else {
        code!(file.body(), "        if let {}(body) = &self.{} {{", some, name);
        (fragment!("body"), "            ")
    };
    match &helpers.body {
        None => {
            if let Some(only) = body.alternatives.first() {
                let call = body_call(file, only, &reference, indent.len(), indent.len());
                code!(file.body(), "{}{};", Fixed(indent), call);
            }
        }
        Some(ident) => {
            let variants = variants(body);
            code!(file.body(), "{}match {} {{", Fixed(indent), reference);
            for (alternative, variant) in body.alternatives.iter().zip(variants) {
                let start = fragment!("{}    {}::{}(body) => ", Fixed(indent), ident, variant);
                let call = body_call(file, alternative, &fragment!("body"), indent.len() + 4, start.len());
                code!(file.body(), "{}{},", start, call);
            }
            code!(file.body(), "{}}}", Fixed(indent));
        }
    }
    if !body.required {
        code!(file.body(), "        }}");
    }
}

fn variants(body: &Body) -> Vec<Ident> {
    let mut scope = Scope::default();
    body.alternatives
        .iter()
        .map(|alternative| scope.upper(&[content_name(&alternative.media_type, &alternative.content), words(&alternative.media_type)]))
        .collect()
}

/// The call that writes a body, in a line that is indented by so many spaces and begins with so many characters.
fn body_call(file: &File<'_>, alternative: &BodyAlternative, value: &Code, indent: usize, begins: usize) -> Code {
    let media_type = Text(&alternative.media_type);
    match &alternative.content {
        Content::Json(_) => fragment!("request.json({}, {})", media_type, value),
        Content::Form(_) if alternative.encodings.is_empty() => fragment!("request.form({}, {})", media_type, value),
        Content::Form(_) => {
            let encodings = alternative.encodings.iter().map(|encoding| property_encoding(&file.words(), encoding, indent + 4));
            let start = fragment!("request.form_with({}, {}, &[", media_type, value);
            fragment!("{}{}])", start, Code::rows(encodings, indent + 4, begins + start.len() + "]);".len()))
        }
        Content::Multipart(_) => fragment!("request.multipart({}, &({}).to_multipart())", media_type, value),
        Content::Text => fragment!("request.text({}, {})", media_type, value),
        Content::Binary => fragment!("request.bytes({}, ({}).clone())", media_type, value),
    }
}

/// How a property of a form is written.
fn property_encoding(w: &Words<'_>, encoding: &PropertyEncoding, indent: usize) -> Code {
    let members = [
        fragment!("property: {}", Text(&encoding.property)),
        fragment!("content_type: {}", w.optional_text(encoding.content_type.as_deref())),
        fragment!("style: {}::{}", w.runtime("QueryStyle"), Fixed(query_style(encoding.style))),
        fragment!("explode: {}", encoding.explode),
        fragment!("allow_reserved: {}", encoding.allow_reserved),
    ];
    Code::record(&w.runtime("EncodingInfo"), members, indent)
}

/// The enum of several ways to send a body, and the structs of multipart ones.
pub(super) fn definitions(file: &mut File<'_>, helpers: &Helpers, body: &Body) {
    if let Some(ident) = &helpers.body {
        let types: Vec<Code> =
            body.alternatives.iter().enumerate().map(|(index, alternative)| content_type(file, helpers, index, alternative)).collect();
        let out = file.body();
        code!(out, "/// The ways to send the body.");
        code!(out, "#[derive(Clone, Debug, PartialEq)]");
        code!(out, "pub enum {} {{", ident);
        for ((alternative, variant), ty) in body.alternatives.iter().zip(variants(body)).zip(types) {
            code!(out, "{}", Docs(4, &format!("As `{}`.", alternative.media_type.replace('`', "'"))));
            code!(out, "    {}({}),", variant, ty);
        }
        code!(out, "}}");
        code!(out);
    }
    for (alternative, ident) in body.alternatives.iter().zip(&helpers.multipart) {
        if let (Content::Multipart(parts), Some(ident)) = (&alternative.content, ident) {
            multipart(file, ident, parts);
        }
    }
}

fn multipart(file: &mut File<'_>, ident: &Ident, parts: &[Part]) {
    let w = &file.words();
    let mut scope = Scope::default();
    let names: Vec<Ident> = scope.members(parts.iter().map(|part| part.name.as_str()));
    let default = if parts.iter().any(|part| part.required) { "" } else { "Default, " };
    code!(file.body(), "/// The parts of the multipart body.");
    code!(file.body(), "#[derive(Clone, Debug, {}PartialEq)]", Fixed(default));
    code!(file.body(), "pub struct {} {{", ident);
    for (part, name) in parts.iter().zip(&names) {
        let ty = match &part.kind {
            PartKind::File => file.runtime("File"),
            PartKind::Value(ty) => file.ty(ty),
        };
        let ty = if part.repeated { fragment!("{}<{}>", file.prelude("Vec", "::std::vec::Vec"), ty) } else { ty };
        let ty = if part.required || part.repeated { ty } else { file.option(&ty) };
        let text = part.doc.clone().unwrap_or_else(|| format!("The part `{}`.", part.name.replace('`', "'")));
        code!(file.body(), "{}", Docs(4, &text));
        code!(file.body(), "    pub {}: {},", name, ty);
    }
    let some = file.prelude("Some", "::core::option::Option::Some");
    let out = file.body();
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} {{", ident);
    code!(out, "    fn to_multipart(&self) -> {} {{", w.runtime("Multipart"));
    code!(out, "        let mut form = {}::new();", w.runtime("Multipart"));
    for (part, name) in parts.iter().zip(&names) {
        let wire = Text(&part.name);
        let write = |value: Code, reference: Code| match (&part.kind, &part.content_type) {
            (PartKind::File, None) => fragment!("form.file({}, {}.clone())", wire, value),
            (PartKind::File, Some(media_type)) => fragment!("form.file_as({}, {}, {}.clone())", wire, Text(media_type), value),
            (PartKind::Value(_), None) => fragment!("form.value({}, {})", wire, reference),
            (PartKind::Value(_), Some(media_type)) => fragment!("form.value_as({}, {}, {})", wire, Text(media_type), reference),
        };
        if part.repeated {
            code!(out, "        for part in &self.{} {{", name);
            code!(out, "            {};", write(fragment!("part"), fragment!("part")));
            code!(out, "        }}");
        } else if part.required {
            code!(out, "        {};", write(fragment!("self.{}", name), fragment!("&self.{}", name)));
        } else {
            code!(out, "        if let {}(part) = &self.{} {{", some, name);
            code!(out, "            {};", write(fragment!("part"), fragment!("part")));
            code!(out, "        }}");
        }
    }
    code!(out, "        form");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
}
