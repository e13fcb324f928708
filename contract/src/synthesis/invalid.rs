//! Instances that break one keyword each: a valid instance, changed in one place, that the validator refuses afterwards.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use wireproof_openapi::Pointer;

use super::facets::{ChoiceKind, Facets, Kind, Parts};
use super::goal::Instance;
use super::session::Session;
use super::{array, number, object, string};

/// How deep into a valid instance places to break are looked for.
const MAX_DEPTH: usize = 12;

/// How many members or items of one value are gone into.
const MAX_CHILDREN: usize = 60;

/// How many values of the same schemas, at the same place, are changed.
const MAX_VISITS: usize = 6;

/// How many changes one run tries.
const MAX_TRIES: usize = 20_000;

/// How many schemas are looked at for a value that two branches accept, or that `not` refuses.
const OVERLAP_STEPS: usize = 200;

/// An invalid instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The value.
    pub value: Value,
    /// The keyword that it breaks, as a pointer into the normalised tree.
    pub schema: Pointer,
    /// The name of the keyword.
    pub keyword: String,
    /// The place in the value that was changed.
    pub instance: Pointer,
    /// Whether the keyword stands in a branch of a choice, of which another may have let the value in for all that the branch says.
    pub within_choice: bool,
}

/// One change.
struct Change {
    /// The keyword that it should break.
    schema: Pointer,
    keyword: &'static str,
    /// What the value becomes.
    value: Value,
}

impl Change {
    fn new(schema: Pointer, keyword: &'static str, value: Value) -> Self {
        Self { schema, keyword, value }
    }
}

/// Breaks the valid instances `bases` of the schema at `schema`.
pub(super) fn make(session: &mut Session<'_>, schema: &Pointer, bases: &[Instance], limit: usize) -> Vec<Broken> {
    let mut breaker = Breaker {
        session,
        root: Parts::one(schema.clone()),
        limit,
        tries: 0,
        seen: HashSet::new(),
        visits: HashMap::new(),
        choices: HashSet::new(),
        broken: Vec::new(),
    };
    // Full instances first: they have the most places.
    let mut order: Vec<&Instance> = bases.iter().collect();
    order.sort_by_key(|instance| std::cmp::Reverse(instance.value.to_string().len().min(20_000)));
    for base in order {
        let root = breaker.root.clone();
        breaker.visit(&root, &base.value, &base.value, &Pointer::root(), false, 0);
        if breaker.is_done() {
            break;
        }
    }
    breaker.broken
}

struct Breaker<'b, 's> {
    session: &'b mut Session<'s>,
    root: Parts,
    limit: usize,
    tries: usize,
    /// Keywords that were broken, with the place in the value.
    seen: HashSet<(Pointer, &'static str, String)>,
    /// How often schemas were met at a place, with what was chosen among them.
    visits: HashMap<(Parts, String), usize>,
    /// Choices whose values have been made.
    choices: HashSet<Pointer>,
    broken: Vec<Broken>,
}

impl Breaker<'_, '_> {
    fn is_done(&self) -> bool {
        self.broken.len() >= self.limit || self.tries >= MAX_TRIES
    }

    /// Breaks `value`, which stands at `at` in `whole` and is described by `parts`, then what is inside it.
    fn visit(&mut self, parts: &Parts, whole: &Value, value: &Value, at: &Pointer, within: bool, depth: usize) {
        if self.is_done() || depth > MAX_DEPTH {
            return;
        }
        let mut parts = parts.clone();
        let mut changes = Vec::new();
        // What holds whatever is chosen.
        let outer = self.session.facets(&parts);
        let mut real_choice = false;
        let facets = loop {
            let facets = self.session.facets(&parts);
            let Some(choice) = facets.open.first() else { break facets };
            let chosen = match choice.kind {
                ChoiceKind::Condition => usize::from(!self.session.accepts(&Parts::one(choice.at.clone()), value)),
                ChoiceKind::Branches => {
                    // The values follow from the choice alone: making them once is enough.
                    if self.choices.insert(choice.at.clone()) {
                        changes.extend(unchosen(self.session, &parts, choice));
                    }
                    let holds = |index: &usize| self.session.accepts(&Parts::one(choice.at.index(*index)), value);
                    let Some(index) = (0..choice.branches).find(holds) else { return };
                    // A choice that only lets null in is none worth telling.
                    let real = self.session.document.get(&choice.at).and_then(Value::as_array).into_iter().flatten();
                    real_choice |= real.filter(|branch| branch.get("type").is_none_or(|ty| ty != "null")).count() > 1;
                    index
                }
            };
            parts = parts.choosing(&choice.at, chosen);
        };
        // Another instance of the same shape has little to add.
        let visits = self.visits.entry((parts, shape(value, at))).or_default();
        *visits += 1;
        if *visits > MAX_VISITS {
            return;
        }
        changes.extend(changes_of(self.session, &facets, value));
        let is_within = |schema: &Pointer| within || (real_choice && !outer.nodes.iter().any(|(node, _)| is_own(node, schema)));
        for change in changes {
            let within = is_within(&change.schema);
            self.attempt(change, whole, at, within);
        }
        self.descend(&facets, whole, value, at, &is_within, depth);
    }

    fn attempt(&mut self, change: Change, whole: &Value, at: &Pointer, within: bool) {
        let key = (change.schema.clone(), change.keyword, crate::json::generalise(at));
        if self.is_done() || self.seen.contains(&key) {
            return;
        }
        self.tries += 1;
        let mut value = whole.clone();
        let Some(place) = value.pointer_mut(at.as_str()) else { return };
        *place = change.value;
        if self.session.accepts(&self.root, &value) {
            return;
        }
        self.seen.insert(key);
        let Change { schema, keyword, .. } = change;
        self.broken.push(Broken { value, schema, keyword: keyword.to_owned(), instance: at.clone(), within_choice: within });
    }

    fn descend(
        &mut self,
        facets: &Facets<'_>,
        whole: &Value,
        value: &Value,
        at: &Pointer,
        is_within: &dyn Fn(&Pointer) -> bool,
        depth: usize,
    ) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter().take(MAX_CHILDREN) {
                    let schemas = object::schemas_for(self.session, facets, name);
                    if !schemas.is_empty() {
                        let within = schemas.iter().all(is_within);
                        self.visit(&Parts::all(schemas), whole, member, &at.join(name), within, depth + 1);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().take(MAX_CHILDREN) {
                    let schemas = array::schemas_for(facets, index);
                    if !schemas.is_empty() {
                        let within = schemas.iter().all(is_within);
                        self.visit(&Parts::all(schemas), whole, item, &at.index(index), within, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A place and the names of the members there: what can be taken away from a value depends on what it has.
fn shape(value: &Value, at: &Pointer) -> String {
    let mut shape = crate::json::generalise(at);
    for name in value.as_object().into_iter().flat_map(Map::keys) {
        shape.push(' ');
        shape.push_str(name);
    }
    shape
}

/// Whether a place is a keyword of this node itself, or in one that is no choice.
fn is_own(node: &Pointer, schema: &Pointer) -> bool {
    let Some(rest) = schema.as_str().strip_prefix(node.as_str()).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let mut steps = rest.split('/');
    let is_choice = matches!(steps.next(), Some("anyOf" | "oneOf" | "if" | "then" | "else"));
    !is_choice || steps.next().is_none()
}

/// Values that no branch of a choice accepts, and for `oneOf` such as two branches accept.
fn unchosen(session: &mut Session<'_>, parts: &Parts, choice: &super::facets::Choice) -> Vec<Change> {
    let exactly_one = choice.at.last().as_deref() == Some("oneOf");
    let keyword = if exactly_one { "oneOf" } else { "anyOf" };
    let branches: Vec<Parts> = (0..choice.branches).map(|index| Parts::one(choice.at.index(index))).collect();
    let none = [json!(-0.5), json!(true), json!({}), json!([]), Value::Null, json!("\u{1}")];
    let mut changes: Vec<Change> = none
        .into_iter()
        .find(|value| !branches.iter().any(|branch| session.accepts(branch, value)))
        .map(|value| Change::new(choice.at.clone(), keyword, value))
        .into_iter()
        .collect();
    if exactly_one && choice.branches <= 12 {
        let beside: Vec<Pointer> = parts.at.iter().filter(|at| !choice.at.starts_with(at)).cloned().collect();
        'found: for (position, left) in branches.iter().enumerate() {
            for right in branches.iter().skip(position + 1) {
                let at = beside.iter().chain(&left.at).chain(&right.at).cloned().collect();
                if let Some(both) = session.attempt(&Parts::all(at), 1, OVERLAP_STEPS).into_iter().next() {
                    changes.push(Change::new(choice.at.clone(), "oneOf overlap", both.value));
                    break 'found;
                }
            }
        }
    }
    changes
}

/// The changes that should make `value` invalid for the nodes.
fn changes_of(session: &mut Session<'_>, facets: &Facets<'_>, value: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    wrong_types(facets, &mut changes);
    outsiders(facets, value, &mut changes);
    for (at, _) in facets.each("not") {
        changes.extend(
            session
                .attempt(&Parts::one(at.clone()), 1, OVERLAP_STEPS)
                .into_iter()
                .map(|refused| Change::new(at.clone(), "not", refused.value)),
        );
    }
    match value {
        Value::Object(members) => objects(session, facets, members, &mut changes),
        Value::Array(items) => arrays(facets, items, &mut changes),
        Value::String(_) => changes.extend(keyed(string::broken(session, facets))),
        Value::Number(_) => changes.extend(keyed(number::broken(facets))),
        _ => {}
    }
    changes
}

/// A value of a type that `type` does not list, and null where it may not be.
fn wrong_types(facets: &Facets<'_>, changes: &mut Vec<Change>) {
    let Some((at, _)) = facets.each("type").next() else { return };
    let kinds = facets.kinds();
    let others = [
        (Kind::String, json!("text")),
        (Kind::Number, json!(-7.25)),
        (Kind::Boolean, json!(true)),
        (Kind::Array, json!([[]])),
        (Kind::Object, json!({"unexpected": 1})),
    ];
    let allowed = |kind: Kind| kinds.contains(&kind) || (kind == Kind::Number && kinds.contains(&Kind::Integer));
    if let Some((_, other)) = others.into_iter().find(|(kind, _)| !allowed(*kind)) {
        changes.push(Change::new(at.clone(), "type", other));
    }
    if kinds == [Kind::Integer] {
        changes.push(Change::new(at.clone(), "type: integer", json!(0.5)));
    }
    if !kinds.contains(&Kind::Null) {
        changes.push(Change::new(at, "type: null", Value::Null));
    }
}

/// A value of the right type that `enum` or `const` does not list.
fn outsiders(facets: &Facets<'_>, value: &Value, changes: &mut Vec<Change>) {
    let other = match value {
        Value::String(text) => json!(format!("{text} or so")),
        Value::Number(_) => json!(987_654_321),
        Value::Bool(flag) => json!(!flag),
        Value::Array(_) => json!(["unlisted"]),
        Value::Object(_) => json!({"unlisted": true}),
        Value::Null => return,
    };
    for keyword in ["enum", "const"] {
        changes.extend(facets.each(keyword).map(|(at, _)| Change::new(at, keyword, other.clone())));
    }
}

fn objects(session: &mut Session<'_>, facets: &Facets<'_>, members: &Map<String, Value>, changes: &mut Vec<Change>) {
    let without = |name: &str| {
        let mut fewer = members.clone();
        fewer.shift_remove(name);
        Value::Object(fewer)
    };
    let with = |name: &str, value: Value| {
        let mut more = members.clone();
        more.insert(name.to_owned(), value);
        Value::Object(more)
    };
    for (at, list) in facets.each("required") {
        for (index, name) in list.as_array().into_iter().flatten().enumerate() {
            if let Some(name) = name.as_str().filter(|name| members.contains_key(*name)) {
                changes.push(Change::new(at.index(index), "required", without(name)));
            }
        }
    }
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
        for (at, _) in facets.each(keyword).filter(|(_, value)| **value == Value::Bool(false)) {
            changes.push(Change::new(at, keyword, with("unexpected member", json!(1))));
        }
    }
    for (at, map) in facets.each("dependentRequired") {
        for (name, needed) in map.as_object().into_iter().flatten() {
            let needed = needed.as_array().into_iter().flatten().filter_map(Value::as_str);
            if members.contains_key(name) {
                changes.extend(needed.map(|needed| Change::new(at.join(name), "dependentRequired", without(needed))));
            }
        }
    }
    if let Some((at, _)) = facets.count("minProperties", true).filter(|(_, count)| *count > 0) {
        changes.push(Change::new(at, "minProperties", json!({})));
    }
    if let Some((at, count)) = facets.count("maxProperties", false).filter(|(_, count)| *count < 500) {
        let mut more = members.clone();
        let sample = members.values().next().cloned().unwrap_or(Value::from(1));
        let names = (0..).map(|number| format!("more {number}"));
        for name in names.take(count.saturating_add(1).saturating_sub(members.len())) {
            more.insert(name, sample.clone());
        }
        changes.push(Change::new(at, "maxProperties", Value::Object(more)));
    }
    let sample = members.values().next().cloned().unwrap_or(Value::from(1));
    for (at, _) in facets.each("propertyNames") {
        changes.push(Change::new(at, "propertyNames", with("\u{1} no such name", sample.clone())));
    }
    for (at, map) in facets.each("patternProperties") {
        for pattern in map.as_object().into_iter().flat_map(Map::keys) {
            if let Some(name) = members.keys().find(|name| session.matches(pattern, name)) {
                changes.push(Change::new(at.join(pattern), "patternProperties", with(name, json!([[null]]))));
            }
        }
    }
}

fn arrays(facets: &Facets<'_>, items: &[Value], changes: &mut Vec<Change>) {
    if let Some((at, count)) = facets.count("minItems", true).filter(|(_, count)| *count > 0) {
        let fewer: Vec<Value> = items.iter().take(count - 1).cloned().collect();
        changes.push(Change::new(at, "minItems", fewer.into()));
    }
    let Some(first) = items.first() else { return };
    if let Some((at, count)) = facets.count("maxItems", false).filter(|(_, count)| *count < 500) {
        let more: Vec<Value> = items.iter().cycle().take(count + 1).cloned().collect();
        changes.push(Change::new(at, "maxItems", more.into()));
    }
    let doubled = || items.iter().chain([first]).cloned().collect::<Vec<Value>>();
    changes.extend(facets.each("uniqueItems").map(|(at, _)| Change::new(at, "uniqueItems", doubled().into())));
    changes.extend(facets.each("contains").map(|(at, _)| Change::new(at, "contains", json!([]))));
    for (at, _) in facets.each("items").filter(|(_, value)| **value == Value::Bool(false)) {
        changes.push(Change::new(at, "items", doubled().into()));
    }
}

/// Broken scalars, each with the name of the keyword at its place.
fn keyed(values: Vec<(Pointer, Value)>) -> impl Iterator<Item = Change> {
    const KEYWORDS: [&str; 9] =
        ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format"];
    values.into_iter().filter_map(|(at, value)| {
        let keyword = KEYWORDS.into_iter().find(|keyword| at.last().as_deref() == Some(*keyword))?;
        Some(Change::new(at, keyword, value))
    })
}
