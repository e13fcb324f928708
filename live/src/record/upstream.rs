//! The server behind the proxy: where it is, connections to it, and those that wait to be used again. Next: `relay.rs`, which uses them.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long a connection may take to be made.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection may wait for its next request. Servers close theirs after 5 seconds at the earliest; a request on a connection
/// that is about to be closed could be lost, and only some requests may be sent again.
const FRESH: Duration = Duration::from_secs(4);

/// How many connections wait.
const WAITING: usize = 64;

/// Where the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    tls: bool,
    host: String,
    port: u16,
    /// Host and port as `Host` says them.
    authority: String,
    /// What every path begins with; empty or with a slash in front and none behind.
    base: String,
}

/// A text that names no server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// It is no URL of a server.
    #[error("the upstream `{0}` is no absolute URL: write it as `https://api.example.com`")]
    NoUrl(String),
    /// It has a user or a password in it.
    #[error(
        "the upstream has a user or a password in its URL, which would end up in recordings: clients send their credentials themselves"
    )]
    Credentials,
    /// It has a query or a fragment.
    #[error("the upstream `{0}` has a query or a fragment: name scheme, host and path alone")]
    Query(String),
}

impl Upstream {
    /// The server of a URL.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn parse(url: &str) -> Result<Self, UpstreamError> {
        let no_url = || UpstreamError::NoUrl(url.to_owned());
        if url.split(['?', '#']).next().is_some_and(|url| url.split('/').nth(2).is_some_and(|authority| authority.contains('@'))) {
            return Err(UpstreamError::Credentials);
        }
        let uri: http::Uri = url.parse().map_err(|_| no_url())?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(no_url()),
        };
        let authority = uri.authority().ok_or_else(no_url)?;
        if uri.query().is_some() || url.contains('#') {
            return Err(UpstreamError::Query(url.to_owned()));
        }
        Ok(Self {
            tls,
            host: authority.host().trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.as_str().to_owned(),
            base: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority)
    }

    /// The whole URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.base)
    }

    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// The target of a request as the server gets it: a path below the base path, unless it is there already. `None` where it is none that
    /// can be passed on.
    pub(super) fn target(&self, asked: &str) -> Option<String> {
        let asked = match asked.split_once("://") {
            // The absolute form, as clients send it to proxies; its host gives way to the upstream's.
            Some((scheme, rest)) if !scheme.contains('/') => rest.find(['/', '?']).map_or("/", |at| rest.get(at..).unwrap_or("/")),
            _ => asked,
        };
        if asked == "*" {
            return Some(asked.to_owned());
        }
        let slash = if asked.starts_with('?') { "/" } else { "" };
        if slash.is_empty() && !asked.starts_with('/') {
            return None;
        }
        let below = asked.strip_prefix(self.base.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        Some(if below { format!("{slash}{asked}") } else { format!("{}{slash}{asked}", self.base) })
    }
}

/// A connection to the server.
#[derive(Debug)]
pub(super) enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Makes connections, and keeps those that can be used again.
pub(super) struct Pool {
    upstream: Upstream,
    tls: Option<TlsConnector>,
    waiting: RefCell<Vec<(Connection, Instant)>>,
}

impl Pool {
    /// Connections to one server. `trust` replaces the certificates that this machine believes.
    ///
    /// # Errors
    ///
    /// When the certificates of this machine cannot be read.
    pub(super) fn new(upstream: Upstream, trust: Option<Arc<rustls::ClientConfig>>) -> Result<Self, rustls::Error> {
        let tls = match (upstream.tls, trust) {
            (false, _) => None,
            (true, Some(config)) => Some(config),
            (true, None) => {
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
                let mut config = builder.with_platform_verifier()?.with_no_client_auth();
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                Some(Arc::new(config))
            }
        };
        Ok(Self { upstream, tls: tls.map(TlsConnector::from), waiting: RefCell::default() })
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// A connection that waits, or a new one; and whether it is new.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached.
    pub(super) async fn connection(&self) -> io::Result<(Connection, bool)> {
        while let Some((connection, since)) = self.take() {
            if since.elapsed() < FRESH && connection.is_idle() {
                return Ok((connection, false));
            }
        }
        Ok((self.connect().await?, true))
    }

    fn take(&self) -> Option<(Connection, Instant)> {
        self.waiting.borrow_mut().pop()
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, connection: Connection) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() >= WAITING {
            waiting.remove(0);
        }
        waiting.push((connection, Instant::now()));
    }

    /// A new connection.
    pub(super) async fn connect(&self) -> io::Result<Connection> {
        let slow = |_| io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {} seconds", PATIENCE.as_secs()));
        tokio::time::timeout(PATIENCE, self.connect_without_limit()).await.map_err(slow)?
    }

    async fn connect_without_limit(&self) -> io::Result<Connection> {
        let stream = TcpStream::connect((self.upstream.host.as_str(), self.upstream.port)).await?;
        // Whatever is written is a message, or as much of it as there is: nothing is gained by waiting for more.
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Connection::Plain(stream)) };
        let name = ServerName::try_from(self.upstream.host.clone()).map_err(io::Error::other)?;
        Ok(Connection::Tls(Box::new(tls.connect(name, stream).await?)))
    }
}

impl Connection {
    /// Whether nothing has come on a connection that waited, not even its end.
    fn is_idle(&self) -> bool {
        let stream = match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref().0,
        };
        // Readiness is noticed late, so the socket itself is asked.
        let mut byte = [0];
        matches!(stream.try_read(&mut byte), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_below_the_base_path_once() {
        let upstream = Upstream::parse("https://api.example:8443/v1/").expect("a URL");
        assert_eq!((upstream.origin().as_str(), upstream.url().as_str()), ("https://api.example:8443", "https://api.example:8443/v1"));
        for (asked, target) in [
            ("/pets?x=1", Some("/v1/pets?x=1")),
            ("/v1/pets", Some("/v1/pets")),
            ("/v10/pets", Some("/v1/v10/pets")),
            ("/v1?x", Some("/v1?x")),
            ("/", Some("/v1/")),
            ("http://localhost:8080/pets", Some("/v1/pets")),
            ("http://localhost:8080?x=http://y", Some("/v1/?x=http://y")),
            ("*", Some("*")),
            ("api.example:443", None),
        ] {
            assert_eq!(upstream.target(asked).as_deref(), target, "{asked}");
        }
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for (url, message) in [
            ("api.example.com", "is no absolute URL"),
            ("ftp://api.example.com", "is no absolute URL"),
            ("https://me:canary@api.example.com/", "a user or a password"),
            ("https://api.example.com/?key=x", "a query or a fragment"),
        ] {
            let error = Upstream::parse(url).expect_err(url).to_string();
            assert!(error.contains(message) && !error.contains("canary"), "{error}");
        }
    }
}
