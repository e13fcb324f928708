//! The mock: answers requests as the document says that the vendor would. What it answers is made from the document's examples, else
//! from its schemas, and held against the contract before it is sent.
//!
//! ```text
//! request -> contract -> refusal (`refuse.rs`)
//!                     -> response (`prefer.rs`) -> body and headers (`content.rs`) -> contract -> broken on purpose (`inject.rs`)
//! ```
//!
//! [`Mock::answer`] is a function of the document, the seed and the request; `server.rs` puts it behind a socket.

mod content;
mod exemplary;
mod inject;
mod prefer;
mod refuse;
mod server;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::Value;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_contract::{Body, Contract, ContractError, Exchange, Headers, Message, Options, Rule, Severity, Side};
use wireproof_openapi::{Document, Operation, Pointer, Response, StatusPattern};

use content::Content;
pub use inject::{InjectError, Injection};
use prefer::{Prefer, negotiated};
pub use server::{Served, serve, serve_until_interrupted};

/// How many ways to answer are tried before it is said that there is none.
const ATTEMPTS: usize = 24;

/// How many values of headers are tried with each of them.
const HEADER_ATTEMPTS: usize = 3;

/// How a mock plays.
#[derive(Debug, Default)]
pub struct MockOptions {
    /// Base URLs under which it serves the document, besides the paths of the document's own servers.
    pub servers: Vec<String>,
    /// What made-up bodies follow from, together with the request.
    pub seed: u64,
    /// The rule to break on purpose.
    pub inject: Option<Injection>,
}

/// A vendor, played from its document.
pub struct Mock {
    contract: Contract,
    synthesiser: Synthesiser,
    seed: u64,
    inject: Option<Injection>,
    /// How many requests were answered, which decides whose turn it is to be broken.
    answered: AtomicU64,
    /// Instances that were made up, by schema and seed.
    pools: Mutex<Pools>,
}

/// Instances by schema and seed.
type Pools = HashMap<(Pointer, u64), Arc<[Value]>>;

/// A request to a mock.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method in capitals.
    pub method: String,
    /// The URL: absolute, or path and query.
    pub url: String,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

/// What a mock answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// The operation that was asked for, if any.
    pub operation: Option<String>,
    /// Why it is this answer, for people: what is wrong with the request, or what was broken on purpose.
    pub note: Option<String>,
}

impl Mock {
    /// A mock of a document.
    ///
    /// # Errors
    ///
    /// When the schemas of the document cannot be taken in, or a server is no URL.
    pub fn new(document: Arc<Document>, options: MockOptions) -> Result<Self, ContractError> {
        let MockOptions { servers, seed, inject } = options;
        let contract = Contract::new(Arc::clone(&document), Options { servers, ..Options::default() })?;
        Ok(Self { contract, synthesiser: Synthesiser::new(document)?, seed, inject, answered: AtomicU64::new(0), pools: Mutex::default() })
    }

    /// The contract that it plays by.
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Answers a request.
    pub fn answer(&self, request: &Request) -> Answer {
        let turn = self.answered.fetch_add(1, Ordering::Relaxed);
        let mut asked = Exchange {
            method: request.method.clone(),
            url: request.url.clone(),
            request: Message { headers: request.headers.clone(), body: Body::from_bytes(request.body.clone()) },
            // Nothing is answered yet; a success makes the checks take what is wrong with the request seriously.
            status: 200,
            response: Message::default(),
        };
        let mut checked = self.contract.check(&asked);
        if checked.operation_index.is_none() && asked.method == "HEAD" {
            // What can be got can be asked about (RFC 9110, section 9.1).
            "GET".clone_into(&mut asked.method);
            checked = self.contract.check(&asked);
        }
        let found = checked.operation_index.and_then(|index| self.contract.document().operations().get(index));
        let Some(operation) = found else { return self.unknown(&asked, &checked) };
        let prefer = Prefer::of(&request.headers);
        let refused = self.refusal(operation, &asked, &checked.findings);
        let mut answer = match refused {
            Some(refusal) => refusal,
            None => self.accepted(operation, &asked, &prefer),
        };
        if let Some(injection) = self.inject.filter(|injection| injection.is_due(self.seed, turn)) {
            answer = self.break_on_purpose(injection.rule, operation, &asked, &answer);
        }
        answer.operation = Some(operation.label());
        answer
    }

    /// The answer to a request with nothing wrong.
    fn accepted(&self, operation: &Operation, asked: &Exchange, prefer: &Prefer) -> Answer {
        let statuses = match prefer.code {
            Some(code) => match operation.responses.matching(code) {
                Some(response) => vec![(code, response)],
                None => return problem(400, "not documented", &format!("`Prefer: code={code}` names a status that the document lacks")),
            },
            None => statuses(operation),
        };
        // A request with nothing wrong is not answered with a refusal because the success cannot be made up.
        let class = statuses.first().map(|(status, _)| status / 100);
        let mut why = None;
        for (status, response) in statuses.into_iter().filter(|(status, _)| Some(status / 100) == class) {
            match self.response(operation, asked, prefer, (status, response)) {
                Ok(answer) => return answer,
                Err(answer) if answer.status < 500 => return answer,
                Err(answer) => why = why.or(Some(answer)),
            }
        }
        why.unwrap_or_else(|| problem(501, "not documented", "the document has no response for this operation"))
    }

    /// An answer of one documented response that the contract has nothing against; otherwise the answer that says why there is none.
    fn response(&self, operation: &Operation, asked: &Exchange, prefer: &Prefer, to: (u16, &Response)) -> Result<Answer, Answer> {
        let (status, response) = to;
        let entry = if never_has_body(status) { None } else { negotiated(asked, prefer, response)? };
        let mut reason: Option<String> = None;
        let mut second_best: Option<Answer> = None;
        let mut attempt = |bodies: Vec<Content>| {
            let bodies: Vec<Option<Content>> =
                if entry.is_none() { vec![None] } else { bodies.into_iter().take(ATTEMPTS).map(Some).collect() };
            let header_attempts = if response.headers.iter().any(|header| header.required) { HEADER_ATTEMPTS } else { 1 };
            let all = (0..header_attempts).flat_map(|headers| bodies.iter().map(move |body| (headers, body)));
            for (headers, body) in all {
                let answer = self.assembled(status, response, body.as_ref(), headers);
                match self.objection(operation, asked, &answer) {
                    None => return Some(answer),
                    Some((Severity::Drift, objection)) if second_best.is_none() => {
                        second_best = Some(Answer { note: Some(format!("the document itself cannot be kept to: {objection}")), ..answer });
                    }
                    Some((_, objection)) => reason = reason.take().or(Some(objection)),
                }
            }
            None
        };
        let examples = entry.map(|entry| self.examples(entry, prefer)).unwrap_or_default();
        let mut found = attempt(examples);
        if let (None, Some(entry)) = (&found, entry) {
            found = attempt(self.made_up(entry, prefer, self.hash(asked)));
        }
        // A member that is required and nowhere described is valid, whatever it is.
        if let Some(answer) = found.or(second_best) {
            return Ok(answer);
        }
        let reason = reason.unwrap_or_else(|| "nothing fits its schema".to_owned());
        Err(problem(500, "no answer can be made", &format!("the document's response {status} cannot be made up: {reason}")))
    }

    fn assembled(&self, status: u16, response: &Response, body: Option<&Content>, header_attempt: usize) -> Answer {
        let bytes = body.map(|content| content.bytes.clone()).unwrap_or_default();
        let mut headers = Headers::new();
        if let Some(content) = body {
            headers.push("Content-Type", content.content_type.clone());
        }
        for (name, value) in self.headers(response, header_attempt, &bytes) {
            headers.push(name, value);
        }
        Answer { status, headers, body: bytes, operation: None, note: None }
    }

    /// The worst that the contract has against an answer.
    fn objection(&self, operation: &Operation, asked: &Exchange, answer: &Answer) -> Option<(Severity, String)> {
        if answer.headers.iter().any(|(name, value)| !is_header(name, value)) {
            return Some((Severity::Violation, "a header of its cannot be sent".to_owned()));
        }
        let checked = self.contract.check(&exchange(asked, answer));
        if checked.operation.as_deref() != Some(operation.label().as_str()) {
            return Some((Severity::Violation, "its URL belongs to another operation".to_owned()));
        }
        let findings = checked.findings.into_iter().filter(|finding| finding.on == Side::Response && finding.severity > Severity::Note);
        findings.max_by_key(|finding| finding.severity).map(|finding| (finding.severity, finding.message))
    }

    /// A number that follows from the seed and the request.
    fn hash(&self, asked: &Exchange) -> u64 {
        let body = asked.request.body.bytes().map(AsRef::as_ref).unwrap_or_default();
        let parts: [&[u8]; 3] = [asked.method.as_bytes(), path_and_query(&asked.url).as_bytes(), body];
        parts.iter().fold(self.seed, |seed, part| hash(seed, part))
    }
}

impl std::fmt::Debug for Mock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mock").field("contract", &self.contract).field("inject", &self.inject).finish_non_exhaustive()
    }
}

/// An exchange of a request that was asked and what it was answered.
fn exchange(asked: &Exchange, answer: &Answer) -> Exchange {
    Exchange {
        status: answer.status,
        response: Message { headers: answer.headers.clone(), body: Body::from_bytes(answer.body.clone()) },
        ..asked.clone()
    }
}

/// The responses to answer with where nothing is asked for: successes first, the plainest of them first.
fn statuses(operation: &Operation) -> Vec<(u16, &Response)> {
    let mut all: Vec<(u16, &Response)> =
        operation.responses.entries.iter().map(|response| (status_of(response.status, 200), response)).collect();
    all.retain(|(status, _)| (200..600).contains(status));
    all.sort_by_key(|(status, response)| (*status / 100, response.status == StatusPattern::Default, *status));
    all
}

/// A status that a pattern stands for.
fn status_of(pattern: StatusPattern, default: u16) -> u16 {
    match pattern {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(class) => u16::from(class) * 100,
        StatusPattern::Default => default,
    }
}

/// Whether HTTP leaves a status without a body (RFC 9110, sections 6.4.1, 15.3.5, 15.3.6 and 15.4.5).
fn never_has_body(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 205 | 304)
}

/// An answer that the document does not have (RFC 9457).
fn problem(status: u16, title: &str, detail: &str) -> Answer {
    let body = serde_json::json!({"title": title, "status": status, "detail": detail}).to_string();
    Answer {
        status,
        headers: [("Content-Type", "application/problem+json")].into_iter().collect(),
        body: body.into(),
        operation: None,
        note: Some(detail.to_owned()),
    }
}

/// Whether a header can be sent as it is.
fn is_header(name: &str, value: &str) -> bool {
    http::HeaderName::from_bytes(name.as_bytes()).is_ok() && http::HeaderValue::from_str(value).is_ok()
}

/// A URL without scheme and host, which depend on where the mock happens to listen.
fn path_and_query(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(after..).unwrap_or(url);
    if after == 0 { rest } else { rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/") }
}

/// FNV-1a: the same on every machine and in every version, which the standard library's hashes do not promise.
fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bytes.iter().chain(&[0xff]).fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The rules whose breach the mock tells apart when it refuses a request.
pub(crate) fn is_about_request(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::SecurityMissing
            | Rule::ParameterMissing
            | Rule::ParameterSchema
            | Rule::RequestBodyMissing
            | Rule::RequestBodySchema
            | Rule::BodyUnparseable
    )
}
