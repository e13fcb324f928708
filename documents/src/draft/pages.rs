//! Pages without OpenAPI to a document: operations from headings and examples, parameters and fields from tables, components and
//! lines, responses from JSON examples and tables of errors. What a page states is `documented`, what only its examples show is `example`,
//! and the rest is `assumed` and told as missing.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use wireproof_openapi::Position;

use super::Drafted;
use super::document::{Evidence, OperationOutline, Outline, ParameterOutline, ResponseOutline};
use super::schema::{is_code, is_data, schema};
use super::shape::Shape;
use super::statement::{always, annotate, listed, of_type};
use crate::page::{Call, ErrorCode, Example, Field, FieldKind, Half, Page, Place};

/// An operation as pages speak of it.
#[derive(Default)]
struct Spoken {
    summary: Option<String>,
    description: Option<String>,
    examples: Vec<Call>,
    fields: Vec<Field>,
    errors: Vec<ErrorCode>,
    bodies: Vec<(Example, Position)>,
    place: Option<Position>,
}

/// Drafts a document from pages.
pub fn from_pages(pages: &[Page], title: &str) -> Drafted {
    let mut outline = Outline {
        title: title.to_owned(),
        description: "Drafted from the vendor's pages. Every node says what it rests on.".to_owned(),
        ..Outline::default()
    };
    let mut operations: IndexMap<(String, String), Spoken> = IndexMap::new();
    for page in pages {
        read(page, &mut operations, &mut outline);
    }
    if outline.servers.is_empty() {
        outline.missing.push("no page names a host: `servers` is missing".to_owned());
    }
    for ((method, path), spoken) in operations {
        let operation = spoken.outline(method, path, &mut outline);
        outline.operations.push(operation);
    }
    if outline.security.is_empty() {
        outline.missing.push("no page says how requests are authorised: `security` is missing".to_owned());
    }
    Drafted { document: outline.document(), missing: outline.missing }
}

/// Takes down what a page says, by operation.
fn read(page: &Page, operations: &mut IndexMap<(String, String), Spoken>, outline: &mut Outline) {
    let calls = page.calls();
    let fields = page.fields();
    let (examples, unreadable) = page.examples();
    for (line, reason) in unreadable {
        outline.missing.push(format!("{reason} ({})", page.position(line)));
    }
    let names: Vec<&str> =
        fields.iter().filter(|field| field.kind == FieldKind::Parameter(Place::Path)).map(|field| field.name.as_str()).collect();
    let mut keys: Vec<(u32, (String, String))> = Vec::new();
    for call in &calls {
        let known = keys
            .iter()
            .find(|(_, (method, path))| *method == call.method && crate::page::fits(path, &path_of(page, call)))
            .map(|(_, key)| key.clone());
        let key = known.unwrap_or_else(|| (call.method.clone(), template(&path_of(page, call), &names)));
        if let Some(server) = server_of(page, call) {
            outline.servers.entry(server).or_insert_with(|| format!("From {}.", page.position(call.line)));
        }
        let spoken = operations.entry(key.clone()).or_default();
        if call.example {
            spoken.examples.push(call.clone());
        }
        keys.push((call.line, key));
    }
    let Some((_, first)) = keys.first().cloned() else {
        outline.missing.push(format!("`{}` names no method and path", page.source().path));
        return;
    };
    let one = keys.iter().all(|(_, key)| *key == first);
    // What stands above any request of a page belongs to the first one.
    let of_line = |line: u32| {
        if one {
            first.clone()
        } else {
            keys.iter().rev().find(|(known, _)| *known <= line).map_or_else(|| first.clone(), |(_, key)| key.clone())
        }
    };
    if one {
        let spoken = operations.entry(first.clone()).or_default();
        spoken.summary = spoken.summary.take().or_else(|| page.title());
        spoken.description = spoken.description.take().or_else(|| page.lead());
        spoken.place = Some(page.position(1));
    }
    for field in fields {
        operations.entry(of_line(field.line)).or_default().fields.push(field);
    }
    for error in page.errors() {
        operations.entry(of_line(error.line)).or_default().errors.push(error);
    }
    for example in examples {
        let place = page.position(example.line);
        operations.entry(of_line(example.line)).or_default().bodies.push((example, place));
    }
}

/// The path of a call below the server that the page names.
fn path_of(page: &Page, call: &Call) -> String {
    let path = call.template();
    let base = server_of(page, call).and_then(|server| {
        let (_, rest) = server.split_once("://")?;
        rest.find('/').and_then(|at| rest.get(at..)).map(str::to_owned)
    });
    base.and_then(|base| path.strip_prefix(base.as_str()).map(str::to_owned)).unwrap_or(path)
}

/// The server of a call: the longest URL in the page's code that its own begins with, else scheme and host.
fn server_of(page: &Page, call: &Call) -> Option<String> {
    let origin = call.origin()?;
    let is_base = |url: &&str| {
        let rest = call.url.strip_prefix(*url);
        let words = url.get(origin.len()..).unwrap_or_default().split('/').all(|step| !is_data(step) && !step.contains(['{', ':', '<']));
        url.starts_with(origin) && url.len() < call.url.len() && rest.is_some_and(|rest| rest.starts_with('/')) && words
    };
    let urls = page.urls();
    let base = urls.iter().map(|url| url.trim_end_matches('/')).filter(is_base).max_by_key(|url| url.len());
    Some(base.unwrap_or(origin).to_owned())
}

/// A path with its data named: by the page's path parameters, in order, where there are as many.
fn template(path: &str, names: &[&str]) -> String {
    if path.contains('{') {
        return path.to_owned();
    }
    let data = path.split('/').filter(|step| is_data(step)).count();
    let mut names = names.iter().filter(|_| names.len() == data);
    let steps = path.split('/').map(|step| if is_data(step) { format!("{{{}}}", names.next().unwrap_or(&"id")) } else { step.to_owned() });
    steps.collect::<Vec<_>>().join("/")
}

impl Spoken {
    fn outline(self, method: String, path: String, outline: &mut Outline) -> OperationOutline {
        let label = format!("{method} {path}");
        let mut operation = OperationOutline {
            method,
            path,
            summary: self.summary.clone(),
            description: self.description.clone(),
            ..OperationOutline::default()
        };
        self.credentials(&mut operation, outline);
        self.parameters(&mut operation, &label, outline);
        self.request(&mut operation);
        self.responses(&mut operation, &label, outline);
        operation
    }

    /// The credentials that examples and tables of headers show.
    fn credentials(&self, operation: &mut OperationOutline, outline: &mut Outline) {
        let shown = self.examples.iter().flat_map(|call| call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let stated = self
            .fields
            .iter()
            .filter(|field| field.kind == FieldKind::Parameter(Place::Header))
            .map(|field| (field.name.as_str(), field.description.as_str()));
        for (name, value) in shown.chain(stated) {
            let Some((key, mut scheme)) = super::scheme::scheme(name, value) else { continue };
            if let Some(scheme) = scheme.as_object_mut() {
                scheme.insert("x-evidence".to_owned(), json!(Evidence::Documented.name()));
            }
            outline.security.entry(key.clone()).or_insert(scheme);
            operation.security.insert(key);
        }
    }

    fn parameters(&self, operation: &mut OperationOutline, label: &str, outline: &mut Outline) {
        for field in &self.fields {
            let FieldKind::Parameter(place) = field.kind else { continue };
            let secret = place == Place::Header && super::scheme::scheme(&field.name, &field.description).is_some();
            let known = operation.parameters.iter().any(|known| known.place == place && known.name == field.name);
            if place == Place::Body || secret || known || (place == Place::Header && is_of_http(&field.name)) {
                continue;
            }
            let example = self.value_of(place, &field.name, &operation.path);
            let (schema, commas) = parameter_schema(field, example.as_deref());
            let example = example.map(|text| if commas { json!(text.split(',').collect::<Vec<_>>()) } else { json!(text) });
            operation.parameters.push(ParameterOutline {
                place,
                name: field.name.clone(),
                required: place == Place::Path || field.required == Some(true),
                description: Some(field.description.clone()),
                evidence: Evidence::Documented,
                schema,
                commas,
                // An example that is no text would need its type; the page's words for it stay in the description.
                example: example.filter(|_| place != Place::Header),
            });
        }
        for name in variables(&operation.path) {
            if !operation.parameters.iter().any(|known| known.place == Place::Path && known.name == name) {
                outline.missing.push(format!("the path variable `{name}` of `{label}` is not described"));
                let schema = json!({"type": "string", "x-evidence": "assumed"});
                operation.parameters.push(ParameterOutline {
                    place: Place::Path,
                    name,
                    required: true,
                    description: None,
                    evidence: Evidence::Assumed,
                    schema,
                    commas: false,
                    example: None,
                });
            }
        }
    }

    /// The value that an example of the page has for a parameter.
    fn value_of(&self, place: Place, name: &str, template: &str) -> Option<String> {
        self.examples.iter().find_map(|call| match place {
            Place::Path => {
                let skipped = call.path().split('/').count().checked_sub(template.split('/').count())?;
                let position =
                    template.split('/').position(|step| step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) == Some(name))?;
                call.path().split('/').nth(position + skipped).filter(|step| !step.starts_with([':', '{', '<'])).map(str::to_owned)
            }
            Place::Query => call
                .query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned()),
            Place::Header | Place::Cookie | Place::Body => None,
        })
    }

    fn request(&self, operation: &mut OperationOutline) {
        let mut shape = Shape::default();
        let shown = self.bodies.iter().filter(|(example, _)| example.half == Half::Request).map(|(example, _)| example.value.clone());
        let sent = self.examples.iter().filter_map(|call| serde_json::from_str::<Value>(call.body.as_deref()?).ok());
        shown.chain(sent).for_each(|value| shape.take(&value));
        let fields: Vec<&Field> = self.fields.iter().filter(|field| field.kind == FieldKind::Parameter(Place::Body)).collect();
        if shape.seen == 0 && fields.is_empty() {
            return;
        }
        let mut body = if shape.seen == 0 { json!({"type": "object", "x-evidence": "documented"}) } else { schema(&shape) };
        // Of what is sent, only what the page says to be required is.
        if !fields.is_empty() {
            forget_required(&mut body);
        }
        for field in fields {
            annotate(&mut body, field);
        }
        operation.request.insert("application/json".to_owned(), body);
        operation.request_required = true;
    }

    fn responses(&self, operation: &mut OperationOutline, label: &str, outline: &mut Outline) {
        let mut answers: BTreeMap<u16, (Shape, Vec<&Example>, bool)> = BTreeMap::new();
        for (example, _) in self.bodies.iter().filter(|(example, _)| example.half == Half::Response) {
            let (shape, examples, stated) = answers.entry(example.status.unwrap_or(200)).or_default();
            shape.take(&example.value);
            examples.push(example);
            *stated |= example.status.is_some();
        }
        let fields: Vec<&Field> = self.fields.iter().filter(|field| field.kind == FieldKind::Response).collect();
        for field in &fields {
            answers.entry(field.status.unwrap_or(200)).or_default().2 |= field.status.is_some();
        }
        if !answers.keys().any(|status| (200..400).contains(status)) {
            answers.entry(200).or_default();
            outline.missing.push(format!("no page shows what `{label}` answers"));
        }
        for (status, (shape, examples, stated)) in answers {
            let mut body = if shape.seen == 0 { json!({"x-evidence": "assumed"}) } else { schema(&shape) };
            for field in fields.iter().filter(|field| field.status.unwrap_or(200) == status) {
                annotate(&mut body, field);
                if let Some(value) = always(&field.description) {
                    super::statement::fix(&mut body, &field.name, &value);
                }
            }
            if status < 400 {
                self.asked_for(&mut body);
            }
            let mut description = self
                .error_text(status)
                .unwrap_or_else(|| if status < 400 { "What is answered.".to_owned() } else { "An error.".to_owned() });
            if !stated {
                description.push_str(" The status is nowhere stated, and assumed to be 200.");
                outline.missing.push(format!("no page states the status of a success of `{label}`; 200 is assumed"));
            }
            if let [_] = examples.as_slice() {
                outline.missing.push(format!("a {status} of `{label}` has one example only: what is required in it is a guess"));
            }
            let mut response = ResponseOutline {
                description,
                evidence: if stated { Evidence::Documented } else { Evidence::Assumed },
                ..ResponseOutline::default()
            };
            if shape.seen > 0 || fields.iter().any(|field| field.status.unwrap_or(200) == status) {
                nulls(&body, "", label, &mut outline.missing);
                response.content.insert("application/json".to_owned(), (body, examples.first().map(|example| example.value.clone())));
            }
            operation.responses.insert(status, response);
        }
        for error in &self.errors {
            if operation.responses.contains_key(&error.status) {
                continue;
            }
            outline.missing.push(format!("the body of a {} of `{label}` is not shown", error.status));
            let description = self.error_text(error.status).unwrap_or_default();
            operation
                .responses
                .insert(error.status, ResponseOutline { description, evidence: Evidence::Documented, ..ResponseOutline::default() });
        }
        if !operation.responses.keys().any(|status| *status >= 400) {
            outline.missing.push(format!("no page shows an error of `{label}`"));
        }
    }

    /// Where a list in the query names members of the answer, these come when they are asked for, and need not be there otherwise.
    fn asked_for(&self, body: &mut Value) {
        let lists = self.fields.iter().filter(|field| field.kind == FieldKind::Parameter(Place::Query));
        for (name, words) in lists.map(|field| (&field.name, listed(&field.description))).filter(|(_, words)| !words.is_empty()) {
            super::statement::optional(body, name, &words);
        }
    }

    /// What tables of errors say of a status.
    fn error_text(&self, status: u16) -> Option<String> {
        let rows = self.errors.iter().filter(|error| error.status == status);
        let text = |error: &ErrorCode| match &error.code {
            Some(code) => format!("`{code}`: {}.", error.description.trim_end_matches('.')),
            None => format!("{}.", error.description.trim_end_matches('.')),
        };
        let texts: Vec<String> = rows.map(text).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }
}

/// Headers that OpenAPI describes by other means, or HTTP itself.
fn is_of_http(name: &str) -> bool {
    ["authorization", "content-type", "accept", "host", "user-agent"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The schema of a parameter, and whether it is a list with commas.
fn parameter_schema(field: &Field, example: Option<&str>) -> (Value, bool) {
    let mut schema = of_type(field.type_name.as_deref(), &field.description);
    let words = listed(&field.description);
    let commas = field.kind == FieldKind::Parameter(Place::Query)
        && example.is_some_and(|value| value.contains(',') && value.split(',').all(is_code));
    if commas || schema.get("type") == Some(&json!("array")) && field.kind == FieldKind::Parameter(Place::Query) && !words.is_empty() {
        let mut items = json!({"type": "string", "x-evidence": "documented"});
        let all = example.is_none_or(|value| value.split(',').all(|word| words.iter().any(|known| known == word)));
        if let Some(items) = items.as_object_mut().filter(|_| !words.is_empty() && all) {
            items.insert("enum".to_owned(), json!(words));
        }
        return (json!({"type": "array", "items": items, "x-evidence": "documented"}), commas);
    }
    if field.description.to_ascii_lowercase().contains("one of")
        && !words.is_empty()
        && let Some(schema) = schema.as_object_mut()
    {
        schema.insert("enum".to_owned(), json!(words));
    }
    (schema, false)
}

/// The names of the variables of a path.
fn variables(path: &str) -> Vec<String> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

/// Takes `required` off a schema and what is below it.
fn forget_required(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("required").is_some_and(Value::is_array) {
                members.shift_remove("required");
            }
            members.values_mut().for_each(forget_required);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_required),
        _ => {}
    }
}

/// Tells of members of which only null was seen.
fn nulls(schema: &Value, at: &str, label: &str, missing: &mut Vec<String>) {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter);
    let names: Vec<&String> = properties
        .clone()
        .filter(|(_, property)| property.get("type").is_none() && property.get("nullable").is_some())
        .map(|(name, _)| name)
        .collect();
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("`{at}/{name}`")).collect();
        missing.push(format!("only null was seen of {} of `{label}`", names.join(", ")));
    }
    for (name, property) in properties {
        nulls(property, &format!("{at}/{name}"), label, missing);
    }
    if let Some(items) = schema.get("items") {
        nulls(items, &format!("{at}/*"), label, missing);
    }
}
