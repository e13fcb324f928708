//! The JSON report: one object, whose form scripts rely on.
//!
//! `summary` stands before `exchanges` wherever that costs little: exchanges are kept until the end of the run, up to a bound.
//! A run that exceeds it is written as it goes, and its `summary` follows; members of an object have no order that means anything.
//! Every exchange stands here with every place of every finding; `groups` sums them up, one entry for each cause.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::tail::{Counts, Tail};
use crate::event::{Event, Outcome};

/// How many bytes of exchanges are kept for the sake of the order.
const KEPT: usize = 8 << 20;

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
    tail: Tail,
}

impl<W: Write> Json<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, tool: Tool) -> Self {
        Self { out, tool, kept: Vec::new(), limit: KEPT, flowing: false, exchanges: 0, tail: Tail::new() }
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
        for (name, value) in self.tail.members(outcome) {
            member(&mut self.out, name, &value)?;
        }
        writeln!(self.out, "\n}}")?;
        self.out.flush()
    }
}

impl<W: Write> Report for Json<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.tail.take(event);
        match event {
            Event::Checked(checked) => self.exchange(checked),
            Event::Finished(outcome) => self.finish(outcome),
            _ => Ok(()),
        }
    }
}

/// A member of the object; a list has a line for each of its items.
fn member(out: &mut dyn Write, name: &str, value: &serde_json::Value) -> io::Result<()> {
    let Some(items) = value.as_array() else { return write!(out, ",\n  \"{name}\": {value}") };
    write!(out, ",\n  \"{name}\": [")?;
    for (index, item) in items.iter().enumerate() {
        write!(out, "{}\n    {item}", if index == 0 { "" } else { "," })?;
    }
    write!(out, "\n  ]")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::verdict::{Checked, Summary, Verdict};

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
