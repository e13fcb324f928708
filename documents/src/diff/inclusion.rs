//! Schemas as sets of values: what was valid and no longer is, and the reverse, by `jsonschema::canonical`. A schema is handed over as a
//! text of its own: keywords of one value for a single aspect (`Facet`), or everything that it leads to, up to a bound.

use std::collections::HashMap;

use jsonschema::Draft;
use jsonschema::canonical::{self, CanonicalSchema, Containment};
use serde_json::{Map, Value, json};
use wireproof_openapi::{Document, Pointer};

use super::change::{Answer, Shift};
use super::kind::Kind;
use super::sameness::is_unread;
use super::view::View;

/// How many nodes a schema may have that is handed over whole.
const LIMIT: usize = 3_000;

/// An aspect of values that a few keywords speak of, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facet {
    pub(super) kind: Kind,
    pub(super) keywords: &'static [&'static str],
}

/// The aspects that can be told apart; all of them hold at once.
pub(super) const FACETS: [Facet; 9] = [
    Facet { kind: Kind::TypeChanged, keywords: &["type"] },
    Facet { kind: Kind::EnumValueRemoved, keywords: &["enum", "const"] },
    Facet { kind: Kind::RangeChanged, keywords: &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] },
    Facet { kind: Kind::LengthChanged, keywords: &["minLength", "maxLength"] },
    Facet { kind: Kind::PatternChanged, keywords: &["pattern"] },
    Facet { kind: Kind::FormatChanged, keywords: &["format", "contentEncoding", "contentMediaType"] },
    Facet { kind: Kind::ItemsCountChanged, keywords: &["minItems", "maxItems"] },
    Facet { kind: Kind::ItemsUniquenessChanged, keywords: &["uniqueItems"] },
    Facet { kind: Kind::PropertiesCountChanged, keywords: &["minProperties", "maxProperties"] },
];

/// Formats that say something about a value; others are names for people.
const FORMATS: [&str; 19] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// What a view says of one aspect, as a schema of its own; null is left to be told apart.
pub(super) fn facet(view: &View<'_>, facet: &Facet) -> Value {
    let parts: Vec<Value> = view
        .nodes
        .iter()
        .filter_map(|node| {
            let said: Map<String, Value> = facet
                .keywords
                .iter()
                .filter_map(|keyword| Some(((*keyword).to_owned(), without_null(keyword, node.members.get(*keyword)?)?)))
                .collect();
            (!said.is_empty()).then_some(Value::Object(said))
        })
        .collect();
    // An empty list is not allowed.
    if parts.is_empty() { Value::Bool(true) } else { json!({ "allOf": parts }) }
}

/// The value of a keyword without what it says of null; `None` where that is all it says, or where it says nothing.
fn without_null(keyword: &str, value: &Value) -> Option<Value> {
    match (keyword, value) {
        ("type", Value::Array(names)) => {
            let names: Vec<Value> = names.iter().filter(|name| *name != "null").cloned().collect();
            (!names.is_empty()).then_some(Value::Array(names))
        }
        ("enum", Value::Array(values)) => {
            let values: Vec<Value> = values.iter().filter(|value| !value.is_null()).cloned().collect();
            (!values.is_empty()).then_some(Value::Array(values))
        }
        ("format", Value::String(name)) => FORMATS.contains(&name.as_str()).then(|| value.clone()),
        _ => Some(value.clone()),
    }
}

/// How the values differ that two lists of schemas allow, all of a list holding at once.
pub(super) fn shift(old: &[Value], new: &[Value]) -> Shift {
    if old == new {
        return Shift { narrowed: Answer::No, widened: Answer::No };
    }
    let canonical = |schemas: &[Value]| canonicalize(&json!({ "allOf": schemas }));
    match (canonical(old), canonical(new)) {
        (Some(old), Some(new)) => between(&old, &new),
        _ => Shift::UNKNOWN,
    }
}

/// How the values differ that two whole schemas allow, with all that they lead to.
pub(super) fn whole(old: (&Document, &[Pointer]), new: (&Document, &[Pointer])) -> Shift {
    let canonical = |(document, parts): (&Document, &[Pointer])| canonicalize(&Bundle::of(document, parts)?);
    match (canonical(old), canonical(new)) {
        (Some(old), Some(new)) => between(&old, &new),
        _ => Shift::UNKNOWN,
    }
}

fn canonicalize(schema: &Value) -> Option<CanonicalSchema> {
    canonical::options().with_draft(Draft::Draft202012).offline().should_validate_formats(true).canonicalize(schema).ok()
}

fn between(old: &CanonicalSchema, new: &CanonicalSchema) -> Shift {
    let exceeds = |one: &CanonicalSchema, other: &CanonicalSchema| match other.covers(one) {
        Ok(Containment::Yes) => Answer::No,
        Ok(Containment::No) => Answer::Yes,
        Ok(Containment::Unknown) | Err(_) => Answer::Unknown,
    };
    Shift { narrowed: exceeds(old, new), widened: exceeds(new, old) }
}

/// A schema with everything that it leads to, as a document of its own.
struct Bundle<'d> {
    document: &'d Document,
    /// The name under which each place that is referred to is found.
    names: HashMap<Pointer, String>,
    open: Vec<(Pointer, String)>,
    left: usize,
}

impl<'d> Bundle<'d> {
    /// `None` where it is too large, or leads somewhere unknown.
    fn of(document: &'d Document, parts: &[Pointer]) -> Option<Value> {
        let mut bundle = Self { document, names: HashMap::new(), open: Vec::new(), left: LIMIT };
        let whole: Vec<Value> = parts.iter().map(|part| bundle.copy(document.get(part)?, false)).collect::<Option<_>>()?;
        let mut definitions = Map::new();
        while let Some((place, name)) = bundle.open.pop() {
            let copy = bundle.copy(document.get(&place)?, false)?;
            definitions.insert(name, copy);
        }
        if whole.is_empty() {
            return Some(Value::Bool(true));
        }
        Some(json!({ "allOf": whole, "$defs": definitions }))
    }

    fn copy(&mut self, node: &Value, names: bool) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        Some(match node {
            Value::Object(members) => {
                let mut copy = Map::new();
                for (key, value) in members {
                    let copied = match (key.as_str(), value) {
                        _ if names => self.copy(value, false)?,
                        ("discriminator" | "default" | "deprecated" | "readOnly" | "writeOnly" | "$id" | "$anchor" | "$schema", _) => {
                            continue;
                        }
                        ("$dynamicRef", _) => return None,
                        (key, _) if is_unread(key) => continue,
                        ("enum" | "const" | "required" | "type", _) => value.clone(),
                        ("format", Value::String(name)) if !FORMATS.contains(&name.as_str()) => continue,
                        ("$ref", Value::String(reference)) => {
                            let target = self.document.reference(reference)?;
                            json!(format!("#/$defs/{}", self.name(target)))
                        }
                        ("properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions", Value::Object(_)) => {
                            self.copy(value, true)?
                        }
                        _ => self.copy(value, false)?,
                    };
                    copy.insert(key.clone(), copied);
                }
                Value::Object(copy)
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.copy(item, false)).collect::<Option<_>>()?),
            other => other.clone(),
        })
    }

    fn name(&mut self, target: Pointer) -> &str {
        let next = format!("s{}", self.names.len());
        if !self.names.contains_key(&target) {
            self.open.push((target.clone(), next.clone()));
        }
        self.names.entry(target).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &Value, new: &Value, narrowed: Answer, widened: Answer) {
        assert_eq!(shift(std::slice::from_ref(old), std::slice::from_ref(new)), Shift { narrowed, widened }, "{old} to {new}");
    }

    #[test]
    fn what_is_lost_and_gained_is_told_exactly() {
        check(&json!({"maxLength": 9}), &json!({"maxLength": 5}), Answer::Yes, Answer::No);
        check(&json!({"minimum": 1}), &json!({"exclusiveMinimum": 0}), Answer::No, Answer::Yes);
        check(&json!({"enum": ["a", "b"]}), &json!({"enum": ["b", "c"]}), Answer::Yes, Answer::Yes);
        check(&json!({"type": "integer"}), &json!({"type": "number", "multipleOf": 1}), Answer::No, Answer::No);
        check(&json!({"format": "uuid"}), &json!({}), Answer::No, Answer::Yes);
        check(&json!({"pattern": "^a"}), &json!({"pattern": "^b"}), Answer::Yes, Answer::Yes);
        check(&json!({"uniqueItems": true}), &json!({}), Answer::No, Answer::Yes);
    }
}
