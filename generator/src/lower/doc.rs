//! What a document says for people, gathered for doc comments.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::Lower;
pub(super) use crate::ir::Doc;

impl Lower<'_> {
    /// The documentation of the schema at `at`: its own words, not those of what it refers to.
    pub(super) fn doc(&self, at: &Pointer) -> Doc {
        Doc {
            text: self.text(at, "description").or_else(|| self.text(at, "title")),
            notes: Vec::new(),
            deprecated: self.document.get(at).and_then(|node| node.get("deprecated")).and_then(Value::as_bool).unwrap_or(false),
        }
    }

    /// A text member of the node at `at`; none where it is empty.
    pub(super) fn text(&self, at: &Pointer, member: &str) -> Option<String> {
        let text = self.document.get(at)?.get(member)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
