//! [`Others`]: the members of an object that its schema does not name, kept or refused.

use std::fmt;

use serde_core::de::MapAccess;
use serde_core::ser::SerializeMap;

use crate::data::{AdditionalProperties, Json, Map};
use crate::decode::{Decode, Decoder};
use crate::model::{Object, ObjectWriter};
use crate::validate::Checker;

/// What becomes of members that the schema does not name.
pub trait Others: Default + Clone + PartialEq {
    /// Reads the value of one, whose name the object has just met.
    fn read<'de, A: MapAccess<'de>>(&mut self, object: &mut Object<'de, A>);

    /// Writes them.
    fn write<S: SerializeMap>(&self, object: &mut ObjectWriter<S>);

    /// Checks the constraints of their type; `keys` are the members that the schema names.
    fn check(object: &Map<Json>, keys: &[&str], checker: &mut Checker);

    /// Shows them, where there are any.
    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>);
}

impl<T: Decode> Others for AdditionalProperties<T> {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(&mut self, object: &mut Object<'de, A>) {
        object.read_other(self);
    }

    #[inline]
    fn write<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write_other(self);
    }

    fn check(object: &Map<Json>, keys: &[&str], checker: &mut Checker) {
        for (name, value) in object.iter().filter(|(name, _)| !keys.contains(&name.as_str())) {
            checker.within(name, |checker| T::By::check(value, checker));
        }
    }

    fn debug(&self, shown: &mut fmt::DebugStruct<'_, '_>) {
        if !self.is_empty() {
            shown.field("additional_properties", self);
        }
    }
}

/// The schema allows no members but those that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoOthers;

impl Others for NoOthers {
    fn read<'de, A: MapAccess<'de>>(&mut self, object: &mut Object<'de, A>) {
        object.refuse_other();
    }

    fn write<S: SerializeMap>(&self, _: &mut ObjectWriter<S>) {}

    fn check(_: &Map<Json>, _: &[&str], _: &mut Checker) {}

    fn debug(&self, _: &mut fmt::DebugStruct<'_, '_>) {}
}
