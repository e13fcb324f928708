//! The programs of the measurement: the server behind, the recording proxy, and others to compare with. Each runs until it is dropped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use wireproof::Failure;

use crate::bench::peer::Peer;

/// How long a proxy may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the pieces of a long answer are.
const PIECE: usize = 256 << 10;

/// A server in JavaScript, which does for a request what servers usually do; it answers with what stands in `BODY`.
const SERVER: &str = "
const body = process.env.BODY;
require('http').createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + ' '); });
";

/// A proxy in JavaScript that does nothing but pass on.
const PASS_THROUGH: &str = "
const http = require('http'), agent = new http.Agent({keepAlive: true});
const to = new URL(process.env.UPSTREAM);
http.createServer((request, response) => {
  const onward = http.request({host: to.hostname, port: to.port, method: request.method, path: request.url, headers: request.headers, agent},
    answer => { response.writeHead(answer.statusCode, answer.rawHeaders); answer.pipe(response); });
  request.pipe(onward);
}).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + ' '); });
";

/// A program that listens.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Whether it leads a group of processes.
    group: bool,
}

impl Program {
    /// The server in JavaScript.
    pub(super) fn server(body: &str) -> Result<Self, Failure> {
        Self::start(Command::new("node").args(["-e", SERVER]).env("BODY", body), false)
    }

    /// The proxy in JavaScript.
    pub(super) fn pass_through(upstream: SocketAddr) -> Result<Self, Failure> {
        Self::start(Command::new("node").args(["-e", PASS_THROUGH]).env("UPSTREAM", format!("http://{upstream}")), false)
    }

    /// `wireproof record`.
    pub(crate) fn record(program: &Path, document: &Path, upstream: SocketAddr, into: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["record", "--listen", "0", "--upstream", &format!("http://{upstream}/v1"), "--spec"]).arg(document);
        Self::start(command.arg("--into").arg(into), true)
    }

    /// A proxy that the caller named. What it says is nobody's business: it is there once it can be connected to.
    pub(super) fn peer(peer: &Peer, upstream: SocketAddr, document: &Path) -> Result<Self, Failure> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.map_err(|error| Failure::io("listen on", "127.0.0.1", &error))?;
        let (port, upstream) = (address.port().to_string(), format!("http://{upstream}"));
        let mut command = peer.command(&[("{port}", &port), ("{upstream}", &upstream), ("{spec}", &document.to_string_lossy())]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It may be a program that starts another, and that one has to end as well.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().map_err(|error| Failure::io("run", command.get_program().to_string_lossy(), &error))?;
        let mut program = Self { child, address, group: true };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            let ended = program.child.try_wait().ok().flatten();
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let why =
                    ended.map_or_else(|| format!("within {} seconds", PATIENCE.as_secs()), |status| format!("but ended with {status}"));
                return Err(Failure::new(format!("`{}` does not listen on `{address}` {why}", peer.name))
                    .with_help("run its command by hand to see what it says"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(program)
    }

    /// Starts a program that says `http://ADDRESS ` in its first line.
    fn start(command: &mut Command, on_stderr: bool) -> Result<Self, Failure> {
        let shown = command.get_program().to_string_lossy().into_owned();
        let (out, err) = if on_stderr { (Stdio::null(), Stdio::piped()) } else { (Stdio::piped(), Stdio::null()) };
        let mut child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().map_err(|error| Failure::io("run", &shown, &error))?;
        let said: Box<dyn std::io::Read + Send> = match (child.stdout.take(), child.stderr.take()) {
            (Some(out), _) => Box::new(out),
            (None, Some(err)) => Box::new(err),
            (None, None) => Box::new(std::io::empty()),
        };
        let mut said = BufReader::new(said);
        let mut line = String::new();
        let _ = said.read_line(&mut line);
        // What it says later has to go somewhere, or it would wait for a reader.
        thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split(' ').next()).and_then(|address| address.parse().ok());
        if let Some(address) = address {
            return Ok(Self { child, address, group: false });
        }
        let _ = child.kill();
        let _ = child.wait();
        Err(Failure::new(format!("`{shown}` does not listen: {}", line.trim())))
    }

    /// The most memory that it has held, in bytes, where the system tells.
    pub(super) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }

    /// Ends it as Ctrl-C does, and waits until everything is written.
    pub(super) fn interrupt(mut self) {
        #[cfg(unix)]
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGINT);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(id) = i32::try_from(self.child.id()).ok().filter(|_| self.group) {
            let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGKILL);
        }
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server within this process: as quick as one can be but for `delay` before each answer, and with answers of any length
/// (`/v1/large/BYTES`).
pub(crate) fn quick_server(body: &str, delay: Duration) -> Result<SocketAddr, Failure> {
    let failed = |error: std::io::Error| Failure::io("listen on", "127.0.0.1", &error);
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let body = body.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let body = body.clone();
            // A connection that breaks is its client's affair.
            thread::spawn(move || drop(serve(stream, &body, delay)));
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream, body: &str, delay: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let mut buffer = vec![0; 16 << 10];
    let mut end = 0;
    loop {
        let count = stream.read(buffer.get_mut(end..).unwrap_or_default())?;
        if count == 0 {
            return Ok(());
        }
        end += count;
        let read = buffer.get(..end).unwrap_or_default();
        if !read.ends_with(b"\r\n\r\n") {
            continue;
        }
        if !delay.is_zero() {
            thread::sleep(delay);
        }
        let text = String::from_utf8_lossy(read);
        let long = text.split(' ').nth(1).and_then(|path| path.strip_prefix("/v1/large/")).and_then(|length| length.parse::<u64>().ok());
        match long {
            Some(length) => {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n");
                stream.write_all(head.as_bytes())?;
                let piece = vec![b'x'; PIECE];
                let mut left = length;
                while left > 0 {
                    let count = left.min(PIECE as u64);
                    stream.write_all(piece.get(..usize::try_from(count).unwrap_or(PIECE)).unwrap_or_default())?;
                    left -= count;
                }
            }
            None => stream.write_all(answer.as_bytes())?,
        }
        end = 0;
    }
}
