//! `verify --format json`: the form of `validate --format json` over all vendors, and `vendors` with the parts of each proof.

use serde_json::{Map, Value, json};

use super::proof::{Part, Proof, State};
use crate::error::Failure;
use crate::generate::print_json;
use crate::output::Stream;

pub(super) fn print(proofs: &[Proof], package: &Part, out: &mut Stream<'_>) -> Result<(), Failure> {
    print_json(&document(proofs, package), out)
}

fn document(proofs: &[Proof], package: &Part) -> Value {
    let reports = || proofs.iter().filter_map(|proof| proof.report.as_ref());
    let mut summary = Map::new();
    for key in ["exchanges", "conforms", "drift", "violation", "unmatched"] {
        let sum: u64 = reports().filter_map(|report| report.get("summary")?.get(key)?.as_u64()).sum();
        summary.insert(key.to_owned(), sum.into());
    }
    let exchanges: Vec<Value> = reports().filter_map(|report| report.get("exchanges")?.as_array()).flatten().cloned().collect();
    let holds = proofs.iter().map(Proof::state).chain([package.state]).all(|state| state < State::Broken);
    json!({
        "tool": {"name": "wireproof", "version": env!("CARGO_PKG_VERSION")},
        "holds": holds,
        "summary": summary,
        "package": part(package),
        "vendors": proofs.iter().map(vendor).collect::<Vec<_>>(),
        "exchanges": exchanges,
    })
}

fn vendor(proof: &Proof) -> Value {
    json!({
        "vendor": proof.vendor,
        "title": proof.title,
        "holds": proof.state() < State::Broken,
        "parts": proof.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

fn part(part: &Part) -> Value {
    json!({"part": part.topic, "state": part.state.name(), "text": part.text, "details": part.details})
}
