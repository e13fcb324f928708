//! Branches of `anyOf` and `oneOf`, matched with one another: the same ones, those of one name, and what is left in its order.

use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use super::change::{Answer, Class, Draft, Hint, Shift};
use super::inclusion;
use super::kind::Kind;
use super::schemas::{Look, Step, shown};
use super::view::Union;

/// Compares the unions of a pair, of which there is one at most on each side. `false`: the pair was compared as a whole.
pub(super) fn compare(look: &mut Look<'_, '_>) -> bool {
    let (Some(old), Some(new)) = (look.old.unions.first().cloned(), look.new.unions.first().cloned()) else { return true };
    discriminator(look, &old, &new);
    let mut gone: Vec<Pointer> = old.branches.clone();
    let mut come: Vec<Pointer> = new.branches.clone();
    let (before, now) = (look.all.old, look.all.new);
    take(&mut gone, &mut come, |one, other| look.all.same.same(one, other));
    for (one, other) in take(&mut gone, &mut come, |one, other| {
        let name = name(before, one);
        name.is_some() && name == self::name(now, other)
    }) {
        look.part(vec![one], vec![other], Step::Same);
    }
    // As many left on both sides: they are taken to be the same ones, changed.
    if gone.len() == come.len() {
        for (one, other) in std::mem::take(&mut gone).into_iter().zip(std::mem::take(&mut come)) {
            look.part(vec![one], vec![other], Step::Same);
        }
    }
    if gone.is_empty() && come.is_empty() {
        exclusive(look, &old, &new);
        return true;
    }
    let shift = inclusion::whole((before, &[parent(&old)]), (now, &[parent(&new)]));
    if shift.is_none() {
        return true;
    }
    let label =
        |document: &Document, place: &Pointer| name(document, place).unwrap_or_else(|| place.last().unwrap_or_default().into_owned());
    for branch in gone {
        let one = Shift { narrowed: shift.narrowed, widened: Answer::No };
        let message = format!("branch {} of `{}` is gone", shown(&label(before, &branch).into()), old.keyword);
        look.shifted(Kind::BranchRemoved, one, message, (Some(branch), Some(new.place.clone())), Hint::Any);
    }
    for branch in come {
        let one = Shift { narrowed: Answer::No, widened: shift.widened };
        let message = format!("branch {} of `{}` is new", shown(&label(now, &branch).into()), new.keyword);
        look.shifted(Kind::BranchAdded, one, message, (Some(old.place.clone()), Some(branch)), Hint::Any);
    }
    true
}

/// `oneOf` refuses what `anyOf` takes if several branches hold.
fn exclusive(look: &mut Look<'_, '_>, old: &Union, new: &Union) {
    if old.keyword == new.keyword {
        return;
    }
    let shift = inclusion::whole((look.all.old, &[parent(old)]), (look.all.new, &[parent(new)]));
    if !shift.is_none() {
        let message = format!("`{}` is `{}` now", old.keyword, new.keyword);
        look.shifted(Kind::SchemaChanged, shift, message, (Some(old.place.clone()), Some(new.place.clone())), Hint::Any);
    }
}

fn parent(union: &Union) -> Pointer {
    union.place.parent().unwrap_or_default()
}

/// Takes out of both lists the first branches that belong together, in the order of the first.
fn take(gone: &mut Vec<Pointer>, come: &mut Vec<Pointer>, alike: impl Fn(&Pointer, &Pointer) -> bool) -> Vec<(Pointer, Pointer)> {
    let mut pairs = Vec::new();
    gone.retain(|one| match come.iter().position(|other| alike(one, other)) {
        Some(index) => {
            pairs.push((one.clone(), come.remove(index)));
            false
        }
        None => true,
    });
    pairs
}

/// What a branch is known by: the component that it refers to, its title, or the one constant that it asks for.
fn name(document: &Document, branch: &Pointer) -> Option<String> {
    let node = document.get(branch)?;
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        return document.reference(reference)?.last().map(std::borrow::Cow::into_owned);
    }
    let title = node.get("title").and_then(Value::as_str).map(str::to_owned);
    title.or_else(|| node.get("type").and_then(Value::as_str).map(|kind| format!("type {kind}")))
}

fn discriminator(look: &mut Look<'_, '_>, old: &Union, new: &Union) {
    let of = |document: &Document, union: &Union| document.get(&parent(union)).and_then(|node| node.get("discriminator").cloned());
    let (before, now) = (of(look.all.old, old), of(look.all.new, new));
    let property = |value: &Option<Value>| value.as_ref().and_then(|value| value.get("propertyName").cloned());
    let entries = |value: &Option<Value>| {
        let mapping = value.as_ref().and_then(|value| value.get("mapping")?.as_object().cloned()).unwrap_or_default();
        mapping.into_iter().filter_map(|(key, target)| Some((key, target.as_str()?.rsplit('/').next()?.to_owned()))).collect::<Vec<_>>()
    };
    let places = (Some(parent(old).join("discriminator")), Some(parent(new).join("discriminator")));
    if property(&before) != property(&now) {
        let text = |value: Option<Value>| value.as_ref().map_or_else(|| "none".to_owned(), shown);
        let message = format!("the discriminator is {}, was {}", text(property(&now)), text(property(&before)));
        look.add(Draft::new(Kind::DiscriminatorChanged, Class::Unknown, message).at(places.0, places.1).hint(Hint::Any));
        return;
    }
    let (before, now) = (entries(&before), entries(&now));
    let mut moved: Vec<&str> = before
        .iter()
        .filter(|entry| now.iter().any(|other| other.0 == entry.0 && other.1 != entry.1))
        .map(|entry| entry.0.as_str())
        .collect();
    let gone = before.iter().filter(|entry| !now.iter().any(|other| other.0 == entry.0)).map(|entry| entry.0.as_str());
    moved.extend(gone);
    if !moved.is_empty() {
        let names: Vec<String> = moved.iter().map(|name| shown(&(*name).into())).collect();
        let message = format!("the discriminator's {} no longer select what they did", names.join(", "));
        look.add(Draft::new(Kind::DiscriminatorChanged, Class::Unknown, message).at(places.0, places.1).hint(Hint::Any));
    }
}
