//! Constraints, as constants of the type or operation that they belong to.

use super::code::{Code, Fixed, Text, code, fragment};
use super::file::Words;
use crate::ir::{Bound, Constraint, Count, Format};

/// Writes the constant of a type that has constraints; one without has none.
pub(super) fn constant(w: &Words<'_>, out: &mut Code, constraints: &[Constraint], branches: &[&str]) {
    if !constraints.is_empty() {
        let start = fragment!("    const CONSTRAINTS: &'static [{}] = &[", w.runtime("Constraint"));
        code!(out, "{}{}];", start, Code::rows(items(w, constraints, branches), 8, start.len() + "];".len()));
    }
}

/// A list of constraints.
pub(super) fn list(w: &Words<'_>, constraints: &[Constraint]) -> Code {
    fragment!("&[{}]", Code::join(items(w, constraints, &[]), ", "))
}

/// The items of a list of constraints. `branches` are the names of the branches where it is that of a union.
fn items(w: &Words<'_>, constraints: &[Constraint], branches: &[&str]) -> Vec<Code> {
    constraints.iter().map(|constraint| fragment!("{}::{}", w.runtime("Constraint"), one(w, constraint, branches))).collect()
}

fn one(w: &Words<'_>, constraint: &Constraint, branches: &[&str]) -> Code {
    let inner = |inner: &[Constraint]| list(w, inner);
    match constraint {
        Constraint::Count(count, limit) => fragment!("{}({})", Fixed(count_name(*count)), *limit),
        Constraint::Bound(bound, limit) => fragment!("{}({})", Fixed(bound_name(*bound)), Text(limit)),
        Constraint::Pattern(pattern, _) => fragment!("Pattern({})", Text(pattern)),
        Constraint::Format(format) => fragment!("Format({}::{})", w.runtime("Format"), Fixed(format_name(*format))),
        Constraint::UniqueItems => fragment!("UniqueItems"),
        Constraint::Items(asked) => fragment!("Items({})", inner(asked)),
        Constraint::PrefixItem(index, asked) => fragment!("PrefixItem({}, {})", *index, inner(asked)),
        Constraint::Member(name, asked) => fragment!("Member({}, {})", Text(name), inner(asked)),
        Constraint::AdditionalProperties(asked) => fragment!("AdditionalProperties({})", inner(asked)),
        Constraint::Branch(index, asked) => {
            fragment!("Branch({}, {})", Text(branches.get(*index).copied().unwrap_or_default()), inner(asked))
        }
    }
}

fn count_name(count: Count) -> &'static str {
    match count {
        Count::MinLength => "MinLength",
        Count::MaxLength => "MaxLength",
        Count::MinItems => "MinItems",
        Count::MaxItems => "MaxItems",
        Count::MinProperties => "MinProperties",
        Count::MaxProperties => "MaxProperties",
    }
}

fn bound_name(bound: Bound) -> &'static str {
    match bound {
        Bound::Minimum => "Minimum",
        Bound::ExclusiveMinimum => "ExclusiveMinimum",
        Bound::Maximum => "Maximum",
        Bound::ExclusiveMaximum => "ExclusiveMaximum",
        Bound::MultipleOf => "MultipleOf",
    }
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Date => "Date",
        Format::DateTime => "DateTime",
        Format::Email => "Email",
        Format::Ipv4 => "Ipv4",
        Format::Ipv6 => "Ipv6",
        Format::Uri => "Uri",
        Format::Uuid => "Uuid",
    }
}
