//! What the relay has seen of an exchange: bytes as they passed, kept beside the traffic and never in its way. Next: `taken.rs`, which makes an exchange of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// One request and what came back, as bytes of HTTP/1.
#[derive(Debug)]
pub struct Seen {
    /// When it began, by the calendar and by the clock.
    pub(super) began: SystemTime,
    pub(super) clock: Instant,
    /// When it ended, after the beginning.
    pub(super) ended: Duration,
    pub(super) request: Side,
    pub(super) response: Side,
    /// Whether the client spoke HTTP/2; the heads are HTTP/1 all the same.
    pub(super) http2: bool,
    /// The protocol that the client asked for and did not get.
    pub(super) upgrade: Option<String>,
    /// What went wrong on the way: a fragment of a sentence.
    pub(super) fault: Option<String>,
    room: Arc<Room>,
}

/// One message.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// The head as it was passed on, empty if none came.
    pub(super) head: Vec<u8>,
    /// When the head was there.
    pub(super) at: Option<Instant>,
    /// The content, up to a limit.
    pub(super) body: Vec<u8>,
    /// How long the content was.
    pub(super) size: u64,
    /// The trailer section.
    pub(super) trailers: Vec<u8>,
    /// Whether all of it came.
    pub(super) whole: bool,
    /// Why `body` lacks some of the content.
    pub(super) cut: Option<Cut>,
    /// How much of the room it takes, also when `body` was taken away.
    kept: usize,
}

/// Why a body was not kept to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// It is longer than what is recorded of one body.
    Long,
    /// Traffic came faster than it could be recorded.
    Busy,
}

/// How much memory bodies may take that wait to be recorded.
#[derive(Debug)]
pub(super) struct Room {
    limit: usize,
    all: usize,
    taken: AtomicUsize,
}

impl Room {
    /// Room for `all` bytes, `limit` of them for one body.
    pub(super) fn new(limit: usize, all: usize) -> Self {
        Self { limit, all, taken: AtomicUsize::new(0) }
    }
}

impl Seen {
    pub(super) fn begin(room: &Arc<Room>, http2: bool) -> Self {
        Self {
            began: SystemTime::now(),
            clock: Instant::now(),
            ended: Duration::ZERO,
            request: Side::default(),
            response: Side::default(),
            http2,
            upgrade: None,
            fault: None,
            room: Arc::clone(room),
        }
    }

    /// Takes all of it away.
    pub(super) fn take(&mut self) -> Self {
        let nothing = Self::begin(&self.room, self.http2);
        std::mem::replace(self, nothing)
    }

    /// When the head of a message was there, after the beginning.
    pub(super) fn after(&self, side: &Side) -> Option<Duration> {
        side.at.map(|at| at.saturating_duration_since(self.clock))
    }
}

impl Side {
    /// Keeps the head.
    pub(super) fn begin(&mut self, head: &[u8]) {
        self.head.clear();
        self.head.extend_from_slice(head);
        self.at = Some(Instant::now());
    }

    /// Keeps content, as far as there is room for it.
    pub(super) fn keep(&mut self, content: &[u8], room: &Room) {
        self.size += content.len() as u64;
        if self.cut.is_some() || content.is_empty() {
            return;
        }
        let left = room.limit.saturating_sub(self.body.len());
        let kept = content.get(..left).unwrap_or(content);
        if room.taken.fetch_add(kept.len(), Ordering::Relaxed) + kept.len() > room.all {
            room.taken.fetch_sub(kept.len(), Ordering::Relaxed);
            self.cut = Some(Cut::Busy);
            return;
        }
        if self.body.capacity() - self.body.len() < kept.len() {
            // Doubled like any list, but never beyond what may be kept of one body.
            let room = room.limit.saturating_sub(self.body.len());
            self.body.reserve_exact(self.body.len().max(kept.len()).min(room));
        }
        self.body.extend_from_slice(kept);
        self.kept += kept.len();
        if kept.len() < content.len() {
            self.cut = Some(Cut::Long);
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.room.taken.fetch_sub(self.request.kept + self.response.kept, Ordering::Relaxed);
    }
}
