//! References where the specification has none: a whole `paths` or `properties` object, `info`, a list of tags, a description.
//! Documents of many files have them. Named parts are replaced by references to each of the parts, which leaves every part in
//! its own file; texts and other plain values by copies.

use serde_json::{Map, Value};

use super::{CHAIN_LIMIT, Gatherer, Place, fits};
use crate::Diagnostic;
use crate::grammar::{Kind, Object};
use crate::load;

/// Whether a reference in the place of a `kind` is replaced by what it stands for.
pub(super) fn is_expanded(kind: Kind) -> bool {
    match kind {
        Kind::Map(_) | Kind::List(_) | Kind::Text => true,
        Kind::One(object) => has_parts_only(object) || is_plain(object),
        Kind::Opaque => false,
    }
}

/// Objects in which nothing is looked at but parts that can be referred to.
fn has_parts_only(object: Object) -> bool {
    object == Object::Components || object.holds_parts()
}

/// Objects that have no schemas and nothing else that is looked at where it stands.
fn is_plain(object: Object) -> bool {
    matches!(object, Object::Info | Object::Tag | Object::Server | Object::Discriminator | Object::Encoding)
}

impl Gatherer<'_> {
    /// Replaces the reference at `place`, and sees to it that the replacement is looked at.
    pub(super) fn expand(&mut self, place: &Place, kind: Kind, reference: &str) {
        let replacement = match self.expansion(place.file, kind, reference) {
            Ok(replacement) => replacement,
            Err(reason) => {
                let pointer = self.files.mounted(place.file, &place.pointer).join("$ref");
                let message = format!("`{reference}` is left out: {reason}");
                self.files.diagnostics.push(Diagnostic::warning("broken-reference", pointer, message));
                empty(kind)
            }
        };
        if let Some(node) = self.files.value_mut(place.file).pointer_mut(place.pointer.as_str()) {
            *node = replacement;
        }
        self.walk(place, kind);
    }

    fn expansion(&mut self, file: usize, kind: Kind, reference: &str) -> Result<Value, String> {
        let broken = |target| match target {
            super::Target::Broken(reason) => reason,
            _ => "references to URLs are not followed".to_owned(),
        };
        let too_much = "references of this kind copy too much in this document";
        if self.files.budget == 0 {
            return Err(too_much.to_owned());
        }
        let mut target = self.resolve(file, reference, CHAIN_LIMIT).map_err(broken)?;
        for _ in 0..CHAIN_LIMIT {
            let node = self.files.value(target.file).pointer(target.pointer.as_str()).unwrap_or(&Value::Null);
            if let Some(next) = node.get("$ref").and_then(Value::as_str).map(str::to_owned) {
                target = self.resolve(target.file, &next, CHAIN_LIMIT).map_err(broken)?;
                continue;
            }
            if let (Kind::List(Object::Schema), Value::Object(_)) = (kind, node) {
                // `allOf: {$ref: ...}` lacks the list around the one schema.
                return Ok(Value::Array(vec![Value::Object(Map::from_iter([("$ref".to_owned(), Value::String(reference.to_owned()))]))]));
            }
            if !fits(kind, node) {
                return Err(format!("it leads to {}, expected {}", load::kind(node), kind.name()));
            }
            let replacement = self.replacement(file, &target, kind, node);
            self.files.budget = self.files.budget.saturating_sub(load::size(&replacement));
            return if self.files.budget == 0 { Err(too_much.to_owned()) } else { Ok(replacement) };
        }
        Err("it leads in a circle".to_owned())
    }

    /// What stands in `file` instead of a reference to `target`.
    fn replacement(&self, file: usize, target: &Place, kind: Kind, node: &Value) -> Value {
        let path = self.files.relative(file, target.file);
        let part = |step: &str| {
            let fragment = super::local(&target.pointer.join(step));
            Value::Object(Map::from_iter([("$ref".to_owned(), Value::String(format!("{path}{fragment}")))]))
        };
        let by_reference = matches!(kind, Kind::Map(object) | Kind::List(object) if !is_plain(object))
            || matches!(kind, Kind::One(object) if has_parts_only(object));
        match node {
            Value::Object(members) if by_reference => Value::Object(members.keys().map(|key| (key.clone(), part(key))).collect()),
            Value::Array(items) if by_reference => Value::Array((0..items.len()).map(|index| part(&index.to_string())).collect()),
            _ => node.clone(),
        }
    }
}

fn empty(kind: Kind) -> Value {
    match kind {
        Kind::List(_) => Value::Array(Vec::new()),
        Kind::Text => Value::String(String::new()),
        _ => Value::Object(Map::new()),
    }
}
