//! Choices among values: where every branch of a union is text, or every one a list of whole numbers, the union is one
//! enumeration. `oneOf: [{const: 1, title: Low}, ...]` is how JSON Schema says what a value is called and means.

use std::collections::HashSet;
use std::hash::Hash;

use super::Lower;
use super::union::Candidate;
use crate::ir::{Enumeration, IntegerEnumeration, Label, Shape, Type};

/// What branches come to together.
pub(super) enum Merged {
    /// Any text.
    Text,
    /// An enumeration.
    Values(Shape),
}

/// Values of one kind, gathered from branches.
struct Gathered<T> {
    values: Vec<(T, Label)>,
    open: bool,
}

impl Lower<'_> {
    /// The enumeration that the branches are together; `None` where they are something else.
    pub(super) fn values_of(&self, candidates: &[Candidate]) -> Option<Merged> {
        self.strings_of(candidates).or_else(|| self.integers_of(candidates))
    }

    fn strings_of(&self, candidates: &[Candidate]) -> Option<Merged> {
        let mut found = Gathered { values: Vec::new(), open: false };
        for candidate in candidates {
            match &candidate.ty {
                Type::String => found.open = true,
                Type::Named(id) => match &self.ir.get(*id).shape {
                    Shape::Enumeration(one) => found.add(candidate, &one.values, &one.labels, one.open),
                    _ => return None,
                },
                _ => return None,
            }
        }
        if found.values.is_empty() {
            return Some(Merged::Text);
        }
        let (values, labels, open) = found.unique();
        Some(Merged::Values(Shape::Enumeration(Enumeration { values, labels, open })))
    }

    fn integers_of(&self, candidates: &[Candidate]) -> Option<Merged> {
        let mut found = Gathered { values: Vec::new(), open: false };
        for candidate in candidates {
            match &candidate.ty {
                Type::Integer(_) => found.open = true,
                Type::Named(id) => match &self.ir.get(*id).shape {
                    Shape::IntegerEnumeration(one) => found.add(candidate, &one.values, &one.labels, one.open),
                    _ => return None,
                },
                _ => return None,
            }
        }
        if found.values.is_empty() {
            return None;
        }
        let (values, labels, open) = found.unique();
        Some(Merged::Values(Shape::IntegerEnumeration(IntegerEnumeration { values, labels, open })))
    }
}

impl<T: Clone + Eq + Hash> Gathered<T> {
    /// Adds the values of a branch. A branch with one value says by its title and description what that is.
    fn add(&mut self, branch: &Candidate, values: &[T], labels: &[Label], open: bool) {
        self.open |= open;
        if let ([value], [label]) = (values, labels) {
            let name = label.name.clone().or_else(|| branch.title.clone());
            let text = label.text.clone().or_else(|| branch.doc.text.clone().filter(|text| Some(text) != name.as_ref()));
            self.values.push((value.clone(), Label { name, text }));
            return;
        }
        self.values.extend(values.iter().cloned().zip(labels.iter().cloned()));
    }

    /// The values, each once, in the order of the branches.
    fn unique(mut self) -> (Vec<T>, Vec<Label>, bool) {
        let mut seen = HashSet::new();
        self.values.retain(|(value, _)| seen.insert(value.clone()));
        let (values, labels) = self.values.into_iter().unzip();
        (values, labels, self.open)
    }
}
