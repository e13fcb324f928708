//! `mutilate DIR`: documents with a few parts broken, moved or replaced at random (`document.rs`), through everything that takes a
//! document: reading, generating, linting, comparing, and the contract. A document may be refused or repaired; what must not happen is a
//! panic, a document that differs from itself, or a step that does not end. `corpus DIR --check` compiles what `--into` kept.

mod document;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use wireproof::{Environment, Exit, Failure, count, printable};
use wireproof_contract::Contract;
use wireproof_documents::{diff, lint};
use wireproof_openapi::{Document, Source};

/// The arguments of `mutilate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} mutilate documents
  {program} mutilate documents --rounds 100 --seed 7
  {program} mutilate documents --rounds 1 --into broken    keep the broken documents, for `corpus broken --check`")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How often to break each document, each time in other parts
    #[arg(long, value_name = "N", default_value_t = 10)]
    rounds: u64,
    /// What is broken differs from what other seeds break
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Leave out larger documents
    #[arg(long, value_name = "BYTES", default_value_t = 100_000)]
    limit: u64,
    /// Write the broken documents that can be read into this folder, which must not exist
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// Longer than any step takes on a document of the usual limit.
const SLOW: Duration = Duration::from_secs(20);

/// The steps that every document that can be read goes through, and what is wrong with how one of them ended.
type Step = fn(&Arc<Document>, &Arc<Document>) -> Option<String>;

const STEPS: [(&str, Step); 4] = [("generate", generate), ("lint", check), ("diff", compare), ("contract", contract)];

/// What came of a run.
#[derive(Debug, Default)]
struct Outcome {
    broken: usize,
    read: usize,
    faults: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    crate::corpus::walk(&environment.resolve(&arguments.folder), "", &mut files)?;
    let into = arguments.into.as_ref().map(|folder| environment.resolve(folder));
    if let Some(into) = &into {
        std::fs::create_dir(into).map_err(|error| Failure::io("create", into.display(), &error))?;
    }
    let mut outcome = Outcome::default();
    for (index, (path, shown)) in files.iter().enumerate() {
        let size = std::fs::metadata(path).map_err(|error| Failure::io("read", shown, &error))?.len();
        let Some(source) = std::fs::read_to_string(path).ok().filter(|_| size <= arguments.limit) else { continue };
        for round in 0..arguments.rounds {
            let seed = arguments.seed.wrapping_mul(1_000_003).wrapping_add(round);
            let kept = into.as_ref().map(|into| into.join(format!("{index}-{round}.json")));
            outcome.round(&format!("{shown}, round {round}"), &source, seed, kept.as_deref())?;
        }
        if (index + 1) % 50 == 0 {
            environment.err.line(format_args!("{} of {}", index + 1, count(files.len(), "file")));
        }
    }
    if outcome.broken == 0 {
        return Err(Failure::new(format!("`{}` holds no document that could be broken", arguments.folder.display())));
    }
    for fault in &outcome.faults {
        environment.out.line(format_args!("✗ {}", printable(fault)));
    }
    environment.out.line(format_args!(
        "{} broken at random, {} of them can still be read; {}",
        count(outcome.broken, "document"),
        outcome.read,
        count(outcome.faults.len(), "fault"),
    ));
    Ok(if outcome.faults.is_empty() { Exit::Holds } else { Exit::Broken })
}

impl Outcome {
    /// Breaks a document once, and takes it through every step.
    fn round(&mut self, shown: &str, text: &str, seed: u64, keep: Option<&Path>) -> Result<(), Failure> {
        let name = |what: &str| format!("{shown} ({what})");
        let Ok(mut tree) = Source::new(name("whole"), text).value() else { return Ok(()) };
        let Ok(whole) = Document::parse(Source::new(name("whole"), text)) else { return Ok(()) };
        let whole = Arc::new(whole);
        document::break_parts(&mut tree, &mut fastrand::Rng::with_seed(seed));
        let broken = tree.to_string();
        self.broken += 1;
        let mut read = None;
        let fault = ended("read", || {
            read = Document::parse(Source::new(name("broken"), broken.clone())).ok().map(Arc::new);
            None
        });
        self.faults.extend(fault.map(|fault| format!("{shown}: {fault}")));
        let Some(document) = read else { return Ok(()) };
        self.read += 1;
        if let Some(path) = keep {
            std::fs::write(path, &broken).map_err(|error| Failure::io("write", path.display(), &error))?;
        }
        for (name, step) in STEPS {
            let fault = ended(name, || step(&whole, &document));
            self.faults.extend(fault.map(|fault| format!("{shown}: {fault}")));
        }
        Ok(())
    }
}

/// Runs a step; what is wrong with how it ended.
fn ended(name: &str, step: impl FnOnce() -> Option<String>) -> Option<String> {
    let start = Instant::now();
    let fault = catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Some("it panicked".to_owned()));
    let fault = fault.or_else(|| (start.elapsed() > SLOW).then(|| format!("it took {} s", start.elapsed().as_secs())));
    fault.map(|fault| format!("`{name}`: {fault}"))
}

fn generate(_: &Arc<Document>, document: &Arc<Document>) -> Option<String> {
    let options = wireproof_generator::Options { command: "cargo xtask mutilate".to_owned(), spec: "broken".to_owned(), features: true };
    let output = wireproof_generator::generate(document, &options);
    output.files.is_empty().then(|| "nothing was generated, and nothing said".to_owned())
}

fn check(_: &Arc<Document>, document: &Arc<Document>) -> Option<String> {
    // What cannot be compiled is said so; whether it should be is no matter of this chore.
    let _: Result<_, _> = lint::lint(document, &[]);
    None
}

fn compare(whole: &Arc<Document>, document: &Arc<Document>) -> Option<String> {
    let _: Result<_, _> = diff::diff(whole, document);
    let _: Result<_, _> = diff::diff(document, whole);
    match diff::diff(document, document) {
        Ok(changes) if !changes.is_empty() => Some(format!("{} between the document and itself", count(changes.len(), "change"))),
        _ => None,
    }
}

fn contract(_: &Arc<Document>, document: &Arc<Document>) -> Option<String> {
    let _: Result<_, _> = Contract::new(Arc::clone(document), wireproof_contract::Options::default());
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Outcome;

    /// A sample of what `cargo xtask mutilate` does on any folder.
    #[test]
    fn documents_broken_at_random_are_refused_or_read_and_never_the_end_of_the_program() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generator/tests/fixtures");
        let mut outcome = Outcome::default();
        for entry in std::fs::read_dir(fixtures).expect("the fixtures are there") {
            let path = entry.expect("they can be listed").path();
            let text = std::fs::read_to_string(&path).expect("they can be read");
            for seed in 0..3 {
                outcome.round(&path.display().to_string(), &text, seed, None).expect("nothing is written");
            }
        }
        assert_eq!(outcome.faults, Vec::<String>::new());
        assert!(outcome.broken > 60 && outcome.read > 20, "{outcome:?}");
    }
}
