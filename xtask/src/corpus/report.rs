//! What became of each document: the row of the table, the table, and the same as JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use wireproof::{Failure, NewFile, Stream, count, printable, style};

use super::find::Document;
use crate::measured::Measured;

/// One document.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Row {
    /// Its path below the folder that was searched.
    pub(super) document: String,
    /// The name of its package.
    pub(super) name: String,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Why, where it went wrong.
    pub(super) reason: String,
    /// Types made.
    pub(super) types: usize,
    /// Operations made.
    pub(super) operations: usize,
    /// Named gaps.
    pub(super) gaps: usize,
    /// How often each code was reported.
    pub(super) diagnostics: BTreeMap<String, usize>,
    /// How long it took, start of the process included.
    pub(super) seconds: f64,
    /// CPU seconds, where the system tells.
    pub(super) cpu: Option<f64>,
    /// The most memory held, in bytes, where the system tells.
    pub(super) memory: Option<u64>,
    /// Whether it is broken on purpose.
    #[serde(default)]
    pub(super) broken: bool,
    /// What the compiler said; `None` if it was not asked.
    #[serde(default)]
    pub(super) compiled: Option<Compiled>,
    /// What clippy said; `None` if it was not asked.
    #[serde(default)]
    pub(super) clippy: Option<Compiled>,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// A package was written.
    Ok,
    /// It is Swagger 2.0, which is refused rightly.
    Swagger,
    /// It was refused with a reason.
    Refused,
    /// It took too long.
    Timeout,
    /// The program ended as it never should.
    Crashed,
}

/// What the compiler said about a package.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Compiled {
    /// Errors.
    pub(super) errors: usize,
    /// Warnings.
    pub(super) warnings: usize,
    /// The first of them, or why the compiler did not come to its end.
    pub(super) first: Option<String>,
    /// CPU seconds, where the system tells.
    pub(super) cpu: Option<f64>,
    /// The most memory that one process held, in bytes, where the system tells.
    pub(super) memory: Option<u64>,
}

impl Compiled {
    fn is_clean(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }
}

impl Outcome {
    pub(super) const fn is_ok(self) -> bool {
        matches!(self, Self::Ok)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Swagger => "swagger",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Crashed => "crashed",
        }
    }
}

impl Row {
    pub(super) fn new(document: &Document, measured: &Measured) -> Self {
        Self {
            document: document.shown.clone(),
            name: document.name.clone(),
            outcome: Outcome::Ok,
            reason: String::new(),
            types: 0,
            operations: 0,
            gaps: 0,
            diagnostics: BTreeMap::new(),
            seconds: measured.seconds,
            cpu: measured.cpu,
            memory: measured.memory,
            broken: false,
            compiled: None,
            clippy: None,
        }
    }

    /// Whether it is as it should be.
    pub(super) fn is_good(&self) -> bool {
        if self.broken {
            return match self.outcome {
                Outcome::Refused | Outcome::Swagger => !self.reason.is_empty(),
                // What was repaired has been told.
                Outcome::Ok => !self.diagnostics.is_empty(),
                Outcome::Timeout | Outcome::Crashed => false,
            };
        }
        let is_clean = |said: &Option<Compiled>| said.as_ref().is_none_or(Compiled::is_clean);
        matches!(self.outcome, Outcome::Ok | Outcome::Swagger) && is_clean(&self.compiled) && is_clean(&self.clippy)
    }

    fn remark(&self) -> &str {
        let said = [&self.compiled, &self.clippy].into_iter().flatten().find_map(|compiled| compiled.first.as_deref());
        said.unwrap_or(&self.reason)
    }
}

/// Prints a line per document, and the totals.
pub(super) fn print_table(rows: &[Row], check: bool, out: &mut Stream<'_>) {
    let compiler = if check { "  errors  warnings  check CPU s  check MB" } else { "" };
    let head = format!("outcome   types  operations  gaps  seconds{compiler}  document");
    let head = out.paint(style::STRONG, head).to_string();
    out.line(head);
    for row in rows {
        let colour = if row.is_good() { style::GOOD } else { style::BAD };
        let outcome = out.paint(colour, format_args!("{:<8}", row.outcome.name())).to_string();
        let compiler = match (&row.compiled, check) {
            (Some(said), _) => {
                let (cpu, memory) = (said.cpu.unwrap_or_default(), said.memory.unwrap_or_default() / 1_000_000);
                format!("  {:>6}  {:>8}  {cpu:>11.1}  {memory:>8}", said.errors, said.warnings)
            }
            (None, true) => format!("  {:>6}  {:>8}  {:>11}  {:>8}", "-", "-", "-", "-"),
            (None, false) => String::new(),
        };
        let Row { types, operations, gaps, seconds, document, .. } = row;
        out.line(format_args!("{outcome} {types:>6}  {operations:>10}  {gaps:>4}  {seconds:>7.2}{compiler}  {}", printable(document)));
        if !row.remark().is_empty() {
            let remark = out.paint(style::FAINT, format_args!("{:10}{}", "", printable(row.remark()))).to_string();
            out.line(remark);
        }
    }
    let number = |outcome: Outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let outcomes = [Outcome::Ok, Outcome::Swagger, Outcome::Refused, Outcome::Timeout, Outcome::Crashed];
    let outcomes: Vec<String> = outcomes
        .into_iter()
        .filter(|outcome| number(*outcome) > 0)
        .map(|outcome| format!("{} {}", number(outcome), outcome.name()))
        .collect();
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    out.line(format_args!(
        "{}: {}; {}, {}, {}, {seconds:.1} s",
        count(rows.len(), "document"),
        outcomes.join(", "),
        count(sum(|row| row.types), "type"),
        count(sum(|row| row.operations), "operation"),
        count(sum(|row| row.gaps), "gap"),
    ));
    if check {
        let clean = rows.iter().filter(|row| row.compiled.as_ref().is_some_and(Compiled::is_clean)).count();
        let cpu: f64 = rows.iter().filter_map(|row| row.compiled.as_ref()?.cpu).sum();
        out.line(format_args!(
            "{clean} of {} compile without an error or a warning, {cpu:.1} s of CPU",
            count(number(Outcome::Ok), "package")
        ));
    }
    let looked: Vec<&Compiled> = rows.iter().filter_map(|row| row.clippy.as_ref()).collect();
    if !looked.is_empty() {
        let clean = looked.iter().filter(|said| said.is_clean()).count();
        out.line(format_args!("clippy has nothing to say about {clean} of {}", count(looked.len(), "package")));
    }
    if rows.iter().any(|row| row.broken) {
        let good = rows.iter().filter(|row| row.is_good()).count();
        out.line(format_args!("{good} of {} were refused with a reason or repaired with a diagnostic", count(rows.len(), "document")));
    }
}

/// Writes the rows and their totals as JSON.
pub(super) fn write_json(rows: &[Row], path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let report = serde_json::json!({
        "documents": rows.len(),
        "good": rows.iter().filter(|row| row.is_good()).count(),
        "rows": rows,
    });
    let text = serde_json::to_vec_pretty(&report).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
    let mut file = NewFile::begin(path, &shown)?;
    file.write_all(&text).map_err(|error| Failure::io("write", &shown, &error))?;
    file.commit()
}
