//! Proves that recorded HTTP exchanges keep to an OpenAPI document, and to the types generated from it.
//!
//! ```text
//! recording -> exchange -> route -> checks -> findings -> verdict -> events -> reports
//! ```
//!
//! Each stage is a module of that name. A [`Contract`] is one document made ready, [`Contracts::run`] holds recordings against
//! one or several of them and tells what it finds as [`Event`]s, and a [`report`] reads nothing but events. Nothing here opens
//! a file or prints: readers and writers are handed in.
//!
//! ```
//! use std::ops::ControlFlow;
//! use std::sync::Arc;
//! use wireproof_contract::{Contract, Contracts, Event, Format, Options};
//! use wireproof_openapi::{Document, Source};
//!
//! let text = "
//! openapi: 3.0.3
//! info: {title: Tea, version: '1'}
//! servers: [{url: 'https://tea.example'}]
//! paths:
//!   /teas/{id}:
//!     get:
//!       operationId: getTea
//!       responses:
//!         '200':
//!           description: one tea
//!           content:
//!             application/json:
//!               schema: {type: object, properties: {organic: {type: boolean}}}
//! ";
//! let document = Document::parse(Source::new("tea.yaml", text))?;
//! let contracts = Contracts::new(vec![Contract::new(Arc::new(document), Options::default())?]);
//!
//! let har = r#"{"log": {"entries": [{
//!     "request": {"method": "GET", "url": "https://tea.example/teas/7"},
//!     "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{\"organic\": \"yes\"}"}}
//! }]}}"#;
//! let mut messages = Vec::new();
//! let mut run = contracts.run();
//! let mut sink = |event: Event| {
//!     if let Event::Checked(checked) = event {
//!         messages.extend(checked.findings.into_iter().map(|finding| finding.message));
//!     }
//!     ControlFlow::Continue(())
//! };
//! run.recording("tea.har", Format::Har, har.as_bytes(), &mut sink)?;
//! let outcome = run.finish(false, &mut sink);
//! assert!(!outcome.holds());
//! assert_eq!(messages, ["`/organic` is a string, expected a boolean"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod contract;
mod coverage;
mod drift;
mod event;
mod examples;
mod excerpt;
mod exchange;
mod finding;
mod json;
mod media_type;
mod parameter;
mod proof;
mod recording;
mod redact;
pub mod report;
mod route;
mod rule;
mod run;
mod schema;
pub mod synthesis;
mod url;
mod value;
mod verdict;

pub use contract::{Contract, ContractError, Options};
pub use coverage::{Cell, Coverage, FieldCoverage, NeverSeen, OperationCoverage};
pub use drift::{Acceptance, Accepted, Date, DriftEntry, DriftError, DriftProblem, DriftProblemKind, KnownDrift};
pub use event::{Event, Outcome, VendorOutcome};
pub use exchange::{Body, Exchange, Headers, Message};
pub use finding::{Excerpt, Finding, Severity, Side};
pub use json::{Difference, differences};
pub use media_type::MediaType;
pub use proof::{Part, Proof, State};
pub use recording::{Entry, Format, RecordingError, is_recording_name, read, recognise};
pub use redact::{Redactions, Redactor};
pub use route::ServerError;
pub use rule::{Rule, UnknownRule};
pub use run::{Contracts, Run, Sink};
pub use schema::Formats;
pub use verdict::{Checked, Summary, Verdict};
