//! Reads OpenAPI documents: text to a tree with positions, every schema in one dialect, operations with their
//! parts resolved. Both halves of Wireproof, the generator and the contract engine, stand on this one reading.
//!
//! ```text
//! Source --load/--> raw trees --overlay/, references/--> files and targets --normalise/, dialect/--> normalised tree
//!        --read/--> Operation, Parameter, Response ...
//! ```
//!
//! Start with [`Document`]; places are [`Pointer`]s, and [`Document::position`] turns them into lines.
//!
//! ```
//! use wireproof_openapi::{Document, Pointer, Source};
//!
//! let text = "openapi: 3.0.3\ninfo: {title: Tea, version: '1'}\npaths:\n  /teas:\n    get:\n      responses:\n        '200': {description: all of them}\n";
//! let document = Document::parse(Source::new("tea.yaml", text))?;
//! let operation = &document.operations()[0];
//! assert_eq!(operation.label(), "GET /teas");
//! assert_eq!(document.position(&operation.pointer).to_string(), "tea.yaml:5:5");
//! # Ok::<(), wireproof_openapi::LoadError>(())
//! ```

mod at;
mod diagnostic;
mod dialect;
mod document;
mod error;
mod grammar;
mod load;
mod nodes;
mod normalise;
mod operation;
mod overlay;
mod places;
mod pointer;
mod read;
mod references;
mod source;
mod walk;

pub use diagnostic::{Diagnostic, Severity};
pub use document::{Document, Evidence, Files, NoFiles, Version};
pub use error::LoadError;
pub use nodes::Nodes;
pub use operation::{
    Encoding, Header, Location, MediaType, Operation, Parameter, ParameterShape, RequestBody, Response, Responses, SecurityRequirement,
    SecurityScheme, SecuritySchemeKind, Server, ServerVariable, StatusPattern, Style,
};
pub use overlay::Overlay;
pub use pointer::Pointer;
pub use source::{Position, Source};
pub use walk::PartKind;
