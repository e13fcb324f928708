//! Checks: one file each, and here the case that all of them look at and the list that they write to.
//!
//! A check is a function from a [`Case`] to findings. It names a rule, a place in the exchange and a place in the document; what
//! follows from that (severity, position, grouping) is done once, by [`Found`]. A new check is a file, a line in [`run`], a
//! rule in `rule.rs` and a page in `docs/`.

mod body_missing;
mod body_schema;
mod body_unexpected;
mod body_unparseable;
mod content;
mod content_type_undocumented;
mod deprecated_operation;
mod fields;
mod found;
mod header_missing;
mod header_schema;
mod operation_unknown;
mod parameter_missing;
mod parameter_schema;
mod request_body_missing;
mod request_body_schema;
mod security_missing;
mod status_undocumented;
mod types;

use wireproof_openapi::{Document, Operation, Response};
use wireproof_runtime::OperationInfo;

use crate::excerpt::Lines;
use crate::exchange::Exchange;
use crate::finding::{Finding, Side};
use crate::parameter::{self, Carrier, Given};
use crate::route::Route;
use crate::schema::{Schemas, Wording};
use content::MessageContent;
use found::Found;

pub(crate) use operation_unknown::finding as operation_unknown;
pub(crate) use security_missing::carries_any_credential;

/// What the checks need besides the exchange.
pub(crate) struct Subject<'a> {
    /// The document's schemas, and with them the document.
    pub(crate) schemas: &'a Schemas,
    /// The operation's generated types.
    pub(crate) types: Option<&'static OperationInfo>,
    /// Whether values may be shown.
    pub(crate) show_values: bool,
    /// The lines of the document, if excerpts are to be cut out.
    pub(crate) excerpts: Option<&'a Lines>,
}

/// One exchange and the operation that it belongs to.
struct Case<'a> {
    schemas: &'a Schemas,
    types: Option<&'static OperationInfo>,
    show_values: bool,
    exchange: &'a Exchange,
    operation: &'a Operation,
    query: &'a str,
    /// What is given for each parameter of the operation, in its order.
    given: Vec<Given>,
    /// The response that documents the status.
    response: Option<&'a Response>,
    /// The request body, read.
    sent: MessageContent<'a>,
    /// The response body, read.
    received: MessageContent<'a>,
}

impl Case<'_> {
    fn document(&self) -> &Document {
        self.schemas.document()
    }

    /// How the body is spoken of.
    fn body_wording(&self) -> Wording<'static> {
        Wording { whole: "the body", show_values: self.show_values }
    }
}

/// What the checks of one exchange come to.
pub(crate) struct Outcome {
    /// The findings, request first.
    pub(crate) findings: Vec<Finding>,
    /// The key of the documented media type that the response belongs to.
    pub(crate) documented_content_type: Option<String>,
}

/// Runs every check on an exchange that belongs to an operation.
pub(crate) fn run(subject: &Subject<'_>, exchange: &Exchange, operation: &Operation, route: &Route) -> Outcome {
    let query = crate::url::query(&exchange.url);
    let carrier = Carrier { variables: &route.variables, query, headers: &exchange.request.headers };
    let response = operation.responses.matching(exchange.status);
    let request_content = operation.request_body.as_ref().map(|body| body.content.as_slice()).unwrap_or_default();
    let case = Case {
        schemas: subject.schemas,
        types: subject.types,
        show_values: subject.show_values,
        exchange,
        operation,
        query,
        given: operation.parameters.iter().map(|parameter| parameter::read(subject.schemas, parameter, &carrier)).collect(),
        response,
        sent: content::read(subject.schemas, Side::Request, &exchange.request, request_content),
        received: content::read(
            subject.schemas,
            Side::Response,
            &exchange.response,
            response.map(|response| response.content.as_slice()).unwrap_or_default(),
        ),
    };
    let mut found = Found::default();
    for check in CHECKS {
        check(&case, &mut found);
    }
    let findings = found.finish(&case, subject.excerpts);
    Outcome { findings, documented_content_type: case.received.entry.map(|entry| entry.name.clone()) }
}

/// The checks in the order of their findings: the request first, then the response from the outside in.
const CHECKS: &[fn(&Case<'_>, &mut Found)] = &[
    deprecated_operation::check,
    security_missing::check,
    parameter_missing::check,
    parameter_schema::check,
    request_body_missing::check,
    request_body_schema::check,
    types::check_request,
    status_undocumented::check,
    header_missing::check,
    header_schema::check,
    content_type_undocumented::check,
    body_missing::check,
    body_unexpected::check,
    body_unparseable::check,
    body_schema::check,
    fields::check,
    types::check,
];
