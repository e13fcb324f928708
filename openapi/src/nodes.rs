//! Looking up many nodes that lie near each other. [`Document::get`] walks from the root each time; here the path of the last lookup
//! is kept, and the next one goes on from where the two part.

use std::cell::RefCell;

use serde_json::Value;

use crate::references::child;
use crate::{Document, Pointer};

/// A reader of a document's nodes that remembers the path to the last one.
///
/// ```
/// use wireproof_openapi::{Document, NoFiles, Pointer, Source};
/// let text = "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n";
/// let document = Document::load(Source::new("pets.yaml", text), &NoFiles)?;
/// let nodes = document.nodes();
/// let title = Pointer::root().join("info").join("title");
/// assert_eq!(nodes.get(&title), document.get(&title));
/// # Ok::<(), wireproof_openapi::LoadError>(())
/// ```
#[derive(Debug)]
pub struct Nodes<'d> {
    root: &'d Value,
    last: RefCell<Path<'d>>,
}

/// A pointer that was walked: its text, and every node on the way with the length of the pointer that leads to it.
#[derive(Debug, Default)]
struct Path<'d> {
    text: String,
    nodes: Vec<(usize, &'d Value)>,
}

impl Document {
    /// A reader for many lookups in a row.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { root: self.root(), last: RefCell::default() }
    }
}

impl<'d> Nodes<'d> {
    /// The node of the normalised tree at `pointer`.
    pub fn get(&self, pointer: &Pointer) -> Option<&'d Value> {
        let mut last = self.last.borrow_mut();
        last.back_to(pointer.as_str());
        let mut node = last.nodes.last().map_or(self.root, |(_, node)| *node);
        let rest = pointer.as_str().get(last.text.len()..)?;
        for step in rest.split('/').skip(1) {
            node = if step.contains('~') { child(node, &step.replace("~1", "/").replace("~0", "~"))? } else { child(node, step)? };
            last.text.push('/');
            last.text.push_str(step);
            let end = last.text.len();
            last.nodes.push((end, node));
        }
        Some(node)
    }
}

impl Path<'_> {
    /// Forgets what does not lead to `text`.
    fn back_to(&mut self, text: &str) {
        let same = self.text.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
        let leads = |end: usize| end <= same && (end == text.len() || text.as_bytes().get(end) == Some(&b'/'));
        while self.nodes.pop_if(|(end, _)| !leads(*end)).is_some() {}
        self.text.truncate(self.nodes.last().map_or(0, |(end, _)| *end));
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, NoFiles, Pointer, Source};

    #[test]
    fn nodes_are_those_of_the_document_in_any_order() {
        let text = r#"{"openapi": "3.1.0", "info": {"title": "t", "version": "1", "ti": 1}, "paths": {"/a": {"get": {"tags": ["x", "y"]}}, "/a~b": {"x-é": 2, "x-è": 3}}}"#;
        let document = Document::load(Source::new("t.json", text), &NoFiles).expect("a document");
        let nodes = document.nodes();
        let places = [
            "/paths/~1a/get/tags/1",
            "/paths/~1a/get/tags/0",
            "/paths/~1a/get/tags/2",
            "/paths/~1a/get",
            "/paths/~1a~0b",
            "/paths/~1a~0b/x-é",
            "/paths/~1a~0b/x-è",
            "/info/title",
            "/info/ti",
            "/info/t",
            "",
            "/info/title/x",
            "/nowhere/at/all",
            "/info",
        ];
        for place in places.iter().chain(places.iter().rev()) {
            let pointer = Pointer::from_plain(*place);
            assert_eq!(nodes.get(&pointer), document.get(&pointer), "{place}");
        }
    }
}
