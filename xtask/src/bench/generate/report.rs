//! The figures: of one program on one document, and all of them as a table and as JSON.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use wireproof::{Failure, NewFile, Stream, printable, style};

use crate::measured::Measured;

/// One document.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) document: String,
    pub(super) bytes: u64,
    /// Ours first.
    pub(super) subjects: Vec<Subject>,
}

/// One program on one document.
#[derive(Debug, Serialize)]
pub(super) struct Subject {
    pub(super) program: String,
    pub(super) generate: Figures,
    /// `cargo check` of the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) check: Option<Figures>,
}

/// What some runs took.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) runs: usize,
    /// CPU seconds of the run that took least.
    pub(super) cpu_min: Option<f64>,
    /// CPU seconds of the run in the middle.
    pub(super) cpu_median: Option<f64>,
    /// Seconds from start to end, of the run that took least.
    pub(super) seconds_min: Option<f64>,
    /// The most memory that a run held, in bytes.
    pub(super) memory_peak: Option<u64>,
    /// Why there are no figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failed: Option<String>,
}

impl Figures {
    /// The figures of runs, or why the last of them failed, of which `said` holds what it printed.
    pub(super) fn of(runs: &[Measured], said: &Path) -> Self {
        let failed = runs.last().filter(|last| last.timeout || last.code != Some(0)).map(|last| {
            let text = fs::read(said).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with("error")).or_else(|| text.lines().next_back());
            match (last.timeout, last.code) {
                (true, _) => "it takes too long".to_owned(),
                (_, Some(code)) => format!("exit code {code}: {}", line.unwrap_or_default()),
                (_, None) => "a signal ended it".to_owned(),
            }
        });
        let least = |values: Vec<f64>| values.into_iter().min_by(f64::total_cmp);
        let mut cpu: Vec<f64> = if failed.is_some() { Vec::new() } else { runs.iter().filter_map(|run| run.cpu).collect() };
        cpu.sort_by(f64::total_cmp);
        Self {
            runs: runs.len(),
            cpu_min: cpu.first().copied(),
            cpu_median: cpu.get(cpu.len() / 2).copied(),
            seconds_min: if failed.is_some() { None } else { least(runs.iter().map(|run| run.seconds).collect()) },
            memory_peak: if failed.is_some() { None } else { runs.iter().filter_map(|run| run.memory).max() },
            failed,
        }
    }
}

impl Subject {
    /// Whether anything that was asked of it did not succeed.
    pub(super) fn failed(&self) -> bool {
        self.generate.failed.is_some() || self.check.as_ref().is_some_and(|check| check.failed.is_some())
    }
}

/// Prints a line per document and program; the ratios are a peer's figures over ours.
pub(super) fn print(rows: &[Row], out: &mut Stream<'_>) {
    for row in rows {
        let head = format!("{} ({:.1} MB)", printable(&row.document), megabytes(row.bytes));
        let head = out.paint(style::STRONG, head).to_string();
        out.line(head);
        let wide = row.subjects.iter().map(|subject| subject.program.chars().count() + 6).max().unwrap_or_default().max(16);
        out.line(format_args!("  {:<wide$}  CPU s min  median  wall s  peak MB  CPU/ours  memory/ours", ""));
        let ours = row.subjects.first();
        for subject in &row.subjects {
            let program = printable(&subject.program);
            line(&program, &subject.generate, ours.map(|ours| &ours.generate), wide, out);
            if let Some(check) = &subject.check {
                line(&format!("{program} check"), check, None, wide, out);
            }
        }
    }
}

fn line(name: &str, figures: &Figures, ours: Option<&Figures>, wide: usize, out: &mut Stream<'_>) {
    if let Some(failed) = &figures.failed {
        let failed = out.paint(style::BAD, printable(failed)).to_string();
        out.line(format_args!("  {name:<wide$}  {failed}"));
        return;
    }
    let number = |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"));
    let ratio = |value: Option<f64>, ours: Option<f64>| {
        number(value.zip(ours).filter(|(_, ours)| *ours > 0.0).map(|(value, ours)| value / ours), 2)
    };
    out.line(format_args!(
        "  {name:<wide$}  {:>9}  {:>6}  {:>6}  {:>7}  {:>8}  {:>11}",
        number(figures.cpu_min, 2),
        number(figures.cpu_median, 2),
        number(figures.seconds_min, 2),
        number(figures.memory_peak.map(megabytes), 0),
        ratio(figures.cpu_min, ours.and_then(|ours| ours.cpu_min)),
        ratio(figures.memory_peak.map(megabytes), ours.and_then(|ours| ours.memory_peak).map(megabytes)),
    ));
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}

/// Writes the figures as JSON.
pub(super) fn write(rows: &[Row], path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let report = serde_json::json!({"documents": rows});
    let text = serde_json::to_vec_pretty(&report).map_err(|error| Failure::new(format!("cannot write the figures: {error}")))?;
    let mut file = NewFile::begin(path, &shown)?;
    file.write_all(&text).and_then(|()| file.write_all(b"\n")).map_err(|error| Failure::io("write", &shown, &error))?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(cpu: f64, code: i32) -> Measured {
        Measured { seconds: cpu * 2.0, cpu: Some(cpu), memory: Some(1_000_000), timeout: false, code: Some(code) }
    }

    #[test]
    fn the_least_disturbed_run_counts_and_a_failure_has_no_figures() {
        let figures = Figures::of(&[took(3.0, 0), took(1.0, 0), took(2.0, 0)], Path::new(""));
        assert_eq!((figures.cpu_min, figures.cpu_median, figures.seconds_min), (Some(1.0), Some(2.0), Some(2.0)));
        let failed = Figures::of(&[took(1.0, 0), took(1.0, 2)], Path::new(""));
        assert_eq!((failed.cpu_min, failed.failed.as_deref()), (None, Some("exit code 2: ")));
    }

    #[test]
    fn ratios_are_those_of_a_peer_over_ours() {
        let subject = |program: &str, cpu| Subject {
            program: program.to_owned(),
            generate: Figures::of(&[took(cpu, 0)], Path::new("")),
            check: None,
        };
        let row = Row { document: "x".to_owned(), bytes: 1, subjects: vec![subject("ours", 0.5), subject("theirs", 2.0)] };
        let mut printed = Vec::new();
        print(&[row], &mut Stream::plain(&mut printed));
        let printed = String::from_utf8(printed).expect("text");
        assert!(printed.lines().any(|line| line.contains("theirs") && line.contains("4.00")), "{printed}");
    }
}
