//! NDJSON: one entry to a line, in the form of a HAR entry or of a plain interaction; a line may also be a whole HAR file. A line
//! that cannot be read is one unusable entry, and the rest goes on.
//!
//! The file is cut into blocks of whole lines, and no more is done here: lines are split and read where there is time for it.

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::ControlFlow;

use super::node::Node;
use super::{Entry, Piece, RecordingError, har, interaction, list};

/// How many bytes are read at a time.
const BLOCK: usize = 256 << 10;

/// How long a line may be.
const MAX_LINE: usize = 256 << 20;

/// Whole lines of a file.
#[derive(Debug)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    /// The number of the first line, from 1.
    first: usize,
}

pub(super) fn read(file: &str, reader: impl Read, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    cut(file, reader, MAX_LINE, each)
}

/// Cuts the file into blocks of whole lines, none longer than `max_line`.
fn cut(file: &str, mut reader: impl Read, max_line: usize, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    let mut block = vec![0; BLOCK];
    let mut rest: Vec<u8> = Vec::new();
    let mut line = 1;
    // Whether the beginning of the line was too long and is gone.
    let mut passing_over = false;
    loop {
        let before = rest.len();
        let count = fill(&mut reader, &mut block).map_err(|error| RecordingError {
            file: file.to_owned(),
            place: Some((line, 1)),
            message: format!("the recording cannot be read on: {error}"),
            entries: 0,
        })?;
        rest.extend_from_slice(block.get(..count).unwrap_or_default());
        let last = count == 0;
        let end = match memchr::memrchr(b'\n', rest.get(before..).unwrap_or_default()) {
            _ if last => rest.len(),
            Some(at) => before + at + 1,
            None if rest.len() > max_line || passing_over => {
                if !passing_over {
                    let reason = format!("line {line} is longer than {} MiB", max_line >> 20);
                    if each(Piece::Ready(Entry::Unusable(reason))).is_break() {
                        return Ok(());
                    }
                }
                passing_over = true;
                rest.clear();
                continue;
            }
            None => continue,
        };
        let after = rest.split_off(end);
        let mut bytes = std::mem::replace(&mut rest, after);
        if passing_over {
            let own = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
            line += 1;
            passing_over = false;
            bytes.drain(..own);
        }
        let lines = memchr::memchr_iter(b'\n', &bytes).count();
        let first = line;
        line += lines;
        if !bytes.is_empty() && each(Piece::Lines(Lines { bytes, first })).is_break() || last {
            return Ok(());
        }
    }
}

/// Reads a block, or as much of it as there is now; 0 at the end.
fn fill(reader: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Lines {
    /// How many bytes they are.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Reads the entries.
    pub(super) fn entries(&self, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> ControlFlow<()> {
        for (line, number) in self.bytes.split(|byte| *byte == b'\n').zip(self.first..) {
            let line = line.strip_prefix("\u{FEFF}".as_bytes()).filter(|_| number == 1).unwrap_or(line).trim_ascii();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice::<Node<'_>>(line) {
                Ok(node) => read_line(node, number, each)?,
                Err(error) => {
                    let why = list::fault(&error);
                    each(Entry::Unusable(format!("line {number} is no JSON: {why} (column {})", error.column())))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

fn read_line(mut node: Node<'_>, line: usize, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut tell = |result: Result<_, String>| each(Entry::from(result.map_err(|reason| format!("line {line}: {reason}"))));
    let mut log = node.take("log");
    match (log.take("entries"), node) {
        (Node::List(entries), _) => entries.into_iter().try_for_each(|entry| tell(har::entry(entry))),
        (_, Node::List(entries)) => entries.into_iter().try_for_each(|entry| tell(interaction::read(entry))),
        (_, node @ Node::Map(_)) => tell(interaction::read(node)),
        (_, other) => tell(Err(Cow::from(format!("it is {}, no entry of a recording", other.kind())).into_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read};
    use super::*;

    const ENTRY: &str = r#"{"request":{"method":"GET","url":"https://h/"},"response":{"status":200}}"#;

    /// Hands out a few bytes at a time.
    struct Slow<'b>(&'b [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(7);
            self.0.read(&mut buffer[..count])
        }
    }

    fn remember(entry: Entry, told: &mut Vec<String>) -> ControlFlow<()> {
        told.push(match entry {
            Entry::Exchange(exchange) => exchange.url,
            Entry::Unusable(reason) | Entry::Note(reason) => reason,
        });
        ControlFlow::Continue(())
    }

    fn told(text: &str, reader: impl Read) -> Vec<String> {
        let mut told = Vec::new();
        let result = read("x.ndjson", Format::Ndjson, reader, &mut |entry| remember(entry, &mut told));
        assert_eq!(result, Ok(()), "{text}");
        told
    }

    #[test]
    fn lines_are_entries_files_or_faults() {
        let text = format!(
            "\u{FEFF}{ENTRY}\r\n\n  \n{{\"request\": \n{{\"log\":{{\"entries\":[{ENTRY},5]}}}}\n[{ENTRY}]\n7\n{{\"log\":1}}\n{ENTRY}"
        );
        let expected = [
            "https://h/",
            "line 4 is no JSON: the text ends within a value (column 11)",
            "https://h/",
            "line 5: it has no `request`",
            "https://h/",
            "line 7: it is a number or a boolean, no entry of a recording",
            "line 8: it has no `request`",
            "https://h/",
        ];
        assert_eq!(told(&text, text.as_bytes()), expected);
        assert_eq!(told(&text, Slow(text.as_bytes())), expected, "however the bytes come in");
    }

    #[test]
    fn a_line_beyond_all_measure_is_passed_over() {
        let text = [ENTRY.as_bytes(), b"\n", &vec![b' '; (1 << 20) + 2 * BLOCK], b"x\n", b"{\n", ENTRY.as_bytes(), b"\n"].concat();
        let mut told = Vec::new();
        let mut tell = |piece: Piece| piece.entries(&mut |entry| remember(entry, &mut told));
        assert_eq!(cut("x.ndjson", text.as_slice(), 1 << 20, &mut tell), Ok(()));
        assert_eq!(
            told,
            ["https://h/", "line 2 is longer than 1 MiB", "line 3 is no JSON: the text ends within an object (column 1)", "https://h/"]
        );
    }

    #[test]
    fn blocks_end_where_lines_do() {
        let long = format!(
            "{{\"request\":{{\"method\":\"GET\",\"url\":\"https://h/{}\"}},\"response\":{{\"status\":200}}}}\n",
            "x".repeat(BLOCK / 3)
        );
        let text = long.repeat(10);
        assert_eq!(told("", text.as_bytes()).len(), 10);
    }
}
