//! What everything here that opens a socket has in common: the runtime it runs on, where it may listen, how it is told to stop,
//! and the client for requests to other people's servers. Next: `mock/server.rs` and `probe/`.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// Why nothing can be sent or served.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The address is not one of this machine alone.
    #[error("`{address}` can be reached from other machines: listen on `127.0.0.1`, or say that this is meant")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The address is taken, or not this machine's.
    #[error("cannot listen on `{address}`: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The reason.
        reason: io::Error,
    },
    /// The operating system refuses threads or sockets.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
    /// The client for requests cannot be made, as where no certificates are found.
    #[error("cannot make a client for requests: {0}")]
    Client(String),
}

/// Begins to listen. Unless `anywhere` is set, only addresses are taken that no other machine can reach: what is served here has
/// no protection of its own.
///
/// # Errors
///
/// When the address is not loopback, or taken.
pub fn listen(address: SocketAddr, anywhere: bool) -> Result<TcpListener, NetError> {
    if !anywhere && !address.ip().is_loopback() {
        return Err(NetError::NotLoopback { address });
    }
    let listener = TcpListener::bind(address).map_err(|reason| NetError::Listen { address, reason })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Runs a future to its end on a runtime of its own, on this thread.
///
/// # Errors
///
/// When the operating system refuses what a runtime needs.
pub fn block_on<T>(future: impl Future<Output = T>) -> Result<T, NetError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(future))
}

/// Comes to an end when somebody presses Ctrl-C. Where no signals can be had, it never does.
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The outcome of a future, or `None` where Ctrl-C comes before it.
pub async fn unless_interrupted<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        outcome = future => Some(outcome),
        () = interrupted() => None,
    }
}

/// How TLS is spoken: with `ring`, and with certificates verified by what the operating system trusts.
pub(crate) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    let installed = rustls::crypto::CryptoProvider::get_default().cloned();
    installed.unwrap_or_else(|| {
        // Whoever else installs one at the same moment installs one that serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Arc::new(rustls::crypto::ring::default_provider())
    })
}

/// A client that does as it is told and no more: no redirect is followed, no cookie kept, no request sent twice, and no
/// connection used again, since a connection that breaks while waiting is a reason for clients to send a request again.
///
/// # Errors
///
/// When the operating system's certificates cannot be used.
pub(crate) fn obedient_client(host: &str, timeout: Duration) -> Result<reqwest::Client, NetError> {
    provider();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .connect_timeout(timeout)
        .timeout(timeout);
    if is_loopback(host) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| NetError::Client(chain(&error)))
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An error with what caused it, without the URL, which may hold a credential.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on_unless_meant() {
        let anywhere: SocketAddr = ([0, 0, 0, 0], 0).into();
        assert!(listen(anywhere, false).expect_err("it is refused").to_string().contains("can be reached from other machines"));
        assert!(listen(anywhere, true).is_ok());
        let taken = listen(([127, 0, 0, 1], 0).into(), false).expect("a port is free");
        let address = taken.local_addr().expect("an address");
        assert!(listen(address, false).expect_err("it is taken").to_string().starts_with("cannot listen on `127.0.0.1:"));
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (host, expected) in [("localhost", true), ("127.0.0.1", true), ("[::1]", true), ("127.0.0.1.example", false), ("", false)] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
