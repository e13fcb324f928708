//! `completions SHELL`: what a shell needs to complete commands and flags.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::{Cli, name_program};
use crate::environment::Environment;
use crate::error::Exit;

/// The arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  wireproof completions bash > ~/.local/share/bash-completion/completions/wireproof
  wireproof completions fish > ~/.config/fish/completions/wireproof.fish")]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions of the `wireproof` binary, also where `cargo xtask` is asked: cargo completes its own.
pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut name_program(Cli::command(), "wireproof"), "wireproof", &mut script);
    // The stream keeps errors for the end.
    let _ = environment.out.write_all(&script);
    Exit::Holds
}
