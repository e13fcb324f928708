//! What reading a document has to say: repairs, gaps and errors, each with a code and a place.
//! Next: `document.rs`, which collects them.

use std::fmt;

use crate::{Pointer, Position};

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; nothing was changed or lost.
    Note,
    /// The document was repaired, or a part of it is not taken into account.
    Warning,
    /// The document cannot be used.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing to say about one place of a document.
///
/// Its `Display` form is the line of the command line's contract:
/// `warning[CODE]: MESSAGE at FILE:LINE:COLUMN (POINTER)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The stable name of the kind of problem, in kebab-case.
    pub code: &'static str,
    /// What is wrong and what was done about it: a lowercase fragment without a final period.
    pub message: String,
    /// The place in the document as written.
    pub pointer: Pointer,
    /// The place in the text, filled in by [`crate::Document::locate`].
    pub position: Option<Position>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A warning at `pointer`.
    pub fn warning(code: &'static str, pointer: Pointer, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code, message: message.into(), pointer, position: None, help: None }
    }

    /// A note at `pointer`.
    pub fn note(code: &'static str, pointer: Pointer, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::warning(code, pointer, message) }
    }

    /// The same with advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        if let Some(position) = &self.position {
            write!(f, " at {position}")?;
        }
        write!(f, " ({})", if self.pointer.as_str().is_empty() { "/" } else { self.pointer.as_str() })
    }
}
