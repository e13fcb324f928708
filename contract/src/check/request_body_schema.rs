//! `request-body-schema`: the request body is not what its schema describes, or of a content type that the operation does not take.

use wireproof_openapi::Pointer;

use super::content_type_undocumented::documented_types;
use super::parameter_schema::{Compared, compare};
use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;
use crate::schema::shorten;

const RULE: Rule = Rule::RequestBodySchema;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    if case.sent.bytes().is_none() {
        return;
    }
    let Some(documented) = &case.operation.request_body else {
        // No rule forbids it, and servers ignore it; but it is not nothing.
        let message = "the request has a body, but the document describes none".to_owned();
        found.note(RULE, Side::Request, &case.operation.pointer, message);
        return;
    };
    if documented.content.is_empty() {
        return;
    }
    let place = documented.pointer.join("content");
    match (case.sent.entry, case.sent.content_type) {
        (Some(entry), _) => {
            if case.sent.guessed {
                found.note(
                    RULE,
                    Side::Request,
                    &place,
                    format!("the request has no `Content-Type`; its body is checked as `{}`", entry.name),
                );
            }
            part_types(case, found, &entry.pointer);
            let sound = |schema| case.sent.instance().is_some_and(|value| case.schemas.is_sound(schema, Side::Request, value));
            if entry.schema.as_ref().is_some_and(sound) {
                return;
            }
            if let (Some(schema), Some(value)) = (&entry.schema, case.sent.value()) {
                compare(
                    case,
                    found,
                    &Compared { rule: RULE, on: Side::Request, schema, value, whole: "the body", place: &Pointer::root() },
                );
            } else if entry.schema.is_some() && !case.sent.is_json() && case.sent.fault().is_none() {
                let message = format!("the body could not be checked: bodies of `{}` are not looked into", entry.name);
                found.note(RULE, Side::Request, &entry.pointer, message);
            }
        }
        (None, Some(content_type)) => {
            let message =
                format!("the body is sent as `{}`, expected {}", shorten(content_type, 80), documented_types(&documented.content));
            found.add(RULE, Side::Request, Pointer::root(), &place, message);
        }
        (None, None) => {
            let message = format!("the body is sent without a `Content-Type`, expected {}", documented_types(&documented.content));
            found.add(RULE, Side::Request, Pointer::root(), &place, message);
        }
    }
}

/// Parts of a multipart body that are of another content type than their `encoding` says.
fn part_types(case: &Case<'_>, found: &mut Found, entry: &Pointer) {
    for part in &case.sent.other_types {
        let name = shorten(&part.property, 80);
        let message = format!("the part `{name}` is `{}`, expected `{}`", shorten(&part.is, 80), shorten(&part.expected, 120));
        let place = entry.join("encoding").join(&part.property).join("contentType");
        found.add(RULE, Side::Request, Pointer::root().join(&part.property), &place, message);
    }
}
