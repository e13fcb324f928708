//! `probe`: asks a real server what can be asked without harm, and holds its answers to the document. `wireproof-live` plans and sends;
//! here documents, credentials and reports come together. Parts: `credentials.rs`, `dry_run.rs`, `running.rs`.

#[cfg(feature = "live")]
mod credentials;
#[cfg(feature = "live")]
mod dry_run;
#[cfg(feature = "live")]
mod running;

use std::path::PathBuf;

use clap::Args;

use crate::reports::ReportArguments;

#[cfg(feature = "live")]
pub(crate) use running::run;

/// The arguments of `probe`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} probe --dry-run                                what would be asked, and why harmless
  {program} probe clemta                                   the sandbox that the document names
  {program} probe clemta --server https://api.clemta.com   the server in earnest
  {program} probe --spec openapi.yaml --server http://localhost:8080 --credential ApiKeyAuth=API_KEY
  {program} probe clemta --allow-destructive --target contact_id=64b8f0c2   delete that one, once

Nothing is sent that the server could honour to an operation that changes data, unless
`--allow-destructive` and a `--target` for each of its ids say so. If the server honours such a
request nevertheless, the probe stops at once with exit code 1. No redirect is followed, no
request sent twice, and rate limits are obeyed.")]
pub struct Arguments {
    /// The vendors, all of them if none is named
    #[arg(value_name = "VENDOR", conflicts_with = "spec")]
    vendors: Vec<String>,
    /// A single document instead of the vendors of the configuration
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The server to ask; without it, only a sandbox that the document names
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Show the plan and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Send complete requests to operations that change data, one to each that the targets name completely
    #[arg(long, requires = "targets")]
    allow_destructive: bool,
    /// What requests may be about: the value of a parameter or member
    #[arg(long = "target", value_name = "PARAM=VALUE")]
    targets: Vec<String>,
    /// The variable of the environment with the credential for a security scheme; vendors have `[vendors.NAME.auth]`
    #[arg(long = "credential", value_name = "SCHEME=VARIABLE")]
    credentials: Vec<String>,
    /// Requests per second [default: 2]
    #[arg(long, value_name = "N")]
    rate: Option<f64>,
    /// Seconds to wait for an answer [default: 10]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: Option<u64>,
    /// How many requests to send at most [default: 500]
    #[arg(long, value_name = "N")]
    budget: Option<usize>,
    #[command(flatten)]
    report: ReportArguments,
}

impl Arguments {
    /// The vendors that are asked, none standing for all; `None` where a single document is named instead.
    pub(crate) fn vendors(&self) -> Option<&[String]> {
        if self.spec.is_some() || self.dry_run { None } else { Some(self.vendors.as_slice()) }
    }
}
