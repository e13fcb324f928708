//! `body-unexpected`: a body where the document describes none, or where HTTP allows none.

use wireproof_openapi::Pointer;

use super::body_missing::never_has_body;
use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(response) = case.response else { return };
    let Some(bytes) = case.received.bytes() else { return };
    let message = if never_has_body(case) {
        let why = if case.exchange.method == "HEAD" { "an answer to HEAD".to_owned() } else { format!("status {}", case.exchange.status) };
        format!("the response has a body of {} bytes, but {why} has none", bytes.len())
    } else if response.content.is_empty() {
        format!("the response has a body of {} bytes, but the document describes none for status {}", bytes.len(), case.exchange.status)
    } else {
        return;
    };
    found.add(Rule::BodyUnexpected, Side::Response, Pointer::root(), &response.pointer, message);
}
