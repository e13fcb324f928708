//! The mock: what it answers, what it refuses, and what it breaks on purpose, each held against the contract.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use wireproof_contract::{Body, Checked, Contract, Exchange, Headers, Message, Options, Rule, Severity};
use wireproof_live::mock::{Answer, Injection, Mock, MockOptions, Request};
use wireproof_openapi::{Document, Source};

const ORCHARD: &str = include_str!("orchard.yaml");

fn document() -> Arc<Document> {
    Arc::new(Document::parse(Source::new("orchard.yaml", ORCHARD)).expect("a document"))
}

fn mock(options: MockOptions) -> Mock {
    Mock::new(document(), options).expect("a mock")
}

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let headers: Headers = headers.iter().copied().collect();
    Request { method: method.to_owned(), url: url.to_owned(), headers, body: body.to_owned().into() }
}

fn get(url: &str, headers: &[(&str, &str)]) -> Request {
    let headers: Vec<_> = [("X-Key", "k")].into_iter().chain(headers.iter().copied()).collect();
    request("GET", url, &headers, "")
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

/// What the contract says of a request and its answer.
fn checked(asked: &Request, answer: &Answer) -> Checked {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(document(), Options::default()).expect("a contract"));
    CONTRACT.check(&Exchange {
        method: asked.method.clone(),
        url: asked.url.clone(),
        request: Message { headers: asked.headers.clone(), body: Body::from_bytes(asked.body.clone()) },
        status: answer.status,
        response: Message { headers: answer.headers.clone(), body: Body::from_bytes(answer.body.clone()) },
    })
}

fn rules(checked: &Checked) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        checked.findings.iter().filter(|finding| finding.severity > Severity::Note).map(|finding| finding.rule).collect();
    rules.dedup();
    rules
}

const PLANT: &str = r#"{"id": 1, "kind": "oak", "secret": "s"}"#;

fn plant(body: &str) -> Request {
    request("POST", "/v2/trees", &[("X-Key", "k"), ("Content-Type", "application/json")], body)
}

#[test]
fn examples_come_first_and_preferences_choose() {
    let mock = mock(MockOptions::default());
    for (headers, status, expected) in [
        (&[][..], 200, json!({"id": 7, "kind": "oak", "apples": [{"grams": 80}]})),
        (&[("Prefer", "example=young")], 200, json!({"id": 8, "kind": "elm"})),
        (&[("Prefer", "code=200, example=young")], 200, json!({"id": 8, "kind": "elm"})),
    ] {
        let answer = mock.answer(&get("/v2/trees/7", headers));
        assert_eq!((answer.status, json_of(&answer)), (status, expected), "{headers:?}");
    }
    for (headers, status, title) in [
        (&[("Prefer", "code=418")][..], 400, "not documented"),
        (&[("Prefer", "example=dead")], 400, "not documented"),
        (&[("Accept", "image/png")], 406, "not acceptable"),
    ] {
        let answer = mock.answer(&get("/v2/trees/7", headers));
        assert_eq!((answer.status, &json_of(&answer)["title"]), (status, &json!(title)), "{headers:?}");
    }
    let unknown = mock.answer(&get("/v2/trees/7", &[("Prefer", "example=dead")]));
    assert!(unknown.note.as_ref().is_some_and(|note| note.ends_with("known are `old`, `young`")), "{unknown:?}");
    let csv = mock.answer(&get("/v2/trees/7", &[("Accept", "text/csv, application/json;q=0.5")]));
    assert_eq!((csv.headers.get("content-type"), &csv.body[..]), (Some("text/csv"), &b"id,kind\n7,oak\n"[..]));
}

#[test]
fn whatever_is_asked_for_the_answer_keeps_the_contract() {
    for seed in 0..8 {
        let mock = mock(MockOptions { seed, ..MockOptions::default() });
        let mut asked = vec![plant(PLANT), request("DELETE", "/v2/trees/3", &[("X-Key", "k")], ""), get("/v2/weather", &[])];
        for code in ["200", "401", "404"] {
            let prefer = format!("code={code}, dynamic=true");
            asked.extend((1..6).map(|id| get(&format!("/v2/trees/{id}?view=short"), &[("Prefer", &prefer)])));
        }
        for asked in asked {
            let answer = mock.answer(&asked);
            let checked = checked(&asked, &answer);
            assert_eq!((rules(&checked), answer.status < 500), (vec![], true), "{asked:?}\n{answer:?}");
        }
    }
}

#[test]
fn an_example_that_breaks_its_schema_is_not_served() {
    let answer = mock(MockOptions::default()).answer(&get("/v2/weather", &[]));
    assert!(json_of(&answer)["sky"].is_string(), "{answer:?}");
}

#[test]
fn a_document_that_cannot_be_kept_to_is_kept_to_as_far_as_it_goes() {
    let asked = get("/v2/odd", &[]);
    let answer = mock(MockOptions::default()).answer(&asked);
    assert_eq!((answer.status, rules(&checked(&asked, &answer))), (200, vec![Rule::UndocumentedField]), "{answer:?}");
    assert!(answer.note.as_ref().is_some_and(|note| note.starts_with("the document itself cannot be kept to: `/data`")), "{answer:?}");
}

#[test]
fn bodies_follow_from_seed_and_request() {
    let asked = |id: u8| get(&format!("/v2/trees/{id}"), &[("Prefer", "dynamic=true")]);
    let all = |seed| {
        let mock = mock(MockOptions { seed, ..MockOptions::default() });
        (1..20).map(|id| mock.answer(&asked(id)).body).collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
    assert!(all(1).iter().any(|body| *body != all(1)[0]), "requests make a difference");
}

#[test]
fn what_breaks_the_document_is_refused_as_it_says() {
    let mock = mock(MockOptions::default());
    for (asked, status, rule) in [
        (request("GET", "/v2/trees/7", &[], ""), 401, "security-missing"),
        (request("DELETE", "/v2/trees/7", &[], ""), 401, "security-missing"),
        (request("DELETE", "/v2/trees/7", &[("X-Key", "wireproof!malformed!credential")], ""), 401, "security-missing"),
        (get("/v2/trees/seven", &[]), 404, "parameter-schema"),
        (get("/v2/trees/7?view=none", &[]), 400, "parameter-schema"),
        (plant("{"), 422, "body-unparseable"),
        (plant(r#"{"id": 1}"#), 422, "request-body-schema"),
        (plant(""), 422, "request-body-missing"),
        (request("POST", "/v2/trees", &[("X-Key", "k"), ("Content-Type", "text/plain")], "tree"), 422, "request-body-schema"),
    ] {
        let answer = mock.answer(&asked);
        assert_eq!((answer.status, answer.headers.get("wireproof-refused")), (status, Some(rule)), "{asked:?}\n{answer:?}");
        if status == 422 {
            assert_eq!(json_of(&answer), json!({"message": "not a tree"}));
        }
    }
    assert!(json_of(&mock.answer(&request("GET", "/v2/trees/7", &[], "")))["message"].is_string(), "the document's own 401");
    let unknown = mock.answer(&request("PATCH", "/v2/trees/7", &[], ""));
    assert_eq!((unknown.status, unknown.headers.get("allow")), (405, Some("DELETE, GET")));
    assert_eq!(mock.answer(&get("/v2/forests", &[])).status, 404);
    assert_eq!(mock.answer(&request("HEAD", "/v2/weather", &[], "")).status, 200);
}

#[test]
fn each_rule_is_broken_alone() {
    let mut broken = Vec::new();
    for rule in Injection::RULES {
        let mock = mock(MockOptions { inject: Some(Injection::always(*rule).expect("it can be")), ..MockOptions::default() });
        let mut caught = 0;
        for asked in [get("/v2/trees/7", &[]), plant(PLANT), request("DELETE", "/v2/trees/3", &[("X-Key", "k")], "")] {
            let answer = mock.answer(&asked);
            let found = rules(&checked(&asked, &answer));
            match found.as_slice() {
                [only] if only == rule => caught += 1,
                [] => assert!(answer.note.as_ref().is_some_and(|note| note.contains("cannot be broken here")), "{rule}: {answer:?}"),
                more => panic!("{rule}: {more:?} in {answer:?}"),
            }
        }
        broken.push((rule.name(), caught > 0));
    }
    assert!(broken.iter().all(|(_, caught)| *caught), "{broken:?}");
}

#[test]
fn a_rate_breaks_some_answers_and_leaves_others() {
    let inject: Injection = "body-missing=0.5".parse().expect("a rate");
    let mock = mock(MockOptions { inject: Some(inject), ..MockOptions::default() });
    let asked = get("/v2/trees/7", &[]);
    let missing = (0..200).filter(|_| mock.answer(&asked).body.is_empty()).count();
    assert!((60..140).contains(&missing), "{missing}");
}
