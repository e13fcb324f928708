//! `body-missing`: the document describes a body for the status and the response has none.

use wireproof_openapi::Pointer;

use super::{Case, Found};
use crate::exchange::Body;
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(response) = case.response.filter(|response| !response.content.is_empty()) else { return };
    let place = response.pointer.join("content");
    match &case.exchange.response.body {
        Body::Empty if !never_has_body(case) => {
            let message = format!("the response has no body, but the document describes one for status {}", case.exchange.status);
            found.add(Rule::BodyMissing, Side::Response, Pointer::root(), &place, message);
        }
        Body::Unknown(why) => {
            found.note(Rule::BodySchema, Side::Response, &place, format!("the response body could not be checked: {why}"));
        }
        Body::Empty | Body::Bytes(_) => {}
    }
}

/// Whether HTTP itself leaves the response without a body (RFC 9110 sections 6.4.1, 9.3.2, 15.3.5, 15.3.6 and 15.4.5).
pub(super) fn never_has_body(case: &Case<'_>) -> bool {
    case.exchange.method == "HEAD" || matches!(case.exchange.status, 100..=199 | 204 | 205 | 304)
}
