//! `overlay suggest`: a vendor's recordings and pages are gone through once more, and what they show of known drift becomes an overlay.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use wireproof_contract::{Contract, Contracts, Entry, Event, Exchange, Formats};
use wireproof_documents::import::recorded;
use wireproof_documents::page::Page;
use wireproof_documents::{Accepted, agreement, suggest};

use super::put;
use crate::args::Global;
use crate::config::{Config, Vendor};
use crate::contracts::{self, Checking};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{count, printable, style};
use crate::recordings;
use crate::verify::pages::Pages;

/// The arguments of `overlay suggest`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} overlay suggest clemta
  {program} overlay suggest clemta --output specs/clemta/overlay.yaml

Read each action before you keep it: it makes the document say what was seen. Drift that it settles then leaves known-drift.toml.")]
pub(super) struct Arguments {
    /// The vendor
    #[arg(value_name = "VENDOR")]
    vendor: String,
    /// Where to write the overlay; standard output if left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let config = Config::find(global.config.as_deref(), environment)?;
    let vendor = config.vendor(&arguments.vendor)?;
    let checking = Checking {
        servers: Vec::new(),
        today: today(None)?,
        show_values: false,
        excerpts: false,
        fields: false,
        formats: Formats::default(),
    };
    let loaded = contracts::of_vendors(&config, std::slice::from_ref(&arguments.vendor), &checking)?;
    let contracts = Contracts::new(loaded.into_iter().map(|loaded| loaded.contract).collect());
    let Some(contract) = contracts.contracts().first() else { return Ok(Exit::Holds) };
    let mut accepted = of_recordings(&config, vendor, contract)?;
    for page in &Pages::read(vendor, &config)?.pages {
        accepted.extend(of_page(page, &contracts, contract));
    }
    let suggestion = suggest(contract.document(), &accepted);
    for reason in &suggestion.undecided {
        let head = environment.err.paint(style::WARN, "left to you").to_string();
        environment.err.line(format_args!("{head}: {}", printable(reason)));
    }
    let told = format!("{} of known drift make {}", count(accepted.len(), "finding"), count(suggestion.actions, "action"));
    environment.err.line(told);
    match suggestion.overlay {
        Some(overlay) => put(&overlay, arguments.output.as_deref(), environment),
        None => Ok(Exit::Holds),
    }
}

/// The known drift that the recordings show, with the bodies that show it.
fn of_recordings(config: &Config, vendor: &Vendor, contract: &Contract) -> Result<Vec<Accepted>, Failure> {
    let mut accepted = Vec::new();
    let path = config.resolve(&vendor.recordings.path);
    if !path.exists() && !vendor.recordings.named {
        return Ok(accepted);
    }
    for file in &recordings::find(&path, &vendor.recordings.path)?.files {
        let read = file.entries(&mut |entry| {
            if let Entry::Exchange(exchange) = entry {
                accepted.extend(known(contract, &exchange));
            }
        })?;
        read.map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(accepted)
}

fn known(contract: &Contract, exchange: &Exchange) -> Vec<Accepted> {
    let checked = contract.check(exchange);
    let findings = checked.findings.into_iter().filter(|finding| finding.known);
    let body: Option<Value> = exchange.response.body.bytes().and_then(|bytes| serde_json::from_slice(bytes).ok());
    let operation = checked.operation.unwrap_or_default();
    findings.map(|finding| Accepted { finding, operation: operation.clone(), status: exchange.status, body: body.clone() }).collect()
}

/// The known drift that a page shows, with its examples.
fn of_page(page: &Page, contracts: &Contracts, contract: &Contract) -> Vec<Accepted> {
    let (examples, _) = recorded(page, Some(contract.document()));
    let bodies: HashMap<(Option<usize>, u16), Value> =
        examples.into_iter().map(|recorded| ((recorded.operation, recorded.status), recorded.example.value)).collect();
    let mut accepted = Vec::new();
    let mut run = contracts.run();
    // Nothing asks to stop.
    let _ = run.told(0, &page.source().path, agreement(page, contract), &mut |event: Event| {
        if let Event::Checked(checked) = event {
            let body = bodies.get(&(checked.operation_index, checked.status)).cloned();
            let operation = checked.operation.clone().unwrap_or_default();
            let findings = checked.findings.into_iter().filter(|finding| finding.known);
            accepted.extend(findings.map(|finding| Accepted {
                finding,
                operation: operation.clone(),
                status: checked.status,
                body: body.clone(),
            }));
        }
        ControlFlow::Continue(())
    });
    accepted
}
