//! The report for CI summaries and pull requests: a table of vendors, then the findings, each cause once.
//!
//! All text from documents and exchanges is written so that it stays text: nothing in it can end a cell, make a link or an image, or
//! become HTML.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::Report;
use super::groups::{Group, Groups};
use crate::event::{Event, Outcome};
use crate::proof::{Proof, State};
use crate::schema::shorten;
use crate::verdict::Summary;

/// How many findings are listed: summaries of CI servers have a limit of size, and readers one of patience.
const LISTED: usize = 100;

/// How many characters of a sentence are written.
const MESSAGE: usize = 400;

/// How many notes are listed.
const NOTES: usize = 50;

/// Writes a run as Markdown.
#[derive(Debug)]
pub struct Markdown<W> {
    out: W,
    groups: Groups,
    notes: Vec<String>,
    unreadable: bool,
    proofs: Vec<Arc<Proof>>,
}

impl<W: Write> Markdown<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Self { out, groups: Groups::new(3, false), notes: Vec::new(), unreadable: false, proofs: Vec::new() }
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < NOTES {
            self.notes.push(note);
        }
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let holds = outcome.holds() && !self.unreadable && self.proofs.iter().all(|proof| proof.holds());
        let mut text = String::new();
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "# {}\n", if holds { "✅ The contract holds" } else { "❌ The contract does not hold" });
        vendors(&mut text, outcome);
        proofs(&mut text, &self.proofs);
        self.findings(&mut text);
        let problems: Vec<_> = outcome.vendors.iter().flat_map(|vendor| &vendor.drift).collect();
        if !problems.is_empty() {
            text.push_str("## Known drift out of date\n\n");
            for problem in problems {
                let _ = writeln!(text, "- {}", plain(&shorten(&problem.to_string(), MESSAGE)));
            }
            text.push('\n');
        }
        if !self.notes.is_empty() {
            text.push_str("## Notes\n\n");
            for note in &self.notes {
                let _ = writeln!(text, "- {note}");
            }
            text.push('\n');
        }
        self.out.write_all(text.trim_end().as_bytes())?;
        writeln!(self.out)?;
        self.out.flush()
    }

    fn findings(&self, text: &mut String) {
        let groups = self.groups.sorted();
        if groups.is_empty() {
            return;
        }
        text.push_str("## Findings\n\n|  | rule | where | what | document | exchanges |\n| --- | --- | --- | --- | --- | ---: |\n");
        for group in groups.iter().take(LISTED) {
            row(text, group);
        }
        text.push('\n');
        let more = groups.len().saturating_sub(LISTED) + self.groups.beyond();
        if more > 0 {
            let _ = writeln!(text, "And {more} more, each in the JSON report.\n");
        }
    }
}

impl<W: Write> Report for Markdown<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Checked(checked) => self.groups.take(checked),
            Event::Unusable { recording, entry, reason } => {
                let note = format!("{} entry {entry} cannot be used: {}", code(recording), plain(&shorten(reason, MESSAGE)));
                self.note(note);
            }
            Event::Unreadable { recording, reason } => {
                self.unreadable = true;
                // This one is never left out: it is why the run failed.
                self.notes.insert(0, format!("**{} cannot be read**: {}", code(recording), plain(&shorten(reason, MESSAGE))));
            }
            Event::Note { recording, message } => self.note(format!("{}: {}", code(recording), plain(&shorten(message, MESSAGE)))),
            Event::Proved(proof) => self.proofs.push(Arc::clone(proof)),
            Event::Finished(outcome) => return self.finish(outcome),
            Event::RecordingStarted { .. } | Event::RecordingFinished { .. } => {}
        }
        Ok(())
    }
}

/// A row for each vendor and, where there is more than one, for all of them.
fn vendors(text: &mut String, outcome: &Outcome) {
    text.push_str("| vendor | exchanges | conform | drift | violate | unmatched | known drift | answers seen |\n");
    text.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    let mut line = |name: &str, summary: &Summary, seen: String| {
        let Summary { exchanges, conforms, drift, violation, unmatched, known, .. } = summary;
        let _ = writeln!(text, "| {name} | {exchanges} | {conforms} | {drift} | {violation} | {unmatched} | {known} | {seen} |");
    };
    for vendor in &outcome.vendors {
        let name = vendor.vendor.as_deref().map_or_else(|| "the document".to_owned(), code);
        line(&name, &vendor.summary, format!("{} of {}", vendor.coverage.seen(), vendor.coverage.total()));
    }
    // Exchanges that belong to no vendor stand in the sum only.
    let of_vendors: usize = outcome.vendors.iter().map(|vendor| vendor.summary.exchanges).sum();
    if outcome.vendors.len() != 1 || of_vendors != outcome.summary.exchanges {
        line("**all**", &outcome.summary, String::new());
    }
    text.push('\n');
}

/// What does not hold of the proofs beside exchanges.
fn proofs(text: &mut String, proofs: &[Arc<Proof>]) {
    let broken = proofs.iter().flat_map(|proof| proof.parts.iter().map(move |part| (proof, part)));
    let broken: Vec<_> = broken.filter(|(_, part)| part.state >= State::Broken).collect();
    if broken.is_empty() {
        return;
    }
    text.push_str("## Proofs that fail\n\n");
    for (proof, part) in broken {
        let vendor = proof.vendor.as_deref().map_or_else(|| "the generated package".to_owned(), code);
        let _ = writeln!(text, "- {vendor} {}: {}", part.topic, plain(&shorten(&part.text, MESSAGE)));
        for detail in part.details.iter().take(10) {
            let _ = writeln!(text, "  - {}", plain(&shorten(detail, MESSAGE)));
        }
    }
    text.push('\n');
}

fn row(text: &mut String, group: &Group) {
    let mark = match group.kind() {
        "violation" => "❌ violation",
        "unmatched" => "❓ unmatched",
        "drift" => "⚠️ drift",
        "known" => "known drift",
        _ => "note",
    };
    let vendor = group.vendor.as_deref().map(|vendor| format!("{} ", code(vendor))).unwrap_or_default();
    let types = group.types.as_ref().map(|types| format!("<br>types: {}", plain(&shorten(types, MESSAGE)))).unwrap_or_default();
    let place = match &group.spec {
        Some(spec) => code(&shorten(&spec.to_string(), 200)),
        None => code(&shorten(group.schema.as_str(), 200)),
    };
    let examples: Vec<String> = group.examples.iter().map(|example| code(&format!("{} #{}", example.recording, example.entry))).collect();
    let mut seen: Vec<String> = examples;
    seen.dedup();
    let more = if group.exchanges > seen.len() { ", …" } else { "" };
    let _ = writeln!(
        text,
        "| {mark} | {} | {vendor}{} | {}{types}<br>{}{more} | {place} | {} |",
        code(group.rule.name()),
        code(&shorten(&group.subject, 120)),
        plain(&shorten(&group.message, MESSAGE)),
        seen.join(", "),
        group.exchanges,
    );
}

/// Text as code in Markdown, which no host looks into for names and links.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A sentence in Markdown: what stands in backticks becomes code, all else stays as it is.
pub fn plain(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len() + 16);
    for (index, piece) in pieces.iter().enumerate() {
        // A backtick without its partner is a character like others.
        let quoted = index % 2 == 1;
        match (quoted, index + 1 < pieces.len()) {
            (true, true) => out.push_str(&code(piece)),
            (true, false) => {
                out.push_str("&#96;");
                out.push_str(&escape(piece));
            }
            (false, _) => out.push_str(&escape(piece)),
        }
    }
    out
}

/// Writes what Markdown, GitHub's extensions or HTML could take for more than text as numeric references, which are text always. What
/// means something in some places only is left alone in the others, so that the source can be read as well.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let letters: Vec<char> = text.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        let after = letters.get(index + 1).copied().unwrap_or(' ');
        let special = match letter {
            '&' | '<' | '>' | '|' | '`' | '*' | '[' | ']' | '#' | '\\' | '~' | '@' | '$' => true,
            // Emphasis begins and ends at the edge of a word.
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            // `https://`, `mailto:` and `:smile:`, but not `openapi.yaml:4:1`.
            ':' => !(after.is_ascii_digit() || after == ' '),
            // `www.` begins a link.
            '.' => before.eq_ignore_ascii_case(&'w'),
            // A list, a rule, a heading's underline: at the beginning only.
            '-' | '+' | '=' => index == 0,
            _ => false,
        };
        match letter {
            '\n' | '\r' | '\t' => out.push(' '),
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter if special => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let hostile = "a|b <img src=x onerror=alert(1)> ![x](http://evil) [y](javascript:z) **b** @team www.evil.org `c`\n| d | \\| <!-- --> http://e";
        let shown = format!("{}{}", plain(hostile), code(hostile)).replace("<code>", "").replace("</code>", "");
        for forbidden in ["|", "<", ">", "[", "]", "*", "@", "://", "t:z", "www.", "\n", "`", "\\"] {
            assert!(!shown.contains(forbidden), "{forbidden} in {shown}");
        }
        assert_eq!(plain("`/a` is b, `c"), "<code>/a</code> is b, &#96;c");
        assert_eq!(escape("_a_ a_b x.yaml:4:1 body-schema -"), "&#95;a&#95; a_b x.yaml:4:1 body-schema -");
    }
}
