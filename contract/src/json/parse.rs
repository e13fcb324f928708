//! Text to value: a strict reader of RFC 8259 with a bounded depth, which names the place of every fault.

use std::fmt;

use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::quick::plain;

/// Nesting beyond this is refused, so that no text can exhaust the stack.
pub(super) const MAX_DEPTH: usize = 128;

/// How many mild faults one text may report; a text with more has made its point.
const MAX_FAULTS: usize = 20;

/// A place in a text: byte offset from 0, line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The offset in bytes.
    pub(crate) offset: usize,
    /// The line.
    pub(crate) line: usize,
    /// The column in characters.
    pub(crate) column: usize,
}

impl Place {
    /// The place of a byte offset.
    pub(crate) fn of(bytes: &[u8], offset: usize) -> Self {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        // Continuation bytes of UTF-8 belong to the character before them.
        let column = before.iter().skip(line_start).filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        let line = before.split(|&byte| byte == b'\n').count();
        Self { offset, line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// A lowercase fragment that shows nothing of the text but the names of keys.
    pub(crate) message: String,
    /// Where.
    pub(crate) place: Place,
}

impl Fault {
    /// A fault at an offset of a text.
    pub(crate) fn at(bytes: &[u8], offset: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), place: Place::of(bytes, offset) }
    }
}

/// A value, and the faults that did not keep it from being read.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The value; of duplicate keys the last one counts.
    pub(crate) value: Value,
    /// A byte order mark, duplicate keys.
    pub(crate) faults: Vec<Fault>,
}

/// Reads one JSON text.
///
/// # Errors
///
/// The first fault that leaves no value to speak of.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parsed, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = Place::of(bytes, error.valid_up_to());
        Fault { message: format!("it is not UTF-8: byte 0x{:02X}", bytes.get(place.offset).copied().unwrap_or(0)), place }
    })?;
    let mut parser = Parser { bytes, text, at: 0, faults: Vec::new() };
    if text.starts_with('\u{FEFF}') {
        parser.note(0, "it begins with a byte order mark, which RFC 8259 forbids".to_owned());
        parser.at = '\u{FEFF}'.len_utf8();
    }
    let value = parser.value(0)?;
    parser.blank();
    if parser.at < bytes.len() {
        return Err(parser.fault(parser.at, "something follows after the end of the JSON value"));
    }
    Ok(Parsed { value, faults: parser.faults })
}

/// The string whose opening quote stands at `start`, and where it ends; `None` where it is faulty.
pub(super) fn unescaped(text: &str, start: usize) -> Option<(String, usize)> {
    let mut parser = Parser { bytes: text.as_bytes(), text, at: start, faults: Vec::new() };
    let string = parser.string().ok()?;
    Some((string, parser.at))
}

struct Parser<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    faults: Vec<Fault>,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        self.blank();
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Err(self.fault(self.at, "it nests deeper than 128 levels")),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'<') if depth == 0 => Err(self.fault(self.at, "it is not JSON: it begins with `<`, as HTML and XML do")),
            Some(_) => Err(self.fault(self.at, "it is not JSON: a value is expected here")),
            None => Err(self.truncated()),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut members = Map::new();
        // Where each key stands is only asked for when a key repeats, so it is looked up then (`first_key`).
        let start = self.at;
        self.blank();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            match self.peek() {
                Some(b'"') => {}
                Some(_) => return Err(self.fault(self.at, "a key in double quotes is expected here")),
                None => return Err(self.truncated()),
            }
            let key_at = self.at;
            let key = self.string()?;
            self.blank();
            self.expect(b':', "a `:` is expected here")?;
            let value = self.value(depth + 1)?;
            match members.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(mut entry) => {
                    let first = self.first_key(start, entry.key()).map(|place| format!(" (first at {place})")).unwrap_or_default();
                    self.note(key_at, format!("the key `{}` stands twice in one object{first}", shorten(entry.key())));
                    entry.insert(value);
                }
            }
            self.blank();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',', "a `,` or `}` is expected here")?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',', "a `,` or `]` is expected here")?;
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let end = plain(rest);
            out.push_str(self.text.get(self.at..self.at + end).unwrap_or_default());
            self.at += end;
            match rest.get(end) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                Some(_) => return Err(self.fault(self.at, "a control character stands unescaped within a string")),
                None => return Err(self.fault(start, "the text ends within the string that begins here: it is cut off")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let at = self.at;
        let Some(letter) = self.peek() else { return Err(self.truncated()) };
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                let pair = match unit {
                    0xD800..=0xDBFF if self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) => {
                        self.at += 2;
                        let low = self.hex()?;
                        (0xDC00..=0xDFFF).contains(&low).then(|| 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
                    }
                    _ => Some(unit),
                };
                pair.and_then(char::from_u32)
                    .ok_or_else(|| self.fault(at, "the escape is half of a surrogate pair, which is no character"))?
            }
            _ => return Err(self.fault(at, "JSON has no such escape")),
        })
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = value.ok_or_else(|| self.fault(self.at, "four hexadecimal digits are expected here"))?;
        self.at += 4;
        Ok(value)
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        self.take(b'-');
        let digits = |parser: &mut Self| {
            let from = parser.at;
            while parser.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                parser.at += 1;
            }
            parser.at > from
        };
        let leading_zero = self.peek() == Some(b'0');
        let integer_at = self.at;
        let mut sound = digits(self) && !(leading_zero && self.at > integer_at + 1);
        if self.take(b'.') {
            sound &= digits(self);
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            sound &= digits(self);
        }
        let number = self.text.get(start..self.at).filter(|_| sound).and_then(|text| text.parse().ok());
        let open = self.at == self.bytes.len() && !self.bytes.last().is_some_and(u8::is_ascii_digit);
        number.ok_or_else(|| if open { self.truncated() } else { self.fault(start, "it is no number of JSON") })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        Err(if word.starts_with(rest) { self.truncated() } else { self.fault(self.at, "it is not JSON: a value is expected here") })
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), Fault> {
        if self.take(byte) {
            Ok(())
        } else if self.peek().is_none() {
            Err(self.truncated())
        } else {
            Err(self.fault(self.at, message))
        }
    }

    fn truncated(&self) -> Fault {
        self.fault(self.bytes.len(), "the text ends before the JSON value does: it is cut off")
    }

    fn fault(&self, offset: usize, message: &str) -> Fault {
        Fault::at(self.bytes, offset, message)
    }

    fn note(&mut self, offset: usize, message: String) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault::at(self.bytes, offset, message));
        }
    }

    /// The first place of `key` in the object whose members begin at `start`, found by reading them once more.
    fn first_key(&self, start: usize, key: &str) -> Option<Place> {
        if self.faults.len() >= MAX_FAULTS {
            return None;
        }
        let mut again = Parser { bytes: self.bytes, text: self.text, at: start, faults: self.faults.clone() };
        // Faults within the members are already noted: the list is filled up so that this reading adds none.
        again.faults.resize(MAX_FAULTS, Fault { message: String::new(), place: Place { offset: 0, line: 1, column: 1 } });
        loop {
            again.blank();
            let at = again.at;
            if again.string().ok()? == key {
                return Some(Place::of(self.bytes, at));
            }
            again.blank();
            again.expect(b':', "").ok()?;
            again.value(0).ok()?;
            again.blank();
            again.expect(b',', "").ok()?;
        }
    }
}

fn shorten(key: &str) -> String {
    if key.chars().count() <= 60 { key.to_owned() } else { key.chars().take(59).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_exactly() {
        for text in [
            r#"{"a":[1,-0.5e-7,true,false,null],"b":{"c":"x"}}"#,
            "9007199254740993",
            "1.0",
            "123456789012345678901234567890.10",
            r#""a\u00e9\ud83d\ude00\n\/""#,
            r#"{"$serde_json::private::Number":"x"}"#,
            "  [ ]  ",
        ] {
            let parsed = parse(text.as_bytes()).expect(text);
            assert!(parsed.faults.is_empty(), "{text}");
            if let Value::Number(number) = &parsed.value {
                assert_eq!(number.to_string(), text);
            } else if !text.contains("private") {
                assert_eq!(parsed.value, serde_json::from_str::<Value>(text).expect(text), "{text}");
            }
        }
    }

    #[test]
    fn faults_name_their_place() {
        for (text, line, column, message) in [
            ("{\"a\": 1,\n \"b\": \"x", 2, 7, "cut off"),
            ("{\"a\": 1", 1, 8, "cut off"),
            ("tru", 1, 4, "cut off"),
            ("-", 1, 2, "cut off"),
            ("<html>", 1, 1, "HTML"),
            ("{\"a\": 1} x", 1, 10, "follows after"),
            ("{a: 1}", 1, 2, "key in double quotes"),
            ("[1,]", 1, 4, "value is expected"),
            ("01", 1, 1, "no number"),
            ("\"\u{1}\"", 1, 2, "control character"),
            ("\"é\\ud800\"", 1, 4, "surrogate"),
            ("", 1, 1, "cut off"),
        ] {
            let fault = parse(text.as_bytes()).expect_err(text);
            assert_eq!((fault.place.line, fault.place.column), (line, column), "{text}: {}", fault.message);
            assert!(fault.message.contains(message), "{text}: {}", fault.message);
        }
        let fault = parse(b"{\"a\": \"\xFF\"}").expect_err("invalid");
        assert_eq!(fault.message, "it is not UTF-8: byte 0xFF");
        assert_eq!(fault.place.column, 8);
    }

    #[test]
    fn mild_faults_leave_a_value() {
        let parsed = parse("\u{FEFF}{\"a\":{\"x\":1},\n\"b\":2,\"a\":3}".as_bytes()).expect("a value");
        let told: Vec<_> = parsed.faults.iter().map(|fault| format!("{} at {}", fault.message, fault.place)).collect();
        assert_eq!(
            told,
            [
                "it begins with a byte order mark, which RFC 8259 forbids at line 1, column 1",
                "the key `a` stands twice in one object (first at line 1, column 3) at line 2, column 7",
            ]
        );
        assert_eq!(parsed.value["a"], 3);
    }

    #[test]
    fn depth_is_bounded() {
        let text = "[".repeat(100_000);
        assert!(parse(text.as_bytes()).expect_err("too deep").message.contains("128 levels"));
    }

    #[test]
    fn many_duplicates_stay_cheap() {
        let text = format!("{{{}\"k\":0}}", "\"k\":0,".repeat(50_000));
        assert_eq!(parse(text.as_bytes()).expect("a value").faults.len(), MAX_FAULTS);
    }
}
