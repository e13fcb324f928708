//! One interaction of a cassette: a request and a response in the plain form that VCR (Ruby), vcrpy, betamax and go-vcr share
//! but for details, and that proxies log. HAR entries have a form of their own (`har/entry.rs`); [`read`] tells the two apart.

use std::borrow::Cow;

use super::coding;
use super::fields::{self, Fields};
use super::har;
use super::node::Node;
use crate::exchange::{Body, Exchange, Headers, Message};

/// Reads an entry of either form.
///
/// # Errors
///
/// Why it holds no whole exchange: a fragment of a sentence.
pub(super) fn read(entry: Node<'_>) -> Result<Exchange, String> {
    let (request, response) = (entry.get("request"), entry.get("response"));
    let har = response.get("content").is_map() || request.get("postData").is_map();
    let plain = request.has("uri") || request.has("body") || response.has("body") || response.has("status_code");
    if plain && !har { interaction(entry) } else { har::entry(entry) }
}

/// Reads an interaction of a cassette.
///
/// # Errors
///
/// Why it holds no whole exchange: a fragment of a sentence.
fn interaction(mut entry: Node<'_>) -> Result<Exchange, String> {
    let mut request = entry.take("request");
    let mut response = entry.take("response");
    if !request.is_map() {
        return Err("it has no `request`".to_owned());
    }
    let method = fields::method(&request)?;
    let sent = Fields::read(request.get("headers"));
    let url = fields::url(&written_url(&request)?, sent.host())?;
    if !response.is_map() {
        return Err("it has no `response`: the request was not answered".to_owned());
    }
    let status = response.get("status");
    let status = [response.get("status_code"), response.get("code"), status.get("code"), status];
    let status = status.into_iter().find(|node| node.text().is_some()).unwrap_or(response.get("status"));
    let status = fields::status(status, None)?;
    let request = Message { body: filtered(body(request.take("body"), &sent.headers, "request.body")), headers: sent.headers };
    let headers = Fields::read(response.get("headers")).headers;
    // An older form of vcrpy for one HTTP library calls it `content`.
    let (kept, place) = match response.take("body") {
        Node::Null => (response.take("content"), "response.content"),
        kept => (kept, "response.body"),
    };
    let response = Message { body: filtered(body(kept, &headers, place)), headers };
    Ok(Exchange { method, url, request, status, response })
}

/// The URL, or the parts in which early cassettes keep it.
fn written_url<'n>(request: &'n Node<'_>) -> Result<Cow<'n, str>, String> {
    if let Some(url) = request.first(&["uri", "url"]).text() {
        return Ok(url.into());
    }
    let path = request.get("path").text().ok_or("`request.uri` is missing or no text")?;
    let Some(host) = request.get("host").text() else { return Ok(path.into()) };
    let scheme = request.first(&["protocol", "scheme"]).text().unwrap_or("http");
    let port = request.get("port").text().map(|port| format!(":{port}")).unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok(format!("{scheme}://{host}{port}{slash}{path}").into())
}

/// A body in any of the forms in which it is kept: a text, bytes, or an object that holds one or the other. Nothing at all is how
/// cassettes write a body of no bytes. A list or another object is a JSON body that was left as it was.
pub(super) fn body(node: Node<'_>, headers: &Headers, place: &str) -> Body {
    match node {
        Node::Null => Body::Empty,
        Node::Text(text) | Node::Literal(text) => coding::of_text(text, headers),
        Node::Binary(text) => base64(&text, headers, place),
        mut object @ Node::Map(_) => {
            let (encoded, text, state) = (object.take("base64_string"), object.take("string"), object.take("state"));
            match (encoded, text, state) {
                (Node::Text(encoded), _, _) => base64(&encoded, headers, &format!("{place}.base64_string")),
                (_, Node::Null, Node::List(state)) if matches!(state.first(), Some(Node::Text(_) | Node::Binary(_))) => {
                    // A stream of Python: its bytes come first in its state.
                    body(state.into_iter().next().unwrap_or_default(), headers, place)
                }
                (_, Node::Null, _)
                    if object.members().iter().all(|(name, _)| matches!(&**name, "string" | "encoding" | "base64_string")) =>
                {
                    Body::Empty
                }
                (_, Node::Null, _) => Body::from_bytes(object.to_json()),
                (_, text, _) => body(text, headers, place),
            }
        }
        list @ Node::List(_) => Body::from_bytes(list.to_json()),
    }
}

/// The body, unless a filter of secrets broke it: one that replaces a number by `<NAME>` leaves a text that is no JSON any more,
/// which shows nothing about whoever sent the number.
fn filtered(body: Body) -> Body {
    let placeholder = match &body {
        Body::Bytes(bytes) if matches!(bytes.first(), Some(b'{' | b'[')) && memchr::memchr(b'<', bytes).is_some() => placeholder(bytes),
        _ => None,
    };
    match placeholder {
        Some(name) => Body::Unknown(format!("a filter of the recording put `{name}` in the place of a value of the body").into()),
        None => body,
    }
}

/// The first placeholder in a JSON text that stands outside of all strings.
fn placeholder(json: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(json).ok()?;
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => in_string = !in_string,
            b'<' if !in_string => {
                let rest = text.get(at..)?;
                return rest.get(..fields::placeholder(rest)?);
            }
            _ => {}
        }
        escaped = in_string && byte == b'\\' && !escaped;
    }
    None
}

fn base64(text: &str, headers: &Headers, place: &str) -> Body {
    match coding::base64(text) {
        Ok(bytes) => coding::of_bytes(bytes, headers),
        Err(why) => Body::Unknown(format!("`{place}` is {why}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usable(request: &str, response: &str) -> Exchange {
        let text = format!(r#"{{"request": {{"method": "get", {request}}}, "response": {{{response}}}}}"#);
        read(serde_json::from_str(&text).expect(&text)).expect(&text)
    }

    #[test]
    fn every_layout_gives_the_same_exchange() {
        let headers = r#""headers": {"Content-Type": ["application/json"]}"#;
        for (request, response) in [
            (r#""uri": "https://h/x""#, format!(r#""status": {{"code": 200, "message": "OK"}}, "body": {{"string": "[1]"}}, {headers}"#)),
            (r#""url": "https://h/x""#, format!(r#""status": "200 OK", "code": 200, "body": "[1]", {headers}"#)),
            (r#""uri": "https://h/x""#, format!(r#""status_code": 200, "content": "[1]", {headers}"#)),
            (r#""url": "https://h/x""#, r#""status": 200, "body": [1], "headers": {"content-type": "application/json"}"#.to_owned()),
            (
                r#""protocol": "https", "host": "h", "path": "/x""#,
                r#""status": {"code": 200}, "body": {"encoding": null, "base64_string": "WzFd"}, "headers": ["Content-Type: application/json\r\n"]"#.to_owned(),
            ),
            (
                r#""url": "https://h/x", "headersSize": -1"#,
                format!(r#""status": 200, "content": {{"text": "[1]", "mimeType": "application/json"}}, {headers}"#),
            ),
        ] {
            let exchange = usable(request, &response);
            assert_eq!((exchange.method.as_str(), exchange.url.as_str(), exchange.status), ("GET", "https://h/x", 200), "{response}");
            assert_eq!(exchange.response.body, Body::from_bytes("[1]"), "{response}");
            assert_eq!(exchange.response.headers.get("content-type"), Some("application/json"), "{response}");
        }
    }

    #[test]
    fn bodies_are_found_wherever_they_are_kept() {
        let of = |json: &str| body(serde_json::from_str(json).expect(json), &Headers::new(), "request.body");
        for (json, expected) in [
            ("null", Body::Empty),
            (r#""""#, Body::Empty),
            (r#"{"encoding": "US-ASCII", "string": ""}"#, Body::Empty),
            (r#"{"encoding": "US-ASCII", "string": null}"#, Body::Empty),
            (r#""x=1""#, Body::from_bytes("x=1")),
            (r#"{"string": "x"}"#, Body::from_bytes("x")),
            (r#"{"state": ["x", 0, null]}"#, Body::from_bytes("x")),
            (r#"{"a": 1.0}"#, Body::from_bytes(r#"{"a":1.0}"#)),
            (r#"{"base64_string": "ey<KEY>"}"#, Body::Unknown("`request.body.base64_string` is broken Base64: `<` stands in it".into())),
        ] {
            assert_eq!(of(json), expected, "{json}");
        }
    }

    #[test]
    fn a_body_that_a_filter_broke_is_not_known() {
        for (text, expected) in [
            (r#"{"id":<APP_ID>,"x":1}"#, Some("<APP_ID>")),
            (r"[1, <<ID>>]", Some("<<ID>>")),
            (r#"{"text":"a \" <APP_ID>"}"#, None),
            (r#"{"text":"\\","x":<ID>}"#, Some("<ID>")),
            (r#"{"id":<b>}"#, None),
            ("<HTML>", None),
        ] {
            let unknown =
                |name: &str| Body::Unknown(format!("a filter of the recording put `{name}` in the place of a value of the body").into());
            let expected = expected.map_or_else(|| Body::from_bytes(text), unknown);
            assert_eq!(filtered(Body::from_bytes(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_interaction_says_why() {
        for (text, reason) in [
            (r#"{"remote_addr": "::1", "status": 200}"#, "it has no `request`"),
            (r#"{"request": {"uri": "https://h/"}}"#, "`request.method` is missing or no text"),
            (r#"{"request": {"method": ":get", "body": ""}}"#, "`request.uri` is missing or no text"),
            (r#"{"request": {"method": ":get", "uri": "https://h/"}}"#, "it has no `response`: the request was not answered"),
        ] {
            assert_eq!(read(serde_json::from_str(text).expect(text)), Err(reason.to_owned()), "{text}");
        }
    }
}
