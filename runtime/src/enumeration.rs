//! [`Enumeration`]: strings of a documented set. An open enumeration keeps a value that the document does not name; a closed one
//! refuses it.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, Visitor};

use crate::union::count_loss;

/// An enum whose values are strings in JSON.
///
/// ```
/// use wireproof_runtime::Enumeration;
///
/// #[derive(Debug, PartialEq)]
/// enum Status {
///     Active,
///     Gone,
///     Unknown(String),
/// }
///
/// impl Enumeration for Status {
///     const NAME: &'static str = "Status";
///     const VALUES: &'static [&'static str] = &["active", "gone"];
///
///     fn from_known(value: &str) -> Option<Self> {
///         Some(match value {
///             "active" => Self::Active,
///             "gone" => Self::Gone,
///             _ => return None,
///         })
///     }
///
///     fn from_unknown(value: String) -> Option<Self> {
///         Some(Self::Unknown(value))
///     }
///
///     fn as_str(&self) -> &str {
///         match self {
///             Self::Active => "active",
///             Self::Gone => "gone",
///             Self::Unknown(value) => value,
///         }
///     }
/// }
///
/// wireproof_runtime::enumeration!(Status);
///
/// assert_eq!(serde_json::from_str::<Status>(r#""gone""#)?, Status::Gone);
/// assert_eq!(Status::Unknown("new".into()).to_string(), "new");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Enumeration: Sized {
    /// The name of the type, for messages.
    const NAME: &'static str;

    /// The documented values.
    const VALUES: &'static [&'static str];

    /// The variant of a documented value.
    fn from_known(value: &str) -> Option<Self>;

    /// The variant of any other value; `None` where the enumeration is closed.
    fn from_unknown(value: String) -> Option<Self>;

    /// The value as it is in JSON.
    fn as_str(&self) -> &str;
}

/// A string is none of the values of a closed [`Enumeration`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumerationError {
    name: &'static str,
    values: &'static [&'static str],
}

impl fmt::Display for EnumerationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unknown value of `{}`, expected {}", self.name, Values(self.values))
    }
}

impl std::error::Error for EnumerationError {}

/// The first values of an enumeration, for a message.
struct Values(&'static [&'static str]);

impl fmt::Display for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        let mut before = if self.0.len() == 1 { "" } else { "one of " };
        for value in self.0.iter().take(SHOWN) {
            write!(formatter, "{before}`{value}`")?;
            before = ", ";
        }
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

/// The variant of a string.
///
/// # Errors
///
/// A value that a closed enumeration does not have.
pub fn parse_enumeration<T: Enumeration>(value: &str) -> Result<T, EnumerationError> {
    match T::from_known(value) {
        Some(known) => Ok(known),
        None => T::from_unknown(value.to_owned()).ok_or(EnumerationError { name: T::NAME, values: T::VALUES }),
    }
}

struct EnumerationVisitor<T>(PhantomData<T>);

impl<T: Enumeration> Visitor<'_> for EnumerationVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Values(T::VALUES))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        if let Some(known) = T::from_known(value) {
            return Ok(known);
        }
        count_loss();
        parse_enumeration(value).map_err(E::custom)
    }
}

/// Reads an enumeration. An unknown value counts as a loss of fit where a union is being read.
///
/// # Errors
///
/// What is not a string, and a value that a closed enumeration does not have.
pub fn decode_enumeration<'de, T: Enumeration, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(EnumerationVisitor(PhantomData))
}

/// Implements `Deserialize`, `Serialize`, [`Decode`](crate::Decode), `Display` and `FromStr` for an [`Enumeration`].
#[macro_export]
macro_rules! enumeration {
    ($type:ty) => {
        $crate::data_impls!($type, STRING, $crate::decode_enumeration, |value: &$type, serializer| {
            $crate::serde::Serializer::serialize_str(serializer, $crate::Enumeration::as_str(value))
        });

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str($crate::Enumeration::as_str(self))
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::EnumerationError;

            fn from_str(value: &str) -> ::core::result::Result<Self, $crate::EnumerationError> {
                $crate::parse_enumeration(value)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Enumeration;

    #[derive(Debug, PartialEq)]
    struct Closed(&'static str);

    impl Enumeration for Closed {
        const NAME: &'static str = "Closed";
        const VALUES: &'static [&'static str] = &["a", "b", "c", "d", "e", "f", "g", "h", "i"];

        fn from_known(value: &str) -> Option<Self> {
            Self::VALUES.iter().find(|known| **known == value).map(|known| Self(known))
        }

        fn from_unknown(_: String) -> Option<Self> {
            None
        }

        fn as_str(&self) -> &str {
            self.0
        }
    }

    crate::enumeration!(Closed);

    #[test]
    fn a_closed_enumeration_names_its_values() {
        assert_eq!("c".parse(), Ok(Closed("c")));
        assert_eq!(serde_json::to_string(&Closed("c")).unwrap(), r#""c""#);
        let message = "unknown value of `Closed`, expected one of `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` and 1 more";
        assert_eq!("z".parse::<Closed>().unwrap_err().to_string(), message);
        assert!(serde_json::from_str::<Closed>(r#""z""#).unwrap_err().to_string().starts_with(message));
        let error = serde_json::from_str::<Closed>("1").unwrap_err().to_string();
        assert!(error.starts_with("invalid type: integer `1`, expected one of `a`, `b`"), "{error}");
    }
}
