//! What `diff` says: for people, as JSON, as Markdown.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wireproof_contract::report::{markdown_code, markdown_text};
use wireproof_documents::diff::{Change, Class, Place, Semver, Unwitnessed, semver};
use wireproof_openapi::Pointer;

use super::recorded::{Lost, Recorded};
use crate::error::Failure;
use crate::output::{Stream, count, printable, style};
use crate::reports::THIS;

/// How many compatible changes are listed, and how many operations of one change, unless everything is wanted.
const SHOWN: usize = 10;
const SHOWN_OPERATIONS: usize = 3;
/// How many characters of a witness are shown.
const WITNESS: usize = 400;

/// Everything that is told.
pub(super) struct Told {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) changes: Vec<Change>,
    pub(super) recorded: Option<Recorded>,
}

impl Told {
    pub(super) fn count(&self, class: Class) -> usize {
        self.changes.iter().filter(|change| change.class == class).count()
    }

    /// `2 breaking changes, 1 unknown, 4 compatible`.
    fn sentence(&self) -> String {
        if self.changes.is_empty() {
            return "nothing changed in meaning".to_owned();
        }
        let breaking = count(self.count(Class::Breaking), "breaking change");
        format!("{breaking}, {} unknown, {} compatible", self.count(Class::Unknown), self.count(Class::Compatible))
    }

    /// That witnesses were not looked for, where so.
    fn not_sought(&self) -> Option<String> {
        let number = self.changes.iter().filter(|change| change.unwitnessed == Some(Unwitnessed::NotSought)).count();
        (number > 0).then(|| format!("there are so many changes that no witness was looked for of {number} of them"))
    }

    /// What it means for the generated crate.
    fn for_the_crate(&self) -> &'static str {
        match semver(&self.changes) {
            None => "the generated crate stays as it is",
            Some(Semver::Patch) => "the generated crate: patch (the same types; constants and checks differ)",
            Some(Semver::Minor) => "the generated crate: minor (something new beside what there was)",
            Some(Semver::Major) => "the generated crate: major (types change, so code that uses them may no longer compile)",
        }
    }
}

impl Recorded {
    fn sentence(&self) -> String {
        let lost = match self.lost.len() {
            0 => "all of them conform to the new one".to_owned(),
            some => format!("{some} of them no longer conform to the new one"),
        };
        format!("recordings: {} of {} conform to the old document, {lost}", self.conform, count(self.exchanges, "exchange"))
    }
}

fn operations(change: &Change, all: bool) -> String {
    let shown = if all { usize::MAX } else { SHOWN_OPERATIONS };
    let names: Vec<&str> = change.operations.iter().take(shown).map(String::as_str).collect();
    match change.operations.len().saturating_sub(names.len()) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// What a witness shows.
fn meaning(change: &Change) -> &'static str {
    if change.is_received() { "may come now, and could not before" } else { "was fine, and no longer is" }
}

fn witness(change: &Change) -> Option<String> {
    let witness = change.witness.as_ref()?;
    let text = witness.value.to_string();
    let of = witness.part.as_ref().map(|part| format!(", as {part} alone")).unwrap_or_default();
    if text.chars().count() <= WITNESS {
        return Some(format!("{text}{of}"));
    }
    // Of a long one, the part that makes the difference.
    let part = witness.value.pointer(witness.instance.as_str()).map(Value::to_string).filter(|part| part.chars().count() <= WITNESS);
    let shown = part.unwrap_or_else(|| format!("{}…", text.chars().take(WITNESS).collect::<String>()));
    let place = if witness.instance.as_str().is_empty() { "the whole" } else { witness.instance.as_str() };
    Some(format!("{shown} at {place}{of} (`--format json` shows all of it)"))
}

/// The report for people; in colour where `out` would like it.
pub(super) fn pretty(told: &Told, verbose: bool, out: Option<&Stream<'_>>) -> String {
    let paint = |ink: anstyle::Style, text: &str| match out {
        Some(out) => out.paint(ink, text).to_string(),
        None => text.to_owned(),
    };
    let mut text = String::new();
    let mut left_out = 0;
    // Writing to a string cannot fail, here and below.
    for (number, change) in told.changes.iter().enumerate() {
        let compatible_so_far = number.saturating_sub(told.count(Class::Breaking) + told.count(Class::Unknown));
        if change.class == Class::Compatible && compatible_so_far >= SHOWN && !verbose {
            left_out += 1;
            continue;
        }
        let ink = match change.class {
            Class::Breaking => style::BAD,
            Class::Unknown => style::WARN,
            Class::Compatible => style::GOOD,
        };
        let head = paint(ink, &format!("{}[{}]", change.class.name(), change.kind));
        let side = change.side.map(|side| format!(" ({})", side.name())).unwrap_or_default();
        let _ = writeln!(text, "{head}: {}{side}", printable(&change.message));
        if !change.operations.is_empty() {
            let _ = writeln!(text, "  in  {}", printable(&operations(change, verbose)));
        }
        let place = |place: &Place| paint(style::FAINT, &printable(&format!("{} ({})", place.position, place.pointer)));
        for (label, at) in [("old", &change.old), ("new", &change.new)] {
            if let Some(at) = at {
                let _ = writeln!(text, "  {label} {}", place(at));
            }
        }
        if let Some(witness) = witness(change) {
            let _ = writeln!(text, "  {}: {}", meaning(change), printable(&witness));
        } else if change.unwitnessed == Some(Unwitnessed::NotFound) {
            let _ = writeln!(text, "  none of the values that were tried shows it");
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "and {} (`--verbose` shows them)", count(left_out, "more compatible change"));
    }
    if !told.changes.is_empty() {
        text.push('\n');
    }
    if let Some(sentence) = told.not_sought() {
        let _ = writeln!(text, "{sentence}");
    }
    let ink = if told.count(Class::Breaking) > 0 { style::BAD } else { style::GOOD };
    let _ = writeln!(text, "{}", paint(ink, &told.sentence()));
    let _ = writeln!(text, "{}", told.for_the_crate());
    if let Some(recorded) = &told.recorded {
        let _ = writeln!(text, "{}", recorded.sentence());
        let shown = if verbose { usize::MAX } else { SHOWN };
        for lost in recorded.lost.iter().take(shown) {
            let _ = writeln!(text, "  {}", printable(&title(lost)));
            for message in &lost.messages {
                let _ = writeln!(text, "    {}", printable(message));
            }
        }
        let more = recorded.lost.len().saturating_sub(shown);
        if more > 0 {
            let _ = writeln!(text, "  and {more} more (`--verbose` shows them)");
        }
    }
    text
}

fn title(lost: &Lost) -> String {
    format!("{} entry {}: {} ({})", lost.recording, lost.entry, lost.operation.as_deref().unwrap_or("no operation"), lost.verdict.name())
}

/// The report as one JSON object, everything in it.
pub(super) fn json(told: &Told) -> Result<String, Failure> {
    let place = |place: &Place| {
        let at = &place.position;
        json!({"pointer": place.pointer.as_str(), "file": at.file, "line": at.line, "column": at.column})
    };
    let change = |change: &Change| {
        let witness = change.witness.as_ref().map(|witness| json!({"value": witness.value, "instance": witness.instance.as_str(), "part": witness.part.as_ref().map(Pointer::as_str)}));
        json!({
            "kind": change.kind.name(), "class": change.class.name(), "on": change.side.map(wireproof_contract::Side::name),
            "operations": change.operations, "message": change.message, "old": change.old.as_ref().map(place),
            "new": change.new.as_ref().map(place), "witness": witness,
            "unwitnessed": change.unwitnessed.map(Unwitnessed::name), "semver": change.kind.semver().name(),
        })
    };
    let lost = |lost: &Lost| {
        json!({
            "recording": lost.recording, "entry": lost.entry, "operation": lost.operation, "verdict": lost.verdict.name(),
            "messages": lost.messages,
        })
    };
    let recorded = told.recorded.as_ref().map(|recorded| {
        json!({
            "exchanges": recorded.exchanges, "conform": recorded.conform, "lost": recorded.lost.iter().map(lost).collect::<Vec<_>>(),
        })
    });
    let report: Value = json!({
        "tool": THIS, "old": told.old, "new": told.new,
        "summary": {
            "breaking": told.count(Class::Breaking), "unknown": told.count(Class::Unknown), "compatible": told.count(Class::Compatible),
            "semver": semver(&told.changes).map(Semver::name),
        },
        "changes": told.changes.iter().map(change).collect::<Vec<_>>(),
        "recordings": recorded,
    });
    serde_json::to_string_pretty(&report)
        .map(|text| format!("{text}\n"))
        .map_err(|error| Failure::new(format!("cannot write the report: {error}")))
}

/// The report as Markdown.
pub(super) fn markdown(told: &Told) -> String {
    let mut text = format!(
        "# What changed\n\n{} to {}: **{}**; {}.\n\n",
        markdown_code(&told.old),
        markdown_code(&told.new),
        told.sentence(),
        told.for_the_crate()
    );
    for class in [Class::Breaking, Class::Unknown, Class::Compatible] {
        let changes: Vec<&Change> = told.changes.iter().filter(|change| change.class == class).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(text, "## {}\n", class.name());
        for change in changes {
            let side = change.side.map(|side| format!(" ({})", side.name())).unwrap_or_default();
            let of =
                if change.operations.is_empty() { String::new() } else { format!(", in {}", markdown_text(&operations(change, false))) };
            let _ = writeln!(text, "- `{}`: {}{side}{of}", change.kind, markdown_text(&change.message));
            let places: Vec<String> =
                [&change.old, &change.new].into_iter().flatten().map(|place| markdown_code(&place.position.to_string())).collect();
            if !places.is_empty() {
                let _ = writeln!(text, "  - {}", places.join(" to "));
            }
            if let Some(witness) = witness(change) {
                let _ = writeln!(text, "  - {}: {}", meaning(change), markdown_code(&witness));
            } else if change.unwitnessed == Some(Unwitnessed::NotFound) {
                let _ = writeln!(text, "  - none of the values that were tried shows it");
            }
        }
        text.push('\n');
    }
    if let Some(sentence) = told.not_sought() {
        let _ = writeln!(text, "{sentence}.\n");
    }
    if let Some(recorded) = &told.recorded {
        let _ = writeln!(text, "## recordings\n\n{}.\n", markdown_text(&recorded.sentence()));
        for lost in recorded.lost.iter().take(SHOWN) {
            let _ = writeln!(text, "- {}: {}", markdown_text(&title(lost)), markdown_text(&lost.messages.join("; ")));
        }
    }
    format!("{}\n", text.trim_end())
}
