//! Constraints: what a schema asks of values beyond their types. They are data in the generated code, checked before a request is sent.

use wireproof_openapi::Pointer;

/// One keyword with its value, or a part of the value of which more is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Constraint {
    /// `minLength`, `maxItems` and their kin: a count that is not to be passed.
    Count(Count, u64),
    /// `minimum`, `multipleOf` and their kin, with the digits of the document.
    Bound(Bound, String),
    /// `pattern`, and where it stands, until it is known to be one that can be run.
    Pattern(String, Option<Pointer>),
    /// `format`
    Format(Format),
    /// `uniqueItems`
    UniqueItems,
    /// `items`
    Items(Vec<Constraint>),
    /// `prefixItems`: the item of this index.
    PrefixItem(usize, Vec<Constraint>),
    /// `properties`: the member of this name.
    Member(String, Vec<Constraint>),
    /// `additionalProperties`
    AdditionalProperties(Vec<Constraint>),
    /// The branch of a union with this index.
    Branch(usize, Vec<Constraint>),
}

/// Keywords that limit a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Count {
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    MinProperties,
    MaxProperties,
}

/// Keywords that limit a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    Minimum,
    ExclusiveMinimum,
    Maximum,
    ExclusiveMaximum,
    MultipleOf,
}

/// Formats of strings that can be told without a table of the world's names. Any other one stays documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Date,
    DateTime,
    Email,
    Ipv4,
    Ipv6,
    Uri,
    Uuid,
}

impl Constraint {
    /// What is asked of a part of the value, where this is about a part.
    pub(crate) fn inner_mut(&mut self) -> Option<&mut Vec<Constraint>> {
        match self {
            Self::Items(inner)
            | Self::PrefixItem(_, inner)
            | Self::Member(_, inner)
            | Self::AdditionalProperties(inner)
            | Self::Branch(_, inner) => Some(inner),
            Self::Count(..) | Self::Bound(..) | Self::Pattern(..) | Self::Format(_) | Self::UniqueItems => None,
        }
    }
}
