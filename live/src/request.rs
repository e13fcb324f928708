//! Requests in the making: an operation's path, query, headers and body, put together from values. Nothing is ever put into a path
//! that could lead elsewhere: no empty segment, no `..`, no slash that came with a value. Next: `plan/`, which decides on the values.

use bytes::Bytes;
use serde_json::Value;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_contract::{Headers, Side};
use wireproof_openapi::{Location, Operation, Parameter, ParameterShape, Pointer, Style};

use crate::text;

/// How many instances of a parameter's schema are tried.
const INSTANCES: usize = 8;

/// A request without a server.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// Path variables by name, as they will stand in the path.
    path: Vec<(String, String)>,
    /// Pairs of the query, by the parameter that they are of.
    query: Vec<(String, String)>,
    /// Headers that are parameters.
    headers: Vec<(String, String)>,
    /// Cookies that are parameters.
    cookies: Vec<(String, String)>,
    /// The body and its content type.
    pub(crate) body: Option<(String, Bytes)>,
}

impl Draft {
    /// Gives a parameter a value; false where it cannot be written.
    pub(crate) fn give(&mut self, parameter: &Parameter, value: &Value) -> bool {
        let (style, explode, json) = match &parameter.shape {
            ParameterShape::Schema { style, explode, .. } => (*style, *explode, false),
            ParameterShape::Content(_) => (Style::Simple, false, true),
        };
        // The value of a `content` parameter is a document of its own.
        let whole = if json { Value::String(value.to_string()) } else { value.clone() };
        let name = &parameter.name;
        match parameter.location {
            Location::Path => match text::in_path(name, &whole, style, explode).filter(|text| stays_in_place(text)) {
                Some(text) => self.path.push((name.clone(), text)),
                None => return false,
            },
            Location::Query => match text::in_query(name, &whole, style, explode) {
                Some(pairs) => self.query.extend(pairs.into_iter().map(|pair| (name.clone(), pair))),
                None => return false,
            },
            Location::Header => match text::in_header(&whole, explode) {
                // These three are described by other parts of the document, and are not parameters whatever it says.
                Some(_) if ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str()) => {}
                Some(text) if http::HeaderName::from_bytes(name.as_bytes()).is_ok() => self.headers.push((name.clone(), text)),
                _ => return false,
            },
            Location::Cookie => match text::in_header(&whole, false).filter(|text| !text.contains([';', ',', ' ', '"'])) {
                Some(text) => self.cookies.push((name.clone(), text)),
                None => return false,
            },
        }
        true
    }

    /// Takes a query, header or cookie parameter away.
    pub(crate) fn without(&self, parameter: &Parameter) -> Self {
        let mut less = self.clone();
        match parameter.location {
            Location::Query => less.query.retain(|(name, _)| *name != parameter.name),
            Location::Header => less.headers.retain(|(name, _)| *name != parameter.name),
            Location::Cookie => less.cookies.retain(|(name, _)| *name != parameter.name),
            Location::Path => less.path.retain(|(name, _)| *name != parameter.name),
        }
        less
    }

    /// The URL below `server`, and the headers; `None` where the path has a variable without a value, or cannot be sent as it is.
    pub(crate) fn finish(&self, operation: &Operation, server: &str) -> Option<(String, Headers)> {
        let mut path = operation.path.clone();
        for (name, text) in &self.path {
            path = path.replace(&format!("{{{name}}}"), text);
        }
        if path.contains(['{', '}', '#', '\\']) || path.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return None;
        }
        let mut url = format!("{}/{}", server.trim_end_matches('/'), path.trim_start_matches('/'));
        for (_, pair) in &self.query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(pair);
        }
        let mut headers = Headers::new();
        for (name, value) in &self.headers {
            headers.push(name.clone(), value.clone());
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            headers.push("Cookie", cookies.collect::<Vec<_>>().join("; "));
        }
        if let Some((content_type, _)) = &self.body {
            headers.push("Content-Type", content_type.clone());
        }
        Some((url, headers))
    }
}

/// Whether a text is a segment of a path and nothing else. Servers and proxies disagree about escaped slashes and dots.
fn stays_in_place(text: &str) -> bool {
    let plain = text.to_ascii_lowercase();
    !text.is_empty() && !["/", "\\", "%2f", "%5c", "%00", "..", "%2e"].iter().any(|escape| plain.contains(escape)) && text != "."
}

/// The values that a parameter may well have, the document's examples first.
pub(crate) fn samples(synthesiser: &Synthesiser, parameter: &Parameter) -> Vec<Value> {
    let document = synthesiser.document();
    let mut values: Vec<Value> = Vec::new();
    let schema = schema_of(parameter);
    values.extend(document.get(&parameter.pointer.join("example")).cloned());
    let examples = parameter.pointer.join("examples");
    for name in document.get(&examples).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
        values.extend(document.resolve(&examples.join(name)).and_then(|(_, example)| example.get("value")).cloned());
    }
    if let ParameterShape::Content(media_type) = &parameter.shape {
        values.extend(media_type.examples.iter().filter_map(|(_, place)| document.get(place).cloned()));
    }
    let Some(schema) = schema else {
        values.push(Value::String("wireproof".to_owned()));
        return values;
    };
    let node = document.resolve(schema).map(|(_, node)| node);
    values.extend(["example", "default"].iter().filter_map(|keyword| node?.get(*keyword).cloned()));
    values.extend(synthesiser.valid(schema, Side::Request, 0, INSTANCES).instances.into_iter().map(|one| one.value));
    values.retain(|value| synthesiser.accepts(schema, Side::Request, value));
    values
}

/// The schema of a parameter.
pub(crate) fn schema_of(parameter: &Parameter) -> Option<&Pointer> {
    match &parameter.shape {
        ParameterShape::Schema { schema, .. } => schema.as_ref(),
        ParameterShape::Content(media_type) => media_type.schema.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leads_out_of_its_segment() {
        for (text, expected) in [
            ("7", true),
            ("a-b_c.d~e", true),
            ("", false),
            (".", false),
            ("..", false),
            ("a%2Fb", false),
            ("%2e%2e", false),
            ("a/b", false),
        ] {
            assert_eq!(stays_in_place(text), expected, "{text}");
        }
    }
}
