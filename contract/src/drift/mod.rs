//! Known drift: a file per vendor that lists findings which were looked at and accepted for a time.
//!
//! ```toml
//! [[drift]]
//! rule = "undocumented-field"
//! operation = "deleteContact"
//! status = 200                    # optional
//! instance = "/data/*/deleted_at" # optional; `*` stands for any one segment
//! schema = "/components/schemas/ContactDeleteResponse/properties" # optional; this place or any below it
//! reason = "the vendor's page shows it, the document does not; reported on 2026-11-02"
//! expires = 2027-05-31
//! ```
//!
//! An entry that matched nothing in a full run is stale, and one past its day has expired: both fail the run, so that the file
//! never lists more than there is. In a full run an entry without a reason fails it as well: `--accept` (`accept.rs`) leaves the
//! reason to people, and until one of them has given it, nothing was decided. The day is the caller's; nothing here reads a clock.

mod accept;
mod date;

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;
use wireproof_openapi::{Pointer, Position};

use crate::finding::Finding;
use crate::rule::Rule;
pub use accept::{Acceptance, Accepted};
pub use date::Date;

/// Why a known-drift file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {position}")]
pub struct DriftError {
    /// What is wrong: a lowercase fragment.
    pub message: String,
    /// Where.
    pub position: Position,
}

/// One entry of a known-drift file.
#[derive(Debug)]
pub struct DriftEntry {
    /// The rule of the findings that it accepts.
    pub rule: Rule,
    /// The label of the operation.
    pub operation: String,
    /// The status code; any where it is missing.
    pub status: Option<u16>,
    /// The place in the body, with `*` for any one segment; any where it is missing.
    pub instance: Option<Pointer>,
    /// The place in the document, or one above it; any where it is missing.
    pub schema: Option<Pointer>,
    /// Why it is accepted; empty where nobody has said so yet.
    pub reason: String,
    /// The last day on which it is.
    pub expires: Date,
    /// Where the entry stands.
    pub position: Position,
    matched: AtomicUsize,
    /// Where in the text `expires` has its value.
    expires_span: Range<usize>,
}

impl DriftEntry {
    /// How many findings it matched so far.
    pub fn matched(&self) -> usize {
        self.matched.load(Ordering::Relaxed)
    }

    /// Whether nobody has said yet why it is accepted.
    pub fn is_unexplained(&self) -> bool {
        self.reason.trim().is_empty()
    }

    fn matches(&self, finding: &Finding, operation: &str, status: u16) -> bool {
        self.rule == finding.rule
            && self.operation == operation
            && self.status.is_none_or(|wanted| wanted == status)
            && self.instance.as_ref().is_none_or(|pattern| {
                matches_pattern(pattern, &finding.instance) && finding.places.iter().all(|place| matches_pattern(pattern, place))
            })
            && self.schema.as_ref().is_none_or(|schema| finding.schema.starts_with(schema))
    }
}

fn matches_pattern(pattern: &Pointer, instance: &Pointer) -> bool {
    let mut segments = instance.segments();
    pattern.segments().all(|wanted| segments.next().is_some_and(|segment| wanted == "*" || wanted == segment)) && segments.next().is_none()
}

/// What is wrong with an entry of a known-drift file once the run is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftProblem {
    /// What it is.
    pub kind: DriftProblemKind,
    /// The entry's rule.
    pub rule: Rule,
    /// The entry's operation.
    pub operation: String,
    /// Why it was accepted.
    pub reason: String,
    /// Its last day.
    pub expires: Date,
    /// Where the entry stands.
    pub position: Position,
}

/// The kinds of [`DriftProblem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DriftProblemKind {
    /// It matched nothing in a full run.
    Stale,
    /// Its day has passed.
    Expired,
    /// It has no reason yet.
    Unexplained,
}

impl DriftProblemKind {
    /// The name as in the JSON report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::Unexplained => "unexplained",
        }
    }
}

impl fmt::Display for DriftProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, operation, expires, position, .. } = self;
        match self.kind {
            DriftProblemKind::Stale => {
                write!(f, "known drift `{rule}` of `{operation}` at {position} is stale: no recording shows it any more; remove the entry")
            }
            DriftProblemKind::Expired => {
                write!(
                    f,
                    "known drift `{rule}` of `{operation}` at {position} expired on {expires}: look at it again, then remove it or give it a new date"
                )
            }
            DriftProblemKind::Unexplained => {
                write!(f, "known drift `{rule}` of `{operation}` at {position} has no `reason` yet: say why you live with it, or remove it")
            }
        }
    }
}

/// A vendor's known-drift file.
#[derive(Debug, Default)]
pub struct KnownDrift {
    entries: Vec<DriftEntry>,
    today: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    drift: Vec<Spanned<EntryForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryForm {
    rule: Spanned<String>,
    operation: Spanned<String>,
    status: Option<Spanned<u16>>,
    instance: Option<Spanned<String>>,
    schema: Option<Spanned<String>>,
    reason: Spanned<String>,
    expires: Spanned<Datetime>,
}

impl KnownDrift {
    /// Reads the text of a known-drift file; `file` is its name for messages, `today` the day of the run.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, has keys or rules that are not known, or lacks a reason or a date.
    pub fn parse(file: &str, text: &str, today: Date) -> Result<Self, DriftError> {
        let at = |offset: usize| position(file, text, offset);
        let form: FileForm = toml::from_str(text).map_err(|error| DriftError {
            message: error.message().trim_end().to_owned(),
            position: at(error.span().map_or(0, |span| span.start)),
        })?;
        let entries = form.drift.into_iter().map(|entry| read_entry(entry, &at)).collect::<Result<_, _>>()?;
        Ok(Self { entries, today: Some(today) })
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> &[DriftEntry] {
        &self.entries
    }

    /// The entries that have expired, by their numbers in the file, from 0.
    fn expired_entries(&self) -> impl Iterator<Item = (usize, &DriftEntry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| self.expired(entry))
    }

    fn expired(&self, entry: &DriftEntry) -> bool {
        self.today.is_some_and(|today| today > entry.expires)
    }

    /// Marks the findings that the file lists and that have not expired.
    pub(crate) fn apply(&self, findings: &mut [Finding], operation: &str, status: u16) {
        for finding in findings {
            for entry in &self.entries {
                if entry.matches(finding, operation, status) {
                    entry.matched.fetch_add(1, Ordering::Relaxed);
                    finding.known |= !self.expired(entry);
                }
            }
        }
    }

    /// What is wrong with the entries; whether one is stale can be told only after a full run.
    pub(crate) fn problems(&self, full: bool, pages: bool) -> Vec<DriftProblem> {
        let kind = |entry: &DriftEntry| match (self.expired(entry), entry.matched()) {
            (true, _) => Some(DriftProblemKind::Expired),
            (false, 0) if full && (pages || !entry.rule.is_about_pages()) => Some(DriftProblemKind::Stale),
            (false, _) if full && entry.is_unexplained() => Some(DriftProblemKind::Unexplained),
            _ => None,
        };
        let problem = |entry: &DriftEntry| {
            Some(DriftProblem {
                kind: kind(entry)?,
                rule: entry.rule,
                operation: entry.operation.clone(),
                reason: entry.reason.clone(),
                expires: entry.expires,
                position: entry.position.clone(),
            })
        };
        self.entries.iter().filter_map(problem).collect()
    }
}

fn read_entry(entry: Spanned<EntryForm>, at: &dyn Fn(usize) -> Position) -> Result<DriftEntry, DriftError> {
    let start = entry.span().start;
    let entry = entry.into_inner();
    let fail = |offset: usize, message: String| DriftError { message, position: at(offset) };
    let rule = entry.rule.get_ref().parse::<Rule>().map_err(|error| fail(entry.rule.span().start, error.to_string()))?;
    let pointer = |value: Option<Spanned<String>>| match value {
        Some(value) if value.get_ref().is_empty() || value.get_ref().starts_with('/') => Ok(Some(Pointer::from_plain(value.into_inner()))),
        Some(value) => Err(fail(value.span().start, "a JSON Pointer begins with `/`".to_owned())),
        None => Ok(None),
    };
    let day = entry.expires.get_ref();
    let expires = match (day.date, day.time) {
        (Some(date), None) => Date::new(date.year, date.month, date.day),
        _ => None,
    };
    let expires = expires.ok_or_else(|| fail(entry.expires.span().start, "`expires` is no day: write it as 2027-05-31".to_owned()))?;
    Ok(DriftEntry {
        rule,
        operation: entry.operation.into_inner(),
        status: entry.status.map(Spanned::into_inner),
        instance: pointer(entry.instance)?,
        schema: pointer(entry.schema)?,
        reason: entry.reason.into_inner(),
        expires,
        position: at(start),
        matched: AtomicUsize::new(0),
        expires_span: entry.expires.span(),
    })
}

fn position(file: &str, text: &str, offset: usize) -> Position {
    let place = crate::json::Place::of(text.as_bytes(), offset);
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position { file: file.to_owned(), line: number(place.line), column: number(place.column) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, Side};

    fn finding(instance: &str) -> Finding {
        Finding {
            rule: Rule::UndocumentedField,
            severity: Severity::Drift,
            on: Side::Response,
            message: String::new(),
            instance: Pointer::from_plain(instance),
            places: Vec::new(),
            schema: Pointer::from_plain("/components/schemas/A/properties"),
            spec: None,
            known: false,
            types: None,
            excerpts: Vec::new(),
        }
    }

    fn parse(text: &str) -> Result<KnownDrift, DriftError> {
        KnownDrift::parse("d.toml", text, Date::new(2026, 11, 21).expect("a day"))
    }

    const ENTRY: &str = "[[drift]]\nrule = \"undocumented-field\"\noperation = \"op\"\nreason = \"seen\"\n";

    #[test]
    fn entries_match_by_what_they_say() {
        for (more, expected) in [
            ("", true),
            ("status = 200", true),
            ("status = 404", false),
            ("instance = '/data/0/x'", true),
            ("instance = '/data/*/x'", true),
            ("instance = '/data/*'", false),
            ("instance = '/data/*/x/*'", false),
            ("schema = '/components/schemas/A'", true),
            ("schema = '/components/schemas/AB'", false),
        ] {
            let drift = parse(&format!("{ENTRY}expires = 2027-01-01\n{more}\n")).expect(more);
            let mut found = [finding("/data/0/x")];
            drift.apply(&mut found, "op", 200);
            assert_eq!(found[0].known, expected, "{more}");
            assert_eq!(drift.problems(true, false).is_empty(), expected, "{more}");
            assert_eq!(drift.problems(false, false), [], "{more}");
        }
    }

    #[test]
    fn what_pages_show_is_stale_only_where_pages_were_read() {
        let drift =
            parse("[[drift]]\nrule = \"page-value\"\noperation = \"op\"\nreason = \"r\"\nexpires = 2027-01-01\n").expect("an entry");
        assert_eq!(drift.problems(true, false), []);
        assert_eq!(drift.problems(true, true).len(), 1);
    }

    #[test]
    fn an_entry_past_its_day_accepts_nothing() {
        let drift = parse(&format!("{ENTRY}expires = 2026-11-20\n")).expect("a file");
        let mut found = [finding("/x")];
        drift.apply(&mut found, "op", 200);
        assert!(!found[0].known);
        let problems = drift.problems(false, false);
        insta::assert_snapshot!(problems[0], @"known drift `undocumented-field` of `op` at d.toml:1:1 expired on 2026-11-20: look at it again, then remove it or give it a new date");
        let today = parse(&format!("{ENTRY}expires = 2026-11-21\n")).expect("a file");
        today.apply(&mut found, "op", 200);
        assert!(found[0].known, "the last day counts");
    }

    #[test]
    fn an_entry_without_a_reason_accepts_but_fails_a_full_run() {
        let drift =
            parse("[[drift]]\nrule = \"undocumented-field\"\noperation = \"op\"\nreason = \" \"\nexpires = 2027-01-01\n").expect("a file");
        let mut found = [finding("/x")];
        drift.apply(&mut found, "op", 200);
        assert!(found[0].known);
        assert_eq!(drift.problems(false, false), []);
        insta::assert_snapshot!(drift.problems(true, false)[0], @"known drift `undocumented-field` of `op` at d.toml:1:1 has no `reason` yet: say why you live with it, or remove it");
    }

    #[test]
    fn a_group_is_known_only_if_every_place_is() {
        let drift = parse(&format!("{ENTRY}expires = 2027-01-01\ninstance = '/data/0/x'\n")).expect("a file");
        let mut found =
            [Finding { places: vec![Pointer::from_plain("/data/0/x"), Pointer::from_plain("/data/1/x")], ..finding("/data/0/x") }];
        drift.apply(&mut found, "op", 200);
        assert!(!found[0].known);
    }

    #[test]
    fn faults_of_the_file_name_their_place() {
        for (text, expected) in [
            ("[[drift]\n", "d.toml:1:"),
            (
                "[[drift]]\nrule = \"body-shema\"\noperation = \"\"\nreason = \"x\"\nexpires = 2027-01-01\n",
                "did you mean `body-schema`? at d.toml:2:8",
            ),
            (&format!("{ENTRY}expires = 2027-01-01\nuntil = 5\n"), "unknown field `until`"),
            (&format!("{ENTRY}expires = 2027-01-01T00:00:00Z\n"), "`expires` is no day: write it as 2027-05-31 at d.toml:5:11"),
            (ENTRY, "missing field `expires`"),
            (&format!("{ENTRY}expires = 2027-01-01\ninstance = \"data\"\n"), "a JSON Pointer begins with `/` at d.toml:6:12"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
