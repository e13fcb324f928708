//! The report for code hosts: SARIF 2.1.0 (OASIS), a result per cause, placed in the document that is broken. Repeats are one
//! result with a count, as these hosts show a result as one remark on one line.
//!
//! The objects are written by hand: a library for all of SARIF is many times what these few members need.

use std::io::{self, Write};
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};
use wireproof_openapi::Position;

use super::Report;
use super::groups::{Example, Group, Groups};
use super::json::Tool;
use crate::drift::DriftProblem;
use crate::event::{Event, Outcome};
use crate::finding::Severity;
use crate::rule::Rule;
use crate::schema::shorten;

/// What a path keeps as it is in a URI: all but what would end or change it.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'?')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']');

/// How many characters of a sentence are written.
const MESSAGE: usize = 1_000;

/// Writes a run as SARIF.
#[derive(Debug)]
pub struct Sarif<W> {
    out: W,
    tool: Tool,
    groups: Groups,
    notifications: Vec<Value>,
    /// Whether everything could be read.
    successful: bool,
}

impl<W: Write> Sarif<W> {
    /// A report that is written to `out`.
    pub fn new(out: W, tool: Tool) -> Self {
        Self { out, tool, groups: Groups::new(10, false), notifications: Vec::new(), successful: true }
    }

    fn notify(&mut self, level: &str, text: &str, place: Option<Value>) {
        let mut notification = json!({"level": level, "message": {"text": shorten(text, MESSAGE)}});
        if let (Some(place), Some(object)) = (place, notification.as_object_mut()) {
            object.insert("locations".to_owned(), json!([place]));
        }
        self.notifications.push(notification);
    }

    fn finish(&mut self, outcome: &Outcome) -> io::Result<()> {
        let mut results: Vec<Value> = self.groups.sorted().into_iter().map(result).collect();
        results.extend(outcome.vendors.iter().flat_map(|vendor| &vendor.drift).map(drift_result));
        if self.groups.beyond() > 0 {
            self.notify("warning", &format!("{} more findings are not listed: the JSON report has them all", self.groups.beyond()), None);
        }
        let report = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {"name": self.tool.name, "semanticVersion": self.tool.version, "rules": rules()}},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": self.successful, "toolExecutionNotifications": self.notifications}],
                "results": results,
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &report)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

impl<W: Write> Report for Sarif<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Checked(checked) => self.groups.take(checked),
            Event::Unreadable { recording, reason } => {
                self.successful = false;
                self.notify("error", reason, Some(location(recording, None)));
            }
            Event::Note { recording, message } => self.notify("note", message, Some(location(recording, None))),
            Event::Proved(proof) => {
                let vendor = proof.vendor.as_deref().unwrap_or("the generated package");
                for part in proof.parts.iter().filter(|part| part.state >= crate::proof::State::Broken) {
                    let text = [&[format!("{vendor}: {}: {}", part.topic, part.text)], part.details.as_slice()].concat().join("; ");
                    self.notify("error", &text, None);
                }
            }
            Event::Finished(outcome) => return self.finish(outcome),
            // What it comes to is told by the JSON report; a code host has no place for it.
            Event::RecordingStarted { .. } | Event::RecordingFinished { .. } | Event::Unusable { .. } => {}
        }
        Ok(())
    }
}

/// All rules, so that their numbers stay the same whatever was found.
fn rules() -> Vec<Value> {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.name(),
            "shortDescription": {"text": rule.summary()},
            "fullDescription": {"text": rule.summary()},
            "help": {"text": rule.page(), "markdown": rule.page()},
            "defaultConfiguration": {"level": level(rule.severity())},
        })
    };
    let own = [
        ("stale-drift", "An entry of a known-drift file matches nothing any more"),
        ("expired-drift", "An entry of a known-drift file is past its day"),
        ("unexplained-drift", "An entry of a known-drift file has no reason yet"),
    ];
    let own = own.into_iter().map(|(id, text)| {
        json!({"id": id, "shortDescription": {"text": text}, "fullDescription": {"text": text}, "help": {"text": text}, "defaultConfiguration": {"level": "error"}})
    });
    Rule::ALL.iter().map(rule).chain(own).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Violation => "error",
        Severity::Drift => "warning",
        Severity::Note => "note",
    }
}

fn result(group: &Group) -> Value {
    let whose = group.vendor.as_ref().map(|vendor| format!("{vendor} ")).unwrap_or_default();
    let count = if group.exchanges > 1 { format!(" ({} exchanges, {} places)", group.exchanges, group.places) } else { String::new() };
    let types = group.types.as_ref().map(|types| format!(" Types: {types}.")).unwrap_or_default();
    let message = format!("{whose}{}: {}{count}.{types}", group.subject, group.message);
    // An exchange of none of several documents has its place in its recording only.
    let place = match (&group.spec, group.examples.first()) {
        (Some(spec), _) => at(spec),
        (None, Some(first)) => location(&first.recording, None),
        (None, None) => location("", None),
    };
    let mut place = place;
    if let Some(object) = place.as_object_mut() {
        object.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": group.subject, "kind": "function"}]));
    }
    // One for each exchange, however many places in it.
    let mut examples: Vec<&Example> = group.examples.iter().collect();
    examples.dedup_by_key(|example| (Arc::clone(&example.recording), example.entry));
    let related = examples.into_iter().map(|example| {
        let mut related = location(&example.recording, None);
        let text = format!("entry {}: {} {} {}, at `{}`", example.entry, example.method, example.url, example.status, example.instance);
        if let Some(object) = related.as_object_mut() {
            object.insert("message".to_owned(), json!({"text": shorten(&text, MESSAGE)}));
        }
        related
    });
    let mut result: Map<String, Value> = Map::new();
    result.insert("ruleId".to_owned(), json!(group.rule));
    result.insert("ruleIndex".to_owned(), json!(Rule::ALL.iter().position(|rule| *rule == group.rule)));
    result.insert("level".to_owned(), json!(level(group.severity)));
    result.insert("message".to_owned(), json!({"text": shorten(&message, MESSAGE)}));
    result.insert("locations".to_owned(), json!([place]));
    result.insert("relatedLocations".to_owned(), related.collect());
    result.insert("occurrenceCount".to_owned(), json!(group.places));
    // The line is left out: it moves when something above it changes, and the finding stays the same.
    let identity = [group.vendor.as_deref().unwrap_or_default(), &group.subject, group.rule.name(), group.schema.as_str()].join("\n");
    result.insert("partialFingerprints".to_owned(), json!({"wireproof/v1": fingerprint(&identity)}));
    if group.known {
        result.insert("suppressions".to_owned(), json!([{"kind": "external", "justification": "listed as known drift"}]));
    }
    Value::Object(result)
}

fn drift_result(problem: &DriftProblem) -> Value {
    let identity = [problem.kind.name(), problem.rule.name(), &problem.operation, &problem.position.file].join("\n");
    json!({
        "ruleId": format!("{}-drift", problem.kind.name()),
        "level": "error",
        "message": {"text": shorten(&problem.to_string(), MESSAGE)},
        "locations": [at(&problem.position)],
        "partialFingerprints": {"wireproof/v1": fingerprint(&identity)},
    })
}

fn at(position: &Position) -> Value {
    location(&position.file, Some((position.line, position.column)))
}

fn location(file: &str, place: Option<(u32, u32)>) -> Value {
    let mut physical = Map::new();
    physical.insert("artifactLocation".to_owned(), json!({"uri": uri(file)}));
    if let Some((line, column)) = place {
        physical.insert("region".to_owned(), json!({"startLine": line, "startColumn": column}));
    }
    json!({"physicalLocation": physical})
}

/// A path as a URI: relative where the path is.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = utf8_percent_encode(&path, PATH).to_string();
    let drive = path.as_bytes().get(1) == Some(&b':');
    match (path.starts_with('/'), drive) {
        (true, _) => format!("file://{encoded}"),
        (false, true) => format!("file:///{encoded}"),
        // `a:b` would read as a scheme.
        (false, false) if encoded.split('/').next().is_some_and(|first| first.contains(':')) => format!("./{encoded}"),
        (false, false) => encoded,
    }
}

/// FNV-1a with 64 bits: the same on every machine and in every version, which is all that is asked of it.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("specs/a b/openapi.yaml", "specs/a%20b/openapi.yaml"),
            ("/tmp/x#1.har", "file:///tmp/x%231.har"),
            ("C:\\specs\\x.yaml", "file:///C:/specs/x.yaml"),
            ("ab:c/x.yaml", "./ab:c/x.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn fingerprints_never_change() {
        assert_eq!((fingerprint(""), fingerprint("a")), ("cbf29ce484222325".to_owned(), "af63dc4c8601ec8c".to_owned()));
    }
}
