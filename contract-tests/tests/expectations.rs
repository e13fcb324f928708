//! The tests' own test: `broken.rs` fails where a finding is missing, where one is too many, and where one is not what was expected.

mod support;

use wireproof_contract::{Finding, Rule, Severity, Side};
use wireproof_openapi::Pointer;

use support::{Expectation, compare};

fn finding(rule: Rule, instance: &str) -> Finding {
    Finding {
        rule,
        severity: Severity::Violation,
        on: Side::Response,
        message: "it is wrong".to_owned(),
        instance: Pointer::from_plain(instance),
        places: Vec::new(),
        schema: Pointer::from_plain("/components/schemas/A"),
        spec: None,
        known: false,
        types: None,
        excerpts: Vec::new(),
    }
}

#[track_caller]
fn check(expected: &str, found: &[Finding], differences: &[&str]) {
    let expectation: Expectation =
        toml::from_str(&format!("recording = 'a.har'\nentry = 0\nverdict = 'violation'\nfindings = [{expected}]")).expect("TOML");
    assert_eq!(compare(&expectation.findings, found), differences);
}

#[test]
fn every_finding_must_be_expected_and_every_expectation_met() {
    const A: &str = "{ rule = 'body-schema', severity = 'violation', on = 'response', instance = '/a' }";
    const ANY: &str = "{ rule = 'body-schema', severity = 'violation', on = 'response' }";
    let (a, b) = (finding(Rule::BodySchema, "/a"), finding(Rule::BodySchema, "/b"));
    let missing = "missing:    violation body-schema on the response, at `/a`, schema anywhere";
    let unexpected = "unexpected: violation body-schema on the response, at `/b`, schema at `/components/schemas/A`: it is wrong";

    check(A, std::slice::from_ref(&a), &[]);
    check(A, &[], &[missing]);
    check(A, &[b.clone(), a.clone()], &[unexpected]);
    check(A, std::slice::from_ref(&b), &[missing, unexpected]);
    check(&format!("{ANY}, {A}"), &[a.clone(), b.clone()], &[]);
    check(&format!("{A}, {A}"), std::slice::from_ref(&a), &[missing]);
    check(A, &[Finding { on: Side::Request, ..a.clone() }], &[missing, &unexpected.replace("response", "request").replace("/b", "/a")]);
    check(A, &[Finding { severity: Severity::Drift, ..a }], &[missing, &unexpected.replace("violation", "drift").replace("/b", "/a")]);
}
