//! Lists: empty, at the bounds of their length, with every candidate for an item, tuples of each length.

use std::collections::HashSet;

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::facets::{Facets, Parts};
use super::goal::{Candidate, Case, Goal};
use super::session::Session;

/// The longest list that is made for a `maxItems` or `minItems`.
const MAX_LENGTH: usize = 300;

/// How many items are made to show all candidates at once.
const MAX_SHOWN: usize = 40;

/// The schemas that describe the item at `index`.
pub(super) fn schemas_for(facets: &Facets<'_>, index: usize) -> Vec<Pointer> {
    let mut found = Vec::new();
    for (at, node) in &facets.nodes {
        let prefix = node.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        if index < prefix {
            found.push(at.join("prefixItems").index(index));
        } else if node.contains_key("items") {
            found.push(at.join("items"));
        }
    }
    found
}

/// Lists that the nodes allow.
pub(super) fn make(session: &mut Session<'_>, facets: &Facets<'_>, place: &Pointer, budget: usize) -> Vec<Candidate> {
    let tuple = facets.each("prefixItems").filter_map(|(_, list)| list.as_array()).map(Vec::len).max().unwrap_or(0);
    let (least, greatest) = (facets.count("minItems", true), facets.count("maxItems", false));
    let unique = facets.each("uniqueItems").any(|(_, flag)| *flag == true);
    let least_count = least.as_ref().map_or(usize::from(facets.has("contains")), |(_, count)| *count);
    if least_count > MAX_LENGTH {
        session.cannot(place, "a list of this length is not made");
        return Vec::new();
    }
    let mut maker = Maker { session, facets, tuple, unique, fixed: Vec::new(), items: Vec::new() };
    if budget > 1 || least_count > 0 {
        maker.fill(budget, tuple.min(if budget > 1 { tuple } else { least_count }));
    }
    let most = greatest.as_ref().map_or(usize::MAX, |(_, count)| *count);
    let mut made: Vec<Candidate> = Vec::new();
    if let Some(list) = maker.list(least_count, 0) {
        made.push(match &least {
            Some((at, _)) => list.and(Goal::new(at.clone(), Case::Least)),
            None => list.and(Goal::new(place.clone(), Case::None)),
        });
    } else {
        maker.session.cannot(place, "there are not enough items for the shortest list");
    }
    if budget == 1 {
        return made;
    }
    let candidates = maker.items.len();
    let shown = (tuple + candidates).min(most).min(MAX_SHOWN).max(least_count);
    made.extend(maker.list(shown, 0).map(|list| list.and(Goal::new(place.clone(), Case::All))));
    match greatest {
        Some((at, count)) if count <= MAX_LENGTH => {
            made.extend(maker.list(count, 0).map(|list| list.and(Goal::new(at, Case::Greatest))));
        }
        Some((at, _)) => maker.session.cannot(&at, "a list of this length is not made"),
        None => {}
    }
    for length in (least_count..=tuple.saturating_add(1)).filter(|length| tuple > 0 && *length <= most) {
        made.extend(maker.list(length, 0).map(|list| list.and(Goal::new(place.join("prefixItems"), Case::Items(length)))));
    }
    // One item at a time: where all at once is refused, these may not be.
    let single = least_count.max(tuple + 1);
    if single <= most {
        made.extend((1..candidates.min(budget)).filter_map(|round| maker.list(single, round)));
    }
    let rounds = maker.fixed.iter().map(Vec::len).max().unwrap_or(0);
    made.extend((1..rounds).filter_map(|round| maker.list(tuple.min(most).max(least_count), round)));
    made
}

struct Maker<'m, 's, 'f, 'd> {
    session: &'m mut Session<'s>,
    facets: &'f Facets<'d>,
    tuple: usize,
    unique: bool,
    /// The candidates for each item of a tuple.
    fixed: Vec<Vec<Candidate>>,
    /// The candidates for all others.
    items: Vec<Candidate>,
}

impl Maker<'_, '_, '_, '_> {
    fn fill(&mut self, budget: usize, tuple: usize) {
        for index in 0..tuple {
            let parts = Parts::all(schemas_for(self.facets, index));
            let made = self.candidates(&parts, budget);
            self.fixed.push(made);
        }
        if self.facets.each("items").any(|(_, items)| *items == Value::Bool(false)) {
            return;
        }
        let mut contained = Vec::new();
        for (at, _) in self.facets.each("contains") {
            contained.extend(self.candidates(&Parts::one(at), 1));
        }
        let parts = Parts::all(schemas_for(self.facets, self.tuple));
        let budget = if self.unique { budget.max(8) } else { budget };
        let others = self.candidates(&parts, budget);
        self.items = contained.into_iter().chain(others).collect();
    }

    fn candidates(&mut self, parts: &Parts, budget: usize) -> Vec<Candidate> {
        if self.session.is_endless(parts) {
            return Vec::new();
        }
        let share = if budget == 1 { 1 } else { self.session.share(parts, budget) };
        self.session.make(parts, share)
    }

    /// A list of a length, its items beginning with the candidates of this round; `None` where there are not enough.
    fn list(&mut self, length: usize, round: usize) -> Option<Candidate> {
        let mut value = Vec::with_capacity(length);
        let mut goals = Vec::new();
        let mut seen = HashSet::new();
        for candidates in self.fixed.iter().take(length) {
            let candidate = candidates.get(round.checked_rem(candidates.len())?)?;
            seen.insert(candidate.value.to_string());
            value.push(candidate.value.clone());
            goals.extend(candidate.goals.iter().cloned());
        }
        let mut next = round;
        while value.len() < length {
            let candidate = if self.unique {
                let fresh =
                    self.items.iter().skip(next).chain(self.items.iter().take(next)).find(|item| !seen.contains(&item.value.to_string()));
                match fresh {
                    Some(candidate) => candidate.clone(),
                    None => self.another(value.len())?,
                }
            } else {
                self.items.get(next.checked_rem(self.items.len())?)?.clone()
            };
            next += 1;
            seen.insert(candidate.value.to_string());
            value.push(candidate.value);
            goals.extend(candidate.goals);
        }
        Some(Candidate { value: Value::Array(value), goals })
    }

    /// One more item that differs from all others, where the schema of the items leaves room for it.
    fn another(&mut self, number: usize) -> Option<Candidate> {
        let parts = Parts::all(schemas_for(self.facets, self.tuple));
        let value = match self.items.first().map(|item| &item.value)? {
            Value::String(_) => Value::from(format!("item {number}")),
            Value::Number(_) => Value::from(number + 1),
            _ => return None,
        };
        self.session.accepts(&parts, &value).then(|| Candidate::plain(value))
    }
}
