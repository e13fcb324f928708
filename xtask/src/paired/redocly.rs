//! The tests of Redocly's drift detection: the report of a run names the first exchange of every problem.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use wireproof::Failure;
use wireproof_contract::{Body, Exchange, Message, Severity, Verdict};

use super::{Compared, Outcome, contract, read};

pub(super) fn check(folder: &Path) -> Result<Outcome, Failure> {
    let snapshots = folder.join("__snapshots__");
    let failed = |error: std::io::Error| Failure::io("read", snapshots.display(), &error);
    let mut files: Vec<_> = std::fs::read_dir(&snapshots)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    files.sort();
    let mut outcome = Outcome::default();
    for path in files {
        let report = read(&path)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let named = |label: &str| {
            let line = report.lines().find_map(|line| line.split_once(label))?.1.trim();
            Some(folder.join("fixtures").join(line.rsplit_once("fixtures/").map_or(line, |(_, rest)| rest)))
        };
        match (named("Spec:"), named("Traffic:")) {
            (Some(spec), Some(traffic))
                if name.starts_with("validate-") && spec.is_file() && traffic.extension().is_some_and(|end| end == "ndjson") =>
            {
                run(&name, &report, (&read(&spec)?, &read(&traffic)?), &mut outcome);
            }
            _ => *outcome.left_out.entry("about formats of recordings and reports").or_default() += 1,
        }
    }
    Ok(outcome)
}

fn run(name: &str, report: &str, (spec, traffic): (&str, &str), outcome: &mut Outcome) {
    let broken: BTreeSet<usize> =
        report.lines().filter_map(|line| line.split_once("sample exchange=")?.1.split(' ').next()?.parse().ok()).collect();
    let server =
        report.lines().find_map(|line| line.split_once("Server:")?.1.split_whitespace().next()).map(|host| format!("http://{host}"));
    let contract = match contract("redocly.yaml", spec, &server.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(contract) => contract,
        Err(why) => {
            return outcome.compared.push(Compared {
                name: format!("redocly-drift/{name}"),
                expected: "a document".to_owned(),
                actual: why,
            });
        }
    };
    for (index, line) in traffic.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let Some(exchange) = serde_json::from_str(line).ok().and_then(|value: Value| exchange(&value)) else { continue };
        let checked = contract.check(&exchange);
        let is_broken =
            checked.verdict == Verdict::Unmatched || checked.findings.iter().any(|finding| finding.severity == Severity::Violation);
        let word = |broken: bool| if broken { "broken" } else { "sound" }.to_owned();
        outcome.compared.push(Compared {
            name: format!("redocly-drift/{name}: exchange {index}"),
            expected: word(broken.contains(&index)),
            actual: word(is_broken),
        });
    }
}

/// An exchange of their NDJSON: headers as an object, bodies as text.
fn exchange(value: &Value) -> Option<Exchange> {
    let message = |side: &str| {
        let part = &value[side];
        let headers =
            part["headers"].as_object().into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
        Message { headers, body: Body::from_bytes(part["body"].as_str().unwrap_or_default().to_owned()) }
    };
    Some(Exchange {
        method: value["request"]["method"].as_str()?.to_owned(),
        url: value["request"]["url"].as_str()?.to_owned(),
        request: message("request"),
        status: value["response"]["status"].as_u64().and_then(|status| status.try_into().ok())?,
        response: message("response"),
    })
}
