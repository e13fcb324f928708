//! `$ref` and the keywords that name schemas. All references have been worked out before (`references/`) and become plain local
//! pointers, so `$id` and `$anchor` have done their work and go: a validator that saw them would read the pointers differently.

use serde_json::{Map, Value};

use super::ANNOTATIONS;
use crate::Diagnostic;
use crate::at::At;
use crate::document::Version;
use crate::grammar::{Kind, Object};
use crate::load::kind;
use crate::normalise::Normaliser;

const SCHEMA: Kind = Kind::One(Object::Schema);

/// Rewrites `$ref`, and in OpenAPI 3.0 removes what it makes meaningless.
pub(super) fn references(walker: &mut Normaliser<'_>, members: &mut Map<String, Value>, at: At<'_>) {
    if members.contains_key("$dynamicRef") {
        dynamic_reference(walker, members, at);
    }
    let Some(value) = members.get("$ref") else { return };
    let local = match value {
        Value::String(reference) => {
            let reference = reference.clone();
            walker.rewrite(&reference, SCHEMA, at)
        }
        other => {
            let message = format!("`$ref` is {}, expected text; it is ignored", kind(other));
            walker.warn("wrong-type", at.member("$ref"), message);
            members.shift_remove("$ref");
            return;
        }
    };
    if walker.version == Version::V3_0 {
        siblings(walker, members, at);
    }
    match local {
        Some(local) => {
            members.insert("$ref".to_owned(), Value::String(local));
        }
        None => {
            members.shift_remove("$ref");
        }
    }
}

/// OpenAPI 3.0 ignores what stands beside a `$ref`. What only describes stays, as people read it; `nullable` stays, as documents
/// that have it there mean it.
fn siblings(walker: &mut Normaliser<'_>, members: &mut Map<String, Value>, at: At<'_>) {
    let keeps = |key: &str| key == "$ref" || key == "nullable" || key.starts_with("x-") || ANNOTATIONS.contains(&key);
    let ignored: Vec<String> = members.keys().filter(|key| !keeps(key)).cloned().collect();
    let Some(first) = ignored.first() else { return };
    let names: Vec<String> = ignored.iter().map(|key| format!("`{key}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{} beside `$ref` {verb} ignored, as OpenAPI 3.0 says", names.join(", "));
    let help = "put the `$ref` into an `allOf` to have both";
    walker.report(Diagnostic::warning("ref-siblings", at.member(first).pointer(), message).with_help(help));
    members.retain(|key, _| keeps(key));
}

/// A `$dynamicRef` is followed as a plain reference to where its anchor stands.
fn dynamic_reference(walker: &mut Normaliser<'_>, members: &mut Map<String, Value>, at: At<'_>) {
    let here = at.member("$dynamicRef");
    let Some(Value::String(reference)) = members.shift_remove("$dynamicRef") else { return };
    if members.contains_key("$ref") {
        walker.warn("dynamic-reference", here, "`$dynamicRef` beside `$ref` is ignored");
        return;
    }
    walker.warn(
        "dynamic-reference",
        here,
        format!("`{reference}` is followed as a plain `$ref`; it is not looked for anew where it is used"),
    );
    members.insert("$ref".to_owned(), Value::String(reference));
}

/// Looks at a keyword that names or frames a schema; `true` to keep it.
pub(super) fn identifier(walker: &mut Normaliser<'_>, key: &str, value: &Value, at: At<'_>) -> bool {
    let known_dialect = value.as_str().is_some_and(|dialect| dialect.contains("2020-12") || dialect.contains("spec.openapis.org"));
    if key == "$schema" && !known_dialect {
        walker.warn("schema-dialect", at, "`$schema` is ignored; all schemas are read as JSON Schema 2020-12");
    } else if walker.version == Version::V3_0 && key != "$schema" {
        walker.warn("unknown-keyword", at, format!("`{key}` is not of OpenAPI 3.0 and ignored"));
    }
    false
}
