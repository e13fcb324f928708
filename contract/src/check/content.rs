//! Bodies, read once for all checks: the documented media type that a body belongs to, and its value where it has one.

use bytes::Bytes;
use serde_json::Value;
use wireproof_openapi::MediaType as Documented;

use crate::exchange::{Body, Message};
use crate::json::{self, Fault};
use crate::media_type::{MediaType, documented};
use crate::parameter;
use crate::schema::Schemas;

/// A body and what is known of it.
pub(super) struct MessageContent<'a> {
    /// The `Content-Type` header.
    pub(super) content_type: Option<&'a str>,
    /// The documented entry that the body belongs to.
    pub(super) entry: Option<&'a Documented>,
    /// Whether the entry was chosen without a `Content-Type` to go by.
    pub(super) guessed: bool,
    /// The body.
    pub(super) body: &'a Body,
    /// What reading it came to.
    pub(super) reading: Reading,
}

/// What reading a body came to.
pub(super) enum Reading {
    /// There is nothing to read, or it is of a type whose values are not looked into.
    None,
    /// A value, and faults that did not keep it from being read.
    Value(Value, Vec<Fault>),
    /// It promises JSON and is none.
    Broken(Fault),
}

impl MessageContent<'_> {
    /// The value.
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.reading {
            Reading::Value(value, _) => Some(value),
            Reading::None | Reading::Broken(_) => None,
        }
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> Option<&Bytes> {
        self.body.bytes()
    }

    /// The first fault of the text.
    pub(super) fn fault(&self) -> Option<&Fault> {
        match &self.reading {
            Reading::Broken(fault) => Some(fault),
            Reading::Value(_, faults) => faults.first(),
            Reading::None => None,
        }
    }

    /// Whether the body is of a JSON type, as far as header or document tell.
    pub(super) fn is_json(&self) -> bool {
        self.kind().is_some_and(|kind| kind.is_json())
    }

    fn kind(&self) -> Option<MediaType> {
        MediaType::parse(self.content_type.or(self.entry.map(|entry| entry.name.as_str()))?)
    }
}

/// Reads the body of a message, of which the document lists `content`.
pub(super) fn read<'a>(schemas: &Schemas, message: &'a Message, content: &'a [Documented]) -> MessageContent<'a> {
    let content_type = message.headers.get("content-type").map(str::trim).filter(|text| !text.is_empty());
    let entry = content_type.and_then(|content_type| documented(content, content_type));
    let mut read = MessageContent { content_type, entry, guessed: false, body: &message.body, reading: Reading::None };
    let Some(bytes) = message.body.bytes() else { return read };
    if content_type.is_none() {
        // Without a header, a body that is JSON is taken for the only thing that the document says it can be.
        if let [only] = content
            && MediaType::parse(&only.name).is_some_and(|kind| kind.is_json())
            && let Ok(parsed) = json::parse(bytes)
        {
            read.entry = Some(only);
            read.guessed = true;
            read.reading = Reading::Value(parsed.value, parsed.faults);
        }
        return read;
    }
    let Some(kind) = read.kind() else { return read };
    if kind.is_json() {
        read.reading = match json::parse(bytes) {
            Ok(parsed) => Reading::Value(parsed.value, parsed.faults),
            Err(fault) => Reading::Broken(fault),
        };
    } else if let Some(entry) = read.entry
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        if kind.is_form() {
            let value = parameter::read_form(schemas, entry.schema.as_ref(), &entry.encoding, text);
            read.reading = Reading::Value(value, Vec::new());
        } else if kind.is_text() {
            read.reading = Reading::Value(Value::String(text.to_owned()), Vec::new());
        }
    }
    read
}
