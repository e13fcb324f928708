//! The three states of a member: absent, null, or a value. `{"id": null}` and `{}` are different requests.
//!
//! A generated struct has a [`Field`] where a member is optional and may be null. [`Nullable`] and [`Null`] are for the arguments of
//! constructors, where a member must be given and may be null: `with_id("x")` and `with_id(Null)` both read well.

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::Decode;

/// An optional member that may be null.
///
/// ```
/// use wireproof_runtime::{Field, Null};
///
/// let name: Field<String> = "Ada".into();
/// assert_eq!(name.value().map(String::as_str), Some("Ada"));
/// assert!(Field::<String>::from(Null).is_null());
/// assert!(Field::<String>::default().is_absent());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Field<T> {
    /// The member is not there.
    #[default]
    Absent,
    /// The member is there, and null.
    Null,
    /// The member has a value.
    Value(T),
}

impl<T> Field<T> {
    /// Whether the member is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the member is there and null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same state, with what `change` makes of the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Value(value) => Field::Value(change(value)),
        }
    }

    /// The same state, borrowed.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Value(value) => Field::Value(value),
        }
    }
}

/// A member that must be given, and may be null: the argument of a constructor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// The member is null.
    Null,
    /// The member has a value.
    Value(T),
}

/// JSON's null, where a constructor or a setter takes a value or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Null;

impl<T: Decode> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Field<T> {
    /// `None` is null: whoever wants the member absent does not set it.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<Null> for Field<T> {
    fn from(_: Null) -> Self {
        Self::Null
    }
}

impl<T> From<Nullable<T>> for Field<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => Self::Null,
            Nullable::Value(value) => Self::Value(value),
        }
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Decode> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<Null> for Nullable<T> {
    fn from(_: Null) -> Self {
        Self::Null
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => None,
            Nullable::Value(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Field<T> {
    /// Writes the value or null. An absent member is left out by whoever writes the object; by itself it is null.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Decode> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Null, Nullable};

    /// A constructor as generated code has it.
    fn with_id(id: impl Into<Nullable<String>>) -> Field<String> {
        Field::from(id.into())
    }

    #[test]
    fn every_state_can_be_written_down() {
        assert_eq!(with_id("x"), Field::Value("x".to_owned()));
        assert_eq!(with_id("x".to_owned()), Field::Value("x".to_owned()));
        assert_eq!(with_id(Some("x".to_owned())), Field::Value("x".to_owned()));
        assert_eq!(with_id(Null), Field::Null);
        assert_eq!(with_id(None), Field::Null);
        assert_eq!(Field::from(vec![1]), Field::Value(vec![1]));
        assert_eq!(Field::<i64>::from(None), Field::Null);
        assert_eq!(Option::<i64>::from(Nullable::from(5)), Some(5));
        assert_eq!(Field::Value(1).map(|value| value + 1).as_ref().into_value(), Some(&2));
    }

    #[test]
    fn fields_are_read_and_written_alone_too() {
        assert_eq!(serde_json::to_string(&[Field::Value(1), Field::Null]).unwrap(), "[1,null]");
        assert_eq!(serde_json::from_str::<Field<i64>>("null").unwrap(), Field::Null);
        assert_eq!(serde_json::from_str::<Field<i64>>("1.0").unwrap(), Field::Value(1));
    }
}
