//! [`Decode`] for arrays, maps, boxes and what may be null.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::data::{Field, Map};
use crate::decode::{Decode, Kinds, Seed, at_index, at_key};
use crate::depth::{Level, too_deep};

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    const KINDS: Kinds = T::KINDS;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Self::new)
    }

    fn missing() -> Option<Self> {
        T::missing().map(Self::new)
    }
}

/// Reads null or a value.
struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: Decode<'de>> Visitor<'de> for OptionVisitor<T> {
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

impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    const KINDS: Kinds = T::KINDS.or(Kinds::NULL);

    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Field<T> {
    const KINDS: Kinds = T::KINDS.or(Kinds::NULL);

    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::decode(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }

    fn missing() -> Option<Self> {
        Some(Self::Absent)
    }
}

struct VecVisitor<T>(PhantomData<T>);

impl<'de, T: Decode<'de>> Visitor<'de> for VecVisitor<T> {
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

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    const KINDS: Kinds = Kinds::ARRAY;

    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(VecVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Decode<'de>> Visitor<'de> for MapVisitor<T> {
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

impl<'de, T: Decode<'de>> Decode<'de> for Map<T> {
    const KINDS: Kinds = Kinds::OBJECT;

    #[inline]
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::{Decode, Field, Map};
    use crate::decode::without_position;

    fn decode<'de, T: Decode<'de>>(text: &'de str) -> Result<T, String> {
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
        assert_eq!(Option::<i32>::missing(), None, "a required member may be null, but not missing");
        assert_eq!(decode::<Field<i32>>("null"), Ok(Field::Null));
        assert_eq!(Field::<i32>::missing(), Some(Field::Absent));
        assert_eq!(Box::<Field<i32>>::missing(), Some(Box::new(Field::Absent)));
        assert_eq!(decode::<Box<Field<i32>>>("1"), Ok(Box::new(Field::Value(1))));
    }

    #[test]
    fn nesting_is_limited_in_every_reader() {
        #[derive(Debug)]
        struct Deep;
        impl<'de> Decode<'de> for Deep {
            fn decode<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Vec::<Deep>::decode(deserializer).map(|_| Self)
            }
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(decode::<Deep>(&nested(127)).is_ok());
        assert!(decode::<Deep>(&nested(128)).unwrap_err().contains("recursion limit exceeded"));
    }
}
