//! [`Validate`]: whether a value keeps what its schema asks for beyond its type: lengths, ranges, patterns, formats, counts.
//!
//! Types express which members there are and of which kind. What is left is data, a list of [`Constraint`]s with a type that has any
//! (`constraint.rs`), and is checked on the JSON that the value becomes: before a request is sent, and whenever somebody asks. Nothing here
//! is ever run on a response. How a type leads to the types inside it is known to its [`Decoder`], so a type without constraints of its own
//! costs nothing and is walked all the same. `format.rs` and `pattern.rs` hold what is longer than a comparison.

mod constraint;
mod format;
#[cfg(feature = "pattern")]
mod pattern;

use std::collections::HashSet;
use std::fmt;

use crate::data::{Json, Map};
use crate::decode::{Decode, Decoder, bounded};

pub use constraint::Constraint;
pub use format::Format;

/// How many violations a message tells one by one.
const SHOWN: usize = 10;

/// Checks a value against the constraints of its schema. Every generated type has it, and so has every list, map or option of one.
///
/// Constraints are known of what may be sent. A type that is only received has none: no answer of a vendor is refused for a length, and whether
/// answers keep their schema is the business of the contract checks.
///
/// ```
/// use wireproof_runtime::{Constraint, Model, ModelInfo, NoOthers, Refs, Validate};
///
/// struct Tag {
///     name: String,
/// }
///
/// impl Model for Tag {
///     const INFO: ModelInfo = ModelInfo { name: "Tag", keys: &["name"], required: 1 };
///     const CONSTRAINTS: &'static [Constraint] = &[Constraint::Member("name", &[Constraint::MinLength(1), Constraint::MaxLength(3)])];
///     type Members = (String,);
///     type Others = NoOthers;
///
///     fn build((name,): Self::Members, _: Self::Others) -> Self {
///         Self { name }
///     }
///
///     fn refs(&self) -> Refs<'_, Self> {
///         ((&self.name,), &NoOthers)
///     }
/// }
///
/// wireproof_runtime::object!(Tag);
///
/// let tags = vec![Tag { name: "new".into() }, Tag { name: "ancient".into() }];
/// assert_eq!(tags.validate().unwrap_err().to_string(), "`/1/name` breaks `maxLength: 3`");
/// ```
pub trait Validate: Decode {
    /// Checks the value, and all values inside it.
    ///
    /// # Errors
    ///
    /// Every constraint that is broken, with its place.
    fn validate(&self) -> Result<(), ValidationError> {
        let value = Json::of(self).map_err(|error| ValidationError { violations: Vec::new(), problem: Some(error.to_string()) })?;
        let mut checker = Checker::default();
        Self::By::check(&value, &mut checker);
        checker.finish()
    }
}

impl<T: Decode> Validate for T {}

/// A constraint that a value breaks. It names the place and not the value, which may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation {
    /// The place in the value, as a JSON Pointer; empty for the whole.
    pub pointer: String,
    /// The keyword of JSON Schema.
    pub keyword: &'static str,
    /// What the keyword asks for.
    pub limit: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => formatter.write_str("it")?,
            pointer => write!(formatter, "`{}`", bounded(pointer, 200).escape_debug())?,
        }
        write!(formatter, " breaks `{}: {}`", self.keyword, bounded(&self.limit, 200).escape_debug())
    }
}

/// A value does not keep the constraints of its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    violations: Vec<Violation>,
    /// Why the value has no JSON form that could be checked.
    problem: Option<String>,
}

impl ValidationError {
    /// Every constraint that is broken, in the order of the value. Empty where the value has no JSON form to be checked.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(problem) = &self.problem {
            return write!(formatter, "the value cannot be written: {problem}");
        }
        for (index, violation) in self.violations.iter().take(SHOWN).enumerate() {
            write!(formatter, "{}{violation}", if index == 0 { "" } else { ", " })?;
        }
        match self.violations.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

impl std::error::Error for ValidationError {}

/// The parts of a value that its schema describes one by one, which `additionalProperties` and `items` are not about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Described<'k> {
    /// The names of members.
    pub(crate) members: &'k [&'k str],
    /// How many items at the beginning.
    pub(crate) items: usize,
}

/// What goes through a value, its place, and what it has found.
#[derive(Debug, Default)]
pub struct Checker {
    pointer: String,
    violations: Vec<Violation>,
}

impl Checker {
    /// Checks constraints on one value.
    pub(crate) fn apply(&mut self, constraints: &[Constraint], value: &Json) {
        self.apply_beside(constraints, value, Described::default());
    }

    /// Checks the constraints of a type that describes some parts of its values one by one.
    pub(crate) fn apply_beside(&mut self, constraints: &[Constraint], value: &Json, described: Described<'_>) {
        for constraint in constraints {
            constraint.check(value, described, self);
        }
    }

    /// Checks a part of a value: a member, or an item by its index.
    pub(crate) fn within(&mut self, segment: &str, check: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        for character in segment.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                _ => self.pointer.push(character),
            }
        }
        check(self);
        self.pointer.truncate(length);
    }

    /// Checks the member of this index, where the object has it.
    pub(crate) fn member<T: Decode>(&mut self, keys: &[&str], index: usize, object: &Map<Json>) {
        if let Some((key, value)) = keys.get(index).and_then(|key| Some((key, object.get(*key)?))) {
            self.within(key, |checker| T::By::check(value, checker));
        }
    }

    /// Adds a broken constraint.
    fn add(&mut self, keyword: &'static str, limit: String) {
        self.violations.push(Violation { pointer: self.pointer.clone(), keyword, limit });
    }

    /// One for another try at the same place.
    pub(crate) fn beside(&self) -> Self {
        Self { pointer: self.pointer.clone(), violations: Vec::new() }
    }

    /// How many constraints are broken.
    pub(crate) fn count(&self) -> usize {
        self.violations.len()
    }

    /// Adds what another one at the same place has found.
    pub(crate) fn extend(&mut self, other: Self) {
        self.violations.extend(other.violations);
    }

    /// What has been found, each once: a keyword may stand with a type and again where the type is used.
    pub(crate) fn finish(mut self) -> Result<(), ValidationError> {
        let mut seen = HashSet::new();
        self.violations.retain(|violation| seen.insert(violation.clone()));
        if self.violations.is_empty() { Ok(()) } else { Err(ValidationError { violations: self.violations, problem: None }) }
    }
}
