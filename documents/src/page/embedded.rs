//! The OpenAPI documents that a page embeds: fenced blocks of YAML or JSON, of three backticks or more, with or without
//! `METHOD /path` on the fence.

use wireproof_openapi::Source;

use super::call::{self, Call};
use super::{Content, Page};

/// A fenced block that holds an OpenAPI document or a fragment of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded<'p> {
    /// The line of its first line of content, from 1.
    pub line: u32,
    /// Its content, the last line's end included.
    pub text: &'p str,
    /// The operation that the fence names.
    pub call: Option<Call>,
}

/// A line at which an embedded document and another part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the page, from 1.
    pub page_line: u32,
    /// The line of the other document, from 1.
    pub document_line: u32,
}

impl Embedded<'_> {
    /// Where it and `document` first differ; `None` where they are equal byte for byte.
    pub fn difference(&self, document: &str) -> Option<Difference> {
        if self.text == document {
            return None;
        }
        let same = self.text.split_inclusive('\n').zip(document.split_inclusive('\n')).take_while(|(page, other)| page == other).count();
        let same = u32::try_from(same).unwrap_or(u32::MAX);
        Some(Difference { page_line: self.line.saturating_add(same), document_line: same.saturating_add(1) })
    }

    /// The block as a text of its own whose lines are those of the page, so that every position in it is one on the page.
    pub fn source(&self, page: &Page) -> Source {
        let above = usize::try_from(self.line).unwrap_or(1).saturating_sub(1);
        Source::new(page.source().path.clone(), format!("{}{}", "\n".repeat(above), self.text))
    }
}

impl Page {
    /// The OpenAPI documents on the page, in order.
    pub fn embedded(&self) -> Vec<Embedded<'_>> {
        let embedded = self.blocks.iter().filter_map(|block| match &block.content {
            Content::Code { info, text, closed: true } if is_data(info) && is_openapi(text) => {
                let call =
                    info.split_once(char::is_whitespace).and_then(|(_, rest)| call::of_text(rest.trim(), block.line.saturating_sub(1)));
                Some(Embedded { line: block.line, text, call })
            }
            _ => None,
        });
        embedded.collect()
    }

    /// Whether it is no page but a document itself, or a fragment of one, of whatever version.
    pub fn is_document(&self) -> bool {
        let is_one = |value: serde_json::Value| ["openapi", "swagger"].iter().any(|key| value.get(key).is_some());
        // What a page says about itself may have a member `openapi`, too.
        self.front_matter.is_empty() && self.source.value().is_ok_and(is_one)
    }
}

/// Whether the words after a fence announce YAML or JSON, or nothing at all.
fn is_data(info: &str) -> bool {
    let language = info.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    matches!(language.as_str(), "" | "yaml" | "yml" | "json" | "openapi")
}

/// Whether text begins as an OpenAPI document does: `openapi:` or `{"openapi"`, after comments.
pub(super) fn is_openapi(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    let first = lines.next().unwrap_or_default();
    let key = match first.strip_prefix('{') {
        Some("") => lines.next().unwrap_or_default(),
        Some(rest) => rest.trim_start(),
        None => first,
    };
    let rest = key.trim_start_matches(['"', '\'']).strip_prefix("openapi");
    rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
}
