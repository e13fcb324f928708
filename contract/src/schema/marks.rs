//! `readOnly` and `writeOnly`: which properties only one side of an exchange has.

use std::collections::BTreeSet;

use serde_json::Value;
use wireproof_openapi::Document;

use super::walk::Walk;
use crate::finding::Side;

/// The two marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Only responses have it.
    ReadOnly,
    /// Only requests have it.
    WriteOnly,
}

impl Mark {
    /// The mark of properties that this side does not have.
    pub(crate) const fn absent_from(side: Side) -> Self {
        match side {
            Side::Request => Self::ReadOnly,
            Side::Response => Self::WriteOnly,
        }
    }

    /// The keyword.
    pub(crate) const fn keyword(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// Whether a property's schema carries the mark, itself or through `$ref` and `allOf`.
pub(crate) fn is_marked(document: &Document, schema: &Value, mark: Mark) -> bool {
    marked(document, schema, mark, 0, &Walk::default())
}

fn marked(document: &Document, schema: &Value, mark: Mark, depth: usize, walk: &Walk) -> bool {
    if !walk.may_visit(depth) {
        return false;
    }
    if let Some(value) = schema.get(mark.keyword()) {
        return value == &Value::Bool(true);
    }
    target(document, schema).is_some_and(|target| marked(document, target, mark, depth + 1, walk))
        || branches(schema, "allOf").any(|branch| marked(document, branch, mark, depth + 1, walk))
}

/// The names of the properties of an object schema that carry the mark, wherever in its composition they are declared.
pub(super) fn marked_names(document: &Document, schema: &Value, mark: Mark) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(document, schema, mark, 0, &Walk::default(), &mut names);
    names
}

fn collect(document: &Document, schema: &Value, mark: Mark, depth: usize, walk: &Walk, names: &mut BTreeSet<String>) {
    if !walk.may_visit(depth) {
        return;
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        names.extend(properties.iter().filter(|(_, property)| is_marked(document, property, mark)).map(|(name, _)| name.clone()));
    }
    if let Some(target) = target(document, schema) {
        collect(document, target, mark, depth + 1, walk, names);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for branch in branches(schema, keyword) {
            collect(document, branch, mark, depth + 1, walk, names);
        }
    }
}

fn target<'d>(document: &'d Document, schema: &Value) -> Option<&'d Value> {
    let reference = schema.get("$ref")?.as_str()?;
    document.get(&document.reference(reference)?)
}

fn branches<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}
