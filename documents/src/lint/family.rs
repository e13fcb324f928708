//! Which schemas describe one and the same value: a schema, what it refers to, the branches of its `allOf`, `anyOf`, `oneOf` ..., and
//! those schemas of which it is itself such a branch. What one of them leaves open, another may say.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

/// How many schemas of a family are looked at.
const LIMIT: usize = 300;

/// Keywords with a list of schemas for the same value.
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// Keywords with one schema for the same value.
const SINGLES: [&str; 4] = ["not", "if", "then", "else"];

/// The schemas that refer to others for the same value.
pub(super) struct Families<'d> {
    document: &'d Document,
    /// By the place that is referred to: the schemas that have the `$ref`.
    referring: HashMap<Pointer, Vec<Pointer>>,
}

impl<'d> Families<'d> {
    pub(super) fn new(document: &'d Document, schemas: &[(Pointer, &'d Value)]) -> Self {
        let mut referring: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        for (place, node) in schemas {
            if let Some(target) = target(document, node) {
                referring.entry(target).or_default().push(place.clone());
            }
        }
        Self { document, referring }
    }

    /// The schema at `place` and all that describe the same value, those below and beside it first.
    pub(super) fn of(&self, place: &Pointer) -> Vec<(Pointer, &'d Map<String, Value>)> {
        let mut seen = HashSet::new();
        let mut family = Vec::new();
        let mut above = vec![place.clone()];
        let mut asked = HashSet::new();
        while let Some(next) = above.pop() {
            if !asked.insert(next.clone()) || asked.len() > LIMIT {
                continue;
            }
            self.below(next.clone(), &mut seen, &mut family);
            above.extend(owner(&next));
            above.extend(self.referring.get(&next).into_iter().flatten().cloned());
        }
        family
    }

    fn below(&self, place: Pointer, seen: &mut HashSet<Pointer>, family: &mut Vec<(Pointer, &'d Map<String, Value>)>) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            if seen.len() > LIMIT || !seen.insert(place.clone()) {
                continue;
            }
            let Some(node) = self.document.get(&place) else { continue };
            let Some(members) = node.as_object() else { continue };
            open.extend(target(self.document, node));
            for keyword in LISTS {
                let branches = members.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                open.extend((0..branches).map(|index| place.join(keyword).index(index)));
            }
            open.extend(SINGLES.iter().filter(|keyword| members.contains_key(**keyword)).map(|keyword| place.join(keyword)));
            if let Some(dependent) = members.get("dependentSchemas").and_then(Value::as_object) {
                open.extend(dependent.keys().map(|name| place.join("dependentSchemas").join(name)));
            }
            family.push((place, members));
        }
    }

    /// The schemas that a family has for the property `name`.
    pub(super) fn property(&self, place: &Pointer, name: &str) -> Vec<Pointer> {
        let family = self.of(place).into_iter();
        family
            .filter(|(_, members)| members.get("properties").and_then(|properties| properties.get(name)).is_some())
            .map(|(place, _)| place.join("properties").join(name))
            .collect()
    }
}

/// What a schema refers to.
fn target(document: &Document, node: &Value) -> Option<Pointer> {
    document.reference(node.get("$ref")?.as_str()?)
}

/// The schema of which the one at `place` is a branch for the same value.
pub(super) fn owner(place: &Pointer) -> Option<Pointer> {
    let above = place.parent()?;
    let last = place.last()?;
    if SINGLES.contains(&&*last) && !is_name_map(&above) {
        return Some(above);
    }
    let keyword = above.last()?;
    let owner = above.parent()?;
    let is_list = LISTS.contains(&&*keyword) && last.parse::<usize>().is_ok();
    ((is_list || keyword == "dependentSchemas") && !is_name_map(&owner)).then_some(owner)
}

/// Whether what stands directly below `place` has names that somebody chose: a property may be called `not`.
fn is_name_map(place: &Pointer) -> bool {
    const MAPS: [&str; 6] = ["properties", "patternProperties", "dependentSchemas", "schemas", "$defs", "definitions"];
    // `properties` may itself be the name of a property, but then the place above it is such a map.
    place.last().is_some_and(|last| MAPS.contains(&&*last)) && !place.parent().is_some_and(|above| is_name_map(&above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_schemas_of_the_same_value() {
        for (place, expected) in [
            ("/components/schemas/A/allOf/0", Some("/components/schemas/A")),
            ("/components/schemas/A/not", Some("/components/schemas/A")),
            ("/components/schemas/A/dependentSchemas/x", Some("/components/schemas/A")),
            ("/components/schemas/A/properties/not", None),
            ("/components/schemas/A/properties/x", None),
            ("/components/schemas/not", None),
            ("/components/schemas/A", None),
        ] {
            assert_eq!(owner(&Pointer::from_plain(place)).as_ref().map(Pointer::as_str), expected, "{place}");
        }
    }
}
