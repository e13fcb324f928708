//! `soundness DIR`: whether the generated types take what their schemas allow, and what else they take. For every component schema
//! of every document under a folder, instances are made by `wireproof_contract::synthesis` and sent through the generated type.
//!
//! A valid instance must decode, and encode to an equal value that is still valid. An invalid one that the type takes all the same
//! is counted under the keyword that it breaks; `looseness.rs` lists the keywords that types do not enforce.
//!
//! `subject.rs` (document to package and types) -> `driver.rs` (a program with the types of some documents) -> `trial.rs` (instances
//! through a running driver) -> `report.rs`

mod driver;
mod looseness;
mod recordings;
mod report;
mod subject;
mod trial;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;
use wireproof::{Environment, Exit, Failure, count};

use crate::corpus::find;
use crate::target_folder;
use driver::Driver;
use report::Row;
use subject::Subject;

/// How many documents share a driver: each costs a link, and one that does not compile costs all others a second try.
const GROUP: usize = 10;

/// The stack of a thread that works on a document: validators recurse as deep as schemas do.
const STACK: usize = 256 << 20;

/// The arguments of `soundness`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} soundness documents                 every component schema of every document below `documents`
  {program} soundness documents --limit 60      the 60 smallest documents
  {program} soundness documents --recordings answers.jsonl
                                                recorded answers, too, where they name a component")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only so many documents, the smallest ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// How many documents at a time; as many as there are cores if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How many instances of each kind, valid and invalid, to make of a schema at most
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    instances: u16,
    /// What the instances differ by from those of other seeds
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Recorded exchanges, one JSON object to a line, whose `schema_hint` names a component
    #[arg(long, value_name = "FILE")]
    recordings: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    let mut documents = find::documents(&folder, false)?.documents;
    documents.retain(|document| !document.swagger);
    if documents.is_empty() {
        return Err(Failure::new(format!("there are no OpenAPI 3 documents below `{}`", arguments.folder.display()))
            .with_help("name a folder with `.json`, `.yaml` or `.yml` files in it"));
    }
    if let Some(limit) = arguments.limit {
        documents.sort_by_key(|document| std::fs::metadata(&document.path).map_or(u64::MAX, |metadata| metadata.len()));
        documents.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let recordings = match &arguments.recordings {
        Some(path) => recordings::read(&environment.resolve(path))?,
        None => Vec::new(),
    };
    let jobs = arguments.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let target = target_folder().join("soundness");
    let plan = trial::Plan { limit: usize::from(arguments.instances), seed: arguments.seed, recordings };
    let mut rows = hold(&documents, &target, &plan, jobs, &mut |done| {
        environment.err.line(format_args!("{done} of {}", count(documents.len(), "document")));
    })?;
    rows.sort_by(|left, right| left.document.cmp(&right.document));
    report::print(&rows, &mut environment.out);
    let path = target.join("report.json");
    report::write_json(&rows, &path)?;
    environment.err.line(format_args!("the same as JSON: {}", path.display()));
    Ok(if rows.iter().all(Row::is_good) { Exit::Holds } else { Exit::Broken })
}

/// The rows of all documents, group by group; `progress` is told how many there are so far.
fn hold(
    documents: &[find::Document],
    target: &Path,
    plan: &trial::Plan,
    jobs: usize,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::with_capacity(documents.len());
    for group in documents.chunks(GROUP) {
        let mut subjects = Vec::with_capacity(group.len());
        for document in group {
            match Subject::prepare(document, target) {
                Ok(subject) => subjects.push(subject),
                Err(failure) => rows.push(Row::unusable(document, &failure.message)),
            }
        }
        rows.extend(together(subjects, target, plan, jobs)?);
        progress(rows.len());
    }
    Ok(rows)
}

/// Builds one driver for all subjects and tries them; where it does not compile, one for each.
fn together(subjects: Vec<Subject>, target: &std::path::Path, plan: &trial::Plan, jobs: usize) -> Result<Vec<Row>, Failure> {
    match Driver::build(&subjects, target, jobs)? {
        Ok(driver) => Ok(try_all(&subjects, &driver, plan, jobs)),
        Err(errors) if subjects.len() == 1 => Ok(subjects.iter().map(|subject| Row::uncompiled(subject, &errors)).collect()),
        Err(_) => {
            let mut rows = Vec::with_capacity(subjects.len());
            for subject in subjects {
                rows.extend(together(vec![subject], target, plan, jobs)?);
            }
            Ok(rows)
        }
    }
}

/// The rows of all subjects, worked on by `jobs` threads.
fn try_all(subjects: &[Subject], driver: &Driver, plan: &trial::Plan, jobs: usize) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let rows: Mutex<Vec<Row>> = Mutex::new(Vec::new());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(subject) = subjects.get(index) else { return };
            let row = trial::run(subject, index, driver, plan).unwrap_or_else(|failure| Row::failed(subject, &failure.message));
            if let Ok(mut rows) = rows.lock() {
                rows.push(row);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.min(subjects.len()) {
            // Without a thread to be had, the others do its work; without any, rows are missing, which the totals show.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
    });
    rows.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root;

    /// The fixtures of the generator have every shape that it makes; what becomes of them is seen here with more values than
    /// anybody would write down.
    #[test]
    fn the_types_of_all_fixtures_are_sound() {
        let documents = find::documents(&root().join("generator/tests/fixtures"), false).expect("the fixtures").documents;
        assert!(documents.len() >= 14, "the fixtures are gone");
        let plan = trial::Plan { limit: 25, seed: 1, recordings: Vec::new() };
        let rows = hold(&documents, &target_folder().join("soundness-of-fixtures"), &plan, 2, &mut |_| {}).expect("it runs");
        let bad: Vec<&Row> = rows.iter().filter(|row| !row.is_good() || row.reason.is_some()).collect();
        assert!(bad.is_empty(), "{bad:#?}");
        let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
        assert!(sum(|row| row.valid) > 1_000 && sum(|row| row.refused) > 500, "hardly anything was tried: {rows:#?}");
    }
}
