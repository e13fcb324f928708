//! Known drift to corrections: what was found again and again, and accepted, told as actions of an OpenAPI Overlay. An action is
//! suggested only where what was seen says what the document should say; where it does not, the drift stays, with the reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use wireproof_contract::{Finding, Rule};
use wireproof_openapi::{Document, Overlay, Pointer, Source, Version};

use crate::draft::{Shape, is_code, schema};
use crate::yaml::to_yaml;

/// Keywords that can be taken out where values do not keep to them.
const LIMITS: &[&str] = &[
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// A finding that is known drift, with what was seen in its place.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// The label of its operation.
    pub operation: String,
    /// The status of the response.
    pub status: u16,
    /// The body, where it is JSON.
    pub body: Option<Value>,
}

/// An overlay, and what it leaves out.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The overlay as YAML; `None` where nothing can be suggested.
    pub overlay: Option<String>,
    /// How many actions it has.
    pub actions: usize,
    /// Drift for which no action can be suggested, and why.
    pub undecided: Vec<String>,
}

/// What is known of one piece of drift.
struct Drift<'a> {
    first: &'a Accepted,
    count: usize,
    shape: Shape,
    values: Vec<&'a Value>,
}

/// Suggests an overlay for a document from accepted drift.
pub fn suggest(document: &Document, accepted: &[Accepted]) -> Suggestion {
    let written = document.source().value().unwrap_or_default();
    let mut drifts: BTreeMap<(Rule, String, String, u16), Drift<'_>> = BTreeMap::new();
    for found in accepted {
        let instance = found
            .finding
            .instance
            .segments()
            .map(|step| if step.bytes().all(|byte| byte.is_ascii_digit()) { "*".into() } else { step })
            .collect::<Vec<_>>()
            .join("/");
        let key = (
            found.finding.rule,
            found.finding.schema.as_str().to_owned(),
            instance,
            if found.finding.rule == Rule::StatusUndocumented { found.status } else { 0 },
        );
        let drift = drifts.entry(key).or_insert_with(|| Drift { first: found, count: 0, shape: Shape::default(), values: Vec::new() });
        drift.count += 1;
        if let Some(value) = found.body.as_ref().and_then(|body| body.pointer(found.finding.instance.as_str())) {
            drift.shape.take(value);
            drift.values.push(value);
        }
    }
    let (mut actions, mut undecided) = (Vec::new(), Vec::new());
    for drift in drifts.values() {
        match drift.actions(document, &written) {
            Ok(more) => actions.extend(more.into_iter().map(|action| described(action, drift))),
            Err(why) => undecided
                .push(format!("`{}` of `{}`: {why} ({})", drift.first.finding.rule, drift.first.operation, drift.first.finding.message)),
        }
    }
    // What does not apply is no suggestion.
    let (mut kept, mut value) = (Vec::new(), None);
    for action in actions {
        kept.push(action);
        let overlay = json!({
            "overlay": "1.1.0",
            "info": {"title": format!("Corrections to {}", document.title()), "version": "1"},
            "actions": kept,
        });
        let applies =
            Overlay::parse(Source::new("overlay", to_yaml(&overlay))).is_ok_and(|overlay| overlay.apply(document.source()).is_ok());
        if applies {
            value = Some(overlay);
        } else if let Some(action) = kept.pop() {
            undecided.push(format!(
                "`{}` cannot be changed in this way; the node may be in another file",
                action["target"].as_str().unwrap_or_default()
            ));
        }
    }
    Suggestion { overlay: value.as_ref().map(to_yaml), actions: kept.len(), undecided }
}

fn described(mut action: Value, drift: &Drift<'_>) -> Value {
    let times = if drift.count == 1 { "once".to_owned() } else { format!("{} times", drift.count) };
    let text = format!("`{}`, found {times}: {}", drift.first.finding.rule, drift.first.finding.message);
    if let Some(members) = action.as_object_mut() {
        // Before what it does, as people write it.
        let rest: Vec<(String, Value)> =
            members.iter().filter(|(key, _)| *key != "target").map(|(key, value)| (key.clone(), value.clone())).collect();
        members.retain(|key, _| key == "target");
        members.insert("description".to_owned(), json!(text));
        members.extend(rest);
    }
    action
}

impl Drift<'_> {
    fn actions(&self, document: &Document, written: &Value) -> Result<Vec<Value>, String> {
        let finding = &self.first.finding;
        let at = &finding.schema;
        match finding.rule {
            Rule::UndocumentedField | Rule::PageFieldUndocumented => {
                let name = finding.instance.last().ok_or("it has no name")?;
                let object = if at.last().as_deref() == Some("properties") { at.parent().unwrap_or_default() } else { at.clone() };
                Ok(vec![json!({"target": path(&object, written), "update": {"properties": {(name): schema(&self.shape)}}})])
            }
            Rule::StatusUndocumented => {
                let mut response = json!({"description": "Seen, and not in the vendor's document.", "x-evidence": "example"});
                if self.shape.seen > 0
                    && let Some(response) = response.as_object_mut()
                {
                    response.insert("content".to_owned(), json!({"application/json": {"schema": schema(&self.shape)}}));
                }
                Ok(vec![json!({"target": path(at, written), "update": {(self.first.status.to_string()): response}})])
            }
            Rule::BodySchema | Rule::RequestBodySchema => self.keyword(document, written, at),
            Rule::PageFieldMissing | Rule::PageFieldType | Rule::PageValue | Rule::PageParameter => {
                Err("the vendor disagrees with itself, and which of the two is right was not seen".to_owned())
            }
            _ => Err("no change of the document follows from it".to_owned()),
        }
    }

    /// A keyword that values do not keep to.
    fn keyword(&self, document: &Document, written: &Value, at: &Pointer) -> Result<Vec<Value>, String> {
        let keyword = at.last().unwrap_or_default().into_owned();
        let parent = at.parent().unwrap_or_default();
        let known = written.pointer(at.as_str());
        match (keyword.as_str(), known) {
            ("required", Some(Value::Array(names))) => {
                let is_missing = |name: &&Value| {
                    self.values.iter().any(|value| name.as_str().is_some_and(|name| value.is_object() && value.get(name).is_none()))
                };
                let missing: Vec<&str> = names.iter().filter(is_missing).filter_map(Value::as_str).collect();
                let remove = |name: &&str| json!({"target": format!("{}[?@ == {}]", path(at, written), quoted(name)), "remove": true});
                if missing.is_empty() {
                    Err("which member was missing is not known".to_owned())
                } else {
                    Ok(missing.iter().map(remove).collect())
                }
            }
            ("type" | "nullable", known) if self.shape.is_null_only() => match (document.version(), known) {
                (Version::V3_0, _) => Ok(vec![json!({"target": path(&parent, written), "update": {"nullable": true}})]),
                (Version::V3_1, Some(Value::Array(_))) => Ok(vec![json!({"target": path(at, written), "update": "null"})]),
                (Version::V3_1, Some(kind)) => {
                    let update = json!({"type": [kind, "null"]});
                    Ok(vec![
                        json!({"target": path(at, written), "remove": true}),
                        json!({"target": path(&parent, written), "update": update}),
                    ])
                }
                (Version::V3_1, None) => Err("the schema names no type".to_owned()),
            },
            ("enum", Some(Value::Array(_))) => {
                let mut values: Vec<&Value> = self
                    .values
                    .iter()
                    .copied()
                    .filter(|value| value.as_str().is_none_or(is_code) && !value.is_object() && !value.is_array())
                    .collect();
                values.dedup();
                if values.is_empty() {
                    Err("what was seen is no word of a list".to_owned())
                } else {
                    Ok(vec![json!({"target": path(at, written), "update": values})])
                }
            }
            (keyword, Some(_)) if LIMITS.contains(&keyword) => Ok(vec![json!({"target": path(at, written), "remove": true})]),
            _ => Err("what the schema should say instead is for people to decide".to_owned()),
        }
    }
}

/// A pointer as JSONPath.
fn path(pointer: &Pointer, written: &Value) -> String {
    let mut out = String::from("$");
    let mut node = Some(written);
    for step in pointer.segments() {
        let is_list = node.is_some_and(Value::is_array);
        let plain = step.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
            && step.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if is_list {
            let _ = write!(out, "[{step}]");
        } else if plain {
            let _ = write!(out, ".{step}");
        } else {
            let _ = write!(out, "[{}]", quoted(&step));
        }
        node = node.and_then(|node| if is_list { node.get(step.parse::<usize>().ok()?) } else { node.get(&*step) });
    }
    out
}

/// A name as a string literal of JSONPath.
fn quoted(name: &str) -> String {
    let mut out = String::from("'");
    for letter in name.chars() {
        match letter {
            '\'' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out + "'"
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wireproof_contract::{Contract, Options, Side};

    use super::*;

    const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Tea, version: '1'}
paths: {}
components:
  schemas:
    Tea:
      type: object
      required: [name, it's]
      properties:
        name: {type: string, maxLength: 3}
        kind: {type: string, enum: [green]}
        origin: {type: string}
        size: {type: integer}
        tags: {type: array, items: {type: object, properties: {a: {type: string}}}}
";

    /// What was found wrong with bodies becomes an overlay, and with it the same bodies are right, but for what was left to people.
    #[track_caller]
    fn corrected(bodies: &[Value], left: &[&str]) -> String {
        let document = Document::parse(Source::new("tea.yaml", DOCUMENT)).expect("a document");
        let check = |document: Document| {
            let contract = Contract::new(Arc::new(document), Options::default()).expect("a contract");
            let schema = Pointer::from_plain("/components/schemas/Tea");
            let found = bodies.iter().flat_map(|body| {
                contract
                    .check_value(&schema, Side::Response, body.to_string().as_bytes())
                    .into_iter()
                    .map(move |finding| (finding, body.clone()))
            });
            found.collect::<Vec<_>>()
        };
        let accept =
            |(finding, body): (Finding, Value)| Accepted { finding, operation: "getTea".to_owned(), status: 200, body: Some(body) };
        let accepted: Vec<Accepted> =
            check(Document::parse(Source::new("tea.yaml", DOCUMENT)).expect("a document")).into_iter().map(accept).collect();
        let suggestion = suggest(&document, &accepted);
        let text = suggestion.overlay.expect("something is suggested");
        let overlay = Overlay::parse(Source::new("overlay.yaml", text.as_str())).expect("an overlay");
        let after =
            Document::load_with_overlay(Source::new("tea.yaml", DOCUMENT), overlay, &wireproof_openapi::NoFiles).expect("it applies");
        let messages: Vec<String> = check(after).into_iter().map(|(finding, _)| finding.message).collect();
        assert_eq!(messages, left);
        assert_eq!(suggestion.undecided.len(), left.len());
        text
    }

    #[test]
    fn what_was_accepted_becomes_actions_that_apply() {
        let text = corrected(
            &[
                json!({"name": "long name", "it's": 1, "kind": "black", "origin": null, "more": {"deep": true}}),
                json!({"name": "abc", "kind": "green", "tags": [{"a": "x"}, {"b": 1}]}),
                json!({"name": "abc", "it's": 1, "size": "large"}),
            ],
            &["`/size` is a string, expected an integer"],
        );
        insta::assert_snapshot!("suggested", text);
    }
}
