//! Recordings: files of exchanges, read as streams. One file per format; what all of them share is here.
//!
//! Reading has two halves. A format's reader cuts the file into [`Piece`]s, in order and as cheaply as it can; what stands in a
//! piece is read by [`Piece::entries`], on whatever thread has time. Next: `recognise.rs`, which tells the formats apart, and
//! `har.rs`. A new format is a file beside it, a variant of [`Format`] and an arm in [`pieces`].

mod cassette;
mod coding;
mod fields;
mod har;
mod interaction;
mod list;
mod ndjson;
mod nock;
mod node;
mod postman;
mod recognise;

use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;

use serde_json::value::RawValue;

use crate::exchange::Exchange;
use node::Node;

pub use recognise::{is_recording_name, recognise};

/// The formats of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// HTTP Archive 1.2 and 1.3.
    Har,
    /// One HAR entry, interaction or HAR file to a line.
    Ndjson,
    /// A cassette of VCR, betamax, vcrpy or go-vcr in JSON.
    CassetteJson,
    /// A cassette of VCR, vcrpy or go-vcr in YAML.
    CassetteYaml,
    /// A Postman collection with saved responses.
    Postman,
    /// Definitions that nock recorded.
    Nock,
}

impl Format {
    /// The format that the end of a path promises; that of others has to be looked for in the file: see [`recognise`].
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "har" => Some(Self::Har),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            _ => None,
        }
    }
}

/// One entry of a recording.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// An exchange to check.
    Exchange(Box<Exchange>),
    /// An entry that holds no whole exchange, and why not: a fragment of a sentence.
    Unusable(String),
    /// No entry, but something to be said about the recording: a sentence without a period.
    Note(String),
}

impl From<Result<Exchange, String>> for Entry {
    fn from(result: Result<Exchange, String>) -> Self {
        match result {
            Ok(exchange) => Self::Exchange(Box::new(exchange)),
            Err(reason) => Self::Unusable(reason),
        }
    }
}

/// Why a file is no recording, or where it stops being one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RecordingError {
    /// The file, as given.
    pub file: String,
    /// Line and column, where the fault has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong: a lowercase fragment.
    pub message: String,
    /// How many entries were read before the fault.
    pub entries: usize,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        Ok(())
    }
}

/// A part of a recording, cut out and not yet read.
#[derive(Debug)]
pub(crate) enum Piece {
    /// The text of one entry, and what reads it.
    Item(Box<RawValue>, fn(Node<'_>) -> Result<Exchange, String>),
    /// Lines of entries.
    Lines(ndjson::Lines),
    /// An interaction that its parser has taken apart already.
    Node(Node<'static>),
    /// An entry.
    Ready(Entry),
}

impl Piece {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Item(text, _) => text.get().len(),
            Self::Lines(lines) => lines.size(),
            Self::Node(node) => node.size(),
            Self::Ready(Entry::Exchange(exchange)) => {
                let body = |message: &crate::exchange::Message| message.body.bytes().map_or(0, bytes::Bytes::len);
                512 + body(&exchange.request) + body(&exchange.response)
            }
            Self::Ready(Entry::Unusable(text) | Entry::Note(text)) => text.len(),
        }
    }

    /// Reads its entries, in order.
    pub(crate) fn entries(self, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> ControlFlow<()> {
        match self {
            Self::Item(text, read) => {
                let node = serde_json::from_str(text.get()).map_err(|error| format!("it cannot be read: {}", list::fault(&error)));
                each(Entry::from(node.and_then(read)))
            }
            Self::Lines(lines) => lines.entries(each),
            Self::Node(node) => each(Entry::from(interaction::read(node))),
            Self::Ready(entry) => each(entry),
        }
    }
}

/// Cuts a recording into pieces, handing on each as soon as it is there; memory does not grow with the file.
///
/// # Errors
///
/// When the file is not of the format or breaks off; the pieces before the fault have been handed on by then.
pub(crate) fn pieces(
    file: &str,
    format: Format,
    reader: impl Read,
    each: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Result<(), RecordingError> {
    let reader = WithoutMark::new(reader);
    match format {
        Format::Har => har::read(file, reader, each),
        Format::Ndjson => ndjson::read(file, reader, each),
        Format::CassetteJson => cassette::read_json(file, reader, each),
        Format::CassetteYaml => cassette::read_yaml(file, reader, each),
        Format::Postman => postman::read(file, reader, each),
        Format::Nock => nock::read(file, reader, each),
    }
}

/// Reads a recording, handing on each entry as soon as it is read; memory does not grow with the file, but for a Postman
/// collection, which is read whole.
///
/// # Errors
///
/// When the file is not of the format or breaks off; the entries before the fault have been handed on by then.
pub fn read(file: &str, format: Format, reader: impl Read, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), RecordingError> {
    pieces(file, format, reader, &mut |piece| piece.entries(each))
}

/// The body that bytes are whose content codings the headers name.
pub(crate) fn decoded(bytes: bytes::Bytes, headers: &crate::exchange::Headers) -> crate::exchange::Body {
    coding::of_bytes(bytes, headers)
}

/// Passes over a byte order mark at the beginning, which some writers put there.
struct WithoutMark<R> {
    inner: R,
    start: Option<([u8; 3], usize, usize)>,
}

impl<R: Read> WithoutMark<R> {
    fn new(inner: R) -> Self {
        Self { inner, start: None }
    }
}

impl<R: Read> Read for WithoutMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (bytes, at, end) = match &mut self.start {
            Some(start) => start,
            none => {
                let mut bytes = [0; 3];
                let mut end = 0;
                while end < bytes.len() {
                    match self.inner.read(&mut bytes[end..]) {
                        Ok(0) => break,
                        Ok(count) => end += count,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                let at = if bytes[..end] == *"\u{FEFF}".as_bytes() { end } else { 0 };
                none.insert((bytes, at, end))
            }
        };
        if at < end {
            let count = buffer.len().min(*end - *at);
            buffer[..count].copy_from_slice(&bytes[*at..*at + count]);
            *at += count;
            return Ok(count);
        }
        self.inner.read(buffer)
    }
}
