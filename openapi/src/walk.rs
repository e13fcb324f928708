//! A walk over all objects of a document, for those who look at every schema. It goes by the grammar, so it never mistakes an
//! example for a part. Next: `grammar.rs`, which says what stands where.

use std::collections::HashSet;

use serde_json::Value;

use crate::Pointer;
use crate::at::At;
use crate::grammar::{Kind, Object};
use crate::places;
use crate::references::MOUNT;

/// What a visited object is, as far as it matters to visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A schema: an object, or true or false.
    Schema,
    /// Another object of the specification.
    Other,
}

/// Calls `see` with every object of the document, each once, in the document's order; what stands in other files comes last.
pub(crate) fn visit<'d>(root: &'d Value, see: &mut dyn FnMut(PartKind, &Pointer, &'d Value)) {
    let mut walk = Walk { see, elsewhere: Vec::new(), seen: HashSet::new(), mounted: false };
    walk.part(Kind::One(Object::OpenApi), root, At::Root(&Pointer::root()));
    walk.mounted = true;
    while let Some((kind, reference)) = walk.elsewhere.pop() {
        if let Some(place) = places::target(root, &reference)
            && let Some(node) = places::get(root, &place)
        {
            walk.part(kind, node, At::Root(&place));
        }
    }
}

struct Walk<'s, 'd> {
    see: &'s mut dyn FnMut(PartKind, &Pointer, &'d Value),
    /// References into other files, with what they lead to.
    elsewhere: Vec<(Kind, String)>,
    /// What was visited of other files: parts of one may lie within each other.
    seen: HashSet<Pointer>,
    mounted: bool,
}

impl<'d> Walk<'_, 'd> {
    fn part(&mut self, kind: Kind, node: &'d Value, at: At<'_>) {
        if matches!(kind, Kind::Opaque | Kind::Text) {
            return;
        }
        if let Kind::One(object) = kind {
            let pointer = at.pointer();
            if self.mounted && !self.seen.insert(pointer.clone()) {
                return;
            }
            match object {
                Object::Schema if node.is_object() || node.is_boolean() => (self.see)(PartKind::Schema, &pointer, node),
                Object::Schema => {}
                _ if node.is_object() => (self.see)(PartKind::Other, &pointer, node),
                _ => {}
            }
        }
        match node {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                    && reference.strip_prefix("#/").is_some_and(|rest| rest.starts_with(MOUNT))
                {
                    self.elsewhere.push((kind, reference.to_owned()));
                }
                for (key, value) in members {
                    if value.is_object() || value.is_array() || value.is_boolean() {
                        self.part(kind.member(key), value, at.member(key));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.part(kind.item(), item, at.item(index));
                }
            }
            _ => {}
        }
    }
}
