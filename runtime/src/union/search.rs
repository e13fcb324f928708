//! What unions inside unions share, per thread: how well the branch that is being read fits, which branch a text has been found to be, and
//! how much work is left.
//!
//! A union tries each branch on the whole of its text, and each branch does the same for the unions in it. Without
//! memory, a chain of twenty unions of two branches would be read a million times. So each choice is remembered by
//! the place of the text and the type of the union: a second visit reads the chosen branch only. What remains grows with the depth and
//! the number of branches; a budget turns what is still too much into an error.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::union::UnionError;

/// How many bytes the branches of one outermost union may read, whatever its size.
const BUDGET: usize = 32 << 20;

/// How many times the text of the outermost union its branches may read on top of that.
const READINGS: usize = 256;

thread_local! {
    static LOSS: Cell<u64> = const { Cell::new(0) };
    static SEARCH: RefCell<Option<State>> = const { RefCell::new(None) };
}

struct State {
    /// Where the text of the outermost union lies: all the texts in it are parts of it, unless a reader made copies.
    start: usize,
    length: usize,
    budget: usize,
    decisions: HashMap<Place, Decision>,
}

/// A union and the text that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    union: TypeId,
    start: usize,
    length: usize,
}

/// What came out of a search.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    /// The index of the branch that fits best.
    Branch(usize),
    /// No branch fits.
    None(UnionError),
}

impl Place {
    pub(crate) fn new(union: TypeId, text: &str) -> Self {
        Self { union, start: text.as_ptr().addr(), length: text.len() }
    }

    /// What an earlier search at this place has found.
    pub(crate) fn decision(&self) -> Option<Decision> {
        SEARCH.with_borrow(|search| search.as_ref()?.decisions.get(self).cloned())
    }

    /// Remembers what a search has found, if this is a place that can be visited again: one inside the outermost text.
    pub(crate) fn remember(self, decision: impl FnOnce() -> Decision) {
        SEARCH.with_borrow_mut(|search| {
            if let Some(state) = search
                && self.length < state.length
                && self.start >= state.start
                && self.start - state.start <= state.length - self.length
            {
                state.decisions.insert(self, decision());
            }
        });
    }
}

/// The search of an outermost union; unions inside it take part in that one.
pub(crate) struct Search {
    outermost: bool,
}

impl Search {
    pub(crate) fn enter(text: &str) -> Self {
        SEARCH.with_borrow_mut(|search| {
            let outermost = search.is_none();
            if outermost {
                let budget = text.len().saturating_mul(READINGS).saturating_add(BUDGET);
                *search = Some(State { start: text.as_ptr().addr(), length: text.len(), budget, decisions: HashMap::new() });
            }
            Self { outermost }
        })
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        if self.outermost {
            SEARCH.with_borrow_mut(|search| *search = None);
        }
    }
}

/// Takes the reading of so many bytes from the budget; false where it is used up.
pub(crate) fn spend(bytes: usize) -> bool {
    SEARCH.with_borrow_mut(|search| match search {
        Some(state) => {
            let enough = state.budget >= bytes;
            state.budget = state.budget.saturating_sub(bytes);
            enough
        }
        None => true,
    })
}

/// Counts something that a type keeps or passes over without knowing it.
pub(crate) fn count_loss() {
    LOSS.with(|loss| loss.set(loss.get().saturating_add(1)));
}

/// Runs a reader and answers with the loss that it has counted, leaving the count of whoever called as it was.
pub(crate) fn measure<T>(read: impl FnOnce() -> T) -> (T, u64) {
    let before = LOSS.with(|loss| loss.replace(0));
    let value = read();
    (value, LOSS.with(|loss| loss.replace(before)))
}

/// Adds the loss of a chosen branch.
pub(crate) fn add_loss(count: u64) {
    LOSS.with(|loss| loss.set(loss.get().saturating_add(count)));
}
