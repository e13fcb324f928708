//! `deprecated-operation`: the vendor advises against the operation.

use wireproof_openapi::Pointer;

use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    if case.operation.deprecated {
        let message = format!("`{}` is deprecated", case.operation.label());
        found.add(Rule::DeprecatedOperation, Side::Request, Pointer::root(), &case.operation.pointer.join("deprecated"), message);
    }
}
