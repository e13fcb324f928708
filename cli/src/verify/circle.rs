//! `verify --mock`: the whole circle on one machine. A mock plays the vendor, a probe asks it through the recording proxy, and the recording
//! is held against the document. Nothing leaves the machine. Parts of `wireproof-live` do the work: `mock`, `plan`, `probe`, `record`.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use wireproof_contract::{Contract, Contracts, Event, Options, Part, Redactor, Rule, Severity, State};
use wireproof_live::credentials::{Credential, Credentials, Secret};
use wireproof_live::mock::{Injection, Mock, MockOptions, serve};
use wireproof_live::net;
use wireproof_live::plan::{PlanOptions, Planner};
use wireproof_live::probe::{Ended, Outcome, ProbeOptions, probe};
use wireproof_live::record::{self, Next, Proxy, Taken, Upstream, random_key};
use wireproof_openapi::Document;
use wireproof_runtime::Api;

use crate::error::Failure;
use crate::output::{Stream, count, printable};
use crate::progress::Progress;
use crate::record::file::{Form, RecordingWriter};
use crate::recordings;

const TOPIC: &str = "mock";

/// How long an exchange may take to arrive from the proxy once its answer has.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is found in a recording: how it weighs, by which rule, and a line about it.
type Found = (Severity, Rule, String);

/// What went around.
struct Round {
    /// How many requests were answered.
    answered: usize,
    /// How many exchanges the recording holds.
    recorded: usize,
    /// What was found in the recording, notes apart.
    found: Vec<Found>,
}

/// The part of a vendor's proof; `api` has its generated types, where they are linked and fresh.
pub(super) fn part(document: &Arc<Document>, api: Option<&'static Api>) -> Part {
    let round = match around(document, api, None) {
        Ok(round) => round,
        Err(failure) => return super::vendor::unusable(TOPIC, &failure),
    };
    let answers = count(round.answered, "answer");
    if round.answered == 0 {
        return Part::new(TOPIC, State::Absent, "there is nothing that a probe could ask without harm");
    }
    if round.recorded != round.answered {
        let text = format!("{answers} passed the proxy, of which {} were recorded", round.recorded);
        return Part::new(TOPIC, State::Broken, text);
    }
    let (broken, drift): (Vec<_>, Vec<_>) = round.found.into_iter().partition(|(severity, ..)| *severity == Severity::Violation);
    if !broken.is_empty() {
        let text = format!("{} in {answers} of the mock", count(broken.len(), "violation"));
        return Part::new(TOPIC, State::Broken, text).with_details(broken.into_iter().map(|(.., line)| line).collect());
    }
    let text = format!("played, probed and recorded: {answers} keep what the document promises");
    // A mock refuses what has to be refused, whether or not the document says how: that is the document's lack, not the vendor's.
    let text = match drift.len() {
        0 => text,
        lacking => format!("{text}, {lacking} with a refusal that it does not document"),
    };
    Part::new(TOPIC, State::Holds, text)
}

/// Plays, probes, records and checks.
fn around(document: &Arc<Document>, api: Option<&'static Api>, inject: Option<Injection>) -> Result<Round, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::io("make", "a folder for the recording", &error))?;
    let into = folder.path().join("mock.har");
    let (answered, server) = net::block_on(record(document, inject, &into)).map_err(failed)??;
    let (recorded, found) = check(document, api, server, &into)?;
    Ok(Round { answered, recorded, found })
}

/// Records what a mock answers to a probe; how many answers there were, and the address that was asked.
async fn record(document: &Arc<Document>, inject: Option<Injection>, into: &Path) -> Result<(usize, String), Failure> {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = net::listen(here, false).map_err(failed)?;
    let mock_at = listener.local_addr().map_err(|error| Failure::new(format!("cannot tell the address of the mock: {error}")))?;
    let upstream = Upstream::parse(&format!("http://{mock_at}")).map_err(failed)?;
    let origin = upstream.origin();
    let proxy = Proxy::start(record::Options::new(here, upstream)).map_err(failed)?;
    let server = format!("http://{}", proxy.address());
    let options = MockOptions { servers: vec![origin.clone(), server.clone()], inject, ..MockOptions::default() };
    let mock = Arc::new(Mock::new(Arc::clone(document), options).map_err(failed)?);

    let mut credentials = Credentials::none();
    for scheme in document.security_schemes() {
        credentials.insert(scheme.name.clone(), Credential::Key(Secret::new("mock:key-of-the-mock")));
    }
    let schemes = credentials.schemes().map(str::to_owned).collect();
    let options = PlanOptions { server: Some(server), schemes, ..PlanOptions::default() };
    let plan = Planner::new(Arc::clone(document), options).map_err(failed)?.plan();
    let quickly = ProbeOptions { interval: Duration::ZERO, ..ProbeOptions::default() };
    let mut answered = 0;
    let probing = probe(document, &plan, &credentials, &quickly, |probed| {
        answered += usize::from(matches!(probed.outcome, Outcome::Answered(_)));
        ControlFlow::Continue(())
    });
    let ended = tokio::select! {
        ended = probing => ended.map_err(failed)?,
        _ = serve(mock, listener, std::future::pending(), |_| ()) => return Err(Failure::new("the mock ended before the probe did")),
    };
    if ended != Ended::Complete {
        return Err(Failure::new(format!("the probe of the mock did not come to its end: {ended:?}")));
    }
    let shown = into.to_string_lossy();
    let mut writer = RecordingWriter::open(into, &shown, Form::Har)?;
    let mut redactor = Redactor::new(random_key().map_err(failed)?, wireproof_contract::Redactions::default());
    let mut left = answered;
    while left > 0 {
        let Next::Exchange(seen) = proxy.next(PATIENCE) else { break };
        let Ok(mut taken) = Taken::of(*seen, &origin) else { continue };
        taken.redact(&mut redactor, Some(document));
        writer.add(&[taken.entry()]).map_err(|error| Failure::io("write", shown.as_ref(), &error))?;
        left -= 1;
    }
    writer.finish();
    Ok((answered, origin))
}

/// Reads the recording as any other: how many exchanges it has, and what is found in them.
fn check(document: &Arc<Document>, api: Option<&'static Api>, server: String, recording: &Path) -> Result<(usize, Vec<Found>), Failure> {
    let contract = Contract::new(Arc::clone(document), Options { servers: vec![server], api, ..Options::default() }).map_err(failed)?;
    let contracts = Contracts::new(vec![contract]);
    let mut run = contracts.run();
    let mut found = Vec::new();
    let mut sink = |event: Event| {
        if let Event::Checked(checked) = event {
            for finding in checked.findings.iter().filter(|finding| finding.severity != Severity::Note) {
                let line = format!("{} {} {}: {}: {}", checked.method, checked.url, checked.status, finding.rule, finding.message);
                found.push((finding.severity, finding.rule, printable(&line).into_owned()));
            }
        }
        ControlFlow::Continue(())
    };
    let silent = Progress::of_steps(&Stream::plain(std::io::sink()), 0);
    for file in recordings::find(recording, "mock.har")?.files {
        file.run(&mut run, &silent, &mut std::io::empty(), &mut sink)?.map_err(failed)?;
    }
    let outcome = run.finish(false, &mut sink);
    Ok((outcome.summary.exchanges, found))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::new(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wireproof_openapi::Source;
    use wireproof_runtime::{DecodeError, OperationInfo, RawResponse, RoundTrip};

    /// Refuses in all the ways that a probe asks for, with a header, a type and members that each rule can be broken in.
    const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Orchard, version: '1'}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Refusal: {type: object, required: [code], properties: {code: {type: string}, password: {type: string, writeOnly: true}}}
  responses:
    Refused:
      description: Refused.
      headers: {X-Request-Id: {required: true, schema: {type: integer}}}
      content: {application/json: {schema: {$ref: '#/components/schemas/Refusal'}}}
security: [{Key: []}]
paths:
  /trees:
    post:
      operationId: plant
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [kind], properties: {kind: {type: string}}}}}}
      responses:
        '201': {description: Planted.}
        '400': {$ref: '#/components/responses/Refused'}
        '401': {$ref: '#/components/responses/Refused'}
        '403': {description: Not yours.}
        '415': {$ref: '#/components/responses/Refused'}
        '422': {$ref: '#/components/responses/Refused'}
";

    #[track_caller]
    fn rules(api: Option<&'static Api>, inject: Option<Injection>) -> Vec<Rule> {
        let document = Arc::new(Document::parse(Source::new("orchard.yaml", DOCUMENT)).expect("a document"));
        let round = around(&document, api, inject).expect("it goes around");
        assert!(round.answered > 1, "{}", round.answered);
        assert_eq!(round.recorded, round.answered);
        let mut rules: Vec<Rule> = round.found.into_iter().map(|(_, rule, _)| rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    #[test]
    fn a_sound_mock_breaks_nothing_and_a_rule_that_is_broken_on_purpose_is_found_in_the_recording() {
        assert_eq!(rules(None, None), []);
        for rule in Injection::RULES {
            assert_eq!(rules(None, Some(Injection::always(*rule).expect("it can be broken"))), [*rule]);
        }
    }

    /// Generated types, by what they make of an answer.
    const fn types(round_trip: fn(RawResponse) -> Result<RoundTrip, DecodeError>) -> OperationInfo {
        OperationInfo {
            id: Some("plant"),
            method: "POST",
            path: "/trees",
            security: &[],
            security_schemes: &[],
            deprecated: false,
            parameters: &[],
            bodies: &[],
            round_trip,
        }
    }

    const fn api(operations: &'static [OperationInfo]) -> Api {
        Api { title: "Orchard", version: "0", servers: &[], security_schemes: &[], operations }
    }

    static FAITHFUL: Api = api(&[types(|response| Ok(RoundTrip { variant: "Refused", documented: true, body: Some(response.body) }))]);
    static FORGETFUL: Api = api(&[types(|_| Ok(RoundTrip { variant: "Refused", documented: true, body: Some("{}".into()) }))]);
    static UNABLE: Api = api(&[types(|response| Err(DecodeError::new(&response, "/code: invalid type: string, expected an integer")))]);

    #[test]
    fn types_that_another_document_made_are_found_out_by_a_mock_of_this_one() {
        for (types, expected) in [(&FAITHFUL, &[][..]), (&UNABLE, &[Rule::TypeDecode]), (&FORGETFUL, &[Rule::TypeRoundTrip])] {
            assert_eq!(rules(Some(types), None), expected);
        }
    }
}
