//! The JSON text of one value, exactly as it stands.
//!
//! `serde_json` hands it out when it is asked for its own `RawValue`: as a newtype struct of a reserved name, answered by a
//! map with one member of that name. From a slice the text is borrowed. Every other self-describing format answers
//! with the value itself, whose text is then written here.
//!
//! Whoever takes the text parses it: a document may hold a member of the reserved name, so the text is not trusted
//! to be JSON. Read `json/parse.rs` next.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::Serializer;
use serde_core::{Deserialize, Serialize};

use crate::data::json::write_quoted;
use crate::data::{Json, Number};
use crate::depth::{Level, too_deep};

/// The name under which `serde_json` hands out and takes in JSON text.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";

/// The name under which `serde_json` hands out numbers when its feature `arbitrary_precision` is on.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads the JSON text of one value, without surrounding whitespace.
///
/// From `serde_json`'s deserializers this is the text as it stands, borrowed where the input is a slice; from other
/// self-describing formats it is the text of the value that they hold.
///
/// # Errors
///
/// Whatever the deserializer refuses, and values that JSON does not have: bytes, numbers that are not finite, nesting
/// of more than 127 levels outside `serde_json`.
#[inline]
pub fn raw_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
    deserializer.deserialize_newtype_struct(RAW, TextVisitor { asked: true })
}

/// Writes JSON text to any serializer as the value it is: objects as maps, arrays as sequences, numbers exactly.
///
/// # Errors
///
/// Text that is not JSON, and whatever the serializer refuses.
pub fn serialize_raw<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match text.parse::<Json>() {
        Ok(value) => value.serialize(serializer),
        Err(error) => Err(serde_core::ser::Error::custom(error)),
    }
}

/// Makes the JSON text of any value. `asked` is true where `serde_json` was asked for raw text, and may answer with it.
struct TextVisitor {
    asked: bool,
}

/// Reads one value inside another into its JSON text.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        raw_json(deserializer)
    }
}

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        if value.is_finite() {
            Ok(Cow::Owned(format!("{value:?}")))
        } else {
            Err(E::custom("a number that is not finite has no JSON form"))
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        let mut text = String::with_capacity(value.len() + 2);
        // Writing to a `String` cannot fail.
        let _ = write_quoted(&mut text, value);
        Ok(Cow::Owned(text))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        raw_json(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(Self { asked: false })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut text = String::from("[");
        while let Some(element) = elements.next_element_seed(TextSeed)? {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&element);
        }
        text.push(']');
        Ok(Cow::Owned(text))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let key = members.next_key_seed(KeySeed)?;
        if self.asked && key.as_deref() == Some(RAW) {
            return members.next_value_seed(BorrowSeed);
        }
        object_text(key, members)
    }
}

/// The text of an object whose first name has been read.
fn object_text<'de, A: MapAccess<'de>>(mut key: Option<Cow<'de, str>>, mut members: A) -> Result<Cow<'de, str>, A::Error> {
    let _level = Level::container().ok_or_else(too_deep)?;
    let mut text = String::from("{");
    let mut only = None;
    while let Some(name) = key {
        if text.len() > 1 {
            text.push(',');
            only = None;
        }
        let _ = write_quoted(&mut text, &name);
        text.push(':');
        let value = members.next_value_seed(TextSeed)?;
        text.push_str(&value);
        if text.starts_with("{\"$") && name == NUMBER {
            only = Some(value);
        }
        key = members.next_key_seed(KeySeed)?;
    }
    text.push('}');
    // A lone member of that name with the digits of a number is how an exact number looks outside `serde_json`.
    let digits = only.as_deref().and_then(|value| value.strip_prefix('"')?.strip_suffix('"')?.parse::<Number>().ok());
    Ok(Cow::Owned(digits.map_or(text, |number| number.to_string())))
}

/// Reads the name of a member; formats with other keys give their text.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

/// Reads a string, borrowed where it can be.
struct BorrowSeed;

impl<'de> DeserializeSeed<'de> for BorrowSeed {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for BorrowSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON text")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value))
    }
}

impl<'de> Deserialize<'de> for Json {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        raw_json(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_core::de::IntoDeserializer;
    use serde_core::de::value::{Error, MapDeserializer, SeqDeserializer};

    use super::{raw_json, serialize_raw};

    #[test]
    fn text_is_borrowed_where_it_can_be() {
        let text = r#" {"a": [1.0, 1e400 ]} "#;
        let raw = raw_json(&mut serde_json::Deserializer::from_str(text)).unwrap();
        assert!(matches!(raw, std::borrow::Cow::Borrowed(r#"{"a": [1.0, 1e400 ]}"#)));
        let value: serde_json::Value = serde_json::from_str(r#"{"a":[1.5,"x"]}"#).unwrap();
        assert_eq!(raw_json(value).unwrap(), r#"{"a":[1.5,"x"]}"#);
    }

    #[test]
    fn other_formats_give_the_text_of_their_values() {
        let list = SeqDeserializer::<_, Error>::new([1.5_f64, 1e300].into_iter());
        assert_eq!(raw_json(list).unwrap(), "[1.5,1e300]");
        let map = MapDeserializer::<_, Error>::new([("a\"", true), ("b", false)].into_iter());
        assert_eq!(raw_json(map).unwrap(), r#"{"a\"":true,"b":false}"#);
        let infinite: Result<_, Error> = raw_json(f64::INFINITY.into_deserializer());
        assert!(infinite.unwrap_err().to_string().contains("not finite"));
    }

    #[test]
    fn an_exact_number_of_another_format_is_a_number_and_nothing_else_is() {
        let map = |value| MapDeserializer::<_, Error>::new([(super::NUMBER, value)].into_iter());
        assert_eq!(raw_json(map("1.10")).unwrap(), "1.10");
        assert_eq!(raw_json(map("1.10x")).unwrap(), r#"{"$serde_json::private::Number":"1.10x"}"#);
        let two = MapDeserializer::<_, Error>::new([(super::NUMBER, "1"), ("a", "2")].into_iter());
        assert_eq!(raw_json(two).unwrap(), r#"{"$serde_json::private::Number":"1","a":"2"}"#);
    }

    #[test]
    fn text_is_written_as_the_value_it_is() {
        let mut out = Vec::new();
        serialize_raw(r#" {"a": [1.5, 1208925819614629174706176, "x"]} "#, &mut serde_json::Serializer::new(&mut out)).unwrap();
        assert_eq!(out, br#"{"a":[1.5,1208925819614629174706176,"x"]}"#);
        let error = serialize_raw("[1", &mut serde_json::Serializer::new(Vec::new())).unwrap_err();
        assert!(error.to_string().contains("expected `,` or `]` at byte 2"), "{error}");
    }
}
