//! `lint`: what in documents weakens the types made of them or the contract. Next: `lint/report.rs`, how it is told.

mod report;

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use wireproof_contract::ContractError;
use wireproof_documents::lint::{self, Finding, Rule, Severity};
use wireproof_openapi::Document;

use crate::args::Global;
use crate::config::Config;
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::reports;
use report::Linted;

/// The arguments of `lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} lint                                  the documents of all vendors
  {program} lint --spec openapi.yaml              one document
  {program} lint --spec openapi.yaml --format sarif --output lint.sarif
  {program} explain null-meets-requirement        the page of a rule

A part of a document accepts findings on itself and below with `x-wireproof-ignore: [RULE]`, \
a vendor's configuration everywhere with `ignore = [\"RULE\"]`.
Exit codes: 0 no errors (there may be warnings), 1 errors, 2 a document cannot be read.")]
pub struct Arguments {
    /// The vendors; all of them if none is named
    #[arg(value_name = "VENDOR", conflicts_with = "spec")]
    vendors: Vec<String>,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How to report; may repeat, each paired with an `--output`
    #[arg(long = "format", value_enum, value_name = "FORMAT")]
    formats: Vec<Format>,
    /// Where to report; the last format without one goes to standard output (`-`)
    #[arg(long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// List every finding, however many there are of a rule
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
    /// SARIF 2.1.0 for code hosts
    Sarif,
    /// Markdown for CI summaries
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = reports::pair(&arguments.formats, Format::Pretty, &arguments.outputs)?;
    let linted = if let Some(spec) = &arguments.spec {
        vec![lint(None, &[], document::load(&environment.resolve(spec), &spec.to_string_lossy())?)?]
    } else {
        let config = Config::find(global.config.as_deref(), environment)?;
        let vendors = config.select(&arguments.vendors)?.into_iter();
        vendors
            .map(|vendor| lint(Some(&vendor.name), &vendor.ignore, document::load_vendor(&config.root, vendor)?))
            .collect::<Result<_, _>>()?
    };
    let opened = reports::open(&targets, environment)?;
    let out = &mut environment.out;
    let mut written = Vec::with_capacity(opened.len());
    for (format, file) in opened {
        let text = match format {
            Format::Pretty => report::pretty(&linted, arguments.verbose, if file.is_none() { Some(&*out) } else { None }),
            Format::Json => report::json(&linted)?,
            Format::Sarif => report::sarif(&linted)?,
            Format::Markdown => report::markdown(&linted, arguments.verbose),
        };
        if let Some(mut file) = file {
            file.write_all(text.as_bytes()).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
            written.push((format, Some(file)));
        } else {
            out.line(text.trim_end());
        }
    }
    reports::commit(written)?;
    let errors = linted.iter().any(|linted| linted.count(Severity::Error) > 0);
    Ok(if errors { Exit::Broken } else { Exit::Holds })
}

fn lint(vendor: Option<&str>, ignored: &[Rule], document: Document) -> Result<Linted, Failure> {
    let document = Arc::new(document);
    let findings = findings(&document, ignored)?;
    Ok(Linted { vendor: vendor.map(str::to_owned), spec: document.source().path.clone(), remarks: document.diagnostics().len(), findings })
}

/// What the rules say about a document.
///
/// # Errors
///
/// When its schemas cannot be taken in.
pub(crate) fn findings(document: &Arc<Document>, ignored: &[Rule]) -> Result<Vec<Finding>, Failure> {
    lint::lint(document, ignored).map_err(|error: ContractError| Failure::new(error.to_string()))
}

/// A path as the relative reference of a URI.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
