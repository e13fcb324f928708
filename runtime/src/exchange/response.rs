//! [`RawResponse`]: a response as bytes, and the ways of reading it that generated code uses.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use crate::decode::Decode;
use crate::exchange::header::{read_header, read_headers};
use crate::exchange::{DecodeError, MediaType, ResponseReader, WithHeaders};
use crate::model::Model;

/// A response as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RawResponse {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The content type; `None` where the header is missing or is not a media type.
    pub fn content_type(&self) -> Option<MediaType> {
        self.content_type_text().and_then(MediaType::parse)
    }

    /// Whether the content type lies in one of the ranges that a document has as keys: see [`MediaType::is_in`]. Without a content
    /// type, only `*/*` holds.
    pub fn is(&self, ranges: &[&str]) -> bool {
        let content_type = self.content_type();
        ranges.iter().filter_map(|range| MediaType::parse(range)).any(|range| match &content_type {
            Some(content_type) => content_type.is_in(&range),
            None => range.essence() == "*/*",
        })
    }

    /// Tries the documented responses of an operation on it.
    pub fn reader<R>(self) -> ResponseReader<R> {
        ResponseReader::new(self)
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    ///
    /// What is not JSON, or does not fit the type.
    pub fn json<T: Decode>(&self) -> Result<T, DecodeError> {
        read_json(&self.body).map_err(|message| DecodeError::new(self, message))
    }

    /// Reads the body as text.
    ///
    /// # Errors
    ///
    /// A body that is not UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        self.utf8().map(str::to_owned)
    }

    /// The body as it is.
    pub fn bytes(&self) -> Bytes {
        self.body.clone()
    }

    /// Reads a header in style `simple`. `None` where it is missing or does not fit the type; the header itself is still in
    /// [`headers`](Self::headers).
    pub fn header<T: Decode>(&self, name: &str, explode: bool) -> Option<T> {
        read_header(&self.header_text(name)?, explode)
    }

    /// Reads the headers that are the members of `H`, in style `simple`; objects in those of `exploded` are written as `a=1,b=2`. A header that is
    /// missing or does not fit its type is `None`: an unreadable header must not take a readable body from the caller.
    pub fn typed_headers<H: Model + Decode + Default>(&self, exploded: &[&str]) -> H {
        read_headers(self, exploded)
    }

    /// A body beside the [`typed_headers`](Self::typed_headers) of this response.
    pub fn with_headers<B, H: Model + Decode + Default>(&self, body: B, exploded: &[&str]) -> WithHeaders<B, H> {
        WithHeaders { body, headers: self.typed_headers(exploded) }
    }

    /// The values of a header in one text; `None` where there is none, or one that is not UTF-8.
    pub(super) fn header_text(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().or_else(|_| std::str::from_utf8(value.as_bytes())))
            .collect::<Result<_, _>>()
            .ok()?;
        if values.is_empty() { None } else { Some(values.join(",")) }
    }

    pub(super) fn content_type_text(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The body as text, without the byte order mark that some servers put before it.
    fn utf8(&self) -> Result<&str, DecodeError> {
        utf8(&self.body).map_err(|message| DecodeError::new(self, message))
    }
}

fn utf8(body: &[u8]) -> Result<&str, String> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => Err(format!("the body is not UTF-8 from byte {}", error.valid_up_to())),
    }
}

/// Reads a body as JSON.
///
/// # Errors
///
/// What is not JSON, or does not fit the type, as a message that may start with the JSON Pointer of the place.
pub(super) fn read_json<T: Decode>(body: &[u8]) -> Result<T, String> {
    let text = utf8(body)?;
    if text.trim_ascii().is_empty() {
        return Err("the body is empty, expected JSON".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = T::decode(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| error.to_string())
}

impl From<http::Response<Bytes>> for RawResponse {
    fn from(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body }
    }
}

impl From<RawResponse> for http::Response<Bytes> {
    fn from(response: RawResponse) -> Self {
        let mut made = http::Response::new(response.body);
        *made.status_mut() = response.status;
        *made.headers_mut() = response.headers;
        made
    }
}

impl fmt::Debug for RawResponse {
    /// Shows what the response is without what it says: bodies and headers may be personal or secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawResponse")
            .field("status", &self.status)
            .field("content_type", &self.content_type_text())
            .field("headers", &self.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
