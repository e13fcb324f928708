//! `example-invalid` and `default-invalid`: values that a document gives are held against the schemas that they stand for, by the
//! very validators that recorded bodies are held against.

use serde_json::Value;
use wireproof_contract::{Severity, Side};
use wireproof_openapi::{Document, MediaType, ParameterShape, Pointer};

use super::context::{Context, shorten};
use super::rule::Rule;

/// A value of the document: its schema, its own place, the rule that it falls under and what messages call it.
struct Given {
    schema: Pointer,
    place: Pointer,
    rule: Rule,
    whole: String,
    /// The one side on which it is used; `None`: either will do.
    side: Option<Side>,
}

pub(super) fn check(context: &mut Context<'_>) {
    let mut given = Vec::new();
    for (place, node) in &context.schemas {
        of_schema(place, node, &mut given);
    }
    for operation in context.document.operations() {
        for parameter in &operation.parameters {
            of_shape(context.document, &parameter.pointer, &parameter.shape, Side::Request, &mut given);
        }
        for entry in operation.request_body.iter().flat_map(|body| &body.content) {
            of_entry(entry, Side::Request, &mut given);
        }
        for response in &operation.responses.entries {
            for entry in &response.content {
                of_entry(entry, Side::Response, &mut given);
            }
            for header in &response.headers {
                of_shape(context.document, &header.pointer, &header.shape, Side::Response, &mut given);
            }
        }
    }
    // A shared part is met once for each operation that uses it.
    let mut seen = std::collections::HashSet::new();
    given.retain(|given| seen.insert((given.place.clone(), given.schema.clone(), given.side)));
    for given in given {
        hold(context, &given);
    }
}

/// `example`, `examples` and `default` of a schema.
fn of_schema(place: &Pointer, node: &Value, given: &mut Vec<Given>) {
    let mut add = |place: Pointer, schema: &Pointer, rule: Rule, whole: &str| {
        given.push(Given { schema: schema.clone(), place, rule, whole: whole.to_owned(), side: None });
    };
    if node.get("default").is_some() {
        add(place.join("default"), place, Rule::DefaultInvalid, "the default");
    }
    if node.get("example").is_some() {
        add(place.join("example"), place, Rule::ExampleInvalid, "the example");
    }
    let examples = node.get("examples").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..examples {
        add(place.join("examples").index(index), place, Rule::ExampleInvalid, "the example");
    }
}

/// `example` and `examples` of a request's or response's body.
fn of_entry(entry: &MediaType, side: Side, given: &mut Vec<Given>) {
    let (Some(schema), true) = (&entry.schema, is_json(&entry.name)) else { return };
    for (name, place) in &entry.examples {
        given.push(Given {
            schema: schema.clone(),
            place: place.clone(),
            rule: Rule::ExampleInvalid,
            whole: called(name),
            side: Some(side),
        });
    }
}

/// `example` and `examples` of a parameter or header.
fn of_shape(document: &Document, at: &Pointer, shape: &ParameterShape, side: Side, given: &mut Vec<Given>) {
    let schema = match shape {
        ParameterShape::Schema { schema: Some(schema), .. } => schema,
        ParameterShape::Schema { schema: None, .. } => return,
        ParameterShape::Content(entry) => return of_entry(entry, side, given),
    };
    let mut add = |place: Pointer, whole: String| {
        given.push(Given { schema: schema.clone(), place, rule: Rule::ExampleInvalid, whole, side: Some(side) });
    };
    let Some(node) = document.get(at) else { return };
    if node.get("example").is_some() {
        add(at.join("example"), called(""));
    }
    for name in node.get("examples").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
        let place = at.join("examples").join(name);
        if let Some((place, node)) = document.resolve(&place)
            && node.get("value").is_some()
        {
            add(place.join("value"), called(name));
        }
    }
}

fn called(name: &str) -> String {
    if name.is_empty() { "the example".to_owned() } else { format!("the example `{}`", shorten(name)) }
}

/// Whether a body of this type is JSON; examples of others are texts, which no schema judges.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence == "text/json" || essence == "*/*"
}

fn hold(context: &mut Context<'_>, given: &Given) {
    let Some(value) = context.document.get(&given.place) else { return };
    let valid = match given.side {
        Some(side) => context.contract.accepts(&given.schema, side, value),
        None => context.accepts_somehow(&given.schema, value),
    };
    if valid || is_written_form(context, given, value) {
        return;
    }
    if let Some(parsed) = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok())
        && (parsed.is_object() || parsed.is_array())
        && context.accepts(&given.schema, &parsed)
    {
        let message = format!("{} is the text of a value; write the value itself, or the text is what is meant", given.whole);
        context.find(given.rule, &given.place, message);
        return;
    }
    if given.place.last().as_deref() == Some("value") && value.get("$ref").is_some_and(Value::is_string) {
        let message =
            format!("{} is a reference within `value`, where nothing follows it: let the `$ref` stand for the whole example", given.whole);
        context.find(given.rule, &given.place, message);
        return;
    }
    let side = given.side.unwrap_or(Side::Response);
    let findings = context.contract.check_own(&given.schema, side, value, &given.whole);
    for finding in findings.into_iter().filter(|finding| finding.severity == Severity::Violation).take(3) {
        let place = Pointer::from_plain(format!("{}{}", given.place, finding.instance));
        context.find(given.rule, &place, finding.message);
    }
}

/// Whether an example of a parameter or header is what a URL or header has for a valid value: `'10'` for an integer, `10` for a text,
/// `a,b` for a list. Documents give the one form or the other.
fn is_written_form(context: &Context<'_>, given: &Given, value: &Value) -> bool {
    if !given.schema.segments().any(|segment| segment == "parameters" || segment == "headers") {
        return false;
    }
    let other = match value {
        Value::String(text) => serde_json::from_str::<Value>(text).ok(),
        Value::Number(_) | Value::Bool(_) => Some(Value::String(value.to_string())),
        _ => None,
    };
    let kind = context.document.resolve(&given.schema).and_then(|(_, node)| node.get("type")?.as_str());
    other.is_some_and(|other| context.accepts(&given.schema, &other)) || (value.is_string() && matches!(kind, Some("array" | "object")))
}
