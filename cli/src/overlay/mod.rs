//! `overlay`: corrections to a document that lie beside it, as OpenAPI Overlays. Vendors' overlays are applied wherever their documents
//! are read (`document.rs`); here they are tried on any document.

mod suggest;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;
use wireproof_documents::to_yaml;

use crate::args::Global;
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::write::NewFile;

/// The arguments of `overlay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} overlay apply openapi.yaml overlay.yaml     print the corrected document
  {program} overlay suggest clemta                      corrections for what is known to differ")]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a document with an overlay applied, as YAML or, if it is JSON, as JSON
    Apply(Apply),
    /// Print the overlay that a vendor's known drift asks for
    Suggest(suggest::Arguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} overlay apply openapi.yaml overlay.yaml
  {program} overlay apply openapi.json overlay.yaml --output corrected.json")]
struct Apply {
    /// The document
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// The overlay
    #[arg(value_name = "OVERLAY")]
    overlay: PathBuf,
    /// Where to write the document; standard output if left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    match &arguments.action {
        Action::Apply(arguments) => apply(arguments, environment),
        Action::Suggest(arguments) => suggest::run(arguments, global, environment),
    }
}

fn apply(arguments: &Apply, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let overlay = document::load_overlay(&environment.resolve(&arguments.overlay), &shown(&arguments.overlay))?;
    let source = document::read_source(&environment.resolve(&arguments.spec), &shown(&arguments.spec))?;
    let value = overlay.apply(&source)?;
    let text = if source.text.trim_start().starts_with('{') { to_json(&value) } else { to_yaml(&value) };
    put(&text, arguments.output.as_deref(), environment)
}

/// Writes a text to a file or to standard output.
pub(crate) fn put(text: &str, output: Option<&Path>, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    match output {
        Some(path) => {
            let shown = path.to_string_lossy();
            let mut file = NewFile::begin(&environment.resolve(path), &shown)?;
            file.write_all(text.as_bytes()).map_err(|error| Failure::io("write", &shown, &error))?;
            file.commit()?;
        }
        None => environment.out.line(text.trim_end_matches('\n')),
    }
    Ok(Exit::Holds)
}

/// A tree as JSON for people, its last line ended.
pub(crate) fn to_json(value: &Value) -> String {
    format!("{value:#}\n")
}
