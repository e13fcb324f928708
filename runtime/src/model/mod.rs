//! Objects: what a generated struct implements, and the macros that turn it into `Deserialize`, `Serialize` and [`Decode`](crate::Decode).
//!
//! A generated struct says which members it has, as a [`Model`]; everything else about reading and writing an object
//! is here, once: [`Object`] reads (`object.rs`), [`ObjectWriter`] writes (`object_writer.rs`), [`Presence`] holds the rules about
//! which members must be there (`presence.rs`; `present.rs` finds out which are). The two methods of a `Model` are compiled for every struct and every
//! format, so they do nothing but name fields: errors are parked in the reader and the writer.

mod object;
mod object_writer;
mod presence;
mod present;

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, Visitor};
use serde_core::ser::{SerializeMap, Serializer};

pub use object::Object;
pub use object_writer::{ObjectWriter, Optional};
pub use presence::{Presence, PresenceError};
pub use present::check_presence;

use crate::depth::{Level, too_deep};

/// A struct that is an object in JSON.
///
/// ```
/// use serde_core::{de::MapAccess, ser::SerializeMap};
/// use wireproof_runtime::{AdditionalProperties, Model, Object, ObjectWriter};
///
/// #[derive(Debug, PartialEq)]
/// struct Contact {
///     id: i64,
///     email: Option<String>,
///     additional_properties: AdditionalProperties,
/// }
///
/// impl Model for Contact {
///     const NAME: &'static str = "Contact";
///     const KEYS: &'static [&'static str] = &["id", "email"];
///
///     fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
///         let mut id = None;
///         let mut email = None;
///         let mut additional_properties = AdditionalProperties::new();
///         while let Some(key) = object.next_key() {
///             match key {
///                 0 => object.read(&mut id),
///                 1 => object.read(&mut email),
///                 _ => object.read_other(&mut additional_properties),
///             }
///         }
///         Some(Self { id: object.take(0, id)?, email, additional_properties })
///     }
///
///     fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
///         object.write("id", &self.id);
///         object.write_optional("email", &self.email);
///         object.write_other(&self.additional_properties);
///     }
/// }
///
/// wireproof_runtime::model!(Contact);
///
/// let contact: Contact = serde_json::from_str(r#"{"id": 7, "since": "2020"}"#)?;
/// assert_eq!(contact.id, 7);
/// assert_eq!(serde_json::to_string(&contact)?, r#"{"id":7,"since":"2020"}"#);
/// let error = serde_json::from_str::<Contact>(r#"{"id": 7, "email": null}"#).unwrap_err();
/// assert!(error.to_string().starts_with("/email: invalid type: null, expected a string"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Model: Sized {
    /// The name of the type, for messages.
    const NAME: &'static str;

    /// The names of the members, in the order of the schema.
    const KEYS: &'static [&'static str];

    /// Reads the members. `None` sends the caller to the error that is parked in `object`.
    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self>;

    /// Writes the members.
    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>);
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object (`{}`)", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut object = Object::new(members, T::KEYS);
        let value = T::decode_fields(&mut object);
        object.finish(value)
    }
}

/// Reads a model.
///
/// # Errors
///
/// What does not fit, with its place in front of the message.
pub fn decode_model<'de, T: Model, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ModelVisitor(PhantomData))
}

/// Reads the unchecked parts of a model, then makes the model of them.
///
/// # Errors
///
/// What does not fit, and parts that break the rule of the model.
pub fn decode_checked<'de, T, P, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<P, Error: fmt::Display>,
    P: Model,
    D: Deserializer<'de>,
{
    decode_model::<P, D>(deserializer)?.try_into().map_err(D::Error::custom)
}

/// Writes a model.
///
/// # Errors
///
/// Whatever the serializer refuses.
pub fn encode_model<T: Model, S: Serializer>(model: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = ObjectWriter::new(serializer.serialize_map(None)?, T::KEYS);
    model.encode_fields(&mut object);
    object.finish()
}

/// Implements `Deserialize`, `Serialize` and [`Decode`](crate::Decode) for a [`Model`].
#[macro_export]
macro_rules! model {
    ($type:ty) => {
        $crate::data_impls!($type, OBJECT, $crate::decode_model, $crate::encode_model);
    };
}

/// Implements `Deserialize`, `Serialize` and [`Decode`](crate::Decode) for a struct with a presence rule: `model!` for its parts, which are a
/// [`Model`]. The struct is `TryFrom<Parts>`, whose error names the rule, and dereferences to its parts.
#[macro_export]
macro_rules! checked_model {
    ($type:ty, $parts:ty) => {
        $crate::data_impls!(
            $type,
            OBJECT,
            $crate::decode_checked::<$type, $parts, _>,
            |value, serializer| $crate::encode_model::<$parts, _>(::core::ops::Deref::deref(value), serializer)
        );
    };
}

/// The implementations that every kind of generated type has, for a way to read it and a way to write it.
#[doc(hidden)]
#[macro_export]
macro_rules! data_impls {
    ($type:ty, $kinds:ident, $decode:expr, $encode:expr) => {
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $decode(deserializer)
            }
        }

        impl<'de> $crate::Decode<'de> for $type {
            const KINDS: $crate::Kinds = $crate::Kinds::$kinds;

            fn decode<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $decode(deserializer)
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $encode(self, serializer)
            }
        }
    };
}
