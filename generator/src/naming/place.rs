//! From a place in the document to the words of a name: `/components/schemas/Pet/properties/owner` is `pet owner`.
//! A type inside another is named after its path, never after a counter, so that a document may grow around it.

use foldhash::HashMap;
use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use super::words::words;
use crate::ir::Operation;

/// The part of the document that a place belongs to; each gets a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Root {
    /// A component of any kind, or a file of its own: its place.
    Component(Pointer),
    /// An operation, or a path with what its operations have in common: its place.
    Operation(Pointer),
}

/// The operations of a document by their places.
pub(crate) struct OperationPlaces<'i>(HashMap<&'i str, usize>);

impl<'i> OperationPlaces<'i> {
    /// Where a path is a reference to another, the operations of both have one place, and it is that of the first.
    pub(crate) fn of(operations: &'i [Operation]) -> Self {
        Self(operations.iter().enumerate().rev().map(|(index, operation)| (operation.at.as_str(), index)).collect())
    }

    /// The index of the operation that a root is.
    pub(crate) fn get(&self, root: &Root) -> Option<usize> {
        match root {
            Root::Operation(place) => self.0.get(place.as_str()).copied(),
            Root::Component(_) => None,
        }
    }
}

/// Splits a place into its root and the steps below it.
pub(crate) fn split(at: &Pointer) -> (Root, Vec<String>) {
    let segments: Vec<String> = at.segments().map(std::borrow::Cow::into_owned).collect();
    // Other files of the document are mounted under their path; inside, the same grammar may begin again.
    let mounted = segments.first().is_some_and(|first| first == MOUNT);
    let offset = if mounted { 2.min(segments.len()) } else { 0 };
    let depth = match segments.get(offset).map(String::as_str) {
        Some("paths") => match segments.get(offset + 2).map(String::as_str) {
            Some("parameters") => 2,
            Some("additionalOperations") => 4,
            _ => 3,
        },
        Some("components" | "webhooks") => 3,
        Some("definitions" | "$defs") => 2,
        // A file may be one schema, or a collection of them.
        Some(other) if mounted && !is_schema_keyword(other) => 1,
        _ => 0,
    };
    let end = (offset + depth).min(segments.len());
    let root = segments[..end].iter().fold(Pointer::root(), |pointer, segment| pointer.join(segment));
    let steps = segments[end..].to_vec();
    if segments.get(offset).is_some_and(|first| first == "paths") { (Root::Operation(root), steps) } else { (Root::Component(root), steps) }
}

/// The longest title that a branch of a choice is called by.
pub(crate) const LONGEST_TITLE: usize = 60;

/// Where the normalised tree holds other files.
const MOUNT: &str = "x-wireproof-files";

/// Whether a step below a whole file leads into its schema.
fn is_schema_keyword(step: &str) -> bool {
    matches!(
        step,
        "properties"
            | "items"
            | "prefixItems"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "patternProperties"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "schema"
            | "content"
            | "headers"
            | "parameters"
            | "requestBody"
            | "responses"
    )
}

/// The words of a path: `/contacts/{id}` is `contacts by id`.
pub(super) fn path_words(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if let Some(variable) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            found.push("by".to_owned());
            found.extend(words(variable));
        } else {
            found.extend(words(segment));
        }
    }
    found
}

/// The words of a component's own name.
pub(super) fn component_words(root: &Pointer) -> Vec<String> {
    let last = root.last().map(std::borrow::Cow::into_owned).unwrap_or_default();
    if root.parent().is_some_and(|parent| parent.last().is_some_and(|segment| segment == MOUNT)) {
        // A whole file: its name without folders and ending.
        return words(last.rsplit('/').next().unwrap_or(&last).split('.').next().unwrap_or(&last));
    }
    let parent = root.parent();
    let step = |pointer: &Option<Pointer>| pointer.as_ref().and_then(Pointer::last).map(std::borrow::Cow::into_owned).unwrap_or_default();
    if root.segments().next().as_deref() == Some("webhooks") {
        // `/webhooks/NAME/METHOD`: hardly any webhook has a second method.
        let name = if root.segments().count() > 2 { step(&parent) } else { last };
        let mut found = words(&name);
        found.push("webhook".to_owned());
        return found;
    }
    let mut found = words(&last);
    if step(&parent) == "callbacks" {
        found.push("callback".to_owned());
    }
    found
}

/// The words for the steps from a root down to a place.
pub(super) fn step_words(document: &Document, root: &Pointer, steps: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = root.clone();
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        let parent = at.clone();
        at = at.join(step);
        match step.as_str() {
            "headers" if steps.peek().is_none() => found.push("headers".to_owned()),
            "properties" | "headers" | "$defs" | "definitions" => {
                if let Some(name) = steps.next() {
                    found.extend(words(name));
                    at = at.join(name);
                }
            }
            "callbacks" => {
                if let Some(name) = steps.next() {
                    found.extend(words(name));
                    found.push("callback".to_owned());
                    at = at.join(name);
                }
            }
            "patternProperties" | "dependentSchemas" => {
                found.push("value".to_owned());
                if let Some(name) = steps.next() {
                    at = at.join(name);
                }
            }
            "items" => found.push("item".to_owned()),
            "prefixItems" => {
                found.push("item".to_owned());
                if let Some(index) = steps.next() {
                    found.push(index.parse::<usize>().map_or(0, |index| index + 1).to_string());
                    at = at.join(index);
                }
            }
            "additionalProperties" | "unevaluatedProperties" => found.push("value".to_owned()),
            "oneOf" | "anyOf" => {
                if let Some(index) = steps.next() {
                    found.extend(branch_words(document, &parent, &at, index));
                    at = at.join(index);
                }
            }
            "discriminator" => found.push("base".to_owned()),
            "requestBody" => found.push("body".to_owned()),
            "responses" => {
                if let Some(status) = steps.next() {
                    found.extend(status_words(status));
                    at = at.join(status);
                }
            }
            "parameters" => {
                if let Some(index) = steps.next() {
                    at = at.join(index);
                    let name = document.get(&at).and_then(|parameter| parameter.get("name")).and_then(Value::as_str);
                    found.extend(words(name.unwrap_or("parameter")));
                }
            }
            "content" => {
                // The media type says nothing about what a thing is, unless there are several.
                if let Some(media_type) = steps.next() {
                    at = at.join(media_type);
                }
            }
            "boolean" | "integer" | "number" | "string" | "array" | "object" => found.push(step.clone()),
            _ => {}
        }
    }
    found
}

/// A branch by its title or number; nothing where it is the only one beside `null`.
fn branch_words(document: &Document, parent: &Pointer, list: &Pointer, index: &str) -> Vec<String> {
    let branches = document.get(list).and_then(Value::as_array);
    let alone =
        branches.is_some_and(|branches| branches.iter().filter(|branch| branch.get("type").is_none_or(|ty| ty != "null")).count() <= 1);
    if alone && document.get(parent).is_some() {
        return Vec::new();
    }
    if let Some(title) = document.get(&list.join(index)).and_then(|branch| branch.get("title")).and_then(Value::as_str)
        && title.len() <= LONGEST_TITLE
    {
        return words(title);
    }
    match index.parse::<usize>() {
        Ok(index) => vec!["variant".to_owned(), (index + 1).to_string()],
        // A branch of a list that stands elsewhere goes by its name.
        Err(_) => words(index),
    }
}

/// The words for a status key: `200` is `ok`, `4XX` is `client error`.
pub(crate) fn status_words(status: &str) -> Vec<String> {
    let text = match status.to_ascii_uppercase().as_str() {
        "1XX" => "informational",
        "2XX" => "success",
        "3XX" => "redirection",
        "4XX" => "client error",
        "5XX" => "server error",
        "DEFAULT" => "default",
        _ => return status.parse::<u16>().map_or_else(|_| words(status), code_words),
    };
    words(text)
}

/// The words for a status code: its reason phrase in the IANA registry, else its number.
fn code_words(code: u16) -> Vec<String> {
    match http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()) {
        Some(reason) => words(&reason.replace('\'', "")),
        None => vec!["status".to_owned(), code.to_string()],
    }
}
