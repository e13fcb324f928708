//! `enum` and `const`.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};
use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Conjunction, Part};
use super::scalar::whole;
use super::shape::Kind;
use super::union::Candidate;
use super::{Lower, Members};
use crate::ir::{Doc, Enumeration, IntegerEnumeration, Label, Shape, Type};

/// The values that a conjunction leaves.
pub(super) struct Values<'d> {
    /// Each with what the document says of it, no two equal.
    list: Vec<(Cow<'d, Value>, Label)>,
    /// Whether they are a guess, so that others must be kept.
    open: bool,
}

impl<'d> Lower<'d> {
    /// The values that `enum` and `const` leave, `null` aside; `None` where there is no such keyword, or where it
    /// contradicts the type: then the type is what real data keeps to. `type: integer, enum: ["1"]` means numbers, as a guess.
    pub(super) fn enumerated(&mut self, at: &Pointer, conjunction: &Conjunction<'d>, kinds: Option<&[Kind]>) -> Option<Values<'d>> {
        let mut left: Option<Vec<(&'d Value, Label)>> = None;
        for (_, members) in &conjunction.nodes {
            let listed = members.get("enum").and_then(Value::as_array).map(|values| values.iter().zip(labels(members, values)).collect());
            let single = members.get("const").map(|value| vec![(value, Label::default())]);
            for values in [listed, single].into_iter().flatten() {
                let values: Vec<(&Value, Label)> = values;
                left = Some(match left {
                    None => values,
                    Some(before) => {
                        let allowed: HashSet<Key<'_>> = values.iter().map(|(value, _)| Key::of(value)).collect();
                        before.into_iter().filter(|(value, _)| allowed.contains(&Key::of(value))).collect()
                    }
                });
            }
        }
        let mut seen: HashSet<Key<'_>> = HashSet::default();
        let mut list: Vec<(&Value, Label)> = left?;
        list.retain(|(value, _)| !value.is_null() && seen.insert(Key::of(value)));
        if let Some(kinds) = kinds {
            let fits = |value: &Value| {
                Kind::of(value).is_some_and(|kind| kinds.contains(&kind) || (kind == Kind::Integer && kinds.contains(&Kind::Number)))
            };
            if !list.is_empty() && !list.iter().any(|(value, _)| fits(value)) {
                let spelled = list.iter().map(|(value, label)| {
                    let value = spelled(value, kinds).filter(|value| fits(value))?;
                    Some((Cow::Owned(value), label.clone()))
                });
                let Some(list) = spelled.collect::<Option<Vec<_>>>() else {
                    self.gap("enum-type-mismatch", at, "no `enum` value is of the `type`: the values are not taken into account");
                    return None;
                };
                self.gap("enum-type-mismatch", at, "no `enum` value is of the `type`: they are read as values of that type");
                return Some(Values { list, open: true });
            }
            // A whole number that is too large to be told from one with a fraction may be valid, so no list can be closed.
            if kinds.contains(&Kind::Integer) && list.iter().any(|(value, _)| value.is_number() && !fits(value)) {
                return None;
            }
            list.retain(|(value, _)| fits(value));
        }
        let list = list.into_iter().map(|(value, label)| (Cow::Borrowed(value), label)).collect();
        Some(Values { list, open: false })
    }

    /// The type of a list of values.
    pub(super) fn enumeration(&mut self, at: &Pointer, parts: &[Part], values: &Values<'d>) -> Type {
        let kinds = values.kinds();
        match kinds.as_slice() {
            [] => Type::Null,
            [only] => self.enumeration_of(at, parts, values, *only),
            [Kind::Integer, Kind::Number] => Type::Number,
            several if several.iter().any(|kind| matches!(kind, Kind::Array | Kind::Object)) => Type::Any,
            several => {
                let id = self.reserve(at, parts);
                let candidates = several.iter().enumerate().map(|(index, kind)| {
                    let place = at.join(kind.word());
                    // A definition for one kind of value must not be taken for that of the whole.
                    let key = vec![Part::own(place.clone())];
                    let ty = self.enumeration_of(&place, &key, values, *kind);
                    Candidate { index, name: kind.word().to_owned(), title: None, ty, doc: Doc::default(), asked: Vec::new() }
                });
                let candidates = candidates.collect();
                self.union(id, candidates, None)
            }
        }
    }

    /// The type of the values of one kind. Of booleans, fractions, lists and objects the type is all that is expressed.
    fn enumeration_of(&mut self, at: &Pointer, parts: &[Part], all: &Values<'d>, kind: Kind) -> Type {
        let of_kind = all.list.iter().filter(|(value, _)| Kind::of(value) == Some(kind));
        match kind {
            Kind::String => {
                let (values, labels) = of_kind.filter_map(|(value, label)| Some((value.as_str()?.to_owned(), label.clone()))).unzip();
                let id = self.reserve(at, parts);
                self.define(id, Shape::Enumeration(Enumeration { values, labels, open: all.open }))
            }
            Kind::Integer => {
                let (values, labels) = of_kind.filter_map(|(value, label)| Some((whole(value)?, label.clone()))).unzip();
                let id = self.reserve(at, parts);
                self.define(id, Shape::IntegerEnumeration(IntegerEnumeration { values, labels, open: all.open }))
            }
            Kind::Boolean => Type::Boolean,
            Kind::Number => Type::Number,
            Kind::Array | Kind::Object => Type::Any,
        }
    }
}

impl Values<'_> {
    /// The kinds of the values, sorted.
    fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.list.iter().filter_map(|(value, _)| Kind::of(value)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// The value of one of these types that a value of another spells.
fn spelled(value: &Value, kinds: &[Kind]) -> Option<Value> {
    match value {
        Value::String(text) if kinds.contains(&Kind::Integer) || kinds.contains(&Kind::Number) => {
            text.trim().parse::<serde_json::Number>().ok().map(Value::Number)
        }
        Value::String(text) if kinds.contains(&Kind::Boolean) => text.trim().to_ascii_lowercase().parse().ok().map(Value::Bool),
        Value::Number(_) | Value::Bool(_) if kinds.contains(&Kind::String) => Some(Value::String(value.to_string())),
        _ => None,
    }
}

/// What a value is told from others by: numbers count by their value.
#[derive(PartialEq, Eq, Hash)]
enum Key<'v> {
    Whole(i128),
    Other(&'v Value),
}

impl<'v> Key<'v> {
    fn of(value: &'v Value) -> Self {
        value.is_number().then(|| whole(value)).flatten().map_or(Self::Other(value), Self::Whole)
    }
}

/// What the usual extensions say of each value. `x-enum-varnames` and its like are lists beside `enum`; `x-ms-enum` lists values with theirs.
fn labels(members: &Members, values: &[Value]) -> Vec<Label> {
    let list = |keywords: &[&str]| keywords.iter().find_map(|keyword| members.get(*keyword));
    let names = list(&["x-enum-varnames", "x-enum-names", "x-enumNames", "x-enum-keys"]);
    let texts = list(&["x-enum-descriptions", "x-enumDescriptions"]);
    let microsoft: HashMap<String, &Value> = members
        .get("x-ms-enum")
        .and_then(|extension| extension.get("values"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((plain(entry.get("value")?), entry)))
        .collect();
    let labelled = |(index, value): (usize, &Value)| {
        let entry = microsoft.get(&plain(value));
        let of = |list: Option<&Value>, member: &str| {
            // Beside the list there is a form that names the values: `x-enum-descriptions: {on: "..."}`.
            let beside = list.and_then(|list| list.get(index).or_else(|| list.get(plain(value))));
            let text = beside.or_else(|| entry.and_then(|entry| entry.get(member)))?.as_str()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Label { name: of(names, "name"), text: of(texts, "description") }
    };
    values.iter().enumerate().map(labelled).collect()
}

/// A value as the text by which extensions name it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
