//! What nock records for Node: a list of definitions, each a request and its reply. Bodies of JSON are kept as JSON, compressed ones
//! as lists of chunks in hexadecimal digits.

use std::borrow::Cow;
use std::io::Read;
use std::ops::ControlFlow;

use super::fields::{self, Fields};
use super::list::{self, Path};
use super::node::Node;
use super::{Piece, RecordingError, coding, interaction};
use crate::exchange::{Body, Exchange, Headers, Message};

pub(super) fn read(file: &str, reader: impl Read, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    let path = Path { keys: &[], bare: true, kind: "nock recording" };
    list::read(file, path, reader, &mut |item| each(Piece::Item(item, definition)))
}

/// Reads one definition.
fn definition(mut definition: Node<'_>) -> Result<Exchange, String> {
    let method = definition.get("method").text().ok_or("`method` is missing or no text")?.to_ascii_uppercase();
    let path = definition.get("path").text().ok_or("`path` is missing or no text")?;
    let scope = definition.get("scope").text().unwrap_or_default();
    let url = fields::url(&format!("{scope}{path}"), None)?;
    let status = fields::status(definition.get("status"), None)?;
    let sent = Fields::read(definition.get("reqheaders")).headers;
    let request = Message { body: interaction::body(definition.take("body"), &sent, "body"), headers: sent };
    let headers = reply_headers(&definition);
    let binary = definition.get("responseIsBinary").is_true();
    let body = match definition.take("response") {
        Node::Text(text) if binary => hexadecimal(&[text], &headers),
        Node::List(chunks) if headers.get("content-encoding").is_some() => {
            let texts: Option<Vec<_>> = chunks.iter().map(|chunk| chunk.text().map(Cow::Borrowed)).collect();
            match texts.and_then(|texts| coding::hexadecimal(&texts)) {
                Some(bytes) => coding::of_bytes(bytes, &headers),
                None => Body::from_bytes(Node::List(chunks).to_json()),
            }
        }
        other => interaction::body(other, &headers, "response"),
    };
    Ok(Exchange { method, url, request, status, response: Message { headers, body } })
}

fn hexadecimal(text: &[Cow<'_, str>], headers: &Headers) -> Body {
    match coding::hexadecimal(text) {
        Some(bytes) => coding::of_bytes(bytes, headers),
        None => Body::Unknown("`response` is binary, and not in hexadecimal digits".into()),
    }
}

/// The header fields of the reply: a list of names and values in turn, or any other form.
fn reply_headers(definition: &Node<'_>) -> Headers {
    let raw = definition.first(&["rawHeaders", "headers"]);
    let flat = raw.items().iter().all(|item| item.any_text().is_some());
    if raw.items().is_empty() || !flat {
        return Fields::read(raw).headers;
    }
    let text = |node: &Node<'_>| node.any_text().unwrap_or_default().to_owned();
    raw.items().chunks_exact(2).filter_map(|pair| Some((text(pair.first()?), text(pair.get(1)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Exchange {
        definition(serde_json::from_str(json).expect(json)).expect(json)
    }

    #[test]
    fn definitions_become_exchanges() {
        let exchange = read(
            r#"{"scope": "https://h:443", "method": "post", "path": "/x?y=1", "body": {"a": 1.0}, "status": 201,
                "response": {"b": [true]}, "rawHeaders": ["Content-Type", "application/json", "Set-Cookie", "a", "Set-Cookie", "b"]}"#,
        );
        assert_eq!((exchange.method.as_str(), exchange.url.as_str(), exchange.status), ("POST", "https://h:443/x?y=1", 201));
        assert_eq!(exchange.request.body, Body::from_bytes(r#"{"a":1.0}"#));
        assert_eq!(exchange.response.body, Body::from_bytes(r#"{"b":[true]}"#));
        assert_eq!(exchange.response.headers.all("set-cookie").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn replies_are_texts_lists_or_chunks() {
        let of =
            |rest: &str| read(&format!(r#"{{"scope": "https://h", "method": "GET", "path": "/", "status": 200, {rest}}}"#)).response.body;
        assert_eq!(of(r#""response": """#), Body::Empty);
        assert_eq!(of(r#""response": ["ab", "cd"]"#), Body::from_bytes(r#"["ab","cd"]"#));
        assert_eq!(of(r#""response": "7b7d", "responseIsBinary": true"#), Body::from_bytes("{}"));
        assert!(matches!(of(r#""response": "{}", "responseIsBinary": true"#), Body::Unknown(_)));
        let chunks =
            r#""response": ["1f8b0800000000000203ab56", "4a54b232ac0500afac1b5607000000"], "headers": {"content-encoding": "gzip"}"#;
        assert_eq!(of(chunks), Body::from_bytes(r#"{"a":1}"#));
    }
}
