//! JSON (RFC 8259) to events, by hand for three things that `serde_json` does not give at once: duplicate keys are errors,
//! every node has a place, and numbers keep their text. Next: `tree.rs`, which makes values of the events.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::{Event, Fault, Sink};
use crate::Pointer;
use crate::source::{Mark, Ruler};

/// Reads the one value of `text` into `sink`.
pub(super) fn read<S: Sink>(text: &str, sink: &mut S) -> Result<(), Fault> {
    Reader { text, bytes: text.as_bytes(), at: 0, ruler: Ruler::new(text), sink }.document()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Object,
    Array,
}

struct Reader<'a, 's, S> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    ruler: Ruler<'a>,
    sink: &'s mut S,
}

impl<'a, S: Sink> Reader<'a, '_, S> {
    /// The whole text. The stack of open containers is a list, so that no nesting can exhaust the thread's own stack.
    fn document(mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        loop {
            if let Some(container) = self.value()? {
                open.push(container);
                if !self.closes(container)? {
                    if container == Container::Object {
                        self.key()?;
                    }
                    continue;
                }
                open.pop();
            }
            loop {
                let Some(&container) = open.last() else { return self.nothing_more() };
                if self.next_member(container)? {
                    break;
                }
                open.pop();
            }
        }
    }

    /// A value; the container, where one begins here.
    fn value(&mut self) -> Result<Option<Container>, Fault> {
        self.skip_whitespace();
        let start = self.at;
        let scalar = match self.bytes.get(self.at) {
            Some(b'{') => {
                self.at += 1;
                self.send(Event::ObjectStart, start)?;
                return Ok(Some(Container::Object));
            }
            Some(b'[') => {
                self.at += 1;
                self.send(Event::ArrayStart, start)?;
                return Ok(Some(Container::Array));
            }
            Some(b'"') => Value::String(self.string()?.into_owned()),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return Err(self.fault("expected a value", start)),
            None => return Err(self.fault("the text ends where a value is expected", start)),
        };
        self.send(Event::Scalar(scalar), start)?;
        Ok(None)
    }

    /// Whether the container that has just begun ends at once.
    fn closes(&mut self, container: Container) -> Result<bool, Fault> {
        self.skip_whitespace();
        let end = if container == Container::Object { b'}' } else { b']' };
        if self.bytes.get(self.at) != Some(&end) {
            return Ok(false);
        }
        self.send(Event::End, self.at)?;
        self.at += 1;
        Ok(true)
    }

    /// After a value: on to the next member (its key is read), or `false` where the container ends.
    fn next_member(&mut self, container: Container) -> Result<bool, Fault> {
        if self.closes(container)? {
            return Ok(false);
        }
        match (self.bytes.get(self.at), container) {
            (Some(b','), _) => self.at += 1,
            (Some(_), Container::Object) => return Err(self.fault("expected `,` or `}`", self.at)),
            (Some(_), Container::Array) => return Err(self.fault("expected `,` or `]`", self.at)),
            (None, Container::Object) => return Err(self.fault("the text ends within an object", self.at)),
            (None, Container::Array) => return Err(self.fault("the text ends within a list", self.at)),
        }
        if container == Container::Object {
            self.key()?;
        }
        Ok(true)
    }

    fn key(&mut self) -> Result<(), Fault> {
        self.skip_whitespace();
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            return Err(self.fault("expected a key in double quotes", start));
        }
        let key = self.string()?;
        self.send(Event::Key(key), start)?;
        self.skip_whitespace();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.fault("expected `:` after a key", self.at));
        }
        self.at += 1;
        Ok(())
    }

    fn nothing_more(mut self) -> Result<(), Fault> {
        self.skip_whitespace();
        if self.at < self.bytes.len() {
            return Err(self.fault("the JSON value ends here, but the text goes on", self.at));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) || rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric) {
            return Err(self.fault("expected a value", self.at));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        text.parse().map_err(|_| self.fault(&format!("`{text}` is no JSON number"), start))
    }

    /// A string; borrowed from the text where it has no escapes.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        let start = self.at;
        self.at += 1;
        let mut plain = self.at;
        let mut unescaped = String::new();
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    let rest = self.text.get(plain..self.at).unwrap_or_default();
                    self.at += 1;
                    if unescaped.is_empty() && plain == start + 1 {
                        return Ok(Cow::Borrowed(rest));
                    }
                    unescaped.push_str(rest);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(self.text.get(plain..self.at).unwrap_or_default());
                    unescaped.push(self.escape()?);
                    plain = self.at;
                }
                Some(byte) if *byte < 0x20 => return Err(self.fault("a control character within a string", self.at)),
                Some(_) => self.at += 1,
                None => return Err(self.fault("a string is not closed", start)),
            }
        }
    }

    /// The character of the escape that begins here.
    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let kind = self.bytes.get(start + 1).copied();
        self.at += 2;
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => return Err(self.fault("an escape that JSON does not know", start)),
        })
    }

    /// The character of `\uXXXX`, or of two that form a pair of surrogates.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        let first = self.four_digits(start)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let paired = (0xd800..0xdc00).contains(&first) && self.bytes.get(self.at..self.at + 2) == Some(b"\\u");
        if paired {
            self.at += 2;
            let second = self.four_digits(start)?;
            if (0xdc00..0xe000).contains(&second) {
                let scalar = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(scalar).ok_or_else(|| self.fault("half of a surrogate pair", start));
            }
        }
        Err(self.fault("half of a surrogate pair", start))
    }

    fn four_digits(&mut self, start: usize) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(number) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(self.fault("`\\u` needs four hexadecimal digits", start));
        };
        self.at += 4;
        Ok(number)
    }

    fn skip_whitespace(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn send(&mut self, event: Event<'_>, start: usize) -> Result<(), Fault> {
        let mark = if S::MARKS { self.ruler.mark(start) } else { Mark::START };
        self.sink.event(event, 0, mark).map_err(|refusal| Fault::refused(refusal, Mark::at(self.text, start), self.sink.pointer()))
    }

    fn fault(&self, message: &str, offset: usize) -> Fault {
        let pointer: Pointer = self.sink.pointer();
        Fault::new(message, Mark::at(self.text, offset), pointer)
    }
}
