//! Which format a recording is written in, by what stands in it: half of them end in `.json`. The name decides only where the
//! beginning of the content does not.

use std::io::{Cursor, Read};

use super::{Format, RecordingError, cassette};

/// How much of a file is looked at.
const HEAD: u64 = 64 << 10;

/// How many keys are named in the error about a file that is no recording.
const NAMED: usize = 4;

/// Finds the format of a recording, and gives back a reader of the whole. `name` is what errors call it; how it ends is a hint.
/// Standard input, called `-`, is NDJSON unless its content says otherwise.
///
/// # Errors
///
/// When the content is no recording, with what was found instead.
pub fn recognise<R: Read>(name: &str, mut reader: R) -> Result<(Format, impl Read + use<R>), RecordingError> {
    let fault = |message: String| RecordingError { file: name.to_owned(), place: None, message, entries: 0 };
    let mut head = Vec::new();
    let mut looked_at = (&mut reader).take(HEAD);
    looked_at.read_to_end(&mut head).map_err(|error| fault(format!("the recording cannot be read: {error}")))?;
    let whole = (head.len() as u64) < HEAD;
    let hint = if name == "-" { Some(Format::Ndjson) } else { Format::of(name) };
    let format = match found(&head, whole) {
        Found::Format(format) => format,
        Found::Log { lines } if lines || hint == Some(Format::Ndjson) => Format::Ndjson,
        Found::Log { .. } => Format::Har,
        Found::Undecided(what) => hint.ok_or_else(|| fault(format!("no recording: {what}")))?,
    };
    Ok((format, Cursor::new(head).chain(reader)))
}

/// What the beginning of a file shows.
#[derive(Debug, PartialEq)]
enum Found {
    Format(Format),
    /// A HAR file; `lines`: one that ends with its line, and more follows.
    Log {
        lines: bool,
    },
    /// Nothing that tells; what there is, in words.
    Undecided(String),
}

fn found(head: &[u8], whole: bool) -> Found {
    let head = head.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(head).trim_ascii_start();
    let undecided = |what: &str| Found::Undecided(what.to_owned());
    match head {
        [] => undecided("it is empty"),
        [b'{' | b'[', ..] => json(head, whole),
        [0x1F, 0x8B, ..] => undecided("it is compressed with gzip, unpack it first"),
        [b'P', b'K', 3, 4, ..] => undecided("it is a ZIP archive, unpack it first"),
        [b'<', ..] => undecided("it is HTML or XML"),
        _ => match text(head, whole) {
            Some(text) => yaml(text),
            None => undecided("it is no text"),
        },
    }
}

/// The head as text; the last character may be cut through.
fn text(head: &[u8], whole: bool) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if !whole && error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}

fn json(head: &[u8], whole: bool) -> Found {
    let scan = Scan::of(head);
    let has = |name: &str| scan.keys.iter().any(|key| key == name);
    let list = head.first() == Some(&b'[');
    let lines = scan.end.is_some_and(|end| {
        let rest = head.get(end..).unwrap_or_default();
        !rest.trim_ascii().is_empty() && rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) == Some(&b'\n')
    });
    let one_line = !head.get(..scan.end.unwrap_or(head.len())).unwrap_or_default().contains(&b'\n');
    if has("openapi") || has("swagger") {
        Found::Undecided("it is an OpenAPI document".to_owned())
    } else if has("log") && !list {
        Found::Log { lines: lines && one_line }
    } else if has("http_interactions")
        || has("interactions")
        || (list && (has("request") || (whole && scan.keys.is_empty() && scan.objects_only)))
    {
        Found::Format(Format::CassetteJson)
    } else if has("request") && one_line {
        Found::Format(Format::Ndjson)
    } else if list && has("method") && has("path") && has("status") {
        Found::Format(Format::Nock)
    } else if has("item") || has("collection") {
        Found::Format(Format::Postman)
    } else if has("request") {
        Found::Undecided("it is one entry on several lines (write each entry on a line of its own)".to_owned())
    } else if scan.end.is_some_and(|end| serde_json::from_slice::<serde::de::IgnoredAny>(head.get(..end).unwrap_or_default()).is_err()) {
        // A section of a TOML file also begins with a bracket.
        Found::Undecided("it is a text of another kind".to_owned())
    } else {
        Found::Undecided(with_keys(if list { "a JSON list" } else { "a JSON object" }, &scan.keys))
    }
}

fn yaml(text: &str) -> Found {
    let keys = cassette::keys(text);
    let has = |name: &str| keys.iter().any(|key| key == name);
    if has("openapi") || has("swagger") {
        Found::Undecided("it is an OpenAPI document".to_owned())
    } else if has("http_interactions") || has("interactions") || (has("request") && has("response")) {
        Found::Format(Format::CassetteYaml)
    } else {
        Found::Undecided(if keys.is_empty() { "it is a text of another kind".to_owned() } else { with_keys("a YAML file", &keys) })
    }
}

fn with_keys(what: &str, keys: &[String]) -> String {
    let named: Vec<String> = keys.iter().take(NAMED).map(|key| format!("`{}`", crate::schema::shorten(key, 40))).collect();
    match (named.len(), keys.len() > NAMED) {
        (0, _) => format!("it is {what}"),
        (_, true) => format!("it is {what} with {}, ...", named.join(", ")),
        (_, false) => format!("it is {what} with {}", named.join(", ")),
    }
}

/// The first JSON value of a text that may break off anywhere.
#[derive(Debug, Default)]
struct Scan {
    /// The keys of the object, or of the first object of the list.
    keys: Vec<String>,
    /// Where the value ends, if it does.
    end: Option<usize>,
    /// Whether a list holds nothing but objects.
    objects_only: bool,
}

impl Scan {
    fn of(text: &[u8]) -> Self {
        let mut scan = Self { objects_only: true, ..Self::default() };
        let level = if text.first() == Some(&b'[') { 2 } else { 1 };
        let (mut depth, mut objects, mut key) = (0_usize, 0_usize, None);
        let mut bytes = text.iter().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'{' | b'[' => {
                    depth += 1;
                    objects += usize::from(depth == level);
                    scan.objects_only &= depth != 2 || level == 1 || *byte == b'{';
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        scan.end = Some(at + 1);
                        break;
                    }
                }
                b'"' => {
                    let mut escaped = false;
                    let end = bytes.by_ref().find(|(_, byte)| {
                        let closes = **byte == b'"' && !escaped;
                        escaped = **byte == b'\\' && !escaped;
                        closes
                    });
                    let Some((end, _)) = end else { break };
                    scan.objects_only &= depth != 1 || level == 1;
                    key = text.get(at + 1..end);
                }
                b':' if depth == level && objects == 1 => {
                    if let Some(name) = key.take() {
                        scan.keys.push(String::from_utf8_lossy(name).into_owned());
                    }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                _ => scan.objects_only &= depth != 1 || level == 1,
            }
        }
        scan
    }
}

/// Whether a name is one under which recordings are kept, so that a file in a folder is worth a look.
pub fn is_recording_name(name: &str) -> bool {
    const EXTENSIONS: &[&str] = &["har", "ndjson", "jsonl", "yaml", "yml", "json"];
    name.rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.iter().any(|extension| end.eq_ignore_ascii_case(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(name: &str, text: &str) -> Result<Format, String> {
        match recognise(name, text.as_bytes()) {
            Ok((format, mut reader)) => {
                let mut read = String::new();
                reader.read_to_string(&mut read).expect("text");
                assert_eq!(read, text, "nothing of it is lost");
                Ok(format)
            }
            Err(error) => Err(error.message),
        }
    }

    #[test]
    fn formats_are_told_by_their_content() {
        let entry = r#"{"request":{"log":1},"response":{}}"#;
        let log = r#"{"log":{"entries":[]}}"#;
        let long = format!(r#"{{"request":{{"url":"{}"}}}}"#, "x".repeat(100_000));
        for (name, text, expected) in [
            ("a.json", log, Format::Har),
            ("a.txt", "\u{FEFF} {\n \"log\": {", Format::Har),
            ("a.har", "{\"_x\": \"\\\"log\\\":\", \"log\": {}}", Format::Har),
            ("a.har", "", Format::Har),
            ("a.json", &format!("{log}\n{log}\n"), Format::Ndjson),
            ("a.json", &format!("{log}\n"), Format::Har),
            ("-", log, Format::Ndjson),
            ("-", "{\n\"log\":", Format::Ndjson),
            ("a.json", entry, Format::Ndjson),
            ("a", &format!("{entry}\n{entry}"), Format::Ndjson),
            ("a.json", &long, Format::Ndjson),
            ("a.jsonl", "not JSON at all", Format::Ndjson),
            ("-", "", Format::Ndjson),
            ("a.json", "{\n \"http_interactions\": [{", Format::CassetteJson),
            ("a.har", r#"{"version": 1, "interactions": []}"#, Format::CassetteJson),
            ("a.json", "[\n {\"request\": {\"item\": 1}, \"response\": {}}]", Format::CassetteJson),
            ("a.json", "[ ]", Format::CassetteJson),
            ("a.json", r#"[{"scope": "x", "method": "GET", "path": "/", "body": "", "status": 200}]"#, Format::Nock),
            ("a.json", "{\"info\": {\"name\": \"x\"}, \"item\": [", Format::Postman),
            ("a.json", "{\"collection\": {\"info\": ", Format::Postman),
            ("a.yaml", "---\nhttp_interactions:\n- request: {", Format::CassetteYaml),
            ("a.txt", "version: 1\ninteractions:\n", Format::CassetteYaml),
            ("a.yml", "- request: !!python/object:x\n    a: 1\n  response: {}\n", Format::CassetteYaml),
        ] {
            assert_eq!(format(name, text), Ok(expected), "{name}: {}", text.get(..60).unwrap_or(text));
        }
    }

    #[test]
    fn what_is_no_recording_is_named() {
        for (name, text, expected) in [
            ("a.json", "", "it is empty"),
            ("a.yaml", "openapi: 3.0.0\ninteractions: []\n", "it is an OpenAPI document"),
            ("a.json", r#"{"openapi": "3.0.0", "log": 1}"#, "it is an OpenAPI document"),
            ("a.json", r#"{"a": 1, "b": {"log": 2}, "c": 3, "d": 4, "e": 5}"#, "it is a JSON object with `a`, `b`, `c`, `d`, ..."),
            ("a.json", "[1, 2]", "it is a JSON list"),
            ("a.json", "[\"x\"]", "it is a JSON list"),
            ("a.json", "{\n\"request\": {}}", "it is one entry on several lines (write each entry on a line of its own)"),
            ("a.yaml", "on: push\njobs: {}\n", "it is a YAML file with `on`, `jobs`"),
            ("a.md", "# Title\n\nText.\n", "it is a text of another kind"),
            ("a.gz", "\u{1F}", "it is a text of another kind"),
            ("a.toml", "[tool]\na = 1\n", "it is a text of another kind"),
            ("a.html", "<html>", "it is HTML or XML"),
            ("a.zip", "PK\u{3}\u{4}", "it is a ZIP archive, unpack it first"),
        ] {
            let error = format(name, text).expect_err(text);
            assert_eq!(error, format!("no recording: {expected}"), "{name}");
        }
    }
}
