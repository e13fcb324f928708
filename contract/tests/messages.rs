//! The sentences of findings: one per keyword, with values masked and with values shown.

mod common;

use std::fmt::Write as _;

use common::{api, document, exchange};
use wireproof_contract::{Checked, Contract, Options};

/// What is said of `body` under `schema`, a line per finding.
fn said(schema: &str, body: &str, show_values: bool) -> String {
    let checked = checked(schema, body, show_values);
    checked.findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("\n")
}

fn checked(schema: &str, body: &str, show_values: bool) -> Checked {
    let text = api(&format!(
        "paths:\n  /x:\n    get:\n      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}\ncomponents:\n  schemas:\n    Cat: {{type: object, required: [kind, lives], properties: {{kind: {{type: string, enum: [cat]}}, lives: {{type: integer}}}}}}\n    Dog: {{type: object, required: [kind, barks], properties: {{kind: {{type: string, enum: [dog]}}, barks: {{type: boolean}}}}}}\n"
    ));
    let text = text.replace("3.0.3", "3.1.0");
    let contract = Contract::new(document(&text), Options { show_values, ..Options::default() }).expect("a contract");
    contract.check(&exchange("GET", "/x", 200, body))
}

#[test]
fn each_keyword_has_its_sentence() {
    let mut all = String::new();
    for (schema, body) in [
        ("{type: boolean}", "\"yes\""),
        ("{type: [string, 'null']}", "1"),
        ("{type: integer}", "1.5"),
        ("{properties: {a: {type: object}}}", r#"{"a": null}"#),
        ("{required: [a, b], properties: {a: true, b: true}}", "{}"),
        ("{properties: {a: true}, additionalProperties: false}", r#"{"a": 1, "b": 2, "c/d": 3}"#),
        ("{enum: [a, b, 3, null]}", "\"secret\""),
        ("{enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}", "11"),
        ("{const: on}", "\"off\""),
        ("{minimum: 3}", "2"),
        ("{maximum: 3}", "4"),
        ("{exclusiveMinimum: 3}", "3"),
        ("{exclusiveMaximum: 3}", "3"),
        ("{multipleOf: 0.5}", "0.3"),
        ("{minLength: 2}", "\"é\""),
        ("{maxLength: 1}", "\"secret\""),
        ("{pattern: '^[a-z]+$'}", "\"S3CRET\""),
        ("{format: email}", "\"secret\""),
        ("{format: uuid}", "\"secret\""),
        ("{minItems: 1}", "[]"),
        ("{maxItems: 1}", "[1, 2]"),
        ("{uniqueItems: true}", "[1, 1.0]"),
        ("{contains: {type: string}}", "[1]"),
        ("{minProperties: 1}", "{}"),
        ("{maxProperties: 1}", r#"{"a": 1, "b": 2}"#),
        ("{propertyNames: {pattern: '^[a-z]$'}}", r#"{"AB": 1}"#),
        ("{not: {type: string}}", "\"secret\""),
        ("{properties: {a: false}}", r#"{"a": 1}"#),
        ("{anyOf: [{required: [a]}, {required: [b, c]}, {required: [d]}]}", "{}"),
        ("{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}", r#"{"kind": "dog", "barks": "loud"}"#),
        ("{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}", "5"),
        ("{oneOf: [{title: Small, maximum: 10}, {type: integer}]}", "5"),
        ("{anyOf: [{type: string}, {type: array, items: {type: string}}]}", "[1]"),
    ] {
        writeln!(all, "{schema} {body}\n    {}", said(schema, body, false).replace('\n', "\n    ")).expect("written");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn values_are_shown_only_if_asked_for() {
    for (schema, body, masked, shown) in [
        (
            "{type: boolean}",
            "\"secret\"",
            "the body is a string, expected a boolean",
            "the body is a string (\"secret\"), expected a boolean",
        ),
        (
            "{maxLength: 1}",
            "\"secret\"",
            "the body is a string of 6 characters, expected at most 1 character",
            "the body is a string of 6 characters (\"secret\"), expected at most 1 character",
        ),
        ("{minimum: 50}", "42", "the body is a number, below the minimum of 50", "the body is a number (42), below the minimum of 50"),
    ] {
        assert_eq!(said(schema, body, false), masked);
        assert_eq!(said(schema, body, true), shown);
    }
}

#[test]
fn no_sentence_shows_a_value_by_default() {
    let secret = "hunter2-jane@example.com";
    for schema in [
        "{type: integer}",
        "{enum: [a]}",
        "{const: a}",
        "{maxLength: 1}",
        "{pattern: '^x$'}",
        "{format: date}",
        "{not: {}}",
        "{oneOf: [{type: integer}, {maxLength: 1}]}",
        "{allOf: [{anyOf: [{enum: [a]}, {const: b}]}]}",
    ] {
        for body in [format!("\"{secret}\""), format!("{{\"a\": [\"{secret}\"]}}")] {
            let said = said(schema, &body, false);
            assert!(!said.contains("hunter2"), "{schema}: {said}");
        }
    }
}

#[test]
fn what_is_missing_beside_a_member_is_found_where_that_asks_for_it() {
    let schema = "{properties: {a: true, b: true}, dependentRequired: {z: [b], a: [c, b]}}";
    let checked = checked(schema, r#"{"a": 1, "c": 2}"#, false);
    let found = checked.findings.iter().find(|finding| finding.message.contains("lacks `b`")).expect("a finding");
    assert!(found.schema.as_str().ends_with("/schema/dependentRequired"), "{}", found.schema);
    let text = schema.find("[c, b]").expect("a list") + "[c, ".len();
    let line = "      responses: {'200': {description: ok, content: {application/json: {schema: ";
    let column = found.spec.as_ref().and_then(|spec| usize::try_from(spec.column).ok());
    assert_eq!(column, Some(line.len() + text + 1));
}
