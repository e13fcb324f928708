//! `record` as a process: what it writes while traffic passes, what of it is secret, and what is left when it is killed.

#![cfg(feature = "live")]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use support::Repository;

/// A server that answers every request with the same head and body.
fn server(head: &'static str, body: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let body = body.clone();
            thread::spawn(move || answer(stream, head, &body));
        }
    });
    address
}

fn answer(stream: TcpStream, head: &str, body: &str) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        loop {
            line.clear();
            if !reader.read_line(&mut line).is_ok_and(|count| count > 0) {
                return;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut sent = vec![0; length];
        let whole = reader.read_exact(&mut sent).is_ok();
        let text = format!("HTTP/1.1 {head}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if !whole || reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

/// A recording that runs.
struct Recording {
    child: Child,
    address: String,
    rest: BufReader<std::process::ChildStderr>,
}

fn record(repository: &Repository, server: SocketAddr, arguments: &[&str]) -> Recording {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wireproof"));
    command.current_dir(repository.root()).args(["record", "--listen", "0", "--upstream", &format!("http://{server}/v1")]).args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let mut rest = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    rest.read_line(&mut line).expect("text");
    let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once(' ')).map(|(address, _)| address.to_owned());
    Recording { child, address: address.unwrap_or_else(|| panic!("no address in: {line}")), rest }
}

impl Recording {
    /// Sends a request and reads the answer.
    fn ask(&self, method: &str, target: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        let length = body.len();
        let text = format!("{method} {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
        stream.write_all(text.as_bytes()).expect("it is sent");
        // The server does not close when it is asked to, so the answer ends where its text does.
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !answer.ends_with(b"}") {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&buffer[..count]),
            }
        }
        String::from_utf8(answer).expect("text")
    }

    /// Waits for its end: exit code, standard output, standard error.
    fn end(mut self) -> (Option<i32>, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.rest.read_to_string(&mut err).expect("text");
        self.child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
        (self.child.wait().expect("it ends").code(), out, err)
    }
}

#[test]
fn traffic_becomes_a_recording_that_validates_as_it_did() {
    let repository = Repository::new();
    let server = server("200 OK", r#"{"name": "Rex",   "age": "three", "name":"Rex"}"#.to_owned());
    let recording = record(&repository, server, &["--vendor", "pets", "--into", "out/session.har", "--exchanges", "2", "--format", "json"]);
    let answer = recording.ask("GET", "/pets/7", "", "");
    assert!(answer.ends_with(r#"{"name": "Rex",   "age": "three", "name":"Rex"}"#), "{answer}");
    recording.ask("GET", "/nothing", "", "");
    let (code, out, err) = recording.end();
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("GET /v1/pets/7 200 violation\n") && err.contains("  body-schema: `/age` is a string, expected an integer\n"),
        "{err}"
    );
    assert!(err.contains("GET /v1/nothing 200 unmatched\n"), "{err}");
    let told: serde_json::Value = serde_json::from_str(&out).expect(&out);
    let validated =
        repository.run(&["validate", "--vendor", "pets", "out/session.har", "--server", &format!("http://{server}"), "--format", "json"]);
    let validated = validated.expect(1).json();
    assert_eq!(told["summary"], validated["summary"]);
    assert_eq!(told["exchanges"], validated["exchanges"]);
    assert_eq!(told["summary"]["exchanges"], 2);
    assert_eq!(repository.files("out"), ["out/session.har"]);
    let har: serde_json::Value = serde_json::from_str(&repository.read("out/session.har")).expect("JSON");
    assert_eq!(har["log"]["entries"][0]["response"]["content"]["text"], r#"{"name": "Rex",   "age": "three", "name":"Rex"}"#);
}

#[test]
fn no_secret_reaches_the_disk_or_the_terminal() {
    let repository = Repository::new();
    repository.edit(
        "specs/pets/openapi.yaml",
        "components:",
        "components:\n  securitySchemes: {key: {type: apiKey, in: query, name: entry}}",
    );
    repository.write(
        "wireproof.toml",
        "[vendors.pets.redact]\nheaders = [\"X-Customer\"]\nfields = [\"nickname\", \"/list/*\"]\n[vendors.shops]\n",
    );
    let head = "302 Wrong canary-header10\r\nSet-Cookie: sid=canary-cookie2; Path=/\r\nLocation: https://me:canary-user03@h/cb?code=canary-code04#access_token=canary-frag05";
    let body = r#"{"name": 7, "token": "canary-body06", "nickname": "canary07", "list": [["canary08", 4711007]], "error": "key canary-query9 or canary-header10 is wrong, password=canary-text11"}"#;
    let server = server(head, body.to_owned());
    let mut arguments = vec!["--vendor", "pets", "--into", "session.ndjson", "--exchanges", "2", "--show-values", "--verbose"];
    let formats = ["json", "ndjson", "junit", "sarif", "markdown", "html"];
    let outputs: Vec<String> = formats.iter().map(|format| format!("report.{format}")).collect();
    for (format, output) in formats.iter().zip(&outputs) {
        arguments.extend(["--format", format, "--output", output]);
    }
    arguments.extend(["--format", "pretty"]);
    let recording = record(&repository, server, &arguments);
    let headers = "Authorization: Bearer canary-header10\r\nCookie: login=canary-cookie12\r\nX-Customer: canary-customer13\r\nX-Session-Token: canary-header14\r\nContent-Type: application/json\r\n";
    let answer = recording.ask("GET", "/pets/canary-query9?entry=canary-query9&password=canary-query15", headers, "");
    assert!(answer.contains("canary-body06"), "the client sees everything: {answer}");
    recording.ask("POST", "/pets", headers, r#"{"password": "canary-body16", "nickname": {"a": ["canary-body17"]}}"#);
    let (_, out, err) = recording.end();
    let files = repository.files("");
    assert_eq!(files.iter().filter(|file| file.starts_with("report.") || file.starts_with("session.")).count(), 7, "{files:?}");
    let written = files.iter().filter(|file| !file.starts_with("wireproof")).map(|file| (file.as_str(), repository.read(file)));
    for (place, text) in written.chain([("standard output", out), ("standard error", err)]) {
        for secret in ["canary", "4711007"] {
            let around = text.find(secret).map(|at| text.get(at.saturating_sub(80)..(at + 40).min(text.len())));
            assert_eq!(around, None, "{place}");
        }
    }
    let lines = repository.read("session.ndjson");
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains("Bearer ") && lines.contains("; Path=/"), "{lines}");
}

#[test]
fn a_recording_that_is_killed_is_whole_and_can_be_added_to() {
    let repository = Repository::new();
    // Longer than a page of memory, so that half a write could be seen.
    let server = server("200 OK", format!("{{\"name\": \"{}\"}}", "x".repeat(20_000)));
    let mut entries = 0;
    for (round, file) in ["session.har", "session.ndjson", "session.har", "session.har", "session.har"].into_iter().enumerate() {
        let mut recording = record(&repository, server, &["--vendor", "pets", "--into", file]);
        let address = recording.address.clone();
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let address = address.clone();
                thread::spawn(move || {
                    let Ok(mut stream) = TcpStream::connect(&address) else { return };
                    let mut buffer = vec![0; 32 << 10];
                    while stream.write_all(b"GET /pets/7 HTTP/1.1\r\nHost: h\r\n\r\n").is_ok() {
                        let mut read = Vec::new();
                        while !read.ends_with(b"}") {
                            match stream.read(&mut buffer) {
                                Ok(0) | Err(_) => return,
                                Ok(count) => read.extend_from_slice(&buffer[..count]),
                            }
                        }
                    }
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(350 + 37 * round as u64));
        recording.child.kill().expect("it can be killed");
        recording.child.wait().expect("it ends");
        for client in clients {
            client.join().expect("a client");
        }
        let text = repository.read(file);
        if file == "session.har" {
            let har: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON: {error}"));
            let now = har["log"]["entries"].as_array().map_or(0, Vec::len);
            assert!(now >= entries, "{now} entries after {entries}");
            entries = now;
        } else {
            assert!(
                (text.is_empty() || text.ends_with('\n'))
                    && text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
            );
        }
    }
    assert!(entries > 0, "something was recorded in a second under load");
}

#[test]
fn what_cannot_be_recorded_is_told() {
    let repository = Repository::new();
    for (arguments, message) in [
        (["--vendor", "pets", "--listen", "0", "--into", "x.txt"].as_slice(), "`x.txt` says nothing of the form of the recording"),
        (&["--vendor", "pets", "--listen", "nowhere", "--into", "x.har"], "`nowhere` is no address to listen on"),
        (&["--vendor", "pets", "--listen", "0", "--into", "x.har", "--upstream", "https://a:canary@h"], "a user or a password in its URL"),
        (&["--listen", "0", "--into", "x.har"], "required arguments were not provided"),
    ] {
        let arguments: Vec<&str> = ["record"].into_iter().chain(arguments.iter().copied()).collect();
        let done = repository.run(&arguments).expect(2).says(message);
        assert!(!done.err.contains("canary"), "{}", done.err);
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let call = ["record", "--vendor", "pets", "--listen", &address, "--into", "x.har"];
    repository.run(&call).expect(2).says(&format!("cannot listen on `{address}`")).says("port 0 for any that is free");
    assert!(!repository.exists("x.har"), "no file is begun");
}
