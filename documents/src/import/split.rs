//! The way back: a document to one fragment per operation, each complete in itself, as documentation sites cut documents up. What is
//! imported of the fragments must be the document again; tests and the chores of this repository hold `merge/` to that.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wireproof_openapi::Pointer;

/// The members of a path item that are operations.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Cuts a document up. What no operation leads to stays with the first fragment; a document without operations is its only fragment.
pub fn split(document: &Value) -> Vec<Value> {
    let Some(root) = document.as_object() else { return vec![document.clone()] };
    let mut fragments = Vec::new();
    let mut used = BTreeSet::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let mut part: Map<String, Value> =
                item.as_object().into_iter().flatten().filter(|(key, _)| !METHODS.contains(&key.as_str())).map(cloned).collect();
            part.insert(method.clone(), operation.clone());
            let part = Value::Object(part);
            let mut reached = BTreeSet::new();
            reach(document, &part, &mut reached);
            fragments.push(fragment(root, (path, &part), operation.get("tags"), &reached));
            used.extend(reached);
        }
    }
    let rest = rest(root, &used);
    match fragments.first_mut() {
        Some(first) => add(first, rest),
        None => fragments.push(document.clone()),
    }
    fragments
}

fn cloned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// The components that a part leads to, as `/components/schemas/Pet`.
fn reach(document: &Value, part: &Value, reached: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            for (key, member) in members {
                let names = match (key.as_str(), member) {
                    ("$ref", Value::String(target)) => vec![target.clone()],
                    // The values of a mapping are references, or names of schemas.
                    ("mapping", Value::Object(mapping)) => mapping.values().filter_map(Value::as_str).map(str::to_owned).collect(),
                    _ => Vec::new(),
                };
                for name in names {
                    follow(document, &name, reached);
                }
                reach(document, member, reached);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reach(document, item, reached)),
        _ => {}
    }
}

fn follow(document: &Value, target: &str, reached: &mut BTreeSet<String>) {
    let Some(fragment) = target.strip_prefix('#') else { return };
    let pointer = Pointer::from_plain(fragment);
    let mut segments = pointer.segments();
    let (Some("components"), Some(kind), Some(name)) = (segments.next().as_deref(), segments.next(), segments.next()) else { return };
    let place = Pointer::root().join("components").join(&kind).join(&name);
    if let Some(component) = document.pointer(place.as_str()).filter(|_| reached.insert(place.as_str().to_owned())) {
        reach(document, component, reached);
    }
}

fn fragment(root: &Map<String, Value>, (path, item): (&str, &Value), tags: Option<&Value>, reached: &BTreeSet<String>) -> Value {
    let mut out = Map::new();
    for (key, value) in root {
        let value = match key.as_str() {
            "paths" => Value::Object(Map::from_iter([(path.to_owned(), item.clone())])),
            "components" => {
                let kept = |kind: &str, name: &str| {
                    kind == "securitySchemes" || reached.contains(Pointer::root().join("components").join(kind).join(name).as_str())
                };
                components(value, kept)
            }
            "tags" => {
                let used: Vec<&Value> = tags.and_then(Value::as_array).into_iter().flatten().collect();
                let kept = value.as_array().into_iter().flatten().filter(|tag| tag.get("name").is_some_and(|name| used.contains(&name)));
                Value::Array(kept.cloned().collect())
            }
            "webhooks" => continue,
            _ => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    Value::Object(out)
}

/// The components of which `kept` says so, by kind and name.
fn components(value: &Value, kept: impl Fn(&str, &str) -> bool) -> Value {
    let Some(kinds) = value.as_object() else { return value.clone() };
    let kind = |(kind, named): (&String, &Value)| match named.as_object().filter(|_| !kind.starts_with("x-")) {
        Some(named) => (kind.clone(), Value::Object(named.iter().filter(|(name, _)| kept(kind, name)).map(cloned).collect())),
        None => (kind.clone(), named.clone()),
    };
    Value::Object(kinds.iter().map(kind).collect())
}

/// What no operation leads to.
fn rest(root: &Map<String, Value>, used: &BTreeSet<String>) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in root {
        let value = match key.as_str() {
            "components" => {
                components(value, |kind, name| !used.contains(Pointer::root().join("components").join(kind).join(name).as_str()))
            }
            "paths" => {
                // A path without operations, and what extends the map.
                let empty = |(_, item): &(&String, &Value)| {
                    !item.as_object().is_some_and(|item| item.keys().any(|key| METHODS.contains(&key.as_str())))
                };
                Value::Object(value.as_object().into_iter().flatten().filter(empty).map(cloned).collect())
            }
            "tags" | "webhooks" => value.clone(),
            _ => continue,
        };
        out.insert(key.clone(), value);
    }
    out
}

/// Adds to the first fragment what is left.
fn add(fragment: &mut Value, rest: Map<String, Value>) {
    let Some(members) = fragment.as_object_mut() else { return };
    for (key, value) in rest {
        match (members.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "components" => {
                for (kind, named) in more {
                    match (known.get_mut(&kind).and_then(Value::as_object_mut), named) {
                        (Some(known), Value::Object(named)) => known.extend(named),
                        (_, named) => {
                            known.insert(kind, named);
                        }
                    }
                }
            }
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, value) => {
                members.insert(key, value);
            }
        }
    }
}
