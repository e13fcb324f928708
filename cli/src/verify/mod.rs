//! `verify`: the whole offline proof. For each vendor: generated code is fresh, the document reads, the vendor's pages agree with
//! it, its examples and every recording keep the contract and the types, known drift is current.
//!
//! `Config -> documents -> freshness -> Proof per vendor (vendor.rs) -> summary.rs | json.rs`

mod exchanges;
mod json;
mod pages;
mod proof;
mod summary;
mod vendor;

use clap::{Args, ValueEnum};

use crate::args::Global;
use crate::config::Config;
use crate::date::today;
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::generate::{Freshness, freshness, output_of};
use proof::{Part, Proof, State};
use vendor::Loaded;

/// The arguments of `verify`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  {program} verify                     all vendors
  {program} verify clemta --verbose    one vendor, with every remark
  {program} verify --today 2027-06-01  what will have expired by then")]
pub struct Arguments {
    /// The vendors; all of them if none is named
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,
    /// Show every remark on the documents and every exchange
    #[arg(long, short)]
    verbose: bool,
    /// How to report on standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show values of bodies, which may be personal
    #[arg(long)]
    show_values: bool,
    /// The day against which known drift expires; the clock's if left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<String>,
}

/// How `verify` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Pretty,
    /// One JSON object
    Json,
}

impl Arguments {
    /// The vendors named.
    pub(crate) fn vendors(&self) -> &[String] {
        &self.vendors
    }
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let config = Config::find(global.config.as_deref(), environment)?;
    let today = today(arguments.today.as_deref())?;
    let selected = config.select(&arguments.vendors)?;

    let loaded: Vec<Loaded<'_>> = config.vendors.iter().map(|vendor| Loaded::new(&config, vendor)).collect();
    let freshness = freshness_of(&config, &loaded, &arguments.vendors)?;
    let context = vendor::Context {
        config: &config,
        freshness: &freshness,
        today,
        colour: environment.out.colour() && arguments.format == Format::Pretty,
        width: environment.out.width(),
        verbose: arguments.verbose,
        show_values: arguments.show_values,
    };
    let mut proofs = Vec::new();
    for loaded in loaded {
        if selected.iter().any(|vendor| vendor.name == loaded.vendor.name) {
            proofs.push(vendor::prove(loaded, &context));
        }
    }
    let package = package_part(&config, &freshness);
    let worst = proofs.iter().map(Proof::state).chain([package.state]).max().unwrap_or(State::Holds);
    match arguments.format {
        Format::Pretty => summary::print(&config, &proofs, &package, &mut environment.out),
        Format::Json => json::print(&proofs, &package, &mut environment.out)?,
    }
    Ok(worst.exit())
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
