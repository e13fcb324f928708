//! Presence rules: where `anyOf`, `oneOf`, `not`, `dependentRequired`, `minProperties` and `maxProperties` speak only of
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
    pub(super) fn presence(&mut self, at: &Pointer, conjunction: &Conjunction<'d>) -> Found {
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
        for (place, members) in &conjunction.nodes {
            if let Some(not) = members.get("not") {
                match condition(not, 0) {
                    Some(inner) if is_struct => rules.push(Presence::Not(Box::new(inner))),
                    _ => self.gap("not", place, "`not` restricts values in a way that the types do not express"),
                }
            }
            if is_struct {
                rules.extend(dependent(members));
                let count = |keyword: &str| members.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
                rules.extend(count("minProperties").filter(|least| *least > required.len()).map(Presence::Min));
                rules.extend(count("maxProperties").map(Presence::Max));
            }
            if members.contains_key("if") && (members.contains_key("then") || members.contains_key("else")) {
                self.gap("if", at, "`if`, `then`, `else` restrict values in a way that the types do not express");
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

/// `dependentRequired`: where the one is, the others are.
fn dependent(members: &Members) -> Vec<Presence> {
    let Some(Value::Object(dependent)) = members.get("dependentRequired") else { return Vec::new() };
    let mut rules: Vec<Presence> = dependent
        .iter()
        .filter_map(|(name, others)| {
            let others: Vec<Presence> =
                others.as_array()?.iter().filter_map(Value::as_str).map(|other| Presence::Has(other.to_owned())).collect();
            (!others.is_empty()).then(|| Presence::Any(vec![Presence::Not(Box::new(Presence::Has(name.clone()))), Presence::All(others)]))
        })
        .collect();
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
