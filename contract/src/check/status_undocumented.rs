//! `status-undocumented`: no response of the operation documents the status, neither its code, nor its range, nor `default`.

use wireproof_openapi::Pointer;

use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    if case.response.is_some() {
        return;
    }
    let documented: Vec<String> = case.operation.responses.entries.iter().map(|response| response.status.to_string()).collect();
    let expected = match documented.as_slice() {
        [] => "the document has no response at all".to_owned(),
        [only] => format!("the document has {only} only"),
        many => format!("the document has {}", many.join(", ")),
    };
    let message = format!("status {} is not documented: {expected}", case.exchange.status);
    found.add(Rule::StatusUndocumented, Side::Response, Pointer::root(), &case.operation.pointer.join("responses"), message);
}
