//! The suite of OpenAPI 3.0's schema dialect in `openapi-3.0/`: each value against its schema, as part of a document.

mod common;

use std::path::Path;

use common::document;
use serde_json::{Value, json};
use wireproof_contract::{Contract, Options, Severity, Side};
use wireproof_openapi::Pointer;

/// Checks one file and returns what it found otherwise than expected.
fn differences(name: &str, text: &str, tests: &mut usize) -> Vec<String> {
    let groups: Vec<Value> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut differences = Vec::new();
    for group in &groups {
        let mut schemas = group.get("components").cloned().unwrap_or_else(|| json!({}));
        schemas["Tested"] = group["schema"].clone();
        let text = json!({"openapi": "3.0.4", "info": {"title": name, "version": "1"}, "paths": {}, "components": {"schemas": schemas}});
        let contract = Contract::new(document(&text.to_string()), Options::default()).expect("a contract");
        let on = if group.get("on") == Some(&json!("request")) { Side::Request } else { Side::Response };
        for test in group["tests"].as_array().expect("tests") {
            *tests += 1;
            let data = test["data"].to_string();
            let findings = contract.check_value(&Pointer::from_plain("/components/schemas/Tested"), on, data.as_bytes());
            let valid = findings.iter().all(|finding| finding.severity < Severity::Violation);
            // A note under this rule says that the value could not be checked.
            let unchecked = findings.iter().any(|finding| finding.severity == Severity::Note);
            if unchecked || Value::Bool(valid) != test["valid"] {
                let told: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
                differences.push(format!("{name}: {}: {data} should be valid: {}; {told:?}", group["description"], test["valid"]));
            }
        }
    }
    differences
}

#[test]
fn values_are_valid_or_not_as_openapi_3_0_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi-3.0");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the suite").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut tests = 0;
    let mut found = Vec::new();
    for path in &files {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        found.extend(differences(&name, &std::fs::read_to_string(path).expect("a file"), &mut tests));
    }
    assert!(found.is_empty(), "{} of {tests} tests:\n{}", found.len(), found.join("\n"));
    // An empty folder would pass all the same.
    assert!(tests > 350, "only {tests} tests");
}

#[test]
fn the_runner_tells_a_wrong_expectation() {
    let text =
        r#"[{"description": "d", "schema": {"type": "string"}, "tests": [{"data": 1, "valid": true}, {"data": "", "valid": true}]}]"#;
    assert_eq!(differences("made", text, &mut 0).len(), 1);
}
