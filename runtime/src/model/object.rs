//! [`Object`]: reads the members of one object into the fields of a generated struct.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use crate::data::AdditionalProperties;
use crate::decode::{Decode, Decoder, OptionalSeed, Seed, at_key};
use crate::model::ModelInfo;
use crate::union::count_loss;

/// The reader of one object. The first error is parked here: after it there is no next key, and whoever started the reader
/// answers with the error.
pub struct Object<'de, A: MapAccess<'de>> {
    members: A,
    keys: &'static [&'static str],
    /// How many of the keys, from the first on, are required.
    required: usize,
    /// Where the next key is looked for first: documents mostly follow the order of the schema.
    likely: usize,
    /// The index of the current key, or the number of keys where the current name is another.
    current: usize,
    other: Cow<'de, str>,
    error: Option<A::Error>,
    marker: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Object<'de, A> {
    pub(crate) fn new(members: A, info: &ModelInfo) -> Self {
        let ModelInfo { keys, required, .. } = *info;
        Self { members, keys, required, likely: 0, current: 0, other: Cow::Borrowed(""), error: None, marker: PhantomData }
    }

    /// The index of the next member's name among the keys, or the number of keys for any other name; `None` at the end.
    #[inline]
    pub fn next_key(&mut self) -> Option<usize> {
        if self.error.is_some() {
            return None;
        }
        match self.members.next_key_seed(KeySeed { keys: self.keys, likely: self.likely }) {
            Ok(Some(Key::Known(index))) => {
                self.likely = index + 1;
                self.current = index;
                Some(index)
            }
            Ok(Some(Key::Other(name))) => {
                self.other = name;
                self.current = self.keys.len();
                Some(self.current)
            }
            Ok(None) => None,
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads the value of the current member. A member that comes twice has its last value.
    #[inline]
    pub fn read<T: Decode>(&mut self, slot: &mut Option<T>) {
        let optional = self.current >= self.required;
        let value = if optional { self.members.next_value_seed(OptionalSeed::new()) } else { self.members.next_value_seed(Seed::new()) };
        match value {
            Ok(value) => *slot = Some(value),
            Err(error) => self.fail(&error),
        }
    }

    /// Reads the value of a member that the schema does not name. It counts as a loss of fit where a union is being read.
    pub fn read_other<T: Decode>(&mut self, members: &mut AdditionalProperties<T>) {
        count_loss();
        match self.members.next_value_seed(Seed::new()) {
            Ok(value) => {
                members.insert(std::mem::take(&mut self.other), value);
            }
            Err(error) => self.fail(&error),
        }
    }

    /// Refuses a member that the schema does not allow.
    #[cold]
    pub fn refuse_other(&mut self) {
        if self.error.is_none() {
            self.error = Some(A::Error::unknown_field(&self.other, self.keys));
        }
    }

    /// The value of a member. `None`, with an error parked, where it is missing and that has no meaning.
    #[inline]
    pub fn take<T: Decode>(&mut self, index: usize, slot: Option<T>) -> Option<T> {
        match slot {
            Some(value) => Some(value),
            None => T::By::missing(index >= self.required).or_else(|| self.missing(index)),
        }
    }

    /// The value or the parked error.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, A::Error> {
        match (self.error, value) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            (None, None) => Err(A::Error::custom("the members do not make a value of this type")),
        }
    }

    #[cold]
    fn missing<T>(&mut self, index: usize) -> Option<T> {
        if self.error.is_none() {
            self.error = Some(A::Error::missing_field(self.keys.get(index).copied().unwrap_or_default()));
        }
        None
    }

    #[cold]
    fn fail(&mut self, error: &A::Error) {
        let key = self.keys.get(self.current).copied().unwrap_or(&self.other);
        self.error = Some(at_key(key, error));
    }
}

impl<'de, A: MapAccess<'de>> fmt::Debug for Object<'de, A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Object").field("keys", &self.keys).field("current", &self.current).finish_non_exhaustive()
    }
}

enum Key<'de> {
    Known(usize),
    Other(Cow<'de, str>),
}

/// Reads the name of a member as an index among the keys.
struct KeySeed {
    keys: &'static [&'static str],
    likely: usize,
}

impl KeySeed {
    /// Looks where the key is likely first, then everywhere.
    #[inline]
    fn index(&self, name: &str) -> Option<usize> {
        if self.keys.get(self.likely).is_some_and(|key| *key == name) {
            return Some(self.likely);
        }
        self.keys.iter().position(|key| *key == name)
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(self.index(name).map_or(Key::Other(Cow::Borrowed(name)), Key::Known))
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(self.index(name).map_or_else(|| Key::Other(Cow::Owned(name.to_owned())), Key::Known))
    }
}
