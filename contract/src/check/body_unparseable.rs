//! `body-unparseable`: a body whose content type promises JSON, and which is no JSON text, or one that readers disagree about
//! (duplicate keys, a byte order mark); and forms whose parts are not what their content types promise.

use wireproof_openapi::Pointer;

use super::content::{MessageContent, Reading};
use super::{Case, Found};
use crate::finding::Side;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let operation = &case.operation.pointer;
    let request = || case.operation.request_body.as_ref().map_or_else(|| operation.clone(), |body| body.pointer.clone());
    say(found, Side::Request, &case.sent, &request);
    let response = || case.response.map_or_else(|| operation.join("responses"), |response| response.pointer.clone());
    say(found, Side::Response, &case.received, &response);
}

fn say(found: &mut Found, on: Side, content: &MessageContent<'_>, fallback: &dyn Fn() -> Pointer) {
    let (faults, verb) = match &content.reading {
        Reading::Broken(fault) => (std::slice::from_ref(fault), format!("cannot be read as {}", content.called())),
        Reading::Value(_, faults) => (faults.as_slice(), format!("is not sound {}", content.called())),
        Reading::None | Reading::Raw(..) => return,
    };
    let place = content.entry.map_or_else(fallback, |entry| entry.pointer.clone());
    for fault in faults {
        let message = format!("the body {verb}: {}, at {}", fault.message, fault.place);
        found.add(Rule::BodyUnparseable, on, Pointer::root(), &place, message);
    }
}
