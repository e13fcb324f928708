//! Documented fields that no body had. A field is a member of `properties`, wherever a schema of the document stands; it counts as
//! documented here once a body was met whose schema leads to it, so that operations nobody called do not drown what matters.
//!
//! What a body has is told by walking it along its schemas: through references and compositions, lists and maps. Of a union only the
//! branches that accept the value count, so a branch that never came shows as fields that never did.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Operation, Pointer, Position};

use crate::exchange::{Exchange, Message};
use crate::finding::Side;
use crate::json;
use crate::media_type::{MediaType, documented};
use crate::schema::{Mark, Schemas, Walk};

/// How many schemas are followed from the bodies that were met; a document with more is larger than any known.
const MAX_SCHEMAS: usize = 500_000;

/// What was seen of the fields of a document so far. Exchanges may be checked by several threads.
#[derive(Debug, Default)]
pub(crate) struct FieldTracker {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// The schemas of bodies that were met, with the side that they were on.
    bodies: BTreeSet<(bool, Pointer)>,
    /// The properties that a body had.
    fields: HashSet<Pointer>,
}

/// The documented fields of the bodies that were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldCoverage {
    /// How many fields the schemas of those bodies document.
    pub documented: usize,
    /// Those that no body had, in the order of their places.
    pub never: Vec<NeverSeen>,
}

/// A documented field that no body had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeverSeen {
    /// Where the document has it.
    pub position: Position,
    /// The same as a pointer into the document as written.
    pub schema: Pointer,
    /// Its name.
    pub name: String,
    /// The half of exchanges whose bodies lead to it; the response where both do.
    pub on: Side,
}

impl FieldCoverage {
    /// How many fields were seen at least once.
    pub fn seen(&self) -> usize {
        self.documented.saturating_sub(self.never.len())
    }
}

impl FieldTracker {
    /// Takes in the bodies of an exchange of `operation`.
    pub(crate) fn exchange(&self, schemas: &Schemas, exchange: &Exchange, operation: &Operation) {
        let request = operation.request_body.as_ref().map(|body| body.content.as_slice()).unwrap_or_default();
        let response = operation.responses.matching(exchange.status).map(|response| response.content.as_slice()).unwrap_or_default();
        for (side, message, content) in [(Side::Request, &exchange.request, request), (Side::Response, &exchange.response, response)] {
            let Some((schema, value)) = body(message, content) else { continue };
            let mut search = Search { schemas, side, found: HashSet::new() };
            search.visit(std::slice::from_ref(schema), &value);
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.bodies.insert((side == Side::Response, schema.clone()));
            seen.fields.extend(search.found);
        }
    }

    /// What it comes to.
    pub(crate) fn coverage(&self, document: &Document) -> FieldCoverage {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fields: BTreeMap<Pointer, Side> = BTreeMap::new();
        for side in [Side::Response, Side::Request] {
            let bodies = seen.bodies.iter().filter(|(response, _)| *response == (side == Side::Response)).map(|(_, schema)| schema.clone());
            for field in reachable(document, bodies.collect(), side) {
                fields.entry(field).or_insert(side);
            }
        }
        let never = fields.iter().filter(|(pointer, _)| !seen.fields.contains(*pointer)).map(|(pointer, side)| NeverSeen {
            position: document.position(pointer),
            schema: document.written(pointer),
            name: pointer.segments().last().map(std::borrow::Cow::into_owned).unwrap_or_default(),
            on: *side,
        });
        let mut never: Vec<NeverSeen> = never.collect();
        never.sort_by(|left, right| (&left.position, &left.schema).cmp(&(&right.position, &right.schema)));
        FieldCoverage { documented: fields.len(), never }
    }
}

/// The schema and the value of a body of JSON.
fn body<'c>(message: &Message, content: &'c [wireproof_openapi::MediaType]) -> Option<(&'c Pointer, Value)> {
    let bytes = message.body.bytes()?;
    let header = message.headers.get("content-type").map(str::trim).filter(|text| !text.is_empty());
    let entry = match (header, content) {
        (Some(header), _) => documented(content, header, MediaType::parse(header).as_ref())?,
        (None, [only]) => only,
        (None, _) => return None,
    };
    let kind = MediaType::parse(header.unwrap_or(&entry.name))?;
    let value = kind.is_json().then(|| json::parse(bytes).ok())??.value;
    Some((entry.schema.as_ref()?, value))
}

/// A walk through one body.
struct Search<'s> {
    schemas: &'s Schemas,
    side: Side,
    found: HashSet<Pointer>,
}

impl Search<'_> {
    /// Marks what `value` has of the properties of `schemas`, and goes on to its members and items.
    fn visit(&mut self, schemas: &[Pointer], value: &Value) {
        if !(value.is_object() || value.is_array()) {
            return;
        }
        let mut nodes = Vec::new();
        let walk = Walk::default();
        for schema in schemas {
            self.gather(schema, value, 0, &walk, &mut nodes);
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let children = self.of_member(&nodes, name);
                    self.visit(&children, member);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let children = self.of_item(&nodes, index);
                    self.visit(&children, item);
                }
            }
            _ => {}
        }
    }

    /// The schemas that describe `value` together.
    fn gather(&self, schema: &Pointer, value: &Value, depth: usize, walk: &Walk, nodes: &mut Vec<Pointer>) {
        if nodes.contains(schema) || !walk.may_visit(depth) {
            return;
        }
        let document = self.schemas.document();
        let Some(node) = document.get(schema).and_then(Value::as_object) else { return };
        nodes.push(schema.clone());
        if let Some(target) = reference(document, node) {
            self.gather(&target, value, depth + 1, walk, nodes);
        }
        for index in 0..branches(node, "allOf") {
            self.gather(&schema.join("allOf").index(index), value, depth + 1, walk, nodes);
        }
        for keyword in ["anyOf", "oneOf"] {
            let place = schema.join(keyword);
            for index in 0..branches(node, keyword) {
                let branch = place.index(index);
                if self.schemas.accepts(&branch, self.side, value) {
                    self.gather(&branch, value, depth + 1, walk, nodes);
                }
            }
        }
        for keyword in ["if", "then", "else"].into_iter().filter(|keyword| node.contains_key(*keyword)) {
            let place = schema.join(keyword);
            if self.schemas.accepts(&place, self.side, value) {
                self.gather(&place, value, depth + 1, walk, nodes);
            }
        }
        for name in node.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            if value.get(name).is_some() {
                self.gather(&schema.join("dependentSchemas").join(name), value, depth + 1, walk, nodes);
            }
        }
    }

    fn of_member(&mut self, nodes: &[Pointer], name: &str) -> Vec<Pointer> {
        let document = self.schemas.document();
        let mut children = Vec::new();
        for pointer in nodes {
            let Some(node) = document.get(pointer).and_then(Value::as_object) else { continue };
            let before = children.len();
            if node.get("properties").is_some_and(|properties| properties.get(name).is_some()) {
                let field = pointer.join("properties").join(name);
                self.found.insert(field.clone());
                children.push(field);
            }
            for pattern in node.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
                if self.schemas.pattern_matches(pattern, name) {
                    children.push(pointer.join("patternProperties").join(pattern));
                }
            }
            if children.len() == before && node.get("additionalProperties").is_some_and(Value::is_object) {
                children.push(pointer.join("additionalProperties"));
            }
        }
        children
    }

    fn of_item(&self, nodes: &[Pointer], index: usize) -> Vec<Pointer> {
        let document = self.schemas.document();
        let item = |pointer: &Pointer| {
            let node = document.get(pointer)?.as_object()?;
            if index < branches(node, "prefixItems") {
                return Some(pointer.join("prefixItems").index(index));
            }
            node.contains_key("items").then(|| pointer.join("items"))
        };
        nodes.iter().filter_map(item).collect()
    }
}

/// All properties that schemas lead to, but for those that this side does not have.
fn reachable(document: &Document, mut open: Vec<Pointer>, side: Side) -> BTreeSet<Pointer> {
    let absent = Mark::absent_from(side).keyword();
    let mut visited: HashSet<Pointer> = HashSet::new();
    let mut fields = BTreeSet::new();
    while let Some(schema) = open.pop() {
        if visited.len() >= MAX_SCHEMAS || !visited.insert(schema.clone()) {
            continue;
        }
        let Some(node) = document.get(&schema).and_then(Value::as_object) else { continue };
        open.extend(reference(document, node));
        for keyword in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            open.extend((0..branches(node, keyword)).map(|index| schema.join(keyword).index(index)));
        }
        for keyword in ["items", "additionalProperties", "if", "then", "else"] {
            open.extend(node.contains_key(keyword).then(|| schema.join(keyword)));
        }
        for keyword in ["patternProperties", "dependentSchemas"] {
            open.extend(
                node.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::keys).map(|name| schema.join(keyword).join(name)),
            );
        }
        for name in node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let field = schema.join("properties").join(name);
            let is_marked = |pointer: &Pointer| document.get(pointer).is_some_and(|node| node.get(absent) == Some(&Value::Bool(true)));
            let target = document.resolve(&field).map(|(target, _)| target);
            // What has the value `false` may not be there, and a marked field should not be on this side.
            if is_marked(&field) || target.is_some_and(|target| is_marked(&target)) || document.get(&field) == Some(&Value::Bool(false)) {
                continue;
            }
            open.push(field.clone());
            fields.insert(field);
        }
    }
    fields
}

fn reference(document: &Document, node: &Map<String, Value>) -> Option<Pointer> {
    node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference))
}

fn branches(node: &Map<String, Value>, keyword: &str) -> usize {
    node.get(keyword).and_then(Value::as_array).map_or(0, Vec::len)
}
