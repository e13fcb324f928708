//! `record`: a reverse proxy that leaves traffic as it is and notes what passes, so that it can be held against the contract and written
//! down without anybody waiting for it.
//!
//! ```text
//! client <-> relay.rs | http2.rs <-> upstream.rs <-> server      one thread, bytes as they come
//!                 |
//!             seen.rs -> channel -> taken.rs -> entry.rs         another thread: exchange, redaction, checks, text
//! ```
//!
//! Next: `serve.rs`, where it begins.

mod entry;
mod framing;
mod head;
mod http2;
mod note;
mod relay;
mod seen;
mod serve;
mod taken;
mod text;
mod upstream;

pub use seen::Seen;
pub use serve::{Next, Options, Proxy, ProxyError};
pub use taken::Taken;
pub use upstream::{Upstream, UpstreamError};

/// A random key, by which values are replaced in one recording.
///
/// # Errors
///
/// When the system has no source of random bytes.
pub fn random_key() -> Result<[u8; 32], ProxyError> {
    let mut key = [0; 32];
    rustls::crypto::ring::default_provider().secure_random.fill(&mut key).map_err(|_| ProxyError::Random)?;
    Ok(key)
}
