//! [`Json`]: any JSON value, with exact numbers and with members in the order of the document.
//!
//! `parse.rs` reads it from text, `write.rs` writes it as text, `convert.rs` turns other values into it and back.

mod convert;
mod parse;
mod write;

use crate::data::{Decimal, Map, Number};

pub use parse::JsonError;
pub(crate) use write::write_quoted;

/// Any JSON value. Numbers are exact, objects keep their order, and of two members with one name the last one counts.
///
/// ```
/// use wireproof_runtime::Json;
///
/// let value: Json = r#"{"price": 1.10, "tags": ["a"]}"#.parse()?;
/// assert_eq!(value.pointer("/tags/0").and_then(Json::as_str), Some("a"));
/// assert_eq!(value.to_string(), r#"{"price":1.10,"tags":["a"]}"#);
/// # Ok::<(), wireproof_runtime::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, of any size.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Map<Json>),
}

impl Json {
    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The number, if this is one.
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(value) = self { Some(value) } else { None }
    }

    /// The number as `i64`, if this is a whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number as `u64`, if this is a whole number that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The nearest `f64`, if this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(value) = self { Some(value) } else { None }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Map<Json>> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.as_object()?.get(name)
    }

    /// A text that equal values share, whatever the order of their members and the spelling of their numbers, and no others.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Self::Number(number) => Decimal::new(&number.as_str()).canonical(),
            Self::Array(elements) => format!("[{}]", elements.iter().map(Self::canonical).collect::<Vec<_>>().join(",")),
            Self::Object(members) => {
                let member = |(name, value): (&String, &Self)| format!("{}:{}", Self::String(name.clone()), value.canonical());
                let mut members: Vec<String> = members.iter().map(member).collect();
                members.sort_unstable();
                format!("{{{}}}", members.join(","))
            }
            other => other.to_string(),
        }
    }

    /// The value at a JSON Pointer (RFC 6901); the empty pointer is the value itself.
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |value, segment| match value {
            Self::Object(members) if segment.contains('~') => members.get(&segment.replace("~1", "/").replace("~0", "~")),
            Self::Object(members) => members.get(segment),
            Self::Array(elements) => elements.get(index(segment)?),
            _ => None,
        })
    }
}

/// An array index as RFC 6901 spells it: digits without a leading zero.
fn index(segment: &str) -> Option<usize> {
    let spelled_right = segment == "0" || !segment.starts_with(['0', '+']);
    if spelled_right { segment.parse().ok() } else { None }
}
