//! The value of a number in decimal, read off its JSON spelling without ever writing its digits out: comparing
//! `1e999999999` with `10e999999998` costs as much as their spelling is long.
//!
//! [`Number`](crate::Number) and [`Integer`](crate::Integer) compare, order and convert through this.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A decimal number in normal form: `head` and `tail` are one run of digits that neither starts nor ends with a zero,
/// and the value is that run times ten to the power of `exponent`. Zero has no digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    head: &'a str,
    tail: &'a str,
    exponent: i128,
}

impl<'a> Decimal<'a> {
    /// Reads a JSON number. The text has been checked to be one.
    pub(crate) fn new(text: &'a str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (head, tail) = digits.split_once('.').unwrap_or((digits, ""));
        let scale = tail.len();

        let head = head.trim_start_matches('0');
        let tail = if head.is_empty() { tail.trim_start_matches('0') } else { tail };
        let short = tail.trim_end_matches('0');
        let mut dropped = tail.len() - short.len();
        let tail = short;
        let mut kept = head;
        if tail.is_empty() {
            kept = head.trim_end_matches('0');
            dropped += head.len() - kept.len();
        }
        if kept.is_empty() && tail.is_empty() {
            return Self { negative: false, head: "", tail: "", exponent: 0 };
        }
        let exponent = read_exponent(exponent).saturating_sub(length(scale)).saturating_add(length(dropped));
        Self { negative, head: kept, tail, exponent }
    }

    /// Whether this is a whole number.
    pub(crate) fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// How many digits the number has, without the zeros at both ends.
    pub(crate) fn digit_count(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    /// The power of ten of the last digit that is not zero.
    pub(crate) fn exponent(&self) -> i128 {
        self.exponent
    }

    /// Whether the number is a whole number of times another one. A divisor of more than 37 digits, which no schema has, divides everything.
    pub(crate) fn is_multiple_of(&self, divisor: &Self) -> bool {
        // No more zeros than this can make a difference: 10^128 has every 2 and 5 that a number of 37 digits can have.
        const ZEROS: i128 = 128;
        if self.is_zero() {
            return true;
        }
        let zeros = self.exponent.saturating_sub(divisor.exponent);
        let whole = |value: u128, digit: u8| value * 10 + u128::from(digit.saturating_sub(b'0'));
        if divisor.digit_count() > 37 {
            return true;
        }
        let modulus = divisor.digits().fold(0, whole);
        // The run of digits does not end with a zero, so a divisor that does cannot divide it.
        if modulus == 0 || zeros < 0 {
            return false;
        }
        let mut rest = self.digits().fold(0, |rest, digit| whole(rest, digit) % modulus);
        for _ in 0..zeros.min(ZEROS) {
            rest = whole(rest, b'0') % modulus;
        }
        rest == 0
    }

    /// The one spelling that all numbers of this value share.
    pub(crate) fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}{}e{}", self.head, self.tail, self.exponent)
    }

    /// The whole number that this is; `None` where it has a fraction or does not fit.
    pub(crate) fn to_i128(self) -> Option<i128> {
        let zeros = u32::try_from(self.exponent).ok()?;
        if self.digit_count() > 39 {
            return None;
        }
        let digits = self.digits().try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(i128::from(digit - b'0')))?;
        let value = if digits == 0 { 0 } else { digits.checked_mul(10_i128.checked_pow(zeros)?)? };
        Some(if self.negative { -value } else { value })
    }

    fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.head.bytes().chain(self.tail.bytes())
    }

    /// The power of ten above the first digit: what decides between two numbers of one sign.
    fn magnitude(&self) -> i128 {
        self.exponent.saturating_add(length(self.digit_count()))
    }

    fn is_zero(&self) -> bool {
        self.head.is_empty() && self.tail.is_empty()
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal<'_> {}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.is_zero(), decimal.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        // Digits compare as text does: a missing one counts as the zero it is, and a longer run cannot end in zeros.
        let size = || self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits().cmp(other.digits()));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => size(),
            _ => size().reverse(),
        })
    }
}

impl Hash for Decimal<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.negative.hash(state);
        self.exponent.hash(state);
        for digit in self.digits() {
            state.write_u8(digit);
        }
        state.write_u8(b'.');
    }
}

/// An exponent beyond 36 digits is taken for one of 36 nines: no two numbers that anyone writes are so far out.
fn read_exponent(text: &str) -> i128 {
    const FARTHEST: i128 = 10_i128.pow(36) - 1;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.trim_start_matches('0');
    let value = match digits {
        "" => 0,
        _ if digits.len() > 36 => FARTHEST,
        _ => digits.parse().unwrap_or(FARTHEST),
    };
    if negative { -value } else { value }
}

fn length(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::Decimal;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_compare_by_value() {
        for (left, right, expected) in [
            ("1", "1.0", Equal),
            ("1e2", "100", Equal),
            ("1E+2", "0.1e3", Equal),
            ("-0", "0.00", Equal),
            ("0e5", "0", Equal),
            ("1e400", "10e399", Equal),
            ("1e999999999999", "1e999999999998", Greater),
            ("0.30000000000000004", "0.3", Greater),
            ("12345678901234567890123", "12345678901234567890124", Less),
            ("-2", "-10", Greater),
            ("-1", "0", Less),
            ("0.001", "0.01", Less),
            ("99", "100", Less),
            ("1.05", "1.5", Less),
        ] {
            assert_eq!(Decimal::new(left).cmp(&Decimal::new(right)), expected, "{left} and {right}");
            assert_eq!(Decimal::new(right).cmp(&Decimal::new(left)), expected.reverse(), "{right} and {left}");
        }
    }

    #[test]
    fn multiples_are_told_exactly() {
        for (number, divisor, expected) in [
            ("0.3", "0.1", true),
            ("0.30000000000000004", "0.1", false),
            ("19.99", "0.01", true),
            ("19.995", "0.01", false),
            ("1e400", "7", false),
            ("7e400", "7", true),
            ("1e999999999999", "1e-5", true),
            ("100", "1e3", false),
            ("-1000", "1E3", true),
            ("9007199254740993", "2", false),
            ("9007199254740993", "3", true),
            ("0", "0.7", true),
            ("1", "3e-1", false),
            ("3", "1.5", true),
            ("1e10", "1024", true),
            ("1e9", "1024", false),
            ("5", "0", false),
            ("340282366920938463463374607431768211455", "9999999999999999999999999999999999999", false),
        ] {
            assert_eq!(Decimal::new(number).is_multiple_of(&Decimal::new(divisor)), expected, "{number} by {divisor}");
        }
    }

    #[test]
    fn whole_numbers_convert_and_others_do_not() {
        for (text, expected) in [
            ("1.0", Some(1)),
            ("-1e3", Some(-1000)),
            ("0e999", Some(0)),
            ("1.5", None),
            ("1e-1", None),
            ("1e40", None),
            ("170141183460469231731687303715884105727", Some(i128::MAX)),
            ("999999999999999999999999999999999999999", None),
        ] {
            assert_eq!(Decimal::new(text).to_i128(), expected, "{text}");
        }
    }
}
