//! Every exchange of `recordings/` is a test: it keeps its contract, which holds the vendor's document, its known drift and its
//! generated types. Next: `broken.rs`, which sees to it that such a test can fail.

mod support;

use std::ops::ControlFlow;

use libtest_mimic::{Failed, Trial};
use wireproof_contract::{Checked, Contracts, Outcome, Verdict};

use support::{Recording, Vendor, describe};

fn main() {
    support::run_for_each_vendor(trials)
}

fn trials(vendor: &Vendor) -> Result<Vec<Trial>, String> {
    let mut trials = Vec::new();
    let untyped = operations_without_types(vendor)?;
    let contracts = Contracts::new(vec![vendor.contract(Some(vendor.known_drift()?))?]);
    let mut run = contracts.run();
    for name in Recording::names(&vendor.recordings)? {
        let recording = Recording::check(&vendor.recordings, &name, &contracts, &mut run)?;
        for (index, entry) in recording.entries.into_iter().enumerate() {
            let name = format!("{}/{name}/{index}: {}", vendor.name, entry.title);
            trials.push(Trial::test(name, move || Ok(conforms(&entry.checked?)?)));
        }
    }
    let outcome = run.finish(true, &mut |_| ControlFlow::Continue(()));
    let of_all = |what: &str| format!("{}: {what}", vendor.name);
    let (stale, unseen) = (stale_drift(&outcome), answers_never_seen(&outcome));
    trials.push(Trial::test(of_all("every operation has generated types"), move || none(&untyped, "run `cargo xtask generate`")));
    trials.push(Trial::test(of_all("every entry of the known drift matches something"), move || none(&stale, "take these out")));
    trials.push(Trial::test(of_all("every documented answer is recorded"), move || none(&unseen, "record these in `documented.har`")));
    Ok(trials)
}

fn conforms(checked: &Checked) -> Result<(), String> {
    if checked.verdict == Verdict::Conforms {
        return Ok(());
    }
    let findings: Vec<String> = checked.findings.iter().filter(|finding| !finding.known).map(describe).collect();
    Err(format!("the verdict is `{}`\n{}", checked.verdict.name(), findings.join("\n")))
}

/// Operations whose exchanges no type is held against: the engine does without types where there are none.
fn operations_without_types(vendor: &Vendor) -> Result<Vec<String>, String> {
    let (document, api) = (vendor.document()?, vendor.api()?);
    let labels = document.operations().iter().map(wireproof_openapi::Operation::label);
    Ok(labels.filter(|label| api.operation(label).is_none()).collect())
}

fn stale_drift(outcome: &Outcome) -> Vec<String> {
    outcome.vendors.iter().flat_map(|vendor| &vendor.drift).map(ToString::to_string).collect()
}

fn answers_never_seen(outcome: &Outcome) -> Vec<String> {
    outcome.vendors.iter().flat_map(|vendor| vendor.coverage.never_seen()).collect()
}

fn none(problems: &[String], advice: &str) -> Result<(), Failed> {
    if problems.is_empty() { Ok(()) } else { Err(format!("{advice}:\n  {}", problems.join("\n  ")).into()) }
}
