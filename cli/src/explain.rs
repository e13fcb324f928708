//! `explain RULE`: the page of a rule about exchanges or documents, as the crate has it that checks it.

use clap::Args;
use wireproof_contract::Rule;
use wireproof_documents::lint;

use crate::environment::Environment;
use crate::error::{Exit, Failure, did_you_mean};
use crate::output::style;

/// The arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} explain                 all rules, one line each
  {program} explain body-schema     the page of one rule")]
pub struct Arguments {
    /// The rule, as reports name it; all of them with a line each if left out
    rule: Option<String>,
}

/// A rule of either kind: about exchanges or about documents.
struct Known {
    name: &'static str,
    summary: &'static str,
    page: &'static str,
}

/// All rules: those about exchanges, then those about documents.
fn known() -> Vec<Known> {
    let of_exchange = |rule: &Rule| Known { name: rule.name(), summary: rule.summary(), page: rule.page() };
    let of_document = |rule: &lint::Rule| Known { name: rule.name(), summary: rule.summary(), page: rule.page() };
    Rule::ALL.iter().map(of_exchange).chain(lint::Rule::ALL.iter().map(of_document)).collect()
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let out = &mut environment.out;
    let known = known();
    let Some(name) = &arguments.rule else {
        let width = known.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
        for rule in &known {
            let padding = " ".repeat(width - rule.name.len());
            let name = out.paint(style::STRONG, rule.name).to_string();
            out.line(format_args!("{name}{padding}  {}", rule.summary));
        }
        return Ok(Exit::Holds);
    };
    let rule = known.iter().find(|rule| rule.name == name).ok_or_else(|| {
        Failure::new(format!("there is no rule `{}`", name.escape_debug()))
            .with_help(did_you_mean(name, known.iter().map(|rule| rule.name)))
    })?;
    for line in rule.page.trim_end().lines() {
        let line = if line.starts_with('#') { out.paint(style::STRONG, line).to_string() } else { line.to_owned() };
        out.line(line);
    }
    Ok(Exit::Holds)
}
