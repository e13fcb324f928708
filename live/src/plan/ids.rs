//! Values for path parameters of requests that must not reach anything: those that a schema forbids, and those that nothing has.
//! Next: `operation.rs`, which puts them into requests.

use serde_json::{Value, json};
use wireproof_contract::Side;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_openapi::Parameter;

use super::harmless::Lack;
use crate::request::{samples, schema_of};

/// Texts and numbers that are no id of anything, and say where they come from where there is room for that. The UUID, the hexadecimal
/// and the letters in base 58 all spell "wireproof"; the numbers are the last but a few that 31 and 53 bits hold.
fn made_up() -> [Value; 7] {
    [
        json!("wireproof-nobody-has-this-id"),
        json!("77697265-7072-4f6f-8662-6e6f626f6479"),
        json!("7769726570726f6f666e6f62"),
        json!("WIREPROOFNOBODYHASTHISID"),
        json!("wireproofnobody"),
        json!(9_007_199_254_740_783_u64),
        json!(2_147_483_579),
    ]
}

/// What no schema of ids allows, unless it allows anything.
fn wrong() -> [Value; 4] {
    [json!("wireproof-impossible"), json!("~"), json!("-1"), json!("wireproof-impossible-".repeat(20))]
}

/// A value that the schema of a path parameter forbids.
pub(super) fn impossible(synthesiser: &Synthesiser, parameter: &Parameter) -> Option<(Value, Lack)> {
    let schema = schema_of(parameter)?;
    // Only what describes single values: a text is a list of one where lists are meant.
    let forbidden = |text: &Value| {
        let number = text.as_str().and_then(|text| text.parse::<i64>().ok()).map(Value::from);
        let readings = std::iter::once(text.clone()).chain(number).chain([json!([text])]);
        readings.into_iter().all(|value| !synthesiser.accepts(schema, Side::Request, &value))
    };
    let value = wrong().into_iter().find(forbidden)?;
    Some((value, Lack::Impossible { parameter: parameter.name.clone() }))
}

/// A value that the schema of a path parameter allows and nothing has; `None` where every value that it allows may well be somebody's.
pub(super) fn nobody(synthesiser: &Synthesiser, parameter: &Parameter) -> Option<(Value, Lack)> {
    let lack = || Lack::Nobody { parameter: parameter.name.clone() };
    let Some(schema) = schema_of(parameter) else { return made_up().into_iter().next().map(|value| (value, lack())) };
    let value = made_up().into_iter().find(|value| synthesiser.accepts(schema, Side::Request, value))?;
    Some((value, lack()))
}

/// Any value that the schema allows.
pub(super) fn any(synthesiser: &Synthesiser, parameter: &Parameter) -> Option<Value> {
    samples(synthesiser, parameter).into_iter().find(|value| !matches!(value, Value::String(text) if text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use wireproof_openapi::{Document, Source};

    #[test]
    fn a_schema_decides_which_ids_are_impossible_and_which_are_nobodys() {
        for (schema, forbidden, free) in [
            ("{type: string}", false, true),
            ("{type: integer}", true, true),
            ("{type: integer, format: int32}", true, true),
            ("{type: string, format: uuid}", true, true),
            ("{type: string, pattern: '^[0-9a-f]{24}$'}", true, true),
            ("{type: string, minLength: 2, maxLength: 40}", true, true),
            ("{type: string, enum: [a, b]}", true, false),
            ("{type: string, pattern: '^[A-Z]{2}$'}", true, false),
            ("{type: boolean}", true, false),
            ("{type: integer, maximum: 100}", true, false),
            ("{type: array, items: {type: string}}", false, false),
            ("{}", false, true),
        ] {
            let text = format!(
                "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a/{{id}}:\n    get:\n      parameters: [{{name: id, in: path, required: true, schema: {schema}}}]\n      responses: {{}}\n"
            );
            let document = Arc::new(Document::parse(Source::new("t.yaml", text)).expect("a document"));
            let synthesiser = Synthesiser::new(Arc::clone(&document)).expect("schemas");
            let parameter = &document.operations()[0].parameters[0];
            assert_eq!(impossible(&synthesiser, parameter).is_some(), forbidden, "{schema}");
            assert_eq!(nobody(&synthesiser, parameter).is_some(), free, "{schema}");
        }
    }
}
