//! Presence rules: where `anyOf`, `oneOf`, `not`, `if`, `dependentRequired`, `minProperties` and their like speak only of
//! which members are there, they become a condition on the struct instead of a choice among types.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::Conjunction;
use super::{Lower, Members, node};
use crate::ir::Presence;

/// What a conjunction says about which members are present.
#[derive(Default)]
pub(super) struct Found {
    /// The condition.
    pub(super) rule: Option<Presence>,
    /// The choices that it is made of, by node and keyword.
    pub(super) used: HashSet<(Pointer, &'static str)>,
}

impl<'d> Lower<'d> {
    /// Collects every presence rule of a conjunction.
    pub(super) fn presence(conjunction: &Conjunction<'d>) -> Found {
        let mut found = Found::default();
        let mut rules = Vec::new();
        let properties: BTreeSet<&str> = conjunction
            .nodes
            .iter()
            .filter_map(|(_, members)| members.get("properties").and_then(Value::as_object))
            .flat_map(|properties| properties.keys().map(String::as_str))
            .collect();
        let required: BTreeSet<&str> = conjunction.nodes.iter().flat_map(|(_, members)| node::strings(members, "required")).collect();
        let is_struct = !properties.is_empty();
        for choice in &conjunction.choices {
            if !is_struct {
                break;
            }
            let Some(branches) = choice.branches.iter().map(|branch| condition(branch, 0)).collect::<Option<Vec<_>>>() else { continue };
            rules.push(if choice.keyword == "anyOf" { Presence::Any(branches) } else { Presence::One(branches) });
            found.used.insert((choice.at.clone(), choice.keyword));
        }
        for (_, members) in &conjunction.nodes {
            if let Some(not) = members.get("not") {
                // What else a `not` excludes is no matter of types: it stands in the documentation.
                rules.extend(condition(not, 0).filter(|_| is_struct).map(|inner| Presence::Not(Box::new(inner))));
            }
            if is_struct {
                rules.extend(dependent(members));
                rules.extend(conditional(members));
                let count = |keyword: &str| members.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
                rules.extend(count("minProperties").filter(|least| *least > required.len()).map(Presence::Min));
                rules.extend(count("maxProperties").map(Presence::Max));
            }
        }
        rules.retain(|rule| !holds_anyway(rule, &required));
        rules.dedup();
        found.rule = match rules.len() {
            0 => None,
            1 => rules.pop(),
            _ => Some(Presence::All(rules)),
        };
        found
    }
}

/// A schema as a condition on which members are present; `None` where it says anything else.
fn condition(schema: &Value, depth: usize) -> Option<Presence> {
    let members = schema.as_object()?;
    if depth > 8 || node::asserts(members, &["required", "type", "anyOf", "oneOf", "not"]) {
        return None;
    }
    if members.get("type").is_some_and(|ty| ty != "object") {
        return None;
    }
    let mut all: Vec<Presence> = node::strings(members, "required").map(|name| Presence::Has(name.to_owned())).collect();
    for (keyword, combine) in [("anyOf", Presence::Any as fn(Vec<Presence>) -> Presence), ("oneOf", Presence::One)] {
        if let Some(branches) = members.get(keyword) {
            all.push(combine(branches.as_array()?.iter().map(|branch| condition(branch, depth + 1)).collect::<Option<Vec<_>>>()?));
        }
    }
    if let Some(not) = members.get("not") {
        all.push(Presence::Not(Box::new(condition(not, depth + 1)?)));
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Presence::All(all)),
    }
}

/// `if`, `then` and `else`, where all of them speak of presence.
fn conditional(members: &Members) -> Vec<Presence> {
    let Some(asked) = members.get("if").and_then(|asked| condition(asked, 0)) else { return Vec::new() };
    let not = Presence::Not(Box::new(asked.clone()));
    [("then", not), ("else", asked)]
        .into_iter()
        .filter_map(|(keyword, other)| Some(Presence::Any(vec![other, condition(members.get(keyword)?, 0)?])))
        .collect()
}

/// `dependentRequired`, and `dependentSchemas` that speak of presence: where the one is, the others are.
fn dependent(members: &Members) -> Vec<Presence> {
    let schemas = members.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten().filter_map(|(name, schema)| {
        Some(Presence::Any(vec![Presence::Not(Box::new(Presence::Has(name.clone()))), condition(schema, 0)?]))
    });
    let mut rules: Vec<Presence> = schemas.collect();
    let Some(Value::Object(dependent)) = members.get("dependentRequired") else {
        rules.sort();
        return rules;
    };
    let required: Vec<Presence> = dependent
        .iter()
        .filter_map(|(name, others)| {
            let others: Vec<Presence> =
                others.as_array()?.iter().filter_map(Value::as_str).map(|other| Presence::Has(other.to_owned())).collect();
            (!others.is_empty()).then(|| Presence::Any(vec![Presence::Not(Box::new(Presence::Has(name.clone()))), Presence::All(others)]))
        })
        .collect();
    rules.extend(required);
    rules.sort();
    rules
}

/// Whether the members that are always there fulfil the condition.
fn holds_anyway(rule: &Presence, required: &BTreeSet<&str>) -> bool {
    match rule {
        Presence::Has(name) => required.contains(name.as_str()),
        Presence::All(parts) => parts.iter().all(|part| holds_anyway(part, required)),
        Presence::Any(parts) => parts.iter().any(|part| holds_anyway(part, required)),
        Presence::Min(least) => *least <= required.len(),
        Presence::One(_) | Presence::Not(_) | Presence::Max(_) => false,
    }
}
