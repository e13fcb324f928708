//! `request-body-missing`: the operation requires a body and the request has none.

use wireproof_openapi::Pointer;

use super::{Case, Found};
use crate::exchange::Body;
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(documented) = &case.operation.request_body else { return };
    match &case.exchange.request.body {
        Body::Empty if documented.required => {
            let message = "the request has no body, which is required".to_owned();
            found.add(Rule::RequestBodyMissing, Side::Request, Pointer::root(), &documented.pointer.join("required"), message);
        }
        Body::Unknown(why) => {
            found.note(
                Rule::RequestBodySchema,
                Side::Request,
                &documented.pointer,
                format!("the request body could not be checked: {why}"),
            );
        }
        Body::Empty | Body::Bytes(_) => {}
    }
}
