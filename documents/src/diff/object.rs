//! Properties: added, removed, renamed, required, and what may stand beside them.
//!
//! Those who send say what is documented and nothing else; those who receive take what they do not know, unless it is forbidden. So a new
//! optional property breaks no request, while one that is gone does: what a request could say, it can say no more.

use std::collections::BTreeSet;

use wireproof_contract::Side;
use wireproof_openapi::Pointer;

use super::change::{Class, Draft, Hint, Shift};
use super::kind::Kind;
use super::schemas::{Look, Step, shown};
use super::view::{Others, required_of_side};
use crate::diff::rename;

pub(super) fn compare(look: &mut Look<'_, '_>) {
    if !look.old.is_of_objects() && !look.new.is_of_objects() {
        return;
    }
    let side = look.side;
    let old = look.old.properties(look.all.old, side);
    let new = look.new.properties(look.all.new, side);
    let required = (required_of_side(&look.old, look.all.old, side), required_of_side(&look.new, look.all.new, side));
    let (mut gone, mut come): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for (name, parts) in &old {
        match new.get(name) {
            Some(others) => look.part(parts.clone(), others.clone(), Step::Member((*name).to_owned())),
            None => gone.push(name),
        }
    }
    come.extend(new.keys().filter(|name| !old.contains_key(*name)));

    for (before, now) in rename::find(&gone, &come, |before, now| {
        let (Some(old), Some(new)) = (old.get(before), new.get(now)) else { return false };
        required.0.contains(before) == required.1.contains(now) && look.all.same.same_parts(old, new)
    }) {
        gone.retain(|name| *name != before);
        come.retain(|name| *name != now);
        let is_required = required.1.contains(now);
        // An answer may lack what is optional; what is required was to be expected.
        let class = if side == Side::Request || is_required { Class::Breaking } else { Class::Compatible };
        let message = format!("property {} is called {} now", shown(&before.into()), shown(&now.into()));
        let places = (old.get(before).and_then(|parts| parts.first().cloned()), new.get(now).and_then(|parts| parts.first().cloned()));
        let hint = if side == Side::Request { Hint::With(before.to_owned()) } else { Hint::Without(before.to_owned()) };
        look.add(Draft::new(Kind::PropertyRenamed, class, message).at(places.0, places.1).hint(hint));
    }
    for name in &gone {
        removed(look, name, old.get(*name).cloned().unwrap_or_default(), required.0.contains(*name));
    }
    for name in &come {
        added(look, name, new.get(*name).cloned().unwrap_or_default(), required.1.contains(*name));
    }
    requirement(look, &required, (&gone, &come));
    others(look);
}

/// Names that are required now, or no longer.
fn requirement(look: &mut Look<'_, '_>, (old, new): &(BTreeSet<&str>, BTreeSet<&str>), (gone, come): (&[&str], &[&str])) {
    let (before, now) = (look.old.required(), look.new.required());
    let renamed_or_listed = |look: &Look<'_, '_>, name: &str| {
        look.old.all_properties().contains_key(name) == look.new.all_properties().contains_key(name)
            && !gone.contains(&name)
            && !come.contains(&name)
    };
    for name in new.difference(old).filter(|name| renamed_or_listed(look, name)).copied().collect::<Vec<_>>() {
        let message = format!("property {} is required now", shown(&name.into()));
        let places = (property(look, name).0.or_else(|| look.old.first()), now.get(name).cloned());
        look.shifted(Kind::PropertyRequired, Shift::NARROWED, message, places, Hint::Without(name.to_owned()));
    }
    for name in old.difference(new).filter(|name| renamed_or_listed(look, name)).copied().collect::<Vec<_>>() {
        let message = format!("property {} is no longer required", shown(&name.into()));
        let places = (before.get(name).cloned(), property(look, name).1.or_else(|| look.new.first()));
        look.shifted(Kind::PropertyOptional, Shift::WIDENED, message, places, Hint::Without(name.to_owned()));
    }
}

/// The places of a property in both documents.
fn property(look: &Look<'_, '_>, name: &str) -> (Option<Pointer>, Option<Pointer>) {
    let first = |view: &super::view::View<'_>| view.all_properties().get(name).and_then(|parts| parts.first().cloned());
    (first(&look.old), first(&look.new))
}

fn removed(look: &mut Look<'_, '_>, name: &str, parts: Vec<Pointer>, was_required: bool) {
    let places = property(look, name);
    let marked = places.1.is_some();
    let place = places.1.or_else(|| look.new.place("properties"));
    let at = (parts.first().cloned(), place);
    let called = shown(&name.into());
    let (kind, what) =
        if marked { (Kind::ReadOnlyChanged, "is the other side's alone to send now") } else { (Kind::PropertyRemoved, "is gone") };
    match (look.side, look.new.others()) {
        (Side::Request, Others::Anything) => {
            let message = format!("property {called} {what}; any member is allowed");
            look.add(Draft::new(kind, Class::Compatible, message).at(at.0, at.1));
        }
        (Side::Request, Others::Of(others)) => {
            look.add(
                Draft::new(kind, Class::Compatible, format!("property {called} {what}; it is one of the additional ones")).at(at.0, at.1),
            );
            look.part(parts, others, Step::Member(name.to_owned()));
        }
        (Side::Request, Others::Open | Others::Closed) => {
            let message = format!("property {called} {what}");
            look.add(Draft::new(kind, Class::Breaking, message).at(at.0, at.1).hint(Hint::With(name.to_owned())));
        }
        (Side::Response, _) if was_required => {
            let message = format!("property {called} {what}, and was required");
            look.add(Draft::new(kind, Class::Breaking, message).at(at.0, at.1).hint(Hint::Without(name.to_owned())));
        }
        (Side::Response, _) => {
            let message = format!("property {called} {what}; it could be missing before");
            look.add(Draft::new(kind, Class::Compatible, message).at(at.0, at.1));
        }
    }
}

fn added(look: &mut Look<'_, '_>, name: &str, parts: Vec<Pointer>, is_required: bool) {
    let places = property(look, name);
    let marked = places.0.is_some();
    let at = (places.0.or_else(|| look.old.place("properties")), parts.first().cloned());
    let called = shown(&name.into());
    let (kind, what) =
        if marked { (Kind::ReadOnlyChanged, "is no longer the other side's alone") } else { (Kind::PropertyAdded, "is new") };
    match (look.side, look.old.others()) {
        (Side::Request, _) if is_required => {
            let message = format!("property {called} {what}, and required");
            look.add(Draft::new(kind, Class::Breaking, message).at(at.0, at.1).hint(Hint::Without(name.to_owned())));
        }
        (Side::Response, Others::Closed) => {
            let message = format!("property {called} {what}, and no others were allowed");
            look.add(Draft::new(kind, Class::Breaking, message).at(at.0, at.1).hint(Hint::With(name.to_owned())));
        }
        (_, others) => {
            look.add(Draft::new(kind, Class::Compatible, format!("property {called} {what}")).at(at.0, at.1));
            if let Others::Of(others) = others {
                look.part(others, parts, Step::Member(name.to_owned()));
            }
        }
    }
}

/// Members that no property names.
fn others(look: &mut Look<'_, '_>) {
    const KEYWORD: &str = "additionalProperties";
    let (old, new) = (look.old.others(), look.new.others());
    let places = (look.old.place(KEYWORD), look.new.place(KEYWORD));
    let open = |others: &Others| matches!(others, Others::Open | Others::Anything);
    match (old, new) {
        (old, new) if old == new && !matches!(old, Others::Of(_)) => {}
        (old, new) if open(&old) && open(&new) => {
            let message = if new == Others::Anything {
                "any other member is allowed, and it is said so now"
            } else {
                "that any other member is allowed is no longer said"
            };
            look.add(Draft::new(Kind::AdditionalPropertiesChanged, Class::Compatible, message).at(places.0, places.1));
        }
        (Others::Of(old), Others::Of(new)) => look.part(old, new, Step::AnyMember),
        (_, Others::Closed) => {
            look.shifted(
                Kind::AdditionalPropertiesChanged,
                Shift::NARROWED,
                "no other members are allowed now".to_owned(),
                places,
                Hint::Any,
            );
        }
        (Others::Closed, _) => {
            look.shifted(Kind::AdditionalPropertiesChanged, Shift::WIDENED, "other members are allowed now".to_owned(), places, Hint::Any);
        }
        (Others::Of(old), _) => look.part(old, Vec::new(), Step::AnyMember),
        (_, Others::Of(new)) => look.part(Vec::new(), new, Step::AnyMember),
        _ => {}
    }
}
