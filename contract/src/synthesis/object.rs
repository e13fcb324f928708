//! Objects: no optional member, each alone, all of them; every value of every member somewhere; members that nobody names.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wireproof_openapi::Pointer;

use super::facets::{Facets, Parts};
use super::goal::{Candidate, Case, Goal};
use super::pattern::{Extent, Pattern};
use super::session::Session;
use crate::schema::{Mark, is_marked};

/// Names for additional members: plain, like a keyword, not ASCII, with what pointers escape, empty.
const EXTRA_NAMES: [&str; 5] = ["additional member", "$ref", "\u{fc}n\u{ef}~/c\u{f6}de", "x-extra", ""];

/// How many members are added to reach a `minProperties`.
const MAX_FILLED: usize = 1_000;

/// A member that the nodes name or require.
struct Member {
    name: String,
    parts: Parts,
    required: bool,
}

/// What the nodes say of their members.
struct Members {
    named: Vec<Member>,
    /// The schemas for members that nobody names; `None` where there may be none.
    additional: Option<Vec<Pointer>>,
    /// The place that speaks of them.
    additional_at: Pointer,
    /// Names that must be there together with another.
    dependents: Vec<(String, String)>,
    least: usize,
    greatest: Option<usize>,
}

impl Members {
    fn of(session: &Session<'_>, facets: &Facets<'_>, place: &Pointer) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let properties = facets.each("properties").filter_map(|(_, map)| map.as_object()).flat_map(Map::keys).map(String::as_str);
        let required: BTreeSet<&str> =
            facets.each("required").filter_map(|(_, list)| list.as_array()).flatten().filter_map(Value::as_str).collect();
        names.extend(properties.chain(required.iter().copied()).filter(|name| seen.insert(name)));
        let mark = Mark::absent_from(session.side);
        let mut named = Vec::with_capacity(names.len());
        for name in names {
            let parts = Parts::all(schemas_for(session, facets, name));
            let absent = |at: &Pointer| session.document.get(at).is_some_and(|schema| is_marked(session.document, schema, mark));
            if !parts.at.iter().any(absent) {
                named.push(Member { name: name.to_owned(), parts, required: required.contains(name) });
            }
        }
        let mut additional = Some(Vec::new());
        let mut additional_at = None;
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            for (at, value) in facets.each(keyword) {
                match value {
                    Value::Bool(false) => additional = None,
                    Value::Object(_) => {
                        if let Some(schemas) = &mut additional {
                            schemas.push(at.clone());
                        }
                    }
                    _ => {}
                }
                additional_at = Some(at);
            }
        }
        let dependents = facets.each("dependentRequired").filter_map(|(_, map)| map.as_object()).flatten().flat_map(|(name, needed)| {
            let needed = needed.as_array().into_iter().flatten().filter_map(Value::as_str);
            needed.map(|needed| (name.clone(), needed.to_owned()))
        });
        Self {
            named,
            additional,
            additional_at: additional_at.unwrap_or_else(|| place.clone()),
            dependents: dependents.collect(),
            least: facets.count("minProperties", true).map_or(0, |(_, count)| count),
            greatest: facets.count("maxProperties", false).map(|(_, count)| count),
        }
    }

    fn get(&self, name: &str) -> Option<&Member> {
        self.named.iter().find(|member| member.name == name)
    }
}

/// The schemas that describe the member `name`: as `properties`, `patternProperties` and `additionalProperties` have it.
pub(super) fn schemas_for(session: &Session<'_>, facets: &Facets<'_>, name: &str) -> Vec<Pointer> {
    let mut found = Vec::new();
    for (at, node) in &facets.nodes {
        let mut described = false;
        if node.get("properties").is_some_and(|map| map.get(name).is_some()) {
            found.push(at.join("properties").join(name));
            described = true;
        }
        for pattern in node.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            if session.matches(pattern, name) {
                found.push(at.join("patternProperties").join(pattern));
                described = true;
            }
        }
        if !described && node.get("additionalProperties").is_some_and(|value| *value != Value::Bool(true)) {
            found.push(at.join("additionalProperties"));
        }
    }
    found
}

/// Objects that the nodes allow.
pub(super) fn make(session: &mut Session<'_>, facets: &Facets<'_>, place: &Pointer, budget: usize) -> Vec<Candidate> {
    let members = Members::of(session, facets, place);
    let mut maker = Maker { session, members, choices: Vec::new() };
    maker.fill(budget);
    let Some(base) = maker.base() else { return Vec::new() };
    let base = maker.complete(base);
    if budget == 1 {
        return vec![base.into_candidate()];
    }
    let mut made = vec![base.clone().showing(place, Case::None)];
    made.push(maker.all(&base, 0).showing(place, Case::All));
    made.extend(maker.extras(&base, facets, budget));
    let rounds = maker.choices.iter().map(Vec::len).max().unwrap_or(0);
    for round in 1..rounds.min(budget) {
        made.push(maker.all(&base, round).into_candidate());
    }
    made.extend(maker.alone(&base));
    if facets.is_intricate() {
        // Where all at once is refused, one at a time may not be.
        made.extend(maker.singly(&base, budget));
    }
    made
}

/// An object in the making: values with the goals they reach, by name.
#[derive(Clone, Default)]
struct Draft {
    members: Vec<(String, Candidate)>,
}

impl Draft {
    fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(known, _)| known == name)
    }

    fn set(&mut self, name: &str, candidate: Candidate) {
        match self.members.iter_mut().find(|(known, _)| known == name) {
            Some((_, before)) => *before = candidate,
            None => self.members.push((name.to_owned(), candidate)),
        }
    }

    fn into_candidate(self) -> Candidate {
        let mut value = Map::with_capacity(self.members.len());
        let mut goals = Vec::new();
        for (name, candidate) in self.members {
            value.insert(name, candidate.value);
            goals.extend(candidate.goals);
        }
        Candidate { value: Value::Object(value), goals }
    }

    fn showing(self, at: &Pointer, case: Case) -> Candidate {
        self.into_candidate().and(Goal::new(at.clone(), case))
    }
}

struct Maker<'m, 's> {
    session: &'m mut Session<'s>,
    members: Members,
    /// The candidates for each named member, in the order of the members.
    choices: Vec<Vec<Candidate>>,
}

impl Maker<'_, '_> {
    /// Makes the candidates of every member.
    fn fill(&mut self, budget: usize) {
        for member in &self.members.named {
            let wanted = budget > 1 || member.required || self.members.least > 0 || !self.members.dependents.is_empty();
            let made = if !wanted {
                Vec::new()
            } else if self.session.is_endless(&member.parts) {
                self.session.cannot_end(&member.parts);
                Vec::new()
            } else {
                let share = if budget == 1 { 1 } else { self.session.share(&member.parts, budget) };
                self.session.make(&member.parts, share)
            };
            self.choices.push(made);
        }
    }

    fn value(&self, index: usize, round: usize) -> Option<&Candidate> {
        let candidates = self.choices.get(index)?;
        candidates.get(round.checked_rem(candidates.len())?)
    }

    /// The required members only; `None` where one of them cannot be made.
    fn base(&self) -> Option<Draft> {
        let mut draft = Draft::default();
        for (index, member) in self.members.named.iter().enumerate().filter(|(_, member)| member.required) {
            draft.set(&member.name, self.value(index, 0)?.clone());
        }
        Some(draft)
    }

    /// Adds what other members or a `minProperties` ask for.
    fn complete(&mut self, mut draft: Draft) -> Draft {
        loop {
            let missing = self.members.dependents.iter().find(|(name, needed)| draft.has(name) && !draft.has(needed));
            let Some((_, needed)) = missing.cloned() else { break };
            let index = self.members.named.iter().position(|member| member.name == needed);
            let candidate = index.and_then(|index| self.value(index, 0)).cloned().unwrap_or_else(|| Candidate::plain("needed"));
            draft.set(&needed, candidate);
        }
        let mut unused = (0..self.members.named.len()).collect::<Vec<_>>().into_iter();
        while draft.members.len() < self.members.least.min(MAX_FILLED) {
            let next = unused.find_map(|index| {
                let member = self.members.named.get(index).filter(|member| !draft.has(&member.name))?;
                Some((member.name.clone(), self.value(index, 0)?.clone()))
            });
            let next = next.or_else(|| self.extra(&format!("member {}", draft.members.len() + 1), 1).into_iter().next());
            let Some((name, candidate)) = next else { break };
            draft.set(&name, candidate);
        }
        draft
    }

    /// Every member with its candidate of this round, as far as a `maxProperties` allows.
    fn all(&mut self, base: &Draft, round: usize) -> Draft {
        let mut draft = base.clone();
        for (index, member) in self.members.named.iter().enumerate() {
            let room = self.members.greatest.is_none_or(|greatest| draft.members.len() < greatest);
            if let Some(candidate) = self.value(index, round)
                && (room || draft.has(&member.name))
            {
                draft.set(&member.name, candidate.clone());
            }
        }
        // In the document's order, as people would write it.
        let order = |name: &str| self.members.named.iter().position(|member| member.name == *name).unwrap_or(usize::MAX);
        draft.members.sort_by_key(|(name, _)| order(name));
        self.complete(draft)
    }

    /// Each optional member beside the required ones.
    fn alone(&mut self, base: &Draft) -> Vec<Candidate> {
        let mut made = Vec::new();
        for index in 0..self.members.named.len() {
            let Some(member) = self.members.named.get(index).filter(|member| !base.has(&member.name)) else { continue };
            let place = member.parts.at.first().cloned();
            if let (Some(candidate), Some(place)) = (self.value(index, 0).cloned(), place) {
                let mut draft = base.clone();
                draft.set(&member.name.clone(), candidate);
                made.push(self.complete(draft).showing(&place, Case::Alone));
            }
        }
        made
    }

    /// Each further candidate of each member beside the required ones.
    fn singly(&mut self, base: &Draft, budget: usize) -> Vec<Candidate> {
        let mut made = Vec::new();
        for index in 0..self.members.named.len() {
            for candidate in self.choices.get(index).cloned().unwrap_or_default().into_iter().skip(1) {
                let Some(name) = self.members.named.get(index).map(|member| member.name.clone()) else { continue };
                if made.len() >= budget {
                    return made;
                }
                let mut draft = base.clone();
                draft.set(&name, candidate);
                made.push(self.complete(draft).into_candidate());
            }
        }
        made
    }

    /// The required members with additional ones, and with one for each of `patternProperties`.
    fn extras(&mut self, base: &Draft, facets: &Facets<'_>, budget: usize) -> Vec<Candidate> {
        if self.members.greatest.is_some_and(|greatest| base.members.len() >= greatest) {
            return Vec::new();
        }
        let mut made = Vec::new();
        let at = self.members.additional_at.clone();
        if self.members.additional.is_some() {
            for (position, name) in EXTRA_NAMES.iter().enumerate() {
                let share = if position == 0 { (budget / 4).max(1) } else { 1 };
                for (name, candidate) in self.extra(name, share) {
                    let mut draft = base.clone();
                    draft.set(&name, candidate);
                    made.push(self.complete(draft).showing(&at, Case::Additional));
                }
            }
        }
        let patterns = facets.each("patternProperties").filter_map(|(at, map)| Some((at, map.as_object()?)));
        for (at, pattern) in patterns.flat_map(|(at, map)| map.keys().map(move |pattern| (at.join(pattern), pattern))) {
            let mut random = self.session.random(&at);
            let name = Pattern::parse(pattern).and_then(|parsed| parsed.text(Extent::Any, &mut random));
            let Some(name) = name.filter(|name| self.session.matches(pattern, name)) else {
                self.session.cannot(&at, "no name is made from this pattern");
                continue;
            };
            let share = (budget / 4).max(1);
            let parts = Parts::all(schemas_for(self.session, facets, &name));
            for candidate in self.session.make(&parts, share) {
                let mut draft = base.clone();
                draft.set(&name, candidate);
                made.push(self.complete(draft).showing(&at, Case::Additional));
            }
        }
        made
    }

    /// Candidates for a member that nobody names; a name that is named after all is changed.
    fn extra(&mut self, name: &str, budget: usize) -> Vec<(String, Candidate)> {
        let Some(schemas) = self.members.additional.clone() else { return Vec::new() };
        let name = if self.members.get(name).is_some() { format!("{name} too") } else { name.to_owned() };
        let parts = Parts::all(schemas);
        if self.session.is_endless(&parts) {
            return Vec::new();
        }
        self.session.make(&parts, budget).into_iter().map(|candidate| (name.clone(), candidate)).collect()
    }
}
