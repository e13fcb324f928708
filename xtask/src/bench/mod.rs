//! `bench`: how fast the commands are, beside libraries that do a part of their work and programs that do the same.
//!
//! `generate/` (documents to Rust); `record/` (traffic through the recording proxy); `validate.rs` (recorded exchanges) on `input.rs` (a document
//! and recordings) with `measure.rs` (time and memory). `peer.rs` is who is measured beside us.

mod generate;
mod input;
mod measure;
mod peer;
mod record;
mod validate;

use clap::{Args, Subcommand};
use wireproof::{Environment, Exit, Failure};

use crate::{cargo, root};

pub(crate) use input::{DOCUMENT, TARGET, body};
pub(crate) use record::{Program, load, quick_server};

/// The arguments of `bench`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} bench generate                     CPU time and memory on a document made for it
  {program} bench generate openapi.yaml --check --peer 'other=other generate {spec} {out}'
  {program} bench validate                     exchanges a second, ratios, memory
  {program} bench record                       throughput and memory of the recording proxy
  {program} bench validate --megabytes 1024    memory on a recording of 1 GB")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Documents to Rust, beside other generators
    Generate(generate::Arguments),
    /// Traffic through the recording proxy
    Record(record::Arguments),
    /// Recorded exchanges against a document
    Validate(validate::Arguments),
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    match &arguments.subject {
        // These build what they measure.
        Subject::Generate(arguments) => generate::run(arguments, environment),
        Subject::Record(arguments) => record::run(arguments, environment),
        Subject::Validate(_) if cfg!(debug_assertions) => optimised(environment),
        Subject::Validate(arguments) => validate::run(arguments, environment),
    }
}

/// Builds this program with optimisation and hands over: figures of another build say nothing.
fn optimised(environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    environment.err.line("building with optimisation, which takes a while the first time");
    let status = cargo()
        .args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .arg("--")
        .args(std::env::args_os().skip(1))
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    Ok(if status.success() { Exit::Holds } else { Exit::Unusable })
}
