//! A bound on walks through references and compositions: they may lead in circles, and may branch at every step.

use std::cell::Cell;

/// How many references and branches deep a walk may go.
const MAX_DEPTH: usize = 16;

/// How many schemas one walk may visit.
const MAX_STEPS: usize = 2_000;

/// One walk.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    steps: Cell<usize>,
}

impl Walk {
    /// Whether the walk may visit one more schema at this depth.
    pub(crate) fn may_visit(&self, depth: usize) -> bool {
        self.steps.set(self.steps.get() + 1);
        depth <= MAX_DEPTH && self.steps.get() <= MAX_STEPS
    }
}
