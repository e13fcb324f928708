//! `content-type-undocumented`: the response is of a content type that the document does not list for its status. Its body is
//! then held against no schema: there is none for it.

use wireproof_openapi::{MediaType, Pointer};

use super::{Case, Found};
use crate::exchange::Body;
use crate::finding::Side;
use crate::rule::Rule;
use crate::schema::shorten;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let Some(response) = case.response.filter(|response| !response.content.is_empty()) else { return };
    if case.exchange.response.body == Body::Empty {
        return;
    }
    let expected = || documented_types(&response.content);
    let message = match (case.received.content_type, case.received.entry) {
        (Some(_), Some(_)) => return,
        (Some(content_type), None) => {
            format!(
                "the body is `{}`, which is not documented for status {}: expected {}",
                shorten(content_type, 80),
                case.exchange.status,
                expected()
            )
        }
        // A recording that lacks the body may well lack the header too.
        (None, _) if case.received.bytes().is_none() => return,
        (None, _) => format!("the response has a body but no `Content-Type`, expected {}", expected()),
    };
    found.add(Rule::ContentTypeUndocumented, Side::Response, Pointer::root(), &response.pointer.join("content"), message);
}

/// The documented content types in a sentence.
pub(super) fn documented_types(content: &[MediaType]) -> String {
    content.iter().map(|entry| format!("`{}`", shorten(&entry.name, 80))).collect::<Vec<_>>().join(" or ")
}
