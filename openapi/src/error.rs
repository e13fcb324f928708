//! The one error of reading a document: it cannot be used at all. Everything milder is a diagnostic (`diagnostic.rs`).

use crate::{Pointer, Position};

/// Why a document cannot be read as OpenAPI.
///
/// Its `Display` form is one sentence with the place: `duplicate key `paths` (first at 3:1) at openapi.yaml:9:1`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {position}{}", if pointer.as_str().is_empty() { String::new() } else { format!(" ({pointer})") })]
pub struct LoadError {
    /// What is wrong: a lowercase fragment without a final period.
    pub message: String,
    /// Where, as file, line and column.
    pub position: Position,
    /// The place in the tree, where there is one; the root otherwise.
    pub pointer: Pointer,
    /// What to do about it.
    pub help: Option<String>,
}
