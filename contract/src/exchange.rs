//! An exchange: one request and its response as they went over the wire, whatever file they were kept in.
//! Next: `recording/`, which reads exchanges from files, and `engine.rs`, which checks them.

use std::borrow::Cow;

use bytes::Bytes;

/// One request and its response.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The method in capitals.
    pub method: String,
    /// The URL as recorded: absolute, or a path where the recording names no host.
    pub url: String,
    /// What was sent.
    pub request: Message,
    /// The status code of the answer.
    pub status: u16,
    /// What was answered.
    pub response: Message,
}

/// Headers and body of a request or a response.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// The headers in the order in which they were recorded.
    pub headers: Headers,
    /// The body, any content coding undone.
    pub body: Body,
}

/// A body as far as the recording knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Body {
    /// There was none, or one of no bytes.
    #[default]
    Empty,
    /// Its bytes, any content coding undone.
    Bytes(Bytes),
    /// The recording does not hold it, or not in a form that can be read; the reason as a fragment of a sentence.
    /// Nothing is concluded from such a body.
    Unknown(Cow<'static, str>),
}

impl Body {
    /// A body of these bytes; no bytes make an empty one.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() { Self::Empty } else { Self::Bytes(bytes) }
    }

    /// The body that the bytes of a message are: the content codings that its headers name are undone.
    pub fn decoded(bytes: impl Into<Bytes>, headers: &Headers) -> Self {
        crate::recording::decoded(bytes.into(), headers)
    }

    /// The bytes, where there are any.
    pub fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Empty | Self::Unknown(_) => None,
        }
    }
}

/// Header fields in order; names compare without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No headers.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a field. The pseudo-headers of HTTP/2 (`:authority`) are no header fields and are left out.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        if !name.starts_with(':') {
            self.0.push((name, value.into()));
        }
    }

    /// The first field of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every field of this name, in order.
    pub fn all<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h str> {
        self.0.iter().filter(move |(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The fields of this name as one value, joined as RFC 9110 section 5.3 allows.
    pub fn joined<'h>(&'h self, name: &str) -> Option<Cow<'h, str>> {
        let mut fields = self.all(name);
        let first = fields.next()?;
        let Some(second) = fields.next() else { return Some(Cow::Borrowed(first)) };
        let mut joined = format!("{first}, {second}");
        for field in fields {
            joined.push_str(", ");
            joined.push_str(field);
        }
        Some(Cow::Owned(joined))
    }

    /// All fields as name and value, the values to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut String)> {
        self.0.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// All fields as name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        for (name, value) in fields {
            headers.push(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_repeated_fields_join() {
        let headers: Headers = [("X-Tag", "a"), (":status", "200"), ("x-tag", "b"), ("X-TAG", "c")].into_iter().collect();
        assert_eq!(headers.get("x-TAG"), Some("a"));
        assert_eq!(headers.joined("x-tag").as_deref(), Some("a, b, c"));
        assert_eq!(headers.joined(":status"), None);
    }

    #[test]
    fn a_body_of_no_bytes_is_empty() {
        assert_eq!(Body::from_bytes(""), Body::Empty);
        assert_eq!(Body::from_bytes("x").bytes().map(Bytes::len), Some(1));
    }
}
