//! `jsonschema-suite DIR`: the tests of the JSON Schema Test Suite, once by `jsonschema` alone and once through a document. Reading a
//! document must leave what a schema means as it is, so both have to say the same of every value, unless the reader said in
//! a diagnostic that it read the schema otherwise.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use wireproof::{Environment, Exit, Failure, count};
use wireproof_contract::{Contract, Formats, Options, Severity, Side};
use wireproof_openapi::{Document, Pointer, Source};

/// The arguments of `jsonschema-suite`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} jsonschema-suite JSON-Schema-Test-Suite/tests/draft2020-12")]
pub(crate) struct Arguments {
    /// The folder of one draft of the suite, 2020-12
    #[arg(value_name = "DIR")]
    folder: std::path::PathBuf,
    /// Show every difference, not the first of each kind only
    #[arg(long, short)]
    verbose: bool,
}

/// Where a schema stands while it is tested.
const TESTED: &str = "/components/schemas/Tested";

/// A schema and its tests, as the suite writes them.
#[derive(Deserialize)]
struct Group {
    description: String,
    schema: Value,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    description: String,
    data: Value,
    valid: bool,
}

/// The outcomes of all tests.
#[derive(Default)]
struct Outcome {
    schemas: usize,
    tests: usize,
    /// Where `jsonschema` itself is not of the suite's opinion; none of our doing.
    of_validator: usize,
    /// Tests of schemas that `jsonschema` alone does not take.
    refused: usize,
    /// Differences by the diagnostics that explain them.
    explained: BTreeMap<String, Vec<String>>,
    unexplained: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    let mut files = Vec::new();
    crate::corpus::walk(&folder, "", &mut files)?;
    let mut outcome = Outcome::default();
    for (path, shown) in files.iter().filter(|(_, shown)| Path::new(shown).extension().is_some_and(|extension| extension == "json")) {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", shown, &error))?;
        let groups: Vec<Group> = serde_json::from_str(&text).map_err(|error| {
            Failure::new(format!("`{shown}` is no file of the suite: {error}"))
                .with_help("name the folder of one draft, as `tests/draft2020-12`")
        })?;
        for group in &groups {
            check(shown, group, &mut outcome);
        }
    }
    if outcome.tests == 0 {
        return Err(Failure::new(format!("there are no tests below `{}`", arguments.folder.display())));
    }
    print(&outcome, arguments.verbose, environment);
    Ok(if outcome.unexplained.is_empty() { Exit::Holds } else { Exit::Broken })
}

fn print(outcome: &Outcome, verbose: bool, environment: &mut Environment<'_>) {
    let Outcome { schemas, tests, of_validator, refused, explained, unexplained } = outcome;
    let out = &mut environment.out;
    out.line(format_args!("{} of {}", count(*tests, "test"), count(*schemas, "schema")));
    out.line(format_args!("{refused} of schemas that `jsonschema` alone does not take (they refer to files that are not there)"));
    out.line(format_args!("{of_validator} that `jsonschema` alone decides otherwise than the suite"));
    let shown = if verbose { usize::MAX } else { 2 };
    for (why, names) in explained {
        out.line(format_args!("{} read otherwise, as a diagnostic says: {why}", names.len()));
        for name in names.iter().take(shown) {
            out.line(format_args!("  {name}"));
        }
    }
    out.line(format_args!("{} without an explanation", count(unexplained.len(), "difference")));
    for name in unexplained {
        out.line(format_args!("  {name}"));
    }
}

fn check(file: &str, group: &Group, outcome: &mut Outcome) {
    outcome.schemas += 1;
    outcome.tests += group.tests.len();
    // The suite's tests of formats are of two kinds: that they are annotations, and, where they are asserted, what they accept.
    let formats = if file.contains("format/") || file.contains("format-assertion") { Formats::Assert } else { Formats::Warn };
    let alone = jsonschema::draft202012::options().should_validate_formats(formats == Formats::Assert).build(&group.schema);
    let Ok(alone) = alone else {
        outcome.refused += group.tests.len();
        return;
    };
    let (contract, diagnostics) = match through_document(&relocated(&group.schema), formats) {
        Ok(read) => read,
        Err(why) => return outcome.unexplained.push(format!("{file}: {}: {why}", group.description)),
    };
    for test in &group.tests {
        let expected = alone.is_valid(&test.data);
        outcome.of_validator += usize::from(expected != test.valid);
        let place = Pointer::from_plain(TESTED);
        let findings = contract.check_value(&place, Side::Response, test.data.to_string().as_bytes());
        let is_valid = findings.iter().all(|finding| finding.severity < Severity::Violation);
        let undecided = formats == Formats::Assert && findings.iter().any(|finding| finding.severity == Severity::Note);
        if is_valid != expected || undecided {
            let name = format!("{file}: {}: {}: {expected}, through a document {is_valid}", group.description, test.description);
            match diagnostics.as_str() {
                "" => outcome.unexplained.push(name),
                why => outcome.explained.entry(why.to_owned()).or_default().push(name),
            }
        }
    }
}

/// A schema without an address of its own refers to itself as `#`, and within a document to the place where it stands.
fn relocated(schema: &Value) -> Value {
    match schema {
        Value::Object(members) if members.contains_key("$id") => schema.clone(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let value = match (key.as_str(), value) {
                    ("enum" | "const", _) => value.clone(),
                    ("$ref" | "$dynamicRef", Value::String(reference)) => match reference.strip_prefix('#') {
                        Some(fragment) if fragment.is_empty() || fragment.starts_with('/') => json!(format!("#{TESTED}{fragment}")),
                        _ => value.clone(),
                    },
                    _ => relocated(value),
                };
                (key.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => items.iter().map(relocated).collect(),
        other => other.clone(),
    }
}

/// The schema as a component of a document, and what the reader says of it.
fn through_document(schema: &Value, formats: Formats) -> Result<(Contract, String), String> {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Suite", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Tested": schema}},
    });
    let document = Document::parse(Source::new("suite.json", document.to_string())).map_err(|error| error.to_string())?;
    let contract = Contract::new(Arc::new(document), Options { formats, ..Options::default() }).map_err(|error| error.to_string())?;
    let mut codes: Vec<String> =
        contract.document().diagnostics().iter().chain(&contract.notes()).map(|found| found.code.to_string()).collect();
    codes.sort();
    codes.dedup();
    Ok((contract, codes.join(", ")))
}
