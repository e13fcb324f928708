//! A run: recordings held against contracts, exchange by exchange, told as events in the order of the recordings.
//!
//! Memory does not grow with a recording. The one thing that takes more than the exchange at hand is whether credentials were
//! stripped on export: until a recording shows its first credential, exchanges that lack one wait, up to a bound.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::check::carries_any_credential;
use crate::contract::{Contract, unmatched_by_all};
use crate::coverage::Coverage;
use crate::event::{Event, Outcome, VendorOutcome};
use crate::exchange::Exchange;
use crate::recording::{self, Entry, Format, RecordingError};
use crate::route::Miss;
use crate::rule::Rule;
use crate::verdict::{Checked, Summary};

/// How many exchanges of one recording may wait for its first credential.
const MAX_WAITING: usize = 10_000;

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
        Run { contracts: self, summary: Summary::default(), vendors }
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
}

impl Run<'_> {
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
        let mut state = InRecording {
            run: self,
            recording,
            entry: 0,
            summary: Summary::default(),
            credentials: Credentials::Unseen,
            waiting: Vec::new(),
            stopped: false,
        };
        let result = recording::read(name, format, reader, &mut |entry| state.entry(entry, sink));
        state.finish(sink);
        result
    }

    /// Checks one exchange that comes from no recording, or from one of the caller's own making.
    pub fn exchange(&mut self, recording: &Arc<str>, entry: usize, exchange: &Exchange, sink: Sink<'_>) -> ControlFlow<()> {
        let mut checked = self.contracts.check(exchange);
        checked.recording = Arc::clone(recording);
        checked.entry = entry;
        self.settle(checked, sink)
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

    /// Ends the run. `full` says that all recordings of the vendors were run: only then is unused known drift stale.
    pub fn finish(mut self, full: bool, sink: Sink<'_>) -> Arc<Outcome> {
        for (vendor, contract) in self.vendors.iter_mut().zip(&self.contracts.contracts) {
            vendor.drift = contract.drift().map(|drift| drift.problems(full)).unwrap_or_default();
        }
        let outcome = Arc::new(Outcome { summary: self.summary, vendors: self.vendors });
        // There is nothing left to stop.
        let _ = sink(Event::Finished(Arc::clone(&outcome)));
        outcome
    }

    /// Comes to the verdict, counts it and tells it.
    fn settle(&mut self, mut checked: Checked, sink: Sink<'_>) -> ControlFlow<()> {
        if let Some(index) = checked.contract
            && let (Some(contract), Some(vendor)) = (self.contracts.contracts.get(index), self.vendors.get_mut(index))
        {
            contract.settle(&mut checked);
            vendor.summary.add(&checked);
            vendor.coverage.add(&checked);
        }
        self.summary.add(&checked);
        sink(Event::Checked(Box::new(checked)))
    }
}

/// What a recording has shown of credentials so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Credentials {
    /// None yet: exchanges that lack them wait.
    Unseen,
    /// There was one: those that lack them lack them indeed.
    Seen,
    /// So many exchanges had none that they count as stripped.
    Stripped,
}

/// A recording in progress.
struct InRecording<'r, 'c> {
    run: &'r mut Run<'c>,
    recording: Arc<str>,
    entry: usize,
    summary: Summary,
    credentials: Credentials,
    waiting: Vec<Waiting>,
    stopped: bool,
}

enum Waiting {
    Checked(Box<Checked>),
    Unusable(usize, String),
}

impl InRecording<'_, '_> {
    fn entry(&mut self, entry: Entry, sink: Sink<'_>) -> ControlFlow<()> {
        let number = self.entry;
        self.entry += 1;
        let flow = match entry {
            Entry::Exchange(exchange) => self.exchange(number, &exchange, sink),
            Entry::Unusable(reason) if self.waiting.is_empty() => self.unusable(number, reason, sink),
            Entry::Unusable(reason) => {
                self.waiting.push(Waiting::Unusable(number, reason));
                self.bound(sink)
            }
        };
        self.stopped |= flow.is_break();
        flow
    }

    fn exchange(&mut self, number: usize, exchange: &Exchange, sink: Sink<'_>) -> ControlFlow<()> {
        let mut checked = self.run.contracts.check(exchange);
        checked.recording = Arc::clone(&self.recording);
        checked.entry = number;
        if self.credentials != Credentials::Seen {
            let contract = checked.contract.and_then(|index| self.run.contracts.contracts.get(index));
            if carries_any_credential(contract.map(Contract::document), exchange) {
                self.credentials = Credentials::Seen;
                self.release(true, sink)?;
            }
        }
        let lacks = checked.findings.iter().any(|finding| finding.rule == Rule::SecurityMissing);
        match self.credentials {
            Credentials::Unseen if lacks || !self.waiting.is_empty() => {
                self.waiting.push(Waiting::Checked(Box::new(checked)));
                self.bound(sink)
            }
            Credentials::Unseen | Credentials::Seen => self.tell(checked, true, sink),
            Credentials::Stripped => self.tell(checked, false, sink),
        }
    }

    /// Decides when too many wait.
    fn bound(&mut self, sink: Sink<'_>) -> ControlFlow<()> {
        if self.waiting.len() <= MAX_WAITING {
            return ControlFlow::Continue(());
        }
        self.credentials = Credentials::Stripped;
        let message = format!(
            "none of the first {} exchanges that need a credential carries one: they count as stripped on export, and `security-missing` is not reported until one is seen",
            self.waiting.len()
        );
        sink(Event::Note { recording: Arc::clone(&self.recording), message })?;
        self.release(false, sink)
    }

    /// Tells what waited, with or without the findings that lack of credentials made.
    fn release(&mut self, missing: bool, sink: Sink<'_>) -> ControlFlow<()> {
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Checked(checked) => self.tell(*checked, missing, sink)?,
                Waiting::Unusable(number, reason) => self.unusable(number, reason, sink)?,
            }
        }
        ControlFlow::Continue(())
    }

    fn tell(&mut self, mut checked: Checked, missing: bool, sink: Sink<'_>) -> ControlFlow<()> {
        if !missing {
            checked.findings.retain(|finding| finding.rule != Rule::SecurityMissing);
        }
        let before = self.run.summary;
        let flow = self.run.settle(checked, sink);
        self.summary = sum(self.summary, since(before, self.run.summary));
        flow
    }

    fn unusable(&mut self, entry: usize, reason: String, sink: Sink<'_>) -> ControlFlow<()> {
        self.run.summary.unusable += 1;
        self.summary.unusable += 1;
        // What a recording says of an error may quote what was sent.
        sink(Event::Unusable { recording: Arc::clone(&self.recording), entry, reason: crate::redact::reason(reason) })
    }

    /// Tells what still waits, and the end.
    fn finish(mut self, sink: Sink<'_>) {
        if self.stopped {
            return;
        }
        if !self.waiting.is_empty() {
            let message =
                "no exchange carries a credential: they were stripped on export, so `security-missing` is not reported".to_owned();
            if sink(Event::Note { recording: Arc::clone(&self.recording), message }).is_break() || self.release(false, sink).is_break() {
                return;
            }
        }
        // There is nothing left to stop in this recording.
        let _ = sink(Event::RecordingFinished { recording: Arc::clone(&self.recording), summary: self.summary });
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
