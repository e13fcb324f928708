//! Findings: one thing that a rule has to say about one place of a document.

use std::fmt;

use wireproof_openapi::{Pointer, Position};

use super::rule::Rule;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document says less than it could, or than its author will have meant.
    Warning,
    /// The document contradicts itself.
    Error,
}

impl Severity {
    /// The name as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What is wrong: a lowercase fragment without a final period.
    pub message: String,
    /// The place in the document as written.
    pub pointer: Pointer,
    /// The place in the text.
    pub position: Position,
}

impl Finding {
    /// How much it weighs.
    pub const fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {} at {} ({})", self.severity().name(), self.rule, self.message, self.position, self.pointer)
    }
}
