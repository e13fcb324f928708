//! The report for people: a line per exchange, its findings beneath, and for what fails the place in the document and the place
//! in the body one under the other. What was told once is counted when it comes again.

mod snippet;

use std::io::{self, Write};

use super::Report;
use super::groups::Groups;
use crate::event::{Event, Outcome};
use crate::finding::{Finding, Severity};
use crate::schema::shorten;
use crate::verdict::{Checked, Summary, Verdict};

/// How many exchanges without findings get a line of their own in each recording; the rest is counted.
const LISTED: usize = 20;

/// How many characters of a sentence are written. What is cut stands in the JSON report.
const MESSAGE: usize = 600;

/// How the report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use colour.
    pub color: bool,
    /// The width of the terminal.
    pub width: usize,
    /// Whether every exchange and every repeated finding gets its line.
    pub verbose: bool,
}

/// Writes a run for people.
#[derive(Debug)]
pub struct Pretty<W> {
    out: W,
    style: Style,
    groups: Groups,
    /// Exchanges of the recording that are not listed one by one, by what they come to.
    silent: usize,
    listed: usize,
    repeated: usize,
}

/// The looks of words.
#[derive(Clone, Copy)]
enum Ink {
    Good,
    Warn,
    Bad,
    Dim,
    Strong,
}

impl<W: Write> Pretty<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, style: Style) -> Self {
        Self { out, style, groups: Groups::new(0, false), silent: 0, listed: 0, repeated: 0 }
    }

    fn ink(&self, ink: Ink, text: &str) -> String {
        if !self.style.color {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Good => "32",
            Ink::Warn => "33",
            Ink::Bad => "31",
            Ink::Dim => "2",
            Ink::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    fn exchange(&mut self, checked: &Checked) -> io::Result<()> {
        if checked.findings.is_empty() {
            self.listed += 1;
            if self.listed > LISTED && !self.style.verbose {
                self.silent += 1;
                return Ok(());
            }
            return self.line(checked);
        }
        let repeats: Vec<bool> = checked.findings.iter().map(|finding| self.groups.add(checked, finding)).collect();
        if !self.style.verbose && repeats.iter().all(|repeat| *repeat) {
            if checked.verdict == Verdict::Conforms {
                self.silent += 1;
            } else {
                self.repeated += 1;
            }
            return Ok(());
        }
        self.line(checked)?;
        for (finding, repeat) in checked.findings.iter().zip(repeats) {
            self.finding(finding, repeat)?;
        }
        Ok(())
    }

    fn line(&mut self, checked: &Checked) -> io::Result<()> {
        let (mark, ink) = match checked.verdict {
            Verdict::Conforms => ("✓", Ink::Good),
            Verdict::Drift => ("~", Ink::Warn),
            Verdict::Violation => ("✗", Ink::Bad),
            Verdict::Unmatched => ("?", Ink::Bad),
        };
        let room = self.style.width.saturating_sub(40).max(30);
        let operation = checked.operation.as_deref().unwrap_or("no operation");
        let operation = match &checked.vendor {
            Some(vendor) => format!("{vendor} {operation}"),
            None => operation.to_owned(),
        };
        let status = if checked.status == 0 { "example".to_owned() } else { checked.status.to_string() };
        writeln!(
            self.out,
            "  {} {} {}  {}  {}",
            self.ink(ink, mark),
            shorten(&checked.method, 20),
            shorten(path_of(&checked.url), room),
            self.ink(ink, &status),
            self.ink(Ink::Dim, &format!("{} · #{}", shorten(&operation, 60), checked.entry)),
        )
    }

    fn finding(&mut self, finding: &Finding, repeat: bool) -> io::Result<()> {
        let (word, ink) = match finding.severity {
            _ if finding.known => ("known drift", Ink::Dim),
            Severity::Note => ("note", Ink::Dim),
            Severity::Drift => ("drift", Ink::Warn),
            Severity::Violation => ("violation", Ink::Bad),
        };
        let rule = self.ink(ink, &format!("{word} {}", finding.rule));
        let count = if finding.count() > 1 { format!(" ({} places)", finding.count()) } else { String::new() };
        writeln!(self.out, "      {rule}: {}{count}", shorten(&finding.message, MESSAGE))?;
        if repeat {
            return Ok(());
        }
        if finding.excerpts.is_empty() || finding.known {
            if let Some(position) = &finding.spec {
                writeln!(self.out, "        {}", self.ink(Ink::Dim, &shorten(&format!("{position} ({})", finding.schema), MESSAGE)))?;
            }
        } else {
            for excerpt in &finding.excerpts {
                for line in snippet::render(excerpt, self.style, finding.severity).lines() {
                    writeln!(self.out, "        {line}")?;
                }
            }
        }
        if let Some(types) = &finding.types {
            writeln!(self.out, "        {} {}", self.ink(Ink::Strong, "types:"), shorten(types, MESSAGE))?;
        }
        Ok(())
    }

    fn recording_ends(&mut self, summary: &Summary) -> io::Result<()> {
        if self.silent > 0 {
            writeln!(self.out, "  {}", self.ink(Ink::Good, &format!("✓ and {} more that conform", self.silent)))?;
        }
        if self.repeated > 0 {
            let text = format!("and {} more with findings that were told above", self.repeated);
            writeln!(self.out, "  {}", self.ink(Ink::Warn, &text))?;
        }
        writeln!(self.out, "  {}\n", self.ink(Ink::Dim, &counts(summary)))
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let mut often: Vec<_> = self.groups.sorted().into_iter().filter(|group| group.exchanges > 1 && group.weighs()).collect();
        often.sort_by_key(|group| std::cmp::Reverse(group.exchanges));
        let more = often.len().saturating_sub(LISTED);
        let often: Vec<_> = often
            .into_iter()
            .take(LISTED)
            .map(|group| {
                let place = group.spec.as_ref().map_or_else(|| group.schema.to_string(), ToString::to_string);
                (group.exchanges, group.rule.name(), shorten(&group.subject, 100), shorten(&group.message, 120), shorten(&place, 200))
            })
            .collect();
        if !often.is_empty() {
            writeln!(self.out, "{}", self.ink(Ink::Strong, "Findings that repeat"))?;
            for (count, rule, subject, message, place) in often {
                writeln!(self.out, "  {count:>6} × {rule}  {subject}: {message}  {}", self.ink(Ink::Dim, &place))?;
            }
            if more > 0 {
                writeln!(self.out, "  {}", self.ink(Ink::Dim, &format!("and {more} more, each in the JSON report")))?;
            }
            writeln!(self.out)?;
        }
        for problem in outcome.vendors.iter().flat_map(|vendor| &vendor.drift) {
            writeln!(self.out, "{} {problem}", self.ink(Ink::Bad, "✗"))?;
        }
        let (mark, ink) = match outcome.holds() {
            true if outcome.summary.exchanges == 0 => ("! nothing was checked", Ink::Warn),
            true => ("✓ the contract holds", Ink::Good),
            false => ("✗ the contract does not hold", Ink::Bad),
        };
        writeln!(self.out, "{}: {}", self.ink(ink, mark), counts(&outcome.summary))?;
        self.out.flush()
    }
}

impl<W: Write> Report for Pretty<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RecordingStarted { recording } => {
                (self.silent, self.listed, self.repeated) = (0, 0, 0);
                writeln!(self.out, "{}", self.ink(Ink::Strong, recording))
            }
            Event::Checked(checked) => self.exchange(checked),
            Event::Unusable { entry, reason, .. } => {
                writeln!(self.out, "  {} entry #{entry} cannot be used: {}", self.ink(Ink::Warn, "!"), shorten(reason, 300))
            }
            Event::Note { message, .. } => writeln!(self.out, "  {}", self.ink(Ink::Dim, &format!("note: {message}"))),
            Event::Unreadable { reason, .. } => {
                writeln!(self.out, "  {} cannot be read: {}", self.ink(Ink::Bad, "!"), shorten(reason, 300))
            }
            Event::RecordingFinished { summary, .. } => self.recording_ends(summary),
            // Whoever proved it prints it where it belongs.
            Event::Proved(_) => Ok(()),
            Event::Finished(outcome) => self.finish(outcome),
        }
    }
}

/// What of a URL is worth a line: the path and what follows.
fn path_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    if start == 0 {
        return url;
    }
    let rest = url.get(start..).unwrap_or_default();
    rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/")
}

/// The counts of a summary in words, those that are nought left out.
fn counts(summary: &Summary) -> String {
    let mut parts = vec![format!("{} exchange{}", summary.exchanges, if summary.exchanges == 1 { "" } else { "s" })];
    for (count, word) in [
        (summary.conforms, "conform"),
        (summary.drift, "drift"),
        (summary.violation, "break the contract"),
        (summary.unmatched, "belong to no operation"),
        (summary.known, "findings are known drift"),
        (summary.unusable, "entries cannot be used"),
    ] {
        if count > 0 {
            let word = match (count, word) {
                (1, "conform") => "conforms",
                (1, "drift") => "drifts",
                (1, "break the contract") => "breaks the contract",
                (1, "belong to no operation") => "belongs to no operation",
                (1, "findings are known drift") => "finding is known drift",
                (1, "entries cannot be used") => "entry cannot be used",
                (_, word) => word,
            };
            parts.push(format!("{count} {word}"));
        }
    }
    parts.join(", ")
}
