//! What is no OpenAPI document, and what the error says.

use super::{fail, parse};

#[test]
fn errors_say_what_was_found_and_where() {
    for (text, expected) in [
        ("", "the file is empty at api.yaml:1:1"),
        ("\u{feff}\n# only a comment\n", "the file is empty at api.yaml:1:1"),
        ("42", "the document is a number, not an object at api.yaml:1:1"),
        ("[]", "the document is a list, not an object at api.yaml:1:1"),
        ("just text", "the document is text, not an object at api.yaml:1:1"),
        ("info: {}", "`openapi` is missing: this is no OpenAPI document at api.yaml:1:1"),
        ("a: 1\nswagger: '2.0'", "Swagger 2.0 is not read; OpenAPI 3.0, 3.1 and 3.2 are at api.yaml:2:1 (/swagger)"),
        ("swagger: 2.0", "Swagger 2.0 is not read; OpenAPI 3.0, 3.1 and 3.2 are at api.yaml:1:1 (/swagger)"),
        ("asyncapi: 2.6.0", "this is an AsyncAPI document, not an OpenAPI document at api.yaml:1:1 (/asyncapi)"),
        ("overlay: 1.0.0", "this is an OpenAPI Overlay, not an OpenAPI document at api.yaml:1:1 (/overlay)"),
        ("info: {}\nitem: []", "this is a Postman collection, not an OpenAPI document at api.yaml:1:1 (/info)"),
        ("$schema: x", "this is a JSON Schema, not an OpenAPI document at api.yaml:1:1"),
        ("openapi: 4.0.0", "OpenAPI version `4.0.0` is not read; 3.0, 3.1 and 3.2 are at api.yaml:1:1 (/openapi)"),
        ("openapi: '3'", "OpenAPI version `3` is not read; 3.0, 3.1 and 3.2 are at api.yaml:1:1 (/openapi)"),
        ("openapi: [3]", "`openapi` is a list, expected a version as `3.1.0` at api.yaml:1:1 (/openapi)"),
        ("openapi: 3.0.0\ninfo: {title: a, version: b}", "`paths` is missing at api.yaml:1:1"),
        ("openapi: 3.1.0\ninfo: {title: a, version: b}", "none of `paths`, `components` and `webhooks` is there at api.yaml:1:1"),
        ("openapi: 3.0.0\npaths: [a]", "`paths` is a list, expected an object at api.yaml:2:1 (/paths)"),
        ("openapi: 3.0.0\npaths: {}", "`info` is missing at api.yaml:1:1"),
        ("openapi: 3.0.0\npaths: {}\ninfo: x", "`info` is text, expected an object at api.yaml:3:1 (/info)"),
        ("openapi: 3.0.0\npaths: {}\ninfo:\n  title: a", "`info.version` is missing at api.yaml:3:1 (/info)"),
        ("openapi: 3.0.0\npaths: {}\ninfo:\n  title:\n  version: b", "`info.title` is null, expected text at api.yaml:4:3 (/info/title)"),
        ("openapi: 3.0.0\ninfo: a: b", "no YAML: mapping values are not allowed in this context at api.yaml:2:8"),
        ("a\0b", "a NUL character, which no JSON or YAML text can hold at api.yaml:1:2"),
    ] {
        assert_eq!(fail(text).to_string(), expected, "{text:?}");
    }
}

#[test]
fn advice_is_given_where_there_is_some() {
    assert_eq!(fail("swagger: '2.0'").help.as_deref(), Some("convert it to OpenAPI 3, for example with swagger2openapi"));
}

#[test]
fn versions_that_are_read() {
    for version in ["3.0.0", "3.0", "'3.0.4'", "3.1", "3.1.1", "3.2.0", "3.0.0-rc2"] {
        let text = format!("openapi: {version}\ninfo: {{title: a, version: 1.0}}\npaths: {{}}\n");
        let document = parse(&text);
        assert_eq!(document.title(), "a");
        assert_eq!(document.api_version(), "1.0");
    }
}

#[test]
fn a_document_of_components_alone_is_one() {
    parse("openapi: 3.1.0\ninfo: {title: a, version: b}\ncomponents: {schemas: {A: true}}");
    let document = parse("openapi: 3.0.0\ninfo: {title: a, version: b}\npaths:\ncomponents: {schemas: {A: {type: string}}}");
    assert_eq!(super::codes(&document), ["wrong-type /paths"]);
}
