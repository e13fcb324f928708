//! HTTP Archive files, read entry by entry. The format is the de facto one (<http://www.softwareishard.com/blog/har-12-spec/>,
//! and what browsers, proxies and test tools write under its name): unknown members are passed over, missing ones are
//! borne, and an entry that holds no whole exchange is reported and left out. Next:
//! `har/entry.rs`, where one entry becomes an exchange.

mod entry;

use std::fmt;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Entry, RecordingError};

/// What the errors of serde carry when the receiver wants no more entries: no fault of the file.
const STOPPED: &str = "\u{0}stopped";

pub(super) fn read(file: &str, reader: impl Read, each: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), RecordingError> {
    let mut entries = 0;
    let mut counted = |entry: Entry| {
        entries += 1;
        each(entry)
    };
    let mut found = false;
    let mut deserializer = serde_json::Deserializer::from_reader(WithoutMark::new(BufReader::with_capacity(1 << 16, reader)));
    let result = Archive { each: &mut counted, found: &mut found }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let fault = |place, message| Err(RecordingError { file: file.to_owned(), place, message, entries });
    match result {
        Ok(()) if found => Ok(()),
        Ok(()) => fault(None, "no HAR file: it has no `log.entries`".to_owned()),
        Err(error) if error.to_string().starts_with(STOPPED) => Ok(()),
        Err(error) => {
            let place = (error.line() > 0).then(|| (error.line(), error.column()));
            fault(place, describe(&error, found))
        }
    }
}

/// The error without the place, which is told apart.
fn describe(error: &serde_json::Error, found: bool) -> String {
    let text = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(suffix.as_str()).unwrap_or(&text);
    let beginning = if found { "the HAR file breaks off or is damaged" } else { "no HAR file" };
    let text = text.replacen("EOF while parsing", "the text ends within", 1);
    format!("{beginning}: {text}")
}

/// The root object.
struct Archive<'e> {
    each: &'e mut dyn FnMut(Entry) -> ControlFlow<()>,
    found: &'e mut bool,
}

/// The `log` object.
struct Log<'e>(Archive<'e>);

/// The list of entries.
struct Entries<'e>(Archive<'e>);

impl<'de> DeserializeSeed<'de> for Archive<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Archive<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `log`")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "log" {
                map.next_value_seed(Log(Archive { each: &mut *self.each, found: &mut *self.found }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Log<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Log<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the `log` object of a HAR file")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "entries" {
                map.next_value_seed(Entries(Archive { each: &mut *self.0.each, found: &mut *self.0.found }))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list `log.entries` of a HAR file")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        *self.0.found = true;
        while let Some(item) = items.next_element::<Value>()? {
            if (self.0.each)(entry::read(item)).is_break() {
                return Err(de::Error::custom(STOPPED));
            }
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> (Vec<Entry>, Result<(), RecordingError>) {
        let mut found = Vec::new();
        let result = read("x.har", text.as_bytes(), &mut |entry| {
            found.push(entry);
            ControlFlow::Continue(())
        });
        (found, result)
    }

    const ENTRY: &str = r#"{"request":{"method":"GET","url":"https://h/"},"response":{"status":200}}"#;

    #[test]
    fn entries_are_found_wherever_the_creator_stands() {
        for text in [
            format!(r#"{{"log":{{"version":"1.3","creator":{{}},"entries":[{ENTRY},{ENTRY}]}}}}"#),
            format!("\u{FEFF}{{\"_x\":1,\"log\":{{\"entries\":[{ENTRY},{ENTRY}],\"_recordingName\":\"x\",\"creator\":{{}}}}}}"),
        ] {
            let (found, result) = entries(&text);
            assert_eq!(result, Ok(()));
            assert_eq!(found.len(), 2);
        }
    }

    #[test]
    fn what_is_no_har_is_said_with_its_place() {
        for (text, expected) in [
            ("", "no HAR file: the text ends within a value at x.har:1:0"),
            ("[1]", "no HAR file: invalid type: sequence, expected an object with `log` at x.har:1:1"),
            ("{\"openapi\": \"3.0.0\"}", "no HAR file: it has no `log.entries` at x.har"),
            ("{\"log\": []}", "no HAR file: invalid type: sequence, expected the `log` object of a HAR file at x.har:1:9"),
            (
                "{\"log\":\n {\"entries\": 5}}",
                "no HAR file: invalid type: integer `5`, expected the list `log.entries` of a HAR file at x.har:2:15",
            ),
        ] {
            let (_, result) = entries(text);
            assert_eq!(result.expect_err(text).to_string(), expected, "{text}");
        }
    }

    #[test]
    fn entries_before_a_fault_are_handed_on() {
        let (found, result) = entries(&format!(r#"{{"log":{{"entries":[{ENTRY},{{"request":"#));
        assert_eq!(found.len(), 1);
        let error = result.expect_err("truncated");
        assert!(error.message.starts_with("the HAR file breaks off or is damaged"), "{error}");
        assert_eq!(error.entries, 1);
    }

    #[test]
    fn the_receiver_can_stop() {
        let mut count = 0;
        let text = format!(r#"{{"log":{{"entries":[{ENTRY},{ENTRY},"#);
        let result = read("x.har", text.as_bytes(), &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!((result, count), (Ok(()), 1));
    }
}
