//! Puts the place into errors: `/data/0/id: invalid type: null, expected a string`.
//!
//! serde has no room for a path, so it leads the message, and each object and array puts its own part in front when an error
//! passes through. This costs nothing where all goes well. Names are written as a JSON Pointer in its URI form (RFC 6901,
//! section 6) as far as blanks, controls and percent signs go, so that the first `: ` always ends the pointer, and no name from a
//! body can break a line of a report.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_core::de::Error;

const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

/// The error of a member.
#[cold]
pub(crate) fn at_key<E: Error>(key: &str, error: &E) -> E {
    let mut segment = String::from("/");
    for character in key.chars() {
        match character {
            '~' => segment.push_str("~0"),
            '/' => segment.push_str("~1"),
            _ => segment.push(character),
        }
    }
    E::custom(prefixed(&utf8_percent_encode(&segment, UNSAFE).to_string(), &error.to_string()))
}

/// The error of an element.
#[cold]
pub(crate) fn at_index<E: Error>(index: usize, error: &E) -> E {
    E::custom(prefixed(&format!("/{index}"), &error.to_string()))
}

fn prefixed(segment: &str, message: &str) -> String {
    let separator = if message.starts_with('/') { "" } else { ": " };
    format!("{segment}{separator}{message}")
}

/// Splits a message into the JSON Pointer of the place and what is wrong there.
pub(crate) fn split_pointer(message: &str) -> (String, &str) {
    match message.split_once(": ") {
        Some((pointer, rest)) if pointer.starts_with('/') => (percent_decode_str(pointer).decode_utf8_lossy().into_owned(), rest),
        _ => (String::new(), message),
    }
}

/// The message without the ` at line 1 column 2` that `serde_json` ends it with: in a text inside a text, that is no place.
pub(crate) fn without_position(message: &str) -> &str {
    let Some((start, position)) = message.rsplit_once(" at line ") else { return message };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match position.split_once(" column ") {
        Some((line, column)) if is_number(line) && is_number(column) => start,
        _ => message,
    }
}

/// The text, cut to a length that a report can show.
pub(crate) fn bounded(text: &str, length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(length) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let mut cut = text.get(..end).unwrap_or_default().to_owned();
            let _ = write!(cut, "...");
            Cow::Owned(cut)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{at_index, at_key, split_pointer, without_position};
    use serde_core::de::Error as _;
    use serde_json::Error;

    #[test]
    fn a_path_goes_in_and_comes_out() {
        let error = at_key("data", &at_index(0, &at_key::<Error>("a/b ~: c\n%41", &Error::custom("wrong: very"))));
        let message = error.to_string();
        assert_eq!(message, "/data/0/a~1b%20~0:%20c%0A%2541: wrong: very");
        assert_eq!(split_pointer(&message), ("/data/0/a~1b ~0: c\n%41".to_owned(), "wrong: very"));
        assert_eq!(split_pointer("missing field `id`"), (String::new(), "missing field `id`"));
    }

    #[test]
    fn the_position_stays_at_the_end_and_can_be_taken_off() {
        let error = at_key::<Error>("a", &serde_json::from_str::<bool>("\n1").unwrap_err());
        assert_eq!(error.line(), 2);
        let message = error.to_string();
        assert_eq!(without_position(&message), "/a: invalid type: integer `1`, expected a boolean");
        assert_eq!(without_position("lost at line x column 1"), "lost at line x column 1");
    }
}
