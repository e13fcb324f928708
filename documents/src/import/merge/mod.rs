//! Several fragments of one document to the whole. Equal parts are there once; maps of parts (paths, the methods of a path, components)
//! are united; all else must be equal, or it is a contradiction.
//!
//! What a fragment says for all of its operations (`security`, `servers`, the parameters of a path) and another says otherwise or not at
//! all is no contradiction: it is put where it holds, into the operations of that fragment (`settle.rs`).

mod settle;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};
use wireproof_openapi::{Pointer, Position, Source};

use super::ImportError;

/// The members of a path item that are operations.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

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

/// Makes one document of fragments, in their order.
///
/// # Errors
///
/// When a fragment cannot be read, or two of them contradict each other.
pub fn merge(sources: &[Source]) -> Result<Merged, ImportError> {
    let mut fragments = Vec::with_capacity(sources.len());
    for source in sources {
        match source.value().map_err(ImportError::Unreadable)? {
            Value::Object(members) => fragments.push(members),
            _ => return Err(ImportError::Nothing),
        }
    }
    let notes = settle::settle(&mut fragments, sources);
    let mut merger = Merger { sources, whole: Value::Object(Map::new()), owners: Owners::default(), conflicts: Vec::new() };
    for (number, fragment) in fragments.into_iter().enumerate() {
        merger.take(number, fragment);
    }
    if merger.conflicts.is_empty() {
        return Ok(Merged { value: merger.whole, notes });
    }
    Err(ImportError::Contradictions(merger.contradictions()))
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

struct Merger<'s> {
    sources: &'s [Source],
    whole: Value,
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
    /// `components/schemas` and its like.
    Named,
    /// A part of the vendor's, which is one thing.
    Part,
}

impl Level {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "paths" | "webhooks") => Self::Paths,
            (Self::Root, "components") => Self::Components,
            (Self::Paths, _) if !key.starts_with("x-") => Self::PathItem,
            (Self::Components, _) if !key.starts_with("x-") => Self::Named,
            _ => Self::Part,
        }
    }
}

impl Merger<'_> {
    fn take(&mut self, number: usize, fragment: Map<String, Value>) {
        let mut whole = std::mem::take(&mut self.whole);
        self.unite(&mut whole, number, Value::Object(fragment), Level::Root, &Pointer::root());
        self.whole = whole;
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

    /// The conflicts with their places in the pages.
    fn contradictions(&self) -> Vec<Contradiction> {
        let place = |fragment: usize, pointer: &Pointer| {
            let located = self.sources.get(fragment).map(|source| source.locate([pointer]));
            located.and_then(|places| places.into_iter().next()).unwrap_or_else(|| Position { file: String::new(), line: 1, column: 1 })
        };
        let contradiction = |conflict: &Conflict| {
            let Conflict { pointer, fragments, values, second } = conflict;
            Contradiction {
                pointer: pointer.clone(),
                first: (described(values.0.as_ref()), place(fragments.0, pointer)),
                second: (described(values.1.as_ref()), place(fragments.1, second)),
            }
        };
        self.conflicts.iter().map(contradiction).collect()
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
