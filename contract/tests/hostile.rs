//! Input that is made to break the checker: depth, recursion, patterns, sizes. It must end, and say what it could not do.

mod common;

use std::time::{Duration, Instant};

use common::{api, contract, exchange, rules, short};
use wireproof_contract::Contract;

fn schema(schema: &str, rest: &str) -> Contract {
    contract(&api(&format!(
        "paths:\n  /x:\n    get:\n      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}\ncomponents:\n  schemas:\n    Any: {{}}\n{rest}"
    )))
}

#[test]
fn deep_bodies_end_at_the_bound() {
    let contract =
        schema("{$ref: '#/components/schemas/Tree'}", "    Tree: {type: object, properties: {kid: {$ref: '#/components/schemas/Tree'}}}\n");
    let nested = |depth: usize| format!("{}1{}", "{\"kid\":".repeat(depth), "}".repeat(depth));
    assert_eq!(rules(&contract.check(&exchange("GET", "/x", 200, &nested(127)))).len(), 1, "the innermost is no object");
    assert_eq!(rules(&contract.check(&exchange("GET", "/x", 200, &nested(100_000)))), ["violation body-unparseable "]);
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    let rest = "    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}]}
    Wide:
      anyOf: [{$ref: '#/components/schemas/Wide'}, {$ref: '#/components/schemas/Wide2'}, {type: object, properties: {a: {$ref: '#/components/schemas/Wide'}}}]
    Wide2:
      anyOf: [{$ref: '#/components/schemas/Wide'}, {$ref: '#/components/schemas/Wide2'}, {type: object, properties: {b: {$ref: '#/components/schemas/Wide2'}}}]
";
    let start = Instant::now();
    for name in ["Loop", "Wide", "Wide2"] {
        let contract = schema(&format!("{{$ref: '#/components/schemas/{name}'}}"), rest);
        contract.check(&exchange("GET", "/x?q=1", 200, r#"{"a": {"b": {"a": {"b": {"c": 1}}}}}"#));
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn patterns_that_do_not_run_are_left_out_and_told() {
    let contract = schema("{type: string, pattern: '(unclosed', minLength: 3}", "");
    let notes: Vec<String> = contract.notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].starts_with("note[pattern-not-checked]: the pattern `(unclosed` cannot be run and is not checked at api.yaml:7:"),
        "{notes:?}"
    );
    assert_eq!(rules(&contract.check(&exchange("GET", "/x", 200, "\"abc\""))), [""; 0]);
    assert_eq!(rules(&contract.check(&exchange("GET", "/x", 200, "\"ab\""))), ["violation body-schema "]);
}

#[test]
fn patterns_that_take_too_long_are_undecided() {
    let contract = schema("{type: string, pattern: '^(?=(a+)+$)(a|a)*b\\1$'}", "");
    let start = Instant::now();
    let body = format!("\"{}!\"", "a".repeat(2_000));
    let checked = contract.check(&exchange("GET", "/x", 200, &body));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(short(&checked).contains("pattern"), "{}", short(&checked));
}

#[test]
fn a_long_list_of_faults_is_bounded() {
    let contract = schema("{type: array, items: {type: string}}", "");
    let body = format!("[{}1]", "1,".repeat(50_000));
    let checked = contract.check(&exchange("GET", "/x", 200, &body));
    assert_eq!(checked.findings.len(), 1);
    assert!(checked.findings[0].count() <= 100);
}

#[test]
fn names_that_are_pointers_and_uris_resolve() {
    let rest = "    'a/b~c {d} %25': {type: object, required: [x], properties: {x: {type: integer}}}\n";
    let contract = schema("{$ref: '#/components/schemas/a~1b~0c%20%7Bd%7D%20%2525'}", rest);
    assert_eq!(
        short(&contract.check(&exchange("GET", "/x", 200, r#"{"x": "1"}"#))),
        "violation body-schema [/x] /components/schemas/a~1b~0c {d} %25/properties/x/type: `/x` is a string, expected an integer"
    );
}

#[test]
fn properties_named_like_keywords_are_properties() {
    let contract = schema(
        "{type: object, properties: {pattern: {type: string}, required: {type: string}, enum: {type: string}, $ref: {type: string}, example: {type: integer}, title: {type: integer}}}",
        "",
    );
    let body = r#"{"pattern": "(", "required": "x", "enum": "x", "$ref": "x", "example": "x", "title": "x"}"#;
    assert_eq!(
        rules(&contract.check(&exchange("GET", "/x", 200, body))),
        ["violation body-schema /example", "violation body-schema /title"]
    );
}
