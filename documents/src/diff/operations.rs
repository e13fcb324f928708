//! Operations, matched by method and path; what is left by `operationId`, or by shape. Next: `exchange.rs`, which compares what a matched
//! pair of them says of requests and answers.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::Value;
use wireproof_openapi::{Document, Operation};

use super::change::{Caller, Class, Draft, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::sameness::is_unread;
use super::schemas::shown;
use super::{called_back, exchange, security, servers};

pub(super) fn compare(collector: &mut Collector<'_>) {
    let (old, new) = (collector.old(), collector.new_document());
    let (mut gone, mut come): (Vec<&Operation>, Vec<&Operation>) = (old.operations().iter().collect(), new.operations().iter().collect());
    // First by the path as it is written: some documents have two that differ in the names of their parameters only.
    let mut matched = same(&mut gone, &mut come, |operation| (operation.method.clone(), operation.path.clone()));
    matched.extend(same(&mut gone, &mut come, |operation| (operation.method.clone(), shape(&operation.path))));
    for (one, other) in moved(old, new, &mut gone, &mut come) {
        let message =
            format!("{} {} is {} {} now", one.method, shown(&one.path.as_str().into()), other.method, shown(&other.path.as_str().into()));
        let draft = Draft::new(Kind::OperationMoved, Class::Breaking, message).at(Some(one.pointer.clone()), Some(other.pointer.clone()));
        collector.add(&of_client(other), draft);
        matched.push((one, other));
    }
    for operation in gone {
        let draft = Draft::new(
            Kind::OperationRemoved,
            Class::Breaking,
            format!("{} {} is gone", operation.method, shown(&operation.path.as_str().into())),
        );
        collector.add(&of_client(operation), draft.at(Some(operation.pointer.clone()), None));
    }
    for operation in come {
        let draft = Draft::new(
            Kind::OperationAdded,
            Class::Compatible,
            format!("{} {} is new", operation.method, shown(&operation.path.as_str().into())),
        );
        collector.add(&of_client(operation), draft.at(None, Some(operation.pointer.clone())));
    }
    for (one, other) in matched {
        operation(collector, &of_client(other), (one, other), 0);
    }
}

fn of_client(operation: &Operation) -> Subject {
    Subject { label: operation.label(), caller: Caller::Client }
}

/// Takes out of both lists what has the same key, each once.
pub(super) fn same<'d, T, K: Eq + std::hash::Hash>(
    gone: &mut Vec<&'d T>,
    come: &mut Vec<&'d T>,
    key: impl Fn(&T) -> K,
) -> Vec<(&'d T, &'d T)> {
    let mut by_key: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (index, one) in come.iter().enumerate() {
        by_key.entry(key(one)).or_default().push_back(index);
    }
    let mut matched = Vec::new();
    let mut taken: HashSet<usize> = HashSet::new();
    gone.retain(|one| {
        let other = by_key.get_mut(&key(one)).and_then(VecDeque::pop_front).and_then(|index| Some((index, *come.get(index)?)));
        matched.extend(other.map(|(_, other)| (*one, other)));
        other.is_none_or(|(index, _)| !taken.insert(index))
    });
    let mut index = 0;
    come.retain(|_| {
        index += 1;
        !taken.contains(&(index - 1))
    });
    matched
}

/// What two versions of an operation differ in; `depth` is how many callbacks led here.
pub(super) fn operation(collector: &mut Collector<'_>, subject: &Subject, (old, new): (&Operation, &Operation), depth: usize) {
    let places = || (Some(old.pointer.clone()), Some(new.pointer.clone()));
    if old.id != new.id {
        let text = |id: &Option<String>| id.as_deref().map_or_else(|| "none".to_owned(), |id| shown(&id.into()));
        let message = format!("the `operationId` is {}, was {}", text(&new.id), text(&old.id));
        let id = |operation: &Operation| Some(operation.pointer.join("operationId"));
        collector.add(subject, Draft::new(Kind::OperationIdChanged, Class::Compatible, message).at(id(old), id(new)));
    }
    if old.deprecated != new.deprecated {
        let (kind, message) = if new.deprecated {
            (Kind::Deprecated, "the operation is deprecated now")
        } else {
            (Kind::Undeprecated, "the operation is no longer deprecated")
        };
        collector.add(subject, Draft::new(kind, Class::Compatible, message).at(places().0, places().1));
    }
    servers::of_operation(collector, subject, old, new);
    security::compare(collector, subject, old, new);
    exchange::compare(collector, subject, old, new);
    called_back::callbacks(collector, subject, (old, new), depth);
}

/// Operations under another path or method: those that kept their id, then those that kept their shape.
fn moved<'d>(
    old: &'d Document,
    new: &'d Document,
    gone: &mut Vec<&'d Operation>,
    come: &mut Vec<&'d Operation>,
) -> Vec<(&'d Operation, &'d Operation)> {
    let mut found = Vec::new();
    let mut take = |alike: &dyn Fn(&Operation, &Operation) -> bool| {
        gone.retain(|one| {
            let mut fit = come.iter().enumerate().filter(|(_, other)| alike(one, other)).map(|(index, _)| index);
            match (fit.next(), fit.next()) {
                (Some(index), None) => {
                    found.push((*one, come.remove(index)));
                    false
                }
                _ => true,
            }
        });
    };
    take(&|one, other| one.id.is_some() && one.id == other.id);
    let fingerprint =
        |document: &Document, operation: &Operation| document.get(&operation.pointer).map(|node| fingerprint(node, &operation.path));
    take(&|one, other| {
        one.method == other.method && last_word(&one.path) == last_word(&other.path) && fingerprint(old, one) == fingerprint(new, other)
    });
    found
}

/// What an operation says, without its names.
fn fingerprint(node: &Value, path: &str) -> BTreeMap<String, Value> {
    let members = node.as_object().into_iter().flatten();
    let kept = members.filter(|(key, _)| !matches!(key.as_str(), "operationId" | "tags") && !is_unread(key));
    let mut said: BTreeMap<String, Value> = kept.map(|(key, value)| (key.clone(), unread_left_out(value))).collect();
    said.insert("variables".to_owned(), path.matches('{').count().into());
    said
}

/// A node without what only people read.
fn unread_left_out(node: &Value) -> Value {
    match node {
        Value::Object(members) => {
            members.iter().filter(|(key, _)| !is_unread(key)).map(|(key, value)| (key.clone(), unread_left_out(value))).collect()
        }
        Value::Array(items) => items.iter().map(unread_left_out).collect(),
        other => other.clone(),
    }
}

/// The last step of a path that is no parameter.
fn last_word(path: &str) -> Option<&str> {
    path.rsplit('/').find(|step| !step.is_empty() && !step.contains('{'))
}

/// A path with its parameters made alike: what they are called does not travel.
fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(begin) = rest.find('{') {
        let (before, after) = rest.split_at(begin);
        shape.push_str(before);
        let Some(end) = after.find('}') else {
            rest = after;
            break;
        };
        shape.push_str("{}");
        rest = after.get(end + 1..).unwrap_or_default();
    }
    shape.push_str(rest);
    shape
}

/// The names of a path's parameters, in their order.
pub(super) fn variables(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_alike_whatever_their_parameters_are_called() {
        assert_eq!(shape("/a/{id}/b/{x}.json"), "/a/{}/b/{}.json");
        assert_eq!(shape("/a/{id"), "/a/{id");
        assert_eq!(variables("/a/{id}/b/{x}.json"), ["id", "x"]);
        assert_eq!(last_word("/a/b/{id}"), Some("b"));
    }
}
