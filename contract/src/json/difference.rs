//! What differs between a body and what its types made of it again. Next: `check/type_round_trip.rs`.

use serde_json::Value;
use wireproof_openapi::Pointer;

use jsonschema::JsonType;
use jsonschema::json::{JsonNumber, Node};

use super::{Instance, equal_numbers};

/// One difference, seen from the first value.
#[derive(Debug, PartialEq, Eq)]
pub enum Difference {
    /// A member or item that the second value lacks.
    Lost(Pointer),
    /// A member or item that only the second value has.
    Added(Pointer),
    /// A value that is another one in the second.
    Changed(Pointer),
}

/// The differences between two values, numbers compared by value and the order of members left out of account;
/// at most `limit` of them.
pub fn differences(before: &Value, after: &Value, limit: usize) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, &Pointer::root(), limit, &mut found);
    found
}

/// Whether there is no difference, in a fraction of the time that it takes to name one.
pub(crate) fn are_same(before: Instance<'_>, after: Instance<'_>) -> bool {
    match before.kind() {
        JsonType::Object => before.members().zip(after.members()).is_some_and(|(before, after)| {
            let same = |(name, value): (&str, Instance<'_>)| after.named(name).is_some_and(|other| are_same(value, other));
            before.all().count() == after.all().count() && before.all().all(same)
        }),
        JsonType::Array => before.items().zip(after.items()).is_some_and(|(before, after)| {
            before.all().count() == after.all().count() && before.all().zip(after.all()).all(|(before, after)| are_same(before, after))
        }),
        JsonType::Number | JsonType::Integer => before
            .as_number()
            .zip(after.as_number())
            .is_some_and(|(before, after)| before.as_str() == after.as_str() || equal_numbers(&before.to_number(), &after.to_number())),
        JsonType::String => before.text() == after.text(),
        JsonType::Boolean => before.as_boolean() == after.as_boolean(),
        JsonType::Null => after.kind() == JsonType::Null,
    }
}

fn compare(before: &Value, after: &Value, at: &Pointer, limit: usize, found: &mut Vec<Difference>) {
    if found.len() >= limit {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                match after.get(key) {
                    Some(other) => compare(value, other, &at.join(key), limit, found),
                    None => found.push(Difference::Lost(at.join(key))),
                }
            }
            found.extend(after.keys().filter(|key| !before.contains_key(*key)).map(|key| Difference::Added(at.join(key))));
        }
        (Value::Array(before), Value::Array(after)) => {
            for (index, value) in before.iter().enumerate() {
                match after.get(index) {
                    Some(other) => compare(value, other, &at.index(index), limit, found),
                    None => found.push(Difference::Lost(at.index(index))),
                }
            }
            found.extend((before.len()..after.len()).map(|index| Difference::Added(at.index(index))));
        }
        (Value::Number(before), Value::Number(after)) if equal_numbers(before, after) => {}
        _ if before == after => {}
        _ => found.push(Difference::Changed(at.clone())),
    }
    found.truncate(limit);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_named_by_place() {
        let before = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x", "e": null});
        let after = json!({"d": "y", "a": {"c": [1], "b": 1}, "f": 0, "e": null});
        let place = Pointer::from_plain;
        assert_eq!(
            differences(&before, &after, 10),
            [Difference::Lost(place("/a/c/1")), Difference::Changed(place("/d")), Difference::Added(place("/f"))]
        );
        assert_eq!(differences(&before, &after, 1).len(), 1);
    }

    #[test]
    fn what_is_the_same_has_no_difference() {
        let texts = [
            r#"{"a": {"b": 1, "c": [1, 2]}, "d": "x", "e": null}"#,
            r#"{"e": null, "d": "x", "a": {"c": [1.0, 2e0], "b": 1}}"#,
            r#"{"a": {"b": 1, "c": [1, 2]}, "d": "x"}"#,
            r#"{"a": {"b": 1, "c": [1]}, "d": "x", "e": null}"#,
            r#"{"a": {"b": 2, "c": [1, 2]}, "d": "x", "e": null}"#,
            r#"{"a": {"b": "1", "c": [1, 2]}, "d": "x", "f": null}"#,
            r#"{"a": {"b": 1, "c": [1, 2]}, "d": "x", "e": false}"#,
            "true",
            "false",
            "[]",
            "{}",
        ];
        for before in texts {
            for after in texts {
                let [left, right] = [before, after].map(|text| super::super::quick(text.as_bytes()).expect(text));
                let different = !differences(&left.to_value(), &right.to_value(), 1).is_empty();
                assert_eq!(are_same(Instance::Raw(&left), Instance::Raw(&right)), !different, "{before} {after}");
                assert_eq!(are_same(Instance::Raw(&left), Instance::Value(&right.to_value())), !different, "{before} {after}");
            }
        }
    }

    #[test]
    fn spelling_and_order_are_no_difference() {
        let before = serde_json::from_str::<Value>(r#"{"a": 1.0, "b": 2}"#).expect("json");
        assert_eq!(differences(&before, &json!({"b": 2, "a": 1}), 10), []);
    }
}
