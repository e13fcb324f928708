//! The choice of a shape for a conjunction: the one place that says which keywords lead where.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Conjunction, Part, Reads};
use super::{Lower, node};
use crate::ir::Type;

/// The most types that choices which hold at once are multiplied out to.
const MAX_COMBINATIONS: usize = 36;

/// The JSON types a schema can ask for, `null` aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The type of a value; whole numbers are integers.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) if super::scalar::whole(value).is_some() => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        })
    }

    /// The word for it in names.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

impl<'d> Lower<'d> {
    /// The type of a conjunction, `null` aside.
    pub(super) fn shape(&mut self, at: &Pointer, parts: &[Part], conjunction: &Conjunction<'d>) -> Type {
        if let [part] = parts
            && part.reads == Reads::Whole
            && let Some(kinds) = self.kinds.of_base(&part.at)
        {
            return self.base(at, parts, &kinds);
        }
        if conjunction.never {
            self.gap("never", at, "no value is valid here: left as any JSON value");
            return Type::Any;
        }
        let kinds = Self::kinds(conjunction);
        if let Some(values) = self.enumerated(at, conjunction, kinds.as_deref()) {
            return self.enumeration(at, parts, &values);
        }
        let presence = Self::presence(conjunction);
        let choices: Vec<_> =
            conjunction.choices.iter().filter(|choice| !presence.used.contains(&(choice.at.clone(), choice.keyword))).collect();
        // A discriminator tells most, so its choice comes first; of the others any order would do.
        let first = choices.iter().find(|choice| choice.discriminator.is_some()).or(choices.first());
        let combinations = choices.iter().map(|choice| choice.real().count().max(1)).fold(1, usize::saturating_mul);
        match first {
            Some(choice) if choices.len() == 1 || combinations <= MAX_COMBINATIONS => return self.choice(at, parts, conjunction, choice),
            Some(_) => {
                let message = format!("`anyOf` and `oneOf` in {combinations} combinations: what only they describe is left untyped");
                self.gap("several-choices", at, message);
                // Members that only branches describe are kept as additional ones, unless the struct would refuse them.
                let has = |keyword: &str| conjunction.nodes.iter().any(|(_, members)| members.contains_key(keyword));
                if !has("properties") || has("unevaluatedProperties") {
                    return Type::Any;
                }
            }
            None => {}
        }
        match kinds.as_deref() {
            None => Type::Any,
            Some([]) if conjunction.nodes.iter().all(|(_, members)| node::types(members).is_none_or(|types| types.contains(&"null"))) => {
                Type::Null
            }
            Some([]) => {
                self.gap("type-conflict", at, "its parts ask for different types: left as any JSON value");
                Type::Any
            }
            Some([kind]) => self.kind(at, parts, conjunction, *kind, presence.rule),
            Some(several) => self.several_kinds(at, parts, conjunction, several, presence.rule),
        }
    }

    /// The type of a conjunction as one JSON type.
    pub(super) fn kind(
        &mut self,
        at: &Pointer,
        parts: &[Part],
        conjunction: &Conjunction<'d>,
        kind: Kind,
        presence: Option<crate::ir::Presence>,
    ) -> Type {
        match kind {
            Kind::Boolean => Type::Boolean,
            Kind::Integer => Type::Integer(Self::integer(conjunction)),
            Kind::Number => Self::number(conjunction),
            Kind::String => Type::String,
            Kind::Array => self.array(at, parts, conjunction),
            Kind::Object => self.object(at, parts, conjunction, presence),
        }
    }

    /// The JSON types that every node allows: as named, else as its keywords imply. `None`: any.
    pub(super) fn kinds(conjunction: &Conjunction<'d>) -> Option<Vec<Kind>> {
        let mut kinds: Option<Vec<Kind>> = None;
        for (_, members) in &conjunction.nodes {
            let Some(names) = node::types(members) else { continue };
            let mut named: Vec<Kind> = names.into_iter().filter_map(Kind::named).collect();
            if named.contains(&Kind::Number) {
                named.retain(|kind| *kind != Kind::Integer);
            }
            kinds = Some(match kinds {
                None => named,
                Some(before) => intersect(&before, &named),
            });
        }
        kinds
            .map(|mut kinds| {
                kinds.sort_unstable();
                kinds.dedup();
                kinds
            })
            .or_else(|| implied(conjunction).map(|kind| vec![kind]))
    }
}

/// The types in both lists; a whole number is a number.
fn intersect(left: &[Kind], right: &[Kind]) -> Vec<Kind> {
    let mut both: Vec<Kind> = left.iter().filter(|kind| right.contains(kind)).copied().collect();
    for (one, other) in [(left, right), (right, left)] {
        if one.contains(&Kind::Integer) && other.contains(&Kind::Number) && !both.contains(&Kind::Integer) {
            both.push(Kind::Integer);
        }
    }
    both
}

/// The type that keywords speak of where no node names one. By the letter they allow all other types as well;
/// no document means it so, and a type that did would serve nobody.
fn implied(conjunction: &Conjunction<'_>) -> Option<Kind> {
    let has =
        |keywords: &[&str]| conjunction.nodes.iter().any(|(_, members)| keywords.iter().any(|keyword| members.contains_key(*keyword)));
    if has(&["properties", "additionalProperties", "required", "patternProperties", "minProperties", "maxProperties", "dependentRequired"])
    {
        Some(Kind::Object)
    } else if has(&["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]) {
        Some(Kind::Array)
    } else if has(&["pattern", "minLength", "maxLength", "contentEncoding", "contentMediaType"]) {
        Some(Kind::String)
    } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
        Some(Kind::Number)
    } else {
        None
    }
}
