//! Base schemas: a schema with a `discriminator` and no `oneOf`, which others extend by `allOf`. Where the base is referred to, a
//! value may be of any of these kinds, so the type there is a union of them, with the base itself for kinds that nobody described.
//! OpenAPI 3.0.4, "Discriminator Object" and "Composition and Inheritance (Polymorphism)".

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use foldhash::{HashMap, HashSet};
use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use super::conjunction::{Part, Reads};
use super::union::component_name;
use super::{Lower, Members, node};
use crate::ir::{Branch, Doc, Shape, Tag, Type, Union};

/// More kinds than this are a union that nobody would want to compile or to match.
const MAX_KINDS: usize = 200;

/// Which schemas are bases, and of what.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    bases: HashMap<Pointer, Rc<Base>>,
    kinds: HashSet<Pointer>,
}

/// A base schema.
#[derive(Debug)]
pub(super) struct Base {
    /// Where it stands.
    at: Pointer,
    /// `propertyName`.
    property: String,
    /// `mapping`: values with the schemas that they stand for.
    mapping: BTreeMap<String, Pointer>,
    /// The schemas that extend it, directly or not, sorted.
    kinds: BTreeSet<Pointer>,
}

impl Kinds {
    /// Looks at all components.
    pub(super) fn of(document: &Document) -> Self {
        let schemas = Pointer::root().join("components").join("schemas");
        let Some(Value::Object(components)) = document.get(&schemas) else { return Self::default() };
        // Who extends whom; a schema that says nothing beside its `allOf` may be no more than another name.
        let mut extended_by: HashMap<Pointer, Vec<(Pointer, bool)>> = HashMap::default();
        let mut bases = Vec::new();
        for (name, schema) in components {
            let Value::Object(members) = schema else { continue };
            let at = schemas.join(name);
            let parents = members.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
            let says_more = node::asserts(members, &["allOf"]) || parents.clone().count() > 1;
            for parent in parents.filter_map(|parent| document.reference(node::reference(parent)?)) {
                extended_by.entry(parent).or_default().push((at.clone(), says_more));
            }
            bases.extend(discriminator(document, members).map(|(property, mapping)| (at, property, mapping)));
        }
        let mut found = Self::default();
        for (at, property, mapping) in bases {
            let mut kinds: BTreeSet<Pointer> = mapping.values().filter(|kind| **kind != at).cloned().collect();
            let mut pending: Vec<Pointer> = kinds.iter().cloned().chain([at.clone()]).collect();
            let mut seen: HashSet<Pointer> = HashSet::from_iter([at.clone()]);
            while let Some(parent) = pending.pop() {
                for (kind, says_more) in extended_by.get(&parent).into_iter().flatten() {
                    if !seen.insert(kind.clone()) {
                        continue;
                    }
                    if *says_more || mapping.is_empty() {
                        kinds.insert(kind.clone());
                    }
                    pending.push(kind.clone());
                }
            }
            if !kinds.is_empty() {
                found.kinds.extend(kinds.iter().cloned());
                found.bases.insert(at.clone(), Rc::new(Base { at, property, mapping, kinds }));
            }
        }
        found
    }

    /// Whether the schema is a base.
    pub(super) fn is_base(&self, at: &Pointer) -> bool {
        self.bases.contains_key(at)
    }

    /// Whether the schema extends a base.
    pub(super) fn is_kind(&self, at: &Pointer) -> bool {
        self.kinds.contains(at)
    }

    /// What is known of a base.
    pub(super) fn of_base(&self, at: &Pointer) -> Option<Rc<Base>> {
        self.bases.get(at).cloned()
    }
}

/// The `propertyName` and the `mapping` of a schema with a discriminator and without branches.
fn discriminator(document: &Document, members: &Members) -> Option<(String, BTreeMap<String, Pointer>)> {
    if ["oneOf", "anyOf", "$ref"].iter().any(|keyword| members.contains_key(*keyword)) {
        return None;
    }
    let discriminator = members.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?.to_owned();
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let targets = mapping.filter_map(|(value, target)| Some((value.clone(), target_of(document, target.as_str()?)?)));
    Some((property, targets.collect()))
}

/// The schema that an entry of a mapping names: by a reference or by the bare name of a component.
pub(super) fn target_of(document: &Document, target: &str) -> Option<Pointer> {
    let place = document.reference(target).or_else(|| document.reference(&format!("#/components/schemas/{target}")))?;
    document.get(&place).is_some().then_some(place)
}

impl Lower<'_> {
    /// The union of the kinds of a base, the base itself last.
    pub(super) fn base(&mut self, at: &Pointer, parts: &[Part], base: &Base) -> Type {
        let itself = vec![Part { at: base.at.clone(), reads: Reads::Itself }];
        if base.kinds.len() > MAX_KINDS {
            let message =
                format!("{} schemas extend this one: it is taken for itself, their members are kept as additional ones", base.kinds.len());
            self.gap("too-many-kinds", at, message);
            return self.non_null(at, itself);
        }
        let id = self.reserve(at, parts);
        let mut branches: Vec<Branch> = Vec::with_capacity(base.kinds.len() + 1);
        let mut of_kind: HashMap<&Pointer, usize> = HashMap::default();
        for kind in &base.kinds {
            // A kind that is a base of others is here what it is itself: its own kinds are among these.
            let mut parts = self.reduce(vec![Part::whole(kind.clone())]);
            for part in parts.iter_mut().filter(|part| part.reads == Reads::Whole && self.kinds.is_base(&part.at)) {
                part.reads = Reads::Itself;
            }
            if parts == itself {
                continue;
            }
            let ty = self.non_null(kind, parts);
            let variant = branches.iter().position(|branch| branch.ty == ty).unwrap_or(branches.len());
            of_kind.insert(kind, variant);
            if variant == branches.len() {
                let name = component_name(kind.as_str()).unwrap_or_default();
                branches.push(Branch { name, ty, constant: None, doc: self.doc(kind) });
            }
        }
        let ty = self.non_null(at, itself);
        if branches.iter().any(|branch| branch.ty == Type::Any) || ty == Type::Any {
            return self.plain(id, Type::Any);
        }
        let fallback = branches.len();
        let text = "Any other kind: what all of them have in common.".to_owned();
        branches.push(Branch { name: "other".to_owned(), ty, constant: None, doc: Doc { text: Some(text), ..Doc::default() } });
        let tag = Some(Tag { property: base.property.clone(), values: self.kind_values(base, &of_kind, fallback) });
        self.define(id, Shape::Union(Union { branches, tag, fallback: Some(fallback) }))
    }

    /// Which value of the discriminator stands for which branch: by `mapping`, by what the kind allows for the member, by its name.
    fn kind_values(&self, base: &Base, of_kind: &HashMap<&Pointer, usize>, fallback: usize) -> Vec<(String, usize)> {
        let variant = |kind: &Pointer| of_kind.get(kind).copied().unwrap_or(fallback);
        let mut values: Vec<(String, usize)> = base.mapping.iter().map(|(value, kind)| (value.clone(), variant(kind))).collect();
        for kind in base.kinds.iter().filter(|kind| !base.mapping.values().any(|mapped| mapped == *kind)) {
            let own = self.own_values(kind, base);
            let all = if own.is_empty() { component_name(kind.as_str()).into_iter().collect() } else { own };
            for value in all {
                if !values.iter().any(|(known, _)| *known == value) {
                    values.push((value, variant(kind)));
                }
            }
        }
        values
    }

    /// The values that a kind itself allows for the discriminator, not those that it has from its base, which are of all kinds.
    fn own_values(&self, kind: &Pointer, base: &Base) -> Vec<String> {
        let extension = self.nodes.get(kind).and_then(|schema| schema.get("x-ms-discriminator-value")).and_then(Value::as_str);
        if let Some(value) = extension {
            return vec![value.to_owned()];
        }
        let of_base = self.member_values(&base.at, &base.property);
        let mut own = self.member_values(kind, &base.property);
        own.retain(|value| !of_base.contains(value));
        own
    }
}
