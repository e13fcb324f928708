//! [`ObjectWriter`]: writes the fields of a generated struct as the members of one object.

use std::fmt;

use serde_core::Serialize;
use serde_core::ser::{Error, SerializeMap};

use crate::data::AdditionalProperties;
use crate::decode::{Decode, Decoder};
use crate::model::ModelInfo;

/// The writer of one object. The first error is parked here, and nothing is written after it.
pub struct ObjectWriter<S: SerializeMap> {
    members: S,
    keys: &'static [&'static str],
    /// How many of the keys, from the first on, are required.
    required: usize,
    error: Option<S::Error>,
}

impl<S: SerializeMap> ObjectWriter<S> {
    pub(crate) fn new(members: S, info: &ModelInfo) -> Self {
        Self { members, keys: info.keys, required: info.required, error: None }
    }

    /// Writes the member with this index, unless it is optional and absent.
    #[inline]
    pub fn write<T: Decode>(&mut self, index: usize, value: &T) {
        if index < self.required || !T::By::is_absent(value) {
            self.entry(self.keys.get(index).copied().unwrap_or_default(), value);
        }
    }

    #[inline]
    fn entry<T: Serialize>(&mut self, key: &str, value: &T) {
        if self.error.is_none() {
            self.error = self.members.serialize_entry(key, value).err();
        }
    }

    /// Writes the members that the schema does not name. One that it names is refused: the object would have it twice.
    pub fn write_other<T: Serialize>(&mut self, members: &AdditionalProperties<T>) {
        for (name, value) in members.iter() {
            if self.keys.contains(&name) && self.error.is_none() {
                self.error = Some(S::Error::custom(format_args!("`{name}` is a member of its own, and cannot be an additional property")));
            }
            self.entry(name, value);
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
