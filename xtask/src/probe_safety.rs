//! `probe-safety DIR`: what a probe with default settings sends to operations that change data, judged by a server that counts. The work
//! is done by an example of `wireproof-live` (`live/examples/probe_safety.rs`), since this program opens no connections.

use std::path::PathBuf;

use clap::Args;
use wireproof::{Environment, Exit, Failure};

use crate::{cargo, root};

/// The arguments of `probe-safety`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} probe-safety specs
  {program} probe-safety documents | tail -1    what all of them come to")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document with up to 50 operations counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, environment: &Environment<'_>) -> Result<Exit, Failure> {
    let folder = environment.resolve(&arguments.folder);
    if !folder.is_dir() {
        return Err(Failure::new(format!("there is no folder `{}`", arguments.folder.display())));
    }
    let status = cargo()
        .args(["run", "--quiet", "--package", "wireproof-live", "--example", "probe_safety", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .arg("--")
        .arg(&folder)
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    Ok(match status.code() {
        Some(0) => Exit::Holds,
        Some(1) => Exit::Broken,
        _ => Exit::Unusable,
    })
}
