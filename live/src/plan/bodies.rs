//! Bodies that no server can act on: those that break what their schema asks for first. They are made of nothing, and never of the
//! document's examples, in which people and things may be named that exist. Next: `operation.rs`.

use bytes::Bytes;
use serde_json::{Value, json};
use wireproof_contract::synthesis::{Case, Instance, Synthesiser, Violation};
use wireproof_contract::{MediaType, Side};
use wireproof_openapi::{MediaType as Documented, Operation, Pointer, RequestBody};

use super::harmless::{BodyFault, DECISIVE};
use crate::body;

/// How many bodies that break a keyword each are made for one operation.
const MAX_KEYWORDS: usize = 4;

/// How many instances are broken.
const INSTANCES: usize = 16;

/// The keywords that something breaks by what it lacks.
const ABSENCE: &[&str] = &["required", "minProperties", "dependentRequired"];

/// A content type that no operation takes.
const OTHER_TYPE: &str = "application/x-wireproof";

/// A body with what is wrong with it; no body where it is missing.
pub(super) type Faulty = (Option<(String, Bytes)>, BodyFault);

/// The entry of a request body for which bodies are made up: JSON where it is taken, else a form, else parts. Of other types nothing is
/// checked, so nobody could say what is wrong with a body of theirs.
pub(super) fn made_up_entry(body: &RequestBody) -> Option<&Documented> {
    let kinds: [fn(&MediaType) -> bool; 3] = [MediaType::is_json, MediaType::is_form, MediaType::is_multipart_form];
    let of_kind = |is: &fn(&MediaType) -> bool| {
        body.content.iter().find(|entry| !entry.name.contains('*') && MediaType::parse(&entry.name).is_some_and(|kind| is(&kind)))
    };
    kinds.iter().find_map(of_kind)
}

/// The bodies that the document forbids, the barest first; none where it requires no body.
pub(super) fn faulty(synthesiser: &Synthesiser, operation: &Operation) -> Vec<Faulty> {
    let Some(body) = operation.request_body.as_ref().filter(|body| body.required) else { return Vec::new() };
    let mut made: Vec<Faulty> = Vec::new();
    if let Some(entry) = made_up_entry(body) {
        let is_json = MediaType::parse(&entry.name).is_some_and(|kind| kind.is_json());
        if let Some(schema) = &entry.schema {
            for (value, fault) in if is_json { json_faults(synthesiser, schema) } else { field_faults(synthesiser, schema) } {
                let Some(written) = body::written(&entry.name, &value) else { continue };
                // One value of a wrong type is as good as another; of other keywords, each value shows something else.
                let is_type = |fault: &BodyFault| matches!(fault, BodyFault::Keyword { keyword, .. } if keyword == "type");
                let known = made
                    .iter()
                    .any(|(body, other)| (is_type(other) && is_type(&fault)) || body.as_ref().is_some_and(|body| *body == written));
                if made.len() < MAX_KEYWORDS && !known {
                    made.push((Some(written), fault));
                }
            }
        }
        if is_json {
            made.push((Some((entry.name.clone(), Bytes::from_static(b"{\"wireproof\": "))), BodyFault::Unparseable));
        }
    }
    let other = MediaType::parse(OTHER_TYPE);
    let takes = |entry: &Documented| match (MediaType::parse(&entry.name), &other) {
        (Some(range), Some(other)) => range.includes(other),
        _ => true,
    };
    if !body.content.is_empty() && !body.content.iter().any(takes) {
        made.push((Some((OTHER_TYPE.to_owned(), Bytes::from_static(b"wireproof"))), BodyFault::ContentType));
    }
    made.push((None, BodyFault::Missing));
    made
}

/// JSON values that break a keyword without which no server can do anything, the barest first.
fn json_faults(synthesiser: &Synthesiser, schema: &Pointer) -> Vec<(Value, BodyFault)> {
    let values = bare().into_iter().chain(broken(synthesiser, schema));
    values.filter_map(|value| fault(synthesiser, schema, &value).map(|fault| (value, fault))).collect()
}

/// The same for forms and parts. All that is in them is text, which servers read as they need it, so that only what is absent counts; and
/// their fields are not lists or objects, which may be written in many ways.
fn field_faults(synthesiser: &Synthesiser, schema: &Pointer) -> Vec<(Value, BodyFault)> {
    let unknown = json!({"wireproof": "wireproof"});
    let flat = |value: &Value| {
        value.as_object().is_some_and(|fields| !fields.is_empty() && fields.values().all(|field| !field.is_array() && !field.is_object()))
    };
    let absent = |fault: &BodyFault| matches!(fault, BodyFault::Keyword { keyword, .. } if ABSENCE.contains(&keyword.as_str()));
    let of_unknown =
        fault(synthesiser, schema, &unknown).filter(|fault| !matches!(fault, BodyFault::Keyword { keyword, .. } if keyword == "type"));
    let bases = bases(synthesiser, schema).into_iter().map(|instance| instance.value).filter(flat);
    let barest = bases.min_by_key(|value| value.to_string().len()).and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let less = barest.keys().map(|name| {
        Value::Object(barest.iter().filter(|(other, _)| *other != name).map(|(name, value)| (name.clone(), value.clone())).collect())
    });
    let less = less.filter(|value| flat(value) && !holds_example(synthesiser, schema, value));
    let of_less = less.filter_map(|value| fault(synthesiser, schema, &value).filter(absent).map(|fault| (value, fault)));
    of_unknown.map(|fault| (unknown.clone(), fault)).into_iter().chain(of_less).collect()
}

/// Values with nothing in them.
fn bare() -> [Value; 3] {
    [json!({}), json!("wireproof"), json!([])]
}

/// Values that are right, and none of the document's.
fn bases(synthesiser: &Synthesiser, schema: &Pointer) -> Vec<Instance> {
    let mut bases = synthesiser.valid(schema, Side::Request, 0, INSTANCES).instances;
    bases.retain(|instance| !instance.goals.iter().any(|goal| goal.case == Case::Example));
    bases
}

/// Values that break one keyword each, at the outside, and hold no example of the document.
fn broken(synthesiser: &Synthesiser, schema: &Pointer) -> Vec<Value> {
    let broken = synthesiser.broken(schema, Side::Request, 0, &bases(synthesiser, schema), INSTANCES);
    let outside = broken.into_iter().filter(|broken| broken.instance == Pointer::root());
    let mut values: Vec<Value> = outside.map(|broken| broken.value).collect();
    values.retain(|value| !holds_example(synthesiser, schema, value));
    values
}

/// The keyword that a value breaks at the outside, if it is one that no server can do without.
fn fault(synthesiser: &Synthesiser, schema: &Pointer, value: &Value) -> Option<BodyFault> {
    let violations = synthesiser.violations(schema, Side::Request, value);
    let keyword = |violation: &Violation| match violation {
        Violation::Keyword { keyword, .. } => Some(keyword.clone()),
        Violation::Choice { schema, .. } => schema.last().map(std::borrow::Cow::into_owned),
        // Two readings are one more than a server needs.
        Violation::Overlap { .. } => None,
    };
    violations
        .iter()
        .filter(|violation| *violation.instance() == Pointer::root())
        .filter_map(keyword)
        .find(|keyword| DECISIVE.contains(&keyword.as_str()))
        .map(|keyword| BodyFault::Keyword { keyword, instance: String::new() })
}

/// Whether a value holds a text that stands as an example in the document.
fn holds_example(synthesiser: &Synthesiser, schema: &Pointer, value: &Value) -> bool {
    let document = synthesiser.document();
    let mut texts = Vec::new();
    gather(value, &mut texts);
    let examples = |node: &Value| {
        let mut found = Vec::new();
        gather_examples(node, &mut found, 0);
        found
    };
    let known = document.resolve(schema).map(|(_, node)| examples(node)).unwrap_or_default();
    texts.iter().any(|text| known.contains(text))
}

fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(members) => members.values().for_each(|member| gather(member, texts)),
        _ => {}
    }
}

/// The texts of all `example` and `examples` within a schema.
fn gather_examples(node: &Value, texts: &mut Vec<String>, depth: usize) {
    if depth > 40 {
        return;
    }
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "example" || name == "examples" { gather(member, texts) } else { gather_examples(member, texts, depth + 1) }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather_examples(item, texts, depth + 1)),
        _ => {}
    }
}
