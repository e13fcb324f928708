//! `null-meets-requirement`: alternatives of `required` that null satisfies. `anyOf: [{required: [id]}, {required: [email]}]` is there so
//! that one of the two is known; where both may be null, `{"id": null}` will do.

use serde_json::{Map, Value};
use wireproof_openapi::Pointer;

use super::context::{Context, listed};
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let mut found = Vec::new();
    for (place, node) in &context.schemas {
        for keyword in ["anyOf", "oneOf"] {
            let Some(branches) = node.get(keyword).and_then(Value::as_array) else { continue };
            let mut names: Vec<&str> = Vec::new();
            let mut first = None;
            for (index, branch) in branches.iter().enumerate() {
                let Some(required) = branch.as_object().filter(|branch| is_presence(branch)).and_then(|branch| branch.get("required"))
                else {
                    continue;
                };
                let required = required.as_array().into_iter().flatten().filter_map(Value::as_str);
                for name in required.filter(|name| may_be_null(context, place, name)) {
                    first.get_or_insert_with(|| place.join(keyword).index(index));
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            if let Some(first) = first {
                let one = names.first().copied().unwrap_or_default();
                let example = Value::Object(Map::from_iter([(one.to_owned(), Value::Null)]));
                let message = format!(
                    "`{example}` meets this `{keyword}`: {} may be null, so nothing needs to be known; let null out of what is required",
                    listed(names.iter().copied())
                );
                found.push((first, message));
            }
        }
    }
    for (place, message) in found {
        context.find(Rule::NullMeetsRequirement, &place, message);
    }
}

/// Whether a branch asks for nothing but that some members are there.
pub(super) fn is_presence(branch: &Map<String, Value>) -> bool {
    branch.contains_key("required")
        && branch.keys().all(|key| matches!(key.as_str(), "required" | "title" | "description" | "type") || key.starts_with("x-"))
}

/// Whether every schema of the property lets null in; one that is nowhere described is another rule's business.
fn may_be_null(context: &Context<'_>, place: &Pointer, name: &str) -> bool {
    let schemas = context.families().property(place, name);
    let says_so = |schema: &Pointer| context.document.get(schema).is_some_and(|node| node.as_object().is_some_and(|node| !node.is_empty()));
    schemas.iter().any(says_so) && schemas.iter().all(|schema| context.accepts(schema, &Value::Null))
}
