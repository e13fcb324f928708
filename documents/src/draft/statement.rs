//! What pages state in words, put into schemas: types, formats, lists of words, values that are always the same.

use serde_json::{Map, Value, json};

use super::schema::is_code;
use crate::page::Field;

/// The schema of a type in the words of a page; `description` may name a format.
pub(super) fn of_type(named: Option<&str>, description: &str) -> Value {
    let Some(named) = named else { return json!({"x-evidence": "assumed"}) };
    let word = named.trim().to_ascii_lowercase();
    let list = word.ends_with("[]") || word.starts_with("array") || word.starts_with("list");
    let first = word.split(|letter: char| !letter.is_ascii_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let item = word.split(|letter: char| !letter.is_ascii_alphanumeric()).find(|word| !matches!(*word, "" | "array" | "list" | "of"));
    if list {
        let items = item
            .map(|item| item.strip_suffix('s').unwrap_or(item))
            .map_or_else(|| json!({"x-evidence": "assumed"}), |item| of_type(Some(item), ""));
        return json!({"type": "array", "items": items, "x-evidence": "documented"});
    }
    let says = |text: &str| description.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word.eq_ignore_ascii_case(text));
    let mut schema = match first {
        "integer" | "int" | "int32" => json!({"type": "integer"}),
        "int64" | "timestamp" => json!({"type": "integer", "format": "int64"}),
        "number" | "float" | "double" | "decimal" => json!({"type": "number"}),
        "boolean" | "bool" => json!({"type": "boolean"}),
        "object" | "map" => json!({"type": "object"}),
        "uuid" => json!({"type": "string", "format": "uuid"}),
        "email" => json!({"type": "string", "format": "email"}),
        "date" => json!({"type": "string", "format": "date"}),
        "string" | "str" | "text" | "enum" | "url" | "uri" | "datetime" if says("uuid") => json!({"type": "string", "format": "uuid"}),
        "string" | "str" | "text" | "enum" | "url" | "uri" | "datetime" => json!({"type": "string"}),
        _ => return json!({"x-evidence": "assumed"}),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("x-evidence".to_owned(), json!("documented"));
    }
    schema
}

/// The words that a description lists after a colon, if it lists three or more: `what to include: emails, notes, tags`.
pub(super) fn listed(description: &str) -> Vec<String> {
    let Some((_, list)) = description.split_once(':') else { return Vec::new() };
    let words: Vec<String> = list
        .split(',')
        .map(|word| word.trim().trim_matches(['.', '`', '"', '\'']).trim_start_matches("or ").trim_start_matches("and ").to_owned())
        .collect();
    if words.len() >= 3 && words.iter().all(|word| is_code(word)) { words } else { Vec::new() }
}

/// The value that a field always has, by its description.
pub(super) fn always(description: &str) -> Option<Value> {
    let text = description.to_ascii_lowercase();
    let (_, rest) = text.split_once("always ")?;
    match rest.trim_start_matches('`').split(|letter: char| !letter.is_ascii_alphanumeric()).next()? {
        "true" => Some(json!(true)),
        "false" => Some(json!(false)),
        _ => None,
    }
}

/// Puts what a page states of a field into a schema: at the property of its name, which is added where no example has it.
pub(super) fn annotate(schema: &mut Value, field: &Field) {
    let steps: Vec<&str> = field.name.split('.').collect();
    let Some(property) = property(schema, &steps, field.required == Some(true)) else { return };
    let stated = of_type(field.type_name.as_deref(), &field.description);
    let Some(members) = property.as_object_mut() else { return };
    if !field.description.is_empty() {
        members.insert("description".to_owned(), json!(field.description));
    }
    let stated_type = stated.get("type").cloned();
    match (members.get("type").cloned(), stated_type) {
        (None, Some(_)) => {
            let nullable = members.get("nullable").cloned();
            if let Value::Object(stated) = stated {
                members.shift_remove("anyOf");
                members.extend(stated);
            }
            members.extend(nullable.map(|nullable| ("nullable".to_owned(), nullable)));
        }
        (Some(seen), Some(stated_type)) if seen == stated_type || (seen == json!("integer") && stated_type == json!("number")) => {
            if let Some(format) = stated.get("format").filter(|_| !members.contains_key("format") && !members.contains_key("enum")) {
                members.insert("format".to_owned(), format.clone());
            }
            members.insert("type".to_owned(), stated_type);
            members.insert("x-evidence".to_owned(), json!("documented"));
        }
        // The example shows another type than the page states: both are the vendor's word, and the example is what was sent.
        (Some(_), Some(stated_type)) => {
            let text = format!(
                "{} The page states the type `{}`, its example shows another.",
                field.description,
                stated_type.as_str().unwrap_or_default()
            );
            members.insert("description".to_owned(), json!(text.trim()));
        }
        (_, None) => {}
    }
}

/// The one value that a property always has.
pub(super) fn fix(schema: &mut Value, name: &str, value: &Value) {
    let steps: Vec<&str> = name.split('.').collect();
    let kind = property(schema, &steps, false).and_then(Value::as_object_mut);
    if let Some(members) = kind.filter(|members| members.get("type") == Some(&json!("boolean"))) {
        members.insert("enum".to_owned(), json!([value]));
    }
}

/// Makes members optional that a parameter asks for by name, in the object that has all of them, be it the body or a member of it.
pub(super) fn optional(schema: &mut Value, parameter: &str, words: &[String]) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    if !words.iter().all(|word| properties.contains_key(word)) {
        properties.values_mut().for_each(|property| optional(property, parameter, words));
        return;
    }
    for word in words {
        if let Some(property) = properties.get_mut(word).and_then(Value::as_object_mut) {
            let text = property.get("description").and_then(Value::as_str).map(|text| format!("{text} ")).unwrap_or_default();
            property
                .insert("description".to_owned(), json!(format!("{text}That it comes only when `{parameter}` asks for it is assumed.")));
        }
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !words.iter().any(|word| name == word));
    }
}

/// The property at the end of a way of names, through lists, made where it is not there.
fn property<'s>(schema: &'s mut Value, steps: &[&str], required: bool) -> Option<&'s mut Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(schema) };
    let name = step.split('[').next().unwrap_or(step);
    // Members of the items of a list are named as those of the list.
    if schema.get("type") == Some(&json!("array")) {
        return property(schema.get_mut("items")?, steps, required);
    }
    let members = schema.as_object_mut()?;
    if !members.contains_key("type") {
        members.insert("type".to_owned(), json!("object"));
        members.insert("x-evidence".to_owned(), json!("documented"));
    }
    if rest.is_empty() && required {
        let list = members.entry("required").or_insert_with(|| json!([])).as_array_mut()?;
        if !list.iter().any(|known| known == name) {
            list.push(json!(name));
        }
    }
    let properties = members.entry("properties").or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
    let child = properties.entry(name.to_owned()).or_insert_with(|| json!({"x-evidence": "documented"}));
    property(child, rest, required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_schemas() {
        for (named, description, expected) in [
            (Some("string"), "Contact ID (UUID)", json!({"type": "string", "format": "uuid", "x-evidence": "documented"})),
            (
                Some("array of strings"),
                "",
                json!({"type": "array", "items": {"type": "string", "x-evidence": "documented"}, "x-evidence": "documented"}),
            ),
            (Some("Integer"), "", json!({"type": "integer", "x-evidence": "documented"})),
            (
                Some("integer[]"),
                "",
                json!({"type": "array", "items": {"type": "integer", "x-evidence": "documented"}, "x-evidence": "documented"}),
            ),
            (Some("whatever"), "", json!({"x-evidence": "assumed"})),
            (None, "", json!({"x-evidence": "assumed"})),
        ] {
            assert_eq!(of_type(named, description), expected, "{named:?} {description}");
        }
        assert_eq!(listed("Related data to include: emails, phone_numbers, or tags."), ["emails", "phone_numbers", "tags"]);
        assert_eq!(listed("Note: it is long, it is wide, and it is deep"), Vec::<String>::new());
        assert_eq!((always("Always true on success"), always("true, as always")), (Some(json!(true)), None));
    }

    #[test]
    fn statements_are_put_where_they_belong() {
        let field = |name: &str, type_name: &str, required: Option<bool>| Field {
            kind: crate::page::FieldKind::Response,
            name: name.to_owned(),
            type_name: Some(type_name.to_owned()),
            required,
            description: "What it is".to_owned(),
            status: None,
            line: 1,
        };
        let mut schema =
            json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object"}}, "n": {"nullable": true}}});
        annotate(&mut schema, &field("a.b", "boolean", Some(true)));
        annotate(&mut schema, &field("n", "string", None));
        annotate(&mut schema, &field("a", "object", None));
        assert_eq!(
            schema,
            json!({"type": "object", "properties": {
                "a": {
                    "type": "array",
                    "items": {"type": "object", "required": ["b"], "properties": {"b": {"type": "boolean", "x-evidence": "documented", "description": "What it is"}}},
                    "description": "What it is The page states the type `object`, its example shows another.",
                },
                "n": {"nullable": true, "description": "What it is", "type": "string", "x-evidence": "documented"},
            }})
        );
    }
}
