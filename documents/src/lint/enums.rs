//! `enum-invalid`: a value that `enum` lists and another keyword refuses can never be sent.

use serde_json::Value;
use wireproof_contract::{Severity, Side};

use super::context::Context;
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let listed: Vec<_> = context.schemas.iter().filter_map(|(place, node)| Some((place.clone(), node.get("enum")?.as_array()?))).collect();
    for (place, values) in listed {
        let refused: Vec<(usize, &Value)> = values.iter().enumerate().filter(|(_, value)| !context.accepts(&place, value)).collect();
        for (index, value) in refused {
            let findings = context.contract.check_own(&place, Side::Response, value, "the listed value");
            // A schema that cannot be compiled refuses everything, and says nothing about its values.
            let Some(finding) = findings.into_iter().find(|finding| finding.severity == Severity::Violation) else { continue };
            context.find(Rule::EnumInvalid, &place.join("enum").index(index), finding.message);
        }
    }
}
