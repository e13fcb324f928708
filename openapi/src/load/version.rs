//! Looks at the root of a tree: is it an OpenAPI document, of which version, and has it what every such document has?

use serde_json::{Map, Value};

use super::{Positions, Tree};
use crate::document::Version;
use crate::{LoadError, Pointer, Source};

/// The version of the OpenAPI document in `tree`.
///
/// # Errors
///
/// When it is something else, or a version that is not read, or lacks what makes it a document.
pub(crate) fn recognise(source: &Source, tree: &Tree) -> Result<Version, LoadError> {
    let error = |pointer: &[&str], message: String, help: Option<&str>| {
        let pointer = pointer.iter().fold(Pointer::root(), |pointer, step| pointer.join(step));
        load_error(source, tree, pointer, message, help)
    };
    let Some(root) = tree.value.as_object() else {
        return Err(error(&[], format!("the document is {}, not an object", kind(&tree.value)), None));
    };
    let Some(version) = root.get("openapi") else {
        let (at, message, help) = what_else(root);
        return Err(error(at, message, help));
    };
    let text = match version {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        other => return Err(error(&["openapi"], format!("`openapi` is {}, expected a version as `3.1.0`", kind(other)), None)),
    };
    let Some(version) = supported(&text) else {
        let message = format!("OpenAPI version `{text}` is not read; 3.0, 3.1 and 3.2 are");
        return Err(error(&["openapi"], message, None));
    };
    match root.get("paths") {
        Some(Value::Object(_) | Value::Null) => {}
        Some(other) => return Err(error(&["paths"], format!("`paths` is {}, expected an object", kind(other)), None)),
        None if version == Version::V3_0 => {
            return Err(error(&[], "`paths` is missing".to_owned(), Some("add `paths: {}` if there are none")));
        }
        None if ["components", "webhooks"].iter().any(|part| root.get(*part).is_some_and(Value::is_object)) => {}
        None => return Err(error(&[], "none of `paths`, `components` and `webhooks` is there".to_owned(), None)),
    }
    Ok(version)
}

/// Checks `info`, which must say what the document is about and in which version. In `tree`, a reference in its place has been
/// followed.
///
/// # Errors
///
/// When the title or the version is missing or null.
pub(crate) fn check_info(source: &Source, tree: &Tree) -> Result<(), LoadError> {
    let at = Pointer::root().join("info");
    let error = |pointer: Pointer, message: String| load_error(source, tree, pointer, message, None);
    let info = match tree.value.get("info") {
        Some(Value::Object(info)) => info,
        Some(other) => return Err(error(at, format!("`info` is {}, expected an object", kind(other)))),
        None => return Err(error(Pointer::root(), "`info` is missing".to_owned())),
    };
    for member in ["title", "version"] {
        match info.get(member) {
            Some(Value::String(_) | Value::Number(_) | Value::Bool(_)) => {}
            Some(other) => return Err(error(at.join(member), format!("`info.{member}` is {}, expected text", kind(other)))),
            None => return Err(error(at, format!("`info.{member}` is missing"))),
        }
    }
    Ok(())
}

fn load_error(source: &Source, tree: &Tree, pointer: Pointer, message: String, help: Option<&str>) -> LoadError {
    let mark = Positions::read(source.content(), tree.format).mark(&pointer);
    LoadError { message, position: source.position(mark), pointer, help: help.map(str::to_owned) }
}

/// The version that `text` names; release candidates and unknown patch versions count as their minor version.
fn supported(text: &str) -> Option<Version> {
    let mut parts = text.split('.');
    match (parts.next(), parts.next()) {
        (Some("3"), Some("0")) => Some(Version::V3_0),
        (Some("3"), Some("1" | "2")) => Some(Version::V3_1),
        _ => None,
    }
}

/// What a document without `openapi` is: where that shows, the message and the advice.
fn what_else(root: &Map<String, Value>) -> (&'static [&'static str], String, Option<&'static str>) {
    let other = |key: &'static [&'static str], name: &str, help| (key, format!("{name}, not an OpenAPI document"), help);
    if let Some(version) = root.get("swagger") {
        let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        let message = format!("Swagger {version} is not read; OpenAPI 3.0, 3.1 and 3.2 are");
        return (&["swagger"], message, Some("convert it to OpenAPI 3, for example with swagger2openapi"));
    }
    if root.contains_key("swaggerVersion") {
        let help = Some("convert it to OpenAPI 3, for example with api-spec-converter");
        return other(&["swaggerVersion"], "this is a Swagger 1 listing", help);
    }
    if root.contains_key("asyncapi") {
        return other(&["asyncapi"], "this is an AsyncAPI document", None);
    }
    if root.contains_key("overlay") {
        return other(&["overlay"], "this is an OpenAPI Overlay", Some("name the document that it changes instead"));
    }
    if root.contains_key("arazzo") {
        return other(&["arazzo"], "this is an Arazzo description", Some("name one of its `sourceDescriptions` instead"));
    }
    if root.contains_key("item") && root.contains_key("info") {
        return other(&["info"], "this is a Postman collection", None);
    }
    if root.contains_key("$schema") || root.contains_key("$defs") {
        return other(&[], "this is a JSON Schema", None);
    }
    (&[], "`openapi` is missing: this is no OpenAPI document".to_owned(), None)
}

/// What a value is, for messages.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
