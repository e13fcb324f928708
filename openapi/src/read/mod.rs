//! The normalised tree to operations and their parts, references followed and defaults of the specification filled in. One
//! file per object of the specification; `operation.rs` puts them together. The types are in `crate::operation`.

mod content;
mod operation;
mod parameter;
mod response;
mod security;
mod server;

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::document::Version;
use crate::load::kind;
use crate::places::resolve;
use crate::{Diagnostic, Operation, Pointer, SecurityScheme, Server};

/// What a document comes to.
pub(crate) struct Parts {
    pub(crate) operations: Vec<Operation>,
    pub(crate) servers: Vec<Server>,
    pub(crate) security_schemes: Vec<SecurityScheme>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads all parts of the normalised tree.
pub(crate) fn read(root: &Value, version: Version) -> Parts {
    let mut reader = Reader { root, version, diagnostics: Vec::new(), reported: HashSet::new(), left: SIZE_LIMIT };
    let security_schemes = reader.security_schemes();
    let before = reader.left;
    let servers = root.as_object().and_then(|root| reader.servers(root, &Pointer::root())).unwrap_or_else(server::default);
    let size = before - reader.left;
    let operations = reader.operations(&servers, size, &security_schemes);
    Parts { operations, servers, security_schemes, diagnostics: reader.diagnostics }
}

/// Reads the operations of a path item outside of `paths`, by its place and name.
pub(crate) fn path_item(root: &Value, version: Version, schemes: &[SecurityScheme], item: (&Pointer, &str)) -> Vec<Operation> {
    let mut reader = Reader { root, version, diagnostics: Vec::new(), reported: HashSet::new(), left: SIZE_LIMIT };
    reader.operations_of(item, schemes)
}

/// How much all operations together may hold, in parts and pieces of text. The largest known document needs a quarter of it; one
/// huge response to which thousands of operations refer would fill any machine.
const SIZE_LIMIT: usize = 2_000_000;
/// As much text as counts like a part.
const PIECE: usize = 64;

struct Reader<'d> {
    root: &'d Value,
    version: Version,
    diagnostics: Vec<Diagnostic>,
    /// What has been said about which place: a shared part is read once for each operation that uses it.
    reported: HashSet<(&'static str, Pointer)>,
    /// What is left of [`SIZE_LIMIT`].
    left: usize,
}

/// A part behind its references.
struct Part<'d> {
    pointer: Pointer,
    members: &'d Map<String, Value>,
    /// About it: what stands beside the reference, from OpenAPI 3.1 on, else its own description.
    description: Option<String>,
}

impl<'d> Reader<'d> {
    fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported.insert((diagnostic.code, diagnostic.pointer.clone())) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn warn(&mut self, code: &'static str, pointer: Pointer, message: impl Into<String>) {
        self.report(Diagnostic::warning(code, pointer, message));
    }

    /// The part that `node` at `pointer` is or refers to. `None` where there is none: then it has been left out before, or leads
    /// in a circle.
    fn part(&mut self, node: &'d Value, pointer: Pointer) -> Option<Part<'d>> {
        let written = node.as_object()?;
        let (place, members) = if written.contains_key("$ref") {
            let Some((place, node)) = resolve(self.root, &pointer) else {
                self.warn("broken-reference", pointer.join("$ref"), "the reference leads to no part of the document; it is left out");
                return None;
            };
            (place, node.as_object()?)
        } else {
            (pointer, written)
        };
        let beside = || written.get("description").filter(|_| self.version == Version::V3_1).and_then(Value::as_str);
        let description = beside().or_else(|| members.get("description").and_then(Value::as_str));
        if !self.charge(1 + description.map_or(0, str::len) / PIECE) {
            return None;
        }
        let description = description.map(str::to_owned);
        Some(Part { pointer: place, members, description })
    }

    /// Takes `size` from what the operations may hold. `false`, with a diagnostic, when nothing is left.
    fn charge(&mut self, size: usize) -> bool {
        self.left = self.left.saturating_sub(size);
        if self.left == 0 {
            let message = "the operations of this document refer to more than can be held; the rest is left out";
            self.warn("too-many-parts", Pointer::root().join("paths"), message);
        }
        self.left > 0
    }

    /// A member that is true or false; false where it is neither.
    fn flag(&mut self, members: &Map<String, Value>, key: &str, at: &Pointer) -> bool {
        self.optional_flag(members, key, at).unwrap_or(false)
    }

    fn optional_flag(&mut self, members: &Map<String, Value>, key: &str, at: &Pointer) -> Option<bool> {
        let value = members.get(key)?;
        let flag = match value {
            Value::Bool(flag) => return Some(*flag),
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        };
        let reading = flag.map_or("ignored".to_owned(), |flag| format!("read as `{flag}`"));
        self.warn("wrong-type", at.join(key), format!("`{key}` is {}, expected true or false; it is {reading}", kind(value)));
        flag
    }

    /// A member that is text. Numbers and booleans without quotes are text, too, where nothing else is expected.
    fn text(&mut self, members: &Map<String, Value>, key: &str, at: &Pointer) -> Option<String> {
        match members.get(key)? {
            Value::String(text) => self.charge(text.len() / PIECE).then(|| text.clone()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            value => {
                self.warn("wrong-type", at.join(key), format!("`{key}` is {}, expected text; it is ignored", kind(value)));
                None
            }
        }
    }
}

/// The named parts under the member `key`, without extensions.
fn named<'v>(members: &'v Map<String, Value>, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let parts = members.get(key).and_then(Value::as_object).into_iter().flatten();
    parts.filter(|(name, _)| !name.starts_with("x-"))
}
