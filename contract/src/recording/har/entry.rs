//! One entry of a HAR file: how its members become an exchange, and what is borne with on the way.
//!
//! Members of a wrong type count as missing; what an exchange cannot do without (method, URL, a status that is one) makes
//! the entry unusable. `content.text` is decoded text by the format's definition; a few writers keep it as transferred.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::exchange::{Body, Exchange, Headers, Message};
use crate::recording::coding;
use crate::recording::fields::{self, Fields};
use crate::recording::node::Node;

/// The reason that a body is not known where the recording says nothing of it.
const NO_RESPONSE_BODY: Body = Body::Unknown(Cow::Borrowed("the recording does not hold the response body"));
const NO_REQUEST_BODY: Body = Body::Unknown(Cow::Borrowed("the recording does not hold the request body"));

/// Reads one entry.
///
/// # Errors
///
/// Why it holds no whole exchange: a fragment of a sentence.
pub(in crate::recording) fn read(mut entry: Node<'_>) -> Result<Exchange, String> {
    let mut request = entry.take("request");
    if !request.is_map() {
        return Err("it has no `request`".to_owned());
    }
    let mut response = entry.take("response");
    let method = fields::method(&request)?;
    let sent = Fields::read(request.get("headers"));
    let url = url(&request, sent.host())?;
    let sent = request_message(&mut request, sent.headers);
    if !response.is_map() {
        return Err("it has no `response`: the request was not answered".to_owned());
    }
    let error = response.get("_error").text().or_else(|| entry.get("_error").text());
    let status = fields::status(response.get("status"), error)?;
    let received = response_message(&mut response);
    Ok(Exchange { method, url, request: sent, status, response: received })
}

/// The URL; the query that some writers only keep apart is put back.
fn url(request: &Node<'_>, host: Option<&str>) -> Result<String, String> {
    let written = request.get("url").text().ok_or("`request.url` is missing or no text")?;
    let mut url = fields::url(written, host)?;
    if !url.contains('?') {
        let query = pairs(request.get("queryString")).map(|(name, value)| form_pair(name, value)).collect::<Vec<_>>().join("&");
        if !query.is_empty() {
            let at = url.find('#').unwrap_or(url.len());
            url.insert_str(at, &format!("?{query}"));
        }
    }
    Ok(url)
}

fn request_message(request: &mut Node<'_>, mut headers: Headers) -> Message {
    if headers.get("cookie").is_none() {
        let cookies = pairs(request.get("cookies")).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            headers.push("Cookie", cookies);
        }
    }
    let expected = request.get("bodySize").number().is_some_and(|size| size > 0.0);
    let missing = || if expected { NO_REQUEST_BODY } else { Body::Empty };
    let mut post = request.take("postData");
    if !post.is_map() {
        return Message { headers, body: missing() };
    }
    add_content_type(&mut headers, &post);
    if let Some(body) = kept(&mut post, &headers, "request.postData.text") {
        return Message { headers, body };
    }
    let form = pairs(post.get("params")).map(|(name, value)| form_pair(name, value)).collect::<Vec<_>>().join("&");
    let multipart = headers.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/"));
    let body = match (form.is_empty(), multipart) {
        (true, _) => missing(),
        (false, true) => Body::Unknown("the recording holds the parts of the multipart body, not the body".into()),
        (false, false) => Body::from_bytes(form),
    };
    Message { headers, body }
}

fn response_message(response: &mut Node<'_>) -> Message {
    let mut headers = Fields::read(response.get("headers")).headers;
    let none_sent =
        response.get("bodySize").number() == Some(0.0) || headers.get("content-length").is_some_and(|length| length.trim() == "0");
    let mut content = response.take("content");
    if !content.is_map() {
        let body = if none_sent { Body::Empty } else { NO_RESPONSE_BODY };
        return Message { headers, body };
    }
    add_content_type(&mut headers, &content);
    let size = content.get("size").number();
    let empty_text = content.get("text").any_text().is_some();
    let body = match kept(&mut content, &headers, "response.content.text") {
        Some(body) => whole(body, size),
        // An empty text beside a size is how writers say that they could not keep the body.
        None if empty_text && size.is_none_or(|size| size <= 0.0) => Body::Empty,
        None if !empty_text && (size == Some(0.0) || none_sent) => Body::Empty,
        None => match content.get("_file").text() {
            Some(file) => Body::Unknown(
                format!("the recording keeps the body in a file of its own (`{}`), which is not read", crate::schema::shorten(file, 80))
                    .into(),
            ),
            None => NO_RESPONSE_BODY,
        },
    };
    Message { headers, body }
}

/// The body, unless the recording holds only its beginning, as browsers keep long ones: it is shorter than its `size` and JSON that ends
/// too early. Where the text is whole, a larger `size` is a slip of the writer.
fn whole(body: Body, size: Option<f64>) -> Body {
    let kept = body.bytes().filter(|bytes| matches!(bytes.first(), Some(b'{' | b'['))).map(bytes::Bytes::as_ref);
    let cut_off = |bytes: &&[u8]| u32::try_from(bytes.len()).is_ok_and(|length| size.is_some_and(|size| size > f64::from(length)));
    match kept.filter(cut_off).filter(|bytes| crate::json::parse(bytes).is_err()) {
        Some(bytes) => Body::Unknown(format!("the recording holds only the first {} bytes of the body", bytes.len()).into()),
        None => body,
    }
}

/// The media type that HAR keeps beside the body stands in for a `Content-Type` header that the writer left out.
fn add_content_type(headers: &mut Headers, body: &Node<'_>) {
    if headers.get("content-type").is_none()
        && let Some(kind) = body.get("mimeType").text().filter(|kind| kind.contains('/'))
    {
        headers.push("Content-Type", kind);
    }
}

/// The body that `text` and `encoding` keep; `None` where there is no text.
fn kept(holder: &mut Node<'_>, headers: &Headers, place: &str) -> Option<Body> {
    let binary = holder.get("_isBinary").is_true();
    if holder.get("_truncated").is_true() {
        return Some(Body::Unknown("the recording holds only the beginning of the body".into()));
    }
    let encoding = holder.first(&["encoding", "_encoding"]).text().map(str::to_ascii_lowercase);
    let (Node::Text(text) | Node::Literal(text)) = holder.take("text") else { return None };
    if text.is_empty() {
        return None;
    }
    let unreadable = |why: String| Body::Unknown(format!("`{place}` is {why}").into());
    Some(match encoding.as_deref() {
        Some("base64") => match chunks(&text).map_or_else(|| coding::base64(&text), Ok) {
            Ok(bytes) => coding::of_bytes(bytes, headers),
            Err(why) => unreadable(why),
        },
        None | Some("" | "utf8" | "utf-8" | "text" | "plain") => match chunks(&text) {
            // Without a word that it is one, a list of chunks is only taken for one if a compressed body comes out of it.
            Some(bytes) if binary || (headers.get("content-encoding").is_some() && bytes.starts_with(&[0x1F, 0x8B])) => {
                coding::of_bytes(bytes, headers)
            }
            _ => coding::of_text(text, headers),
        },
        Some(other) => unreadable(format!("in the encoding `{}`, which is not read", crate::schema::shorten(other, 40))),
    })
}

/// The bytes of a body that was kept as its chunks: a JSON list of texts, each in hexadecimal digits or in Base64.
fn chunks(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with("[\"") {
        return None;
    }
    let chunks: Vec<Cow<'_, str>> = serde_json::from_str(text).ok()?;
    let base64 = || chunks.iter().map(|chunk| coding::base64(chunk).ok()).collect::<Option<Vec<_>>>().map(|chunks| chunks.concat());
    coding::hexadecimal(&chunks).or_else(base64)
}

/// The pairs of a list of `{name, value}`; items of another form are passed over, as they hold neither.
fn pairs<'n>(list: &'n Node<'_>) -> impl Iterator<Item = (&'n str, &'n str)> {
    list.items().iter().filter_map(|item| Some((item.get("name").text()?, item.get("value").any_text().unwrap_or_default())))
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
    let mut escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').map(|(at, _)| at).peekable();
    escapes.peek().is_some() && escapes.all(|at| hex(at + 1) && hex(at + 2))
}

#[cfg(test)]
mod tests;
