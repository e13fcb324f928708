//! The JSON report: one object, whose form scripts rely on.
//!
//! `summary` stands before `exchanges` wherever that costs little: exchanges are kept until the end of the run, up to a bound.
//! A run that exceeds it is written as it goes, and its `summary` follows; members of an object have no order that means anything.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::Report;
use crate::event::{Event, Outcome};
use crate::verdict::Summary;

/// How many bytes of exchanges are kept for the sake of the order.
const KEPT: usize = 8 << 20;

/// How many unusable entries are listed.
const LISTED: usize = 10_000;

/// The program that makes the report.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Writes a run as one JSON object.
#[derive(Debug)]
pub struct Json<W> {
    out: W,
    tool: Tool,
    kept: Vec<u8>,
    limit: usize,
    /// Whether the head and what was kept are written already.
    flowing: bool,
    exchanges: usize,
    notes: Vec<serde_json::Value>,
    unusable: Vec<serde_json::Value>,
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, tool: Tool) -> Self {
        Self { out, tool, kept: Vec::new(), limit: KEPT, flowing: false, exchanges: 0, notes: Vec::new(), unusable: Vec::new() }
    }

    fn exchange(&mut self, checked: &crate::verdict::Checked) -> io::Result<()> {
        let separator: &[u8] = if self.exchanges == 0 { b"\n    " } else { b",\n    " };
        self.exchanges += 1;
        self.kept.extend_from_slice(separator);
        serde_json::to_writer(&mut self.kept, checked)?;
        if self.flowing || self.kept.len() > self.limit {
            if !self.flowing {
                self.flowing = true;
                self.head()?;
                write!(self.out, "  \"exchanges\": [")?;
            }
            self.out.write_all(&self.kept)?;
            self.kept.clear();
        }
        Ok(())
    }

    fn head(&mut self) -> io::Result<()> {
        writeln!(self.out, "{{\n  \"tool\": {},", serde_json::to_string(&self.tool)?)
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let summary = serde_json::to_string(&Counts::of(&outcome.summary))?;
        if self.flowing {
            write!(self.out, "\n  ],\n  \"summary\": {summary}")?;
        } else {
            self.head()?;
            write!(self.out, "  \"summary\": {summary},\n  \"exchanges\": [")?;
            self.out.write_all(&self.kept)?;
            write!(self.out, "{}", if self.exchanges == 0 { "]" } else { "\n  ]" })?;
        }
        list(&mut self.out, "unusable", &self.unusable)?;
        list(&mut self.out, "notes", &self.notes)?;
        let problems: Vec<_> = outcome
            .vendors
            .iter()
            .flat_map(|vendor| vendor.drift.iter().map(move |problem| (vendor, problem)))
            .map(|(vendor, problem)| {
                json!({
                    "vendor": vendor.vendor.as_deref(), "rule": problem.rule, "operation": problem.operation, "reason": problem.reason,
                    "expires": problem.expires.to_string(), "kind": problem.kind.name(),
                    "at": {"file": problem.position.file, "line": problem.position.line, "column": problem.position.column},
                })
            })
            .collect();
        list(&mut self.out, "drift", &problems)?;
        writeln!(self.out, "\n}}")?;
        self.out.flush()
    }
}

impl<W: Write> Report for Json<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Checked(checked) => self.exchange(checked)?,
            // The summary counts them all.
            Event::Unusable { recording, entry, reason } if self.unusable.len() < LISTED => {
                self.unusable.push(json!({"recording": &**recording, "entry": entry, "reason": reason}));
            }
            Event::Note { recording, message } => self.notes.push(json!({"recording": &**recording, "message": message})),
            Event::Finished(outcome) => self.finish(outcome)?,
            Event::RecordingStarted { .. } | Event::RecordingFinished { .. } | Event::Unusable { .. } => {}
        }
        Ok(())
    }
}

/// A list of the object, left out where it is empty.
fn list(out: &mut dyn Write, name: &str, items: &[serde_json::Value]) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    write!(out, ",\n  \"{name}\": [")?;
    for (index, item) in items.iter().enumerate() {
        write!(out, "{}\n    {item}", if index == 0 { "" } else { "," })?;
    }
    write!(out, "\n  ]")
}

/// The summary in the form that scripts rely on: what is nought and not promised is left out.
#[derive(Serialize)]
struct Counts {
    exchanges: usize,
    conforms: usize,
    drift: usize,
    violation: usize,
    unmatched: usize,
    #[serde(skip_serializing_if = "is_zero")]
    known: usize,
    #[serde(skip_serializing_if = "is_zero")]
    unusable: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Counts {
    fn of(summary: &Summary) -> Self {
        let Summary { exchanges, conforms, drift, violation, unmatched, known, unusable } = *summary;
        Self { exchanges, conforms, drift, violation, unmatched, known, unusable }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::verdict::{Checked, Verdict};

    fn checked(entry: usize) -> Event {
        Event::Checked(Box::new(Checked {
            recording: Arc::from("a.har"),
            entry,
            vendor: None,
            contract: None,
            operation: None,
            operation_index: None,
            method: "GET".to_owned(),
            url: "https://h/".to_owned(),
            status: 200,
            documented_status: None,
            documented_content_type: None,
            verdict: Verdict::Unmatched,
            findings: Vec::new(),
        }))
    }

    fn report(limit: usize) -> String {
        let mut out = Vec::new();
        let mut report = Json { limit, ..Json::new(&mut out, Tool { name: "wireproof", version: "0" }) };
        for entry in 0..3 {
            report.event(&checked(entry)).expect("written");
        }
        let summary = Summary { exchanges: 3, unmatched: 3, ..Summary::default() };
        report.event(&Event::Finished(Arc::new(Outcome { summary, vendors: Vec::new() }))).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_long_run_is_written_as_it_goes_and_says_the_same() {
        let (kept, flowing) = (report(KEPT), report(300));
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("json");
        assert_eq!(parse(&kept), parse(&flowing));
        assert!(kept.find("\"summary\"") < kept.find("\"entry\""));
        assert!(flowing.find("\"summary\"") > flowing.find("\"entry\""));
    }
}
