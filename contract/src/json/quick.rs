//! Text to [`Raw`], as fast as can be: for texts without any fault. What is wrong with others, and where, is for `parse.rs` to say, so
//! nothing is told here, and nothing is taken that `parse.rs` would object to.

use std::borrow::Cow;

use super::parse::{MAX_DEPTH, unescaped};
use super::raw::{Members, Raw};

/// Reads one JSON text that has no fault of any kind; `None` where it has one.
pub(crate) fn quick(bytes: &[u8]) -> Option<Raw<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { text, bytes, at: 0, items: Vec::new(), members: Vec::new() };
    let value = reader.value(0)?;
    reader.blank();
    (reader.at == bytes.len()).then_some(value)
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// What was read of the lists and objects around the place, so that each is allocated once, in its size.
    items: Vec<Raw<'t>>,
    members: Vec<(Cow<'t, str>, Raw<'t>)>,
}

impl<'t> Reader<'t> {
    fn value(&mut self, depth: usize) -> Option<Raw<'t>> {
        self.blank();
        match self.bytes.get(self.at)? {
            b'"' => self.string().map(Raw::String),
            b'{' if depth < MAX_DEPTH => self.object(depth),
            b'[' if depth < MAX_DEPTH => self.array(depth),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Raw::Boolean(true)),
            b'f' => self.word("false", Raw::Boolean(false)),
            b'n' => self.word("null", Raw::Null),
            _ => None,
        }
    }

    fn object(&mut self, depth: usize) -> Option<Raw<'t>> {
        self.at += 1;
        let start = self.members.len();
        self.blank();
        if !self.take(b'}') {
            loop {
                self.blank();
                if self.bytes.get(self.at) != Some(&b'"') {
                    return None;
                }
                let name = self.string()?;
                self.blank();
                if !self.take(b':') {
                    return None;
                }
                let value = self.value(depth + 1)?;
                self.members.push((name, value));
                self.blank();
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return None;
                }
            }
        }
        Members::new(self.members.drain(start..).collect()).map(Raw::Object)
    }

    fn array(&mut self, depth: usize) -> Option<Raw<'t>> {
        self.at += 1;
        let start = self.items.len();
        self.blank();
        if !self.take(b']') {
            loop {
                let item = self.value(depth + 1)?;
                self.items.push(item);
                self.blank();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return None;
                }
            }
        }
        Some(Raw::Array(self.items.drain(start..).collect()))
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        self.at += 1;
        let start = self.at;
        self.at += plain(self.bytes.get(start..)?);
        match self.bytes.get(self.at)? {
            b'"' => {
                self.at += 1;
                self.text.get(start..self.at - 1).map(Cow::Borrowed)
            }
            b'\\' => {
                let (text, end) = unescaped(self.text, start - 1)?;
                self.at = end;
                Some(Cow::Owned(text))
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Raw<'t>> {
        let start = self.at;
        self.take(b'-');
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = self.digits();
        if whole == 0 || (zero && whole > 1) {
            return None;
        }
        if self.take(b'.') && self.digits() == 0 {
            return None;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return None;
            }
        }
        self.text.get(start..self.at).map(Raw::Number)
    }

    /// Passes over digits, and says how many they are.
    fn digits(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &str, value: Raw<'t>) -> Option<Raw<'t>> {
        let is = self.bytes.get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        is.then_some(value)
    }

    fn blank(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }
}

/// How many bytes of a text stand before the next quote, backslash or control character, looked at eight at a time.
pub(super) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // A high bit for each byte that is zero, and none below the first such byte.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\'))) | control;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// Texts with and without faults; the quick reader takes those without, and makes the same of them.
    fn check(text: &[u8]) {
        let exact = parse(text).ok().filter(|parsed| parsed.faults.is_empty()).map(|parsed| parsed.value);
        let quick = quick(text).map(|raw| raw.to_value());
        assert_eq!(quick, exact, "{}", String::from_utf8_lossy(text));
    }

    const TEXTS: &[&str] = &[
        r#"{"a":[1,-0.5e-7,true,false,null],"b":{"c":"x"}," d ":"a longer text without escapes: é, 漢字"}"#,
        "[9007199254740993, 1.0, 1E+400, -0, 0.10e1, 123456789012345678901234567890.10]",
        "\"a\\u00e9\\ud83d\\ude00\\n\\/ and more than eight letters behind \\\" it\"",
        r#"{"$serde_json::private::Number":"x"}"#,
        "  [ ]  ",
        " { } ",
        r#"{"a":1,"b":2,"c":3,"a":4}"#,
        r#"[{"ab":1,"ba":2,"aab":{"ab":1}},{"ab":1,"ab":1}]"#,
        "[[1],[],[[2,3],4]]",
        "\u{FEFF}1",
    ];

    #[test]
    fn both_readers_agree_on_texts_and_on_damaged_ones() {
        for text in TEXTS {
            check(text.as_bytes());
            for at in 0..text.len() {
                check(&text.as_bytes()[..at]);
                for byte in [b'"', b'\\', b'0', b',', b'}', b'\n', 0x1F, 0x20, 0x80, 0xFF] {
                    let mut damaged = text.as_bytes().to_vec();
                    damaged[at] = byte;
                    check(&damaged);
                    damaged.insert(at, byte);
                    check(&damaged);
                }
            }
        }
    }

    #[test]
    fn names_that_repeat_are_found_among_many() {
        for count in [1, 2, 5, 24, 25, 300] {
            let names: Vec<String> = (0..count).map(|number| format!("\"name{}\":{number}", number * 37 % 1000)).collect();
            check(format!("{{{}}}", names.join(",")).as_bytes());
            check(format!("{{{},{}}}", names.join(","), names[count / 2]).as_bytes());
            let text = format!("{{{}}}", names.join(","));
            let Some(Raw::Object(members)) = quick(text.as_bytes()) else { panic!("{text}") };
            for number in 0..count {
                assert_eq!(members.get(&format!("name{}", number * 37 % 1000)), Some(&Raw::Number(&number.to_string())));
            }
            assert_eq!(members.get("name"), None);
        }
    }

    #[test]
    fn nesting_has_a_bound() {
        for depth in [127, 128, 129, 100_000] {
            check(format!("{}{}", "[".repeat(depth), "]".repeat(depth)).as_bytes());
            check("[{\"a\":".repeat(depth).as_bytes());
        }
    }

    #[test]
    fn plain_text_ends_where_it_does() {
        for stop in [b'"', b'\\', 0, 0x1F, b'\n'] {
            for at in 0..20 {
                let mut text = vec![b'!'; 20];
                text[at] = stop;
                assert_eq!(plain(&text), at, "{stop} {at}");
            }
        }
        assert_eq!(plain("é漢\u{7F}字 and more".as_bytes()), "é漢\u{7F}字 and more".len());
    }
}
