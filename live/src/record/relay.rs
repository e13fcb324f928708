//! The relay for clients that speak HTTP/1: heads are understood as far as they must be (`head.rs`), bodies are counted (`framing.rs`),
//! and the bytes of both are passed on as they come. What passes is noted beside (`seen.rs`). Next: `http2.rs`, for the other clients.

use std::pin::pin;
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::framing::Framing;
use super::head::{self, HeadError};
use super::note::{Fault, Note};
use super::seen::{Room, Seen, Side};
use super::serve::Shared;
use super::upstream::Connection;

/// How much is read at a time.
pub(super) const BLOCK: usize = 64 << 10;

/// How long a client may go on sending what nobody reads any more, so that it sees the answer before the connection is reset.
const LINGER: Duration = Duration::from_secs(1);

/// Serves one connection to its end. `read` is what has been read of it.
pub(super) async fn serve(mut client: TcpStream, mut read: BytesMut, shared: &Shared) {
    // What is read of servers: one piece of memory for all exchanges of the connection.
    let mut answered = BytesMut::new();
    while let Some(first) = next_request(&mut client, &mut read, shared).await {
        let mut note = shared.note(false);
        let result = match first {
            Ok(request) => exchange(&mut client, (&mut read, &mut answered), request, &mut note, shared).await,
            Err(error) => Err(Fault::Refused(400, error.to_string())),
        };
        match result {
            Ok(true) => note.finish(None),
            Ok(false) => {
                note.finish(None);
                linger(&mut client).await;
                return;
            }
            Err(fault) => {
                let own = fault.answer();
                note.finish(Some(fault));
                if let Some((status, why)) = own {
                    // A client that is gone already misses nothing.
                    let _ = client.write_all(own_answer(status, &why).as_bytes()).await;
                    linger(&mut client).await;
                }
                return;
            }
        }
    }
}

/// The head of the next request; `None` where there is none, since the client or the recording ends.
async fn next_request(client: &mut TcpStream, read: &mut BytesMut, shared: &Shared) -> Option<Result<head::Request, HeadError>> {
    loop {
        // Empty lines before a request are passed over (RFC 9112 section 2.2).
        while read.first().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            read.advance(1);
        }
        if !read.is_empty() {
            match head::request(read) {
                Ok(Some(request)) => return Some(Ok(request)),
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        read.reserve(BLOCK);
        let idle = read.is_empty();
        let count = tokio::select! {
            biased;
            count = client.read_buf(read) => count,
            () = shared.ending(), if idle => return None,
        };
        if !count.is_ok_and(|count| count > 0) {
            return None;
        }
    }
}

/// Passes one exchange on; whether the client's connection can be used again. What is read of the client, and of the server, has memory
/// of its own.
async fn exchange(
    client: &mut TcpStream,
    (read, answered): (&mut BytesMut, &mut BytesMut),
    mut request: head::Request,
    note: &mut Note<'_>,
    shared: &Shared,
) -> Result<bool, Fault> {
    let seen = note.seen();
    let (out, whole) = begin(read, &mut request, seen, shared)?;
    // Only what changes nothing may be sent a second time.
    let again = whole && seen.request.size == 0 && matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let (mut connection, mut is_new) = shared.pool.connection().await.map_err(|error| Fault::unreachable(&error))?;
    loop {
        let result = if whole {
            // A server may have answered before it closed, so what it said is read in any case.
            let _ = connection.write_all(&out).await;
            answer(&request.method, (&mut connection, &mut *answered), client, &mut seen.response, &shared.room).await
        } else {
            both(client, (&mut *read, &mut *answered), &mut connection, &out, &mut request, seen, &shared.room).await
        };
        match result {
            Err(Fault::Unanswered(_)) if again && !is_new => {
                connection = shared.pool.connect().await.map_err(|error| Fault::unreachable(&error))?;
                is_new = true;
            }
            Err(fault) => return Err(fault),
            Ok(reusable) => {
                let reusable = reusable && request.framing.is_done();
                if reusable && request.keep_alive {
                    shared.pool.keep(connection);
                    return Ok(true);
                }
                return Ok(false);
            }
        }
    }
}

/// The first bytes to send: the head and what has come of the body; and whether that is all of it.
fn begin(read: &mut BytesMut, request: &mut head::Request, seen: &mut Seen, shared: &Shared) -> Result<(Vec<u8>, bool), Fault> {
    if request.method == "CONNECT" {
        return Err(Fault::Refused(501, "tunnels are not recorded: send requests to this address, not through it".to_owned()));
    }
    let upstream = shared.pool.upstream();
    let target = upstream.target(&request.target).ok_or_else(|| Fault::Refused(400, "the target of the request is no path".to_owned()))?;
    let (head, behind) = read.split_at_checked(request.length).unwrap_or_default();
    let mut out = Vec::with_capacity(head.len() + target.len() + upstream.authority().len() + behind.len() + 64);
    for part in [request.method.as_str(), " ", &target, if request.minor == 0 { " HTTP/1.0\r\n" } else { " HTTP/1.1\r\n" }] {
        out.extend_from_slice(part.as_bytes());
    }
    request.hop.write(head, Some(upstream.authority()), &mut out);
    seen.request.begin(&out);
    let count = feed(&mut request.framing, behind, &mut seen.request, &shared.room).map_err(|why| Fault::Refused(400, why))?;
    out.extend_from_slice(behind.get(..count).unwrap_or_default());
    read.advance(request.length + count);
    seen.request.whole = request.framing.is_done();
    seen.upgrade = request.upgrade.take();
    Ok((out, seen.request.whole))
}

/// Passes the rest of the request on while the answer comes, which may be earlier than the request ends. Whether the server's connection
/// can be used again.
async fn both(
    client: &mut TcpStream,
    (read, answered): (&mut BytesMut, &mut BytesMut),
    connection: &mut Connection,
    out: &[u8],
    request: &mut head::Request,
    seen: &mut Seen,
    room: &Room,
) -> Result<bool, Fault> {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = tokio::io::split(connection);
    let mut sending = pin!(async {
        if to_server.write_all(out).await.is_err() {
            return Ok(());
        }
        send(&mut from_client, read, &mut to_server, &mut request.framing, &mut seen.request, room).await
    });
    let mut answering = pin!(answer(&request.method, (&mut from_server, answered), &mut to_client, &mut seen.response, room));
    let mut sent = false;
    loop {
        tokio::select! {
            biased;
            result = &mut sending, if !sent => {
                result?;
                sent = true;
            }
            result = &mut answering => return result,
        }
    }
}

/// Passes the body of a request on, as far as the server takes it: one that answers early is heard all the same.
async fn send(
    client: &mut (impl AsyncRead + Unpin),
    read: &mut BytesMut,
    server: &mut (impl AsyncWrite + Unpin),
    framing: &mut Framing,
    side: &mut Side,
    room: &Room,
) -> Result<(), Fault> {
    while !framing.is_done() {
        read.reserve(BLOCK);
        if !client.read_buf(read).await.is_ok_and(|count| count > 0) {
            return Err(Fault::Gone);
        }
        let count = feed(framing, read, side, room).map_err(|why| Fault::Refused(400, why))?;
        if server.write_all(&read.split_to(count)).await.is_err() {
            return Ok(());
        }
    }
    side.whole = true;
    side.trailers = framing.trailers().to_vec();
    Ok(())
}

/// Passes an answer on; whether the server's connection can be used again, and the client's with it.
async fn answer(
    method: &str,
    (server, read): (&mut (impl AsyncRead + Unpin), &mut BytesMut),
    client: &mut (impl AsyncWrite + Unpin),
    side: &mut Side,
    room: &Room,
) -> Result<bool, Fault> {
    // A connection on which more had come than an answer is not used again.
    read.clear();
    let mut response = loop {
        let response = next_response(method, server, read).await?;
        if response.status / 100 != 1 {
            break response;
        }
        // `100 Continue` and its kin: passed on at once, and the answer proper is still to come.
        client.write_all(&read.split_to(response.length)).await.map_err(|_| Fault::Gone)?;
    };
    let (head, behind) = read.split_at_checked(response.length).unwrap_or_default();
    side.begin(head);
    let count = feed(&mut response.framing, behind, side, room).map_err(Fault::Broken)?;
    let first = response.length + count;
    if response.hop.is_empty() {
        client.write_all(read.get(..first).unwrap_or_default()).await.map_err(|_| Fault::Gone)?;
    } else {
        let end = head.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut out = head.get(..end).unwrap_or_default().to_vec();
        response.hop.write(head, None, &mut out);
        out.extend_from_slice(behind.get(..count).unwrap_or_default());
        client.write_all(&out).await.map_err(|_| Fault::Gone)?;
    }
    read.advance(first);
    let clean = rest(&mut response.framing, server, client, read, side, room).await?;
    side.whole = true;
    side.trailers = response.framing.trailers().to_vec();
    Ok(clean && response.keep_alive)
}

/// Passes the rest of an answer on; whether nothing came behind it.
async fn rest(
    framing: &mut Framing,
    server: &mut (impl AsyncRead + Unpin),
    client: &mut (impl AsyncWrite + Unpin),
    read: &mut BytesMut,
    side: &mut Side,
    room: &Room,
) -> Result<bool, Fault> {
    while !framing.is_done() {
        read.reserve(BLOCK);
        match server.read_buf(read).await {
            Ok(0) if matches!(framing, Framing::UntilClose) => return Ok(false),
            Ok(0) => return Err(Fault::Broken("the server closed the connection in the middle of its answer".to_owned())),
            Ok(_) => {}
            Err(error) => return Err(Fault::Broken(format!("the connection to the server broke in the middle of its answer: {error}"))),
        }
        let count = feed(framing, read, side, room).map_err(Fault::Broken)?;
        client.write_all(&read.split_to(count)).await.map_err(|_| Fault::Gone)?;
    }
    Ok(read.is_empty())
}

/// Reads the head of an answer, which stays in `read`.
pub(super) async fn next_response(
    method: &str,
    server: &mut (impl AsyncRead + Unpin),
    read: &mut BytesMut,
) -> Result<head::Response, Fault> {
    loop {
        if !read.is_empty() {
            match head::response(read, method) {
                Ok(Some(response)) => return Ok(response),
                Ok(None) => {}
                Err(error) => return Err(Fault::Unanswered(format!("the server's answer cannot be passed on: {error}"))),
            }
        }
        read.reserve(BLOCK);
        match server.read_buf(read).await {
            Ok(0) => return Err(Fault::Unanswered("the server closed the connection without an answer".to_owned())),
            Ok(_) => {}
            Err(error) => return Err(Fault::Unanswered(format!("the server's answer cannot be read: {error}"))),
        }
    }
}

/// How many of the bytes belong to the message; its content is kept.
pub(super) fn feed(framing: &mut Framing, bytes: &[u8], side: &mut Side, room: &Room) -> Result<usize, String> {
    framing.feed(bytes, &mut |content| side.keep(content, room)).map_err(|error| error.to_string())
}

/// What the proxy answers of its own.
fn own_answer(status: u16, why: &str) -> String {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let text = format!("wireproof record: {why}\n");
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

/// Ends a connection so that the client gets to see all that was sent: what it still sends is taken for a while and thrown away.
async fn linger(client: &mut TcpStream) {
    if client.shutdown().await.is_err() {
        return;
    }
    let mut rest = BytesMut::with_capacity(BLOCK);
    let drain = async {
        while client.read_buf(&mut rest).await.is_ok_and(|count| count > 0) {
            rest.clear();
        }
    };
    // Who goes on for longer is cut off.
    let _ = tokio::time::timeout(LINGER, drain).await;
}
