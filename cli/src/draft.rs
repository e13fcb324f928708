//! `draft`: a first document where the vendor publishes none, from its pages or from recordings.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value};
use wireproof_contract::{Entry, Finding, Options, Severity};
use wireproof_documents::draft::{Drafted, Traffic, from_pages};
use wireproof_openapi::{Document, Source};

use crate::contracts::contract;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::import::{names, read_pages};
use crate::output::{count, printable, style};
use crate::overlay::put;
use crate::recordings::{self, Recordings};

/// How many exchanges that do not keep to the draft are told one by one.
const SHOWN: usize = 10;

/// The arguments of `draft`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} draft delete-contact.md --output specs/acme/openapi.yaml
  {program} draft --from session.har                                   from recorded exchanges
  {program} draft --from recordings/acme --title 'Acme API'

Every node of the draft says by `x-evidence` what it rests on; its head and standard error say what \
is missing.")]
pub struct Arguments {
    /// Pages in Markdown, MDX or plain text
    #[arg(value_name = "PAGE", required_unless_present = "from")]
    pages: Vec<PathBuf>,
    /// Recordings to draft from instead
    #[arg(long, value_name = "RECORDING", num_args = 1.., conflicts_with = "pages")]
    from: Vec<String>,
    /// The title of the document
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Where to write the document; standard output if left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let (drafted, exit) =
        if arguments.from.is_empty() { (of_pages(arguments, environment)?, Exit::Holds) } else { from_recordings(arguments, environment)? };
    put(&drafted.to_yaml(), arguments.output.as_deref(), environment)?;
    for sentence in &drafted.missing {
        let head = environment.err.paint(style::WARN, "missing").to_string();
        environment.err.line(format_args!("{head}: {}", printable(sentence)));
    }
    Ok(exit)
}

fn of_pages(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Drafted, Failure> {
    let pages = read_pages(&arguments.pages, environment)?;
    if let Some(page) = pages.iter().find(|page| !page.embedded().is_empty()) {
        return Err(Failure::new(format!("`{}` embeds an OpenAPI document", page.source().path))
            .with_help(format!("`{} import` takes it as it is", environment.program)));
    }
    if let Some(page) = pages.iter().find(|page| page.is_document()) {
        return Err(Failure::new(format!("`{}` is a document itself, and no page", page.source().path))
            .with_help(format!("it is used as it is: `{} new VENDOR --spec FILE`", environment.program)));
    }
    let drafted = from_pages(&pages, arguments.title.as_deref().unwrap_or("Drafted API"));
    if drafted.document.get("paths").and_then(Value::as_object).is_none_or(Map::is_empty) {
        return Err(Failure::new(format!("nothing can be drafted of {}: no operation is named", names(&pages)))
            .with_help("a page has to name a method and a path, as `DELETE /contacts/{id}` in a heading, or a command of `curl`"));
    }
    // What cannot be read again is no draft.
    Document::parse(Source::new("draft.yaml", drafted.to_yaml()))?;
    Ok(drafted)
}

fn from_recordings(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<(Drafted, Exit), Failure> {
    let mut found = Recordings::default();
    for recording in &arguments.from {
        found.extend(recordings::find(&environment.resolve(Path::new(recording)), recording)?);
    }
    found.tell(&mut environment.err);
    let mut traffic = Traffic::default();
    let (mut entries, mut exit) = (0_usize, Exit::Holds);
    for file in &found.files {
        let read = file.entries(&mut |entry| {
            if let Entry::Exchange(exchange) = entry {
                entries += 1;
                traffic.take(&exchange);
            }
        })?;
        if let Err(error) = read {
            let head = environment.err.paint(style::BAD, "error").to_string();
            environment.err.line(format_args!("{head}: {}", printable(&error.to_string())));
            exit = Exit::Unusable;
        }
    }
    if entries == 0 {
        return Err(Failure::new("the recordings hold no exchange").with_help("name HAR files, NDJSON, or cassettes"));
    }
    let mut drafted = traffic.finish(arguments.title.as_deref().unwrap_or("Drafted API"));
    prove(&mut drafted, &found, environment)?;
    Ok((drafted, exit))
}

/// Holds every exchange against the draft that was made of it. What does not keep to it is a fault of the draft, and told as missing.
fn prove(drafted: &mut Drafted, found: &Recordings, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let document = Document::parse(Source::new("draft.yaml", drafted.to_yaml()))?;
    let contract = contract(document, Options::default())?;
    let (mut checked, mut broken) = (0_usize, 0_usize);
    for file in &found.files {
        let mut number = 0_usize;
        // Whether it can be read was seen the first time.
        let _ = file.entries(&mut |entry| {
            if let Entry::Exchange(exchange) = entry {
                let findings = contract.check(&exchange).findings;
                let worst: Option<&Finding> = findings.iter().find(|finding| finding.severity > Severity::Note);
                checked += 1;
                if let Some(finding) = worst {
                    broken += 1;
                    if broken <= SHOWN {
                        drafted.missing.push(format!("`{}`, entry {number}, is not as drafted: {}", file.shown, finding.message));
                    }
                }
            }
            number += 1;
        })?;
    }
    if broken > SHOWN {
        drafted.missing.push(format!("{} more exchanges are not as drafted", broken - SHOWN));
    }
    environment.err.line(format_args!("{} of {} are valid by the draft", checked - broken, count(checked, "exchange")));
    Ok(())
}
