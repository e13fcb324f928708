//! A document's own examples, held against its schemas: every `example` and every entry of `examples` of a request body or a
//! response. An example is an exchange of which only one half is known; what is wrong with it is told at its place.

use std::sync::Arc;

use serde_json::Value;
use wireproof_openapi::{MediaType, Operation, Pointer, Response, StatusPattern};

use crate::contract::Contract;
use crate::finding::{Finding, Severity, Side};
use crate::schema::Wording;
use crate::value;
use crate::verdict::{Checked, Verdict};

/// Checks all examples of a document, in its order.
pub(crate) fn check(contract: &Contract) -> Vec<Checked> {
    let mut checked = Vec::new();
    for (index, operation) in contract.document().operations().iter().enumerate() {
        if let Some(body) = &operation.request_body {
            for entry in &body.content {
                examples(contract, (index, operation), None, entry, &mut checked);
            }
        }
        for response in &operation.responses.entries {
            for entry in &response.content {
                examples(contract, (index, operation), Some(response), entry, &mut checked);
            }
        }
    }
    checked
}

fn examples(
    contract: &Contract,
    (index, operation): (usize, &Operation),
    response: Option<&Response>,
    entry: &MediaType,
    out: &mut Vec<Checked>,
) {
    let on = if response.is_some() { Side::Response } else { Side::Request };
    for (name, place) in &entry.examples {
        let Some(value) = contract.document().get(place) else { continue };
        let findings = findings(contract, on, entry, (name, place), value);
        out.push(Checked {
            recording: Arc::from(""),
            entry: 0,
            vendor: contract.vendor().cloned(),
            contract: None,
            operation: Some(operation.label()),
            operation_index: Some(index),
            method: operation.method.clone(),
            url: operation.path.clone(),
            status: response.map_or(0, |response| status(response.status)),
            documented_status: response.map(|response| response.status),
            documented_content_type: response.map(|_| entry.name.clone()),
            verdict: Verdict::of(&findings),
            findings,
        });
    }
}

/// A status that the pattern stands for.
fn status(pattern: StatusPattern) -> u16 {
    match pattern {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(class) => u16::from(class) * 100,
        StatusPattern::Default => 0,
    }
}

fn findings(contract: &Contract, on: Side, entry: &MediaType, example: (&str, &Pointer), value: &Value) -> Vec<Finding> {
    let Some(schema) = &entry.schema else { return Vec::new() };
    let (name, place) = example;
    let called = if name.is_empty() { "the example".to_owned() } else { format!("the example `{}`", crate::schema::shorten(name, 80)) };
    // An example stands in the document for all to read: there is nothing to mask.
    let mut findings = value::findings(contract, on, schema, value, &Wording { whole: "the body", show_values: true });
    for finding in &mut findings {
        finding.message = match finding.severity {
            Severity::Note => format!("{called} could not be checked: {}", finding.message),
            _ => format!("{called} breaks its schema: {}", finding.message),
        };
        finding.spec = Some(contract.document().position(&Pointer::from_plain(format!("{place}{}", finding.instance))));
    }
    findings
}
