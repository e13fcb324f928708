//! What fragments say for all of their operations at once is made equal before they are put together: where they differ in it, each
//! fragment's word goes into its own operations, where it means the same.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use wireproof_openapi::Pointer;

use super::super::{METHODS, MORE};

/// The maps of path items.
const MAPS: [&[&str]; 3] = [&["paths"], &["webhooks"], &["components", "pathItems"]];

/// What a path item may say for all of its operations.
const SHARED: [&str; 4] = ["parameters", "servers", "summary", "description"];

/// A part of a fragment that was put elsewhere.
pub(super) struct Moved {
    pub(super) fragment: usize,
    /// Where it was.
    pub(super) pointer: Pointer,
    /// What was done.
    pub(super) note: String,
}

/// Takes out of a fragment what has to be seen of all fragments at once: operations, and what is said for all of them.
pub(super) fn remainder(fragment: &mut Map<String, Value>) -> Map<String, Value> {
    let mut remainder = Map::new();
    for member in ["security", "servers", "paths", "webhooks"] {
        remainder.extend(fragment.shift_remove(member).map(|value| (member.to_owned(), value)));
    }
    let items = fragment.get_mut("components").and_then(Value::as_object_mut).and_then(|kinds| kinds.shift_remove("pathItems"));
    remainder.extend(items.map(|items| ("components".to_owned(), json!({"pathItems": items}))));
    remainder
}

/// Settles what fragments differ in, and says what was moved.
pub(super) fn settle(fragments: &mut [Map<String, Value>]) -> Vec<Moved> {
    let mut moved = Vec::new();
    for member in ["security", "servers"] {
        if all_equal(fragments.iter().map(|fragment| fragment.get(member))) {
            continue;
        }
        for (number, fragment) in fragments.iter_mut().enumerate() {
            // Without `security`, an operation requires nothing; without `servers`, it is served where the document is.
            let default = if member == "security" { json!([]) } else { json!([{"url": "/"}]) };
            let own = fragment.shift_remove(member);
            let note = match &own {
                Some(_) => format!("`{member}` differs between fragments and was put into the operations of this one"),
                None => format!("other fragments have `{member}` and this one has none, which its operations now say"),
            };
            if into_operations(fragment, member, &own.unwrap_or(default)) > 0 {
                moved.push(Moved { fragment: number, pointer: Pointer::root().join(member), note });
            }
        }
    }
    for map in MAPS {
        settle_items(fragments, map, &mut moved);
    }
    moved
}

/// Whether all values are one.
fn all_equal<'v>(mut values: impl Iterator<Item = Option<&'v Value>>) -> bool {
    let first = values.next();
    values.all(|value| Some(value) == first)
}

fn items<'f>(fragment: &'f Map<String, Value>, map: &[&str]) -> Option<&'f Map<String, Value>> {
    let (first, more) = map.split_first()?;
    more.iter().try_fold(fragment.get(*first)?, |node, step| node.get(step))?.as_object()
}

fn items_mut<'f>(fragment: &'f mut Map<String, Value>, map: &[&str]) -> Option<&'f mut Map<String, Value>> {
    let (first, more) = map.split_first()?;
    more.iter().try_fold(fragment.get_mut(*first)?, |node, step| node.get_mut(step))?.as_object_mut()
}

/// Puts a member into each operation that has none of its own; how many there are.
fn into_operations(fragment: &mut Map<String, Value>, member: &str, value: &Value) -> usize {
    let mut count = 0;
    for map in MAPS {
        for item in items_mut(fragment, map).into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
            if item.contains_key(member) {
                continue;
            }
            count += of_item(item, |operation| {
                operation.entry(member).or_insert_with(|| value.clone());
            });
        }
    }
    count
}

/// Does something to each operation of a path item; how many there are.
fn of_item(item: &mut Map<String, Value>, mut act: impl FnMut(&mut Map<String, Value>)) -> usize {
    let mut count = 0;
    for (key, member) in item {
        let operations = match key.as_str() {
            MORE => member.as_object_mut().map(|more| more.values_mut().collect()).unwrap_or_default(),
            method if METHODS.contains(&method) => vec![member],
            _ => continue,
        };
        for operation in operations.into_iter().filter_map(Value::as_object_mut) {
            act(operation);
            count += 1;
        }
    }
    count
}

/// Where fragments have operations of one path, what one says for the path and another does not goes into its operations.
fn settle_items(fragments: &mut [Map<String, Value>], map: &[&str], moved: &mut Vec<Moved>) {
    for Differing { name, member, among } in differing(fragments, map) {
        let pointer = map.iter().fold(Pointer::root(), |pointer, step| pointer.join(step)).join(&name).join(member);
        for number in among {
            let item = fragments.get_mut(number).and_then(|fragment| items_mut(fragment, map)?.get_mut(&name)?.as_object_mut());
            let Some((item, value)) = item.and_then(|item| item.shift_remove(member).map(|value| (item, value))) else { continue };
            of_item(item, |operation| {
                if member == "parameters" {
                    add_parameters(operation, &value);
                } else {
                    operation.entry(member).or_insert_with(|| value.clone());
                }
            });
            let note = format!("`{member}` of `{name}` differs between fragments and was put into the operations of this one");
            moved.push(Moved { fragment: number, pointer: pointer.clone(), note });
        }
    }
}

/// A member of a path item in which the fragments differ that have the item.
struct Differing {
    name: String,
    member: &'static str,
    among: Vec<usize>,
}

fn differing(fragments: &[Map<String, Value>], map: &[&str]) -> Vec<Differing> {
    let mut order: Vec<&str> = Vec::new();
    let mut by_name: HashMap<&str, Vec<(usize, &Value)>> = HashMap::new();
    for (number, fragment) in fragments.iter().enumerate() {
        for (name, item) in items(fragment, map).into_iter().flatten() {
            let known = by_name.entry(name).or_default();
            if known.is_empty() {
                order.push(name);
            }
            known.push((number, item));
        }
    }
    let mut found = Vec::new();
    for name in order {
        let with = by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        for member in SHARED.iter().copied().filter(|member| !all_equal(with.iter().map(|(_, item)| item.get(*member)))) {
            found.push(Differing { name: name.to_owned(), member, among: with.iter().map(|(number, _)| *number).collect() });
        }
    }
    found
}

/// Adds parameters of a path to an operation, whose own ones win.
fn add_parameters(operation: &mut Map<String, Value>, more: &Value) {
    let known = operation.entry("parameters").or_insert_with(|| json!([]));
    let (Some(known), Some(more)) = (known.as_array_mut(), more.as_array()) else { return };
    for parameter in more {
        let same = |other: &Value| {
            other == parameter
                || (parameter.get("name").is_some() && other.get("name") == parameter.get("name") && other.get("in") == parameter.get("in"))
        };
        if !known.iter().any(same) {
            known.push(parameter.clone());
        }
    }
}
