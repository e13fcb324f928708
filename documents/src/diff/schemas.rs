//! Schemas compared pair by pair: what a pair differs in itself becomes changes, and its parts become pairs again. A pair is looked at
//! once for each side of exchanges, however many operations lead to it. What says the same in both documents is not looked at.
//!
//! Every step down (a property, an item, a branch) keeps the direction: a part that allows less makes a whole that allows less. So what
//! holds for the parts holds for the whole, and only what a pair says itself has to be handed to `inclusion.rs`.
//! Next: `facets.rs`, `object.rs` and `union.rs`, which look at values, properties and branches.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;
use wireproof_contract::Side;
use wireproof_openapi::{Document, Pointer};

use super::change::{Answer, Class, Draft, Hint, Shift};
use super::inclusion;
use super::kind::Kind;
use super::sameness::{Sameness, is_reference};
use super::view::View;
use super::{facets, object, union};

/// How many pairs are compared; recursion of different schemas through each other ends there.
const LIMIT: usize = 100_000;

/// A step from a value to a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// The value itself, as a branch of a union describes it.
    Same,
    /// A member.
    Member(String),
    /// A member of any name.
    AnyMember,
    /// An item.
    Item(usize),
}

/// Schemas of both documents that describe the same value.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) old: Vec<Pointer>,
    pub(super) new: Vec<Pointer>,
    pub(super) side: Side,
    /// The pair that led here first, and by which step.
    pub(super) from: Option<(usize, Step)>,
    pub(super) drafts: Vec<Draft>,
    pub(super) children: Vec<usize>,
}

/// All pairs of two documents.
pub(super) struct Comparison<'d> {
    pub(super) old: &'d Document,
    pub(super) new: &'d Document,
    pub(super) same: Sameness<'d>,
    pub(super) pairs: Vec<Pair>,
    known: HashMap<(Vec<Pointer>, Vec<Pointer>, Side), usize>,
    open: VecDeque<usize>,
    /// Whether there was more to compare than is.
    pub(super) cut: bool,
}

/// One pair while it is looked at.
pub(super) struct Look<'c, 'd> {
    pub(super) all: &'c mut Comparison<'d>,
    pub(super) index: usize,
    pub(super) side: Side,
    pub(super) old: View<'d>,
    pub(super) new: View<'d>,
}

impl<'d> Comparison<'d> {
    pub(super) fn new(old: &'d Document, new: &'d Document) -> Self {
        Self { old, new, same: Sameness::new(old, new), pairs: Vec::new(), known: HashMap::new(), open: VecDeque::new(), cut: false }
    }

    /// The pair of two lists of schemas, each of which holds at once; an empty one allows anything. `None`: they say the same.
    pub(super) fn pair(&mut self, old: Vec<Pointer>, new: Vec<Pointer>, side: Side, from: Option<(usize, Step)>) -> Option<usize> {
        let (old, new) = (targets(self.old, old), targets(self.new, new));
        if self.same.same_parts(&old, &new) {
            return None;
        }
        let key = (old, new, side);
        if let Some(index) = self.known.get(&key) {
            return Some(*index);
        }
        let index = self.pairs.len();
        if index >= LIMIT {
            self.cut = true;
            return None;
        }
        let (old, new, side) = key.clone();
        self.known.insert(key, index);
        self.pairs.push(Pair { old, new, side, from, drafts: Vec::new(), children: Vec::new() });
        self.open.push_back(index);
        Some(index)
    }

    /// Compares everything that is still open.
    pub(super) fn explore(&mut self) {
        while let Some(index) = self.open.pop_front() {
            let Some(pair) = self.pairs.get(index) else { continue };
            let (old, new) = (View::of(self.old, &pair.old), View::of(self.new, &pair.new));
            let side = pair.side;
            Look { all: self, index, side, old, new }.compare();
        }
    }

    /// The pairs that can be reached from `roots`, each once.
    pub(super) fn reached(&self, roots: &[usize]) -> Vec<usize> {
        let mut seen = vec![false; self.pairs.len()];
        let mut open: Vec<usize> = roots.to_vec();
        let mut reached = Vec::new();
        while let Some(index) = open.pop() {
            let Some(flag) = seen.get_mut(index) else { continue };
            if std::mem::replace(flag, true) {
                continue;
            }
            reached.push(index);
            open.extend(self.pairs.get(index).into_iter().flat_map(|pair| &pair.children));
        }
        reached
    }
}

impl Look<'_, '_> {
    fn compare(mut self) {
        if self.old.never && self.new.never {
            return;
        }
        let alike = self.old.unions.len() == self.new.unions.len() && self.old.unions.len() <= 1;
        if self.old.never != self.new.never || self.old.lost || self.new.lost || !alike {
            self.as_a_whole();
            return;
        }
        facets::compare(&mut self);
        object::compare(&mut self);
        self.arrays();
        if !union::compare(&mut self) {
            return;
        }
        self.conditions();
        self.remarks();
    }

    /// Adds a change of this pair.
    pub(super) fn add(&mut self, draft: Draft) {
        let mut draft = draft.on(self.side);
        draft.old = draft.old.or_else(|| self.above(|pair| pair.old.first()));
        draft.new = draft.new.or_else(|| self.above(|pair| pair.new.first()));
        if let Some(pair) = self.all.pairs.get_mut(self.index) {
            pair.drafts.push(draft);
        }
    }

    /// The place of the nearest pair above that has one: where one document says nothing, what it is said of stands there.
    fn above(&self, place: impl Fn(&Pair) -> Option<&Pointer>) -> Option<Pointer> {
        let mut at = Some(self.index);
        while let Some(pair) = at.and_then(|index| self.all.pairs.get(index)) {
            if let Some(pointer) = place(pair) {
                return Some(pointer.clone());
            }
            at = pair.from.as_ref().map(|(above, _)| *above);
        }
        None
    }

    /// Adds a change that a shift describes.
    pub(super) fn shifted(
        &mut self,
        kind: Kind,
        shift: Shift,
        message: String,
        (old, new): (Option<Pointer>, Option<Pointer>),
        hint: Hint,
    ) {
        let draft = Draft::new(kind, shift.class(self.side), message).at(old, new);
        self.add(draft.hint(hint));
    }

    /// Goes on with parts of this pair.
    pub(super) fn part(&mut self, old: Vec<Pointer>, new: Vec<Pointer>, step: Step) {
        if let Some(child) = self.all.pair(old, new, self.side, Some((self.index, step)))
            && let Some(pair) = self.all.pairs.get_mut(self.index)
        {
            pair.children.push(child);
        }
    }

    fn pointers(&self) -> (Vec<Pointer>, Vec<Pointer>) {
        self.all.pairs.get(self.index).map(|pair| (pair.old.clone(), pair.new.clone())).unwrap_or_default()
    }

    /// Two schemas of different build: they are compared as sets of values, with all that they lead to.
    fn as_a_whole(&mut self) {
        let (old, new) = self.pointers();
        let shift = inclusion::whole((self.all.old, &old), (self.all.new, &new));
        if shift.is_none() {
            return;
        }
        let message = format!("the schema is of another build: {}", told(shift));
        let places = (old.first().cloned(), new.first().cloned());
        self.shifted(Kind::SchemaChanged, shift, message, places, Hint::Any);
    }

    fn arrays(&mut self) {
        let prefix = |view: &View<'_>| {
            view.each("prefixItems")
                .map(|(node, list)| (node.place.join("prefixItems"), list.as_array().map_or(0, Vec::len)))
                .collect::<Vec<_>>()
        };
        let (old, new) = (prefix(&self.old), prefix(&self.new));
        let mut first = 0;
        match (old.as_slice(), new.as_slice()) {
            ([], []) => {}
            ([(old, before)], [(new, now)]) if before == now => {
                first = *before;
                for index in 0..first {
                    self.part(vec![old.index(index)], vec![new.index(index)], Step::Item(index));
                }
            }
            _ => {
                self.as_a_whole();
                return;
            }
        }
        let (old, new) = (self.old.parts("items"), self.new.parts("items"));
        if !old.is_empty() || !new.is_empty() {
            self.part(old, new, Step::Item(first));
        }
    }

    /// Keywords that are compared as they are: conditions and what else has no parts to go on with.
    fn conditions(&mut self) {
        const KEYWORDS: [&str; 12] = [
            "not",
            "if",
            "then",
            "else",
            "contains",
            "minContains",
            "maxContains",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
            "unevaluatedItems",
        ];
        let differs = |keyword: &str| {
            let (old, new): (Vec<_>, Vec<_>) = (self.old.each(keyword).collect(), self.new.each(keyword).collect());
            // Whether other members are allowed at all is for `object.rs` to say.
            if keyword == "unevaluatedProperties" && old.iter().chain(&new).all(|(_, value)| value.is_boolean()) {
                return false;
            }
            old.len() != new.len()
                || old.iter().zip(&new).any(|((old_node, old), (new_node, new))| {
                    let place = |place: &Pointer| place.join(keyword);
                    // The same text may lead elsewhere.
                    (old != new || old.is_object()) && !self.all.same.same(&place(&old_node.place), &place(&new_node.place))
                })
        };
        let Some(keyword) = KEYWORDS.iter().copied().chain(["patternProperties"]).find(|keyword| differs(keyword)) else { return };
        let (old, new) = self.pointers();
        let shift = inclusion::whole((self.all.old, &old), (self.all.new, &new));
        if shift.is_none() {
            return;
        }
        let message = format!("`{keyword}` changed: {}", told(shift));
        let places = (self.old.place(keyword), self.new.place(keyword));
        self.shifted(Kind::ConditionChanged, shift, message, places, Hint::Any);
    }

    /// What no validator reads, but people and clients do.
    fn remarks(&mut self) {
        let value = |view: &View<'_>| view.each("default").next().map(|(_, value)| value.clone());
        let (old, new) = (value(&self.old), value(&self.new));
        if old != new {
            let none = || "none".to_owned();
            let text = |value: &Option<Value>| value.as_ref().map_or_else(none, shown);
            let message = format!("the default is {}, was {}: what leaving it out means", text(&new), text(&old));
            // A request says something else by the same words; no validator can tell.
            let class = if self.side == Side::Request { Class::Unknown } else { Class::Compatible };
            self.add(Draft::new(Kind::DefaultChanged, class, message).at(self.old.place("default"), self.new.place("default")));
        }
        match (self.old.flag("deprecated"), self.new.flag("deprecated")) {
            (None, Some(place)) => {
                let draft = Draft::new(Kind::Deprecated, Class::Compatible, "it is deprecated now").at(self.old.first(), Some(place));
                self.add(draft);
            }
            (Some(place), None) => {
                let draft =
                    Draft::new(Kind::Undeprecated, Class::Compatible, "it is no longer deprecated").at(Some(place), self.new.first());
                self.add(draft);
            }
            _ => {}
        }
    }
}

/// The schemas that are meant: what is nothing but a reference counts as what it refers to, so that a pair is known again.
fn targets(document: &Document, parts: Vec<Pointer>) -> Vec<Pointer> {
    let target = |part: Pointer| match document.get(&part).filter(|node| is_reference(node)) {
        Some(_) => document.resolve(&part).map_or(part, |(target, _)| target),
        None => part,
    };
    parts.into_iter().map(target).collect()
}

/// What a shift does, in words.
pub(super) fn told(shift: Shift) -> &'static str {
    match (shift.narrowed, shift.widened) {
        (Answer::Yes, Answer::Yes) => "some values are no longer valid, and some newly are",
        (Answer::Yes, Answer::No) => "some values are no longer valid",
        (Answer::No, Answer::Yes) => "some values are newly valid",
        (Answer::No, Answer::No) => "the same values are valid",
        (Answer::Yes, Answer::Unknown) => "some values are no longer valid, and some may newly be",
        (Answer::Unknown, Answer::Yes) => "some values are newly valid, and some may no longer be",
        _ => "which values are valid could not be decided",
    }
}

/// A value of the document for a sentence.
pub(super) fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("`{}`", crate::lint::shorten(&text))
}
