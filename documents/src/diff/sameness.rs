//! Whether two schemas say the same, told from their texts: references are compared by what they lead to, the order of members and of
//! lists that are sets counts for nothing, and neither does what only people read. `false` is no more than "not told".

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use wireproof_openapi::{Document, PartKind, Pointer};

/// How many nodes one comparison beyond names may look at.
const LIMIT: usize = 4_000;

/// Keywords that only people read.
const UNREAD: [&str; 8] = ["title", "description", "summary", "example", "examples", "externalDocs", "xml", "$comment"];
/// Keywords with lists that are sets.
const SETS: [&str; 3] = ["required", "enum", "type"];
/// Keywords with named schemas.
const NAMES: [&str; 6] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "mapping"];

/// Two documents, compared.
pub(super) struct Sameness<'d> {
    old: &'d Document,
    new: &'d Document,
    /// References with the same text in both documents, and the same meaning.
    clean: HashSet<&'d str>,
    left: Cell<usize>,
}

impl<'d> Sameness<'d> {
    pub(super) fn new(old: &'d Document, new: &'d Document) -> Self {
        let mut same = Self { old, new, clean: HashSet::new(), left: Cell::new(0) };
        same.clean = same.clean_references();
        same
    }

    /// References that mean the same in both documents: what they lead to has the same text, and so has what that leads to.
    fn clean_references(&self) -> HashSet<&'d str> {
        let mut targets: HashMap<&'d str, Vec<&'d str>> = HashMap::new();
        let mut dirty: Vec<&'d str> = Vec::new();
        self.old.visit(&mut |kind, _, node| {
            if let (PartKind::Schema, Some(reference)) = (kind, node.get("$ref").and_then(Value::as_str))
                && !targets.contains_key(reference)
            {
                let nodes = (target(self.old, reference), target(self.new, reference));
                let mut met = Vec::new();
                if let (Some(old), Some(new)) = nodes
                    && textually(old, new, &mut met)
                {
                    targets.insert(reference, met);
                } else {
                    targets.insert(reference, Vec::new());
                    dirty.push(reference);
                }
            }
        });
        let mut users: HashMap<&'d str, Vec<&'d str>> = HashMap::new();
        for (user, met) in &targets {
            for reference in met {
                users.entry(reference).or_default().push(user);
            }
            // What nothing in the old document refers to from a schema was not looked at.
            dirty.extend(met.iter().filter(|reference| !targets.contains_key(*reference)));
        }
        let mut reached: HashSet<&'d str> = HashSet::new();
        while let Some(reference) = dirty.pop() {
            if reached.insert(reference) {
                dirty.extend(users.get(reference).into_iter().flatten());
            }
        }
        targets.into_keys().filter(|reference| !reached.contains(reference)).collect()
    }

    /// Whether the schemas at two places say the same.
    pub(super) fn same(&self, old: &Pointer, new: &Pointer) -> bool {
        let (Some(old), Some(new)) = (self.old.get(old), self.new.get(new)) else { return false };
        self.left.set(LIMIT);
        self.nodes(old, new, &mut HashSet::new())
    }

    /// Whether two lists of schemas that hold at once say the same, one by one.
    pub(super) fn same_parts(&self, old: &[Pointer], new: &[Pointer]) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.same(old, new))
    }

    fn nodes(&self, old: &'d Value, new: &'d Value, assumed: &mut HashSet<(usize, usize)>) -> bool {
        each(old, new, false, &mut |old, new| {
            if self.left.get() == 0 {
                return Some(false);
            }
            self.left.set(self.left.get() - 1);
            let reference = |node: &'d Value| node.get("$ref").and_then(Value::as_str);
            let (one, other) = match (reference(old), reference(new)) {
                (None, None) => return None,
                (Some(one), Some(other)) if one == other && self.clean.contains(one) => {
                    return (is_reference(old) && is_reference(new)).then_some(true);
                }
                references => references,
            };
            if !is_reference(old) && !is_reference(new) {
                return Some(false);
            }
            let old = if is_reference(old) { target(self.old, one?)? } else { old };
            let new = if is_reference(new) { target(self.new, other?)? } else { new };
            // What is being compared already is taken for the same: if it is not, it is found out there.
            let pair = (std::ptr::from_ref(old) as usize, std::ptr::from_ref(new) as usize);
            Some(!assumed.insert(pair) || self.nodes(old, new, assumed))
        })
    }
}

/// Whether two nodes have the same text; the references in them go to `met`.
fn textually<'d>(old: &'d Value, new: &'d Value, met: &mut Vec<&'d str>) -> bool {
    each(old, new, false, &mut |old, new| {
        if let (Some(Value::String(old)), Some(Value::String(new))) = (old.get("$ref"), new.get("$ref")) {
            if old != new {
                return Some(false);
            }
            met.push(old);
        }
        None
    })
}

/// Whether a schema is nothing but a reference.
pub(super) fn is_reference(node: &Value) -> bool {
    node.as_object().is_some_and(|node| node.contains_key("$ref") && node.keys().all(|key| key == "$ref" || is_unread(key)))
}

fn target<'d>(document: &'d Document, reference: &str) -> Option<&'d Value> {
    document.get(&document.reference(reference)?)
}

pub(super) fn is_unread(key: &str) -> bool {
    UNREAD.contains(&key) || key.starts_with("x-")
}

/// Compares two schemas member by member. `decide` may settle a pair of objects before that; `names`: their keys are no keywords.
fn each<'d>(old: &'d Value, new: &'d Value, names: bool, decide: &mut dyn FnMut(&'d Value, &'d Value) -> Option<bool>) -> bool {
    match (old, new) {
        (Value::Object(left), Value::Object(right)) => {
            if !names && let Some(decided) = decide(old, new) {
                return decided;
            }
            let counts = |members: &Map<String, Value>| members.keys().filter(|key| names || !is_unread(key)).count();
            counts(left) == counts(right)
                && left.iter().filter(|(key, _)| names || !is_unread(key)).all(|(key, old)| match right.get(key) {
                    Some(new) if !names && SETS.contains(&key.as_str()) => same_set(old, new),
                    Some(new) if !names && matches!(key.as_str(), "default" | "const" | "$ref") => old == new,
                    Some(new) => each(old, new, !names && NAMES.contains(&key.as_str()), decide),
                    None => false,
                })
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(old, new)| each(old, new, false, decide))
        }
        _ => old == new,
    }
}

fn same_set(old: &Value, new: &Value) -> bool {
    match (old.as_array(), new.as_array()) {
        (Some(old), Some(new)) => old.iter().all(|value| new.contains(value)) && new.iter().all(|value| old.contains(value)),
        _ => old == new,
    }
}
