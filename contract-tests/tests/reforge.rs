//! `anyOf: [{required: [id]}, {required: [email]}]`, as users of the generated types meet it: a purge names whom it is about, or it
//! does not exist. `compile_fail.rs` has what the compiler refuses.

mod support;

use std::ops::ControlFlow;

use serde_json::{Value, json};
use wireproof_contract::{Entry, Exchange, Format, Rule, Side};
use wireproof_generated::reforge::{ContactPurgeRequest, ContactPurgeRequestParts, PostContactsPurge};
use wireproof_openapi::Document;
use wireproof_runtime::{Credentials, Field, Null, Operation, Server};

use support::{Recording, Vendor};

const RULE: &str = "one of `id`, `email` must be present";

fn decode(body: &Value) -> Result<ContactPurgeRequest, serde_json::Error> {
    serde_json::from_str(&body.to_string())
}

fn encode(purge: &ContactPurgeRequest) -> Value {
    serde_json::to_value(purge).expect("JSON")
}

#[track_caller]
fn is_refused(body: &Value) {
    let message = decode(body).expect_err("it names nobody").to_string();
    assert!(message.contains(RULE), "{message}");
}

#[track_caller]
fn comes_back_equal(body: &Value) {
    assert_eq!(encode(&decode(body).expect("it names somebody")), *body);
}

#[test]
fn a_body_that_names_nobody_is_refused_with_the_rule() {
    is_refused(&json!({}));
    is_refused(&json!({"source": "x"}));
    // Only the members of the rule count, not how many there are.
    is_refused(&json!({"source": null, "ID": "user123", "e-mail": "john.doe@example.com"}));
}

#[test]
fn a_body_that_names_somebody_comes_back_equal() {
    // Present is all that `required` asks, and null is allowed.
    comes_back_equal(&json!({"id": null}));
    comes_back_equal(&json!({"email": null}));
    comes_back_equal(&json!({"id": ""}));
    comes_back_equal(&json!({"id": "user123", "email": "john.doe@example.com"}));
    comes_back_equal(&json!({"id": "user123", "source": null}));
    comes_back_equal(&json!({"id": null, "beyond": {"the": ["document", 1.50]}}));
}

#[test]
fn a_body_of_the_wrong_form_is_refused_for_that() {
    for (body, problem) in [(json!({"id": 5}), "/id: "), (json!([]), "invalid type: sequence"), (json!(null), "invalid type: null")] {
        let message = decode(&body).expect_err("it has the wrong form").to_string();
        assert!(message.contains(problem) && !message.contains(RULE), "{message}");
    }
}

fn vendor() -> Vendor {
    Vendor::all().expect("the vendors").into_iter().find(|vendor| vendor.name == "reforge").expect("Reforge")
}

fn document() -> Document {
    vendor().document().expect("its document")
}

/// Every exchange of the recordings in a folder.
fn exchanges(folder: &str) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    for name in Recording::names(folder).expect("recordings") {
        let text = Vendor::read(&format!("{folder}/{name}")).expect("a recording");
        let mut keep = |entry: Entry| {
            if let Entry::Exchange(exchange) = entry {
                exchanges.push(*exchange);
            }
            ControlFlow::Continue(())
        };
        wireproof_contract::read(&name, Format::Har, text.as_bytes(), &mut keep).expect("a recording");
    }
    exchanges
}

#[test]
fn schema_and_type_agree_on_every_recorded_request() {
    let vendor = vendor();
    let contract = vendor.contract(None).expect("a contract");
    let (mut allowed, mut refused) = (0, 0);
    for exchange in exchanges(&vendor.recordings).into_iter().chain(exchanges(&vendor.broken())) {
        let checked = contract.check(&exchange);
        let on_request = |rule: Rule| checked.findings.iter().any(|finding| finding.rule == rule && finding.on == Side::Request);
        // What is no JSON, or goes to no operation, is no matter of this schema.
        let Some(body) = exchange.request.body.bytes() else { continue };
        if checked.operation.is_some() && !on_request(Rule::BodyUnparseable) {
            let decoded = serde_json::from_slice::<ContactPurgeRequest>(body);
            assert_eq!(decoded.is_err(), on_request(Rule::RequestBodySchema), "{body:?}: {decoded:?}");
            *if decoded.is_ok() { &mut allowed } else { &mut refused } += 1;
        }
    }
    assert!(allowed > 10 && refused > 5, "{allowed} allowed, {refused} refused");
}

#[test]
fn the_documented_requests_come_back_equal() {
    let document = document();
    let body = document.operations()[0].request_body.as_ref().expect("a request body");
    let examples = &body.content[0].examples;
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["purge-by-id-with-source", "purge-by-id-all-sources", "purge-by-email-with-source", "purge-by-email-all-sources"]);
    for (_, pointer) in examples {
        comes_back_equal(document.get(pointer).expect("an example"));
    }
}

#[test]
fn constructors_and_setters_make_the_documented_requests() {
    for (purge, body) in [
        (ContactPurgeRequest::with_id("user123").source("salesforce"), json!({"id": "user123", "source": "salesforce"})),
        (ContactPurgeRequest::with_email("john.doe@example.com"), json!({"email": "john.doe@example.com"})),
        (ContactPurgeRequest::with_id("a").email("b"), json!({"id": "a", "email": "b"})),
        (ContactPurgeRequest::with_email("b").id("a").source(Null), json!({"id": "a", "email": "b", "source": null})),
        (ContactPurgeRequest::with_id(Null), json!({"id": null})),
        (ContactPurgeRequest::with_id("a").id("b"), json!({"id": "b"})),
    ] {
        assert_eq!(encode(&purge), body);
        assert_eq!(decode(&body).expect("it names somebody"), purge);
    }
}

/// A function of the type itself goes before one of a trait: this one answers only while there is no `ContactPurgeRequest::new`.
#[expect(clippy::new_ret_no_self, reason = "the name is what this is about")]
trait New {
    fn new() -> &'static str {
        "there is no such constructor"
    }
}

impl New for ContactPurgeRequest {}

#[test]
fn there_is_no_constructor_that_asks_for_nothing() {
    assert_eq!(ContactPurgeRequest::new(), "there is no such constructor");
}

#[test]
fn parts_are_checked_before_they_are_a_request() {
    let parts = ContactPurgeRequestParts { source: "salesforce".into(), ..ContactPurgeRequestParts::default() };
    let error = ContactPurgeRequest::try_from(parts.clone()).expect_err("they name nobody");
    assert_eq!(error.rule(), RULE);

    let named = ContactPurgeRequestParts { email: Field::Null, ..parts };
    let purge = ContactPurgeRequest::try_from(named).expect("they name somebody");
    assert_eq!(encode(&purge), json!({"email": null, "source": "salesforce"}));

    // Whoever takes it apart may take away anything, and is asked again.
    let mut parts = purge.into_parts();
    parts.email = Field::Absent;
    assert!(ContactPurgeRequest::try_from(parts).is_err());
}

#[test]
fn members_are_read_through_the_request() {
    let purge = ContactPurgeRequest::with_id("user123").source(Null);
    assert_eq!(purge.id.value().map(String::as_str), Some("user123"));
    assert!(purge.source.is_null() && purge.email.is_absent());
}

#[test]
fn the_operation_puts_it_on_the_wire() {
    let server = Server::parse(&document().servers()[0].url).expect("a server");
    let purge = PostContactsPurge::new(ContactPurgeRequest::with_id("user123"));
    let request = purge.to_request(&server, &Credentials::new().bearer("AdminBearerAuth", "t0k3n")).expect("a request");

    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "https://insights.reforge.com/api/v1/contacts/purge")
    );
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.headers()["authorization"], "Bearer t0k3n");
    assert_eq!(request.body().as_ref(), br#"{"id":"user123"}"#);
}
