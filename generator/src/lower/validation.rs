//! Constraints as data: what keywords ask of values beyond their type, for the values that a type stands for. A definition carries what is
//! asked of its own values and of members, items and branches that have no definition; what those with one ask, they carry themselves.
//!
//! Only what holds whatever branch of a choice is taken is read, so that nothing valid is ever refused. The same keywords as words for people are in
//! `constraints.rs`.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Conjunction, Part};
use super::{Lower, Members};
use crate::ir::{Bound, Constraint, Count, Format, Integer, Shape, Type, TypeId};

const LENGTHS: [(&str, Count); 2] = [("minLength", Count::MinLength), ("maxLength", Count::MaxLength)];
const ITEMS: [(&str, Count); 2] = [("minItems", Count::MinItems), ("maxItems", Count::MaxItems)];
const PROPERTIES: [(&str, Count); 2] = [("minProperties", Count::MinProperties), ("maxProperties", Count::MaxProperties)];
const BOUNDS: [(&str, Bound); 5] = [
    ("minimum", Bound::Minimum),
    ("exclusiveMinimum", Bound::ExclusiveMinimum),
    ("maximum", Bound::Maximum),
    ("exclusiveMaximum", Bound::ExclusiveMaximum),
    ("multipleOf", Bound::MultipleOf),
];
const FORMATS: [(&str, Format); 7] = [
    ("date", Format::Date),
    ("date-time", Format::DateTime),
    ("email", Format::Email),
    ("ipv4", Format::Ipv4),
    ("ipv6", Format::Ipv6),
    ("uri", Format::Uri),
    ("uuid", Format::Uuid),
];

type Nodes<'n, 'd> = &'n [(Pointer, &'d Members)];

impl<'d> Lower<'d> {
    /// Adds to what is asked of the values of a definition.
    pub(super) fn constrain(&mut self, id: TypeId, asked: Vec<Constraint>) {
        if let Some(def) = self.ir.types.get_mut(id.0) {
            def.constraints.extend(asked);
        }
    }

    /// What the schema at a place asks of values of the type that was made of it.
    pub(super) fn asked_at(&self, ty: &Type, at: Option<&Pointer>) -> Vec<Constraint> {
        at.map(|at| self.asked(ty, &[Part::whole(at.clone())])).unwrap_or_default()
    }

    /// What a conjunction asks of values of the type that was made of it, besides what a definition says itself.
    pub(super) fn asked(&self, ty: &Type, parts: &[Part]) -> Vec<Constraint> {
        let ty = ty.split_null().0;
        match ty {
            Type::Boolean | Type::Null => return Vec::new(),
            Type::Named(id) | Type::Boxed(id) if !matches!(self.ir.get(*id).shape, Shape::Alias(_) | Shape::Pending) => return Vec::new(),
            _ => {}
        }
        let mut conjunction = self.flatten(parts);
        if !conjunction.choices.is_empty() {
            // A choice of one branch is no choice.
            conjunction = self.flatten(&self.reduce(parts.to_vec()));
        }
        let nodes = conjunction.nodes.as_slice();
        let mut asked = Vec::new();
        match ty {
            Type::String => strings(nodes, &mut asked),
            Type::Integer(_) | Type::Number | Type::Double => numbers(nodes, ty, &mut asked),
            Type::Array(item) => {
                lists(nodes, &mut asked);
                let inner = self.asked(item, &items_of(&conjunction));
                asked.extend((!inner.is_empty()).then_some(Constraint::Items(inner)));
            }
            Type::Map(value) => {
                counts(nodes, &PROPERTIES, &mut asked);
                asked.extend(self.asked_of_others(value, &conjunction));
            }
            _ => {
                strings(nodes, &mut asked);
                numbers(nodes, ty, &mut asked);
                lists(nodes, &mut asked);
                counts(nodes, &PROPERTIES, &mut asked);
            }
        }
        asked
    }

    /// What is asked of the members that have no name in the schema.
    pub(super) fn asked_of_others(&self, ty: &Type, conjunction: &Conjunction<'d>) -> Option<Constraint> {
        // The names of members decide which schemas hold for them.
        if conjunction.nodes.iter().any(|(_, members)| members.contains_key("patternProperties")) {
            return None;
        }
        let has_schema = |members: &Members| members.get("additionalProperties").is_some_and(Value::is_object);
        let nodes = conjunction.nodes.iter().filter(|(_, members)| has_schema(members));
        let parts: Vec<Part> = nodes.map(|(node, _)| Part::whole(node.join("additionalProperties"))).collect();
        if parts.is_empty() {
            return None;
        }
        let inner = self.asked(ty, &parts);
        (!inner.is_empty()).then_some(Constraint::AdditionalProperties(inner))
    }
}

/// What is asked of an object beside its members, where no presence rule says it.
pub(super) fn of_object(conjunction: &Conjunction<'_>) -> Vec<Constraint> {
    let mut asked = Vec::new();
    counts(&conjunction.nodes, &PROPERTIES, &mut asked);
    asked
}

/// What is asked of a list beside its items.
pub(super) fn of_list(conjunction: &Conjunction<'_>) -> Vec<Constraint> {
    let mut asked = Vec::new();
    lists(&conjunction.nodes, &mut asked);
    asked
}

/// The schemas of the items of a list; none where they differ by their place.
fn items_of(conjunction: &Conjunction<'_>) -> Vec<Part> {
    if conjunction.nodes.iter().any(|(_, members)| members.contains_key("prefixItems")) {
        return Vec::new();
    }
    let nodes = conjunction.nodes.iter().filter(|(_, members)| members.get("items").is_some_and(Value::is_object));
    nodes.map(|(node, _)| Part::whole(node.join("items"))).collect()
}

fn add(asked: &mut Vec<Constraint>, constraint: Constraint) {
    if !asked.contains(&constraint) {
        asked.push(constraint);
    }
}

fn counts(nodes: Nodes<'_, '_>, keywords: &[(&str, Count)], asked: &mut Vec<Constraint>) {
    for (keyword, count) in keywords {
        for limit in nodes.iter().filter_map(|(_, members)| members.get(*keyword)?.as_u64()) {
            // Every count is at least 0.
            if limit > 0 || !keyword.starts_with("min") {
                add(asked, Constraint::Count(*count, limit));
            }
        }
    }
}

fn strings(nodes: Nodes<'_, '_>, asked: &mut Vec<Constraint>) {
    counts(nodes, &LENGTHS, asked);
    for (at, members) in nodes {
        if let Some(pattern) = members.get("pattern").and_then(Value::as_str)
            && !asked.iter().any(|known| matches!(known, Constraint::Pattern(other, _) if other == pattern))
        {
            asked.push(Constraint::Pattern(pattern.to_owned(), Some(at.join("pattern"))));
        }
        let format = members.get("format").and_then(Value::as_str);
        if let Some((_, format)) = FORMATS.iter().find(|(name, _)| Some(*name) == format) {
            add(asked, Constraint::Format(*format));
        }
    }
}

fn lists(nodes: Nodes<'_, '_>, asked: &mut Vec<Constraint>) {
    counts(nodes, &ITEMS, asked);
    if nodes.iter().any(|(_, members)| members.get("uniqueItems") == Some(&Value::Bool(true))) {
        asked.push(Constraint::UniqueItems);
    }
}

fn numbers(nodes: Nodes<'_, '_>, ty: &Type, asked: &mut Vec<Constraint>) {
    for (keyword, bound) in BOUNDS {
        for limit in nodes.iter().filter_map(|(_, members)| members.get(keyword)?.as_number()) {
            if !is_of_type(bound, limit, ty) {
                add(asked, Constraint::Bound(bound, limit.to_string()));
            }
        }
    }
}

/// Whether no value of the type can break the bound.
fn is_of_type(bound: Bound, limit: &serde_json::Number, ty: &Type) -> bool {
    let Type::Integer(integer) = ty else { return false };
    let (least, most) = match integer {
        Integer::I32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Integer::I64 => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Integer::U32 => (0, i128::from(u32::MAX)),
        Integer::U64 => (0, i128::from(u64::MAX)),
        Integer::Any => return false,
    };
    limit.as_i128().is_some_and(|limit| match bound {
        Bound::Minimum => limit <= least,
        Bound::ExclusiveMinimum => limit < least,
        Bound::Maximum => limit >= most,
        Bound::ExclusiveMaximum => limit > most,
        Bound::MultipleOf => limit == 1,
    })
}
