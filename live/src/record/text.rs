//! JSON written member by member, without a tree of it in between: an entry is made for every exchange that passes, and a tree would
//! copy all of it twice. Next: `entry.rs`, which writes entries.

use std::fmt::Display;
use std::io::Write as _;

/// An object that is being written. It is `end`ed by whoever began it.
#[derive(Debug)]
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

/// A list of objects that is being written.
#[derive(Debug)]
pub(super) struct List<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> Object<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// A member that is text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        write_text(self.out, value);
    }

    /// A member that is a number or `true`, whose text is its JSON.
    pub(super) fn plain(&mut self, name: &str, value: impl Display) {
        self.name(name);
        // Memory takes whatever it is given.
        let _ = write!(self.out, "{value}");
    }

    /// A member that is an object.
    pub(super) fn object(&mut self, name: &str) -> Object<'_> {
        self.name(name);
        Object::begin(self.out)
    }

    /// A member that is a list of objects.
    pub(super) fn list(&mut self, name: &str) -> List<'_> {
        self.name(name);
        self.out.push(b'[');
        List { out: self.out, empty: true }
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }

    fn name(&mut self, name: &str) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(b',');
        }
        write_text(self.out, name);
        self.out.push(b':');
    }
}

impl List<'_> {
    /// The next item.
    pub(super) fn object(&mut self) -> Object<'_> {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(b',');
        }
        Object::begin(self.out)
    }

    pub(super) fn end(self) {
        self.out.push(b']');
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // A text can always be written, and memory takes whatever it is given.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_json() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.text("a \"b\"", "\u{1}\n\\ é");
        object.object("none").end();
        object.list("empty").end();
        let mut list = object.list("two");
        for count in [1, 2] {
            let mut item = list.object();
            item.plain("count", count);
            item.plain("yes", true);
            item.end();
        }
        list.end();
        object.end();
        let read: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        let two = json!([{"count": 1, "yes": true}, {"count": 2, "yes": true}]);
        assert_eq!(read, json!({"a \"b\"": "\u{1}\n\\ é", "none": {}, "empty": [], "two": two}));
    }
}
