//! The relay for clients that speak HTTP/2 without TLS ("prior knowledge"): each stream becomes a request in HTTP/1.1 to the server, and
//! the answer goes back as a stream. Frames are not bytes of a message, so what is kept here are the message's parts: fields in order and
//! content as it came. Next: `upstream.rs`.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::header::{CONTENT_LENGTH, COOKIE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::framing::Framing;
use super::head;
use super::note::Fault;
use super::relay::{BLOCK, next_response};
use super::seen::{Room, Side};
use super::serve::Shared;

/// What a connection in HTTP/2 begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How much a client may send ahead, on a stream and on a connection.
const WINDOW: u32 = 1 << 20;

/// Fields that HTTP/2 does without (RFC 9113 section 8.2.2).
const OF_A_CONNECTION: &[&str] = &["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/// Whether more bytes are needed to tell.
pub(super) fn may_be_preface(read: &[u8]) -> bool {
    read.len() < PREFACE.len() && PREFACE.starts_with(read)
}

/// Whether a connection is one in HTTP/2.
pub(super) fn is_preface(read: &[u8]) -> bool {
    read.starts_with(PREFACE)
}

/// Serves one connection to its end.
pub(super) async fn serve(stream: TcpStream, read: BytesMut, shared: Rc<Shared>) {
    let mut builder = h2::server::Builder::new();
    builder.initial_window_size(WINDOW).initial_connection_window_size(WINDOW).max_header_list_size(256 << 10);
    let Ok(mut connection) = builder.handshake::<_, Bytes>(Whole { read, stream }).await else { return };
    let mut ending = false;
    loop {
        let accepted = tokio::select! {
            accepted = connection.accept() => accepted,
            () = shared.ending(), if !ending => {
                ending = true;
                connection.graceful_shutdown();
                continue;
            }
        };
        let Some(Ok((request, answer))) = accepted else { return };
        let shared = Rc::clone(&shared);
        tokio::task::spawn_local(async move { stream_of(request, answer, &shared).await });
    }
}

/// Passes one exchange on.
async fn stream_of(request: Request<RecvStream>, mut answer: SendResponse<Bytes>, shared: &Shared) {
    let mut note = shared.note(true);
    match exchange(request, &mut answer, note.seen(), shared).await {
        Ok(()) => note.finish(None),
        Err(fault) => {
            match fault.answer() {
                Some((status, why)) => own_answer(&mut answer, status, &why),
                None => answer.send_reset(Reason::INTERNAL_ERROR),
            }
            note.finish(Some(fault));
        }
    }
}

async fn exchange(
    request: Request<RecvStream>,
    answer: &mut SendResponse<Bytes>,
    seen: &mut super::Seen,
    shared: &Shared,
) -> Result<(), Fault> {
    let (parts, mut body) = request.into_parts();
    let upstream = shared.pool.upstream();
    let asked = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let target = upstream.target(asked).ok_or_else(|| Fault::Refused(400, "the target of the request is no path".to_owned()))?;
    let chunked = !body.is_end_stream() && !parts.headers.contains_key(CONTENT_LENGTH);
    let head = head_of(parts.method.as_str(), &target, upstream.authority(), &parts.headers, chunked);
    seen.request.begin(&head);
    let method = parts.method.as_str();
    let (mut connection, _) = shared.pool.connection().await.map_err(|error| Fault::unreachable(&error))?;
    let result = {
        let (mut from_server, mut to_server) = tokio::io::split(&mut connection);
        let mut sending = pin!(async {
            if to_server.write_all(&head).await.is_err() {
                return Ok(());
            }
            send(&mut body, &mut to_server, chunked, &mut seen.request, &shared.room).await
        });
        let mut answering = pin!(pass_on(method, &mut from_server, answer, &mut seen.response, &shared.room));
        let mut sent = false;
        loop {
            tokio::select! {
                biased;
                result = &mut sending, if !sent => {
                    result?;
                    sent = true;
                }
                result = &mut answering => break result.map(|reusable| reusable && sent),
            }
        }
    };
    if result? {
        shared.pool.keep(connection);
    }
    Ok(())
}

/// The head of a request in HTTP/1.1.
fn head_of(method: &str, target: &str, authority: &str, headers: &HeaderMap, chunked: bool) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {authority}\r\n").into_bytes();
    let mut field = |name: &str, value: &[u8]| {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    };
    for (name, value) in headers {
        let name = name.as_str();
        // Whoever waits for `100 Continue` has it from the proxy, as the frames of the body are held back by flow control anyway.
        if !OF_A_CONNECTION.contains(&name) && !matches!(name, "host" | "cookie" | "te" | "expect") {
            field(name, value.as_bytes());
        }
    }
    // A cookie may come in crumbs (RFC 9113 section 8.2.3).
    let crumbs: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if !crumbs.is_empty() {
        field("cookie", &crumbs.join(b"; ".as_slice()));
    }
    if chunked {
        field("transfer-encoding", b"chunked");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Passes the body of a request on, as far as the server takes it.
async fn send(
    body: &mut RecvStream,
    server: &mut (impl AsyncWrite + Unpin),
    chunked: bool,
    side: &mut Side,
    room: &Room,
) -> Result<(), Fault> {
    while let Some(data) = body.data().await {
        let data = data.map_err(|_| Fault::Gone)?;
        // The stream may be gone by now, and its window with it.
        let _ = body.flow_control().release_capacity(data.len());
        side.keep(&data, room);
        let written = match chunked {
            _ if data.is_empty() => Ok(()),
            true => server.write_all(&[format!("{:x}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat()).await,
            false => server.write_all(&data).await,
        };
        if written.is_err() {
            return Ok(());
        }
    }
    let trailers = body.trailers().await.map_err(|_| Fault::Gone)?;
    side.whole = true;
    if chunked {
        let mut end = b"0\r\n".to_vec();
        for (name, value) in trailers.iter().flatten() {
            side.trailers.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        end.extend_from_slice(&side.trailers);
        end.extend_from_slice(b"\r\n");
        // A server that is gone has said why, or its silence tells.
        let _ = server.write_all(&end).await;
    }
    Ok(())
}

/// Passes an answer on; whether the server's connection can be used again.
async fn pass_on(
    method: &str,
    server: &mut (impl AsyncRead + Unpin),
    answer: &mut SendResponse<Bytes>,
    side: &mut Side,
    room: &Room,
) -> Result<bool, Fault> {
    let mut read = BytesMut::with_capacity(BLOCK);
    let mut response = loop {
        let response = next_response(method, server, &mut read).await?;
        if response.status / 100 != 1 {
            break response;
        }
        let informational = message(&read.split_to(response.length))?;
        // `100` is the protocol's own affair here; a client that cannot take the others does not miss them.
        if response.status > 101 {
            let _ = answer.send_informational(informational);
        }
    };
    let head = read.split_to(response.length);
    side.begin(&head);
    let mut stream = answer.send_response(message(&head)?, response.framing.is_done()).map_err(|_| Fault::Gone)?;
    let mut clean = true;
    let empty = response.framing.is_done();
    let mut first = true;
    while !response.framing.is_done() {
        if !first || read.is_empty() {
            read.reserve(BLOCK);
            match server.read_buf(&mut read).await {
                Ok(0) if matches!(response.framing, Framing::UntilClose) => {
                    clean = false;
                    break;
                }
                Ok(0) => return Err(broken(&mut stream, "the server closed the connection in the middle of its answer".to_owned())),
                Ok(_) => {}
                Err(error) => {
                    return Err(broken(&mut stream, format!("the connection to the server broke in the middle of its answer: {error}")));
                }
            }
        }
        first = false;
        let mut content = Vec::with_capacity(read.len());
        let count = response.framing.feed(&read, &mut |piece| content.extend_from_slice(piece));
        let count = count.map_err(|error| broken(&mut stream, error.to_string()))?;
        read.advance(count);
        side.keep(&content, room);
        write(&mut stream, content.into()).await?;
    }
    side.whole = true;
    side.trailers = response.framing.trailers().to_vec();
    if !empty {
        match trailers(&side.trailers) {
            Some(trailers) => stream.send_trailers(trailers),
            None => stream.send_data(Bytes::new(), true),
        }
        .map_err(|_| Fault::Gone)?;
    }
    Ok(clean && read.is_empty() && response.keep_alive)
}

fn broken(stream: &mut SendStream<Bytes>, why: String) -> Fault {
    stream.send_reset(Reason::INTERNAL_ERROR);
    Fault::Broken(why)
}

/// Sends content as fast as the client takes it.
async fn write(stream: &mut SendStream<Bytes>, mut content: Bytes) -> Result<(), Fault> {
    while !content.is_empty() {
        stream.reserve_capacity(content.len());
        let room = match poll_fn(|context| stream.poll_capacity(context)).await {
            Some(Ok(room)) => room.min(content.len()),
            Some(Err(_)) | None => return Err(Fault::Gone),
        };
        stream.send_data(content.split_to(room), false).map_err(|_| Fault::Gone)?;
    }
    Ok(())
}

/// The head of an answer in the terms of HTTP/2.
fn message(head: &[u8]) -> Result<Response<()>, Fault> {
    let unusable = || Fault::Unanswered("the server's answer cannot be put into HTTP/2".to_owned());
    let mut fields = [httparse::EMPTY_HEADER; 256];
    let mut parsed = httparse::Response::new(&mut fields);
    head::lenient().parse_response(&mut parsed, head).map_err(|_| unusable())?;
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(parsed.code.unwrap_or_default()).map_err(|_| unusable())?;
    for field in parsed.headers.iter() {
        let (name, value) = pair(field).ok_or_else(unusable)?;
        if !OF_A_CONNECTION.contains(&name.as_str()) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// A trailer section as fields; `None` where there is none.
fn trailers(section: &[u8]) -> Option<HeaderMap> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let whole = [section, b"\r\n"].concat();
    let parsed = httparse::parse_headers(&whole, &mut fields).ok()?;
    let httparse::Status::Complete((_, parsed)) = parsed else { return None };
    let map: HeaderMap = parsed.iter().filter_map(pair).collect();
    if map.is_empty() { None } else { Some(map) }
}

fn pair(field: &httparse::Header<'_>) -> Option<(HeaderName, HeaderValue)> {
    Some((HeaderName::from_bytes(field.name.as_bytes()).ok()?, HeaderValue::from_bytes(field.value).ok()?))
}

/// What the proxy answers of its own.
fn own_answer(answer: &mut SendResponse<Bytes>, status: u16, why: &str) {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    // Whoever is gone does not need to be told.
    if let Ok(mut stream) = answer.send_response(response, false) {
        let _ = stream.send_data(Bytes::from(format!("wireproof record: {why}\n")), true);
    }
}

/// A connection with what has been read of it put back in front.
struct Whole {
    read: BytesMut,
    stream: TcpStream,
}

impl AsyncRead for Whole {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let whole = self.get_mut();
        if whole.read.is_empty() {
            return Pin::new(&mut whole.stream).poll_read(context, buffer);
        }
        let count = whole.read.len().min(buffer.remaining());
        buffer.put_slice(&whole.read.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Whole {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
