//! The text of a document and the only place that knows lines and columns. Next: `load/`, which makes a tree of it.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::load::{self, Positions};
use crate::{LoadError, Pointer};

/// The text of one file of a document, with the name by which people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as shown to people and, for references between files, as resolved: `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A source from its path and text.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The text as a tree of JSON values, whatever it holds: nothing is followed, repaired or translated.
    ///
    /// # Errors
    ///
    /// When it is neither YAML nor JSON.
    pub fn value(&self) -> Result<Value, LoadError> {
        load::read(self).map(|tree| tree.value)
    }

    /// Where nodes of [`Source::value`] stand; of a node that is not there, the nearest one above it. The text is read once for all.
    pub fn locate<'p>(&self, pointers: impl IntoIterator<Item = &'p Pointer>) -> Vec<Position> {
        let positions = load::read(self).ok().map(|tree| Positions::read(self.content(), tree.format));
        let mark = |pointer: &Pointer| positions.as_ref().map_or(Mark::START, |positions| positions.mark(pointer));
        pointers.into_iter().map(|pointer| self.position(mark(pointer))).collect()
    }

    /// The text without a byte order mark. Editors hide the mark, so no column counts it.
    pub(crate) fn content(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// The place of `mark` in this file.
    pub(crate) fn position(&self, mark: Mark) -> Position {
        Position { file: self.path.clone(), line: mark.line, column: mark.column }
    }
}

/// A place in a file; line and column count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The path of the [`Source`].
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A [`Position`] whose file is known from the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Line, from 1.
    pub(crate) line: u32,
    /// Column in characters, from 1.
    pub(crate) column: u32,
}

impl Mark {
    /// The beginning of a text.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// From counts that begin at 0.
    pub(crate) fn from_counts(line: usize, column: usize) -> Self {
        let from_one = |count: usize| u32::try_from(count).map_or(u32::MAX, |count| count.saturating_add(1));
        Self { line: from_one(line), column: from_one(column) }
    }

    /// The mark of a byte offset into `text`.
    pub(crate) fn at(text: &str, offset: usize) -> Self {
        let mut ruler = Ruler::new(text);
        ruler.mark(offset)
    }
}

/// Turns byte offsets that only grow into marks, reading the text once in all.
pub(crate) struct Ruler<'a> {
    text: &'a str,
    offset: usize,
    mark: Mark,
}

impl<'a> Ruler<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, offset: 0, mark: Mark::START }
    }

    /// The mark of `offset`; of the last one asked for, where `offset` lies before it.
    pub(crate) fn mark(&mut self, offset: usize) -> Mark {
        let end = offset.min(self.text.len());
        let passed = self.text.get(self.offset..end).unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let last_line = match passed.rsplit_once('\n') {
            Some((before, last)) => {
                let lines = before.bytes().filter(|byte| *byte == b'\n').count();
                self.mark = Mark { line: self.mark.line.saturating_add(number(lines)).saturating_add(1), column: 1 };
                last
            }
            None => passed,
        };
        self.mark.column = self.mark.column.saturating_add(number(last_line.chars().count()));
        self.offset += passed.len();
        self.mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "{\n  \"é\": 1,\n  \"b\": 2\n}";
        let offset = text.find("\"b\"").unwrap();
        assert_eq!(Mark::at(text, offset), Mark { line: 3, column: 3 });
        let offset = text.find(": 1").unwrap();
        assert_eq!(Mark::at(text, offset), Mark { line: 2, column: 6 });
        assert_eq!(Mark::at(text, 10_000), Mark { line: 4, column: 2 });
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(Source::new("a.json", "\u{feff}{}").content(), "{}");
    }
}
