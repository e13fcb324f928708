//! `nullable: true`, which OpenAPI 3.0 has in place of a type `null`. By the letter it counts beside a `type` only; documents
//! mean it wherever they write it, so it lets null in everywhere.

use serde_json::{Map, Value};

use super::ANNOTATIONS;
use crate::places::NULLABLE;

/// Keywords beside which a type of null would not be enough: each of them refuses null on its own, or means another type.
const CONDITIONS: [&str; 8] = ["$ref", "allOf", "anyOf", "oneOf", "not", "const", "if", "dependentSchemas"];

/// Makes the schema `node`, from which `nullable` has been taken, allow null.
pub(super) fn allow_null(node: &mut Value) {
    let Value::Object(members) = node else { return };
    let is_plain = members.contains_key("type") && !CONDITIONS.iter().any(|keyword| members.contains_key(*keyword));
    if is_plain {
        add_to_type(members);
        return;
    }
    let (mut wrapper, schema): (Map<String, Value>, Map<String, Value>) =
        std::mem::take(members).into_iter().partition(|(key, _)| ANNOTATIONS.contains(&key.as_str()) || is_extension(key));
    let null = Value::Object(Map::from_iter([("type".to_owned(), Value::String("null".to_owned()))]));
    wrapper.insert("anyOf".to_owned(), Value::Array(vec![Value::Object(schema), null]));
    wrapper.insert(NULLABLE.to_owned(), Value::Bool(true));
    *members = wrapper;
}

/// Extensions describe the schema as a whole; our own marks belong to the keywords beside them.
fn is_extension(key: &str) -> bool {
    key.starts_with("x-") && !key.starts_with("x-wireproof-")
}

fn add_to_type(members: &mut Map<String, Value>) {
    let null = || Value::String("null".to_owned());
    match members.get_mut("type") {
        Some(Value::Array(types)) if !types.contains(&null()) => types.push(null()),
        Some(name @ Value::String(_)) if *name != null() => *name = Value::Array(vec![name.take(), null()]),
        _ => {}
    }
    if let Some(Value::Array(values)) = members.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}
