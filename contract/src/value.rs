//! A value by itself, held against a schema of the document: for what is no exchange, as an example is.

use serde_json::Value;
use wireproof_openapi::Pointer;

use crate::contract::Contract;
use crate::finding::{Finding, Severity, Side};
use crate::json::{self, generalise};
use crate::rule::Rule;
use crate::schema::{Mismatch, Wording, members};

/// Reads a JSON text and holds it against a schema.
pub(crate) fn check(contract: &Contract, on: Side, schema: &Pointer, text: &[u8]) -> Vec<Finding> {
    let unsound = |fault: &json::Fault| {
        let message = format!("the body is not sound JSON: {}, at {}", fault.message, fault.place);
        let place = Mismatch { instance: Pointer::root(), schema: schema.clone(), place: schema.clone(), message, undecided: false };
        finding(contract, on, Rule::BodyUnparseable, Rule::BodyUnparseable.severity(), place)
    };
    match json::parse(text) {
        Ok(parsed) => {
            let faults = parsed.faults.iter().map(unsound);
            faults
                .chain(findings(
                    contract,
                    on,
                    schema,
                    &parsed.value,
                    &Wording { whole: "the body", show_values: contract.subject(0).show_values },
                ))
                .collect()
        }
        Err(fault) => vec![unsound(&fault)],
    }
}

/// What a value gets wrong, one finding where the same shows in several items of a list.
pub(crate) fn findings(contract: &Contract, on: Side, schema: &Pointer, value: &Value, wording: &Wording<'_>) -> Vec<Finding> {
    let rule = match on {
        Side::Request => Rule::RequestBodySchema,
        Side::Response => Rule::BodySchema,
    };
    let mut told: Vec<(Rule, Severity, Mismatch)> = Vec::new();
    match contract.schemas().mismatches(schema, on, value, wording) {
        Ok(mismatches) => told.extend(mismatches.into_iter().map(|mismatch| {
            let severity = if mismatch.undecided { Severity::Note } else { rule.severity() };
            (rule, severity, mismatch)
        })),
        Err(why) => {
            let message = why.to_string();
            let place = Mismatch { instance: Pointer::root(), schema: schema.clone(), place: schema.clone(), message, undecided: true };
            told.push((rule, Severity::Note, place));
        }
    }
    for (instance, schema) in members(contract.schemas(), schema, on, value).undocumented {
        let message = format!("{} is not documented", wording.subject(&instance));
        let mismatch = Mismatch { instance, place: schema.clone(), schema, message, undecided: false };
        told.push((Rule::UndocumentedField, Rule::UndocumentedField.severity(), mismatch));
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (rule, severity, mismatch) in told {
        let same = |known: &&mut Finding| {
            known.rule == rule
                && known.schema == contract.document().written(&mismatch.schema)
                && generalise(&known.instance) == generalise(&mismatch.instance)
        };
        if let Some(known) = findings.iter_mut().find(same) {
            if known.places.is_empty() {
                known.places.push(known.instance.clone());
            }
            known.places.push(mismatch.instance);
            continue;
        }
        findings.push(finding(contract, on, rule, severity, mismatch));
    }
    findings
}

fn finding(contract: &Contract, on: Side, rule: Rule, severity: Severity, mismatch: Mismatch) -> Finding {
    Finding {
        rule,
        severity,
        on,
        message: mismatch.message,
        instance: mismatch.instance,
        places: Vec::new(),
        schema: contract.document().written(&mismatch.schema),
        spec: Some(contract.document().position(&mismatch.place)),
        known: false,
        types: None,
        excerpts: Vec::new(),
    }
}
