//! What changed between two documents, decided on what they mean: what a request may no longer say, and what an answer may newly say,
//! is breaking. How something is written (the order, references, `allOf`) counts for nothing. Of webhooks and callbacks it is the other
//! way round: the vendor says the request, and those who use the API answer.
//!
//! ```text
//! operations (matched) -> exchange, security, servers -> pairs of schemas (schemas, object, union) -> inclusion -> witness
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use wireproof_documents::diff::{Class, Kind, diff};
//! use wireproof_openapi::{Document, Source};
//!
//! let text = "
//! openapi: 3.0.3
//! info: {title: Tea, version: '1'}
//! paths:
//!   /teas:
//!     get:
//!       parameters: [{name: limit, in: query, schema: {type: integer, maximum: 100}}]
//!       responses: {'204': {description: none}}
//! ";
//! let read = |text: &str| Document::parse(Source::new("tea.yaml", text)).map(Arc::new);
//! let changes = diff(&read(text)?, &read(&text.replace("100", "50"))?)?;
//! assert_eq!((changes[0].kind, changes[0].class), (Kind::RangeChanged, Class::Breaking));
//! // A limit that could be asked for and no longer can.
//! let witness = changes[0].witness.as_ref().and_then(|witness| witness.value.as_u64());
//! assert!(witness.is_some_and(|limit| (51..=100).contains(&limit)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read `change.rs` first, then `operations.rs` and, for schemas, `schemas.rs`.

mod called_back;
mod change;
mod collect;
mod exchange;
mod facets;
mod inclusion;
mod kind;
mod object;
mod operations;
mod parameters;
mod rename;
mod sameness;
mod schemas;
mod security;
mod servers;
mod union;
mod view;
mod witness;

use std::sync::Arc;

use wireproof_contract::ContractError;
use wireproof_openapi::Document;

use change::Caller;
pub use change::{Change, Class, Place, Unwitnessed, Witness};
use collect::{Collected, Collector};
pub use kind::{Kind, Semver};
use schemas::Comparison;

/// All changes from `old` to `new`, the worst first, each class in the order of the new document.
///
/// # Errors
///
/// When the schemas of a document cannot be taken in at all.
pub fn diff(old: &Arc<Document>, new: &Arc<Document>) -> Result<Vec<Change>, ContractError> {
    let mut collector = Collector::new(Comparison::new(old, new));
    servers::of_document(&mut collector);
    operations::compare(&mut collector);
    called_back::webhooks(&mut collector);
    let (comparison, collected) = collector.finish();
    let witnesses = witness::of_all((old, new), &comparison.pairs, &collected)?;
    let mut changes: Vec<Change> =
        collected.into_iter().zip(witnesses).map(|(collected, witness)| change(old, new, collected, witness)).collect();
    changes.sort_by(|left, right| {
        let key = |change: &Change| change.new.as_ref().or(change.old.as_ref()).map(|place| place.position.clone());
        right.class.cmp(&left.class).then_with(|| key(left).cmp(&key(right))).then_with(|| left.kind.cmp(&right.kind))
    });
    Ok(changes)
}

fn change(old: &Document, new: &Document, collected: Collected, sought: Option<Result<Witness, Unwitnessed>>) -> Change {
    let (witness, unwitnessed) = match sought {
        Some(Ok(witness)) => (Some(witness), None),
        Some(Err(reason)) => (None, Some(reason)),
        None => (None, None),
    };
    let Collected { draft, operations, reversed, .. } = collected;
    let caller = if reversed { Caller::Vendor } else { Caller::Client };
    // What could not be decided is decided by an example.
    let class = if witness.as_ref().is_some_and(|witness| witness.part.is_none()) { Class::Breaking } else { draft.class };
    Change {
        kind: draft.kind,
        class,
        side: draft.side.map(|side| caller.direction(side)),
        reversed,
        operations,
        message: draft.message,
        old: draft.old.map(|pointer| Place::of(old, &pointer)),
        new: draft.new.map(|pointer| Place::of(new, &pointer)),
        witness,
        unwitnessed,
    }
}

/// What the changes mean for a crate that is generated anew: the worst of what each of them does.
pub fn semver(changes: &[Change]) -> Option<Semver> {
    changes.iter().map(|change| change.kind.semver()).max()
}
