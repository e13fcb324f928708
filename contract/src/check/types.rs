//! `type-decode` and `type-round-trip`: what the generated types make of the bytes. A service that compiled these types reads the
//! vendor's answers with them, so a body they cannot read, or read with a loss, is what its users would meet.
//!
//! Where the schema is broken as well, what the types make of it is said with that finding instead of in one of its own.

use wireproof_openapi::Pointer;
use wireproof_runtime::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use wireproof_runtime::{DecodeError, OperationInfo, RawResponse, RoundTrip};

use super::body_missing::never_has_body;
use super::{Case, Found};
use crate::exchange::{Body, Exchange};
use crate::finding::Side;
use crate::json::{Difference, differences};
use crate::rule::Rule;
use crate::schema::shorten;

/// How many losses of one body are told.
const MAX_LOSSES: usize = 10;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    let (Some(types), Some(response)) = (case.types, case.response) else { return };
    if case.exchange.response.body == Body::Empty && never_has_body(case) {
        return;
    }
    let Some(raw) = raw_response(case.exchange) else { return };
    let place = case.received.entry.map_or(&response.pointer, |entry| &entry.pointer);
    match (types.round_trip)(raw) {
        Err(error) => undecodable(found, place, &error),
        Ok(round_trip) if round_trip.documented => compare(case, found, types, place, &round_trip),
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
    let mut headers = HeaderMap::new();
    for (name, value) in exchange.response.headers.iter() {
        // What is no header of HTTP would not have reached a client either.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    Some(RawResponse { status: StatusCode::from_u16(exchange.status).ok()?, headers, body })
}

fn undecodable(found: &mut Found, place: &Pointer, error: &DecodeError) {
    let pointer = Pointer::from_plain(error.pointer.clone());
    let at = if error.pointer.is_empty() { String::new() } else { format!(" at `{}`", shorten(&error.pointer, 200)) };
    let why = shorten(&error.message, 400);
    let mut told = false;
    for entry in found.about_body() {
        entry.types = Some(format!("the generated type does not decode the body{at}: {why}"));
        told = true;
    }
    if !told {
        let message = format!("the generated type does not decode the body{at}: {why}");
        found.add(Rule::TypeDecode, Side::Response, pointer, place, message);
    }
}

fn compare(case: &Case<'_>, found: &mut Found, types: &OperationInfo, place: &Pointer, round_trip: &RoundTrip) {
    let variant = round_trip.variant;
    let losses = losses(case, round_trip);
    let mut told = false;
    for entry in found.about_body() {
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
        let message = format!("the generated type of `{}` reads the body as `{variant}`, but {loss}", types.label());
        found.add(Rule::TypeRoundTrip, Side::Response, pointer, place, message);
    }
}

/// What the body loses on its way through the types.
fn losses(case: &Case<'_>, round_trip: &RoundTrip) -> Vec<(Pointer, String)> {
    let (Some(before), Some(_)) = (case.received.value().filter(|_| case.received.is_json()), case.received.entry) else {
        return Vec::new();
    };
    let Some(written) = &round_trip.body else { return vec![(Pointer::root(), "holds nothing of it".to_owned())] };
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
