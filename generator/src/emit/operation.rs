//! Operations: one struct per request, written into an HTTP request part by part. Responses are in `response.rs`.

use wireproof_openapi::{Location, Style};

use super::code::{Code, Docs, Fixed, OptionalText, Text, code, fragment};
use super::constraint;
use super::docs;
use super::file::{File, Words};
use super::response;
use super::struct_::is_convertible;
use crate::ir::{Body, BodyAlternative, Content, Operation, Parameter, ParameterStyle, Part, PartKind, PropertyEncoding};
use crate::naming::{Ident, OperationNames, Scope, words};

/// What a request struct holds beside its parameters.
struct Members {
    parameters: Vec<Ident>,
    body: Option<(Ident, Code)>,
}

/// Writes everything about one operation.
pub(super) fn emit(file: &mut File<'_>, names: &OperationNames, helpers: &Helpers, operation: &Operation) {
    let mut scope = Scope::default();
    let parameters = operation.parameters.iter().map(|parameter| parameter_name(&mut scope, operation, parameter)).collect();
    let body = operation.body.as_ref().map(|body| (scope.lower(&[words("body"), words("request body")]), body_type(file, helpers, body)));
    let members = Members { parameters, body };
    definition(file, names, operation, &members);
    constructor(file, names, operation, &members);
    implementation(file, names, helpers, operation, &members);
    if let Some(body) = &operation.body {
        body_definitions(file, helpers, body);
    }
    response::emit(file, names, helpers, operation);
}

/// The types that only emission makes for an operation.
pub(super) struct Helpers {
    /// The enum of several ways to send a body.
    pub(super) body: Option<Ident>,
    /// A struct per multipart alternative.
    pub(super) multipart: Vec<Option<Ident>>,
    /// Per response: the struct with its headers, the enum of its several bodies.
    pub(super) responses: Vec<(Option<Ident>, Option<Ident>)>,
}

/// A parameter by its name; where two of the operation share it, with its place.
fn parameter_name(scope: &mut Scope, operation: &Operation, parameter: &Parameter) -> Ident {
    let base = words(&parameter.name);
    let twins = operation.parameters.iter().filter(|other| words(&other.name).concat() == base.concat()).count();
    if twins > 1 && parameter.location != Location::Path {
        let mut placed = base;
        placed.insert(0, parameter.location.to_string());
        return scope.lower(&[placed]);
    }
    scope.lower(&[base])
}

fn definition(file: &mut File<'_>, names: &OperationNames, operation: &Operation, members: &Members) {
    let mut doc = operation.doc.clone();
    doc.notes.push(format!("`{} {}`", operation.method, operation.path.replace('`', "'")));
    docs::emit(file.body(), 0, &doc);
    let default = if members_are_optional(operation) { "Default, " } else { "" };
    code!(file.body(), "#[derive(Clone, Debug, {}PartialEq)]", Fixed(default));
    if operation.parameters.is_empty() && members.body.is_none() {
        code!(file.body(), "pub struct {} {{}}", names.request);
        code!(file.body());
        return;
    }
    code!(file.body(), "pub struct {} {{", names.request);
    for (parameter, name) in operation.parameters.iter().zip(&members.parameters) {
        let mut doc = parameter.doc.clone();
        doc.text.get_or_insert_with(|| format!("The {} parameter `{}`.", parameter.location, parameter.name.replace('`', "'")));
        docs::emit(file.body(), 4, &doc);
        let ty = file.ty(&parameter.ty);
        let ty = if parameter.required { ty } else { file.option(&ty) };
        code!(file.body(), "    pub {}: {},", name, ty);
    }
    if let (Some((name, ty)), Some(body)) = (&members.body, &operation.body) {
        let mut doc = body.doc.clone();
        doc.text.get_or_insert_with(|| "The body.".to_owned());
        docs::emit(file.body(), 4, &doc);
        let ty = if body.required { ty.clone() } else { file.option(ty) };
        code!(file.body(), "    pub {}: {},", name, ty);
    }
    code!(file.body(), "}}");
    code!(file.body());
}

fn members_are_optional(operation: &Operation) -> bool {
    operation.parameters.iter().all(|parameter| !parameter.required) && operation.body.as_ref().is_none_or(|body| !body.required)
}

/// `new` with what is required.
fn constructor(file: &mut File<'_>, names: &OperationNames, operation: &Operation, members: &Members) {
    let w = &file.words();
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    let none = file.prelude("None", "::core::option::Option::None");
    for (parameter, name) in operation.parameters.iter().zip(&members.parameters) {
        if !parameter.required {
            values.push(fragment!("{}: {}", name, none));
            continue;
        }
        let ty = file.ty(&parameter.ty);
        if is_convertible(&parameter.ty) {
            parameters.push(fragment!("{}: impl {}<{}>", name, w.prelude("Into", "::core::convert::Into"), ty));
            values.push(fragment!("{}: {}.into()", name, name));
        } else {
            parameters.push(fragment!("{}: {}", name, ty));
            values.push(fragment!("{}", name));
        }
    }
    if let (Some((name, ty)), Some(body)) = (&members.body, &operation.body) {
        if body.required {
            parameters.push(fragment!("{}: {}", name, ty));
            values.push(fragment!("{}", name));
        } else {
            values.push(fragment!("{}: {}", name, none));
        }
    }
    if members_are_optional(operation) {
        // `Default` says the same; `new` is there so that every operation begins alike.
        let body = file.body();
        code!(body, "impl {} {{", names.request);
        code!(body, "    /// Nothing but what every request has.");
        code!(body, "    pub fn new() -> Self {{");
        code!(body, "        Self::default()");
        code!(body, "    }}");
        code!(body, "}}");
        code!(body);
        return;
    }
    let out = file.body();
    code!(out, "impl {} {{", names.request);
    code!(out, "    /// With what is required.");
    code!(out, "    pub fn new({}) -> Self {{", Code::join(parameters, ", "));
    code!(out, "        Self {{");
    for value in values {
        code!(out, "            {},", value);
    }
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
}

fn implementation(file: &mut File<'_>, names: &OperationNames, helpers: &Helpers, operation: &Operation, members: &Members) {
    let w = &file.words();
    let out = file.body();
    code!(out, "impl {} for {} {{", w.runtime("Operation"), names.request);
    code!(out, "    type Response = {};", names.response);
    code!(out);
    info(file, names, operation);
    let out = file.body();
    code!(out);
    let unused = operation.parameters.is_empty() && members.body.is_none();
    code!(out, "    fn encode(&self, {}: &mut {}) {{", Fixed(if unused { "_" } else { "request" }), w.runtime("RequestBuilder"));
    for (parameter, name) in operation.parameters.iter().zip(&members.parameters) {
        write_parameter(file, parameter, name);
    }
    if let (Some((name, _)), Some(body)) = (&members.body, &operation.body) {
        write_body(file, helpers, body, name);
    }
    let out = file.body();
    code!(out, "    }}");
    code!(out);
    response::decode(file, names, helpers, operation);
    code!(file.body(), "}}");
    code!(file.body());
}

fn info(file: &mut File<'_>, names: &OperationNames, operation: &Operation) {
    let w = &file.words();
    let bodies = Code::join(bodies(file, operation), "");
    let out = file.body();
    code!(out, "    const INFO: {} = {} {{", w.runtime("OperationInfo"), w.runtime("OperationInfo"));
    code!(out, "        id: {},", OptionalText(operation.id.as_deref()));
    code!(out, "        method: {},", Text(&operation.method));
    code!(out, "        path: {},", Text(&operation.path));
    let alternatives = operation.security.iter().map(|schemes| {
        let uses = schemes.iter().map(|(scheme, scopes)| {
            let scopes = Code::join(scopes.iter().map(|scope| fragment!("{}", Text(scope))), ", ");
            fragment!("{} {{ scheme: {}, scopes: &[{}] }}", w.runtime("SecurityUse"), Text(scheme), scopes)
        });
        fragment!("&[{}]", Code::join(uses, ", "))
    });
    code!(out, "        security: &[{}],", Code::join(alternatives, ", "));
    code!(out, "        security_schemes: super::super::SECURITY_SCHEMES,");
    code!(out, "        deprecated: {},", operation.doc.deprecated);
    let parameters = parameters(w, operation);
    if parameters.is_empty() {
        code!(out, "        parameters: &[],");
    } else {
        code!(out, "        parameters: &[");
        out.push(&Code::join(parameters, ""));
        code!(out, "        ],");
    }
    if bodies.is_empty() {
        code!(out, "        bodies: &[],");
    } else {
        code!(out, "        bodies: &[");
        out.push(&bodies);
        code!(out, "        ],");
    }
    code!(out, "        round_trip: wireproof_runtime::round_trip::<{}>,", names.request);
    code!(out, "    }};");
}

/// The parameters of which more is asked than their types say, one line each.
fn parameters(w: &Words<'_>, operation: &Operation) -> Vec<Code> {
    let asked = operation.parameters.iter().filter_map(|parameter| Some((parameter, parameter.constraints.as_ref()?)));
    let lines = asked.map(|(parameter, constraints)| {
        let location = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let mut line = Code::default();
        code!(
            line,
            "            {} {{ location: {}, name: {}, constraints: {} }},",
            w.runtime("ParameterInfo"),
            Text(location),
            Text(&parameter.name),
            constraint::list(w, constraints, &[])
        );
        line
    });
    lines.collect()
}

/// The ways to send the body, one line each.
fn bodies(file: &mut File<'_>, operation: &Operation) -> Vec<Code> {
    let w = &file.words();
    let none = w.prelude("None", "::core::option::Option::None");
    let some = w.prelude("Some", "::core::option::Option::Some");
    let alternatives = operation.body.iter().flat_map(|body| &body.alternatives);
    let lines = alternatives.map(|alternative| {
        let names = std::iter::once(&alternative.media_type).chain(&alternative.other_names);
        let names = Code::join(names.map(|name| fragment!("{}", Text(name))), ", ");
        let constraints = alternative.constraints.as_ref();
        let constraints = constraints.map_or_else(|| none.clone(), |asked| fragment!("{}({})", some, constraint::list(w, asked, &[])));
        let round_trip = match &alternative.content {
            Content::Json(ty) => fragment!("{}(wireproof_runtime::body_round_trip::<{}>)", some, file.ty(ty)),
            _ => none.clone(),
        };
        let mut line = Code::default();
        code!(
            line,
            "            {} {{ media_types: &[{}], constraints: {}, round_trip: {} }},",
            w.runtime("BodyInfo"),
            names,
            constraints,
            round_trip
        );
        line
    });
    lines.collect()
}

fn write_parameter(file: &mut File<'_>, parameter: &Parameter, name: &Ident) {
    let w = &file.words();
    let out = file.body();
    let wire = Text(&parameter.name);
    match (parameter.location, parameter.style) {
        (Location::Query, ParameterStyle::Json) => code!(out, "        request.query_content({}, &self.{});", wire, name),
        (Location::Path, ParameterStyle::Json) => code!(out, "        request.path_content({}, &self.{});", wire, name),
        (Location::Header, ParameterStyle::Json) => code!(out, "        request.header_content({}, &self.{});", wire, name),
        (Location::Cookie, ParameterStyle::Json) => code!(out, "        request.cookie_content({}, &self.{});", wire, name),
        (Location::Path, ParameterStyle::Style { style, explode, .. }) => {
            let style = match style {
                Style::Matrix => "Matrix",
                Style::Label => "Label",
                _ => "Simple",
            };
            code!(out, "        request.path({}, {}::{}, {}, &self.{});", wire, w.runtime("PathStyle"), Fixed(style), explode, name);
        }
        (Location::Query, ParameterStyle::Style { style, explode, allow_reserved }) => {
            let style = query_style(style);
            code!(
                out,
                "        request.query({}, {}::{}, {}, {}, &self.{});",
                wire,
                w.runtime("QueryStyle"),
                Fixed(style),
                explode,
                allow_reserved,
                name
            );
        }
        (Location::Header, ParameterStyle::Style { explode, .. }) => {
            code!(out, "        request.header({}, {}, &self.{});", wire, explode, name);
        }
        (Location::Cookie, ParameterStyle::Style { explode, .. }) => {
            code!(out, "        request.cookie({}, {}, &self.{});", wire, explode, name);
        }
    }
}

fn query_style(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
        _ => "Form",
    }
}

/// The type of the body field.
fn body_type(file: &mut File<'_>, helpers: &Helpers, body: &Body) -> Code {
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

fn write_body(file: &mut File<'_>, helpers: &Helpers, body: &Body, name: &Ident) {
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
                let call = body_call(file, only, &reference);
                code!(file.body(), "{}{};", Fixed(indent), call);
            }
        }
        Some(ident) => {
            let variants = variants(body);
            code!(file.body(), "{}match {} {{", Fixed(indent), reference);
            for (alternative, variant) in body.alternatives.iter().zip(variants) {
                let call = body_call(file, alternative, &fragment!("body"));
                let out = file.body();
                code!(out, "{}    {}::{}(body) => {},", Fixed(indent), ident, variant, call);
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

fn body_call(file: &File<'_>, alternative: &BodyAlternative, value: &Code) -> Code {
    let media_type = Text(&alternative.media_type);
    match &alternative.content {
        Content::Json(_) => fragment!("request.json({}, {})", media_type, value),
        Content::Form(_) if alternative.encodings.is_empty() => fragment!("request.form({}, {})", media_type, value),
        Content::Form(_) => {
            let encodings = alternative.encodings.iter().map(|encoding| property_encoding(&file.words(), encoding));
            fragment!("request.form_with({}, {}, &[{}])", media_type, value, Code::join(encodings, ", "))
        }
        Content::Multipart(_) => fragment!("request.multipart({}, &({}).to_multipart())", media_type, value),
        Content::Text => fragment!("request.text({}, {})", media_type, value),
        Content::Binary => fragment!("request.bytes({}, ({}).clone())", media_type, value),
    }
}

/// How a property of a form is written.
fn property_encoding(w: &Words<'_>, encoding: &PropertyEncoding) -> Code {
    fragment!(
        "{} {{ property: {}, content_type: {}, style: {}::{}, explode: {}, allow_reserved: {} }}",
        w.runtime("EncodingInfo"),
        Text(&encoding.property),
        OptionalText(encoding.content_type.as_deref()),
        w.runtime("QueryStyle"),
        Fixed(query_style(encoding.style)),
        encoding.explode,
        encoding.allow_reserved
    )
}

/// The enum of several ways to send a body, and the structs of multipart ones.
fn body_definitions(file: &mut File<'_>, helpers: &Helpers, body: &Body) {
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
    let names: Vec<Ident> = parts.iter().map(|part| scope.lower(&[words(&part.name)])).collect();
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
