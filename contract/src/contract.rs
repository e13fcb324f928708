//! A contract: one document, made ready to hold exchanges against. Next: `run.rs`, which holds whole recordings against one or
//! several contracts.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use wireproof_openapi::{Diagnostic, Document, Pointer};
use wireproof_runtime::{Api, OperationInfo};

use crate::check::{self, Subject};
use crate::coverage::{FieldCoverage, FieldTracker};
use crate::drift::KnownDrift;
use crate::excerpt::Lines;
use crate::exchange::Exchange;
use crate::finding::{Finding, Side};
use crate::redact;
use crate::route::{Miss, Route, Router, ServerError};
use crate::schema::{Formats, Schemas, Wording};
use crate::url::Url;
use crate::verdict::{Checked, Verdict};

/// How to check.
#[derive(Debug, Default)]
pub struct Options {
    /// The vendor's name, for reports.
    pub vendor: Option<String>,
    /// Base URLs under which the document is served besides its own servers.
    pub servers: Vec<String>,
    /// The generated types; without them the rules about types are not checked.
    pub api: Option<&'static Api>,
    /// The vendor's known drift.
    pub drift: Option<KnownDrift>,
    /// What a value costs that is not of its `format`.
    pub formats: Formats,
    /// Whether messages and excerpts may show values of bodies and parameters, which may be personal.
    pub show_values: bool,
    /// Whether findings carry excerpts of document and body; only reports for people read them.
    pub excerpts: bool,
    /// Whether to keep track of which documented fields bodies have; see [`Contract::fields`].
    pub fields: bool,
}

/// Why a contract cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// A server of [`Options::servers`] is no URL.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The schemas of the document cannot be taken in.
    #[error("the schemas of `{file}` cannot be read: {message}")]
    Schemas {
        /// The document.
        file: String,
        /// What is wrong.
        message: String,
    },
}

/// One document, made ready.
pub struct Contract {
    vendor: Option<Arc<str>>,
    schemas: Schemas,
    router: Router,
    types: Vec<Option<&'static OperationInfo>>,
    drift: Option<KnownDrift>,
    show_values: bool,
    excerpts: Option<Lines>,
    fields: Option<FieldTracker>,
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contract").field("vendor", &self.vendor).field("document", &self.document().source().path).finish_non_exhaustive()
    }
}

impl Contract {
    /// Makes a document ready. Its schemas are compiled later, when exchanges need them.
    ///
    /// # Errors
    ///
    /// When a server given is no URL, or the schemas cannot be taken in at all.
    pub fn new(document: Arc<Document>, options: Options) -> Result<Self, ContractError> {
        let router = Router::new(&document, &options.servers)?;
        let types = document
            .operations()
            .iter()
            .map(|operation| {
                let by_path = || options.api?.operation(&format!("{} {}", operation.method, operation.path));
                options.api.and_then(|api| api.operation(&operation.label())).or_else(by_path)
            })
            .collect();
        let file = document.source().path.clone();
        let excerpts = options.excerpts.then(|| Lines::of(&document.source().text));
        let schemas = Schemas::new(document, options.formats).map_err(|message| ContractError::Schemas { file, message })?;
        Ok(Self {
            vendor: options.vendor.map(Arc::from),
            schemas,
            router,
            types,
            drift: options.drift,
            show_values: options.show_values,
            excerpts,
            fields: options.fields.then(FieldTracker::default),
        })
    }

    /// The vendor.
    pub fn vendor(&self) -> Option<&Arc<str>> {
        self.vendor.as_ref()
    }

    /// The document.
    pub fn document(&self) -> &Document {
        self.schemas.document()
    }

    /// The document, for whoever needs it for longer than the contract.
    pub fn shared_document(&self) -> Arc<Document> {
        self.schemas.shared_document()
    }

    /// The known drift.
    pub fn drift(&self) -> Option<&KnownDrift> {
        self.drift.as_ref()
    }

    /// Which documented fields the bodies checked so far had; `None` unless [`Options::fields`] asked for it.
    pub fn fields(&self) -> Option<FieldCoverage> {
        self.fields.as_ref().map(|fields| fields.coverage(self.document()))
    }

    /// What of the document is not checked, with positions: patterns that no engine runs.
    pub fn notes(&self) -> Vec<Diagnostic> {
        let document = self.document();
        let note = |pruned: &crate::schema::Pruned| {
            let message = format!("the pattern `{}` cannot be run and is not checked", crate::schema::shorten(&pruned.pattern, 80));
            let mut note = Diagnostic::note("pattern-not-checked", document.written(&pruned.pointer), message);
            note.position = Some(document.position(&pruned.pointer));
            note
        };
        self.schemas.pruned().iter().map(note).collect()
    }

    /// Checks one exchange by itself, known drift included. Credentials that an export stripped can only be told from
    /// missing ones within a recording: see [`crate::Run`].
    pub fn check(&self, exchange: &Exchange) -> Checked {
        let mut checked = match self.route(exchange) {
            Ok(route) => self.check_routed(exchange, &route),
            Err(miss) => self.unmatched(exchange, &miss),
        };
        self.settle(&mut checked);
        checked
    }

    /// Holds one JSON text against a schema of the document, outside of any exchange. `schema` is a place in the document as
    /// it was read (`/components/schemas/Pet`); a place without a schema allows nothing and is told as a note.
    pub fn check_value(&self, schema: &Pointer, on: Side, text: &[u8]) -> Vec<Finding> {
        crate::value::check(self, on, schema, text)
    }

    /// Holds a value of the document itself (an example, a default) against a schema of it. `whole` is what messages call it;
    /// it stands in the document for all to read, so nothing is masked.
    pub fn check_own(&self, schema: &Pointer, on: Side, value: &Value, whole: &str) -> Vec<Finding> {
        crate::value::findings(self, on, schema, value, &Wording { whole, show_values: true })
    }

    /// Whether `value` is valid for the schema at `schema`; one that cannot be compiled accepts nothing.
    pub fn accepts(&self, schema: &Pointer, on: Side, value: &Value) -> bool {
        self.schemas.accepts(schema, on, value)
    }

    pub(crate) fn route(&self, exchange: &Exchange) -> Result<Route, Miss> {
        self.router.route(exchange)
    }

    pub(crate) fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    pub(crate) fn subject(&self, operation: usize) -> Subject<'_> {
        Subject {
            schemas: &self.schemas,
            types: self.types.get(operation).copied().flatten(),
            show_values: self.show_values,
            excerpts: self.excerpts.as_ref(),
        }
    }

    /// Checks an exchange of a known operation; known drift is left to [`Contract::settle`].
    pub(crate) fn check_routed(&self, exchange: &Exchange, route: &Route) -> Checked {
        let Some(operation) = self.document().operations().get(route.operation) else { return blank(Some(self), exchange, None) };
        let mut checked = blank(Some(self), exchange, Some(&operation.path));
        if let Some(fields) = &self.fields {
            fields.exchange(&self.schemas, exchange, operation);
        }
        let outcome = check::run(&self.subject(route.operation), exchange, operation, route);
        checked.operation = Some(operation.label());
        checked.operation_index = Some(route.operation);
        checked.documented_status = operation.responses.matching(exchange.status).map(|response| response.status);
        checked.documented_content_type = outcome.documented_content_type;
        checked.verdict = Verdict::of(&outcome.findings);
        checked.findings = outcome.findings;
        redact::scrub(Some(self.document()), exchange, &mut checked);
        checked
    }

    pub(crate) fn unmatched(&self, exchange: &Exchange, miss: &Miss) -> Checked {
        unmatched(Some(self), exchange, miss, self.show_values)
    }

    /// Marks known drift and comes to the verdict.
    pub(crate) fn settle(&self, checked: &mut Checked) {
        if let (Some(drift), Some(operation)) = (&self.drift, &checked.operation) {
            drift.apply(&mut checked.findings, operation, checked.status);
        }
        if checked.operation.is_some() {
            checked.verdict = Verdict::of(&checked.findings);
        }
    }
}

/// An exchange before anything is known of it but the template of its path.
fn blank(contract: Option<&Contract>, exchange: &Exchange, template: Option<&str>) -> Checked {
    Checked {
        recording: Arc::from(""),
        entry: 0,
        vendor: contract.and_then(|contract| contract.vendor.clone()),
        contract: None,
        operation: None,
        operation_index: None,
        method: exchange.method.clone(),
        url: redact::url(contract.map(Contract::document), template, &exchange.url, contract.is_some_and(|contract| contract.show_values)),
        status: exchange.status,
        documented_status: None,
        documented_content_type: None,
        verdict: Verdict::Unmatched,
        findings: Vec::new(),
    }
}

/// An exchange that belongs to none of several contracts; the miss is the nearest of theirs.
pub(crate) fn unmatched_by_all(exchange: &Exchange, miss: &Miss) -> Checked {
    unmatched(None, exchange, miss, false)
}

fn unmatched(contract: Option<&Contract>, exchange: &Exchange, miss: &Miss, show_values: bool) -> Checked {
    let document = contract.map(Contract::document);
    let shown = |template: Option<&str>, path: &str| redact::redacted_path(template, path, show_values);
    let (template, miss) = match miss {
        Miss::Path { path } => (None, Cow::Owned(Miss::Path { path: shown(None, path) })),
        Miss::Method { template, .. } => (Some(template.as_str()), Cow::Borrowed(miss)),
        Miss::Server { .. } => (None, Cow::Borrowed(miss)),
    };
    let mut checked = blank(contract, exchange, template);
    let path = Url::split(&exchange.url).path;
    // The path of `https://example.com` is `/`, written or not.
    let path = shown(template, if path.is_empty() { "/" } else { path });
    checked.findings = vec![check::operation_unknown(document, exchange, &path, &miss)];
    redact::scrub(document, exchange, &mut checked);
    checked
}
