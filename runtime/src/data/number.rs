//! [`Number`]: a JSON number that keeps its value and its spelling, whatever its size.
//!
//! It does not rest on `serde_json`'s `arbitrary_precision`: a feature that any crate of a build may switch on or off for
//! all of them. Numbers are read from the text of the document instead.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde_core::Deserialize;
use serde_core::de::Deserializer;
use serde_core::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::data::{Decimal, raw_json};
use crate::decode::{Kinds, kind_error};

/// A JSON number with its exact value and its spelling: `1.10` stays `1.10`, and 2^80 stays 2^80.
///
/// Numbers are equal when their values are: `1`, `1.0` and `1e0` are one number.
///
/// ```
/// use wireproof_runtime::Number;
///
/// let price: Number = serde_json::from_str("12.50")?;
/// assert_eq!(price.to_string(), "12.50");
/// assert_eq!(price, 12.5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    /// A whole number that is spelled as Rust writes it.
    Int(i64),
    /// A number that is spelled as Rust writes it, or one that is not finite and came from Rust.
    Float(f64),
    /// Any other JSON number, as it is spelled.
    Text(Box<str>),
}

/// The text is not a JSON number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberError;

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a JSON number")
    }
}

impl std::error::Error for NumberError {}

impl Number {
    /// The number as `i64`, if it is whole and fits. `1.0` and `1e3` are whole.
    pub fn as_i64(&self) -> Option<i64> {
        self.to_i128().and_then(|value| value.try_into().ok())
    }

    /// The number as `u64`, if it is whole and fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.to_i128().and_then(|value| value.try_into().ok())
    }

    /// The nearest `f64`; `None` where the number is beyond all of them, such as `1e400`.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest `f64` is what is asked for")]
            Repr::Int(value) => Some(*value as f64),
            Repr::Float(value) => Some(*value),
            Repr::Text(text) => text.parse().ok(),
        }
        .filter(|value: &f64| value.is_finite())
    }

    /// Whether this is a whole number, of any size and spelling.
    pub fn is_whole(&self) -> bool {
        self.is_finite() && Decimal::new(&self.as_str()).is_whole()
    }

    /// The number as it is spelled; `null` for what came from an `f64` that is not finite.
    pub fn as_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Int(value) => Cow::Owned(value.to_string()),
            Repr::Float(value) if value.is_finite() => Cow::Owned(format!("{value:?}")),
            Repr::Float(_) => Cow::Borrowed("null"),
            Repr::Text(text) => Cow::Borrowed(text),
        }
    }

    /// Whether the number has a JSON form: all have that were not made from a NaN or an infinity.
    pub fn is_finite(&self) -> bool {
        !matches!(self.0, Repr::Float(value) if !value.is_finite())
    }

    pub(crate) fn to_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Int(value) => Some(i128::from(*value)),
            _ if self.is_finite() => Decimal::new(&self.as_str()).to_i128(),
            _ => None,
        }
    }

    /// The number of a text that [`number_length`] has measured.
    pub(crate) fn of_checked(text: &str) -> Self {
        if text != "-0"
            && let Ok(value) = text.parse()
        {
            return Self(Repr::Int(value));
        }
        if prints_back(text)
            && let Ok(value) = text.parse()
        {
            return Self(Repr::Float(value));
        }
        Self(Repr::Text(text.into()))
    }
}

/// Whether an `f64` made from this text is printed as this text. Up to 15 digits survive the way through an `f64` and
/// back, and numbers of this size are printed without an exponent.
fn prints_back(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let Some((head, tail)) = digits.split_once('.') else { return false };
    digits.len() <= 16
        && !digits.contains(['e', 'E'])
        && (tail == "0" || !tail.ends_with('0'))
        && (head != "0" || tail == "0" || !tail.starts_with("000"))
}

/// How many bytes at the start of the text are a JSON number; `None` where there is none.
pub(crate) fn number_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes.get(at) == Some(&b'0')) {
        return None;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return None;
        }
        at += 1 + sign + exponent;
    }
    Some(at)
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        if number_length(text) == Some(text.len()) { Ok(Self::of_checked(text)) } else { Err(NumberError) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Number({self})")
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Int(left), Repr::Int(right)) => left == right,
            (Repr::Float(left), Repr::Float(right)) => left == right,
            _ => self.is_finite() && other.is_finite() && Decimal::new(&self.as_str()) == Decimal::new(&other.as_str()),
        }
    }
}

impl PartialEq<i64> for Number {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

impl PartialEq<f64> for Number {
    /// Compares with the number that the `f64` is printed as, so that `0.1` from a document equals `0.1` in Rust.
    fn eq(&self, other: &f64) -> bool {
        self.eq(&Self::from(*other))
    }
}

impl Default for Number {
    fn default() -> Self {
        Self(Repr::Int(0))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(Repr::Int(value.into()))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Self {
        Self(Repr::Int(value.into()))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self(Repr::Text(value.to_string().into())), Self::from)
    }
}

impl From<i128> for Number {
    fn from(value: i128) -> Self {
        i64::try_from(value).map_or_else(|_| Self(Repr::Text(value.to_string().into())), Self::from)
    }
}

impl From<f64> for Number {
    /// JSON has no NaN and no infinity: a number made from one is refused where it is written.
    fn from(value: f64) -> Self {
        Self(Repr::Float(value))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = raw_json(deserializer)?;
        text.parse().map_err(|_| kind_error(&text, Kinds::NUMBER))
    }
}

impl Serialize for Number {
    /// Writes the exact value: as an integer or a float where one prints as this number, else, in JSON, its digits.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Int(value) => serializer.serialize_i64(*value),
            Repr::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Repr::Float(_) => Err(S::Error::custom("a number that is not finite has no JSON form")),
            Repr::Text(text) => {
                let decimal = Decimal::new(text);
                if let Some(value) = self.as_u64() {
                    return serializer.serialize_u64(value);
                }
                if let Some(value) = self.as_i64() {
                    return serializer.serialize_i64(value);
                }
                if decimal.digit_count() <= 15
                    && (-280..280).contains(&decimal.exponent())
                    && let Ok(value) = text.parse()
                {
                    return serializer.serialize_f64(value);
                }
                serde_json::from_str::<&RawValue>(text).map_err(S::Error::custom)?.serialize(serializer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Repr};
    use crate::Integer;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_keep_their_spelling() {
        for (text, allocates) in [
            ("0", false),
            ("-7", false),
            ("9223372036854775807", false),
            ("1.5", false),
            ("0.001", false),
            ("100.0", false),
            ("12345678901234.5", false),
            ("-0", true),
            ("1.10", true),
            ("1e2", true),
            ("0.0001", true),
            ("9223372036854775808", true),
            ("0.1234567890123456789", true),
            ("1e999999999", true),
        ] {
            let number = number(text);
            assert_eq!(number.to_string(), text);
            assert_eq!(matches!(number.0, Repr::Text(_)), allocates, "{text}");
            assert_eq!(serde_json::to_string(&number).unwrap().parse::<Number>().unwrap(), number, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_simply_as_they_can_be() {
        for (text, written) in [
            ("1.10", "1.1"),
            ("1e2", "100"),
            ("-1e2", "-100"),
            ("1e-7", "1e-7"),
            ("18446744073709551615", "18446744073709551615"),
            ("1208925819614629174706176", "1208925819614629174706176"),
            ("0.1234567890123456789", "0.1234567890123456789"),
            ("1e400", "1e400"),
        ] {
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), written);
        }
    }

    #[test]
    fn numbers_convert_where_the_value_fits() {
        assert_eq!((number("1e3").as_i64(), number("1e3").as_f64()), (Some(1000), Some(1000.0)));
        assert_eq!((number("1.5").as_i64(), number("1.5").as_u64()), (None, None));
        assert_eq!((number("18446744073709551615").as_u64(), number("18446744073709551616").as_u64()), (Some(u64::MAX), None));
        assert_eq!((number("-1").as_u64(), number("1e400").as_f64()), (None, None));
        assert!(number("0.10") == 0.1 && number("3.0") == 3_i64 && number("3.5") != 3_i64);
        let undefined = Number::from(f64::NAN);
        assert!(undefined != undefined.clone() && undefined.as_f64().is_none());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["\"5\"", "null", "true", "[]", "01", "1.", "+1", "-", ".5", "1e", "NaN", "0x1"] {
            assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn integers_are_whole_and_ordered() {
        let mut integers: Vec<Integer> = serde_json::from_str("[1e30, -5.0, 2, -1e30, 1208925819614629174706176]").unwrap();
        integers.sort();
        assert_eq!(serde_json::to_string(&integers).unwrap(), "[-1e+30,-5.0,2,1208925819614629174706176,1e+30]");
        let error = serde_json::from_str::<Integer>("1.5").unwrap_err().to_string();
        assert!(error.contains("a number with a fraction"), "{error}");
        assert_eq!(i8::try_from(Integer::from(200)).ok(), None);
        assert_eq!(u64::try_from("1e3".parse::<Integer>().unwrap()), Ok(1000));
        assert_eq!(std::collections::HashSet::<Integer>::from_iter(["1.0", "1", "10e-1"].map(|text| text.parse().unwrap())).len(), 1);
    }
}
