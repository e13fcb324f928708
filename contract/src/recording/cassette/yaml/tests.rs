//! Cassettes as Ruby, Python and Go write them.

use std::io;

use super::super::super::{Entry, Format, RecordingError, read};
use super::*;
use crate::exchange::{Body, Exchange};

fn entries(text: &str) -> (Vec<Entry>, Result<(), RecordingError>) {
    let mut found = Vec::new();
    let result = read("x.yaml", Format::CassetteYaml, text.as_bytes(), &mut |entry| {
        found.push(entry);
        ControlFlow::Continue(())
    });
    (found, result)
}

#[track_caller]
fn exchanges(text: &str) -> Vec<Exchange> {
    let (found, result) = entries(text);
    assert_eq!(result, Ok(()), "{text}");
    let usable = |entry| match entry {
        Entry::Exchange(exchange) => *exchange,
        other => panic!("not usable: {other:?}"),
    };
    found.into_iter().map(usable).collect()
}

#[test]
fn ruby_keeps_bytes_under_a_tag_of_its_own() {
    let found = exchanges(
        "---
http_interactions:
- request:
    method: post
    uri: https://h/x
    body: {encoding: UTF-8, string: '{}'}
    headers:
      Accept: ['*/*', text/plain]
  response:
    status: {code: 201, message: Created}
    headers:
      Content-Encoding: [gzip]
      X-Count: [7]
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YH
        AAAA
  recorded_at: Sun, 28 Apr 2024 12:58:36 GMT
recorded_with: VCR 6.1.0
",
    );
    let [exchange] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((exchange.method.as_str(), exchange.url.as_str(), exchange.status), ("POST", "https://h/x", 201));
    assert_eq!(exchange.request.body, Body::from_bytes("{}"));
    assert_eq!(exchange.request.headers.joined("accept").as_deref(), Some("*/*, text/plain"));
    assert_eq!(exchange.response.headers.get("x-count"), Some("7"));
    assert_eq!(exchange.response.body, Body::from_bytes(r#"{"a":1}"#));
}

#[test]
fn python_tags_anchors_and_early_layouts_are_read() {
    let found = exchanges(
        "- request: !!python/object:vcr.request.Request
    body: !!python/object/new:_io.BytesIO
      state: !!python/tuple [!!binary 'eD0x', 0, null]
    headers: !!python/object/apply:__builtin__.frozenset
    - - !!python/tuple [accept, '*/*']
    host: h
    method: GET
    path: /ip
    port: 80
    protocol: http
  response: &seen
    body: {string: !!python/unicode \"{\\\"a\\\": 1}\"}
    headers: [!!python/unicode \"content-type:
        application/json\\r\\n\"]
    status: {code: 200, message: OK}
- request: {method: GET, uri: https://h/, body: null}
  response: *seen
",
    );
    let [first, second] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((first.url.as_str(), &first.request.body), ("http://h:80/ip", &Body::from_bytes("x=1")));
    assert_eq!(first.request.headers.get("accept"), Some("*/*"));
    assert_eq!(first.response.headers.get("content-type"), Some("application/json"));
    assert_eq!(first.response.body, Body::from_bytes(r#"{"a": 1}"#));
    assert_eq!(second.response, first.response);
    assert_eq!(second.request.body, Body::Empty);
}

#[test]
fn symbols_structs_and_several_documents_are_read() {
    let found = exchanges(
        "---
- !ruby/struct:VCR::HTTPInteraction
  request: !ruby/struct:VCR::Request
    method: :get
    uri: http://h:80/
    body:
    headers: {}
  response: !ruby/struct:VCR::Response
    status: !ruby/struct:VCR::ResponseStatus {code: 200, message: OK}
    headers: {content-type: [text/plain]}
    body: 2020-01-01
---
version: 1
interactions:
- request: {body: '', form: {}, headers: {}, url: http://h/, method: GET}
  response: {body: '7', headers: {}, status: 200 OK, code: 200, duration: ''}
",
    );
    assert_eq!(found.iter().map(|exchange| exchange.method.as_str()).collect::<Vec<_>>(), ["GET", "GET"]);
    assert_eq!(found[0].response.body, Body::from_bytes("2020-01-01"));
    assert_eq!(found[1].response.body, Body::from_bytes("7"));
}

#[test]
fn merged_members_yield_to_the_objects_own() {
    let found = exchanges(
        "base: &base {method: GET, uri: https://h/base}
interactions:
- request: {<<: *base, uri: https://h/own}
  response: {status: {code: 204}}
",
    );
    assert_eq!((found[0].method.as_str(), found[0].url.as_str()), ("GET", "https://h/own"));
}

#[test]
fn what_breaks_off_is_said_with_its_place_and_the_rest_is_kept() {
    let head = "interactions:\n- request: {method: GET, uri: /}\n  response: {status: 200}\n";
    for (tail, count, expected) in [
        ("- request: {method", 1, "the cassette breaks off or is damaged: "),
        ("- request: \"\0\"\n", 1, "the cassette breaks off or is damaged: a NUL character stands in it"),
        ("- !x [*unknown]", 1, "the cassette breaks off or is damaged: "),
    ] {
        let (found, result) = entries(&format!("{head}{tail}"));
        let error = result.expect_err(tail);
        assert_eq!(found.len(), count, "{tail}");
        assert_eq!(error.entries, count, "{tail}");
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    let (_, result) = entries("version: 1\n");
    assert_eq!(result.expect_err("nothing").to_string(), "no cassette: it has no `http_interactions` or `interactions` at x.yaml");
}

#[test]
fn depth_and_aliases_are_bounded() {
    let deep = format!("interactions:\n- {}", "[".repeat(5000));
    assert!(entries(&deep).1.expect_err("too deep").message.contains("nest deeper"), "{:?}", entries(&deep).1);
    let level = |level: usize| {
        let before = level - 1;
        format!("  a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}]\n")
    };
    let bomb = ["interactions:\n- a0: &a0 x\n".to_owned(), (1..30).map(level).collect()].concat();
    assert!(entries(&bomb).1.expect_err("a bomb").message.contains("more than can be held"));
}

#[test]
fn the_receiver_can_stop_before_the_end_is_read() {
    struct Endless(usize);
    impl io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let text = b"- {request: {method: GET, uri: /}, response: {status: 200}}\n";
            for (place, at) in buffer.iter_mut().zip(self.0..) {
                *place = text[at % text.len()];
            }
            self.0 += buffer.len();
            Ok(buffer.len())
        }
    }
    let mut count = 0;
    let result = read("x.yaml", Format::CassetteYaml, Endless(0), &mut |_| {
        count += 1;
        if count == 1_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((result, count), (Ok(()), 1_000));
}

#[test]
fn the_keys_of_the_root_are_found() {
    for (text, expected) in [
        ("interactions: []\nversion: 1\n", &["interactions", "version"][..]),
        ("a: {x: 1}\nb: [1, {c: 2}]\nd: *x\n", &["a", "b", "d"]),
        ("- request: {a: 1}\n  response:\n    b: 1\n- other: 1\n", &["request", "response"]),
        ("just text", &[]),
        ("openapi: 3.0.0\ninfo: {ti", &["openapi", "info"]),
    ] {
        assert_eq!(keys(text), expected, "{text}");
    }
}
