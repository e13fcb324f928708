//! Schemas that hold for one value at once, seen as one: references followed, `allOf` merged, and what only lets null in set aside.
//! Two ways of writing the same schema come to the same view. Next: `schemas.rs`, which compares views.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};
use wireproof_contract::Side;
use wireproof_openapi::{Document, Pointer};

/// How many schemas one view may hold; `allOf` can nest without end.
const LIMIT: usize = 500;

/// A schema among those of a view.
#[derive(Clone, Debug)]
pub(super) struct Node<'d> {
    pub(super) place: Pointer,
    pub(super) members: &'d Map<String, Value>,
    /// Whether a wrapper around it lets null in.
    pub(super) nullable: bool,
}

/// An `anyOf` or `oneOf` with several branches.
#[derive(Clone, Debug)]
pub(super) struct Union {
    pub(super) keyword: &'static str,
    pub(super) place: Pointer,
    pub(super) branches: Vec<Pointer>,
    /// Whether null is let in, by a branch of its own or by a wrapper.
    pub(super) nullable: bool,
}

/// What schemas come to that hold at once.
#[derive(Clone, Debug, Default)]
pub(super) struct View<'d> {
    pub(super) nodes: Vec<Node<'d>>,
    pub(super) unions: Vec<Union>,
    /// Whether one of them is `false`.
    pub(super) never: bool,
    /// Whether something could not be followed.
    pub(super) lost: bool,
}

/// What an object may have beside the properties that are named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing is said.
    Open,
    /// Anything, and it is said so.
    Anything,
    /// Nothing.
    Closed,
    /// What these schemas describe.
    Of(Vec<Pointer>),
}

impl<'d> View<'d> {
    pub(super) fn of(document: &'d Document, parts: &[Pointer]) -> Self {
        let mut view = Self::default();
        let mut seen = HashSet::new();
        for part in parts {
            view.add(document, part.clone(), false, &mut seen);
        }
        view
    }

    fn add(&mut self, document: &'d Document, place: Pointer, nullable: bool, seen: &mut HashSet<(Pointer, bool)>) {
        if !seen.insert((place.clone(), nullable)) {
            return;
        }
        if seen.len() > LIMIT {
            self.lost = true;
            return;
        }
        let members = match document.get(&place) {
            Some(Value::Object(members)) => members,
            Some(Value::Bool(true)) => return,
            Some(Value::Bool(false)) => {
                self.never = true;
                return;
            }
            _ => {
                self.lost = true;
                return;
            }
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            match document.reference(reference) {
                Some(target) => self.add(document, target, nullable, seen),
                None => self.lost = true,
            }
        }
        self.lost |= members.contains_key("$dynamicRef");
        for index in 0..members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.add(document, place.join("allOf").index(index), nullable, seen);
        }
        for keyword in ["anyOf", "oneOf"] {
            let Some(branches) = members.get(keyword).and_then(Value::as_array) else { continue };
            let list = place.join(keyword);
            let null = branches.iter().any(is_null);
            let others: Vec<Pointer> =
                branches.iter().enumerate().filter(|(_, branch)| !is_null(branch)).map(|(index, _)| list.index(index)).collect();
            match others.as_slice() {
                [] => {}
                [only] => self.add(document, only.clone(), nullable || null, seen),
                _ => self.unions.push(Union { keyword, place: list, branches: others, nullable: nullable || null }),
            }
        }
        self.nodes.push(Node { place, members, nullable });
    }

    /// The places of a keyword, with its values.
    pub(super) fn each(&self, keyword: &str) -> impl Iterator<Item = (&Node<'d>, &'d Value)> {
        self.nodes.iter().filter_map(move |node| Some((node, node.members.get(keyword)?)))
    }

    /// The first place of a keyword; of the view itself where it is nowhere.
    pub(super) fn place(&self, keyword: &str) -> Option<Pointer> {
        self.each(keyword).next().map(|(node, _)| node.place.join(keyword)).or_else(|| self.first())
    }

    /// The place to show for the view as a whole.
    pub(super) fn first(&self) -> Option<Pointer> {
        self.nodes.first().map(|node| node.place.clone())
    }

    /// Whether it lets null in, as far as its own keywords go.
    pub(super) fn lets_null_in(&self, document: &'d Document) -> bool {
        let node = |node: &Node<'_>| {
            let of_type = |name: &str| name == "null";
            let typed = match node.members.get("type") {
                Some(Value::String(name)) => of_type(name),
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(of_type),
                _ => true,
            };
            let listed = node.members.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(&Value::Null));
            node.nullable || (typed && listed && node.members.get("const").is_none_or(Value::is_null))
        };
        let union = |union: &Union| {
            union.nullable || union.branches.iter().any(|branch| Self::of(document, std::slice::from_ref(branch)).nodes.iter().all(node))
        };
        !self.never && self.nodes.iter().all(node) && self.unions.iter().all(union)
    }

    /// The properties as one side of an exchange has them: those that the other side alone sets are left out.
    pub(super) fn properties(&self, document: &'d Document, side: Side) -> BTreeMap<&'d str, Vec<Pointer>> {
        let mut properties = self.all_properties();
        properties.retain(|_, parts| !parts.iter().any(|part| is_marked(document, part, absent_from(side))));
        properties
    }

    /// All properties, whatever the side.
    pub(super) fn all_properties(&self) -> BTreeMap<&'d str, Vec<Pointer>> {
        let mut properties: BTreeMap<&'d str, Vec<Pointer>> = BTreeMap::new();
        for (node, named) in self.each("properties") {
            for name in named.as_object().into_iter().flat_map(Map::keys) {
                properties.entry(name).or_default().push(node.place.join("properties").join(name));
            }
        }
        properties
    }

    /// The names that are required, with the places that say so.
    pub(super) fn required(&self) -> BTreeMap<&'d str, Pointer> {
        let mut required = BTreeMap::new();
        for (node, names) in self.each("required") {
            for (index, name) in names.as_array().into_iter().flatten().enumerate() {
                if let Some(name) = name.as_str() {
                    required.entry(name).or_insert_with(|| node.place.join("required").index(index));
                }
            }
        }
        required
    }

    /// What it says of members that are not named.
    pub(super) fn others(&self) -> Others {
        let mut others = Others::Open;
        for (node, value) in self.each("additionalProperties") {
            match (value, &mut others) {
                (Value::Bool(false), _) => return Others::Closed,
                (Value::Bool(true), Others::Open) => others = Others::Anything,
                (Value::Object(members), Others::Open) if members.keys().all(|key| super::sameness::is_unread(key)) => {
                    others = Others::Anything;
                }
                (Value::Object(_), Others::Of(parts)) => parts.push(node.place.join("additionalProperties")),
                (Value::Object(_), _) => others = Others::Of(vec![node.place.join("additionalProperties")]),
                _ => {}
            }
        }
        if others == Others::Open && self.each("unevaluatedProperties").any(|(_, value)| *value == Value::Bool(false)) {
            return Others::Closed;
        }
        others
    }

    /// Whether any keyword speaks of objects.
    pub(super) fn is_of_objects(&self) -> bool {
        ["properties", "required", "additionalProperties", "unevaluatedProperties"]
            .iter()
            .any(|keyword| self.each(keyword).next().is_some())
    }

    /// The schemas of what is `keyword`: `items`, for one.
    pub(super) fn parts(&self, keyword: &str) -> Vec<Pointer> {
        self.each(keyword).filter(|(_, value)| value.is_object() || value.is_boolean()).map(|(node, _)| node.place.join(keyword)).collect()
    }

    /// Whether a flag such as `deprecated` is set somewhere; the place.
    pub(super) fn flag(&self, keyword: &str) -> Option<Pointer> {
        self.each(keyword).find(|(_, value)| **value == Value::Bool(true)).map(|(node, _)| node.place.join(keyword))
    }
}

/// Whether a branch is there for null alone.
fn is_null(branch: &Value) -> bool {
    let only = |key: &str, expected: &Value| branch.get(key) == Some(expected);
    let plain = branch.as_object().is_some_and(|members| {
        members.keys().all(|key| matches!(key.as_str(), "type" | "enum" | "const") || super::sameness::is_unread(key))
    });
    plain && (only("type", &Value::from("null")) || only("const", &Value::Null) || only("enum", &Value::Array(vec![Value::Null])))
}

/// The mark of properties that a side does not have.
fn absent_from(side: Side) -> &'static str {
    match side {
        Side::Request => "readOnly",
        Side::Response => "writeOnly",
    }
}

fn is_marked(document: &Document, part: &Pointer, mark: &str) -> bool {
    let says = |node: &Value| node.get(mark) == Some(&Value::Bool(true));
    document.get(part).is_some_and(says) || document.resolve(part).is_some_and(|(_, node)| says(node))
}

/// The names that are required, by property pointers, as one side has them.
pub(super) fn required_of_side<'d>(view: &View<'d>, document: &'d Document, side: Side) -> BTreeSet<&'d str> {
    let all = view.all_properties();
    let absent = |name: &&str| all.get(*name).is_some_and(|parts| parts.iter().any(|part| is_marked(document, part, absent_from(side))));
    view.required().into_keys().filter(|name| !absent(name)).collect()
}
