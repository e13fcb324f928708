//! The constraints of unions. Which branch a value is of shows where it is read, so it is read once more, and each branch that can
//! read it is checked: the value is sound if any branch takes it without a violation, as `anyOf` has it. Constraints never make a value invalid that
//! another branch allows.

use std::cell::RefCell;

use crate::data::Json;
use crate::decode::{Decode, Decoder};
use crate::validate::{Checker, Constraint};

/// The checks of the branches of one union.
pub(super) struct Checks<'c> {
    value: &'c Json,
    constraints: &'static [Constraint],
    /// Stands at the place of the value.
    place: Checker,
    /// What the branch that came closest breaks.
    least: RefCell<Option<Checker>>,
}

impl<'c> Checks<'c> {
    pub(super) fn new(value: &'c Json, constraints: &'static [Constraint], checker: &Checker) -> Self {
        Self { value, constraints, place: checker.beside(), least: RefCell::new(None) }
    }

    /// Checks the value as one of a branch that has read it. False where it breaks a constraint.
    pub(super) fn holds<T: Decode>(&self, branch: &str) -> bool {
        let mut checker = self.place.beside();
        for constraint in self.constraints {
            if let Constraint::Branch(name, asked) = constraint
                && *name == branch
            {
                checker.apply(asked, self.value);
            }
        }
        T::By::check(self.value, &mut checker);
        if checker.count() == 0 {
            return true;
        }
        let mut least = self.least.borrow_mut();
        if least.as_ref().is_none_or(|least| checker.count() < least.count()) {
            *least = Some(checker);
        }
        false
    }

    /// What the branch that came closest breaks.
    pub(super) fn least(self) -> Option<Checker> {
        self.least.into_inner()
    }
}
