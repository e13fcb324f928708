//! Recorded exchanges, one JSON object to a line (`exchanges.jsonl`), against the vendor's own document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wireproof::Failure;
use wireproof_contract::{Body, Contract, Exchange, Headers, Message, Rule, Severity, Side};
use wireproof_openapi::Pointer;

use super::{Compared, Outcome, contract, read};

/// How many groups of findings are shown.
const SHOWN: usize = 12;

pub(super) fn check(folder: &Path, specs: &Path) -> Result<Outcome, Failure> {
    let failed = |error: std::io::Error| Failure::io("read", specs.display(), &error);
    let mut documents: Vec<PathBuf> = std::fs::read_dir(specs).map_err(failed)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    documents.sort();
    let Some(path) = documents.first() else { return Err(Failure::new(format!("there is no document in `{}`", specs.display()))) };
    let set = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let contract = contract(&path.to_string_lossy(), &read(path)?, &[]).map_err(Failure::new)?;
    let mut outcome = Outcome::default();
    let mut groups: BTreeMap<(Rule, String), (usize, String)> = BTreeMap::new();
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    for line in read(&folder.join("exchanges.jsonl"))?.lines() {
        let value: Value =
            serde_json::from_str(line).map_err(|error| Failure::new(format!("`{set}` has a line that is no JSON: {error}")))?;
        if let Some(hint) = value["schema_hint"].as_str() {
            by_schema(&contract, &set, hint, &value, &mut outcome);
        } else if let Some(exchange) = exchange(&value) {
            let checked = contract.check(&exchange);
            *verdicts.entry(checked.verdict.name().to_owned()).or_default() += 1;
            for finding in checked.findings.iter().filter(|finding| finding.severity > Severity::Note) {
                let group = groups.entry((finding.rule, finding.schema.to_string())).or_insert_with(|| (0, finding.message.clone()));
                group.0 += 1;
            }
        } else {
            *outcome.left_out.entry("without a request").or_default() += 1;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (number, _))| std::cmp::Reverse(*number));
    if !verdicts.is_empty() {
        outcome.shown.push(verdicts.iter().map(|(verdict, number)| format!("{number} {verdict}")).collect::<Vec<_>>().join(", "));
    }
    outcome
        .shown
        .extend(groups.iter().take(SHOWN).map(|((rule, schema), (number, message))| format!("{number} x {rule} {schema}: {message}")));
    Ok(outcome)
}

/// A body of which only the name of its schema is known: its vendor made it for that schema.
fn by_schema(contract: &Contract, set: &str, hint: &str, value: &Value, outcome: &mut Outcome) {
    let place = Pointer::from_plain(hint.trim_start_matches('#'));
    let body = value["response"]["body"].as_str().unwrap_or_default();
    let findings = contract.check_value(&place, Side::Response, body.as_bytes());
    let broken: Vec<&str> =
        findings.iter().filter(|finding| finding.severity == Severity::Violation).map(|finding| finding.message.as_str()).collect();
    let actual = if broken.is_empty() { "sound".to_owned() } else { "broken".to_owned() };
    if !broken.is_empty() {
        outcome.shown.push(format!("{hint}: {}", broken.join("; ")));
    }
    outcome.compared.push(Compared {
        name: format!("{set}/{}", hint.rsplit('/').next().unwrap_or(hint)),
        expected: "sound".to_owned(),
        actual,
    });
}

fn exchange(value: &Value) -> Option<Exchange> {
    let message = |side: &str| {
        let part = &value[side];
        let pairs = part["headers"].as_array().into_iter().flatten();
        // Bodies are decoded in this form, whatever the header says.
        let headers: Headers = pairs
            .filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-encoding"))
            .collect();
        let body = match (part["body"].as_str(), part["body_b64"].as_str()) {
            (Some(text), _) => Body::from_bytes(text.to_owned()),
            (None, Some(_)) => Body::Unknown("it is not text".into()),
            (None, None) => Body::Empty,
        };
        Message { headers, body }
    };
    Some(Exchange {
        method: value["method"].as_str()?.to_owned(),
        url: value["url"].as_str()?.to_owned(),
        request: message("request"),
        status: value["status"].as_u64().and_then(|status| status.try_into().ok())?,
        response: message("response"),
    })
}
