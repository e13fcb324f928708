//! [`Decode`]: how the members of generated types are read.
//!
//! It is serde's `Deserialize` with three differences: integers are read by their value (`1.0` and `1e3` are whole), a missing member may
//! have a meaning, and an error says where in the body it arose. `scalars.rs` and `containers.rs` implement it for the types of
//! the language; generated types get it from a macro (see `model/`). `path.rs` puts the place into errors, and
//! `kind.rs` tells JSON's kinds of values apart without reading them.

mod containers;
mod kind;
mod path;
mod scalars;

use std::fmt;
use std::marker::PhantomData;

use serde_core::Serialize;
use serde_core::de::{DeserializeSeed, Deserializer};

use crate::data::Json;
use crate::validate::Checker;

pub use kind::Kinds;
pub(crate) use kind::kind_error;
pub(crate) use path::{at_index, at_key, bounded, split_pointer, without_position};

/// A value that generated code holds in a field, an item or a branch: it is read here, and written by `Serialize`.
///
/// Which code reads it is a type, [`By`](Self::By), and not a method: so the implementation for a generated type has no body that would have to be
/// compiled. Generated types get it by [`object!`](crate::object!), [`enumeration!`](crate::enumeration!), [`union!`](crate::union!) and their like.
pub trait Decode: Sized + Clone + fmt::Debug + PartialEq + Serialize {
    /// What reads it.
    type By: Decoder<Self>;

    /// The kinds of JSON values that may be read as this type. A union does not try a branch on any other kind.
    const KINDS: Kinds = <Self::By as Decoder<Self>>::KINDS;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// What does not fit the type. The message starts with the JSON Pointer of the place, where that is not the value itself.
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::By::decode(deserializer)
    }
}

/// Reads values of a type: what stands behind [`Decode`].
pub trait Decoder<T> {
    /// The kinds of JSON values that may be read as this type.
    const KINDS: Kinds = Kinds::ANY;

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// What does not fit the type. The message starts with the JSON Pointer of the place, where that is not the value itself.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;

    /// Reads the value of a member that may be left out. Only [`Option`] tells it from others: there, null is no value of such a member.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    #[inline]
    fn decode_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        Self::decode(deserializer)
    }

    /// What a member of this type is where the object lacks it; `None` makes that an error.
    #[inline]
    fn missing(_optional: bool) -> Option<T> {
        None
    }

    /// Whether an optional member of this value is left out of the object.
    #[inline]
    fn is_absent(_value: &T) -> bool {
        false
    }

    /// Checks the constraints of this type, and of the types inside it, on the JSON of a value: see [`Validate`](crate::Validate).
    fn check(_value: &Json, _checker: &mut Checker) {}
}

/// The [`Decoder`] of the types of the language and of this crate.
#[derive(Debug, Clone, Copy)]
pub enum Itself {}

/// Hands [`Decode`] to serde's readers of members and elements.
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

/// The same for the value of a member that may be left out.
pub(crate) struct OptionalSeed<T>(PhantomData<T>);

impl<T> OptionalSeed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for OptionalSeed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::By::decode_optional(deserializer)
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}
