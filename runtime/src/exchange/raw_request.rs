//! [`RawRequest`]: a request as bytes, for reading its body as those who serve it would.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::exchange::MediaType;

/// A request as it was sent, as far as its body goes.
#[derive(Clone, PartialEq, Eq)]
pub struct RawRequest {
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RawRequest {
    /// The content type; `None` where the header is missing or is not a media type.
    pub fn content_type(&self) -> Option<MediaType> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok().and_then(MediaType::parse)
    }
}

impl fmt::Debug for RawRequest {
    /// Shows what the request is without what it says: bodies and headers may be personal or secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawRequest")
            .field("headers", &self.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
