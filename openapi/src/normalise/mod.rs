//! Raw trees to the one normalised tree: references rewritten to local ones, schemas translated (`dialect/`), what is
//! malformed repaired or left out, each time with a diagnostic. Walks by the grammar (`grammar.rs`), so nothing inside an
//! example or an extension is touched. Next: `links.rs`, which looks once more at the references when all is in its place.
//!
//! What is left out of an object is gone; of a list it leaves a null, so that the items behind it keep their numbers.

mod links;
mod mount;

use serde_json::{Map, Value};

use crate::at::At;
use crate::dialect;
use crate::document::Version;
use crate::grammar::{Kind, Object};
use crate::load::kind;
use crate::places::known_evidence;
use crate::references::{References, Target};
use crate::{Diagnostic, Pointer};

/// The names that only this crate may write into the tree.
const RESERVED: &str = "x-wireproof-";
/// Extensions of that form which documents may have.
const PUBLIC: [&str; 2] = ["x-wireproof-risk", "x-wireproof-ignore"];

/// Makes the normalised tree.
pub(crate) fn normalise(references: &mut References, version: Version) -> (Value, Vec<Diagnostic>) {
    let files = std::iter::once(&mut references.entry).chain(&mut references.others);
    let mut trees: Vec<(Pointer, Value)> = files.map(|file| (file.mount.clone(), file.tree.value.take())).collect();
    let mut walker = Normaliser { references, file: 0, version, diagnostics: Vec::new(), nullables: None };
    for (file, (mount, tree)) in trees.iter_mut().enumerate() {
        walker.file = file;
        for (pointer, kind) in walker.references.roots.get(file).into_iter().flatten() {
            let place = Pointer::from_plain(format!("{mount}{pointer}"));
            let Some(node) = tree.pointer_mut(pointer.as_str()) else { continue };
            if !walker.part(*kind, node, At::Root(&place)) {
                *node = dialect::nothing(*kind);
            }
        }
    }
    let mut diagnostics = walker.finish();
    let root = mount::mount(trees, &references.roots);
    let root = links::relink(root, references, &mut diagnostics);
    (root, diagnostics)
}

/// Walks the tree of one file after the other.
pub(crate) struct Normaliser<'r> {
    references: &'r References,
    /// The file that is walked.
    file: usize,
    pub(crate) version: Version,
    diagnostics: Vec<Diagnostic>,
    /// How often a 3.1 document says `nullable`, and where first.
    nullables: Option<(usize, Pointer)>,
}

impl Normaliser<'_> {
    /// Repairs a part and everything below it. `false`: it has to be left out, and a diagnostic says so.
    pub(crate) fn part(&mut self, kind: Kind, node: &mut Value, at: At<'_>) -> bool {
        match kind {
            Kind::Opaque => true,
            Kind::Text => self.text(node, at),
            Kind::One(Object::Schema) => dialect::schema(self, node, at),
            Kind::One(object) => self.object(object, node, at),
            Kind::Map(object) => self.map(object, node, at),
            Kind::List(object) => self.list(object, node, at),
        }
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, code: &'static str, at: At<'_>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::warning(code, at.pointer(), message));
    }

    /// Adds any diagnostic.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Counts a `nullable` that OpenAPI 3.1 does not know any more.
    pub(crate) fn count_nullable(&mut self, at: At<'_>) {
        match &mut self.nullables {
            Some((count, _)) => *count += 1,
            none => *none = Some((1, at.pointer())),
        }
    }

    fn finish(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics;
        if let Some((count, pointer)) = self.nullables {
            let message =
                format!("`nullable` is not of OpenAPI 3.1 and means that null is allowed all the same ({count} times, first here)");
            diagnostics.push(Diagnostic::note("nullable-in-3.1", pointer, message));
        }
        diagnostics
    }

    fn text(&mut self, node: &mut Value, at: At<'_>) -> bool {
        match node {
            Value::String(_) => true,
            Value::Number(_) | Value::Bool(_) => {
                *node = Value::String(node.to_string());
                true
            }
            // An empty description says as much as none.
            Value::Null => false,
            other => {
                let message = format!("{}, expected text; it is left out", kind(other));
                self.warn("wrong-type", at, message);
                false
            }
        }
    }

    fn object(&mut self, object: Object, node: &mut Value, at: At<'_>) -> bool {
        let Value::Object(members) = node else {
            let message = format!("{} where {} is expected; it is left out", kind(node), object.name());
            self.warn("wrong-type", at, message);
            return false;
        };
        if object == Object::Discriminator {
            self.mapping(members, at);
            return true;
        }
        if let Some(Value::String(reference)) = members.get("$ref") {
            let reference = reference.clone();
            match self.rewrite(&reference, Kind::One(object), at) {
                Some(local) => members.insert("$ref".to_owned(), Value::String(local)),
                // A path item may have operations of its own beside the reference.
                None if object == Object::PathItem && members.len() > 1 => members.shift_remove("$ref"),
                None => return false,
            };
            if object != Object::PathItem {
                self.reference_siblings(object, members, at);
                return true;
            }
        }
        members.retain(|key, value| self.member(object, key, value, at));
        true
    }

    fn member(&mut self, object: Object, key: &str, value: &mut Value, at: At<'_>) -> bool {
        let here = at.member(key);
        if key.starts_with("x-") && !self.extension(key, value, here) {
            return false;
        }
        match object.member(key) {
            Some(Kind::One(part)) if object.holds_parts() => self.named_part(part, value, here),
            Some(kind) => self.part(kind, value, here),
            None => {
                self.warn("unknown-field", here, format!("`{key}` is no member of {}; it is ignored", object.name()));
                true
            }
        }
    }

    /// Looks at an extension; `false` where it takes a name of our own.
    pub(crate) fn extension(&mut self, key: &str, value: &Value, at: At<'_>) -> bool {
        if key.starts_with(RESERVED) && !PUBLIC.contains(&key) {
            self.warn("reserved-extension", at, format!("`{key}` is a name that Wireproof keeps for itself; it is left out"));
            return false;
        }
        if key == "x-evidence" && known_evidence(value).is_none() {
            let message = "`x-evidence` is none of `documented`, `example` and `assumed`; it is ignored";
            self.warn("unknown-evidence", at, message);
        }
        true
    }

    fn map(&mut self, object: Object, node: &mut Value, at: At<'_>) -> bool {
        let Value::Object(members) = node else {
            let message = format!("{} where an object of named parts is expected; it is left out", kind(node));
            self.warn("wrong-type", at, message);
            return false;
        };
        members.retain(|key, value| {
            if self.named_part(object, value, at.member(key)) {
                return true;
            }
            // A schema that says nothing right says nothing; it is there all the same.
            *value = dialect::nothing(Kind::One(object));
            object == Object::Schema
        });
        true
    }

    /// A part under a name of its own. Nothing behind the name, the usual slip in YAML, is an empty part.
    fn named_part(&mut self, object: Object, value: &mut Value, at: At<'_>) -> bool {
        if value.is_null() && has_empty_form(object) {
            self.warn("wrong-type", at, format!("null, expected {}; it is read as an empty one", object.name()));
            *value = dialect::nothing(Kind::One(object));
        }
        self.part(Kind::One(object), value, at)
    }

    fn list(&mut self, object: Object, node: &mut Value, at: At<'_>) -> bool {
        if object == Object::Server && node.get("url").is_some() {
            self.warn("wrong-type", at, "an object, expected a list of servers; it is read as a list of one");
            *node = Value::Array(vec![node.take()]);
        }
        let Value::Array(items) = node else {
            let message = format!("{}, expected a list; it is left out", kind(node));
            self.warn("wrong-type", at, message);
            return false;
        };
        for (index, item) in items.iter_mut().enumerate() {
            if !self.part(Kind::One(object), item, at.item(index)) {
                *item = if object == Object::Schema { dialect::nothing(Kind::One(object)) } else { Value::Null };
            }
        }
        true
    }

    /// The local form of a reference that stands in the `$ref` of `at`; `None`, with a diagnostic, where it cannot be followed.
    pub(crate) fn rewrite(&mut self, reference: &str, wanted: Kind, at: At<'_>) -> Option<String> {
        let here = at.member("$ref");
        match self.references.target(self.file, reference, wanted) {
            Target::Place { reference, .. } => Some(reference),
            Target::Remote => {
                let message = format!("`{reference}` is not followed, as it leads to a URL; {}", without(wanted));
                let help = "save what it leads to beside the document and refer to the file";
                self.report(Diagnostic::warning("remote-reference", here.pointer(), message).with_help(help));
                None
            }
            Target::Broken(reason) => {
                let message = format!("`{reference}` cannot be followed: {reason}; {}", without(wanted));
                self.warn("broken-reference", here, message);
                None
            }
        }
    }

    /// What stands beside a `$ref` that is no schema counts for nothing, but for a summary and a description.
    fn reference_siblings(&mut self, object: Object, members: &mut Map<String, Value>, at: At<'_>) {
        members.retain(|key, value| {
            let here = at.member(key);
            let keeps = matches!(key.as_str(), "$ref" | "summary" | "description") || key.starts_with("x-");
            if !keeps {
                self.warn("ref-siblings", here, format!("`{key}` beside the `$ref` of {} is ignored", object.name()));
            }
            keeps && (!key.starts_with("x-") || self.extension(key, value, here))
        });
    }

    /// The values of a discriminator's mapping are references or names of schemas.
    fn mapping(&mut self, members: &mut Map<String, Value>, at: At<'_>) {
        let Some(Value::Object(mapping)) = members.get_mut("mapping") else { return };
        let at = at.member("mapping");
        for (key, value) in mapping.iter_mut() {
            let Some(reference) = value.as_str().filter(|value| crate::references::is_reference(value)).map(str::to_owned) else {
                continue;
            };
            match self.references.target(self.file, &reference, Kind::One(Object::Schema)) {
                Target::Place { reference, .. } => *value = Value::String(reference),
                Target::Remote | Target::Broken(_) => {
                    self.warn("broken-reference", at.member(key), format!("`{reference}` leads to no schema; this value selects none"));
                }
            }
        }
    }
}

/// Parts that say something even if they are empty.
fn has_empty_form(object: Object) -> bool {
    matches!(object, Object::PathItem | Object::Response | Object::MediaType | Object::Encoding | Object::Callback | Object::Schema)
}

/// What happens to a part whose reference cannot be followed.
fn without(wanted: Kind) -> &'static str {
    if wanted == Kind::One(Object::Schema) { "anything is allowed here" } else { "it is left out" }
}
