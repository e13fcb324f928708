//! The report for CI servers that read JUnit's XML: a test suite per recording, a test case per exchange. What fails the run (also
//! drift, since its exit code is 1) is a failure; known drift and notes are output of the case; what cannot be read is an error.
//!
//! It is written as the run goes, a suite at a time, so that memory does not grow with a recording: one of very many exchanges is
//! several suites. A finding is told in full once and in one sentence after that.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Report;
use super::groups::Groups;
use crate::drift::DriftProblem;
use crate::event::{Event, Outcome};
use crate::finding::{Finding, Severity};
use crate::proof::{Proof, State};
use crate::schema::shorten;
use crate::verdict::{Checked, Verdict};

/// How many cases a suite has at most.
const SUITE: usize = 10_000;

/// How many characters of a sentence are written.
const MESSAGE: usize = 600;

/// Writes a run as JUnit XML.
#[derive(Debug)]
pub struct Junit<W> {
    out: W,
    begun: bool,
    /// The suite in the making.
    suite: Suite,
    groups: Groups,
    proved: bool,
}

/// A test suite.
#[derive(Debug, Default)]
struct Suite {
    name: String,
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    /// How many suites of the same recording came before.
    part: usize,
}

impl<W: Write> Junit<W> {
    /// A report that is written to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false, suite: Suite::default(), groups: Groups::new(0, false), proved: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        writeln!(self.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wireproof\">")
    }

    /// Writes the suite and begins the next of the same name.
    fn end_suite(&mut self) -> io::Result<()> {
        self.begin()?;
        let Suite { name, cases, tests, failures, errors, skipped, part } = std::mem::take(&mut self.suite);
        let shown = if part == 0 { name.clone() } else { format!("{name} ({})", part + 1) };
        writeln!(
            self.out,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
            xml(&shown)
        )?;
        self.out.write_all(cases.as_bytes())?;
        self.suite = Suite { name, part: part + 1, ..Suite::default() };
        writeln!(self.out, "  </testsuite>")
    }

    fn begin_suite(&mut self, name: &str) {
        self.suite = Suite { name: name.to_owned(), ..Suite::default() };
    }

    /// Adds a case with what stands inside of it.
    fn case(&mut self, class: &str, name: &str, inside: &str) -> io::Result<()> {
        let (class, name) = (xml(class), xml(name));
        self.suite.tests += 1;
        // Writing to a string cannot fail.
        let _ = if inside.is_empty() {
            writeln!(self.suite.cases, "    <testcase classname=\"{class}\" name=\"{name}\"/>")
        } else {
            writeln!(self.suite.cases, "    <testcase classname=\"{class}\" name=\"{name}\">\n{inside}    </testcase>")
        };
        if self.suite.tests >= SUITE { self.end_suite() } else { Ok(()) }
    }

    fn exchange(&mut self, checked: &Checked) -> io::Result<()> {
        let operation = checked.operation.as_deref().unwrap_or("no operation");
        let class = checked.vendor.as_ref().map_or_else(|| operation.to_owned(), |vendor| format!("{vendor}.{operation}"));
        let status = if checked.status == 0 { "example".to_owned() } else { checked.status.to_string() };
        let name = format!("#{} {} {} {status}", checked.entry, checked.method, checked.url);
        let (mut failing, mut aside) = (Vec::new(), Vec::new());
        for finding in &checked.findings {
            let repeat = self.groups.add(checked, finding);
            let weighs = !finding.known && finding.severity > Severity::Note;
            if weighs { failing.push((finding, repeat)) } else { aside.push((finding, repeat)) }
        }
        let mut inside = String::new();
        if let Some((first, _)) = failing.first() {
            self.suite.failures += 1;
            let more = if failing.len() > 1 { format!(" (and {} more)", failing.len() - 1) } else { String::new() };
            let message = format!("{}{more}", shorten(&first.message, MESSAGE));
            inside.push_str(&element("failure", first.rule.name(), &message, &told(&failing)));
        } else if checked.verdict != Verdict::Conforms {
            self.suite.failures += 1;
            inside.push_str(&element("failure", checked.verdict.name(), checked.verdict.name(), ""));
        }
        if !aside.is_empty() {
            let _ = writeln!(inside, "      <system-out>{}</system-out>", xml(&told(&aside)));
        }
        self.case(&class, &name, &inside)
    }

    fn proof(&mut self, proof: &Proof) -> io::Result<()> {
        self.proved = true;
        let vendor = proof.vendor.as_deref().unwrap_or("the generated package");
        self.begin_suite(&format!("verify {vendor}"));
        for part in &proof.parts {
            let text = part.details.join("\n");
            let inside = match part.state {
                State::Holds | State::Known => String::new(),
                State::Absent => {
                    self.suite.skipped += 1;
                    format!("      <skipped message=\"{}\"/>\n", xml(&part.text))
                }
                State::Broken => {
                    self.suite.failures += 1;
                    element("failure", part.topic, &part.text, &text)
                }
                State::Unusable => {
                    self.suite.errors += 1;
                    element("error", part.topic, &part.text, &text)
                }
            };
            self.case(vendor, part.topic, &inside)?;
        }
        self.end_suite()
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.begin()?;
        let problems: Vec<(&str, &DriftProblem)> = outcome
            .vendors
            .iter()
            .flat_map(|vendor| vendor.drift.iter().map(|problem| (vendor.vendor.as_deref().unwrap_or("known drift"), problem)))
            .collect();
        // A proof has a part for known drift.
        if !problems.is_empty() && !self.proved {
            self.begin_suite("known drift");
            for (vendor, problem) in problems {
                self.suite.failures += 1;
                let inside = element("failure", problem.kind.name(), &problem.to_string(), &problem.reason);
                self.case(vendor, &problem.position.to_string(), &inside)?;
            }
            self.end_suite()?;
        }
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}

impl<W: Write> Report for Junit<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RecordingStarted { recording } => {
                self.begin_suite(recording);
                Ok(())
            }
            Event::Checked(checked) => self.exchange(checked),
            Event::Unusable { entry, reason, .. } => {
                self.suite.skipped += 1;
                let inside = format!("      <skipped message=\"{}\"/>\n", xml(&shorten(reason, MESSAGE)));
                self.case("cannot be used", &format!("#{entry}"), &inside)
            }
            Event::Unreadable { recording, reason } => {
                self.begin_suite(recording);
                self.suite.errors += 1;
                self.case("cannot be read", recording, &element("error", "unreadable", reason, ""))?;
                self.end_suite()
            }
            Event::Note { message, .. } => {
                let inside = format!("      <system-out>{}</system-out>\n", xml(message));
                self.case("note", "about the recording", &inside)
            }
            Event::RecordingFinished { .. } if self.suite.tests > 0 || self.suite.part == 0 => self.end_suite(),
            Event::RecordingFinished { .. } => Ok(()),
            Event::Proved(proof) => self.proof(proof),
            Event::Finished(outcome) => self.finish(outcome),
        }
    }
}

/// Findings in lines; those that were told before in one line each.
fn told(findings: &[(&Finding, bool)]) -> String {
    let mut text = String::new();
    for (finding, repeat) in findings {
        let word = if finding.known { "known drift" } else { finding.severity.name() };
        let count = if finding.count() > 1 { format!(" ({} places)", finding.count()) } else { String::new() };
        let _ = writeln!(text, "{word} {}: {}{count}", finding.rule, shorten(&finding.message, MESSAGE));
        if *repeat {
            continue;
        }
        match &finding.spec {
            Some(spec) => {
                let _ = writeln!(text, "  {spec} ({})", finding.schema);
            }
            None => {
                let _ = writeln!(text, "  {}", finding.schema);
            }
        }
        if let Some(types) = &finding.types {
            let _ = writeln!(text, "  types: {}", shorten(types, MESSAGE));
        }
    }
    text.trim_end().to_owned()
}

fn element(name: &str, kind: &str, message: &str, text: &str) -> String {
    format!("      <{name} type=\"{}\" message=\"{}\">{}</{name}>\n", xml(kind), xml(message), xml(text))
}

/// Text for XML 1.0, in elements and attributes alike. Characters that XML has no way to write are replaced.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter if letter.is_control() => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_out_of_the_markup() {
        assert_eq!(xml("a<b>&\"'\n\u{0}\u{1b}\u{ffff}é"), "a&lt;b&gt;&amp;&quot;&apos;&#10;\u{fffd}\u{fffd}\u{fffd}é");
    }
}
