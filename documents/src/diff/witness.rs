//! Witnesses: values that show that a change breaks something. Made from the schemas of the side that sends, held against the validators
//! of both documents, and put into the whole body that they are a part of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use serde_json::{Map, Value};
use wireproof_contract::synthesis::Synthesiser;
use wireproof_contract::{ContractError, Side};
use wireproof_openapi::{Document, Pointer};

use super::change::{Class, Draft, Hint, Unwitnessed, Witness};
use super::collect::Collected;
use super::kind::Kind;
use super::schemas::{Pair, Step};

/// How many witnesses are looked for: each costs milliseconds, and documents that differ that much are read by nobody to the end. What is
/// left without one says so.
const SEARCHES: usize = 5_000;
/// How many instances of a schema are tried.
const INSTANCES: usize = 24;
/// How many candidates are put into whole bodies.
const LIFTED: usize = 6;
/// How far up from a part to its whole.
const DEPTH: usize = 40;
const SEED: u64 = 1;

/// What became of the search for each of the changes; `None` where there is nothing to look for.
///
/// # Errors
///
/// When the schemas of a document cannot be taken in at all.
pub(super) fn of_all(
    (old, new): (&Arc<Document>, &Arc<Document>),
    pairs: &[Pair],
    collected: &[Collected],
) -> Result<Vec<Option<Result<Witness, Unwitnessed>>>, ContractError> {
    let sought = sought(collected, SEARCHES);
    if sought.iter().all(Option::is_none) {
        // The schemas of both documents are not needed whole.
        return Ok(vec![None; collected.len()]);
    }
    let maker = |document| Synthesiser::new(document).map(|made| Maker { made, smallest: Mutex::default() });
    let witnesses = Witnesses { old: maker(Arc::clone(old))?, new: maker(Arc::clone(new))? };
    let find = |(one, sought): (&Collected, Option<bool>)| {
        let pair = one.pair?;
        Some(if sought? { witnesses.find(pairs, pair, &one.draft).ok_or(Unwitnessed::NotFound) } else { Err(Unwitnessed::NotSought) })
    };
    Ok(collected.par_iter().zip(sought).map(find).collect())
}

/// Which changes a witness is to be shown of, and whether it is looked for: for the first `limit` of them.
fn sought(collected: &[Collected], limit: usize) -> Vec<Option<bool>> {
    let mut left = limit;
    let mut seek = |one: &Collected| {
        let Draft { class, side, hint, .. } = &one.draft;
        (*class != Class::Compatible && *hint != Hint::None && side.is_some() && one.pair.is_some()).then(|| {
            let fits = left > 0;
            left = left.saturating_sub(1);
            fits
        })
    };
    collected.iter().map(&mut seek).collect()
}

/// Makes witnesses for changes between two documents.
struct Witnesses {
    old: Maker,
    new: Maker,
}

/// Makes values of the schemas of one document.
struct Maker {
    made: Synthesiser,
    /// The shortest instance of each schema that was asked for: what wraps one part wraps many.
    smallest: Mutex<HashMap<(Side, Pointer, Tried), Option<Value>>>,
}

/// Whether an instance was held against its own schema. Most that are made are valid, and a whole that is made of them is tried in any
/// case: so the validators of all that lies between a part and its whole, each a large share of its document, are compiled only where
/// that went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Tried {
    No,
    Yes,
}

impl Maker {
    /// The shortest instance that is made of a schema, but no null where there is something else.
    fn smallest(&self, schema: &Pointer, side: Side, tried: Tried) -> Option<Value> {
        let known = || self.smallest.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (side, schema.clone(), tried);
        if let Some(value) = known().get(&key) {
            return value.clone();
        }
        let instances: Vec<Value> = match tried {
            Tried::No => self.made.untried(schema, side, SEED, 16),
            Tried::Yes => self.made.valid(schema, side, SEED, 8).instances.into_iter().map(|instance| instance.value).collect(),
        };
        let smallest = instances.into_iter().min_by_key(|value| (value.is_null(), value.to_string().len()));
        known().insert(key, smallest.clone());
        smallest
    }
}

impl std::ops::Deref for Maker {
    type Target = Synthesiser;

    fn deref(&self) -> &Synthesiser {
        &self.made
    }
}

/// The two ends of an exchange: whose schemas the one that sends keeps to, and whose the one that receives.
struct Ends<'w> {
    sender: &'w Maker,
    receiver: &'w Maker,
    side: Side,
    /// Whether the receiver's validator has no objection: the value says what is not documented any more.
    undocumented: bool,
}

impl Witnesses {
    /// A witness of a change of the pair at `index`.
    fn find(&self, pairs: &[Pair], index: usize, draft: &Draft) -> Option<Witness> {
        let side = draft.side?;
        let (sender, receiver) = match side {
            Side::Request => (&self.old, &self.new),
            Side::Response => (&self.new, &self.old),
        };
        let says_too_much = matches!(draft.kind, Kind::PropertyRemoved | Kind::PropertyRenamed | Kind::ReadOnlyChanged);
        let undocumented = side == Side::Request && says_too_much && matches!(draft.hint, Hint::With(_));
        let ends = Ends { sender, receiver, side, undocumented };
        let pair = pairs.get(index)?;
        let (from, to) = ends.parts(&pair.old, &pair.new);
        let mut candidates = ends.candidates(from, to, &draft.hint);
        // Of many branches, an instance of the very one.
        let branch = match (draft.kind, side) {
            (Kind::BranchRemoved, Side::Request) => draft.old.as_ref(),
            (Kind::BranchAdded, Side::Response) => draft.new.as_ref(),
            _ => None,
        };
        candidates.extend(
            branch.into_iter().flat_map(|branch| sender.valid(branch, side, SEED, INSTANCES).instances).map(|instance| instance.value),
        );
        let mut fit: Vec<Value> = candidates.into_iter().filter(|value| ends.tells(from, to, value)).collect();
        // One that breaks nothing else tells the most, and of those the shortest.
        fit.sort_by_cached_key(|value| (ends.objections(to, value), value.to_string().len()));
        let mut of_a_part = None;
        for value in fit.into_iter().take(LIFTED) {
            for tried in [Tried::No, Tried::Yes] {
                match ends.lift(pairs, index, value.clone(), tried) {
                    Some(witness) if witness.part.is_none() => return Some(witness),
                    witness => of_a_part = of_a_part.or(witness),
                }
            }
        }
        of_a_part
    }
}

impl Ends<'_> {
    fn parts<'p>(&self, old: &'p [Pointer], new: &'p [Pointer]) -> (&'p [Pointer], &'p [Pointer]) {
        match self.side {
            Side::Request => (old, new),
            Side::Response => (new, old),
        }
    }

    /// Whether a value makes the difference.
    fn tells(&self, from: &[Pointer], to: &[Pointer], value: &Value) -> bool {
        let accepts = |one: &Maker, parts: &[Pointer]| parts.iter().all(|part| one.accepts(part, self.side, value));
        accepts(self.sender, from) && (self.undocumented || !accepts(self.receiver, to))
    }

    /// How much the receiver has against a value.
    fn objections(&self, to: &[Pointer], value: &Value) -> usize {
        to.iter().map(|part| self.receiver.violations(part, self.side, value).len()).sum()
    }

    fn candidates(&self, from: &[Pointer], to: &[Pointer], hint: &Hint) -> Vec<Value> {
        let mut made: Vec<Value> = Vec::new();
        if let Some(first) = from.first() {
            made.extend(self.sender.valid(first, self.side, SEED, INSTANCES).instances.into_iter().map(|instance| instance.value));
        }
        match hint {
            Hint::Value(value) => return vec![value.clone()],
            Hint::Without(name) => {
                for value in made.iter_mut().filter_map(Value::as_object_mut) {
                    value.shift_remove(name);
                }
            }
            Hint::With(name) => {
                let members =
                    from.iter().map(|part| part.join("properties").join(name)).find(|place| self.sender.document().get(place).is_some());
                if let Some(member) = members.and_then(|place| self.sender.smallest(&place, self.side, Tried::Yes)) {
                    for value in made.iter_mut().filter_map(Value::as_object_mut).filter(|value| !value.contains_key(name)) {
                        value.insert(name.clone(), member.clone());
                    }
                }
                made.retain(|value| value.get(name).is_some());
            }
            Hint::Any | Hint::None => {
                if let Some(first) = to.first() {
                    made.extend(self.receiver.invalid(first, self.side, SEED, INSTANCES).into_iter().map(|broken| broken.value));
                }
            }
        }
        made
    }

    /// A value that names its branch, where a discriminator selects one and the value would belong to another.
    fn selected(&self, from: &[Pointer], to: &[Pointer], value: Value) -> Value {
        let document = self.sender.document();
        let property = from.iter().find_map(|part| {
            let (_, node) = document.resolve(part)?;
            node.get("discriminator")?.get("propertyName")?.as_str()
        });
        let (Some(property), Some(first), false) = (property, from.first(), self.tells(from, to, &value)) else { return value };
        let names = self.sender.valid(first, self.side, SEED, INSTANCES).instances.into_iter();
        let mut named = names.filter_map(|instance| {
            let mut named = value.clone();
            named.as_object_mut()?.insert(property.to_owned(), instance.value.get(property)?.clone());
            Some(named)
        });
        named.find(|named| self.tells(from, to, named)).unwrap_or(value)
    }

    /// The whole body, parameter or header with `value` at its place in it; where it makes no difference there, as another branch takes
    /// it, the largest part in which it does.
    fn lift(&self, pairs: &[Pair], index: usize, value: Value, tried: Tried) -> Option<Witness> {
        let (mut value, mut at, mut steps) = (value, index, Vec::new());
        let mut parts: Vec<(Value, usize, usize)> = Vec::new();
        for _ in 0..DEPTH {
            let pair = pairs.get(at)?;
            let Some((above, step)) = &pair.from else { break };
            parts.push((value.clone(), at, steps.len()));
            let parent = pairs.get(*above)?;
            let (from, to) = self.parts(&parent.old, &parent.new);
            let base = || from.first().and_then(|first| self.sender.smallest(first, self.side, tried));
            value = match step {
                Step::Same => self.selected(from, to, value),
                Step::Member(name) => {
                    steps.push(name.clone());
                    with_member(base(), name, value)
                }
                Step::AnyMember => {
                    steps.push("any".to_owned());
                    with_member(base(), "any", value)
                }
                Step::Item(index) => {
                    steps.push(index.to_string());
                    let mut items = match base() {
                        Some(Value::Array(items)) => items,
                        _ => Vec::new(),
                    };
                    items.truncate(items.len().max(*index));
                    match items.get_mut(*index) {
                        Some(item) => *item = value,
                        None => items.push(value),
                    }
                    Value::Array(items)
                }
            };
            at = *above;
        }
        parts.push((value, at, steps.len()));
        let is_whole = |at: usize| pairs.get(at).is_some_and(|pair| pair.from.is_none());
        parts.into_iter().rev().find_map(|(value, at, depth)| {
            let pair = pairs.get(at)?;
            let (from, to) = self.parts(&pair.old, &pair.new);
            let instance = steps.iter().take(depth).rev().fold(Pointer::root(), |place: Pointer, step: &String| place.join(step));
            let part = if is_whole(at) { None } else { Some(self.sender.document().written(from.first()?)) };
            self.tells(from, to, &value).then_some(Witness { value, part, instance })
        })
    }
}

fn with_member(base: Option<Value>, name: &str, value: Value) -> Value {
    let mut members = match base {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.insert(name.to_owned(), value);
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_without_a_search_is_told_apart_from_what_needs_none() {
        let change = |class, hint, pair| {
            let draft = Draft::new(Kind::TypeChanged, class, "it is another one").on(Side::Request).hint(hint);
            Collected { draft, operations: Vec::new(), pair, reversed: false }
        };
        let collected = [
            change(Class::Breaking, Hint::Any, Some(0)),
            change(Class::Compatible, Hint::Any, Some(0)),
            change(Class::Breaking, Hint::Any, None),
            change(Class::Unknown, Hint::Any, Some(0)),
            change(Class::Breaking, Hint::None, Some(0)),
            change(Class::Breaking, Hint::Any, Some(0)),
        ];
        assert_eq!(sought(&collected, 2), [Some(true), None, None, Some(true), None, Some(false)]);
    }
}
