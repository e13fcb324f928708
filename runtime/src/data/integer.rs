//! [`Integer`]: a whole JSON number of any size.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde_core::de::{Deserializer, Error as _};
use serde_core::{Deserialize, Serialize, Serializer};

use crate::data::{Decimal, Number};

/// A whole number of any size: the JSON Schema type `integer`. `1.0` and `1e3` are whole, as JSON Schema has it; `1.5` is
/// refused. It keeps its spelling, and compares by its value.
#[derive(Clone, Default)]
pub struct Integer(Number);

/// The number has a fraction, or does not fit the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAnInteger;

impl fmt::Display for NotAnInteger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a whole number in range")
    }
}

impl std::error::Error for NotAnInteger {}

impl Integer {
    /// The number as `i64`, if it fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    /// The number as `u64`, if it fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.0.as_u64()
    }

    /// The number itself.
    pub fn as_number(&self) -> &Number {
        &self.0
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self.0.as_i64(), other.0.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => Decimal::new(&self.0.as_str()).cmp(&Decimal::new(&other.0.as_str())),
        }
    }
}

impl From<Integer> for Number {
    fn from(value: Integer) -> Self {
        value.0
    }
}

impl TryFrom<Number> for Integer {
    type Error = NotAnInteger;

    fn try_from(value: Number) -> Result<Self, NotAnInteger> {
        if value.is_whole() { Ok(Self(value)) } else { Err(NotAnInteger) }
    }
}

impl FromStr for Integer {
    type Err = NotAnInteger;

    fn from_str(text: &str) -> Result<Self, NotAnInteger> {
        text.parse::<Number>().map_err(|_| NotAnInteger)?.try_into()
    }
}

macro_rules! from_primitive {
    ($($primitive:ty)*) => {
        $(
            impl From<$primitive> for Integer {
                fn from(value: $primitive) -> Self {
                    Self(Number::from(value))
                }
            }
        )*
    };
}

from_primitive!(i32 i64 u32 u64 i128);

macro_rules! into_primitive {
    ($($primitive:ty)*) => {
        $(
            impl TryFrom<Integer> for $primitive {
                type Error = NotAnInteger;

                fn try_from(value: Integer) -> Result<Self, NotAnInteger> {
                    value.0.to_i128().and_then(|value| value.try_into().ok()).ok_or(NotAnInteger)
                }
            }
        )*
    };
}

into_primitive!(i8 i16 i32 i64 i128 u8 u16 u32 u64);

impl fmt::Display for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Integer({})", self.0)
    }
}

impl PartialEq for Integer {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Eq for Integer {}

impl PartialEq<i64> for Integer {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other)
    }
}

impl Hash for Integer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Decimal::new(&self.0.as_str()).hash(state);
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Number::deserialize(deserializer)?
            .try_into()
            .map_err(|_| D::Error::custom("invalid value: a number with a fraction, expected an integer"))
    }
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
