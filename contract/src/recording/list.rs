//! The items of one list of a JSON file, handed on as text while the file is read: memory holds one item, whatever the file's size.
//! An item is only scanned here; it is read where there is time for it, on another thread. Next: `har.rs` and `cassette.rs`.

use std::fmt;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::RecordingError;

/// What the errors of serde carry when the receiver wants no more items: no fault of the file.
const STOPPED: &str = "\u{0}stopped";

/// Where the list stands, and how the file is spoken of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// The keys that lead to the list from the root; each may have several names.
    pub(super) keys: &'static [&'static [&'static str]],
    /// Whether the root may also be the list itself.
    pub(super) bare: bool,
    /// The kind of file: `HAR file`.
    pub(super) kind: &'static str,
}

/// The receiver of items.
pub(super) type Each<'e> = &'e mut dyn FnMut(Box<RawValue>) -> ControlFlow<()>;

/// Hands on the items of the list at `path`, of every JSON value of the file.
///
/// # Errors
///
/// When the file holds no such list, or breaks off; the items before the fault have been handed on by then.
pub(super) fn read(file: &str, path: Path, reader: impl Read, each: Each<'_>) -> Result<(), RecordingError> {
    let mut entries = 0;
    let mut counted = |item: Box<RawValue>| {
        entries += 1;
        each(item)
    };
    let mut found = false;
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, reader));
    let result = loop {
        let step = Step { path, depth: 0, found: &mut found, each: &mut counted };
        if let Err(error) = step.deserialize(&mut deserializer) {
            break Err(error);
        }
        // Values may follow one another; what is no value makes itself known when it is read as one.
        match deserializer.end() {
            Ok(()) => break Ok(()),
            Err(error) if error.is_io() => break Err(error),
            Err(_) => {}
        }
    };
    let fault = |place, message| Err(RecordingError { file: file.to_owned(), place, message, entries });
    match result {
        Ok(()) if found => Ok(()),
        Ok(()) => fault(None, format!("no {}: it has no `{}`", path.kind, path.shown(path.keys.len()))),
        Err(error) if error.to_string().starts_with(STOPPED) => Ok(()),
        Err(error) => {
            let place = (error.line() > 0).then(|| (error.line(), error.column()));
            fault(place, describe(&error, found, path.kind))
        }
    }
}

/// The error without the place, which is told apart.
fn describe(error: &serde_json::Error, found: bool, kind: &str) -> String {
    let text = fault(error);
    if found { format!("the {kind} breaks off or is damaged: {text}") } else { format!("no {kind}: {text}") }
}

/// What is wrong with a JSON text, without the place.
pub(super) fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(suffix.as_str()).unwrap_or(&text);
    text.replacen("EOF while parsing", "the text ends within", 1)
}

impl Path {
    /// The first `depth` keys as people write them: `log.entries`.
    fn shown(self, depth: usize) -> String {
        let keys = self.keys.iter().take(depth).filter_map(|names| names.first().copied());
        keys.collect::<Vec<_>>().join(".")
    }
}

/// One value on the way to the list, and in the end the list itself.
struct Step<'e> {
    path: Path,
    depth: usize,
    found: &'e mut bool,
    each: Each<'e>,
}

impl<'de> DeserializeSeed<'de> for Step<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.path.keys.get(self.depth) {
            Some(_) if self.depth == 0 && self.path.bare => deserializer.deserialize_any(self),
            Some(_) => deserializer.deserialize_map(self),
            None => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Step<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.keys.get(self.depth) {
            Some(names) => write!(f, "an object with `{}`", names.first().copied().unwrap_or_default())?,
            None => f.write_str("a list")?,
        }
        if self.depth > 0 { write!(f, " as `{}`", self.path.shown(self.depth)) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { path, depth, found, each } = self;
        let names = path.keys.get(depth).copied().unwrap_or_default();
        while let Some(key) = map.next_key::<String>()? {
            if names.contains(&key.as_str()) {
                map.next_value_seed(Step { path, depth: depth + 1, found: &mut *found, each: &mut *each })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        *self.found = true;
        while let Some(item) = items.next_element::<Box<RawValue>>()? {
            if (self.each)(item).is_break() {
                return Err(de::Error::custom(STOPPED));
            }
        }
        Ok(())
    }
}
