//! Operations: one struct per request, written into an HTTP request part by part. Bodies are in `request_body.rs`,
//! responses in `response.rs`.

use wireproof_openapi::{Location, Style};

use super::code::{Code, Fixed, Text, code, fragment};
use super::constraint;
use super::docs;
use super::file::{File, Words};
use super::request_body;
use super::response;
use super::struct_::argument;
use crate::ir::{BodyAlternative, Content, Operation, Parameter, ParameterStyle};
use crate::naming::{Ident, OperationNames, Scope, words};

/// What a request struct holds beside its parameters.
struct Members {
    parameters: Vec<Ident>,
    body: Option<(Ident, Code)>,
}

/// Writes everything about one operation.
pub(super) fn emit(file: &mut File<'_>, names: &OperationNames, helpers: &Helpers, operation: &Operation) {
    let mut scope = Scope::default();
    let parameters = parameter_names(&mut scope, operation);
    let body = operation
        .body
        .as_ref()
        .map(|body| (scope.lower(&[words("body"), words("request body")]), request_body::member_type(file, helpers, body)));
    let members = Members { parameters, body };
    definition(file, names, operation, &members);
    constructor(file, names, operation, &members);
    implementation(file, names, helpers, operation, &members);
    if let Some(body) = &operation.body {
        request_body::definitions(file, helpers, body);
    }
    response::emit(file, names, helpers, operation);
}

/// The types that only emission makes for an operation.
pub(super) struct Helpers {
    /// The enum of several ways to send a body.
    pub(super) body: Option<Ident>,
    /// A struct per multipart alternative.
    pub(super) multipart: Vec<Option<Ident>>,
    /// Per response: the enum of its several bodies.
    pub(super) responses: Vec<Option<Ident>>,
}

impl Helpers {
    /// The names of all of them.
    pub(super) fn idents(&self) -> impl Iterator<Item = &Ident> {
        self.body.iter().chain(self.multipart.iter().flatten()).chain(self.responses.iter().flatten())
    }
}

/// Parameters by their names; where two in different places share one, with its place, which those of the path need not say.
fn parameter_names(scope: &mut Scope, operation: &Operation) -> Vec<Ident> {
    let parameters: Vec<(&Parameter, Vec<String>)> =
        operation.parameters.iter().map(|parameter| (parameter, words(&parameter.name))).collect();
    let places: Vec<(Location, String)> = parameters.iter().map(|(parameter, words)| (parameter.location, words.concat())).collect();
    let is_placed = |parameter: &Parameter, words: &[String]| {
        let is_twin = |(place, name): &(Location, String)| *place != parameter.location && *name == words.concat();
        parameter.location != Location::Path && places.iter().any(is_twin)
    };
    let plain = parameters.iter().filter(|(parameter, words)| !is_placed(parameter, words));
    let mut plain = scope.members(plain.map(|(parameter, _)| parameter.name.as_str())).into_iter();
    let mut name = |(parameter, mut words): (&Parameter, Vec<String>)| {
        if !is_placed(parameter, &words) {
            return plain.next();
        }
        words.insert(0, parameter.location.to_string());
        Some(scope.lower(&[words]))
    };
    parameters.into_iter().filter_map(&mut name).collect()
}

fn definition(file: &mut File<'_>, names: &OperationNames, operation: &Operation, members: &Members) {
    let mut doc = operation.doc.clone();
    doc.notes.push(format!("`{} {}`", operation.method, operation.path.replace('`', "'")));
    docs::emit(file.body(), 0, &doc);
    let default = if members_are_optional(operation) { ", Default" } else { "" };
    code!(file.body(), "#[derive(Clone{})]", Fixed(default));
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
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    let none = file.prelude("None", "::core::option::Option::None");
    for (parameter, name) in operation.parameters.iter().zip(&members.parameters) {
        if !parameter.required {
            values.push(fragment!("{}: {}", name, none));
            continue;
        }
        let (argument, value) = argument(file, name, &parameter.ty);
        parameters.extend(argument);
        values.push(value);
    }
    if let (Some((name, ty)), Some(body)) = (&members.body, &operation.body) {
        if !body.required {
            values.push(fragment!("{}: {}", name, none));
        } else if let [BodyAlternative { content: Content::Json(plain) | Content::Form(plain), .. }] = body.alternatives.as_slice() {
            let (argument, value) = argument(file, name, plain);
            parameters.extend(argument);
            values.push(value);
        } else {
            parameters.push(fragment!("{}: {}", name, ty));
            values.push(fragment!("{}", name));
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
    code!(out, "    pub fn new({}) -> Self {{", Code::rows(parameters, 8, "    pub fn new() -> Self {".len()));
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
    encode(file, helpers, operation, members);
    code!(file.body());
    response::decode(file, names, helpers, operation);
    code!(file.body(), "}}");
    code!(file.body());
    code!(file.body(), "wireproof_runtime::operation!({});", names.request);
    code!(file.body());
}

/// Writes `encode`.
fn encode(file: &mut File<'_>, helpers: &Helpers, operation: &Operation, members: &Members) {
    let builder = file.runtime("RequestBuilder");
    if operation.parameters.is_empty() && members.body.is_none() {
        code!(file.body(), "    fn encode(&self, _: &mut {}) {{}}", builder);
        return;
    }
    code!(file.body(), "    fn encode(&self, request: &mut {}) {{", builder);
    for (parameter, name) in operation.parameters.iter().zip(&members.parameters) {
        write_parameter(file, parameter, name);
    }
    if let (Some((name, _)), Some(body)) = (&members.body, &operation.body) {
        request_body::write(file, helpers, body, name);
    }
    code!(file.body(), "    }}");
}

fn info(file: &mut File<'_>, names: &OperationNames, operation: &Operation) {
    let w = &file.words();
    let bodies = request_body::info(file, operation);
    let out = file.body();
    code!(out, "    const INFO: {} = {} {{", w.runtime("OperationInfo"), w.runtime("OperationInfo"));
    code!(out, "        id: {},", w.optional_text(operation.id.as_deref()));
    code!(out, "        method: {},", Text(&operation.method));
    code!(out, "        path: {},", Text(&operation.path));
    let alternatives = operation.security.iter().map(|schemes| {
        let uses = schemes.iter().map(|(scheme, scopes)| {
            let scopes = Code::join(scopes.iter().map(|scope| fragment!("{}", Text(scope))), ", ");
            fragment!("{} {{ scheme: {}, scopes: &[{}] }}", w.runtime("SecurityUse"), Text(scheme), scopes)
        });
        fragment!("&[{}]", Code::join(uses, ", "))
    });
    code!(out, "        security: &[{}],", Code::rows(alternatives, 12, "        security: &[],".len()));
    code!(out, "        security_schemes: super::super::SECURITY_SCHEMES,");
    code!(out, "        deprecated: {},", operation.doc.deprecated);
    records(out, "parameters", parameters(w, operation));
    records(out, "bodies", bodies);
    code!(out, "        round_trip: wireproof_runtime::round_trip::<{}>,", names.request);
    code!(out, "    }};");
}

/// A member that is a list of records.
fn records(out: &mut Code, member: &'static str, records: Vec<Code>) {
    if records.is_empty() {
        code!(out, "        {}: &[],", Fixed(member));
        return;
    }
    code!(out, "        {}: &[", Fixed(member));
    for record in records {
        code!(out, "            {},", record);
    }
    code!(out, "        ],");
}

/// The parameters of which more is asked than their types say.
fn parameters(w: &Words<'_>, operation: &Operation) -> Vec<Code> {
    let asked = operation.parameters.iter().filter_map(|parameter| Some((parameter, parameter.constraints.as_ref()?)));
    let records = asked.map(|(parameter, constraints)| {
        let location = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let members = [
            fragment!("location: {}", Text(location)),
            fragment!("name: {}", Text(&parameter.name)),
            fragment!("constraints: {}", constraint::list(w, constraints)),
        ];
        Code::record(&w.runtime("ParameterInfo"), members, 12)
    });
    records.collect()
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
            if style == "Simple" && !explode {
                code!(out, "        request.path({}, &self.{});", wire, name);
                return;
            }
            let ty = w.runtime("PathStyle");
            code!(out, "        request.path_in_style({}, {}::{}, {}, &self.{});", wire, ty, Fixed(style), explode, name);
        }
        (Location::Query, ParameterStyle::Style { style, explode, allow_reserved }) => {
            let style = query_style(style);
            if style == "Form" && explode && !allow_reserved {
                code!(out, "        request.query({}, &self.{});", wire, name);
                return;
            }
            let ty = w.runtime("QueryStyle");
            code!(
                out,
                "        request.query_in_style({}, {}::{}, {}, {}, &self.{});",
                wire,
                ty,
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

pub(super) fn query_style(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "SpaceDelimited",
        Style::PipeDelimited => "PipeDelimited",
        Style::DeepObject => "DeepObject",
        _ => "Form",
    }
}
