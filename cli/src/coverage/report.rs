//! What `coverage` says: for people, as JSON, as Markdown.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use wireproof_contract::report::{markdown_code, markdown_text};
use wireproof_contract::{Coverage, FieldCoverage, NeverSeen, OperationCoverage};

use crate::error::Failure;
use crate::output::{Stream, count, printable, style};
use crate::reports::THIS;

/// How many operations, and how many schemas with fields never seen, are listed unless everything is wanted.
const SHOWN: usize = 30;

/// What was seen of one vendor.
pub(super) struct Vendor {
    /// Its name; `None` for a document of its own.
    pub(super) name: Option<String>,
    pub(super) document: String,
    pub(super) exchanges: usize,
    pub(super) coverage: Coverage,
    pub(super) fields: FieldCoverage,
}

impl Vendor {
    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.document)
    }

    /// `2 of 3 operations, 4 of 9 documented answers, 17 of 20 documented fields seen in 12 exchanges`.
    fn sentence(&self) -> String {
        let Self { coverage, fields, exchanges, .. } = self;
        format!(
            "{} of {}, {} of {}, {} of {} seen in {}",
            coverage.operations_seen(),
            count(coverage.operations().len(), "operation"),
            coverage.seen(),
            count(coverage.total(), "documented answer"),
            fields.seen(),
            count(fields.documented, "documented field"),
            count(*exchanges, "exchange"),
        )
    }

    /// Fields never seen, by the object that documents them; what stands below another of them goes without saying.
    fn by_object(&self) -> Vec<(String, Vec<&NeverSeen>)> {
        let never: HashSet<&str> = self.fields.never.iter().map(|field| field.schema.as_str()).collect();
        let implied = |field: &NeverSeen| {
            let mut above = field.schema.parent();
            std::iter::from_fn(|| {
                let here = above.take()?;
                above = here.parent();
                Some(here)
            })
            .any(|above| never.contains(above.as_str()))
        };
        let mut objects: Vec<(String, Vec<&NeverSeen>)> = Vec::new();
        for field in self.fields.never.iter().filter(|field| !implied(field)) {
            let object = field.schema.parent().and_then(|properties| properties.parent()).map(|object| object.to_string());
            let object = object.unwrap_or_default();
            match objects.last_mut().filter(|(last, _)| *last == object) {
                Some((_, fields)) => fields.push(field),
                None => objects.push((object, vec![field])),
            }
        }
        objects
    }
}

fn seen(operation: &OperationCoverage) -> bool {
    operation.undocumented > 0 || operation.documented.iter().any(|cell| cell.seen > 0)
}

/// The report for people; in colour where `out` would like it.
pub(super) fn pretty(vendors: &[Vendor], unmatched: usize, verbose: bool, out: Option<&Stream<'_>>) -> String {
    let paint = |ink: anstyle::Style, text: String| match out {
        Some(out) => out.paint(ink, text).to_string(),
        None => text,
    };
    let mut text = String::new();
    // Writing to a string cannot fail, here and below.
    for vendor in vendors {
        let _ = writeln!(text, "{}  {}", paint(style::STRONG, printable(vendor.name()).into_owned()), vendor.sentence());
        let shown = if verbose { usize::MAX } else { SHOWN };
        // What was seen comes first; the rest only counts where there is much of it.
        let (met, unmet): (Vec<_>, Vec<_>) = vendor.coverage.operations().iter().partition(|operation| seen(operation));
        for operation in met.iter().chain(&unmet).take(shown) {
            let mark = if seen(operation) { paint(style::GOOD, "✓".to_owned()) } else { paint(style::FAINT, "-".to_owned()) };
            let _ = writeln!(text, "  {mark} {}", printable(&operation.label));
            for cell in &operation.documented {
                let kind = cell.content_type.as_deref().map(|name| format!("  {}", printable(name))).unwrap_or_default();
                let times = if cell.seen > 0 { cell.seen.to_string() } else { paint(style::WARN, "never".to_owned()) };
                if seen(operation) || verbose {
                    let _ = writeln!(text, "      {:<8}{times}{kind}", cell.status.to_string());
                }
            }
            if operation.undocumented > 0 {
                let _ = writeln!(text, "      {:<8}{}", "other", paint(style::WARN, format!("{} undocumented", operation.undocumented)));
            }
        }
        let more = vendor.coverage.operations().len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(text, "  and {} (`--verbose` shows them)", count(more, "more operation"));
        }
        let objects = vendor.by_object();
        if !objects.is_empty() {
            let _ = writeln!(text, "  {}", paint(style::STRONG, "documented fields never seen".to_owned()));
        }
        for (object, fields) in objects.iter().take(shown) {
            let names: Vec<String> = fields.iter().map(|field| printable(&field.name).into_owned()).collect();
            let side = if fields.iter().all(|field| field.on == wireproof_contract::Side::Request) { " (request)" } else { "" };
            let place = fields.first().map(|field| field.position.to_string()).unwrap_or_default();
            let place = paint(style::FAINT, format!("{} {}", printable(&place), printable(object)));
            let _ = writeln!(text, "    {}{side}  {place}", names.join(", "));
        }
        let more = objects.len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(text, "    and those of {} (`--verbose` shows them)", count(more, "more schema"));
        }
        text.push('\n');
    }
    if unmatched > 0 {
        let verb = if unmatched == 1 { "belongs" } else { "belong" };
        let _ = writeln!(text, "{} {verb} to no operation", count(unmatched, "exchange"));
    }
    text
}

/// The report as one JSON object, everything in it.
pub(super) fn json(vendors: &[Vendor], unmatched: usize) -> Result<String, Failure> {
    let operation = |operation: &OperationCoverage| {
        let answer = |cell: &wireproof_contract::Cell| json!({"status": cell.status.to_string(), "content_type": cell.content_type, "seen": cell.seen});
        json!({
            "operation": operation.label,
            "seen": seen(operation),
            "undocumented": operation.undocumented,
            "answers": operation.documented.iter().map(answer).collect::<Vec<_>>(),
        })
    };
    let field = |field: &NeverSeen| {
        let place = &field.position;
        json!({
            "name": field.name, "schema": field.schema.as_str(), "on": field.on,
            "spec": {"file": place.file, "line": place.line, "column": place.column},
        })
    };
    let vendor = |vendor: &Vendor| {
        let Vendor { coverage, fields, .. } = vendor;
        json!({
            "vendor": vendor.name, "spec": vendor.document,
            "summary": {
                "exchanges": vendor.exchanges, "operations": coverage.operations().len(), "operations_seen": coverage.operations_seen(),
                "answers": coverage.total(), "answers_seen": coverage.seen(), "fields": fields.documented, "fields_seen": fields.seen(),
            },
            "operations": coverage.operations().iter().map(operation).collect::<Vec<_>>(),
            "fields_never_seen": fields.never.iter().map(field).collect::<Vec<_>>(),
        })
    };
    let report: Value = json!({"tool": THIS, "unmatched": unmatched, "vendors": vendors.iter().map(vendor).collect::<Vec<_>>()});
    serde_json::to_string_pretty(&report)
        .map(|text| format!("{text}\n"))
        .map_err(|error| Failure::new(format!("cannot write the report: {error}")))
}

/// The report as Markdown.
pub(super) fn markdown(vendors: &[Vendor], unmatched: usize, verbose: bool) -> String {
    let shown = if verbose { usize::MAX } else { SHOWN };
    let mut text = "# Coverage\n\n".to_owned();
    for vendor in vendors {
        let _ = writeln!(text, "## {}\n\n{}.\n", markdown_code(vendor.name()), vendor.sentence());
        text.push_str("| operation | answer | content type | exchanges |\n| --- | --- | --- | ---: |\n");
        let (met, unmet): (Vec<_>, Vec<_>) = vendor.coverage.operations().iter().partition(|operation| seen(operation));
        for operation in met.iter().chain(&unmet).take(shown) {
            let label = markdown_code(&operation.label);
            for cell in &operation.documented {
                let kind = cell.content_type.as_deref().map(markdown_code).unwrap_or_default();
                let times = if cell.seen > 0 { cell.seen.to_string() } else { "**never**".to_owned() };
                let _ = writeln!(text, "| {label} | {} | {kind} | {times} |", cell.status);
            }
            if operation.undocumented > 0 || operation.documented.is_empty() {
                let _ = writeln!(text, "| {label} | undocumented |  | {} |", operation.undocumented);
            }
        }
        text.push('\n');
        let more = vendor.coverage.operations().len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(text, "And {}.\n", count(more, "more operation"));
        }
        let objects = vendor.by_object();
        if !objects.is_empty() {
            text.push_str("Documented fields never seen:\n\n");
        }
        for (object, fields) in objects.iter().take(shown) {
            let names: Vec<String> = fields.iter().map(|field| markdown_code(&field.name)).collect();
            let _ = writeln!(text, "- {} of {}", names.join(", "), markdown_code(object));
        }
        let more = objects.len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(text, "- those of {}", count(more, "more schema"));
        }
        text.push('\n');
    }
    if unmatched > 0 {
        let _ = writeln!(text, "{}", markdown_text(&format!("{} of no operation.", count(unmatched, "exchange"))));
    }
    format!("{}\n", text.trim_end())
}
