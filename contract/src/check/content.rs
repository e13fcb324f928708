//! Bodies, read once for all checks: the documented media type that a body belongs to, and its value where it has one.

use std::cell::OnceCell;

use bytes::Bytes;
use serde_json::Value;
use wireproof_openapi::MediaType as Documented;

use crate::exchange::{Body, Message};
use crate::finding::Side;
use crate::json::{self, Fault, Instance, Raw};
use crate::media_type::{MediaType, documented};
use crate::parameter::{self, OtherType};
use crate::schema::Schemas;

/// A body and what is known of it.
pub(super) struct MessageContent<'a> {
    /// The `Content-Type` header.
    pub(super) content_type: Option<&'a str>,
    /// The media type of the body, by the header or the document.
    kind: Option<MediaType>,
    /// The documented entry that the body belongs to.
    pub(super) entry: Option<&'a Documented>,
    /// Whether the entry was chosen without a `Content-Type` to go by.
    pub(super) guessed: bool,
    /// The body.
    pub(super) body: &'a Body,
    /// What reading it came to.
    pub(super) reading: Reading<'a>,
    /// Parts of a multipart body that are of another content type than documented.
    pub(super) other_types: Vec<OtherType>,
}

/// What reading a body came to.
pub(super) enum Reading<'a> {
    /// There is nothing to read, or it is of a type whose values are not looked into.
    None,
    /// A value without a fault, as it stands in its text, and by itself once that was asked for.
    Raw(Raw<'a>, OnceCell<Value>),
    /// A value, and faults that did not keep it from being read.
    Value(Value, Vec<Fault>),
    /// It promises JSON, or parts, and is none.
    Broken(Fault),
}

impl MessageContent<'_> {
    /// The value.
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.reading {
            Reading::Raw(raw, value) => Some(value.get_or_init(|| raw.to_value())),
            Reading::Value(value, _) => Some(value),
            Reading::None | Reading::Broken(_) => None,
        }
    }

    /// The value in the form in which it was read: all that a sound body is asked for.
    pub(super) fn instance(&self) -> Option<Instance<'_>> {
        match &self.reading {
            Reading::Raw(raw, _) => Some(Instance::Raw(raw)),
            Reading::Value(value, _) => Some(Instance::Value(value)),
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
            Reading::None | Reading::Raw(..) => None,
        }
    }

    /// Whether the body is of a JSON type, as far as header or document tell.
    pub(super) fn is_json(&self) -> bool {
        self.kind.as_ref().is_some_and(MediaType::is_json)
    }

    /// What a body of its content type is called.
    pub(super) fn called(&self) -> &'static str {
        match &self.kind {
            Some(kind) if kind.is_multipart_form() => "`multipart/form-data`",
            Some(kind) if kind.is_form() => "a form",
            _ => "JSON",
        }
    }
}

/// Reads the body of a message, of which the document lists `content`.
pub(super) fn read<'a>(schemas: &Schemas, on: Side, message: &'a Message, content: &'a [Documented]) -> MessageContent<'a> {
    let content_type = message.headers.get("content-type").map(str::trim).filter(|text| !text.is_empty());
    let kind = content_type.and_then(MediaType::parse);
    let entry = content_type.and_then(|content_type| documented(content, content_type, kind.as_ref()));
    let mut read =
        MessageContent { content_type, kind, entry, guessed: false, body: &message.body, reading: Reading::None, other_types: Vec::new() };
    let Some(bytes) = message.body.bytes() else { return read };
    if content_type.is_none() {
        // Without a header, a body that is JSON is taken for the only thing that the document says it can be.
        if let [only] = content
            && let Some(kind) = MediaType::parse(&only.name).filter(MediaType::is_json)
            && let reading @ (Reading::Raw(..) | Reading::Value(..)) = read_json(bytes)
        {
            read.kind = Some(kind);
            read.entry = Some(only);
            read.guessed = true;
            read.reading = reading;
        }
        return read;
    }
    let Some(kind) = read.kind.take() else { return read };
    if kind.is_json() {
        read.reading = read_json(bytes);
    } else if let Some(entry) = read.entry {
        let schema = entry.schema.as_ref();
        if kind.is_multipart_form() {
            read.reading = match parameter::read_multipart(schemas, schema, &entry.encoding, on, (bytes, kind.parameter("boundary"))) {
                Ok(multipart) => {
                    read.other_types = multipart.other_types;
                    Reading::Value(multipart.value, multipart.faults)
                }
                Err(fault) => Reading::Broken(fault),
            };
        } else if let Ok(text) = std::str::from_utf8(bytes) {
            if kind.is_form() {
                read.reading = match parameter::read_form(schemas, schema, &entry.encoding, on, text) {
                    Ok(value) => Reading::Value(value, Vec::new()),
                    Err(fault) => Reading::Broken(fault),
                };
            } else if kind.is_text()
                && let Some(value) = parameter::read_text(schemas, schema, on, text)
            {
                read.reading = Reading::Value(value, Vec::new());
            }
        }
    }
    read.kind = Some(kind);
    read
}

/// Reads JSON: exactly, where the quick reader finds that there is something to be told.
fn read_json(bytes: &[u8]) -> Reading<'_> {
    if let Some(raw) = json::quick(bytes) {
        return Reading::Raw(raw, OnceCell::new());
    }
    match json::parse(bytes) {
        Ok(parsed) => Reading::Value(parsed.value, parsed.faults),
        Err(fault) => Reading::Broken(fault),
    }
}
