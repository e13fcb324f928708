//! `generate`: documents to Rust. `vendors.rs` writes the one package of all vendors and tells whether it is fresh, `kept.rs`
//! lets unchanged ones be, `package.rs` writes one document to a package of its own, `report.rs` is what both say about it.

mod kept;
mod package;
mod report;
mod vendors;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::Global;
use crate::environment::Environment;
use crate::error::{Exit, Failure};

pub(crate) use report::print_diagnostics;
pub use vendors::{Freshness, Outputs, check, freshness, output_of};

/// The arguments of `generate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} generate                  write the types of all vendors
  {program} generate clemta           write those of one vendor
  {program} generate --check          write nothing; exit 1 and show a diff if anything is stale
  {program} generate --spec openapi.yaml --out client --name acme-client")]
pub struct Arguments {
    /// The vendors to write; all of them if none is named
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    /// Write nothing; exit 1 and show a diff if anything is stale, missing or extra
    #[arg(long)]
    check: bool,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE", requires = "out", conflicts_with_all = ["vendors", "check"])]
    spec: Option<PathBuf>,
    /// The folder of the package for `--spec`: empty, missing, or written by this command before
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
    /// The name of the package for `--spec`; the folder's name if left out
    #[arg(long, value_name = "CRATE", requires = "spec")]
    name: Option<String>,
    /// The folder of a local `wireproof-runtime` for the package of `--spec` to depend on
    #[arg(long, value_name = "PATH", requires = "spec")]
    runtime: Option<PathBuf>,
    /// How to report on standard output
    #[arg(long, value_enum, default_value = "pretty")]
    format: Format,
}

/// How `generate` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, on standard error
    Pretty,
    /// One JSON object on standard output, beside what people read on standard error
    Json,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    match (&arguments.spec, &arguments.out) {
        (Some(spec), Some(out)) => package::run(spec, out, arguments, environment),
        _ => vendors::run(arguments, global, environment),
    }
}
