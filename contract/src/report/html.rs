//! The report for browsers: one page that needs nothing else, neither a network nor a server. Its markup, looks and behaviour are the
//! files under `html/`; what is made here is the data.
//!
//! The data stands in the page as JSON in which no `<` is left, so that no text in it can end the element, and the script hands it to
//! the page as text only.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::Report;
use super::groups::{Group, Groups, Snippet};
use super::json::Tool;
use crate::coverage::OperationCoverage;
use crate::event::{Event, Outcome, VendorOutcome};
use crate::proof::Proof;
use crate::schema::shorten;
use crate::verdict::{Checked, Verdict};

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// How many places of a finding are listed.
const PLACES: usize = 25;

/// How many characters of a sentence are kept.
const MESSAGE: usize = 2_000;

/// How many notes, and how many unusable entries, are listed.
const NOTES: usize = 200;

/// A vendor and the label of one of its operations.
type OperationName = (Option<Arc<str>>, String);

/// Writes a run as one HTML page.
#[derive(Debug)]
pub struct Html<W> {
    out: W,
    tool: Tool,
    groups: Groups,
    /// The exchanges of each operation and the worst of their verdicts.
    operations: HashMap<OperationName, (usize, Verdict)>,
    notes: Vec<Value>,
    unusable: Vec<Value>,
    unreadable: Vec<Value>,
    proofs: Vec<Arc<Proof>>,
}

impl<W: Write> Html<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, tool: Tool) -> Self {
        Self {
            out,
            tool,
            groups: Groups::new(PLACES, true),
            operations: HashMap::new(),
            notes: Vec::new(),
            unusable: Vec::new(),
            unreadable: Vec::new(),
            proofs: Vec::new(),
        }
    }

    fn count(&mut self, checked: &Checked) {
        let Some(operation) = &checked.operation else { return };
        let counted = self.operations.entry((checked.vendor.clone(), operation.clone())).or_insert((0, Verdict::Conforms));
        counted.0 += 1;
        counted.1 = counted.1.max(checked.verdict);
    }

    fn data(&self, outcome: &Outcome) -> Value {
        let groups = self.groups.sorted();
        let rules: BTreeMap<&str, &str> = groups.iter().map(|group| (group.rule.name(), group.rule.summary())).collect();
        let holds = outcome.holds() && self.unreadable.is_empty() && self.proofs.iter().all(|proof| proof.holds());
        json!({
            "tool": self.tool,
            "holds": holds,
            "summary": outcome.summary,
            "vendors": outcome.vendors.iter().map(|vendor| self.vendor(vendor)).collect::<Vec<_>>(),
            "proofs": self.proofs.iter().map(|proof| proof_data(proof)).collect::<Vec<_>>(),
            "groups": groups.into_iter().map(group_data).collect::<Vec<_>>(),
            "beyond": self.groups.beyond(),
            "rules": rules,
            "notes": self.notes,
            "unusable": self.unusable,
            "unreadable": self.unreadable,
        })
    }

    fn vendor(&self, vendor: &VendorOutcome) -> Value {
        let title = self.proofs.iter().find(|proof| proof.vendor.is_some() && proof.vendor == vendor.vendor);
        // A proof says what is wrong with known drift in a part of its own.
        let drift: Vec<String> = if title.is_some() { Vec::new() } else { vendor.drift.iter().map(ToString::to_string).collect() };
        json!({
            "name": vendor.vendor.as_deref(),
            "title": title.and_then(|proof| proof.title.as_deref()),
            "summary": vendor.summary,
            "answers": {"seen": vendor.coverage.seen(), "total": vendor.coverage.total()},
            "drift": drift,
            "operations": vendor.coverage.operations().iter().map(|operation| self.operation(vendor, operation)).collect::<Vec<_>>(),
        })
    }

    fn operation(&self, vendor: &VendorOutcome, operation: &OperationCoverage) -> Value {
        let counted = self.operations.get(&(vendor.vendor.clone(), operation.label.clone()));
        let cells: Vec<Value> = operation
            .documented
            .iter()
            .map(|cell| json!({"status": cell.status.to_string(), "type": cell.content_type, "seen": cell.seen}))
            .collect();
        json!({
            "label": operation.label,
            "exchanges": counted.map_or(0, |(count, _)| *count),
            "verdict": counted.map_or("unseen", |(_, verdict)| verdict.name()),
            "cells": cells,
            "undocumented": operation.undocumented,
        })
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let data = embedded(&self.data(outcome).to_string());
        let mut rest = PAGE;
        for (name, text) in [("{{style}}", STYLE), ("{{data}}", data.as_str()), ("{{script}}", SCRIPT)] {
            // The page has the three places in this order; what stands in one is never searched for the next.
            let Some((before, after)) = rest.split_once(name) else { continue };
            self.out.write_all(before.as_bytes())?;
            self.out.write_all(text.trim_end().as_bytes())?;
            rest = after;
        }
        self.out.write_all(rest.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Report for Html<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Checked(checked) => {
                self.count(checked);
                self.groups.take(checked);
            }
            Event::Unusable { recording, entry, reason } if self.unusable.len() < NOTES => {
                self.unusable.push(json!({"recording": &**recording, "entry": entry, "reason": shorten(reason, MESSAGE)}));
            }
            Event::Note { recording, message } if self.notes.len() < NOTES => {
                self.notes.push(json!({"recording": &**recording, "message": shorten(message, MESSAGE)}));
            }
            Event::Unreadable { recording, reason } => {
                self.unreadable.push(json!({"recording": &**recording, "reason": shorten(reason, MESSAGE)}));
            }
            Event::Proved(proof) => self.proofs.push(Arc::clone(proof)),
            Event::Finished(outcome) => return self.finish(outcome),
            // The totals count what is not listed.
            Event::RecordingStarted { .. } | Event::RecordingFinished { .. } | Event::Unusable { .. } | Event::Note { .. } => {}
        }
        Ok(())
    }
}

fn proof_data(proof: &Proof) -> Value {
    json!({"vendor": proof.vendor.as_deref(), "title": proof.title, "parts": proof.parts})
}

fn group_data(group: &Group) -> Value {
    let examples: Vec<Value> = group
        .examples
        .iter()
        .map(|example| {
            json!({
                "recording": &*example.recording, "entry": example.entry, "method": example.method, "url": shorten(&example.url, MESSAGE),
                "status": example.status, "instance": example.instance.as_str(),
            })
        })
        .collect();
    json!({
        "kind": group.kind(), "rule": group.rule, "severity": group.severity, "on": group.on, "vendor": group.vendor.as_deref(),
        "subject": group.subject, "message": shorten(&group.message, MESSAGE),
        "types": group.types.as_ref().map(|types| shorten(types, MESSAGE)), "schema": group.schema.as_str(),
        "spec": group.spec.as_ref().map(ToString::to_string), "exchanges": group.exchanges, "places": group.places,
        "statuses": group.statuses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "snippets": group.snippets.iter().map(snippet_data).collect::<Vec<_>>(), "examples": examples,
    })
}

fn snippet_data(snippet: &Snippet) -> Value {
    json!({
        "name": snippet.name, "first": snippet.first, "lines": snippet.lines, "line": snippet.line,
        "start": snippet.start, "end": snippet.end, "label": snippet.label,
    })
}

/// JSON in which no character is left that means something to HTML or ends a line of a script; inside of strings only, where such
/// characters can stand, an escape says the same.
fn embedded(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_element_that_holds_the_data() {
        let hostile = json!({"a": "</script><script>alert(1)</script><!-- &amp; \u{2028}"});
        let text = embedded(&hostile.to_string());
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON still"), hostile);
    }

    #[test]
    fn the_page_has_a_place_for_each_of_its_parts() {
        let at = |name: &str| PAGE.find(name).expect(name);
        assert!(at("{{style}}") < at("{{data}}") && at("{{data}}") < at("{{script}}"));
        for name in ["http://", "https://", "innerHTML", "insertAdjacentHTML", "document.write", "eval(", "url("] {
            assert!(!PAGE.contains(name) && !STYLE.contains(name) && !SCRIPT.contains(name), "{name} has no place in the page");
        }
    }
}
