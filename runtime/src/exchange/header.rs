//! Typed headers: the text of a header, in style `simple`, as a deserializer, and [`WithHeaders`], a body beside them.
//!
//! The text does not say whether `5` is a number or a string, so the type decides: a string takes the text as it is, and a type that reads
//! any value is first given what the text looks like.

use std::fmt;

use serde_core::de::value::{MapDeserializer, SeqDeserializer};
use serde_core::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde_core::forward_to_deserialize_any;

use crate::data::{Json, Number, RAW};
use crate::decode::Decode;
use crate::exchange::RawResponse;
use crate::model::Model;

/// The body of a response with the headers that the document names.
///
/// A header that is absent, or does not fit its type, is `None`: it must not take a readable body from the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WithHeaders<B, H> {
    /// The body.
    pub body: B,
    /// The documented headers.
    pub headers: H,
}

/// Reads the headers that are the members of `H`; objects in those of `exploded` are written as `a=1,b=2`.
pub(super) fn read_headers<H: Model + Decode + Default>(response: &RawResponse, exploded: &[&str]) -> H {
    let texts: Vec<_> = H::INFO.keys.iter().filter_map(|name| Some((*name, response.header_text(name)?))).collect();
    let headers = texts.iter().map(|(name, text)| {
        let text = HeaderText { text: text.trim(), explode: exploded.contains(name), as_text: false };
        (*name, text)
    });
    let read = |headers: Vec<(&str, HeaderText<'_>)>| H::decode(MapDeserializer::new(headers.into_iter())).ok();
    let fits = |header: &(&'static str, HeaderText<'_>)| read(vec![*header]).is_some();
    let readable = headers.clone().filter_map(|(name, text)| {
        let as_string = HeaderText { as_text: true, ..text };
        [(name, text), (name, as_string)].into_iter().find(fits)
    });
    read(headers.collect()).or_else(|| read(readable.collect())).unwrap_or_default()
}

/// Reads a header; `None` where it does not fit the type.
pub(super) fn read_header<T: Decode>(text: &str, explode: bool) -> Option<T> {
    let read = |as_text| T::decode(HeaderText { text: text.trim(), explode, as_text }).ok();
    read(false).or_else(|| read(true))
}

/// The text of a header, or of a part of one. `as_text` takes it for a string where the type leaves that open.
#[derive(Clone, Copy)]
struct HeaderText<'a> {
    text: &'a str,
    explode: bool,
    as_text: bool,
}

/// Why a header does not fit. Nobody sees it: an unreadable header is none.
#[derive(Debug)]
struct Misfit;

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the header does not fit the type")
    }
}

impl std::error::Error for Misfit {}

impl Error for Misfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'a> HeaderText<'a> {
    /// What the text looks like, as JSON text.
    fn json(self) -> String {
        match self.text {
            "true" | "false" if !self.as_text => self.text.to_owned(),
            text if !self.as_text && text.parse::<Number>().is_ok() => text.to_owned(),
            text => Json::from(text).to_string(),
        }
    }

    fn parts(self) -> impl Iterator<Item = HeaderText<'a>> {
        self.text.split(',').filter(|part| !part.trim().is_empty()).map(move |part| Self { text: part.trim(), ..self })
    }

    /// The members of an object: `a=1,b=2` where it is exploded, `a,1,b,2` where not.
    fn members(self) -> Vec<(&'a str, HeaderText<'a>)> {
        if self.explode {
            return self
                .parts()
                .filter_map(|part| part.text.split_once('='))
                .map(|(name, value)| (name, Self { text: value, ..self }))
                .collect();
        }
        let parts: Vec<_> = self.parts().collect();
        parts.chunks_exact(2).filter_map(|pair| Some((pair.first()?.text, *pair.get(1)?))).collect()
    }
}

impl<'a> IntoDeserializer<'a, Misfit> for HeaderText<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for HeaderText<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match (self.text, self.text.parse::<i64>(), self.text.parse::<f64>()) {
            _ if self.as_text => visitor.visit_borrowed_str(self.text),
            ("true", ..) => visitor.visit_bool(true),
            ("false", ..) => visitor.visit_bool(false),
            (_, Ok(value), _) => visitor.visit_i64(value),
            (_, _, Ok(value)) if value.is_finite() => visitor.visit_f64(value),
            (text, ..) => visitor.visit_borrowed_str(text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.text.parse().map_err(|_| Misfit).and_then(|value| visitor.visit_bool(value))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        if name == RAW {
            visitor.visit_map(MapDeserializer::new(std::iter::once((RAW, self.json()))))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_seq(SeqDeserializer::new(self.parts()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_map(MapDeserializer::new(self.members().into_iter()))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        tuple tuple_struct struct enum identifier ignored_any
    }
}
