//! `mock` as a process: it tells its address, answers, and is caught by `validate` when it breaks a rule on purpose.
#![cfg(feature = "live")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use support::{Repository, har};

/// A mock that ends with the test.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn new(repository: &Repository, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wireproof"))
            .args(["mock", "--vendor", "pets", "--listen", "127.0.0.1:0"])
            .args(more)
            .current_dir(repository.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("it tells its address");
        Self { child, address: line.trim().strip_prefix("http://").expect("an address").to_owned() }
    }

    /// Status and body of an answer.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: pets\r\nConnection: close\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, answer.split_once("\r\n\r\n").expect("a body").1.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_answers_below_the_documents_base_path_and_below_the_root() {
    let repository = Repository::new();
    let mock = Running::new(&repository, &[]);
    for path in ["/v1/pets/7", "/pets/7"] {
        assert_eq!(mock.get(path), (200, r#"{"name":"Rex"}"#.to_owned()), "{path}");
    }
    assert_eq!(mock.get("/v1/shops").0, 404);
}

#[test]
fn what_it_breaks_is_what_validate_finds() {
    let repository = Repository::new();
    for rule in ["body-schema", "body-unparseable", "undocumented-field", "body-missing", "status-undocumented"] {
        let (status, body) = Running::new(&repository, &["--inject", rule]).get("/v1/pets/7");
        repository.write("mock.har", &har(&[("GET", "https://pets.example/v1/pets/7", status, &body)]));
        let report = repository.run(&["validate", "--vendor", "pets", "mock.har", "--format", "json"]).expect(1).json();
        let findings = report["exchanges"][0]["findings"].as_array().expect("a list").clone();
        let rules: Vec<_> =
            findings.iter().filter(|finding| finding["severity"] != "note").map(|finding| finding["rule"].clone()).collect();
        assert_eq!(rules, [rule], "{status} {body}");
    }
}

#[test]
fn calls_that_cannot_be_used_are_refused() {
    let repository = Repository::new();
    for (more, reason) in [
        (&[][..], "--vendor"),
        (&["--vendor", "pest"], "did you mean `pets`"),
        (&["--vendor", "pets", "--listen", "0.0.0.0:0"], "can be reached from other machines"),
        (&["--vendor", "pets", "--listen", "here"], "`here` is no address"),
        (&["--vendor", "pets", "--inject", "body-shema"], "did you mean `body-schema`"),
        (&["--vendor", "pets", "--inject", "parameter-missing"], "is about requests"),
        (&["--vendor", "pets", "--inject", "body-schema=2"], "`2` is no rate"),
    ] {
        repository.run(&[&["mock"], more].concat()).expect(2).says(reason);
    }
}
