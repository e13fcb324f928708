//! `ci`: the steps that a pull request has to pass, in the order in which they are likely to fail. `.ci/run` calls this.

use std::time::Instant;

use clap::Args;
use wireproof::{Environment, Exit, Failure, style};

use crate::{cargo, root};

/// The arguments of `ci`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only show the steps
    #[arg(long)]
    list: bool,
}

/// One step: its name and the arguments of cargo.
struct Step {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Set for the step alone.
    variables: &'static [(&'static str, &'static str)],
}

const STEPS: &[Step] = &[
    Step { name: "formatting", arguments: &["fmt", "--all", "--check"], variables: &[] },
    Step {
        name: "generated code is fresh",
        arguments: &["run", "--quiet", "--locked", "--package", "xtask", "--", "generate", "--check"],
        variables: &[],
    },
    Step { name: "lints", arguments: &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"], variables: &[] },
    // Snapshots are compared, never written: a change must be accepted by a person.
    Step { name: "tests", arguments: &["test", "--locked", "--workspace"], variables: &[("INSTA_UPDATE", "no")] },
    // In the workspace another crate switches on a feature of serde_json that changes how it reads numbers; users may not have it.
    Step {
        name: "the runtime by itself",
        arguments: &["test", "--locked", "--package", "wireproof-runtime", "--features", "reqwest,pattern"],
        variables: &[],
    },
    Step {
        name: "documentation",
        arguments: &["doc", "--locked", "--workspace", "--no-deps"],
        variables: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    Step {
        name: "the proof of all vendors",
        arguments: &["run", "--quiet", "--locked", "--package", "xtask", "--", "verify"],
        variables: &[],
    },
];

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    for (index, step) in STEPS.iter().enumerate() {
        let head = environment.err.paint(style::STRONG, format_args!("[{}/{}] {}", index + 1, STEPS.len(), step.name)).to_string();
        environment.err.line(format_args!("{head}: cargo {}", step.arguments.join(" ")));
        if arguments.list {
            continue;
        }
        let start = Instant::now();
        let status = cargo()
            .args(step.arguments)
            .envs(step.variables.iter().copied())
            .current_dir(root())
            .status()
            .map_err(|error| Failure::new(format!("cannot run cargo: {error}")).with_help("install Rust from https://rustup.rs"))?;
        if !status.success() {
            let head = environment.err.paint(style::BAD, format_args!("{} failed", step.name)).to_string();
            environment.err.line(format_args!("{head}: run `cargo {}` to see it alone", step.arguments.join(" ")));
            return Ok(Exit::Broken);
        }
        environment.err.line(format_args!("      done in {} s", start.elapsed().as_secs()));
    }
    Ok(Exit::Holds)
}
