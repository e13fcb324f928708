//! Which branches of a union a value may belong to, told from what can be seen at once: types, required members, members that
//! list their values. A branch that is ruled out here would be ruled out by its validator too, which need not be compiled then: in
//! documents whose schemas all refer to one another, each validator is as large as the document.

use jsonschema::JsonType;
use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

use super::walk::Walk;
use crate::json::Instance;

/// What can be seen at once of a schema, through `$ref` and `allOf`.
#[derive(Debug, Default)]
pub(super) struct Fit {
    /// Types of which a value must be one, from each schema that names some.
    types: Vec<Vec<JsonType>>,
    /// Members that list their values, and the texts among these.
    members: Vec<(String, Vec<String>)>,
    /// Whether the schema is `false`.
    never: bool,
}

impl Fit {
    /// What can be seen of the schema at a place.
    pub(super) fn of(document: &Document, schema: &Pointer) -> Self {
        let mut fit = Self::default();
        fit.add(document, document.get(schema), 0, &Walk::default());
        fit
    }

    fn add(&mut self, document: &Document, schema: Option<&Value>, depth: usize, walk: &Walk) {
        let Some(Value::Object(node)) = schema.filter(|_| walk.may_visit(depth)) else {
            self.never |= schema == Some(&Value::Bool(false));
            return;
        };
        self.types.extend(types(node));
        self.add_members(document, node);
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
            self.add(document, document.get(&target), depth + 1, walk);
        }
        for branch in node.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.add(document, Some(branch), depth + 1, walk);
        }
    }

    fn add_members(&mut self, document: &Document, node: &Map<String, Value>) {
        for (name, property) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let property = match property.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
                Some(target) => document.resolve(&target).map_or(property, |(_, node)| node),
                None => property,
            };
            let texts = |values: &[Value]| values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let listed = match (property.get("enum").and_then(Value::as_array), property.get("const")) {
                (Some(listed), _) => texts(listed),
                (None, Some(constant)) => texts(std::slice::from_ref(constant)),
                (None, None) => continue,
            };
            self.members.push((name.clone(), listed));
        }
    }

    /// Whether the schema may accept a value. What is required may be left out on one side, so a missing member says nothing here.
    pub(super) fn allows(&self, value: Instance<'_>) -> bool {
        let is_listed = |(name, listed): &(String, Vec<String>)| {
            let text = value.members().and_then(|members| members.named(name)?.text());
            text.is_none_or(|text| listed.iter().any(|known| known == text))
        };
        !self.never && self.types.iter().all(|types| types.contains(&value.kind())) && self.members.iter().all(is_listed)
    }
}

/// The types that a schema names; whether a number is whole is for the validator to say. `None` where it names none, or one that
/// nobody knows.
fn types(node: &Map<String, Value>) -> Option<Vec<JsonType>> {
    let kind = |name: &Value| match name.as_str()? {
        "null" => Some(JsonType::Null),
        "boolean" => Some(JsonType::Boolean),
        "integer" | "number" => Some(JsonType::Number),
        "string" => Some(JsonType::String),
        "array" => Some(JsonType::Array),
        "object" => Some(JsonType::Object),
        _ => None,
    };
    match node.get("type")? {
        Value::Array(names) => names.iter().map(kind).collect(),
        name => Some(vec![kind(name)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use wireproof_openapi::Source;

    #[test]
    fn what_is_ruled_out_cannot_be_valid() {
        let document = Document::parse(Source::new(
            "api.yaml",
            "openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Card: {type: object, properties: {object: {enum: [card]}, kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {const: k}
    Text: {type: [string, 'null']}
    Both: {allOf: [{$ref: '#/components/schemas/Card'}, {type: object}]}
    Loop: {$ref: '#/components/schemas/Loop'}
    Never: false
",
        ))
        .expect("a document");
        for (schema, value, expected) in [
            ("Card", json!({"object": "card"}), true),
            ("Card", json!({"object": "bank"}), false),
            ("Card", json!({"object": 1}), true),
            ("Card", json!({"kind": "x"}), false),
            ("Card", json!({}), true),
            ("Card", json!("text"), false),
            ("Both", json!({"object": "bank"}), false),
            ("Both", json!({"object": "card", "kind": "k"}), true),
            ("Text", json!(null), true),
            ("Text", json!(1), false),
            ("Loop", json!(1), true),
            ("Never", json!(1), false),
        ] {
            let fit = Fit::of(&document, &Pointer::from_plain(format!("/components/schemas/{schema}")));
            assert_eq!(fit.allows((&value).into()), expected, "{schema} {value}");
        }
    }
}
