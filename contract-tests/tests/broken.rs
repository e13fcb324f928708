//! Every exchange of `broken/` is a test: it gets the verdict and the findings that the `expected.toml` beside it lists, neither more nor
//! fewer. A checker that never fails looks like a passing one; these show that ours can fail.

mod support;

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use wireproof_contract::Contracts;

use support::{Entry, Expectation, Expectations, Recording, Vendor};

fn main() {
    support::run_for_each_vendor(trials)
}

fn trials(vendor: &Vendor) -> Result<Vec<Trial>, String> {
    let folder = vendor.broken();
    // Without known drift: what we live with is broken all the same.
    let contracts = Contracts::new(vec![vendor.contract(None)?]);
    let check = |name: &String| Recording::check(&folder, name, &contracts, &mut contracts.run());
    let recordings = Recording::names(&folder)?.iter().map(check).collect::<Result<_, _>>()?;
    Ok(pair(vendor, Expectations::read(&folder)?.exchanges, recordings))
}

/// One test per entry, with the one expectation that there must be for it, and one that all expectations have their entry.
fn pair(vendor: &Vendor, mut expectations: Vec<Expectation>, recordings: Vec<Recording>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for Recording { name, entries, .. } in recordings {
        for (index, entry) in entries.into_iter().enumerate() {
            let title = format!("{}/{name}/{index}: {}", vendor.name, entry.title);
            let is_its = |expectation: &mut Expectation| expectation.recording == name && expectation.entry == index;
            let its: Vec<Expectation> = expectations.extract_if(.., is_its).collect();
            trials.push(Trial::test(title, move || Ok(compare(&its, entry)?)));
        }
    }
    let left: BTreeSet<String> = expectations.iter().map(|left| format!("{} {}", left.recording, left.entry)).collect();
    trials.push(Trial::test(format!("{}: every expectation has its exchange", vendor.name), move || {
        if left.is_empty() { Ok(()) } else { Err(format!("there are no such entries: {left:?}").into()) }
    }));
    trials
}

fn compare(expectations: &[Expectation], entry: Entry) -> Result<(), String> {
    match expectations {
        [expectation] => expectation.compare(&entry.checked?),
        [] => Err("`expected.toml` does not say what must come of it".to_owned()),
        several => Err(format!("`expected.toml` has {} tables for it", several.len())),
    }
}
