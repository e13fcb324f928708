//! A server that says exactly the bytes it is told to, and a client that shows exactly the bytes it gets.

#![allow(dead_code, unreachable_pub, reason = "a module of several test binaries, each of which uses a part of it")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use wireproof_live::record::{Next, Options, Proxy, Taken, Upstream};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One side of a conversation.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Reads until a text has come, for the given time since the beginning.
    Await(String, usize),
    /// Waits.
    Pause(Duration),
    /// Closes the connection.
    Close,
}

/// Reads until a text has come.
pub fn wait(text: &str) -> Step {
    Step::Await(text.to_owned(), 1)
}

pub fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// Plays one side. All that was read by the end, and when each piece came.
fn play(stream: &mut TcpStream, steps: &[Step], total: Option<usize>) -> (Vec<u8>, Vec<Instant>) {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let (mut read, mut times) = (Vec::new(), Vec::new());
    let mut until = |stream: &mut TcpStream, read: &mut Vec<u8>, done: &dyn Fn(&[u8]) -> bool| {
        let mut buffer = vec![0; 256 << 10];
        while !done(read) {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    times.push(Instant::now());
                    read.extend_from_slice(&buffer[..length]);
                }
            }
        }
    };
    for step in steps {
        match step {
            // Who does not listen any more shows in what is read.
            Step::Send(bytes) => drop(stream.write_all(bytes)),
            Step::Await(text, times) => {
                until(stream, &mut read, &|read| read.windows(text.len()).filter(|window| *window == text.as_bytes()).count() >= *times);
            }
            Step::Pause(time) => thread::sleep(*time),
            Step::Close => {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
    until(stream, &mut read, &|read| total.is_some_and(|total| read.len() >= total));
    (read, times)
}

/// A server that plays the same steps on every connection, and tells what it read of each.
pub struct Server {
    pub address: SocketAddr,
    pub read: Receiver<Vec<u8>>,
}

impl Server {
    pub fn start(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (tell, read) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (steps, tell) = (steps.clone(), tell.clone());
                thread::spawn(move || {
                    let mut stream = stream;
                    stream.set_nodelay(true).expect("an option");
                    let (read, _) = play(&mut stream, &steps, None);
                    let _ = tell.send(read);
                });
            }
        });
        Self { address, read }
    }
}

/// What a client got, and when.
pub struct Got {
    pub bytes: Vec<u8>,
    pub times: Vec<Instant>,
}

/// Plays a client's steps; `total` is how many bytes end the conversation, the end of the connection if left out.
pub fn converse(address: SocketAddr, steps: &[Step], total: Option<usize>) -> Got {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let (bytes, times) = play(&mut stream, steps, total);
    Got { bytes, times }
}

/// A proxy before a server.
pub fn proxy(server: SocketAddr) -> Proxy {
    let upstream = Upstream::parse(&format!("http://{server}")).expect("a URL");
    Proxy::start(Options::new("127.0.0.1:0".parse().expect("an address"), upstream)).expect("it starts")
}

/// The next exchange that a proxy saw.
#[track_caller]
pub fn taken(proxy: &Proxy) -> Taken {
    match proxy.next(PATIENCE) {
        Next::Exchange(seen) => Taken::of(*seen, "http://server").expect("an exchange"),
        Next::Nothing | Next::Ended => panic!("nothing was seen"),
    }
}

/// The entry of the next exchange as JSON.
#[track_caller]
pub fn entry(proxy: &Proxy) -> serde_json::Value {
    serde_json::from_str(&taken(proxy).entry()).expect("JSON")
}
