//! A server that does nothing but count what it is sent, and judges each request by itself: could it be honoured? It shares no judgement
//! with the planner: it knows the keys that are real, and asks the contract whether everything else is in order.

#![allow(dead_code, unreachable_pub, reason = "a module of a test and of an example, each of which uses a part of it")]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use wireproof_contract::{Body, Contract, Exchange, Headers, Message, Options, Rule, Severity, Side};
use wireproof_live::credentials::{Credential, Credentials, Secret};
use wireproof_live::plan::{Plan, PlanOptions, Planner};
use wireproof_live::probe::{Ended, ProbeOptions, probe};
use wireproof_live::risk::{Risk, assess};
use wireproof_openapi::{Document, Location, Operation, SecuritySchemeKind};

/// The one key that is real.
pub const KEY: &str = "real-key-canary:of-the-counting-server";

/// What ids are made of that nothing has.
const MADE_UP: [&str; 7] = [
    "wireproof-nobody-has-this-id",
    "77697265-7072-4f6f-8662-6e6f626f6479",
    "7769726570726f6f666e6f62",
    "WIREPROOFNOBODYHASTHISID",
    "wireproofnobody",
    "9007199254740783",
    "2147483579",
];

/// What was sent to operations that change data, and to others.
#[derive(Clone, Debug, Default)]
pub struct Count {
    pub operations: usize,
    /// Operations that change data, and those of them that were asked something.
    pub changing: usize,
    pub changing_asked: usize,
    pub requests: usize,
    /// Requests to operations that change data.
    pub to_changing: usize,
    /// Those that are complete, authenticated and valid.
    pub honoured: Vec<String>,
    /// Those that a server which does not ask for credentials could honour, and that reach something.
    pub unprotected: Vec<String>,
    /// Those that belong to no operation.
    pub unknown: Vec<String>,
}

struct Judge {
    contract: Contract,
    count: Mutex<Count>,
}

impl Judge {
    fn judge(&self, exchange: &Exchange) {
        let checked = self.contract.check(exchange);
        let mut count = self.count.lock().expect("nobody panicked");
        count.requests += 1;
        let document = self.contract.document();
        let Some(operation) = checked.operation_index.and_then(|index| document.operations().get(index)) else {
            count.unknown.push(format!("{} {}", exchange.method, exchange.url));
            return;
        };
        if !changes(operation) {
            return;
        }
        count.to_changing += 1;
        let wrong = checked.findings.iter().any(|finding| {
            finding.on == Side::Request
                && finding.severity > Severity::Note
                && ![Rule::SecurityMissing, Rule::UndocumentedField].contains(&finding.rule)
        });
        let shown = || format!("{} {} {:?}", exchange.method, exchange.url, exchange.request.body.bytes());
        if !wrong && authenticated(document, operation, exchange) {
            count.honoured.push(shown());
        }
        // A PUT makes what is not there yet, so a made-up id does not protect from it.
        let reaches = operation.method == "PUT" || !MADE_UP.iter().any(|id| exchange.url.contains(id));
        if !wrong && reaches {
            count.unprotected.push(shown());
        }
    }
}

fn changes(operation: &Operation) -> bool {
    !["GET", "HEAD", "OPTIONS", "QUERY"].contains(&operation.method.as_str()) || assess(operation).risk != Risk::Safe
}

/// Whether a request carries the real key wherever one alternative asks for one; what leaves no trace in a request counts as carried.
fn authenticated(document: &Document, operation: &Operation, exchange: &Exchange) -> bool {
    let carries = |name: &String| {
        let Some(scheme) = document.security_schemes().iter().find(|scheme| scheme.name == *name) else { return true };
        let headers = &exchange.request.headers;
        let has = |text: &str| text.contains(KEY) || text.contains(&KEY.replace(':', "%3A"));
        let basic = base64::engine::general_purpose::STANDARD.encode(KEY);
        match &scheme.kind {
            SecuritySchemeKind::ApiKey { location: Location::Query, .. } => has(&exchange.url),
            SecuritySchemeKind::ApiKey { location: Location::Cookie, .. } => headers.all("cookie").any(has),
            SecuritySchemeKind::ApiKey { name, .. } => headers.all(name).any(has),
            SecuritySchemeKind::Http { .. } | SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => {
                headers.all("authorization").any(|value| has(value) || value.contains(&basic))
            }
            SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => true,
        }
    };
    operation.security.is_empty() || operation.security.iter().any(|alternative| alternative.schemes.iter().all(|(name, _)| carries(name)))
}

async fn serve(listener: tokio::net::TcpListener, judge: Arc<Judge>) {
    while let Ok((stream, _)) = listener.accept().await {
        let judge = Arc::clone(&judge);
        let service = service_fn(move |request: http::Request<Incoming>| {
            let judge = Arc::clone(&judge);
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                let headers: Headers = parts
                    .headers
                    .iter()
                    .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                    .collect();
                let url = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
                let request = Message { headers, body: Body::from_bytes(body) };
                judge.judge(&Exchange { method: parts.method.to_string(), url, request, status: 200, response: Message::default() });
                // Refused, so that the probe goes on to the end of its plan.
                Ok::<_, Infallible>(http::Response::builder().status(400).body(Full::<bytes::Bytes>::default()).expect("a response"))
            }
        });
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// Probes a counting server with a document, with or without credentials for all of its schemes.
///
/// # Errors
///
/// Why the document cannot be probed.
pub async fn count(document: &Arc<Document>, with_credentials: bool) -> Result<Count, String> {
    count_with(document, with_credentials, PlanOptions::default()).await
}

/// The same with a plan that allows for more.
///
/// # Errors
///
/// As [`count`].
pub async fn count_with(document: &Arc<Document>, with_credentials: bool, more: PlanOptions) -> Result<Count, String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
    let server = format!("http://{}", listener.local_addr().map_err(|error| error.to_string())?);
    let contract = Contract::new(Arc::clone(document), Options { servers: vec![server.clone()], ..Options::default() });
    let judge = Arc::new(Judge { contract: contract.map_err(|error| error.to_string())?, count: Mutex::default() });
    let serving = tokio::spawn(serve(listener, Arc::clone(&judge)));
    let mut credentials = Credentials::none();
    if with_credentials {
        for scheme in document.security_schemes() {
            credentials.insert(scheme.name.clone(), Credential::Key(Secret::new(KEY)));
        }
    }
    let options = PlanOptions { server: Some(server), schemes: credentials.schemes().map(str::to_owned).collect(), ..more };
    let plan: Plan = Planner::new(Arc::clone(document), options).map_err(|error| error.to_string())?.plan();
    let quickly = ProbeOptions { interval: Duration::ZERO, budget: usize::MAX, ..ProbeOptions::default() };
    let mut failed = None;
    let ended = probe(document, &plan, &credentials, &quickly, |probed| {
        if let wireproof_live::probe::Outcome::Failed(reason) = probed.outcome {
            failed.get_or_insert(format!("{}: {reason}", probed.planned.asks));
        }
        std::ops::ControlFlow::Continue(())
    })
    .await
    .map_err(|error| error.to_string())?;
    serving.abort();
    if let Some(reason) = failed {
        return Err(reason);
    }
    if ended != Ended::Complete {
        return Err(format!("it ended early: {ended:?}"));
    }
    let mut count = judge.count.lock().expect("nobody panicked").clone();
    count.operations = document.operations().len();
    let changing = || document.operations().iter().zip(&plan.operations).filter(|(operation, _)| changes(operation));
    count.changing = changing().count();
    count.changing_asked = changing().filter(|(_, plan)| !plan.requests.is_empty()).count();
    Ok(count)
}
