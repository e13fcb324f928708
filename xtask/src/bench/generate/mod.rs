//! `bench generate`: CPU time and memory of turning documents into Rust, ours beside that of other generators on the same machine, and
//! of checking our result with the compiler.
//!
//! `document.rs` (a document where none is named), `../peer.rs` (who is measured), `check.rs` (`cargo check`), `report.rs` (table and JSON)

mod check;
mod document;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use wireproof::{Environment, Exit, Failure, count};

use super::peer::Peer;
use crate::measured::{self, Measured};
use crate::{cargo, root, target_folder};
use report::{Figures, Row, Subject};

/// What our own program is called in tables.
const OURS: &str = "wireproof";

/// The arguments of `bench generate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} bench generate                                   a document made for it
  {program} bench generate --schemas 5000 --check            a larger one, its result compiled, too
  {program} bench generate openapi.yaml --runs 9 --peer 'other=other-gen --input {spec} --output {out}'

CPU time is that of the process with all that it starts, user and system together. Of several runs the least disturbed, the minimum,
is what the machine can do; the median tells how much the others were disturbed.")]
pub(crate) struct Arguments {
    /// The documents; one that is made on the spot if none is named
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Another generator beside ours: `{spec}` and `{out}` in its words become the document and an empty folder; no shell reads it
    #[arg(long = "peer", value_name = "NAME=COMMAND", value_parser = Peer::generator)]
    peers: Vec<Peer>,
    /// How often each program generates
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    runs: u16,
    /// Measure `cargo check` of our result, too: everything that it depends on is built before
    #[arg(long)]
    check: bool,
    /// The size of the document that is made on the spot
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with = "specs")]
    schemas: u32,
    /// How many seconds a program may take
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Where the figures go as JSON; below the build folder if left out
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let folder = target_folder().join("bench");
    make(&folder)?;
    let specs: Vec<(PathBuf, String)> = if arguments.specs.is_empty() {
        let schemas = usize::try_from(arguments.schemas).unwrap_or(usize::MAX);
        let path = folder.join("document.json");
        let text = document::document(schemas).to_string();
        fs::write(&path, text).map_err(|error| Failure::io("write", path.display(), &error))?;
        vec![(path, format!("a document of {}", count(schemas, "schema")))]
    } else {
        arguments.specs.iter().map(|spec| (environment.resolve(spec), spec.display().to_string())).collect()
    };
    environment.err.line("building our program with optimisation, which takes a while the first time");
    let mut programs = vec![Peer::new(OURS, &build()?, &["generate", "--spec", "{spec}", "--out", "{out}", "--name", "document"])];
    programs.extend(arguments.peers.iter().cloned());

    let limit = Duration::from_secs(arguments.seconds);
    let mut rows = Vec::new();
    for (spec, shown) in &specs {
        let bytes = fs::metadata(spec).map_err(|error| Failure::io("read", shown, &error))?.len();
        let mut subjects = Vec::new();
        for program in &programs {
            environment.err.line(format_args!("{shown}: {}", program.name));
            subjects.push(Subject {
                program: program.name.clone(),
                generate: generate(program, spec, &folder, arguments.runs, limit)?,
                check: None,
            });
        }
        if arguments.check
            && let Some(ours) = subjects.first_mut().filter(|ours| ours.generate.failed.is_none())
        {
            environment.err.line(format_args!("{shown}: cargo check of what {OURS} made"));
            ours.check = Some(check::check(&out_folder(&folder, OURS), &folder, limit)?);
        }
        rows.push(Row { document: shown.clone(), bytes, subjects });
    }
    report::print(&rows, &mut environment.out);
    let output = arguments.output.as_deref().map_or_else(|| folder.join("generate.json"), |path| environment.resolve(path));
    report::write(&rows, &output)?;
    environment.err.line(format_args!("the same as JSON: {}", output.display()));
    let failed = rows.iter().flat_map(|row| &row.subjects).any(|subject| subject.program == OURS && subject.failed());
    Ok(if failed { Exit::Broken } else { Exit::Holds })
}

/// Lets a program generate again and again, each time into a new folder.
fn generate(program: &Peer, spec: &Path, folder: &Path, runs: u16, limit: Duration) -> Result<Figures, Failure> {
    let out = out_folder(folder, &program.name);
    let (printed, said) = (folder.join("out.txt"), folder.join("err.txt"));
    let mut runs_made: Vec<Measured> = Vec::new();
    for _ in 0..runs {
        empty(&out)?;
        let measured = measured::run(&program.generate(spec, &out), limit, &printed, &said)?;
        let wrong = measured.timeout || measured.code != Some(0);
        runs_made.push(measured);
        if wrong {
            break;
        }
    }
    Ok(Figures::of(&runs_made, &said))
}

/// Where a program puts its result; the name is a caller's and becomes letters and digits.
fn out_folder(folder: &Path, name: &str) -> PathBuf {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    folder.join(format!("out-{name}"))
}

/// An empty folder at `path`, which is one of ours.
fn empty(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(|error| Failure::io("delete", path.display(), &error))?;
    }
    make(path)
}

fn make(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::io("make", path.display(), &error))
}

/// Builds the program `wireproof` as users install it, the types of this repository's vendors left out: they are no part of generating.
fn build() -> Result<String, Failure> {
    let status = cargo()
        .args(["build", "--quiet", "--release", "--package", "wireproof", "--bin", "wireproof", "--no-default-features"])
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !status.success() {
        return Err(Failure::new("our program does not compile, see above"));
    }
    let program = target_folder().join("release").join(format!("wireproof{}", std::env::consts::EXE_SUFFIX));
    program.to_str().map(str::to_owned).ok_or_else(|| Failure::new("the path of the build folder is not UTF-8"))
}

/// What `cargo` is asked, with nothing kept from run to run and nothing fetched.
fn offline_cargo() -> Command {
    let mut command = cargo();
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_NET_OFFLINE", "true").env_remove("RUSTFLAGS");
    command
}
