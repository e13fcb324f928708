//! What became of each document: the row of the table, the table, and the same as JSON.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use wireproof::{Failure, Stream, count, printable, style};

use super::looseness;
use super::subject::{Subject, write};
use super::trial::short;
use crate::corpus::find;

/// How many problems of one document are kept; the first ones say it all.
const MAX_PROBLEMS: usize = 200;

/// How many problems of one document are printed.
const MAX_PRINTED: usize = 5;

/// One document.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Row {
    /// Its path below the folder that was searched.
    pub(super) document: String,
    /// Why nothing could be tried.
    pub(super) reason: Option<String>,
    /// Component schemas.
    pub(super) schemas: usize,
    /// Valid instances made, and how many of them the document gives itself.
    pub(super) valid: usize,
    pub(super) examples: usize,
    /// Recorded bodies that are valid.
    pub(super) recorded: usize,
    /// Invalid instances made, and how many of them the types refused.
    pub(super) invalid: usize,
    pub(super) refused: usize,
    /// How many of them the types took, all for keywords that types do not enforce.
    pub(super) taken: usize,
    /// Those by the keyword; an instance may break several.
    pub(super) loose: BTreeMap<String, usize>,
    /// What went wrong; the first ones.
    pub(super) problems: Vec<Problem>,
    /// How much went wrong.
    pub(super) failures: usize,
    /// What could not be made, by the reason.
    pub(super) unmade: BTreeMap<String, usize>,
    /// Schemas of which nothing at all could be made.
    pub(super) empty: Vec<String>,
    /// Instances that the limit left out.
    pub(super) left_out: usize,
    pub(super) seconds: f64,
}

/// Something that went wrong.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    /// The component schema, or the keyword that is not enforced.
    pub(super) schema: String,
    /// The side of the exchange.
    pub(super) side: String,
    /// What the type did.
    pub(super) what: String,
    pub(super) instance: Value,
}

impl Row {
    pub(super) fn new(subject: &Subject) -> Self {
        Self { document: subject.found.shown.clone(), ..Self::default() }
    }

    /// A document that cannot be read: nothing is said about its types.
    pub(super) fn unusable(document: &find::Document, reason: &str) -> Self {
        Self { document: document.shown.clone(), reason: Some(reason.to_owned()), ..Self::default() }
    }

    /// A document whose package does not compile.
    pub(super) fn uncompiled(subject: &Subject, errors: &str) -> Self {
        let first = errors.lines().find(|line| line.starts_with("error")).unwrap_or("it does not compile");
        Self { failures: 1, reason: Some(first.to_owned()), ..Self::new(subject) }
    }

    /// A document that could not be tried to the end.
    pub(super) fn failed(subject: &Subject, reason: &str) -> Self {
        Self { failures: 1, reason: Some(reason.to_owned()), ..Self::new(subject) }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.failures += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    pub(super) fn is_good(&self) -> bool {
        self.failures == 0
    }
}

/// Prints a line per document, what went wrong, the loosenesses, and the totals.
pub(super) fn print(rows: &[Row], out: &mut Stream<'_>) {
    let head = out.paint(style::STRONG, "schemas   valid  invalid  taken  failures  seconds  document").to_string();
    out.line(head);
    for row in rows {
        let colour = if row.is_good() { style::GOOD } else { style::BAD };
        let failures = out.paint(colour, format_args!("{:>8}", row.failures)).to_string();
        let Row { schemas, valid, invalid, taken, seconds, document, .. } = row;
        out.line(format_args!("{schemas:>7}  {valid:>6}  {invalid:>7}  {taken:>5}  {failures}  {seconds:>7.1}  {}", printable(document)));
        if let Some(reason) = &row.reason {
            out.line(format_args!("         {}", printable(reason)));
        }
        for problem in row.problems.iter().take(MAX_PRINTED) {
            out.line(format_args!("         {} ({}) {}", printable(&problem.schema), problem.side, printable(&problem.what)));
            out.line(format_args!("           {}", printable(&short(&problem.instance))));
        }
        if row.problems.len() > MAX_PRINTED {
            out.line(format_args!("         ... and {} more", row.failures - MAX_PRINTED));
        }
    }
    print_loose(rows, out);
    print_unmade(rows, out);
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    out.line("");
    out.line(format_args!(
        "{}, {}; {} ({} given by documents, {} recorded), {}, of which {} were refused; {}",
        count(rows.iter().filter(|row| row.schemas > 0 || row.reason.is_none()).count(), "document"),
        count(sum(|row| row.schemas), "component schema"),
        count(sum(|row| row.valid + row.recorded), "valid instance"),
        sum(|row| row.examples),
        sum(|row| row.recorded),
        count(sum(|row| row.invalid), "invalid instance"),
        sum(|row| row.refused),
        count(sum(|row| row.failures), "failure"),
    ));
}

/// Sums of the counts by name.
fn totals(rows: &[Row], of: fn(&Row) -> &BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    for (name, number) in rows.iter().flat_map(of) {
        *sums.entry(name.clone()).or_default() += number;
    }
    let mut sums: Vec<(String, usize)> = sums.into_iter().collect();
    sums.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    sums
}

fn print_loose(rows: &[Row], out: &mut Stream<'_>) {
    let head = out.paint(style::STRONG, "\n  taken  looseness").to_string();
    out.line(head);
    for (name, number) in totals(rows, |row| &row.loose) {
        out.line(format_args!("{number:>7}  {name}: {}", looseness::reason(&name).unwrap_or_default()));
    }
}

fn print_unmade(rows: &[Row], out: &mut Stream<'_>) {
    let unmade = totals(rows, |row| &row.unmade);
    if unmade.is_empty() {
        return;
    }
    let head = out.paint(style::STRONG, "\n  times  not made").to_string();
    out.line(head);
    for (reason, number) in unmade {
        out.line(format_args!("{number:>7}  {}", printable(&reason)));
    }
    let empty: usize = rows.iter().map(|row| row.empty.len()).sum();
    out.line(format_args!("{empty:>7}  schemas without any instance"));
}

/// Writes the rows as JSON.
pub(super) fn write_json(rows: &[Row], path: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(rows).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
    write(path, &(text + "\n"))
}
