//! Every keyword of JSON Schema with the type that its value must have. A value of another type is repaired where its meaning
//! is plain (`"3"` for 3) and removed otherwise: a schema with it could not be compiled at all.

use serde_json::{Map, Value};

use super::{Findings, identity, numeric, types};
use crate::Diagnostic;
use crate::at::At;
use crate::document::Version;
use crate::grammar::{Kind, Object};
use crate::load::kind;
use crate::normalise::Normaliser;

/// A list under an object's numbers as keys may have gaps, but not more of them than this.
const SPARSE_LIMIT: usize = 256;

/// Looks at one keyword. `false`: it has to go, and a diagnostic has said why.
pub(super) fn keyword(walker: &mut Normaliser<'_>, key: &str, value: &mut Value, at: At<'_>, findings: &mut Findings) -> bool {
    match key {
        "$ref" | "default" | "const" | "example" | "xml" | "externalDocs" => true,
        "type" => types::check(walker, value, at),
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            walker.part(Kind::Map(Object::Schema), value, at)
        }
        "items" if value.is_array() => {
            findings.tuple = true;
            walker.part(Kind::List(Object::Schema), value, at)
        }
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "not"
        | "contains"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => subschema(walker, value, at),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => combination(walker, value, at),
        "discriminator" if value.is_object() => walker.part(Kind::One(Object::Discriminator), value, at),
        "required" => required(walker, value, at),
        "dependentRequired" => dependent_required(walker, value, at),
        "enum" => match value {
            Value::Array(values) if !values.is_empty() => true,
            Value::Array(_) => {
                walker.warn("keyword-type", at, "an empty `enum` would allow nothing; it is ignored");
                false
            }
            _ => wrong(walker, key, value, "a list", at),
        },
        "examples" => value.is_array() || wrong(walker, key, value, "a list", at),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "minContains" | "maxContains" => {
            numeric::count(walker, key, value, at)
        }
        "minimum" | "maximum" => numeric::number(walker, key, value, at),
        "multipleOf" => numeric::divisor(walker, value, at),
        "exclusiveMinimum" | "exclusiveMaximum" => {
            let is_flag = flag_of(value).is_some();
            findings.boolean_exclusive |= is_flag;
            is_flag || numeric::number(walker, key, value, at)
        }
        "nullable" => {
            nullable(walker, value, at, findings);
            false
        }
        "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" => flag(walker, key, value, at),
        "format" => {
            findings.integer_format |= value.as_str().is_some_and(numeric::is_integer_format);
            text(walker, key, value, at)
        }
        "pattern" | "title" | "description" | "$comment" | "contentEncoding" | "contentMediaType" => text(walker, key, value, at),
        "$id" | "$schema" | "$anchor" | "$dynamicAnchor" | "$vocabulary" | "$recursiveRef" | "$recursiveAnchor" => {
            identity::identifier(walker, key, value, at)
        }
        _ => !key.starts_with("x-") || walker.extension(key, value, at),
    }
}

/// Reports a value of the wrong type. Always `false`, for the keyword goes.
pub(super) fn wrong(walker: &mut Normaliser<'_>, key: &str, value: &Value, expected: &str, at: At<'_>) -> bool {
    walker.warn("keyword-type", at, format!("`{key}` is {}, expected {expected}; it is ignored", kind(value)));
    false
}

/// Reports a value that is understood though it is of the wrong type. Always `true`, for the keyword stays.
pub(super) fn repaired(walker: &mut Normaliser<'_>, key: &str, was: &Value, value: &Value, at: At<'_>) -> bool {
    walker.warn("keyword-type", at, format!("`{key}` is {}; it is read as `{value}`", kind(was)));
    true
}

/// A boolean, also where it is written as text.
pub(super) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn flag(walker: &mut Normaliser<'_>, key: &str, value: &mut Value, at: At<'_>) -> bool {
    match (flag_of(value), value.is_boolean()) {
        (Some(_), true) => true,
        (Some(flag), false) => {
            let was = std::mem::replace(value, Value::Bool(flag));
            repaired(walker, key, &was, value, at)
        }
        (None, _) => wrong(walker, key, value, "true or false", at),
    }
}

fn nullable(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>, findings: &mut Findings) {
    if !flag(walker, "nullable", value, at) || *value != Value::Bool(true) {
        return;
    }
    findings.nullable = true;
    if walker.version == Version::V3_1 {
        walker.count_nullable(at);
    }
}

fn text(walker: &mut Normaliser<'_>, key: &str, value: &mut Value, at: At<'_>) -> bool {
    match value {
        Value::String(_) => true,
        Value::Number(_) | Value::Bool(_) => {
            let text = Value::String(value.to_string());
            let was = std::mem::replace(value, text);
            repaired(walker, key, &was, value, at)
        }
        // A key with nothing behind it.
        Value::Null if matches!(key, "title" | "description" | "$comment") => false,
        _ => wrong(walker, key, value, "text", at),
    }
}

fn subschema(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    if let (Value::String(_), Some(flag)) = (&*value, flag_of(value)) {
        *value = Value::Bool(flag);
        walker.warn("keyword-type", at, format!("text, expected a schema; it is read as `{flag}`"));
    }
    walker.part(Kind::One(Object::Schema), value, at)
}

/// `allOf` and its kin. An object with numbers as keys is what some tools make of a list; the numbers stay good as pointers.
fn combination(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    if let Some(items) = value.as_object().and_then(numbered) {
        walker.warn("keyword-type", at, "an object with numbers as keys; it is read as a list");
        *value = Value::Array(items);
    }
    if value.as_array().is_some_and(Vec::is_empty) {
        walker.warn("keyword-type", at, "an empty list of schemas; it is ignored");
        return false;
    }
    walker.part(Kind::List(Object::Schema), value, at)
}

/// The list that an object with numbers as keys stands for, gaps filled with schemas that allow anything.
fn numbered(members: &Map<String, Value>) -> Option<Vec<Value>> {
    let mut items = Vec::new();
    for (key, value) in members {
        let index = key.parse::<usize>().ok().filter(|index| *index < SPARSE_LIMIT)?;
        if items.len() <= index {
            items.resize(index + 1, Value::Bool(true));
        }
        if let Some(item) = items.get_mut(index) {
            *item = value.clone();
        }
    }
    (!items.is_empty()).then_some(items)
}

fn required(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    let Value::Array(names) = value else {
        let message = format!("`required` is {}, expected a list of property names; it is ignored", kind(value));
        let help = "list the names of required properties in the `required` of the object that has them";
        walker.report(Diagnostic::warning("keyword-type", at.pointer(), message).with_help(help));
        return false;
    };
    names_only(walker, names, at);
    !names.is_empty()
}

/// Makes a list of names of a list, each name once.
fn names_only(walker: &mut Normaliser<'_>, names: &mut Vec<Value>, at: At<'_>) {
    let mut seen = std::collections::HashSet::new();
    let mut kept = Vec::with_capacity(names.len());
    for (index, name) in names.drain(..).enumerate() {
        let text = match &name {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => name.to_string(),
            other => {
                walker.warn("keyword-type", at.item(index), format!("{}, expected the name of a property; it is ignored", kind(other)));
                continue;
            }
        };
        if seen.insert(text.clone()) {
            kept.push(Value::String(text));
        }
    }
    *names = kept;
}

fn dependent_required(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    let Value::Object(dependents) = value else { return wrong(walker, "dependentRequired", value, "an object", at) };
    dependents.retain(|key, names| match names {
        Value::Array(names) => {
            names_only(walker, names, at.member(key));
            true
        }
        _ => wrong(walker, key, names, "a list of property names", at.member(key)),
    });
    true
}
