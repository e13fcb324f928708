//! Carries out the actions of an overlay, one after the other, on the tree of a document.

use serde_json::{Map, Value};
use serde_json_path::{JsonPath, PathElement};

use super::{Action, Applied, Change, Overlay, Trace};
use crate::load::{self, DEPTH_LIMIT, measure};
use crate::{LoadError, Pointer};

/// How much memory an overlay may add, roughly: more than people write into one.
const ADDED_LIMIT: usize = 1 << 26;

/// A step of the way to a node. Ordered so that a node comes before what is below it, and an item before the items after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    Index(usize),
}

/// Applies all actions.
pub(super) fn apply(overlay: &Overlay, document: Value) -> Result<Applied, LoadError> {
    let mut state = State { overlay, value: document, trace: Trace::document(), added: 0 };
    for action in &overlay.actions {
        state.act(action)?;
    }
    Ok(Applied { value: state.value, trace: state.trace })
}

struct State<'o> {
    overlay: &'o Overlay,
    value: Value,
    trace: Trace,
    added: usize,
}

impl State<'_> {
    fn act(&mut self, action: &Action) -> Result<(), LoadError> {
        let targets = self.select(&action.target);
        if targets.is_empty() {
            let help = "correct the JSONPath, or remove the action if the document has become what it asks for";
            return Err(self.error(action, "target", "the action matches nothing in the document".to_owned(), Some(help)));
        }
        match &action.change {
            Change::Remove => self.remove(action, targets),
            Change::Update => {
                let at = action.pointer.join("update");
                let update = self.overlay.tree.value.pointer(at.as_str()).cloned().unwrap_or_default();
                self.update(action, "update", &targets, &update)
            }
            Change::Copy(path) => {
                let sources = self.select(path);
                let [source] = sources.as_slice() else {
                    let message = format!("`copy` must select one node, and selects {}", sources.len());
                    return Err(self.error(action, "copy", message, None));
                };
                let copied = node(&self.value, source).cloned().unwrap_or_default();
                self.update(action, "copy", &targets, &copied)
            }
        }
    }

    /// The ways to the nodes that a path selects, in the order of [`Step`], each once.
    fn select(&self, path: &JsonPath) -> Vec<Vec<Step>> {
        let step = |element: &PathElement<'_>| match element {
            PathElement::Name(name) => Step::Name((*name).to_owned()),
            PathElement::Index(index) => Step::Index(*index),
        };
        let located = path.query_located(&self.value);
        let mut ways: Vec<Vec<Step>> = located.locations().map(|location| location.iter().map(step).collect()).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    fn remove(&mut self, action: &Action, targets: Vec<Vec<Step>>) -> Result<(), LoadError> {
        // From the last to the first: what is removed moves nothing that comes before it.
        for mut way in targets.into_iter().rev() {
            let Some(last) = way.pop() else {
                return Err(self.error(action, "target", "the whole document cannot be removed".to_owned(), None));
            };
            let (Some(parent), trace) = (node_mut(&mut self.value, &way), trace_of(&mut self.trace, &way)) else { continue };
            match (parent, last) {
                (Value::Object(members), Step::Name(name)) => {
                    members.shift_remove(&name);
                    trace.remove(&name);
                }
                (Value::Array(items), Step::Index(index)) if index < items.len() => {
                    trace.items(items.len()).remove(index);
                    items.remove(index);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn update(&mut self, action: &Action, member: &str, targets: &[Vec<Step>], update: &Value) -> Result<(), LoadError> {
        let (size, depth) = measure(update);
        let at = action.pointer.join(member);
        let kind_of = |way: &Vec<Step>| node(&self.value, way).map(family);
        let first = targets.first().and_then(kind_of);
        if targets.iter().any(|way| kind_of(way) != first) {
            let message =
                "the target selects nodes of different kinds, of which an update must be all objects, all lists or all other values"
                    .to_owned();
            return Err(self.error(action, "target", message, Some("make an action for each kind")));
        }
        for way in targets {
            self.added = self.added.saturating_add(size);
            if self.added > ADDED_LIMIT {
                return Err(self.error(action, "target", format!("the overlay adds more than {} MB", ADDED_LIMIT >> 20), None));
            }
            if way.len() + depth > DEPTH_LIMIT {
                return Err(self.error(action, member, format!("the document would have more than {DEPTH_LIMIT} levels of nesting"), None));
            }
            let (Some(target), trace) = (node_mut(&mut self.value, way), trace_of(&mut self.trace, way)) else { continue };
            let merged = match (target, update) {
                (Value::Array(items), update) if !update.is_array() => {
                    trace.items(items.len()).push(Trace::overlay(at.clone()));
                    items.push(update.clone());
                    Ok(())
                }
                (target, update) => merge(target, trace, update, &at),
            };
            merged.map_err(|Incompatible { pointer, message }| {
                let place = way.iter().fold(Pointer::root(), |place, step| match step {
                    Step::Name(name) => place.join(name),
                    Step::Index(index) => place.index(*index),
                });
                let message = format!("{message} (target `{}`)", if place.as_str().is_empty() { "/" } else { place.as_str() });
                self.overlay.error(pointer, message, Some("remove the old value with an action before this one"))
            })?;
        }
        Ok(())
    }

    fn error(&self, action: &Action, member: &str, message: String, help: Option<&str>) -> LoadError {
        self.overlay.error(action.pointer.join(member), message, help)
    }
}

/// An update that does not go with what is there.
struct Incompatible {
    /// Its place in the overlay.
    pointer: Pointer,
    message: String,
}

/// Merges `update`, which stands at `at` in the overlay.
fn merge(target: &mut Value, trace: &mut Trace, update: &Value, at: &Pointer) -> Result<(), Incompatible> {
    match (target, update) {
        (Value::Object(members), Value::Object(updates)) => merge_members(members, trace, updates, at),
        (Value::Array(items), Value::Array(more)) => {
            let traces = trace.items(items.len());
            for (index, item) in more.iter().enumerate() {
                items.push(item.clone());
                traces.push(Trace::overlay(at.index(index)));
            }
            Ok(())
        }
        (target, update) if family(target) == Family::Other && family(update) == Family::Other => {
            *target = update.clone();
            *trace = Trace::overlay(at.clone());
            Ok(())
        }
        (target, update) => {
            let message = format!("{} cannot be merged into {}", load::kind(update), load::kind(target));
            Err(Incompatible { pointer: at.clone(), message })
        }
    }
}

fn merge_members(
    members: &mut Map<String, Value>,
    trace: &mut Trace,
    updates: &Map<String, Value>,
    at: &Pointer,
) -> Result<(), Incompatible> {
    for (key, update) in updates {
        let at = at.join(key);
        if let Some(member) = members.get_mut(key) {
            merge(member, trace.child(key), update, &at)?;
        } else {
            members.insert(key.clone(), update.clone());
            trace.insert(key, Trace::overlay(at));
        }
    }
    Ok(())
}

/// The kinds between which an update makes no way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Object,
    List,
    Other,
}

fn family(value: &Value) -> Family {
    match value {
        Value::Object(_) => Family::Object,
        Value::Array(_) => Family::List,
        _ => Family::Other,
    }
}

fn node<'v>(root: &'v Value, way: &[Step]) -> Option<&'v Value> {
    way.iter().try_fold(root, |node, step| match step {
        Step::Name(name) => node.get(name),
        Step::Index(index) => node.get(index),
    })
}

fn node_mut<'v>(root: &'v mut Value, way: &[Step]) -> Option<&'v mut Value> {
    way.iter().try_fold(root, |node, step| match step {
        Step::Name(name) => node.get_mut(name),
        Step::Index(index) => node.get_mut(index),
    })
}

fn trace_of<'t>(root: &'t mut Trace, way: &[Step]) -> &'t mut Trace {
    way.iter().fold(root, |trace, step| match step {
        Step::Name(name) => trace.child(name),
        Step::Index(index) => trace.child(&index.to_string()),
    })
}
