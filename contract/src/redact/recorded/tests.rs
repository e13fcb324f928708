//! Exchanges with secrets in every place where one can stand.

use super::*;
use crate::exchange::Message;
use wireproof_openapi::Source;

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  securitySchemes:
    query: {type: apiKey, in: query, name: letmein}
    header: {type: apiKey, in: header, name: X-Pass}
    cookie: {type: apiKey, in: cookie, name: login}
";

fn document() -> Document {
    Document::parse(Source::new("a.yaml", DOCUMENT)).expect("a document")
}

fn redactor(redactions: Redactions) -> Redactor {
    Redactor::new([3; 32], redactions)
}

fn message(headers: &[(&str, &str)], body: &str) -> Message {
    Message { headers: headers.iter().copied().collect(), body: Body::from_bytes(body.to_owned()) }
}

fn text(message: &Message) -> String {
    let body = message.body.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let headers = message.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
    headers.chain(body).collect()
}

#[test]
fn a_canary_in_any_place_is_gone() {
    let mut exchange = Exchange {
        method: "POST".to_owned(),
        url: "https://anna:canary-0@h/reset/canary-header1?letmein=canary-query2&page=2&access_token=canary%2Dquery3".to_owned(),
        request: message(
            &[
                ("Authorization", "Bearer canary-header1"),
                ("X-Pass", "canary-header4"),
                ("Cookie", "login=canary-cookie5; theme=canary"),
                ("X-Refresh-Token", "canary-header6"),
                ("Content-Type", "application/json"),
            ],
            r#"{"user": {"password": "canary-\u0062ody7"}, "data": [{"email": "canary8@x.org", "id": 1234567}]}"#,
        ),
        status: 401,
        response: message(
            &[
                ("Set-Cookie", "s=canary-cookie9; Path=/; HttpOnly"),
                ("Location", "/login?next=%2Fa&token=canaryA"),
                ("X-Note", "key canary-query2 is unknown"),
                ("Content-Type", "text/plain"),
            ],
            "no canary-body7 nor canary-header4; see https://h/?token=canaryB (password=canaryC), basic YW5uYTpjYW5hcnktMTA=",
        ),
    };
    exchange.response.headers.push("X-Echo", "canary-cookie5 canary%2Dheader4 canary8@x.org");
    let mut redactor = redactor(Redactions { fields: vec!["email".to_owned(), "/data/*/id".to_owned()], ..Redactions::default() });
    redactor.exchange(Some(&document()), &mut exchange);
    let all = format!("{}\n{}\n{}", exchange.url, text(&exchange.request), text(&exchange.response));
    assert!(!all.contains("canary") && !all.contains("1234567"), "{all}");
    for kept in [
        "https://",
        "@h/reset/",
        "page=2",
        "Bearer ",
        "; Path=/; HttpOnly",
        "/login?next=%2Fa&token=",
        "is unknown",
        "\"user\": {\"password\": \"",
    ] {
        assert!(all.contains(kept), "`{kept}` stays in {all}");
    }
    assert!(!redactor.text("an error with canary-header4 in it").contains("canary"));
}

#[test]
fn equal_secrets_stay_equal_across_places_and_exchanges() {
    let mut redactor = redactor(Redactions::default());
    let mut login = Exchange {
        method: "POST".to_owned(),
        url: "https://h/login".to_owned(),
        request: message(&[("Content-Type", "application/x-www-form-urlencoded")], "user=anna&password=pass%20word%2D1"),
        status: 200,
        response: message(&[("Content-Type", "application/json")], r#"{"access_token":"abc-DEF-123","expires":3600}"#),
    };
    let mut use_it = Exchange {
        method: "GET".to_owned(),
        url: "https://h/me".to_owned(),
        request: message(&[("Authorization", "Bearer abc-DEF-123")], ""),
        status: 200,
        response: message(&[("Content-Type", "application/json")], r#"{"password":"pass word-1"}"#),
    };
    redactor.exchange(None, &mut login);
    redactor.exchange(None, &mut use_it);
    let bearer = use_it.request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer ")).expect("a token");
    assert!(text(&login.response).contains(&format!(r#""access_token":"{bearer}","expires":3600"#)), "{}", text(&login.response));
    assert!(!bearer.contains("DEF"));
    let answered = text(&use_it.response);
    let password = answered.split('"').nth(3).expect("a text");
    let sent = text(&login.request);
    let (_, sent) = sent.split_once("password=").expect("a field");
    assert_eq!(decode_query(sent), password);
}

#[test]
fn what_is_no_secret_keeps_its_bytes() {
    let body =
        r#"{"id": "64b8f0c2a1d3e4f5a6b7c8d9", "id": 9007199254740993, "x": 1.10, "at": "2024-05-31T10:00:00Z", "code": "not_found"}"#;
    let mut exchange = Exchange {
        method: "GET".to_owned(),
        url: "https://h/contacts/3f2504e0-4f89-11d3-9a0c-0305e82c3301?q=a+b%20c".to_owned(),
        request: message(&[("Accept", "*/*"), ("User-Agent", "curl/8.1")], ""),
        status: 200,
        response: message(&[("Content-Type", "application/json"), ("ETag", "\"33a64df5\"")], body),
    };
    let before = exchange.clone();
    redactor(Redactions::default()).exchange(Some(&document()), &mut exchange);
    assert_eq!(exchange, before);
}

#[test]
fn parts_are_replaced_by_their_names_and_boundaries_stay() {
    let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\nswordfish\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nplain\r\n--{boundary}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={boundary}");
    let mut exchange = Exchange {
        method: "POST".to_owned(),
        url: "/".to_owned(),
        request: message(&[("Content-Type", &kind)], &body),
        status: 204,
        response: Message::default(),
    };
    redactor(Redactions::default()).exchange(None, &mut exchange);
    let new = text(&exchange.request);
    assert_eq!(new.matches(boundary).count(), 4, "{new}");
    assert!(!new.contains("swordfish") && new.contains("\r\n\r\nplain\r\n"), "{new}");
}

#[test]
fn only_what_looks_like_a_key_can_be_kept() {
    let token = "4eC39HqLyjWDarjtT1zdp7dc";
    let exchange = |redactions: Redactions| {
        let mut exchange = Exchange {
            method: "GET".to_owned(),
            url: format!("https://h/{token}"),
            request: message(&[("X-Api-Key", "abcdef-1")], ""),
            status: 200,
            response: message(&[], &format!("\"{token}\" abcdef-1")),
        };
        redactor(redactions).exchange(None, &mut exchange);
        format!("{} {}", exchange.url, text(&exchange.response))
    };
    assert!(!exchange(Redactions::default()).contains(token));
    let kept = exchange(Redactions { keep_values: true, ..Redactions::default() });
    assert!(kept.matches(token).count() == 2 && !kept.contains("abcdef-1"), "{kept}");
}
