//! Values as they are written in paths, queries, headers and cookies. OpenAPI 3.1.1, "Style Values". What reads them back is
//! `contract/src/parameter/`. Next: `mock/` and `request.rs`, which write them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use wireproof_openapi::Style;

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as part of a path or a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A scalar as text; `None` for lists and objects.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The pieces of a value: items of a list, or names and values of an object, all of them scalars.
fn pieces(value: &Value, escape: fn(&str) -> String) -> Option<Vec<(Option<String>, String)>> {
    match value {
        Value::Array(items) => items.iter().map(|item| Some((None, escape(&scalar(item)?)))).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| Some((Some(escape(name)), escape(&scalar(value)?)))).collect(),
        other => Some(vec![(None, escape(&scalar(other)?))]),
    }
}

/// Pieces one after the other: `a,b`, or `R=1,G=2` exploded and `R,1,G,2` not.
fn listed(pieces: &[(Option<String>, String)], delimiter: &str, explode: bool) -> String {
    let one = |(name, text): &(Option<String>, String)| match name {
        Some(name) if explode => format!("{name}={text}"),
        Some(name) => format!("{name}{delimiter}{text}"),
        None => text.clone(),
    };
    pieces.iter().map(one).collect::<Vec<_>>().join(delimiter)
}

/// A value as a segment of a path; `None` where the style cannot write it.
pub(crate) fn in_path(name: &str, value: &Value, style: Style, explode: bool) -> Option<String> {
    let pieces = pieces(value, escaped)?;
    Some(match style {
        Style::Label => format!(".{}", listed(&pieces, if explode { "." } else { "," }, explode)),
        Style::Matrix if explode => {
            let one = |(member, text): &(Option<String>, String)| format!(";{}={text}", member.as_deref().unwrap_or(&escaped(name)));
            pieces.iter().map(one).collect()
        }
        Style::Matrix => format!(";{}={}", escaped(name), listed(&pieces, ",", false)),
        _ => listed(&pieces, ",", explode),
    })
}

/// A value as pairs of a query; `None` where the style cannot write it.
pub(crate) fn in_query(name: &str, value: &Value, style: Style, explode: bool) -> Option<Vec<String>> {
    let key = escaped(name);
    if let (Style::DeepObject, Value::Object(members)) = (style, value) {
        let pair =
            |(member, value): (&String, &Value)| Some(format!("{key}{}={}", escaped(&format!("[{member}]")), escaped(&scalar(value)?)));
        return members.iter().map(pair).collect();
    }
    let pieces = pieces(value, escaped)?;
    if explode && style == Style::Form && (value.is_array() || value.is_object()) {
        return Some(pieces.iter().map(|(member, text)| format!("{}={text}", member.as_deref().unwrap_or(&key))).collect());
    }
    let delimiter = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    Some(vec![format!("{key}={}", listed(&pieces, delimiter, false))])
}

/// A value as a header or a cookie, which know style `simple` and no escapes; `None` where it has none of that form.
pub(crate) fn in_header(value: &Value, explode: bool) -> Option<String> {
    let text = listed(&pieces(value, str::to_owned)?, ",", explode);
    http::HeaderValue::from_str(&text).ok().filter(|_| text.trim() == text)?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The table "Style Examples" of the specification.
    #[test]
    fn paths_and_queries_are_written_as_the_specification_writes_them() {
        let (list, object) = (json!(["blue", "black"]), json!({"R": 100, "G": 200}));
        for (style, explode, as_list, as_object) in [
            (Style::Simple, false, "blue,black", "R,100,G,200"),
            (Style::Simple, true, "blue,black", "R=100,G=200"),
            (Style::Label, false, ".blue,black", ".R,100,G,200"),
            (Style::Label, true, ".blue.black", ".R=100.G=200"),
            (Style::Matrix, false, ";color=blue,black", ";color=R,100,G,200"),
            (Style::Matrix, true, ";color=blue;color=black", ";R=100;G=200"),
        ] {
            assert_eq!(in_path("color", &list, style, explode).as_deref(), Some(as_list), "{style:?} {explode}");
            assert_eq!(in_path("color", &object, style, explode).as_deref(), Some(as_object), "{style:?} {explode}");
        }
        for (style, explode, as_list, as_object) in [
            (Style::Form, false, "color=blue,black", "color=R,100,G,200"),
            (Style::Form, true, "color=blue&color=black", "R=100&G=200"),
            (Style::PipeDelimited, false, "color=blue%7Cblack", "color=R%7C100%7CG%7C200"),
            (Style::DeepObject, true, "color=blue,black", "color%5BR%5D=100&color%5BG%5D=200"),
        ] {
            let joined = |value| in_query("color", value, style, explode).map(|pairs| pairs.join("&"));
            assert_eq!(joined(&list).as_deref(), Some(as_list), "{style:?} {explode}");
            assert_eq!(joined(&object).as_deref(), Some(as_object), "{style:?} {explode}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_not() {
        assert_eq!(in_path("a", &json!([{"b": 1}]), Style::Simple, false), None);
        assert_eq!(in_header(&json!("a\nb"), false), None);
        assert_eq!(in_header(&json!(" a"), false), None);
        assert_eq!(in_path("a", &json!("../x?y"), Style::Simple, false).as_deref(), Some("..%2Fx%3Fy"));
    }
}
