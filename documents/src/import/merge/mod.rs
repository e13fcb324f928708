//! Several fragments of one document to the whole. Equal parts are there once; maps of parts (paths, the methods of a path, components)
//! are united; all else must be equal, or it is a contradiction.
//!
//! What a fragment says for all of its operations (`security`, `servers`, the parameters of a path) and another says otherwise or not at
//! all is no contradiction: it is put where it holds, into the operations of that fragment (`settle.rs`).
//!
//! Fragments repeat the components that they share, so all of them together are many times as large as the document. Each is read, taken
//! apart and forgotten before the next one: what is left of it is what `settle.rs` has to see of all fragments at once.

mod settle;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use wireproof_openapi::{Pointer, Position, Source};

use super::{ImportError, MORE};

/// More contradictions than anybody reads.
const MAX_CONTRADICTIONS: usize = 100;

/// Two places that say different things of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The part, in the document that was to be made.
    pub pointer: Pointer,
    /// What the first place says, and where it is.
    pub first: (String, Position),
    /// What the other says, and where it is.
    pub second: (String, Position),
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { pointer, first, second } = self;
        let part = if pointer.as_str().is_empty() { "/" } else { pointer.as_str() };
        write!(f, "`{part}` is {} at {} and {} at {}", first.0, first.1, second.0, second.1)
    }
}

/// A document made of fragments.
#[derive(Debug)]
pub struct Merged {
    /// The tree.
    pub value: Value,
    /// What was put elsewhere to keep its meaning.
    pub notes: Vec<(Position, String)>,
}

/// Makes one document of fragments, in their order. `source` has the text of the fragment of a number, and `None` behind the last one;
/// it is asked again for those in which places have to be found.
///
/// # Errors
///
/// When a fragment cannot be read, or two of them contradict each other.
pub fn merge<'s>(source: impl Fn(usize) -> Option<Cow<'s, Source>>) -> Result<Merged, ImportError> {
    let mut merger = Merger::default();
    let mut remainders = Vec::new();
    while let Some(fragment) = source(remainders.len()) {
        match fragment.value().map_err(ImportError::Unreadable)? {
            Value::Object(members) => remainders.push(merger.begin(remainders.len(), members)),
            _ => return Err(ImportError::Nothing),
        }
    }
    let moved = settle::settle(&mut remainders);
    for (number, remainder) in remainders.into_iter().enumerate() {
        merger.take(number, remainder);
    }
    if !merger.conflicts.is_empty() {
        return Err(ImportError::Contradictions(merger.contradictions(source)));
    }
    let places = locate(source, moved.iter().map(|moved| (moved.fragment, &moved.pointer)));
    let notes = places.into_iter().zip(moved).map(|(place, moved)| (place, moved.note)).collect();
    Ok(Merged { value: merger.whole(), notes })
}

/// Where parts of fragments stand, each fragment read once for all of its parts.
fn locate<'s, 'p>(source: impl Fn(usize) -> Option<Cow<'s, Source>>, parts: impl Iterator<Item = (usize, &'p Pointer)>) -> Vec<Position> {
    let mut by_fragment: BTreeMap<usize, Vec<(usize, &Pointer)>> = BTreeMap::new();
    let mut places = Vec::new();
    for (index, (fragment, pointer)) in parts.enumerate() {
        by_fragment.entry(fragment).or_default().push((index, pointer));
        places.push(Position { file: String::new(), line: 1, column: 1 });
    }
    for (fragment, parts) in by_fragment {
        let Some(source) = source(fragment) else { continue };
        let found = source.locate(parts.iter().map(|(_, pointer)| *pointer));
        for ((index, _), position) in parts.iter().zip(found) {
            if let Some(place) = places.get_mut(*index) {
                *place = position;
            }
        }
    }
    places
}

/// Which fragment a part is from: that of the nearest part above it that is noted.
#[derive(Default)]
struct Owners(std::collections::HashMap<Pointer, usize>);

impl Owners {
    fn of(&self, pointer: &Pointer) -> usize {
        let mut at = Some(pointer.clone());
        while let Some(here) = at {
            if let Some(owner) = self.0.get(&here) {
                return *owner;
            }
            at = here.parent();
        }
        0
    }
}

/// Two values of one part.
struct Conflict {
    /// The part in the whole.
    pointer: Pointer,
    fragments: (usize, usize),
    values: (Option<Value>, Option<Value>),
    /// The place of the part in the second fragment, where it is not the same.
    second: Pointer,
}

/// The whole as far as it is known.
#[derive(Default)]
struct Merger {
    whole: Map<String, Value>,
    /// The members of the whole, in the order in which fragments have them.
    order: Vec<String>,
    owners: Owners,
    conflicts: Vec<Conflict>,
}

/// How the members of a map are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    /// `paths` and `webhooks`.
    Paths,
    PathItem,
    Components,
    /// `components/schemas` and its like, and the further operations of a path item.
    Named,
    /// A part of the vendor's, which is one thing.
    Part,
}

impl Level {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "paths" | "webhooks") | (Self::Components, "pathItems") => Self::Paths,
            (Self::Root, "components") => Self::Components,
            (Self::Paths, _) if !key.starts_with("x-") => Self::PathItem,
            (Self::Components, _) if !key.starts_with("x-") => Self::Named,
            (Self::PathItem, MORE) => Self::Named,
            _ => Self::Part,
        }
    }
}

impl Merger {
    /// Takes what of a fragment is no matter of others, and gives back the rest.
    fn begin(&mut self, number: usize, mut fragment: Map<String, Value>) -> Map<String, Value> {
        self.order.extend(fragment.keys().filter(|key| !self.order.contains(key)).cloned().collect::<Vec<_>>());
        let remainder = settle::remainder(&mut fragment);
        self.take(number, fragment);
        remainder
    }

    fn take(&mut self, number: usize, fragment: Map<String, Value>) {
        let mut whole = Value::Object(std::mem::take(&mut self.whole));
        self.unite(&mut whole, number, Value::Object(fragment), Level::Root, &Pointer::root());
        if let Value::Object(whole) = whole {
            self.whole = whole;
        }
    }

    /// The whole, its members in the order in which fragments have them.
    fn whole(mut self) -> Value {
        let mut whole: Map<String, Value> =
            self.order.into_iter().filter_map(|key| self.whole.shift_remove(&key).map(|member| (key, member))).collect();
        whole.append(&mut self.whole);
        Value::Object(whole)
    }

    /// Puts `part` of a fragment together with what is there of the same part.
    fn unite(&mut self, whole: &mut Value, number: usize, part: Value, level: Level, at: &Pointer) {
        match (whole, part) {
            (Value::Object(members), Value::Object(parts)) if level != Level::Part => {
                for (key, part) in parts {
                    let at = at.join(&key);
                    match members.get_mut(&key) {
                        Some(known) if level == Level::Root && key == "tags" => self.unite_tags(known, number, part, &at),
                        Some(known) => self.unite(known, number, part, level.below(&key), &at),
                        None => {
                            self.owners.0.insert(at, number);
                            members.insert(key, part);
                        }
                    }
                }
            }
            (known, part) => self.compare(Some(&*known), Some(&part), number, at, at),
        }
    }

    /// Unites the lists of tags, which have names.
    fn unite_tags(&mut self, known: &mut Value, number: usize, tags: Value, at: &Pointer) {
        let (Value::Array(known), Value::Array(tags)) = (&mut *known, tags) else { return };
        for (index, tag) in tags.into_iter().enumerate() {
            if let Some(position) = known.iter().position(|other| other.get("name") == tag.get("name")) {
                let other = known.get(position).cloned();
                self.compare(other.as_ref(), Some(&tag), number, &at.index(position), &at.index(index));
            } else {
                self.owners.0.insert(at.index(known.len()), number);
                known.push(tag);
            }
        }
    }

    /// Notes the innermost parts in which two values differ.
    fn compare(&mut self, known: Option<&Value>, part: Option<&Value>, number: usize, at: &Pointer, second: &Pointer) {
        if known == part || self.conflicts.len() >= MAX_CONTRADICTIONS {
            return;
        }
        match (known, part) {
            (Some(Value::Object(known)), Some(Value::Object(part))) => {
                let more = part.keys().filter(|key| !known.contains_key(*key));
                for key in known.keys().chain(more) {
                    self.compare(known.get(key), part.get(key), number, &at.join(key), &second.join(key));
                }
            }
            (Some(Value::Array(known)), Some(Value::Array(part))) if known.len() == part.len() => {
                for (index, (known, part)) in known.iter().zip(part).enumerate() {
                    self.compare(Some(known), Some(part), number, &at.index(index), &second.index(index));
                }
            }
            _ => {
                let fragments = (self.owners.of(at), number);
                self.conflicts.push(Conflict {
                    pointer: at.clone(),
                    fragments,
                    values: (known.cloned(), part.cloned()),
                    second: second.clone(),
                });
            }
        }
    }

    /// The conflicts with their places in the pages, in the order of the fragments.
    fn contradictions<'s>(mut self, source: impl Fn(usize) -> Option<Cow<'s, Source>>) -> Vec<Contradiction> {
        self.conflicts.sort_by_key(|conflict| conflict.fragments.1);
        let parts = self.conflicts.iter().flat_map(|one| [(one.fragments.0, &one.pointer), (one.fragments.1, &one.second)]);
        let mut places = locate(source, parts).into_iter();
        let mut found = Vec::with_capacity(self.conflicts.len());
        for conflict in &self.conflicts {
            let (Some(first), Some(second)) = (places.next(), places.next()) else { break };
            found.push(Contradiction {
                pointer: conflict.pointer.clone(),
                first: (described(conflict.values.0.as_ref()), first),
                second: (described(conflict.values.1.as_ref()), second),
            });
        }
        found
    }
}

/// A value in a few words.
fn described(value: Option<&Value>) -> String {
    match value {
        None => "not there".to_owned(),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(Value::Array(items)) => format!("a list of {}", items.len()),
        Some(Value::String(text)) => {
            let short: String = text.chars().filter(|letter| !letter.is_control()).take(60).collect();
            format!("`{short}{}`", if text.chars().count() > 60 { "..." } else { "" })
        }
        Some(other) => format!("`{other}`"),
    }
}
