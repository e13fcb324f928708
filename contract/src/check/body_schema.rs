//! `body-schema`: the response body is not what its schema describes.

use wireproof_openapi::Pointer;

use super::parameter_schema::{Compared, compare};
use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(entry) = case.received.entry else { return };
    let Some(schema) = &entry.schema else { return };
    if case.received.instance().is_some_and(|value| case.schemas.is_sound(schema, Side::Response, value)) {
        return;
    }
    match case.received.value() {
        Some(value) => {
            compare(
                case,
                found,
                &Compared { rule: Rule::BodySchema, on: Side::Response, schema, value, whole: "the body", place: &Pointer::root() },
            );
        }
        None if case.received.bytes().is_some() && !case.received.is_json() && describes_more_than_text(case, schema) => {
            let message = format!("the body could not be checked: bodies of `{}` are not looked into", entry.name);
            found.note(Rule::BodySchema, Side::Response, &entry.pointer, message);
        }
        None => {}
    }
}

/// Whether a schema says more than "bytes": `type: string, format: binary` asks nothing of a body that is not JSON.
fn describes_more_than_text(case: &Case<'_>, schema: &Pointer) -> bool {
    let resolved = case.document().resolve(schema).map(|(_, node)| node);
    resolved
        .is_some_and(|node| node.as_object().is_some_and(|node| !node.is_empty()) && node.get("type").is_none_or(|kind| kind != "string"))
}
