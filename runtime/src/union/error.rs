//! [`UnionError`]: why no branch of a union fits.

use std::fmt::{self, Write as _};

use crate::decode::bounded;

/// How long the reason of the closest branch may get, and the place and the reason of any other.
const CLOSEST: usize = 300;
const OTHER: usize = 100;

/// How many other branches are named.
const SHOWN: usize = 4;

/// No branch of a union fits. The message starts with the JSON Pointer of the place where the closest branch stopped fitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionError {
    name: &'static str,
    message: String,
    /// Whether it is the branch that a tag named which does not fit.
    by_tag: bool,
}

/// A branch that does not fit, and why.
pub(super) struct Failure {
    pub(super) branch: &'static str,
    pub(super) problem: String,
}

impl Failure {
    /// The place, as the message has it, and the reason.
    fn parts(&self) -> (&str, &str) {
        match self.problem.split_once(": ") {
            Some((pointer, reason)) if pointer.starts_with('/') => (pointer, reason),
            _ => ("", &self.problem),
        }
    }

    /// The failure as it leads a message: the place in full, so that it can be found again.
    fn leading(&self) -> String {
        let (pointer, reason) = self.parts();
        let separator = if pointer.is_empty() { "" } else { ": " };
        format!("{pointer}{separator}{}", bounded(reason, CLOSEST))
    }

    /// The failure among others.
    fn short(&self) -> String {
        let (pointer, reason) = self.parts();
        let separator = if pointer.is_empty() { "" } else { ": " };
        format!("`{}`: {}{separator}{}", self.branch, bounded(pointer, OTHER), bounded(reason, OTHER))
    }

    /// How far the reader of the branch got: not past the kind of the value, or how deep into it.
    fn progress(&self) -> usize {
        match self.parts() {
            ("", reason) => usize::from(!reason.starts_with("invalid type")),
            (pointer, _) => 1 + pointer.matches('/').count(),
        }
    }
}

impl UnionError {
    pub(super) fn new(name: &'static str, message: String) -> Self {
        Self { name, message, by_tag: false }
    }

    /// The name of the union.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it is the branch that a tag named which does not fit; another might.
    pub(super) fn is_of_tagged_branch(&self) -> bool {
        self.by_tag
    }

    pub(super) fn of_branch(name: &'static str, failure: &Failure) -> Self {
        let message = format!("{} (in `{}`, a branch of `{name}`)", failure.leading(), failure.branch);
        Self { name, message, by_tag: true }
    }

    /// The error of an object whose tag is unknown or missing.
    pub(super) fn of_tag(name: &'static str, property: &str, present: bool, values: &[(&str, usize)]) -> Self {
        let problem = if present { "unknown value of" } else { "missing string" };
        // A value may be listed for several branches.
        let mut known: Vec<&str> = values.iter().map(|(value, _)| *value).collect();
        known.sort_unstable();
        known.dedup();
        let shown: Vec<_> = known.iter().take(2 * SHOWN).map(|value| format!("`{value}`")).collect();
        let more = match known.len().saturating_sub(2 * SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Self::new(name, format!("{problem} `{property}`, which selects the branch of `{name}`: expected {}{more}", shown.join(", ")))
    }

    pub(super) fn of_failures(name: &'static str, mut failures: Vec<Failure>) -> Self {
        failures.sort_by_key(|failure| std::cmp::Reverse(failure.progress()));
        let mut failures = failures.iter();
        let Some(closest) = failures.next() else { return Self::new(name, format!("`{name}` has no branches")) };
        let mut message = format!("{} (in `{}`, the closest branch of `{name}`", closest.leading(), closest.branch);
        for failure in failures.by_ref().take(SHOWN) {
            message.push_str("; ");
            message.push_str(&failure.short());
        }
        let more = failures.count();
        if more > 0 {
            // Writing to a `String` cannot fail.
            let _ = write!(message, "; and {more} more");
        }
        message.push(')');
        Self::new(name, message)
    }
}

impl fmt::Display for UnionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for UnionError {}
