//! Collections as Postman exports them.

use super::super::{Entry, Format, read};
use super::*;

fn entries(json: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let result = read("x.json", Format::Postman, json.as_bytes(), &mut |entry| {
        found.push(entry);
        ControlFlow::Continue(())
    });
    assert_eq!(result, Ok(()));
    found
}

/// The exchange of a collection with one saved response.
#[track_caller]
fn exchange(request: &str, response: &str, rest: &str) -> Exchange {
    let json = format!(
        r#"{{"item": [{{"name": "N", "item": [{{"name": "R", "response": [{{"originalRequest": {request}, {response}}}]}}]}}]{rest}}}"#
    );
    match entries(&json).into_iter().next() {
        Some(Entry::Exchange(exchange)) => *exchange,
        other => panic!("{json}: {other:?}"),
    }
}

const OK: &str = r#""code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "[]""#;

#[test]
fn urls_are_put_together_from_their_parts() {
    let variables = r#", "variable": [{"key": "baseUrl", "value": "https://h/v1"}, {"key": "root", "value": "/"},
        {"key": "folder", "value": "/v1"}, {"key": "host", "value": "//h.example"}]"#;
    for (url, expected) in [
        (r#""https://h/x?y=1""#, "https://h/x?y=1"),
        (r#""{{baseUrl}}/x""#, "https://h/v1/x"),
        (r#"{"raw": "{{baseUrl}}/x"}"#, "https://h/v1/x"),
        (
            r#"{"raw": "ignored", "host": ["{{baseUrl}}"], "path": ["x", ":id", {"type": "string", "value": "z"}], "variable": [{"key": "id", "value": "7"}],
               "query": [{"key": "a", "value": "1 2"}, {"key": "b", "value": "3", "disabled": true}, {"key": "c", "value": null}]}"#,
            "https://h/v1/x/7/z?a=1%202&c",
        ),
        (r#"{"protocol": "http", "host": ["api", "h"], "port": "8080", "path": "/x/y"}"#, "http://api.h:8080/x/y"),
        (r#"{"host": "h.example", "path": [":id"]}"#, "//h.example/:id"),
        (r#"{"host": ["{{nowhere}}"], "path": ["x"]}"#, "/x"),
        (r#"{"host": ["{{root}}"], "path": ["x"]}"#, "/x"),
        (r#""{{root}}/x""#, "/x"),
        (r#""{{folder}}/x""#, "/v1/x"),
        (r#""{{host}}/x""#, "//h.example/x"),
    ] {
        assert_eq!(exchange(&format!(r#"{{"url": {url}, "method": "get"}}"#), OK, variables).url, expected, "{url}");
    }
}

#[test]
fn path_variables_without_a_value_have_that_of_their_request() {
    let url = |id: &str| format!(r#"{{"url": {{"host": ["h.example"], "path": ["x", ":id"], "variable": [{{"key": "id"{id}}}]}}}}"#);
    let of = |original: &str, request: &str| {
        let json = format!(r#"{{"item": [{{"request": {request}, "response": [{{"originalRequest": {original}, {OK}}}]}}]}}"#);
        match entries(&json).into_iter().next() {
            Some(Entry::Exchange(exchange)) => exchange.url,
            other => panic!("{json}: {other:?}"),
        }
    };
    assert_eq!(of(&url(""), &url(r#", "value": "7""#)), "//h.example/x/7");
    assert_eq!(of(&url(r#", "value": "8""#), &url(r#", "value": "7""#)), "//h.example/x/8");
    assert_eq!(of(&url(""), &url("")), "//h.example/x/:id");
}

#[test]
fn bodies_and_header_fields_of_requests_are_read() {
    let of = |request: &str| exchange(&format!(r#"{{"url": "https://h/", "method": "POST", {request}}}"#), OK, "").request;
    let json = of(r#""header": [{"key": "X", "value": "1"}, {"key": "Y", "value": "2", "disabled": true}],
        "body": {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}}"#);
    assert_eq!(json.headers.iter().collect::<Vec<_>>(), [("X", "1"), ("Content-Type", "application/json")]);
    assert_eq!(json.body, Body::from_bytes("{}"));
    let form = of(r#""body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1&2"}, {"key": "b", "disabled": true}]}"#);
    assert_eq!(form.body, Body::from_bytes("a=1%262"));
    let graphql = of(r#""body": {"mode": "graphql", "graphql": {"query": "{ me }", "variables": "{\"a\": 1}"}}"#);
    assert_eq!(graphql.body, Body::from_bytes(r#"{"query":"{ me }","variables":{"a": 1}}"#));
    assert!(matches!(of(r#""body": {"mode": "formdata", "formdata": [{"key": "f"}]}"#).body, Body::Unknown(_)));
    assert_eq!(of(r#""body": {"mode": "raw", "raw": "x", "disabled": true}"#).body, Body::Empty);
    assert_eq!(of(r#""body": {}"#).body, Body::Empty);
}

#[test]
fn credentials_are_put_back_where_they_were_sent() {
    let auth = |auth: &str| exchange(r#"{"url": "https://h/x"}"#, OK, &format!(r#", "auth": {auth}"#));
    let header = |exchange: Exchange, name: &str| exchange.request.headers.get(name).map(str::to_owned);
    let bearer = auth(r#"{"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}"#);
    assert_eq!(header(bearer, "authorization").as_deref(), Some("Bearer {{token}}"));
    let basic = auth(r#"{"type": "basic", "basic": {"username": "a", "password": "b"}}"#);
    assert_eq!(header(basic, "authorization").as_deref(), Some("Basic YTpi"));
    let key = auth(r#"{"type": "apikey", "apikey": [{"key": "key", "value": "X-Key"}, {"key": "value", "value": "k"}]}"#);
    assert_eq!(header(key, "x-key").as_deref(), Some("k"));
    let query = r#"[{"key": "key", "value": "k"}, {"key": "value", "value": "a b"}, {"key": "in", "value": "query"}]"#;
    assert_eq!(auth(&format!(r#"{{"type": "apikey", "apikey": {query}}}"#)).url, "https://h/x?k=a%20b");
    let own =
        exchange(r#"{"url": "https://h/", "auth": {"type": "noauth"}}"#, OK, r#", "auth": {"type": "bearer", "bearer": {"token": "t"}}"#);
    assert_eq!(header(own, "authorization"), None);
}

#[test]
fn responses_are_read_as_they_were_saved() {
    let of = |response: &str| exchange(r#"{"url": "https://h/"}"#, response, "").response;
    assert_eq!(of(OK).body, Body::from_bytes("[]"));
    let shown = of(r#""status": "200 OK", "header": null, "body": "{}", "_postman_previewlanguage": "json""#);
    assert_eq!(shown.headers.get("content-type"), Some("application/json"));
    assert_eq!(of(r#""code": 204, "body": null"#).body, Body::Empty);
    let lines = of(r#""code": 200, "header": "A: 1\r\nB: 2", "body": """#);
    assert_eq!(lines.headers.get("b"), Some("2"));
}

#[test]
fn requests_without_a_response_are_told() {
    let found = entries(
        r#"{"collection": {"item": [{"name": "R", "request": "https://h/"}, {"name": "S", "request": {"url": {}}, "response": [{"code": 200}]}]}}"#,
    );
    let reason = |entry| match entry {
        Entry::Unusable(reason) => reason,
        other => panic!("{other:?}"),
    };
    let reasons: Vec<String> = found.into_iter().map(reason).collect();
    assert_eq!(reasons, ["`R` has no saved response", "`S`: its request has no URL"]);
    let result = read("x.json", Format::Postman, br#"{"item": 1}"#.as_slice(), &mut |_| ControlFlow::Continue(()));
    assert_eq!(result.map_err(|error| error.message), Err("no Postman collection of version 2: it has no list `item`".to_owned()));
}
