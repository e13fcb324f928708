//! Events to a tree of JSON values: duplicate keys refused, anchors remembered, aliases and merge keys expanded within bounds.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{DEPTH_LIMIT, Event, Refusal, Sink, too_deep};
use crate::source::Mark;
use crate::{Diagnostic, Pointer};

/// How much memory the copies that aliases make may take, roughly. A few lines of aliases to aliases would fill any machine.
const COPY_LIMIT: usize = 64 << 20;
/// What one node of the tree takes, roughly, beside its text.
const NODE_SIZE: usize = 64;

/// Builds the tree.
#[derive(Default)]
pub(super) struct Builder {
    root: Option<Value>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    copied: usize,
    diagnostics: Vec<Diagnostic>,
}

/// A node that aliases may name.
struct Anchored {
    value: Value,
    size: usize,
    depth: usize,
}

/// An object or list that is being read.
struct Open {
    anchor: usize,
    container: Container,
}

enum Container {
    Object { members: Map<String, Value>, key: Option<Key>, merged: Vec<Value> },
    Array(Vec<Value>),
}

/// The key whose value comes next.
enum Key {
    Text(String),
    Merge,
}

impl Sink for Builder {
    const MARKS: bool = false;

    fn event(&mut self, event: Event<'_>, anchor: usize, _: Mark) -> Result<(), Refusal> {
        match event {
            Event::ObjectStart => self.open(Container::Object { members: Map::new(), key: None, merged: Vec::new() }, anchor),
            Event::ArrayStart => self.open(Container::Array(Vec::new()), anchor),
            Event::End => self.close(),
            Event::Key(key) => self.key(key.into_owned(), anchor),
            Event::MergeKey => {
                if let Some(Container::Object { key, .. }) = self.innermost() {
                    *key = Some(Key::Merge);
                }
                Ok(())
            }
            Event::Scalar(value) => self.complete(value, anchor),
            Event::Alias(anchor) => self.alias(anchor),
        }
    }

    fn note(&mut self, code: &'static str, message: String) {
        self.diagnostics.push(Diagnostic::warning(code, self.pointer(), message));
    }

    fn pointer(&self) -> Pointer {
        self.open.iter().fold(Pointer::root(), |pointer, open| match &open.container {
            Container::Object { key: Some(Key::Text(key)), .. } => pointer.join(key),
            Container::Object { key: Some(Key::Merge), .. } => pointer.join("<<"),
            Container::Object { key: None, .. } => pointer,
            Container::Array(items) => pointer.index(items.len()),
        })
    }
}

impl Builder {
    /// The tree with its diagnostics; `None` where no event came.
    pub(super) fn finish(self) -> Option<(Value, Vec<Diagnostic>)> {
        let diagnostics = self.diagnostics;
        self.root.map(|root| (root, diagnostics))
    }

    fn innermost(&mut self) -> Option<&mut Container> {
        self.open.last_mut().map(|open| &mut open.container)
    }

    fn open(&mut self, container: Container, anchor: usize) -> Result<(), Refusal> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(Refusal::new(too_deep()));
        }
        self.open.push(Open { anchor, container });
        Ok(())
    }

    fn key(&mut self, text: String, anchor: usize) -> Result<(), Refusal> {
        if anchor != 0 {
            self.remember(anchor, &Value::String(text.clone()))?;
        }
        if let Some(Container::Object { members, key, .. }) = self.innermost() {
            let duplicate = members.contains_key(&text);
            let message = if duplicate { format!("duplicate key `{text}`") } else { String::new() };
            *key = Some(Key::Text(text));
            if duplicate {
                return Err(Refusal { message, duplicate });
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let Some(Open { anchor, container }) = self.open.pop() else { return Ok(()) };
        let value = match container {
            Container::Object { mut members, merged, .. } => {
                for object in merged {
                    merge(&mut members, object);
                }
                Value::Object(members)
            }
            Container::Array(items) => Value::Array(items),
        };
        self.complete(value, anchor)
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, value: Value, anchor: usize) -> Result<(), Refusal> {
        if anchor != 0 {
            self.remember(anchor, &value)?;
        }
        match self.innermost() {
            None => self.root = Some(value),
            Some(Container::Array(items)) => items.push(value),
            Some(Container::Object { members, key, merged }) => match key.take() {
                Some(Key::Text(key)) => {
                    members.insert(key, value);
                }
                Some(Key::Merge) => {
                    merged.push(mergeable(value)?);
                    self.note_merge();
                }
                None => {}
            },
        }
        Ok(())
    }

    fn note_merge(&mut self) {
        let pointer = self.pointer().join("<<");
        let message = "the merge key `<<` is not of YAML 1.2; it is applied as YAML 1.1 says";
        self.diagnostics.push(Diagnostic::note("yaml-merge-key", pointer, message));
    }

    fn remember(&mut self, anchor: usize, value: &Value) -> Result<(), Refusal> {
        let (size, depth) = measure(value);
        self.charge(size)?;
        self.anchors.insert(anchor, Anchored { value: value.clone(), size, depth });
        Ok(())
    }

    fn alias(&mut self, anchor: usize) -> Result<(), Refusal> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Refusal::new("an alias to the node that it is part of"));
        };
        if self.open.len() + anchored.depth > DEPTH_LIMIT {
            return Err(Refusal::new(too_deep()));
        }
        let size = anchored.size;
        let is_key = matches!(self.open.last(), Some(Open { container: Container::Object { key: None, .. }, .. }));
        let key = is_key.then(|| anchored.value.as_str().map(str::to_owned));
        match key {
            Some(Some(text)) => self.key(text, 0),
            Some(None) => Err(Refusal::new("an alias as a key must name text")),
            None => {
                self.charge(size)?;
                let value = self.anchors.get(&anchor).map_or(Value::Null, |anchored| anchored.value.clone());
                self.complete(value, 0)
            }
        }
    }

    /// Takes `size` from what copies may need.
    fn charge(&mut self, size: usize) -> Result<(), Refusal> {
        self.copied = self.copied.saturating_add(size);
        if self.copied > COPY_LIMIT {
            return Err(Refusal::new(format!("the aliases of this file expand to more than {} MiB", COPY_LIMIT >> 20)));
        }
        Ok(())
    }
}

/// The memory that a value takes, roughly.
pub(crate) fn size(value: &Value) -> usize {
    measure(value).0
}

/// Size and depth of a value. It is as deep as the limit at most, so recursion is safe.
pub(crate) fn measure(value: &Value) -> (usize, usize) {
    let children = |sizes: &mut dyn Iterator<Item = (usize, usize)>| {
        sizes.fold((NODE_SIZE, 1), |(size, depth), (child, below)| (size + child, depth.max(below + 1)))
    };
    match value {
        Value::Object(members) => children(&mut members.iter().map(|(key, value)| {
            let (size, depth) = measure(value);
            (size + key.len(), depth)
        })),
        Value::Array(items) => children(&mut items.iter().map(measure)),
        Value::String(text) => (NODE_SIZE + text.len(), 0),
        _ => (NODE_SIZE, 0),
    }
}

/// What `<<` may name: an object, or a list of them.
fn mergeable(value: Value) -> Result<Value, Refusal> {
    match &value {
        Value::Object(_) => Ok(value),
        Value::Array(items) if items.iter().all(Value::is_object) => Ok(value),
        _ => Err(Refusal::new("the merge key `<<` needs an object or a list of objects")),
    }
}

/// Adds the members that are not there yet: what is written out wins, then what is named first.
fn merge(members: &mut Map<String, Value>, merged: Value) {
    match merged {
        Value::Object(more) => {
            for (key, value) in more {
                members.entry(key).or_insert(value);
            }
        }
        Value::Array(objects) => objects.into_iter().for_each(|object| merge(members, object)),
        _ => {}
    }
}
