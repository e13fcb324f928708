//! `enum` and `const`.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::Lower;
use super::conjunction::{Conjunction, Part};
use super::shape::Kind;
use crate::ir::{Enumeration, Integer, Shape, Type};

impl<'d> Lower<'d> {
    /// The values that `enum` and `const` leave, `null` aside; `None` where there is no such keyword, or where it
    /// contradicts the type, as in `type: integer, enum: ["1"]`: then the type is what real data keeps to.
    pub(super) fn enumerated(&mut self, at: &Pointer, conjunction: &Conjunction<'d>, kinds: Option<&[Kind]>) -> Option<Vec<&'d Value>> {
        let mut left: Option<Vec<&'d Value>> = None;
        for (_, members) in &conjunction.nodes {
            let listed = members.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
            let single = members.get("const").map(|value| vec![value]);
            for values in [listed, single].into_iter().flatten() {
                left = Some(match left {
                    None => values,
                    Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
                });
            }
        }
        let mut values: Vec<&Value> = Vec::new();
        for value in left?.into_iter().filter(|value| !value.is_null()) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if let Some(kinds) = kinds {
            let fits = |value: &Value| {
                Kind::of(value).is_some_and(|kind| kinds.contains(&kind) || (kind == Kind::Integer && kinds.contains(&Kind::Number)))
            };
            if !values.is_empty() && !values.iter().any(|value| fits(value)) {
                self.gap("enum-type-mismatch", at, "no `enum` value is of the `type`: the values are not taken into account");
                return None;
            }
            values.retain(|value| fits(value));
        }
        Some(values)
    }

    /// The type of a list of values.
    pub(super) fn enumeration(&mut self, at: &Pointer, parts: &[Part], values: &[&Value]) -> Type {
        let mut kinds: Vec<Kind> = values.iter().filter_map(|value| Kind::of(value)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        match kinds.as_slice() {
            [] => Type::Null,
            [Kind::String] => {
                let values = values.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
                let id = self.reserve(at, parts);
                self.define(id, Shape::Enumeration(Enumeration { values, open: false }))
            }
            [Kind::Boolean] => Type::Boolean,
            [Kind::Integer] if values.iter().all(|value| value.is_i64()) => Type::Integer(Integer::I64),
            [Kind::Integer] => Type::Integer(Integer::Any),
            [Kind::Integer, Kind::Number] | [Kind::Number] => Type::Number,
            _ => Type::Any,
        }
    }
}
