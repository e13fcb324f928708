//! [`Decode`] for booleans, numbers, strings and null.

use std::fmt;

use serde_core::Deserialize;
use serde_core::de::{Deserializer, Error, Visitor};

use crate::data::{Decimal, Integer, Json, Number, number_length, raw_json};
use crate::decode::{Decode, Decoder, Itself, Kinds, bounded, kind_error};

/// Types whose own `Deserialize` reads them as generated code needs it.
macro_rules! as_serde_does {
    ($($kind:ident: $($type:ty)*),*) => {
        $($(
            impl Decode for $type {
                type By = Itself;
            }

            impl Decoder<$type> for Itself {
                const KINDS: Kinds = Kinds::$kind;

                #[inline]
                fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                    <$type>::deserialize(deserializer)
                }
            }
        )*)*
    };
}

as_serde_does!(NUMBER: Number Integer, BOOLEAN: bool, ANY: Json);

impl Decode for String {
    type By = Itself;
}

impl Decoder<String> for Itself {
    const KINDS: Kinds = Kinds::STRING;

    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_string(StringVisitor)
    }
}

/// serde's own visitor also takes bytes, and says less in its errors.
struct StringVisitor;

impl Visitor<'_> for StringVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<String, E> {
        Ok(value)
    }
}

/// Integers are read from the text: whatever the spelling, the value counts, and none is rounded on the way.
macro_rules! integers {
    ($($type:ident)*) => {
        $(
            impl Decode for $type {
                type By = Itself;
            }

            impl Decoder<$type> for Itself {
                const KINDS: Kinds = Kinds::NUMBER;

                #[inline]
                fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                    let text = raw_json(deserializer)?;
                    match text.parse() {
                        Ok(value) => Ok(value),
                        Err(_) => match whole_number(&text).and_then(|value| value.try_into().ok()) {
                            Some(value) => Ok(value),
                            None => Err(not_in_range(&text, i128::from($type::MIN), i128::from($type::MAX))),
                        },
                    }
                }
            }
        )*
    };
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64);

#[cold]
fn whole_number(text: &str) -> Option<i128> {
    if number_length(text)? == text.len() { Decimal::new(text).to_i128() } else { None }
}

#[cold]
fn not_in_range<E: Error>(text: &str, least: i128, greatest: i128) -> E {
    if number_length(text) == Some(text.len()) {
        E::custom(format_args!("invalid value: number `{}`, expected an integer from {least} to {greatest}", bounded(text, 40)))
    } else {
        kind_error(text, Kinds::NUMBER)
    }
}

/// Floats are read from the text too: `serde_json` may miss the nearest one by a bit, unless a feature is on.
macro_rules! floats {
    ($($type:ident)*) => {
        $(
            impl Decode for $type {
                type By = Itself;
            }

            impl Decoder<$type> for Itself {
                const KINDS: Kinds = Kinds::NUMBER;

                #[inline]
                fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                    let text = raw_json(deserializer)?;
                    match text.parse() {
                        Ok(value) if $type::is_finite(value) && Kinds::of(&text) == Kinds::NUMBER => Ok(value),
                        _ => Err(not_finite(&text)),
                    }
                }
            }
        )*
    };
}

floats!(f32 f64);

#[cold]
fn not_finite<E: Error>(text: &str) -> E {
    if number_length(text) == Some(text.len()) {
        E::custom(format_args!("invalid value: number `{}` is out of range", bounded(text, 40)))
    } else {
        kind_error(text, Kinds::NUMBER)
    }
}

impl Decode for () {
    type By = Itself;
}

impl Decoder<()> for Itself {
    const KINDS: Kinds = Kinds::NULL;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        <()>::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::Decode;
    use crate::decode::without_position;

    #[track_caller]
    fn check<T: Decode>(text: &str, expected: Result<T, &str>) {
        let read = |result: serde_json::Result<T>| result.map_err(|error| without_position(&error.to_string()).to_owned());
        let expected = expected.map_err(str::to_owned);
        assert_eq!(read(T::decode(&mut serde_json::Deserializer::from_str(text))), expected, "{text}");
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
            assert_eq!(read(T::decode(&value)).is_ok(), expected.is_ok(), "{text} through a value");
        }
    }

    #[test]
    fn integers_are_read_by_value() {
        check("7", Ok(7_i64));
        check("1.0", Ok(1_u8));
        check("1e3", Ok(1000_i16));
        check("-0", Ok(0_u32));
        check("-128", Ok(-128_i8));
        check("18446744073709551615", Ok(u64::MAX));
        check("9007199254740993.0", Ok(9_007_199_254_740_993_i64));
        check::<i8>("128", Err("invalid value: number `128`, expected an integer from -128 to 127"));
        check::<i64>("1.5", Err("invalid value: number `1.5`, expected an integer from -9223372036854775808 to 9223372036854775807"));
        check::<u8>("-1", Err("invalid value: number `-1`, expected an integer from 0 to 255"));
        check::<i32>("\"5\"", Err("invalid type: a string, expected a number"));
        check::<i32>("null", Err("invalid type: null, expected a number"));
    }

    #[test]
    fn floats_are_the_nearest() {
        check("0.1", Ok(0.1_f64));
        check("7.2057594037927933e16", Ok(72_057_594_037_927_933.0_f64));
        check("5", Ok(5.0_f64));
        check("16777217", Ok(16_777_216.0_f32));
        check::<f64>("true", Err("invalid type: a boolean, expected a number"));
        let error = f64::decode(&mut serde_json::Deserializer::from_str("1e400")).unwrap_err().to_string();
        assert!(error.contains("out of range"), "{error}");
    }

    #[test]
    fn nothing_is_taken_for_something_else() {
        check::<String>("5", Err("invalid type: integer `5`, expected a string"));
        check::<bool>("1", Err("invalid type: integer `1`, expected a boolean"));
        check::<()>("false", Err("invalid type: boolean `false`, expected unit"));
        check("null", Ok(()));
    }
}
