//! Objects: what a generated struct implements, and the macros that turn it into `Deserialize`, `Serialize`, `Clone`, `Debug` and `PartialEq`.
//!
//! A generated struct takes itself apart into its members and is put together from them, as a [`Model`]; everything else is here, once:
//! what can be done with members in order ([`Members`], `members.rs`) and with those that have no name in the schema ([`Others`],
//! `others.rs`), [`Object`] which reads (`object.rs`), [`ObjectWriter`] which writes (`object_writer.rs`), and [`Presence`], the rules about which
//! members must be there (`presence.rs`; `present.rs` finds out which are). What a compiler takes for a generated type is
//! paid by the method body, so a type has as few as can be, and none of them branches.

mod members;
mod object;
mod object_writer;
mod others;
mod presence;
mod present;

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, Visitor};
use serde_core::ser::Serializer;

pub use members::{And, Members};
pub use object::Object;
pub use object_writer::ObjectWriter;
pub use others::{NoOthers, Others};
pub use presence::{Presence, PresenceError};
pub use present::check_presence;

use crate::data::Json;
use crate::decode::{Decoder, Kinds};
use crate::depth::{Level, too_deep};
use crate::validate::{Checker, Constraint, Described};

/// A struct that is an object in JSON.
///
/// ```
/// use wireproof_runtime::{AdditionalProperties, Model, ModelInfo, Refs};
///
/// struct Contact {
///     id: i64,
///     email: Option<String>,
///     additional_properties: AdditionalProperties,
/// }
///
/// impl Model for Contact {
///     const INFO: ModelInfo = ModelInfo { name: "Contact", keys: &["id", "email"], required: 1 };
///     type Members = (i64, Option<String>);
///     type Others = AdditionalProperties;
///
///     fn build((id, email): Self::Members, additional_properties: Self::Others) -> Self {
///         Self { id, email, additional_properties }
///     }
///
///     fn refs(&self) -> Refs<'_, Self> {
///         let Self { id, email, additional_properties } = self;
///         ((id, email), additional_properties)
///     }
/// }
///
/// wireproof_runtime::object!(Contact);
///
/// let contact: Contact = serde_json::from_str(r#"{"id": 7, "since": "2020"}"#)?;
/// assert_eq!(contact.id, 7);
/// assert_eq!(serde_json::to_string(&contact)?, r#"{"id":7,"since":"2020"}"#);
/// let error = serde_json::from_str::<Contact>(r#"{"id": 7, "email": null}"#).unwrap_err();
/// assert!(error.to_string().starts_with("/email: invalid type: null, expected a string"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Model: Sized {
    /// Its name and the names of its members.
    const INFO: ModelInfo;

    /// What the schema asks of the object and its members beyond their types.
    const CONSTRAINTS: &'static [Constraint] = &[];

    /// The types of the members, in the order of their names in [`INFO`](Self::INFO): a tuple, or several behind one another ([`And`]).
    type Members: Members;

    /// The members that the schema does not name: [`AdditionalProperties`](crate::AdditionalProperties), or [`NoOthers`] where there may be none.
    type Others: Others;

    /// Puts the struct together.
    fn build(members: Self::Members, others: Self::Others) -> Self;

    /// Takes it apart.
    fn refs(&self) -> Refs<'_, Self>;
}

/// The members of a [`Model`], borrowed: those that its schema names, and the others.
pub type Refs<'a, T> = (<<T as Model>::Members as Members>::Refs<'a>, &'a <T as Model>::Others);

/// What a [`Model`] is called.
#[derive(Debug, Clone, Copy)]
pub struct ModelInfo {
    /// The name of the type, for messages.
    pub name: &'static str,
    /// The names of the members. Those that are required come first.
    pub keys: &'static [&'static str],
    /// How many are required.
    pub required: usize,
}

/// Reads a [`Model`].
#[derive(Debug, Clone, Copy)]
pub enum AsObject {}

impl<T: Model> Decoder<T> for AsObject {
    const KINDS: Kinds = Kinds::OBJECT;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(ModelVisitor(PhantomData))
    }

    fn check(value: &Json, checker: &mut Checker) {
        let keys = T::INFO.keys;
        checker.apply_beside(T::CONSTRAINTS, value, Described { members: keys, items: 0 });
        if let Some(object) = value.as_object() {
            T::Members::check(object, keys, checker);
            T::Others::check(object, keys, checker);
        }
    }
}

/// Reads the unchecked parts of a struct with a presence rule, then makes the struct of them.
#[derive(Debug, Clone, Copy)]
pub struct AsChecked<P>(PhantomData<P>);

impl<T: TryFrom<P, Error: fmt::Display>, P: Model> Decoder<T> for AsChecked<P> {
    const KINDS: Kinds = Kinds::OBJECT;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let parts: P = AsObject::decode(deserializer)?;
        parts.try_into().map_err(D::Error::custom)
    }

    fn check(value: &Json, checker: &mut Checker) {
        <AsObject as Decoder<P>>::check(value, checker);
    }
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object (`{}`)", T::INFO.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut object = Object::new(members, &T::INFO);
        let mut slots = <T::Members as Members>::Slots::default();
        let mut others = T::Others::default();
        while let Some(index) = object.next_key() {
            if index < T::Members::LENGTH {
                T::Members::read(&mut slots, index, &mut object);
            } else {
                others.read(&mut object);
            }
        }
        let members = T::Members::take(slots, 0, &mut object);
        object.finish(members.map(|members| T::build(members, others)))
    }
}

/// Writes a [`Model`].
///
/// # Errors
///
/// Whatever the serializer refuses.
pub fn encode_model<T: Model, S: Serializer>(model: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let (members, others) = model.refs();
    let mut object = ObjectWriter::new(serializer.serialize_map(None)?, &T::INFO);
    T::Members::write(members, 0, &mut object);
    others.write(&mut object);
    object.finish()
}

/// A copy of a [`Model`].
pub fn clone_model<T: Model>(model: &T) -> T {
    let (members, others) = model.refs();
    T::build(T::Members::copy(members), others.clone())
}

/// Shows a [`Model`] with the names that its members have in JSON.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug_model<T: Model>(model: &T, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (members, others) = model.refs();
    let mut shown = formatter.debug_struct(T::INFO.name);
    T::Members::debug(members, T::INFO.keys, &mut shown);
    others.debug(&mut shown);
    shown.finish()
}

/// Whether two models are equal, member by member.
pub fn equal_models<T: Model>(left: &T, right: &T) -> bool {
    let ((members, others), (other_members, other_others)) = (left.refs(), right.refs());
    T::Members::equal(members, other_members) && others == other_others
}

/// A [`Model`] without any member: for one that requires none.
pub fn default_model<T: Model<Members: Default>>() -> T {
    T::build(Default::default(), Default::default())
}

/// Implements what every generated struct has, for a [`Model`]: `Deserialize`, `Serialize`, [`Decode`](crate::Decode), `Clone`, `Debug` and
/// `PartialEq`; with a second argument also `Default`.
#[macro_export]
macro_rules! object {
    ($type:ident, Default) => {
        $crate::object!($type);

        impl ::core::default::Default for $type {
            fn default() -> Self {
                $crate::default_model()
            }
        }
    };
    ($type:ident) => {
        $crate::data_impls!($type, $crate::AsObject, $crate::encode_model);

        impl ::core::clone::Clone for $type {
            fn clone(&self) -> Self {
                $crate::clone_model(self)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_model(self, formatter)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::equal_models(self, other)
            }
        }
    };
}

/// Implements `Deserialize`, `Serialize` and [`Decode`](crate::Decode) for a struct with a presence rule: `object!` for its parts, which are a
/// [`Model`]. The struct is `TryFrom<Parts>`, whose error names the rule, and dereferences to its parts.
#[macro_export]
macro_rules! checked_object {
    ($type:ty, $parts:ty) => {
        $crate::data_impls!($type, $crate::AsChecked<$parts>, |value, serializer| {
            $crate::encode_model::<$parts, _>(::core::ops::Deref::deref(value), serializer)
        });
    };
}

/// The implementations that every kind of generated type has, for what reads it and a way to write it.
#[doc(hidden)]
#[macro_export]
macro_rules! data_impls {
    ($type:ty, $by:ty, $encode:expr) => {
        impl $crate::Decode for $type {
            type By = $by;
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                $crate::Decode::decode(deserializer)
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $encode(self, serializer)
            }
        }
    };
}
