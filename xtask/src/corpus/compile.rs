//! `--check` and `--clippy`: a call of cargo for each package, with a time limit, so that a compiler that hangs or runs out of memory costs
//! one row, and what it took is known. Threads have a build folder each, in which what all packages depend on is built once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wireproof::{Failure, Stream};

use super::each;
use super::report::{Compiled, Row};
use super::run::newest;
use crate::measured;
use crate::{cargo, root};

/// What looks at a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Check,
    Clippy,
}

impl Tool {
    const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Clippy => "clippy",
        }
    }
}

/// What is needed to compile packages.
pub(super) struct Compiler {
    target: PathBuf,
    limit: Duration,
    fresh: bool,
    /// The versions that this repository is tested with, so that nothing has to be looked up.
    lock: Option<Vec<u8>>,
    /// When the runtime changed last: its packages have to be compiled again then.
    runtime: u128,
}

/// What is kept of a package from one run to the next.
#[derive(Deserialize, Serialize)]
struct Record {
    package: String,
    compiled: Compiled,
}

/// A line of `cargo check --message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(rename = "message")]
    diagnostic: Option<Diagnostic>,
    manifest_path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

impl Compiler {
    /// Prepares to compile packages below `target`.
    pub(super) fn new(target: &Path, limit: Duration, fresh: bool) -> Result<Self, Failure> {
        let runtime = root().join("runtime");
        let newest = newest(&runtime.join("src")).map_err(|error| Failure::io("read", runtime.display(), &error))?;
        Ok(Self { target: target.to_path_buf(), limit, fresh, lock: fs::read(root().join("Cargo.lock")).ok(), runtime: newest })
    }

    /// Compiles the packages of all rows that have one, or of those among `only`.
    pub(super) fn all(
        &self,
        rows: &mut [Row],
        tool: Tool,
        jobs: usize,
        only: Option<&BTreeSet<String>>,
        err: &mut Stream<'_>,
    ) -> Result<(), Failure> {
        let wanted = |row: &&mut Row| row.outcome.is_ok() && only.is_none_or(|only| only.contains(&row.document));
        let mut chosen: Vec<&mut Row> = rows.iter_mut().filter(wanted).collect();
        let names: Vec<String> = chosen.iter().map(|row| row.name.clone()).collect();
        let what = match tool {
            Tool::Check => "compiled",
            Tool::Clippy => "looked at by clippy",
        };
        let results = each::all(what, &names, jobs, err, |name, job| self.one(name, tool, job))?;
        for (row, compiled) in chosen.iter_mut().zip(results) {
            match tool {
                Tool::Check => row.compiled = Some(compiled),
                Tool::Clippy => row.clippy = Some(compiled),
            }
        }
        Ok(())
    }

    /// What the compiler says about one package: what it said the last time where nothing changed since.
    fn one(&self, name: &str, tool: Tool, job: usize) -> Result<Compiled, Failure> {
        let package = self.target.join("packages").join(name);
        let state = |extension: &str| self.target.join("state").join(format!("{name}.{}.{extension}", tool.name()));
        let digest = format!("{} {}", digest_of(&package)?, self.runtime);
        let kept = state("row.json");
        let known = fs::read(&kept).ok().and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        if let Some(record) = known.filter(|record| !self.fresh && record.package == digest) {
            return Ok(record.compiled);
        }
        if let Some(lock) = &self.lock {
            let path = package.join("Cargo.lock");
            fs::write(&path, lock).map_err(|error| Failure::io("write", path.display(), &error))?;
        }
        let mut command = cargo();
        command.args([tool.name(), "--all-features", "--quiet", "--message-format=json", "--jobs", "1", "--target-dir"]);
        command.arg(self.target.join(format!("target-{job}"))).current_dir(&package);
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_NET_OFFLINE", "true").env_remove("RUSTFLAGS");
        let (out, err) = (state("out.json"), state("err.txt"));
        let measured = measured::run(&command, self.limit, &out, &err)?;
        let said = fs::read(&out).map_err(|error| Failure::io("read", out.display(), &error))?;
        let mut compiled = Compiled { cpu: measured.cpu, memory: measured.memory, ..Compiled::default() };
        for line in said.split(|byte| *byte == b'\n') {
            if let Ok(message) = serde_json::from_slice::<Message>(line) {
                count(&message, &package, &mut compiled);
            }
        }
        if measured.timeout || (measured.code != Some(0) && compiled.errors == 0) {
            compiled.errors += 1;
            let told = fs::read(&err).map(|text| String::from_utf8_lossy(&text).trim().to_owned()).unwrap_or_default();
            compiled.first = Some(if measured.timeout { "the compiler takes too long".to_owned() } else { told });
        }
        // These messages are as large as the code is wrong; what matters of them is in the row.
        let _ = fs::remove_file(&out);
        if !measured.timeout {
            let record = Record { package: digest, compiled };
            let text = serde_json::to_vec(&record).map_err(|error| Failure::new(format!("cannot keep a row: {error}")))?;
            fs::write(&kept, text).map_err(|error| Failure::io("write", kept.display(), &error))?;
            return Ok(record.compiled);
        }
        Ok(compiled)
    }
}

fn count(message: &Message, package: &Path, compiled: &mut Compiled) {
    let Some(diagnostic) = message.diagnostic.as_ref().filter(|_| message.reason == "compiler-message") else { return };
    // The runtime's own warnings are not the package's.
    if message.manifest_path.as_ref().is_none_or(|manifest| !manifest.starts_with(package)) {
        return;
    }
    match diagnostic.level.as_str() {
        "error" => compiled.errors += 1,
        "warning" => compiled.warnings += 1,
        _ => return,
    }
    if compiled.first.is_none() {
        let place = diagnostic.spans.iter().find(|span| span.is_primary);
        let place = place.map(|span| format!(" at {}:{}", span.file_name, span.line_start)).unwrap_or_default();
        compiled.first = Some(format!("{}{place}", diagnostic.message));
    }
}

/// The SHA-256 of the sources of a package.
fn digest_of(package: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    let mut open = vec![package.join("src"), package.join("Cargo.toml")];
    let failed = |path: &Path, error: &std::io::Error| Failure::io("read", path.display(), error);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let mut inside: Vec<PathBuf> = entries.map_err(|error| failed(&path, &error))?.iter().map(fs::DirEntry::path).collect();
            inside.sort();
            open.extend(inside);
        } else {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(fs::read(&path).map_err(|error| failed(&path, &error))?);
        }
    }
    let hex: Vec<String> = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(hex.concat())
}
