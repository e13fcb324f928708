//! [`Decode`] for arrays, maps, boxes and what may be null.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::data::{Field, Json, Map};
use crate::decode::{Decode, Decoder, Itself, Kinds, Seed, at_index, at_key};
use crate::depth::{Level, too_deep};
use crate::validate::Checker;

impl<T: Decode> Decode for Box<T> {
    type By = Itself;
}

impl<T: Decode> Decoder<Box<T>> for Itself {
    const KINDS: Kinds = T::KINDS;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<T>, D::Error> {
        T::decode(deserializer).map(Box::new)
    }

    fn check(value: &Json, checker: &mut Checker) {
        T::By::check(value, checker);
    }
}

/// Reads null or a value.
struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", T::KINDS.or(Kinds::NULL))
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::decode(deserializer).map(Some)
    }
}

impl<T: Decode> Decode for Option<T> {
    type By = Itself;
}

impl<T: Decode> Decoder<Option<T>> for Itself {
    const KINDS: Kinds = T::KINDS.or(Kinds::NULL);

    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }

    #[inline]
    fn decode_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::decode(deserializer).map(Some)
    }

    #[inline]
    fn missing(optional: bool) -> Option<Option<T>> {
        optional.then_some(None)
    }

    #[inline]
    fn is_absent(value: &Option<T>) -> bool {
        value.is_none()
    }

    fn check(value: &Json, checker: &mut Checker) {
        if !value.is_null() {
            T::By::check(value, checker);
        }
    }
}

impl<T: Decode> Decode for Field<T> {
    type By = Itself;
}

impl<T: Decode> Decoder<Field<T>> for Itself {
    const KINDS: Kinds = T::KINDS.or(Kinds::NULL);

    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Field<T>, D::Error> {
        Option::decode(deserializer).map(|value| value.map_or(Field::Null, Field::Value))
    }

    #[inline]
    fn missing(_optional: bool) -> Option<Field<T>> {
        Some(Field::Absent)
    }

    #[inline]
    fn is_absent(value: &Field<T>) -> bool {
        value.is_absent()
    }

    fn check(value: &Json, checker: &mut Checker) {
        if !value.is_null() {
            T::By::check(value, checker);
        }
    }
}

struct VecVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for VecVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut values = Vec::new();
        loop {
            match elements.next_element_seed(Seed::new()) {
                Ok(Some(value)) => values.push(value),
                Ok(None) => return Ok(values),
                Err(error) => return Err(at_index(values.len(), &error)),
            }
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    type By = Itself;
}

impl<T: Decode> Decoder<Vec<T>> for Itself {
    const KINDS: Kinds = Kinds::ARRAY;

    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(VecVisitor(PhantomData))
    }

    fn check(value: &Json, checker: &mut Checker) {
        for (index, item) in value.as_array().unwrap_or_default().iter().enumerate() {
            checker.within(&index.to_string(), |checker| T::By::check(item, checker));
        }
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<T> {
    type Value = Map<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Map<T>, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut values = Map::new();
        while let Some(name) = members.next_key_seed(Seed::<String>::new())? {
            match members.next_value_seed(Seed::new()) {
                Ok(value) => values.insert(name, value),
                Err(error) => return Err(at_key(&name, &error)),
            };
        }
        Ok(values)
    }
}

impl<T: Decode> Decode for Map<T> {
    type By = Itself;
}

impl<T: Decode> Decoder<Map<T>> for Itself {
    const KINDS: Kinds = Kinds::OBJECT;

    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<T>, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }

    fn check(value: &Json, checker: &mut Checker) {
        for (name, member) in value.as_object().into_iter().flatten() {
            checker.within(name, |checker| T::By::check(member, checker));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_core::Serializer;

    use super::{Decode, Decoder, Field, Itself, Map};
    use crate::decode::without_position;

    fn decode<T: Decode>(text: &str) -> Result<T, String> {
        T::decode(&mut serde_json::Deserializer::from_str(text)).map_err(|error| without_position(&error.to_string()).to_owned())
    }

    #[test]
    fn errors_name_the_place() {
        assert_eq!(
            decode::<Map<Vec<Option<i32>>>>(r#"{"a":[1],"b":[1,null,"x"]}"#).unwrap_err(),
            "/b/2: invalid type: a string, expected a number"
        );
        assert_eq!(
            decode::<Vec<Map<bool>>>(r#"[{"a":true,"x/y":0}]"#).unwrap_err(),
            "/0/x~1y: invalid type: integer `0`, expected a boolean"
        );
        assert_eq!(decode::<Map<bool>>("[]").unwrap_err(), "invalid type: sequence, expected an object");
        assert_eq!(decode::<Vec<bool>>("{}").unwrap_err(), "invalid type: map, expected an array");
    }

    #[test]
    fn null_and_missing_differ() {
        assert_eq!(decode::<Option<i32>>("null"), Ok(None));
        let missing = <Itself as Decoder<Option<i32>>>::missing;
        assert_eq!(missing(false), None, "a required member may be null, but not missing");
        assert_eq!(missing(true), Some(None));
        let optional = |text: &str| <Itself as Decoder<Option<i32>>>::decode_optional(&mut serde_json::Deserializer::from_str(text)).ok();
        assert_eq!(optional("null"), None, "an optional member may be missing, but not null");
        assert_eq!(optional("1"), Some(Some(1)));
        assert_eq!(decode::<Field<i32>>("null"), Ok(Field::Null));
        assert_eq!(<Itself as Decoder<Field<i32>>>::missing(true), Some(Field::Absent));
        assert_eq!(decode::<Box<Field<i32>>>("1"), Ok(Box::new(Field::Value(1))));
    }

    #[test]
    fn nesting_is_limited_in_every_reader() {
        #[derive(Clone, Debug, PartialEq)]
        struct Deep;
        impl serde_core::Serialize for Deep {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit()
            }
        }
        impl Decode for Deep {
            type By = Itself;
        }
        impl Decoder<Deep> for Itself {
            fn decode<'de, D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Deep, D::Error> {
                Vec::<Deep>::decode(deserializer).map(|_| Deep)
            }
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(decode::<Deep>(&nested(127)).is_ok());
        assert!(decode::<Deep>(&nested(128)).unwrap_err().contains("recursion limit exceeded"));
    }
}
