//! Objects: structs where members are named, maps where they are data.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Conjunction, Part};
use super::{Lower, Members, node, validation};
use crate::ir::{Access, AdditionalProperties, Constraint, Field, Presence, Shape, Struct, Type};

impl<'d> Lower<'d> {
    /// The struct or map for a conjunction.
    pub(super) fn object(&mut self, at: &Pointer, parts: &[Part], conjunction: &Conjunction<'d>, presence: Option<Presence>) -> Type {
        let mut properties: BTreeMap<&'d str, Vec<Part>> = BTreeMap::new();
        for (node, members) in &conjunction.nodes {
            let Some(Value::Object(named)) = members.get("properties") else { continue };
            let base = node.join("properties");
            for name in named.keys() {
                properties.entry(name).or_default().push(Part::whole(base.join(name)));
            }
        }
        let required: BTreeSet<&str> = conjunction.nodes.iter().flat_map(|(_, members)| node::strings(members, "required")).collect();
        if properties.is_empty() && required.is_empty() {
            return match self.additional(at, conjunction) {
                AdditionalProperties::Allowed(ty) => Type::Map(Box::new(ty)),
                AdditionalProperties::Refused => {
                    let id = self.reserve(at, parts);
                    self.define(id, Shape::Struct(Struct { fields: Vec::new(), additional: AdditionalProperties::Refused, presence: None }))
                }
            };
        }
        // The definition comes first: a member may lead back here.
        let id = self.reserve(at, parts);
        let additional = self.additional(at, conjunction);
        // With named members, how many there are is a presence rule.
        let mut asked = if properties.is_empty() { validation::of_object(conjunction) } else { Vec::new() };
        if let AdditionalProperties::Allowed(ty) = &additional {
            asked.extend(self.asked_of_others(ty, conjunction));
        }
        for name in &required {
            properties.entry(name).or_default();
        }
        let mut fields = Vec::with_capacity(properties.len());
        for (name, parts) in properties {
            let required = required.contains(name);
            let field = self.field(at, name, parts.clone(), required, &additional);
            let inner = self.asked(&field.ty, &parts);
            if !inner.is_empty() {
                asked.push(Constraint::Member(name.to_owned(), inner));
            }
            fields.push(field);
        }
        let mut object = Struct { fields, additional, presence };
        object.sort();
        self.constrain(id, asked);
        self.define(id, Shape::Struct(object))
    }

    fn field(&mut self, at: &Pointer, name: &str, parts: Vec<Part>, required: bool, additional: &AdditionalProperties) -> Field {
        let place = at.join("properties").join(name);
        let mut doc = parts.iter().map(|part| self.doc(&part.at)).find(|doc| doc.text.is_some() || doc.deprecated).unwrap_or_default();
        if parts.is_empty() && *additional == AdditionalProperties::Allowed(Type::Any) {
            doc.text = Some("Required, and nowhere described.".to_owned());
        }
        let nodes = self.flatten(&parts).nodes;
        let access = self.access(&place, &nodes);
        match access {
            Access::Both => {}
            Access::ReadOnly => doc.notes.push("Read-only: received, not to be sent.".to_owned()),
            Access::WriteOnly => doc.notes.push("Write-only: sent, not received.".to_owned()),
        }
        let constraints = Self::constraints(&nodes);
        let default = Self::default_value(&nodes);
        let referred = if doc.text.is_none() { parts.iter().find_map(|part| self.referred_text(&part.at)) } else { None };
        let ty = match (parts.is_empty(), additional) {
            // Required and nowhere described: it is one of the additional members.
            (true, AdditionalProperties::Allowed(ty)) => ty.clone(),
            _ => self.conjunction(&place, parts),
        };
        // What has a name has its words and constraints there.
        if !matches!(ty.split_null().0, Type::Named(_)) {
            doc.text = doc.text.or(referred);
            doc.notes.extend(constraints);
        }
        doc.notes.extend(default);
        Field { name: name.to_owned(), ty, required, access, doc }
    }

    /// What `readOnly` and `writeOnly` say of a member: an annotation of any of its nodes counts.
    pub(super) fn access(&mut self, place: &Pointer, nodes: &[(Pointer, &Members)]) -> Access {
        let is = |keyword: &str| nodes.iter().any(|(_, members)| members.get(keyword) == Some(&Value::Bool(true)));
        match (is("readOnly"), is("writeOnly")) {
            (false, false) => Access::Both,
            (true, false) => Access::ReadOnly,
            (false, true) => Access::WriteOnly,
            (true, true) => {
                self.gap("read-and-write-only", place, "`readOnly` and `writeOnly` at once: neither is taken into account");
                Access::Both
            }
        }
    }

    /// What members beside the named ones there may be.
    fn additional(&mut self, at: &Pointer, conjunction: &Conjunction<'d>) -> AdditionalProperties {
        let mut parts = Vec::new();
        let mut patterns = Vec::new();
        let mut refused = false;
        for (node, members) in &conjunction.nodes {
            match members.get("additionalProperties") {
                Some(Value::Bool(false)) => refused = true,
                Some(Value::Object(_)) => parts.push(Part::whole(node.join("additionalProperties"))),
                _ => {}
            }
            match members.get("unevaluatedProperties") {
                Some(Value::Bool(false)) if !looks_elsewhere(conjunction, node) => refused = true,
                Some(Value::Object(_)) if !looks_elsewhere(conjunction, node) => {
                    parts.push(Part::whole(node.join("unevaluatedProperties")));
                }
                _ => {}
            }
            if let Some(Value::Object(named)) = members.get("patternProperties") {
                let base = node.join("patternProperties");
                let mut names: Vec<&String> = named.keys().collect();
                names.sort_unstable();
                patterns.extend(names.into_iter().map(|name| base.join(name)));
            }
        }
        if patterns.is_empty() {
            if refused {
                return AdditionalProperties::Refused;
            }
            let ty = if parts.is_empty() { Type::Any } else { self.conjunction(&at.join("additionalProperties"), parts) };
            return AdditionalProperties::Allowed(ty);
        }
        // Names decide which of the schemas holds for a member, so each member is of one of their types.
        let place = at.join("patternProperties");
        let mut types: Vec<(Pointer, Type)> = patterns.into_iter().map(|pattern| (pattern.clone(), self.schema(&pattern))).collect();
        if !parts.is_empty() {
            let place = at.join("additionalProperties");
            types.push((place.clone(), self.conjunction(&place, parts)));
        } else if !refused {
            types.push((place.clone(), Type::Any));
        }
        AdditionalProperties::Allowed(self.any_of(&place, types))
    }
}

/// Whether members that are left for `unevaluatedProperties` of this node may have been looked at by another keyword: by one that has no part in the
/// struct, or by one that looks at all there are (JSON Schema 2020-12, "unevaluatedProperties").
fn looks_elsewhere(conjunction: &Conjunction<'_>, node: &Pointer) -> bool {
    let looks = |members: &Members, keyword: &str| members.get(keyword).is_some_and(|schema| *schema != Value::Bool(false));
    conjunction.nodes.iter().any(|(at, members)| {
        ["anyOf", "if", "dependentSchemas", "additionalProperties"].iter().any(|keyword| looks(members, keyword))
            || (at != node && looks(members, "unevaluatedProperties"))
    })
}
