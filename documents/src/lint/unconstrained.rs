//! `schema-accepts-anything`: bodies, parameters, properties and items of which nothing is said. `true` and what stands under
//! `additionalProperties` are left alone: there it is said on purpose.

use serde_json::{Map, Value};
use wireproof_openapi::{MediaType, Pointer};

use super::context::Context;
use super::examples::is_json;
use super::rule::Rule;

/// Keywords that only people read.
const ANNOTATIONS: [&str; 17] = [
    "title",
    "description",
    "summary",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
    "$comment",
    "$id",
    "$anchor",
    "$schema",
    "$defs",
    "definitions",
];

pub(super) fn check(context: &mut Context<'_>) {
    let mut found: Vec<(Pointer, String)> = Vec::new();
    for operation in context.document.operations() {
        let request = operation.request_body.iter().flat_map(|body| &body.content).map(|entry| ("the request's body", entry));
        let answers = operation.responses.entries.iter().flat_map(|response| &response.content).map(|entry| ("the answer's body", entry));
        for (what, entry) in request.chain(answers) {
            if is_json(&entry.name) && is_bare(context, entry) {
                let place = entry.schema.clone().unwrap_or_else(|| entry.pointer.clone());
                found.push((place, format!("nothing says what {what} is: every value is valid")));
            }
        }
    }
    for (place, node) in &context.schemas {
        let Some(what) = node.as_object().filter(|node| says_nothing(node)).and_then(|_| role(place)) else { continue };
        if !is_said_elsewhere(context, place) {
            found.push((place.clone(), format!("nothing says what {what} is: every value is valid")));
        }
    }
    for (place, message) in found {
        context.find(Rule::SchemaAcceptsAnything, &place, message);
    }
}

/// Whether a body has no schema, or one that says nothing.
fn is_bare(context: &Context<'_>, entry: &MediaType) -> bool {
    let Some(schema) = &entry.schema else { return true };
    let Some((place, node)) = context.document.resolve(schema) else { return false };
    // A component that says nothing is told itself, once for all that refer to it.
    (place == *schema || role(&place).is_none()) && node.as_object().is_some_and(says_nothing)
}

/// Whether no keyword of a schema refuses any value.
pub(super) fn says_nothing(node: &Map<String, Value>) -> bool {
    node.keys().all(|key| ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-"))
}

/// What a schema is about, by its place; `None` where saying nothing is usual.
fn role(place: &Pointer) -> Option<&'static str> {
    let last = place.last()?;
    let above = place.parent()?;
    match (above.last().as_deref(), &*last) {
        (Some("properties"), _) => Some("this property"),
        (Some("schemas"), _) => Some("this component"),
        (_, "items") => Some("an item of this list"),
        (_, "schema") if above.segments().any(|segment| segment == "parameters") => Some("this parameter"),
        _ => None,
    }
}

/// Whether another schema of the same object says what the property is.
fn is_said_elsewhere(context: &Context<'_>, place: &Pointer) -> bool {
    let (Some(properties), Some(name)) = (place.parent(), place.last()) else { return false };
    if properties.last().as_deref() != Some("properties") {
        return false;
    }
    let Some(object) = properties.parent() else { return false };
    let described = |place: &Pointer| context.document.get(place).and_then(Value::as_object).is_some_and(|node| !says_nothing(node));
    // Within a condition a bare property asks whether it is there.
    object.segments().any(|segment| matches!(&*segment, "not" | "if")) || context.families().property(&object, &name).iter().any(described)
}
