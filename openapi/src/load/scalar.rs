//! What a plain YAML scalar means, after the core schema of YAML 1.2 (section 10.3.2): `yes`, `on` and dates are text, and a
//! number keeps its text wherever JSON can write it so.

use serde_json::{Number, Value};

/// The meaning of a plain scalar.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    /// Null, a boolean or a number.
    Value(Value),
    /// A number to YAML (`.inf`, or a hexadecimal one beyond all bounds), which JSON has no way to write.
    NoJsonNumber,
    /// Anything else.
    Text,
}

/// The meaning of a scalar without quotes and tag.
pub(super) fn plain(text: &str) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Value(Value::Null),
        "true" | "True" | "TRUE" => return Meaning::Value(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Meaning::Value(Value::Bool(false)),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '.' | '-' | '+')) {
        return Meaning::Text;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Meaning::NoJsonNumber;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    decimal(text).map_or(Meaning::Text, |number| Meaning::Value(Value::Number(number)))
}

fn radix(digits: &str, radix: u32) -> Meaning {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Meaning::Text;
    }
    let number = u128::from_str_radix(digits, radix).ok().and_then(Number::from_u128);
    number.map_or(Meaning::NoJsonNumber, |number| Meaning::Value(Value::Number(number)))
}

/// A decimal number in the text that JSON has for it: without `+` and leading zeros, with digits on both sides of the point.
fn decimal(text: &str) -> Option<Number> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.get(1..).unwrap_or_default();
    let exponent_digits = exponent_digits.strip_prefix(['-', '+']).unwrap_or(exponent_digits);
    let some_digit = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    let right = some_digit && all_digits(whole) && fraction.is_none_or(all_digits) && all_digits(exponent_digits);
    if !right || (!exponent.is_empty() && exponent_digits.is_empty()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = match fraction {
        Some("") => ".0".to_owned(),
        Some(fraction) => format!(".{fraction}"),
        None => String::new(),
    };
    format!("{sign}{whole}{fraction}{exponent}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let actual = match plain(text) {
            Meaning::Value(value) => value.to_string(),
            Meaning::NoJsonNumber => "no JSON number".to_owned(),
            Meaning::Text => "text".to_owned(),
        };
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn the_core_schema_of_yaml_1_2() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("NULL", "null"),
            ("nULL", "text"),
            ("true", "true"),
            ("FALSE", "false"),
            ("tRUE", "text"),
            ("yes", "text"),
            ("on", "text"),
            ("n", "text"),
            ("2024-01-31", "text"),
            ("12:30:45", "text"),
            ("200", "200"),
            ("-3", "-3"),
            ("+1", "1"),
            ("007", "7"),
            ("-0", "-0"),
            ("1_000", "text"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("0x", "text"),
            ("0xZZ", "text"),
            ("-0x1F", "text"),
            ("1.0", "1.0"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1.10", "1.10"),
            (".", "text"),
            ("-", "text"),
            ("1e3", "1e+3"),
            ("1E+3", "1e+3"),
            ("1e", "text"),
            ("1.2.3", "text"),
            ("e3", "text"),
            (".e3", "text"),
            ("18446744073709551616", "18446744073709551616"),
            (".inf", "no JSON number"),
            ("-.INF", "no JSON number"),
            (".nan", "no JSON number"),
            ("+.nan", "text"),
            ("0xffffffffffffffffffffffffffffffffff", "no JSON number"),
        ] {
            check(text, expected);
        }
    }
}
