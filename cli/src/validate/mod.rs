//! `validate`: recorded exchanges against a document or against the vendors of the configuration.
//! The contract engine (`wireproof-contract`) does the work; here files are opened and events handed to the reports.
//! Next: `accept.rs`, which writes what was found into known-drift files.

pub(crate) mod accept;

use std::io::Read;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wireproof_contract::{Contract, Contracts, Event, Formats, KnownDrift, Outcome, Run};

use crate::args::Global;
use crate::config::Config;
use crate::contracts::{self, Checking, Loaded};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::generate::print_diagnostics;
use crate::output::{Stream, count, printable, style};
use crate::progress::Progress;
use crate::recordings::{self, Recordings};
use crate::reports::{self, ReportArguments, Reports};
use accept::Accepting;

/// The arguments of `validate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} validate --vendor clemta contract-tests/recordings/clemta
  {program} validate --spec openapi.yaml session.har
  {program} validate --spec openapi.yaml cassettes/ collection.json --server http://localhost:8080
  gunzip -c traffic.ndjson.gz | {program} validate --spec openapi.yaml -
  {program} validate --spec openapi.yaml session.har --formats warn
  {program} validate session.har --format html --output report.html --format sarif --output report.sarif
  {program} validate --vendor clemta --accept session.har    live with today's drift for 90 days
  {program} validate --spec openapi.yaml --drift known-drift.toml session.har")]
pub struct Arguments {
    /// Recordings, and folders that are read recursively: HAR, NDJSON of HAR entries, cassettes of VCR, vcrpy and betamax (YAML,
    /// JSON), Postman collections with saved responses, nock; `-` is NDJSON on standard input
    #[arg(value_name = "RECORDING", required = true)]
    recordings: Vec<PathBuf>,
    /// The vendor of the configuration (may repeat); without it, each exchange goes to the vendor that its URL names
    #[arg(long, value_name = "VENDOR", conflicts_with = "spec")]
    vendor: Vec<String>,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The list of known drift for `--spec`; a vendor has its own
    #[arg(long, value_name = "FILE", requires = "spec")]
    drift: Option<PathBuf>,
    /// A server beyond those that the document names
    #[arg(long = "server", value_name = "URL")]
    servers: Vec<String>,
    #[command(flatten)]
    report: ReportArguments,
    /// What a value costs that is not of its `format`: a finding as any other, or a note only
    #[arg(long = "formats", value_enum, value_name = "WHAT", default_value = "assert")]
    asserted: Asserted,
    /// Add what drifts or breaks the contract to the list of known drift, for reasons to be filled in
    #[arg(long)]
    accept: bool,
    /// The last day of what `--accept` adds; 90 days from now if left out
    #[arg(long, value_name = "YYYY-MM-DD", requires = "accept")]
    expires: Option<String>,
    /// How many threads check exchanges; as many as there are cores if left out
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The day against which known drift expires; the clock's if left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

/// What a `format` of a schema asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Asserted {
    /// Values of it; others break their schema
    Assert,
    /// Nothing; other values are a note
    Warn,
}

impl From<Asserted> for Formats {
    fn from(asserted: Asserted) -> Self {
        match asserted {
            Asserted::Assert => Self::Assert,
            Asserted::Warn => Self::Warn,
        }
    }
}

impl Arguments {
    /// The vendors whose exchanges are checked, none standing for all; `None` where a single document is named instead.
    pub(crate) fn vendors(&self) -> Option<&[String]> {
        if self.spec.is_some() { None } else { Some(self.vendor.as_slice()) }
    }
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = arguments.report.targets()?;
    let today = today(arguments.today.as_deref())?;
    let expires = arguments.accept.then(|| accept::expires(arguments.expires.as_deref(), today)).transpose()?;
    let checking = Checking {
        servers: arguments.servers.clone(),
        today,
        show_values: arguments.report.show_values,
        excerpts: arguments.report.wants_excerpts(),
        fields: false,
        formats: arguments.asserted.into(),
    };
    let loaded = match &arguments.spec {
        Some(_) if arguments.accept && arguments.drift.is_none() => {
            return Err(
                Failure::new("`--accept` has no file to write to").with_help("name one with `--drift FILE`; vendors have their own")
            );
        }
        Some(spec) => vec![contracts::of_spec(spec, arguments.drift.as_deref(), arguments.accept, &checking, environment)?],
        None => contracts::of_vendors(&Config::find(global.config.as_deref(), environment)?, &arguments.vendor, &checking)?,
    };
    let mut found = Recordings::default();
    for recording in &arguments.recordings {
        found.extend(recordings::find(&environment.resolve(recording), &recording.to_string_lossy())?);
    }
    found.tell(&mut environment.err);
    let (contracts, drift): (Vec<_>, Vec<_>) = loaded.into_iter().map(|Loaded { contract, drift }| (contract, drift)).unzip();
    for contract in &contracts {
        print_diagnostics(&contract.notes(), &mut environment.err);
        say_remarks(contract, arguments.report.verbose, &mut environment.err);
    }
    let contracts = Contracts::new(contracts);
    let mut accepting = expires.map(|expires| Accepting::new(&contracts, &drift, expires));

    let mut opened = reports::open(&targets, environment)?;
    let Environment { out, err, stdin, .. } = environment;
    let progress = Progress::of_bytes(err, found.bytes());
    let mut reports = Reports::new(&mut opened, out, arguments.report.verbose, &progress);
    let mut run = contracts.run().with_jobs(arguments.jobs.unwrap_or_else(recordings::all_cores));
    let mut sink = |event: Event| {
        if let (Some(accepting), Event::Checked(checked)) = (&mut accepting, &event) {
            accepting.take(checked);
        }
        if reports.take(&event) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut unusable = check_all(&mut run, &found, &progress, stdin, &mut sink)?;
    let outcome = run.finish(false, &mut sink);
    reports.finish()?;
    drop(progress);
    reports::commit(opened)?;
    if unusable.is_empty() && outcome.summary.exchanges == 0 {
        // Where nothing was checked, nothing was shown to hold: a pipeline whose recorder broke must not stay green.
        unusable.push(Failure::new("nothing was checked: the recordings hold no exchange that can be used"));
    }
    for failure in &unusable {
        let head = err.paint(style::BAD, "error").to_string();
        err.line(format_args!("{head}: {}", printable(&failure.message)));
        if let Some(help) = &failure.help {
            err.line(format_args!("  help: {}", printable(help)));
        }
    }
    say_unexplained(&contracts, err);
    match accepting {
        _ if !unusable.is_empty() => Ok(Exit::Unusable),
        Some(accepting) => accepting.write(&outcome, err),
        None => Ok(exit(&outcome)),
    }
}

/// Checks recordings one after the other; what cannot be read is an event, a failure of the command, and no reason to stop.
///
/// # Errors
///
/// When a file cannot be opened.
pub(crate) fn check_all(
    run: &mut Run<'_>,
    found: &Recordings,
    progress: &Progress,
    stdin: &mut dyn Read,
    sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Vec<Failure>, Failure> {
    let mut unusable = Vec::new();
    for file in &found.files {
        progress.at(&file.shown);
        if let Err(error) = file.run(run, progress, stdin, sink)? {
            unusable.push(recordings::unreadable(&error));
            if sink(Event::Unreadable { recording: file.shown.as_str().into(), reason: error.to_string() }).is_break() {
                break;
            }
        }
    }
    Ok(unusable)
}

fn exit(outcome: &Outcome) -> Exit {
    if outcome.holds() { Exit::Holds } else { Exit::Broken }
}

/// What reading the document repaired or left aside bears on every verdict, so it is said at least that there was something.
fn say_remarks(contract: &Contract, verbose: bool, err: &mut Stream<'_>) {
    let document = contract.document();
    let mut remarks = document.diagnostics().to_vec();
    if remarks.is_empty() {
        return;
    }
    if verbose {
        document.locate(&mut remarks);
        return print_diagnostics(&remarks, err);
    }
    let head = err.paint(style::WARN, "note").to_string();
    let (file, remarks) = (printable(&document.source().path), count(remarks.len(), "remark"));
    err.line(format_args!("{head}: reading `{file}` gave {remarks} (`--verbose` shows them)"));
}

/// A recording by itself does not decide about the list of known drift as a whole, so this is only said; `verify` fails over it.
fn say_unexplained(contracts: &Contracts, err: &mut Stream<'_>) {
    let entries = contracts.contracts().iter().filter_map(|contract| contract.drift()).flat_map(KnownDrift::entries);
    let places: Vec<String> = entries.filter(|entry| entry.is_unexplained()).map(|entry| entry.position.to_string()).collect();
    if let Some(first) = places.first() {
        let more = if places.len() > 1 { format!(" and {} more", places.len() - 1) } else { String::new() };
        let head = err.paint(style::WARN, "note").to_string();
        err.line(format_args!("{head}: known drift without a `reason`, which `verify` will refuse: {}{more}", printable(first)));
    }
}
