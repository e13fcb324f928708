//! `validate`: recorded exchanges against a document or against the vendors of the configuration.
//! The contract engine (`wireproof-contract`) does the work; this file opens files and pairs reports with their outputs.

use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use wireproof_contract::report::{Json, Pretty, Report, Style, Tool};
use wireproof_contract::{Contract, ContractError, Contracts, Date, Event, KnownDrift, Options};

use crate::args::Global;
use crate::config::{Config, Vendor};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::generate::print_diagnostics;
use crate::output::{Stream, printable, style};
use crate::recordings::{self, RecordingFile};
use crate::write::NewFile;
use crate::{document, types};

/// The arguments of `validate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} validate --vendor clemta contract-tests/recordings/clemta
  {program} validate --spec openapi.yaml session.har
  {program} validate --spec openapi.yaml session.har --server http://localhost:8080
  {program} validate --format json --output report.json --format pretty session.har")]
pub struct Arguments {
    /// HAR files, and folders that are read recursively
    #[arg(value_name = "RECORDING", required = true)]
    recordings: Vec<PathBuf>,
    /// The vendor of the configuration (may repeat); without it, each exchange goes to the vendor that its URL names
    #[arg(long, value_name = "VENDOR", conflicts_with = "spec")]
    vendor: Vec<String>,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE")]
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
    /// List every exchange, also those that conform and those that repeat what was told
    #[arg(long, short)]
    verbose: bool,
    /// Show values of bodies in reports, which may be personal
    #[arg(long)]
    show_values: bool,
    /// The day against which known drift expires; the clock's if left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

/// The formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Pretty,
    /// One JSON object
    Json,
}

impl Arguments {
    /// The vendors whose exchanges are checked, none standing for all; `None` where a single document is named instead.
    pub(crate) fn vendors(&self) -> Option<&[String]> {
        if self.spec.is_some() { None } else { Some(self.vendor.as_slice()) }
    }
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = pair(&arguments.formats, &arguments.outputs)?;
    let contracts = contracts(arguments, global, environment)?;
    for contract in &contracts {
        print_diagnostics(&contract.notes(), &mut environment.err);
    }
    let mut files: Vec<RecordingFile> = Vec::new();
    for recording in &arguments.recordings {
        files.extend(recordings::find(&environment.resolve(recording), &recording.to_string_lossy())?);
    }
    let mut opened = Vec::with_capacity(targets.len());
    for (format, output) in targets {
        let file = output.map(|output| NewFile::begin(&environment.resolve(output), &output.to_string_lossy())).transpose()?;
        opened.push((format, file));
    }
    let exit = check(contracts, &files, &mut opened, arguments.verbose, environment)?;
    for (_, file) in opened {
        file.map_or(Ok(()), NewFile::commit)?;
    }
    Ok(exit)
}

/// Pairs formats with outputs in their order; `None` is standard output, which takes one report.
fn pair<'p>(formats: &[Format], outputs: &'p [PathBuf]) -> Result<Vec<(Format, Option<&'p Path>)>, Failure> {
    let formats = if formats.is_empty() { &[Format::Pretty] } else { formats };
    if outputs.len() > formats.len() {
        return Err(Failure::new(format!("there are {} `--output` for {} `--format`", outputs.len(), formats.len()))
            .with_help("give each `--output` a `--format`"));
    }
    let output = |index: usize| outputs.get(index).map(PathBuf::as_path).filter(|path| path.as_os_str() != "-");
    let targets: Vec<_> = formats.iter().enumerate().map(|(index, format)| (*format, output(index))).collect();
    if targets.iter().filter(|(_, output)| output.is_none()).count() > 1 {
        return Err(
            Failure::new("more than one report would go to standard output").with_help("give each `--format` but one an `--output FILE`")
        );
    }
    Ok(targets)
}

/// The contracts that the exchanges are held against.
fn contracts(arguments: &Arguments, global: &Global, environment: &Environment<'_>) -> Result<Vec<Contract>, Failure> {
    if let Some(spec) = &arguments.spec {
        let document = document::load(&environment.resolve(spec), &spec.to_string_lossy())?;
        let options = Options {
            servers: arguments.servers.clone(),
            show_values: arguments.show_values,
            excerpts: wants_excerpts(arguments),
            ..Options::default()
        };
        return Ok(vec![contract(document, options)?]);
    }
    let config = Config::find(global.config.as_deref(), environment)?;
    let today = today(arguments.today.as_deref())?;
    let mut contracts = Vec::new();
    for vendor in config.select(&arguments.vendor)? {
        let document = document::load_vendor(&config.root, vendor)?;
        let options = Options {
            vendor: Some(vendor.name.clone()),
            servers: vendor.servers.iter().chain(&arguments.servers).cloned().collect(),
            api: types::of(&vendor.name, &config.root),
            drift: known_drift(&config, vendor, today)?,
            show_values: arguments.show_values,
            excerpts: wants_excerpts(arguments),
        };
        contracts.push(contract(document, options)?);
    }
    Ok(contracts)
}

fn wants_excerpts(arguments: &Arguments) -> bool {
    arguments.formats.is_empty() || arguments.formats.contains(&Format::Pretty)
}

/// A contract of a document.
pub(crate) fn contract(document: wireproof_openapi::Document, options: Options) -> Result<Contract, Failure> {
    Contract::new(Arc::new(document), options).map_err(|error| {
        let failure = Failure::new(error.to_string());
        match error {
            ContractError::Server(_) => failure.with_help("a server is an absolute URL, as `https://api.example.com/v1`"),
            ContractError::Schemas { .. } => failure,
        }
    })
}

/// The list of known drift of a vendor; `None` where there is none and none was asked for.
pub(crate) fn known_drift(config: &Config, vendor: &Vendor, today: Date) -> Result<Option<KnownDrift>, Failure> {
    let path = config.resolve(&vendor.drift.path);
    if !vendor.drift.named && !path.exists() {
        return Ok(None);
    }
    let text = document::read_text(&path, &vendor.drift.path)?;
    KnownDrift::parse(&vendor.drift.path, &text, today).map(Some).map_err(|error| {
        Failure::new(format!("cannot read the known drift of `{}`: {error}", vendor.name))
            .with_help("an entry is `[[drift]]` with `rule`, `operation`, `reason` and `expires`")
    })
}

/// Runs the recordings and writes the reports.
fn check(
    contracts: Vec<Contract>,
    files: &[RecordingFile],
    opened: &mut [(Format, Option<NewFile>)],
    verbose: bool,
    environment: &mut Environment<'_>,
) -> Result<Exit, Failure> {
    let Environment { out, err, .. } = environment;
    let colour = out.colour();
    let width = out.width();
    let mut stdout: Option<&mut Stream<'_>> = Some(out);
    let mut reports: Vec<Box<dyn Report + '_>> = Vec::new();
    for (format, file) in opened {
        // `pair` lets one report go to standard output.
        let (writer, colour): (&mut dyn Write, bool) = match (file, stdout.take()) {
            (Some(file), kept) => {
                stdout = kept;
                (file, false)
            }
            (None, Some(out)) => (out, colour),
            (None, None) => continue,
        };
        reports.push(match format {
            Format::Pretty => Box::new(Pretty::new(writer, Style { color: colour, width, verbose })),
            Format::Json => Box::new(Json::new(writer, THIS)),
        });
    }
    let mut unwritten = None;
    let mut sink = |event: Event| {
        for report in &mut reports {
            if let Err(error) = report.event(&event) {
                unwritten = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    };
    let contracts = Contracts::new(contracts);
    let mut run = contracts.run();
    let mut unusable = Vec::new();
    for file in files {
        let reader = BufReader::new(file.open()?);
        if let Err(error) = run.recording(&file.shown, file.format, reader, &mut sink) {
            unusable.push(Failure::new(format!("cannot read the recording: {error}")));
        }
    }
    let outcome = run.finish(false, &mut sink);
    drop(reports);
    if let Some(error) = unwritten {
        return Err(Failure::new(format!("cannot write the report: {error}")));
    }
    if unusable.is_empty() && outcome.summary.exchanges == 0 {
        // Where nothing was checked, nothing was shown to hold: a pipeline whose recorder broke must not stay green.
        unusable.push(Failure::new("nothing was checked: the recordings hold no exchange that can be used"));
    }
    for failure in &unusable {
        let head = err.paint(style::BAD, "error").to_string();
        err.line(format_args!("{head}: {}", printable(&failure.message)));
    }
    Ok(match (unusable.is_empty(), outcome.holds()) {
        (false, _) => Exit::Unusable,
        (true, true) => Exit::Holds,
        (true, false) => Exit::Broken,
    })
}

/// This program, as reports name it.
pub(crate) const THIS: Tool = Tool { name: "wireproof", version: env!("CARGO_PKG_VERSION") };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_outputs_pair_in_order() {
        let path = |text: &str| PathBuf::from(text);
        let (a, b) = ([path("a")], [path("-"), path("b")]);
        assert_eq!(pair(&[], &[]), Ok(vec![(Format::Pretty, None)]));
        assert_eq!(pair(&[Format::Json, Format::Pretty], &a), Ok(vec![(Format::Json, Some(Path::new("a"))), (Format::Pretty, None)]));
        assert_eq!(pair(&[Format::Json, Format::Pretty], &b), Ok(vec![(Format::Json, None), (Format::Pretty, Some(Path::new("b")))]));
        assert!(pair(&[Format::Json, Format::Pretty], &[]).is_err(), "two reports for one standard output");
        assert!(pair(&[], &b).is_err(), "more outputs than formats");
    }
}
