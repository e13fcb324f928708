//! `mutations DIR`: tests the checks themselves. For each operation of each document an exchange is made that keeps the contract
//! (`base.rs`, from the document's examples or `instance.rs`); it must raise nothing. Then one thing is broken at a time
//! (`body.rs`, `exchange.rs`), where what is broken follows from the document and not from our checks, and the finding that
//! says so must come, of the right rule and at the right place.

mod base;
mod body;
mod exchange;
mod instance;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use wireproof::{Environment, Exit, Failure, count};
use wireproof_contract::{Checked, Contract, Exchange, Options, Rule, Severity, Side};
use wireproof_openapi::{Document, Operation, Pointer, Source};

/// The arguments of `mutations`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} mutations specs
  {program} mutations documents --operations 50")]
pub(crate) struct Arguments {
    /// The folder; every `.json`, `.yaml` and `.yml` file in it that is a document counts
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How many operations of a document to take, spread over all of them
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    operations: u16,
    /// Show the document and operation of each exchange
    #[arg(long, short)]
    verbose: bool,
}

/// An exchange with one thing broken, and the finding that must come of it.
struct Mutation {
    /// What was broken, in a few words.
    what: String,
    exchange: Exchange,
    rule: Rule,
    on: Side,
    instance: Pointer,
}

/// What came of one or several documents.
#[derive(Debug, Default)]
struct Tally {
    documents: usize,
    /// Operations for which no exchange could be made that keeps the contract, by what is in the way.
    without_base: BTreeMap<String, usize>,
    bases: usize,
    /// By rule: how many mutations there were, and how many were caught.
    rules: BTreeMap<Rule, (usize, usize)>,
    missed: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    crate::corpus::walk(&environment.resolve(&arguments.folder), "", &mut files)?;
    let mut tally = Tally::default();
    for (path, shown) in &files {
        if arguments.verbose {
            environment.err.line(shown);
        }
        let text = std::fs::read(path).map_err(|error| Failure::io("read", shown, &error))?;
        let Ok(text) = String::from_utf8(text) else { continue };
        document(shown, &text, usize::from(arguments.operations), &mut tally);
    }
    let out = &mut environment.out;
    if tally.bases == 0 {
        return Err(Failure::new(format!("no exchange could be made of the documents below `{}`", arguments.folder.display())));
    }
    for (why, number) in &tally.without_base {
        out.line(format_args!("{} without an exchange: {why}", count(*number, "operation")));
    }
    for missed in tally.missed.iter().take(100) {
        out.line(format_args!("missed: {missed}"));
    }
    let (mut all, mut all_caught) = (0, 0);
    for (rule, (made, caught)) in &tally.rules {
        out.line(format_args!("{caught:>6} of {made:>6}  {rule}"));
        all += made;
        all_caught += caught;
    }
    // Whole per mille are enough to see that one is missing, and need no floats.
    let rate = all_caught * 1000 / all.max(1);
    out.line(format_args!(
        "{} of {}: {all_caught} of {all} caught, {}.{} %",
        count(tally.bases, "exchange"),
        count(tally.documents, "document"),
        rate / 10,
        rate % 10
    ));
    Ok(if all == all_caught { Exit::Holds } else { Exit::Broken })
}

/// Breaks exchanges of one document; a text that is no document is none of our business here.
fn document(name: &str, text: &str, limit: usize, tally: &mut Tally) {
    let Ok(document) = Document::parse(Source::new(name, text)) else { return };
    let Ok(contract) = Contract::new(Arc::new(document), Options::default()) else { return };
    tally.documents += 1;
    let operations = contract.document().operations();
    let step = operations.len().div_ceil(limit).max(1);
    for operation in operations.iter().step_by(step) {
        let base = match base::exchange(&contract, operation) {
            Ok(base) => base,
            Err(why) => {
                *tally.without_base.entry(why).or_default() += 1;
                continue;
            }
        };
        tally.bases += 1;
        let mutations = body::mutations(&contract, operation, &base).into_iter().chain(exchange::mutations(&contract, operation, &base));
        for mutation in mutations {
            let checked = contract.check(&mutation.exchange);
            let caught = is_caught(&checked, &mutation);
            let (made, caught_so_far) = tally.rules.entry(mutation.rule).or_default();
            *made += 1;
            *caught_so_far += usize::from(caught);
            if !caught {
                tally.missed.push(describe(name, operation, &mutation, &checked));
            }
        }
    }
}

fn is_caught(checked: &Checked, mutation: &Mutation) -> bool {
    checked.findings.iter().any(|finding| {
        finding.rule == mutation.rule
            && finding.on == mutation.on
            && finding.severity > Severity::Note
            && (finding.instance == mutation.instance || finding.places.contains(&mutation.instance))
    })
}

fn describe(name: &str, operation: &Operation, mutation: &Mutation, checked: &Checked) -> String {
    let told: Vec<String> = checked.findings.iter().take(4).map(|finding| format!("{} [{}]", finding.rule, finding.instance)).collect();
    format!(
        "{name} {}: {}: expected {} [{}], found {}",
        operation.label(),
        mutation.what,
        mutation.rule,
        mutation.instance,
        if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documents of this repository: every mutation of their exchanges is caught.
    #[test]
    fn mutations_of_our_vendors_are_caught() {
        let mut files = Vec::new();
        crate::corpus::walk(&crate::root().join("specs"), "", &mut files).expect("the specs");
        let mut tally = Tally::default();
        for (path, shown) in &files {
            document(shown, &std::fs::read_to_string(path).expect("a file"), usize::MAX, &mut tally);
        }
        assert_eq!(tally.missed, Vec::<String>::new());
        let made: usize = tally.rules.values().map(|(made, _)| made).sum();
        assert!(made > 80 && tally.rules.len() > 10, "{tally:?}");
    }

    /// A document with each construct that is broken, so that the list of rules does not shrink unseen.
    #[test]
    fn every_kind_of_mutation_is_made_and_caught() {
        let text = include_str!("tea.yaml");
        let mut tally = Tally::default();
        document("tea.yaml", text, usize::MAX, &mut tally);
        assert_eq!(tally.missed, Vec::<String>::new());
        assert!(tally.without_base.is_empty(), "{:?}", tally.without_base);
        let rules: Vec<&str> = tally.rules.keys().map(|rule| rule.name()).collect();
        let mut expected = [
            "operation-unknown",
            "parameter-missing",
            "parameter-schema",
            "request-body-missing",
            "request-body-schema",
            "security-missing",
            "status-undocumented",
            "content-type-undocumented",
            "body-missing",
            "body-unparseable",
            "body-schema",
            "header-missing",
            "header-schema",
            "undocumented-field",
            "read-only-in-request",
            "write-only-in-response",
            "body-unexpected",
        ];
        expected.sort_unstable();
        let mut rules = rules;
        rules.sort_unstable();
        assert_eq!(rules, expected);
    }
}
