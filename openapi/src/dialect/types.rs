//! `type`: one of seven names or a list of them. Real documents have many more.

use serde_json::Value;

use super::keywords::wrong;
use crate::Diagnostic;
use crate::at::At;
use crate::normalise::Normaliser;

const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "object", "array", "null"];

/// Repairs the value of `type`; `false` where nothing usable is left.
pub(super) fn check(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    match value {
        Value::String(name) => match known(walker, name, at) {
            Some(name) => {
                *value = Value::String(name.to_owned());
                true
            }
            None => false,
        },
        Value::Array(names) => {
            let mut kept: Vec<Value> = Vec::with_capacity(names.len());
            for (index, name) in names.iter().enumerate() {
                let name = match name {
                    Value::String(name) => known(walker, name, at.item(index)),
                    // YAML reads `[string, null]` so; the name of the type is meant.
                    Value::Null => Some("null"),
                    other => {
                        wrong(walker, "type", other, "the name of a type", at.item(index));
                        None
                    }
                };
                if let Some(name) = name.filter(|name| !kept.iter().any(|kept| kept == name)) {
                    kept.push(Value::String(name.to_owned()));
                }
            }
            if kept.is_empty() {
                walker.warn("unknown-type", at, "no type is left in this list; anything is allowed");
            }
            *names = kept;
            !names.is_empty()
        }
        _ => wrong(walker, "type", value, "the name of a type", at),
    }
}

/// The type that `name` means.
fn known(walker: &mut Normaliser<'_>, name: &str, at: At<'_>) -> Option<&'static str> {
    if let Some(known) = TYPES.iter().find(|known| **known == name) {
        return Some(known);
    }
    let meant = meant(&name.trim().to_ascii_lowercase());
    let message = match meant {
        Some(meant) => format!("`{name}` is no type; it is read as `{meant}`"),
        None => format!("`{name}` is no type; anything is allowed"),
    };
    let help = "the types are `string`, `integer`, `number`, `boolean`, `object`, `array` and, in OpenAPI 3.1, `null`";
    walker.report(Diagnostic::warning("unknown-type", at.pointer(), message).with_help(help));
    meant
}

/// Names that can mean one type only. A `date` is left open: as text, or as a number of seconds?
fn meant(name: &str) -> Option<&'static str> {
    Some(match name {
        "int" | "int32" | "int64" | "long" => "integer",
        "float" | "double" | "decimal" => "number",
        "bool" => "boolean",
        // Swagger 2.0 had it for uploads; OpenAPI 3 says `string` with the format `binary`.
        "str" | "text" | "uuid" | "file" => "string",
        "list" => "array",
        "map" | "dict" => "object",
        name => return TYPES.iter().find(|known| **known == name).copied(),
    })
}
