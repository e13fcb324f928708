//! `corpus DIR`: generates for every document under a folder, and shows what became of each. A crash or a hang costs one row, as
//! every document has a process and a time limit of its own; what is unchanged since the last run is not done again.
//!
//! `find.rs` (documents and names) -> `run.rs` (a process each) -> `compile.rs` (`--check`) -> `report.rs` (table and JSON)

mod compile;
pub(crate) mod find;
mod report;
mod run;

pub(crate) use find::walk;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use wireproof::{Environment, Exit, Failure, count};

use crate::target_folder;

/// The arguments of `corpus`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} corpus documents            generate for every document below `documents`
  {program} corpus documents --check    compile each result, too
  {program} corpus documents --jobs 1 --limit 10")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Compile each result
    #[arg(long)]
    check: bool,
    /// How many documents at a time; as many as there are cores if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How many seconds a document may take
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    limit: u64,
    /// Do everything again, also what is unchanged
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    let found = find::documents(&folder)?;
    if found.documents.is_empty() {
        return Err(Failure::new(format!("there are no OpenAPI documents below `{}`", arguments.folder.display()))
            .with_help("name a folder with `.json`, `.yaml` or `.yml` files in it"));
    }
    let target = target_folder().join("corpus");
    let jobs = arguments.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let program = run::Program::this(&target, Duration::from_secs(arguments.limit), arguments.fresh)?;
    let mut rows = run::all(&found.documents, &program, jobs, &mut environment.err)?;
    if arguments.check {
        environment.err.line(format_args!("compiling {}", count(rows.iter().filter(|row| row.outcome.is_ok()).count(), "package")));
        compile::all(&mut rows, &target, jobs)?;
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
