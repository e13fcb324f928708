//! Values of schemas, made in the plainest way that can work. Whether one is valid is asked afterwards, so a schema that is too
//! much for this costs an exchange and nothing else.

use serde_json::{Map, Value, json};
use wireproof_contract::Side;
use wireproof_openapi::{Document, Pointer};

/// How deep values are made.
const MAX_DEPTH: usize = 12;

/// How deep members are made that need not be there.
const OPTIONAL_DEPTH: usize = 4;

/// A value of the schema at a place.
pub(super) fn of(document: &Document, schema: &Pointer, side: Side) -> Option<Value> {
    value(document, schema, side, 0)
}

fn value(document: &Document, schema: &Pointer, side: Side, depth: usize) -> Option<Value> {
    let (place, node) = document.resolve(schema)?;
    let Value::Object(node) = node else { return (node == &Value::Bool(true)).then(anything) };
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(constant) = node.get("const") {
        return Some(constant.clone());
    }
    if let Some(values) = node.get("enum").and_then(Value::as_array) {
        return values.iter().find(|value| !value.is_null()).or(values.first()).cloned();
    }
    let mut made = own(document, &place, node, side, depth)?;
    for keyword in ["anyOf", "oneOf"] {
        let count = node.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        if count > 0 {
            let mut branches = (0..count).map(|index| place.join(keyword).index(index));
            made = merge(made, branches.find_map(|branch| value(document, &branch, side, depth + 1))?);
        }
    }
    for index in 0..node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        made = merge(made, value(document, &place.join("allOf").index(index), side, depth + 1)?);
    }
    Some(made)
}

/// A value where nothing is asked for.
fn anything() -> Value {
    json!("any")
}

/// What two schemas ask for together: objects have the members of both, of anything else the later counts.
fn merge(left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Object(mut left), Value::Object(right)) => {
            left.extend(right);
            Value::Object(left)
        }
        (left, right) if right == anything() => left,
        (_, right) => right,
    }
}

/// What the schema's own keywords ask for; `None` where that is beyond this.
fn own(document: &Document, place: &Pointer, node: &Map<String, Value>, side: Side, depth: usize) -> Option<Value> {
    let names: Vec<&str> = match node.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        _ if node.contains_key("properties") || node.contains_key("required") => vec!["object"],
        _ if node.contains_key("items") => vec!["array"],
        _ => vec![],
    };
    let least = |keyword: &str| node.get(keyword).and_then(Value::as_u64).unwrap_or(0);
    Some(match names.first() {
        None => anything(),
        Some(&"string") => Value::String(text(node)?),
        Some(&"boolean") => json!(true),
        Some(&"null") => Value::Null,
        Some(&("integer" | "number")) => number(node)?,
        Some(&"array") => {
            let count = usize::try_from(least("minItems")).ok().filter(|count| *count <= 20)?;
            let most = node.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
            let item = || value(document, &place.join("items"), side, depth + 1);
            let made = if node.contains_key("items") && most > 0 && depth < OPTIONAL_DEPTH { item() } else { None };
            let filler = if count > 0 { Some(made.clone().or_else(item).or_else(|| Some(json!(1)))?) } else { made };
            filler.map_or_else(|| json!([]), |filler| Value::Array(vec![filler; count.max(1)]))
        }
        Some(_) => Value::Object(object(document, place, node, side, depth)?),
    })
}

fn object(document: &Document, place: &Pointer, node: &Map<String, Value>, side: Side, depth: usize) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    let required: Vec<&str> = node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = node.get("properties").and_then(Value::as_object);
    for name in properties.into_iter().flat_map(Map::keys) {
        let property = place.join("properties").join(name);
        if absent(document, &property, side) {
            continue;
        }
        let is_required = required.contains(&name.as_str());
        if !is_required && depth >= OPTIONAL_DEPTH {
            continue;
        }
        match value(document, &property, side, depth + 1) {
            Some(made) => drop(members.insert(name.clone(), made)),
            None if is_required => return None,
            None => {}
        }
    }
    for name in required {
        if properties.is_none_or(|properties| !properties.contains_key(name)) {
            members.insert(name.to_owned(), json!("any"));
        }
    }
    Some(members)
}

/// Whether a property is one that this side does not have.
fn absent(document: &Document, property: &Pointer, side: Side) -> bool {
    let keyword = if side == Side::Request { "readOnly" } else { "writeOnly" };
    let says = |node: Option<&Value>| node.is_some_and(|node| node.get(keyword) == Some(&Value::Bool(true)));
    says(document.get(property)) || says(document.resolve(property).map(|(_, node)| node))
}

fn text(node: &Map<String, Value>) -> Option<String> {
    let given = ["example", "default"].iter().find_map(|keyword| node.get(*keyword)?.as_str().map(str::to_owned));
    if node.contains_key("pattern") {
        return given;
    }
    let made = match node.get("format").and_then(Value::as_str).unwrap_or_default() {
        "date-time" => "2024-02-29T12:00:00Z",
        "date" => "2024-02-29",
        "time" => "12:00:00Z",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "email" => "someone@example.com",
        "uri" | "url" => "https://example.com/a",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "aGVsbG8=",
        "duration" => "P1D",
        _ => "text",
    };
    let least = node.get("minLength").and_then(Value::as_u64).unwrap_or(0);
    let most = node.get("maxLength").and_then(Value::as_u64).unwrap_or(u64::MAX);
    let mut made = made.to_owned();
    while (made.len() as u64) < least.min(2_000) {
        made.push('a');
    }
    if made.len() as u64 > most {
        made.truncate(usize::try_from(most).ok()?);
    }
    Some(made)
}

fn number(node: &Map<String, Value>) -> Option<Value> {
    let limit = |keyword: &str| node.get(keyword).and_then(Value::as_i64);
    let least = limit("minimum").or_else(|| limit("exclusiveMinimum").map(|limit| limit.saturating_add(1)));
    let most = limit("maximum").or_else(|| limit("exclusiveMaximum").map(|limit| limit.saturating_sub(1)));
    let step = limit("multipleOf").filter(|step| *step > 0).unwrap_or(1);
    let wanted = 7.clamp(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX).max(least.unwrap_or(i64::MIN)));
    let made = (wanted / step).checked_mul(step)?;
    Some(json!(if least.is_some_and(|least| made < least) { made.checked_add(step)? } else { made }))
}
