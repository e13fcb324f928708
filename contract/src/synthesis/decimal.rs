//! Decimal numbers of bounded size, for arithmetic on bounds: `minimum`, `multipleOf` and their kin are decimal text.

use serde_json::{Number, Value};

/// The most digits behind the point, and zeros before it, that are worked with.
const MAX_SCALE: u32 = 18;

/// `units * 10^-scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    pub(super) const ONE: Self = Self { units: 1, scale: 0 };
    pub(super) const ZERO: Self = Self { units: 0, scale: 0 };
    pub(super) const THOUSANDTH: Self = Self { units: 1, scale: 3 };

    pub(super) fn whole(units: i128) -> Self {
        Self { units, scale: 0 }
    }

    /// A number of the document; `None` where it is too large or too fine.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let text = value.as_number()?.to_string();
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let units: i128 = format!("{integer}{fraction}").parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let limit = i32::try_from(MAX_SCALE).ok()?;
        if scale > limit || scale < -limit {
            return None;
        }
        match u32::try_from(scale) {
            Ok(scale) => Some(Self { units, scale }),
            Err(_) => Some(Self { units: units.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?, scale: 0 }),
        }
    }

    /// Both in the same units.
    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let raise = |one: Self| one.units.checked_mul(10_i128.checked_pow(scale - one.scale)?);
        Some((raise(self)?, raise(other)?, scale))
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Self { units: left.checked_add(right)?, scale })
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { units: other.units.checked_neg()?, scale: other.scale })
    }

    pub(super) fn is_below(self, other: Self) -> bool {
        self.aligned(other).is_some_and(|(left, right, _)| left < right)
    }

    /// The least multiple of `step` from this number on (or, with `down`, the greatest up to it); `step` is positive.
    pub(super) fn to_multiple(self, step: Self, down: bool) -> Option<Self> {
        let (units, step, scale) = self.aligned(step)?;
        let rest = units.checked_rem_euclid(step)?;
        let lower = units.checked_sub(rest)?;
        let units = if rest == 0 || down { lower } else { lower.checked_add(step)? };
        Some(Self { units, scale })
    }

    /// The least common multiple of two positive numbers.
    pub(super) fn common_multiple(self, other: Self) -> Option<Self> {
        let (left, right, scale) = self.aligned(other)?;
        let (mut one, mut two) = (left, right);
        while two != 0 {
            (one, two) = (two, one.checked_rem(two)?);
        }
        Some(Self { units: left.checked_div(one)?.checked_mul(right)?, scale })
    }

    /// As the number that JSON has for it.
    pub(super) fn to_value(self) -> Option<Value> {
        let digits = self.units.unsigned_abs().to_string();
        let scale = usize::try_from(self.scale).ok()?;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (integer, fraction) = padded.split_at_checked(padded.len() - scale)?;
        let sign = if self.units < 0 { "-" } else { "" };
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        number(&format!("{sign}{integer}{point}{fraction}"))
    }
}

/// The number with just this text.
pub(super) fn number(text: &str) -> Option<Value> {
    text.parse::<Number>().ok().map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::of(&number(text).expect(text)).expect(text)
    }

    #[test]
    fn arithmetic_is_exact() {
        let shown = |decimal: Option<Decimal>| decimal.and_then(Decimal::to_value).map(|value| value.to_string());
        assert_eq!(shown(decimal("0.1").plus(decimal("0.2"))).as_deref(), Some("0.3"));
        assert_eq!(shown(decimal("1").minus(decimal("1.001"))).as_deref(), Some("-0.001"));
        assert_eq!(shown(decimal("0.07").to_multiple(decimal("0.05"), false)).as_deref(), Some("0.1"));
        assert_eq!(shown(decimal("-0.07").to_multiple(decimal("0.05"), true)).as_deref(), Some("-0.1"));
        assert_eq!(shown(decimal("1.5").common_multiple(decimal("1"))).as_deref(), Some("3"));
        assert_eq!(shown(Some(decimal("1.5e3"))).as_deref(), Some("1500"));
        assert_eq!(Decimal::of(&number("1e400").expect("a number")), None);
    }
}
