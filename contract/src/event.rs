//! Events: what a run has to tell, in order. Reports read events and nothing else, so a new report is a new reader.
//! Next: `run.rs`, which sends them, and `report/`, which reads them.

use std::sync::Arc;

use crate::coverage::Coverage;
use crate::drift::DriftProblem;
use crate::proof::Proof;
use crate::verdict::{Checked, Summary};

/// One thing that a run tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// A recording begins.
    RecordingStarted {
        /// The recording, as given.
        recording: Arc<str>,
    },
    /// An exchange was checked.
    Checked(Box<Checked>),
    /// An entry of the recording holds no whole exchange.
    Unusable {
        /// The recording.
        recording: Arc<str>,
        /// The number of the entry, from 0.
        entry: usize,
        /// Why, as a sentence without a period.
        reason: String,
    },
    /// Something about the recording as a whole.
    Note {
        /// The recording.
        recording: Arc<str>,
        /// A sentence without a period.
        message: String,
    },
    /// A recording cannot be read, or not to its end. What came before has been told.
    Unreadable {
        /// The recording.
        recording: Arc<str>,
        /// Why and where, as a sentence without a period.
        reason: String,
    },
    /// A recording ends.
    RecordingFinished {
        /// The recording.
        recording: Arc<str>,
        /// Its exchanges by verdict.
        summary: Summary,
    },
    /// What was proved of a vendor beside its exchanges; the caller of the engine sends it.
    Proved(Arc<Proof>),
    /// The run ends; nothing follows.
    Finished(Arc<Outcome>),
}

/// What a run comes to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// All exchanges by verdict.
    pub summary: Summary,
    /// The same for each contract, in order.
    pub vendors: Vec<VendorOutcome>,
}

/// What a run comes to for one contract.
#[derive(Clone, Debug)]
pub struct VendorOutcome {
    /// The vendor.
    pub vendor: Option<Arc<str>>,
    /// Its exchanges by verdict.
    pub summary: Summary,
    /// What of its document was seen.
    pub coverage: Coverage,
    /// What is wrong with its known-drift file.
    pub drift: Vec<DriftProblem>,
}

impl Outcome {
    /// Whether the contract holds: every exchange conforms, and no known drift is stale or expired.
    pub fn holds(&self) -> bool {
        self.summary.holds() && self.vendors.iter().all(|vendor| vendor.drift.is_empty())
    }
}
