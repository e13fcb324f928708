//! Responses: an enum with a variant per documented status, and how bytes become one.

use wireproof_openapi::StatusPattern;

use super::code::{Code, Fixed, Text, code, fragment};
use super::docs;
use super::file::{File, Words};
use super::operation::Helpers;
use super::request_body::content_name;
use super::response_body;
use crate::ir::{Content, Operation, Payload, Response};
use crate::naming::{Ident, OperationNames, Scope, status_words, words};

/// One variant, with everything that its code asks for again and again.
struct Variant<'r> {
    ident: Ident,
    response: &'r Response,
    /// The type inside, none where there is nothing.
    ty: Option<Code>,
    /// The enum of its several bodies.
    bodies: Option<&'r Ident>,
    /// Whether the status is not fixed and stands in the variant.
    ranged: bool,
}

impl Variant<'_> {
    /// Whether it has both a body and headers.
    fn is_pair(&self) -> bool {
        self.response.headers.is_some() && !matches!(self.response.payload, Payload::Empty)
    }
}

fn variants<'r>(file: &mut File<'_>, helpers: &'r Helpers, operation: &'r Operation) -> (Vec<Variant<'r>>, Ident) {
    let mut scope = Scope::default();
    let variants = operation
        .responses
        .iter()
        .zip(&helpers.responses)
        .map(|(response, bodies)| Variant {
            ident: scope.upper(&[status_words(&response.status.to_string())]),
            response,
            ty: variant_type(file, bodies.as_ref(), response),
            bodies: bodies.as_ref(),
            ranged: !matches!(response.status, StatusPattern::Code(_)),
        })
        .collect();
    (variants, scope.upper(&[words("undocumented"), words("undocumented response")]))
}

/// What stands in the variant of a response.
fn variant_type(file: &mut File<'_>, bodies: Option<&Ident>, response: &Response) -> Option<Code> {
    let body = bodies.map_or_else(|| body_type(file, response), |ident| Some(fragment!("{}", ident)));
    let Some(headers) = &response.headers else { return body };
    let headers = file.ty(&headers.ty);
    Some(body.map_or_else(|| headers.clone(), |body| fragment!("{}<{}, {}>", file.runtime("WithHeaders"), body, headers)))
}

/// The type of the one documented body.
fn body_type(file: &mut File<'_>, response: &Response) -> Option<Code> {
    match &response.payload {
        Payload::Empty => None,
        Payload::Raw => Some(file.runtime("RawResponse")),
        Payload::Bodies(bodies) => bodies.first().map(|(_, content)| content_type(file, content)),
    }
}

pub(super) fn content_type(file: &mut File<'_>, content: &Content) -> Code {
    match content {
        Content::Json(ty) => file.ty(ty),
        Content::Text => file.prelude("String", "::std::string::String"),
        _ => file.runtime("Bytes"),
    }
}

/// Writes the response enum and what stands in its variants.
pub(super) fn emit(file: &mut File<'_>, names: &OperationNames, helpers: &Helpers, operation: &Operation) {
    let (variants, undocumented) = variants(file, helpers, operation);
    let raw = file.runtime("RawResponse");
    let w = &file.words();
    let out = file.body();
    code!(out, "/// What [`{}`] is answered.", names.request);
    code!(out, "#[derive(Clone)]");
    code!(out, "pub enum {} {{", names.response);
    for variant in &variants {
        let mut doc = variant.response.doc.clone();
        let key = format!("`{}`", variant.response.status);
        doc.text = Some(doc.text.map_or_else(|| key.clone(), |text| format!("{key}: {text}")));
        docs::emit(out, 4, &doc);
        match (&variant.ty, variant.ranged) {
            (Some(ty), true) => code!(out, "    {}({}, {}),", variant.ident, w.runtime("StatusCode"), ty),
            (Some(ty), false) => code!(out, "    {}({}),", variant.ident, ty),
            (None, true) => code!(out, "    {}({}),", variant.ident, w.runtime("StatusCode")),
            (None, false) => code!(out, "    {},", variant.ident),
        }
    }
    code!(out, "    /// A status or content type that the document does not name.");
    code!(out, "    {}({}),", undocumented, raw);
    code!(out, "}}");
    code!(out);
    into_result(file, names, &variants);
    implementation(file, names, &variants, &undocumented);
    for variant in &variants {
        if let Some(ident) = variant.bodies {
            response_body::several(file, ident, variant.response);
        }
    }
}

/// `into_result`: the body of the one success, or the response as an error.
fn into_result(file: &mut File<'_>, names: &OperationNames, variants: &[Variant<'_>]) {
    let w = &file.words();
    let successes: Vec<&Variant<'_>> = variants
        .iter()
        .filter(|variant| matches!(variant.response.status, StatusPattern::Code(200..=299) | StatusPattern::Range(2)))
        .collect();
    let out = file.body();
    let [only] = successes.as_slice() else {
        // Several successes, or none that is documented as one: the status alone tells.
        code!(out, "impl {} {{", names.response);
        code!(out, "    /// Splits success from everything else, by status.");
        code!(out, "    ///");
        code!(out, "    /// # Errors");
        code!(out, "    ///");
        code!(out, "    /// Every response that is no success (2xx), as it is.");
        code!(out, "    pub fn into_result(self) -> {}<Self, Self> {{", w.prelude("Result", "::core::result::Result"));
        code!(out, "        let success = {}::status(&self).is_success();", w.runtime("OperationResponse"));
        code!(
            out,
            "        if success {{ {}(self) }} else {{ {}(self) }}",
            w.prelude("Ok", "::core::result::Result::Ok"),
            w.prelude("Err", "::core::result::Result::Err")
        );
        code!(out, "    }}");
        code!(out, "}}");
        code!(out);
        return;
    };
    let (ty, pattern, value) = match (&only.ty, only.ranged) {
        (Some(ty), false) => (ty.clone(), fragment!("Self::{}(body)", only.ident), fragment!("body")),
        (Some(ty), true) => (ty.clone(), fragment!("Self::{}(_, body)", only.ident), fragment!("body")),
        (None, false) => (fragment!("()"), fragment!("Self::{}", only.ident), fragment!("()")),
        (None, true) => (fragment!("()"), fragment!("Self::{}(_)", only.ident), fragment!("()")),
    };
    code!(out, "impl {} {{", names.response);
    code!(out, "    /// Splits the documented success from everything else.");
    code!(out, "    ///");
    code!(out, "    /// # Errors");
    code!(out, "    ///");
    code!(out, "    /// Every other response, as it is.");
    code!(out, "    pub fn into_result(self) -> {}<{}, Self> {{", w.prelude("Result", "::core::result::Result"), ty);
    code!(out, "        match self {{");
    code!(out, "            {} => {}({}),", pattern, w.prelude("Ok", "::core::result::Result::Ok"), value);
    code!(out, "            other => {}(other),", w.prelude("Err", "::core::result::Result::Err"));
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
}

fn implementation(file: &mut File<'_>, names: &OperationNames, variants: &[Variant<'_>], undocumented: &Ident) {
    let w = &file.words();
    let out = file.body();
    let parts = w.runtime("ResponseParts");
    code!(out, "impl {} for {} {{", w.runtime("OperationResponse"), names.response);
    code!(out, "    fn parts(&self) -> {}<'_> {{", parts);
    code!(out, "        match self {{");
    for variant in variants {
        let pattern = match (variant.ty.is_some(), variant.ranged) {
            (true, true) => fragment!("(status, value)"),
            (true, false) => fragment!("(value)"),
            (false, true) => fragment!("(status)"),
            (false, false) => Code::default(),
        };
        let status = match variant.response.status {
            StatusPattern::Code(code) => fragment!("{}", code),
            _ => fragment!("status.as_u16()"),
        };
        let start = fragment!("{}, {}", status, Text(variant.ident.as_str()));
        // What stands in the variant, where that is more than the body.
        let more = Fixed(if variant.ty.is_some() { ".of(value)" } else { "" });
        let made = match (&variant.response.payload, variant.bodies) {
            (Payload::Bodies(_), Some(_)) => {
                let content = Fixed(if variant.is_pair() { "value.body.content()" } else { "value.content()" });
                fragment!("{}::new({}, {}){}", parts, start, content, more)
            }
            (Payload::Bodies(bodies), None) => bodies.first().map_or_else(Code::default, |(_, content)| {
                let (value, more) = if variant.is_pair() { (Fixed("&value.body"), more) } else { (Fixed("value"), Fixed("")) };
                fragment!("{}::{}({}, {}){}", parts, body_reader(content), start, value, more)
            }),
            (Payload::Empty | Payload::Raw, _) => fragment!("{}::empty({}){}", parts, start, more),
        };
        code!(out, "            Self::{}{} => {},", variant.ident, pattern, made);
    }
    code!(out, "            Self::{}(raw) => {}::undocumented(raw),", undocumented, parts);
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
    code!(out, "wireproof_runtime::response!({});", names.response);
    code!(out);
}

/// What reads a kind of content in the runtime, and what it calls a response of that kind.
fn body_reader(content: &Content) -> Fixed {
    Fixed(match content {
        Content::Json(_) => "json",
        Content::Text => "text",
        _ => "bytes",
    })
}

/// The variant of the runtime's `ResponseBody` for a kind of content.
pub(super) fn body_variant(content: &Content) -> Fixed {
    Fixed(match content {
        Content::Json(_) => "Json",
        Content::Text => "Text",
        _ => "Bytes",
    })
}

/// Writes `decode`.
pub(super) fn decode(file: &mut File<'_>, names: &OperationNames, helpers: &Helpers, operation: &Operation) {
    let w = &file.words();
    let (variants, undocumented) = variants(file, helpers, operation);
    let out = file.body();
    code!(
        out,
        "    fn decode(response: {}) -> {}<Self::Response, {}> {{",
        w.runtime("RawResponse"),
        w.prelude("Result", "::core::result::Result"),
        w.runtime("DecodeError")
    );
    code!(out, "        response");
    code!(out, "            .reader()");
    for variant in &variants {
        cases(w, out, names, variant);
    }
    code!(out, "            .finish({}::{})", names.response, undocumented);
    code!(out, "    }}");
}

/// The cases of one variant: one per kind of body.
fn cases(w: &Words<'_>, out: &mut Code, names: &OperationNames, variant: &Variant<'_>) {
    let status = variant.response.status.to_string();
    let status = Text(&status);
    let target = fragment!("{}::{}", names.response, variant.ident);
    let first = if variant.ranged { fragment!("response.status(), ") } else { Code::default() };
    let exploded = variant.response.headers.as_ref().map(|headers| {
        let names = headers.exploded.iter().map(|name| fragment!("{}", Text(name)));
        fragment!("&[{}]", Code::join(names, ", "))
    });
    let Payload::Bodies(kinds) = &variant.response.payload else {
        let whole = match (&exploded, matches!(variant.response.payload, Payload::Raw), variant.ranged) {
            (Some(exploded), true, _) => fragment!("{}({}response.with_headers(response.clone(), {}))", target, first, exploded),
            (Some(exploded), false, false) => {
                code!(out, "            .headers({}, {}, {})", status, exploded, target);
                return;
            }
            (Some(exploded), false, true) => fragment!("{}({}response.typed_headers({}))", target, first, exploded),
            (None, true, false) => {
                code!(out, "            .raw({}, {})", status, target);
                return;
            }
            (None, true, true) => fragment!("{}({}response.clone())", target, first),
            (None, false, true) => fragment!("{}(response.status())", target),
            (None, false, false) => {
                code!(out, "            .empty({}, {})", status, target);
                return;
            }
        };
        code!(out, "            .with({}, |response| {})", status, whole);
        return;
    };
    let mut scope = Scope::default();
    for (media_types, content) in kinds {
        let list = match media_types.as_slice() {
            [only] if only == "application/json" => w.runtime("JSON"),
            all => fragment!("&[{}]", Code::join(all.iter().map(|name| fragment!("{}", Text(name))), ", ")),
        };
        if let (Some(exploded), Content::Json(_), None, false) = (&exploded, content, variant.bodies, variant.ranged) {
            code!(out, "            .json_and_headers({}, {}, {}, {})", status, list, exploded, target);
            continue;
        }
        // A constructor by its name where that is all, a closure where there is more to it.
        let mut made = fragment!("body");
        if let Some(ident) = variant.bodies {
            made = fragment!("{}::{}({})", ident, scope.upper(&[body_name(media_types, content)]), made);
        }
        if let Some(exploded) = &exploded {
            made = fragment!("response.with_headers({}, {})", made, exploded);
        }
        let (suffix, make) = match (exploded.is_some() || variant.ranged, variant.bodies) {
            (true, _) => ("_with", fragment!("|response, body| {}({}{})", target, first, made)),
            (false, Some(_)) => ("", fragment!("|body| {}({})", target, made)),
            (false, None) => ("", target.clone()),
        };
        code!(out, "            .{}{}({}, {}, {})", body_reader(content), Fixed(suffix), status, list, make);
    }
}

pub(super) fn body_name(media_types: &[String], content: &Content) -> Vec<String> {
    content_name(media_types.first().map_or("", String::as_str), content)
}
