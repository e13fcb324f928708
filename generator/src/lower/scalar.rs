//! Numbers.

use serde_json::Value;

use super::Lower;
use super::conjunction::Conjunction;
use crate::ir::{Integer, Type};

impl<'d> Lower<'d> {
    /// The whole numbers that formats and bounds leave. The format's own bounds stand in the normalised tree as `minimum`
    /// and `maximum`, so bounds alone decide; an unbounded integer may be of any size.
    pub(super) fn integer(conjunction: &Conjunction<'d>) -> Integer {
        let format = |name: &str| conjunction.nodes.iter().any(|(_, members)| members.get("format").and_then(Value::as_str) == Some(name));
        if format("int32") {
            return Integer::I32;
        }
        if format("int64") {
            return Integer::I64;
        }
        if format("uint32") {
            return Integer::U32;
        }
        if format("uint64") {
            return Integer::U64;
        }
        let bound = |keywords: [&str; 2], pick: fn(i128, i128) -> i128| {
            let limits = conjunction.nodes.iter().flat_map(|(_, members)| keywords.map(|keyword| members.get(keyword).and_then(whole)));
            limits.flatten().reduce(pick)
        };
        let least = bound(["minimum", "exclusiveMinimum"], i128::max);
        let most = bound(["maximum", "exclusiveMaximum"], i128::min);
        match (least, most) {
            (Some(least), Some(most)) if least >= i128::from(i64::MIN) && most <= i128::from(i64::MAX) => Integer::I64,
            (Some(least), Some(most)) if least >= 0 && most <= i128::from(u64::MAX) => Integer::U64,
            _ => Integer::Any,
        }
    }

    /// A number: binary floating point only where the format says so, since it is exact nowhere else.
    pub(super) fn number(conjunction: &Conjunction<'d>) -> Type {
        let format = conjunction.nodes.iter().find_map(|(_, members)| members.get("format").and_then(Value::as_str));
        match format {
            Some("double" | "float") => Type::Double,
            _ => Type::Number,
        }
    }
}

/// A value as a whole number, where it is one that fits.
pub(super) fn whole(bound: &Value) -> Option<i128> {
    let number = bound.as_number()?;
    number.as_i128().or_else(|| {
        let float = number.as_f64()?;
        // Bounds such as `100.0` or `1e3`; beyond 2^53 a float is no longer the number that was written.
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i128)
    })
}
