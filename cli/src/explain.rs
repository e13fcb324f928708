//! `explain RULE`: the page of a rule, as the contract engine documents it.

use clap::Args;
use wireproof_contract::Rule;

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

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let out = &mut environment.out;
    let Some(name) = &arguments.rule else {
        let width = Rule::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or_default();
        for rule in Rule::ALL {
            let padding = " ".repeat(width - rule.name().len());
            let name = out.paint(style::STRONG, rule.name()).to_string();
            out.line(format_args!("{name}{padding}  {}", rule.summary()));
        }
        return Ok(Exit::Holds);
    };
    let rule = Rule::ALL.iter().find(|rule| rule.name() == name).ok_or_else(|| {
        Failure::new(format!("there is no rule `{}`", name.escape_debug()))
            .with_help(did_you_mean(name, Rule::ALL.iter().map(|rule| rule.name())))
    })?;
    for line in rule.page().trim_end().lines() {
        let line = if line.starts_with('#') { out.paint(style::STRONG, line).to_string() } else { line.to_owned() };
        out.line(line);
    }
    Ok(Exit::Holds)
}
