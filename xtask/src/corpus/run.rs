//! Generates for each document in a process of its own, with a time limit; keeps what came of it for the next run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wireproof::{Failure, Stream};

use super::find::Document;
use super::report::{Outcome, Row};

/// How often a running process is looked at.
const PATIENCE: Duration = Duration::from_millis(5);

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
    fn row(&self, document: &Document) -> Result<Row, Failure> {
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
        let create = |path: &Path| fs::File::create(path).map_err(|error| Failure::io("write", path.display(), &error));
        let package = self.package(document);
        if package.exists() {
            fs::remove_dir_all(&package).map_err(|error| Failure::io("delete", package.display(), &error))?;
        }
        let start = Instant::now();
        let mut child = Command::new(&self.executable)
            .arg("generate")
            .arg("--spec")
            .arg(&document.path)
            .arg("--out")
            .arg(&package)
            .args(["--name", &document.name, "--format", "json"])
            .stdin(Stdio::null())
            .stdout(create(&out)?)
            .stderr(create(&err)?)
            .spawn()
            .map_err(|error| Failure::io("run", self.executable.display(), &error))?;
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if start.elapsed() < self.limit => thread::sleep(PATIENCE),
                Ok(None) => {
                    // It may have ended in between; either way it is gone afterwards.
                    let _ = child.kill();
                    let _ = child.wait();
                    break None;
                }
                Err(error) => return Err(Failure::io("wait for", self.executable.display(), &error)),
            }
        };
        let mut row = Row::new(document, start.elapsed());
        row.outcome = outcome(status, document);
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

fn outcome(status: Option<ExitStatus>, document: &Document) -> Outcome {
    match status.map(|status| status.code()) {
        None => Outcome::Timeout,
        Some(Some(0)) => Outcome::Ok,
        Some(Some(2)) if document.swagger => Outcome::Swagger,
        Some(Some(2)) => Outcome::Refused,
        Some(_) => Outcome::Crashed,
    }
}

/// The rows of all documents, in their order, worked on by `jobs` threads.
pub(super) fn all(documents: &[Document], program: &Program, jobs: usize, err: &mut Stream<'_>) -> Result<Vec<Row>, Failure> {
    let next = AtomicUsize::new(0);
    let rows: Mutex<Vec<(usize, Result<Row, Failure>)>> = Mutex::new(Vec::new());
    let progress = err.terminal();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.min(documents.len()))
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(document) = documents.get(index) else { return };
                        let row = program.row(document);
                        if let Ok(mut rows) = rows.lock() {
                            rows.push((index, row));
                        }
                    }
                })
            })
            .collect();
        // A person who watches sees how far it is.
        while progress && !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            let done = rows.lock().map_or(0, |rows| rows.len());
            let _ = io::Write::write_all(err, format!("\r{done}/{} ", documents.len()).as_bytes());
            let _ = io::Write::flush(err);
            thread::sleep(Duration::from_millis(100));
        }
    });
    if progress {
        err.line("\r");
    }
    let mut rows = rows.into_inner().map_err(|_| Failure::new("a worker of `corpus` ended early"))?;
    rows.sort_by_key(|(index, _)| *index);
    rows.into_iter().map(|(_, row)| row).collect()
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
fn newest(folder: &Path) -> io::Result<u128> {
    let mut newest = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let here = if metadata.is_dir() { self::newest(&entry.path())? } else { milliseconds(&metadata)? };
        newest = newest.max(here);
    }
    Ok(newest)
}
