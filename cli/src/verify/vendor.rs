//! The proof of one vendor, part by part. Each part is a function that returns a [`Part`]; what they share is in [`Context`].
//! Next: `exchanges.rs`, the parts that rest on examples and recordings.

use std::ops::ControlFlow;
use std::sync::Arc;

use wireproof_contract::{Date, Event, Outcome, Part, Proof, State};
use wireproof_documents::lint::{Finding, Severity};
use wireproof_openapi::Document;

use super::exchanges;
use super::pages::{Pages, file_name};
use crate::config::{Config, Vendor};
use crate::error::Failure;
use crate::generate::Freshness;
use crate::lint;
use crate::output::{count, printable};
use crate::progress::Progress;

/// How many stale files are listed before they are only counted.
const SHOWN_FILES: usize = 3;

/// How many errors of `lint` are listed before they are only counted.
const SHOWN_FINDINGS: usize = 5;

/// A vendor with its document, or why that cannot be read.
pub(super) struct Loaded<'c> {
    pub(super) vendor: &'c Vendor,
    pub(super) document: Result<Document, Failure>,
}

/// What all vendors' proofs share.
pub(super) struct Context<'c> {
    pub(super) config: &'c Config,
    pub(super) freshness: &'c Freshness,
    pub(super) today: Date,
    pub(super) colour: bool,
    pub(super) width: usize,
    pub(super) verbose: bool,
    pub(super) show_values: bool,
    pub(super) progress: &'c Progress,
    /// Whether vendors are played, too.
    pub(super) mock: bool,
    /// The last day of what is added to the lists of known drift, if anything is to be.
    pub(super) accept_until: Option<Date>,
}

/// A vendor's proof, and what its exchanges came to.
pub(super) struct Proved {
    pub(super) proof: Arc<Proof>,
    /// `None` where they could not be looked at.
    pub(super) told: Option<Told>,
}

/// What the exchanges of a vendor came to.
pub(super) struct Told {
    /// The findings as people read them; empty where there is nothing to show.
    pub(super) findings: String,
    pub(super) outcome: Arc<Outcome>,
    /// What was added to the list of known drift, in lines for people.
    pub(super) accepted: String,
}

/// Proves what can be proved about a vendor; what cannot be read is a part in the state [`State::Unusable`].
pub(super) fn prove(loaded: Loaded<'_>, context: &Context<'_>, sink: &mut dyn FnMut(&Event) -> ControlFlow<()>) -> Proved {
    let Loaded { vendor, document } = loaded;
    let (mut title, mut parts, mut told) = (None, Vec::new(), None);
    match document {
        Ok(document) => {
            title = Some(format!("{} {}", printable(document.title()), printable(&document.api_version())));
            parts.push(generated(vendor, context));
            parts.push(reading(vendor, &document, context));
            let document = Arc::new(document);
            parts.push(linted(vendor, &document, context));
            let pages = match Pages::read(vendor, context.config) {
                Ok(pages) => {
                    parts.push(pages.part(vendor, &document));
                    pages.pages
                }
                Err(failure) => {
                    parts.push(unusable("pages", &failure));
                    Vec::new()
                }
            };
            told = exchanges::prove((vendor, &pages), Arc::clone(&document), context, &mut parts, sink);
            if context.mock {
                #[cfg(feature = "live")]
                parts.push(super::circle::part(&document, exchanges::generated_types(vendor, context).1));
            }
        }
        Err(failure) => parts.push(unusable("document", &failure)),
    }
    Proved { proof: Arc::new(Proof { vendor: Some(vendor.name.as_str().into()), title, parts }), told }
}

/// A part that could not be looked at.
pub(super) fn unusable(topic: &'static str, failure: &Failure) -> Part {
    Part::new(topic, State::Unusable, failure.message.clone()).with_details(failure.help.iter().cloned().collect())
}

/// Generated code is what the document makes.
fn generated(vendor: &Vendor, context: &Context<'_>) -> Part {
    let mut problems = context.freshness.problems(context.config, Some(&vendor.name));
    let more = problems.len().saturating_sub(SHOWN_FILES);
    if more > 1 && !context.verbose {
        problems.truncate(SHOWN_FILES);
        problems.push(format!("and {more} more, which the same command makes fresh (`--verbose` shows them)"));
    }
    let folder = format!("{}/{}", context.config.generated.folder, context.freshness.module_of(&vendor.name).unwrap_or("src"));
    if problems.is_empty() {
        return Part::new("generated", State::Holds, format!("`{folder}` is what the document makes"));
    }
    Part::new("generated", State::Broken, format!("`{folder}` is not what the document makes")).with_details(problems)
}

/// The document reads, perhaps with remarks.
fn reading(vendor: &Vendor, document: &Document, context: &Context<'_>) -> Part {
    let mut diagnostics = document.diagnostics().to_vec();
    let operations = count(document.operations().len(), "operation");
    let head = match document.overlay() {
        Some(overlay) => format!("`{}` with `{}` reads", vendor.spec, file_name(&overlay.path)),
        None => format!("`{}` reads", vendor.spec),
    };
    if diagnostics.is_empty() {
        return Part::new("document", State::Holds, format!("{head} without a remark: {operations}"));
    }
    let remarks = count(diagnostics.len(), "remark");
    if !context.verbose {
        return Part::new("document", State::Holds, format!("{head} with {remarks} (`--verbose` shows them): {operations}"));
    }
    document.locate(&mut diagnostics);
    let details = diagnostics.iter().map(|diagnostic| printable(&diagnostic.to_string()).into_owned()).collect();
    Part::new("document", State::Holds, format!("{head} with {remarks}: {operations}")).with_details(details)
}

/// Nothing in the document contradicts itself, as far as the rules of `lint` see; warnings are counted.
fn linted(vendor: &Vendor, document: &Arc<Document>, context: &Context<'_>) -> Part {
    const TOPIC: &str = "lint";
    let findings = match lint::findings(document, &vendor.ignore) {
        Ok(findings) => findings,
        Err(failure) => return unusable(TOPIC, &failure),
    };
    let line = |finding: &Finding| printable(&finding.to_string()).into_owned();
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.severity() == Severity::Error);
    let counted = count(warnings.len(), "warning");
    if !errors.is_empty() {
        let more = errors.len().saturating_sub(SHOWN_FINDINGS);
        let shown = if context.verbose { usize::MAX } else { SHOWN_FINDINGS };
        let mut details: Vec<String> = errors.iter().take(shown).map(|finding| line(finding)).collect();
        if more > 0 && !context.verbose {
            details.push(format!("and {more} more (`{} lint {}` shows them)", context.config.command, vendor.name));
        }
        return Part::new(TOPIC, State::Broken, format!("{}, {counted}", count(errors.len(), "error"))).with_details(details);
    }
    match (warnings.is_empty(), context.verbose) {
        (true, _) => Part::new(TOPIC, State::Holds, "nothing in the document weakens types or contract"),
        (false, true) => Part::new(TOPIC, State::Holds, format!("no errors, {counted}"))
            .with_details(warnings.iter().map(|finding| line(finding)).collect()),
        (false, false) => {
            Part::new(TOPIC, State::Holds, format!("no errors, {counted} (`{} lint {}` shows them)", context.config.command, vendor.name))
        }
    }
}
