//! The report for pipes: a line of JSON per exchange as soon as it is checked, in the form of the JSON report's `exchanges`, and at the
//! end one line with the summary.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Report;
use super::json::Tool;
use super::tail::{Counts, Tail};
use crate::event::{Event, Outcome};

/// Writes a run as lines of JSON.
#[derive(Debug)]
pub struct Ndjson<W> {
    out: W,
    tool: Tool,
    tail: Tail,
}

impl<W: Write> Ndjson<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, tool: Tool) -> Self {
        Self { out, tool, tail: Tail::new() }
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let mut last: Map<String, Value> = Map::new();
        last.insert("tool".to_owned(), json!(self.tool));
        last.insert("summary".to_owned(), json!(Counts::of(&outcome.summary)));
        last.extend(self.tail.members(outcome).into_iter().map(|(name, value)| (name.to_owned(), value)));
        writeln!(self.out, "{}", Value::Object(last))?;
        self.out.flush()
    }
}

impl<W: Write> Report for Ndjson<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.tail.take(event);
        match event {
            Event::Checked(checked) => {
                serde_json::to_writer(&mut self.out, checked)?;
                self.out.write_all(b"\n")
            }
            Event::Finished(outcome) => self.finish(outcome),
            _ => Ok(()),
        }
    }
}
