//! `header-schema`: a response header's value is not what its schema describes.

use wireproof_openapi::ParameterShape;

use super::header_missing::instance;
use super::parameter_schema::{Compared, compare};
use super::{Case, Found};
use crate::finding::Side;
use crate::parameter::{Given, read_header};
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(response) = case.response else { return };
    for header in &response.headers {
        let whole = || format!("header `{}`", header.name);
        match read_header(case.schemas, header, &case.exchange.response.headers) {
            Given::Absent | Given::Empty => {}
            Given::Unreadable(why) => {
                found.add(Rule::HeaderSchema, Side::Response, instance(&header.name), &header.pointer, format!("{} {why}", whole()));
            }
            Given::Value(value) => {
                let schema = match &header.shape {
                    ParameterShape::Schema { schema, .. } => schema.as_ref(),
                    ParameterShape::Content(media_type) => media_type.schema.as_ref(),
                };
                if let Some(schema) = schema.filter(|schema| !case.schemas.is_sound(schema, Side::Response, &value)) {
                    let (whole, place) = (whole(), instance(&header.name));
                    let compared =
                        Compared { rule: Rule::HeaderSchema, on: Side::Response, schema, value: &value, whole: &whole, place: &place };
                    compare(case, found, &compared);
                }
            }
        }
    }
}
