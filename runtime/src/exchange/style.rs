//! The styles of parameters, as OpenAPI 3.0.4 and 3.1.1 define them under "Style Values" and "Style Examples": RFC 6570 for `matrix`, `label`,
//! `simple` and `form`, and OpenAPI's own `spaceDelimited`, `pipeDelimited` and `deepObject`.
//!
//! What RFC 6570 calls undefined is not written: null, an empty array, an empty object. An empty string is written.
//! Values inside values have no meaning in any style but `deepObject`, and are refused.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::data::Json;

/// The style of a path parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathStyle {
    /// `blue,black`
    #[default]
    Simple,
    /// `.blue,black`
    Label,
    /// `;color=blue,black`
    Matrix,
}

/// The style of a query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueryStyle {
    /// `color=blue,black`
    #[default]
    Form,
    /// `color=blue%20black`
    SpaceDelimited,
    /// `color=blue%7Cblack`
    PipeDelimited,
    /// `color%5BR%5D=100`
    DeepObject,
}

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What `allowReserved` still encodes: what is neither reserved nor unreserved, and the reserved characters that would end the value
/// or the query, or that a query may not have.
const RESERVED_IN_QUERY: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// How the characters of a value are encoded.
pub(super) type Encode = fn(&str) -> String;

/// Encodes everything but unreserved characters.
pub(super) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Leaves reserved characters and percent-encoded triples as they are, where that does not change the meaning of the query.
pub(super) fn allow_reserved(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut parts = text.split('%');
    encoded.extend(parts.next().map(|first| utf8_percent_encode(first, RESERVED_IN_QUERY).to_string()));
    for part in parts {
        let is_triple = part.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        encoded.push_str(if is_triple { "%" } else { "%25" });
        encoded.extend(utf8_percent_encode(part, RESERVED_IN_QUERY));
    }
    encoded
}

/// Leaves everything as it is: headers have no encoding.
pub(super) fn verbatim(text: &str) -> String {
    text.to_owned()
}

/// A value as the styles know it, each part encoded. Names of properties are encoded like values.
pub(super) enum Shape {
    Primitive(String),
    Array(Vec<String>),
    Object(Vec<(String, String)>),
}

impl Shape {
    /// The shape of a value; `None` where it is undefined.
    ///
    /// # Errors
    ///
    /// Arrays and objects inside the value.
    pub(super) fn of(value: &Json, encode: Encode) -> Result<Option<Self>, String> {
        Ok(match value {
            Json::Array(elements) => {
                let elements = elements.iter().filter_map(|element| part(element, encode).transpose()).collect::<Result<Vec<_>, _>>()?;
                (!elements.is_empty()).then_some(Self::Array(elements))
            }
            Json::Object(members) => {
                let member = |(name, value)| Ok(part(value, encode)?.map(|value| (encode(name), value)));
                let members = members.iter().map(|(name, value)| (name.as_str(), value)).filter_map(|pair| member(pair).transpose());
                let members = members.collect::<Result<Vec<_>, String>>()?;
                (!members.is_empty()).then_some(Self::Object(members))
            }
            primitive => part(primitive, encode)?.map(Self::Primitive),
        })
    }

    /// The parts with one separator between all of them, or with `=` inside the pairs of an exploded object.
    fn join(&self, separator: &str, explode: bool) -> String {
        match self {
            Self::Primitive(value) => value.clone(),
            Self::Array(elements) => elements.join(separator),
            Self::Object(members) => {
                let inside = if explode { "=" } else { separator };
                members.iter().map(|(name, value)| format!("{name}{inside}{value}")).collect::<Vec<_>>().join(separator)
            }
        }
    }
}

/// The text of a value in a place that takes primitives.
pub(super) enum Primitive<'a> {
    /// Null, which is not written.
    Undefined,
    /// A primitive value.
    Text(Cow<'a, str>),
    /// An array or an object.
    Nested,
}

impl<'a> Primitive<'a> {
    pub(super) fn of(value: &'a Json) -> Self {
        match value {
            Json::Null => Self::Undefined,
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Bool(_) | Json::Number(_) => Self::Text(Cow::Owned(value.to_string())),
            Json::Array(_) | Json::Object(_) => Self::Nested,
        }
    }
}

fn part(value: &Json, encode: Encode) -> Result<Option<String>, String> {
    match Primitive::of(value) {
        Primitive::Undefined => Ok(None),
        Primitive::Text(text) => Ok(Some(encode(&text))),
        Primitive::Nested => Err("has an array or an object inside its value, for which OpenAPI defines no form".to_owned()),
    }
}

/// A path parameter; `None` where the value is undefined.
pub(super) fn path(name: &str, style: PathStyle, explode: bool, value: &Json) -> Result<Option<String>, String> {
    let Some(shape) = Shape::of(value, percent_encode)? else { return Ok(None) };
    let name = percent_encode(name);
    // RFC 6570 leaves the `=` of an empty value out in this style.
    let pair = |name: &str, value: &str| if value.is_empty() { format!(";{name}") } else { format!(";{name}={value}") };
    Ok(Some(match style {
        PathStyle::Simple => shape.join(",", explode),
        PathStyle::Label => format!(".{}", shape.join(if explode { "." } else { "," }, explode)),
        PathStyle::Matrix => match &shape {
            Shape::Array(elements) if explode => elements.iter().map(|element| pair(&name, element)).collect(),
            Shape::Object(members) if explode => members.iter().map(|(name, value)| pair(name, value)).collect(),
            shape => pair(&name, &shape.join(",", false)),
        },
    }))
}

/// A query parameter, or a member of a form, as encoded names and values. Nothing where the value is undefined.
pub(super) fn query(name: &str, style: QueryStyle, explode: bool, encode: Encode, value: &Json) -> Result<Vec<(String, String)>, String> {
    let encoded_name = percent_encode(name);
    if style == QueryStyle::DeepObject {
        let mut pairs = Vec::new();
        deep_object(&encoded_name, encode, value, &mut pairs);
        return Ok(pairs);
    }
    let separator = match style {
        QueryStyle::SpaceDelimited => "%20",
        QueryStyle::PipeDelimited => "%7C",
        QueryStyle::Form | QueryStyle::DeepObject => ",",
    };
    Ok(match Shape::of(value, encode)? {
        None => Vec::new(),
        Some(Shape::Array(elements)) if explode => elements.into_iter().map(|element| (encoded_name.clone(), element)).collect(),
        Some(Shape::Object(members)) if explode => members,
        Some(shape) => vec![(encoded_name, shape.join(separator, false))],
    })
}

/// `color[R]=100`. OpenAPI leaves open what becomes of arrays and objects inside; servers that read this style take `[name]` and `[index]`.
fn deep_object(name: &str, encode: Encode, value: &Json, pairs: &mut Vec<(String, String)>) {
    match value {
        Json::Object(members) => {
            for (key, value) in members {
                deep_object(&format!("{name}%5B{}%5D", percent_encode(key)), encode, value, pairs);
            }
        }
        Json::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                deep_object(&format!("{name}%5B{index}%5D"), encode, value, pairs);
            }
        }
        primitive => {
            if let Ok(Some(value)) = part(primitive, encode) {
                pairs.push((name.to_owned(), value));
            }
        }
    }
}

/// A header, in style `simple`; `None` where the value is undefined.
pub(super) fn header(explode: bool, value: &Json) -> Result<Option<String>, String> {
    Ok(Shape::of(value, verbatim)?.map(|shape| shape.join(",", explode)))
}

#[cfg(test)]
mod tests {
    use super::PathStyle::{self, Label, Matrix, Simple};
    use super::QueryStyle::{self, DeepObject, Form, PipeDelimited, SpaceDelimited};
    use super::{allow_reserved, header, path, percent_encode, query};
    use crate::Json;

    const BLUE: &str = r#""blue""#;
    const ARRAY: &str = r#"["blue","black","brown"]"#;
    const OBJECT: &str = r#"{"R":100,"G":200,"B":150}"#;

    fn json(text: &str) -> Json {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check_path(style: PathStyle, explode: bool, value: &str, expected: &str) {
        assert_eq!(path("color", style, explode, &json(value)), Ok(Some(expected.to_owned())));
    }

    #[track_caller]
    fn check_query(style: QueryStyle, explode: bool, value: &str, expected: &str) {
        let pairs = query("color", style, explode, percent_encode, &json(value)).unwrap();
        let text: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(text.join("&"), expected);
    }

    #[test]
    fn path_styles_are_those_of_the_specification() {
        for (style, explode, empty, string, array, object) in [
            (Matrix, false, ";color", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
            (Matrix, true, ";color", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
            (Label, false, ".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
            (Label, true, ".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
            (Simple, false, "", "blue", "blue,black,brown", "R,100,G,200,B,150"),
            (Simple, true, "", "blue", "blue,black,brown", "R=100,G=200,B=150"),
        ] {
            check_path(style, explode, "\"\"", empty);
            check_path(style, explode, BLUE, string);
            check_path(style, explode, ARRAY, array);
            check_path(style, explode, OBJECT, object);
        }
    }

    #[test]
    fn query_styles_are_those_of_the_specification() {
        for (style, explode, value, expected) in [
            (Form, false, "\"\"", "color="),
            (Form, false, BLUE, "color=blue"),
            (Form, false, ARRAY, "color=blue,black,brown"),
            (Form, false, OBJECT, "color=R,100,G,200,B,150"),
            (Form, true, ARRAY, "color=blue&color=black&color=brown"),
            (Form, true, OBJECT, "R=100&G=200&B=150"),
            (SpaceDelimited, false, ARRAY, "color=blue%20black%20brown"),
            (SpaceDelimited, false, OBJECT, "color=R%20100%20G%20200%20B%20150"),
            (PipeDelimited, false, ARRAY, "color=blue%7Cblack%7Cbrown"),
            (PipeDelimited, false, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
            (DeepObject, true, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
            (DeepObject, true, r#"{"a":{"b":[1,{"c":null}]}}"#, "color%5Ba%5D%5Bb%5D%5B0%5D=1"),
            (Form, true, "null", ""),
            (Form, true, "[]", ""),
            (Form, true, "[null,\"\",\"x\"]", "color=&color=x"),
            (Form, false, "{}", ""),
            (Form, true, r#"{"a b&":"c=d,é/+"}"#, "a%20b%26=c%3Dd%2C%C3%A9%2F%2B"),
            (Form, false, "[1.50,true,1e400]", "color=1.50,true,1e400"),
        ] {
            check_query(style, explode, value, expected);
        }
    }

    #[test]
    fn headers_are_not_encoded_and_nesting_is_refused() {
        assert_eq!(header(false, &json(ARRAY)), Ok(Some("blue,black,brown".to_owned())));
        assert_eq!(header(true, &json(r#"{"a":"b c/d"}"#)), Ok(Some("a=b c/d".to_owned())));
        assert_eq!(header(false, &json("null")), Ok(None));
        assert!(header(false, &json("[[1]]")).unwrap_err().contains("array or an object inside"));
        assert!(query("a", Form, true, percent_encode, &json(r#"{"a":{}}"#)).is_err());
    }

    #[test]
    fn allow_reserved_keeps_what_a_query_may_have() {
        assert_eq!(allow_reserved("a/b?c=d:e@f,g;h!$'()*"), "a/b?c=d:e@f,g;h!$'()*");
        assert_eq!(allow_reserved("a&b+c#d[e] \"é"), "a%26b%2Bc%23d%5Be%5D%20%22%C3%A9");
        assert_eq!(allow_reserved("%2F%zz%"), "%2F%25zz%25");
        assert_eq!(allow_reserved("%é"), "%25%C3%A9");
    }
}
