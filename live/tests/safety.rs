//! What must never happen: a probe with default settings that sends an operation which changes data a request that could be honoured.
//! A server counts and judges what it is sent; `cargo xtask probe-safety DIR` does the same with documents of others.

mod counting;

use std::collections::BTreeSet;
use std::sync::Arc;

use wireproof_live::plan::{Carries, Plan, PlanOptions, Planner};
use wireproof_openapi::{Document, Source};

const HAZARDS: &str = include_str!("hazards.yaml");

fn document(text: &str) -> Arc<Document> {
    Arc::new(Document::parse(Source::new("t.yaml", text)).expect("a document"))
}

fn plan(options: PlanOptions) -> Plan {
    Planner::new(document(HAZARDS), options).expect("a planner").plan()
}

fn with_token() -> PlanOptions {
    PlanOptions { schemes: BTreeSet::from(["token".to_owned()]), ..PlanOptions::default() }
}

#[tokio::test]
async fn nothing_that_could_be_honoured_is_sent_to_what_changes_data() {
    for text in [HAZARDS, include_str!("orchard.yaml")] {
        for with_credentials in [false, true] {
            let count = counting::count(&document(text), with_credentials).await.expect("it is probed");
            assert_eq!((count.honoured, count.unprotected, count.unknown), (vec![], vec![], vec![]), "{with_credentials}");
            assert!(count.to_changing > 3, "something is sent");
        }
    }
}

/// The judge of the test above can say the other thing: what somebody allows and names is honoured.
#[tokio::test]
async fn what_is_allowed_and_named_is_sent_once_and_could_be_honoured() {
    let options = PlanOptions { allow_destructive: true, targets: vec![("id".to_owned(), "7".to_owned())], ..PlanOptions::default() };
    let count = counting::count_with(&document(HAZARDS), true, options).await.expect("it is probed");
    let deleted: Vec<&str> = count.honoured.iter().map(|request| request.split(' ').take(2).last().unwrap_or_default()).collect();
    // `patchThing` needs a name that no target gives, and what takes no id is not named by any.
    assert_eq!(deleted, ["/open/7", "/open-number/7", "/guarded/7", "/things/7"], "{:?}", count.honoured);
}

#[test]
fn each_hazard_is_met_with_its_own_caution() {
    let plan = plan(with_token());
    let asked: Vec<(String, Vec<&str>)> = plan
        .operations
        .iter()
        .map(|operation| (operation.operation.clone(), operation.requests.iter().map(|request| request.asks.as_str()).collect()))
        .collect();
    let both = ["no credential", "a malformed credential"];
    let expected: [(&str, &[&str]); 16] = [
        // A free id may be somebody's, and nothing else protects it.
        ("openFreeId", &[]),
        ("openNumber", &["impossible `id`"]),
        ("guardedFreeId", &both),
        // Nothing but the credential would protect these, and a filter or a body of DELETE that is left out may mean: all.
        ("guardedAll", &[]),
        ("guardedFilter", &[]),
        ("guardedBodyOfDelete", &[]),
        ("anyoneMay", &[]),
        ("reboot", &[]),
        ("rebootByGet", &[]),
        ("guardedEnum", &[both[0], both[1], "impossible `kind`"]),
        // A PUT makes what is not there, and this one takes any body.
        ("putThing", &[]),
        (
            "patchThing",
            &[
                both[0],
                both[1],
                "a body that breaks `required`",
                "a body that breaks `type`",
                "a body that breaks `required`",
                "a body that is cut off",
                "a wrong content type",
                "no body",
            ],
        ),
        (
            "postForm",
            &[
                both[0],
                both[1],
                "a body that breaks `required`",
                "a body that breaks `required`",
                "a body that breaks `required`",
                "a wrong content type",
                "no body",
            ],
        ),
        ("putParts", &[both[0], both[1], "a body that breaks `required`", "a wrong content type", "no body"]),
        // Whatever is in a form, this one may take.
        ("patchAnyForm", &[both[0], both[1], "a wrong content type", "no body"]),
        ("postMarkup", &[both[0], both[1], "a wrong content type", "no body"]),
    ];
    let expected: Vec<(String, Vec<&str>)> = expected.iter().map(|(name, asked)| ((*name).to_owned(), asked.to_vec())).collect();
    assert_eq!(asked, expected);
    for operation in &plan.operations {
        assert!(!operation.requests.is_empty() || !operation.left_out.is_empty(), "silence has a reason: {operation:?}");
        for request in &operation.requests {
            assert!(!String::from_utf8_lossy(&request.body).contains("jane"), "no example is sent where it might be somebody: {request:?}");
        }
    }
}

#[test]
fn without_credentials_none_is_claimed() {
    let carried = |options| plan(options).operations.iter().flat_map(|operation| operation.requests.clone()).collect::<Vec<_>>();
    assert!(carried(with_token()).iter().any(|request| matches!(request.carries, Carries::Real(_))));
    assert!(carried(PlanOptions::default()).iter().all(|request| !matches!(request.carries, Carries::Real(_))));
}

#[test]
fn a_server_in_earnest_is_asked_only_when_it_is_named() {
    let text = HAZARDS.replace("sandbox.hazards.example", "api.hazards.example");
    let planned = |options| {
        let plan = Planner::new(document(&text), options).expect("a planner").plan();
        plan.operations.iter().flat_map(|operation| operation.requests.clone()).map(|request| request.url).collect::<Vec<_>>()
    };
    assert_eq!(planned(with_token()), Vec::<String>::new());
    let named = planned(PlanOptions { server: Some("https://api.hazards.example".to_owned()), ..with_token() });
    assert!(!named.is_empty() && named.iter().all(|url| url.starts_with("https://api.hazards.example/")), "{named:?}");
}
