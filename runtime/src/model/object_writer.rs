//! [`ObjectWriter`]: writes the fields of a generated struct as the members of one object.

use std::fmt;

use serde_core::Serialize;
use serde_core::ser::{Error, SerializeMap};

use crate::data::{AdditionalProperties, Field};

/// The writer of one object. The first error is parked here, and nothing is written after it.
pub struct ObjectWriter<S: SerializeMap> {
    members: S,
    keys: &'static [&'static str],
    error: Option<S::Error>,
}

impl<S: SerializeMap> ObjectWriter<S> {
    pub(crate) fn new(members: S, keys: &'static [&'static str]) -> Self {
        Self { members, keys, error: None }
    }

    /// Writes a member.
    #[inline]
    pub fn write<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        if self.error.is_none() {
            self.error = self.members.serialize_entry(key, value).err();
        }
    }

    /// Writes a member, unless it is absent.
    #[inline]
    pub fn write_optional<T: Optional>(&mut self, key: &str, value: &T) {
        if value.is_present() {
            self.write(key, value);
        }
    }

    /// Writes the members that the schema does not name. One that it names is refused: the object would have it twice.
    pub fn write_other<T: Serialize>(&mut self, members: &AdditionalProperties<T>) {
        for (name, value) in members.iter() {
            if self.keys.contains(&name) && self.error.is_none() {
                self.error = Some(S::Error::custom(format_args!("`{name}` is a member of its own, and cannot be an additional property")));
            }
            self.write(name, value);
        }
    }

    pub(crate) fn finish(self) -> Result<S::Ok, S::Error> {
        match self.error {
            Some(error) => Err(error),
            None => self.members.end(),
        }
    }
}

impl<S: SerializeMap> fmt::Debug for ObjectWriter<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ObjectWriter").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// A field of an optional member.
pub trait Optional: Serialize {
    /// Whether the member is there: with a value or, where the field knows that state, as null.
    fn is_present(&self) -> bool;
}

impl<T: Serialize> Optional for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T: Serialize> Optional for Field<T> {
    fn is_present(&self) -> bool {
        !self.is_absent()
    }
}
