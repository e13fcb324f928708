//! One run of the synthesiser over one schema: the dispatcher from a list of nodes to the files per type, the bounds that make
//! it end, and the questions to the validator.
//!
//! A *budget* says how many candidates are wanted. It shrinks on the way down, and a budget of one asks for the plainest instance
//! there is, which takes the shortest way out of every circle.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use super::facets::{Facets, Kind, Parts};
use super::goal::{Candidate, Case, Goal, Unmade, interleave, unite};
use super::random::Random;
use super::weight::{ENDLESS, Weights};
use super::{array, choice, number, object, string};
use crate::finding::Side;
use crate::schema::Schemas;

/// How deep instances may nest; a reader of JSON bears twice as much.
const MAX_DEPTH: usize = 60;

/// How many schemas one run may look at: choices multiply.
const MAX_STEPS: usize = 20_000;

/// How many values of an `enum` are taken.
const MAX_VALUES: usize = 64;

/// How many types of value show that a schema allows anything.
const ANYTHING: [&str; 8] = [
    r#""anything""#,
    "null",
    "true",
    "9007199254740993",
    "[1, \"two\", null, [3.50]]",
    r#"{"some": {"member": [false, -0.0, 1e400]}}"#,
    "{}",
    "[]",
];

/// One run.
pub(super) struct Session<'s> {
    pub(super) document: &'s Document,
    pub(super) side: Side,
    schemas: &'s Schemas,
    weights: &'s Mutex<Weights>,
    seed: u64,
    depth: usize,
    /// Whether candidates are not held against the validator for now.
    lenient: bool,
    /// How many more schemas may be looked at.
    steps: usize,
    unmade: BTreeSet<Unmade>,
    /// What has been worked out before: the same schemas are met again and again.
    facets: HashMap<Parts, Rc<Facets<'s>>>,
    /// Branches of which no candidate was valid, however many were made.
    hopeless: HashSet<Parts>,
}

impl<'s> Session<'s> {
    pub(super) fn new(schemas: &'s Schemas, weights: &'s Mutex<Weights>, side: Side, seed: u64) -> Self {
        Self {
            document: schemas.document(),
            side,
            schemas,
            weights,
            seed,
            depth: 0,
            lenient: false,
            steps: MAX_STEPS,
            unmade: BTreeSet::new(),
            facets: HashMap::new(),
            hopeless: HashSet::new(),
        }
    }

    /// Candidates for a value that all `parts` describe, at most `budget` of them.
    pub(super) fn make(&mut self, parts: &Parts, budget: usize) -> Vec<Candidate> {
        let Some(place) = parts.at.first().cloned() else { return Self::anything(None, budget) };
        if self.depth >= MAX_DEPTH || self.steps == 0 {
            self.cannot(&place, "the schema is too deeply or too often nested");
            return Vec::new();
        }
        self.steps -= 1;
        self.depth += 1;
        let facets = self.facets(parts);
        let mut made = match (&facets.never, facets.open.first()) {
            (Some(at), _) => {
                self.cannot(at, "nothing is valid here");
                Vec::new()
            }
            (None, Some(undecided)) => choice::make(self, parts, undecided, budget),
            (None, None) => self.values(&facets, &place, budget),
        };
        self.depth -= 1;
        if facets.is_intricate() && !self.lenient {
            made.retain(|candidate| self.accepts(parts, &candidate.value));
        }
        if budget > 1 {
            made = unite(made);
        }
        made.truncate(budget);
        made
    }

    /// The nodes that `parts` come to.
    pub(super) fn facets(&mut self, parts: &Parts) -> Rc<Facets<'s>> {
        if let Some(known) = self.facets.get(parts) {
            return Rc::clone(known);
        }
        let facets = Rc::new(Facets::of(self.document, parts));
        self.facets.insert(parts.clone(), Rc::clone(&facets));
        facets
    }

    /// Whether all efforts for a branch were in vain before.
    pub(super) fn is_hopeless(&self, parts: &Parts) -> bool {
        self.hopeless.contains(parts)
    }

    /// Remembers that all efforts for a branch were in vain, unless it is the bounds of the run that made them so.
    pub(super) fn give_up(&mut self, parts: &Parts) {
        if self.depth < MAX_DEPTH / 2 && self.steps > 0 {
            self.hopeless.insert(parts.clone());
        }
    }

    /// The same for what may well be impossible: looks at so many schemas at most, and says nothing if it finds nothing.
    pub(super) fn attempt(&mut self, parts: &Parts, budget: usize, steps: usize) -> Vec<Candidate> {
        let kept = self.steps.saturating_sub(steps);
        self.steps -= kept;
        let before = self.unmade.clone();
        let made = self.make(parts, budget);
        self.unmade = before;
        self.steps += kept;
        made
    }

    /// The same without asking the validator on the way: what is wrong with these may be mended.
    pub(super) fn unchecked(&mut self, parts: &Parts, budget: usize, steps: usize) -> Vec<Candidate> {
        let before = std::mem::replace(&mut self.lenient, true);
        let made = self.attempt(parts, budget, steps);
        self.lenient = before;
        made
    }

    /// Values of nodes among which nothing is left to choose.
    fn values(&mut self, facets: &Facets<'_>, place: &Pointer, budget: usize) -> Vec<Candidate> {
        if let Some(listed) = facets.listed() {
            return self.listed(facets, place, listed);
        }
        let kinds = facets.kinds();
        if kinds.is_empty() {
            self.cannot(place, "its parts have no type in common");
            return Vec::new();
        }
        if kinds == Kind::ALL && facets.nodes.iter().all(|(_, node)| !node.contains_key("type")) {
            let examples = self.examples(facets);
            return interleave(vec![Self::anything(Some(place), budget), examples]);
        }
        // Null comes last: where the plainest value is asked for, it would tell the least.
        let share = if budget == 1 { 1 } else { (budget / kinds.len()).max(2) };
        let mut lists = Vec::with_capacity(kinds.len() + 1);
        for kind in &kinds {
            let mut made = self.of_kind(facets, *kind, place, share);
            if kinds.len() > 1
                && let Some(first) = made.first_mut()
            {
                first.goals.push(Goal::new(facets.entry_of(*kind).unwrap_or_else(|| place.clone()), Case::Type));
            }
            if budget == 1 && !made.is_empty() {
                return made;
            }
            lists.push(made);
        }
        if budget > 1 {
            let examples = self.examples(facets);
            lists.insert(1.min(lists.len()), examples);
        }
        interleave(lists)
    }

    fn of_kind(&mut self, facets: &Facets<'_>, kind: Kind, place: &Pointer, budget: usize) -> Vec<Candidate> {
        match kind {
            Kind::Object => object::make(self, facets, place, budget),
            Kind::Array => array::make(self, facets, place, budget),
            Kind::String => string::make(self, facets, place),
            Kind::Integer | Kind::Number => number::make(self, facets, kind, place),
            Kind::Boolean => vec![Candidate::plain(true), Candidate::plain(false)],
            Kind::Null => vec![Candidate::plain(Value::Null)],
        }
    }

    /// The values of `enum` and `const` that the other keywords let through.
    fn listed(&mut self, facets: &Facets<'_>, place: &Pointer, listed: Vec<(Pointer, &Value)>) -> Vec<Candidate> {
        let total = listed.len();
        let mut made = Vec::with_capacity(total.min(MAX_VALUES));
        for (at, value) in listed.into_iter().take(MAX_VALUES) {
            if self.lets_through(facets, value) {
                made.push(Candidate::with(value.clone(), at, Case::Value));
            } else {
                self.cannot(&at, "the value is listed, but another keyword refuses it");
            }
        }
        if total > MAX_VALUES {
            self.cannot(place, "only the first 64 of its values are taken");
        }
        made
    }

    /// Values of all types.
    fn anything(place: Option<&Pointer>, budget: usize) -> Vec<Candidate> {
        let parsed = ANYTHING.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok());
        let candidate = |value| match place {
            Some(place) => Candidate::with(value, place.clone(), Case::Type),
            None => Candidate::plain(value),
        };
        parsed.take(budget).map(candidate).collect()
    }

    /// What the document gives as examples of these nodes.
    fn examples(&mut self, facets: &Facets<'_>) -> Vec<Candidate> {
        let mut made = Vec::new();
        for keyword in ["example", "default"] {
            made.extend(facets.each(keyword).map(|(at, value)| Candidate::with(value.clone(), at, Case::Example)));
        }
        for (at, value) in facets.each("examples") {
            let Some(items) = value.as_array() else { continue };
            made.extend(items.iter().enumerate().map(|(index, item)| Candidate::with(item.clone(), at.index(index), Case::Example)));
        }
        // Examples of people are often wrong; each is held against the nodes that it stands at.
        made.retain(|candidate| facets.nodes.iter().all(|(at, _)| self.schemas.accepts(at, self.side, &candidate.value)));
        made
    }

    /// Notes what cannot be made.
    pub(super) fn cannot(&mut self, schema: &Pointer, reason: &str) {
        self.unmade.insert(Unmade { schema: schema.clone(), reason: reason.to_owned() });
    }

    pub(super) fn into_unmade(self) -> BTreeSet<Unmade> {
        self.unmade
    }

    /// Whether the validator accepts a value for all `parts`.
    pub(super) fn accepts(&self, parts: &Parts, value: &Value) -> bool {
        parts.at.iter().all(|at| self.schemas.accepts(at, self.side, value))
    }

    /// Whether the keywords that speak of scalars allow a value.
    pub(super) fn lets_through(&self, facets: &Facets<'_>, value: &Value) -> bool {
        let validator = facets.scalar.get_or_init(|| self.schemas.standalone(&facets.scalars()));
        validator.as_ref().is_none_or(|validator| validator.is_valid(value))
    }

    /// Whether a pattern matches a name.
    pub(super) fn matches(&self, pattern: &str, name: &str) -> bool {
        self.schemas.pattern_matches(pattern, name)
    }

    /// The numbers to vary the values of one place with.
    pub(super) fn random(&self, place: &Pointer) -> Random {
        Random::new(self.seed, place.as_str())
    }

    /// The weight of a schema; see `weight.rs`.
    pub(super) fn weight(&self, at: &Pointer) -> u32 {
        self.weights.lock().unwrap_or_else(PoisonError::into_inner).of(self.document, at)
    }

    /// Whether a schema has no instance because each would contain another, or because it is `false`.
    pub(super) fn is_endless(&self, parts: &Parts) -> bool {
        parts.at.iter().any(|at| self.weight(at) == ENDLESS)
    }

    /// Notes that a schema is endless.
    pub(super) fn cannot_end(&mut self, parts: &Parts) {
        for at in &parts.at {
            if self.weight(at) != ENDLESS {
                continue;
            }
            let is_false = self.document.get(at) == Some(&Value::Bool(false));
            self.cannot(at, if is_false { "nothing is valid here" } else { "every instance would contain another" });
        }
    }

    /// The budget for a part of a value: less for each step down, and still less for what is a component, which is made in full
    /// when its own turn comes.
    pub(super) fn share(&self, parts: &Parts, budget: usize) -> usize {
        let refers = |at: &Pointer| self.document.get(at).is_some_and(|node| node.get("$ref").is_some());
        let divisor = if parts.at.iter().any(refers) { 4 } else { 2 };
        (budget / divisor).max(1)
    }
}
