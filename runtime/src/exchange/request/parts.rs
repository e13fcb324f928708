//! What an operation sends, part by part and before it is written into a request: how operations are compared and shown.
//!
//! An operation writes itself into a [`RequestBuilder`] anyhow, so `Debug` and `PartialEq` need no method of its own that knows its members.

use std::fmt;

use bytes::Bytes;

use super::RequestBuilder;
use crate::data::Json;
use crate::exchange::{Operation, OperationInfo};

/// A parameter or a body.
#[derive(PartialEq)]
pub(super) struct Part {
    location: &'static str,
    /// The name of the parameter, the content type of the body.
    name: String,
    content: Content,
}

#[derive(PartialEq)]
enum Content {
    Json(Json),
    Bytes(Bytes),
    /// Why it cannot be sent.
    Error(String),
}

impl Part {
    /// The value of a parameter, or a body that is made of a value.
    pub(super) fn value(location: &'static str, name: &str, value: Result<Json, String>) -> Self {
        let content = value.map_or_else(Content::Error, Content::Json);
        Self { location, name: name.to_owned(), content }
    }

    /// A body that is bytes.
    pub(super) fn bytes(content_type: &str, bytes: Bytes) -> Self {
        Self { location: "body", name: content_type.to_owned(), content: Content::Bytes(bytes) }
    }

    /// Whether it is a parameter that is left out.
    fn is_absent(&self) -> bool {
        self.location != "body" && self.content == Content::Json(Json::Null)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Json(value) => write!(formatter, "{value}"),
            Content::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => write!(formatter, "{text:?}"),
                Err(_) => write!(formatter, "{} bytes", bytes.len()),
            },
            Content::Error(error) => write!(formatter, "<{error}>"),
        }
    }
}

impl RequestBuilder {
    /// No request, but a list of what it would be made of.
    fn for_parts(info: &OperationInfo) -> Self {
        Self { parts: Some(Vec::new()), ..Self::unchecked(info) }
    }

    /// The list, if it was to be made.
    fn into_parts(self) -> Vec<Part> {
        self.parts.unwrap_or_default()
    }

    /// Puts a part on the list, if there is one.
    pub(super) fn note(&mut self, part: impl FnOnce() -> Part) {
        if let Some(parts) = &mut self.parts {
            parts.push(part());
        }
    }
}

fn parts_of<O: Operation>(operation: &O) -> Vec<Part> {
    let mut request = RequestBuilder::for_parts(&O::INFO);
    operation.encode(&mut request);
    let mut parts = request.into_parts();
    parts.retain(|part| !part.is_absent());
    parts
}

/// Whether two operations send the same: the order of an object's members and absent parameters do not count.
pub fn equal_operations<O: Operation>(left: &O, right: &O) -> bool {
    parts_of(left) == parts_of(right)
}

/// Shows an operation with what it sends: `UpdatePet { petId: 7, body: {"name":"Rex"} }`.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug_operation<O: Operation>(name: &str, operation: &O, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = formatter.debug_struct(name);
    for part in parts_of(operation) {
        shown.field(if part.location == "body" { "body" } else { &part.name }, &part);
    }
    shown.finish()
}

/// Implements what every operation has beside [`Operation`]: `Debug` and `PartialEq`, by what it sends.
#[macro_export]
macro_rules! operation {
    ($type:ident) => {
        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_operation(::core::stringify!($type), self, formatter)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::equal_operations(self, other)
            }
        }
    };
}
