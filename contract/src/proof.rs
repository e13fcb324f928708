//! What is proved of a vendor beside its exchanges: that generated code is fresh, pages agree with the document, and so on. The
//! caller proves it; reports tell it along with the exchanges. Next: `event.rs`, which carries it.

use std::sync::Arc;

use serde::Serialize;

/// The proof of one vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The vendor; `None` for what belongs to all of them.
    pub vendor: Option<Arc<str>>,
    /// Title and version of its document, if that can be read.
    pub title: Option<String>,
    /// What was looked at, in order.
    pub parts: Vec<Part>,
}

impl Proof {
    /// The worst state of its parts.
    pub fn state(&self) -> State {
        self.parts.iter().map(|part| part.state).max().unwrap_or(State::Holds)
    }

    /// Whether nothing in it is broken or unusable.
    pub fn holds(&self) -> bool {
        self.state() < State::Broken
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is about, in a word or two.
    #[serde(rename = "part")]
    pub topic: &'static str,
    /// What became of it.
    pub state: State,
    /// A sentence without a final period.
    pub text: String,
    /// More lines, one fact each.
    pub details: Vec<String>,
}

impl Part {
    /// A part without details.
    pub fn new(topic: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { topic, state, text: text.into(), details: Vec::new() }
    }

    /// The same with details.
    #[must_use]
    pub fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

/// What became of a part, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It holds.
    Holds,
    /// There is nothing to look at.
    Absent,
    /// It holds but for what is listed as known.
    Known,
    /// It does not hold.
    Broken,
    /// It could not be looked at.
    Unusable,
}

impl State {
    /// The name as in the JSON report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Absent => "absent",
            Self::Known => "known",
            Self::Broken => "broken",
            Self::Unusable => "unusable",
        }
    }
}
