//! The way between the document as written and the normalised tree. They differ in few places, and each of them is marked
//! in the tree itself, so that no table has to be kept:
//!
//! | mark | the node is |
//! | --- | --- |
//! | [`NULLABLE`] | `{"anyOf": [SCHEMA, {"type": "null"}]}` around the schema as written |
//! | [`BOUNDS`] | a schema whose `minimum` or `maximum` (the mark lists which) comes from its `format` |
//! | [`TUPLE`] | a schema whose `prefixItems` was written as a list of `items` |

use std::borrow::Cow;

use serde_json::Value;

use crate::Pointer;
use crate::document::Evidence;
use crate::references::{CHAIN_LIMIT, child, decode};

/// Marks the wrapper that lets null in.
pub(crate) const NULLABLE: &str = "x-wireproof-nullable";
/// Lists the bounds that come from a `format`.
pub(crate) const BOUNDS: &str = "x-wireproof-bounds";
/// Marks `prefixItems` that was a list of `items`.
pub(crate) const TUPLE: &str = "x-wireproof-items";

/// The place as written of a place in the normalised tree.
pub(crate) fn written(root: &Value, pointer: &Pointer) -> Pointer {
    let mut node = Some(root);
    let mut place = Pointer::root();
    let mut segments = pointer.segments();
    while let Some(segment) = segments.next() {
        let marked = |mark: &str| node.is_some_and(|node| node.get(mark).is_some());
        if (segment == "anyOf" || segment == NULLABLE) && marked(NULLABLE) {
            if segments.next().as_deref() != Some("0") {
                return place.join("nullable");
            }
            node = node.and_then(|node| node.pointer("/anyOf/0"));
            continue;
        }
        let from_format =
            || node.and_then(|node| node.get(BOUNDS)?.as_array()).is_some_and(|bounds| bounds.iter().any(|bound| *bound == *segment));
        place = match &*segment {
            "prefixItems" if marked(TUPLE) => place.join("items"),
            "minimum" | "maximum" if from_format() => place.join("format"),
            segment => place.join(segment),
        };
        node = node.and_then(|node| child(node, &segment));
    }
    place
}

/// The place in the normalised tree of a place as written; `None` where nothing is left of it.
pub(crate) fn normalised(root: &Value, pointer: &Pointer) -> Option<Pointer> {
    let mut node = root;
    let mut place = Pointer::root();
    for segment in pointer.segments() {
        if node.get(NULLABLE).is_some() && (segment == "anyOf" || child(node, &segment).is_none()) {
            place = place.join("anyOf").index(0);
            node = node.pointer("/anyOf/0")?;
        }
        let segment = if segment == "items" && node.get(TUPLE).is_some() { Cow::Borrowed("prefixItems") } else { segment };
        node = child(node, &segment)?;
        place = place.join(&segment);
    }
    Some(place)
}

/// The node at `pointer`.
pub(crate) fn get<'v>(root: &'v Value, pointer: &Pointer) -> Option<&'v Value> {
    pointer.segments().try_fold(root, |node, segment| child(node, &segment))
}

/// The target of a local reference, in the normalised tree.
pub(crate) fn target(root: &Value, reference: &str) -> Option<Pointer> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    let found = |text: &str| Some(Pointer::from_plain(text)).filter(|pointer| get(root, pointer).is_some());
    found(&decode(fragment)).or_else(|| found(fragment))
}

/// Follows references from the node at `pointer` to the first one that is none.
pub(crate) fn resolve<'v>(root: &'v Value, pointer: &Pointer) -> Option<(Pointer, &'v Value)> {
    let mut place = pointer.clone();
    for _ in 0..CHAIN_LIMIT {
        let node = get(root, &place)?;
        match node.get("$ref").and_then(Value::as_str) {
            Some(reference) => place = target(root, reference)?,
            None => return Some((place, node)),
        }
    }
    None
}

/// The nearest `x-evidence` at `pointer` or above it.
pub(crate) fn evidence(root: &Value, pointer: &Pointer) -> Evidence {
    let mut node = Some(root);
    let mut nearest = Evidence::Documented;
    let mut segments = pointer.segments();
    while let Some(current) = node {
        if let Some(evidence) = current.get("x-evidence").and_then(known_evidence) {
            nearest = evidence;
        }
        node = segments.next().and_then(|segment| child(current, &segment));
    }
    nearest
}

/// The evidence that a value of `x-evidence` names.
pub(crate) fn known_evidence(value: &Value) -> Option<Evidence> {
    match value.as_str()? {
        "documented" => Some(Evidence::Documented),
        "example" => Some(Evidence::Example),
        "assumed" => Some(Evidence::Assumed),
        _ => None,
    }
}
