//! What the relay saw, made into an exchange: heads read again, content codings undone, the URL put together. Next: `entry.rs`, which
//! writes it down.

use std::time::{Duration, SystemTime};

use wireproof_contract::{Body, Exchange, Headers, Message, Redactor};
use wireproof_openapi::Document;

use super::head;
use super::seen::{Cut, Seen, Side};

/// An exchange that was taken from traffic.
#[derive(Debug)]
pub struct Taken {
    /// The exchange; its status is 0 where there was no answer. A body of which only the beginning is there is that beginning.
    pub(super) exchange: Exchange,
    pub(super) began: SystemTime,
    pub(super) times: Times,
    pub(super) version: &'static str,
    /// The version and the reason phrase of the answer.
    pub(super) answer_version: &'static str,
    pub(super) reason: String,
    pub(super) request: Extra,
    pub(super) response: Extra,
    /// The protocol that the client asked for and did not get.
    upgrade: Option<String>,
    /// What went wrong on the way.
    pub(super) fault: Option<String>,
}

/// How long the parts of an exchange took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) send: Duration,
    pub(super) wait: Duration,
    pub(super) receive: Duration,
}

/// What there is to say of a message besides what an exchange holds.
#[derive(Debug)]
pub(super) struct Extra {
    pub(super) head_size: usize,
    /// How long the content was as it passed.
    pub(super) size: u64,
    pub(super) trailers: Headers,
    /// Why the body is not all that passed: a fragment of a sentence.
    pub(super) cut: Option<String>,
}

impl Taken {
    /// Makes an exchange of what was seen. `origin` is the server's.
    ///
    /// # Errors
    ///
    /// Why there is nothing to record: no request came that could be passed on.
    pub fn of(mut seen: Seen, origin: &str) -> Result<Self, String> {
        let Some((method, target, sent)) = request_head(&seen.request.head) else {
            return Err(seen.fault.take().unwrap_or_else(|| "the client closed the connection within a request".to_owned()));
        };
        let (status, reason, answer_version, received) = response_head(&seen.response.head);
        let url = if target.starts_with('/') { format!("{origin}{target}") } else { origin.to_owned() };
        let times = times(&seen);
        let (request, request_extra) = message(sent, &mut seen.request);
        let (response, response_extra) = message(received, &mut seen.response);
        let fault = seen.fault.take().or_else(|| (status == 0).then(|| "there was no answer".to_owned()));
        Ok(Self {
            exchange: Exchange { method, url, request, status, response },
            began: seen.began,
            times,
            version: if seen.http2 { "HTTP/2" } else { "HTTP/1.1" },
            answer_version,
            reason,
            request: request_extra,
            response: response_extra,
            upgrade: seen.upgrade.take(),
            fault,
        })
    }

    /// Replaces what is secret, before anybody else sees it.
    pub fn redact(&mut self, redactor: &mut Redactor, document: Option<&Document>) {
        redactor.exchange(document, &mut self.exchange);
        self.reason = redactor.text(&self.reason);
        self.fault = self.fault.as_deref().map(|fault| redactor.text(fault));
        for trailers in [&mut self.request.trailers, &mut self.response.trailers] {
            redactor.headers(document, trailers);
        }
    }

    /// The exchange to check; `Err` says why there is none. Of a body that was not kept whole nothing is concluded.
    ///
    /// # Errors
    ///
    /// Where there was no answer.
    pub fn into_exchange(self) -> Result<Exchange, String> {
        let mut exchange = self.exchange;
        if exchange.status == 0 {
            return Err(self.fault.unwrap_or_else(|| "there was no answer".to_owned()));
        }
        for (message, extra) in [(&mut exchange.request, self.request), (&mut exchange.response, self.response)] {
            if let Some(cut) = extra.cut {
                message.body = Body::Unknown(cut.into());
            }
        }
        Ok(exchange)
    }

    /// What is to be said of the exchange besides its verdict.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        let cut = |of: &str, extra: &Extra| extra.cut.as_ref().map(|cut| format!("the {of} body is not recorded whole: {cut}"));
        let unread = |of: &str, body: &Body| match body {
            Body::Unknown(why) => Some(format!("the {of} body is not recorded: {why}")),
            Body::Empty | Body::Bytes(_) => None,
        };
        let (request, response) = (&self.exchange.request.body, &self.exchange.response.body);
        let upgrade =
            self.upgrade.as_ref().map(|name| format!("the client asked for `{name}`, which is not passed on: HTTP alone is recorded"));
        self.fault
            .clone()
            .into_iter()
            .chain(upgrade)
            .chain(cut("request", &self.request))
            .chain(unread("request", request))
            .chain(cut("response", &self.response))
            .chain(unread("response", response))
    }
}

/// A message and what is to be said of it.
fn message(headers: Headers, side: &mut Side) -> (Message, Extra) {
    let kept = std::mem::take(&mut side.body);
    let cut = match side.cut {
        Some(Cut::Long) => Some(format!("it has {} bytes, of which the first {} are recorded", side.size, kept.len())),
        Some(Cut::Busy) => {
            Some(format!("of its {} bytes there was room for {}: traffic came faster than it was recorded", side.size, kept.len()))
        }
        None if !side.whole && !side.head.is_empty() => Some(format!("it broke off after {} bytes", side.size)),
        None => None,
    };
    // What breaks off cannot be decompressed, and compressed it cannot be searched for secrets.
    let body = match headers.get("content-encoding") {
        Some(_) if cut.is_some() => Body::Empty,
        _ if has_transfer_coding(&headers) => Body::Unknown("it has a transfer coding besides `chunked`, which is not undone".into()),
        _ => Body::decoded(kept, &headers),
    };
    let extra = Extra { head_size: side.head.len(), size: side.size, trailers: fields(&side.trailers), cut };
    (Message { headers, body }, extra)
}

fn has_transfer_coding(headers: &Headers) -> bool {
    let codings = headers.all("transfer-encoding").flat_map(|value| value.split(',')).map(str::trim);
    codings
        .filter(|coding| !coding.is_empty())
        .any(|coding| !coding.eq_ignore_ascii_case("chunked") && !coding.eq_ignore_ascii_case("identity"))
}

fn times(seen: &Seen) -> Times {
    let sent = seen.after(&seen.request).unwrap_or_default();
    let answered = seen.after(&seen.response).unwrap_or(seen.ended);
    Times { send: sent, wait: answered.saturating_sub(sent), receive: seen.ended.saturating_sub(answered) }
}

fn request_head(sent: &[u8]) -> Option<(String, String, Headers)> {
    let mut fields = head::NO_FIELDS;
    let mut parsed = httparse::Request::new(&mut []);
    parsed.parse_with_uninit_headers(sent, &mut fields).ok()?;
    Some((parsed.method?.to_owned(), parsed.path?.to_owned(), headers(parsed.headers)))
}

/// Status, reason phrase, version and headers; a status of 0 where there was no answer.
fn response_head(received: &[u8]) -> (u16, String, &'static str, Headers) {
    let mut fields = head::NO_FIELDS;
    let mut parsed = httparse::Response::new(&mut []);
    match head::lenient().parse_response_with_uninit_headers(&mut parsed, received, &mut fields) {
        Ok(httparse::Status::Complete(_)) => {
            let version = if parsed.version == Some(0) { "HTTP/1.0" } else { "HTTP/1.1" };
            (parsed.code.unwrap_or_default(), parsed.reason.unwrap_or_default().to_owned(), version, headers(parsed.headers))
        }
        Ok(httparse::Status::Partial) | Err(_) => (0, String::new(), "", Headers::new()),
    }
}

/// A trailer section.
fn fields(section: &[u8]) -> Headers {
    if section.is_empty() {
        return Headers::new();
    }
    let mut fields = [httparse::EMPTY_HEADER; head::MAX_FIELDS];
    let whole = [section, b"\r\n"].concat();
    match httparse::parse_headers(&whole, &mut fields) {
        Ok(httparse::Status::Complete((_, fields))) => headers(fields),
        Ok(httparse::Status::Partial) | Err(_) => Headers::new(),
    }
}

fn headers(fields: &[httparse::Header<'_>]) -> Headers {
    fields.iter().map(|field| (field.name, text(field.value))).collect()
}

/// A value as text: UTF-8, or a letter for each byte as the older specifications have it.
fn text(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}
