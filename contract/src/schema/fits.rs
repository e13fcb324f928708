//! Which branches of a union a value may belong to, told from what can be seen at once: types, required members, members that
//! list their values. A branch that is ruled out here would be ruled out by its validator too, which need not be compiled then: in
//! documents whose schemas all refer to one another, each validator is as large as the document.

use jsonschema::JsonType;
use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

use super::walk::Walk;
use crate::json::Instance;

/// Whether a schema may accept a value, as far as can be seen at once.
pub(super) fn may_fit(document: &Document, schema: &Pointer, value: Instance<'_>) -> bool {
    fits(document, document.get(schema), value, 0, &Walk::default())
}

fn fits(document: &Document, schema: Option<&Value>, value: Instance<'_>, depth: usize, walk: &Walk) -> bool {
    let Some(Value::Object(node)) = schema.filter(|_| walk.may_visit(depth)) else { return schema != Some(&Value::Bool(false)) };
    let target = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference));
    is_of_type(node, value)
        && has_members(document, node, value)
        && target.is_none_or(|target| fits(document, document.get(&target), value, depth + 1, walk))
        && node
            .get("allOf")
            .and_then(Value::as_array)
            .is_none_or(|branches| branches.iter().all(|branch| fits(document, Some(branch), value, depth + 1, walk)))
}

fn is_of_type(node: &Map<String, Value>, value: Instance<'_>) -> bool {
    let is = |name: &str| match name {
        "null" => value.kind() == JsonType::Null,
        "boolean" => value.kind() == JsonType::Boolean,
        // Whether a number is whole is for the validator to say.
        "integer" | "number" => value.kind() == JsonType::Number,
        "string" => value.kind() == JsonType::String,
        "array" => value.kind() == JsonType::Array,
        "object" => value.kind() == JsonType::Object,
        _ => true,
    };
    match node.get("type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

/// Whether the members that list their values have one of them. What is required may be left out on one side, so a missing member
/// says nothing here.
fn has_members(document: &Document, node: &Map<String, Value>, value: Instance<'_>) -> bool {
    let (Some(Value::Object(properties)), Some(members)) = (node.get("properties"), value.members()) else { return true };
    members.all().filter_map(|(name, member)| Some((properties.get(name)?, member.text()?))).all(|(property, member)| {
        let property = match property.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
            Some(target) => document.resolve(&target).map_or(property, |(_, node)| node),
            None => property,
        };
        match property.get("enum").and_then(Value::as_array) {
            Some(listed) => listed.iter().any(|value| value.as_str() == Some(member)),
            None => property.get("const").is_none_or(|constant| constant.as_str() == Some(member)),
        }
    })
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
            assert_eq!(
                may_fit(&document, &Pointer::from_plain(format!("/components/schemas/{schema}")), (&value).into()),
                expected,
                "{schema} {value}"
            );
        }
    }
}
