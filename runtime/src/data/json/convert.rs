//! Other values to [`Json`] and back.

use serde_core::Serialize;
use serde_json::Value;

use crate::data::{Field, Integer, Json, JsonError, Map, Number};

impl Json {
    /// Turns any value into JSON, numbers exactly.
    ///
    /// # Errors
    ///
    /// Whatever the value's own `Serialize` refuses, and maps whose keys are not strings.
    pub fn of(value: &(impl Serialize + ?Sized)) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value)?.parse().map_err(<serde_json::Error as serde_core::ser::Error>::custom)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => {
        $(
            impl From<$number> for Json {
                fn from(value: $number) -> Self {
                    Self::Number(value.into())
                }
            }
        )*
    };
}

from_numbers!(i32 i64 u32 u64 f64 Integer);

impl From<Number> for Json {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(elements: Vec<T>) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}

impl From<Map<Json>> for Json {
    fn from(members: Map<Json>) -> Self {
        Self::Object(members)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Field<T>> for Json {
    fn from(value: Field<T>) -> Self {
        value.into_value().into()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            // A number of `serde_json` prints as a JSON number, with and without its exact digits.
            Value::Number(value) => value.to_string().parse().map_or(Self::Null, Self::Number),
            Value::String(value) => Self::String(value),
            Value::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, value)| (name, Self::from(value))).collect()),
        }
    }
}

impl TryFrom<&Json> for Value {
    type Error = serde_json::Error;

    /// Refuses numbers that `serde_json` would round or cannot hold.
    fn try_from(value: &Json) -> Result<Self, serde_json::Error> {
        let converted = serde_json::from_str::<Self>(&value.to_string())?;
        if Json::from(converted.clone()) == *value {
            Ok(converted)
        } else {
            Err(<serde_json::Error as serde_core::ser::Error>::custom("a number does not fit `serde_json::Value` exactly"))
        }
    }
}

impl TryFrom<&[u8]> for Json {
    type Error = JsonError;

    /// Reads JSON text as bytes.
    fn try_from(bytes: &[u8]) -> Result<Self, JsonError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.parse(),
            Err(error) => Err(JsonError::not_utf8(error.valid_up_to())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Value};

    #[test]
    fn values_convert_exactly_or_not_at_all() {
        for text in ["1.5", "18446744073709551615", "[{\"a\":null}]", "0.1"] {
            let value: Json = text.parse().unwrap();
            assert_eq!(Json::from(Value::try_from(&value).unwrap()), value, "{text}");
        }
        // Whether a big number fits is up to a feature of `serde_json`; a rounded one must not come out.
        for text in ["1208925819614629174706176", "0.12345678901234567890", "1e400"] {
            let value: Json = text.parse().unwrap();
            if let Ok(converted) = Value::try_from(&value) {
                assert_eq!(converted.to_string().parse::<Json>().unwrap(), value, "{text}");
            }
            // What serde_json itself cannot hold is refused: the feature may be on through another crate of the build.
            if serde_json::from_str::<Value>(text).is_err() {
                assert!(Value::try_from(&value).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused_where_it_is_written() {
        let value = Json::from(f64::NAN);
        assert!(Json::of(&value).unwrap_err().to_string().contains("not finite"));
        assert_eq!(value.to_string(), "null");
    }
}
