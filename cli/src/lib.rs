//! The command line of Wireproof as a library: the `wireproof` binary and `cargo xtask` call the same commands.
//!
//! `arguments -> args (clap) -> Command -> generate | verify | validate | coverage | explain | ... -> Exit`
//!
//! Every command takes an [`Environment`] (where it runs, what it may write to), so that a test can run it in process:
//!
//! ```
//! use wireproof::{Environment, Exit, Stream, run};
//!
//! let mut printed = Vec::new();
//! let mut environment = Environment {
//!     program: "wireproof",
//!     directory: std::env::temp_dir(),
//!     stdin: Box::new(std::io::empty()),
//!     out: Stream::plain(&mut printed),
//!     err: Stream::plain(std::io::sink()),
//! };
//! let exit = run(["wireproof", "explain", "body-schema"].map(Into::into), &mut environment);
//! assert_eq!(exit, Exit::Holds);
//! drop(environment);
//! assert!(String::from_utf8_lossy(&printed).contains("body-schema"));
//! ```
//!
//! Read `args.rs` for the list of commands, `config.rs` for `wireproof.toml`, then the file of the command.

#[cfg(feature = "live")]
mod address;
pub mod args;
mod completions;
mod config;
mod contracts;
mod coverage;
mod date;
mod diff;
mod document;
mod draft;
mod environment;
mod error;
mod explain;
pub mod generate;
mod import;
mod lint;
mod mock;
mod new;
mod output;
mod overlay;
mod probe;
mod progress;
mod record;
mod recordings;
mod reports;
mod types;
mod validate;
pub mod verify;
mod write;

use std::ffi::OsString;

pub use args::{Command, Global};
pub use config::{Config, CredentialSource, Generated, Limits, Place, SecretSource, Vendor};
pub use document::load as load_document;
pub use environment::Environment;
pub use error::{Exit, Failure};
pub use output::{Painted, Stream, count, printable, style};
pub use types::types_wanted;
pub use write::{Change, NewFile, Plan};

/// Reads the command line and runs what it asks for.
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: &mut Environment<'_>) -> Exit {
    match args::parse::<args::Cli>(arguments, environment) {
        Ok(cli) => execute(&cli.command, &cli.global, environment),
        Err(exit) => conclude(Ok(exit), environment),
    }
}

/// Runs one command and says why where it cannot.
pub fn execute(command: &Command, global: &Global, environment: &mut Environment<'_>) -> Exit {
    let result = match command {
        Command::Generate(arguments) => generate::run(arguments, global, environment),
        Command::Verify(arguments) => verify::run(arguments, global, environment),
        Command::Validate(arguments) => validate::run(arguments, global, environment),
        Command::Coverage(arguments) => coverage::run(arguments, global, environment),
        Command::Diff(arguments) => diff::run(arguments, global, environment),
        Command::Lint(arguments) => lint::run(arguments, global, environment),
        Command::Import(arguments) => import::run(arguments, environment),
        Command::Draft(arguments) => draft::run(arguments, environment),
        Command::Overlay(arguments) => overlay::run(arguments, global, environment),
        #[cfg(feature = "live")]
        Command::Mock(arguments) => mock::run(arguments, global, environment),
        #[cfg(feature = "live")]
        Command::Probe(arguments) => probe::run(arguments, global, environment),
        #[cfg(feature = "live")]
        Command::Record(arguments) => record::run(arguments, global, environment),
        #[cfg(not(feature = "live"))]
        Command::Mock(_) | Command::Probe(_) | Command::Record(_) => Err(without_live()),
        Command::Init(arguments) => new::init(arguments, global, environment),
        Command::New(arguments) => new::new(arguments, global, environment),
        Command::Explain(arguments) => explain::run(arguments, environment),
        Command::Completions(arguments) => Ok(completions::run(arguments, environment)),
    };
    conclude(result, environment)
}

/// What a program says that was built without the commands that open connections.
pub(crate) fn without_live() -> Failure {
    Failure::new("this program was built without the commands that open connections").with_help("build it with `--features live`")
}

/// Ends a command: prints its failure, and sees to it that everything written has arrived.
pub fn conclude(result: Result<Exit, Failure>, environment: &mut Environment<'_>) -> Exit {
    let exit = result.unwrap_or_else(|failure| {
        print_failure(&failure, &mut environment.err);
        Exit::Unusable
    });
    let written = environment.out.finish();
    // Standard error has nowhere to report its own errors to.
    let _ = environment.err.finish();
    match written {
        Ok(()) => exit,
        Err(error) => {
            print_failure(&Failure::new(format!("cannot write to standard output: {error}")), &mut environment.err);
            Exit::Unusable
        }
    }
}

/// Prints a failure: `error: ...`, then what to do about it.
pub fn print_failure(failure: &Failure, err: &mut Stream<'_>) {
    let head = err.paint(style::BAD, "error").to_string();
    err.line(format_args!("{head}: {}", printable(&failure.message)));
    if let Some(help) = &failure.help {
        let head = err.paint(style::STRONG, "help").to_string();
        err.line(format_args!("  {head}: {}", printable(help)));
    }
}
