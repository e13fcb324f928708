//! The world around a command: where it runs, how it was called, what it may write to. Tests hand in their own.
//! Next: `args.rs`, which reads the call.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::output::Stream;

/// Everything that a command takes from outside, other than its arguments and the files it names.
pub struct Environment<'a> {
    /// How people call this program: `wireproof` or `cargo xtask`.
    pub program: &'static str,
    /// The folder that relative paths on the command line start from.
    pub directory: PathBuf,
    /// Standard input.
    pub stdin: Box<dyn Read + 'a>,
    /// Standard output: results.
    pub out: Stream<'a>,
    /// Standard error: diagnostics and progress.
    pub err: Stream<'a>,
}

impl Environment<'static> {
    /// The environment of this process.
    ///
    /// # Errors
    ///
    /// When the current folder is gone.
    pub fn of_process(program: &'static str) -> Result<Self, Failure> {
        let directory = std::env::current_dir().map_err(|error| {
            Failure::new(format!("cannot tell the current folder: {error}")).with_help("change into a folder that exists")
        })?;
        Ok(Self { program, directory, stdin: Box::new(io::stdin()), out: Stream::stdout(), err: Stream::stderr() })
    }
}

impl Environment<'_> {
    /// A path of the command line.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }
}
