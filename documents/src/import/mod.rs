//! Pages to a document and a recording: the OpenAPI documents that pages embed become one (`merge/`), their examples become exchanges
//! (`recording.rs`). A page that holds the whole document gives it as it is, byte for byte.
//!
//! What pages contradict each other in is reported with both places, and nothing is made of it: which of them is right, only
//! the vendor knows.

mod merge;
mod recording;
mod split;

pub use merge::{Contradiction, Merged, merge};
pub(crate) use recording::operation_at;
pub use recording::{Recorded, har, recorded};
pub use split::Split;

use std::borrow::Cow;

use wireproof_openapi::{LoadError, Position, Source};

use crate::page::Page;
use crate::yaml::to_yaml;

/// The members of a path item that are operations.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The member of a path item that holds operations of any other method.
const MORE: &str = "additionalOperations";

/// A document made of pages.
#[derive(Debug)]
pub struct Imported {
    /// Its text: that of the page where one page holds all of it, else YAML laid out anew.
    pub text: String,
    /// The same as a source: where the text is a page's own, its lines are those of the page.
    pub source: Source,
    /// Whether the text is JSON.
    pub json: bool,
    /// How many embedded documents it is made of.
    pub fragments: usize,
    /// Whether the text is a page's own, byte for byte.
    pub verbatim: bool,
    /// What was done to keep the meaning of fragments that are not made alike, with the place of the fragment's part.
    pub notes: Vec<(Position, String)>,
}

/// Why pages do not become a document.
#[derive(Debug)]
pub enum ImportError {
    /// No page embeds a document.
    Nothing,
    /// An embedded document cannot be read.
    Unreadable(LoadError),
    /// The pages contradict each other.
    Contradictions(Vec<Contradiction>),
}

/// Makes one document of what the pages embed. A file that is a document or a fragment itself counts as a page that embeds all of it.
///
/// # Errors
///
/// When no page embeds a document, one that is embedded cannot be read, or two of them contradict each other.
pub fn import(pages: &[Page]) -> Result<Imported, ImportError> {
    let mut sources: Vec<(Source, &str)> = Vec::new();
    for page in pages {
        let embedded = page.embedded();
        if embedded.is_empty() && page.is_document() {
            sources.push((page.source().clone(), &page.source().text));
        }
        sources.extend(embedded.into_iter().map(|embedded| (embedded.source(page), embedded.text)));
    }
    let Some((_, first)) = sources.first() else { return Err(ImportError::Nothing) };
    let fragments = sources.len();
    if let Some((source, _)) = sources.first().filter(|_| sources.iter().all(|(_, text)| text == first)) {
        // What is written must be a document, or at least YAML, before it is called one.
        source.value().map_err(ImportError::Unreadable)?;
        let json = first.trim_start().starts_with('{');
        return Ok(Imported { text: (*first).to_owned(), source: source.clone(), json, fragments, verbatim: true, notes: Vec::new() });
    }
    let sources: Vec<Source> = sources.into_iter().map(|(source, _)| source).collect();
    let Merged { value, notes } = merge(|number| sources.get(number).map(Cow::Borrowed))?;
    let text = to_yaml(&value);
    Ok(Imported { source: Source::new("openapi.yaml", text.as_str()), text, json: false, fragments, verbatim: false, notes })
}
