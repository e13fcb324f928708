//! One walk over a part of a tree, by the grammar: which references are there, and which schemas have names of their own.

use std::collections::HashSet;

use serde_json::Value;

use super::{expand, is_reference};
use crate::Pointer;
use crate::at::At;
use crate::grammar::{Kind, Object};

/// What one walk has found; gathered while the tree is borrowed, worked off after that.
#[derive(Default)]
pub(super) struct Found {
    /// Each reference once, with what is expected there.
    pub(super) references: Vec<(String, Kind)>,
    seen: HashSet<String>,
    /// References in the place of something that cannot be one.
    pub(super) expansions: Vec<(Pointer, Kind, String)>,
    pub(super) identifiers: Vec<(String, Pointer)>,
}

/// Finds the references at and below `node`, which is a `kind`.
pub(super) fn collect(kind: Kind, node: &Value, at: At<'_>, found: &mut Found) {
    match node {
        Value::Object(members) if kind != Kind::Opaque => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                if expand::is_expanded(kind) {
                    found.expansions.push((at.pointer(), kind, reference.clone()));
                    return;
                }
                found.refer(reference, kind);
            }
            for (key, value) in members {
                match (kind, key.as_str(), value) {
                    (Kind::One(Object::Schema), "$id", Value::String(id)) => {
                        found.identifiers.push((id.trim_end_matches('#').to_owned(), at.pointer()));
                    }
                    (Kind::One(Object::Schema), "$anchor" | "$dynamicAnchor", Value::String(anchor)) => {
                        found.identifiers.push((format!("#{anchor}"), at.pointer()));
                    }
                    (Kind::One(Object::Schema), "$dynamicRef", Value::String(reference)) => found.refer(reference, kind),
                    (Kind::One(Object::Discriminator), "mapping", Value::Object(mapping)) => {
                        mapping.values().filter_map(Value::as_str).filter(|value| is_reference(value)).for_each(|value| {
                            found.refer(value, Kind::One(Object::Schema));
                        });
                    }
                    (_, _, Value::Object(_) | Value::Array(_)) => collect(kind.member(key), value, at.member(key), found),
                    _ => {}
                }
            }
        }
        Value::Array(items) if kind != Kind::Opaque => {
            for (index, item) in items.iter().enumerate() {
                collect(kind.item(), item, at.item(index), found);
            }
        }
        _ => {}
    }
}

impl Found {
    fn refer(&mut self, reference: &str, kind: Kind) {
        if !self.seen.contains(reference) {
            self.seen.insert(reference.to_owned());
            self.references.push((reference.to_owned(), kind));
        }
    }
}
