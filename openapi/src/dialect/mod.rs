//! One dialect for all schemas: those of OpenAPI 3.0 become JSON Schema 2020-12 (which those of 3.1 are), and a keyword that
//! no validator could compile is repaired or removed, with a diagnostic. Walks one schema; `normalise/` walks the document.
//!
//! | what | where |
//! | --- | --- |
//! | `type` | `types.rs` |
//! | `nullable` | `nullable.rs` |
//! | limits, boolean `exclusiveMinimum`, formats such as `int32` | `numeric.rs` |
//! | `$ref`, `$id`, `$anchor`, `$dynamicRef` | `identity.rs` |
//! | all other keywords | `keywords.rs` |
//!
//! `example`, `xml`, `externalDocs`, `discriminator` and extensions stay as they are: validators do not know them.

mod identity;
mod keywords;
mod nullable;
mod numeric;
mod types;

use serde_json::{Map, Value};

use crate::at::At;
use crate::grammar::{Kind, Object};
use crate::load::kind;
use crate::normalise::Normaliser;
use crate::places::TUPLE;

/// The list of keywords of which a `$ref` of OpenAPI 3.0 leaves nothing but these, which no validator looks at.
const ANNOTATIONS: [&str; 9] = ["description", "title", "default", "readOnly", "writeOnly", "deprecated", "example", "externalDocs", "xml"];

/// What one look at all keywords of a schema has found to be done when it is over.
#[derive(Default)]
struct Findings {
    nullable: bool,
    tuple: bool,
    boolean_exclusive: bool,
    integer_format: bool,
}

/// Translates a schema and everything in it. `false`: it is none, and a diagnostic says so.
pub(crate) fn schema(walker: &mut Normaliser<'_>, node: &mut Value, at: At<'_>) -> bool {
    let members = match node {
        Value::Bool(_) => return true,
        Value::Object(members) => members,
        other => {
            let message = format!("{} where a schema is expected; it is left out", kind(other));
            walker.warn("wrong-type", at, message);
            return false;
        }
    };
    identity::references(walker, members, at);
    let mut findings = Findings::default();
    members.retain(|key, value| keywords::keyword(walker, key, value, at.member(key), &mut findings));
    if findings.tuple {
        name_tuple(members);
    }
    if findings.boolean_exclusive {
        numeric::exclusive(walker, members, at);
    }
    if findings.integer_format {
        numeric::bound_by_format(members);
    }
    if findings.nullable {
        nullable::allow_null(node);
    }
    true
}

/// What stands for a part of which nothing is left.
pub(crate) fn nothing(kind: Kind) -> Value {
    match kind {
        Kind::One(Object::Schema) => Value::Bool(true),
        Kind::List(_) => Value::Array(Vec::new()),
        Kind::Text => Value::String(String::new()),
        Kind::One(_) | Kind::Map(_) | Kind::Opaque => Value::Object(Map::new()),
    }
}

/// A list of `items`, one schema for each, has had the name `prefixItems` since 2020-12.
fn name_tuple(members: &mut Map<String, Value>) {
    let Some(items) = members.get("items").filter(|_| !members.contains_key("prefixItems")).cloned() else { return };
    members.shift_remove("items");
    members.insert("prefixItems".to_owned(), items);
    members.insert(TUPLE.to_owned(), Value::Bool(true));
    if let Some(rest) = members.shift_remove("additionalItems") {
        members.insert("items".to_owned(), rest);
    }
}
