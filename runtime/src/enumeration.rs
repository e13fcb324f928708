//! [`Enumeration`]: strings of a documented set. An open enumeration keeps a value that the document does not name; a closed one
//! refuses it.

use std::fmt;
use std::marker::PhantomData;
use std::mem::discriminant;

use serde_core::de::{Deserializer, Error, Visitor};
use serde_core::ser::Serializer;

use crate::decode::{Decoder, Kinds};
use crate::union::count_loss;

/// An enum whose values are strings in JSON.
///
/// ```
/// use wireproof_runtime::{Enumeration, EnumerationInfo};
///
/// #[derive(Clone)]
/// enum Status {
///     Active,
///     Gone,
///     Unknown(String),
/// }
///
/// impl Enumeration for Status {
///     const INFO: EnumerationInfo<Self> = EnumerationInfo {
///         name: "Status",
///         values: &["active", "gone"],
///         variants: &[Self::Active, Self::Gone],
///         unknown: Some(Self::Unknown),
///     };
///
///     fn unknown(&self) -> Option<&str> {
///         if let Self::Unknown(value) = self { Some(value) } else { None }
///     }
/// }
///
/// wireproof_runtime::enumeration!(Status);
///
/// assert_eq!(serde_json::from_str::<Status>(r#""gone""#)?, Status::Gone);
/// assert_eq!(Status::Unknown("new".into()).to_string(), "new");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Enumeration: Clone + 'static {
    /// Its name, its values and their variants.
    const INFO: EnumerationInfo<Self>;

    /// The value, if it is none of the documented ones. A closed enumeration has no such value.
    fn unknown(&self) -> Option<&str> {
        None
    }

    /// The variant of a string.
    ///
    /// # Errors
    ///
    /// A value that a closed enumeration does not have.
    fn parse(value: &str) -> Result<Self, EnumerationError> {
        let EnumerationInfo { name, values, variants, unknown } = Self::INFO;
        let index = values.iter().position(|known| *known == value);
        if let Some(variant) = index.and_then(|index| variants.get(index)) {
            return Ok(variant.clone());
        }
        count_loss();
        unknown.map(|unknown| unknown(value.to_owned())).ok_or(EnumerationError { name, values })
    }

    /// The value as it is in JSON.
    fn as_str(&self) -> &str {
        self.unknown().unwrap_or_else(|| {
            let EnumerationInfo { values, variants, .. } = Self::INFO;
            let this = discriminant(self);
            let index = variants.iter().position(|variant| discriminant(variant) == this);
            index.and_then(|index| values.get(index)).copied().unwrap_or_default()
        })
    }
}

/// What an [`Enumeration`] is called, and what its values are. A table rather than methods, since a constant costs a compiler less.
#[derive(Debug, Clone, Copy)]
pub struct EnumerationInfo<T: 'static> {
    /// The name of the type, for messages.
    pub name: &'static str,
    /// The documented values, in the order of the variants.
    pub values: &'static [&'static str],
    /// The variant of each documented value.
    pub variants: &'static [T],
    /// The variant of any other value; `None` where the enumeration is closed.
    pub unknown: Option<fn(String) -> T>,
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

/// Whether two values are the same: a documented one is none that happens to be written alike.
pub fn equal_enumerations<T: Enumeration>(left: &T, right: &T) -> bool {
    discriminant(left) == discriminant(right) && left.unknown() == right.unknown()
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
                $crate::equal_enumerations(self, other)
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
    use super::{Enumeration, EnumerationInfo};

    #[derive(Clone, Copy)]
    enum Closed {
        A,
        B,
        C,
        D,
        E,
        F,
        G,
        H,
        I,
    }

    impl Enumeration for Closed {
        const INFO: EnumerationInfo<Self> = EnumerationInfo {
            name: "Closed",
            values: &["a", "b", "c", "d", "e", "f", "g", "h", "i"],
            variants: &[Self::A, Self::B, Self::C, Self::D, Self::E, Self::F, Self::G, Self::H, Self::I],
            unknown: None,
        };
    }

    crate::enumeration!(Closed);

    #[derive(Clone)]
    enum Open {
        A,
        Unknown(String),
    }

    impl Enumeration for Open {
        const INFO: EnumerationInfo<Self> =
            EnumerationInfo { name: "Open", values: &["a"], variants: &[Self::A], unknown: Some(Self::Unknown) };

        fn unknown(&self) -> Option<&str> {
            if let Self::Unknown(value) = self { Some(value) } else { None }
        }
    }

    crate::enumeration!(Open);

    #[test]
    fn an_open_enumeration_keeps_what_it_does_not_know() {
        let values: Vec<Open> = serde_json::from_str(r#"["a","b"]"#).unwrap();
        assert_eq!(values, [Open::A, Open::Unknown("b".to_owned())]);
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"["a","b"]"#);
        assert_eq!(format!("{:?} {}", values, Open::A), r#"[Open("a"), Open("b")] a"#);
        assert_ne!(values.first(), values.last());
        assert_ne!(Open::Unknown("b".to_owned()), Open::Unknown("c".to_owned()));
        assert_ne!(Open::Unknown("a".to_owned()), Open::A, "what nobody read is no documented value");
    }

    #[test]
    fn a_closed_enumeration_names_its_values() {
        assert_eq!(Closed::parse("c"), Ok(Closed::C));
        assert_ne!(Closed::parse("c"), Ok(Closed::D));
        assert_eq!(serde_json::to_string(&Closed::I).unwrap(), r#""i""#);
        let message = "unknown value of `Closed`, expected one of `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` and 1 more";
        assert_eq!(Closed::parse("z").unwrap_err().to_string(), message);
        assert!(serde_json::from_str::<Closed>(r#""z""#).unwrap_err().to_string().starts_with(message));
        let error = serde_json::from_str::<Closed>("1").unwrap_err().to_string();
        assert!(error.starts_with("invalid type: integer `1`, expected one of `a`, `b`"), "{error}");
    }
}
