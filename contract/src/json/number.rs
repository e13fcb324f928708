//! Numbers compared for what they mean: `1.0` equals `1` and `1e400` equals `10e399`, without rounding and without
//! ever writing out an exponent.

use serde_json::Number;

/// A decimal number as sign, significant digits (no zeros at either end) and a power of ten.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    /// The number is `0.DIGITS * 10^exponent`.
    exponent: i128,
}

impl Decimal {
    /// Reads the text of a JSON number; `None` where its exponent is beyond all reason.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i128 = exponent.parse::<i64>().ok()?.into();
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = String::with_capacity(mantissa.len());
        digits.push_str(integer);
        digits.push_str(fraction);
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let significant = digits.trim_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let exponent = exponent + i128::try_from(integer.len()).ok()? - i128::try_from(leading).ok()?;
        Some(Self { negative, digits: significant.to_owned(), exponent })
    }
}

/// Whether two numbers have the same value.
pub(crate) fn equal_numbers(left: &Number, right: &Number) -> bool {
    let (left, right) = (left.to_string(), right.to_string());
    left == right || matches!((Decimal::of(&left), Decimal::of(&right)), (Some(left), Some(right)) if left == right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        for (left, right, expected) in [
            ("1", "1.0", true),
            ("1e2", "100", true),
            ("-0", "0.0", true),
            ("0.10", "1e-1", true),
            ("9007199254740993", "9007199254740992", false),
            ("1e400", "10E+399", true),
            ("1e400", "1e401", false),
            ("-1", "1", false),
            ("0e5", "0", true),
            ("1e999999999999999999999", "1e999999999999999999999", true),
        ] {
            let number = |text: &str| text.parse::<Number>().expect(text);
            assert_eq!(equal_numbers(&number(left), &number(right)), expected, "{left} {right}");
        }
    }
}
