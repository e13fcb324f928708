//! `paired DIR`: exchanges whose verdict their authors have told, held against ours. Each set has its own form and file here;
//! where we mean to decide otherwise, `differences.toml` says so and why, and an entry there that no longer matches fails.
//!
//! | set | form | verdicts |
//! | --- | --- | --- |
//! | `prism-harness` | `prism.rs`: a document, a command of curl, what Prism answers | of requests and answers, from the answer |
//! | `redocly-drift` | `redocly.rs`: a document, a recording, the report of a run | of exchanges, from the report |
//! | `stripe` | `recorded.rs`: bodies by the name of their schema | all are valid |
//! | `github`, `openai` | `recorded.rs`: exchanges | none; the largest groups of findings are shown |

mod curl;
mod prism;
mod recorded;
mod redocly;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Deserialize;
use wireproof::{Environment, Exit, Failure, count};
use wireproof_contract::{Contract, Options};
use wireproof_openapi::{Document, Source};

/// The arguments of `paired`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} paired corpus/paired --specs corpus/specs/native")]
pub(crate) struct Arguments {
    /// The folder of the sets, each in a folder of its name
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder of the documents of the sets that have none with them
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Show every verdict that was compared
    #[arg(long, short)]
    verbose: bool,
}

/// One verdict: what the author says and what we say.
struct Compared {
    /// The set and the test, as in `differences.toml`.
    name: String,
    expected: String,
    actual: String,
}

/// What a set comes to.
#[derive(Default)]
struct Outcome {
    compared: Vec<Compared>,
    /// Tests that say nothing about a document and an exchange, by the reason.
    left_out: BTreeMap<&'static str, usize>,
    /// Lines to show.
    shown: Vec<String>,
}

/// Where our verdict is another, and why.
#[derive(Deserialize)]
struct Differences {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    test: String,
    expected: String,
    ours: String,
    #[serde(rename = "reason")]
    _reason: String,
}

const DIFFERENCES: &str = include_str!("differences.toml");

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    let specs = arguments.specs.as_ref().map(|specs| environment.resolve(specs));
    let differences: Differences =
        toml::from_str(DIFFERENCES).map_err(|error| Failure::new(format!("`differences.toml` cannot be read: {error}")))?;
    let mut unlisted = 0;
    let mut matched = BTreeSet::new();
    let mut ran: Vec<&str> = Vec::new();
    for (set, check) in [("prism-harness", prism::check as fn(&Path) -> Result<Outcome, Failure>), ("redocly-drift", redocly::check)] {
        if folder.join(set).is_dir() {
            ran.push(set);
            let outcome = check(&folder.join(set))?;
            unlisted += report(set, &outcome, &differences, &mut matched, arguments.verbose, environment);
        }
    }
    for set in ["stripe", "github", "openai"] {
        if let Some(specs) = specs.as_ref().filter(|_| folder.join(set).is_dir()) {
            ran.push(set);
            let outcome = recorded::check(&folder.join(set), &specs.join(set))?;
            unlisted += report(set, &outcome, &differences, &mut matched, arguments.verbose, environment);
        }
    }
    if ran.is_empty() {
        return Err(Failure::new(format!("there is no known set below `{}`", arguments.folder.display())));
    }
    let listed = differences.difference.iter().map(|entry| entry.test.as_str());
    let stale: Vec<&str> = listed.filter(|test| !matched.contains(*test) && ran.iter().any(|set| test.starts_with(set))).collect();
    for test in &stale {
        environment.err.line(format_args!("`{test}` of `differences.toml` is no difference any more: remove it"));
    }
    Ok(if unlisted == 0 && stale.is_empty() { Exit::Holds } else { Exit::Broken })
}

fn report(
    set: &str,
    outcome: &Outcome,
    differences: &Differences,
    matched: &mut BTreeSet<String>,
    verbose: bool,
    environment: &mut Environment<'_>,
) -> usize {
    let out = &mut environment.out;
    let (mut agreed, mut listed, mut unlisted) = (0, 0, 0);
    for Compared { name, expected, actual } in &outcome.compared {
        let entry = differences.difference.iter().find(|entry| entry.test == *name && entry.expected == *expected && entry.ours == *actual);
        if verbose {
            out.line(format_args!("  {name}: expected {expected}, found {actual}"));
        }
        match (expected == actual, entry) {
            (true, _) => agreed += 1,
            (false, Some(entry)) => {
                listed += 1;
                matched.insert(entry.test.clone());
            }
            (false, None) => {
                unlisted += 1;
                out.line(format_args!("  {name}: expected {expected}, found {actual}"));
            }
        }
    }
    for line in &outcome.shown {
        out.line(format_args!("  {line}"));
    }
    let left_out: Vec<String> = outcome.left_out.iter().map(|(why, number)| format!("{number} {why}")).collect();
    out.line(format_args!(
        "{set}: {} compared, {agreed} agree, {listed} differ as listed, {unlisted} differ{}{}",
        count(outcome.compared.len(), "verdict"),
        if left_out.is_empty() { "" } else { "; left out: " },
        left_out.join(", ")
    ));
    unlisted
}

/// A contract of a document's text.
fn contract(name: &str, text: &str, servers: &[&str]) -> Result<Contract, String> {
    let document = Document::parse(Source::new(name, text)).map_err(|error| error.to_string())?;
    let options = Options { servers: servers.iter().map(|&url| url.to_owned()).collect(), ..Options::default() };
    Contract::new(Arc::new(document), options).map_err(|error| error.to_string())
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error))
}
