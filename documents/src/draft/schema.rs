//! Shapes told as schemas of OpenAPI 3.0, each node with the evidence that it rests on.

use serde_json::{Map, Value, json};

use super::format::is_uuid;
use super::shape::{Objects, Shape};

/// What speaks for an `enum`: this many texts were seen, each at least so often, and this many times as many as there are different ones.
const ENUM_SEEN: usize = 20;
const ENUM_EACH: usize = 2;
const ENUM_RATIO: usize = 5;

/// From how many different names on objects whose members come and go are told as maps, whatever their names look like.
const MAP_NAMES: usize = 24;

/// The schema that every value of a shape meets.
pub(crate) fn schema(shape: &Shape) -> Value {
    let mut schemas = branches(shape);
    let nullable = shape.nulls > 0;
    let mut schema = match schemas.len() {
        // Nothing, nothing but null, or what was not looked into: anything is allowed.
        _ if shape.cut => Map::new(),
        0 => Map::new(),
        1 => schemas.remove(0),
        _ => {
            let branches: Vec<Value> = schemas.into_iter().map(Value::Object).collect();
            Map::from_iter([("anyOf".to_owned(), Value::Array(branches))])
        }
    };
    if nullable {
        // In 3.0, `nullable` takes part where there is a type; branches take it for their union.
        if let Some(branches) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
            for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
                branch.insert("nullable".to_owned(), json!(true));
            }
        } else {
            schema.insert("nullable".to_owned(), json!(true));
        }
    }
    let evidence = if schema.contains_key("type") && !schema.contains_key("enum") { "example" } else { "assumed" };
    if shape.is_null_only() {
        schema.insert("description".to_owned(), json!("Only null was seen."));
    } else if shape.seen == 0 {
        schema.insert("description".to_owned(), json!("No value was seen."));
    }
    schema.insert("x-evidence".to_owned(), json!(evidence));
    Value::Object(schema)
}

/// A schema for each kind of value that was seen.
fn branches(shape: &Shape) -> Vec<Map<String, Value>> {
    let mut branches = Vec::new();
    let mut branch = |members: Value| {
        if let Value::Object(members) = members {
            branches.push(members);
        }
    };
    if shape.booleans > 0 {
        branch(json!({"type": "boolean"}));
    }
    if shape.numbers > 0 {
        branch(json!({"type": "number"}));
    } else if shape.integers > 0 {
        branch(if shape.long { json!({"type": "integer", "format": "int64"}) } else { json!({"type": "integer"}) });
    }
    if shape.texts.seen > 0 {
        branch(text(shape));
    }
    if shape.arrays > 0 {
        let items = shape.items.as_deref().map_or_else(|| json!({}), schema);
        branch(json!({"type": "array", "items": items}));
    }
    if shape.objects.seen > 0 {
        branch(object(&shape.objects));
    }
    branches
}

fn text(shape: &Shape) -> Value {
    let texts = &shape.texts;
    if let Some(format) = texts.formats.name() {
        return json!({"type": "string", "format": format});
    }
    let few = !texts.many && texts.seen >= ENUM_SEEN && texts.seen >= texts.different.len() * ENUM_RATIO;
    // Two values at least: one that is always the same is as likely to be one of its kind.
    let told = few && texts.different.len() > 1 && texts.different.iter().all(|(text, count)| *count >= ENUM_EACH && is_code(text));
    if told {
        return json!({"type": "string", "enum": texts.different.keys().collect::<Vec<_>>()});
    }
    json!({"type": "string"})
}

/// Whether a text can be one of a list of words that programs agree on: no sentence, no name of a person, no number.
pub(crate) fn is_code(text: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let upper = text.chars().any(|letter| letter.is_ascii_uppercase());
    let lower = text.chars().any(|letter| letter.is_ascii_lowercase());
    !text.is_empty()
        && text.len() <= 40
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(word)
        && !(upper && lower)
        && text.bytes().filter(u8::is_ascii_digit).count() <= 3
}

fn object(objects: &Objects) -> Value {
    if is_map(objects) {
        let mut values = Shape::default();
        for (_, (_, shape)) in &objects.members {
            values.absorb(shape.clone());
        }
        if let Some(more) = &objects.more {
            values.absorb((**more).clone());
        }
        return json!({"type": "object", "additionalProperties": schema(&values)});
    }
    let required: Vec<&String> = objects.members.iter().filter(|(_, (count, _))| *count == objects.seen).map(|(name, _)| name).collect();
    let properties: Map<String, Value> = objects.members.iter().map(|(name, (_, shape))| (name.clone(), schema(shape))).collect();
    let mut out = Map::from_iter([("type".to_owned(), json!("object"))]);
    if !required.is_empty() {
        out.insert("required".to_owned(), json!(required));
    }
    if !properties.is_empty() {
        out.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(out)
}

/// Whether objects are maps: their members are named by data, or are very many that come and go.
fn is_map(objects: &Objects) -> bool {
    let names = objects.members.len();
    if objects.more.is_some() {
        return true;
    }
    if names == 0 {
        return false;
    }
    if objects.members.keys().all(|name| is_data(name)) {
        return true;
    }
    let kinds = objects.members.values().filter(|(_, shape)| !shape.is_null_only()).map(|(_, shape)| kind(shape));
    let mut kinds: Vec<_> = kinds.collect();
    kinds.dedup();
    let present: usize = objects.members.values().map(|(count, _)| *count).sum();
    names >= MAP_NAMES && objects.seen >= 3 && kinds.len() == 1 && present * 4 <= names * objects.seen
}

/// The one kind of values of a shape, if there is one.
fn kind(shape: &Shape) -> Option<u8> {
    let counts = [shape.booleans, shape.integers + shape.numbers, shape.texts.seen, shape.arrays, shape.objects.seen];
    let mut kinds = (0_u8..).zip(counts).filter(|(_, count)| *count > 0).map(|(kind, _)| kind);
    kinds.next().filter(|_| kinds.next().is_none())
}

/// Whether a name, or a step of a path, is a piece of data and no word: a number, a UUID, a day, a long hexadecimal number, an
/// identifier such as `contact_67890`.
pub(crate) fn is_data(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let hexadecimal = name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) && digits > 0;
    let day = name.len() == 10 && digits == 8 && name.matches('-').count() == 2;
    let numbered = name
        .rsplit_once(['_', '-'])
        .is_some_and(|(word, number)| !word.is_empty() && number.len() >= 2 && number.bytes().all(|byte| byte.is_ascii_digit()));
    let token = name.rsplit_once('_').map_or(name, |(_, token)| token);
    let random = token.len() >= 12
        && digits >= 2
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && token.bytes().any(|byte| byte.is_ascii_uppercase())
        && token.bytes().any(|byte| byte.is_ascii_lowercase());
    let number = !name.is_empty() && digits == name.len();
    number || is_uuid(name) || hexadecimal || day || numbered || random || (name.contains('@') && name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn inferred(values: &[Value], expected: &Value) {
        let mut shape = Shape::default();
        for value in values {
            shape.take(value);
        }
        assert_eq!(schema(&shape), *expected, "{values:?}");
        // Seen in two parts, it is the same.
        let (first, second) = values.split_at(values.len() / 2);
        let (mut one, mut other) = (Shape::default(), Shape::default());
        for value in first {
            one.take(value);
        }
        for value in second {
            other.take(value);
        }
        one.absorb(other);
        assert_eq!(schema(&one), *expected, "{values:?} in two parts");
    }

    #[test]
    fn what_was_always_there_is_required_and_what_was_null_may_be() {
        inferred(
            &[json!({"a": 1, "b": null}), json!({"a": 2.5, "b": "x", "c": true})],
            &json!({
                "type": "object", "required": ["a", "b"], "x-evidence": "example",
                "properties": {
                    "a": {"type": "number", "x-evidence": "example"},
                    "b": {"type": "string", "nullable": true, "x-evidence": "example"},
                    "c": {"type": "boolean", "x-evidence": "example"},
                },
            }),
        );
        inferred(&[json!(null)], &json!({"nullable": true, "description": "Only null was seen.", "x-evidence": "assumed"}));
        inferred(
            &[json!([]), json!([])],
            &json!({"type": "array", "x-evidence": "example", "items": {"description": "No value was seen.", "x-evidence": "assumed"}}),
        );
        inferred(&[json!(1), json!(3_000_000_000_u64)], &json!({"type": "integer", "format": "int64", "x-evidence": "example"}));
        inferred(
            &[json!(1), json!("a"), json!(null)],
            &json!({"anyOf": [{"type": "integer", "nullable": true}, {"type": "string", "nullable": true}], "x-evidence": "assumed"}),
        );
    }

    #[test]
    fn enums_need_strong_evidence() {
        let words = |count: usize| (0..count).map(|number| json!(["open", "closed"][number % 2])).collect::<Vec<_>>();
        inferred(&words(40), &json!({"type": "string", "enum": ["closed", "open"], "x-evidence": "assumed"}));
        inferred(&words(10), &json!({"type": "string", "x-evidence": "example"}));
        let mut names = words(40);
        names.push(json!("Jane Smith"));
        inferred(&names, &json!({"type": "string", "x-evidence": "example"}));
        inferred(&vec![json!("only"); 40], &json!({"type": "string", "x-evidence": "example"}));
    }

    #[test]
    fn maps_are_told_from_objects_by_their_names() {
        let map = json!({"type": "object", "x-evidence": "example", "additionalProperties": {"type": "integer", "x-evidence": "example"}});
        inferred(&[json!({"2024-01-01": 1, "2024-01-02": 2})], &map);
        inferred(&[json!({"123e4567-e89b-12d3-a456-426614174000": 1})], &map);
        inferred(&[json!({"user_1042": 1}), json!({"user_77": 2})], &map);
        let many: Vec<Value> = (0..60)
            .map(|number| json!({(format!("w{}", (b'a' + (number % 26)) as char)): 1, (format!("v{}", (b'a' + (number % 26)) as char)): 2}))
            .collect();
        inferred(&many, &map);
        inferred(
            &[json!({"line1": 1, "line2": 2})],
            &json!({
                "type": "object", "required": ["line1", "line2"], "x-evidence": "example",
                "properties": {"line1": {"type": "integer", "x-evidence": "example"}, "line2": {"type": "integer", "x-evidence": "example"}},
            }),
        );
    }
}
