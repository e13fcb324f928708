//! [`Json`] to JSON text, and to any serializer.

use std::fmt;

use serde_core::ser::{Serialize, Serializer};

use crate::data::Json;

impl fmt::Display for Json {
    /// Writes JSON text without whitespace, every number as it is spelled.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::String(value) => write_quoted(formatter, value),
            Self::Array(elements) => {
                let mut separator = "[";
                for element in elements {
                    write!(formatter, "{separator}{element}")?;
                    separator = ",";
                }
                formatter.write_str(if elements.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                let mut separator = "{";
                for (name, value) in members {
                    formatter.write_str(separator)?;
                    write_quoted(formatter, name)?;
                    write!(formatter, ":{value}")?;
                    separator = ",";
                }
                formatter.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

/// Writes a JSON string, escaping what JSON wants escaped and nothing else.
pub(crate) fn write_quoted(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        let (plain, from) = rest.split_at(at);
        out.write_str(plain)?;
        let mut characters = from.chars();
        match characters.next() {
            Some(character @ ('"' | '\\')) => write!(out, "\\{character}")?,
            Some('\n') => out.write_str("\\n")?,
            Some('\r') => out.write_str("\\r")?,
            Some('\t') => out.write_str("\\t")?,
            Some(character) => write!(out, "\\u{:04x}", u32::from(character))?,
            None => {}
        }
        rest = characters.as_str();
    }
    out.write_str(rest)?;
    out.write_char('"')
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(members) => serializer.collect_map(members),
        }
    }
}
