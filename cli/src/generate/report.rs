//! What `generate` says: diagnostics as lines and as JSON, and how much was made.

use serde::{Deserialize, Serialize};
use wireproof_generator::Summary;
use wireproof_openapi::Diagnostic;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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

/// A diagnostic as it is told: an entry of `diagnostics` of the JSON, and a line for people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Said {
    #[serde(flatten)]
    json: DiagnosticJson,
    /// `line` is taken by the number.
    text: String,
}

/// An entry of `diagnostics` of the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct DiagnosticJson {
    severity: String,
    code: String,
    message: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    pointer: String,
    help: Option<String>,
}

impl From<&Diagnostic> for DiagnosticJson {
    fn from(diagnostic: &Diagnostic) -> Self {
        let position = diagnostic.position.as_ref();
        Self {
            severity: diagnostic.severity.to_string(),
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            file: position.map(|position| position.file.clone()),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            pointer: diagnostic.pointer.as_str().to_owned(),
            help: diagnostic.help.clone(),
        }
    }
}

impl From<&Diagnostic> for Said {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self { json: diagnostic.into(), text: diagnostic.to_string() }
    }
}

impl Said {
    /// The form in a report.
    pub(super) fn json(&self) -> &DiagnosticJson {
        &self.json
    }

    /// Prints it, one line and one more for the advice.
    fn print(&self, err: &mut Stream<'_>) {
        let colour = match self.json.severity.as_str() {
            "note" => style::FAINT,
            "warning" => style::WARN,
            _ => style::BAD,
        };
        let text = printable(&self.text);
        // The severity and code alone are coloured: `warning[CODE]`.
        let (head, rest) = text.split_once(": ").unwrap_or((&text, ""));
        let head = err.paint(colour, head);
        err.line(format_args!("{head}: {rest}"));
        if let Some(help) = &self.json.help {
            let help = err.paint(style::FAINT, format_args!("  help: {}", printable(help))).to_string();
            err.line(help);
        }
    }
}

/// Prints diagnostics, one line each and one more for the advice.
pub(crate) fn print_diagnostics(diagnostics: &[Diagnostic], err: &mut Stream<'_>) {
    for diagnostic in diagnostics {
        Said::from(diagnostic).print(err);
    }
}

/// Prints what was said before.
pub(super) fn print_said(said: &[Said], err: &mut Stream<'_>) {
    for said in said {
        said.print(err);
    }
}

/// `12 types, 1 operation, no gaps`.
pub(super) fn amount(summary: SummaryJson) -> String {
    let gaps = if summary.gaps == 0 { "no gaps".to_owned() } else { count(summary.gaps, "gap") };
    format!("{}, {}, {gaps}", count(summary.types, "type"), count(summary.operations, "operation"))
}

/// Prints one JSON value on standard output.
pub(super) fn print_json(value: &impl Serialize, out: &mut Stream<'_>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(format!("cannot write the report: {error}")))?;
    out.line(text);
    Ok(())
}
