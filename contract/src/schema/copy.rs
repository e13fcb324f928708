//! The copy of a document's tree that `jsonschema` is given: references in URI form, patterns that no engine runs left out,
//! what only people read left out too, `required` without the properties that a side does not have, and unions with a
//! discriminator in words that a validator understands (`discriminator.rs`).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use wireproof_openapi::{Document, Pointer};

use super::discriminator::Tagged;
use super::marks::{Mark, marked_names};
use crate::finding::Side;

/// A part of the schemas that is not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pruned {
    /// Where, in the normalised tree.
    pub(crate) pointer: Pointer,
    /// The pattern.
    pub(crate) pattern: String,
}

/// How the keys of an object are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// As keywords of OpenAPI or JSON Schema.
    Keywords,
    /// As names that someone chose: whatever is said is said by the values.
    Names,
}

/// Keywords whose members are names.
const NAME_MAPS: &[&str] = &[
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "schemas",
    "parameters",
    "responses",
    "headers",
    "requestBodies",
    "pathItems",
    "callbacks",
    "links",
    "securitySchemes",
    "content",
    "paths",
    "webhooks",
];

/// Keywords that only people read, or that would give a schema an address of its own: references are resolved already.
const UNREAD: &[&str] = &["description", "summary", "title", "example", "examples", "externalDocs", "xml", "$id", "$schema", "$comment"];

/// A copy, and how it differs from the tree.
pub(super) struct Copy {
    /// The copied tree.
    pub(super) tree: Value,
    /// What was left out.
    pub(super) pruned: Vec<Pruned>,
    /// Unions that were rewritten for their discriminator.
    pub(super) tagged: Tagged,
}

/// Copies the tree for one side.
pub(super) fn copy(document: &Document, side: Side) -> Copy {
    let mark = Mark::absent_from(side);
    let mut copier = Copier {
        document,
        mark: mentions(document.root(), mark.keyword()).then_some(mark),
        path: Vec::new(),
        patterns: HashMap::new(),
        pruned: Vec::new(),
        tagged: Tagged::default(),
        into_unread: Vec::new(),
    };
    let mut tree = copier.node(document.root(), Keys::Keywords, &Arc::default());
    copier.restore(&mut tree);
    Copy { tree, pruned: copier.pruned, tagged: copier.tagged }
}

/// Whether the request's copy would differ from the response's.
pub(super) fn differs(document: &Document) -> bool {
    [Mark::ReadOnly, Mark::WriteOnly].iter().any(|mark| mentions(document.root(), mark.keyword()))
}

fn mentions(value: &Value, keyword: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.get(keyword) == Some(&Value::Bool(true)) || members.values().any(|value| mentions(value, keyword))
        }
        Value::Array(items) => items.iter().any(|value| mentions(value, keyword)),
        _ => false,
    }
}

/// A step into the tree.
#[derive(Clone, Copy)]
enum Segment<'d> {
    Key(&'d str),
    Index(usize),
}

struct Copier<'d> {
    document: &'d Document,
    /// The mark whose properties are not required on this side, if any property of the document has it.
    mark: Option<Mark>,
    path: Vec<Segment<'d>>,
    patterns: HashMap<&'d str, bool>,
    pruned: Vec<Pruned>,
    tagged: Tagged,
    /// References into what is left out.
    into_unread: Vec<Pointer>,
}

impl<'d> Copier<'d> {
    /// `inherited` names marked properties that a schema around an `allOf` or `anyOf` declares. Those around a `oneOf` stay required in
    /// its branches: one that asks for nothing any more would hold together with every other.
    fn node(&mut self, node: &'d Value, keys: Keys, inherited: &Arc<BTreeSet<String>>) -> Value {
        match node {
            Value::Object(members) if keys == Keys::Names => {
                let copy_member =
                    |(name, value): (&'d String, &'d Value)| (name.clone(), self.step(name, value, Keys::Keywords, &Arc::default()));
                Value::Object(members.iter().map(copy_member).collect())
            }
            Value::Object(members) => self.keywords(node, members, inherited),
            Value::Array(items) => {
                let mut copy = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.path.push(Segment::Index(index));
                    copy.push(self.node(item, Keys::Keywords, inherited));
                    self.path.pop();
                }
                Value::Array(copy)
            }
            other => other.clone(),
        }
    }

    fn step(&mut self, key: &'d str, value: &'d Value, keys: Keys, inherited: &Arc<BTreeSet<String>>) -> Value {
        self.path.push(Segment::Key(key));
        let copy = self.node(value, keys, inherited);
        self.path.pop();
        copy
    }

    fn keywords(&mut self, node: &'d Value, members: &'d Map<String, Value>, inherited: &Arc<BTreeSet<String>>) -> Value {
        let mut copy = Map::with_capacity(members.len());
        let marked = match self.mark {
            Some(mark) if ["required", "allOf", "anyOf"].iter().any(|keyword| members.contains_key(*keyword)) => {
                let mut names = marked_names(self.document, node, mark);
                names.extend(inherited.iter().cloned());
                Arc::new(names)
            }
            _ => Arc::default(),
        };
        for (key, value) in members {
            let copied = match (key.as_str(), value) {
                (key, _) if UNREAD.contains(&key) => continue,
                ("enum" | "const" | "default", _) => value.clone(),
                ("$ref", Value::String(reference)) => json!(self.reference(reference)),
                ("pattern", Value::String(pattern)) if !self.runs(pattern) => {
                    self.prune("pattern", pattern);
                    continue;
                }
                ("patternProperties", Value::Object(_)) => self.step(key, value, Keys::Names, inherited),
                ("required", Value::Array(names)) => {
                    names.iter().filter(|name| name.as_str().is_none_or(|name| !marked.contains(name))).cloned().collect()
                }
                ("allOf" | "anyOf", Value::Array(_)) => self.step(key, value, Keys::Keywords, &marked),
                (key, Value::Object(_)) if NAME_MAPS.contains(&key) => self.step(key, value, Keys::Names, inherited),
                (key, _) => self.step(key, value, Keys::Keywords, &Arc::default()),
            };
            copy.insert(key.clone(), copied);
        }
        self.prune_pattern_properties(members, &mut copy);
        if members.contains_key("discriminator") {
            let (document, path) = (self.document, &self.path);
            self.tagged.rewrite(document, || pointer(path), members, &mut copy);
        }
        Value::Object(copy)
    }

    /// Without one of its patterns a schema cannot tell which properties are additional, so it stops forbidding them.
    fn prune_pattern_properties(&mut self, members: &'d Map<String, Value>, copy: &mut Map<String, Value>) {
        let Some(patterns) = members.get("patternProperties").and_then(Value::as_object) else { return };
        for pattern in patterns.keys() {
            if !self.runs(pattern) {
                self.prune("patternProperties", pattern);
                if let Some(copied) = copy.get_mut("patternProperties").and_then(Value::as_object_mut) {
                    copied.shift_remove(pattern);
                }
                copy.shift_remove("additionalProperties");
                copy.shift_remove("unevaluatedProperties");
            }
        }
    }

    fn reference(&mut self, reference: &str) -> String {
        match self.document.reference(reference) {
            Some(target) => {
                if target.segments().any(|segment| UNREAD.contains(&&*segment)) {
                    self.into_unread.push(target.clone());
                }
                format!("#{}", target.to_fragment())
            }
            None => reference.to_owned(),
        }
    }

    /// Puts back what was left out and is referred to after all: a schema that stands among examples.
    fn restore(&self, tree: &mut Value) {
        for target in &self.into_unread {
            let mut place = Pointer::root();
            for segment in target.segments() {
                let (owner, whole) = (place.clone(), place.join(&segment));
                let missing = tree.pointer(whole.as_str()).is_none().then(|| self.document.get(&whole)).flatten();
                if let (Some(left_out), Some(Value::Object(members))) = (missing, tree.pointer_mut(owner.as_str())) {
                    members.insert(segment.into_owned(), left_out.clone());
                    break;
                }
                place = whole;
            }
        }
    }

    fn runs(&mut self, pattern: &'d str) -> bool {
        *self.patterns.entry(pattern).or_insert_with(|| jsonschema::draft202012::options().build(&json!({ "pattern": pattern })).is_ok())
    }

    fn prune(&mut self, keyword: &str, pattern: &str) {
        self.pruned.push(Pruned { pointer: pointer(&self.path).join(keyword), pattern: pattern.to_owned() });
    }
}

fn pointer(path: &[Segment<'_>]) -> Pointer {
    path.iter().fold(Pointer::root(), |pointer, segment| match segment {
        Segment::Key(key) => pointer.join(key),
        Segment::Index(index) => pointer.index(*index),
    })
}
