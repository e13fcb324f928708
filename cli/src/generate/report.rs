//! What `generate` says: diagnostics as lines and as JSON, and how much was made.

use serde::Serialize;
use wireproof_generator::Summary;
use wireproof_openapi::{Diagnostic, Severity};

use crate::error::Failure;
use crate::output::{Stream, count, printable, style};

/// The program in a report.
#[derive(Debug, Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub(super) const THIS: Self = Self { name: "wireproof", version: env!("CARGO_PKG_VERSION") };
}

/// `summary` of the JSON.
#[derive(Debug, Serialize)]
pub(super) struct SummaryJson {
    types: usize,
    operations: usize,
    gaps: usize,
}

impl From<Summary> for SummaryJson {
    fn from(summary: Summary) -> Self {
        Self { types: summary.types, operations: summary.operations, gaps: summary.gaps }
    }
}

/// An entry of `diagnostics` of the JSON.
#[derive(Debug, Serialize)]
pub(super) struct DiagnosticJson<'d> {
    severity: String,
    code: &'d str,
    message: &'d str,
    file: Option<&'d str>,
    line: Option<u32>,
    column: Option<u32>,
    pointer: &'d str,
    help: Option<&'d str>,
}

impl<'d> From<&'d Diagnostic> for DiagnosticJson<'d> {
    fn from(diagnostic: &'d Diagnostic) -> Self {
        let position = diagnostic.position.as_ref();
        Self {
            severity: diagnostic.severity.to_string(),
            code: diagnostic.code,
            message: &diagnostic.message,
            file: position.map(|position| position.file.as_str()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            pointer: diagnostic.pointer.as_str(),
            help: diagnostic.help.as_deref(),
        }
    }
}

/// The JSON form of `diagnostics`.
pub(super) fn as_json(diagnostics: &[Diagnostic]) -> Vec<DiagnosticJson<'_>> {
    diagnostics.iter().map(DiagnosticJson::from).collect()
}

/// Prints diagnostics, one line each and one more for the advice.
pub(crate) fn print_diagnostics(diagnostics: &[Diagnostic], err: &mut Stream<'_>) {
    for diagnostic in diagnostics {
        let colour = match diagnostic.severity {
            Severity::Note => style::FAINT,
            Severity::Warning => style::WARN,
            Severity::Error => style::BAD,
        };
        let text = diagnostic.to_string();
        let text = printable(&text);
        // The severity and code alone are coloured: `warning[CODE]`.
        let (head, rest) = text.split_once(": ").unwrap_or((&text, ""));
        let head = err.paint(colour, head);
        err.line(format_args!("{head}: {rest}"));
        if let Some(help) = &diagnostic.help {
            let help = err.paint(style::FAINT, format_args!("  help: {}", printable(help))).to_string();
            err.line(help);
        }
    }
}

/// `12 types, 1 operation, no gaps`.
pub(super) fn amount(summary: Summary) -> String {
    let gaps = if summary.gaps == 0 { "no gaps".to_owned() } else { count(summary.gaps, "gap") };
    format!("{}, {}, {gaps}", count(summary.types, "type"), count(summary.operations, "operation"))
}

/// Prints one JSON value on standard output.
pub(super) fn print_json(value: &impl Serialize, out: &mut Stream<'_>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
    out.line(text);
    Ok(())
}
