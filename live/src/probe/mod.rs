//! The probe: sends what was planned, one request at a time, and hands each answer on. It plans nothing itself, follows no redirect,
//! keeps no cookie and sends nothing twice.
//!
//! `plan/` -> [`probe`] (`pace.rs`: when, `token.rs`: tokens of OAuth clients, `send.rs`: how) -> exchanges, for the checks.

mod pace;
mod send;
mod token;

use std::ops::ControlFlow;
use std::time::Duration;

use wireproof_contract::Exchange;
use wireproof_openapi::Document;

use crate::credentials::Credentials;
use crate::net::NetError;
use crate::plan::{Expects, Plan, Planned};
use pace::Pace;
use send::Sender;

/// After so many requests in a row without an answer the server counts as out of reach.
const MAX_FAILURES: usize = 3;

/// How a probe goes about it.
#[derive(Clone, Debug)]
pub struct ProbeOptions {
    /// The least time between the beginnings of two requests.
    pub interval: Duration,
    /// How long to wait for one answer.
    pub timeout: Duration,
    /// How many requests to send at most.
    pub budget: usize,
    /// How long to wait at most when the server asks for patience.
    pub patience: Duration,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self { interval: Duration::from_millis(500), timeout: Duration::from_secs(10), budget: 500, patience: Duration::from_secs(60) }
    }
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was answered.
    Answered(Box<Exchange>),
    /// It was not, or could not be sent; the reason.
    Failed(String),
}

/// A request that was sent, and what became of it.
#[derive(Clone, Debug)]
pub struct Probed<'p> {
    /// The request as planned.
    pub planned: &'p Planned,
    /// What became of it.
    pub outcome: Outcome,
    /// What is not as expected, as a sentence without a period.
    pub unexpected: Option<String>,
    /// Whether it was honoured though it never should have been: the probe ends with it.
    pub alarm: bool,
}

/// Why a probe ended before its plan did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It did not: everything was sent.
    Complete,
    /// So many requests were left when the budget was spent.
    Budget(usize),
    /// The server asks for more patience than there is.
    Patience(Duration),
    /// The server does not answer.
    OutOfReach,
    /// A request was honoured that never should have been.
    Alarm,
    /// Whoever listens wants no more.
    Stopped,
}

/// Sends what is planned and tells what becomes of it.
///
/// # Errors
///
/// When no client can be made, or an OAuth client gets no token.
pub async fn probe(
    document: &Document,
    plan: &Plan,
    credentials: &Credentials,
    options: &ProbeOptions,
    mut tell: impl FnMut(Probed<'_>) -> ControlFlow<()>,
) -> Result<Ended, NetError> {
    let all: Vec<&Planned> = plan.operations.iter().flat_map(|operation| &operation.requests).collect();
    let credentials = token::obtain(document, &all, credentials, options.timeout).await?;
    let sender = Sender::new(document, &credentials, options.timeout);
    let mut pace = Pace::new(options.interval);
    let mut failures = 0;
    for (sent, planned) in all.iter().enumerate() {
        if sent >= options.budget {
            return Ok(Ended::Budget(all.len() - sent));
        }
        if let Some(wait) = pace.wait().filter(|wait| *wait > options.patience) {
            return Ok(Ended::Patience(wait));
        }
        pace.turn().await;
        let outcome = match sender.send(planned).await {
            Ok(exchange) => {
                pace.heed(&exchange.response.headers, exchange.status);
                failures = 0;
                Outcome::Answered(Box::new(exchange))
            }
            Err(reason) => {
                failures += 1;
                Outcome::Failed(reason)
            }
        };
        let status = match &outcome {
            Outcome::Answered(exchange) => Some(exchange.status),
            Outcome::Failed(_) => None,
        };
        let alarm = status.is_some_and(|status| planned.is_alarming(status));
        let unexpected = status.and_then(|status| unexpected(planned, status));
        if tell(Probed { planned, outcome, unexpected, alarm }).is_break() {
            return Ok(Ended::Stopped);
        }
        if alarm {
            return Ok(Ended::Alarm);
        }
        if failures >= MAX_FAILURES {
            return Ok(Ended::OutOfReach);
        }
    }
    Ok(Ended::Complete)
}

/// What is not as expected about a status.
fn unexpected(planned: &Planned, status: u16) -> Option<String> {
    let fits = match planned.expects {
        Expects::Success => (200..300).contains(&status),
        Expects::SuccessOrNotFound => (200..300).contains(&status) || status == 404,
        Expects::Refusal(_) => (400..500).contains(&status),
    };
    let redirect = if (300..400).contains(&status) { ", a redirect that was not followed" } else { "" };
    (!fits).then(|| format!("{}, {}: answered {status}{redirect}, expected {}", planned.operation, planned.asks, planned.expects))
}
