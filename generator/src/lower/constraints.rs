//! What keywords ask of values beyond their type, in the words of the document: types do not express lengths, ranges and
//! patterns, so documentation says them. Nothing here changes what a type takes.

use std::borrow::Cow;

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::Part;
use super::{Lower, Members};
use crate::ir::{Shape, Type};

/// Keywords with a plain value, in the order in which they are told.
const PLAIN: [&str; 19] = [
    "const",
    "enum",
    "format",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "contentEncoding",
    "contentMediaType",
    "propertyNames",
];

/// Of these the type of an object with named members makes a rule, where they are about presence.
const PRESENCE: [&str; 3] = ["minProperties", "maxProperties", "dependentRequired"];

/// Keywords that hold schemas: that there is such a condition is told, and not what it says.
const SCHEMAS: [&str; 5] = ["contains", "not", "if", "dependentSchemas", "unevaluatedItems"];

/// Beyond this many characters only the start of a value is repeated in the documentation.
const LONG: usize = 120;

impl Lower<'_> {
    /// The constraints of a value that has no definition of its own.
    pub(super) fn constraints(nodes: &[(Pointer, &Members)]) -> Option<String> {
        told(nodes, PLAIN.iter().chain(&PRESENCE).chain(&SCHEMAS))
    }

    /// The constraints of a definition that its shape does not express.
    pub(super) fn constraints_of(&self, at: &Pointer, shape: &Shape) -> Option<String> {
        let nodes = || self.flatten(&[Part::whole(at.clone())]).nodes;
        let keywords: &[&str] = match shape {
            Shape::Struct(object) if object.presence.is_some() => &["propertyNames", "if", "dependentSchemas"],
            Shape::Struct(_) => &["propertyNames", "minProperties", "maxProperties", "not", "if", "dependentSchemas"],
            // A definition that another one leads to repeats nothing of it.
            Shape::Alias(Type::Named(_)) | Shape::Pending => return None,
            Shape::Alias(_) | Shape::Newtype(_) => return Self::constraints(&nodes()),
            Shape::Tuple(tuple) if tuple.rest.is_none() => &["uniqueItems", "contains"],
            Shape::Tuple(_) => &["uniqueItems", "minItems", "maxItems", "contains"],
            Shape::Enumeration(_) | Shape::IntegerEnumeration(_) | Shape::Union(_) => &["not", "if"],
        };
        told(&nodes(), keywords.iter())
    }

    /// `default`.
    pub(super) fn default_value(nodes: &[(Pointer, &Members)]) -> Option<String> {
        let value = nodes.iter().find_map(|(_, members)| members.get("default").filter(|value| !value.is_null()))?;
        Some(format!("Default: `{}`.", shown(value)?))
    }
}

/// What these keywords ask for, in one sentence.
fn told<'k>(nodes: &[(Pointer, &Members)], keywords: impl Iterator<Item = &'k &'static str>) -> Option<String> {
    // Most schemas have none of these keywords, and far fewer members than there are keywords to look up.
    let keywords: Vec<&str> = keywords.copied().collect();
    let mut found: Vec<(usize, &Members)> = Vec::new();
    for (_, members) in nodes {
        found.extend(members.keys().filter_map(|key| Some((keywords.iter().position(|keyword| keyword == key)?, *members))));
    }
    found.sort_by_key(|(order, _)| *order);
    let mut told: Vec<String> = Vec::new();
    for (order, members) in found {
        told.extend(one(members, keywords[order]).filter(|text| !told.contains(text)));
    }
    (!told.is_empty()).then(|| format!("Constraints: {}.", told.join(", ")))
}

/// One keyword and its value.
fn one(members: &Members, keyword: &str) -> Option<String> {
    let value = members.get(keyword)?;
    if SCHEMAS.contains(&keyword) {
        return (value.is_object() && (keyword != "if" || members.contains_key("then") || members.contains_key("else")))
            .then(|| format!("`{keyword}`"));
    }
    // Bounds that only spell out the format are nothing that the document says.
    let is_of_format =
        members.get("x-wireproof-bounds").and_then(Value::as_array).is_some_and(|bounds| bounds.iter().any(|bound| bound == keyword));
    let is_of_type = keyword == "format"
        && value.as_str().is_some_and(|format| matches!(format, "int32" | "int64" | "uint32" | "uint64" | "double" | "float"));
    if is_of_format || is_of_type || *value == Value::Bool(false) {
        return None;
    }
    let text = match value {
        Value::Array(values) => values.iter().map(shown).collect::<Option<Vec<_>>>().map(|values| values.join(", ")),
        one => shown(one),
    };
    Some(match text {
        Some(text) => format!("`{keyword}: {}`", start(&text)),
        None => format!("`{keyword}`"),
    })
}

/// A value as it is shown inside backticks.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Array(values) if !values.is_empty() => return None,
        Value::Object(members) if !members.is_empty() => return None,
        other => other.to_string(),
    };
    (!text.contains(['\n', '\r'])).then(|| start(&text).replace('`', "'"))
}

/// As much of a text as is shown.
fn start(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONG) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
