//! `probe` against servers on this machine: one that keeps its contract, and several that should make it stop, wait or tell.
#![cfg(feature = "live")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use support::{Done, Repository};

/// A document with an operation of each risk.
const ZOO: &str = "\
openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
security: [{key: []}]
paths:
  /animals/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get:
      operationId: getAnimal
      responses:
        '200': {description: it, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
        '401': {description: who is there}
        '400': {description: no id}
        '404': {description: none}
    delete:
      operationId: deleteAnimal
      responses:
        '204': {description: gone}
        '400': {description: no id}
        '401': {description: who is there}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
";

const CANARY: &str = "canary-7f3a9c";

/// A server that answers each request by its first line and headers, and keeps what it was sent.
struct Server {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let keep = Arc::clone(&seen);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                // Bodies of these requests are small enough to come with their headers, or not to matter.
                while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let _ = stream.write_all(answer(&request).as_bytes());
                keep.lock().expect("nobody panicked").push(request);
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("nobody panicked").clone()
    }
}

/// An answer on the wire.
fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn zoo() -> Repository {
    let repository = Repository::new();
    repository.write("zoo.yaml", ZOO);
    repository.write(
        "wireproof.toml",
        &format!("[vendors.zoo]\nspec = \"zoo.yaml\"\n[vendors.zoo.auth]\nkey = {{ command = [\"echo\", \"{CANARY}\"] }}\n"),
    );
    repository
}

fn probe(server: &Server, more: &[&str]) -> Done {
    let call = ["probe", "zoo", "--server", &server.address, "--rate", "1000"];
    zoo().run(&[&call[..], more].concat())
}

/// The zoo as it should be.
fn good(request: &str) -> String {
    if !request.to_ascii_lowercase().contains(&format!("x-key: {CANARY}\r\n")) {
        return answer("401 Unauthorized", "", "");
    }
    if !request.contains("/animals/") || request.contains("impossible") || request.starts_with("DELETE") {
        return answer("400 Bad Request", "", "");
    }
    answer("200 OK", "Content-Type: application/json\r\n", r#"{"name": "Rex"}"#)
}

#[test]
fn a_server_that_keeps_the_contract_holds() {
    let server = Server::new(good);
    let report = probe(&server, &["--format", "json"]).expect(0).json();
    assert_eq!(report["summary"]["conforms"], 7);
    let statuses: Vec<_> = report["exchanges"].as_array().expect("a list").iter().map(|exchange| exchange["status"].clone()).collect();
    assert_eq!(statuses, [401, 401, 200, 400, 401, 401, 400]);
    let seen = server.seen();
    assert_eq!(seen.len(), 7);
    let deletions = seen.iter().filter(|request| request.starts_with("DELETE"));
    for deletion in deletions {
        let with_key = deletion.contains(CANARY);
        assert!(!with_key || deletion.contains("impossible"), "a deletion carries the key only to an id that cannot be: {deletion}");
    }
}

#[test]
fn a_deletion_that_is_honoured_stops_everything() {
    let server = Server::new(|request| if request.starts_with("DELETE") { answer("204 No Content", "", "") } else { good(request) });
    let done = probe(&server, &["--allow-destructive", "--target", "id=123e4567-e89b-12d3-a456-426614174000"]).expect(1);
    let done = done.says("STOPPED: `deleteAnimal` honoured a request that could not succeed (no credential)");
    done.prints("security-missing").prints("the contract does not hold");
    let deletions = server.seen().iter().filter(|request| request.starts_with("DELETE")).count();
    assert_eq!(deletions, 1, "nothing was sent after it");
}

#[test]
fn what_is_allowed_and_named_is_sent_once() {
    let id = "123e4567-e89b-12d3-a456-426614174000";
    let server = Server::new(move |request| {
        if request.starts_with(&format!("DELETE /animals/{id} ")) && request.contains(CANARY) {
            return answer("204 No Content", "", "");
        }
        good(request)
    });
    probe(&server, &["--allow-destructive", "--target", &format!("id={id}")]).expect(0);
    let sent = server.seen().iter().filter(|request| request.contains(id) && request.starts_with("DELETE")).count();
    assert_eq!(sent, 1);
    zoo().run(&["probe", "zoo", "--allow-destructive"]).expect(2).says("--target");
}

#[test]
fn what_the_document_lacks_is_drift_and_redirects_are_not_followed() {
    let elsewhere = Server::new(|_| answer("200 OK", "", ""));
    let location = format!("Location: {}/login\r\n", elsewhere.address);
    let server = Server::new(move |_| answer("302 Found", &location, ""));
    let done = probe(&server, &[]).expect(1);
    done.prints("status 302 is not documented").prints("answered 302, a redirect that was not followed, expected 401, 403");
    assert_eq!(elsewhere.seen(), Vec::<String>::new());
}

#[test]
fn a_credential_shows_nowhere_whatever_the_server_does_with_it() {
    let server = Server::new(|request| {
        let body = format!("{{\"name\": 7, \"you sent\": {request:?}}}");
        answer("200 OK", &format!("Content-Type: application/json\r\nX-Echo: {CANARY}\r\nSet-Cookie: k={CANARY}\r\n"), &body)
    });
    let repository = zoo();
    // Only what is safe goes on after such an answer.
    repository.edit("zoo.yaml", "    delete:\n      operationId: deleteAnimal\n", "    head:\n      operationId: headAnimal\n");
    let mut call = vec!["probe", "zoo", "--server", &server.address, "--rate", "1000", "--show-values", "--verbose"];
    call.extend(["--format", "pretty"]);
    for format in ["json", "ndjson", "html", "junit", "sarif", "markdown"] {
        call.extend(["--format", format, "--output", format]);
    }
    // The first format goes to standard output, the others to files.
    let at = call.iter().position(|word| *word == "--output").expect("there are some");
    call.splice(at - 2..at - 2, ["--output", "-"]);
    let done = repository.run(&call).expect(1);
    assert!(server.seen().iter().any(|request| request.contains(CANARY)), "the credential was sent");
    let mut texts = vec![done.out, done.err];
    texts.extend(["json", "ndjson", "html", "junit", "sarif", "markdown"].iter().map(|file| repository.read(file)));
    for text in texts {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[test]
fn a_client_of_oauth_gets_itself_a_token() {
    let server = Server::new(|request| {
        if request.starts_with("POST /token ") {
            // `id:s3cret` in base64.
            let known = request.contains("Basic aWQ6czNjcmV0") && request.contains("application/x-www-form-urlencoded");
            let body = if known { r#"{"access_token": "fresh-token", "token_type": "bearer"}"# } else { "{}" };
            return answer("200 OK", "Content-Type: application/json\r\n", body);
        }
        good(&request.replace("Bearer fresh-token\r\n", &format!("x\r\nx-key: {CANARY}\r\n")))
    });
    let repository = zoo();
    repository.edit("zoo.yaml", "key: {type: apiKey, in: header, name: X-Key}", "key: {type: oauth2, flows: {}}");
    let part = |text: &str| format!("{{ command = [\"echo\", \"{text}\"] }}");
    let client = |url: &str| {
        format!(
            "[vendors.zoo]\nspec = \"zoo.yaml\"\n[vendors.zoo.auth]\nkey = {{ client-id = {}, client-secret = {}, token-url = \"{url}\" }}\n",
            part("id"),
            part("s3cret")
        )
    };
    let call = ["probe", "zoo", "--server", &server.address, "--rate", "1000"];
    repository.write("wireproof.toml", &client(&format!("{}/token", server.address)));
    repository.run(&call).expect(0);
    assert!(server.seen().iter().any(|request| request.starts_with("GET") && request.contains("Bearer fresh-token")));
    repository.write("wireproof.toml", &client(&format!("{}/none", server.address)));
    repository.run(&call).expect(2).says("no token for `key`: the token server answered 4");
    repository.write("wireproof.toml", &client("http://tokens.example/token"));
    repository.run(&call).expect(2).says("`tokens.example` would be sent the secret in the clear");
}

#[test]
fn a_server_that_asks_for_rest_gets_it() {
    let server = Server::new(|_| answer("401 Unauthorized", "Retry-After: 3600\r\n", ""));
    probe(&server, &[]).says("note: zoo: the server asks to be left alone for");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_budget_is_kept_and_a_server_that_is_gone_is_left() {
    let server = Server::new(good);
    probe(&server, &["--budget", "2"]).expect(0).says("the budget is spent, 5 requests were not sent");
    assert_eq!(server.seen().len(), 2);
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port that is free again");
    let done = zoo().run(&["probe", "zoo", "--server", &format!("http://{gone}"), "--rate", "1000"]).expect(2);
    done.says("the server does not answer").says("nothing was checked");
}

#[test]
fn a_plan_is_shown_without_asking_for_secrets_and_names_its_reasons() {
    let repository = zoo();
    repository.edit("wireproof.toml", "\"echo\"", "\"no-such-program\"");
    let done = repository.run(&["probe", "--dry-run"]).expect(0);
    let done = done.prints("deleteAnimal  DELETE /animals/{id}  destructive, its method is `DELETE`").prints("X-Key: ***");
    done.prints("harmless because `id` is a value that its schema forbids").prints("expects 400, 404, 422");
    let plans = repository.run(&["probe", "--dry-run", "--format", "json"]).expect(0).json();
    let operations = plans["plans"][0]["operations"].as_array().expect("a list").clone();
    assert_eq!(operations.iter().map(|operation| operation["risk"].clone()).collect::<Vec<_>>(), ["safe", "destructive"]);
    assert_eq!(operations[1]["requests"][0]["carries"], "nothing");
}

#[test]
fn calls_that_cannot_be_used_are_refused() {
    let repository = zoo();
    for (more, reason) in [
        (&["zoo"][..], "`https://zoo.example` is no sandbox: `--server https://zoo.example` says that it may be asked"),
        (&["zoo", "--server", "zoo"], "is no absolute URL"),
        (&["zoo", "--credential", "kay=X"], "has no security scheme `kay`\n  help: did you mean `key`?"),
        (&["zoo", "--credential", "key"], "`--credential` has the form `SCHEME=VARIABLE`"),
        (&["zoo", "--server", "http://127.0.0.1:9", "--rate", "0"], "`0` is no rate"),
        (&["--spec", "zoo.yaml", "--server", "http://127.0.0.1:9", "--credential", "key=NO_SUCH_ONE"], "no variable `NO_SUCH_ONE`"),
    ] {
        repository.run(&[&["probe"], more].concat()).expect(2).says(reason);
    }
}
