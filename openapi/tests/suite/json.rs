//! JSON as it is written: exact numbers, order, escapes, and every kind of broken text with its place.

use serde_json::Value;

use super::{at, fail, parse};

fn document(extension: &str) -> String {
    format!("{{\"openapi\": \"3.0.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"paths\": {{}}, \"x-a\": {extension}}}")
}

#[test]
fn values_are_read_as_serde_json_reads_them() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.0",
        "1.50",
        "-1.5E+10",
        "18446744073709551616",
        "0.1000000000000000055511151231257827",
        "\"\"",
        "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\ud83d\\ude00é😀\"",
        "[]",
        "{}",
        "[1, [2, {\"a\": []}], {}]",
        " { \"b\" : 1 , \"a\" : { \"b\" : [ ] } } ",
        "{\"a/b\": 1, \"~\": 2, \"\": 3}",
    ] {
        let expected: Value = serde_json::from_str(text).unwrap();
        let document = parse(&document(text));
        assert_eq!(at(&document, "/x-a"), &expected, "{text}");
        assert_eq!(at(&document, "/x-a").to_string(), expected.to_string(), "{text}");
    }
}

#[test]
fn broken_text_is_refused_with_its_place() {
    for (text, expected) in [
        ("{\"a\": 1,\n  \"b\": 2,\n \"a\": 3}", "duplicate key `a` (first at 1:2) at api.yaml:3:2 (/a)"),
        ("{\"a\": {\"b\": [{}, {\"c\": 1, \"c\": 2}]}}", "duplicate key `c` (first at 1:19) at api.yaml:1:27 (/a/b/1/c)"),
        ("{\"a\": 1} x", "the JSON value ends here, but the text goes on at api.yaml:1:10"),
        ("{\"a\" 1}", "expected `:` after a key at api.yaml:1:6 (/a)"),
        ("{\"a\": }{", "expected a value at api.yaml:1:7 (/a)"),
        ("{\"a\": 01}{", "`01` is no JSON number at api.yaml:1:7 (/a)"),
        ("{\"a\": \"x\ny\"", "a control character within a string at api.yaml:1:9 (/a)"),
        ("{\"a\": [1, 2", "the text ends within a list at api.yaml:1:12 (/a/2)"),
        ("{\"a\": [1 2]}{", "expected `,` or `]` at api.yaml:1:10 (/a/1)"),
        ("{\"é\": \"\\ud800\"}{", "half of a surrogate pair at api.yaml:1:8 (/é)"),
        ("{\"a\": \"\\u12\"}{", "`\\u` needs four hexadecimal digits at api.yaml:1:8 (/a)"),
        ("{\"a\": \"\\q\"}{", "an escape that JSON does not know at api.yaml:1:8 (/a)"),
        ("{\"a\": \"", "a string is not closed at api.yaml:1:7 (/a)"),
        ("{", "expected a key in double quotes at api.yaml:1:2"),
    ] {
        assert_eq!(fail(text).to_string(), expected, "{text:?}");
    }
}

#[test]
fn what_begins_like_json_may_be_yaml() {
    let document = parse("{openapi: 3.0.0, info: {title: T, version: '1'}, paths: {}, # a comment\n}");
    assert_eq!(document.title(), "T");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(parse(&format!("\u{feff}{}", document("1"))).title(), "T");
    let broken = fail("\u{feff}{\"a\": 1} x");
    assert_eq!(broken.position.to_string(), "api.yaml:1:10");
}
