//! `discriminator`: a value whose tag names a branch of `oneOf` or `anyOf` is held against that branch and no other.
//!
//! JSON Schema has no such keyword, so the copy that `jsonschema` is given says it with words of its own (`rewrite`): *if* the
//! tag is a known one, *then* the branch of that tag, *else* the union as written. The union so moves to below `else`, which
//! [`Tagged::in_copy`] and [`Tagged::in_document`] undo wherever a pointer crosses over.
//!
//! OpenAPI 3.0.4 and 3.1.1 call the tag a hint that changes no outcome. It does here in two cases: a value that fits several
//! branches of a `oneOf` is one of the branch that it names (otherwise no value of overlapping branches could ever be
//! valid), and a value that names a branch and only fits another is not what its readers, who go by the tag, will take it for.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value, json};
use wireproof_openapi::{Document, Pointer};

use super::walk::Walk;
use crate::json::Instance;

/// A union whose branches are told apart by a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Discriminator {
    /// `oneOf` or `anyOf`.
    keyword: &'static str,
    /// The member.
    pub(super) property: String,
    /// Values of the member, and the indices of their branches.
    tags: Vec<(String, usize)>,
    /// The schemas that the branches refer to.
    targets: HashMap<usize, Pointer>,
}

impl Discriminator {
    /// The discriminator of a schema with a union; `None` where it cannot tell any branch.
    pub(super) fn of(document: &Document, node: &Map<String, Value>) -> Option<Self> {
        // A schema that says `if` itself keeps its union as it is: there is one `if` to a schema.
        if ["if", "then", "else"].iter().any(|keyword| node.contains_key(*keyword)) {
            return None;
        }
        let discriminator = node.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?.to_owned();
        let (keyword, branches) = super::union_keywords(node).last()?;
        let reference = |branch: &Value| document.reference(branch.get("$ref")?.as_str()?);
        let targets: HashMap<usize, Pointer> =
            branches.iter().enumerate().filter_map(|(index, branch)| Some((index, reference(branch)?))).collect();
        let mut tags: Vec<(String, usize)> = Vec::new();
        for (tag, place) in mapping(document, discriminator) {
            // A tag that its branch itself rules out says nothing.
            let branch = (0..branches.len()).find(|index| targets.get(index) == Some(&place));
            if let Some(index) = branch.filter(|_| allows(&member_values(document, &place, &property), &tag)) {
                tags.push((tag, index));
            }
        }
        let mut implied: Vec<(String, usize)> = Vec::new();
        for index in 0..branches.len() {
            let Some(target) = targets.get(&index).filter(|_| tags.iter().all(|(_, known)| *known != index)) else { continue };
            let own = member_values(document, target, &property);
            let names = if own.is_empty() { target.last().map(std::borrow::Cow::into_owned).into_iter().collect() } else { own };
            implied.extend(names.into_iter().map(|name| (name, index)));
        }
        // A value that two branches allow tells neither.
        let tells = |(name, index): &&(String, usize)| {
            implied.iter().all(|(other, branch)| other != name || branch == index) && tags.iter().all(|(known, _)| known != name)
        };
        let mut implied: Vec<(String, usize)> = implied.iter().filter(tells).cloned().collect();
        implied.dedup();
        tags.extend(implied);
        (!tags.is_empty()).then_some(Self { keyword, property, tags, targets })
    }

    /// The index of the branch that a value names.
    pub(super) fn branch(&self, value: Instance<'_>) -> Option<(&'static str, usize)> {
        let tag = value.members()?.named(&self.property)?.text()?;
        self.tags.iter().find(|(known, _)| known == tag).map(|(_, index)| (self.keyword, *index))
    }

    /// Puts the union of a copied schema below `else`, and before it what the tags say.
    fn rewrite(&self, copy: &mut Map<String, Value>) {
        let Some(union) = copy.shift_remove(self.keyword) else { return };
        let property = &self.property;
        let all: Vec<&String> = self.tags.iter().map(|(tag, _)| tag).collect();
        let mut branches: Vec<Value> = Vec::new();
        for (index, branch) in union.as_array().into_iter().flatten().enumerate() {
            let tags: Vec<&String> = self.tags.iter().filter(|(_, known)| *known == index).map(|(tag, _)| tag).collect();
            if !tags.is_empty() {
                branches.push(json!({"if": {"properties": {property: {"enum": tags}}}, "then": branch}));
            }
        }
        copy.insert("if".to_owned(), json!({"type": "object", "required": [property], "properties": {property: {"enum": all}}}));
        copy.insert("then".to_owned(), json!({ "allOf": branches }));
        copy.insert("else".to_owned(), json!({ self.keyword: union }));
    }

    /// What is wrong with the member of a value that fits no branch: it is missing, or names none.
    pub(super) fn complaint(&self, value: &Value) -> Option<String> {
        let property = super::shorten(&self.property, 60);
        match value.as_object()?.get(&self.property) {
            None => Some(format!("`{property}`, which names the branch, is missing")),
            Some(_) if self.branch(value.into()).is_some() => None,
            Some(_) => {
                let known: Vec<String> = self.tags.iter().take(8).map(|(tag, _)| format!("`{}`", super::shorten(tag, 60))).collect();
                let more = if self.tags.len() > 8 { format!(" and {} more", self.tags.len() - 8) } else { String::new() };
                Some(format!("`{property}` names no branch: expected one of {}{more}", known.join(", ")))
            }
        }
    }
}

/// The unions of a document that have a discriminator, by the place of their schema.
#[derive(Debug, Default)]
pub(crate) struct Tagged(HashMap<Pointer, Discriminator>);

impl Tagged {
    /// Rewrites a copied schema, if it has a discriminator that tells branches.
    pub(super) fn rewrite(
        &mut self,
        document: &Document,
        place: impl FnOnce() -> Pointer,
        node: &Map<String, Value>,
        copy: &mut Map<String, Value>,
    ) {
        if let Some(discriminator) = Discriminator::of(document, node) {
            discriminator.rewrite(copy);
            self.0.insert(place(), discriminator);
        }
    }

    /// The discriminator of the schema at a place of the document.
    pub(super) fn get(&self, schema: &Pointer) -> Option<&Discriminator> {
        self.0.get(schema)
    }

    /// The place in the copy of a place in the document.
    pub(super) fn in_copy<'p>(&self, pointer: &'p Pointer) -> Cow<'p, Pointer> {
        if self.0.is_empty() {
            return Cow::Borrowed(pointer);
        }
        let mut place = Pointer::root();
        let mut copy = Pointer::root();
        for segment in pointer.segments() {
            if self.0.get(&place).is_some_and(|discriminator| discriminator.keyword == segment) {
                copy = copy.join("else");
            }
            place = place.join(&segment);
            copy = copy.join(&segment);
        }
        Cow::Owned(copy)
    }

    /// The place in the document of a place in the copy.
    pub(super) fn in_document(&self, pointer: &Pointer) -> Pointer {
        if self.0.is_empty() {
            return pointer.clone();
        }
        let mut place = Pointer::root();
        for segment in pointer.segments() {
            if segment != "else" || !self.0.contains_key(&place) {
                place = place.join(&segment);
            }
        }
        place
    }

    /// The innermost tag that led to a keyword, as `` `petType` names `Cat` ``. `path` is the way that a validator took through
    /// the copy, references included; the first of them is the one to `entry`.
    pub(super) fn reason(&self, document: &Document, entry: &Pointer, path: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let mut reason = None;
        let mut place = entry.clone();
        let way = Pointer::from_plain(path);
        // Up to the first reference, the way leads through what is ours alone.
        let mut segments = way.segments().skip_while(|segment| segment != "$ref").skip(1).collect::<Vec<_>>().into_iter();
        while let Some(segment) = segments.next() {
            match (&*segment, self.0.get(&place)) {
                ("then", Some(discriminator)) => {
                    // then/allOf/N/then/$ref, where N counts the branches that have tags.
                    let number: usize = segments.by_ref().nth(1)?.parse().ok()?;
                    let mut told: Vec<usize> = discriminator.tags.iter().map(|(_, index)| *index).collect();
                    told.sort_unstable();
                    told.dedup();
                    segments.by_ref().nth(1)?;
                    place = discriminator.targets.get(told.get(number)?)?.clone();
                    let name = place.last().unwrap_or_default().into_owned();
                    reason = Some(format!("`{}` names `{}`", super::shorten(&discriminator.property, 60), super::shorten(&name, 60)));
                }
                ("else", Some(_)) => {}
                ("$ref", _) => place = document.reference(document.get(&place)?.get("$ref")?.as_str()?)?,
                (segment, _) => place = place.join(segment),
            }
        }
        reason
    }
}

impl Tagged {
    /// The keywords on the way that a validator took (see [`Tagged::reason`]), names of properties left out, and without what is ours.
    pub(super) fn through(&self, document: &Document, entry: &Pointer, path: &str) -> Vec<String> {
        const MAPS: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "$defs"];
        let mut keywords: Vec<String> = Vec::new();
        // None where the place in the document is lost, and with it the unions that it may have.
        let mut place = Some(entry.clone());
        let mut is_name = false;
        let way = Pointer::from_plain(path);
        let mut segments = way.segments().skip_while(|segment| segment != "$ref").skip(1);
        while let Some(segment) = segments.next() {
            let tagged = place.as_ref().filter(|_| !is_name).and_then(|place| self.0.get(place));
            match (&*segment, tagged) {
                ("then", Some(discriminator)) => {
                    // then/allOf/N/then/$ref, where N counts the branches that have tags.
                    let number = segments.by_ref().nth(1).and_then(|number| number.parse::<usize>().ok());
                    segments.by_ref().nth(1);
                    let mut told: Vec<usize> = discriminator.tags.iter().map(|(_, index)| *index).collect();
                    told.sort_unstable();
                    told.dedup();
                    place = number.and_then(|number| discriminator.targets.get(told.get(number)?).cloned());
                    continue;
                }
                ("else", Some(_)) => continue,
                _ => {}
            }
            let followed = |place: Pointer| document.reference(document.get(&place)?.get("$ref")?.as_str()?);
            place = if segment == "$ref" && !is_name { place.and_then(followed) } else { place.map(|place| place.join(&segment)) };
            let is_keyword = !is_name && !segment.bytes().all(|byte| byte.is_ascii_digit());
            is_name = is_keyword && MAPS.contains(&&*segment);
            keywords.extend(is_keyword.then(|| segment.into_owned()));
        }
        keywords
    }
}

/// The schema that a value of a base schema says it is: a base schema has a discriminator and no union, and other schemas extend
/// it with `allOf`.
pub(crate) fn named_extension(document: &Document, node: &Map<String, Value>, value: &Value) -> Option<Pointer> {
    let discriminator = node.get("discriminator").filter(|_| super::union_keywords(node).next().is_none())?;
    let tag = value.get(discriminator.get("propertyName")?.as_str()?)?.as_str()?;
    let mapped = mapping(document, discriminator).into_iter().find(|(known, _)| known == tag).map(|(_, place)| place);
    mapped.or_else(|| component(document, tag))
}

/// The entries of `mapping` that lead to a schema.
fn mapping(document: &Document, discriminator: &Value) -> Vec<(String, Pointer)> {
    let entries = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let entry = |(tag, target): (&String, &Value)| {
        let target = target.as_str()?;
        let place = document.reference(target).filter(|place| document.get(place).is_some()).or_else(|| component(document, target))?;
        Some((tag.clone(), place))
    };
    entries.filter_map(entry).collect()
}

/// The schema of a name.
fn component(document: &Document, name: &str) -> Option<Pointer> {
    let place = Pointer::from_plain("/components/schemas").join(name);
    document.get(&place).is_some().then_some(place)
}

fn allows(own: &[String], tag: &str) -> bool {
    own.is_empty() || own.iter().any(|value| value == tag)
}

/// The strings that a schema lists for a member of its values, itself or through `$ref` and `allOf`.
fn member_values(document: &Document, schema: &Pointer, property: &str) -> Vec<String> {
    let mut values = Vec::new();
    collect(document, schema, property, 0, &Walk::default(), &mut values);
    values
}

fn collect(document: &Document, schema: &Pointer, property: &str, depth: usize, walk: &Walk, values: &mut Vec<String>) {
    let Some(node) = document.get(schema).filter(|_| walk.may_visit(depth)) else { return };
    let member = node.get("properties").and_then(|properties| properties.get(property)).and_then(|member| resolved(document, member));
    if let Some(member) = member {
        let listed = member.get("enum").and_then(Value::as_array).into_iter().flatten().chain(member.get("const"));
        values.extend(listed.filter_map(Value::as_str).map(str::to_owned));
    }
    if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
        collect(document, &target, property, depth + 1, walk, values);
    }
    for index in 0..node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
        collect(document, &schema.join("allOf").index(index), property, depth + 1, walk, values);
    }
}

/// A schema, or the one that it refers to.
fn resolved<'d>(document: &'d Document, schema: &'d Value) -> Option<&'d Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.resolve(&document.reference(reference)?).map(|(_, node)| node),
        None => Some(schema),
    }
}
