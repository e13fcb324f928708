//! `operation-unknown`: the exchange belongs to no operation. The only check that has no case to look at.

use wireproof_openapi::{Document, Pointer};

use crate::exchange::Exchange;
use crate::finding::{Finding, Side};
use crate::route::Miss;
use crate::rule::Rule;

/// The finding for an exchange that was not routed. Without a document to blame it has no place in one.
pub(crate) fn finding(document: Option<&Document>, exchange: &Exchange, path: &str, miss: &Miss) -> Finding {
    let rule = Rule::OperationUnknown;
    let schema = match miss {
        Miss::Server { .. } => Pointer::root().join("servers"),
        Miss::Path { .. } => Pointer::root().join("paths"),
        Miss::Method { template, .. } => Pointer::root().join("paths").join(template),
    };
    let known = document.filter(|document| document.get(&schema).is_some());
    Finding {
        rule,
        severity: rule.severity(),
        on: Side::Request,
        message: format!("`{} {}` is no operation: {miss}", exchange.method, crate::schema::shorten(path, 200)),
        instance: Pointer::root(),
        places: Vec::new(),
        schema: document.map(|document| document.written(&schema)).unwrap_or(schema.clone()),
        spec: known.map(|document| document.position(&schema)),
        known: false,
        types: None,
        excerpts: Vec::new(),
    }
}
