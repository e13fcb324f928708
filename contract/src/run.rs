//! A run: recordings held against contracts, exchange by exchange, told as events in the order of the recordings.
//!
//! Memory does not grow with a recording. The one thing that takes more than the exchange at hand is whether credentials were
//! stripped on export: until a recording shows its first credential, exchanges that lack one wait, up to a bound.
//!
//! Entries are read and checked on several threads (`run/ordered.rs`), and told in order (`run/in_order.rs`): what a run tells does
//! not depend on their number.

mod in_order;
mod ordered;

use std::io::Read;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::contract::{Contract, unmatched_by_all};
use crate::coverage::Coverage;
use crate::event::{Event, Outcome, VendorOutcome};
use crate::exchange::Exchange;
use crate::recording::{self, Format, Piece, RecordingError};
use crate::route::Miss;
use crate::verdict::{Checked, Summary};
use in_order::{InRecording, Read as ReadEntry};

/// How much of a recording is read and checked by one thread in one go.
const BATCH: usize = 64 << 10;

/// Several contracts; an exchange goes to the one that knows it.
#[derive(Debug)]
pub struct Contracts {
    contracts: Vec<Contract>,
}

/// The receiver of events; it may stop the run.
pub type Sink<'s> = &'s mut dyn FnMut(Event) -> ControlFlow<()>;

impl Contracts {
    /// The contracts in order; of two that know an exchange equally well the first is taken.
    pub fn new(contracts: Vec<Contract>) -> Self {
        Self { contracts }
    }

    /// The contracts.
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }

    /// Begins a run.
    pub fn run(&self) -> Run<'_> {
        let vendors = self
            .contracts
            .iter()
            .map(|contract| VendorOutcome {
                vendor: contract.vendor().cloned(),
                summary: Summary::default(),
                coverage: Coverage::new(contract.document()),
                drift: Vec::new(),
            })
            .collect();
        Run { contracts: self, summary: Summary::default(), vendors, jobs: NonZeroUsize::MIN, pages: false }
    }

    /// Checks an exchange; known drift is left for later.
    fn check(&self, exchange: &Exchange) -> Checked {
        let mut best: Option<(usize, crate::route::Route)> = None;
        let mut nearest: Option<(usize, Miss)> = None;
        for (index, contract) in self.contracts.iter().enumerate() {
            match contract.route(exchange) {
                Ok(route) if best.as_ref().is_none_or(|(_, other)| route.host > other.host) => best = Some((index, route)),
                Err(miss) if nearest.as_ref().is_none_or(|(_, other)| miss.nearness() > other.nearness()) => nearest = Some((index, miss)),
                Ok(_) | Err(_) => {}
            }
        }
        if let Some((index, route)) = best
            && let Some(contract) = self.contracts.get(index)
        {
            return Checked { contract: Some(index), ..contract.check_routed(exchange, &route) };
        }
        let all_servers =
            || self.contracts.iter().flat_map(|contract| contract.document().servers()).map(|server| server.url.clone()).collect();
        match nearest {
            // With one contract, or one whose server it is, there is a document to point into.
            Some((index, miss)) if self.contracts.len() == 1 || miss.nearness() > 0 => match self.contracts.get(index) {
                Some(contract) => Checked { contract: Some(index), ..contract.unmatched(exchange, &miss) },
                None => unmatched_by_all(exchange, &miss),
            },
            Some((_, Miss::Server { origin, same_host, .. })) => {
                unmatched_by_all(exchange, &Miss::Server { origin, known: all_servers(), same_host })
            }
            Some((_, miss)) => unmatched_by_all(exchange, &miss),
            None => unmatched_by_all(exchange, &Miss::Server { origin: String::new(), known: Vec::new(), same_host: false }),
        }
    }
}

/// A run in progress.
#[derive(Debug)]
pub struct Run<'c> {
    contracts: &'c Contracts,
    summary: Summary,
    vendors: Vec<VendorOutcome>,
    jobs: NonZeroUsize,
    /// Whether anything was told of pages.
    pages: bool,
}

impl Run<'_> {
    /// The same with exchanges checked on so many threads, this one among them.
    pub fn with_jobs(mut self, jobs: NonZeroUsize) -> Self {
        self.jobs = jobs;
        self
    }

    /// Checks a recording. `name` is what reports call it.
    ///
    /// # Errors
    ///
    /// When it is no recording of the format, or breaks off; the events of what came before have been sent.
    pub fn recording(&mut self, name: &str, format: Format, reader: impl Read, sink: Sink<'_>) -> Result<(), RecordingError> {
        let recording: Arc<str> = name.into();
        if sink(Event::RecordingStarted { recording: Arc::clone(&recording) }).is_break() {
            return Ok(());
        }
        let (contracts, jobs) = (self.contracts, self.jobs);
        let seen = AtomicBool::new(false);
        let mut state = InRecording::new(self, recording, &seen);
        let work = |pieces: Vec<Piece>| {
            let mut read = Vec::new();
            for piece in pieces {
                // Everything is wanted: whether the run goes on shows only when it is told.
                let _ = piece.entries(&mut |entry| {
                    read.push(ReadEntry::of(contracts, entry, &seen));
                    ControlFlow::Continue(())
                });
            }
            read
        };
        let mut tell = |read: Vec<ReadEntry>| read.into_iter().try_for_each(|entry| state.entry(entry, sink));
        let result = ordered::map(jobs, &work, &mut tell, |push| {
            let (mut batch, mut size) = (Vec::new(), 0);
            let result = recording::pieces(name, format, reader, &mut |piece| {
                size += piece.size();
                batch.push(piece);
                if size < BATCH { ControlFlow::Continue(()) } else { push(std::mem::take(&mut batch), std::mem::take(&mut size)) }
            });
            // What breaks off is told up to where it does.
            let _ = push(batch, size);
            result
        });
        let entries = state.finish(sink);
        result.map_err(|error| RecordingError { entries, ..error })
    }

    /// Checks one exchange that comes from no recording, or from one of the caller's own making.
    pub fn exchange(&mut self, recording: &Arc<str>, entry: usize, exchange: &Exchange, sink: Sink<'_>) -> ControlFlow<()> {
        let mut checked = self.contracts.check(exchange);
        checked.recording = Arc::clone(recording);
        checked.entry = entry;
        self.settle(checked, sink)
    }

    /// Tells of an entry that holds no whole exchange.
    pub fn unusable(&mut self, recording: &Arc<str>, entry: usize, reason: String, sink: Sink<'_>) -> ControlFlow<()> {
        self.summary.unusable += 1;
        sink(Event::Unusable { recording: Arc::clone(recording), entry, reason })
    }

    /// Checks the examples of a document as a recording that is called after the document.
    pub fn examples(&mut self, contract: usize, sink: Sink<'_>) -> ControlFlow<()> {
        let Some(subject) = self.contracts.contracts.get(contract) else { return ControlFlow::Continue(()) };
        let recording: Arc<str> = subject.document().source().path.as_str().into();
        sink(Event::RecordingStarted { recording: Arc::clone(&recording) })?;
        let before = self.summary;
        for (entry, mut checked) in crate::examples::check(subject).into_iter().enumerate() {
            checked.recording = Arc::clone(&recording);
            checked.entry = entry;
            checked.contract = Some(contract);
            self.settle(checked, sink)?;
        }
        let summary = since(before, self.summary);
        sink(Event::RecordingFinished { recording, summary })
    }

    /// Takes in what somebody else found about a contract, as a recording of that name: the examples of a vendor's pages, which are no
    /// exchanges. Known drift, verdict and counts are the run's, as for any
    /// exchange; the coverage leaves them out.
    pub fn told(&mut self, contract: usize, recording: &str, found: Vec<Checked>, sink: Sink<'_>) -> ControlFlow<()> {
        self.pages = true;
        if found.is_empty() {
            return ControlFlow::Continue(());
        }
        let recording: Arc<str> = recording.into();
        sink(Event::RecordingStarted { recording: Arc::clone(&recording) })?;
        let before = self.summary;
        for (entry, mut checked) in found.into_iter().enumerate() {
            checked.recording = Arc::clone(&recording);
            checked.entry = entry;
            checked.contract = Some(contract);
            self.conclude(checked, false, sink)?;
        }
        let summary = since(before, self.summary);
        sink(Event::RecordingFinished { recording, summary })
    }

    /// Ends the run. `full` says that all recordings of the vendors were run: only then is unused known drift stale; that of pages
    /// only where something was told of them.
    pub fn finish(mut self, full: bool, sink: Sink<'_>) -> Arc<Outcome> {
        for (vendor, contract) in self.vendors.iter_mut().zip(&self.contracts.contracts) {
            vendor.drift = contract.drift().map(|drift| drift.problems(full, self.pages)).unwrap_or_default();
        }
        let outcome = Arc::new(Outcome { summary: self.summary, vendors: self.vendors });
        // There is nothing left to stop.
        let _ = sink(Event::Finished(Arc::clone(&outcome)));
        outcome
    }

    /// Comes to the verdict, counts it and tells it.
    fn settle(&mut self, checked: Checked, sink: Sink<'_>) -> ControlFlow<()> {
        self.conclude(checked, true, sink)
    }

    /// The same; `covers` says that it shows an answer of the vendor, which the coverage counts.
    fn conclude(&mut self, mut checked: Checked, covers: bool, sink: Sink<'_>) -> ControlFlow<()> {
        if let Some(index) = checked.contract
            && let (Some(contract), Some(vendor)) = (self.contracts.contracts.get(index), self.vendors.get_mut(index))
        {
            contract.settle(&mut checked);
            vendor.summary.add(&checked);
            if covers {
                vendor.coverage.add(&checked);
            }
        }
        self.summary.add(&checked);
        sink(Event::Checked(Box::new(checked)))
    }
}

fn combine(left: Summary, right: Summary, with: impl Fn(usize, usize) -> usize) -> Summary {
    Summary {
        exchanges: with(left.exchanges, right.exchanges),
        conforms: with(left.conforms, right.conforms),
        drift: with(left.drift, right.drift),
        violation: with(left.violation, right.violation),
        unmatched: with(left.unmatched, right.unmatched),
        known: with(left.known, right.known),
        unusable: with(left.unusable, right.unusable),
    }
}

fn sum(left: Summary, right: Summary) -> Summary {
    combine(left, right, |left, right| left + right)
}

fn since(before: Summary, after: Summary) -> Summary {
    combine(after, before, usize::saturating_sub)
}
