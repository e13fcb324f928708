//! [`Client`]: sends operations with `reqwest`, for those who need no transport of their own.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::exchange::{Credentials, DecodeError, Operation, RawResponse, RequestError, Server};

/// How large a body may be, unless a client is told otherwise.
const BODY_LIMIT: usize = 64 << 20;

/// How long an exchange may take, unless a client brings a `reqwest::Client` of its own.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends operations to one server, with one set of credentials.
///
/// Redirects are not followed: a redirect is an answer, and credentials must not travel to wherever it points.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    server: Server,
    credentials: Credentials,
    body_limit: usize,
}

/// An operation that got no typed answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendError {
    /// The request cannot be made.
    Request(RequestError),
    /// The exchange failed, or the client cannot be set up.
    Transport(reqwest::Error),
    /// The body is larger than the limit, in bytes.
    BodyTooLarge(usize),
    /// The response does not fit its type.
    Decode(DecodeError),
}

impl Client {
    /// A client with connections of its own. TLS is done by `ring`, unless the process has chosen another provider for `rustls`.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn new(server: Server, credentials: Credentials) -> Result<Self, SendError> {
        // A process has one provider: where the application has already chosen, its choice stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(TIMEOUT).build();
        Ok(Self::with_http(http.map_err(SendError::Transport)?, server, credentials))
    }

    /// A client that uses connections with settings of the caller's: proxies, certificates, timeouts. They should not follow redirects.
    pub fn with_http(http: reqwest::Client, server: Server, credentials: Credentials) -> Self {
        Self { http, server, credentials, body_limit: BODY_LIMIT }
    }

    /// The same client with another limit on the size of bodies, in bytes.
    pub fn body_limit(self, bytes: usize) -> Self {
        Self { body_limit: bytes, ..self }
    }

    /// Sends an operation and reads its response.
    ///
    /// # Errors
    ///
    /// A request that cannot be made, an exchange that fails, and a response that does not fit its type.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Response, SendError> {
        let request = operation.to_request(&self.server, &self.credentials).map_err(SendError::Request)?;
        let response = self.exchange(request).await?;
        O::decode(response).map_err(SendError::Decode)
    }

    /// Sends a request and reads the response as it comes.
    ///
    /// # Errors
    ///
    /// An exchange that fails, and a body beyond the limit.
    pub async fn exchange(&self, request: http::Request<Bytes>) -> Result<RawResponse, SendError> {
        let request = reqwest::Request::try_from(request).map_err(|error| SendError::Transport(error.without_url()))?;
        let mut response = self.http.execute(request).await.map_err(|error| SendError::Transport(error.without_url()))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| SendError::Transport(error.without_url()))? {
            if body.len() + chunk.len() > self.body_limit {
                return Err(SendError::BodyTooLarge(self.body_limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(RawResponse { status, headers, body: body.freeze() })
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(formatter),
            Self::Transport(error) => write!(formatter, "the exchange failed: {error}"),
            Self::BodyTooLarge(limit) => {
                write!(formatter, "the response body is larger than {limit} bytes: raise `body_limit` if that is expected")
            }
            Self::Decode(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for SendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            Self::Transport(error) => Some(error),
            Self::Decode(error) => Some(error),
            Self::BodyTooLarge(_) => None,
        }
    }
}
