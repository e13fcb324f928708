//! What the integration tests share: documents from text, exchanges in one line, and findings in short form.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use wireproof_contract::{Body, Checked, Contract, Exchange, Headers, Message, Options};
use wireproof_openapi::{Document, Source};

/// A document from YAML text, as `api.yaml`.
#[track_caller]
pub(crate) fn document(text: &str) -> Arc<Document> {
    match Document::parse(Source::new("api.yaml", text)) {
        Ok(document) => Arc::new(document),
        Err(error) => panic!("{error}"),
    }
}

/// A contract without options.
#[track_caller]
pub(crate) fn contract(text: &str) -> Contract {
    Contract::new(document(text), Options::default()).expect("a contract")
}

/// `paths` and `components` under a head that every document needs.
pub(crate) fn api(rest: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\nservers: [{{url: 'https://api.test/v1'}}]\n{rest}")
}

/// A request without body and an answer with a JSON body; `""` leaves the body out.
pub(crate) fn exchange(method: &str, path: &str, status: u16, body: &str) -> Exchange {
    let mut response = Message { headers: Headers::new(), body: Body::from_bytes(body.to_owned()) };
    if !body.is_empty() {
        response.headers.push("Content-Type", "application/json");
    }
    Exchange { method: method.to_owned(), url: format!("https://api.test/v1{path}"), request: Message::default(), status, response }
}

/// The same with a request body.
pub(crate) fn with_request(mut exchange: Exchange, content_type: &str, body: &str) -> Exchange {
    exchange.request.headers.push("Content-Type", content_type);
    exchange.request.body = Body::from_bytes(body.to_owned());
    exchange
}

/// Findings as `severity rule instance schema: message`, one to a line.
pub(crate) fn short(checked: &Checked) -> String {
    let lines = checked.findings.iter().map(|finding| {
        let places = if finding.places.is_empty() { String::new() } else { format!(" x{}", finding.places.len()) };
        format!("{} {} [{}]{places} {}: {}", finding.severity.name(), finding.rule, finding.instance, finding.schema, finding.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Rules and places only.
pub(crate) fn rules(checked: &Checked) -> Vec<String> {
    checked.findings.iter().map(|finding| format!("{} {} {}", finding.severity.name(), finding.rule, finding.instance)).collect()
}
