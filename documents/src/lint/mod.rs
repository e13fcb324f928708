//! What in a document weakens the types made from it, or the contract that exchanges are held to: contradictions within the
//! document (errors) and places where it says less than its author will have meant (warnings). Matters of taste are no business
//! of these rules.
//!
//! ```text
//! document -> Context (all schemas, the contract) -> one file per rule -> findings, without those that the document accepts
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use wireproof_documents::lint::{Rule, lint};
//! use wireproof_openapi::{Document, Source};
//!
//! let text = "
//! openapi: 3.0.3
//! info: {title: Tea, version: '1'}
//! paths: {}
//! components:
//!   schemas:
//!     Tea: {type: object, required: [name], properties: {nmae: {type: string}}}
//! ";
//! let document = Arc::new(Document::parse(Source::new("tea.yaml", text))?);
//! let findings = lint(&document, &[])?;
//! assert_eq!(findings[0].rule, Rule::RequiredUndeclared);
//! assert_eq!(findings[0].position.to_string(), "tea.yaml:7:36");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read `rule.rs` for the list of rules, then any of the files that it names.

mod branches;
mod components;
mod context;
mod enums;
mod examples;
mod family;
mod finding;
mod ids;
mod nothing_required;
mod null_requirement;
mod paths;
mod patterns;
mod reading;
mod required;
mod rule;
mod security;
mod unconstrained;

use std::sync::Arc;

use wireproof_contract::{Contract, ContractError, Options};
use wireproof_openapi::Document;

use context::Context;
pub(crate) use context::shorten;
pub use finding::{Finding, Severity};
pub use rule::Rule;

/// Everything that the rules have to say about a document, in the order of its text.
///
/// A part of a document accepts findings about itself and what lies below it with `x-wireproof-ignore`, a list of rules; `ignored`
/// are rules that are accepted everywhere.
///
/// # Errors
///
/// When the document's schemas cannot be taken in at all.
pub fn lint(document: &Arc<Document>, ignored: &[Rule]) -> Result<Vec<Finding>, ContractError> {
    let contract = Contract::new(Arc::clone(document), Options::default())?;
    let mut context = Context::new(document, &contract);
    for check in CHECKS {
        check(&mut context);
    }
    let mut findings = context.into_findings();
    findings.retain(|finding| !ignored.contains(&finding.rule));
    Ok(findings)
}

/// The checks; each stands for one rule or for a few that look at the same things.
const CHECKS: &[fn(&mut Context<'_>)] = &[
    reading::check,
    examples::check,
    enums::check,
    null_requirement::check,
    unconstrained::check,
    nothing_required::check,
    branches::check,
    required::check,
    ids::check,
    security::check,
    paths::check,
    patterns::check,
    components::check,
];
