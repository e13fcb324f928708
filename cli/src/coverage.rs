//! `coverage`: which operations, statuses and content types of a document the recordings show, and which documented fields never.
//! Nothing is judged here: whether exchanges keep their contract is what `validate` says.

mod report;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wireproof_contract::{Contracts, Event, Formats, Outcome};

use crate::args::Global;
use crate::config::Config;
use crate::contracts::{self, Checking, Loaded};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{printable, style};
use crate::progress::Progress;
use crate::recordings::{self, Recordings};
use crate::reports;
use crate::validate::check_all;
use report::Vendor;

/// The arguments of `coverage`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} coverage                                   all vendors, by their own recordings
  {program} coverage clemta --format markdown
  {program} coverage --spec openapi.yaml session.har   one document, by these recordings")]
pub struct Arguments {
    /// The vendors, all of them if none is named; with `--spec`, the recordings
    #[arg(value_name = "VENDOR")]
    names: Vec<String>,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE", requires = "names")]
    spec: Option<PathBuf>,
    /// A server beyond those that the document names
    #[arg(long = "server", value_name = "URL")]
    servers: Vec<String>,
    /// How to report; may repeat, each paired with an `--output`
    #[arg(long = "format", value_enum, value_name = "FORMAT")]
    formats: Vec<Format>,
    /// Where to report; the last format without one goes to standard output (`-`)
    #[arg(long = "output", value_name = "FILE")]
    outputs: Vec<PathBuf>,
    /// List everything, however long
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
    /// Markdown for CI summaries
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = reports::pair(&arguments.formats, Format::Pretty, &arguments.outputs)?;
    let (loaded, found) = inputs(arguments, global, environment)?;
    found.tell(&mut environment.err);
    let contracts = Contracts::new(loaded.into_iter().map(|Loaded { contract, .. }| contract).collect());
    let opened = reports::open(&targets, environment)?;
    let Environment { out, err, stdin, .. } = environment;
    let progress = Progress::of_bytes(err, found.bytes());
    let mut run = contracts.run().with_jobs(recordings::all_cores());
    let mut sink = |_: Event| ControlFlow::Continue(());
    let unusable = check_all(&mut run, &found, &progress, stdin, &mut sink)?;
    let outcome = run.finish(false, &mut sink);
    drop(progress);
    let vendors = vendors(&contracts, &outcome);
    let unmatched = outcome.summary.unmatched;
    let mut written = Vec::with_capacity(opened.len());
    for (format, file) in opened {
        let text = match format {
            Format::Pretty => report::pretty(&vendors, unmatched, arguments.verbose, if file.is_none() { Some(&*out) } else { None }),
            Format::Json => report::json(&vendors, unmatched)?,
            Format::Markdown => report::markdown(&vendors, unmatched, arguments.verbose),
        };
        if let Some(mut file) = file {
            file.write_all(text.as_bytes()).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
            written.push((format, Some(file)));
        } else {
            out.line(text.trim_end());
        }
    }
    reports::commit(written)?;
    for failure in &unusable {
        let head = err.paint(style::BAD, "error").to_string();
        err.line(format_args!("{head}: {}", printable(&failure.message)));
    }
    Ok(if unusable.is_empty() { Exit::Holds } else { Exit::Unusable })
}

/// The contracts and the recordings that are held against them.
fn inputs(arguments: &Arguments, global: &Global, environment: &Environment<'_>) -> Result<(Vec<Loaded>, Recordings), Failure> {
    let checking = Checking {
        servers: arguments.servers.clone(),
        today: today(None)?,
        show_values: false,
        excerpts: false,
        fields: true,
        formats: Formats::default(),
    };
    let mut found = Recordings::default();
    if let Some(spec) = &arguments.spec {
        for recording in &arguments.names {
            found.extend(recordings::find(&environment.resolve(Path::new(recording)), recording)?);
        }
        return Ok((vec![contracts::of_spec(spec, None, false, &checking, environment)?], found));
    }
    let config = Config::find(global.config.as_deref(), environment)?;
    let loaded = contracts::of_vendors(&config, &arguments.names, &checking).map_err(|failure| {
        if arguments.names.iter().any(|name| environment.resolve(Path::new(name)).exists()) {
            return failure.with_help("recordings of your own go with `--spec FILE`; vendors have theirs in the configuration");
        }
        failure
    })?;
    for vendor in config.select(&arguments.names)? {
        let path = config.resolve(&vendor.recordings.path);
        // A vendor without recordings is one of whom nothing was seen, which is what this command is there to say.
        if path.exists() {
            found.extend(recordings::find(&path, &vendor.recordings.path).unwrap_or_default());
        }
    }
    Ok((loaded, found))
}

fn vendors(contracts: &Contracts, outcome: &Outcome) -> Vec<Vendor> {
    let vendor = |(contract, seen): (&wireproof_contract::Contract, &wireproof_contract::VendorOutcome)| Vendor {
        name: seen.vendor.as_deref().map(str::to_owned),
        document: contract.document().source().path.clone(),
        exchanges: seen.summary.exchanges,
        coverage: seen.coverage.clone(),
        fields: contract.fields().unwrap_or_default(),
    };
    contracts.contracts().iter().zip(&outcome.vendors).map(vendor).collect()
}
