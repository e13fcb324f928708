//! Which types of values a schema allows, through references and compositions: what text in a URL, a header or a form may stand for.

use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use super::walk::Walk;

/// The types that a schema allows; all of them where it says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) null: bool,
    pub(crate) boolean: bool,
    pub(crate) number: bool,
    pub(crate) string: bool,
    pub(crate) array: bool,
    pub(crate) object: bool,
}

impl Kinds {
    const ALL: Self = Self { null: true, boolean: true, number: true, string: true, array: true, object: true };

    fn add(&mut self, name: &str) {
        match name {
            "null" => self.null = true,
            "boolean" => self.boolean = true,
            "integer" | "number" => self.number = true,
            "string" => self.string = true,
            "array" => self.array = true,
            "object" => self.object = true,
            _ => {}
        }
    }

    fn union(self, other: Self) -> Self {
        Self {
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            number: self.number || other.number,
            string: self.string || other.string,
            array: self.array || other.array,
            object: self.object || other.object,
        }
    }

    fn intersect(self, other: Self) -> Self {
        Self {
            null: self.null && other.null,
            boolean: self.boolean && other.boolean,
            number: self.number && other.number,
            string: self.string && other.string,
            array: self.array && other.array,
            object: self.object && other.object,
        }
    }

    /// Whether a value may be anything but a list or an object.
    pub(crate) fn any_scalar(self) -> bool {
        self.null || self.boolean || self.number || self.string
    }
}

/// The types that the schema at a place allows.
pub(super) fn kinds(document: &Document, schema: &Pointer) -> Kinds {
    within(document, schema, 0, &Walk::default())
}

fn within(document: &Document, schema: &Pointer, depth: usize, walk: &Walk) -> Kinds {
    let Some(node) = document.get(schema).filter(|_| walk.may_visit(depth)) else { return Kinds::ALL };
    let mut kinds = Kinds::ALL;
    match node.get("type") {
        Some(Value::String(name)) => kinds = named([name.as_str()]),
        Some(Value::Array(names)) => kinds = named(names.iter().filter_map(Value::as_str)),
        _ => {
            let values = node.get("enum").and_then(Value::as_array).map(Vec::as_slice);
            let constant = node.get("const").map(std::slice::from_ref);
            if let Some(values) = values.or(constant) {
                kinds = named(values.iter().map(type_of));
            }
        }
    }
    if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
        kinds = kinds.intersect(within(document, &target, depth + 1, walk));
    }
    for (keyword, all) in [("allOf", true), ("anyOf", false), ("oneOf", false)] {
        let Some(branches) = node.get(keyword).and_then(Value::as_array) else { continue };
        let place = schema.join(keyword);
        let mut branches = (0..branches.len()).map(|index| within(document, &place.index(index), depth + 1, walk));
        let together =
            if all { branches.fold(Kinds::ALL, Kinds::intersect) } else { branches.by_ref().fold(Kinds::default(), Kinds::union) };
        kinds = kinds.intersect(together);
    }
    kinds
}

fn named<'n>(names: impl IntoIterator<Item = &'n str>) -> Kinds {
    let mut kinds = Kinds::default();
    names.into_iter().for_each(|name| kinds.add(name));
    kinds
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
