//! References once more, when the tree is complete: those that lead through a schema which had to be wrapped, those whose target
//! was left out, and those that lead back to themselves without a step into a value, which no validator survives.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::at::At;
use crate::grammar::{Kind, Object};
use crate::places::{normalised, written};
use crate::references::{References, Target, decode, local};
use crate::{Diagnostic, Pointer};

/// Corrects the references of the normalised tree.
pub(super) fn relink(mut root: Value, references: &References, diagnostics: &mut Vec<Diagnostic>) -> Value {
    let moved = moved(&root, references);
    if !moved.is_empty() {
        for (file, roots) in references.files().zip(&references.roots) {
            for (pointer, kind) in roots {
                let place = Pointer::from_plain(format!("{}{pointer}", file.mount));
                let Some(place) = normalised(&root, &place) else { continue };
                if let Some(node) = root.pointer_mut(place.as_str()) {
                    move_references(*kind, node, At::Root(&place), &moved, diagnostics);
                }
            }
        }
    }
    for (pointer, reference) in circles(&root, references) {
        let at = written(&root, &pointer).join("$ref");
        if let Some(Value::Object(members)) = root.pointer_mut(pointer.as_str()) {
            members.shift_remove("$ref");
            let message = format!("`{reference}` leads back to itself without a step into a value; it is ignored");
            diagnostics.push(Diagnostic::warning("circular-reference", at, message));
        }
    }
    root
}

/// The references that have to change, with what they change to: `None` where nothing is left of their target.
fn moved(root: &Value, references: &References) -> HashMap<String, Option<String>> {
    let mut moved = HashMap::new();
    for target in references.targets() {
        let Target::Place { reference, .. } = target else { continue };
        let pointer = pointer_of(reference);
        let place = normalised(root, &pointer);
        if place.as_ref() != Some(&pointer) {
            moved.insert(reference.clone(), place.map(|place| local(&place)));
        }
    }
    moved
}

/// The pointer of a local reference as [`crate::references`] writes them.
fn pointer_of(reference: &str) -> Pointer {
    Pointer::from_plain(decode(reference.trim_start_matches('#')))
}

fn move_references(kind: Kind, node: &mut Value, at: At<'_>, moved: &HashMap<String, Option<String>>, diagnostics: &mut Vec<Diagnostic>) {
    match node {
        Value::Object(members) => {
            let change = match (kind, members.get("$ref")) {
                (Kind::One(_), Some(Value::String(reference))) => moved.get(reference).map(|to| (reference.clone(), to.clone())),
                _ => None,
            };
            match change {
                Some((_, Some(to))) => {
                    members.insert("$ref".to_owned(), Value::String(to));
                }
                Some((reference, None)) => {
                    members.shift_remove("$ref");
                    let message = format!("`{reference}` leads to something that had to be left out; it is ignored");
                    diagnostics.push(Diagnostic::warning("broken-reference", at.member("$ref").pointer(), message));
                }
                None => {}
            }
            if let (Kind::One(Object::Discriminator), Some(Value::Object(mapping))) = (kind, members.get_mut("mapping")) {
                for value in mapping.values_mut() {
                    if let Some(Some(to)) = value.as_str().and_then(|reference| moved.get(reference)) {
                        *value = Value::String(to.clone());
                    }
                }
            }
            for (key, value) in members.iter_mut() {
                let kind = kind.member(key);
                if kind != Kind::Opaque {
                    move_references(kind, value, at.member(key), moved, diagnostics);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                move_references(kind.item(), item, at.item(index), moved, diagnostics);
            }
        }
        _ => {}
    }
}

/// The schemas whose `$ref` closes a circle of references and combinations (`allOf` and the like), with that reference.
fn circles(root: &Value, references: &References) -> BTreeSet<(Pointer, String)> {
    let schemas = references.targets().filter_map(|target| match target {
        Target::Place { kind: Kind::One(Object::Schema), reference } => Some(pointer_of(reference)),
        _ => None,
    });
    // In order, so that of the references of a circle it is always the same one that goes.
    let schemas: BTreeSet<Pointer> = schemas.collect();
    let mut search = Circles { root, done: HashSet::new(), found: BTreeSet::new() };
    for schema in schemas.iter().filter_map(|schema| normalised(root, schema)) {
        search.from(schema);
    }
    search.found
}

/// A search in depth over the schemas that references lead to.
struct Circles<'v> {
    root: &'v Value,
    done: HashSet<Pointer>,
    found: BTreeSet<(Pointer, String)>,
}

/// A schema on the way that the search has come, with the references in it that are still to be followed.
struct Step {
    schema: Pointer,
    ahead: Vec<(Pointer, String)>,
}

impl Circles<'_> {
    fn from(&mut self, start: Pointer) {
        let mut way: Vec<Step> = Vec::new();
        let mut on_way: HashSet<Pointer> = HashSet::new();
        let mut next = Some(start);
        loop {
            if let Some(schema) = next.take().filter(|schema| !self.done.contains(schema)) {
                let mut ahead = Vec::new();
                if let Some(node) = self.root.pointer(schema.as_str()) {
                    in_place(node, At::Root(&schema), &mut ahead);
                }
                on_way.insert(schema.clone());
                way.push(Step { schema, ahead });
            }
            let Some(step) = way.last_mut() else { return };
            if let Some((place, reference)) = step.ahead.pop() {
                let target = pointer_of(&reference);
                if on_way.contains(&target) {
                    self.found.insert((place, reference));
                } else {
                    next = Some(target);
                }
            } else if let Some(step) = way.pop() {
                on_way.remove(&step.schema);
                self.done.insert(step.schema);
            }
        }
    }
}

/// The references that apply to the very value which `node` applies to.
fn in_place(node: &Value, at: At<'_>, found: &mut Vec<(Pointer, String)>) {
    let Some(members) = node.as_object() else { return };
    for (key, value) in members {
        match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => found.push((at.pointer(), reference.clone())),
            ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                let at = at.member(key);
                for (index, item) in items.iter().enumerate() {
                    in_place(item, at.item(index), found);
                }
            }
            ("not" | "if" | "then" | "else", value) => in_place(value, at.member(key), found),
            ("dependentSchemas", Value::Object(schemas)) => {
                let at = at.member(key);
                for (name, schema) in schemas {
                    in_place(schema, at.member(name), found);
                }
            }
            _ => {}
        }
    }
}
