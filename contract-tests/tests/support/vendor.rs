//! The vendors of `wireproof.toml` and their files. Next: `recording.rs`, which holds recordings against their contracts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wireproof::{Config, Environment, Stream};
use wireproof_contract::{Contract, Date, KnownDrift, Options};
use wireproof_openapi::{Document, Source};
use wireproof_runtime::Api;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A vendor of `wireproof.toml`. Paths are relative to [`root`].
#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    /// Its name.
    pub(crate) name: String,
    /// Its document.
    pub(crate) spec: String,
    /// The pages that its document is embedded in; none where the document is written by hand.
    pub(crate) pages: Vec<String>,
    /// The folder of its recordings.
    pub(crate) recordings: String,
    /// The list of its known drift.
    pub(crate) drift: String,
    /// Servers beyond those that its document names.
    pub(crate) servers: Vec<String>,
}

impl Vendor {
    /// All vendors, in the order of `wireproof.toml`.
    pub(crate) fn all() -> Result<Vec<Self>, String> {
        let environment = Environment {
            program: "cargo xtask",
            directory: root(),
            stdin: Box::new(io::empty()),
            out: Stream::plain(io::sink()),
            err: Stream::plain(io::sink()),
        };
        let config = Config::find(Some(Path::new("wireproof.toml")), &environment).map_err(|failure| failure.message)?;
        let vendor = |vendor: wireproof::Vendor| Self {
            name: vendor.name,
            spec: vendor.spec,
            pages: vendor.pages.unwrap_or_default(),
            recordings: vendor.recordings.path,
            drift: vendor.drift.path,
            servers: vendor.servers,
        };
        Ok(config.vendors.into_iter().map(vendor).collect())
    }

    /// The folder of its broken exchanges.
    pub(crate) fn broken(&self) -> String {
        format!("contract-tests/broken/{}", self.name)
    }

    /// The text of a file of the repository.
    pub(crate) fn read(path: &str) -> Result<String, String> {
        fs::read_to_string(root().join(path)).map_err(|error| format!("cannot read `{path}`: {error}"))
    }

    /// Its document.
    pub(crate) fn document(&self) -> Result<Document, String> {
        Document::parse(Source::new(self.spec.as_str(), Self::read(&self.spec)?)).map_err(|error| error.to_string())
    }

    /// Its known drift, on a day before any of it expires: what expires is for `cargo xtask verify` to tell, and a test comes out
    /// the same on every day.
    pub(crate) fn known_drift(&self) -> Result<KnownDrift, String> {
        let text = Self::read(&self.drift)?;
        let day = Date::new(2000, 1, 1).ok_or("no date")?;
        KnownDrift::parse(&self.drift, &text, day).map_err(|error| error.to_string())
    }

    /// Its generated types.
    pub(crate) fn api(&self) -> Result<&'static Api, String> {
        let found = wireproof_generated::apis().iter().find(|(name, _)| *name == self.name);
        found.map(|(_, api)| *api).ok_or_else(|| format!("there are no types of `{}`: run `cargo xtask generate`", self.name))
    }

    /// Its document, made ready together with its generated types.
    pub(crate) fn contract(&self, drift: Option<KnownDrift>) -> Result<Contract, String> {
        let options =
            Options { vendor: Some(self.name.clone()), servers: self.servers.clone(), api: Some(self.api()?), drift, ..Options::default() };
        Contract::new(Arc::new(self.document()?), options).map_err(|error| error.to_string())
    }
}
