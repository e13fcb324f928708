//! Bodies with one thing broken. Only what a schema asks for without a choice is broken (itself, through `$ref` and `allOf`): within a
//! branch of a union, another branch might take the value.

use serde_json::{Map, Value, json};
use wireproof_contract::{Body, Contract, Exchange, Rule, Side};
use wireproof_openapi::{Document, Operation, Pointer};

use super::{Mutation, base};

/// How many places of one body are broken.
const MAX_MUTATIONS: usize = 80;

/// How deep references and `allOf` are followed.
const MAX_DEPTH: usize = 12;

/// One value broken: what was done, the new value of the whole body, the rule and the place.
struct Broken {
    what: String,
    body: Value,
    rule: BodyRule,
    instance: Pointer,
}

/// The rules that a body can break; which of them it is depends on the side.
#[derive(Clone, Copy)]
enum BodyRule {
    Schema,
    Undocumented,
    Marked,
}

/// All mutations of the bodies of an exchange.
pub(super) fn mutations(contract: &Contract, operation: &Operation, base: &Exchange) -> Vec<Mutation> {
    let document = contract.document();
    let mut mutations = Vec::new();
    for on in [Side::Request, Side::Response] {
        let (content, message) = match on {
            Side::Request => (operation.request_body.as_ref().map(|body| body.content.as_slice()), &base.request),
            Side::Response => (operation.responses.matching(base.status).map(|response| response.content.as_slice()), &base.response),
        };
        let schema = content.and_then(base::json).and_then(|entry| entry.schema.as_ref());
        let value = message.body.bytes().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let (Some(schema), Some(value)) = (schema, value) else { continue };
        let mut walk = Walk { document, on, whole: &value, found: Vec::new() };
        walk.visit(std::slice::from_ref(schema), &value, &Pointer::root());
        mutations.extend(walk.found.into_iter().map(|broken| {
            let mut exchange = base.clone();
            let message = if on == Side::Request { &mut exchange.request } else { &mut exchange.response };
            message.body = Body::from_bytes(broken.body.to_string());
            let rule = match (broken.rule, on) {
                (BodyRule::Schema, Side::Request) => Rule::RequestBodySchema,
                (BodyRule::Schema, Side::Response) => Rule::BodySchema,
                (BodyRule::Undocumented, _) => Rule::UndocumentedField,
                (BodyRule::Marked, Side::Request) => Rule::ReadOnlyInRequest,
                (BodyRule::Marked, Side::Response) => Rule::WriteOnlyInResponse,
            };
            Mutation { what: broken.what, exchange, rule, on, instance: broken.instance }
        }));
    }
    mutations
}

struct Walk<'d> {
    document: &'d Document,
    on: Side,
    whole: &'d Value,
    found: Vec<Broken>,
}

impl<'d> Walk<'d> {
    /// Breaks the value at `at`, which all of `schemas` describe.
    fn visit(&mut self, schemas: &[Pointer], value: &Value, at: &Pointer) {
        let mut nodes = Vec::new();
        for schema in schemas {
            self.gather(schema, 0, &mut nodes);
        }
        if self.found.len() >= MAX_MUTATIONS || nodes.is_empty() {
            return;
        }
        for (_, node) in &nodes {
            self.keywords(node, value, at);
        }
        match value {
            Value::Object(members) => {
                self.members(&nodes, members, at);
                for (name, member) in members {
                    let children: Vec<Pointer> = nodes
                        .iter()
                        .filter(|(_, node)| node.get("properties").is_some_and(|properties| properties.get(name).is_some()))
                        .map(|(place, _)| place.join("properties").join(name))
                        .collect();
                    self.visit(&children, member, &at.join(name));
                }
            }
            Value::Array(items) => {
                let children: Vec<Pointer> = nodes
                    .iter()
                    .filter(|(_, node)| node.contains_key("items") && !node.contains_key("prefixItems"))
                    .map(|(place, _)| place.join("items"))
                    .collect();
                if let Some(first) = items.first().filter(|_| !children.is_empty()) {
                    self.visit(&children, first, &at.index(0));
                }
            }
            _ => {}
        }
    }

    /// The schemas that describe a value for certain. What lets null in by a wrapper lets one more value in, and is looked through.
    fn gather(&self, schema: &Pointer, depth: usize, nodes: &mut Vec<(Pointer, &'d Map<String, Value>)>) {
        let Some(Value::Object(node)) = self.document.get(schema).filter(|_| depth < MAX_DEPTH) else { return };
        if nodes.iter().any(|(place, _)| place == schema) {
            return;
        }
        if node.contains_key("x-wireproof-nullable") {
            return self.gather(&schema.join("anyOf").index(0), depth + 1, nodes);
        }
        nodes.push((schema.clone(), node));
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| self.document.reference(reference)) {
            self.gather(&target, depth + 1, nodes);
        }
        for index in 0..node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.gather(&schema.join("allOf").index(index), depth + 1, nodes);
        }
    }

    fn put(&mut self, what: impl Into<String>, at: &Pointer, value: Value) {
        self.put_at(what, at, value, BodyRule::Schema, at.clone());
    }

    fn put_at(&mut self, what: impl Into<String>, at: &Pointer, value: Value, rule: BodyRule, instance: Pointer) {
        let mut body = self.whole.clone();
        if let Some(place) = body.pointer_mut(at.as_str()).filter(|_| self.found.len() < MAX_MUTATIONS) {
            *place = value;
            self.found.push(Broken { what: what.into(), body, rule, instance });
        }
    }

    /// What the keywords of one schema ask for.
    fn keywords(&mut self, node: &Map<String, Value>, value: &Value, at: &Pointer) {
        let count = |keyword: &str| node.get(keyword).and_then(Value::as_u64);
        if let Some(other) = other_type(node) {
            self.put("another type", at, other);
        }
        if node.contains_key("enum") {
            self.put("a value that is not listed", at, json!("no such value"));
        }
        match value {
            Value::String(_) => {
                let format = node.get("format").and_then(Value::as_str).unwrap_or_default();
                if ["date-time", "date", "uuid", "email", "uri", "ipv4", "ipv6"].contains(&format) {
                    self.put(format!("no `{format}`"), at, json!("\u{1} none"));
                }
                if let Some(most) = count("maxLength").filter(|most| *most < 5_000) {
                    self.put("too long", at, Value::String("x".repeat(usize::try_from(most).unwrap_or(0) + 1)));
                }
                if count("minLength").is_some_and(|least| least > 0) {
                    self.put("too short", at, json!(""));
                }
            }
            Value::Number(_) => {
                let limit = |keyword: &str| node.get(keyword).and_then(Value::as_i64);
                for (keyword, step) in [("maximum", 1), ("exclusiveMaximum", 0), ("minimum", -1), ("exclusiveMinimum", 0)] {
                    if let Some(beyond) = limit(keyword).and_then(|limit| limit.checked_add(step)) {
                        self.put(format!("beyond {keyword}"), at, json!(beyond));
                    }
                }
            }
            Value::Array(items) => {
                if count("minItems").is_some_and(|least| least > 0) {
                    self.put("too few items", at, json!([]));
                }
                if let (Some(most), Some(first)) = (count("maxItems").filter(|most| *most < 200), items.first()) {
                    self.put("too many items", at, Value::Array(vec![first.clone(); usize::try_from(most).unwrap_or(0) + 1]));
                }
                if let (Some(Value::Bool(true)), [first, ..]) = (node.get("uniqueItems"), items.as_slice()) {
                    self.put("equal items", at, json!([first, first]));
                }
            }
            Value::Object(members) => {
                for name in node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                    if members.contains_key(name) && !self.is_absent(node, name) {
                        let mut fewer = members.clone();
                        fewer.shift_remove(name);
                        self.put(format!("without `{name}`"), at, Value::Object(fewer));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a property is one that this side may leave out whatever `required` says.
    fn is_absent(&self, node: &Map<String, Value>, name: &str) -> bool {
        let keyword = if self.on == Side::Request { "readOnly" } else { "writeOnly" };
        let property = node.get("properties").and_then(|properties| properties.get(name));
        // Where the property is declared elsewhere, it may be marked there.
        property.is_none_or(|property| property.get(keyword).is_some() || property.get("$ref").is_some() || property.get("allOf").is_some())
    }

    /// A member too many: one that nobody knows, and one of the other side.
    fn members(&mut self, nodes: &[(Pointer, &Map<String, Value>)], members: &Map<String, Value>, at: &Pointer) {
        let has = |keyword: &str| nodes.iter().any(|(_, node)| node.contains_key(keyword));
        let more = |name: &str, value: Value| {
            let mut more = members.clone();
            more.insert(name.to_owned(), value);
            Value::Object(more)
        };
        let name = "no_such_field";
        let instance = at.join(name);
        if nodes.iter().any(|(_, node)| node.get("additionalProperties") == Some(&Value::Bool(false))) {
            if !has("patternProperties") {
                self.put_at("a field that is not allowed", at, more(name, json!(1)), BodyRule::Schema, instance);
            }
        } else if ![
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            "anyOf",
            "oneOf",
            "if",
            "discriminator",
            "propertyNames",
            "maxProperties",
        ]
        .iter()
        .any(|keyword| has(keyword))
            && nodes
                .iter()
                .any(|(_, node)| node.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty()))
        {
            self.put_at("a field that is not documented", at, more(name, json!(1)), BodyRule::Undocumented, instance);
        }
        let keyword = if self.on == Side::Request { "readOnly" } else { "writeOnly" };
        for (_, node) in nodes {
            let properties = node.get("properties").and_then(Value::as_object).into_iter().flatten();
            for (name, property) in properties.filter(|(_, property)| property.get(keyword) == Some(&Value::Bool(true))) {
                let value = property.get("example").cloned().unwrap_or_else(|| json!("text"));
                self.put_at(format!("`{name}` of the other side"), at, more(name, value), BodyRule::Marked, at.join(name));
            }
        }
    }
}

/// A value of a type that a schema does not name.
fn other_type(node: &Map<String, Value>) -> Option<Value> {
    let names: Vec<&str> = match node.get("type")? {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let lacks = |name: &str| !names.contains(&name);
    if lacks("boolean") {
        Some(json!(true))
    } else if lacks("string") {
        Some(json!("text"))
    } else if lacks("array") {
        Some(json!([]))
    } else if lacks("object") {
        Some(json!({}))
    } else {
        None
    }
}
