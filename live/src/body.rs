//! Values as bodies of a content type: JSON, forms, multipart, XML as far as it goes, and text. What reads them back is
//! `contract/src/check/content.rs`. Next: `mock/content.rs` and `plan/bodies.rs`, which make the values.

use bytes::Bytes;
use serde_json::Value;
use wireproof_contract::MediaType;

use crate::text;

/// Separates the parts of multipart bodies.
const BOUNDARY: &str = "wireproof-part-boundary";

/// A value as a body of a content type, which multipart bodies complete with their boundary; `None` where it cannot be written so.
pub(crate) fn written(content_type: &str, value: &Value) -> Option<(String, Bytes)> {
    let same = |bytes: Vec<u8>| Some((content_type.to_owned(), Bytes::from(bytes)));
    let Some(kind) = MediaType::parse(content_type) else { return same(text_of(value).into_bytes()) };
    if kind.is_json() {
        return same(value.to_string().into_bytes());
    }
    if kind.is_form() {
        let members = value.as_object()?;
        let pair = |(name, value): (&String, &Value)| format!("{}={}", text::escaped(name), text::escaped(&text_of(value)));
        return same(members.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes());
    }
    if kind.is_multipart_form() {
        let part = |(name, value): (&String, &Value)| {
            let name = name.replace(['"', '\r', '\n'], "_");
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{}\r\n", text_of(value))
        };
        let parts: String = value.as_object()?.iter().map(part).collect();
        let text = format!("{parts}--{BOUNDARY}--\r\n");
        return Some((format!("{content_type}; boundary={BOUNDARY}"), Bytes::from(text)));
    }
    if content_type.contains("xml") && !value.is_string() {
        return same(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", xml("response", value)).into_bytes());
    }
    same(text_of(value).into_bytes())
}

/// A string as it is, anything else as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value as XML, a member being an element of its name. The document's `xml` hints are not followed: XML bodies are not checked.
fn xml(name: &str, value: &Value) -> String {
    let name: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '_' }).collect();
    let name = if name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') { name } else { format!("_{name}") };
    match value {
        Value::Object(members) => format!("<{name}>{}</{name}>", members.iter().map(|(name, value)| xml(name, value)).collect::<String>()),
        Value::Array(items) => items.iter().map(|item| xml(&name, item)).collect(),
        other => format!("<{name}>{}</{name}>", text_of(other).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_the_content_type_asks() {
        let value = json!({"a b": "x&y", "n": 1});
        let text = |content_type: &str| written(content_type, &value).map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(text("application/problem+json").as_deref(), Some(r#"{"a b":"x&y","n":1}"#));
        assert_eq!(text("application/x-www-form-urlencoded").as_deref(), Some("a%20b=x%26y&n=1"));
        assert!(text("application/xml").is_some_and(|xml| xml.ends_with("<response><a_b>x&amp;y</a_b><n>1</n></response>\n")));
        assert_eq!(written("application/x-www-form-urlencoded", &json!([1])), None);
        assert_eq!(written("text/plain", &json!("plain")).map(|(_, bytes)| bytes), Some(Bytes::from("plain")));
    }
}
