//! Runs over recordings: credentials stripped on export, known drift, several vendors, coverage, and the reports.

mod common;

use std::ops::ControlFlow;
use std::sync::Arc;

use common::{api, document};
use wireproof_contract::report::{Json, Pretty, Report, Style, Tool};
use wireproof_contract::{Contract, Contracts, Date, Event, Format, KnownDrift, Options, Outcome, Summary, Verdict};

const DOCUMENT: &str = "paths:
  /contacts/{id}:
    delete:
      operationId: deleteContact
      security: [{key: []}]
      responses:
        '200':
          description: gone
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Deleted'}
        '401': {description: who}
components:
  schemas:
    Deleted:
      type: object
      properties:
        success: {type: boolean}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-API-Key}
";

fn entry(key: bool, status: u16, body: &str) -> String {
    let headers = if key { r#"[{"name": "x-api-key", "value": "***"}]"# } else { "[]" };
    let content = if body.is_empty() {
        r#"{"size": 0}"#.to_owned()
    } else {
        format!(r#"{{"mimeType": "application/json", "text": {}}}"#, serde_json::json!(body))
    };
    format!(
        r#"{{"request": {{"method": "DELETE", "url": "https://api.test/v1/contacts/7", "headers": {headers}}}, "response": {{"status": {status}, "content": {content}}}}}"#
    )
}

fn har(entries: &[String]) -> String {
    format!(r#"{{"log": {{"version": "1.2", "entries": [{}]}}}}"#, entries.join(","))
}

fn options() -> Options {
    Options { vendor: Some("acme".to_owned()), ..Options::default() }
}

fn run(contracts: &Contracts, recordings: &[(&str, String)], full: bool) -> (Vec<Event>, Arc<Outcome>) {
    let mut events = Vec::new();
    let mut sink = |event: Event| {
        events.push(event);
        ControlFlow::Continue(())
    };
    let mut run = contracts.run();
    for (name, text) in recordings {
        run.recording(name, Format::Har, text.as_bytes(), &mut sink).expect("a recording");
    }
    let outcome = run.finish(full, &mut sink);
    (events, outcome)
}

fn acme(options: Options) -> Contracts {
    Contracts::new(vec![Contract::new(document(&api(DOCUMENT)), options).expect("a contract")])
}

/// Verdicts and findings in order, notes as they come.
fn told(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Checked(checked) => {
            let rules: Vec<&str> = checked.findings.iter().map(|finding| finding.rule.name()).collect();
            Some(format!("#{} {} {}", checked.entry, checked.verdict.name(), rules.join(" ")).trim_end().to_owned())
        }
        Event::Unusable { entry, reason, .. } => Some(format!("#{entry} unusable: {reason}")),
        Event::Note { message, .. } => Some(format!("note: {message}")),
        Event::RecordingStarted { .. } | Event::RecordingFinished { .. } | Event::Finished(_) => None,
        Event::Unreadable { .. } | Event::Proved(_) => panic!("a run sends neither"),
    };
    events.iter().filter_map(line).collect()
}

#[test]
fn stripped_credentials_are_told_apart_from_missing_ones() {
    let contracts = acme(options());
    let ok = r#"{"success": true}"#;
    let (events, outcome) = run(&contracts, &[("stripped.har", har(&[entry(false, 200, ok), entry(false, 401, "")]))], false);
    assert_eq!(
        told(&events),
        [
            "note: no exchange carries a credential: they were stripped on export, so `security-missing` is not reported",
            "#0 conforms",
            "#1 conforms"
        ]
    );
    assert!(outcome.holds());
    let late =
        har(&[entry(false, 200, ok), r#"{"request": 1}"#.to_owned(), entry(false, 401, ""), entry(true, 200, ok), entry(false, 200, ok)]);
    let (events, outcome) = run(&contracts, &[("late.har", late)], false);
    assert_eq!(
        told(&events),
        [
            "#0 violation security-missing",
            "#1 unusable: it has no `request`",
            "#2 conforms security-missing",
            "#3 conforms",
            "#4 violation security-missing"
        ]
    );
    assert_eq!(outcome.summary, Summary { exchanges: 4, conforms: 2, violation: 2, unusable: 1, ..Summary::default() });
}

#[test]
fn a_long_recording_without_credentials_is_not_kept_in_memory() {
    let ok = r#"{"success": true}"#;
    let mut entries = vec![entry(false, 200, ok); 10_005];
    entries.extend([entry(true, 200, ok), entry(false, 200, ok)]);
    let (events, outcome) = run(&acme(options()), &[("long.har", har(&entries))], false);
    let told = told(&events);
    assert!(told[0].starts_with("note: none of the first 10001 exchanges that need a credential carries one"), "{}", told[0]);
    assert_eq!(told.last().map(String::as_str), Some("#10006 violation security-missing"));
    assert_eq!((outcome.summary.exchanges, outcome.summary.violation), (10_007, 1));
}

#[test]
fn each_recording_is_judged_by_itself() {
    let ok = r#"{"success": true}"#;
    let recordings = [("a.har", har(&[entry(true, 200, ok)])), ("b.har", har(&[entry(false, 200, ok)]))];
    let (events, outcome) = run(&acme(options()), &recordings, false);
    assert!(told(&events)[1].starts_with("note: no exchange carries"));
    assert!(outcome.holds());
}

#[test]
fn known_drift_is_accepted_until_it_expires_and_must_still_be_met() {
    let known = |expires: &str| {
        let text = format!(
            "[[drift]]\nrule = \"undocumented-field\"\noperation = \"deleteContact\"\ninstance = \"/datum\"\nreason = \"seen\"\nexpires = {expires}\n\n[[drift]]\nrule = \"status-undocumented\"\noperation = \"deleteContact\"\nstatus = 429\nreason = \"seen\"\nexpires = 2027-01-01\n"
        );
        let drift = KnownDrift::parse("known-drift.toml", &text, Date::new(2026, 11, 21).expect("a day")).expect("a file");
        acme(Options { drift: Some(drift), ..options() })
    };
    let recording = [("a.har", har(&[entry(true, 200, r#"{"datum": 1}"#), entry(true, 200, r#"{"data": 1}"#)]))];
    let (events, outcome) = run(&known("2026-12-31"), &recording, false);
    assert_eq!(told(&events), ["#0 conforms undocumented-field", "#1 drift undocumented-field"]);
    assert_eq!(outcome.summary.known, 1);
    assert_eq!(outcome.vendors[0].drift, [], "a part of the recordings shows nothing about stale entries");
    let (_, outcome) = run(&known("2026-12-31"), &recording[..1], true);
    assert_eq!(
        outcome.vendors[0].drift.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "known drift `status-undocumented` of `deleteContact` at known-drift.toml:8:1 is stale: no recording shows it any more; remove the entry"
        ]
    );
    let (events, outcome) = run(&known("2026-01-31"), &recording, false);
    assert_eq!(told(&events)[0], "#0 drift undocumented-field");
    assert!(!outcome.holds());
    assert!(outcome.vendors[0].drift[0].to_string().contains("expired on 2026-01-31"));
}

#[test]
fn an_exchange_goes_to_the_vendor_that_knows_it() {
    let of = |server: &str, id: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: '{server}'}}]\npaths: {{/x: {{get: {{operationId: {id}, responses: {{default: {{description: any}}}}}}}}}}\n"
        );
        Contract::new(document(&text), Options { vendor: Some(id.to_owned()), ..Options::default() }).expect("a contract")
    };
    let contracts = Contracts::new(vec![of("/", "anywhere"), of("https://one.test", "one"), of("https://two.test", "two")]);
    let entries: Vec<String> = ["https://two.test/x", "https://one.test/x", "https://three.test/x", "https://one.test/y"]
        .iter()
        .map(|url| format!(r#"{{"request": {{"method": "GET", "url": "{url}"}}, "response": {{"status": 200, "bodySize": 0}}}}"#))
        .collect();
    let (events, outcome) = run(&contracts, &[("a.har", har(&entries))], false);
    let vendors: Vec<Option<String>> = events
        .iter()
        .filter_map(|event| match event {
            Event::Checked(checked) => Some(checked.operation.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(vendors, [Some("two".to_owned()), Some("one".to_owned()), Some("anywhere".to_owned()), None]);
    assert_eq!(outcome.vendors.iter().map(|vendor| vendor.summary.conforms).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(outcome.summary.unmatched, 1);
}

#[test]
fn coverage_counts_documented_answers() {
    let recording = har(&[entry(true, 200, r#"{"success": true}"#), entry(true, 200, r#"{"success": 1}"#), entry(true, 429, "")]);
    let (_, outcome) = run(&acme(options()), &[("a.har", recording)], false);
    let coverage = &outcome.vendors[0].coverage;
    assert_eq!((coverage.seen(), coverage.total(), coverage.operations_seen()), (1, 2, 1));
    assert_eq!(coverage.never_seen(), ["deleteContact 401"]);
    assert_eq!(coverage.operations()[0].undocumented, 1);
    assert_eq!(coverage.operations()[0].documented[0].seen, 2);
}

#[test]
fn a_sink_that_breaks_ends_the_run() {
    let contracts = acme(options());
    let mut count = 0;
    let mut sink = |event: Event| {
        count += usize::from(matches!(event, Event::Checked(_)));
        if count == 1 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let text = har(&vec![entry(true, 200, "{}"); 5]);
    contracts.run().recording("a.har", Format::Har, text.as_bytes(), &mut sink).expect("a recording");
    assert_eq!(count, 1);
}

fn broken() -> Vec<Event> {
    let contracts = acme(Options { excerpts: true, ..options() });
    let recording = har(&[
        entry(true, 200, r#"{"success": true}"#),
        entry(true, 200, r#"{"message": "Jane", "success": "yes"}"#),
        entry(true, 200, r#"{"success": "no"}"#),
        entry(true, 200, r#"{"success": tr"#),
        entry(true, 429, ""),
        r#"{"request": {"method": "GET", "url": "https://elsewhere.test/x"}, "response": {"status": 200, "bodySize": 0}}"#.to_owned(),
        r#"{"request": {"method": "GET", "url": "https://api.test/v1/x"}, "response": {"status": 0}}"#.to_owned(),
    ]);
    run(&contracts, &[("acme.har", recording)], false).0
}

fn written(mut report: impl FnMut(&Event) -> std::io::Result<()>) {
    for event in &broken() {
        report(event).expect("written");
    }
}

#[test]
fn the_pretty_report_reads_well() {
    let mut out = Vec::new();
    let mut report = Pretty::new(&mut out, Style { color: false, width: 100, verbose: false });
    written(|event| report.event(event));
    drop(report);
    let text = String::from_utf8(out).expect("text");
    assert!(!text.contains("Jane"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn colour_is_only_used_if_asked_for() {
    let render = |color: bool| {
        let mut out = Vec::new();
        let mut report = Pretty::new(&mut out, Style { color, width: 100, verbose: true });
        written(|event| report.event(event));
        drop(report);
        String::from_utf8(out).expect("text")
    };
    assert!(!render(false).contains('\u{1b}'));
    assert!(render(true).contains("\u{1b}[31m"));
}

#[test]
fn the_json_report_has_the_promised_form() {
    let mut out = Vec::new();
    let mut report = Json::new(&mut out, Tool { name: "wireproof", version: "0.0.0" });
    written(|event| report.event(event));
    drop(report);
    let text = String::from_utf8(out).expect("text");
    let value: serde_json::Value = serde_json::from_str(&text).expect("json");
    assert_eq!(value["tool"], serde_json::json!({"name": "wireproof", "version": "0.0.0"}));
    assert_eq!(
        value["summary"],
        serde_json::json!({"exchanges": 6, "conforms": 1, "drift": 1, "violation": 3, "unmatched": 1, "unusable": 1})
    );
    assert!(text.find("\"summary\"") < text.find("\"exchanges\": ["), "the summary stands first");
    let exchange = &value["exchanges"][1];
    assert_eq!(exchange["operation"], "deleteContact");
    assert_eq!(exchange["vendor"], "acme");
    assert_eq!(exchange["verdict"], "violation");
    assert_eq!(
        exchange["findings"][0],
        serde_json::json!({
            "rule": "body-schema", "severity": "violation", "on": "response", "message": "`/success` is a string, expected a boolean",
            "instance": "/success", "schema": "/components/schemas/Deleted/properties/success/type",
            "spec": {"file": "api.yaml", "line": 21, "column": 19}, "known": false,
        })
    );
    assert_eq!(value["exchanges"][5]["operation"], serde_json::Value::Null);
    assert_eq!(value["exchanges"][5]["verdict"], Verdict::Unmatched.name());
    assert_eq!(value["unusable"][0]["entry"], 6);
}

#[test]
fn a_report_without_exchanges_is_sound_json() {
    let (events, _) = run(&acme(options()), &[], false);
    let mut out = Vec::new();
    let mut report = Json::new(&mut out, Tool { name: "wireproof", version: "0.0.0" });
    for event in &events {
        report.event(event).expect("written");
    }
    drop(report);
    let value: serde_json::Value = serde_json::from_slice(&out).expect("json");
    assert_eq!(value["exchanges"], serde_json::json!([]));
}

#[test]
fn what_is_told_once_hides_nothing_else() {
    let contracts = acme(options());
    let mut out = Vec::new();
    let mut report = Json::new(&mut out, Tool { name: "wireproof", version: "0" });
    let answers = [
        (200, r#"{"one": 1}"#),
        (200, r#"{"two": "a"}"#),
        (200, r#"{"two": "b"}"#),
        (404, ""),
        (500, ""),
        (404, ""),
        (200, r#"{"success":"#),
        (200, r#"{"success": true, "success": true}"#),
        (200, r#"{"success": true,  "success": true}"#),
        (200, r#"{"success": "yes"}"#),
        (200, r#"{"success": "certainly"}"#),
    ];
    let entries: Vec<String> = answers.iter().map(|(status, body)| entry(true, *status, body)).collect();
    for event in &run(&contracts, &[("a.har", har(&entries))], false).0 {
        report.event(event).expect("a report");
    }
    drop(report);
    let json: serde_json::Value = serde_json::from_slice(&out).expect("json");
    let groups = json["groups"].as_array().expect("groups");
    let mut told: Vec<String> =
        groups.iter().map(|group| format!("{} {}", group["exchanges"], group["message"].as_str().unwrap_or_default())).collect();
    told.sort();
    assert_eq!(
        told,
        [
            "1 `/one` is not documented",
            "1 status 500 is not documented: the document has 200, 401",
            "1 the body cannot be read as JSON: the text ends before the JSON value does: it is cut off, at line 1, column 12",
            "2 `/success` is a string, expected a boolean",
            "2 `/two` is not documented",
            "2 status 404 is not documented: the document has 200, 401",
            "2 the body is not sound JSON: the key `success` stands twice in one object (first at line 1, column 2), at line 1, column 19",
        ]
    );
}
