//! The shortest way out: how much there must be at least in an instance of a schema. A schema that requires itself has no
//! instance at all, and among the branches of a choice the lightest leads out of any circle.

use std::collections::HashMap;

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

/// The weight of what has no instance.
pub(super) const ENDLESS: u32 = u32::MAX;

/// The weights of the schemas of one document, worked out when first asked for.
#[derive(Debug, Default)]
pub(super) struct Weights {
    known: HashMap<Pointer, u32>,
}

impl Weights {
    /// The weight of the schema at `at`.
    pub(super) fn of(&mut self, document: &Document, at: &Pointer) -> u32 {
        if let Some(weight) = self.known.get(at) {
            return *weight;
        }
        // All schemas that must be weighed first, then rounds until nothing changes: the least fixed point, circles and all.
        let mut open: Vec<Pointer> = vec![at.clone()];
        let mut next = 0;
        self.known.insert(at.clone(), ENDLESS);
        while let Some(place) = open.get(next).cloned() {
            next += 1;
            for child in children(document, &place) {
                if !self.known.contains_key(&child) {
                    self.known.insert(child.clone(), ENDLESS);
                    open.push(child);
                }
            }
        }
        loop {
            let mut changed = false;
            for place in open.iter().rev() {
                let weight = self.weigh(document, place);
                if let Some(before) = self.known.get_mut(place)
                    && weight < *before
                {
                    *before = weight;
                    changed = true;
                }
            }
            if !changed {
                return self.known.get(at).copied().unwrap_or(ENDLESS);
            }
        }
    }

    fn known(&self, at: &Pointer) -> u32 {
        self.known.get(at).copied().unwrap_or(ENDLESS)
    }

    fn weigh(&self, document: &Document, at: &Pointer) -> u32 {
        let node = match document.get(at) {
            Some(Value::Object(node)) => node,
            Some(Value::Bool(false)) => return ENDLESS,
            _ => return 1,
        };
        let mut weight = 1_u32;
        if let Some(target) = target(document, node) {
            weight = weight.saturating_add(self.known(&target));
        }
        if let Some(Value::Array(all)) = node.get("allOf") {
            let list = at.join("allOf");
            weight = (0..all.len()).fold(weight, |sum, index| sum.saturating_add(self.known(&list.index(index))));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = node.get(keyword) {
                let list = at.join(keyword);
                let lightest = (0..branches.len()).map(|index| self.known(&list.index(index))).min();
                weight = weight.saturating_add(lightest.unwrap_or(0));
            }
        }
        members(at, node).iter().fold(weight, |sum, member| sum.saturating_add(self.known(member)))
    }
}

fn target(document: &Document, node: &Map<String, Value>) -> Option<Pointer> {
    document.reference(node.get("$ref")?.as_str()?)
}

/// The schemas on which the weight of the one at `at` depends.
fn children(document: &Document, at: &Pointer) -> Vec<Pointer> {
    let Some(Value::Object(node)) = document.get(at) else { return Vec::new() };
    let mut found: Vec<Pointer> = target(document, node).into_iter().collect();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = node.get(keyword) {
            let list = at.join(keyword);
            found.extend((0..branches.len()).map(|index| list.index(index)));
        }
    }
    found.extend(members(at, node));
    found
}

/// The schemas of members and items that must be there, unless a value without any will do.
fn members(at: &Pointer, node: &Map<String, Value>) -> Vec<Pointer> {
    let allows = |kinds: &[&str]| match node.get("type") {
        Some(Value::String(name)) => kinds.contains(&name.as_str()),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(|name| kinds.contains(&name)),
        _ => false,
    };
    if node.contains_key("enum") || node.contains_key("const") || allows(&["string", "integer", "number", "boolean", "null"]) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let properties = node.get("properties").and_then(Value::as_object);
    for name in node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if properties.is_some_and(|properties| properties.contains_key(name)) {
            found.push(at.join("properties").join(name));
        }
    }
    let least = node.get("minItems").and_then(Value::as_u64).unwrap_or(0);
    let prefix = node.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    if allows(&["array"]) && least > 0 {
        let fixed = prefix.min(usize::try_from(least).unwrap_or(usize::MAX));
        found.extend((0..fixed).map(|index| at.join("prefixItems").index(index)));
        if fixed == 0 && node.contains_key("items") {
            found.push(at.join("items"));
        }
    }
    found
}
