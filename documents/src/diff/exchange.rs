//! What two versions of an operation say of requests and answers: parameters, bodies, statuses, content types, headers. Their schemas
//! become pairs, which `schemas.rs` compares. Next: `parameters.rs`.

use wireproof_contract::Side;
use wireproof_openapi::{Header, MediaType, Operation, Pointer, Response, StatusPattern};

use super::change::{Class, Draft};
use super::collect::Collector;
use super::kind::Kind;
use super::parameters;
use super::schemas::shown;

pub(super) fn compare(collector: &mut Collector<'_>, old: &Operation, new: &Operation) {
    let label = new.label();
    parameters::compare(collector, &label, old, new);
    request_body(collector, &label, old, new);
    responses(collector, &label, old, new);
}

fn request_body(collector: &mut Collector<'_>, label: &str, old: &Operation, new: &Operation) {
    match (&old.request_body, &new.request_body) {
        (None, None) => {}
        (None, Some(body)) => {
            let (class, what) =
                if body.required { (Class::Breaking, "a body has to be sent now") } else { (Class::Compatible, "a body may be sent now") };
            let draft = Draft::new(Kind::RequestBodyAdded, class, what).on(Side::Request);
            collector.add(label, draft.at(Some(old.pointer.clone()), Some(body.pointer.clone())));
        }
        (Some(body), None) => {
            let draft = Draft::new(Kind::RequestBodyRemoved, Class::Breaking, "no body may be sent any more").on(Side::Request);
            collector.add(label, draft.at(Some(body.pointer.clone()), Some(new.pointer.clone())));
        }
        (Some(one), Some(other)) => {
            let at = |draft: Draft| draft.on(Side::Request).at(Some(one.pointer.join("required")), Some(other.pointer.join("required")));
            match (one.required, other.required) {
                (false, true) => {
                    collector.add(label, at(Draft::new(Kind::RequestBodyRequired, Class::Breaking, "the body is required now")));
                }
                (true, false) => {
                    collector.add(label, at(Draft::new(Kind::RequestBodyOptional, Class::Compatible, "the body is no longer required")));
                }
                _ => {}
            }
            content(collector, label, (&one.pointer, &one.content), (&other.pointer, &other.content), Side::Request);
        }
    }
}

/// Content types, and the schemas of those that both have. A request may no longer be of a type that is gone; an answer may be of one
/// that is new.
fn content(collector: &mut Collector<'_>, label: &str, old: (&Pointer, &[MediaType]), new: (&Pointer, &[MediaType]), side: Side) {
    let what = if side == Side::Request { "requests" } else { "answers" };
    for one in old.1 {
        if let Some(other) = find(new.1, &one.name) {
            if !same_encoding(one, other) {
                let message = format!("the encoding of {} differs", shown(&one.name.as_str().into()));
                let draft = Draft::new(Kind::EncodingChanged, Class::Breaking, message).on(side);
                collector.add(label, draft.at(Some(one.pointer.join("encoding")), Some(other.pointer.join("encoding"))));
            }
            collector.schemas(label, one.schema.as_ref(), other.schema.as_ref(), side);
            continue;
        }
        let class = if side == Side::Request { Class::Breaking } else { Class::Compatible };
        let message = format!("{what} are no longer of type {}", shown(&one.name.as_str().into()));
        let draft = Draft::new(Kind::ContentTypeRemoved, class, message).on(side);
        collector.add(label, draft.at(Some(one.pointer.clone()), Some(new.0.clone())));
    }
    for other in new.1.iter().filter(|other| find(old.1, &other.name).is_none()) {
        let class = if side == Side::Response { Class::Breaking } else { Class::Compatible };
        let message = format!("{what} may be of type {} now", shown(&other.name.as_str().into()));
        let draft = Draft::new(Kind::ContentTypeAdded, class, message).on(side);
        collector.add(label, draft.at(Some(old.0.clone()), Some(other.pointer.clone())));
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

fn responses(collector: &mut Collector<'_>, label: &str, old: &Operation, new: &Operation) {
    let mut seen: Vec<StatusPattern> = Vec::new();
    for other in &new.responses.entries {
        // What was documented for these answers before: the same pattern, or a wider one.
        if let Some(one) = covering(&old.responses.entries, other.status) {
            seen.push(one.status);
            response(collector, label, one, other);
        } else {
            let message = format!("answers may be {} now", status(other.status));
            let draft = Draft::new(Kind::ResponseAdded, Class::Breaking, message).on(Side::Response);
            collector.add(label, draft.at(Some(old.pointer.join("responses")), Some(other.pointer.clone())));
        }
    }
    for one in old.responses.entries.iter().filter(|one| !seen.contains(&one.status)) {
        let message = match covering(&new.responses.entries, one.status) {
            Some(wider) => format!("answers {} are no longer told apart from {}", status(one.status), status(wider.status)),
            None => format!("answers are no longer {}", status(one.status)),
        };
        let draft = Draft::new(Kind::ResponseRemoved, Class::Compatible, message).on(Side::Response);
        collector.add(label, draft.at(Some(one.pointer.clone()), Some(new.pointer.join("responses"))));
        if let Some(wider) = covering(&new.responses.entries, one.status) {
            response(collector, label, one, wider);
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

fn response(collector: &mut Collector<'_>, label: &str, old: &Response, new: &Response) {
    content(collector, label, (&old.pointer, &old.content), (&new.pointer, &new.content), Side::Response);
    let find = |headers: &'_ [Header], name: &str| headers.iter().position(|header| header.name.eq_ignore_ascii_case(name));
    for one in &old.headers {
        if let Some(other) = find(&new.headers, &one.name).and_then(|index| new.headers.get(index)) {
            header(collector, label, one, other);
        } else {
            let (class, what) = if one.required { (Class::Breaking, ", and was always there") } else { (Class::Compatible, "") };
            let message = format!("header {} is gone{what}", shown(&one.name.as_str().into()));
            let draft = Draft::new(Kind::HeaderRemoved, class, message).on(Side::Response);
            collector.add(label, draft.at(Some(one.pointer.clone()), Some(new.pointer.clone())));
        }
    }
    for other in new.headers.iter().filter(|other| find(&old.headers, &other.name).is_none()) {
        let draft = Draft::new(Kind::HeaderAdded, Class::Compatible, format!("header {} is new", shown(&other.name.as_str().into())))
            .on(Side::Response);
        collector.add(label, draft.at(Some(old.pointer.clone()), Some(other.pointer.clone())));
    }
}

fn header(collector: &mut Collector<'_>, label: &str, old: &Header, new: &Header) {
    let called = format!("header {}", shown(&new.name.as_str().into()));
    let at = |draft: Draft, member: &str| draft.on(Side::Response).at(Some(old.pointer.join(member)), Some(new.pointer.join(member)));
    match (old.required, new.required) {
        (true, false) => {
            collector.add(label, at(Draft::new(Kind::HeaderOptional, Class::Breaking, format!("{called} may be missing now")), "required"));
        }
        (false, true) => collector
            .add(label, at(Draft::new(Kind::HeaderRequired, Class::Compatible, format!("{called} is always there now")), "required")),
        _ => {}
    }
    parameters::deprecated(collector, label, (old.deprecated, new.deprecated), &called, |draft| at(draft, "deprecated"));
    if let Some((_, what)) = parameters::style(&old.shape, &new.shape) {
        let draft = Draft::new(Kind::ParameterStyleChanged, Class::Breaking, format!("{called} is written in another way: {what}"));
        collector.add(label, at(draft, "style"));
    }
    parameters::schemas(collector, label, &old.shape, &new.shape, Side::Response);
}
