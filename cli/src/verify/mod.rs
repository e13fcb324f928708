//! `verify`: the whole offline proof. For each vendor: generated code is fresh, the document reads and nothing in it contradicts
//! itself (`lint`), the vendor's pages agree with it, its examples and every recording keep the contract and the types, known drift is current.
//!
//! `Config -> documents -> freshness -> Proof per vendor (vendor.rs) -> summary.rs (for people) | events -> reports`

#[cfg(feature = "live")]
mod circle;
mod exchanges;
pub(crate) mod pages;
mod summary;
mod vendor;

use std::ops::ControlFlow;
use std::sync::Arc;

use clap::Args;
use wireproof_contract::{Event, Outcome, Part, Proof, State};

use crate::args::Global;
use crate::config::Config;
use crate::date::today;
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::generate::{Freshness, freshness, output_of};
use crate::output::Stream;
use crate::progress::Progress;
use crate::reports::{self, Format, ReportArguments, Reports};
use crate::validate::accept;
use vendor::{Loaded, Proved};

/// The arguments of `verify`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  {program} verify                     all vendors
  {program} verify clemta --verbose    one vendor, with every remark
  {program} verify --today 2027-06-01  what will have expired by then
  {program} verify clemta --accept     live with what drifts today, examples and pages included, for 90 days
  {program} verify --mock              also play each vendor, probe it, record that, and check the recording, on this machine
  {program} verify --format pretty --output - --format junit --output verify.xml --format markdown --output summary.md")]
pub struct Arguments {
    /// The vendors; all of them if none is named
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    #[command(flatten)]
    report: ReportArguments,
    /// Add what drifts or breaks the contract to the vendors' lists of known drift, for reasons to be filled in
    #[arg(long)]
    accept: bool,
    /// The last day of what `--accept` adds; 90 days from now if left out
    #[arg(long, value_name = "YYYY-MM-DD", requires = "accept")]
    expires: Option<String>,
    /// The day against which known drift expires; the clock's if left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
    /// Also play each vendor, probe that through the recording proxy, and check the recording; nothing leaves this machine
    #[arg(long)]
    mock: bool,
}

impl Arguments {
    /// The vendors named.
    pub(crate) fn vendors(&self) -> &[String] {
        &self.vendors
    }

    /// Whether connections are opened, if only on this machine.
    pub(crate) fn is_live(&self) -> bool {
        self.mock
    }
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    if arguments.mock && cfg!(not(feature = "live")) {
        return Err(crate::without_live());
    }
    let targets = arguments.report.targets()?;
    let config = Config::find(global.config.as_deref(), environment)?;
    let today = today(arguments.today.as_deref())?;
    let accept_until = arguments.accept.then(|| accept::expires(arguments.expires.as_deref(), today)).transpose()?;
    let selected = config.select(&arguments.vendors)?;

    let loaded: Vec<Loaded<'_>> = config.vendors.iter().map(|vendor| Loaded::new(&config, vendor)).collect();
    let freshness = freshness_of(&config, &loaded, &arguments.vendors)?;
    // The report for people is laid out by vendor and written at the end; the others take events as they come.
    let (for_people, for_programs): (Vec<_>, Vec<_>) = targets.into_iter().partition(|(format, _)| *format == Format::Pretty);
    let (mut for_people, mut opened) = (reports::open(&for_people, environment)?, reports::open(&for_programs, environment)?);
    let Environment { out, err, .. } = environment;
    let progress = Progress::of_steps(err, selected.len());
    let context = vendor::Context {
        config: &config,
        freshness: &freshness,
        today,
        colour: out.colour() && for_people.iter().any(|(_, file)| file.is_none()),
        width: out.width(),
        verbose: arguments.report.verbose,
        show_values: arguments.report.show_values,
        progress: &progress,
        mock: arguments.mock,
        accept_until,
    };
    let mut reports = Reports::new(&mut opened, out, arguments.report.verbose, &progress);
    let mut sink = |event: &Event| if reports.take(event) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let mut proofs = Vec::new();
    for loaded in loaded {
        if selected.iter().any(|vendor| vendor.name == loaded.vendor.name) {
            proofs.push(vendor::prove(loaded, &context, &mut sink));
            progress.add(1);
        }
    }
    let package = package_part(&config, &freshness);
    let worst = proofs.iter().map(|proved| proved.proof.state()).chain([package.state]).max().unwrap_or(State::Holds);
    conclude(&proofs, &package, &mut sink);
    reports.finish()?;
    drop(progress);
    reports::commit(opened)?;
    for (_, file) in &mut for_people {
        match file {
            Some(file) => summary::print(&config, &proofs, &package, &mut Stream::plain(file)),
            None => summary::print(&config, &proofs, &package, out),
        }
    }
    reports::commit(for_people)?;
    for line in proofs.iter().filter_map(|proved| proved.told.as_ref()).flat_map(|told| told.accepted.lines()) {
        err.line(line);
    }
    Ok(match worst {
        State::Holds | State::Absent | State::Known => Exit::Holds,
        State::Broken => Exit::Broken,
        State::Unusable => Exit::Unusable,
    })
}

/// Tells the reports what was proved beside the exchanges, and what all of it comes to.
fn conclude(proofs: &[Proved], package: &Part, sink: &mut dyn FnMut(&Event) -> ControlFlow<()>) {
    let mut outcome = Outcome::default();
    for told in proofs.iter().filter_map(|proved| proved.told.as_ref()) {
        outcome.summary += told.outcome.summary;
        outcome.vendors.extend(told.outcome.vendors.iter().cloned());
    }
    let package = Arc::new(Proof { vendor: None, title: None, parts: vec![package.clone()] });
    let proofs = proofs.iter().map(|proved| Arc::clone(&proved.proof)).chain([package]);
    for event in proofs.map(Event::Proved).chain([Event::Finished(Arc::new(outcome))]) {
        // Nothing follows that could be left out: a report that cannot be written says so when it is finished.
        let _ = sink(&event);
    }
}

/// Whether the code of the named vendors is fresh, the package's own files included.
pub(crate) fn is_fresh(config: &Config, names: &[String]) -> Result<bool, Failure> {
    config.select(names)?;
    let loaded: Vec<Loaded<'_>> = config.vendors.iter().map(|vendor| Loaded::new(config, vendor)).collect();
    let readable = loaded.iter().all(|loaded| loaded.document.is_ok());
    Ok(readable && freshness_of(config, &loaded, names)?.is_fresh())
}

fn freshness_of(config: &Config, loaded: &[Loaded<'_>], names: &[String]) -> Result<Freshness, Failure> {
    let outputs = loaded
        .iter()
        .filter_map(|loaded| Some((loaded.vendor.name.clone(), output_of(config, loaded.vendor, loaded.document.as_ref().ok()?))))
        .collect();
    freshness(config, &outputs, &config.select(names)?)
}

/// The package's own files, which belong to no vendor.
fn package_part(config: &Config, freshness: &Freshness) -> Part {
    let problems = freshness.problems(config, None);
    let folder = &config.generated.folder;
    if problems.is_empty() {
        Part::new("generated", State::Holds, format!("the files that `{folder}` has in common are fresh"))
    } else {
        Part::new("generated", State::Broken, format!("the files that `{folder}` has in common are not what the documents make"))
            .with_details(problems)
    }
}

impl<'c> Loaded<'c> {
    fn new(config: &Config, vendor: &'c crate::config::Vendor) -> Self {
        Self { vendor, document: document::load_vendor(&config.root, vendor) }
    }
}
