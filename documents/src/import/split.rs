//! The way back: a document to one fragment per operation, each complete in itself, as documentation sites cut documents up. What is
//! imported of the fragments must be the document again; tests and the chores of this repository hold `merge/` to that.
//!
//! The fragments of a large document are together many times as large as it is, so each is made when it is asked for, and which components
//! lead to which is found out once.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use wireproof_openapi::Pointer;

use super::{METHODS, MORE};

/// A document that is cut up. What no operation leads to stays with the first fragment; a document without operations is its only fragment.
#[derive(Debug)]
pub struct Split<'d> {
    document: &'d Value,
    operations: Vec<Operation<'d>>,
    components: Vec<Component<'d>>,
    /// The components by kind and name.
    numbers: HashMap<(&'d str, &'d str), usize>,
    /// Which of them any operation leads to.
    used: Vec<bool>,
}

/// Where an operation stands.
#[derive(Debug)]
struct Operation<'d> {
    path: &'d str,
    item: &'d Map<String, Value>,
    method: &'d str,
    /// Whether it is one of `additionalOperations`.
    additional: bool,
    node: &'d Value,
}

#[derive(Debug)]
struct Component<'d> {
    node: &'d Value,
    /// The components that it refers to itself.
    refers_to: Vec<usize>,
}

impl<'d> Split<'d> {
    /// Looks at what leads where.
    pub fn new(document: &'d Value) -> Self {
        let mut split =
            Self { document, operations: operations(document), components: Vec::new(), numbers: HashMap::new(), used: Vec::new() };
        for (kind, named) in document.get("components").and_then(Value::as_object).into_iter().flatten() {
            for (name, node) in named.as_object().into_iter().flatten().filter(|_| !kind.starts_with("x-")) {
                split.numbers.insert((kind, name), split.components.len());
                split.components.push(Component { node, refers_to: Vec::new() });
            }
        }
        let named: Vec<Vec<usize>> = split.components.iter().map(|component| split.named_in(component.node)).collect();
        for (component, named) in split.components.iter_mut().zip(named) {
            component.refers_to = named;
        }
        let all = split.operations.iter().flat_map(|operation| split.named_by(operation)).collect();
        split.used = split.reached(all);
        split
    }

    /// All fragments, in the order of the operations.
    pub fn fragments(&self) -> impl Iterator<Item = Value> {
        (0..).map_while(|number| self.fragment(number))
    }

    /// The fragment of that number; `None` behind the last one.
    pub fn fragment(&self, number: usize) -> Option<Value> {
        let Some(root) = self.document.as_object().filter(|_| !self.operations.is_empty()) else {
            return (number == 0).then(|| self.document.clone());
        };
        let operation = self.operations.get(number)?;
        let reached = self.reached(self.named_by(operation));
        let mut fragment = self.part(root, operation, &reached);
        if number == 0 {
            add(&mut fragment, self.rest(root));
        }
        Some(Value::Object(fragment))
    }

    /// The components that an operation's own part of the document refers to.
    fn named_by(&self, operation: &Operation<'d>) -> Vec<usize> {
        let mut named = self.named_in(operation.node);
        for (_, shared) in operation.item.iter().filter(|(key, _)| is_shared(key)) {
            self.collect(shared, &mut named);
        }
        named
    }

    fn named_in(&self, node: &'d Value) -> Vec<usize> {
        let mut named = Vec::new();
        self.collect(node, &mut named);
        named
    }

    fn collect(&self, node: &'d Value, named: &mut Vec<usize>) {
        match node {
            Value::Object(members) => {
                for (key, member) in members {
                    match (key.as_str(), member) {
                        ("$ref", Value::String(target)) => named.extend(self.number(target)),
                        // The values of a mapping are references, or names of schemas.
                        ("mapping", Value::Object(mapping)) => {
                            named.extend(mapping.values().filter_map(Value::as_str).filter_map(|target| self.number(target)));
                        }
                        _ => {}
                    }
                    self.collect(member, named);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, named)),
            _ => {}
        }
    }

    /// The component that a reference leads into.
    fn number(&self, target: &str) -> Option<usize> {
        let pointer = Pointer::from_plain(target.strip_prefix('#')?);
        let mut segments = pointer.segments();
        let (first, kind, name) = (segments.next()?, segments.next()?, segments.next()?);
        if first != "components" {
            return None;
        }
        self.numbers.get(&(&*kind, &*name)).copied()
    }

    /// Everything that can be reached from some components.
    fn reached(&self, mut open: Vec<usize>) -> Vec<bool> {
        let mut reached = vec![false; self.components.len()];
        while let Some(number) = open.pop() {
            if let (Some(flag), Some(component)) = (reached.get_mut(number), self.components.get(number))
                && !std::mem::replace(flag, true)
            {
                open.extend(&component.refers_to);
            }
        }
        reached
    }

    fn has(&self, reached: &[bool], kind: &str, name: &str) -> bool {
        self.numbers.get(&(kind, name)).and_then(|number| reached.get(*number)).copied().unwrap_or_default()
    }

    /// The document as far as it is about one operation.
    fn part(&self, root: &Map<String, Value>, operation: &Operation<'_>, reached: &[bool]) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in root {
            let value = match key.as_str() {
                "paths" => Value::Object(Map::from_iter([(operation.path.to_owned(), operation.alone())])),
                "components" => components(value, |kind, name| kind == "securitySchemes" || self.has(reached, kind, name)),
                "tags" => {
                    let tags: Vec<&Value> = operation.node.get("tags").and_then(Value::as_array).into_iter().flatten().collect();
                    let is_used = |tag: &&Value| tag.get("name").is_some_and(|name| tags.contains(&name));
                    Value::Array(value.as_array().into_iter().flatten().filter(is_used).cloned().collect())
                }
                "webhooks" => continue,
                _ => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        out
    }

    /// What no operation leads to.
    fn rest(&self, root: &Map<String, Value>) -> Map<String, Value> {
        let with_operations: HashSet<&str> = self.operations.iter().map(|operation| operation.path).collect();
        let mut out = Map::new();
        for (key, value) in root {
            let value = match key.as_str() {
                "components" => components(value, |kind, name| !self.has(&self.used, kind, name)),
                "paths" => {
                    // A path without operations, and what extends the map.
                    let left = value.as_object().into_iter().flatten().filter(|(path, _)| !with_operations.contains(path.as_str()));
                    Value::Object(left.map(cloned).collect())
                }
                "tags" | "webhooks" => value.clone(),
                _ => continue,
            };
            out.insert(key.clone(), value);
        }
        out
    }
}

impl Operation<'_> {
    /// Its path item with no other operation in it.
    fn alone(&self) -> Value {
        let mut item: Map<String, Value> = self.item.iter().filter(|(key, _)| is_shared(key)).map(cloned).collect();
        let operation = (self.method.to_owned(), self.node.clone());
        if self.additional {
            item.insert(MORE.to_owned(), Value::Object(Map::from_iter([operation])));
        } else {
            item.extend([operation]);
        }
        Value::Object(item)
    }
}

/// All operations of the document's paths.
fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let Some(item) = item.as_object() else { continue };
        for (key, node) in item {
            if METHODS.contains(&key.as_str()) {
                operations.push(Operation { path, item, method: key, additional: false, node });
            } else if key == MORE {
                let more = node.as_object().into_iter().flatten();
                operations.extend(more.map(|(method, node)| Operation { path, item, method, additional: true, node }));
            }
        }
    }
    operations
}

/// Whether a member of a path item is there for all of its operations.
fn is_shared(key: &str) -> bool {
    key != MORE && !METHODS.contains(&key)
}

fn cloned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// The components of which `kept` says so, by kind and name.
fn components(value: &Value, kept: impl Fn(&str, &str) -> bool) -> Value {
    let Some(kinds) = value.as_object() else { return value.clone() };
    let kind = |(kind, named): (&String, &Value)| match named.as_object().filter(|_| !kind.starts_with("x-")) {
        Some(named) => (kind.clone(), Value::Object(named.iter().filter(|(name, _)| kept(kind, name)).map(cloned).collect())),
        None => (kind.clone(), named.clone()),
    };
    Value::Object(kinds.iter().map(kind).collect())
}

/// Adds to the first fragment what is left.
fn add(fragment: &mut Map<String, Value>, rest: Map<String, Value>) {
    for (key, value) in rest {
        match (fragment.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) if key == "components" => {
                for (kind, named) in more {
                    match (known.get_mut(&kind).and_then(Value::as_object_mut), named) {
                        (Some(known), Value::Object(named)) => known.extend(named),
                        (_, named) => {
                            known.insert(kind, named);
                        }
                    }
                }
            }
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (_, value) => {
                fragment.insert(key, value);
            }
        }
    }
}
