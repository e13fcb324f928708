//! Questions about one schema node that need nothing else of the document.

use serde_json::Value;

use super::Members;

/// The `$ref` of a node. A member of that name that is no text is a property called `$ref`, not a reference.
pub(super) fn reference(members: &Members) -> Option<&str> {
    members.get("$ref").and_then(Value::as_str)
}

/// Whether the node restricts anything, the keywords `except` left aside.
pub(super) fn asserts(members: &Members, except: &[&str]) -> bool {
    members.keys().any(|key| !is_annotation(key) && !except.contains(&key.as_str()))
}

/// Whether a keyword only describes. JSON Schema 2020-12 "Meta-Data Vocabulary" and what OpenAPI adds to it.
fn is_annotation(keyword: &str) -> bool {
    matches!(
        keyword,
        "description"
            | "title"
            | "default"
            | "example"
            | "examples"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "xml"
            | "externalDocs"
            | "discriminator"
            | "$comment"
            | "$schema"
            | "$id"
            | "$anchor"
            | "$defs"
            | "definitions"
    ) || keyword.starts_with("x-")
}

/// The number of `allOf` members, where the node says nothing else.
pub(super) fn only_all_of(members: &Members) -> Option<usize> {
    let all = members.get("allOf")?.as_array()?;
    (!asserts(members, &["allOf"])).then_some(all.len())
}

/// Whether the node is an `allOf` of several schemas and says nothing else.
pub(super) fn combines(members: &Members) -> bool {
    let says_something = |member: &&Value| match member {
        Value::Object(members) => asserts(members, &[]),
        other => *other != &Value::Bool(true),
    };
    let all = members.get("allOf").and_then(Value::as_array).into_iter().flatten();
    only_all_of(members).is_some() && all.filter(says_something).nth(1).is_some()
}

/// The one branch of an `anyOf` or `oneOf` that is not `null`, where the node says nothing else.
pub(super) fn only_branch(members: &Members) -> Option<(&'static str, usize)> {
    let keyword = match (members.get("anyOf"), members.get("oneOf")) {
        (Some(_), None) => "anyOf",
        (None, Some(_)) => "oneOf",
        _ => return None,
    };
    if asserts(members, &[keyword]) {
        return None;
    }
    let branches = members.get(keyword)?.as_array()?;
    let mut real = branches.iter().enumerate().filter(|(_, branch)| !is_null(branch));
    let (index, _) = real.next()?;
    real.next().is_none().then_some((keyword, index))
}

/// Whether a schema allows `null` and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    let is_null_list = |value: &Value| matches!(value.as_array().map(Vec::as_slice), Some([only]) if only.is_null());
    schema.get("type").is_some_and(|ty| ty == "null" || matches!(ty.as_array().map(Vec::as_slice), Some([only]) if only == "null"))
        || schema.get("enum").is_some_and(is_null_list)
        || schema.get("const").is_some_and(Value::is_null)
}

/// The names in `type`, in the order written.
pub(super) fn types(members: &Members) -> Option<Vec<&str>> {
    match members.get("type")? {
        Value::String(one) => Some(vec![one.as_str()]),
        Value::Array(several) => Some(several.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// The strings of a list-valued keyword such as `required`.
pub(super) fn strings<'m>(members: &'m Members, keyword: &str) -> impl Iterator<Item = &'m str> {
    strings_in(members.get(keyword))
}

/// The strings of a list.
pub(super) fn strings_in(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
