//! `record`: a proxy between a client and a vendor that records what passes and holds it against the document, without changing a byte
//! of it. The proxy is `wireproof-live`'s; here the recording is written (`file.rs`) and checked (`traffic.rs`).

#[cfg(feature = "live")]
pub(crate) mod file;
#[cfg(feature = "live")]
mod traffic;

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;

#[cfg(feature = "live")]
use crate::args::Global;
#[cfg(feature = "live")]
use crate::environment::Environment;
#[cfg(feature = "live")]
use crate::error::{Exit, Failure};
use crate::reports::ReportArguments;

/// The arguments of `record`.
#[derive(Debug, Args)]
#[command(
    group(clap::ArgGroup::new("contract").args(["vendor", "spec"]).required(true)),
    after_help = "\
Examples:
  {program} record --vendor clemta --listen 127.0.0.1:8080 --into session.har
  {program} record --spec openapi.yaml --listen 8080 --upstream http://localhost:3000 --into x.ndjson
  {program} record --vendor clemta --listen 8080 --into x.har --redact-field email
  {program} record --vendor clemta --listen 8080 --into x.har --exchanges 20 --format junit

Clients use the address in place of the server's, over http; bytes pass unchanged in both
directions. Every exchange is shown as it ends. Credentials, cookies and what looks like a key are
replaced before anything is written, equal values by equal ones. Ctrl-C ends the recording and
prints the report: exit code 0 if every exchange kept its contract, 1 if one did not or none came."
)]
pub struct Arguments {
    /// The vendor of the configuration
    #[arg(long, value_name = "VENDOR")]
    vendor: Option<String>,
    /// A single document instead of a vendor
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The list of known drift for `--spec`; a vendor has its own
    #[arg(long, value_name = "FILE", requires = "spec")]
    drift: Option<PathBuf>,
    /// Where clients connect to: address and port, or a port on this machine alone (0 for any that is free)
    #[arg(long, value_name = "ADDR")]
    listen: String,
    /// The server behind; the first of the document if left out
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// The recording: HAR if it ends with `.har`, an entry to a line if with `.ndjson`; one that is there is added to
    #[arg(long, value_name = "FILE")]
    into: PathBuf,
    /// A header to replace besides credentials (may repeat); a vendor has its own in the configuration, `redact.headers`
    #[arg(long = "redact-header", value_name = "NAME")]
    redact_headers: Vec<String>,
    /// A field of bodies or queries to replace (may repeat), by name or by JSON Pointer with `*` for any step; in the configuration,
    /// `redact.fields`
    #[arg(long = "redact-field", value_name = "NAME|POINTER")]
    redact_fields: Vec<String>,
    /// Keep values that only look like keys; credentials and cookies are replaced all the same
    #[arg(long)]
    keep_values: bool,
    /// How much of a body is recorded
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    body_limit: u16,
    /// End after so many exchanges
    #[arg(long, value_name = "N")]
    exchanges: Option<NonZeroU64>,
    #[command(flatten)]
    report: ReportArguments,
}

impl Arguments {
    /// The vendor whose exchanges are checked; `None` where a single document is named instead.
    pub(crate) fn vendors(&self) -> Option<&[String]> {
        self.vendor.as_ref().map(std::slice::from_ref)
    }
}

#[cfg(feature = "live")]
pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    traffic::run(arguments, global, environment)
}
