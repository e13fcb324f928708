//! The data of generated types: JSON values and numbers that lose nothing, the three states of a member, and the
//! members that a schema does not name.
//!
//! | module | holds |
//! | --- | --- |
//! | `raw` | the JSON text of a value, out of any deserializer and into any serializer |
//! | `json` | [`Json`], any JSON value |
//! | `number`, `integer`, `decimal` | [`Number`] and [`Integer`], exact; the arithmetic that compares them |
//! | `field` | [`Field`], [`Nullable`], [`Null`]: absent, null, value |
//! | `additional_properties` | [`AdditionalProperties`] |
//!
//! How these are read as members of generated types is in `decode/`.

mod additional_properties;
mod decimal;
mod field;
mod integer;
mod json;
mod number;
mod raw;

pub use additional_properties::AdditionalProperties;
pub use field::{Field, Null, Nullable};
pub use integer::{Integer, NotAnInteger};
pub use json::{Json, JsonError};
pub use number::{Number, NumberError};
pub use raw::{raw_json, serialize_raw};

pub(crate) use decimal::Decimal;
pub(crate) use number::number_length;
pub(crate) use raw::RAW;

/// A JSON object with any names: an `additionalProperties` schema with no named members, in the order of the document.
pub type Map<T> = indexmap::IndexMap<String, T>;
