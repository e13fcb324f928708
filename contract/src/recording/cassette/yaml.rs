//! Cassettes in YAML, read event by event: memory holds one interaction. What other readers of YAML refuse is borne with: tags of
//! Python's and Ruby's own, `!binary` with one exclamation mark, and values that look like dates.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::ops::ControlFlow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::super::node::Node;
use super::super::{Piece, RecordingError};
use super::NAMES;
use super::characters::{Characters, Reason};

/// How deep values may nest.
const MAX_DEPTH: usize = 128;
const TOO_DEEP: &str = "its values nest deeper than 128 levels";

/// How many values an interaction may have when its aliases are written out, and how many values with anchors are remembered:
/// a few lines of aliases can stand for more than any memory holds.
const MAX_VALUES: usize = 1_000_000;

/// How large the texts may be that aliases stand for.
const MAX_TEXT: usize = 256 << 20;

/// Reads the interactions of every YAML document of a file.
pub(in crate::recording) fn read(
    file: &str,
    reader: impl Read,
    each: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Result<(), RecordingError> {
    let reason = Reason::default();
    let mut parser = Parser::new_from_iter(Characters::new(reader, &reason));
    let mut reading = Reading {
        open: Vec::new(),
        anchors: HashMap::new(),
        remembered: Size::default(),
        current: Size::default(),
        found: false,
        entries: 0,
        each,
    };
    let fault = |reading: &Reading<'_>, message: &str, place: Option<(usize, usize)>| {
        let beginning = if reading.found { "the cassette breaks off or is damaged" } else { "no cassette" };
        Err(RecordingError { file: file.to_owned(), place, message: format!("{beginning}: {message}"), entries: reading.entries })
    };
    while let Some(next) = parser.next_event() {
        // The end of the characters may look like an end of the file that fits.
        if let Some(reason) = reason.borrow().as_deref() {
            return fault(&reading, reason, next.ok().map(|(_, span)| place(span)));
        }
        match next {
            Ok((event, span)) => match reading.take(event) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return Ok(()),
                Err(message) => return fault(&reading, message, Some(place(span))),
            },
            Err(error) => {
                // The parser has a bound of its own for lists and objects in brackets.
                let message = if error.info() == "recursion limit exceeded" { TOO_DEEP } else { error.info() };
                return fault(&reading, message, Some((error.marker().line(), error.marker().col() + 1)));
            }
        }
    }
    if reading.found { Ok(()) } else { fault(&reading, "it has no `http_interactions` or `interactions`", None) }
}

/// The keys of the root object of a file of which `head` is the beginning, or of the first object of a list there.
pub(in crate::recording) fn keys(head: &str) -> Vec<String> {
    let mut keys = Vec::new();
    // In a list, what stands at the level of keys is one deeper.
    let (mut depth, mut level, mut is_key) = (0, 1, true);
    let mut parser = Parser::new_from_iter(head.chars());
    while let Some(Ok((event, _))) = parser.next_event() {
        if keys.len() > 100 {
            break;
        }
        match event {
            Event::Scalar(text, ..) if depth == level => {
                if is_key {
                    keys.push(text.into_owned());
                }
                is_key = !is_key;
            }
            Event::Alias(_) if depth == level => is_key = !is_key,
            Event::SequenceStart(..) if depth == 0 => {
                level = 2;
                depth = 1;
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                depth -= 1;
                if depth == level {
                    is_key = true;
                } else if depth < level {
                    break;
                }
            }
            _ => {}
        }
    }
    keys
}

fn place(span: Span) -> (usize, usize) {
    (span.start.line(), span.start.col() + 1)
}

/// An open collection.
enum Open {
    /// The root object, and the key whose value comes next.
    Root(Option<String>),
    /// The list of interactions.
    Interactions,
    /// A list within an interaction or elsewhere, and its anchor.
    List(Vec<Node<'static>>, usize),
    /// An object, the key whose value comes next, and its anchor.
    Map(Vec<(Cow<'static, str>, Node<'static>)>, Option<String>, usize),
}

/// How much values are.
#[derive(Clone, Copy, Default)]
struct Size {
    values: usize,
    text: usize,
}

impl Size {
    fn of(node: &Node<'_>) -> Self {
        let mut size = Self { values: 1, text: node.any_text().map_or(0, str::len) };
        if let Node::Binary(text) = node {
            size.text = text.len();
        }
        for item in node.items() {
            size.add(Self::of(item));
        }
        for (key, value) in node.members() {
            size.add(Self::of(value));
            size.text += key.len();
        }
        size
    }

    fn add(&mut self, other: Self) {
        self.values += other.values;
        self.text += other.text;
    }

    fn is_too_much(self) -> bool {
        self.values > MAX_VALUES || self.text > MAX_TEXT
    }
}

struct Reading<'e> {
    open: Vec<Open>,
    anchors: HashMap<usize, Node<'static>>,
    remembered: Size,
    current: Size,
    found: bool,
    entries: usize,
    each: &'e mut dyn FnMut(Piece) -> ControlFlow<()>,
}

impl Reading<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<ControlFlow<()>, &'static str> {
        match event {
            Event::DocumentStart(_) => {
                self.anchors.clear();
                self.remembered = Size::default();
            }
            Event::Scalar(text, style, anchor, tag) => return self.done(scalar(text, style, tag.as_deref()), anchor),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().ok_or("an alias stands for a value that holds it")?;
                self.current.add(Size::of(&node));
                if self.current.is_too_much() {
                    return Err("the aliases of one interaction stand for more than can be held");
                }
                return self.done(node, 0);
            }
            Event::SequenceStart(anchor, _) => {
                let of_interactions = match self.open.last() {
                    None => true,
                    Some(Open::Root(key)) => key.as_deref().is_some_and(|key| NAMES.contains(&key)),
                    Some(_) => false,
                };
                self.found |= of_interactions;
                self.open(if of_interactions { Open::Interactions } else { Open::List(Vec::new(), anchor) })?;
            }
            Event::MappingStart(anchor, _) => {
                let root = self.open.is_empty();
                self.open(if root { Open::Root(None) } else { Open::Map(Vec::new(), None, anchor) })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                return match self.open.pop() {
                    Some(Open::List(items, anchor)) => self.done(Node::List(items), anchor),
                    Some(Open::Map(members, _, anchor)) => self.done(Node::Map(members), anchor),
                    Some(Open::Interactions) => self.done(Node::Null, 0),
                    Some(Open::Root(_)) | None => Ok(ControlFlow::Continue(())),
                };
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn open(&mut self, open: Open) -> Result<(), &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        self.open.push(open);
        Ok(())
    }

    /// Takes a value that is complete to where it belongs.
    fn done(&mut self, node: Node<'static>, anchor: usize) -> Result<ControlFlow<()>, &'static str> {
        if anchor > 0 {
            self.remembered.add(Size::of(&node));
            if self.remembered.is_too_much() {
                return Err("its anchors stand at more than can be held");
            }
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(Open::Interactions) => {
                self.entries += 1;
                self.current = Size::default();
                return Ok((self.each)(Piece::Node(node)));
            }
            Some(Open::List(items, _)) => items.push(node),
            Some(Open::Map(members, key, _)) => match (key.take(), node) {
                (None, node) => *key = Some(node.any_text().unwrap_or_default().to_owned()),
                // What is merged in stands before the object's own members, which count for more.
                (Some(key), Node::Map(merged)) if key == "<<" => drop(members.splice(0..0, merged)),
                (Some(key), node) => members.push((key.into(), node)),
            },
            Some(Open::Root(key)) => {
                *key = if key.is_some() { None } else { Some(node.any_text().unwrap_or_default().to_owned()) };
            }
            None => {}
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// What a scalar stands for. Only `null`, numbers and booleans of JSON are told from text, and they keep their digits.
fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Node<'static> {
    let binary = tag.is_some_and(|tag| tag.suffix == "binary");
    let plain = style == ScalarStyle::Plain && tag.is_none();
    if binary {
        Node::Binary(text.into_owned().into())
    } else if plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
        Node::Null
    } else if plain && (matches!(&*text, "true" | "false") || is_number(&text)) {
        Node::Literal(text.into_owned().into())
    } else {
        Node::Text(text.into_owned().into())
    }
}

fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

#[cfg(test)]
mod tests;
