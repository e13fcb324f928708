//! The note of an exchange in flight: sent to the recorder when the exchange ends, however it does. Next: `seen.rs`, what is in it.

use std::sync::mpsc::Sender;

use super::seen::Seen;

/// Why an exchange ended early.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server did, before the first byte of its answer.
    Unanswered(String),
    /// The server did, in the middle of its answer.
    Broken(String),
    /// The client did.
    Gone,
    /// What the client sent cannot be passed on; the status to say so with.
    Refused(u16, String),
}

impl Fault {
    /// The server cannot be reached.
    pub(super) fn unreachable(error: &std::io::Error) -> Self {
        Self::Unanswered(format!("the server cannot be reached: {error}"))
    }

    /// What the client is told, where it was told nothing yet.
    pub(super) fn answer(&self) -> Option<(u16, String)> {
        match self {
            Self::Unanswered(why) => Some((502, why.clone())),
            Self::Refused(status, why) => Some((*status, why.clone())),
            Self::Broken(_) | Self::Gone => None,
        }
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unanswered(why) | Fault::Broken(why) => why,
            Fault::Gone => "the client closed the connection before it had all of the answer".to_owned(),
            Fault::Refused(_, why) => format!("the request was not passed on: {why}"),
        }
    }
}

/// The note of one exchange.
pub(super) struct Note<'s> {
    seen: Seen,
    finished: bool,
    to: &'s Sender<Seen>,
}

impl<'s> Note<'s> {
    pub(super) fn new(seen: Seen, to: &'s Sender<Seen>) -> Self {
        Self { seen, finished: false, to }
    }

    /// What has been seen so far.
    pub(super) fn seen(&mut self) -> &mut Seen {
        &mut self.seen
    }

    /// Ends the exchange.
    pub(super) fn finish(mut self, fault: Option<Fault>) {
        self.seen.fault = fault.map(String::from);
        self.finished = true;
    }
}

impl Drop for Note<'_> {
    fn drop(&mut self) {
        let mut seen = self.seen.take();
        seen.ended = seen.clock.elapsed();
        if !self.finished {
            seen.fault = Some("the recording ended before the exchange did".to_owned());
        }
        // Where nobody records any more, there is nobody to tell.
        let _ = self.to.send(seen);
    }
}
