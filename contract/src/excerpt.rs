//! Excerpts: the document and the body, cut out around the place of a finding. The document's text is shown as it stands; a
//! body is laid out anew around the place, since bodies come in one line as often as not, and its values are masked unless
//! they were asked for. Next: `report/pretty.rs`.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::Value;
use wireproof_openapi::{Document, Position};

use crate::finding::{Excerpt, Finding, Side};
use crate::json::Fault;

/// How many members or items stand on each side of the one that is meant.
const NEIGHBOURS: usize = 3;

/// How many lines of the document are cut out on each side of the one that is meant.
const CONTEXT: usize = 6;

/// How many characters of a body that is no JSON are shown around the place.
const WINDOW: usize = 60;

/// What is known of the body that a finding is about.
pub(crate) struct Body<'b> {
    pub(crate) value: Option<&'b Value>,
    pub(crate) bytes: Option<&'b Bytes>,
    pub(crate) fault: Option<&'b Fault>,
}

/// The excerpts for a finding. `lines` are those of the document.
pub(crate) fn of(finding: &Finding, document: &Document, lines: &Lines, body: &Body<'_>, show_values: bool) -> Vec<Excerpt> {
    let of_document = finding.spec.as_ref().and_then(|position| document_excerpt(position, document, lines));
    let of_body = match (body.value, body.bytes, body.fault) {
        (_, Some(bytes), Some(fault)) if finding.rule == crate::Rule::BodyUnparseable => {
            Some(text_excerpt(bytes, fault, finding.on, show_values))
        }
        (Some(value), ..) if is_about_body(finding) => value_excerpt(value, finding, show_values),
        _ => None,
    };
    of_document.into_iter().chain(of_body).collect()
}

fn is_about_body(finding: &Finding) -> bool {
    use crate::Rule;
    let query = finding.rule == Rule::UndocumentedField && finding.on == Side::Request && finding.instance.as_str().starts_with("/query/");
    !query
        && matches!(
            finding.rule,
            Rule::BodySchema
                | Rule::RequestBodySchema
                | Rule::UndocumentedField
                | Rule::WriteOnlyInResponse
                | Rule::ReadOnlyInRequest
                | Rule::TypeDecode
                | Rule::TypeRoundTrip
        )
}

/// Where the lines of a document begin. Looking for one anew for each finding would read all of a large document each time.
#[derive(Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// The lines of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }
}

fn document_excerpt(position: &Position, document: &Document, lines: &Lines) -> Option<Excerpt> {
    let source = document.source();
    if source.path != position.file {
        return None;
    }
    let number = |count: u32| usize::try_from(count).ok();
    let line = number(position.line)?.checked_sub(1)?;
    let first = line.saturating_sub(CONTEXT);
    let start = *lines.0.get(first)?;
    let end = lines.0.get(line + CONTEXT + 1).copied().unwrap_or(source.text.len());
    let text = source.text.get(start..end)?;
    let marked_line = lines.0.get(line)?.checked_sub(start)?;
    let rest = text.get(marked_line..)?.lines().next().unwrap_or_default();
    let column = rest.char_indices().nth(number(position.column)?.checked_sub(1)?).map_or(rest.len(), |(at, _)| at);
    let length = rest.get(column..).map_or(0, |marked| marked.trim_end().len()).max(1);
    Some(Excerpt {
        name: source.path.clone(),
        line: first + 1,
        text: printable(text).into(),
        offset: marked_line + column,
        length,
        label: "the document says".to_owned(),
    })
}

/// The text without control characters, which could play tricks on a terminal; every byte keeps its place.
fn printable(text: &str) -> String {
    let is_trick = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_trick(letter) { clean.extend(std::iter::repeat_n('?', letter.len_utf8())) } else { clean.push(letter) }
    }
    clean
}

fn value_excerpt(value: &Value, finding: &Finding, show_values: bool) -> Option<Excerpt> {
    value.pointer(finding.instance.as_str())?;
    let mut layout = Layout { text: String::new(), show_values, mark: None };
    let path: Vec<_> = finding.instance.segments().map(std::borrow::Cow::into_owned).collect();
    layout.value(value, &path, 0, 0);
    let (offset, end) = layout.mark?;
    let label = match finding.on {
        Side::Request => "the request has",
        Side::Response => "the response has",
    };
    Some(Excerpt {
        name: format!("{} body", finding.on.name()),
        line: 1,
        text: layout.text.into(),
        offset,
        length: (end - offset).max(1),
        label: label.to_owned(),
    })
}

/// A value laid out around one place in it.
struct Layout {
    text: String,
    show_values: bool,
    mark: Option<(usize, usize)>,
}

impl Layout {
    /// Writes a value whose line begins at `start`; `path` leads on to the place that is meant, and is empty beyond it.
    fn value(&mut self, value: &Value, path: &[String], indent: usize, start: usize) {
        let is_target = path.is_empty() && self.mark.is_none();
        match value {
            Value::Object(members) => {
                let at = path.first().and_then(|name| members.keys().position(|key| key == name));
                let entries: Vec<(Option<&str>, &Value)> = members.iter().map(|(key, value)| (Some(key.as_str()), value)).collect();
                self.container(('{', '}'), &entries, at, path, indent, is_target.then_some(start));
            }
            Value::Array(items) => {
                let at = path.first().and_then(|index| index.parse().ok());
                let entries: Vec<(Option<&str>, &Value)> = items.iter().map(|value| (None, value)).collect();
                self.container(('[', ']'), &entries, at, path, indent, is_target.then_some(start));
            }
            scalar => {
                self.scalar(scalar);
                if is_target {
                    self.mark = Some((start, self.text.len()));
                }
            }
        }
    }

    fn container(
        &mut self,
        (open, close): (char, char),
        entries: &[(Option<&str>, &Value)],
        at: Option<usize>,
        path: &[String],
        indent: usize,
        target: Option<usize>,
    ) {
        self.text.push(open);
        if let Some(start) = target {
            self.mark = Some((start, self.text.len()));
        }
        // Beside and below the place itself, containers are only hinted at.
        if entries.is_empty() || (at.is_none() && target.is_none()) {
            self.text.push_str(if entries.is_empty() { "" } else { " … " });
            self.text.push(close);
            return;
        }
        let first = at.unwrap_or(0).saturating_sub(NEIGHBOURS);
        let last = (at.unwrap_or(NEIGHBOURS) + NEIGHBOURS + 1).min(entries.len());
        let margin = "  ".repeat(indent + 1);
        if first > 0 {
            self.push(format_args!("\n{margin}… {first} before"));
        }
        for (index, (key, value)) in entries.iter().enumerate().take(last).skip(first) {
            self.text.push('\n');
            self.text.push_str(&margin);
            let start = self.text.len();
            if let Some(key) = key {
                self.push(format_args!("{}: ", Value::String(crate::schema::shorten(key, 60))));
            }
            if at == Some(index) {
                self.value(value, path.get(1..).unwrap_or_default(), indent + 1, start);
            } else {
                self.aside(value);
            }
            if index + 1 < entries.len() {
                self.text.push(',');
            }
        }
        if last < entries.len() {
            self.push(format_args!("\n{margin}… {} more", entries.len() - last));
        }
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(indent));
        self.text.push(close);
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(text);
    }

    fn aside(&mut self, value: &Value) {
        match value {
            Value::Object(members) => self.text.push_str(if members.is_empty() { "{}" } else { "{ … }" }),
            Value::Array(items) => self.text.push_str(if items.is_empty() { "[]" } else { "[ … ]" }),
            scalar => self.scalar(scalar),
        }
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::String(text) if self.show_values => self.text.push_str(&Value::String(crate::schema::shorten(text, 60)).to_string()),
            Value::String(text) => self.text.push_str(if text.is_empty() { "\"\"" } else { "\"***\"" }),
            Value::Number(_) if !self.show_values => self.text.push_str("***"),
            other => self.text.push_str(&other.to_string()),
        }
    }
}

/// A window of a text that is no JSON, around its fault.
fn text_excerpt(bytes: &[u8], fault: &Fault, on: Side, show_values: bool) -> Excerpt {
    let at = fault.place.offset.min(bytes.len());
    let from = at.saturating_sub(4 * WINDOW);
    let before: Vec<char> = String::from_utf8_lossy(bytes.get(from..at).unwrap_or_default()).chars().collect();
    let start = before.len().saturating_sub(WINDOW);
    let after = String::from_utf8_lossy(bytes.get(at..).unwrap_or_default()).chars().take(WINDOW).collect::<Vec<_>>();
    let letters = before.get(start..).unwrap_or_default().iter().chain(&after);
    let window: Vec<char> = letters.map(|&letter| if letter.is_control() { ' ' } else { letter }).collect();
    let shown: String = if show_values { window.iter().collect() } else { mask(&window) };
    // Where the text breaks off, its last character is marked.
    let marked = if after.is_empty() { (before.len() - start).saturating_sub(1) } else { before.len() - start };
    let offset = shown.char_indices().nth(marked).map_or(shown.len(), |(at, _)| at);
    let length = shown.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let label = if after.is_empty() { "the body ends here".to_owned() } else { format!("{} of the body", fault.place) };
    Excerpt { name: format!("{} body", on.name()), line: 1, text: shown.into(), offset, length, label }
}

/// Masks what may be values: all letters and digits, but for those of strings that a `:` follows, which are keys.
fn mask(window: &[char]) -> String {
    let mut out = String::with_capacity(window.len());
    let mut at = 0;
    while let Some(&letter) = window.get(at) {
        if letter == '"' {
            let end = (at + 1..window.len()).find(|&end| window[end] == '"').unwrap_or(window.len());
            let is_key = window.get(end + 1..).unwrap_or_default().iter().find(|letter| !letter.is_whitespace()) == Some(&':');
            let inside = window.get(at + 1..end).unwrap_or_default();
            out.push('"');
            out.extend(inside.iter().map(|&letter| if is_key || !letter.is_alphanumeric() { letter } else { '*' }));
            if end < window.len() {
                out.push('"');
            }
            at = end + 1;
        } else {
            out.push(if letter.is_alphanumeric() { '*' } else { letter });
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use wireproof_openapi::Pointer;

    fn layout(value: &Value, pointer: &str, show_values: bool) -> (String, String) {
        let mut layout = Layout { text: String::new(), show_values, mark: None };
        let path: Vec<String> = Pointer::from_plain(pointer).segments().map(std::borrow::Cow::into_owned).collect();
        layout.value(value, &path, 0, 0);
        let (start, end) = layout.mark.expect("a mark");
        let marked = layout.text[start..end].to_owned();
        (layout.text, marked)
    }

    #[test]
    fn a_body_is_laid_out_around_the_place() {
        let value = json!({"a": 1, "b": {"x": [1]}, "data": {"items": [{"id": "secret", "ok": true, "empty": ""}, {}]}, "z": null});
        let (text, marked) = layout(&value, "/data/items/0/id", false);
        insta::assert_snapshot!(text, @r#"
        {
          "a": ***,
          "b": { … },
          "data": {
            "items": [
              {
                "id": "***",
                "ok": true,
                "empty": ""
              },
              {}
            ]
          },
          "z": null
        }
        "#);
        assert_eq!(marked, "\"id\": \"***\"");
        assert_eq!(layout(&value, "/data", true).1, "\"data\": {");
        assert_eq!(layout(&value, "", true).1, "{");
    }

    #[test]
    fn long_lists_are_cut() {
        let value = json!((0..100).collect::<Vec<_>>());
        let (text, marked) = layout(&value, "/50", true);
        assert_eq!(marked, "50");
        assert_eq!(text.lines().nth(1), Some("  … 47 before"));
        assert_eq!(text.lines().count(), 11);
    }

    #[test]
    fn text_that_is_no_json_is_masked_but_for_its_keys() {
        let window: Vec<char> = r#"{"name": "Jane Doe", "age": 4"#.chars().collect();
        assert_eq!(mask(&window), r#"{"name": "**** ***", "age": *"#);
    }
}
