//! Reports: readers of events. One file per form; they know nothing of documents, recordings or checks.

mod cause;
mod groups;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod pretty;
mod sarif;
mod tail;

use std::io;

use crate::event::Event;

pub use html::Html;
pub use json::{Json, Tool};
pub use junit::Junit;
pub use markdown::{Markdown, code as markdown_code, plain as markdown_text};
pub use ndjson::Ndjson;
pub use pretty::{Pretty, Style};
pub use sarif::Sarif;

/// A report.
pub trait Report {
    /// Takes the next event in.
    ///
    /// # Errors
    ///
    /// When what the report writes to fails.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}
