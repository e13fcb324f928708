//! [`Kinds`]: JSON's kinds of values, told apart by the first byte of their text.

use std::fmt;

use serde_core::de::{Error, Unexpected};

use crate::data::number_length;

/// A set of the kinds of values that JSON has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

/// Every kind with its name in messages.
const NAMES: [(Kinds, &str); 6] = [
    (Kinds::NULL, "null"),
    (Kinds::BOOLEAN, "a boolean"),
    (Kinds::NUMBER, "a number"),
    (Kinds::STRING, "a string"),
    (Kinds::ARRAY, "an array"),
    (Kinds::OBJECT, "an object"),
];

impl Kinds {
    /// `null`
    pub const NULL: Self = Self(1);
    /// `true` and `false`
    pub const BOOLEAN: Self = Self(2);
    /// Numbers.
    pub const NUMBER: Self = Self(4);
    /// Strings.
    pub const STRING: Self = Self(8);
    /// Arrays.
    pub const ARRAY: Self = Self(16);
    /// Objects.
    pub const OBJECT: Self = Self(32);
    /// Every kind.
    pub const ANY: Self = Self(63);
    /// No kind.
    pub(crate) const NONE: Self = Self(0);

    /// The kinds of both sets.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a kind.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kind of the value that a JSON text starts with; no kind where it starts with none.
    pub(crate) fn of(text: &str) -> Self {
        match text.as_bytes().first() {
            Some(b'n') => Self::NULL,
            Some(b't' | b'f') => Self::BOOLEAN,
            Some(b'-' | b'0'..=b'9') => Self::NUMBER,
            Some(b'"') => Self::STRING,
            Some(b'[') => Self::ARRAY,
            Some(b'{') => Self::OBJECT,
            _ => Self::NONE,
        }
    }
}

impl fmt::Display for Kinds {
    /// Writes `a string`, or `an array, an object or null`-like lists in the order of the constants.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = NAMES.iter().filter(|(kind, _)| kind.meets(*self)).map(|(_, name)| *name).collect();
        match names.as_slice() {
            [] => formatter.write_str("something that is not JSON"),
            [only] => formatter.write_str(only),
            [first @ .., last] => write!(formatter, "{} or {last}", first.join(", ")),
        }
    }
}

/// The error of a value of the wrong kind. It names the kind that is there, and no content.
#[cold]
pub(crate) fn kind_error<E: Error>(text: &str, expected: Kinds) -> E {
    let found = Kinds::of(text);
    if found == Kinds::NUMBER && number_length(text) != Some(text.len()) {
        return E::custom("invalid number");
    }
    E::invalid_type(Unexpected::Other(&found.to_string()), &expected.to_string().as_str())
}

#[cfg(test)]
mod tests {
    use super::Kinds;

    #[test]
    fn kinds_are_named_and_told_apart() {
        assert_eq!(Kinds::of("-1"), Kinds::NUMBER);
        assert_eq!(Kinds::of("]"), Kinds::NONE);
        assert_eq!(Kinds::NULL.or(Kinds::STRING).or(Kinds::OBJECT).to_string(), "null, a string or an object");
        assert!(!Kinds::STRING.meets(Kinds::OBJECT.or(Kinds::NULL)));
    }
}
