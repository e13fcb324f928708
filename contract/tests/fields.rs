//! `undocumented-field`: objects are read as complete unless their schema says otherwise.

mod common;

use common::{api, contract, exchange};

/// The undocumented places of `body` under `schema`, with `A`, `B` and `Tree` to refer to.
fn undocumented(schema: &str, body: &str) -> Vec<String> {
    let text = api(&format!(
        "paths:\n  /x:\n    get:\n      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}\ncomponents:\n  schemas:\n    A: {{type: object, required: [a], properties: {{a: {{type: integer}}}}}}\n    B: {{type: object, required: [b], properties: {{b: {{type: integer}}}}}}\n    Tree: {{type: object, properties: {{kids: {{type: array, items: {{$ref: '#/components/schemas/Tree'}}}}}}}}\n    Free: {{type: object}}\n"
    ));
    let checked = contract(&text.replace("3.0.3", "3.1.0")).check(&exchange("GET", "/x", 200, body));
    checked.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.instance)).collect()
}

#[test]
fn every_shape_of_schema_is_looked_through() {
    let a = "{$ref: '#/components/schemas/A'}";
    let b = "{$ref: '#/components/schemas/B'}";
    let free = "{$ref: '#/components/schemas/Free'}";
    for (schema, body, expected) in [
        (a.to_owned(), r#"{"a": 1}"#, &[][..]),
        (a.to_owned(), r#"{"a": 1, "x": 1}"#, &["undocumented-field /x"]),
        (format!("{{allOf: [{a}, {b}]}}"), r#"{"a": 1, "b": 1}"#, &[]),
        (format!("{{allOf: [{a}, {b}]}}"), r#"{"a": 1, "b": 1, "x": 1}"#, &["undocumented-field /x"]),
        (format!("{{anyOf: [{a}, {b}]}}"), r#"{"a": 1}"#, &[]),
        (format!("{{anyOf: [{a}, {b}]}}"), r#"{"a": 1, "b": "no"}"#, &["undocumented-field /b"]),
        (format!("{{oneOf: [{a}, {b}]}}"), r#"{"b": 1, "x": 1}"#, &["undocumented-field /x"]),
        (format!("{{anyOf: [{a}, {free}]}}"), r#"{"x": 1}"#, &[]),
        (format!("{{anyOf: [{a}, {free}]}}"), r#"{"a": 1, "x": 1}"#, &[]),
        (format!("{{allOf: [{a}, {free}]}}"), r#"{"a": 1, "x": 1}"#, &["undocumented-field /x"]),
        (format!("{{type: array, items: {a}}}"), r#"[{"a": 1, "x": 1}, {"a": 1, "y": 1}, {"a": 1, "x": 2}]"#, &["undocumented-field /0/x", "undocumented-field /1/y"]),
        (format!("{{prefixItems: [{a}], items: {b}}}"), r#"[{"a": 1, "x": 1}, {"b": 1, "x": 1}]"#, &["undocumented-field /0/x", "undocumented-field /1/x"]),
        (format!("{{type: object, additionalProperties: {a}}}"), r#"{"any": {"a": 1, "x": 1}}"#, &["undocumented-field /any/x"]),
        (format!("{{properties: {{p: {a}}}, additionalProperties: true}}"), r#"{"q": 1, "p": {"a": 1, "x": 1}}"#, &["undocumented-field /p/x"]),
        ("{properties: {p: true}, additionalProperties: false}".to_owned(), r#"{"q": 1}"#, &["body-schema /q"]),
        ("{properties: {p: true}, unevaluatedProperties: true}".to_owned(), r#"{"q": 1}"#, &[]),
        ("{properties: {p: true}, unevaluatedProperties: false}".to_owned(), r#"{"q": 1}"#, &["body-schema /q"]),
        ("{type: object}".to_owned(), r#"{"q": {"r": 1}}"#, &[]),
        ("{}".to_owned(), r#"{"q": 1}"#, &[]),
        ("true".to_owned(), r#"{"q": 1}"#, &[]),
        ("{type: object, nullable: true}".to_owned(), r#"{"id": "x"}"#, &[]),
        (format!("{{anyOf: [{a}], nullable: true}}"), r#"{"a": 1, "x": 1}"#, &["undocumented-field /x"]),
        ("{patternProperties: {'^x-': true}, properties: {p: true}}".to_owned(), r#"{"x-a": 1, "p": 1, "q": 1}"#, &["undocumented-field /q"]),
        ("{properties: {t: {enum: [u]}}, if: {properties: {t: {const: u}}, required: [t]}, then: {properties: {u: true}}, else: {properties: {v: true}}}".to_owned(), r#"{"t": "u", "u": 1, "v": 1}"#, &["undocumented-field /v"]),
        ("{properties: {p: true}, dependentSchemas: {p: {properties: {q: true}}}}".to_owned(), r#"{"p": 1, "q": 1}"#, &[]),
        ("{properties: {id: true, email: true}, anyOf: [{required: [id]}, {required: [email]}]}".to_owned(), r#"{"id": 1, "x": 1}"#, &["undocumented-field /x"]),
        ("{$ref: '#/components/schemas/Tree'}".to_owned(), r#"{"kids": [{"kids": [{"x": 1}]}]}"#, &["undocumented-field /kids/0/kids/0/x"]),
    ] {
        assert_eq!(undocumented(&schema, body), expected, "{schema} {body}");
    }
}
