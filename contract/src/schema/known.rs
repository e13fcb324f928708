//! The quick answer to what `members.rs` asks: most bodies hold nothing that their schemas do not name. Which schemas describe the members
//! of a value hardly ever depends on the value, so it is found out once per place in the document and kept as a [`Shape`].
//!
//! The answer is one-sided: "clean" is certain, and anything else (a member that no schema names, a keyword whose effect depends on the
//! value) sends the question to the full search, which also says where.

use std::sync::{OnceLock, PoisonError, RwLock};

use foldhash::HashMap;
use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

use super::fits::Fit;
use super::marks::{Mark, is_marked};
use super::members::is_open;
use super::validators::Compiled;
use super::walk::Walk;
use super::{Schemas, union_keywords};
use crate::finding::Side;
use crate::json::{Array, Instance, Object};

/// How many shapes a document may come to; the rest of it is searched.
const MAX_SHAPES: usize = 50_000;

/// Keywords whose effect on members is left to the full search.
const LEFT: &[&str] = &["if", "dependentSchemas", "patternProperties"];

/// The schemas that describe a value, and the branches that were chosen on the way to them: a union's place and a bit for each branch.
type Key = (Vec<Pointer>, Vec<(Pointer, u64)>);

/// The shapes of one side of the exchange, made when first needed.
#[derive(Default)]
pub(super) struct Shapes {
    table: RwLock<Table>,
}

#[derive(Default)]
struct Table {
    shapes: Vec<Shape>,
    numbers: HashMap<Key, usize>,
    /// The shapes of what bodies begin at: one schema and no choice yet.
    roots: HashMap<Pointer, usize>,
}

/// What is known of the members of a value.
enum Shape {
    /// It depends on more than is looked at here.
    Left,
    /// It depends on which branches of a union accept the value.
    Union { key: Key, union: Union, next: RwLock<HashMap<u64, usize>> },
    /// It is the same for all values.
    Known(Known),
}

/// `anyOf` or `oneOf` of a schema.
struct Union {
    schema: Pointer,
    keyword: &'static str,
    branches: Vec<Branch>,
}

/// A branch, with what can be seen of it, and with what decides on it once that was needed: nothing where it cannot be compiled.
struct Branch {
    place: Pointer,
    fit: Fit,
    validator: OnceLock<Option<Compiled>>,
}

impl Union {
    fn new(document: &Document, schema: &Pointer, keyword: &'static str, branches: usize) -> Self {
        let place = schema.join(keyword);
        let branch = |place: Pointer| Branch { fit: Fit::of(document, &place), place, validator: OnceLock::new() };
        let branches = (0..branches).map(|index| branch(place.index(index))).collect();
        Self { schema: schema.clone(), keyword, branches }
    }

    /// The branches that describe a value, a bit for each: as `members.rs` chooses them, without looking for validators each time.
    fn chosen(&self, schemas: &Schemas, side: Side, value: Instance<'_>) -> u64 {
        let bits = |wanted: &dyn Fn(usize, &Branch) -> bool| {
            let branches = self.branches.iter().enumerate();
            branches.filter(|(index, branch)| wanted(*index, branch)).fold(0_u64, |bits, (index, _)| bits | 1 << index)
        };
        if let Some((_, named)) = schemas.named_branch(&self.schema, value).filter(|(keyword, _)| *keyword == self.keyword) {
            return bits(&|index, _| index == named);
        }
        // Where one branch is left at first sight, it is the one, or none is.
        let likely = bits(&|_, branch| branch.fit.allows(value));
        if likely.is_power_of_two() {
            return likely;
        }
        let accepts = |branch: &Branch| {
            let validator = branch.validator.get_or_init(|| schemas.validator(&branch.place, side));
            validator.as_ref().is_some_and(|validator| validator.is_valid(value))
        };
        match bits(&|index, branch| likely >> index & 1 == 1 && accepts(branch)) {
            0 => bits(&|_, _| true),
            accepting => accepting,
        }
    }
}

#[derive(Default)]
struct Known {
    /// Whether a member without a schema is undocumented.
    complete: bool,
    /// Members with schemas of their own, in the order of their names.
    members: Vec<(String, Child)>,
    /// The schemas of all other members.
    other: Option<Child>,
    /// The schemas of the first items.
    prefix: Vec<Option<Child>>,
    /// The schemas of the other items.
    items: Option<Child>,
}

/// The schemas of a member or an item.
struct Child {
    schemas: Vec<Pointer>,
    /// Whether one of them has the mark that the side should not have.
    marked: bool,
    shape: OnceLock<usize>,
}

/// What a look at a value comes to.
enum Look {
    Clean,
    Unsure,
    /// A shape is needed that nobody has made yet.
    Missing(Key),
}

impl Shapes {
    /// Whether `value` certainly holds nothing but members that its schemas name, none of them marked.
    pub(super) fn are_clean(&self, schemas: &Schemas, schema: &Pointer, side: Side, value: Instance<'_>) -> bool {
        loop {
            let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
            let look = match table.roots.get(schema) {
                Some(number) => Asking { table: &table, schemas, side }.look(*number, value),
                None => Look::Missing((vec![schema.clone()], Vec::new())),
            };
            drop(table);
            match look {
                Look::Clean => return true,
                Look::Unsure => return false,
                Look::Missing(key) => {
                    let shape = shape(schemas, side, &key);
                    let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
                    if table.shapes.len() >= MAX_SHAPES {
                        return false;
                    }
                    let number = table.shapes.len();
                    if let ([only], []) = (key.0.as_slice(), key.1.as_slice()) {
                        let (root, number) = (only.clone(), table.numbers.get(&key).copied().unwrap_or(number));
                        table.roots.insert(root, number);
                    }
                    // Another thread may have made the same shape in the meantime.
                    if *table.numbers.entry(key).or_insert(number) == number {
                        table.shapes.push(shape);
                    }
                }
            }
        }
    }
}

/// A question to a table, with what it takes to choose branches.
struct Asking<'a> {
    table: &'a Table,
    schemas: &'a Schemas,
    side: Side,
}

impl Asking<'_> {
    fn look(&self, number: usize, value: Instance<'_>) -> Look {
        match self.table.shapes.get(number) {
            Some(Shape::Known(known)) => match (value.members(), value.items()) {
                (Some(members), _) => self.members(known, members),
                (_, Some(items)) => self.items(known, items),
                _ => Look::Clean,
            },
            Some(Shape::Union { key, union, next }) => {
                let chosen = union.chosen(self.schemas, self.side, value);
                let known = next.read().unwrap_or_else(PoisonError::into_inner).get(&chosen).copied();
                let number = known.or_else(|| {
                    let number = *self.table.numbers.get(&with_choice(key, union, chosen))?;
                    next.write().unwrap_or_else(PoisonError::into_inner).insert(chosen, number);
                    Some(number)
                });
                match number {
                    Some(number) => self.look(number, value),
                    None => Look::Missing(with_choice(key, union, chosen)),
                }
            }
            Some(Shape::Left) | None => Look::Unsure,
        }
    }

    fn items(&self, known: &Known, items: Array<'_>) -> Look {
        for (index, item) in items.all().enumerate().filter(|(_, item)| item.is_container()) {
            let child = known.prefix.get(index).map_or(known.items.as_ref(), Option::as_ref);
            match child.map(|child| self.child(child, item)) {
                None | Some(Look::Clean) => {}
                Some(look) => return look,
            }
        }
        Look::Clean
    }

    fn members(&self, known: &Known, members: Object<'_>) -> Look {
        for (name, member) in members.all() {
            let own = known.members.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok().and_then(|at| known.members.get(at));
            let Some(child) = own.map(|(_, child)| child).or(known.other.as_ref()) else {
                if known.complete {
                    return Look::Unsure;
                }
                continue;
            };
            if child.marked {
                return Look::Unsure;
            }
            if member.is_container() {
                match self.child(child, member) {
                    Look::Clean => {}
                    look => return look,
                }
            }
        }
        Look::Clean
    }

    fn child(&self, child: &Child, value: Instance<'_>) -> Look {
        if let Some(number) = child.shape.get() {
            return self.look(*number, value);
        }
        let key = (child.schemas.clone(), Vec::new());
        match self.table.numbers.get(&key) {
            Some(number) => self.look(*child.shape.get_or_init(|| *number), value),
            None => Look::Missing(key),
        }
    }
}

fn with_choice((schemas, choices): &Key, union: &Union, chosen: u64) -> Key {
    (schemas.clone(), choices.iter().cloned().chain([(union.schema.join(union.keyword), chosen)]).collect())
}

/// Why the schemas of a value cannot be gathered without it.
enum Stop {
    Left,
    Union(Union),
}

/// Makes the shape of a value that `key` describes.
fn shape(schemas: &Schemas, side: Side, key: &Key) -> Shape {
    let gathering = Gathering { document: schemas.document(), choices: &key.1, walk: Walk::default() };
    let mut gathered = Gathered::default();
    let gathering_all = key.0.iter().try_for_each(|schema| gathering.schema(schema, 0, &mut gathered));
    match gathering_all {
        Ok(()) => Shape::Known(gathered.known(schemas.document(), Mark::absent_from(side))),
        Err(Stop::Union(union)) if union.branches.len() < 64 => Shape::Union { key: key.clone(), union, next: RwLock::default() },
        Err(Stop::Left | Stop::Union(_)) => Shape::Left,
    }
}

/// The schemas that describe one value together, as `members.rs` gathers them.
#[derive(Default)]
struct Gathered<'d> {
    nodes: Vec<(Pointer, &'d Map<String, Value>)>,
    free: bool,
}

struct Gathering<'d, 'k> {
    document: &'d Document,
    choices: &'k [(Pointer, u64)],
    walk: Walk,
}

impl<'d> Gathering<'d, '_> {
    fn schema(&self, schema: &Pointer, depth: usize, gathered: &mut Gathered<'d>) -> Result<(), Stop> {
        if gathered.nodes.iter().any(|(known, _)| known == schema) {
            return Ok(());
        }
        if !self.walk.may_visit(depth) {
            return Err(Stop::Left);
        }
        let found = self.document.get(schema);
        let Some(node) = found.and_then(Value::as_object) else {
            gathered.free |= found == Some(&Value::Bool(true)) && depth == 0;
            return Ok(());
        };
        // The discriminator of a base schema, which has no union, names a schema that only the value leads to.
        let discriminated = node.contains_key("discriminator");
        if LEFT.iter().any(|keyword| node.contains_key(*keyword)) || (discriminated && union_keywords(node).next().is_none()) {
            return Err(Stop::Left);
        }
        gathered.nodes.push((schema.clone(), node));
        gathered.free |= is_open(node, "additionalProperties") || is_open(node, "unevaluatedProperties");
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| self.document.reference(reference)) {
            self.schema(&target, depth + 1, gathered)?;
        }
        if let Some(branches) = node.get("allOf").and_then(Value::as_array) {
            let place = schema.join("allOf");
            (0..branches.len()).try_for_each(|index| self.schema(&place.index(index), depth + 1, gathered))?;
        }
        for (keyword, branches) in union_keywords(node) {
            let place = schema.join(keyword);
            let chosen = self.choices.iter().find(|(known, _)| *known == place).map(|(_, chosen)| *chosen);
            let chosen = chosen.or_else(|| only_container(branches).filter(|_| !discriminated));
            let union = || Stop::Union(Union::new(self.document, schema, keyword, branches.len()));
            let chosen = chosen.ok_or_else(union)?;
            for index in (0..branches.len()).filter(|index| chosen >> index & 1 == 1) {
                let mut branch = Gathered::default();
                self.schema(&place.index(index), depth + 1, &mut branch)?;
                gathered.free |= branch.free || branch.is_free_form();
                gathered.nodes.extend(branch.nodes);
            }
        }
        Ok(())
    }
}

/// The choice of the one branch that an object or a list can be of, where the others say that they are nothing but scalars:
/// `anyOf` with `null` is how a nullable schema is written.
fn only_container(branches: &[Value]) -> Option<u64> {
    const SCALARS: &[&str] = &["null", "string", "number", "integer", "boolean"];
    let is_scalar = |branch: &&Value| {
        let names = |name: &Value| name.as_str().is_some_and(|name| SCALARS.contains(&name));
        let scalar = branch.get("type").is_some_and(|kind| match kind {
            Value::Array(kinds) => kinds.iter().all(names),
            kind => names(kind),
        });
        scalar
            && branch
                .as_object()
                .is_some_and(|node| node.keys().all(|key| matches!(key.as_str(), "type" | "format" | "enum" | "description")))
    };
    let mut containers = branches.iter().take(64).enumerate().filter(|(_, branch)| !is_scalar(branch));
    match (containers.next(), containers.next()) {
        (Some((index, _)), None) if branches.len() < 64 => Some(1 << index),
        _ => None,
    }
}

impl Gathered<'_> {
    fn names_properties(&self) -> bool {
        self.nodes.iter().any(|(_, node)| node.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty()))
    }

    fn is_free_form(&self) -> bool {
        let says_object = self.nodes.iter().any(|(_, node)| match node.get("type") {
            Some(Value::String(name)) => name == "object",
            Some(Value::Array(names)) => names.iter().any(|name| name == "object"),
            _ => false,
        });
        says_object && !self.names_properties()
    }

    fn known(&self, document: &Document, mark: Mark) -> Known {
        let is_false = |node: &Map<String, Value>, keyword| node.get(keyword) == Some(&Value::Bool(false));
        let closed = self.nodes.iter().any(|(_, node)| is_false(node, "additionalProperties") || is_false(node, "unevaluatedProperties"));
        let child = |schemas: Vec<Pointer>| {
            let marked = schemas.iter().any(|schema| document.get(schema).is_some_and(|node| is_marked(document, node, mark)));
            (!schemas.is_empty()).then(|| Child { schemas, marked, shape: OnceLock::new() })
        };
        let properties = |node: &Map<String, Value>, name: &str| node.get("properties").is_some_and(|map| map.get(name).is_some());
        let additional = |(pointer, node): &(Pointer, &Map<String, Value>)| {
            node.get("additionalProperties").is_some_and(Value::is_object).then(|| pointer.join("additionalProperties"))
        };
        let mut names: Vec<&String> =
            self.nodes.iter().filter_map(|(_, node)| node.get("properties").and_then(Value::as_object)).flat_map(Map::keys).collect();
        names.sort_unstable();
        names.dedup();
        let of_name = |name: &String| {
            let schemas = self
                .nodes
                .iter()
                .filter_map(|node| if properties(node.1, name) { Some(node.0.join("properties").join(name)) } else { additional(node) });
            child(schemas.collect()).map(|child| (name.clone(), child))
        };
        let prefixed = |node: &Map<String, Value>| node.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        let longest = self.nodes.iter().map(|(_, node)| prefixed(node)).max().unwrap_or(0);
        let of_item = |index: usize| {
            let schemas = self.nodes.iter().filter_map(|(pointer, node)| {
                if index < prefixed(node) {
                    Some(pointer.join("prefixItems").index(index))
                } else {
                    node.contains_key("items").then(|| pointer.join("items"))
                }
            });
            child(schemas.collect())
        };
        Known {
            complete: !self.free && !closed && self.names_properties(),
            members: names.into_iter().filter_map(of_name).collect(),
            other: child(self.nodes.iter().filter_map(additional).collect()),
            prefix: (0..longest).map(of_item).collect(),
            items: of_item(longest),
        }
    }
}

#[cfg(test)]
mod tests;
