//! [`Others`]: the members of an object that its schema does not name, kept or refused.

use std::fmt;

use serde_core::de::MapAccess;
use serde_core::ser::SerializeMap;

use crate::data::AdditionalProperties;
use crate::decode::Decode;
use crate::model::{Object, ObjectWriter};

/// What becomes of members that the schema does not name.
pub trait Others: Default + Clone + PartialEq {
    /// Reads the value of one, whose name the object has just met.
    fn read<'de, A: MapAccess<'de>>(&mut self, object: &mut Object<'de, A>);

    /// Writes them.
    fn write<S: SerializeMap>(&self, object: &mut ObjectWriter<S>);

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

    fn debug(&self, _: &mut fmt::DebugStruct<'_, '_>) {}
}
