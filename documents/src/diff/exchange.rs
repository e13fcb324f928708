//! What two versions of an operation say of requests and answers: parameters, bodies, statuses, content types, headers. Their schemas
//! become pairs, which `schemas.rs` compares. Next: `parameters.rs`.

use wireproof_contract::Side;
use wireproof_openapi::{Header, MediaType, Operation, Pointer, Response, StatusPattern};

use super::change::{Class, Draft, Shift, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::parameters;
use super::schemas::shown;

pub(super) fn compare(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    parameters::compare(collector, subject, old, new);
    request_body(collector, subject, old, new);
    responses(collector, subject, old, new);
}

fn request_body(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    let side = subject.caller.direction(Side::Request);
    let is_sent = side == Side::Request;
    match (&old.request_body, &new.request_body) {
        (None, None) => {}
        (None, Some(body)) => {
            let (class, what) = match (is_sent, body.required) {
                (true, true) => (Class::Breaking, "a body has to be sent now"),
                (true, false) => (Class::Compatible, "a body may be sent now"),
                (false, _) => (Class::Breaking, "a body comes now"),
            };
            let draft = Draft::new(Kind::RequestBodyAdded, class, what).on(side);
            collector.add(subject, draft.at(Some(old.pointer.clone()), Some(body.pointer.clone())));
        }
        (Some(body), None) => {
            let (class, what) = match (is_sent, body.required) {
                (true, _) => (Class::Breaking, "no body may be sent any more"),
                (false, true) => (Class::Breaking, "no body comes any more, and one always came"),
                (false, false) => (Class::Compatible, "no body comes any more"),
            };
            let draft = Draft::new(Kind::RequestBodyRemoved, class, what).on(side);
            collector.add(subject, draft.at(Some(body.pointer.clone()), Some(new.pointer.clone())));
        }
        (Some(one), Some(other)) => {
            let at = |draft: Draft| draft.on(side).at(Some(one.pointer.join("required")), Some(other.pointer.join("required")));
            match (one.required, other.required) {
                (false, true) => {
                    let what = if is_sent { "the body is required now" } else { "the body is always there now" };
                    collector.add(subject, at(Draft::new(Kind::RequestBodyRequired, Shift::NARROWED.class(side), what)));
                }
                (true, false) => {
                    let what = if is_sent { "the body is no longer required" } else { "the body may be missing now" };
                    collector.add(subject, at(Draft::new(Kind::RequestBodyOptional, Shift::WIDENED.class(side), what)));
                }
                _ => {}
            }
            content(collector, subject, (&one.pointer, &one.content), (&other.pointer, &other.content), Side::Request);
        }
    }
}

/// Content types, and the schemas of those that both have. What is sent may no longer be of a type that is gone; what is received may be of
/// one that is new.
fn content(collector: &mut Collector<'_>, subject: &Subject, old: (&Pointer, &[MediaType]), new: (&Pointer, &[MediaType]), half: Side) {
    let what = if half == Side::Request { "requests" } else { "answers" };
    let side = subject.caller.direction(half);
    if new.1.is_empty() && !old.1.is_empty() && side == Side::Response {
        // Who receives expects one of the types, and gets nothing.
        let draft = Draft::new(Kind::ContentTypeRemoved, Class::Breaking, format!("{what} have no body any more")).on(side);
        collector.add(subject, draft.at(Some(old.0.clone()), Some(new.0.clone())));
        return;
    }
    for one in old.1 {
        if let Some(other) = find(new.1, &one.name) {
            if !same_encoding(one, other) {
                let message = format!("the encoding of {} differs", shown(&one.name.as_str().into()));
                let draft = Draft::new(Kind::EncodingChanged, Class::Breaking, message).on(side);
                collector.add(subject, draft.at(Some(one.pointer.join("encoding")), Some(other.pointer.join("encoding"))));
            }
            collector.schemas(subject, one.schema.as_ref(), other.schema.as_ref(), half);
            continue;
        }
        let message = format!("{what} are no longer of type {}", shown(&one.name.as_str().into()));
        let draft = Draft::new(Kind::ContentTypeRemoved, Shift::NARROWED.class(side), message).on(side);
        collector.add(subject, draft.at(Some(one.pointer.clone()), Some(new.0.clone())));
    }
    for other in new.1.iter().filter(|other| find(old.1, &other.name).is_none()) {
        let message = format!("{what} may be of type {} now", shown(&other.name.as_str().into()));
        let draft = Draft::new(Kind::ContentTypeAdded, Shift::WIDENED.class(side), message).on(side);
        collector.add(subject, draft.at(Some(old.0.clone()), Some(other.pointer.clone())));
    }
}

/// Whether the properties of two bodies are written in the same way, whatever their order.
fn same_encoding(old: &MediaType, new: &MediaType) -> bool {
    old.encoding.len() == new.encoding.len() && old.encoding.iter().all(|one| new.encoding.contains(one))
}

/// The entry of a content type: of the same name, else a range that it is of.
fn find<'e>(entries: &'e [MediaType], name: &str) -> Option<&'e MediaType> {
    let plain = |name: &str| name.split_whitespace().collect::<String>().to_ascii_lowercase();
    let wanted = plain(name);
    let essence = |name: &str| name.split(';').next().unwrap_or_default().to_owned();
    let range = |entry: &str| match entry.split_once("/*") {
        Some(("*", "")) => true,
        Some((kind, "")) => wanted.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/')),
        _ => false,
    };
    let of = |test: &dyn Fn(&str) -> bool| entries.iter().find(|entry| test(&plain(&entry.name)));
    of(&|entry| entry == wanted).or_else(|| of(&|entry| essence(entry) == essence(&wanted))).or_else(|| of(&range))
}

fn responses(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    let side = subject.caller.direction(Side::Response);
    let mut seen: Vec<StatusPattern> = Vec::new();
    for other in &new.responses.entries {
        // What was documented for these answers before: the same pattern, or a wider one.
        if let Some(one) = covering(&old.responses.entries, other.status) {
            seen.push(one.status);
            response(collector, subject, one, other);
        } else {
            let message = format!("answers may be {} now", status(other.status));
            let draft = Draft::new(Kind::ResponseAdded, Shift::WIDENED.class(side), message).on(side);
            collector.add(subject, draft.at(Some(old.pointer.join("responses")), Some(other.pointer.clone())));
        }
    }
    for one in old.responses.entries.iter().filter(|one| !seen.contains(&one.status)) {
        let wider = covering(&new.responses.entries, one.status);
        let (class, message) = match wider {
            Some(wider) => {
                let message = format!("answers {} are no longer told apart from {}", status(one.status), status(wider.status));
                (Class::Compatible, message)
            }
            None => (Shift::NARROWED.class(side), format!("answers are no longer {}", status(one.status))),
        };
        let draft = Draft::new(Kind::ResponseRemoved, class, message).on(side);
        collector.add(subject, draft.at(Some(one.pointer.clone()), Some(new.pointer.join("responses"))));
        if let Some(wider) = wider {
            response(collector, subject, one, wider);
        }
    }
}

fn status(pattern: StatusPattern) -> String {
    shown(&pattern.to_string().into())
}

/// The response that documents all answers of a pattern: its own, else that of its range, else `default`.
fn covering(entries: &[Response], pattern: StatusPattern) -> Option<&Response> {
    let find = |wanted: StatusPattern| entries.iter().find(|response| response.status == wanted);
    let range = match pattern {
        StatusPattern::Code(code) => u8::try_from(code / 100).ok().map(StatusPattern::Range),
        StatusPattern::Range(_) | StatusPattern::Default => None,
    };
    find(pattern).or_else(|| range.and_then(find)).or_else(|| find(StatusPattern::Default))
}

fn response(collector: &mut Collector<'_>, subject: &Subject, old: &Response, new: &Response) {
    content(collector, subject, (&old.pointer, &old.content), (&new.pointer, &new.content), Side::Response);
    let side = subject.caller.direction(Side::Response);
    let is_sent = side == Side::Request;
    let find = |headers: &'_ [Header], name: &str| headers.iter().position(|header| header.name.eq_ignore_ascii_case(name));
    for one in &old.headers {
        if let Some(other) = find(&new.headers, &one.name).and_then(|index| new.headers.get(index)) {
            header(collector, subject, one, other);
        } else {
            let (class, what) = match (is_sent, one.required) {
                (true, _) => (Class::Breaking, ""),
                (false, true) => (Class::Breaking, ", and was always there"),
                (false, false) => (Class::Compatible, ""),
            };
            let message = format!("header {} is gone{what}", shown(&one.name.as_str().into()));
            let draft = Draft::new(Kind::HeaderRemoved, class, message).on(side);
            collector.add(subject, draft.at(Some(one.pointer.clone()), Some(new.pointer.clone())));
        }
    }
    for other in new.headers.iter().filter(|other| find(&old.headers, &other.name).is_none()) {
        let (class, what) =
            if is_sent && other.required { (Class::Breaking, "is new, and required") } else { (Class::Compatible, "is new") };
        let draft = Draft::new(Kind::HeaderAdded, class, format!("header {} {what}", shown(&other.name.as_str().into()))).on(side);
        collector.add(subject, draft.at(Some(old.pointer.clone()), Some(other.pointer.clone())));
    }
}

fn header(collector: &mut Collector<'_>, subject: &Subject, old: &Header, new: &Header) {
    let side = subject.caller.direction(Side::Response);
    let is_sent = side == Side::Request;
    let called = format!("header {}", shown(&new.name.as_str().into()));
    let at = |draft: Draft, member: &str| draft.on(side).at(Some(old.pointer.join(member)), Some(new.pointer.join(member)));
    match (old.required, new.required) {
        (true, false) => {
            let message = if is_sent { format!("{called} is no longer required") } else { format!("{called} may be missing now") };
            collector.add(subject, at(Draft::new(Kind::HeaderOptional, Shift::WIDENED.class(side), message), "required"));
        }
        (false, true) => {
            let message = if is_sent { format!("{called} is required now") } else { format!("{called} is always there now") };
            collector.add(subject, at(Draft::new(Kind::HeaderRequired, Shift::NARROWED.class(side), message), "required"));
        }
        _ => {}
    }
    parameters::deprecated(collector, subject, (old.deprecated, new.deprecated), &called, |draft| at(draft, "deprecated"));
    if let Some((_, what)) = parameters::style(&old.shape, &new.shape) {
        let draft = Draft::new(Kind::ParameterStyleChanged, Class::Breaking, format!("{called} is written in another way: {what}"));
        collector.add(subject, at(draft, "style"));
    }
    parameters::schemas(collector, subject, &old.shape, &new.shape, Side::Response);
}
