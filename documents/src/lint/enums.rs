//! `enum-invalid`: a value that `enum` lists and another keyword refuses can never be sent.

use serde_json::Value;
use wireproof_contract::{Severity, Side};

use super::context::Context;
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let listed: Vec<_> = context.schemas.iter().filter_map(|(place, node)| Some((place.clone(), node.get("enum")?.as_array()?))).collect();
    for (place, values) in listed {
        let refused: Vec<(usize, &Value)> =
            values.iter().enumerate().filter(|(_, value)| !context.accepts_somehow(&place, value)).collect();
        let Some((index, value)) = refused.first() else { continue };
        let findings = context.contract.check_own(&place, Side::Response, value, "the listed value");
        // A schema that cannot be compiled refuses everything, and says nothing about its values.
        let Some(finding) = findings.into_iter().find(|finding| finding.severity == Severity::Violation) else { continue };
        let more = match refused.len() {
            1 => String::new(),
            all if all == values.len() => format!(", and so with all {all} that are listed: no value is valid"),
            some => format!(", and so with {} more of the list", some - 1),
        };
        context.find(Rule::EnumInvalid, &place.join("enum").index(*index), format!("{}{more}", finding.message));
    }
}
