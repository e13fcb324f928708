//! `validate`: the JSON that scripts rely on, exit codes, and where reports go.

mod support;

use serde_json::json;
use support::{Repository, har};

const REX: (&str, &str, u16, &str) = ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex"}"#);
const NAMELESS: (&str, &str, u16, &str) = ("GET", "https://pets.example/v1/pets/2", 200, r#"{"name":7}"#);
const TEAPOT: (&str, &str, u16, &str) = ("GET", "https://pets.example/v1/pets/3", 418, "");
const OPENED: (&str, &str, u16, &str) = ("POST", "https://shops.example/open", 204, "");
const LOST: (&str, &str, u16, &str) = ("GET", "https://elsewhere.example/", 200, "");

fn with(recordings: &[(&str, String)]) -> Repository {
    let repository = Repository::new();
    for (path, text) in recordings {
        repository.write(path, text);
    }
    repository
}

#[test]
fn the_json_is_the_promised_one() {
    let repository = with(&[("calls.har", har(&[REX, NAMELESS, TEAPOT]))]);
    let report = repository.run(&["validate", "--vendor", "pets", "--format", "json", "calls.har"]).expect(1).json();
    assert_eq!(report["tool"], json!({"name": "wireproof", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(report["summary"], json!({"exchanges": 3, "conforms": 1, "drift": 1, "violation": 1, "unmatched": 0}));
    let exchange = &report["exchanges"][1];
    assert_eq!(
        *exchange,
        json!({
            "recording": "calls.har", "entry": 1, "vendor": "pets", "operation": "getPet", "method": "GET",
            "url": "https://pets.example/v1/pets/2", "status": 200, "verdict": "violation",
            "findings": [{
                "rule": "body-schema", "severity": "violation", "on": "response",
                "message": "`/name` is a number, expected a string",
                "instance": "/name", "schema": "/components/schemas/Pet/properties/name/type",
                "spec": {"file": "specs/pets/openapi.yaml", "line": 24, "column": 16},
                "known": false,
            }],
        })
    );
    assert_eq!(report["exchanges"][2]["findings"][0]["rule"], "status-undocumented");
}

#[test]
fn exit_codes_say_what_became_of_it() {
    let repository = with(&[
        ("good.har", har(&[REX])),
        ("drift.har", har(&[TEAPOT])),
        ("bad.har", har(&[NAMELESS])),
        ("lost.har", har(&[LOST])),
        ("cut.har", har(&[REX, REX]).split_at(300).0.to_owned()),
        ("no.har", "hello".to_owned()),
    ]);
    for (recording, code) in [("good", 0), ("drift", 1), ("bad", 1), ("lost", 1), ("cut", 2), ("no", 2)] {
        let file = format!("{recording}.har");
        let done = repository.run(&["validate", "--spec", "specs/pets/openapi.yaml", &file]).expect(code);
        if code == 2 {
            done.says(&file);
        }
    }
}

#[test]
fn a_recording_without_a_usable_exchange_proves_nothing() {
    let aborted = ("GET", "https://pets.example/v1/pets/1", 0, "");
    for recording in [har(&[]), har(&[aborted])] {
        with(&[("none.har", recording)]).run(&["validate", "--vendor", "pets", "none.har"]).expect(2).says("nothing was checked");
    }
    with(&[("some.har", har(&[aborted, REX]))]).run(&["validate", "--vendor", "pets", "some.har"]).expect(0);
}

#[test]
fn an_unreadable_recording_does_not_hide_the_others() {
    let repository = with(&[("all/a.har", "{".to_owned()), ("all/b.har", har(&[NAMELESS]))]);
    let done = repository.run(&["validate", "--vendor", "pets", "--format", "json", "all"]).expect(2).says("all/a.har");
    assert_eq!(done.json()["summary"]["violation"], 1);
}

#[test]
fn without_a_vendor_each_exchange_finds_its_own() {
    let repository = with(&[("mixed/a.har", har(&[REX, OPENED])), ("mixed/deep/b.har", har(&[OPENED, REX]))]);
    let report = repository.run(&["validate", "--format", "json", "mixed"]).expect(0).json();
    let vendors: Vec<&str> =
        report["exchanges"].as_array().expect("a list").iter().filter_map(|exchange| exchange["vendor"].as_str()).collect();
    assert_eq!(vendors, ["pets", "shops", "shops", "pets"]);
}

#[test]
fn another_server_can_be_named() {
    let local = ("GET", "http://localhost:8080/pets/1", 200, r#"{"name":"Rex"}"#);
    let repository = with(&[("local.har", har(&[local]))]);
    let call = ["validate", "--spec", "specs/pets/openapi.yaml", "local.har"];
    repository.run(&call).expect(1);
    let arguments: Vec<&str> = call.iter().copied().chain(["--server", "http://localhost:8080"]).collect();
    repository.run(&arguments).expect(0);
    let arguments: Vec<&str> = call.iter().copied().chain(["--server", "localhost"]).collect();
    repository.run(&arguments).expect(2).says("help: a server is an absolute URL");
}

#[test]
fn several_reports_go_to_their_outputs() {
    let repository = with(&[("calls.har", har(&[NAMELESS]))]);
    let call = ["validate", "--vendor", "pets", "calls.har", "--format", "json", "--output", "reports/a.json", "--format", "pretty"];
    let done = repository.run(&call).expect(1).prints("body-schema");
    assert!(!done.out.contains("\"verdict\""), "{}", done.out);
    let written: serde_json::Value = serde_json::from_str(&repository.read("reports/a.json")).expect("JSON");
    assert_eq!(written["summary"]["violation"], 1);
    assert_eq!(repository.files("reports"), ["reports/a.json"]);
    repository
        .run(&["validate", "--vendor", "pets", "calls.har", "--format", "json", "--format", "pretty"])
        .expect(2)
        .says("more than one report");
}

#[test]
fn values_are_masked_unless_asked_for() {
    let secret = ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":{"first":"Hippolyta"}}"#);
    let repository = with(&[("calls.har", har(&[secret]))]);
    let call = ["validate", "--vendor", "pets", "calls.har"];
    assert!(!repository.run(&call).expect(1).out.contains("Hippolyta"));
    let arguments: Vec<&str> = call.iter().copied().chain(["--show-values"]).collect();
    repository.run(&arguments).expect(1).prints("Hippolyta");
}

/// The same exchanges as lines, and as a cassette in YAML.
const LINES: &str = r#"{"request":{"method":"GET","url":"https://pets.example/v1/pets/1"},"response":{"status":200,"headers":{"content-type":"application/json"},"body":"{\"name\":\"Rex\"}"}}
{"request":
{"request":{"method":"GET","url":"https://pets.example/v1/pets/2"},"response":{"status":200,"headers":{"content-type":"application/json"},"body":{"name":7}}}
"#;
const CASSETTE: &str = "interactions:
- request: {method: GET, uri: 'https://pets.example/v1/pets/1', body: null, headers: {}}
  response: {status: {code: 200}, headers: {Content-Type: [application/json]}, body: {string: '{\"name\":\"Rex\"}'}}
version: 1
";

#[test]
fn lines_are_read_from_standard_input() {
    let repository = Repository::new();
    let call = ["validate", "--vendor", "pets", "--format", "json", "-"];
    let report = repository.run_with(&call, LINES).expect(1).json();
    assert_eq!(report["summary"], json!({"exchanges": 2, "conforms": 1, "drift": 0, "violation": 1, "unmatched": 0, "unusable": 1}));
    assert_eq!(report["exchanges"][1]["entry"], 2);
    let reason = report["unusable"][0]["reason"].as_str().expect("a reason");
    assert_eq!(reason, "line 2 is no JSON: the text ends within a value (column 11)");
}

#[test]
fn a_folder_of_many_formats_is_read_and_the_rest_is_told() {
    let repository = with(&[
        ("all/a.har", har(&[REX])),
        ("all/b.jsonl", LINES.to_owned()),
        ("all/c.yaml", CASSETTE.to_owned()),
        ("all/openapi.yaml", "openapi: 3.0.0".to_owned()),
        ("all/readme.md", "text".to_owned()),
    ]);
    let done = repository.run(&["validate", "--vendor", "pets", "--format", "json", "all"]).expect(1);
    assert_eq!(done.json()["summary"]["exchanges"], 4);
    done.says("note: 2 files are no recordings and were passed over: `all/openapi.yaml`, `all/readme.md`");
    let done = repository.run(&["validate", "--vendor", "pets", "all/openapi.yaml"]).expect(2);
    done.says("no recording: it is an OpenAPI document at all/openapi.yaml").says("help: recordings are HAR files");
}

#[test]
fn the_report_does_not_depend_on_the_number_of_jobs() {
    let exchanges: Vec<_> = (0..3_000).map(|number| if number % 3 == 0 { NAMELESS } else { REX }).collect();
    let repository = with(&[("many.har", har(&exchanges)), ("many.ndjson", LINES.repeat(1_000))]);
    let reports = ["1", "2", "7"].map(|jobs| {
        repository.run(&["validate", "--vendor", "pets", "--format", "json", "--jobs", jobs, "many.har", "many.ndjson"]).expect(1).out
    });
    assert!(reports[0] == reports[1] && reports[1] == reports[2]);
    assert!(reports[0].contains("\"exchanges\":5000"), "{}", reports[0].get(..300).unwrap_or_default());
}
