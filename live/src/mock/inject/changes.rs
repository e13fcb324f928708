//! The changes that may break a rule in a sound answer, the most telling first. Whether one does is found out by `inject.rs`.

use std::collections::HashSet;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use wireproof_contract::{Exchange, Headers, MediaType, Rule, Side};
use wireproof_openapi::{Document, MediaType as Documented, Operation, Pointer};

use super::super::{Answer, Mock, never_has_body};

/// How many invalid bodies are made.
const BROKEN: usize = 40;

/// How many places of a body take a member too many.
const PLACES: usize = 40;

/// How many schemas are searched for members that only requests have.
const SCHEMAS: usize = 500;

/// A field and a content type that no document has.
const UNKNOWN: &str = "wireproofUndocumented";
const UNKNOWN_TYPE: &str = "application/x-wireproof-undocumented";

impl Mock {
    /// Answers that may break `rule`, made of a sound one.
    pub(super) fn changed(&self, rule: Rule, operation: &Operation, asked: &Exchange, base: &Answer) -> Vec<Answer> {
        let can_have_body = asked.method != "HEAD" && !never_has_body(base.status);
        let has_body = !base.body.is_empty();
        match rule {
            Rule::StatusUndocumented => {
                // Of the same class first: a refusal that becomes a success says more than that its status is not documented.
                let class = base.status / 100 * 100;
                let near = (class + 10..class + 100).rev().chain([299, 418, 599]);
                let free = near.filter(|status| operation.responses.matching(*status).is_none());
                free.take(1).map(|status| Answer { status, ..base.clone() }).collect()
            }
            Rule::ContentTypeUndocumented if has_body => {
                vec![with_header(base, "Content-Type", Some(UNKNOWN_TYPE)), with_header(base, "Content-Type", None)]
            }
            Rule::BodyMissing if has_body => vec![with_body(&with_header(base, "Content-Type", None), "")],
            Rule::BodyUnexpected if !has_body && can_have_body => {
                vec![with_body(&with_header(base, "Content-Type", Some("application/json")), "{\"wireproof\": true}")]
            }
            Rule::BodyUnparseable if has_body => {
                let cut = base.body.slice(..base.body.len() - 1);
                vec![with_body(base, cut), with_body(base, "{\"cut\": [1,"), with_body(base, "{\"a\": 1, \"a\": 2}")]
            }
            Rule::BodySchema | Rule::UndocumentedField | Rule::WriteOnlyInResponse if has_body => self.bodies(rule, operation, base),
            Rule::HeaderMissing | Rule::HeaderSchema => {
                let documented = operation.responses.matching(base.status).into_iter().flat_map(|response| &response.headers);
                let value = |name: &str, value| with_header(base, name, value);
                match rule {
                    Rule::HeaderMissing => documented.filter(|header| header.required).map(|header| value(&header.name, None)).collect(),
                    // What no number, no date and no listed value is; then something that is too long for most limits.
                    _ => documented
                        .flat_map(|header| ["wireproof is no such value", "-1", "~", ""].map(|wrong| value(&header.name, Some(wrong))))
                        .collect(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The answer with bodies that break their schema, or show what they should not.
    fn bodies(&self, rule: Rule, operation: &Operation, base: &Answer) -> Vec<Answer> {
        let Some((entry, schema)) = documented(operation, base) else { return Vec::new() };
        if !MediaType::parse(&entry.name).is_some_and(|kind| kind.is_json()) {
            return Vec::new();
        }
        let Ok(value) = serde_json::from_slice::<Value>(&base.body) else { return Vec::new() };
        let values: Vec<Value> = match rule {
            Rule::BodySchema => {
                self.synthesiser.invalid(schema, Side::Response, self.seed, BROKEN).into_iter().map(|broken| broken.value).collect()
            }
            Rule::UndocumentedField => with_member(&value, UNKNOWN, &json!("never documented")),
            _ => {
                let secrets = write_only(self.contract.document(), schema);
                let made =
                    secrets.iter().filter_map(|(name, schema)| Some((name, self.synthesiser.typical(schema, Side::Request, self.seed)?)));
                made.flat_map(|(name, secret)| with_member(&value, name, &secret)).collect()
            }
        };
        values.into_iter().map(|value| with_body(base, value.to_string())).collect()
    }
}

/// The documented entry of an answer's body, and its schema.
fn documented<'o>(operation: &'o Operation, answer: &Answer) -> Option<(&'o Documented, &'o Pointer)> {
    let content_type = MediaType::parse(answer.headers.get("content-type")?)?;
    let content = &operation.responses.matching(answer.status)?.content;
    let entry = content.iter().find(|entry| MediaType::parse(&entry.name).is_some_and(|known| known.includes(&content_type)))?;
    Some((entry, entry.schema.as_ref()?))
}

/// The value with a member more, once for each object in it.
fn with_member(value: &Value, name: &str, member: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    objects(value, &Pointer::root(), &mut places);
    let put = |place: &Pointer| {
        let mut changed = value.clone();
        let members: &mut Map<String, Value> = changed.pointer_mut(place.as_str())?.as_object_mut()?;
        members.insert(name.to_owned(), member.clone());
        Some(changed)
    };
    places.iter().filter_map(put).collect()
}

fn objects(value: &Value, at: &Pointer, places: &mut Vec<Pointer>) {
    if places.len() >= PLACES {
        return;
    }
    match value {
        Value::Object(members) => {
            places.push(at.clone());
            members.iter().for_each(|(name, member)| objects(member, &at.join(name), places));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| objects(item, &at.index(index), places)),
        _ => {}
    }
}

/// The properties that only requests have, by name, of a schema and all that it leads to.
pub(super) fn write_only(document: &Document, schema: &Pointer) -> Vec<(String, Pointer)> {
    let mut found = Vec::new();
    let mut open = vec![schema.clone()];
    let mut seen: HashSet<Pointer> = HashSet::new();
    while let Some(place) = open.pop().filter(|_| seen.len() < SCHEMAS) {
        if !seen.insert(place.clone()) {
            continue;
        }
        let Some(node) = document.get(&place) else { continue };
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
            open.push(target);
        }
        match node {
            Value::Object(members) => {
                for (name, property) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    let at = place.join("properties").join(name);
                    let marked = |node: &Value| node.get("writeOnly") == Some(&Value::Bool(true));
                    if marked(property) || document.resolve(&at).is_some_and(|(_, node)| marked(node)) {
                        found.push((name.clone(), at));
                    }
                }
                let below = members.iter().filter(|(_, below)| below.is_object() || below.is_array());
                open.extend(below.map(|(name, _)| place.join(name)));
            }
            Value::Array(items) => open.extend((0..items.len()).map(|index| place.index(index))),
            _ => {}
        }
    }
    found
}

fn with_body(answer: &Answer, body: impl Into<Bytes>) -> Answer {
    Answer { body: body.into(), ..answer.clone() }
}

/// The answer with another value of a header, or without it.
fn with_header(answer: &Answer, name: &str, value: Option<&str>) -> Answer {
    let mut headers: Headers = answer.headers.iter().filter(|(known, _)| !known.eq_ignore_ascii_case(name)).collect();
    if let Some(value) = value {
        headers.push(name, value);
    }
    Answer { headers, ..answer.clone() }
}
