//! What machine-readable reports tell besides the exchanges, collected while the run goes on: entries that cannot be used, notes, known
//! drift that is out of date, groups of findings, and what was proved of vendors. Read by `json.rs` and `ndjson.rs`.

use serde::Serialize;
use serde_json::{Value, json};

use super::groups::{Group, Groups};
use crate::event::{Event, Outcome};
use crate::proof::Proof;
use crate::verdict::Summary;

/// How many unusable entries are listed; the summary counts them all.
const LISTED: usize = 10_000;

/// What follows the exchanges.
#[derive(Debug)]
pub(super) struct Tail {
    notes: Vec<Value>,
    unusable: Vec<Value>,
    unreadable: Vec<Value>,
    groups: Groups,
    proofs: Vec<std::sync::Arc<Proof>>,
}

impl Tail {
    pub(super) fn new() -> Self {
        Self { notes: Vec::new(), unusable: Vec::new(), unreadable: Vec::new(), groups: Groups::new(1, false), proofs: Vec::new() }
    }

    /// Takes the next event in.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Checked(checked) => self.groups.take(checked),
            Event::Unusable { recording, entry, reason } if self.unusable.len() < LISTED => {
                self.unusable.push(json!({"recording": &**recording, "entry": entry, "reason": reason}));
            }
            Event::Note { recording, message } => self.notes.push(json!({"recording": &**recording, "message": message})),
            Event::Unreadable { recording, reason } => self.unreadable.push(json!({"recording": &**recording, "reason": reason})),
            Event::Proved(proof) => self.proofs.push(std::sync::Arc::clone(proof)),
            Event::RecordingStarted { .. } | Event::RecordingFinished { .. } | Event::Unusable { .. } | Event::Finished(_) => {}
        }
    }

    /// The members of the report's object, those that are empty left out.
    pub(super) fn members(&self, outcome: &Outcome) -> Vec<(&'static str, Value)> {
        let mut members = Vec::new();
        let mut list = |name, items: Vec<Value>| {
            if !items.is_empty() {
                members.push((name, Value::Array(items)));
            }
        };
        list("groups", self.groups.sorted().into_iter().map(group).collect());
        list("unusable", self.unusable.clone());
        list("unreadable", self.unreadable.clone());
        list("notes", self.notes.clone());
        list("drift", problems(outcome));
        if self.groups.beyond() > 0 {
            members.push(("ungrouped", self.groups.beyond().into()));
        }
        if !self.proofs.is_empty() {
            let holds = outcome.holds() && self.unreadable.is_empty() && self.proofs.iter().all(|proof| proof.holds());
            members.push(("holds", holds.into()));
            if let Some(package) = self.proofs.iter().find(|proof| proof.vendor.is_none()).and_then(|proof| proof.parts.first()) {
                members.push(("package", json!(package)));
            }
            members.push(("vendors", self.proofs.iter().filter(|proof| proof.vendor.is_some()).map(|proof| vendor(proof)).collect()));
        }
        members
    }
}

fn group(group: &Group) -> Value {
    json!({
        "rule": group.rule, "severity": group.severity, "on": group.on, "known": group.known,
        "vendor": group.vendor.as_deref(), "operation": if group.unmatched { None } else { Some(&group.subject) },
        "message": group.message, "schema": group.schema.as_str(),
        "spec": group.spec.as_ref().map(|spec| json!({"file": spec.file, "line": spec.line, "column": spec.column})),
        "exchanges": group.exchanges, "places": group.places,
        "first": group.examples.first().map(|first| json!({
            "recording": &*first.recording, "entry": first.entry, "instance": first.instance.as_str(),
        })),
    })
}

fn problems(outcome: &Outcome) -> Vec<Value> {
    let problems = outcome.vendors.iter().flat_map(|vendor| vendor.drift.iter().map(move |problem| (vendor, problem)));
    let problem = |(vendor, problem): (&crate::VendorOutcome, &crate::DriftProblem)| {
        json!({
            "vendor": vendor.vendor.as_deref(), "rule": problem.rule, "operation": problem.operation, "reason": problem.reason,
            "expires": problem.expires.to_string(), "kind": problem.kind.name(),
            "at": {"file": problem.position.file, "line": problem.position.line, "column": problem.position.column},
        })
    };
    problems.map(problem).collect()
}

fn vendor(proof: &Proof) -> Value {
    json!({"vendor": proof.vendor.as_deref(), "title": proof.title, "holds": proof.holds(), "parts": proof.parts})
}

/// The summary in the form that scripts rely on: what is nought and not promised is left out.
#[derive(Serialize)]
pub(super) struct Counts {
    exchanges: usize,
    conforms: usize,
    drift: usize,
    violation: usize,
    unmatched: usize,
    #[serde(skip_serializing_if = "is_zero")]
    known: usize,
    #[serde(skip_serializing_if = "is_zero")]
    unusable: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Counts {
    pub(super) fn of(summary: &Summary) -> Self {
        let Summary { exchanges, conforms, drift, violation, unmatched, known, unusable } = *summary;
        Self { exchanges, conforms, drift, violation, unmatched, known, unusable }
    }
}
