//! `nothing-required`: answers whose schema names properties and requires none of them. An answer that lost all of them would conform.

use serde_json::{Value, json};
use wireproof_contract::Side;
use wireproof_openapi::Pointer;

use super::context::{Context, listed};
use super::examples::is_json;
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let mut bodies = Vec::new();
    for response in context.document.operations().iter().flat_map(|operation| &operation.responses.entries) {
        let entries = response.content.iter().filter(|entry| is_json(&entry.name));
        bodies.extend(entries.filter_map(|entry| entry.schema.clone()));
    }
    let mut seen = std::collections::HashSet::new();
    for body in bodies {
        // A list of objects is as weak as the objects.
        let item = context.document.resolve(&body).filter(|(_, node)| node.get("items").is_some()).map(|(place, _)| place.join("items"));
        let Some((place, _)) = context.document.resolve(item.as_ref().unwrap_or(&body)) else { continue };
        if !seen.insert(place.clone()) || !context.contract.accepts(&place, Side::Response, &json!({})) {
            continue;
        }
        let names = properties(context, &place);
        if !names.is_empty() {
            let message =
                format!("this schema accepts any object, even `{{}}`: none of {} is required", listed(names.iter().map(String::as_str)));
            context.find(Rule::NothingRequired, &place, message);
        }
    }
}

/// The properties that an object's schemas describe.
fn properties(context: &Context<'_>, place: &Pointer) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, members) in context.families().of(place) {
        let described = members.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys);
        for name in described {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}
