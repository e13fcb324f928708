//! What `lint` says: for people, as JSON, as SARIF, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use wireproof_contract::report::{markdown_code, markdown_text};
use wireproof_documents::lint::{Finding, Rule, Severity};

use super::uri;
use crate::error::Failure;
use crate::output::{Stream, count, printable, style};
use crate::reports::THIS;

/// How many findings of one rule are listed unless everything is wanted.
const SHOWN: usize = 10;

/// What was found in one document.
pub(super) struct Linted {
    /// The vendor; `None` for a document of its own.
    pub(super) vendor: Option<String>,
    pub(super) spec: String,
    /// How many remarks reading it gave, which `generate` prints.
    pub(super) remarks: usize,
    pub(super) findings: Vec<Finding>,
}

impl Linted {
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity() == severity).count()
    }

    fn name(&self) -> &str {
        self.vendor.as_deref().unwrap_or(&self.spec)
    }

    /// `2 errors, 1 warning`.
    fn sentence(&self) -> String {
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        if self.findings.is_empty() {
            return "nothing weakens it".to_owned();
        }
        format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
    }

    /// The findings to list, in the order of the text, and how many are left out by rule.
    fn shown(&self, verbose: bool) -> (Vec<&Finding>, BTreeMap<Rule, usize>) {
        let mut met: BTreeMap<Rule, usize> = BTreeMap::new();
        let mut left_out: BTreeMap<Rule, usize> = BTreeMap::new();
        let mut shown = Vec::new();
        for finding in &self.findings {
            let met = met.entry(finding.rule).or_default();
            *met += 1;
            if *met <= SHOWN || verbose {
                shown.push(finding);
            } else {
                *left_out.entry(finding.rule).or_default() += 1;
            }
        }
        // One more line tells as much as the line that would stand for it.
        (shown, left_out)
    }
}

/// The report for people; in colour where `out` would like it.
pub(super) fn pretty(linted: &[Linted], verbose: bool, out: Option<&Stream<'_>>) -> String {
    let paint = |ink: anstyle::Style, text: &str| match out {
        Some(out) => out.paint(ink, text).to_string(),
        None => text.to_owned(),
    };
    let mut text = String::new();
    // Writing to a string cannot fail, here and below.
    for document in linted {
        let _ = writeln!(text, "{}  {}", paint(style::STRONG, &printable(document.name())), document.sentence());
        let (shown, left_out) = document.shown(verbose);
        for finding in shown {
            let ink = if finding.severity() == Severity::Error { style::BAD } else { style::WARN };
            let head = paint(ink, &format!("{}[{}]", finding.severity().name(), finding.rule));
            let pointer = if finding.pointer.as_str().is_empty() { "/" } else { finding.pointer.as_str() };
            let place = paint(style::FAINT, &printable(&format!("{} ({pointer})", finding.position)));
            let _ = writeln!(text, "  {head}: {}\n    {place}", printable(&finding.message));
        }
        for (rule, more) in left_out {
            let _ = writeln!(text, "  and {more} more of `{rule}` (`--verbose` shows them)");
        }
        if document.remarks > 0 && document.vendor.is_none() {
            let remarks = format!("reading it gave {}, which `generate` prints", count(document.remarks, "remark"));
            let _ = writeln!(text, "  {}", paint(style::FAINT, &remarks));
        }
        text.push('\n');
    }
    text
}

/// The report as one JSON object, everything in it.
pub(super) fn json(linted: &[Linted]) -> Result<String, Failure> {
    let total = |severity| linted.iter().map(|document| document.count(severity)).sum::<usize>();
    let finding = |document: &Linted, finding: &Finding| {
        let place = &finding.position;
        json!({
            "vendor": document.vendor, "rule": finding.rule.name(), "severity": finding.severity().name(), "message": finding.message,
            "pointer": finding.pointer.as_str(), "file": place.file, "line": place.line, "column": place.column,
        })
    };
    let findings: Vec<Value> = linted.iter().flat_map(|document| document.findings.iter().map(|found| finding(document, found))).collect();
    let report = json!({
        "tool": THIS,
        "summary": {"documents": linted.len(), "errors": total(Severity::Error), "warnings": total(Severity::Warning)},
        "findings": findings,
    });
    printed(&report)
}

/// The report as SARIF 2.1.0.
pub(super) fn sarif(linted: &[Linted]) -> Result<String, Failure> {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.name(), "shortDescription": {"text": rule.summary()}, "help": {"text": rule.page(), "markdown": rule.page()},
            "defaultConfiguration": {"level": rule.severity().name()},
        })
    };
    let result = |finding: &Finding| {
        let place = &finding.position;
        let index = Rule::ALL.iter().position(|rule| *rule == finding.rule).unwrap_or_default();
        json!({
            "ruleId": finding.rule.name(), "ruleIndex": index, "level": finding.severity().name(), "message": {"text": finding.message},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(&place.file)},
                    "region": {"startLine": place.line, "startColumn": place.column},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.pointer.as_str()}],
            }],
        })
    };
    let results: Vec<Value> = linted.iter().flat_map(|document| &document.findings).map(result).collect();
    printed(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": THIS.name, "version": THIS.version, "rules": Rule::ALL.iter().map(rule).collect::<Vec<_>>()}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

/// The report as Markdown.
pub(super) fn markdown(linted: &[Linted], verbose: bool) -> String {
    let mut text = "# Lint\n\n".to_owned();
    for document in linted {
        let _ = writeln!(text, "## {}\n\n{}.\n", markdown_code(document.name()), document.sentence());
        let (shown, left_out) = document.shown(verbose);
        if !shown.is_empty() {
            text.push_str("| | rule | what | where |\n| --- | --- | --- | --- |\n");
        }
        for finding in shown {
            let severity = finding.severity().name();
            let (message, place) = (markdown_text(&finding.message), markdown_code(&finding.position.to_string()));
            let _ = writeln!(text, "| {severity} | `{}` | {message} | {place} |", finding.rule);
        }
        for (rule, more) in &left_out {
            let _ = writeln!(text, "| | `{rule}` | and {more} more | |");
        }
        text.push('\n');
    }
    format!("{}\n", text.trim_end())
}

fn printed(report: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(report)
        .map(|text| format!("{text}\n"))
        .map_err(|error| Failure::new(format!("cannot write the report: {error}")))
}
