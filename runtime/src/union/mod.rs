//! Unions: `oneOf` and `anyOf`, read from the raw text of the value.
//!
//! A union with a discriminator reads the tag (`tag.rs`) and then one branch. Any other tries its branches and takes the one
//! that fits best (`choose.rs`): with the fewest members that its structs do not name and the fewest unknown values in its
//! open enumerations. `search.rs` keeps unions inside unions from multiplying that work, `error.rs` says why no branch fits,
//! and `check.rs` has the constraints of branches.

mod check;
mod choose;
mod error;
mod search;
mod tag;

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;

use serde_core::de::{Deserializer, Error};
use serde_core::ser::Serializer;

pub use choose::Choice;
pub use error::UnionError;
pub(crate) use search::count_loss;

use crate::data::{Json, raw_json};
use crate::decode::{Decode, Decoder, Kinds, without_position};
use crate::depth::{Level, too_deep};
use crate::validate::{Checker, Constraint};
use check::Checks;
use search::{Place, Search};

/// An enum of which each variant is one branch of a `oneOf` or `anyOf`.
///
/// ```
/// use serde_core::{Serialize, Serializer};
/// use wireproof_runtime::{RawUnion, Union, UnionError};
///
/// #[derive(Clone, Debug, PartialEq)]
/// enum Id {
///     Number(i64),
///     Text(String),
/// }
///
/// impl Union for Id {
///     const NAME: &'static str = "Id";
///
///     fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
///         raw.choose().branch("Number", Self::Number).branch("Text", Self::Text).finish()
///     }
///
///     fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         match self {
///             Self::Number(value) => value.serialize(serializer),
///             Self::Text(value) => value.serialize(serializer),
///         }
///     }
/// }
///
/// wireproof_runtime::union!(Id);
///
/// assert_eq!(serde_json::from_str::<Vec<Id>>(r#"[7, "x"]"#)?, [Id::Number(7), Id::Text("x".into())]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Union: Sized + 'static {
    /// The name of the type, for messages.
    const NAME: &'static str;

    /// What the schema asks of values of single branches beyond their types.
    const CONSTRAINTS: &'static [Constraint] = &[];

    /// Chooses the branch and reads it.
    ///
    /// # Errors
    ///
    /// Why no branch fits.
    fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError>;

    /// Writes the value of the branch.
    ///
    /// # Errors
    ///
    /// Whatever the serializer refuses.
    fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// The text of a value that is about to become a union.
pub struct RawUnion<'a> {
    name: &'static str,
    text: &'a str,
    place: Place,
    /// Whether the tag decides; where it misled, the content does.
    by_tag: bool,
    /// Who checks the constraints of the branches, where that is why the value is read.
    checks: Option<&'a Checks<'a>>,
}

impl<'a> RawUnion<'a> {
    /// The JSON text of the value.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// Starts the choice of the branch.
    pub fn choose<U>(&self) -> Choice<'_, 'a, U> {
        Choice::new(self)
    }

    /// The string that a member has, if the value is an object.
    fn tag(&self, property: &str) -> Option<Cow<'a, str>> {
        tag::tag(self.text, property)
    }

    /// Reads the value as the type of a branch.
    fn attempt<T: Decode>(&self, branch: &str) -> Result<T, String> {
        let found = Kinds::of(self.text);
        if !found.meets(T::KINDS) {
            return Err(format!("invalid type: {found}, expected {}", T::KINDS));
        }
        if !search::spend(self.text.len()) {
            return Err(TOO_AMBIGUOUS.to_owned());
        }
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        let read = T::decode(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
        let value = read.map_err(|error| without_position(&error.to_string()).to_owned())?;
        match self.checks {
            Some(checks) if !checks.holds::<T>(branch) => Err("a constraint is broken".to_owned()),
            _ => Ok(value),
        }
    }
}

/// Why a search that would take too long is given up.
const TOO_AMBIGUOUS: &str = "too many branches of unions inside unions would have to be tried";

impl fmt::Debug for RawUnion<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RawUnion").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads a [`Union`].
#[derive(Debug, Clone, Copy)]
pub enum AsUnion {}

impl<T: Union> Decoder<T> for AsUnion {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = raw_json(deserializer)?;
        let _level = Level::union().ok_or_else(too_deep)?;
        let _search = Search::enter(&text);
        let raw = |by_tag| RawUnion { name: T::NAME, text: &text, place: Place::new(TypeId::of::<T>(), &text), by_tag, checks: None };
        T::decode_union(&raw(true))
            .or_else(|error| {
                // A discriminator is a hint, not a constraint (OpenAPI 3.0.4, "Discriminator Object"): a value that is valid against
                // another branch than its tag names is valid. The tag's own branch says best why nothing fits.
                if error.is_of_tagged_branch() { T::decode_union(&raw(false)).map_err(|_| error) } else { Err(error) }
            })
            .map_err(D::Error::custom)
    }

    fn check(value: &Json, checker: &mut Checker) {
        let Some(_level) = Level::union() else { return };
        let text = value.to_string();
        let _search = Search::enter(&text);
        let checks = Checks::new(value, T::CONSTRAINTS, checker);
        let raw =
            |by_tag| RawUnion { name: T::NAME, text: &text, place: Place::new(TypeId::of::<T>(), &text), by_tag, checks: Some(&checks) };
        let is_sound = match T::decode_union(&raw(true)) {
            Ok(_) => true,
            Err(error) => error.is_of_tagged_branch() && T::decode_union(&raw(false)).is_ok(),
        };
        if !is_sound && let Some(least) = checks.least() {
            checker.extend(least);
        }
    }
}

/// Implements `Deserialize`, `Serialize` and [`Decode`](crate::Decode) for a [`Union`].
#[macro_export]
macro_rules! union {
    ($type:ty) => {
        $crate::data_impls!($type, $crate::AsUnion, $crate::Union::encode_union);
    };
}
