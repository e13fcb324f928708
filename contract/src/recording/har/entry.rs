//! One entry of a HAR file: how its members become an exchange, and what is borne with on the way.
//!
//! Members of a wrong type count as missing; what an exchange cannot do without (method, URL, a status that is one) makes
//! the entry unusable. `content.text` is decoded text by the format's definition, whatever `Content-Encoding` says.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::exchange::{Body, Exchange, Headers, Message};
use crate::recording::Entry;

/// Base64 as writers of HAR files produce it: with and without padding.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

pub(super) fn read(mut entry: Value) -> Entry {
    match exchange(&mut entry) {
        Ok(exchange) => Entry::Exchange(Box::new(exchange)),
        Err(reason) => Entry::Unusable(reason),
    }
}

fn exchange(entry: &mut Value) -> Result<Exchange, String> {
    let error = entry["response"]["_error"].as_str().or_else(|| entry["_error"].as_str()).map(str::to_owned);
    let request = member(entry, "request").ok_or("it has no `request`")?;
    let method = text(request, "method").ok_or("`request.method` is missing or no text")?.to_ascii_uppercase();
    let url = url(request)?;
    let sent = request_message(request)?;
    let response = member(entry, "response").ok_or("it has no `response`: the request was not answered")?;
    let status = response["status"].as_f64().or_else(|| response["status"].as_str().and_then(|text| text.trim().parse().ok()));
    let status = match status {
        Some(status) if (100.0..1000.0).contains(&status) && status.fract() == 0.0 => format!("{status:.0}").parse::<u16>().unwrap_or(0),
        Some(0.0) => {
            let why = error.map(|error| format!(" ({error})")).unwrap_or_default();
            return Err(format!("its status is 0: the request was aborted or blocked{why}"));
        }
        Some(status) => return Err(format!("`response.status` is {status}, which is no HTTP status")),
        None => return Err("`response.status` is missing or no number".to_owned()),
    };
    let received = response_message(response)?;
    Ok(Exchange { method, url, request: sent, status, response: received })
}

/// A member that is an object.
fn member<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    value.get_mut(name).filter(|value| value.is_object())
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The URL; the query that some writers only keep apart is put back.
fn url(request: &Value) -> Result<String, String> {
    let mut url = text(request, "url").ok_or("`request.url` is missing or no text")?.to_owned();
    if !url.contains('?') {
        let query = pairs(&request["queryString"]).map(|(name, value)| form_pair(name, value)).collect::<Vec<_>>().join("&");
        if !query.is_empty() {
            let at = url.find('#').unwrap_or(url.len());
            url.insert_str(at, &format!("?{query}"));
        }
    }
    Ok(url)
}

fn request_message(request: &mut Value) -> Result<Message, String> {
    let mut headers = headers(&request["headers"]);
    if headers.get("cookie").is_none() {
        let cookies = pairs(&request["cookies"]).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            headers.push("Cookie", cookies);
        }
    }
    let size = request["bodySize"].as_f64();
    let Some(post) = member(request, "postData") else {
        let unknown = size.is_some_and(|size| size > 0.0);
        let body = if unknown { Body::Unknown("the recording does not hold the request body".into()) } else { Body::Empty };
        return Ok(Message { headers, body });
    };
    add_content_type(&mut headers, post);
    let encoding = text(post, "encoding").or_else(|| text(post, "_encoding")).map(str::to_owned);
    let body = match take_text(post, "text") {
        Some(text) if !text.is_empty() => decoded(text, encoding.as_deref(), "request.postData.text")?,
        _ => {
            let form = pairs(&post["params"]).map(|(name, value)| form_pair(name, value)).collect::<Vec<_>>().join("&");
            match form.is_empty() {
                false if headers.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/")) => {
                    Body::Unknown("the recording holds the parts of the multipart body, not the body".into())
                }
                false => Body::from_bytes(form),
                true if size.is_some_and(|size| size > 0.0) => Body::Unknown("the recording does not hold the request body".into()),
                true => Body::Empty,
            }
        }
    };
    Ok(Message { headers, body })
}

fn response_message(response: &mut Value) -> Result<Message, String> {
    let mut headers = headers(&response["headers"]);
    let transferred = response["bodySize"].as_f64();
    let none_sent = transferred == Some(0.0) || headers.get("content-length").is_some_and(|length| length.trim() == "0");
    let Some(content) = member(response, "content") else {
        let body = if none_sent { Body::Empty } else { Body::Unknown("the recording does not hold the response body".into()) };
        return Ok(Message { headers, body });
    };
    add_content_type(&mut headers, content);
    let encoding = text(content, "encoding").map(str::to_owned);
    let size = content["size"].as_f64();
    let body = match take_text(content, "text") {
        Some(text) if !text.is_empty() => undo_coding(decoded(text, encoding.as_deref(), "response.content.text")?, &headers),
        // An empty text beside a size is how writers say that they could not keep the body.
        Some(_) if size.is_none_or(|size| size <= 0.0) => Body::Empty,
        None if size == Some(0.0) || none_sent => Body::Empty,
        _ => Body::Unknown("the recording does not hold the response body".into()),
    };
    Ok(Message { headers, body })
}

/// The media type that HAR keeps beside the body stands in for a `Content-Type` header that the writer left out.
fn add_content_type(headers: &mut Headers, body: &Value) {
    if headers.get("content-type").is_none()
        && let Some(kind) = text(body, "mimeType").filter(|kind| kind.contains('/'))
    {
        headers.push("Content-Type", kind);
    }
}

/// A text, moved out of the entry rather than copied.
fn take_text(value: &mut Value, name: &str) -> Option<String> {
    match value.get_mut(name).map(Value::take) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn decoded(text: String, encoding: Option<&str>, member: &str) -> Result<Body, String> {
    match encoding.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "utf8" | "utf-8" | "text" | "plain") => Ok(Body::from_bytes(text)),
        Some("base64") => {
            let compact: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
            let bytes =
                BASE64.decode(compact).map_err(|error| format!("`{member}` is broken base64: {}", error.to_string().to_lowercase()))?;
            Ok(Body::from_bytes(bytes))
        }
        Some(other) => Err(format!("`{member}` has the encoding `{}`, which is not read", other.escape_debug())),
    }
}

/// A few writers keep the bytes as transferred; then nothing can be said of the body itself.
fn undo_coding(body: Body, headers: &Headers) -> Body {
    let compressed = |bytes: &Bytes| bytes.starts_with(&[0x1F, 0x8B]) || bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]);
    match (&body, headers.get("content-encoding")) {
        (Body::Bytes(bytes), Some(coding)) if compressed(bytes) => {
            Body::Unknown(format!("the recording holds the body still compressed ({})", coding.escape_debug()).into())
        }
        _ => body,
    }
}

fn headers(list: &Value) -> Headers {
    pairs(list).collect()
}

/// The pairs of a list of `{name, value}`; items of another form are passed over, as they hold neither.
fn pairs(list: &Value) -> impl Iterator<Item = (&str, &str)> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| Some((text(item, "name")?, item["value"].as_str().unwrap_or_default())))
}

fn form_pair(name: &str, value: &str) -> String {
    // Some writers keep names and values escaped as they were sent, others decoded: a `%` that begins an escape is left alone.
    let encode = |text: &str| {
        if is_escaped(text) { text.to_owned() } else { utf8_percent_encode(text, NON_ALPHANUMERIC).to_string() }
    };
    format!("{}={}", encode(name), encode(value))
}

fn is_escaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut escapes = (0..bytes.len()).filter(|&at| bytes[at] == b'%').peekable();
    escapes.peek().is_some() && escapes.all(|at| hex(at + 1) && hex(at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn usable(entry: Value) -> Exchange {
        match read(entry) {
            Entry::Exchange(exchange) => *exchange,
            Entry::Unusable(reason) => panic!("unusable: {reason}"),
        }
    }

    fn response(mut response: Value) -> Message {
        usable(json!({"request": {"method": "get", "url": "https://h/"}, "response": response.take()})).response
    }

    fn request(mut request: Value) -> Exchange {
        request["method"] = json!("POST");
        usable(json!({"request": request, "response": {"status": 200}}))
    }

    #[test]
    fn bodies_are_told_apart_from_no_bodies_and_unknown_ones() {
        let unknown = |message: &Message| matches!(message.body, Body::Unknown(_));
        assert_eq!(response(json!({"status": 200, "content": {"text": "x", "size": 1}})).body, Body::from_bytes("x"));
        assert_eq!(response(json!({"status": 200, "content": {"text": "", "size": 0}})).body, Body::Empty);
        assert_eq!(response(json!({"status": 200, "content": {"text": ""}})).body, Body::Empty);
        assert_eq!(response(json!({"status": 200, "content": {"size": 0}})).body, Body::Empty);
        assert_eq!(response(json!({"status": 200, "bodySize": 0, "content": {"size": -1}})).body, Body::Empty);
        assert!(unknown(&response(json!({"status": 200, "content": {"text": "", "size": 9}}))));
        assert!(unknown(&response(json!({"status": 200, "content": {"size": 9}}))));
        assert!(unknown(&response(json!({"status": 200, "content": {}}))));
        assert!(unknown(&response(json!({"status": 200}))));
    }

    #[test]
    fn base64_is_undone_and_content_coding_is_not_believed() {
        let content = json!({"text": "eyJhIjox\nfQ==", "encoding": "base64", "mimeType": "application/json"});
        let message = response(json!({"status": 200, "content": content}));
        assert_eq!(message.body, Body::from_bytes(r#"{"a":1}"#));
        assert_eq!(message.headers.get("content-type"), Some("application/json"));
        let gzip = json!([{"name": "Content-Encoding", "value": "gzip"}]);
        assert_eq!(response(json!({"status": 200, "headers": gzip, "content": {"text": "{}"}})).body, Body::from_bytes("{}"));
        let kept = json!({"status": 200, "headers": gzip, "content": {"text": "H4sIAAAA", "encoding": "base64"}});
        assert!(matches!(response(kept).body, Body::Unknown(reason) if reason.contains("compressed (gzip)")));
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
            (json!({"request": {"method": "GET", "url": 5}}), "`request.url` is missing or no text"),
            (json!({"request": good}), "it has no `response`: the request was not answered"),
            (
                json!({"request": good, "response": {"status": 0, "_error": "net::ERR_ABORTED"}}),
                "its status is 0: the request was aborted or blocked (net::ERR_ABORTED)",
            ),
            (json!({"request": good, "response": {"status": 99}}), "`response.status` is 99, which is no HTTP status"),
            (json!({"request": good, "response": {}}), "`response.status` is missing or no number"),
            (
                json!({"request": good, "response": {"status": 200, "content": {"text": "!!", "encoding": "base64"}}}),
                "`response.content.text` is broken base64: invalid symbol 33, offset 0.",
            ),
            (
                json!({"request": good, "response": {"status": 200, "content": {"text": "x", "encoding": "rot13"}}}),
                "`response.content.text` has the encoding `rot13`, which is not read",
            ),
        ] {
            assert_eq!(read(entry.clone()), Entry::Unusable(reason.to_owned()), "{entry}");
        }
    }
}
