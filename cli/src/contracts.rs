//! Contracts from disk: a document of its own or the vendors of the configuration, each with its list of known drift.
//! Next: `validate/` and `coverage.rs`, which hold recordings against them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wireproof_contract::{Contract, ContractError, Date, Formats, KnownDrift, Options};
use wireproof_openapi::Document;

use crate::config::{Config, Vendor};
use crate::environment::Environment;
use crate::error::Failure;
use crate::{document, types};

/// A contract and the file that lists its known drift.
pub(crate) struct Loaded {
    pub(crate) contract: Contract,
    pub(crate) drift: Option<DriftFile>,
}

/// A known-drift file, which need not be there yet.
pub(crate) struct DriftFile {
    pub(crate) path: PathBuf,
    /// How people know it.
    pub(crate) shown: String,
    /// What it says; `None` where it is not there.
    pub(crate) text: Option<String>,
}

/// How the contracts of one command check.
#[derive(Debug)]
pub(crate) struct Checking {
    /// Servers beyond those of documents and configuration.
    pub(crate) servers: Vec<String>,
    /// The day against which known drift expires.
    pub(crate) today: Date,
    pub(crate) show_values: bool,
    pub(crate) excerpts: bool,
    /// Whether to keep track of the fields that were seen.
    pub(crate) fields: bool,
    /// What a `format` asks for.
    pub(crate) formats: Formats,
}

impl Checking {
    fn options(&self) -> Options {
        Options {
            servers: self.servers.clone(),
            show_values: self.show_values,
            excerpts: self.excerpts,
            fields: self.fields,
            formats: self.formats,
            ..Options::default()
        }
    }
}

/// The contract of a single document; `drift` is a known-drift file, which may be missing where it is about to be written.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn of_spec(
    spec: &Path,
    drift: Option<&Path>,
    drift_may_be_missing: bool,
    checking: &Checking,
    environment: &Environment<'_>,
) -> Result<Loaded, Failure> {
    let document = document::load(&environment.resolve(spec), &spec.to_string_lossy())?;
    let drift = drift.map(|drift| DriftFile::read(environment.resolve(drift), drift.to_string_lossy().into_owned(), drift_may_be_missing));
    let drift = drift.transpose()?;
    let known = drift.as_ref().map_or(Ok(None), |file| file.parse(checking.today))?;
    let contract = contract(document, Options { drift: known, ..checking.options() })?;
    Ok(Loaded { contract, drift })
}

/// The contracts of the named vendors, all of them where none is named.
///
/// # Errors
///
/// When a vendor is unknown or one of its files cannot be read.
pub(crate) fn of_vendors(config: &Config, names: &[String], checking: &Checking) -> Result<Vec<Loaded>, Failure> {
    let load = |vendor: &Vendor| {
        let document = document::load_vendor(&config.root, vendor)?;
        let file = DriftFile::of(config, vendor)?;
        let options = Options {
            vendor: Some(vendor.name.clone()),
            servers: vendor.servers.iter().chain(&checking.servers).cloned().collect(),
            api: types::of(&vendor.name, &config.root),
            drift: file.parse(checking.today)?,
            ..checking.options()
        };
        Ok(Loaded { contract: contract(document, options)?, drift: Some(file) })
    };
    config.select(names)?.into_iter().map(load).collect()
}

/// A contract of a document.
pub(crate) fn contract(document: impl Into<Arc<Document>>, options: Options) -> Result<Contract, Failure> {
    Contract::new(document.into(), options).map_err(|error| {
        let failure = Failure::new(error.to_string());
        match error {
            ContractError::Server(_) => failure.with_help("a server is an absolute URL, as `https://api.example.com/v1`"),
            ContractError::Schemas { .. } => failure,
        }
    })
}

impl DriftFile {
    /// The file of a vendor. One that the configuration names must be there.
    pub(crate) fn of(config: &Config, vendor: &Vendor) -> Result<Self, Failure> {
        Self::read(config.resolve(&vendor.drift.path), vendor.drift.path.clone(), !vendor.drift.named)
    }

    fn read(path: PathBuf, shown: String, may_be_missing: bool) -> Result<Self, Failure> {
        let text = if may_be_missing && !path.exists() { None } else { Some(document::read_text(&path, &shown)?) };
        Ok(Self { path, shown, text })
    }

    /// What the file lists; `None` where there is no file.
    pub(crate) fn parse(&self, today: Date) -> Result<Option<KnownDrift>, Failure> {
        let parse = |text: &String| KnownDrift::parse(&self.shown, text, today);
        self.text.as_ref().map(parse).transpose().map_err(|error| {
            Failure::new(format!("cannot read the known drift: {error}"))
                .with_help("an entry is `[[drift]]` with `rule`, `operation`, `reason` and `expires`")
        })
    }
}
