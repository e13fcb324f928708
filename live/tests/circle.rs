//! The circle on one machine: each vendor of this repository is played by the mock, asked by the probe, and the answers held against its
//! document. The mock refuses as documented where it can; where the document has no refusal, the answer is drift, and never more.

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use wireproof_contract::{Contract, Options, Rule, Severity};
use wireproof_live::credentials::{Credential, Credentials, Secret};
use wireproof_live::mock::{Injection, Mock, MockOptions, serve};
use wireproof_live::net;
use wireproof_live::plan::{PlanOptions, Planner};
use wireproof_live::probe::{Ended, Outcome, ProbeOptions, probe};
use wireproof_openapi::{Document, Source};

const VENDORS: [(&str, &str); 4] = [
    ("reforge", include_str!("../../specs/reforge/openapi.yaml")),
    ("clemta", include_str!("../../specs/clemta/openapi.yaml")),
    ("leadlex", include_str!("../../specs/leadlex/openapi.yaml")),
    ("rolodex", include_str!("../../specs/rolodex/openapi.yaml")),
];

/// What a probe of a mock comes to: how many answers there were, and the rules that they break, notes apart.
async fn circle(name: &str, text: &str, inject: Option<Injection>) -> (usize, Vec<Rule>) {
    let document = Arc::new(Document::parse(Source::new(name, text)).expect("a document"));
    let listener = net::listen(SocketAddr::from(([127, 0, 0, 1], 0)), false).expect("a port is free");
    let server = format!("http://{}", listener.local_addr().expect("an address"));
    let options = MockOptions { servers: vec![server.clone()], inject, ..MockOptions::default() };
    let mock = Arc::new(Mock::new(Arc::clone(&document), options).expect("a mock"));
    let serving = tokio::spawn(serve(mock, listener, std::future::pending(), |_| ()));

    let mut credentials = Credentials::none();
    for scheme in document.security_schemes() {
        credentials.insert(scheme.name.clone(), Credential::Key(Secret::new("user:real-key")));
    }
    let schemes = credentials.schemes().map(str::to_owned).collect();
    let planner = Planner::new(Arc::clone(&document), PlanOptions { server: Some(server.clone()), schemes, ..PlanOptions::default() });
    let plan = planner.expect("a planner").plan();
    let contract = Contract::new(Arc::clone(&document), Options { servers: vec![server], ..Options::default() }).expect("a contract");
    let quickly = ProbeOptions { interval: Duration::ZERO, ..ProbeOptions::default() };
    let (mut answers, mut rules) = (0, Vec::new());
    let ended = probe(&document, &plan, &credentials, &quickly, |probed| {
        let Outcome::Answered(exchange) = &probed.outcome else { panic!("{name}: {probed:?}") };
        let findings = contract.check(exchange).findings;
        rules.extend(findings.iter().filter(|finding| finding.severity > Severity::Note).map(|finding| finding.rule));
        answers += 1;
        ControlFlow::Continue(())
    });
    assert_eq!(ended.await.expect("it is probed"), Ended::Complete, "{name}");
    serving.abort();
    rules.sort();
    rules.dedup();
    (answers, rules)
}

#[tokio::test]
async fn every_vendor_is_played_and_probed_and_only_what_no_document_has_is_drift() {
    for (name, text) in VENDORS {
        let (answers, rules) = circle(name, text, None).await;
        // Clemta documents all the refusals that the probe asks for.
        let expected: &[Rule] = if name == "clemta" { &[] } else { &[Rule::StatusUndocumented] };
        assert_eq!(rules, expected, "{name}");
        assert!(answers >= 2, "{name}: {answers}");
    }
}

#[tokio::test]
async fn a_rule_that_is_broken_on_purpose_is_found_on_the_way_around() {
    for rule in [Rule::BodySchema, Rule::BodyUnparseable, Rule::ContentTypeUndocumented, Rule::UndocumentedField, Rule::StatusUndocumented]
    {
        let (_, rules) = circle("clemta", VENDORS[1].1, Some(Injection::always(rule).expect("it can be"))).await;
        assert_eq!(rules, [rule]);
    }
}
