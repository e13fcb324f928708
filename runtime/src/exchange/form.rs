//! Bodies of `application/x-www-form-urlencoded`.

use crate::data::Json;
use crate::exchange::QueryStyle;
use crate::exchange::style::{self, Encode, Primitive};

/// How a document has a property of a form encoded, where it says so: an Encoding Object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodingInfo {
    /// The name of the property.
    pub property: &'static str,
    /// The media type of its value, where the value is written as a document of its own.
    pub content_type: Option<&'static str>,
    /// The style.
    pub style: QueryStyle,
    /// Whether arrays and objects become several members.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}

impl EncodingInfo {
    /// The encoding of a property whose Encoding Object has only the defaults.
    pub const fn new(property: &'static str) -> Self {
        Self { property, content_type: None, style: QueryStyle::Form, explode: true, allow_reserved: false }
    }
}

/// Writes a form. Without an encoding, primitives and arrays of them are written in style `form`, exploded, and
/// everything else as JSON, which is OpenAPI's default for objects.
pub(super) fn encode(body: &Json, encodings: &[EncodingInfo]) -> Result<String, String> {
    let members = match body {
        Json::Object(members) => members,
        Json::Null => return Ok(String::new()),
        _ => return Err("a form is an object".to_owned()),
    };
    let mut form = Vec::new();
    for (name, value) in members {
        let encoding = encodings.iter().find(|encoding| encoding.property == name);
        let pairs = match encoding {
            Some(encoding) if encoding.content_type.is_none() => {
                let encode: Encode = if encoding.allow_reserved { style::allow_reserved } else { style::percent_encode };
                style::query(name, encoding.style, encoding.explode, encode, value).map_err(|problem| format!("`{name}` {problem}"))?
            }
            _ => by_default(name, value),
        };
        form.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
    }
    // In forms a blank is a plus sign. A percent-encoded one is read alike, but this is how everybody writes it.
    Ok(form.join("&").replace("%20", "+"))
}

fn by_default(name: &str, value: &Json) -> Vec<(String, String)> {
    let name = style::percent_encode(name);
    let text = |value: &Json| match Primitive::of(value) {
        Primitive::Undefined => None,
        Primitive::Text(text) => Some(style::percent_encode(&text)),
        Primitive::Nested => Some(style::percent_encode(&value.to_string())),
    };
    let values = match value {
        Json::Array(elements) => elements.iter().filter_map(text).collect(),
        other => Vec::from_iter(text(other)),
    };
    values.into_iter().map(|value| (name.clone(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::{EncodingInfo, encode};
    use crate::exchange::QueryStyle;

    #[test]
    fn forms_follow_their_encodings() {
        let comma = EncodingInfo { explode: false, ..EncodingInfo::new("a") };
        let deep = EncodingInfo { style: QueryStyle::DeepObject, ..EncodingInfo::new("a") };
        let json = EncodingInfo { content_type: Some("application/json"), ..EncodingInfo::new("a") };
        for (body, encodings, expected) in [
            (r#"{"a":"x y&z","b":1,"c":null,"d":true}"#, &[][..], "a=x+y%26z&b=1&d=true"),
            (r#"{"a":["x","y"]}"#, &[], "a=x&a=y"),
            (r#"{"a":["x","y"]}"#, &[comma], "a=x,y"),
            (r#"{"a":{"b":1}}"#, &[], "a=%7B%22b%22%3A1%7D"),
            (r#"{"a":{"b":1}}"#, &[deep], "a%5Bb%5D=1"),
            (r#"{"a":{"b":1}}"#, &[json], "a=%7B%22b%22%3A1%7D"),
            (r#"{"a":[{"b":1}]}"#, &[], "a=%7B%22b%22%3A1%7D"),
            (r#"{"a+b":"1+1"}"#, &[], "a%2Bb=1%2B1"),
            ("null", &[], ""),
        ] {
            assert_eq!(encode(&body.parse().unwrap(), encodings).as_deref(), Ok(expected), "{body}");
        }
        assert!(encode(&"[]".parse().unwrap(), &[]).is_err());
        assert!(encode(&r#"{"a":[[1]]}"#.parse().unwrap(), &[comma]).unwrap_err().starts_with("`a` has an array"));
    }
}
