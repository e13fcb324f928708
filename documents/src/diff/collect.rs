//! Changes as they come in, those that several operations share told once.

use std::collections::{HashMap, HashSet};

use wireproof_contract::Side;
use wireproof_openapi::{Document, ParameterShape, Pointer};

use super::change::{Caller, Class, Draft, Subject};
use super::kind::Kind;
use super::parameters::schema_of;
use super::schemas::Comparison;

/// A change with the operations that it concerns.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) draft: Draft,
    /// The labels; empty where it is about all.
    pub(super) operations: Vec<String>,
    /// The pair of schemas that it is about.
    pub(super) pair: Option<usize>,
    /// Whether the vendor calls all of them.
    pub(super) reversed: bool,
}

/// What makes two changes one.
type Key = (Kind, Option<Side>, String, Option<Pointer>, Option<Pointer>);

/// What two documents differ in, while they are compared.
pub(super) struct Collector<'d> {
    pub(super) comparison: Comparison<'d>,
    collected: Vec<Collected>,
    known: HashMap<Key, usize>,
    /// Where the schemas of operations begin.
    roots: Vec<(usize, String)>,
    /// The labels of operations that the vendor calls.
    reversed: HashSet<String>,
}

impl<'d> Collector<'d> {
    pub(super) fn new(comparison: Comparison<'d>) -> Self {
        Self { comparison, collected: Vec::new(), known: HashMap::new(), roots: Vec::new(), reversed: HashSet::new() }
    }

    pub(super) fn old(&self) -> &'d Document {
        self.comparison.old
    }

    pub(super) fn new_document(&self) -> &'d Document {
        self.comparison.new
    }

    /// Adds a change of one operation.
    pub(super) fn add(&mut self, subject: &Subject, draft: Draft) {
        let label = self.labelled(subject);
        let key = key(&draft);
        if let Some(index) = self.known.get(&key)
            && let Some(collected) = self.collected.get_mut(*index)
        {
            collected.draft.class = collected.draft.class.max(draft.class);
            if !collected.operations.contains(&label) {
                collected.operations.push(label);
            }
            return;
        }
        self.known.insert(key, self.collected.len());
        self.collected.push(Collected { draft, operations: vec![label], pair: None, reversed: false });
    }

    /// Adds a change that is about all operations.
    pub(super) fn add_to_all(&mut self, draft: Draft) {
        self.collected.push(Collected { draft, operations: Vec::new(), pair: None, reversed: false });
    }

    fn labelled(&mut self, subject: &Subject) -> String {
        if subject.caller == Caller::Vendor {
            self.reversed.insert(subject.label.clone());
        }
        subject.label.clone()
    }

    /// Compares two schemas of one half of an operation's exchanges.
    pub(super) fn schemas(&mut self, subject: &Subject, old: Option<&Pointer>, new: Option<&Pointer>, half: Side) {
        let side = subject.caller.direction(half);
        let parts = |schema: Option<&Pointer>| schema.cloned().into_iter().collect::<Vec<_>>();
        if let Some(pair) = self.comparison.pair(parts(old), parts(new), side, None) {
            let label = self.labelled(subject);
            self.roots.push((pair, label));
        }
    }

    /// Whether two parameters have the same shape.
    pub(super) fn same_shape(&self, old: &ParameterShape, new: &ParameterShape) -> bool {
        match (schema_of(old), schema_of(new)) {
            (Some(old), Some(new)) => self.comparison.same.same(old, new),
            (None, None) => true,
            _ => false,
        }
    }

    /// Compares the schemas, and gives back everything that was found.
    pub(super) fn finish(mut self) -> (Comparison<'d>, Vec<Collected>) {
        self.comparison.explore();
        if self.comparison.cut {
            let message = "the documents differ in so many schemas that not all of them were compared";
            self.add_to_all(Draft::new(Kind::SchemaChanged, Class::Unknown, message));
        }
        let mut by_root: HashMap<usize, Vec<String>> = HashMap::new();
        for (root, label) in std::mem::take(&mut self.roots) {
            let labels = by_root.entry(root).or_default();
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let mut concerned: Vec<Vec<String>> = vec![Vec::new(); self.comparison.pairs.len()];
        let mut roots: Vec<(usize, Vec<String>)> = by_root.into_iter().collect();
        roots.sort();
        for (root, labels) in roots {
            for pair in self.comparison.reached(&[root]) {
                let Some(known) =
                    concerned.get_mut(pair).filter(|_| self.comparison.pairs.get(pair).is_some_and(|pair| !pair.drafts.is_empty()))
                else {
                    continue;
                };
                known.extend(labels.iter().filter(|label| !known.contains(label)).cloned().collect::<Vec<_>>());
            }
        }
        let mut collected = std::mem::take(&mut self.collected);
        let mut met = HashMap::new();
        for (index, labels) in concerned.into_iter().enumerate() {
            let Some(pair) = self.comparison.pairs.get_mut(index) else { continue };
            for draft in std::mem::take(&mut pair.drafts) {
                // Two pairs may share a schema, and differ in what else holds for the value.
                let key = key(&draft);
                if let Some(known) = met.get(&key).and_then(|at: &usize| collected.get_mut(*at)) {
                    known.draft.class = known.draft.class.max(draft.class);
                    known.operations.extend(labels.iter().filter(|label| !known.operations.contains(label)).cloned().collect::<Vec<_>>());
                } else {
                    met.insert(key, collected.len());
                    collected.push(Collected { draft, operations: labels.clone(), pair: Some(index), reversed: false });
                }
            }
        }
        for one in &mut collected {
            one.reversed = !one.operations.is_empty() && one.operations.iter().all(|label| self.reversed.contains(label));
        }
        (self.comparison, collected)
    }
}

fn key(draft: &Draft) -> Key {
    (draft.kind, draft.side, draft.message.clone(), draft.old.clone(), draft.new.clone())
}
