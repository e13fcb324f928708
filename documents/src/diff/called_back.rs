//! Webhooks and callbacks: requests that the vendor makes. They are compared as operations are, in the other direction: what the vendor may
//! newly say breaks those who receive it, and so does what they may no longer answer.

use serde_json::Value;
use wireproof_openapi::{Document, Operation, Pointer};

use super::change::{Caller, Class, Draft, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::operations::{operation, same};
use super::schemas::shown;

/// How deep callbacks of callbacks are compared. Deeper ones are those of a circle of references, and were compared before.
const DEPTH: usize = 3;

/// A request that the vendor makes.
struct Call {
    /// What a callback is called; empty for webhooks.
    name: String,
    operation: Operation,
}

/// Compares the webhooks, matched by name and method.
pub(super) fn webhooks(collector: &mut Collector<'_>) {
    let all = |document: &Document| {
        let named = members(document, &Pointer::root().join("webhooks"));
        calls(document, "", named)
    };
    let (old, new) = (all(collector.old()), all(collector.new_document()));
    let subject = |call: &Call| Subject { label: format!("{} (webhook)", call.operation.label()), caller: Caller::Vendor };
    let root = Pointer::root().join("webhooks");
    let kinds = (Kind::WebhookRemoved, Kind::WebhookAdded);
    compare(collector, (&old, &new), (&root, &root), kinds, &subject, 0);
}

/// Compares the callbacks of two versions of an operation, matched by name, expression and method, else by name and method alone.
pub(super) fn callbacks(collector: &mut Collector<'_>, of: &Subject, operations: (&Operation, &Operation), depth: usize) {
    if depth >= DEPTH {
        return;
    }
    let all = |document: &Document, operation: &Operation| {
        let named = members(document, &operation.pointer.join("callbacks")).into_iter();
        named.flat_map(|(name, place)| calls(document, &name, members(document, &place))).collect::<Vec<_>>()
    };
    let (old, new) = (all(collector.old(), operations.0), all(collector.new_document(), operations.1));
    let subject = |call: &Call| {
        let called = call.operation.id.as_deref().map_or_else(|| format!("{} {}", call.operation.method, call.name), str::to_owned);
        Subject { label: format!("{called} (callback of {})", of.label), caller: of.caller.other() }
    };
    let kinds = (Kind::CallbackRemoved, Kind::CallbackAdded);
    compare(collector, (&old, &new), (&operations.0.pointer, &operations.1.pointer), kinds, &subject, depth + 1);
}

fn compare(
    collector: &mut Collector<'_>,
    (old, new): (&[Call], &[Call]),
    (old_place, new_place): (&Pointer, &Pointer),
    (removed, added): (Kind, Kind),
    subject: &dyn Fn(&Call) -> Subject,
    depth: usize,
) {
    let (mut gone, mut come): (Vec<&Call>, Vec<&Call>) = (old.iter().collect(), new.iter().collect());
    let key = |call: &Call| (call.name.clone(), call.operation.method.clone());
    let mut matched = same(&mut gone, &mut come, |call| (key(call), call.operation.path.clone()));
    if removed == Kind::CallbackRemoved {
        for (one, other) in same(&mut gone, &mut come, key) {
            let [before, now] = [one, other].map(|call| shown(&call.operation.path.as_str().into()));
            let message = format!("the vendor calls {now} now, and called {before}");
            let places = (Some(one.operation.pointer.clone()), Some(other.operation.pointer.clone()));
            collector.add(&subject(other), Draft::new(Kind::CallbackMoved, Class::Breaking, message).at(places.0, places.1));
            matched.push((one, other));
        }
    }
    for call in gone {
        let draft = Draft::new(removed, Class::Breaking, format!("the vendor no longer calls {}", told(call)));
        collector.add(&subject(call), draft.at(Some(call.operation.pointer.clone()), Some(new_place.clone())));
    }
    for call in come {
        let draft = Draft::new(added, Class::Compatible, format!("the vendor may call {} now", told(call)));
        collector.add(&subject(call), draft.at(Some(old_place.clone()), Some(call.operation.pointer.clone())));
    }
    for (one, other) in matched {
        operation(collector, &subject(other), (&one.operation, &other.operation), depth);
    }
}

fn told(call: &Call) -> String {
    let path = shown(&call.operation.path.as_str().into());
    if call.name.is_empty() { path } else { format!("{path} for {}", shown(&call.name.as_str().into())) }
}

/// The operations of path items, by what these are called.
fn calls(document: &Document, name: &str, items: Vec<(String, Pointer)>) -> Vec<Call> {
    let of_item = |(path, place): (String, Pointer)| document.path_item(&place, &path).into_iter();
    items.into_iter().flat_map(of_item).map(|operation| Call { name: name.to_owned(), operation }).collect()
}

/// The named parts at a place, references followed, extensions left aside.
fn members(document: &Document, at: &Pointer) -> Vec<(String, Pointer)> {
    let Some((at, Value::Object(members))) = document.resolve(at) else { return Vec::new() };
    let names = members.keys().filter(|name| !name.starts_with("x-"));
    names.filter_map(|name| Some((name.clone(), document.resolve(&at.join(name))?.0))).collect()
}
