//! `header-missing`: the document requires a response header that is not there.

use wireproof_openapi::Pointer;

use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(response) = case.response else { return };
    for header in response.headers.iter().filter(|header| header.required) {
        if case.exchange.response.headers.get(&header.name).is_none() {
            let message = format!("header `{}` is missing, which is required", header.name);
            found.add(Rule::HeaderMissing, Side::Response, instance(&header.name), &header.pointer.join("required"), message);
        }
    }
}

/// The place of a header in an exchange.
pub(super) fn instance(name: &str) -> Pointer {
    Pointer::root().join("header").join(name)
}
