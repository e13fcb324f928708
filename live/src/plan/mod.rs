//! The plan of a probe: from a document to the exact requests, each with what it expects and why it does no harm. Planning sends
//! nothing and reads nothing but the document; the same document makes the same plan.
//!
//! `harmless.rs` (the rule that everything goes through) -> `ids.rs`, `bodies.rs` (values that reach nothing) -> `operation.rs` (the
//! requests of one operation) -> `server.rs` (where to). Then `probe/`, which sends them.

mod bodies;
mod harmless;
mod ids;
mod operation;
mod server;
mod success;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_contract::{Body, Contract, ContractError, Exchange, Headers, Message};
use wireproof_openapi::{Document, Operation, SecurityRequirement};

pub use harmless::{BodyFault, Lack};
pub use server::{ServerChoice, is_sandbox};

use crate::credentials::{self, is_visible, put, put_malformed};
use crate::risk::Risk;

/// What may be planned.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// The server that requests go to, instead of the document's.
    pub server: Option<String>,
    /// The security schemes for which there is a credential.
    pub schemes: BTreeSet<String>,
    /// Values of parameters and members, by name, that requests may be about.
    pub targets: Vec<(String, String)>,
    /// Whether requests that may succeed go to operations that change data, one to each that the targets name completely.
    pub allow_destructive: bool,
}

/// A plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The operations in the document's order.
    pub operations: Vec<OperationPlan>,
}

/// What is planned for one operation.
#[derive(Clone, Debug)]
pub struct OperationPlan {
    /// The operation's label.
    pub operation: String,
    /// Method and path template.
    pub address: String,
    /// What it may do.
    pub risk: Risk,
    /// What says so.
    pub risk_because: String,
    /// The requests, in the order in which they are sent.
    pub requests: Vec<Planned>,
    /// What is not asked, and why.
    pub left_out: Vec<String>,
}

/// A request of a plan. It holds no credential: where one belongs is filled in when it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The index into [`Document::operations`].
    pub index: usize,
    /// The operation's label.
    pub operation: String,
    /// What the operation may do.
    pub risk: Risk,
    /// What is asked, in a few words.
    pub asks: String,
    /// The method.
    pub method: String,
    /// The URL, without credentials.
    pub url: String,
    /// The headers, without credentials.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// Which credentials go with it.
    pub carries: Carries,
    /// What it should be answered.
    pub expects: Expects,
    /// What it lacks.
    pub lacks: Vec<Lack>,
    /// Why it does no harm.
    pub harmless_because: String,
}

/// The credentials of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Carries {
    /// None.
    #[default]
    Nothing,
    /// What can be nobody's, where this alternative has its credentials.
    Malformed(SecurityRequirement),
    /// Those of this alternative.
    Real(SecurityRequirement),
}

/// What a request should be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// 2xx.
    Success,
    /// 2xx, or 404 since the ids in it are made up.
    SuccessOrNotFound,
    /// 4xx, most likely one of these.
    Refusal(&'static [u16]),
}

impl fmt::Display for Expects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("2xx"),
            Self::SuccessOrNotFound => f.write_str("2xx, or 404 as its ids are made up"),
            Self::Refusal([]) => f.write_str("4xx"),
            Self::Refusal(statuses) => f.write_str(&statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")),
        }
    }
}

impl Planned {
    /// URL and headers as they are sent, with `key` in the place of each credential.
    pub fn with_key(&self, document: &Document, key: &str) -> (String, Headers) {
        let (mut url, mut headers) = (self.url.clone(), self.headers.clone());
        match &self.carries {
            Carries::Nothing => {}
            Carries::Malformed(alternative) => {
                each_scheme(document, alternative, |kind| put_malformed(kind, &mut url, &mut headers));
            }
            Carries::Real(alternative) => each_scheme(document, alternative, |kind| match kind {
                wireproof_openapi::SecuritySchemeKind::Http { scheme } if scheme == "basic" => {
                    headers.push("Authorization", format!("Basic {key}"));
                }
                kind => put(kind, key, &mut url, &mut headers),
            }),
        }
        (url, headers)
    }

    /// The exchange for the checks. A credential that can be nobody's is none: what is accepted with it is accepted without.
    pub fn exchange(&self, document: &Document, status: u16, response: Message) -> Exchange {
        let (url, headers) = match &self.carries {
            Carries::Real(_) => self.with_key(document, "***"),
            Carries::Nothing | Carries::Malformed(_) => (self.url.clone(), self.headers.clone()),
        };
        let request = Message { headers, body: Body::from_bytes(self.body.clone()) };
        Exchange { method: self.method.clone(), url, request, status, response }
    }

    /// Whether an answer says that a request was honoured which never should have been.
    pub fn is_alarming(&self, status: u16) -> bool {
        self.risk != Risk::Safe && matches!(self.expects, Expects::Refusal(_)) && (200..300).contains(&status)
    }
}

fn each_scheme(document: &Document, alternative: &SecurityRequirement, mut with: impl FnMut(&wireproof_openapi::SecuritySchemeKind)) {
    for (name, _) in &alternative.schemes {
        if let Some(scheme) = credentials::scheme(document, name) {
            with(&scheme.kind);
        }
    }
}

/// Makes plans for one document.
#[derive(Debug)]
pub struct Planner {
    document: Arc<Document>,
    contract: Contract,
    synthesiser: Synthesiser,
    options: PlanOptions,
}

impl Planner {
    /// A planner for a document.
    ///
    /// # Errors
    ///
    /// When the schemas of the document cannot be taken in, or the server is no URL.
    pub fn new(document: Arc<Document>, options: PlanOptions) -> Result<Self, ContractError> {
        let servers = options.server.iter().cloned().collect();
        let contract =
            Contract::new(Arc::clone(&document), wireproof_contract::Options { servers, ..wireproof_contract::Options::default() })?;
        let synthesiser = Synthesiser::new(Arc::clone(&document))?;
        Ok(Self { document, contract, synthesiser, options })
    }

    /// The plan for all operations, each on the server that it has.
    pub fn plan(&self) -> Plan {
        let operations = self.document.operations().iter().enumerate();
        Plan { operations: operations.map(|(index, operation)| self.operation(index, operation)).collect() }
    }

    /// Whether the document says that every request of an operation needs a credential.
    fn needs_credentials(&self, operation: &Operation) -> bool {
        let asks = |alternative: &SecurityRequirement| {
            alternative
                .schemes
                .iter()
                .any(|(name, _)| credentials::scheme(&self.document, name).is_some_and(|scheme| is_visible(&scheme.kind)))
        };
        !operation.security.is_empty() && operation.security.iter().all(asks)
    }

    /// The credentials that a complete request carries; `None` where there are none for any alternative.
    fn real(&self, operation: &Operation) -> Option<Carries> {
        if operation.security.is_empty() {
            return Some(Carries::Nothing);
        }
        let have = |alternative: &&SecurityRequirement| alternative.schemes.iter().all(|(name, _)| self.options.schemes.contains(name));
        let named = operation.security.iter().filter(|alternative| !alternative.schemes.is_empty()).find(have);
        match named {
            Some(alternative) => Some(Carries::Real(alternative.clone())),
            None if operation.security.iter().any(|alternative| alternative.schemes.is_empty()) => Some(Carries::Nothing),
            None => None,
        }
    }
}
