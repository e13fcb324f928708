//! What became of each document: the row of the table, the table, and the same as JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wireproof::{Failure, NewFile, Stream, count, printable, style};

use super::find::Document;

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
    /// What the compiler said; `None` if it was not asked.
    #[serde(default)]
    pub(super) compiled: Option<Compiled>,
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
    /// The first of them.
    pub(super) first: Option<String>,
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
    pub(super) fn new(document: &Document, elapsed: Duration) -> Self {
        Self {
            document: document.shown.clone(),
            name: document.name.clone(),
            outcome: Outcome::Ok,
            reason: String::new(),
            types: 0,
            operations: 0,
            gaps: 0,
            diagnostics: BTreeMap::new(),
            seconds: elapsed.as_secs_f64(),
            compiled: None,
        }
    }

    /// Whether it is as it should be.
    pub(super) fn is_good(&self) -> bool {
        let compiles = self.compiled.as_ref().is_none_or(|compiled| compiled.errors == 0 && compiled.warnings == 0);
        matches!(self.outcome, Outcome::Ok | Outcome::Swagger) && compiles
    }

    fn remark(&self) -> &str {
        let compiled = self.compiled.as_ref().and_then(|compiled| compiled.first.as_deref());
        compiled.unwrap_or(&self.reason)
    }
}

/// Prints a line per document, and the totals.
pub(super) fn print_table(rows: &[Row], check: bool, out: &mut Stream<'_>) {
    let compiler = if check { "  errors  warnings" } else { "" };
    let head = format!("outcome   types  operations  gaps  seconds{compiler}  document");
    let head = out.paint(style::STRONG, head).to_string();
    out.line(head);
    for row in rows {
        let colour = if row.is_good() { style::GOOD } else { style::BAD };
        let outcome = out.paint(colour, format_args!("{:<8}", row.outcome.name())).to_string();
        let compiler = match (&row.compiled, check) {
            (Some(compiled), _) => format!("  {:>6}  {:>8}", compiled.errors, compiled.warnings),
            (None, true) => format!("  {:>6}  {:>8}", "-", "-"),
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
        let clean = rows.iter().filter(|row| row.compiled.is_some() && row.is_good()).count();
        out.line(format_args!("{clean} of {} compile without an error or a warning", count(number(Outcome::Ok), "package")));
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
