//! The command line: which commands there are. Their arguments stand in the commands' own files.
//! Next: `lib.rs`, which runs them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::environment::Environment;
use crate::error::Exit;
use crate::{completions, coverage, diff, draft, explain, generate, import, lint, mock, new, overlay, probe, record, validate, verify};

/// Typed Rust from OpenAPI documents, and proof that recorded HTTP exchanges keep to both.
#[derive(Debug, Parser)]
#[command(
    name = "wireproof",
    version,
    after_help = "\
Examples:
  {program} verify                                        the whole offline proof of all vendors
  {program} generate                                      the types of all vendors
  {program} generate --spec openapi.yaml --out client     one document to one package
  {program} validate --spec openapi.yaml session.har      recorded exchanges against a document

Exit codes: 0 holds, 1 the contract is broken or generated code is stale, 2 the call or its input cannot be used."
)]
pub struct Cli {
    /// What holds for all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Arguments that every command takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// The configuration; without it, the nearest `wireproof.toml` at or above the current folder
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the types of documents
    Generate(generate::Arguments),
    /// Prove offline that types, documents, pages and recordings hold together
    Verify(verify::Arguments),
    /// Check recorded exchanges against a document
    Validate(validate::Arguments),
    /// Show what of a document the recordings exercise
    Coverage(coverage::Arguments),
    /// Show what changed between two documents, and whom it breaks
    Diff(diff::Arguments),
    /// Show what in a document weakens its types or its contract
    Lint(lint::Arguments),
    /// Make a document of a vendor's pages, and a recording of their examples
    Import(import::Arguments),
    /// Make a first document where a vendor has none
    Draft(draft::Arguments),
    /// Apply corrections to a document
    Overlay(overlay::Arguments),
    /// Ask a real server what can be asked without harm
    Probe(probe::Arguments),
    /// Play a vendor from its document, on this machine
    Mock(mock::Arguments),
    /// Record traffic with a server as it passes, and check it
    Record(record::Arguments),
    /// Make a new repository: a configuration without vendors
    Init(new::InitArguments),
    /// Add a vendor: its document, where it is from, its list of known drift, a place for recordings
    New(new::NewArguments),
    /// Show what a rule is about
    Explain(explain::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
}

impl Command {
    /// Whether it opens connections, which takes a program with the feature `live`.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Verify(arguments) => arguments.is_live(),
            other => matches!(other, Self::Mock(_) | Self::Probe(_) | Self::Record(_)),
        }
    }
}

/// Reads the command line `P`; `Err` holds the exit code where clap has already said everything (`--help`, a wrong flag).
///
/// # Errors
///
/// When there is nothing left to run.
pub fn parse<P: CommandFactory + FromArgMatches>(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &mut Environment<'_>,
) -> Result<P, Exit> {
    let program = environment.program;
    let command = name_program(P::command().bin_name(program), program);
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| P::from_arg_matches(&matches));
    parsed.map_err(|error| {
        let stream = if error.use_stderr() { &mut environment.err } else { &mut environment.out };
        let text = if stream.colour() { error.render().ansi().to_string() } else { error.render().to_string() };
        stream.line(text.trim_end());
        if error.use_stderr() { Exit::Unusable } else { Exit::Holds }
    })
}

/// Puts the program's name into the examples of all commands.
pub(crate) fn name_program(command: clap::Command, program: &str) -> clap::Command {
    let examples = command.get_after_help().map(|text: &StyledStr| text.to_string().replace("{program}", program));
    let command = command.mut_subcommands(|sub| name_program(sub, program));
    match examples {
        Some(examples) => command.after_help(examples),
        None => command,
    }
}
