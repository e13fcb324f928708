//! Names: the one table from IR to Rust identifiers. Nothing else makes an identifier: `scope.rs` alone constructs them.
//!
//! A name follows from the place of a thing in the document (`place.rs`), is split into words (`words.rs`), claimed in a
//! scope (`scope.rs`) and rendered past the reserved words (`reserved.rs`).

mod place;
mod reserved;
mod scope;
mod table;
mod words;

pub(crate) use place::{LONGEST_TITLE, OperationPlaces, Root, split, status_words};
pub(crate) use scope::{Ident, Scope};
pub(crate) use table::{Names, OperationNames, Room};
pub(crate) use words::words;
