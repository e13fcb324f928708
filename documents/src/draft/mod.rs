//! First documents where a vendor has none: from recordings (`traffic.rs`), from pages (`pages.rs`), each node with `x-evidence`, and a
//! list of what is missing. People go on from there.
//!
//! `values -> shape.rs -> schema.rs -> document.rs -> Drafted`

mod document;
mod format;
mod pages;
mod schema;
mod scheme;
mod seen;
mod shape;
mod statement;
mod step;
#[cfg(test)]
mod tests;
mod traffic;

pub use pages::from_pages;
pub(crate) use schema::{is_code, schema};
pub(crate) use shape::Shape;
pub use traffic::Traffic;

use serde_json::Value;

/// A first document.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// The document.
    pub document: Value,
    /// What is missing in it, a sentence without a period each.
    pub missing: Vec<String>,
}

impl Drafted {
    /// The document as YAML, headed by what is missing.
    pub fn to_yaml(&self) -> String {
        let mut out =
            String::from("# A first draft: read every node, and say by `x-evidence` what it rests on (documented, example, assumed).\n");
        if !self.missing.is_empty() {
            out.push_str("# Missing:\n");
        }
        for sentence in &self.missing {
            // A line break would end the comment.
            let sentence: String = sentence
                .chars()
                .map(|letter| if letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}') { ' ' } else { letter })
                .collect();
            out.extend(["# - ", &sentence, "\n"]);
        }
        out + &crate::yaml::to_yaml(&self.document)
    }
}
