//! What fragments say for all of their operations at once is made equal before they are put together: where they differ in it, each
//! fragment's word goes into its own operations, where it means the same.

use serde_json::{Map, Value, json};
use wireproof_openapi::{Pointer, Position, Source};

use super::METHODS;

/// Settles what fragments differ in, and says what was moved.
pub(super) fn settle(fragments: &mut [Map<String, Value>], sources: &[Source]) -> Vec<(Position, String)> {
    let mut notes = Vec::new();
    for member in ["security", "servers"] {
        let of_all = |fragment: &Map<String, Value>| fragment.get(member).cloned();
        if all_equal(fragments.iter().map(of_all)) {
            continue;
        }
        for (fragment, source) in fragments.iter_mut().zip(sources) {
            // Without `security`, an operation requires nothing; without `servers`, it is served where the document is.
            let default = if member == "security" { json!([]) } else { json!([{"url": "/"}]) };
            let own = fragment.shift_remove(member);
            let note = match &own {
                Some(_) => format!("`{member}` differs between fragments and was put into the operations of this one"),
                None => format!("other fragments have `{member}` and this one has none, which its operations now say"),
            };
            let value = own.unwrap_or(default);
            let moved = into_operations(fragment, member, &value);
            if moved > 0 {
                let place = source.locate([&Pointer::root().join(member)]).into_iter().next();
                notes.extend(place.map(|place| (place, note)));
            }
        }
    }
    settle_path_items(fragments, sources, &mut notes);
    notes
}

/// Whether all values are one.
fn all_equal(mut values: impl Iterator<Item = Option<Value>>) -> bool {
    let first = values.next();
    values.all(|value| Some(value) == first)
}

/// Puts a member into each operation that has none of its own; how many there are.
fn into_operations(fragment: &mut Map<String, Value>, member: &str, value: &Value) -> usize {
    let mut count = 0;
    let items = fragment.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for item in items.filter_map(Value::as_object_mut) {
        if item.contains_key(member) {
            continue;
        }
        count += of_item(item, |operation| {
            operation.entry(member).or_insert_with(|| value.clone());
        });
    }
    count
}

/// Does something to each operation of a path item; how many there are.
fn of_item(item: &mut Map<String, Value>, mut act: impl FnMut(&mut Map<String, Value>)) -> usize {
    let mut count = 0;
    for method in METHODS {
        if let Some(operation) = item.get_mut(*method).and_then(Value::as_object_mut) {
            act(operation);
            count += 1;
        }
    }
    count
}

/// Where fragments have operations of one path, what one says for the path and another does not goes into its operations.
fn settle_path_items(fragments: &mut [Map<String, Value>], sources: &[Source], notes: &mut Vec<(Position, String)>) {
    let item = |fragment: &Map<String, Value>, path: &str| fragment.get("paths")?.get(path)?.as_object().cloned();
    let mut paths: Vec<String> = Vec::new();
    for fragment in fragments.iter() {
        paths.extend(
            fragment
                .get("paths")
                .and_then(Value::as_object)
                .into_iter()
                .flat_map(Map::keys)
                .filter(|path| !paths.contains(path))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
    for path in paths {
        for member in ["parameters", "servers", "summary", "description"] {
            let items: Vec<_> = fragments.iter().filter_map(|fragment| item(fragment, &path)).collect();
            if all_equal(items.iter().map(|item| item.get(member).cloned())) {
                continue;
            }
            for (fragment, source) in fragments.iter_mut().zip(sources) {
                let item = fragment.get_mut("paths").and_then(|paths| paths.get_mut(&path)).and_then(Value::as_object_mut);
                let Some((item, value)) = item.and_then(|item| item.shift_remove(member).map(|value| (item, value))) else { continue };
                of_item(item, |operation| {
                    if member == "parameters" {
                        add_parameters(operation, &value);
                    } else {
                        operation.entry(member).or_insert_with(|| value.clone());
                    }
                });
                let place = source.locate([&Pointer::root().join("paths").join(&path).join(member)]).into_iter().next();
                notes.extend(place.map(|place| {
                    (place, format!("`{member}` of `{path}` differs between fragments and was put into the operations of this one"))
                }));
            }
        }
    }
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
