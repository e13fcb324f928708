//! Recordings: files of exchanges, read as streams. One file per format; what all of them share is here.
//! Next: `har.rs`. A new format is a file beside it, a variant of [`Format`] and an arm in [`read`].

mod har;

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;

use crate::exchange::Exchange;

/// The formats of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// HTTP Archive 1.2 and 1.3.
    Har,
}

impl Format {
    /// All formats.
    pub const ALL: &[Self] = &[Self::Har];

    /// The format that the end of a path tells.
    pub fn of(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        Self::ALL.iter().copied().find(|format| extension.eq_ignore_ascii_case(format.extension()))
    }

    /// How names of its files end, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Har => "har",
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

/// Reads a recording, handing on each entry as soon as it is read; memory does not grow with the file.
///
/// # Errors
///
/// When the file is not of the format or breaks off; the entries before the fault have been handed on by then.
pub fn read(file: &str, format: Format, reader: impl Read, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), RecordingError> {
    match format {
        Format::Har => har::read(file, reader, each),
    }
}
