//! The example `erase_contact`: what it would send keeps the contract of each vendor, and shows no secret.

mod support;

#[expect(dead_code, reason = "what `main` alone needs")]
#[path = "../../examples/erase_contact.rs"]
mod example;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};

use wireproof_contract::{Body, Exchange, Headers, Message, Side};
use wireproof_generated::reforge::PostContactsPurge;
use wireproof_runtime::{Bytes, Operation, Server, http};

use example::{Account, EXAMPLE, accounts, at_reforge, erasure, send, show};

use support::Vendor;

fn example_accounts() -> [Account; 4] {
    accounts(|variable| Some(format!("secret of {variable}"))).expect("every variable is set")
}

/// Holds what is sent against the vendor's document; no answer is of interest, so it is one that no document has.
#[track_caller]
fn keeps_contract(vendor: &str, account: &Account, operation: &impl Operation) {
    let request = operation.to_request(&account.server, &account.credentials).expect("a request");
    let headers: Headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text"))).collect();
    let exchange = Exchange {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        request: Message { headers, body: Body::from_bytes(request.into_body()) },
        status: 299,
        response: Message::default(),
    };
    let vendors = Vendor::all().expect("the vendors");
    let vendor = vendors.iter().find(|known| known.name == vendor).expect("a vendor");
    let checked = vendor.contract(None).expect("a contract").check(&exchange);
    assert!(checked.operation.is_some(), "{:?}", checked.findings);
    let ours: Vec<String> =
        checked.findings.into_iter().filter(|finding| finding.on == Side::Request).map(|finding| finding.message).collect();
    assert_eq!(ours, Vec::<String>::new());
}

#[test]
fn every_request_keeps_its_contract() {
    let (purge, from_clemta, from_leadlex, from_rolodex) = erasure(EXAMPLE);
    let [reforge, clemta, leadlex, rolodex] = example_accounts();
    keeps_contract("reforge", &reforge, &purge);
    keeps_contract("clemta", &clemta, &from_clemta);
    keeps_contract("leadlex", &leadlex, &from_leadlex);
    keeps_contract("rolodex", &rolodex, &from_rolodex);
}

#[test]
fn requests_are_shown_without_secrets() {
    let (purge, from_clemta, from_leadlex, from_rolodex) = erasure(EXAMPLE);
    let [reforge, clemta, leadlex, rolodex] = example_accounts();
    let shown = [show(&reforge, &purge), show(&clemta, &from_clemta), show(&leadlex, &from_leadlex), show(&rolodex, &from_rolodex)];
    let shown: Vec<String> = shown.into_iter().map(|text| text.expect("a request")).collect();
    assert_eq!(shown.join("\n"), REQUESTS);
}

const REQUESTS: &str = r#"Reforge Insights (formerly Monterey AI) API
  POST https://insights.reforge.com/api/v1/contacts/purge
  content-type: application/json
  authorization: ***

  {"email":"john.doe@example.com"}

Clemta Formation API
  DELETE https://api.clemta.com/contacts/64b8f1a2e4b0c8d9f0123456
  x-api-key: ***

LeadLex API
  DELETE https://data.leadlex.com/functions/v1/api-gateway/v1/contacts/123e4567-e89b-12d3-a456-426614174000
  idempotency-key: erase-123e4567-e89b-12d3-a456-426614174000
  authorization: ***

Rolodex CRM User API
  DELETE https://api.rolodexcrm.com/user-api/v1/contacts/contact_67890?include=emails,phone_numbers
  authorization: ***
"#;

#[test]
fn nothing_is_sent_while_a_credential_is_missing() {
    let refused = |given: &[&str]| {
        let outcome = accounts(|variable| given.contains(&variable).then(|| "secret".to_owned()));
        outcome.map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(refused(&[]), Err("nothing was sent: set REFORGE_TOKEN, CLEMTA_API_KEY, LEADLEX_API_KEY, ROLODEX_API_KEY first".to_owned()));
    assert_eq!(
        refused(&["REFORGE_TOKEN", "CLEMTA_API_KEY", "ROLODEX_API_KEY"]),
        Err("nothing was sent: set LEADLEX_API_KEY first".to_owned())
    );
    assert_eq!(refused(&["REFORGE_TOKEN", "CLEMTA_API_KEY", "LEADLEX_API_KEY", "ROLODEX_API_KEY"]), Ok(()));
}

/// A server that takes one request, gives one answer, and hands over what it was sent.
fn server(answer: &'static str) -> (Server, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let server = Server::parse(&format!("http://{}/api", listener.local_addr().expect("an address"))).expect("a URL");
    let sent = thread::spawn(move || {
        let mut stream = listener.accept().expect("a request").0;
        let mut sent = Vec::new();
        while !sent.ends_with(b"}") {
            let mut chunk = [0; 1024];
            let length = stream.read(&mut chunk).expect("a part of the request");
            assert!(length > 0, "the request has a body, which ends in a brace");
            sent.extend_from_slice(&chunk[..length]);
        }
        stream.write_all(answer.as_bytes()).expect("an answer");
        String::from_utf8(sent).expect("text")
    });
    (server, sent)
}

#[tokio::test]
async fn what_is_sent_is_what_was_shown() {
    let answer = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let (server, sent) = server(answer);
    let [account, ..] = example_accounts();
    assert!(send(Account { server, ..account }, &erasure(EXAMPLE).0, at_reforge).await, "nobody is there any more");

    let sent = sent.join().expect("the server ends");
    assert!(sent.starts_with("POST /api/contacts/purge HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\nauthorization: Bearer secret of REFORGE_TOKEN\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"email\":\"john.doe@example.com\"}"), "{sent}");
}

#[test]
fn answers_are_told_by_their_variant() {
    let told = |status: u16, body: &'static str| {
        let response = http::Response::builder().status(status).header("content-type", "application/json").body(Bytes::from(body));
        at_reforge(PostContactsPurge::from_response(response.expect("a response")).expect("it fits its type"))
    };
    assert_eq!(told(200, r#"{"success": true}"#), Ok("the purge has begun, and goes on after this answer"));
    assert_eq!(told(200, r#"{"success": false}"#), Err("the purge did not begin".to_owned()));
    assert_eq!(told(404, r#"{"error": "No contacts found"}"#), Ok("there was no such contact"));
    assert_eq!(told(401, "{}"), Err("answered 401 Unauthorized, which is not documented".to_owned()));
}
