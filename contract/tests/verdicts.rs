//! Verdicts on which validators of traffic agree, each as a small document and exchange of our own. Where we decide otherwise than
//! another tool, `xtask/src/paired/differences.toml` says why.

mod common;

use common::{api, contract, exchange, with_request};
use wireproof_contract::{Exchange, Verdict};

/// One operation `METHOD /x` of which the rest is given, in YAML's flow style.
fn verdict(method: &str, operation: &str, rest: &str, exchange: &Exchange) -> Verdict {
    contract(&api(&format!("paths: {{/x: {{{}: {operation}}}}}\n{rest}", method.to_lowercase()))).check(exchange).verdict
}

#[test]
fn requests_are_judged_by_their_schemas() {
    let body = |schema: &str| {
        format!("{{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{default: {{description: any}}}}}}")
    };
    let post = |schema: &str, text: &str| {
        verdict("POST", &body(schema), "", &with_request(exchange("POST", "/x", 200, ""), "application/json", text))
    };
    for (schema, text, expected) in [
        ("{type: object, minProperties: 4, additionalProperties: true}", r#"{"a": 1, "b": 2, "c": 3}"#, Verdict::Violation),
        (
            "{type: object, required: [n], properties: {n: {type: integer, minimum: 10, exclusiveMinimum: true}}}",
            r#"{"n": 10}"#,
            Verdict::Violation,
        ),
        (
            "{type: object, required: [n], properties: {n: {type: integer, minimum: 10, exclusiveMinimum: true}}}",
            r#"{"n": 11}"#,
            Verdict::Conforms,
        ),
        (
            "{anyOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, properties: {b: {type: integer}}}]}",
            r#"{"b": 1}"#,
            Verdict::Conforms,
        ),
        (
            "{oneOf: [{type: object, required: [channel, address], properties: {channel: {enum: [mail]}, address: {type: string}}}, {type: object, required: [channel, phone], properties: {channel: {enum: [sms]}, phone: {type: string}}}]}",
            r#"{"channel": "mail"}"#,
            Verdict::Violation,
        ),
        // What is readOnly is not required of a request, wherever it is said.
        (
            "{allOf: [{type: object, properties: {id: {type: string, readOnly: true}}}, {properties: {name: {type: string}}}], required: [id, name]}",
            r#"{"name": "Rex"}"#,
            Verdict::Conforms,
        ),
        (
            "{required: [id, name], anyOf: [{type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}}}, {type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string}}}]}",
            r#"{"name": "Rex"}"#,
            Verdict::Conforms,
        ),
    ] {
        assert_eq!(post(schema, text), expected, "{schema} {text}");
    }
}

#[test]
fn refusals_and_answers_without_a_document_are_told_apart() {
    let takes_a_number = "{parameters: [{name: age, in: query, required: true, schema: {type: number}}], responses: {'200': {description: ok}, 4XX: {description: no}}}";
    for (query, status, expected) in [
        ("?age=9", 200, Verdict::Conforms),
        ("?age=old", 200, Verdict::Violation),
        ("", 200, Verdict::Violation),
        // A vendor that refuses a broken request does right.
        ("?age=old", 422, Verdict::Conforms),
        ("", 404, Verdict::Conforms),
        ("?age=9", 500, Verdict::Drift),
    ] {
        let asked = exchange("GET", &format!("/x{query}"), status, "");
        assert_eq!(verdict("GET", takes_a_number, "", &asked), expected, "{query} {status}");
    }
    let documented = "{responses: {'201': {description: made, content: {application/json: {schema: {type: array, items: {}}}}}}}";
    for (method, path, status, text, expected) in [
        ("GET", "/x", 201, "[]", Verdict::Conforms),
        ("GET", "/x", 201, "", Verdict::Violation),
        ("GET", "/x", 200, "[]", Verdict::Drift),
        ("DELETE", "/x", 405, "", Verdict::Unmatched),
        ("GET", "/unknown", 404, "", Verdict::Unmatched),
    ] {
        assert_eq!(verdict("GET", documented, "", &exchange(method, path, status, text)), expected, "{method} {path} {status}");
    }
}

#[test]
fn any_of_the_security_alternatives_is_enough() {
    let schemes = "components: {securitySchemes: {basic: {type: http, scheme: basic}, key: {type: apiKey, in: header, name: X-Key}, session: {type: apiKey, in: cookie, name: SID}}}\n";
    for (security, header, expected) in [
        ("[{basic: []}, {key: []}]", ("X-Key", "abc"), Verdict::Conforms),
        ("[{basic: []}, {key: []}]", ("authorization", "basic abc"), Verdict::Conforms),
        ("[{basic: []}, {key: []}]", ("Authorization", "Bearer abc"), Verdict::Violation),
        ("[{basic: [], key: []}]", ("X-Key", "abc"), Verdict::Violation),
        ("[{key: []}, {}]", ("X-Other", "abc"), Verdict::Conforms),
        ("[{session: []}]", ("Cookie", "a=b; SID=abc"), Verdict::Conforms),
        ("[{session: []}]", ("Cookie", "a=b"), Verdict::Violation),
    ] {
        let mut asked = exchange("GET", "/x", 200, "");
        asked.request.headers.push(header.0, header.1);
        let operation = format!("{{security: {security}, responses: {{'200': {{description: ok}}}}}}");
        assert_eq!(verdict("GET", &operation, schemes, &asked), expected, "{security} {header:?}");
    }
}
