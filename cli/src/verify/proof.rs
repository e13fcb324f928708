//! What `verify` has to say about one vendor: a list of parts, each with its state. Next: `vendor.rs`, which makes it.

use serde_json::Value;

use crate::error::Exit;

/// The proof of one vendor.
#[derive(Debug)]
pub(super) struct Proof {
    /// The vendor's name.
    pub(super) vendor: String,
    /// The title and version of its document, if that can be read.
    pub(super) title: Option<String>,
    /// What was looked at, in order.
    pub(super) parts: Vec<Part>,
    /// The findings as people read them; empty where there is nothing to show.
    pub(super) findings: String,
    /// The same as JSON, in the form of `validate --format json`.
    pub(super) report: Option<Value>,
}

impl Proof {
    /// The worst state of its parts.
    pub(super) fn state(&self) -> State {
        self.parts.iter().map(|part| part.state).max().unwrap_or(State::Holds)
    }
}

/// One thing that was looked at.
#[derive(Debug)]
pub(super) struct Part {
    /// What it is about, in a word or two.
    pub(super) topic: &'static str,
    /// What became of it.
    pub(super) state: State,
    /// A sentence without a final period.
    pub(super) text: String,
    /// More lines, one fact each.
    pub(super) details: Vec<String>,
}

impl Part {
    /// A part without details.
    pub(super) fn new(topic: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { topic, state, text: text.into(), details: Vec::new() }
    }

    /// The same with details.
    #[must_use]
    pub(super) fn with_details(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }
}

/// What became of a part, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
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
    /// The exit code that it leads to.
    pub(super) const fn exit(self) -> Exit {
        match self {
            Self::Holds | Self::Absent | Self::Known => Exit::Holds,
            Self::Broken => Exit::Broken,
            Self::Unusable => Exit::Unusable,
        }
    }

    /// Its name in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Absent => "absent",
            Self::Known => "known",
            Self::Broken => "broken",
            Self::Unusable => "unusable",
        }
    }
}
