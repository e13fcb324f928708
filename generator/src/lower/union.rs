//! Choices among types: `oneOf`, `anyOf` and lists of types.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Choice, Conjunction, Part};
use super::merge::Merged;
use super::shape::Kind;
use super::{Lower, Members, node};
use crate::ir::{Branch, Constraint, Doc, Integer, Presence, Shape, Tag, Type, TypeId, Union};
use crate::naming::LONGEST_TITLE;

/// A branch before its variants are settled.
pub(super) struct Candidate {
    /// The index in the document's list.
    pub(super) index: usize,
    pub(super) name: String,
    /// The title that the document gives the branch.
    pub(super) title: Option<String>,
    pub(super) ty: Type,
    pub(super) doc: Doc,
    /// What is asked of its values beyond their type.
    pub(super) asked: Vec<Constraint>,
}

impl<'d> Lower<'d> {
    /// The type of a conjunction by one of its `anyOf` and `oneOf`: each branch together with what stands beside the choice, other
    /// choices included.
    pub(super) fn choice(&mut self, at: &Pointer, parts: &[Part], conjunction: &Conjunction<'d>, choice: &Choice<'d>) -> Type {
        let list = choice.list();
        let beside: Vec<Part> = conjunction
            .nodes
            .iter()
            .filter(|(_, members)| node::asserts(members, &["anyOf", "oneOf", "allOf", "$ref"]))
            .map(|(node, _)| Part::own(node.clone()))
            .chain(conjunction.choices.iter().map(Choice::list).filter(|other| *other != list).map(Part::whole))
            .collect();
        let real: Vec<usize> = choice.real().map(|(index, _)| index).collect();
        let place = at.join(choice.keyword);
        match real.as_slice() {
            [] => return Type::Null,
            [only] => {
                let parts = self.branch_parts(&beside, &list.index(*only));
                return self.non_null(at, parts);
            }
            [..] => {}
        }
        let id = self.reserve(at, parts);
        let mut candidates = Vec::with_capacity(real.len());
        for index in real {
            let written = list.index(index);
            // Where the list stands elsewhere, its branches cannot be looked up by their number: they go by their names.
            let step = if place == list { None } else { self.own_name(&written) };
            let parts = self.branch_parts(&beside, &written);
            let ty = self.non_null(&step.map_or_else(|| place.index(index), |name| place.join(&name)), parts.clone());
            let asked = self.asked(&ty, &parts);
            let name = self.branch_name(&written, &ty, index);
            candidates.push(Candidate { index, name, title: self.title(&written), doc: self.doc(&written), ty, asked });
        }
        self.union(id, candidates, choice.discriminator.map(|discriminator| (discriminator, &list)))
    }

    /// A branch together with what stands beside the choice. Where the two ask for different types, as in `type: object, oneOf: [{type:
    /// string}, ...]`, nothing would be valid, and the branch says what was meant.
    fn branch_parts(&mut self, beside: &[Part], branch: &Pointer) -> Vec<Part> {
        let alone = vec![Part::whole(branch.clone())];
        let parts: Vec<Part> = beside.iter().cloned().chain(alone.iter().cloned()).collect();
        let is_never = |parts: &[Part]| Self::kinds(&self.flatten(parts)).is_some_and(|kinds| kinds.is_empty());
        if is_never(&parts) && !is_never(&alone) {
            self.gap("type-conflict", branch, "no value is of this type and of that beside the choice: the branch is taken alone");
            return alone;
        }
        parts
    }

    /// The type of a conjunction that allows several JSON types.
    pub(super) fn several_kinds(
        &mut self,
        at: &Pointer,
        parts: &[Part],
        conjunction: &Conjunction<'d>,
        kinds: &[Kind],
        presence: Option<Presence>,
    ) -> Type {
        let id = self.reserve(at, parts);
        let mut candidates = Vec::with_capacity(kinds.len());
        let mut presence = presence;
        for (index, kind) in kinds.iter().enumerate() {
            let place = at.join(kind.word());
            // A definition for one of the types must not be taken for that of the whole.
            let key = vec![Part::own(place.clone())];
            let ty = self.kind(&place, &key, conjunction, *kind, presence.take_if(|_| *kind == Kind::Object));
            let asked = self.asked(&ty, parts);
            candidates.push(Candidate { index, name: kind.word().to_owned(), title: None, ty, doc: Doc::default(), asked });
        }
        self.union(id, candidates, None)
    }

    /// Settles the variants: equal types become one, a type that takes everything takes everything.
    pub(super) fn union(&mut self, id: TypeId, candidates: Vec<Candidate>, discriminator: Option<(&'d Members, &Pointer)>) -> Type {
        if candidates.iter().any(|candidate| candidate.ty == Type::Any) {
            return self.plain(id, Type::Any);
        }
        match self.values_of(&candidates) {
            Some(Merged::Text) => return self.plain(id, Type::String),
            Some(Merged::Values(shape)) => return self.define(id, shape),
            None => {}
        }
        let mut branches: Vec<Branch> = Vec::new();
        // Which variant each branch of the document became.
        let mut variants: Vec<(usize, usize)> = Vec::new();
        let mut asked: Vec<Option<Vec<Constraint>>> = Vec::new();
        for candidate in candidates {
            let variant = branches.iter().position(|branch| same(&branch.ty, &candidate.ty)).unwrap_or(branches.len());
            variants.push((candidate.index, variant));
            // Where several branches are one variant, a value need only keep what any of them asks.
            match asked.get_mut(variant) {
                Some(known) => *known = known.take().filter(|known| *known == candidate.asked),
                None => asked.push(Some(candidate.asked)),
            }
            if let Some(branch) = branches.get_mut(variant) {
                branch.ty = wider(&branch.ty, &candidate.ty);
            } else {
                branches.push(Branch { name: candidate.name, ty: candidate.ty, constant: None, doc: candidate.doc });
            }
        }
        if let [_] = branches.as_slice() {
            let only = branches.remove(0).ty;
            return self.plain(id, only);
        }
        let tag = discriminator.and_then(|(discriminator, list)| self.tag(list, discriminator, &variants));
        let asked = asked
            .into_iter()
            .enumerate()
            .filter_map(|(variant, asked)| Some(Constraint::Branch(variant, asked.filter(|asked| !asked.is_empty())?)));
        self.constrain(id, asked.collect());
        self.define(id, Shape::Union(Union { branches, tag, fallback: None }))
    }

    /// A reserved definition that turned out to be another type: an alias, so that whoever refers to it is right.
    pub(super) fn plain(&mut self, id: TypeId, ty: Type) -> Type {
        if ty == Type::Named(id) {
            // It contains nothing but itself.
            return self.define(id, Shape::Alias(Type::Any));
        }
        self.define(id, Shape::Alias(ty.clone()));
        ty
    }

    /// A title that is short enough for a name.
    fn title(&self, at: &Pointer) -> Option<String> {
        self.text(at, "title").filter(|title| title.len() <= LONGEST_TITLE)
    }

    /// The name that the document gives a branch: that of its component, or its title.
    fn own_name(&self, at: &Pointer) -> Option<String> {
        let members = self.nodes.get(at)?.as_object()?;
        node::reference(members).and_then(component_name).or_else(|| self.title(at))
    }

    /// What a branch is called: after its component, its title, or its type.
    pub(super) fn branch_name(&self, at: &Pointer, ty: &Type, index: usize) -> String {
        if let Some(name) = self.own_name(at) {
            return name;
        }
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Integer(_) => "integer".to_owned(),
            Type::Number | Type::Double => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::Array(_) => "array".to_owned(),
            Type::Map(_) => "object".to_owned(),
            Type::Named(id) => match &self.ir.get(*id).shape {
                Shape::Enumeration(enumeration) if enumeration.values.len() == 1 => enumeration.values.concat(),
                _ => format!("variant {}", index + 1),
            },
            _ => format!("variant {}", index + 1),
        }
    }

    /// `discriminator`: which values stand for which branch. OpenAPI 3.0.4 "Discriminator Object".
    fn tag(&mut self, list: &Pointer, discriminator: &Members, variants: &[(usize, usize)]) -> Option<Tag> {
        let property = discriminator.get("propertyName").and_then(Value::as_str)?.to_owned();
        let mut values: Vec<(String, usize)> = Vec::new();
        let targets: Vec<(Pointer, String, usize)> = variants
            .iter()
            .filter_map(|(index, variant)| {
                let reference = node::reference(self.nodes.get(&list.index(*index))?.as_object()?)?;
                Some((self.document.reference(reference)?, component_name(reference)?, *variant))
            })
            .collect();
        if let Some(Value::Object(mapping)) = discriminator.get("mapping") {
            let mut entries: Vec<(&String, &str)> = mapping.iter().filter_map(|(value, target)| Some((value, target.as_str()?))).collect();
            entries.sort_unstable();
            for (value, target) in entries {
                // A target is a reference or a bare component name.
                let place = self.document.reference(target).or_else(|| self.document.reference(&format!("#/components/schemas/{target}")));
                match targets.iter().find(|(pointer, ..)| Some(pointer) == place.as_ref()) {
                    Some((place, name, _)) if rules_out(&self.member_values(place, &property), value) => self.gap(
                        "discriminator-mapping",
                        list,
                        format!(
                            "`{value}` stands for `{name}`, which does not allow it for `{property}`: told apart by what it allows instead"
                        ),
                    ),
                    Some((.., variant)) => values.push((value.clone(), *variant)),
                    // A target that is not there at all has been reported where the document was read.
                    None if place.as_ref().is_none_or(|place| self.nodes.get(place).is_none()) => {}
                    None => self.gap(
                        "discriminator-mapping",
                        list,
                        format!("the mapping of `{value}` leads to no branch: told apart by content instead"),
                    ),
                }
            }
        }
        let mapped = values.clone();
        for (place, name, variant) in targets.iter().filter(|(.., variant)| mapped.iter().all(|(_, known)| known != variant)) {
            // What the branch itself allows for the member is what is sent; the component's name only where it allows anything.
            let own = self.member_values(place, &property);
            let all = if own.is_empty() { vec![name.clone()] } else { own };
            for value in all {
                // A value that several branches allow is listed for each: it tells none, and what else there is decides.
                if mapped.iter().all(|(known, _)| *known != value) && !values.contains(&(value.clone(), *variant)) {
                    values.push((value, *variant));
                }
            }
        }
        (!values.is_empty()).then_some(Tag { property, values })
    }
}

impl Lower<'_> {
    /// The strings that the schema at `place` allows for a member, where it lists them.
    pub(super) fn member_values(&self, place: &Pointer, property: &str) -> Vec<String> {
        let conjunction = self.flatten(&[Part::whole(place.clone())]);
        let mut values = Vec::new();
        for (_, members) in &conjunction.nodes {
            let Some(schema) = members.get("properties").and_then(|properties| properties.get(property)) else { continue };
            values.extend(node::strings_in(schema.get("enum")).map(str::to_owned));
            values.extend(schema.get("const").and_then(Value::as_str).map(str::to_owned));
        }
        values
    }
}

/// Whether a branch that allows `own` for a member, where it lists anything, does not allow `value`.
fn rules_out(own: &[String], value: &str) -> bool {
    !own.is_empty() && !own.iter().any(|allowed| allowed == value)
}

/// The last segment of a reference, as a name.
pub(super) fn component_name(reference: &str) -> Option<String> {
    Pointer::from_plain(reference.trim_start_matches(|c| c != '/')).last().map(std::borrow::Cow::into_owned)
}

/// Whether two branches are read alike, so that one variant serves both.
fn same(left: &Type, right: &Type) -> bool {
    left == right || (is_numeric(left) && is_numeric(right))
}

fn is_numeric(ty: &Type) -> bool {
    matches!(ty, Type::Integer(_) | Type::Number | Type::Double)
}

/// The type that holds the values of both; both are numeric or equal.
fn wider(left: &Type, right: &Type) -> Type {
    match (left, right) {
        _ if left == right => left.clone(),
        (Type::Integer(_), Type::Integer(_)) => Type::Integer(Integer::Any),
        _ => Type::Number,
    }
}
