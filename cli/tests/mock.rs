//! `mock` as a process: it tells its address, answers, and is caught by `validate` when it breaks a rule on purpose.
#![cfg(feature = "live")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use support::Repository;

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

    fn get(&self, path: &str) -> (u16, String) {
        get(&self.address, path)
    }
}

/// Status and body of an answer.
fn get(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: pets\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer.split_once("\r\n\r\n").expect("a body").1.to_owned())
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

/// Responses with a place for each rule that an answer can break.
const RESPONSES: &str = "        '200':
          description: the pet
          headers: {X-Rest: {required: true, schema: {type: integer}}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {name: Rex}
        '404': {description: none}
        '202': {description: later}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        chip: {type: string, writeOnly: true}
";

/// The rules that a `validate` of a recording finds, notes apart.
fn found(report: &serde_json::Value) -> Vec<&str> {
    let findings = report["exchanges"][0]["findings"].as_array().expect("a list");
    findings.iter().filter(|finding| finding["severity"] != "note").filter_map(|finding| finding["rule"].as_str()).collect()
}

#[test]
fn what_it_breaks_is_what_validate_finds_in_a_recording_made_by_record() {
    let repository = Repository::new();
    let pets = repository.read("specs/pets/openapi.yaml");
    let (head, _) = pets.split_once("        '200'").expect("responses");
    repository.write("specs/pets/openapi.yaml", &format!("{head}{RESPONSES}"));
    for rule in [
        "status-undocumented",
        "content-type-undocumented",
        "body-missing",
        "body-unexpected",
        "body-unparseable",
        "body-schema",
        "header-missing",
        "header-schema",
        "undocumented-field",
        "write-only-in-response",
    ] {
        let into = format!("{rule}.har");
        let mock = Running::new(&repository, &["--inject", rule]);
        let mut recording = Command::new(env!("CARGO_BIN_EXE_wireproof"))
            .current_dir(repository.root())
            .args(["record", "--vendor", "pets", "--listen", "0", "--exchanges", "1", "--into", &into])
            .args(["--upstream", &format!("http://{}/v1", mock.address)])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut told = BufReader::new(recording.stderr.take().expect("a pipe"));
        let mut line = String::new();
        told.read_line(&mut line).expect("it tells its address");
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once(' ')).expect(&line).0;
        let (status, body) = get(address, "/pets/7");
        told.read_to_string(&mut line).expect("text");
        assert_eq!(recording.wait().expect("it ends").code(), Some(1), "{rule}: {status} {body}\n{line}");
        let server = format!("http://{}/v1", mock.address);
        let report = repository.run(&["validate", "--vendor", "pets", &into, "--server", &server, "--format", "json"]).expect(1).json();
        assert_eq!(found(&report), [rule], "{status} {body}");
    }
}

#[test]
fn calls_that_cannot_be_used_are_refused() {
    let repository = Repository::new();
    for (more, reason) in [
        (&[][..], "--vendor"),
        (&["--vendor", "pest"], "did you mean `pets`"),
        (&["--vendor", "pets", "--listen", "0.0.0.0:0"], "can be reached from other machines"),
        (&["--vendor", "pets", "--listen", "here"], "`here` is no address to listen on"),
        (&["--vendor", "pets", "--inject", "body-shema"], "did you mean `body-schema`"),
        (&["--vendor", "pets", "--inject", "parameter-missing"], "is about requests"),
        (&["--vendor", "pets", "--inject", "type-decode"], "is about generated types, and those read all that the document allows"),
        (&["--vendor", "pets", "--inject", "header-missing"], "by any answer of this document: none has to have a header"),
        (&["--vendor", "pets", "--inject", "body-schema=2"], "`2` is no rate"),
    ] {
        repository.run(&[&["mock"], more].concat()).expect(2).says(reason);
    }
}
