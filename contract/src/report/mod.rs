//! Reports: readers of events. One file per form; they know nothing of documents, recordings or checks.

mod json;
mod pretty;

use std::io;

use crate::event::Event;

pub use json::{Json, Tool};
pub use pretty::{Pretty, Style};

/// A report.
pub trait Report {
    /// Takes the next event in.
    ///
    /// # Errors
    ///
    /// When what the report writes to fails.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}
