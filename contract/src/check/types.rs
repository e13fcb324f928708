//! `type-decode` and `type-round-trip`: what the generated types make of the bytes. A service that compiled these types reads the
//! vendor's answers with them and sends its requests by them, so a body they cannot read, or read with a loss, is what its users would meet.
//!
//! Where the schema is broken as well, what the types make of it is said with that finding instead of in one of its own.

use wireproof_openapi::Pointer;
use wireproof_runtime::http::header::CONTENT_TYPE;
use wireproof_runtime::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use wireproof_runtime::{RawRequest, RawResponse, RoundTrip};

use super::body_missing::never_has_body;
use super::content::MessageContent;
use super::{Case, Found};
use crate::exchange::{Body, Exchange, Headers};
use crate::finding::Side;
use crate::json::{Difference, Instance, are_same, differences};
use crate::rule::Rule;
use crate::schema::shorten;

/// How many losses of one body are told.
const MAX_LOSSES: usize = 10;

/// A body and the operation whose types read it.
struct Through<'c> {
    on: Side,
    content: &'c MessageContent<'c>,
    /// Where the document speaks of it.
    place: &'c Pointer,
    /// The label of the operation.
    operation: std::borrow::Cow<'static, str>,
}

/// The request body. What is no JSON has been told already, and what the document lists as none is not read by types.
pub(super) fn check_request(case: &Case<'_>, found: &mut Found) {
    let (Some(types), Some(entry), Some(bytes)) = (case.types, case.sent.entry, case.sent.bytes()) else { return };
    if !case.sent.is_json() || case.sent.instance().is_none() {
        return;
    }
    let mut headers = header_map(&case.exchange.request.headers);
    if case.sent.guessed
        && let Ok(name) = HeaderValue::try_from(&entry.name)
    {
        headers.insert(CONTENT_TYPE, name);
    }
    let through = Through { on: Side::Request, content: &case.sent, place: &entry.pointer, operation: types.label() };
    match types.request_round_trip(&RawRequest { headers, body: bytes.clone() }) {
        Some(Err(error)) => undecodable(found, &through, &error.pointer, &error.message),
        Some(Ok(round_trip)) => compare(case, found, &through, &round_trip),
        None => {}
    }
}

/// The response body.
pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let (Some(types), Some(response)) = (case.types, case.response) else { return };
    if case.exchange.response.body == Body::Empty && never_has_body(case) {
        return;
    }
    let Some(raw) = raw_response(case.exchange) else { return };
    let place = case.received.entry.map_or(&response.pointer, |entry| &entry.pointer);
    let through = Through { on: Side::Response, content: &case.received, place, operation: types.label() };
    match (types.round_trip)(raw) {
        Err(error) => undecodable(found, &through, &error.pointer, &error.message),
        Ok(round_trip) if round_trip.documented => compare(case, found, &through, &round_trip),
        Ok(_) => {}
    }
}

/// The response as a client would hand it to the types; none where the recording lacks the body or the status is none of HTTP.
fn raw_response(exchange: &Exchange) -> Option<RawResponse> {
    let body = match &exchange.response.body {
        Body::Bytes(bytes) => bytes.clone(),
        Body::Empty => bytes::Bytes::new(),
        Body::Unknown(_) => return None,
    };
    let headers = header_map(&exchange.response.headers);
    Some(RawResponse { status: StatusCode::from_u16(exchange.status).ok()?, headers, body })
}

/// The headers of a message. What is no header of HTTP would not have reached anybody either.
fn header_map(all: &Headers) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in all.iter() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    headers
}

fn undecodable(found: &mut Found, through: &Through<'_>, pointer: &str, message: &str) {
    let at = if pointer.is_empty() { String::new() } else { format!(" at `{}`", shorten(pointer, 200)) };
    let why = shorten(message, 400);
    let mut told = false;
    for entry in found.about_body(through.on) {
        entry.types = Some(format!("the generated type does not decode the body{at}: {why}"));
        told = true;
    }
    if !told {
        let message = format!("the generated type does not decode the body{at}: {why}");
        found.add(Rule::TypeDecode, through.on, Pointer::from_plain(pointer.to_owned()), through.place, message);
    }
}

fn compare(case: &Case<'_>, found: &mut Found, through: &Through<'_>, round_trip: &RoundTrip) {
    let variant = round_trip.variant;
    let losses = losses(case, through.content, round_trip);
    let mut told = false;
    for entry in found.about_body(through.on) {
        entry.types = Some(match losses.first() {
            None => format!("the generated type decodes the body all the same, as `{variant}`"),
            Some((_, loss)) => format!("the generated type decodes the body as `{variant}`, but {loss}"),
        });
        told = true;
    }
    if told {
        return;
    }
    for (pointer, loss) in losses {
        let message = format!("the generated type of `{}` reads the body as `{variant}`, but {loss}", through.operation);
        found.add(Rule::TypeRoundTrip, through.on, pointer, through.place, message);
    }
}

/// What the body loses on its way through the types.
fn losses(case: &Case<'_>, content: &MessageContent<'_>, round_trip: &RoundTrip) -> Vec<(Pointer, String)> {
    if content.instance().is_none() || !content.is_json() || content.entry.is_none() {
        return Vec::new();
    }
    let Some(written) = &round_trip.body else { return vec![(Pointer::root(), "holds nothing of it".to_owned())] };
    // Mostly the types write what they read, and what is written alike is alike.
    if content.bytes().is_some_and(|bytes| bytes == written) {
        return Vec::new();
    }
    if let (Some(before), Some(after)) = (content.instance(), crate::json::quick(written))
        && are_same(before, Instance::Raw(&after))
    {
        return Vec::new();
    }
    let Some(before) = content.value() else { return Vec::new() };
    let after = match crate::json::parse(written) {
        Ok(parsed) => parsed.value,
        Err(fault) => return vec![(Pointer::root(), format!("writes it as no JSON: {}, at {}", fault.message, fault.place))],
    };
    differences(before, &after, MAX_LOSSES)
        .into_iter()
        .map(|difference| match difference {
            Difference::Lost(place) => (place.clone(), format!("`{}` is lost on writing it again", shorten(place.as_str(), 200))),
            Difference::Added(place) => (place.clone(), format!("`{}` appears on writing it again", shorten(place.as_str(), 200))),
            Difference::Changed(place) => {
                (place.clone(), format!("{} is another value on writing it again", case.body_wording().subject(&place)))
            }
        })
        .collect()
}
