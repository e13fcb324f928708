//! The templates under `ci/` can be used as they are: they are YAML, and every command in them is one that the command line takes.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use serde_json::Value;
use wireproof::args::Cli;
use wireproof_openapi::{Document, Pointer, Source};

/// A template as a value. The reader of documents is the reader of YAML here, so the template is read as an extension of one.
fn template(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").join("ci").join(name);
    let text = fs::read_to_string(&path).expect("a template");
    let indented = text.replace('\n', "\n  ");
    let document = format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-template:\n  {indented}");
    let document = Document::parse(Source::new(name, document)).expect(name);
    document.get(&Pointer::from_plain("/x-template")).expect("the template").clone()
}

/// All texts in a value.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Holds the commands of a job to the command line.
#[track_caller]
fn check(name: &str, job: &str, commands: [&str; 2]) {
    let template = template(name);
    let mut found = Vec::new();
    texts(template.pointer(job).unwrap_or_else(|| panic!("{name} has {job}")), &mut found);
    let lines = found.iter().flat_map(|text| text.lines());
    let calls: Vec<&str> = lines.filter_map(|line| line.trim().strip_prefix("cargo xtask ")).collect();
    assert_eq!(calls.len(), commands.len(), "{name}, {job}: {calls:?}");
    for (call, expected) in calls.iter().zip(commands) {
        assert!(call.starts_with(expected), "{name}, {job}: {call}");
        let words = std::iter::once("wireproof").chain(call.split_whitespace());
        Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{name}: `cargo xtask {call}` is no call: {error}"));
    }
    assert!(calls.iter().any(|call| call.contains("--format markdown --output report.md")), "{name}, {job}: a summary is written");
}

#[test]
fn every_command_for_pull_requests_is_one() {
    check("github.yml", "/jobs/offline", ["generate --check", "verify --format"]);
    check("gitlab.yml", "/contracts-offline", ["generate --check", "verify --format"]);
}

#[test]
fn every_command_for_the_night_is_one() {
    check("github.yml", "/jobs/nightly", ["probe --dry-run", "probe --format"]);
    check("gitlab.yml", "/contracts-nightly", ["probe --dry-run", "probe --format"]);
}

#[test]
fn credentials_come_from_the_store_of_the_service() {
    let template = template("github.yml");
    let variables = template["jobs"]["nightly"]["env"].as_object().expect("variables");
    assert!(variables.iter().all(|(name, value)| value.as_str() == Some(&format!("${{{{ secrets.{name} }}}}"))), "{variables:?}");
    assert!(template["jobs"]["offline"].get("env").is_none(), "nothing that a pull request runs sees a secret");
    assert_eq!(template["permissions"]["contents"], "read");
}
