//! HTTP Archive files, read entry by entry. The format is the de facto one (<http://www.softwareishard.com/blog/har-12-spec/>,
//! and what browsers, proxies and test tools write under its name): unknown members are passed over, missing ones are
//! borne, and an entry that holds no whole exchange is reported and left out. Next:
//! `har/entry.rs`, where one entry becomes an exchange.

mod entry;

use std::io::Read;
use std::ops::ControlFlow;

use super::list::{self, Path};
use super::{Piece, RecordingError};

pub(super) use entry::read as entry;

const ENTRIES: Path = Path { keys: &[&["log"], &["entries"]], bare: false, kind: "HAR file" };

pub(super) fn read(file: &str, reader: impl Read, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    list::read(file, ENTRIES, reader, &mut |item| each(Piece::Item(item, entry)))
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Format, read};
    use super::*;

    fn entries(text: &str) -> (Vec<Entry>, Result<(), RecordingError>) {
        let mut found = Vec::new();
        let result = read("x.har", Format::Har, text.as_bytes(), &mut |entry| {
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
            format!("{{\"log\":{{\"entries\":[{ENTRY}]}}}}\n{{\n\"log\":{{\"entries\":[{ENTRY}]}}}}\n"),
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
            ("{\"log\": []}", "no HAR file: invalid type: sequence, expected an object with `entries` as `log` at x.har:1:9"),
            ("{\"log\":\n {\"entries\": 5}}", "no HAR file: invalid type: integer `5`, expected a list as `log.entries` at x.har:2:15"),
            ("{\"log\":{\"entries\":[]}} x", "the HAR file breaks off or is damaged: expected value at x.har:1:24"),
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
    fn an_entry_that_is_damaged_leaves_the_others() {
        let (found, result) = entries(&format!(r#"{{"log":{{"entries":[{{"request":"\ud800"}},{ENTRY}]}}}}"#));
        assert_eq!((found.len(), result), (2, Ok(())));
        assert!(matches!(&found[0], Entry::Unusable(reason) if reason.starts_with("it cannot be read: ")), "{:?}", found[0]);
        assert!(matches!(&found[1], Entry::Exchange(_)));
    }

    #[test]
    fn the_receiver_can_stop() {
        let mut count = 0;
        let text = format!(r#"{{"log":{{"entries":[{ENTRY},{ENTRY},"#);
        let result = read("x.har", Format::Har, text.as_bytes(), &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!((result, count), (Ok(()), 1));
    }
}
