//! Numbers in schemas: limits and counts, the boolean `exclusiveMinimum` of OpenAPI 3.0, and the formats of integers, which
//! limit a value as surely as a `minimum` does but which no validator checks.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::keywords::{flag_of, repaired, wrong};
use crate::at::At;
use crate::document::Version;
use crate::normalise::Normaliser;
use crate::places::BOUNDS;

/// Numbers longer than this, or with greater exponents, stand for nothing in an API and make exact arithmetic endless.
const LENGTH_LIMIT: usize = 400;
const EXPONENT_LIMIT: u32 = 400;

/// The number that a value means, also where it is written as text.
fn number_of(value: &Value) -> Option<Number> {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let text = number.to_string();
    let exponent = text.split(['e', 'E']).nth(1).map_or(Some(0), |digits| digits.trim_start_matches(['+', '-']).parse::<u32>().ok());
    (text.len() <= LENGTH_LIMIT && exponent.is_some_and(|exponent| exponent <= EXPONENT_LIMIT)).then_some(number)
}

/// `minimum` and its kin.
pub(super) fn number(walker: &mut Normaliser<'_>, key: &str, value: &mut Value, at: At<'_>) -> bool {
    match number_of(value) {
        Some(_) if value.is_number() => true,
        Some(number) => {
            let was = std::mem::replace(value, Value::Number(number));
            repaired(walker, key, &was, value, at)
        }
        None => wrong(walker, key, value, "a number of reasonable size", at),
    }
}

/// `multipleOf`, which must be greater than 0.
pub(super) fn divisor(walker: &mut Normaliser<'_>, value: &mut Value, at: At<'_>) -> bool {
    if !number(walker, "multipleOf", value, at) {
        return false;
    }
    let is_positive = value.as_f64().is_some_and(|number| number > 0.0);
    if !is_positive {
        walker.warn("keyword-type", at, "`multipleOf` is not greater than 0; it is ignored");
    }
    is_positive
}

/// `maxLength` and its kin: whole numbers from 0, `3.0` included.
pub(super) fn count(walker: &mut Normaliser<'_>, key: &str, value: &mut Value, at: At<'_>) -> bool {
    if value.is_u64() {
        return true;
    }
    match number_of(value).as_ref().and_then(whole) {
        Some(count) => {
            let is_number = value.is_number();
            let was = std::mem::replace(value, Value::Number(count));
            is_number || repaired(walker, key, &was, value, at)
        }
        None => wrong(walker, key, value, "a whole number from 0", at),
    }
}

/// A whole number from 0 in plain digits. More than a `u64` holds counts as the greatest of them: no value is that long.
fn whole(number: &Number) -> Option<Number> {
    if let Some(count) = number.as_u64() {
        return Some(Number::from(count));
    }
    let float = number.as_f64().filter(|float| *float >= 0.0 && float.fract() == 0.0)?;
    // Exact up to 2^53, beyond which no count matters; the conversion saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and not negative; saturation is meant")]
    let count = float as u64;
    Some(Number::from(count))
}

/// Turns a boolean `exclusiveMinimum` beside a `minimum` into the number that it is in JSON Schema, and `exclusiveMaximum` alike.
pub(super) fn exclusive(walker: &mut Normaliser<'_>, members: &mut Map<String, Value>, at: At<'_>) {
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(flag) = members.get(exclusive).and_then(flag_of) else { continue };
        let here = at.member(exclusive);
        if walker.version == Version::V3_1 {
            walker.warn("exclusive-boolean", here, format!("`{exclusive}` is a boolean, which is of OpenAPI 3.0; it is read so"));
        }
        match (flag, members.get(limit).cloned()) {
            (true, Some(number)) => {
                members.shift_remove(limit);
                members.insert(exclusive.to_owned(), number);
            }
            (true, None) => {
                walker.warn("exclusive-boolean", here, format!("`{exclusive}` without a `{limit}` means nothing; it is ignored"));
                members.shift_remove(exclusive);
            }
            (false, _) => {
                members.shift_remove(exclusive);
            }
        }
    }
}

/// The least and the greatest value of an integer format.
fn range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => return None,
    })
}

pub(super) fn is_integer_format(format: &str) -> bool {
    range(format).is_some()
}

/// Writes out the limits that an integer format means, where the schema has none that are tighter.
pub(super) fn bound_by_format(members: &mut Map<String, Value>) {
    let is_number = |name: &Value| name == "integer" || name == "number";
    let is_numeric = match members.get("type") {
        Some(Value::Array(names)) => names.iter().any(is_number),
        Some(name) => is_number(name),
        None => false,
    };
    let Some((least, greatest)) = members.get("format").and_then(Value::as_str).and_then(range).filter(|_| is_numeric) else { return };
    let mut bounds = Vec::new();
    for (limit, exclusive, bound, wider) in
        [("minimum", "exclusiveMinimum", least, Ordering::Less), ("maximum", "exclusiveMaximum", greatest, Ordering::Greater)]
    {
        let is_tighter = |keyword: &str| members.get(keyword).and_then(|number| compare(number, bound)).is_some_and(|order| order != wider);
        if is_tighter(limit) || is_tighter(exclusive) {
            continue;
        }
        if let Some(bound) = Number::from_i128(bound) {
            members.insert(limit.to_owned(), Value::Number(bound));
            bounds.push(Value::String(limit.to_owned()));
        }
    }
    if !bounds.is_empty() {
        members.insert(BOUNDS.to_owned(), Value::Array(bounds));
    }
}

/// Compares a number of a document with a bound: exactly where it is whole, else as near as a float comes.
fn compare(number: &Value, bound: i128) -> Option<Ordering> {
    let Value::Number(number) = number else { return None };
    if let Some(whole) = number.as_i128() {
        return Some(whole.cmp(&bound));
    }
    #[expect(clippy::cast_precision_loss, reason = "a number with a fraction or exponent is compared as a float")]
    number.as_f64().and_then(|float| float.partial_cmp(&(bound as f64)))
}
