//! Bodies that are no JSON: forms, parts and text, decoded as their schemas and `encoding` say, then checked as any other.

mod common;

use common::{api, contract, exchange, rules, short, with_request};
use wireproof_contract::{Body, Contract, Exchange, Formats, Options};

const SOUND: &[&str] = &[];

const FORM: &str = "application/x-www-form-urlencoded";

/// `POST /x` takes a body of a content type; what stands behind it is the media type object.
fn takes(content_type: &str, media_type: &str) -> Contract {
    contract(&api(&format!(
        "paths:\n  /x:\n    post:\n      requestBody: {{content: {{{content_type}: {media_type}}}}}\n      responses: {{default: {{description: any}}}}\n"
    )))
}

fn sent(contract: &Contract, content_type: &str, body: &str) -> Vec<String> {
    rules(&contract.check(&with_request(exchange("POST", "/x", 200, ""), content_type, body)))
}

/// A multipart body: each part is its headers and its content.
fn parts(parts: &[(&str, &str)]) -> String {
    let part = |(headers, content): &(&str, &str)| format!("--b\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n");
    format!("{}--b--\r\n", parts.iter().map(part).collect::<String>())
}

#[test]
fn parts_are_read_as_their_properties_ask() {
    let contract = takes(
        "multipart/form-data",
        "{schema: {type: object, required: [file], properties: {
            file: {type: string, format: binary, maxLength: 5},
            meta: {type: object, required: [k], properties: {k: {type: integer}}},
            tags: {type: array, items: {enum: [a, b]}},
            count: {type: integer},
            deep: {type: object, properties: {x: {type: integer}}}}},
          encoding: {file: {contentType: 'image/png, image/gif'}, meta: {contentType: application/json}, deep: {style: deepObject}}}",
    );
    let file = ("name=file; filename=\"a.png\"\r\nContent-Type: image/png", "\u{89}PNG");
    let typed = "multipart/form-data; boundary=b";
    for (more, expected) in [
        (&[][..], SOUND),
        (&[("name=meta", "{\"k\": 1}"), ("name=tags", "a"), ("name=tags", "b"), ("name=count", "7"), ("name=\"deep[x]\"", "1")], SOUND),
        (&[("name=meta", "{\"k\": \"x\"}")], &["violation request-body-schema /meta/k"]),
        (&[("name=meta", "{\"k\":")], &["violation body-unparseable "]),
        (&[("name=meta", "{\"k\": 1, \"k\": 2}")], &["violation body-unparseable "]),
        (&[("name=tags", "c")], &["violation request-body-schema /tags/0"]),
        (&[("name=\"tags[]\"", "a"), ("name=\"tags[]\"", "z")], &["violation request-body-schema /tags/1"]),
        (&[("name=tags\r\nContent-Type: application/json", "[\"a\", \"z\"]")], &["violation request-body-schema /tags/1"]),
        (&[("name=count", "seven")], &["violation request-body-schema /count"]),
        (&[("name=\"deep[x]\"", "one")], &["violation request-body-schema /deep/x"]),
        (&[("name=other", "")], &["drift undocumented-field /other"]),
    ] {
        let all: Vec<(&str, &str)> = std::iter::once(file).chain(more.iter().copied()).collect();
        assert_eq!(sent(&contract, typed, &parts(&all)), expected, "{more:?}");
    }
    let other_type = parts(&[("name=file; filename=a\r\nContent-Type: text/plain", "x")]);
    assert_eq!(sent(&contract, typed, &other_type), ["violation request-body-schema /file"]);
    let too_long = parts(&[("name=file; filename=a", "123456")]);
    assert_eq!(sent(&contract, typed, &too_long), ["violation request-body-schema /file"]);
    assert_eq!(sent(&contract, typed, &parts(&[])), ["violation request-body-schema "]);
    assert_eq!(sent(&contract, typed, "no parts at all"), ["violation body-unparseable "]);
    assert_eq!(sent(&contract, "multipart/form-data", &parts(&[file])), SOUND);
}

#[test]
fn a_fault_within_a_part_is_told_at_its_place_in_the_body() {
    let contract = takes("multipart/form-data", "{schema: {type: object, properties: {meta: {type: object}}}}");
    let body = parts(&[("name=meta\r\nContent-Type: application/json", "{\"k\": }")]);
    let checked = contract.check(&with_request(exchange("POST", "/x", 200, ""), "multipart/form-data; boundary=b", &body));
    assert_eq!(
        checked.findings[0].message,
        "the body cannot be read as `multipart/form-data`: the part `meta`: it is not JSON: a value is expected here, at line 5, column 7"
    );
}

#[test]
fn forms_are_written_by_their_encoding() {
    let contract = takes(
        FORM,
        "{schema: {type: object, properties: {
            list: {type: array, items: {type: integer}},
            piped: {type: array, items: {type: integer}},
            json: {type: object, properties: {a: {type: integer}}},
            plain: {type: object, properties: {a: {type: integer}}},
            rest: {type: string, minLength: 1}}},
          encoding: {piped: {style: pipeDelimited}, json: {contentType: application/json}}}",
    );
    for (body, expected) in [
        ("list=1&list=2&piped=1|2&json=%7B%22a%22:1%7D&rest=a%26b", SOUND),
        ("list[0]=1&list[1]=2", SOUND),
        ("list[]=1&list[]=x", &["violation request-body-schema /list/1"]),
        ("list[0]=1&list[1]=x", &["violation request-body-schema /list/1"]),
        ("piped=1|x", &["violation request-body-schema /piped/1"]),
        ("json=%7B%22a%22:%22x%22%7D", &["violation request-body-schema /json/a"]),
        ("json=%7B", &["violation body-unparseable "]),
        ("plain[a]=x", &["violation request-body-schema /plain/a"]),
        ("plain=%7B%22a%22:1%7D", SOUND),
        ("rest=", &["violation request-body-schema /rest"]),
    ] {
        assert_eq!(sent(&contract, FORM, body), expected, "{body}");
    }
}

#[test]
fn text_is_a_value_of_its_schema_where_it_can_be_one() {
    for (content_type, schema, body, expected) in [
        ("text/plain", "{type: string, maxLength: 3}", "abc", SOUND),
        ("text/plain", "{type: string, maxLength: 3}", "abcd", &["violation request-body-schema "]),
        ("text/plain", "{type: integer}", "42", SOUND),
        ("text/plain", "{type: integer}", "4x", &["violation request-body-schema "]),
        ("text/plain", "{type: string}", "42", SOUND),
        // What is no text of one value is not looked into, and that is said.
        ("text/xml", "{type: object}", "<a/>", &["note request-body-schema "]),
        ("text/csv", "{type: array, items: {}}", "a,b", &["note request-body-schema "]),
    ] {
        assert_eq!(
            sent(&takes(content_type, &format!("{{schema: {schema}}}")), content_type, body),
            expected,
            "{content_type} {schema} {body}"
        );
    }
}

#[test]
fn formats_may_be_notes() {
    let text = api("paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {
    id: {type: string, format: uuid}, n: {type: integer}, when: {oneOf: [{type: string, format: date}, {type: integer}]}}}}}}}}}
");
    let of = |formats: Formats| Contract::new(common::document(&text), Options { formats, ..Options::default() }).expect("a contract");
    let body = exchange("GET", "/x", 200, r#"{"id": "x", "n": "y", "when": "today"}"#);
    let all = ["violation body-schema /id", "violation body-schema /n", "violation body-schema /when"];
    assert_eq!(rules(&of(Formats::Assert).check(&body)), all);
    assert_eq!(rules(&of(Formats::Warn).check(&body)), ["violation body-schema /n", "note body-schema /id", "note body-schema /when"]);
}

#[test]
fn a_value_of_no_branch_s_type_is_told_by_the_types() {
    let contract = contract(&api(
        "paths: {/x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {oneOf: [{type: object}, {type: string}, {type: object, nullable: true}]}}}}}}}}\n",
    ));
    let checked = contract.check(&exchange("GET", "/x", 200, "5"));
    assert!(short(&checked).ends_with("oneOf: the body is a number, expected an object, a string or null"), "{}", short(&checked));
}

#[test]
fn parts_of_an_answer_are_read_as_well() {
    let contract = contract(&api(
        "paths: {/x: {get: {responses: {'200': {description: ok, content: {multipart/form-data: {schema: {type: object, properties: {n: {type: integer}}}}}}}}}}\n",
    ));
    let mut answer: Exchange = exchange("GET", "/x", 200, "");
    answer.response.headers.push("Content-Type", "multipart/form-data; boundary=b");
    answer.response.body = Body::from_bytes(parts(&[("name=n", "x")]));
    assert_eq!(rules(&contract.check(&answer)), ["violation body-schema /n"]);
}
