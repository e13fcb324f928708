//! `parameter-schema`: a parameter's value is not what its schema describes, or not written in its style.

use wireproof_openapi::{ParameterShape, Pointer};

use super::parameter_missing::{instance, name};
use super::{Case, Found};
use crate::finding::Side;
use crate::parameter::Given;
use crate::rule::Rule;
use crate::schema::Wording;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    for (parameter, given) in case.operation.parameters.iter().zip(&case.given) {
        match given {
            Given::Absent | Given::Empty => {}
            Given::Unreadable(why) => {
                let message = format!("{} {why}", name(parameter));
                found.add(Rule::ParameterSchema, Side::Request, instance(parameter), &parameter.pointer, message);
            }
            Given::Value(value) => {
                let schema = match &parameter.shape {
                    ParameterShape::Schema { schema, .. } => schema.as_ref(),
                    ParameterShape::Content(media_type) => media_type.schema.as_ref(),
                };
                if let Some(schema) = schema.filter(|schema| !case.schemas.is_sound(schema, Side::Request, value)) {
                    let (whole, place) = (name(parameter), instance(parameter));
                    compare(
                        case,
                        found,
                        &Compared { rule: Rule::ParameterSchema, on: Side::Request, schema, value, whole: &whole, place: &place },
                    );
                }
            }
        }
    }
}

/// A value to hold against its schema.
pub(super) struct Compared<'c> {
    pub(super) rule: Rule,
    pub(super) on: Side,
    pub(super) schema: &'c Pointer,
    pub(super) value: &'c serde_json::Value,
    /// What the whole value is called.
    pub(super) whole: &'c str,
    /// Where it is in the exchange: the root for bodies.
    pub(super) place: &'c Pointer,
}

/// Adds what a value gets wrong; a schema that cannot be compiled is told once per exchange, as a note.
pub(super) fn compare(case: &Case<'_>, found: &mut Found, compared: &Compared<'_>) {
    let Compared { rule, on, schema, value, whole, place } = *compared;
    let wording = Wording { whole, show_values: case.show_values };
    match case.schemas.mismatches(schema, on, value, &wording) {
        Ok(mismatches) => {
            for mismatch in mismatches {
                let instance = Pointer::from_plain(format!("{place}{}", mismatch.instance));
                let entry = found.add(rule, on, instance, &mismatch.schema, mismatch.message);
                entry.place = mismatch.place;
                entry.note = mismatch.undecided;
            }
        }
        Err(why) => found.note(rule, on, schema, format!("{whole} could not be checked: {why}")),
    }
}
