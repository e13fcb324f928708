//! What a pair of schemas says of a value by itself: null, types, listed values, bounds, lengths, patterns, formats, counts.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::change::{Class, Draft, Hint, Shift};
use super::inclusion::{self, FACETS, Facet};
use super::kind::Kind;
use super::schemas::{Look, shown};
use super::view::View;

/// Compares what both schemas of a pair say of a value by itself.
pub(super) fn compare(look: &mut Look<'_, '_>) {
    look.null();
    look.facets();
}

impl Look<'_, '_> {
    /// Whether null is allowed now, or no longer.
    fn null(&mut self) {
        // A type that appears or goes tells enough: with it go all values of others, and null is one of them.
        let says = |view: &View<'_>| {
            !view.unions.is_empty() || ["type", "enum", "const"].iter().any(|keyword| view.each(keyword).next().is_some())
        };
        if !says(&self.old) || !says(&self.new) {
            return;
        }
        let (old, new) = (self.old.lets_null_in(self.all.old), self.new.lets_null_in(self.all.new));
        let places = (self.old.place("type"), self.new.place("type"));
        if !old && new {
            self.shifted(Kind::NullAllowed, Shift::WIDENED, "null is allowed now".to_owned(), places, Hint::Value(Value::Null));
        } else if old && !new {
            self.shifted(Kind::NullRefused, Shift::NARROWED, "null is no longer allowed".to_owned(), places, Hint::Value(Value::Null));
        }
    }

    /// The aspects of a value that can be told apart: each is changed by itself while the others stay as they were.
    fn facets(&mut self) {
        let schemas = |view: &View<'_>| FACETS.iter().map(|facet| inclusion::facet(view, facet)).collect::<Vec<_>>();
        let (old, new) = (schemas(&self.old), schemas(&self.new));
        let differing: Vec<usize> = (0..FACETS.len()).filter(|index| old.get(*index) != new.get(*index)).collect();
        if differing.is_empty() || inclusion::shift(&old, &new).is_none() {
            self.unasserted();
            return;
        }
        for index in differing {
            let (Some(facet), Some(changed)) = (FACETS.get(index), new.get(index)) else { continue };
            let mut one = old.clone();
            if let Some(entry) = one.get_mut(index) {
                entry.clone_from(changed);
            }
            let mut shift = inclusion::shift(&old, &one);
            if shift.is_none() {
                // By itself it changes nothing, but together with another aspect it may.
                let mut but = new.clone();
                if let (Some(entry), Some(before)) = (but.get_mut(index), old.get(index)) {
                    entry.clone_from(before);
                }
                shift = inclusion::shift(&but, &new);
            }
            if !shift.is_none() {
                self.facet(facet, shift);
            }
        }
    }

    fn facet(&mut self, facet: &Facet, shift: Shift) {
        if facet.kind == Kind::EnumValueRemoved {
            self.listed(shift);
            return;
        }
        let mut said = Vec::new();
        let mut places = (None, None);
        for keyword in facet.keywords {
            let value = |view: &View<'_>| view.each(keyword).next().map(|(_, value)| shown(value));
            let (old, new) = (value(&self.old), value(&self.new));
            if old == new {
                continue;
            }
            if places == (None, None) {
                places = (self.old.place(keyword), self.new.place(keyword));
            }
            said.push(match (old, new) {
                (Some(old), Some(new)) => format!("`{keyword}` is {new}, was {old}"),
                (None, Some(new)) => format!("`{keyword}` is {new} now"),
                (Some(old), None) => format!("`{keyword}` is gone, was {old}"),
                (None, None) => String::new(),
            });
        }
        let by_format = facet.kind == Kind::RangeChanged
            && self.old.each("format").map(|(_, value)| value).ne(self.new.each("format").map(|(_, value)| value));
        let kind = if by_format && self.bounded_by_format() { Kind::FormatChanged } else { facet.kind };
        if said.is_empty() {
            said.push("what holds together changed".to_owned());
        }
        self.shifted(kind, shift, said.join(", "), places, Hint::Any);
    }

    fn bounded_by_format(&self) -> bool {
        let mut both = self.old.nodes.iter().chain(&self.new.nodes);
        both.any(|node| node.members.contains_key("x-wireproof-bounds"))
    }

    /// Values of `enum` and `const`, each by itself; a list that appears or goes as a whole.
    fn listed(&mut self, shift: Shift) {
        let values = |view: &View<'_>| -> Option<(Pointer, Vec<Value>)> {
            let of_enum = view.each("enum").next().and_then(|(node, values)| Some((node.place.join("enum"), values.as_array()?.clone())));
            of_enum.or_else(|| view.each("const").next().map(|(node, value)| (node.place.join("const"), vec![value.clone()])))
        };
        match (values(&self.old), values(&self.new)) {
            (Some((old_place, old)), Some((new_place, new))) => {
                for value in old.iter().filter(|value| !value.is_null() && !new.contains(value)) {
                    let places = (Some(old_place.clone()), Some(new_place.clone()));
                    let message = format!("{} is no longer listed", shown(value));
                    self.shifted(Kind::EnumValueRemoved, Shift::NARROWED, message, places, Hint::Value(value.clone()));
                }
                for value in new.iter().filter(|value| !value.is_null() && !old.contains(value)) {
                    let places = (Some(old_place.clone()), Some(new_place.clone()));
                    let message = format!("{} is listed now", shown(value));
                    self.shifted(Kind::EnumValueAdded, Shift::WIDENED, message, places, Hint::Value(value.clone()));
                }
            }
            (None, Some((place, values))) => {
                let message = format!("the values are listed now: {}", shown(&Value::Array(values)));
                let places = (self.old.first(), Some(place));
                self.shifted(Kind::EnumValueRemoved, shift, message, places, Hint::Any);
            }
            (Some((place, _)), None) => {
                let places = (Some(place), self.new.first());
                self.shifted(Kind::EnumValueAdded, shift, "the values are no longer listed".to_owned(), places, Hint::Any);
            }
            (None, None) => {}
        }
    }

    /// Formats that no validator knows change types, if anything.
    fn unasserted(&mut self) {
        for keyword in ["format", "contentEncoding", "contentMediaType"] {
            let value = |view: &View<'_>| view.each(keyword).next().map(|(_, value)| shown(value));
            let (old, new) = (value(&self.old), value(&self.new));
            if old != new {
                let places = (self.old.place(keyword), self.new.place(keyword));
                let none = || "none".to_owned();
                let message =
                    format!("`{keyword}` is {}, was {}; no value is refused for it", new.unwrap_or_else(none), old.unwrap_or_else(none));
                self.add(Draft::new(Kind::FormatChanged, Class::Compatible, message).at(places.0, places.1));
            }
        }
    }
}
