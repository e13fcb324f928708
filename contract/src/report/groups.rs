//! One cause, one finding: what reports for people say once however often it was met. Findings of one [`Cause`] are one group, with a
//! count, a first example and some places; the JSON report holds every place.
//!
//! Memory depends on how many different findings there are and not on how often they repeat, and the first is bounded too.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use wireproof_openapi::{Pointer, Position};

use super::cause::Cause;
use crate::finding::{Excerpt, Finding, Severity, Side};
use crate::rule::Rule;
use crate::verdict::{Checked, Verdict};

/// How many groups are kept; findings of further groups are only counted. A document has not that many faults to be met, but
/// there is no end to paths that belong to no operation.
const MAX_GROUPS: usize = 10_000;

/// How many lines of a text are kept on each side of its mark.
const CONTEXT: usize = 5;

/// How many characters of a line are kept.
const LINE: usize = 200;

/// Findings of one cause.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) vendor: Option<Arc<str>>,
    /// The operation's label, or method and path of exchanges that belong to none.
    pub(super) subject: String,
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) on: Side,
    pub(super) known: bool,
    /// Whether the exchanges belong to no operation.
    pub(super) unmatched: bool,
    pub(super) schema: Pointer,
    pub(super) spec: Option<Position>,
    /// What the first of them said.
    pub(super) message: String,
    pub(super) types: Option<String>,
    pub(super) snippets: Vec<Snippet>,
    /// How many exchanges have it.
    pub(super) exchanges: usize,
    /// In how many places in all.
    pub(super) places: usize,
    /// The statuses of those exchanges; 0 for a documented example.
    pub(super) statuses: BTreeSet<u16>,
    /// The first of its places, as many as were asked for.
    pub(super) examples: Vec<Example>,
}

/// One place of a group.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) recording: Arc<str>,
    pub(super) entry: usize,
    pub(super) method: String,
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) instance: Pointer,
}

/// Some lines of a text with a mark in one of them.
#[derive(Debug)]
pub(super) struct Snippet {
    pub(super) name: String,
    /// The number of the first line.
    pub(super) first: usize,
    pub(super) lines: Vec<String>,
    /// The index of the marked line, and the marked characters in it.
    pub(super) line: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
}

impl Group {
    /// What it comes to, in one word: a severity, `known` or `unmatched`.
    pub(super) fn kind(&self) -> &'static str {
        match (self.known, self.unmatched) {
            (true, _) => "known",
            (false, true) => Verdict::Unmatched.name(),
            (false, false) => self.severity.name(),
        }
    }

    /// Whether it makes the contract fail.
    pub(super) fn weighs(&self) -> bool {
        !self.known && self.severity > Severity::Note
    }

    fn rank(&self) -> u8 {
        match self.kind() {
            "violation" => 0,
            "unmatched" => 1,
            "drift" => 2,
            "known" => 3,
            _ => 4,
        }
    }
}

/// The groups of a run.
#[derive(Debug)]
pub(super) struct Groups {
    index: HashMap<Cause, usize>,
    all: Vec<Group>,
    /// How many places each group keeps.
    examples: usize,
    /// Whether snippets are kept.
    snippets: bool,
    /// Findings that found no group any more.
    beyond: usize,
}

impl Groups {
    /// No groups yet; each will keep so many places, and snippets if they are wanted.
    pub(super) fn new(examples: usize, snippets: bool) -> Self {
        Self { index: HashMap::new(), all: Vec::new(), examples, snippets, beyond: 0 }
    }

    /// Counts all findings of an exchange.
    pub(super) fn take(&mut self, checked: &Checked) {
        for finding in &checked.findings {
            self.add(checked, finding);
        }
    }

    /// Counts a finding; true if its like was counted before.
    pub(super) fn add(&mut self, checked: &Checked, finding: &Finding) -> bool {
        let key = Cause::of(checked, finding);
        let known = self.index.get(&key).copied();
        if known.is_none() && self.all.len() >= MAX_GROUPS {
            self.beyond += 1;
            return false;
        }
        let at = known.unwrap_or(self.all.len());
        if known.is_none() {
            self.index.insert(key.clone(), at);
            self.all.push(first(key, checked, finding, self.snippets));
        }
        let Some(group) = self.all.get_mut(at) else { return false };
        group.exchanges += 1;
        group.places += finding.count();
        group.statuses.insert(checked.status);
        if group.examples.len() < self.examples {
            let room = self.examples - group.examples.len();
            let places = if finding.places.is_empty() { std::slice::from_ref(&finding.instance) } else { &finding.places };
            group.examples.extend(places.iter().take(room).map(|instance| Example {
                recording: Arc::clone(&checked.recording),
                entry: checked.entry,
                method: checked.method.clone(),
                url: checked.url.clone(),
                status: checked.status,
                instance: instance.clone(),
            }));
        }
        known.is_some()
    }

    /// The groups, the worst and the most frequent first; what came first where that is the same.
    pub(super) fn sorted(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.all.iter().collect();
        groups.sort_by(|left, right| {
            left.rank().cmp(&right.rank()).then_with(|| right.exchanges.cmp(&left.exchanges)).then_with(|| right.places.cmp(&left.places))
        });
        groups
    }

    /// How many findings are in no group.
    pub(super) fn beyond(&self) -> usize {
        self.beyond
    }
}

/// The group of a finding that is the first of its kind, nothing counted yet.
fn first(key: Cause, checked: &Checked, finding: &Finding, snippets: bool) -> Group {
    Group {
        vendor: key.vendor,
        subject: key.subject,
        rule: finding.rule,
        severity: finding.severity,
        on: finding.on,
        known: finding.known,
        unmatched: checked.operation.is_none(),
        schema: finding.schema.clone(),
        spec: key.spec,
        message: finding.message.clone(),
        types: finding.types.clone(),
        snippets: if snippets { finding.excerpts.iter().map(snippet).collect() } else { Vec::new() },
        exchanges: 0,
        places: 0,
        statuses: BTreeSet::new(),
        examples: Vec::new(),
    }
}

/// Cuts lines out around the mark of an excerpt.
fn snippet(excerpt: &Excerpt) -> Snippet {
    let text: &str = &excerpt.text;
    let before = text.get(..excerpt.offset).unwrap_or(text);
    let number = before.matches('\n').count();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let start = before.get(line_start..).map_or(0, |rest| rest.chars().count());
    let marked = text.get(excerpt.offset..excerpt.offset.saturating_add(excerpt.length)).unwrap_or_default();
    let marked = marked.lines().next().unwrap_or_default().chars().count();
    let first = number.saturating_sub(CONTEXT);
    let lines: Vec<String> =
        text.lines().skip(first).take(2 * CONTEXT + 1).map(|line| crate::schema::shorten(&line.replace('\t', " "), LINE)).collect();
    Snippet {
        name: excerpt.name.clone(),
        first: excerpt.line + first,
        lines,
        line: number - first,
        start: start.min(LINE),
        end: (start + marked.max(1)).min(LINE + 1),
        label: excerpt.label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_cut_around_the_mark() {
        let text = (1..=30).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n");
        let offset = text.find("20").expect("it is there");
        let excerpt = Excerpt { name: "a".to_owned(), line: 1, text: text.into(), offset, length: 2, label: "here".to_owned() };
        let snippet = snippet(&excerpt);
        assert_eq!((snippet.first, snippet.lines.len(), snippet.line), (15, 11, 5));
        assert_eq!((snippet.lines[5].as_str(), snippet.start, snippet.end), ("line 20", 5, 7));
    }
}
