//! `required-undeclared`: names that are required and that no property describes, which most often are slips of the keyboard.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::context::{Context, shorten};
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let mut found = Vec::new();
    for (place, node) in &context.schemas {
        let Some(required) = node.get("required").and_then(Value::as_array).filter(|required| !required.is_empty()) else { continue };
        if is_condition(place) {
            continue;
        }
        let declared = Declared::of(context, place);
        if declared.any {
            continue;
        }
        for (index, name) in required.iter().enumerate() {
            let Some(name) = name.as_str().filter(|name| !declared.names.contains(name)) else { continue };
            let near = declared.names.iter().find(|known| alike(known, name));
            let hint = near.map(|known| format!("; is `{}` meant?", shorten(known))).unwrap_or_default();
            let message = format!("`{}` is required, and no property says what it is{hint}", shorten(name));
            found.push((place.join("required").index(index), message));
        }
    }
    for (place, message) in found {
        context.find(Rule::RequiredUndeclared, &place, message);
    }
}

/// Whether a schema is a condition, which only asks whether something is there.
fn is_condition(place: &Pointer) -> bool {
    place.segments().any(|segment| matches!(&*segment, "not" | "if" | "dependentSchemas"))
}

/// The properties that describe a value.
#[derive(Default)]
struct Declared<'d> {
    names: Vec<&'d str>,
    /// Whether members of any name are described.
    any: bool,
}

impl<'d> Declared<'d> {
    fn of(context: &Context<'d>, place: &Pointer) -> Self {
        let mut declared = Self::default();
        for (_, members) in context.families().of(place) {
            let properties = members.get("properties").and_then(Value::as_object);
            declared.names.extend(properties.into_iter().flat_map(serde_json::Map::keys).map(String::as_str));
            let additional = ["additionalProperties", "unevaluatedProperties"].iter().filter_map(|keyword| members.get(*keyword));
            declared.any |= additional.into_iter().any(Value::is_object) || members.contains_key("patternProperties");
            // A reference that leads nowhere might have led to the property.
            let lost = members.get("$ref").and_then(Value::as_str).is_some_and(|reference| context.document.reference(reference).is_none());
            declared.any |= lost || members.contains_key("$dynamicRef");
        }
        declared
    }
}

/// Whether two names differ in case, in separators or in the order of two letters only.
fn alike(left: &str, right: &str) -> bool {
    let letters = |name: &str| -> Vec<char> { name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (left, right) = (letters(left), letters(right));
    if left == right {
        return true;
    }
    let (mut one, mut other) = (left.clone(), right.clone());
    one.sort_unstable();
    other.sort_unstable();
    one == other && left.iter().zip(&right).filter(|(a, b)| a != b).count() == 2
}
