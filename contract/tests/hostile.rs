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

/// Checks a body, and gives the findings; fails where that takes long.
#[track_caller]
fn in_time(contract: &Contract, body: &str) -> String {
    let begun = Instant::now();
    let checked = contract.check(&exchange("GET", "/x", 200, body));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let told = short(&checked);
    assert!(told.len() < 20_000, "{} bytes are told", told.len());
    told
}

#[test]
fn numbers_of_any_size_are_compared_in_time() {
    let digits = "7".repeat(20_000);
    for number in
        ["1e400", "1e999999999", "-1e-999999999", "1E+99999999999999999999", &digits, &format!("0.{digits}"), &format!("{digits}e-20000")]
    {
        for keyword in ["multipleOf: 0.01", "multipleOf: 3", "maximum: 10", "minimum: -10", "enum: [1, 10]", "const: 1.0", "format: int64"]
        {
            in_time(&schema(&format!("{{type: number, {keyword}}}"), ""), number);
        }
        in_time(&schema("{type: integer}", ""), number);
        in_time(&schema("{uniqueItems: true, type: array}", ""), &format!("[{number}, {number}]"));
    }
    for limit in ["1e999999999", "-1e-999999999"] {
        for keyword in ["multipleOf", "maximum", "exclusiveMinimum"] {
            in_time(&schema(&format!("{{type: number, {keyword}: {limit}}}"), ""), "10");
        }
    }
}

#[test]
fn names_and_texts_of_a_megabyte_are_told_in_short() {
    let long = "é\\n".repeat(300_000);
    let contract =
        schema("{type: object, properties: {a: {type: string, enum: [x]}, b: {type: object, additionalProperties: {type: integer}}}}", "");
    for (body, expected) in [
        (format!("{{\"{long}\": 1}}"), "drift undocumented-field"),
        (format!("{{\"a\": \"{long}\"}}"), "violation body-schema [/a]"),
        (format!("{{\"b\": {{\"{long}\": \"1\"}}}}"), "violation body-schema"),
        (format!("{{\"a\": \"x\", \"{long}\": 1, \"{long}\": 2"), "violation body-unparseable"),
    ] {
        let begun = Instant::now();
        let checked = contract.check(&exchange("GET", "/x", 200, &body));
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(short(&checked).starts_with(expected), "{expected}");
        assert!(checked.findings.iter().all(|finding| finding.message.len() < 1_000), "{expected}");
    }
}

#[test]
fn patterns_are_bounded_wherever_they_stand() {
    let pattern = "^(?=(a+)+$)(a|a)*b\\1$";
    let letters = "a".repeat(2_000);
    let body = format!("{{\"{letters}!\": \"{letters}!\"}}");
    for place in ["propertyNames: {pattern: 'P'}", "patternProperties: {'P': {type: integer}}", "additionalProperties: {pattern: 'P'}"] {
        in_time(&schema(&format!("{{type: object, {}}}", place.replace('P', pattern)), ""), &body);
    }
    let contract = contract(&api(&format!(
        "paths:\n  /x:\n    get:\n      parameters: [{{name: q, in: query, schema: {{type: string, pattern: '{pattern}'}}}}]\n      responses: {{'200': {{description: ok}}}}\n"
    )));
    let begun = Instant::now();
    contract.check(&exchange("GET", &format!("/x?q={letters}!"), 200, ""));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn dynamic_references_in_circles_end() {
    let rest = "    Node: {$dynamicAnchor: node, type: object, properties: {next: {$dynamicRef: '#node'}}, unevaluatedProperties: {$dynamicRef: '#node'}}
    Ring: {allOf: [{$ref: '#/components/schemas/Gnir'}, {$dynamicRef: '#node'}]}
    Gnir: {allOf: [{$ref: '#/components/schemas/Ring'}]}
    Not: {not: {$ref: '#/components/schemas/Not'}}
    If: {if: {$ref: '#/components/schemas/If'}, then: {$ref: '#/components/schemas/If'}, else: false}
";
    let text = |name: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: Test, version: '1'}}\nservers: [{{url: 'https://api.test/v1'}}]\npaths:\n  /x:\n    get:\n      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}}}\ncomponents:\n  schemas:\n{rest}"
        )
    };
    for name in ["Node", "Ring", "Gnir", "Not", "If"] {
        in_time(&contract(&text(name)), &format!("{}1{}", "{\"next\":".repeat(100), "}".repeat(100)));
        in_time(&contract(&text(name)), r#"{"a": {"b": {"c": {"next": {}}}}}"#);
    }
}
