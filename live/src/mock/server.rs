//! The mock behind a socket: HTTP/1.1, one task per connection, all on one thread, since answers cost less than their way.
//! Next: `mod.rs`, which makes the answers.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::mpsc;
use wireproof_contract::Headers;

use super::{Answer, Mock, Request, is_header, problem};
use crate::net::{self, NetError};

/// Requests with larger bodies are refused.
const MAX_BODY: usize = 64 << 20;

/// One request that was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// The method of the request.
    pub method: String,
    /// Path and query of the request.
    pub target: String,
    /// The answer.
    pub answer: Answer,
}

/// Serves until `stop` comes to an end, and tells of each answer.
///
/// # Errors
///
/// When the socket cannot be used.
pub async fn serve(
    mock: Arc<Mock>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    mut tell: impl FnMut(Served),
) -> Result<(), NetError> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (sender, mut served) = mpsc::unbounded_channel();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            Some(served) = served.recv() => tell(served),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tokio::spawn(connection(Arc::clone(&mock), stream, sender.clone()))),
                // Too many open files, say: the next moment may be a better one.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            },
        }
    }
}

async fn connection(mock: Arc<Mock>, stream: tokio::net::TcpStream, sender: mpsc::UnboundedSender<Served>) {
    let service = service_fn(|request: http::Request<Incoming>| {
        let (mock, sender) = (Arc::clone(&mock), sender.clone());
        async move {
            let (method, target) = (request.method().to_string(), request.uri().to_string());
            let answer = answer(&mock, request).await;
            let response = response(&answer);
            // Nobody listens any more when the server is about to stop.
            let _ = sender.send(Served { method, target, answer });
            Ok::<_, Infallible>(response)
        }
    });
    let served = hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    // A client that goes away in the middle is no business of the mock's.
    let _ = served.await;
}

async fn answer(mock: &Mock, request: http::Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return problem(413, "Content Too Large", "the body is larger than the mock reads, or broke off");
    };
    let headers: Headers =
        parts.headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
    let path_and_query = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    mock.answer(&Request { method: parts.method.to_string(), url: path_and_query.to_owned(), headers, body: body.to_bytes() })
}

/// The answer as it is sent. hyper itself leaves the body out where HTTP has none.
fn response(answer: &Answer) -> http::Response<Full<Bytes>> {
    let mut builder = http::Response::builder().status(answer.status);
    for (name, value) in answer.headers.iter().filter(|(name, value)| is_header(name, value)) {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(answer.body.clone())).unwrap_or_else(|_| http::Response::new(Full::default()))
}

/// Runs [`serve`] on this thread until Ctrl-C.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_until_interrupted(mock: Arc<Mock>, listener: TcpListener, tell: impl FnMut(Served)) -> Result<(), NetError> {
    net::block_on(serve(mock, listener, net::interrupted(), tell))?
}
