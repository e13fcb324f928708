//! A few parts of a document, changed at random: replaced by something odd or by another part, taken out, put in under a key that means
//! something, called otherwise.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Members that mean something somewhere in a document.
const KEYS: &[&str] = &[
    "$anchor",
    "$defs",
    "$dynamicRef",
    "$id",
    "$ref",
    "200",
    "4XX",
    "additionalProperties",
    "allOf",
    "anyOf",
    "callbacks",
    "const",
    "contains",
    "content",
    "default",
    "delete",
    "dependentRequired",
    "deprecated",
    "discriminator",
    "else",
    "encoding",
    "enum",
    "example",
    "examples",
    "explode",
    "format",
    "get",
    "headers",
    "if",
    "in",
    "items",
    "links",
    "mapping",
    "maximum",
    "minLength",
    "minimum",
    "name",
    "not",
    "nullable",
    "oneOf",
    "operationId",
    "parameters",
    "pattern",
    "post",
    "prefixItems",
    "properties",
    "propertyName",
    "propertyNames",
    "readOnly",
    "requestBody",
    "required",
    "responses",
    "schema",
    "security",
    "servers",
    "style",
    "tags",
    "then",
    "type",
    "unevaluatedProperties",
    "writeOnly",
    "x-evidence",
];

/// Changes one to six parts.
pub(super) fn break_parts(document: &mut Value, random: &mut Rng) {
    let references: Vec<String> = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map(|schemas| schemas.keys().map(|name| format!("#/components/schemas/{name}")).collect())
        .unwrap_or_default();
    for _ in 0..random.usize(1..=6) {
        let parts = size(document);
        let other = part(document, random.usize(..parts)).map(|part| part.clone()).unwrap_or_default();
        let (odd, index) = (odd(random, &references), random.usize(..parts));
        if let Some(part) = part(document, index) {
            change(part, random, odd, other);
        }
    }
}

fn change(part: &mut Value, random: &mut Rng, odd: Value, other: Value) {
    match (random.u8(..6), part) {
        (1, part) => *part = other,
        (2, Value::Object(members)) => {
            if let Some(key) = random.choice(members.keys().cloned().collect::<Vec<_>>()) {
                members.remove(&key);
            }
        }
        (2, Value::Array(items)) if !items.is_empty() => {
            items.remove(random.usize(..items.len()));
        }
        (3 | 4, Value::Object(members)) => {
            let key = random.choice(KEYS).copied().unwrap_or_default();
            members.insert(key.to_owned(), if random.u8(..3) == 0 { other } else { odd });
        }
        (3 | 4, Value::Array(items)) => items.push(odd),
        (5, Value::Object(members)) => rename(members, random),
        (5, Value::String(text)) => {
            *text = match random.u8(..4) {
                0 => "*/ } fn main() {\n\r".to_owned(),
                1 => text.repeat(2),
                2 => "\0\u{7f}\"\\".to_owned(),
                _ => "x".repeat(3000),
            };
        }
        (_, part) => *part = odd,
    }
}

/// Gives a member a name that is hard to make an identifier of.
fn rename(members: &mut Map<String, Value>, random: &mut Rng) {
    let Some(key) = random.choice(members.keys().cloned().collect::<Vec<_>>()) else { return };
    let name = match random.u8(..8) {
        0 => String::new(),
        1 => "String".to_owned(),
        2 => "a\"b\n*/".to_owned(),
        3 => "self".to_owned(),
        4 => "\u{202e}x".to_owned(),
        5 => "\u{1f4a5}".to_owned(),
        6 => key.to_uppercase(),
        _ => key.repeat(2),
    };
    if let Some(member) = members.remove(&key) {
        members.insert(name, member);
    }
}

/// Something that is seldom where it then is.
fn odd(random: &mut Rng, references: &[String]) -> Value {
    let reference = random.choice(references).cloned().unwrap_or_default();
    let mut values = vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!("object"),
        json!("#/components/schemas/"),
        json!([]),
        json!({}),
        json!(["string", "null"]),
        json!([null, 1, "x"]),
        json!({"type": "object", "required": ["a", "a", "b"], "properties": {"a": {"type": "string"}}}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "object", "properties": {"k": {"const": "x"}}}]}),
        json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}, "b": {}}}),
        json!({"enum": [1, "a", null, {"x": 1}, [1], 1.5, true]}),
        json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false}),
        json!({"type": "string", "format": "binary"}),
        json!({"patternProperties": {"^(a+)+$": {"type": "string"}, "[": {}}, "minProperties": 3}),
        json!({"not": {}}),
        json!({"$ref": reference}),
        json!({"allOf": [{"$ref": reference}, {"type": "object"}]}),
        json!({"additionalProperties": {"$ref": reference}}),
    ];
    values.swap_remove(random.usize(..values.len()))
}

/// How many parts a value has, itself included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(size).sum(),
        Value::Array(items) => items.iter().map(size).sum::<usize>(),
        _ => 0,
    }
}

/// The part of a number, in the order in which they are written.
fn part(value: &mut Value, mut index: usize) -> Option<&mut Value> {
    if index == 0 {
        return Some(value);
    }
    index -= 1;
    let parts: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Object(members) => Box::new(members.values_mut()),
        Value::Array(items) => Box::new(items.iter_mut()),
        _ => return None,
    };
    for part_of_it in parts {
        let size = size(part_of_it);
        if index < size {
            return part(part_of_it, index);
        }
        index -= size;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{break_parts, part, size};

    #[test]
    fn parts_are_counted_and_found_in_their_order() {
        let mut value = json!({"a": [1, {"b": 2}], "c": 3});
        assert_eq!(size(&value), 6);
        let found: Vec<String> = (0..7).map(|index| part(&mut value, index).map_or("none".to_owned(), |part| part.to_string())).collect();
        assert_eq!(found, ["{\"a\":[1,{\"b\":2}],\"c\":3}", "[1,{\"b\":2}]", "1", "{\"b\":2}", "2", "3", "none"]);
    }

    #[test]
    fn the_same_seed_breaks_the_same_parts() {
        let broken = |seed| {
            let mut value = json!({"openapi": "3.1.0", "components": {"schemas": {"A": {"type": "string"}, "B": {"enum": [1, 2]}}}});
            break_parts(&mut value, &mut fastrand::Rng::with_seed(seed));
            value
        };
        assert_eq!(broken(3), broken(3));
        assert!((0..20).any(|seed| broken(seed) != broken(20)));
    }
}
