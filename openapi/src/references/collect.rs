//! One walk over a part of a tree, by the grammar: which references are there, and which schemas have names of their own. A schema
//! with an `$id` is a resource by itself: what stands in it refers from there and not from the file (JSON Schema 2020-12, 8.2).

use std::collections::HashSet;

use serde_json::Value;

use super::{expand, is_reference, uri};
use crate::Pointer;
use crate::at::At;
use crate::grammar::{Kind, Object};

const SCHEMA: Kind = Kind::One(Object::Schema);

/// What one walk has found; gathered while the tree is borrowed, worked off after that.
#[derive(Default)]
pub(super) struct Found {
    /// Each reference once, with what is expected there.
    pub(super) references: Vec<(String, Kind)>,
    seen: HashSet<String>,
    /// References in the place of something that cannot be one.
    pub(super) expansions: Vec<(Pointer, Kind, String)>,
    pub(super) identifiers: Vec<(String, Pointer)>,
    /// References within schemas that have an `$id`.
    pub(super) within: Vec<Within>,
}

/// A reference within a schema that has an `$id`, which may mean another place than it would elsewhere in the file.
pub(super) struct Within {
    /// Where the text of the reference stands.
    pub(super) at: Pointer,
    pub(super) kind: Kind,
    /// The reference as written.
    pub(super) reference: String,
    /// The reference as seen from the `$id`.
    pub(super) resolved: String,
}

/// Finds the references at and below `node`, which is a `kind`. `base` is the `$id` of the schema that it stands in, if any has one.
pub(super) fn collect(kind: Kind, node: &Value, at: At<'_>, base: Option<&str>, found: &mut Found) {
    let own = (kind == SCHEMA).then(|| node.get("$id").and_then(Value::as_str)).flatten().and_then(|id| uri::base(base, id));
    let base = own.as_deref().or(base);
    match node {
        Value::Object(members) if kind != Kind::Opaque => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                if expand::is_expanded(kind) {
                    found.expansions.push((at.pointer(), kind, reference.clone()));
                    return;
                }
                found.refer(reference, kind, at.member("$ref"), base);
            }
            for (key, value) in members {
                match (kind, key.as_str(), value) {
                    (SCHEMA, "$id", Value::String(id)) => {
                        let name = own.as_deref().unwrap_or(id.trim_end_matches('#'));
                        found.identifiers.push((name.to_owned(), at.pointer()));
                    }
                    (SCHEMA, "$anchor" | "$dynamicAnchor", Value::String(anchor)) => {
                        found.identifiers.extend(base.map(|base| (format!("{base}#{anchor}"), at.pointer())));
                        found.identifiers.push((format!("#{anchor}"), at.pointer()));
                    }
                    (SCHEMA, "$dynamicRef", Value::String(reference)) => found.refer(reference, kind, at.member(key), base),
                    (Kind::One(Object::Discriminator), "mapping", Value::Object(mapping)) => {
                        let values = mapping.iter().filter_map(|(tag, value)| Some((tag, value.as_str()?)));
                        for (tag, value) in values.filter(|(_, value)| is_reference(value)) {
                            found.refer(value, SCHEMA, at.member(key).member(tag), base);
                        }
                    }
                    (_, _, Value::Object(_) | Value::Array(_)) => collect(kind.member(key), value, at.member(key), base, found),
                    _ => {}
                }
            }
        }
        Value::Array(items) if kind != Kind::Opaque => {
            for (index, item) in items.iter().enumerate() {
                collect(kind.item(), item, at.item(index), base, found);
            }
        }
        _ => {}
    }
}

impl Found {
    fn refer(&mut self, reference: &str, kind: Kind, at: At<'_>, base: Option<&str>) {
        if let Some(base) = base {
            let resolved = uri::resolve(base, reference);
            self.within.push(Within { at: at.pointer(), kind, reference: reference.to_owned(), resolved });
            return;
        }
        if !self.seen.contains(reference) {
            self.seen.insert(reference.to_owned());
            self.references.push((reference.to_owned(), kind));
        }
    }
}
