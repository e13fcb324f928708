//! `cargo xtask`: the commands of `wireproof` on this repository, and its chores. Dispatch only: `delegate.rs` tells which commands
//! need a program that can do more, `bench/`, `ci.rs`, `corpus/`, `documents.rs`, `kill_test.rs`, `mutations/`, `mutilate/`, `paired/`, `probe_safety.rs`, `soundness/` and `suite.rs` are the chores,
//! `measured.rs` what some of them run programs with.

mod bench;
mod ci;
mod corpus;
mod delegate;
mod documents;
mod kill_test;
mod measured;
mod mutations;
mod mutilate;
mod paired;
mod probe_safety;
mod soundness;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use wireproof::{Environment, Exit, Failure, Global, Stream, args, conclude, execute, print_failure};

/// As in `wireproof`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Wireproof's commands on this repository, and the repository's chores.
#[derive(Debug, Parser)]
#[command(
    name = "xtask",
    version,
    after_help = "\
Examples:
  {program} verify              the whole offline proof of all vendors
  {program} generate            write `generated/` from `specs/`
  {program} ci                  everything that a pull request has to pass
  {program} bench generate      how fast documents become Rust
  {program} bench validate      how fast recorded exchanges are checked
  {program} corpus DIR --check  generate for every document under a folder, and compile the results
  {program} probe-safety DIR    probe a server that counts what could do harm, with every document under a folder
  {program} soundness DIR       send instances of every component schema through its type"
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Wireproof(wireproof::Command),
    /// Measure how fast the commands are
    Bench(bench::Arguments),
    /// Run every step that a pull request has to pass
    Ci(ci::Arguments),
    /// Generate for every document under a folder, and show what became of each
    Corpus(corpus::Arguments),
    /// Hold overlays, documents and fragments against what their authors say of them
    Documents(documents::Arguments),
    /// Kill commands at random moments, and see that every file is whole
    #[command(name = "kill-test")]
    KillTest(kill_test::Arguments),
    /// Run a program and write down what it took
    #[command(hide = true)]
    Measured(measured::Arguments),
    /// Break exchanges in one thing each, and see that each is caught
    Mutations(mutations::Arguments),
    /// Break documents at random, and see that no command panics or hangs on them
    Mutilate(mutilate::Arguments),
    /// Hold verdicts against those of the authors of recordings
    Paired(paired::Arguments),
    /// Probe a server that counts what could do harm, with every document under a folder
    #[command(name = "probe-safety")]
    ProbeSafety(probe_safety::Arguments),
    /// Hold the reading of schemas against the JSON Schema Test Suite
    #[command(name = "jsonschema-suite")]
    Suite(suite::Arguments),
    /// Send instances of every component schema under a folder through its generated type
    Soundness(soundness::Arguments),
}

fn main() -> ExitCode {
    let exit = match Environment::of_process("cargo xtask") {
        Ok(mut environment) => run(&mut environment),
        Err(failure) => {
            print_failure(&failure, &mut Stream::stderr());
            Exit::Unusable
        }
    };
    ExitCode::from(exit.code())
}

fn run(environment: &mut Environment<'_>) -> Exit {
    let cli: Cli = match args::parse(std::env::args_os(), environment) {
        Ok(cli) => cli,
        Err(exit) => return conclude(Ok(exit), environment),
    };
    let result: Result<Exit, Failure> = match &cli.command {
        Command::Wireproof(command) => match delegate::to_able_program(command, &cli.global, environment) {
            Ok(Some(exit)) => Ok(exit),
            Ok(None) => return execute(command, &cli.global, environment),
            Err(failure) => Err(failure),
        },
        Command::Bench(arguments) => bench::run(arguments, environment),
        Command::Ci(arguments) => ci::run(arguments, environment),
        Command::Corpus(arguments) => corpus::run(arguments, environment),
        Command::Documents(arguments) => documents::run(arguments, environment),
        Command::KillTest(arguments) => kill_test::run(arguments, environment),
        Command::Measured(arguments) => measured::measure(arguments),
        Command::Mutations(arguments) => mutations::run(arguments, environment),
        Command::Mutilate(arguments) => mutilate::run(arguments, environment),
        Command::Paired(arguments) => paired::run(arguments, environment),
        Command::ProbeSafety(arguments) => probe_safety::run(arguments, environment),
        Command::Suite(arguments) => suite::run(arguments, environment),
        Command::Soundness(arguments) => soundness::run(arguments, environment),
    };
    conclude(result, environment)
}

/// The folder of this repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds into.
fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The cargo that runs this program, or the one on the path.
fn cargo() -> std::process::Command {
    std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
