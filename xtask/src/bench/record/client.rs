//! Load: clients that ask as fast as they are answered, each on a connection of its own, and one that takes a very long answer.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest answer that `load` takes.
const LONGEST: usize = 1 << 20;

/// How many requests so many clients get answered in a while.
///
/// # Errors
///
/// When a connection fails.
pub(crate) fn load(address: SocketAddr, clients: usize, time: Duration, target: &str) -> io::Result<usize> {
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: a-key-of-the-benchmark\r\nAccept: application/json\r\n\r\n");
    let ask = |request: &str| -> io::Result<usize> {
        let mut stream = connect(address)?;
        let (mut buffer, mut count) = (vec![0; LONGEST], 0);
        let begun = Instant::now();
        while begun.elapsed() < time {
            stream.write_all(request.as_bytes())?;
            answer(&mut stream, &mut buffer)?;
            count += 1;
        }
        Ok(count)
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|_| scope.spawn(|| ask(&request))).collect();
        let results = clients.into_iter().map(|client| client.join().unwrap_or_else(|_| Err(io::Error::other("a client panicked"))));
        results.sum()
    })
}

/// Takes an answer of `length` bytes, and how long that takes.
///
/// # Errors
///
/// When it breaks off.
pub(super) fn take(address: SocketAddr, target: &str, length: u64) -> io::Result<Duration> {
    let mut stream = connect(address)?;
    let begun = Instant::now();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut buffer = vec![0; 256 << 10];
    // The head comes on top of the content, and in as many pieces as it likes. Not every server closes when it is asked to.
    let (mut count, mut all, mut begin) = (0, u64::MAX, Vec::new());
    while count < all {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        count += read as u64;
        if all == u64::MAX {
            begin.extend_from_slice(buffer.get(..read).unwrap_or_default());
            all = begin.windows(4).position(|window| window == b"\r\n\r\n").map_or(all, |head| length + head as u64 + 4);
        }
    }
    if count < length { Err(io::Error::other(format!("{count} of {length} bytes came"))) } else { Ok(begun.elapsed()) }
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Reads an answer with a `Content-Length` to its end.
fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut end = 0;
    loop {
        let count = stream.read(buffer.get_mut(end..).unwrap_or_default())?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "an answer breaks off, or is longer than what is taken"));
        }
        end += count;
        let read = buffer.get(..end).unwrap_or_default();
        let Some(head) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(read.get(..head).unwrap_or_default()).to_ascii_lowercase();
        let length =
            text.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next()).and_then(|length| length.trim().parse().ok());
        let length: usize = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
        if end >= head + 4 + length {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::Duration;

    #[test]
    fn an_answer_whose_head_comes_in_pieces_ends_with_its_content() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            for piece in ["HTTP/1.1 200 OK\r\nContent-Length: ", "3", "\r\n\r", "\nabc"] {
                stream.write_all(piece.as_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
            // It keeps the connection open until the client is content.
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).unwrap();
        });
        super::take(address, "/x", 3).unwrap();
        server.join().unwrap();
    }
}
