//! [`Constraint`]: one keyword of a schema, as a constant of a generated type.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::data::{Decimal, Json, Map};
use crate::validate::{Checker, Described, Format};

/// What a schema asks of a value beyond its type. Keywords are those of JSON Schema 2020-12 and mean what they mean there: each is about one kind
/// of values and holds for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// `minLength`: so many characters at least (Unicode code points, not bytes).
    MinLength(u64),
    /// `maxLength`
    MaxLength(u64),
    /// `pattern`: an expression of ECMA-262 that matches anywhere in the string. Checked with the cargo feature `pattern` only.
    Pattern(&'static str),
    /// `format`
    Format(Format),
    /// `minimum`: a JSON number, exactly.
    Minimum(&'static str),
    /// `exclusiveMinimum`
    ExclusiveMinimum(&'static str),
    /// `maximum`
    Maximum(&'static str),
    /// `exclusiveMaximum`
    ExclusiveMaximum(&'static str),
    /// `multipleOf`
    MultipleOf(&'static str),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// `items`: what is asked of each item, where its type does not say so itself; of a tuple, of each further one.
    Items(&'static [Constraint]),
    /// `prefixItems`: what is asked of the item of this index.
    PrefixItem(usize, &'static [Constraint]),
    /// `properties`: what is asked of the member of this name.
    Member(&'static str, &'static [Constraint]),
    /// `additionalProperties`: what is asked of each member that has no name in the schema.
    AdditionalProperties(&'static [Constraint]),
    /// `oneOf` or `anyOf`: what is asked of a value of the branch of this name.
    Branch(&'static str, &'static [Constraint]),
}

impl Constraint {
    /// Checks one value.
    pub(super) fn check(&self, value: &Json, described: Described<'_>, checker: &mut Checker) {
        match *self {
            Self::MinLength(least) => count(value.as_str().map(|text| text.chars().count()), "minLength", least, Ordering::Less, checker),
            Self::MaxLength(most) => count(value.as_str().map(|text| text.chars().count()), "maxLength", most, Ordering::Greater, checker),
            Self::Pattern(pattern) => matches(value, pattern, checker),
            Self::Format(format) => {
                if value.as_str().is_some_and(|text| !format.holds(text)) {
                    checker.add("format", format.name().to_owned());
                }
            }
            Self::Minimum(limit) => bound(value, "minimum", limit, &[Ordering::Less], checker),
            Self::ExclusiveMinimum(limit) => bound(value, "exclusiveMinimum", limit, &[Ordering::Less, Ordering::Equal], checker),
            Self::Maximum(limit) => bound(value, "maximum", limit, &[Ordering::Greater], checker),
            Self::ExclusiveMaximum(limit) => bound(value, "exclusiveMaximum", limit, &[Ordering::Greater, Ordering::Equal], checker),
            Self::MultipleOf(divisor) => {
                let is_multiple = |text: &str| Decimal::new(text).is_multiple_of(&Decimal::new(divisor));
                if value.as_number().is_some_and(|number| !is_multiple(&number.as_str())) {
                    checker.add("multipleOf", divisor.to_owned());
                }
            }
            Self::MinItems(least) => count(value.as_array().map(<[Json]>::len), "minItems", least, Ordering::Less, checker),
            Self::MaxItems(most) => count(value.as_array().map(<[Json]>::len), "maxItems", most, Ordering::Greater, checker),
            Self::UniqueItems => {
                let mut seen = HashSet::new();
                if value.as_array().is_some_and(|items| items.iter().any(|item| !seen.insert(item.canonical()))) {
                    checker.add("uniqueItems", "true".to_owned());
                }
            }
            Self::MinProperties(least) => {
                count(value.as_object().map(Map::len), "minProperties", least, Ordering::Less, checker);
            }
            Self::MaxProperties(most) => {
                count(value.as_object().map(Map::len), "maxProperties", most, Ordering::Greater, checker);
            }
            Self::Items(inner) => {
                for (index, item) in value.as_array().unwrap_or_default().iter().enumerate().skip(described.items) {
                    checker.within(&index.to_string(), |checker| checker.apply(inner, item));
                }
            }
            Self::PrefixItem(index, inner) => {
                if let Some(item) = value.as_array().and_then(|items| items.get(index)) {
                    checker.within(&index.to_string(), |checker| checker.apply(inner, item));
                }
            }
            Self::Member(name, inner) => {
                if let Some(member) = value.get(name) {
                    checker.within(name, |checker| checker.apply(inner, member));
                }
            }
            Self::AdditionalProperties(inner) => {
                for (name, member) in
                    value.as_object().into_iter().flatten().filter(|(name, _)| !described.members.contains(&name.as_str()))
                {
                    checker.within(name, |checker| checker.apply(inner, member));
                }
            }
            // Which branch a value is of is known where unions are read: see `union/mod.rs`.
            Self::Branch(..) => {}
        }
    }
}

/// A length or a count that must not compare to its limit in this way.
fn count(found: Option<usize>, keyword: &'static str, limit: u64, broken: Ordering, checker: &mut Checker) {
    if found.is_some_and(|found| u64::try_from(found).unwrap_or(u64::MAX).cmp(&limit) == broken) {
        checker.add(keyword, limit.to_string());
    }
}

/// A number that must not compare to its limit in any of these ways.
fn bound(value: &Json, keyword: &'static str, limit: &str, broken: &[Ordering], checker: &mut Checker) {
    if value.as_number().is_some_and(|number| broken.contains(&Decimal::new(&number.as_str()).cmp(&Decimal::new(limit)))) {
        checker.add(keyword, limit.to_owned());
    }
}

#[cfg(feature = "pattern")]
fn matches(value: &Json, pattern: &'static str, checker: &mut Checker) {
    if value.as_str().is_some_and(|text| super::pattern::is_match(pattern, text) == Some(false)) {
        checker.add("pattern", pattern.to_owned());
    }
}

#[cfg(not(feature = "pattern"))]
fn matches(_: &Json, _: &'static str, _: &mut Checker) {}
