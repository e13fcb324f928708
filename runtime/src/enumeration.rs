//! [`Enumeration`]: strings of a documented set. An open enumeration keeps a value that the document does not name; a closed one
//! refuses it.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, Visitor};
use serde_core::ser::Serializer;

use crate::decode::{Decoder, Kinds};
use crate::union::count_loss;

/// An enum whose values are strings in JSON.
///
/// ```
/// use wireproof_runtime::{Enumeration, EnumerationInfo, EnumerationValue};
///
/// #[derive(Clone)]
/// enum Status {
///     Active,
///     Gone,
///     Unknown(String),
/// }
///
/// impl Enumeration for Status {
///     const INFO: EnumerationInfo = EnumerationInfo { name: "Status", values: &["active", "gone"] };
///
///     fn variant(index: usize) -> Self {
///         match index {
///             0 => Self::Active,
///             _ => Self::Gone,
///         }
///     }
///
///     fn unknown(value: String) -> Option<Self> {
///         Some(Self::Unknown(value))
///     }
///
///     fn value(&self) -> EnumerationValue<'_> {
///         match self {
///             Self::Active => EnumerationValue::Known(0),
///             Self::Gone => EnumerationValue::Known(1),
///             Self::Unknown(value) => EnumerationValue::Unknown(value),
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
    /// Its name and its values.
    const INFO: EnumerationInfo;

    /// The variant of the documented value with this index; of the last one, where there are not so many.
    fn variant(index: usize) -> Self;

    /// The variant of any other value; `None` where the enumeration is closed.
    fn unknown(_value: String) -> Option<Self> {
        None
    }

    /// Which value it is.
    fn value(&self) -> EnumerationValue<'_>;

    /// The variant of a string.
    ///
    /// # Errors
    ///
    /// A value that a closed enumeration does not have.
    fn parse(value: &str) -> Result<Self, EnumerationError> {
        let EnumerationInfo { name, values } = Self::INFO;
        if let Some(index) = values.iter().position(|known| *known == value) {
            return Ok(Self::variant(index));
        }
        count_loss();
        Self::unknown(value.to_owned()).ok_or(EnumerationError { name, values })
    }

    /// The value as it is in JSON.
    fn as_str(&self) -> &str {
        match self.value() {
            EnumerationValue::Known(index) => Self::INFO.values.get(index).copied().unwrap_or_default(),
            EnumerationValue::Unknown(value) => value,
        }
    }
}

/// What an [`Enumeration`] is called, and what its values are.
#[derive(Debug, Clone, Copy)]
pub struct EnumerationInfo {
    /// The name of the type, for messages.
    pub name: &'static str,
    /// The documented values, in the order of the variants.
    pub values: &'static [&'static str],
}

/// A value of an [`Enumeration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnumerationValue<'a> {
    /// The documented value with this index.
    Known(usize),
    /// Another one.
    Unknown(&'a str),
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

/// Shows an enumeration as the name of its type with the value: `Status("active")`.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug_enumeration<T: Enumeration>(value: &T, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    formatter.debug_tuple(T::INFO.name).field(&value.as_str()).finish()
}

/// Reads an [`Enumeration`]. An unknown value counts as a loss of fit where a union is being read.
#[derive(Debug, Clone, Copy)]
pub enum AsString {}

impl<T: Enumeration> Decoder<T> for AsString {
    const KINDS: Kinds = Kinds::STRING;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(EnumerationVisitor(PhantomData))
    }
}

struct EnumerationVisitor<T>(PhantomData<T>);

impl<T: Enumeration> Visitor<'_> for EnumerationVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Values(T::INFO.values))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        T::parse(value).map_err(E::custom)
    }
}

/// Writes an enumeration.
///
/// # Errors
///
/// Whatever the serializer refuses.
pub fn encode_enumeration<T: Enumeration, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

/// Implements what every generated enumeration has, for an [`Enumeration`]: `Deserialize`, `Serialize`, [`Decode`](crate::Decode), `Display`, `Debug`,
/// and comparing by the value.
#[macro_export]
macro_rules! enumeration {
    ($type:ident) => {
        $crate::data_impls!($type, $crate::AsString, $crate::encode_enumeration);

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_enumeration(self, formatter)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::Enumeration::value(self) == $crate::Enumeration::value(other)
            }
        }

        impl ::core::cmp::Eq for $type {}

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str($crate::Enumeration::as_str(self))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::{Enumeration, EnumerationInfo, EnumerationValue};

    #[derive(Clone)]
    struct Closed(usize);

    impl Enumeration for Closed {
        const INFO: EnumerationInfo = EnumerationInfo { name: "Closed", values: &["a", "b", "c", "d", "e", "f", "g", "h", "i"] };

        fn variant(index: usize) -> Self {
            Self(index)
        }

        fn value(&self) -> EnumerationValue<'_> {
            EnumerationValue::Known(self.0)
        }
    }

    crate::enumeration!(Closed);

    #[test]
    fn a_closed_enumeration_names_its_values() {
        assert_eq!(Closed::parse("c"), Ok(Closed(2)));
        assert_eq!(serde_json::to_string(&Closed(2)).unwrap(), r#""c""#);
        let message = "unknown value of `Closed`, expected one of `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` and 1 more";
        assert_eq!(Closed::parse("z").unwrap_err().to_string(), message);
        assert!(serde_json::from_str::<Closed>(r#""z""#).unwrap_err().to_string().starts_with(message));
        let error = serde_json::from_str::<Closed>("1").unwrap_err().to_string();
        assert!(error.starts_with("invalid type: integer `1`, expected one of `a`, `b`"), "{error}");
    }
}
