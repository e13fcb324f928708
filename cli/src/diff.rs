//! `diff OLD NEW`: what changed between two documents, and whom it breaks. Next: `diff/revision.rs`, which reads documents from Git, and
//! `diff/report.rs`, how it is told.

mod recorded;
mod report;
mod revision;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use wireproof_documents::diff::{self, Class};

use crate::args::Global;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::reports;
use report::Told;

/// The arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} diff old.yaml new.yaml
  {program} diff HEAD~1:specs/clemta/openapi.yaml specs/clemta/openapi.yaml --vendor clemta
  {program} diff v1.yaml v2.yaml --format markdown --output changes.md
  {program} diff v1.yaml v2.yaml --recordings recordings/

A request is broken by what it may no longer say, an answer by what it may newly say; of webhooks \
and callbacks, which the vendor calls, it is the other way round. `unknown` is what could not be decided.
Exit codes: 0 nothing breaks, 1 something does (with `--strict`, also what is unknown; with recordings, \
also those that no longer conform), 2 a document or recording cannot be read.")]
pub struct Arguments {
    /// The old document: a file, or `REV:path` for one of a Git revision
    old: String,
    /// The new document: a file, or `REV:path`
    new: String,
    /// How to report; may repeat, each paired with an `--output`
    #[arg(long = "format", value_enum, value_name = "FORMAT")]
    formats: Vec<Format>,
    /// Where to report; the last format without one goes to standard output (`-`)
    #[arg(long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// Recordings that are held against both documents, files or folders
    #[arg(long, value_name = "RECORDING", num_args = 1..)]
    recordings: Vec<PathBuf>,
    /// The recordings of a vendor of the configuration
    #[arg(long, value_name = "VENDOR")]
    vendor: Option<String>,
    /// Fail on what could not be decided, too
    #[arg(long)]
    strict: bool,
    /// List every change, also those that break nothing
    #[arg(long, short)]
    verbose: bool,
}

/// The formats of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Pretty,
    /// One JSON object
    Json,
    /// Markdown for CI summaries and pull requests
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = reports::pair(&arguments.formats, Format::Pretty, &arguments.outputs)?;
    let old = Arc::new(revision::load(&arguments.old, environment)?);
    let new = Arc::new(revision::load(&arguments.new, environment)?);
    let changes = diff::diff(&old, &new).map_err(|error| Failure::new(error.to_string()))?;
    let recorded = recorded::compare(arguments, global, (&old, &new), environment)?;
    let told = Told { old: arguments.old.clone(), new: arguments.new.clone(), changes, recorded };
    let opened = reports::open(&targets, environment)?;
    let out = &mut environment.out;
    let mut written = Vec::with_capacity(opened.len());
    for (format, file) in opened {
        let text = match format {
            Format::Pretty => report::pretty(&told, arguments.verbose, if file.is_none() { Some(&*out) } else { None }),
            Format::Json => report::json(&told)?,
            Format::Markdown => report::markdown(&told),
        };
        if let Some(mut file) = file {
            file.write_all(text.as_bytes()).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
            written.push((format, Some(file)));
        } else {
            out.line(text.trim_end());
        }
    }
    reports::commit(written)?;
    let breaks = told.count(Class::Breaking) > 0 || (arguments.strict && told.count(Class::Unknown) > 0);
    let lost = told.recorded.as_ref().is_some_and(|recorded| !recorded.lost.is_empty());
    Ok(if breaks || lost { Exit::Broken } else { Exit::Holds })
}
