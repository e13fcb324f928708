//! The list that checks write to, and what becomes of an entry: its severity in this exchange, its place in the document's
//! text, and one finding where the same cause shows in many items of a list.

use std::collections::HashMap;

use wireproof_openapi::{Evidence, Pointer};

use super::Case;
use crate::excerpt;
use crate::finding::{Finding, Severity, Side};
use crate::json::generalise;
use crate::rule::Rule;

/// What a check has to say.
pub(super) struct Entry {
    pub(super) rule: Rule,
    pub(super) on: Side,
    pub(super) message: String,
    /// The place in the exchange.
    pub(super) instance: Pointer,
    /// The broken keyword, in the normalised tree.
    pub(super) schema: Pointer,
    /// Where to point at for it.
    pub(super) place: Pointer,
    /// Whether it is only worth a note, whatever the rule's severity.
    pub(super) note: bool,
    /// What it does to the caller's types.
    pub(super) types: Option<String>,
}

/// The findings of one exchange in the making.
#[derive(Default)]
pub(super) struct Found {
    entries: Vec<Entry>,
}

impl Found {
    /// Adds what breaks a rule.
    pub(super) fn add(&mut self, rule: Rule, on: Side, instance: Pointer, schema: &Pointer, message: String) -> &mut Entry {
        let at = self.entries.len();
        self.entries.push(Entry { rule, on, message, instance, schema: schema.clone(), place: schema.clone(), note: false, types: None });
        // The entry was pushed just now.
        &mut self.entries[at]
    }

    /// Adds what could not be checked, as a note under the rule that would have been.
    pub(super) fn note(&mut self, rule: Rule, on: Side, schema: &Pointer, message: String) {
        self.add(rule, on, Pointer::root(), schema, message).note = true;
    }

    /// The entries about the body of one side itself, for saying what they do to the types.
    pub(super) fn about_body(&mut self, on: Side) -> impl Iterator<Item = &mut Entry> {
        let is_about = move |rule| match on {
            Side::Request => matches!(rule, Rule::RequestBodySchema | Rule::BodyUnparseable),
            Side::Response => matches!(rule, Rule::BodySchema | Rule::BodyUnparseable | Rule::BodyMissing),
        };
        self.entries.iter_mut().filter(move |entry| entry.on == on && is_about(entry.rule) && !entry.note)
    }

    /// Makes findings of the entries.
    pub(super) fn finish(self, case: &Case<'_>, excerpts: Option<&excerpt::Lines>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::with_capacity(self.entries.len());
        let mut groups: HashMap<(Rule, Side, Pointer, String), usize> = HashMap::new();
        for entry in self.entries {
            let key = (entry.rule, entry.on, entry.place.clone(), generalise(&entry.instance));
            let place_of_item = key.3 != entry.instance.as_str();
            if place_of_item && let Some(finding) = groups.get(&key).and_then(|&index| findings.get_mut(index)) {
                if finding.places.is_empty() {
                    finding.places.push(finding.instance.clone());
                }
                if finding.places.last() != Some(&entry.instance) {
                    finding.places.push(entry.instance);
                }
                finding.types = finding.types.take().or(entry.types);
                continue;
            }
            groups.insert(key, findings.len());
            findings.push(finish(entry, case));
        }
        for finding in &mut findings {
            if finding.places.len() == 1 {
                finding.places.clear();
            }
            if let Some(lines) = excerpts.filter(|_| finding.severity > Severity::Note) {
                finding.excerpts = excerpt::of(finding, case.document(), lines, &value_of(case, finding.on), case.show_values);
            }
        }
        findings
    }
}

fn value_of<'c>(case: &'c Case<'_>, on: Side) -> excerpt::Body<'c> {
    let content = match on {
        Side::Request => &case.sent,
        Side::Response => &case.received,
    };
    excerpt::Body { value: content.value(), bytes: content.bytes(), fault: content.fault() }
}

fn finish(entry: Entry, case: &Case<'_>) -> Finding {
    let document = case.document();
    let severity = if entry.note { Severity::Note } else { severity(&entry, case) };
    Finding {
        rule: entry.rule,
        severity,
        on: entry.on,
        message: entry.message,
        instance: entry.instance,
        places: Vec::new(),
        schema: document.written(&entry.schema),
        spec: Some(document.position(&entry.place)),
        known: false,
        types: entry.types,
        excerpts: Vec::new(),
    }
}

/// The rule's severity, lowered where the document only assumes what was broken, and where a broken request was not accepted:
/// a refusal (4xx) is what a vendor owes it, and a failure (5xx) shows nothing about the request.
fn severity(entry: &Entry, case: &Case<'_>) -> Severity {
    if entry.on == Side::Request && case.exchange.status >= 400 {
        return Severity::Note;
    }
    match entry.rule.severity() {
        // That a body is sound JSON is what its content type says, not what the document assumes.
        Severity::Violation if entry.rule == Rule::BodyUnparseable => Severity::Violation,
        Severity::Violation if case.document().evidence(&entry.schema) == Evidence::Assumed => Severity::Drift,
        severity => severity,
    }
}
