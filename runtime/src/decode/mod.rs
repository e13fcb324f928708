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

use std::marker::PhantomData;

use serde_core::de::{DeserializeSeed, Deserializer};

pub use kind::Kinds;
pub(crate) use kind::kind_error;
pub(crate) use path::{at_index, at_key, bounded, split_pointer, without_position};

/// A value that generated code reads.
///
/// Implemented for the types that generated code is made of; generated types get it by [`model!`](crate::model!),
/// [`enumeration!`](crate::enumeration!) and [`union!`](crate::union!).
pub trait Decode<'de>: Sized {
    /// The kinds of JSON values that may be read as this type. A union does not try a branch on any other kind.
    const KINDS: Kinds = Kinds::ANY;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// What does not fit the type. The message starts with the JSON Pointer of the place, where that is not the value itself.
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// What a required member of this type is where the object lacks it; `None` makes that an error.
    fn missing() -> Option<Self> {
        None
    }
}

/// Hands [`Decode`] to serde's readers of members and elements.
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}
