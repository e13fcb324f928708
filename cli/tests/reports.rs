//! Reports: every format holds what was found, once per cause, and nothing that it must not show.

mod support;

use serde_json::Value;
use support::{Repository, har};

const FORMATS: [&str; 7] = ["pretty", "json", "ndjson", "junit", "sarif", "markdown", "html"];

/// A document with credentials of every kind, a parameter in every place and fields to get wrong.
const PEOPLE: &str = "\
openapi: 3.0.3
info: {title: People, version: '1'}
servers: [{url: https://people.example}]
security: [{key: []}]
paths:
  /people/{mail}:
    post:
      operationId: findPerson
      parameters:
        - {name: mail, in: path, required: true, schema: {type: string, maxLength: 3}}
        - {name: born, in: query, schema: {type: integer}}
        - {name: X-Name, in: header, schema: {type: string, maxLength: 3}}
        - {name: X-Key, in: header, schema: {type: string, maxLength: 3}}
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: integer}}}
      responses:
        '200':
          description: them
          headers:
            X-Person: {schema: {type: integer}}
          content:
            application/json:
              schema: {type: object, properties: {name: {type: integer}, tags: {type: array, items: {type: integer}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: pass}
";

/// What is planted: personal values, and secrets.
const PERSONAL: [&str; 8] =
    ["hippolyta@example.org", "hippolyta%40example.org", "1871-12-13", "Penthesilea", "Antiope", "Melanippe", "Orithyia", "Thalestris"];
const SECRETS: [&str; 7] =
    ["s3cr3t-header-key", "s3cr3t-query-key", "s3cr3t-bearer", "s3cr3t-cookie", "s3cr3t-password", "s3cr3t-set-cookie", "s3cr3t-fragment"];

/// Exchanges that get everything wrong, with something planted everywhere.
fn planted() -> String {
    let header = |name: &str, value: &str| serde_json::json!({"name": name, "value": value});
    let url = |path: &str| {
        format!("https://anna:s3cr3t-password@people.example{path}?born=1871-12-13&pass=s3cr3t-query-key&more=Antiope#s3cr3t-fragment")
    };
    let request = |url: String, body: &str| {
        serde_json::json!({
            "method": "POST", "url": url,
            "headers": [
                header("X-Key", "s3cr3t-header-key"), header("Authorization", "Bearer s3cr3t-bearer"), header("Cookie", "id=s3cr3t-cookie"),
                header("X-Name", "Penthesilea"), header("Content-Type", "application/json"),
            ],
            "postData": {"mimeType": "application/json", "text": body},
        })
    };
    let response = |kind: &str, body: &str| {
        serde_json::json!({
            "status": 200,
            "headers": [header("Set-Cookie", "id=s3cr3t-set-cookie"), header("X-Person", "Melanippe"), header("Content-Type", kind)],
            "content": {"mimeType": kind, "text": body},
        })
    };
    let echo = r#"{"name":"Orithyia","tags":["s3cr3t-bearer","s3cr3t-header-key s3cr3t-cookie","s3cr3t-query-key",7]}"#;
    let sent = r#"{"name":"Thalestris"}"#;
    let known = "/people/hippolyta%40example.org";
    serde_json::json!({"log": {"version": "1.2", "creator": {}, "entries": [
        {"request": request(url(known), sent), "response": response("application/json", echo)},
        {"request": request(url(known), sent), "response": response("application/json", "{\"name\": \"Orithyia")},
        {"request": request(url(known), sent), "response": response("text/plain", "Orithyia")},
        {"request": request(url("/elsewhere/hippolyta@example.org"), sent), "response": response("application/json", echo)},
        {"request": request(url(known), sent), "response": {"status": 0, "headers": [], "content": {}, "_error": "blocked for \"Antiope\" at https://x:s3cr3t-password@h/?a=Antiope"}},
    ]}})
    .to_string()
}

fn people() -> Repository {
    let repository = Repository::new();
    repository.write("people.yaml", PEOPLE);
    repository.write("planted.har", &planted());
    repository
}

/// Every report of one call, and what was printed.
fn all(repository: &Repository, call: &[&str], code: u8) -> Vec<(String, String)> {
    let files: Vec<String> = FORMATS.iter().map(|format| format!("out/report.{format}")).collect();
    let mut arguments = call.to_vec();
    for (format, file) in FORMATS.iter().zip(&files) {
        arguments.extend(["--format", format, "--output", file]);
    }
    let done = repository.run(&arguments).expect(code);
    let mut texts: Vec<_> = FORMATS.iter().zip(&files).map(|(format, file)| ((*format).to_owned(), repository.read(file))).collect();
    texts.push(("printed".to_owned(), format!("{}{}", done.out, done.err)));
    texts
}

#[test]
fn no_report_shows_what_is_personal_or_secret() {
    let repository = people();
    for (format, text) in all(&repository, &["validate", "--spec", "people.yaml", "planted.har"], 1) {
        for planted in PERSONAL.iter().chain(&SECRETS) {
            assert!(!text.contains(planted), "{format} shows {planted}:\n{text}");
        }
        if format != "printed" {
            assert!(text.contains("body-schema"), "{format} tells of the findings:\n{text}");
        }
    }
}

#[test]
fn asking_for_values_never_shows_secrets() {
    let repository = people();
    let texts = all(&repository, &["validate", "--spec", "people.yaml", "planted.har", "--show-values"], 1);
    for (format, text) in &texts {
        for planted in SECRETS {
            assert!(!text.contains(planted), "{format} shows {planted}:\n{text}");
        }
    }
    let json = &texts.iter().find(|(format, _)| format == "json").expect("it is there").1;
    for value in ["1871-12-13", "Penthesilea", "Melanippe", "Orithyia", "Thalestris"] {
        assert!(json.contains(value), "{value} was asked for:\n{json}");
    }
}

fn nameless(count: usize) -> String {
    har(&vec![("GET", "https://pets.example/v1/pets/2", 200, r#"{"name":7}"#); count])
}

#[test]
fn a_thousand_repeats_are_one_line_with_a_count() {
    let repository = Repository::new();
    repository.write("many.har", &nameless(1_000));
    let texts = all(&repository, &["validate", "--vendor", "pets", "many.har"], 1);
    let text = |name: &str| texts.iter().find(|(format, _)| format == name).map(|(_, text)| text.as_str()).expect("it is there");
    let told = |name: &str| text(name).lines().filter(|line| line.contains("is a number, expected a string")).count();
    // Once where it was met first, and once among those that repeat.
    assert_eq!(told("pretty"), 2, "{}", text("pretty"));
    assert_eq!(told("markdown"), 1, "{}", text("markdown"));
    let json: Value = serde_json::from_str(text("json")).expect("JSON");
    assert_eq!(json["exchanges"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(json["groups"].as_array().map(Vec::len), Some(1));
    assert_eq!((&json["groups"][0]["exchanges"], &json["groups"][0]["first"]["entry"]), (&Value::from(1_000), &Value::from(0)));
    let sarif: Value = serde_json::from_str(text("sarif")).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(sarif["runs"][0]["results"][0]["occurrenceCount"], 1_000);
    assert!(text("html").len() < 60_000, "{}", text("html").len());
    assert_eq!(text("junit").matches("<testcase ").count(), 1_000);
    assert_eq!(text("ndjson").lines().count(), 1_001);
}

#[test]
fn sarif_points_into_the_document_and_keeps_its_fingerprints() {
    let fingerprint = |above: &str| {
        let repository = Repository::new();
        repository.edit("specs/pets/openapi.yaml", "info:", &format!("{above}info:"));
        repository.write("calls.har", &nameless(1));
        let report = repository.run(&["validate", "--vendor", "pets", "--format", "sarif", "calls.har"]).expect(1).json();
        let result = report["runs"][0]["results"][0].clone();
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "specs/pets/openapi.yaml");
        (place["region"]["startLine"].as_u64(), result["partialFingerprints"]["wireproof/v1"].clone(), result["ruleId"].clone())
    };
    let (line, print, rule) = fingerprint("");
    assert_eq!((line, rule), (Some(24), Value::from("body-schema")));
    assert_eq!(fingerprint("# a line above\n"), (Some(25), print, Value::from("body-schema")));
}

#[test]
fn ndjson_ends_with_the_summary() {
    let repository = Repository::new();
    repository.write("calls.har", &nameless(2));
    let done = repository.run(&["validate", "--vendor", "pets", "--format", "ndjson", "calls.har"]).expect(1);
    let lines: Vec<Value> = done.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!((&lines[0]["entry"], &lines[1]["verdict"]), (&Value::from(0), &Value::from("violation")));
    assert_eq!(lines[2]["summary"]["violation"], 2);
    assert_eq!(lines.len(), 3);
}

#[test]
fn junit_fails_for_what_fails_the_run_and_for_nothing_else() {
    let repository = Repository::new();
    let calls = [
        ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex"}"#),
        ("GET", "https://pets.example/v1/pets/<&\"'>", 418, ""),
        ("GET", "https://pets.example/v1/pets/1", 0, ""),
    ];
    repository.write("calls.har", &har(&calls));
    repository.write("bad.har", "{");
    let call = ["validate", "--vendor", "pets", "--format", "junit", "calls.har", "bad.har"];
    let report = repository.run(&call).expect(2).out;
    assert!(report.contains(r#"<testsuite name="calls.har" tests="3" failures="1" errors="0" skipped="1">"#), "{report}");
    assert!(report.contains(r#"<failure type="status-undocumented""#) && report.contains("<error type=\"unreadable\""), "{report}");
    repository.write(
        "specs/pets/known-drift.toml",
        "[[drift]]\nrule = \"status-undocumented\"\noperation = \"getPet\"\nreason = \"a joke\"\nexpires = 2027-05-31\n",
    );
    let call = ["validate", "--vendor", "pets", "--today", "2026-11-21", "--format", "junit", "calls.har"];
    let report = repository.run(&call).expect(0).out;
    assert!(report.contains(r#"failures="0""#) && report.contains("<system-out>known drift status-undocumented"), "{report}");
}

#[test]
fn text_of_documents_and_bodies_stays_text() {
    let hostile = "</script><img src=x onerror=alert(1)>|[x](javascript:y)";
    let repository = Repository::new();
    repository.edit(
        "specs/pets/openapi.yaml",
        "name: {type: string",
        &format!("'{hostile}': {{type: integer}}\n        name: {{type: string"),
    );
    let body = serde_json::json!({"name": "Rex", hostile: "x"}).to_string();
    repository.write("calls.har", &har(&[("GET", "https://pets.example/v1/pets/1", 200, &body)]));
    let texts = all(&repository, &["validate", "--vendor", "pets", "calls.har"], 1);
    for (format, text) in texts.iter().filter(|(format, _)| ["html", "markdown", "junit"].contains(&format.as_str())) {
        assert!(!text.contains("<img") && (format != "markdown" || !text.contains("](javascript")), "{format}:\n{text}");
        assert!(text.contains("onerror"), "{format} tells of it:\n{text}");
    }
    let html = &texts[6].1;
    assert_eq!(html.matches("</script>").count(), 2, "one for the data and one for the behaviour");
}

#[test]
fn the_page_holds_its_data_and_needs_nothing_else() {
    let repository = Repository::new();
    repository.write("calls.har", &nameless(1));
    let html = repository.run(&["validate", "--vendor", "pets", "--format", "html", "calls.har"]).expect(1).out;
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"data\">").expect("the data");
    let (data, _) = rest.split_once("</script>").expect("its end");
    let data: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["holds"], false);
    let operation = &data["vendors"][0]["operations"][0];
    assert_eq!((&operation["label"], &operation["verdict"]), (&Value::from("getPet"), &Value::from("violation")));
    assert_eq!(
        operation["cells"],
        serde_json::json!([{"status": "200", "type": "application/json", "seen": 1}, {"status": "404", "type": null, "seen": 0}])
    );
    let sides: Vec<&str> =
        data["groups"][0]["snippets"].as_array().expect("a list").iter().filter_map(|side| side["name"].as_str()).collect();
    assert_eq!(sides, ["specs/pets/openapi.yaml", "response body"]);
    for tag in ["<link rel=\"stylesheet", "src=\"", "@import", "url(http"] {
        assert!(!html.contains(tag), "{tag} would need more than the page");
    }
    assert!(html.contains("prefers-color-scheme: dark") && html.contains("default-src 'none'"));
}

#[test]
fn verify_reports_in_every_format_what_it_proves_beside_exchanges() {
    let repository = Repository::new();
    repository.write("contract-tests/recordings/pets/calls.har", &nameless(1));
    for (format, text) in all(&repository, &["verify"], 1) {
        if format != "printed" {
            assert!(text.contains("body-schema"), "{format} tells of the exchange:\n{text}");
            assert!(text.contains("generated"), "{format} tells of stale code:\n{text}");
        }
    }
    let json: Value = serde_json::from_str(&repository.read("out/report.json")).expect("JSON");
    assert_eq!((&json["holds"], &json["package"]["state"]), (&Value::from(false), &Value::from("broken")));
}
