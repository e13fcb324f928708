//! A recording told in order: entries that were read and checked somewhere become events here, once it is known what the absence of
//! credentials means.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Contracts, Run, Sink, since, sum};
use crate::check::carries_any_credential;
use crate::contract::Contract;
use crate::event::Event;
use crate::recording::Entry;
use crate::rule::Rule;
use crate::verdict::{Checked, Summary};

/// How many exchanges of one recording may wait for its first credential.
const MAX_WAITING: usize = 10_000;

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

/// What became of an entry before its turn to be told comes.
pub(super) enum Read {
    /// It was checked; whether its request carries a credential, as far as that still matters.
    Checked(Box<Checked>, bool),
    /// It holds no whole exchange.
    Unusable(String),
    /// It is no entry.
    Note(String),
}

impl Read {
    /// Checks an entry. `seen` says that the recording has shown a credential already.
    pub(super) fn of(contracts: &Contracts, entry: Entry, seen: &AtomicBool) -> Self {
        match entry {
            Entry::Exchange(exchange) => {
                let checked = contracts.check(&exchange);
                let contract = checked.contract.and_then(|index| contracts.contracts.get(index)).map(Contract::document);
                let credential = !seen.load(Ordering::Relaxed) && carries_any_credential(contract, &exchange);
                Self::Checked(Box::new(checked), credential)
            }
            Entry::Unusable(reason) => Self::Unusable(reason),
            Entry::Note(message) => Self::Note(message),
        }
    }
}

/// A recording in progress.
pub(super) struct InRecording<'r, 'c> {
    run: &'r mut Run<'c>,
    recording: Arc<str>,
    entry: usize,
    summary: Summary,
    credentials: Credentials,
    /// Shared with those who look for credentials, who need not any more once there was one.
    seen: &'r AtomicBool,
    waiting: Vec<Waiting>,
    stopped: bool,
}

enum Waiting {
    Checked(Box<Checked>),
    Unusable(usize, String),
}

impl<'r, 'c> InRecording<'r, 'c> {
    pub(super) fn new(run: &'r mut Run<'c>, recording: Arc<str>, seen: &'r AtomicBool) -> Self {
        Self {
            run,
            recording,
            entry: 0,
            summary: Summary::default(),
            credentials: Credentials::Unseen,
            seen,
            waiting: Vec::new(),
            stopped: false,
        }
    }

    /// Tells an entry, or lets it wait.
    pub(super) fn entry(&mut self, entry: Read, sink: Sink<'_>) -> ControlFlow<()> {
        let number = self.entry;
        let flow = match entry {
            Read::Note(message) => {
                let flow = sink(Event::Note { recording: Arc::clone(&self.recording), message });
                self.stopped |= flow.is_break();
                return flow;
            }
            Read::Checked(checked, credential) => self.exchange(number, *checked, credential, sink),
            Read::Unusable(reason) if self.waiting.is_empty() => self.unusable(number, reason, sink),
            Read::Unusable(reason) => {
                self.waiting.push(Waiting::Unusable(number, reason));
                self.bound(sink)
            }
        };
        self.entry += 1;
        self.stopped |= flow.is_break();
        flow
    }

    fn exchange(&mut self, number: usize, mut checked: Checked, credential: bool, sink: Sink<'_>) -> ControlFlow<()> {
        checked.recording = Arc::clone(&self.recording);
        checked.entry = number;
        if credential && self.credentials != Credentials::Seen {
            self.credentials = Credentials::Seen;
            self.seen.store(true, Ordering::Relaxed);
            self.release(true, sink)?;
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

    /// Tells what still waits, and the end; gives how many entries there were.
    pub(super) fn finish(mut self, sink: Sink<'_>) -> usize {
        let entries = self.entry;
        if self.stopped {
            return entries;
        }
        if !self.waiting.is_empty() {
            let message =
                "no exchange carries a credential: they were stripped on export, so `security-missing` is not reported".to_owned();
            if sink(Event::Note { recording: Arc::clone(&self.recording), message }).is_break() || self.release(false, sink).is_break() {
                return entries;
            }
        }
        // There is nothing left to stop in this recording.
        let _ = sink(Event::RecordingFinished { recording: Arc::clone(&self.recording), summary: self.summary });
        entries
    }
}
