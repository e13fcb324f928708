//! Accepting what a run found: entries for the known-drift file, as narrow as what was seen, with a reason for people to fill in.
//!
//! The file is people's: it is added to at its end, a date that has passed is replaced where it stands, and every other byte of it,
//! comments and layout included, stays as it was.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use super::{Date, DriftError, KnownDrift};
use crate::finding::Severity;
use crate::json::generalise;
use crate::rule::Rule;
use crate::verdict::Checked;

/// How many entries are added at once. A list that nobody can read through accepts what nobody has looked at.
const MAX_ENTRIES: usize = 500;

/// The head of a file that is made anew.
const HEAD: &str = "\
# Drift that we know of and live with, until a date. An entry that matches nothing any more, has expired or has no reason fails
# `verify`. `wireproof explain RULE` says what a rule is about.
";

/// What an entry says, but for reason and date.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    rule: Rule,
    operation: String,
    status: Option<u16>,
    instance: String,
    schema: String,
}

/// What of a run one contract's known-drift file is to accept.
#[derive(Debug, Default)]
pub struct Acceptance {
    entries: Vec<Entry>,
    known: HashSet<Entry>,
    renewed: BTreeSet<usize>,
    unmatched: usize,
    beyond: usize,
}

/// A known-drift file with what was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The whole text.
    pub text: String,
    /// How many entries were added.
    pub added: usize,
    /// How many expired entries were given a new date.
    pub renewed: usize,
}

impl Acceptance {
    /// Takes in what was found about an exchange; `drift` is the file as it is.
    pub fn take(&mut self, checked: &Checked, drift: Option<&KnownDrift>) {
        for finding in checked.findings.iter().filter(|finding| !finding.known && finding.severity > Severity::Note) {
            let Some(operation) = &checked.operation else {
                self.unmatched += 1;
                continue;
            };
            let mut expired = drift.into_iter().flat_map(KnownDrift::expired_entries);
            if let Some((number, _)) = expired.find(|(_, entry)| entry.matches(finding, operation, checked.status)) {
                self.renewed.insert(number);
                continue;
            }
            let entry = Entry {
                rule: finding.rule,
                operation: operation.clone(),
                // A documented example of no particular status has 0.
                status: (checked.status != 0).then_some(checked.status),
                instance: generalise(&finding.instance),
                schema: finding.schema.as_str().to_owned(),
            };
            if self.known.contains(&entry) {
                continue;
            }
            if self.entries.len() >= MAX_ENTRIES {
                self.beyond += 1;
                continue;
            }
            self.known.insert(entry.clone());
            self.entries.push(entry);
        }
    }

    /// How many findings no entry can accept, since their exchanges belong to no operation.
    pub fn unmatched(&self) -> usize {
        self.unmatched
    }

    /// How many findings were too many to be accepted at once.
    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.renewed.is_empty()
    }

    /// The file with what was accepted until `expires`. `text` is the file as it is, from which `drift` was read; `None` where there is
    /// none yet. `file` is its name for messages.
    ///
    /// # Errors
    ///
    /// When entries cannot be added to the file as it is written.
    pub fn write(&self, file: &str, text: Option<&str>, drift: Option<&KnownDrift>, expires: Date) -> Result<Accepted, DriftError> {
        let mut out = text.unwrap_or(HEAD).to_owned();
        let entries = drift.map(KnownDrift::entries).unwrap_or_default();
        // From the last to the first: what is replaced moves nothing that comes before it.
        let mut spans: Vec<_> =
            self.renewed.iter().filter_map(|number| entries.get(*number)).map(|entry| entry.expires_span.clone()).collect();
        spans.sort_by_key(|span| std::cmp::Reverse(span.start));
        for span in spans {
            if out.get(span.clone()).is_some() {
                out.replace_range(span, &expires.to_string());
            }
        }
        for entry in &self.entries {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            if !out.is_empty() {
                out.push('\n');
            }
            entry.write(&mut out, expires);
        }
        // What is about to replace people's work must be what it claims to be.
        KnownDrift::parse(file, &out, expires)?;
        Ok(Accepted { text: out, added: self.entries.len(), renewed: self.renewed.len() })
    }
}

impl Entry {
    fn write(&self, out: &mut String, expires: Date) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "[[drift]]\nrule = {}\noperation = {}", quoted(self.rule.name()), quoted(&self.operation));
        if let Some(status) = self.status {
            let _ = writeln!(out, "status = {status}");
        }
        for (key, pointer) in [("instance", &self.instance), ("schema", &self.schema)] {
            if !pointer.is_empty() {
                let _ = writeln!(out, "{key} = {}", quoted(pointer));
            }
        }
        let _ = writeln!(out, "reason = \"\" # to be filled in: why we live with it, and who was told\nexpires = {expires}");
    }
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use wireproof_openapi::Pointer;

    use super::*;
    use crate::finding::{Finding, Side};
    use crate::verdict::Verdict;

    const TODAY: &str = "2026-11-21";

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    fn checked(operation: Option<&str>, instance: &str) -> Checked {
        let finding = Finding {
            rule: Rule::UndocumentedField,
            severity: Severity::Drift,
            on: Side::Response,
            message: String::new(),
            instance: Pointer::from_plain(instance),
            places: Vec::new(),
            schema: Pointer::from_plain("/components/schemas/A \"b\"/properties"),
            spec: None,
            known: false,
            types: None,
            excerpts: Vec::new(),
        };
        Checked {
            recording: Arc::from("a.har"),
            entry: 0,
            vendor: None,
            contract: Some(0),
            operation: operation.map(str::to_owned),
            operation_index: None,
            method: "GET".to_owned(),
            url: "/".to_owned(),
            status: 200,
            documented_status: None,
            documented_content_type: None,
            verdict: Verdict::Drift,
            findings: vec![finding],
        }
    }

    #[test]
    fn what_was_found_is_accepted_once_and_matches_afterwards() {
        let mut acceptance = Acceptance::default();
        for instance in ["/data/0/x", "/data/1/x", "/y"] {
            acceptance.take(&checked(Some("op"), instance), None);
        }
        acceptance.take(&checked(None, "/z"), None);
        assert_eq!(acceptance.unmatched(), 1);
        let accepted = acceptance.write("d.toml", Some("# ours"), None, day("2027-02-19")).expect("written");
        assert_eq!(accepted.added, 2);
        insta::assert_snapshot!(accepted.text, @r##"
        # ours

        [[drift]]
        rule = "undocumented-field"
        operation = "op"
        status = 200
        instance = "/data/*/x"
        schema = "/components/schemas/A \"b\"/properties"
        reason = "" # to be filled in: why we live with it, and who was told
        expires = 2027-02-19

        [[drift]]
        rule = "undocumented-field"
        operation = "op"
        status = 200
        instance = "/y"
        schema = "/components/schemas/A \"b\"/properties"
        reason = "" # to be filled in: why we live with it, and who was told
        expires = 2027-02-19
        "##);
        let drift = KnownDrift::parse("d.toml", &accepted.text, day(TODAY)).expect("a file");
        let mut again = checked(Some("op"), "/data/7/x").findings;
        drift.apply(&mut again, "op", 200);
        assert!(again[0].known);
    }

    #[test]
    fn an_expired_entry_gets_a_new_date_and_keeps_the_rest() {
        let text = "# why\n[[drift]]\nrule = \"undocumented-field\"\noperation = \"op\"\nreason = \"told them\" # twice\nexpires = 2026-11-01 # soon\n# end\n";
        let drift = KnownDrift::parse("d.toml", text, day(TODAY)).expect("a file");
        let mut acceptance = Acceptance::default();
        acceptance.take(&checked(Some("op"), "/x"), Some(&drift));
        let accepted = acceptance.write("d.toml", Some(text), Some(&drift), day("2027-02-19")).expect("written");
        assert_eq!((accepted.added, accepted.renewed), (0, 1));
        assert_eq!(accepted.text, text.replace("2026-11-01", "2027-02-19"));
    }

    #[test]
    fn a_file_that_cannot_be_added_to_is_refused() {
        let text = "drift = [{rule = \"body-schema\", operation = \"op\", reason = \"r\", expires = 2027-01-01}]\n";
        let mut acceptance = Acceptance::default();
        acceptance.take(&checked(Some("op"), "/x"), None);
        assert!(acceptance.write("d.toml", Some(text), None, day("2027-02-19")).is_err());
    }
}
