//! Operations as they are drafted, and the document that they make. What is drafted from traffic and from pages goes through here, so that
//! both look alike.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::page::Place;

/// How far a part is known, as `x-evidence` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Evidence {
    Documented,
    Example,
    #[default]
    Assumed,
}

impl Evidence {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Example => "example",
            Self::Assumed => "assumed",
        }
    }
}

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) title: String,
    pub(super) description: String,
    /// In the order in which they were met; each with the evidence for it.
    pub(super) servers: IndexMap<String, String>,
    /// By name: scheme object.
    pub(super) security: BTreeMap<String, Value>,
    pub(super) operations: Vec<OperationOutline>,
    /// What is missing, a sentence each.
    pub(super) missing: Vec<String>,
}

/// An operation in the making.
#[derive(Debug, Default)]
pub(super) struct OperationOutline {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    /// The names of the schemes that it was seen with.
    pub(super) security: BTreeSet<String>,
    /// Whether it was seen without credentials, too.
    pub(super) open: bool,
    pub(super) parameters: Vec<ParameterOutline>,
    /// By media type: the schema.
    pub(super) request: IndexMap<String, Value>,
    pub(super) request_required: bool,
    pub(super) responses: BTreeMap<u16, ResponseOutline>,
}

/// A parameter in the making.
#[derive(Debug)]
pub(super) struct ParameterOutline {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) description: Option<String>,
    pub(super) evidence: Evidence,
    pub(super) schema: Value,
    /// Whether it is a list with commas.
    pub(super) commas: bool,
    pub(super) example: Option<Value>,
}

/// A response in the making.
#[derive(Debug, Default)]
pub(super) struct ResponseOutline {
    pub(super) description: String,
    pub(super) evidence: Evidence,
    /// By name: whether it must be there, and its schema.
    pub(super) headers: IndexMap<String, (bool, Value)>,
    /// By media type: the schema, and an example of it.
    pub(super) content: IndexMap<String, (Value, Option<Value>)>,
}

impl OperationOutline {
    /// `deleteContact`: the method and what it works on.
    pub(super) fn id(&self) -> String {
        let steps: Vec<&str> = self.path.split('/').filter(|step| !step.is_empty()).collect();
        let is_variable = |step: &&str| step.starts_with('{');
        let mut words: Vec<&str> = steps.iter().filter(|step| !is_variable(step) && !is_version(step)).copied().collect();
        let ends_in_variable = steps.last().is_some_and(is_variable);
        // What leads to the resource is the same for all operations.
        if words.len() > 2 {
            words.drain(..words.len() - 2);
        }
        let count = words.len();
        let verb = match (self.method.as_str(), ends_in_variable) {
            ("GET", true) => "get",
            ("GET", false) => "list",
            ("POST", false) => "create",
            ("PUT", _) => "replace",
            ("PATCH", _) => "update",
            ("DELETE", _) => "delete",
            (method, _) => return camel(&[&method.to_ascii_lowercase()], &words),
        };
        let noun: Vec<String> = words
            .iter()
            .enumerate()
            .map(
                |(index, word)| if index + 1 < count || ends_in_variable || verb == "create" { singular(word) } else { (*word).to_owned() },
            )
            .collect();
        let noun: Vec<&str> = noun.iter().map(String::as_str).collect();
        camel(&[verb], if noun.len() > 1 { noun.get(noun.len() - 1..).unwrap_or_default() } else { &noun })
    }
}

/// The order in which people write the keywords of a schema; others come between.
const FIRST: &[&str] = &["description", "type", "format", "nullable", "enum", "required", "x-evidence"];

/// Puts the keywords of a schema into the order that people expect, members before what is below them.
fn tidy(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    let mut ordered = Map::new();
    for keyword in FIRST {
        ordered.extend(members.shift_remove(*keyword).map(|value| ((*keyword).to_owned(), value)));
    }
    ordered.append(members);
    *members = ordered;
    for keyword in ["items", "additionalProperties"] {
        members.get_mut(keyword).into_iter().for_each(tidy);
    }
    members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut).for_each(tidy);
    members.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten().for_each(tidy);
}

/// Whether a step of a path is a version or what gateways are called.
fn is_version(step: &str) -> bool {
    let number = step.strip_prefix('v').unwrap_or_default();
    matches!(step, "api" | "rest" | "functions") || (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// The one of many, as far as English is regular.
pub(super) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let plural = word.len() > 2 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is");
    let stem = if ["sses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) {
        word.strip_suffix("es")
    } else {
        word.strip_suffix('s')
    };
    stem.filter(|_| plural).unwrap_or(word).to_owned()
}

/// Words in camel case.
fn camel(first: &[&str], rest: &[&str]) -> String {
    let letters = |word: &str| word.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let mut out = String::new();
    for word in first.iter().chain(rest).flat_map(|word| letters(word)) {
        if out.is_empty() {
            out.push_str(&word.to_ascii_lowercase());
        } else {
            push_capital(&word, &mut out);
        }
    }
    out
}

fn push_capital(word: &str, out: &mut String) {
    let mut letters = word.chars();
    out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    out.extend(letters);
}

impl Outline {
    /// The document.
    pub(super) fn document(&self) -> Value {
        let mut schemas = Map::new();
        let mut paths: Map<String, Value> = Map::new();
        let mut ids = BTreeSet::new();
        for operation in &self.operations {
            let mut id = operation.id();
            for number in 2.. {
                if ids.insert(id.clone()) {
                    break;
                }
                id = format!("{}{number}", operation.id());
            }
            let value = operation.document(&id, self, &mut schemas);
            let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
            if let Some(item) = item.as_object_mut() {
                item.insert(operation.method.to_ascii_lowercase(), value);
            }
        }
        let mut out = Map::new();
        out.insert("openapi".to_owned(), json!("3.0.3"));
        out.insert("info".to_owned(), json!({"title": self.title, "description": self.description, "version": "draft"}));
        if !self.servers.is_empty() {
            let server = |(url, description): (&String, &String)| json!({"url": url, "description": description});
            out.insert("servers".to_owned(), self.servers.iter().map(server).collect());
        }
        out.insert("paths".to_owned(), Value::Object(paths));
        let mut components = Map::new();
        schemas.values_mut().for_each(tidy);
        if !schemas.is_empty() {
            components.insert("schemas".to_owned(), Value::Object(schemas));
        }
        if !self.security.is_empty() {
            components
                .insert("securitySchemes".to_owned(), self.security.iter().map(|(name, scheme)| (name.clone(), scheme.clone())).collect());
        }
        if !components.is_empty() {
            out.insert("components".to_owned(), Value::Object(components));
        }
        Value::Object(out)
    }
}

impl OperationOutline {
    fn document(&self, id: &str, outline: &Outline, schemas: &mut Map<String, Value>) -> Value {
        let mut out = Map::new();
        if let Some(summary) = &self.summary {
            out.insert("summary".to_owned(), json!(summary));
        }
        if let Some(description) = &self.description {
            out.insert("description".to_owned(), json!(description));
        }
        out.insert("operationId".to_owned(), json!(id));
        if self.method == "DELETE" {
            // Live checks send nothing that destroys unless they are told to.
            out.insert("x-wireproof-risk".to_owned(), json!("destructive"));
        }
        if !outline.security.is_empty() {
            let mut alternatives: Vec<Value> = self.security.iter().map(|name| json!({name: []})).collect();
            if self.open || alternatives.is_empty() {
                alternatives.push(json!({}));
            }
            out.insert("security".to_owned(), Value::Array(alternatives));
        }
        if !self.parameters.is_empty() {
            out.insert("parameters".to_owned(), self.parameters.iter().map(ParameterOutline::document).collect());
        }
        if !self.request.is_empty() {
            let name = format!("{}Request", capital(id));
            let content = content(self.request.iter().map(|(media_type, schema)| (media_type, schema, None)), &name, schemas);
            let mut body = json!({"required": self.request_required, "content": content, "x-evidence": "example"});
            if !self.request_required
                && let Some(body) = body.as_object_mut()
            {
                body.shift_remove("required");
            }
            out.insert("requestBody".to_owned(), body);
        }
        let several = self.responses.keys().filter(|status| (200..300).contains(*status)).count() > 1;
        let response = |(status, response): (&u16, &ResponseOutline)| {
            let success = (200..300).contains(status) && !several;
            let name = if success { format!("{}Response", capital(id)) } else { format!("{}{status}Response", capital(id)) };
            (status.to_string(), response.document(&name, schemas))
        };
        out.insert("responses".to_owned(), self.responses.iter().map(response).collect());
        Value::Object(out)
    }
}

fn capital(id: &str) -> String {
    let mut out = String::new();
    push_capital(id, &mut out);
    out
}

/// Media types with their schemas; a schema of an object gets a name.
fn content<'c>(
    types: impl Iterator<Item = (&'c String, &'c Value, Option<&'c Value>)>,
    name: &str,
    schemas: &mut Map<String, Value>,
) -> Value {
    let mut out = Map::new();
    for (media_type, schema, example) in types {
        let named = schema.get("type").is_some_and(|kind| kind == "object");
        let mut entry = Map::new();
        if named {
            // Two media types of one response are seldom of two forms; where they are, the second keeps its own place.
            let name = name.to_owned();
            if schemas.get(&name).is_none_or(|known| known == schema) {
                entry.insert("schema".to_owned(), json!({"$ref": format!("#/components/schemas/{name}")}));
                schemas.insert(name, schema.clone());
            } else {
                entry.insert("schema".to_owned(), schema.clone());
            }
        } else {
            entry.insert("schema".to_owned(), schema.clone());
        }
        if let Some(example) = example {
            entry.insert("example".to_owned(), example.clone());
        }
        out.insert(media_type.clone(), Value::Object(entry));
    }
    Value::Object(out)
}

impl ParameterOutline {
    fn document(&self) -> Value {
        let place = match self.place {
            Place::Path => "path",
            Place::Query | Place::Body => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
        };
        let mut out = Map::from_iter([
            ("name".to_owned(), json!(self.name)),
            ("in".to_owned(), json!(place)),
            ("required".to_owned(), json!(self.required || self.place == Place::Path)),
        ]);
        if let Some(description) = self.description.as_ref().filter(|text| !text.is_empty()) {
            out.insert("description".to_owned(), json!(description));
        }
        out.insert("x-evidence".to_owned(), json!(self.evidence.name()));
        if self.commas {
            out.insert("style".to_owned(), json!("form"));
            out.insert("explode".to_owned(), json!(false));
        }
        out.insert("schema".to_owned(), self.schema.clone());
        if let Some(example) = &self.example {
            out.insert("example".to_owned(), example.clone());
        }
        Value::Object(out)
    }
}

impl ResponseOutline {
    fn document(&self, name: &str, schemas: &mut Map<String, Value>) -> Value {
        let mut out =
            Map::from_iter([("description".to_owned(), json!(self.description)), ("x-evidence".to_owned(), json!(self.evidence.name()))]);
        if !self.headers.is_empty() {
            let header = |(name, (required, schema)): (&String, &(bool, Value))| {
                (name.clone(), json!({"required": required, "x-evidence": "example", "schema": schema}))
            };
            out.insert("headers".to_owned(), self.headers.iter().map(header).collect());
        }
        if !self.content.is_empty() {
            let types = self.content.iter().map(|(media_type, (schema, example))| (media_type, schema, example.as_ref()));
            out.insert("content".to_owned(), content(types, name, schemas));
        }
        Value::Object(out)
    }
}
