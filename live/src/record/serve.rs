//! The proxy as a whole: a thread of its own that takes connections and passes traffic on, and a channel on which it tells what it saw.
//!
//! One thread relays, with one event loop: what a relay does between two system calls is next to nothing, so a second thread would
//! cost more in wake-ups than it relays, and the cores are left to those who talk. Next: `relay.rs` and `http2.rs`.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet};

use super::note::Note;
use super::seen::{Room, Seen};
use super::upstream::{Pool, Upstream};
use super::{http2, relay};

/// How long exchanges may take to end once the recording does.
const GRACE: Duration = Duration::from_secs(3);

/// How to relay.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where clients connect to; port 0 for any that is free.
    pub listen: SocketAddr,
    /// The server behind.
    pub upstream: Upstream,
    /// How much of a body is kept.
    pub body_limit: usize,
    /// How much memory bodies take that wait to be recorded.
    pub memory: usize,
    /// Whether interrupting the process (Ctrl-C, `SIGTERM`) ends the recording.
    pub signals: bool,
    /// What server certificates are believed by; the machine's own if left out.
    pub trust: Option<Arc<rustls::ClientConfig>>,
}

impl Options {
    /// The usual ones.
    pub fn new(listen: SocketAddr, upstream: Upstream) -> Self {
        Self { listen, upstream, body_limit: 16 << 20, memory: 256 << 20, signals: false, trust: None }
    }
}

/// Why there is no proxy.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address cannot be listened on.
    #[error("cannot listen on `{0}`: {1}")]
    Listen(SocketAddr, io::Error),
    /// The certificates of this machine cannot be read.
    #[error("cannot read the certificates that this machine trusts: {0}")]
    Certificates(rustls::Error),
    /// There are no random numbers.
    #[error("the system has no source of random bytes, without which secrets cannot be replaced")]
    Random,
    /// No thread can be started.
    #[error("cannot start the proxy: {0}")]
    Start(io::Error),
}

/// A proxy that runs.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    seen: Receiver<Seen>,
    end: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// What there is to record.
#[derive(Debug)]
pub enum Next {
    /// An exchange that ended.
    Exchange(Box<Seen>),
    /// None yet.
    Nothing,
    /// The proxy ended, and everything was handed out.
    Ended,
}

/// What connections share.
pub(super) struct Shared {
    pub(super) pool: Pool,
    pub(super) room: Arc<Room>,
    to: Sender<Seen>,
    ending: watch::Receiver<bool>,
}

impl Shared {
    /// A note of an exchange that begins.
    pub(super) fn note(&self, http2: bool) -> Note<'_> {
        Note::new(Seen::begin(&self.room, http2), &self.to)
    }

    /// Waits until the recording ends.
    pub(super) async fn ending(&self) {
        // Where the other end is gone, the recording is as well.
        let _ = self.ending.clone().wait_for(|ending| *ending).await;
    }
}

impl Proxy {
    /// Starts a proxy.
    ///
    /// # Errors
    ///
    /// When the address is taken, or the machine's certificates cannot be read.
    pub fn start(options: Options) -> Result<Self, ProxyError> {
        let failed = |error| ProxyError::Listen(options.listen, error);
        let listener = TcpListener::bind(options.listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ProxyError::Start)?;
        let pool = Pool::new(options.upstream, options.trust).map_err(ProxyError::Certificates)?;
        let (to, seen) = mpsc::channel();
        let (end, ending) = watch::channel(false);
        let room = Arc::new(Room::new(options.body_limit, options.memory));
        let end_by_signal = options.signals.then(|| end.clone());
        let run = move || {
            let shared = Rc::new(Shared { pool, room, to, ending });
            LocalSet::new().block_on(&runtime, listen(listener, shared, end_by_signal));
        };
        let thread = std::thread::Builder::new().name("relay".to_owned()).spawn(run).map_err(ProxyError::Start)?;
        Ok(Self { address, seen, end, thread: Some(thread) })
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What there is to record, waited for up to `patience`.
    pub fn next(&self, patience: Duration) -> Next {
        match self.seen.recv_timeout(patience) {
            Ok(seen) => Next::Exchange(Box::new(seen)),
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
            Err(RecvTimeoutError::Disconnected) => Next::Ended,
        }
    }

    /// Takes no more connections, and ends once the exchanges have that are under way, or after a short while.
    pub fn end(&self) {
        self.end.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

/// Takes connections until the recording ends, then waits for those there are.
async fn listen(listener: TcpListener, shared: Rc<Shared>, end_by_signal: Option<watch::Sender<bool>>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    if let Some(end) = end_by_signal {
        tokio::task::spawn_local(async move {
            interrupted().await;
            end.send_replace(true);
        });
    }
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let shared = Rc::clone(&shared);
                    connections.spawn_local(async move { connection(stream, shared).await });
                }
                // Too many open files, most likely: others will close theirs.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            () = shared.ending() => break,
        }
    }
    drop(listener);
    let rest = async { while connections.join_next().await.is_some() {} };
    // What goes on for longer is cut off, and recorded as far as it came.
    let _ = tokio::time::timeout(GRACE, rest).await;
}

/// Serves a connection in the protocol that the client speaks.
async fn connection(mut stream: TcpStream, shared: Rc<Shared>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let mut read = BytesMut::with_capacity(relay::BLOCK);
    while http2::may_be_preface(&read) {
        let count = tokio::select! {
            count = stream.read_buf(&mut read) => count,
            () = shared.ending() => return,
        };
        if !count.is_ok_and(|count| count > 0) {
            break;
        }
    }
    if http2::is_preface(&read) {
        http2::serve(stream, read, shared).await;
    } else if !read.is_empty() {
        relay::serve(stream, read, &shared).await;
    }
}

/// Waits for Ctrl-C or, where there is such a thing, `SIGTERM`.
async fn interrupted() {
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
