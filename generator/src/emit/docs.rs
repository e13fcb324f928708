//! Doc comments and attributes that a document's own words lead to.

use super::code::{Code, Docs, code};
use crate::ir::Doc;

/// Writes the documentation of an item, indented by so many spaces.
pub(super) fn emit(out: &mut Code, indent: usize, doc: &Doc) {
    let mut text = doc.text.clone().unwrap_or_default();
    for note in &doc.notes {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(note);
    }
    if doc.deprecated {
        // No `#[deprecated]`: the code here would then warn about itself. The word is what a reader needs.
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str("**Deprecated** by the document.");
    }
    if !text.trim().is_empty() {
        code!(out, "{}", Docs(indent, &text));
    }
}
