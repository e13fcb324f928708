//! What HAR writers do, and what becomes of it.

use super::*;
use serde_json::{Value, json};

fn read(entry: &Value) -> Result<Exchange, String> {
    let text = entry.to_string();
    super::read(serde_json::from_str(&text).expect("a node"))
}

fn response(response: &Value) -> Message {
    read(&json!({"request": {"method": "get", "url": "https://h/"}, "response": response})).expect("usable").response
}

fn request(mut request: Value) -> Exchange {
    request["method"] = json!("POST");
    read(&json!({"request": request, "response": {"status": 200}})).expect("usable")
}

#[test]
fn bodies_are_told_apart_from_no_bodies_and_unknown_ones() {
    let unknown = |message: &Message| matches!(message.body, Body::Unknown(_));
    assert_eq!(response(&json!({"status": 200, "content": {"text": "x", "size": 1}})).body, Body::from_bytes("x"));
    assert_eq!(response(&json!({"status": 200, "content": {"text": "", "size": 0}})).body, Body::Empty);
    assert_eq!(response(&json!({"status": 200, "content": {"text": ""}})).body, Body::Empty);
    assert_eq!(response(&json!({"status": 200, "content": {"size": 0}})).body, Body::Empty);
    assert_eq!(response(&json!({"status": 200, "bodySize": 0, "content": {"size": -1}})).body, Body::Empty);
    assert!(unknown(&response(&json!({"status": 200, "content": {"text": "", "size": 9}}))));
    assert!(unknown(&response(&json!({"status": 200, "content": {"size": 9}}))));
    assert!(unknown(&response(&json!({"status": 200, "content": {}}))));
    assert!(unknown(&response(&json!({"status": 200}))));
}

#[test]
fn a_body_that_the_writer_cut_off_is_not_known() {
    for (text, size, expected) in [
        (r#"{"a":1,"b":"x"#, 100, None),
        (r#"{"a":1,"b":"x"#, 14, None),
        (r#"{"a":1,"b":"x"#, 13, Some(r#"{"a":1,"b":"x"#)),
        (r#"{"a":1}"#, 100, Some(r#"{"a":1}"#)),
        ("plain tex", 100, Some("plain tex")),
    ] {
        let body = response(&json!({"status": 200, "content": {"text": text, "size": size}})).body;
        let unknown = format!("the recording holds only the first {} bytes of the body", text.len());
        assert_eq!(body, expected.map_or(Body::Unknown(unknown.into()), Body::from_bytes), "{text} {size}");
    }
}

#[test]
fn bodies_are_decoded_as_far_as_the_writer_left_them_coded() {
    let content = json!({"text": "eyJhIjox\nfQ==", "encoding": "base64", "mimeType": "application/json"});
    let message = response(&json!({"status": 200, "content": content}));
    assert_eq!(message.body, Body::from_bytes(r#"{"a":1}"#));
    assert_eq!(message.headers.get("content-type"), Some("application/json"));
    let gzip = json!([{"name": "Content-Encoding", "value": "gzip"}]);
    // `{"a":1}` in gzip.
    let base64 = "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA";
    let hexadecimal = "1f8b0800000000000203ab564a54b232ac0500afac1b5607000000";
    let (left, right) = hexadecimal.split_at(20);
    for content in [
        json!({"text": r#"{"a":1}"#}),
        json!({"text": base64, "encoding": "base64"}),
        json!({"text": json!([left, right]).to_string()}),
        json!({"text": json!([left, right]).to_string(), "_isBinary": true}),
        json!({"text": json!([base64]).to_string(), "encoding": "base64", "_isBinary": true}),
    ] {
        let message = response(&json!({"status": 200, "headers": gzip, "content": content}));
        assert_eq!(message.body, Body::from_bytes(r#"{"a":1}"#), "{content}");
    }
    let list = json!({"text": r#"["ab","cd"]"#});
    assert_eq!(response(&json!({"status": 200, "content": list})).body, Body::from_bytes(r#"["ab","cd"]"#), "a body like any other");
}

#[test]
fn a_body_that_cannot_be_had_leaves_the_rest() {
    for (content, reason) in [
        (json!({"text": "!!", "encoding": "base64"}), "`response.content.text` is broken Base64: `!` stands in it"),
        (json!({"text": "x", "encoding": "rot13"}), "`response.content.text` is in the encoding `rot13`, which is not read"),
        (json!({"_file": "a.json", "size": 5}), "the recording keeps the body in a file of its own (`a.json`), which is not read"),
    ] {
        let message = response(&json!({"status": 200, "content": content}));
        assert_eq!(message.body, Body::Unknown(reason.into()), "{content}");
    }
}

#[test]
fn post_data_comes_as_text_or_params() {
    let text = request(json!({"url": "https://h/", "postData": {"mimeType": "application/json", "text": "{}"}}));
    assert_eq!(text.request.body, Body::from_bytes("{}"));
    assert_eq!(text.request.headers.get("Content-Type"), Some("application/json"));
    let params = json!([{"name": "a b", "value": "1&2"}, {"name": "c", "value": "%20"}]);
    let form = request(json!({"url": "https://h/", "postData": {"mimeType": "application/x-www-form-urlencoded", "params": params}}));
    assert_eq!(form.request.body, Body::from_bytes("a%20b=1%262&c=%20"));
    let lost = request(json!({"url": "https://h/", "bodySize": 12}));
    assert!(matches!(lost.request.body, Body::Unknown(_)));
}

#[test]
fn what_a_writer_keeps_apart_is_put_back() {
    let exchange = request(json!({
        "url": "https://h/x#top", "queryString": [{"name": "q", "value": "a b"}],
        "cookies": [{"name": "s", "value": "1"}, {"name": "t", "value": "2"}],
        "headers": [{"name": ":path", "value": "/x"}, {"value": "nameless"}, {"name": "Accept"}],
    }));
    assert_eq!(exchange.url, "https://h/x?q=a%20b#top");
    assert_eq!(exchange.request.headers.iter().collect::<Vec<_>>(), [("Accept", ""), ("Cookie", "s=1; t=2")]);
}

#[test]
fn unusable_entries_say_why() {
    let good = json!({"method": "GET", "url": "https://h/"});
    for (entry, reason) in [
        (json!(5), "it has no `request`"),
        (json!({"request": {"url": "https://h/"}}), "`request.method` is missing or no text"),
        (json!({"request": {"method": "GET", "url": {}}}), "`request.url` is missing or no text"),
        (json!({"request": good}), "it has no `response`: the request was not answered"),
        (
            json!({"request": good, "response": {"status": 0, "_error": "net::ERR_ABORTED"}}),
            "its status is 0: the request was aborted or blocked (net::ERR_ABORTED)",
        ),
        (json!({"request": good, "response": {"status": 99}}), "`response.status` is `99`, which is no HTTP status"),
        (json!({"request": good, "response": {}}), "`response.status` is missing or no number"),
        (json!({"request": {"method": "GET", "url": "data:,x"}}), "`data:,x` is no URL of HTTP: nothing was sent to a server"),
    ] {
        assert_eq!(read(&entry), Err(reason.to_owned()), "{entry}");
    }
}
