//! The schemas that hold for one value at once, as one list of nodes: references and `allOf` followed, branches of choices
//! that were decided on worked in. Next: `session.rs`, which decides on the others.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

/// How many nodes one list may have; documents may nest `allOf` as deep as they like.
const MAX_NODES: usize = 2_000;

/// Schemas that hold at once, and what was decided on among their choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Parts {
    /// The schemas.
    pub(super) at: Vec<Pointer>,
    /// The branch by the place of its list (`.../oneOf`); of a condition (`.../if`) 0 if it holds, 1 if not.
    pub(super) chosen: Vec<(Pointer, usize)>,
}

impl Parts {
    /// One schema with nothing decided.
    pub(super) fn one(schema: Pointer) -> Self {
        Self { at: vec![schema], chosen: Vec::new() }
    }

    /// Several schemas with nothing decided.
    pub(super) fn all(at: Vec<Pointer>) -> Self {
        Self { at, chosen: Vec::new() }
    }

    /// The same with one more branch decided on.
    pub(super) fn choosing(&self, list: &Pointer, index: usize) -> Self {
        let mut parts = self.clone();
        parts.chosen.push((list.clone(), index));
        parts
    }
}

/// A choice that is still to be decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChoiceKind {
    /// `anyOf` or `oneOf`.
    Branches,
    /// `if`, `then` and `else`.
    Condition,
}

/// An undecided choice.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The place of the list, or of the condition.
    pub(super) at: Pointer,
    pub(super) kind: ChoiceKind,
    /// How many branches there are.
    pub(super) branches: usize,
}

/// The JSON types; whole numbers are told apart from numbers as JSON Schema does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [Self::Object, Self::Array, Self::String, Self::Number, Self::Boolean, Self::Null];

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "object" => Self::Object,
            "array" => Self::Array,
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "null" => Self::Null,
            _ => return None,
        })
    }

    /// The name in `type`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }
}

/// The nodes that hold for one value.
#[derive(Debug, Default)]
pub(super) struct Facets<'d> {
    /// Each node with its place.
    pub(super) nodes: Vec<(Pointer, &'d Map<String, Value>)>,
    /// A node that is `false`: nothing is valid.
    pub(super) never: Option<Pointer>,
    /// Choices nobody decided on yet.
    pub(super) open: Vec<Choice>,
    /// The validator of [`Facets::scalars`], once somebody asked for it; `None` where it does not compile.
    pub(super) scalar: OnceCell<Option<Arc<Validator>>>,
}

impl<'d> Facets<'d> {
    /// Works references, `allOf` and decided branches of `parts` in.
    pub(super) fn of(document: &'d Document, parts: &Parts) -> Self {
        let mut facets = Self::default();
        let mut seen = HashSet::new();
        let mut pending: Vec<Pointer> = parts.at.iter().rev().cloned().collect();
        while let Some(at) = pending.pop() {
            if facets.nodes.len() >= MAX_NODES || !seen.insert(at.clone()) {
                continue;
            }
            let node = match document.get(&at) {
                Some(Value::Object(node)) => node,
                Some(Value::Bool(false)) => {
                    facets.never = Some(at);
                    continue;
                }
                _ => continue,
            };
            facets.choices(&at, node, parts, &mut pending);
            if let Some(Value::Array(all)) = node.get("allOf") {
                pending.extend((0..all.len()).rev().map(|index| at.join("allOf").index(index)));
            }
            if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
                pending.push(target);
            }
            facets.nodes.push((at, node));
        }
        facets
    }

    fn choices(&mut self, at: &Pointer, node: &Map<String, Value>, parts: &Parts, pending: &mut Vec<Pointer>) {
        let decided = |list: &Pointer| parts.chosen.iter().find(|(chosen, _)| chosen == list).map(|(_, index)| *index);
        for keyword in ["anyOf", "oneOf"] {
            let Some(Value::Array(branches)) = node.get(keyword) else { continue };
            let list = at.join(keyword);
            match decided(&list) {
                Some(index) => pending.push(list.index(index)),
                None => self.open.push(Choice { at: list, kind: ChoiceKind::Branches, branches: branches.len() }),
            }
        }
        if !node.contains_key("if") {
            return;
        }
        let condition = at.join("if");
        match decided(&condition) {
            Some(0) => {
                pending.push(condition);
                pending.extend(node.contains_key("then").then(|| at.join("then")));
            }
            Some(_) => pending.extend(node.contains_key("else").then(|| at.join("else"))),
            None => self.open.push(Choice { at: condition, kind: ChoiceKind::Condition, branches: 2 }),
        }
    }

    /// Every value of a keyword, with its place.
    pub(super) fn each<'f>(&'f self, keyword: &'static str) -> impl Iterator<Item = (Pointer, &'d Value)> + 'f {
        self.nodes.iter().filter_map(move |(at, node)| Some((at.join(keyword), node.get(keyword)?)))
    }

    /// Whether a node has the keyword.
    pub(super) fn has(&self, keyword: &str) -> bool {
        self.nodes.iter().any(|(_, node)| node.contains_key(keyword))
    }

    /// The tightest value of a keyword that counts (`minLength` and its kin), `greatest` telling which way is tight.
    pub(super) fn count(&self, keyword: &'static str, greatest: bool) -> Option<(Pointer, usize)> {
        let counts = self.each(keyword).filter_map(|(at, value)| Some((at, usize::try_from(value.as_u64()?).ok()?)));
        if greatest { counts.max_by_key(|(_, count)| *count) } else { counts.min_by_key(|(_, count)| *count) }
    }

    /// The types that all nodes allow: as named, else as the keywords imply, else any.
    ///
    /// By the letter a schema that names no type lets every other type pass its keywords by; nobody who writes
    /// `{properties: ...}` means text by it, so none is made.
    pub(super) fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Option<Vec<Kind>> = None;
        for (_, value) in self.each("type") {
            let names: Vec<&str> = match value {
                Value::String(name) => vec![name],
                Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            let named: Vec<Kind> = names.into_iter().filter_map(Kind::named).collect();
            kinds = Some(kinds.map_or_else(|| named.clone(), |before| both(&before, &named)));
        }
        let mut kinds = kinds.or_else(|| self.implied().map(|kind| vec![kind])).unwrap_or_else(|| Kind::ALL.to_vec());
        if kinds.contains(&Kind::Number) {
            kinds.retain(|kind| *kind != Kind::Integer);
        }
        kinds
    }

    fn implied(&self) -> Option<Kind> {
        const OF_OBJECTS: [&str; 8] = [
            "properties",
            "additionalProperties",
            "required",
            "patternProperties",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "propertyNames",
        ];
        const OF_ARRAYS: [&str; 6] = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"];
        const OF_STRINGS: [&str; 5] = ["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"];
        const OF_NUMBERS: [&str; 5] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let any = |keywords: &[&str]| keywords.iter().any(|keyword| self.has(keyword));
        [
            (any(&OF_OBJECTS), Kind::Object),
            (any(&OF_ARRAYS), Kind::Array),
            (any(&OF_STRINGS), Kind::String),
            (any(&OF_NUMBERS), Kind::Number),
        ]
        .into_iter()
        .find_map(|(found, kind)| found.then_some(kind))
    }

    /// The values that `enum` and `const` leave, each with its place; `None` where neither is there.
    pub(super) fn listed(&self) -> Option<Vec<(Pointer, &'d Value)>> {
        let mut left: Option<Vec<(Pointer, &'d Value)>> = None;
        let lists = self.each("enum").filter_map(|(at, value)| {
            Some(value.as_array()?.iter().enumerate().map(|(index, value)| (at.index(index), value)).collect::<Vec<_>>())
        });
        let constants = self.each("const").map(|(at, value)| vec![(at, value)]);
        for values in lists.chain(constants) {
            left = Some(match left {
                None => values,
                Some(before) => before.into_iter().filter(|(_, one)| values.iter().any(|(_, other)| one == other)).collect(),
            });
        }
        left
    }

    /// The place of a type in a list of types.
    pub(super) fn entry_of(&self, kind: Kind) -> Option<Pointer> {
        let position = |value: &Value| value.as_array()?.iter().position(|listed| listed == kind.name());
        self.each("type").find_map(|(at, value)| Some(at.index(position(value)?)))
    }

    /// What the nodes say about scalars, as schemas that stand alone.
    pub(super) fn scalars(&self) -> Vec<Value> {
        const OF_SCALARS: [&str; 12] = [
            "type",
            "enum",
            "const",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        let own = |node: &Map<String, Value>| {
            let kept = node.iter().filter(|(keyword, _)| OF_SCALARS.contains(&keyword.as_str()));
            Value::Object(kept.map(|(keyword, value)| (keyword.clone(), value.clone())).collect())
        };
        self.nodes.iter().map(|(_, node)| own(node)).collect()
    }

    /// Whether keywords that reach across members or branches may refuse what each part for itself allows.
    pub(super) fn is_intricate(&self) -> bool {
        const INTRICATE: [&str; 14] = [
            "anyOf",
            "oneOf",
            "not",
            "if",
            "dependentSchemas",
            "dependentRequired",
            "propertyNames",
            "contains",
            "uniqueItems",
            "unevaluatedProperties",
            "unevaluatedItems",
            "patternProperties",
            "minProperties",
            "maxProperties",
        ];
        INTRICATE.iter().any(|keyword| self.has(keyword))
    }
}

/// The types in both lists; a whole number is a number.
fn both(left: &[Kind], right: &[Kind]) -> Vec<Kind> {
    let mut both: Vec<Kind> = left.iter().filter(|kind| right.contains(kind)).copied().collect();
    for (one, other) in [(left, right), (right, left)] {
        if one.contains(&Kind::Integer) && other.contains(&Kind::Number) && !both.contains(&Kind::Integer) {
            both.push(Kind::Integer);
        }
    }
    both
}
