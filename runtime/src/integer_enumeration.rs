//! [`IntegerEnumeration`]: whole numbers of a documented set, as `enumeration.rs` is for strings. An open one keeps a number that
//! the document does not name, of whatever size; a closed one refuses it.

use std::fmt;

use serde_core::de::{Deserializer, Error};

use crate::data::Integer;
use crate::decode::{Decode, Decoder, Kinds};
use crate::union::count_loss;

/// An enum whose values are whole numbers in JSON. Numbers count by their value: `1.0` is `1`.
///
/// ```
/// use wireproof_runtime::{Integer, IntegerEnumeration};
///
/// #[derive(Clone, Debug, PartialEq)]
/// enum Priority {
///     Low,
///     High,
///     Unknown(Integer),
/// }
///
/// impl IntegerEnumeration for Priority {
///     const NAME: &'static str = "Priority";
///     const VALUES: &'static [i128] = &[-1, 1];
///
///     fn from_known(value: i128) -> Option<Self> {
///         Some(match value {
///             -1 => Self::Low,
///             1 => Self::High,
///             _ => return None,
///         })
///     }
///
///     fn from_unknown(value: Integer) -> Option<Self> {
///         Some(Self::Unknown(value))
///     }
///
///     fn to_integer(&self) -> Integer {
///         match self {
///             Self::Low => Integer::from(-1_i128),
///             Self::High => Integer::from(1_i128),
///             Self::Unknown(value) => value.clone(),
///         }
///     }
/// }
///
/// wireproof_runtime::integer_enumeration!(Priority);
///
/// assert_eq!(serde_json::from_str::<Vec<Priority>>("[-1, 1.0]")?, [Priority::Low, Priority::High]);
/// assert_eq!(serde_json::to_string(&Priority::Low)?, "-1");
/// assert_eq!(serde_json::from_str::<Priority>("7")?.to_string(), "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait IntegerEnumeration: Sized {
    /// The name of the type, for messages.
    const NAME: &'static str;

    /// The documented values.
    const VALUES: &'static [i128];

    /// The variant of a documented value.
    fn from_known(value: i128) -> Option<Self>;

    /// The variant of any other value; `None` where the enumeration is closed.
    fn from_unknown(value: Integer) -> Option<Self>;

    /// The value as it is in JSON.
    fn to_integer(&self) -> Integer;
}

/// A number is none of the values of a closed [`IntegerEnumeration`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegerEnumerationError {
    name: &'static str,
    values: &'static [i128],
}

impl fmt::Display for IntegerEnumerationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let mut before = if self.values.len() == 1 { "" } else { "one of " };
        write!(formatter, "unknown value of `{}`, expected ", self.name)?;
        for value in self.values.iter().take(SHOWN) {
            write!(formatter, "{before}`{value}`")?;
            before = ", ";
        }
        match self.values.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

impl std::error::Error for IntegerEnumerationError {}

/// The variant of a whole number. An unknown value counts as a loss of fit where a union is being read.
///
/// # Errors
///
/// A value that a closed enumeration does not have.
pub fn integer_variant<T: IntegerEnumeration>(value: Integer) -> Result<T, IntegerEnumerationError> {
    if let Some(known) = value.as_number().to_i128().and_then(T::from_known) {
        return Ok(known);
    }
    count_loss();
    T::from_unknown(value).ok_or(IntegerEnumerationError { name: T::NAME, values: T::VALUES })
}

/// Reads an [`IntegerEnumeration`].
#[derive(Debug, Clone, Copy)]
pub enum AsInteger {}

impl<T: IntegerEnumeration> Decoder<T> for AsInteger {
    const KINDS: Kinds = Kinds::NUMBER;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        integer_variant(Integer::decode(deserializer)?).map_err(D::Error::custom)
    }
}

/// Implements `Deserialize`, `Serialize`, [`Decode`](crate::Decode), `Display`, and the conversions from and to [`Integer`] for an
/// [`IntegerEnumeration`].
#[macro_export]
macro_rules! integer_enumeration {
    ($type:ty) => {
        $crate::data_impls!($type, $crate::AsInteger, |value: &$type, serializer| {
            $crate::serde::Serialize::serialize(&$crate::IntegerEnumeration::to_integer(value), serializer)
        });

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&$crate::IntegerEnumeration::to_integer(self), formatter)
            }
        }

        impl ::core::convert::From<$type> for $crate::Integer {
            fn from(value: $type) -> Self {
                $crate::IntegerEnumeration::to_integer(&value)
            }
        }

        impl ::core::convert::TryFrom<$crate::Integer> for $type {
            type Error = $crate::IntegerEnumerationError;

            fn try_from(value: $crate::Integer) -> ::core::result::Result<Self, Self::Error> {
                $crate::integer_variant(value)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::IntegerEnumeration;
    use crate::Integer;

    /// Beyond 2^64.
    const HUGE: i128 = 1 << 70;

    #[derive(Clone, Debug, PartialEq)]
    struct Closed(i128);

    impl IntegerEnumeration for Closed {
        const NAME: &'static str = "Closed";
        const VALUES: &'static [i128] = &[0, 1, HUGE];

        fn from_known(value: i128) -> Option<Self> {
            Self::VALUES.contains(&value).then_some(Self(value))
        }

        fn from_unknown(_: Integer) -> Option<Self> {
            None
        }

        fn to_integer(&self) -> Integer {
            self.0.into()
        }
    }

    crate::integer_enumeration!(Closed);

    #[test]
    fn values_count_by_value_and_keep_every_digit() {
        for (text, value) in [("0", 0), ("-0.0", 0), ("1.0", 1), ("10e-1", 1), ("1180591620717411303424", HUGE)] {
            assert_eq!(serde_json::from_str::<Closed>(text).unwrap(), Closed(value), "{text}");
        }
        assert_eq!(serde_json::to_string(&Closed(HUGE)).unwrap(), "1180591620717411303424");
        let error = serde_json::from_str::<Closed>("2").unwrap_err().to_string();
        assert!(error.starts_with("unknown value of `Closed`, expected one of `0`, `1`, `1180591620717411303424`"), "{error}");
        for text in ["1.5", "\"1\"", "true", "1180591620717411303424.5", "1e400"] {
            assert!(serde_json::from_str::<Closed>(text).is_err(), "{text}");
        }
    }
}
