//! Findings: one thing that one exchange gets wrong, with its place in the body and its place in the document.
//! Next: `verdict.rs`, which sums the findings of an exchange up.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use wireproof_openapi::{Pointer, Position};

use crate::rule::Rule;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; changes no verdict.
    Note,
    /// The vendor does what the document does not say.
    Drift,
    /// The document's promise is broken.
    Violation,
}

impl Severity {
    /// The name as in the JSON report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Drift => "drift",
            Self::Violation => "violation",
        }
    }
}

/// The half of the exchange that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What was sent.
    Request,
    /// What was answered.
    Response,
}

impl Side {
    /// The name as in the JSON report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// One thing that an exchange gets wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: Rule,
    /// Its weight in this exchange: the rule's own, lowered where the request was refused or the document only assumes.
    pub severity: Severity,
    /// The half of the exchange that it is about.
    pub on: Side,
    /// A sentence that says what was found and what was expected; values are masked unless they were asked for.
    pub message: String,
    /// The place in the body; for parameters and headers `/query/NAME`, `/path/NAME`, `/header/NAME`, `/cookie/NAME`.
    pub instance: Pointer,
    /// Every place, where the same cause shows in several items of a list; empty where there is one place only.
    pub places: Vec<Pointer>,
    /// The keyword or part of the document that is broken, as a pointer into the document as written.
    pub schema: Pointer,
    /// File, line and column of that part.
    pub spec: Option<Position>,
    /// Whether the vendor's known-drift file lists it.
    pub known: bool,
    /// What it does to the caller's types, where that is known.
    pub types: Option<String>,
    /// Document and body, cut out around the place; filled in only if [`crate::Options::excerpts`] asks for it.
    pub excerpts: Vec<Excerpt>,
}

impl Finding {
    /// How many places it was found in.
    pub fn count(&self) -> usize {
        self.places.len().max(1)
    }
}

/// A piece of text with one place in it marked, for showing to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The name of the text: a file, or what the text is.
    pub name: String,
    /// The number of the text's first line, from 1, where it was cut out of a longer one.
    pub line: usize,
    /// The text: some lines of a file, or what was cut out of a body and laid out anew.
    pub text: Arc<str>,
    /// The marked place, in bytes.
    pub offset: usize,
    /// Its length in bytes.
    pub length: usize,
    /// What to write beside the mark.
    pub label: String,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule", &self.rule)?;
        map.serialize_entry("severity", &self.severity)?;
        map.serialize_entry("on", &self.on)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("instance", self.instance.as_str())?;
        map.serialize_entry("schema", self.schema.as_str())?;
        map.serialize_entry("spec", &self.spec.as_ref().map(Spec))?;
        map.serialize_entry("known", &self.known)?;
        if let Some(types) = &self.types {
            map.serialize_entry("types", types)?;
        }
        if self.places.len() > 1 {
            map.serialize_entry("places", &self.places.iter().map(Pointer::as_str).collect::<Vec<_>>())?;
        }
        map.end()
    }
}

/// A position in the form of the JSON report.
struct Spec<'p>(&'p Position);

impl Serialize for Spec<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("file", &self.0.file)?;
        map.serialize_entry("line", &self.0.line)?;
        map.serialize_entry("column", &self.0.column)?;
        map.end()
    }
}
