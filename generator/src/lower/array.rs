//! Lists, and tuples: lists whose items differ by their place.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Conjunction, Part};
use super::union::Candidate;
use super::{Lower, Members, validation};
use crate::ir::{Constraint, Count, Shape, Tuple, TupleItem, Type};

/// The items that are listed one by one above which a list of any of their types serves better than a struct.
const MAX_TUPLE: usize = 32;

impl<'d> Lower<'d> {
    /// A list. `prefixItems` makes it a tuple where all of them are there, and a list of any of their types otherwise.
    pub(super) fn array(&mut self, at: &Pointer, parts: &[Part], conjunction: &Conjunction<'d>) -> Type {
        let prefixes = || conjunction.nodes.iter().filter_map(|(_, members)| members.get("prefixItems").and_then(Value::as_array));
        let length = prefixes().map(Vec::len).max().unwrap_or(0);
        if length == 0 {
            let items = conjunction.nodes.iter().filter(|(_, members)| is_schema(members.get("items")));
            let items: Vec<Part> = items.map(|(node, _)| Part::whole(node.join("items"))).collect();
            let item = if items.is_empty() { Type::Any } else { self.conjunction(&at.join("items"), items) };
            return Type::Array(Box::new(item));
        }
        let bound = |keyword: &'static str| {
            let counts = conjunction.nodes.iter().filter_map(move |(_, members)| members.get(keyword).and_then(Value::as_u64));
            counts.map(move |count| usize::try_from(count).unwrap_or(usize::MAX))
        };
        let least = bound("minItems").max().unwrap_or(0);
        let most = bound("maxItems").min();
        if least >= length && length <= MAX_TUPLE && most.is_none_or(|most| most >= length) {
            self.tuple(at, parts, conjunction, length, most == Some(length))
        } else {
            self.mixed_list(at, conjunction, length)
        }
    }

    /// A list that has at least the items which are listed one by one.
    fn tuple(&mut self, at: &Pointer, parts: &[Part], conjunction: &Conjunction<'d>, length: usize, is_full: bool) -> Type {
        let id = self.reserve(at, parts);
        let mut asked = validation::of_list(conjunction);
        // The type has the listed items, and no others where it is full.
        asked.retain(|constraint| match constraint {
            Constraint::Count(Count::MinItems, least) => usize::try_from(*least).is_ok_and(|least| least > length),
            Constraint::Count(Count::MaxItems, _) => !is_full,
            _ => true,
        });
        let items = (0..length).map(|index| {
            let parts = item_parts(conjunction, index);
            let doc = parts.iter().map(|part| self.doc(&part.at)).find(|doc| doc.text.is_some()).unwrap_or_default();
            let ty = self.conjunction(&at.join("prefixItems").index(index), parts.clone());
            let inner = self.asked(&ty, &parts);
            asked.extend((!inner.is_empty()).then_some(Constraint::PrefixItem(index, inner)));
            TupleItem { ty, doc }
        });
        let items = items.collect();
        let rest = if is_full { None } else { self.rest(at, conjunction) };
        if let Some(ty) = &rest {
            let inner = self.asked(ty, &item_parts(conjunction, length));
            asked.extend((!inner.is_empty()).then_some(Constraint::Items(inner)));
        }
        self.constrain(id, asked);
        self.define(id, Shape::Tuple(Tuple { items, rest }))
    }

    /// A list of any of the types that its items may have.
    fn mixed_list(&mut self, at: &Pointer, conjunction: &Conjunction<'d>, length: usize) -> Type {
        let mut types: Vec<(Pointer, Type)> = Vec::with_capacity(length + 1);
        for index in 0..length {
            let parts = item_parts(conjunction, index);
            let written = parts.first().map_or_else(|| at.clone(), |part| part.at.clone());
            types.push((written, self.conjunction(&at.join("prefixItems").index(index), parts)));
        }
        types.extend(self.rest(at, conjunction).map(|ty| (at.join("items"), ty)));
        Type::Array(Box::new(self.any_of(&at.join("prefixItems"), types)))
    }

    /// The type of the items after those that are listed; `None` where there may be none.
    fn rest(&mut self, at: &Pointer, conjunction: &Conjunction<'d>) -> Option<Type> {
        let mut parts = Vec::new();
        for (node, members) in &conjunction.nodes {
            match (members.get("items"), members.get("unevaluatedItems")) {
                (Some(Value::Bool(false)), _) => return None,
                // Only of what nothing else has looked at.
                (None, Some(Value::Bool(false))) if conjunction.nodes.len() == 1 && !evaluates_more(members) => return None,
                (items, _) if is_schema(items) => parts.push(Part::whole(node.join("items"))),
                _ => {}
            }
        }
        Some(if parts.is_empty() { Type::Any } else { self.conjunction(&at.join("items"), parts) })
    }

    /// The type of values each of which is of one of these types, each with the place where it is written.
    pub(super) fn any_of(&mut self, at: &Pointer, types: Vec<(Pointer, Type)>) -> Type {
        let nullable = types.iter().any(|(_, ty)| matches!(ty, Type::Nullable(_) | Type::Null));
        let mut candidates: Vec<Candidate> = Vec::with_capacity(types.len());
        for (written, ty) in types {
            let (ty, _) = ty.split_null();
            if *ty == Type::Null || candidates.iter().any(|known| known.ty == *ty) {
                continue;
            }
            let index = candidates.len();
            let name = self.branch_name(&written, ty, index);
            candidates.push(Candidate { index, name, title: None, doc: self.doc(&written), ty: ty.clone(), asked: Vec::new() });
        }
        let ty = match candidates.as_slice() {
            [] => return Type::Null,
            [only] => only.ty.clone(),
            _ => {
                let id = self.push(at.clone());
                self.union(id, candidates, None)
            }
        };
        if nullable { ty.nullable() } else { ty }
    }
}

/// Whether a schema looks at items in ways that have no part in the list.
fn evaluates_more(members: &Members) -> bool {
    ["contains", "if", "anyOf", "oneOf"].iter().any(|keyword| members.contains_key(*keyword))
}

/// The schemas that hold for the item of this index.
fn item_parts(conjunction: &Conjunction<'_>, index: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    for (node, members) in &conjunction.nodes {
        let prefix = members.get("prefixItems").and_then(Value::as_array);
        if prefix.is_some_and(|prefix| index < prefix.len()) {
            parts.push(Part::whole(node.join("prefixItems").index(index)));
        } else if is_schema(members.get("items")) {
            parts.push(Part::whole(node.join("items")));
        }
    }
    parts
}

/// Whether there is a schema; `true` says nothing, but is one.
fn is_schema(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_object() || value.is_boolean())
}
