//! The characters of a file, read as they are asked for: the parser of YAML takes characters, and a file of gigabytes is not
//! to be held whole.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::rc::Rc;

/// Why the characters ended before the file did; the parser knows only that there are no more.
pub(super) type Reason = Rc<RefCell<Option<String>>>;

/// The characters of a reader of UTF-8.
pub(super) struct Characters<R> {
    reader: BufReader<R>,
    reason: Reason,
}

impl<R: Read> Characters<R> {
    pub(super) fn new(reader: R, reason: &Reason) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, reader), reason: Rc::clone(reason) }
    }

    fn byte(&mut self) -> Option<u8> {
        loop {
            match self.reader.fill_buf() {
                Ok(bytes) => {
                    let byte = bytes.first().copied()?;
                    self.reader.consume(1);
                    return Some(byte);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return self.end(format!("it cannot be read on: {error}")),
            }
        }
    }

    fn end<T>(&self, reason: String) -> Option<T> {
        self.reason.borrow_mut().get_or_insert(reason);
        None
    }
}

impl<R: Read> Iterator for Characters<R> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.byte()?;
        let length = match first {
            // The parser takes this one for the end of the file.
            0 => return self.end("a NUL character stands in it".to_owned()),
            0x01..=0x7F => return Some(char::from(first)),
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return self.end(format!("it is not UTF-8: byte 0x{first:02X}")),
        };
        let mut bytes = [first, 0, 0, 0];
        for place in bytes.iter_mut().take(length).skip(1) {
            match self.byte() {
                Some(byte) => *place = byte,
                None => return self.end("it ends within a character".to_owned()),
            }
        }
        let text = bytes.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.and_then(|text| text.chars().next()) {
            Some(character) => Some(character),
            None => self.end(format!("it is not UTF-8: byte 0x{first:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_read_one_by_one_and_the_end_says_why() {
        for (bytes, expected, why) in [
            ("aé€😀".as_bytes(), "aé€😀", None),
            (b"a\xFFb", "a", Some("it is not UTF-8: byte 0xFF")),
            (b"a\xE2\x82", "a", Some("it ends within a character")),
            (b"a\xED\xA0\x80", "a", Some("it is not UTF-8: byte 0xED")),
            (b"a\0b", "a", Some("a NUL character stands in it")),
        ] {
            let reason = Reason::default();
            assert_eq!(Characters::new(bytes, &reason).collect::<String>(), expected);
            assert_eq!(reason.borrow().as_deref(), why);
        }
    }
}
