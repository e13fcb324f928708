//! Verdicts: what the findings of an exchange come to, and what verdicts of many exchanges add up to.
//! A verdict is the worst finding that is not known drift; a note changes nothing.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wireproof_openapi::StatusPattern;

use crate::finding::{Finding, Severity};

/// What an exchange comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing but notes and known drift.
    Conforms,
    /// The worst is drift.
    Drift,
    /// The worst is a violation.
    Violation,
    /// It belongs to no operation.
    Unmatched,
}

impl Verdict {
    /// The verdict of an exchange that belongs to an operation.
    pub fn of(findings: &[Finding]) -> Self {
        let worst = findings.iter().filter(|finding| !finding.known).map(|finding| finding.severity).max();
        match worst {
            Some(Severity::Violation) => Self::Violation,
            Some(Severity::Drift) => Self::Drift,
            Some(Severity::Note) | None => Self::Conforms,
        }
    }

    /// The name as in the JSON report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Drift => "drift",
            Self::Violation => "violation",
            Self::Unmatched => "unmatched",
        }
    }
}

/// One exchange, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The recording that it is from, as given.
    pub recording: Arc<str>,
    /// Its number in the recording, from 0.
    pub entry: usize,
    /// The vendor whose document it was held against; `None` for a document without a vendor, or if there is none to hold it against.
    pub vendor: Option<Arc<str>>,
    /// The index of the contract that checked it; `None` where several were asked and none knows the exchange.
    pub contract: Option<usize>,
    /// The operation's label; `None` if it belongs to none.
    pub operation: Option<String>,
    /// The index into [`wireproof_openapi::Document::operations`].
    pub operation_index: Option<usize>,
    /// The method.
    pub method: String,
    /// The URL, secrets in it replaced.
    pub url: String,
    /// The status code.
    pub status: u16,
    /// The documented response that the status belongs to.
    pub documented_status: Option<StatusPattern>,
    /// The key of the documented media type that the response belongs to.
    pub documented_content_type: Option<String>,
    /// What it comes to.
    pub verdict: Verdict,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Serialize for Checked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("recording", &*self.recording)?;
        map.serialize_entry("entry", &self.entry)?;
        map.serialize_entry("vendor", &self.vendor.as_deref())?;
        map.serialize_entry("operation", &self.operation)?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("url", &self.url)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("findings", &self.findings)?;
        map.end()
    }
}

impl std::ops::AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        let Self { exchanges, conforms, drift, violation, unmatched, known, unusable } = other;
        self.exchanges += exchanges;
        self.conforms += conforms;
        self.drift += drift;
        self.violation += violation;
        self.unmatched += unmatched;
        self.known += known;
        self.unusable += unusable;
    }
}

/// Exchanges counted by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All exchanges that were checked.
    pub exchanges: usize,
    /// Those that conform.
    pub conforms: usize,
    /// Those that drift.
    pub drift: usize,
    /// Those that break the contract.
    pub violation: usize,
    /// Those that belong to no operation.
    pub unmatched: usize,
    /// Findings that are known drift.
    pub known: usize,
    /// Entries of recordings that hold no whole exchange; they are not among the exchanges.
    pub unusable: usize,
}

impl Summary {
    /// Counts one exchange.
    pub fn add(&mut self, checked: &Checked) {
        self.exchanges += 1;
        self.known += checked.findings.iter().filter(|finding| finding.known).count();
        match checked.verdict {
            Verdict::Conforms => self.conforms += 1,
            Verdict::Drift => self.drift += 1,
            Verdict::Violation => self.violation += 1,
            Verdict::Unmatched => self.unmatched += 1,
        }
    }

    /// Whether every exchange conforms.
    pub fn holds(&self) -> bool {
        self.conforms == self.exchanges
    }
}
