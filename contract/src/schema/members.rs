//! A value's members held against the properties that its schemas name: which members no schema names, and which carry a mark
//! that this side should not have. Every object schema that does not say otherwise is read as complete.
//!
//! A schema says otherwise with `additionalProperties` (anything but `false`, which the validator looks after), with
//! `unevaluatedProperties`, or by naming no property at all.

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

use super::marks::{Mark, is_marked};
use super::walk::Walk;
use super::{Schemas, named_extension, union_keywords};
use crate::finding::Side;

/// How many members are reported for one value.
const MAX_FOUND: usize = 100;

/// What was found among the members of a value.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Members that no schema names: their place, and the schema that ought to.
    pub(crate) undocumented: Vec<(Pointer, Pointer)>,
    /// Members that the side should not have: their place, and their schema.
    pub(crate) marked: Vec<(Pointer, Pointer)>,
}

/// Looks through all members of `value`, at any depth.
pub(crate) fn members(schemas: &Schemas, schema: &Pointer, side: Side, value: &Value) -> Members {
    if schemas.are_clean(schema, side, value) { Members::default() } else { search(schemas, schema, side, value) }
}

/// The full search, value by value.
pub(crate) fn search(schemas: &Schemas, schema: &Pointer, side: Side, value: &Value) -> Members {
    let mut search = Search { schemas, side, mark: Mark::absent_from(side), found: Members::default() };
    search.visit(std::slice::from_ref(schema), value, &Pointer::root());
    search.found
}

/// The branches of a union that describe `value`: that which it names, else those that accept it; all branches if none does, as
/// the validator has told of that.
fn chosen(schemas: &Schemas, side: Side, (schema, keyword): (&Pointer, &str), branches: usize, value: &Value) -> Vec<usize> {
    let place = schema.join(keyword);
    let chosen: Vec<usize> = match schemas.named_branch(schema, value.into()) {
        Some((named, index)) if named == keyword => vec![index],
        // Where one branch is left at first sight, it is the one, or none is.
        _ => match (0..branches).filter(|index| schemas.may_accept(&place.index(*index), value.into())).collect::<Vec<_>>() {
            only if only.len() == 1 => only,
            several => several.into_iter().filter(|index| schemas.accepts(&place.index(*index), side, value)).collect(),
        },
    };
    if chosen.is_empty() { (0..branches).collect() } else { chosen }
}

struct Search<'s> {
    schemas: &'s Schemas,
    side: Side,
    mark: Mark,
    found: Members,
}

/// The schemas that describe one value together.
#[derive(Default)]
struct Described {
    nodes: Vec<Pointer>,
    /// Whether one of them leaves the members open.
    free: bool,
}

impl Search<'_> {
    fn visit(&mut self, schemas: &[Pointer], value: &Value, at: &Pointer) {
        if self.found.undocumented.len() + self.found.marked.len() >= MAX_FOUND || !(value.is_object() || value.is_array()) {
            return;
        }
        let mut described = Described::default();
        let walk = Walk::default();
        for schema in schemas {
            self.describe(schema, value, 0, &walk, &mut described);
        }
        match value {
            Value::Object(members) => self.object(&described, members, at),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let children = self.item_schemas(&described, index);
                    self.visit(&children, item, &at.index(index));
                }
            }
            _ => {}
        }
    }

    /// Gathers the schemas that apply to `value`: through references, all of `allOf`, the branches of `anyOf` and `oneOf` that
    /// describe it ([`chosen`]), the schema that its discriminator names, and conditions.
    fn describe(&self, schema: &Pointer, value: &Value, depth: usize, walk: &Walk, described: &mut Described) {
        let document = self.schemas.document();
        if described.nodes.contains(schema) || !walk.may_visit(depth) {
            return;
        }
        let Some(node) = document.get(schema).and_then(Value::as_object) else {
            // `true` says nothing of the members.
            described.free |= document.get(schema) == Some(&Value::Bool(true)) && depth == 0;
            return;
        };
        described.nodes.push(schema.clone());
        described.free |= is_open(node, "additionalProperties") || is_open(node, "unevaluatedProperties");
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
            self.describe(&target, value, depth + 1, walk, described);
        }
        if let Some(branches) = node.get("allOf").and_then(Value::as_array) {
            let place = schema.join("allOf");
            (0..branches.len()).for_each(|index| self.describe(&place.index(index), value, depth + 1, walk, described));
        }
        for (keyword, branches) in union_keywords(node) {
            let place = schema.join(keyword);
            for index in chosen(self.schemas, self.side, (schema, keyword), branches.len(), value) {
                let mut branch = Described::default();
                self.describe(&place.index(index), value, depth + 1, walk, &mut branch);
                described.free |= branch.free || self.is_free_form(document, &branch);
                described.nodes.extend(branch.nodes);
            }
        }
        if let Some(extension) = named_extension(document, node, value) {
            self.describe(&extension, value, depth + 1, walk, described);
        }
        if node.contains_key("if") {
            let branch = if self.schemas.accepts(&schema.join("if"), self.side, value) { "then" } else { "else" };
            for keyword in
                [Some("if").filter(|_| branch == "then"), Some(branch)].into_iter().flatten().filter(|keyword| node.contains_key(*keyword))
            {
                self.describe(&schema.join(keyword), value, depth + 1, walk, described);
            }
        }
        if let Some(dependents) = node.get("dependentSchemas").and_then(Value::as_object) {
            for name in dependents.keys().filter(|name| value.get(name.as_str()).is_some()) {
                self.describe(&schema.join("dependentSchemas").join(name), value, depth + 1, walk, described);
            }
        }
    }

    /// Whether a branch is an object of which nothing is said: then any member fits it.
    fn is_free_form(&self, document: &Document, branch: &Described) -> bool {
        let node = |pointer: &Pointer| document.get(pointer).and_then(Value::as_object);
        let says_object = branch.nodes.iter().filter_map(node).any(|node| match node.get("type") {
            Some(Value::String(name)) => name == "object",
            Some(Value::Array(names)) => names.iter().any(|name| name == "object"),
            _ => false,
        });
        says_object && !self.names_properties(branch)
    }

    fn names_properties(&self, described: &Described) -> bool {
        let document = self.schemas.document();
        let names = |pointer: &Pointer| {
            let node = document.get(pointer);
            ["properties", "patternProperties"]
                .iter()
                .any(|keyword| node.and_then(|node| node.get(keyword)).and_then(Value::as_object).is_some_and(|map| !map.is_empty()))
        };
        described.nodes.iter().any(names)
    }

    fn object(&mut self, described: &Described, members: &Map<String, Value>, at: &Pointer) {
        let document = self.schemas.document();
        let closed = described.nodes.iter().any(|pointer| {
            let is_false = |keyword| document.get(pointer).and_then(|node| node.get(keyword)) == Some(&Value::Bool(false));
            is_false("additionalProperties") || is_false("unevaluatedProperties")
        });
        let complete = !described.free && !closed && self.names_properties(described);
        for (name, member) in members {
            let place = at.join(name);
            let children = self.member_schemas(described, name);
            if children.is_empty() {
                if complete && let Some(schema) = self.naming(described) {
                    self.found.undocumented.push((place, schema));
                }
                continue;
            }
            for child in &children {
                if document.get(child).is_some_and(|schema| is_marked(document, schema, self.mark)) {
                    self.found.marked.push((place.clone(), child.clone()));
                    break;
                }
            }
            self.visit(&children, member, &place);
        }
    }

    /// The schema that a missing property would belong to: the first that names properties.
    fn naming(&self, described: &Described) -> Option<Pointer> {
        let document = self.schemas.document();
        let named = |keyword: &'static str| {
            described
                .nodes
                .iter()
                .map(move |node| node.join(keyword))
                .find(|pointer| document.get(pointer).and_then(Value::as_object).is_some_and(|map| !map.is_empty()))
        };
        named("properties").or_else(|| named("patternProperties"))
    }

    fn member_schemas(&self, described: &Described, name: &str) -> Vec<Pointer> {
        let document = self.schemas.document();
        let mut children = Vec::new();
        for pointer in &described.nodes {
            let Some(node) = document.get(pointer).and_then(Value::as_object) else { continue };
            let mut named = false;
            if node.get("properties").is_some_and(|properties| properties.get(name).is_some()) {
                children.push(pointer.join("properties").join(name));
                named = true;
            }
            for pattern in node.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
                if self.schemas.pattern_matches(pattern, name) {
                    children.push(pointer.join("patternProperties").join(pattern));
                    named = true;
                }
            }
            if !named && node.get("additionalProperties").is_some_and(Value::is_object) {
                children.push(pointer.join("additionalProperties"));
            }
        }
        children
    }

    fn item_schemas(&self, described: &Described, index: usize) -> Vec<Pointer> {
        let document = self.schemas.document();
        let mut children = Vec::new();
        for pointer in &described.nodes {
            let Some(node) = document.get(pointer) else { continue };
            let prefixed = node.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
            if index < prefixed {
                children.push(pointer.join("prefixItems").index(index));
            } else if node.get("items").is_some() {
                children.push(pointer.join("items"));
            }
        }
        children
    }
}

/// Whether a keyword leaves the members open.
pub(super) fn is_open(node: &Map<String, Value>, keyword: &str) -> bool {
    node.get(keyword).is_some_and(|value| value != &Value::Bool(false))
}
