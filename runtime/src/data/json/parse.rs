//! JSON text to [`Json`].
//!
//! `serde_json` rounds numbers on their way to a visitor, unless a feature that is not ours to set is on; so the text is read
//! here. Escaped strings are left to `serde_json`.

use std::fmt;
use std::str::FromStr;

use crate::data::{Json, Map, Number, number_length};
use crate::depth::Level;

/// The text is not JSON: what was expected, and the byte where something else stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    expected: &'static str,
    at: usize,
}

impl JsonError {
    /// How many bytes of the text were read before it stopped making sense.
    pub fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn not_utf8(at: usize) -> Self {
        Self { expected: "UTF-8", at }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "invalid JSON: expected {} at byte {}", self.expected, self.at)
    }
}

impl std::error::Error for JsonError {}

impl FromStr for Json {
    type Err = JsonError;

    /// Reads a document of one value.
    fn from_str(text: &str) -> Result<Self, JsonError> {
        let mut parser = Parser { text, at: 0 };
        let value = parser.value()?;
        parser.skip_whitespace();
        if parser.at == text.len() { Ok(value) } else { Err(parser.expected("the end of the text")) }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Json, JsonError> {
        self.skip_whitespace();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self) -> Result<Json, JsonError> {
        let _level = Level::container().ok_or_else(|| self.expected("at most 127 objects and arrays inside each other"))?;
        let mut members = Map::new();
        self.at += 1;
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_whitespace();
            if self.peek() != Some(b'"') {
                return Err(self.expected("the name of a member"));
            }
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.expected("`:`"));
            }
            members.insert(name, self.value()?);
            if self.take(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn array(&mut self) -> Result<Json, JsonError> {
        let _level = Level::container().ok_or_else(|| self.expected("at most 127 objects and arrays inside each other"))?;
        let mut elements = Vec::new();
        self.at += 1;
        if self.take(b']') {
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.take(b']') {
                return Ok(Json::Array(elements));
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += 1;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                }
                Some(0x20..) => {}
                _ => return Err(self.expected("the end of a string")),
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        if escaped {
            return serde_json::from_str(quoted)
                .map_err(|_| JsonError { expected: "a string with escapes that stand for characters", at: start });
        }
        Ok(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned())
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let text = number_length(self.rest()).and_then(|length| self.rest().get(..length)).ok_or_else(|| self.expected("a number"))?;
        self.at += text.len();
        Ok(Json::Number(Number::of_checked(text)))
    }

    fn word(&mut self, word: &'static str, value: Json) -> Result<Json, JsonError> {
        if self.rest().starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.expected("a value"))
        }
    }

    /// Skips whitespace, then takes the byte if it is there.
    fn take(&mut self, byte: u8) -> bool {
        self.skip_whitespace();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> JsonError {
        JsonError { expected, at: self.at }
    }
}

#[cfg(test)]
mod tests {
    use crate::Json;

    #[test]
    fn reading_and_writing_loses_nothing() {
        for text in [
            "null",
            "[true,false]",
            "1.10",
            "1e400",
            "-0",
            "1208925819614629174706176",
            "0.1234567890123456789",
            r#""a\"b\\c\nd\u001f""#,
            r#"{"b":1,"a":{},"":[]}"#,
            r#"{"$serde_json::private::RawValue":"x"}"#,
            r#"{"$serde_json::private::Number":"1"}"#,
            "\"é😀\"",
        ] {
            let value: Json = text.parse().unwrap();
            assert_eq!(value.to_string(), text);
            assert_eq!(serde_json::from_str::<Json>(text).unwrap(), value, "{text}");
            assert_eq!(serde_json::from_slice::<Json>(text.as_bytes()).unwrap(), value, "{text}");
            assert_eq!(serde_json::from_reader::<_, Json>(text.as_bytes()).unwrap(), value, "{text}");
            assert_eq!(serde_json::to_string(&value).unwrap().parse::<Json>().unwrap(), value, "{text}");
        }
        assert_eq!(" { \"a\" : [ 1 , 2 ] } ".parse::<Json>().unwrap().to_string(), r#"{"a":[1,2]}"#);
        assert_eq!(r#"{"a":1,"a":2}"#.parse::<Json>().unwrap().to_string(), r#"{"a":2}"#);
        assert_eq!(r#""\ud83d\ude00\/""#.parse::<Json>().unwrap().as_str(), Some("😀/"));
        assert_eq!(r#""\"""#.parse::<Json>().unwrap().as_str(), Some("\""));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for (text, at) in [
            ("", 0),
            ("nul", 0),
            ("01", 0),
            ("1.", 0),
            ("-", 0),
            ("[1,]", 3),
            ("[1 2]", 3),
            ("{\"a\" 1}", 5),
            ("{a:1}", 1),
            ("\"a", 2),
            ("\"a\\", 4),
            ("\"\n\"", 1),
            ("\"\\ud800\"", 0),
            ("\"\\é\"", 0),
            ("1 1", 2),
        ] {
            assert_eq!(text.parse::<Json>().unwrap_err().offset(), at, "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(nested(127).parse::<Json>().is_ok());
        assert!(nested(128).parse::<Json>().is_err());
        assert!(serde_json::from_str::<Json>(&nested(127)).is_ok());
        assert!(serde_json::from_str::<Json>(&nested(200_000)).is_err());
    }

    #[test]
    fn pointers_are_followed() {
        let value: Json = r#"{"a/b":[{"m~n":1}],"":2}"#.parse().unwrap();
        for (pointer, expected) in
            [("/a~1b/0/m~0n", Some(1)), ("/", Some(2)), ("/a~1b/00", None), ("/a~1b/+0", None), ("/x", None), ("a", None)]
        {
            assert_eq!(value.pointer(pointer).and_then(Json::as_i64), expected, "{pointer}");
        }
        assert_eq!(value.pointer(""), Some(&value));
    }
}
