//! `corpus DIR`: generates for every document under a folder, and shows what became of each. A crash or a hang costs one row, as
//! every document has a process and a time limit of its own; what is unchanged since the last run is not done again.
//!
//! `find.rs` (documents and names) -> `run.rs` (a process each) -> `compile.rs` (`--check`, `--clippy`) -> `report.rs` (table and JSON);
//! `each.rs` spreads the work and shows how far it is

mod compile;
mod each;
pub(crate) mod find;
mod report;
mod run;

pub(crate) use find::walk;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use sha2::{Digest, Sha256};
use wireproof::{Environment, Exit, Failure, count};

use crate::target_folder;

/// The arguments of `corpus`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} corpus documents            generate for every document below `documents`
  {program} corpus documents --check    compile each result, too
  {program} corpus documents --check --clippy 20
  {program} corpus documents --broken   documents that are broken on purpose
  {program} corpus documents --limit 10 --seconds 20

What is done is kept: a run that was interrupted goes on where it was. A document is as it should be if a package was made of it (that
compiles without an error or a warning), or if it is of Swagger 2.0 and was refused.")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Compile each result
    #[arg(long)]
    check: bool,
    /// Let clippy look at so many of the results, a sample that stays the same from run to run
    #[arg(long, value_name = "N", default_value_t = 0)]
    clippy: usize,
    /// The documents are broken on purpose: each has to be refused with a reason, or repaired with a diagnostic
    #[arg(long, conflicts_with_all = ["check", "clippy"])]
    broken: bool,
    /// How many documents at a time; as many as there are cores if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Only so many documents, a sample that stays the same from run to run
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// How many seconds a document may take; a compiler may take ten times as many
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Do everything again, also what is unchanged
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    let mut found = find::documents(&folder, arguments.broken)?;
    if found.documents.is_empty() {
        return Err(Failure::new(format!("there are no OpenAPI documents below `{}`", arguments.folder.display()))
            .with_help("name a folder with `.json`, `.yaml` or `.yml` files in it"));
    }
    if let Some(limit) = arguments.limit.and_then(|limit| usize::try_from(limit).ok()) {
        let sample = sample(found.documents.iter().map(|document| document.shown.as_str()), limit);
        found.documents.retain(|document| sample.contains(&document.shown));
    }
    let target = target_folder().join("corpus");
    let jobs = arguments.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let limit = Duration::from_secs(arguments.seconds);
    let program = run::Program::this(&target, limit, arguments.fresh)?;
    let mut rows = each::all("generated", &found.documents, jobs, &mut environment.err, |document, _| program.row(document))?;
    for row in &mut rows {
        row.broken = arguments.broken;
    }
    let compiler = compile::Compiler::new(&target, limit * 10, arguments.fresh)?;
    if arguments.check {
        compiler.all(&mut rows, compile::Tool::Check, jobs, None, &mut environment.err)?;
    }
    if arguments.clippy > 0 {
        let made = rows.iter().filter(|row| row.outcome.is_ok()).map(|row| row.document.as_str());
        let sample = sample(made, arguments.clippy);
        compiler.all(&mut rows, compile::Tool::Clippy, jobs, Some(&sample), &mut environment.err)?;
    }
    report::print_table(&rows, arguments.check, &mut environment.out);
    if found.fragments > 0 {
        environment.err.line(format_args!("{} that are no documents of their own were left out", count(found.fragments, "file")));
    }
    let path = target.join("report.json");
    report::write_json(&rows, &path)?;
    environment.err.line(format_args!("the same as JSON: {}", path.display()));
    Ok(if rows.iter().all(report::Row::is_good) { Exit::Holds } else { Exit::Broken })
}

/// So many of the names, drawn by their digests: at random as far as anybody can tell, and the same in every run.
fn sample<'n>(names: impl Iterator<Item = &'n str>, size: usize) -> BTreeSet<String> {
    let mut drawn: Vec<(Vec<u8>, &str)> = names.map(|name| (Sha256::digest(name).to_vec(), name)).collect();
    drawn.sort_unstable();
    drawn.into_iter().take(size).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn a_sample_stays_the_same_whatever_the_order() {
        let names = ["a", "b", "c", "d", "e"];
        let some = sample(names.into_iter(), 2);
        assert_eq!(some.len(), 2);
        assert_eq!(sample(names.into_iter().rev(), 2), some);
        assert!(sample(names.into_iter(), 3).is_superset(&some), "a larger sample holds the smaller");
        assert_eq!(sample(names.into_iter(), 9).len(), 5);
    }
}
