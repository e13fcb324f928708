//! JSON texts rewritten in place: texts and numbers that have to change do, and every other byte stays, so that repeated keys, large numbers
//! and odd whitespace are recorded as they came. A text that breaks off, or is no JSON at all, is walked as far as it makes sense.
//! Next: `recorded.rs`.

use std::borrow::Cow;

/// A place in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'t> {
    Key(Cow<'t, str>),
    Index(usize),
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar<'t> {
    /// The name of a member.
    Key(&'t str),
    /// A text, its escapes undone.
    Text(&'t str),
    /// A number as it is written.
    Number(&'t str),
}

/// Rewrites a text: `change` says what stands in the place of a scalar, or leaves it. `None` where nothing changed.
pub(super) fn rewrite(text: &str, change: &mut dyn FnMut(&[Step<'_>], Scalar<'_>) -> Option<String>) -> Option<String> {
    let mut walk = Walk { text, path: Vec::new(), expects_key: Vec::new(), out: String::new(), copied: 0 };
    walk.all(change);
    if walk.copied == 0 {
        return None;
    }
    walk.out.push_str(text.get(walk.copied..).unwrap_or_default());
    Some(walk.out)
}

struct Walk<'t> {
    text: &'t str,
    /// Where the walk is.
    path: Vec<Step<'t>>,
    /// For each open object or list, whether the next text is a key; `None` for a list.
    expects_key: Vec<Option<bool>>,
    out: String,
    /// Up to where `text` is in `out`.
    copied: usize,
}

impl<'t> Walk<'t> {
    fn all(&mut self, change: &mut dyn FnMut(&[Step<'_>], Scalar<'_>) -> Option<String>) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'{' => {
                    self.expects_key.push(Some(true));
                    self.path.push(Step::Key(Cow::Borrowed("")));
                }
                b'[' => {
                    self.expects_key.push(None);
                    self.path.push(Step::Index(0));
                }
                b'}' | b']' => {
                    self.expects_key.pop();
                    self.path.pop();
                }
                b',' => match (self.expects_key.last_mut(), self.path.last_mut()) {
                    (Some(Some(expects)), _) => *expects = true,
                    (Some(None), Some(Step::Index(index))) => *index += 1,
                    _ => {}
                },
                b'"' => {
                    let end = end_of_text(bytes, at);
                    self.string(at, end, change);
                    at = end;
                    continue;
                }
                b'-' | b'0'..=b'9' => {
                    let length = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_of_number(**byte)).count();
                    let number = self.text.get(at..at + length).unwrap_or_default();
                    if let Some(new) = change(&self.path, Scalar::Number(number)) {
                        self.replace(at, at + length, &new);
                    }
                    at += length;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// A text in quotes from `start` to `end`, the closing quote included where it is there.
    fn string(&mut self, start: usize, end: usize, change: &mut dyn FnMut(&[Step<'_>], Scalar<'_>) -> Option<String>) {
        let closed = end > start + 1 && self.text.as_bytes().get(end - 1) == Some(&b'"');
        let text: &'t str = self.text;
        let inner = text.get(start + 1..if closed { end - 1 } else { end }).unwrap_or_default();
        let decoded = unescaped(inner);
        let is_key = self.expects_key.last().copied().flatten().unwrap_or(false);
        let scalar = if is_key { Scalar::Key(&decoded) } else { Scalar::Text(&decoded) };
        let new = change(&self.path, scalar);
        if let Some(new) = new {
            // What a text becomes is text: it is escaped like any other.
            let escaped = serde_json::Value::String(new).to_string();
            let escaped = if closed { escaped.as_str() } else { escaped.strip_suffix('"').unwrap_or(&escaped) };
            self.replace(start, end, escaped);
        }
        if is_key {
            if let Some(Some(expects)) = self.expects_key.last_mut() {
                *expects = false;
            }
            if let Some(step) = self.path.last_mut() {
                *step = Step::Key(decoded);
            }
        }
    }

    fn replace(&mut self, start: usize, end: usize, new: &str) {
        self.out.push_str(self.text.get(self.copied..start).unwrap_or_default());
        self.out.push_str(new);
        self.copied = end;
    }
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E')
}

/// Where a text that begins with the quote at `start` ends; the end of all where it breaks off.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(offset) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += offset;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// A text with its escapes undone; as it is where they cannot be.
fn unescaped(inner: &str) -> Cow<'_, str> {
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    serde_json::from_str::<String>(&format!("\"{inner}\"")).map_or(Cow::Borrowed(inner), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let unchanged = rewrite(text, &mut |path, scalar| {
            let path: String = path
                .iter()
                .map(|step| match step {
                    Step::Key(key) => format!("/{key}"),
                    Step::Index(index) => format!("/{index}"),
                })
                .collect();
            match scalar {
                Scalar::Key(_) => {}
                Scalar::Text(text) => found.push(format!("{path}={text}")),
                Scalar::Number(number) => found.push(format!("{path}#{number}")),
            }
            None
        });
        assert_eq!(unchanged, None);
        found
    }

    #[test]
    fn every_scalar_has_its_place() {
        assert_eq!(
            places(r#" {"a":{"b":[1,{"c":"x"},[-2.5e3]]}, "a" : "t\u00e9\"", "d":null,"e":[],"f":"y"}"#),
            ["/a/b/0#1", "/a/b/1/c=x", "/a/b/2/0#-2.5e3", "/a=té\"", "/f=y"]
        );
        assert_eq!(places("\"top\""), ["=top"]);
        assert_eq!(places("{\"a\":\"broken o"), ["/a=broken o"]);
        assert_eq!(places("]]}} , \"x\""), ["=x"]);
    }

    #[test]
    fn other_bytes_stay() {
        let text = "{ \"p\" :\t\"se\\u0063ret\",\"p\":12345678901234567890.00, \"q\":[ 1.0 ] }";
        let rewritten = rewrite(text, &mut |_, scalar| match scalar {
            Scalar::Text("secret") => Some("a \"b\"".to_owned()),
            _ => None,
        });
        assert_eq!(rewritten.as_deref(), Some("{ \"p\" :\t\"a \\\"b\\\"\",\"p\":12345678901234567890.00, \"q\":[ 1.0 ] }"));
        assert_eq!(rewrite("[\"cut of", &mut |_, _| Some("x".to_owned())).as_deref(), Some("[\"x"));
    }
}
