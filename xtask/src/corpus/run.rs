//! Generates for each document in a process of its own, with a time limit; keeps what came of it for the next run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wireproof::Failure;

use super::find::Document;
use super::report::{Outcome, Row};
use crate::measured::{self, Measured};

/// The program that generates, and where its results go.
pub(super) struct Program {
    executable: PathBuf,
    /// Size and time of the executable: another program may do otherwise.
    version: String,
    target: PathBuf,
    limit: Duration,
    fresh: bool,
}

/// What is kept of a document from one run to the next.
#[derive(Deserialize, Serialize)]
struct Record {
    program: String,
    document: String,
    row: Row,
}

/// The parts of `generate --format json` that the table shows.
#[derive(Deserialize)]
struct Report {
    summary: Summary,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Summary {
    types: usize,
    operations: usize,
    gaps: usize,
}

#[derive(Deserialize)]
struct Diagnostic {
    code: String,
}

impl Program {
    /// This very program, which knows `generate`, too.
    pub(super) fn this(target: &Path, limit: Duration, fresh: bool) -> Result<Self, Failure> {
        let executable = std::env::current_exe().map_err(|error| Failure::new(format!("cannot tell where this program is: {error}")))?;
        let failed = |error: io::Error| Failure::io("read", executable.display(), &error);
        let metadata = fs::metadata(&executable).map_err(failed)?;
        let version = format!("{} bytes of {}", metadata.len(), milliseconds(&metadata).map_err(failed)?);
        for folder in ["state", "packages"] {
            let folder = target.join(folder);
            fs::create_dir_all(&folder).map_err(|error| Failure::io("make", folder.display(), &error))?;
        }
        Ok(Self { executable, version, target: target.to_path_buf(), limit, fresh })
    }

    fn state(&self, document: &Document, extension: &str) -> PathBuf {
        self.target.join("state").join(format!("{}.{extension}", document.name))
    }

    fn package(&self, document: &Document) -> PathBuf {
        self.target.join("packages").join(&document.name)
    }

    /// The row of a document: the kept one where nothing changed since, else a new one.
    pub(super) fn row(&self, document: &Document) -> Result<Row, Failure> {
        let failed = |error: io::Error| Failure::io("read", &document.shown, &error);
        // A document of many files has its parts beside it: the folder counts as a whole.
        let folder = document.path.parent().unwrap_or(Path::new("."));
        let digest = format!("{}-{}", digest_of(&document.path).map_err(failed)?, newest(folder).map_err(failed)?);
        let kept = self.state(document, "row.json");
        let known = fs::read(&kept).ok().and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        if let Some(record) = known
            && !self.fresh
            && record.program == self.version
            && record.document == digest
            && record.row.outcome != Outcome::Timeout
            && (!record.row.outcome.is_ok() || self.package(document).is_dir())
        {
            return Ok(record.row);
        }
        let row = self.generate(document)?;
        let record = Record { program: self.version.clone(), document: digest, row };
        let text = serde_json::to_vec(&record).map_err(|error| Failure::new(format!("cannot keep a row: {error}")))?;
        fs::write(&kept, text).map_err(|error| Failure::io("write", kept.display(), &error))?;
        Ok(record.row)
    }

    fn generate(&self, document: &Document) -> Result<Row, Failure> {
        let (out, err) = (self.state(document, "out.json"), self.state(document, "err.txt"));
        let package = self.package(document);
        if package.exists() {
            fs::remove_dir_all(&package).map_err(|error| Failure::io("delete", package.display(), &error))?;
        }
        let mut command = Command::new(&self.executable);
        command.arg("generate").arg("--spec").arg(&document.path).arg("--out").arg(&package);
        command.args(["--name", &document.name, "--format", "json"]);
        let measured = measured::run(&command, self.limit, &out, &err)?;
        let mut row = Row::new(document, &measured);
        row.outcome = outcome(&measured, document);
        let reason = fs::read(&err).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
        if row.outcome.is_ok() {
            let text = fs::read(&out).map_err(|error| Failure::io("read", out.display(), &error))?;
            match serde_json::from_slice::<Report>(&text) {
                Ok(report) => row.take(&report),
                Err(error) => {
                    row.outcome = Outcome::Crashed;
                    row.reason = format!("its report is no JSON: {error}");
                }
            }
        } else {
            let telling = reason.lines().rev().find(|line| line.starts_with("error") || line.contains("panicked"));
            row.reason = telling.map(str::to_owned).unwrap_or_default();
        }
        Ok(row)
    }
}

impl Row {
    fn take(&mut self, report: &Report) {
        self.types = report.summary.types;
        self.operations = report.summary.operations;
        self.gaps = report.summary.gaps;
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for diagnostic in &report.diagnostics {
            *codes.entry(diagnostic.code.clone()).or_default() += 1;
        }
        self.diagnostics = codes;
    }
}

fn outcome(measured: &Measured, document: &Document) -> Outcome {
    match measured.code {
        _ if measured.timeout => Outcome::Timeout,
        Some(0) => Outcome::Ok,
        Some(2) if document.swagger => Outcome::Swagger,
        Some(2) => Outcome::Refused,
        _ => Outcome::Crashed,
    }
}

fn digest_of(path: &Path) -> io::Result<String> {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(fs::read(path)?) {
        // Writing to a string never fails.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// When a file changed last, in milliseconds since 1970.
fn milliseconds(metadata: &fs::Metadata) -> io::Result<u128> {
    Ok(metadata.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis()))
}

/// When anything below `folder` changed last, in milliseconds since 1970.
pub(super) fn newest(folder: &Path) -> io::Result<u128> {
    let mut newest = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let here = if metadata.is_dir() { self::newest(&entry.path())? } else { milliseconds(&metadata)? };
        newest = newest.max(here);
    }
    Ok(newest)
}
