//! YAML 1.2 to events, on `saphyr-parser`. What a plain scalar means is decided in `scalar.rs`; anchors, aliases and merge
//! keys are expanded by the sink (`tree.rs`).

use std::borrow::Cow;

use saphyr_parser::{Event as Yaml, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::Value;

use super::scalar::{self, Meaning};
use super::{Event, Fault, Sink};
use crate::source::Mark;

/// The prefix of the tags of YAML itself, which `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// Reads the one document of `text` into `sink`; no event for a text without any.
pub(super) fn read<S: Sink>(text: &str, sink: &mut S) -> Result<(), Fault> {
    let mut reader = Reader { lines: Lines { rest: text, passed: 0, last: "" }, sink, open: Vec::new(), documents: 0 };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| reader.scan_fault(&error))?;
        reader.take(event, span)?;
    }
    Ok(())
}

/// An open collection, and what comes next in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Sequence,
    Key,
    Value,
}

struct Reader<'t, 's, S> {
    lines: Lines<'t>,
    sink: &'s mut S,
    open: Vec<Open>,
    documents: usize,
}

impl<S: Sink> Reader<'_, '_, S> {
    fn take(&mut self, event: Yaml<'_>, span: Span) -> Result<(), Fault> {
        let mark = mark(span.start);
        match event {
            Yaml::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.fault("a second YAML document begins here; a file holds one", mark));
                }
                Ok(())
            }
            Yaml::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), mark),
            Yaml::MappingStart(anchor, tag) => self.start(Event::ObjectStart, Open::Key, anchor, tag.as_deref(), mark),
            Yaml::SequenceStart(anchor, tag) => self.start(Event::ArrayStart, Open::Sequence, anchor, tag.as_deref(), mark),
            Yaml::MappingEnd | Yaml::SequenceEnd => {
                self.open.pop();
                self.send(Event::End, 0, mark)
            }
            Yaml::Alias(anchor) => {
                self.pass();
                self.send(Event::Alias(anchor), 0, mark)
            }
            Yaml::Nothing | Yaml::StreamStart | Yaml::StreamEnd | Yaml::DocumentEnd => Ok(()),
        }
    }

    /// Notes that a node was met, and says whether it is a key.
    fn pass(&mut self) -> bool {
        match self.open.last_mut() {
            Some(open @ Open::Key) => {
                *open = Open::Value;
                true
            }
            Some(open @ Open::Value) => {
                *open = Open::Key;
                false
            }
            Some(Open::Sequence) | None => false,
        }
    }

    fn start(&mut self, event: Event<'_>, open: Open, anchor: usize, tag: Option<&Tag>, mark: Mark) -> Result<(), Fault> {
        if self.pass() {
            return Err(self.fault("a list or an object as a key; JSON knows text keys only", mark));
        }
        if let Some(name) = tag.map(tag_name).filter(|name| !["map", "seq", "!"].contains(&core_name(name))) {
            self.note_tag(&name);
        }
        self.open.push(open);
        self.send(event, anchor, mark)
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, mark: Mark) -> Result<(), Fault> {
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            self.check_indentation(&text, mark)?;
        }
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if self.pass() {
            let event = if plain && text == "<<" { Event::MergeKey } else { Event::Key(text) };
            return self.send(event, anchor, mark);
        }
        let value = match tag {
            Some(tag) => self.tagged(text, style, tag),
            None if plain => self.plain(text),
            None => Value::String(text.into_owned()),
        };
        self.send(Event::Scalar(value), anchor, mark)
    }

    /// Refuses a block scalar whose first line begins with a tab. By the letter of YAML 1.2 the tab is text; most readers take it
    /// for indentation, which it must not be, and refuse it. No two of them shall read one document differently.
    fn check_indentation(&mut self, text: &str, mark: Mark) -> Result<(), Fault> {
        if !text.trim_start_matches('\n').starts_with('\t') {
            return Ok(());
        }
        let header = self.lines.last_before(mark.line).split(" #").next().unwrap_or_default();
        let indicators = header.rsplit(['|', '>']).next().unwrap_or_default();
        if indicators.contains(|character: char| character.is_ascii_digit()) {
            return Ok(());
        }
        Err(self
            .fault("a tab where the first line shows the indentation of a block scalar; use spaces, or an indicator such as `|2`", mark))
    }

    fn plain(&mut self, text: Cow<'_, str>) -> Value {
        match scalar::plain(&text) {
            Meaning::Value(value) => value,
            Meaning::Text => Value::String(text.into_owned()),
            Meaning::NoJsonNumber => {
                self.sink.note("yaml-number", format!("`{text}` is a number that JSON cannot hold; it is read as text"));
                Value::String(text.into_owned())
            }
        }
    }

    fn tagged(&mut self, text: Cow<'_, str>, style: ScalarStyle, tag: &Tag) -> Value {
        let name = tag_name(tag);
        let wanted = match core_name(&name) {
            // What they hold is text in JSON: Base64 and a date stay as they are written.
            "str" | "binary" | "timestamp" | "!" => return Value::String(text.into_owned()),
            "int" | "float" => Value::is_number,
            "bool" => Value::is_boolean,
            "null" => Value::is_null,
            _ => {
                self.note_tag(&name);
                return if style == ScalarStyle::Plain { self.plain(text) } else { Value::String(text.into_owned()) };
            }
        };
        match scalar::plain(&text) {
            Meaning::Value(value) if wanted(&value) => value,
            _ => {
                self.sink.note("yaml-tag", format!("`{text}` is not what its tag `!!{}` says; it is read as text", core_name(&name)));
                Value::String(text.into_owned())
            }
        }
    }

    fn note_tag(&mut self, name: &str) {
        self.sink.note("yaml-tag", format!("the tag `{name}` is not known and ignored"));
    }

    fn send(&mut self, event: Event<'_>, anchor: usize, mark: Mark) -> Result<(), Fault> {
        self.sink.event(event, anchor, mark).map_err(|refusal| Fault::refused(refusal, mark, self.sink.pointer()))
    }

    fn fault(&self, message: &str, mark: Mark) -> Fault {
        Fault::new(message, mark, self.sink.pointer())
    }

    fn scan_fault(&self, error: &ScanError) -> Fault {
        let message = match error.info() {
            // The parser has a limit of its own for lists and objects in brackets, which is one below ours.
            "recursion limit exceeded" => super::too_deep(),
            info => format!("no YAML: {info}"),
        };
        self.fault(&message, mark(*error.marker()))
    }
}

/// The lines of the text, gone through once.
struct Lines<'t> {
    rest: &'t str,
    passed: u32,
    /// The last line passed that is not blank.
    last: &'t str,
}

impl<'t> Lines<'t> {
    /// The last line before `line` that is not blank; `line` only grows from call to call.
    fn last_before(&mut self, line: u32) -> &'t str {
        while self.passed.saturating_add(1) < line && !self.rest.is_empty() {
            let (first, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = rest;
            self.passed += 1;
            if !first.trim().is_empty() {
                self.last = first;
            }
        }
        self.last
    }
}

/// The whole name of a tag, whichever way it is written: `tag:yaml.org,2002:str`, `!local`, `!`.
fn tag_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn core_name(name: &str) -> &str {
    name.strip_prefix(CORE).unwrap_or(if name.is_empty() { "!" } else { name })
}

fn mark(marker: Marker) -> Mark {
    Mark::from_counts(marker.line().saturating_sub(1), marker.col())
}
