//! [`MediaType`]: media types, and the ranges of them that documents use as keys.

use std::fmt;

/// A media type such as `application/json; charset=utf-8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// The type and the subtype, in lower case.
    kind: String,
    subtype: String,
    /// Names in lower case, values without quotes.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a media type or a range; `None` where the text is neither. `*` is taken for `*/*`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = split_unquoted(text).into_iter();
        let essence = parts.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = if essence == "*" { ("*", "*") } else { essence.split_once('/')? };
        let is_token =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
        });
        Some(Self { kind: kind.to_owned(), subtype: subtype.to_owned(), parameters: parameters.collect() })
    }

    /// The type and the subtype, in lower case.
    pub fn essence(&self) -> String {
        format!("{}/{}", self.kind, self.subtype)
    }

    /// The value of a parameter, whose name has no case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the type is JSON: `application/json`, `text/json`, or any with the suffix `+json`.
    pub fn is_json(&self) -> bool {
        self.subtype == "json" || self.subtype.ends_with("+json")
    }

    /// Whether this type lies in a range: the same type, `application/*`, `application/*+json` or `*/*`. The parameters of the
    /// range must be there, others do not matter.
    pub fn is_in(&self, range: &Self) -> bool {
        let kind = range.kind == "*" || range.kind == self.kind;
        let subtype = match range.subtype.strip_prefix('*') {
            Some(suffix) => self.subtype.ends_with(suffix),
            None => range.subtype == self.subtype,
        };
        let has = |(name, value): &(String, String)| self.parameter(name).is_some_and(|given| given.eq_ignore_ascii_case(value));
        kind && subtype && range.parameters.iter().all(has)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.subtype)?;
        self.parameters.iter().try_for_each(|(name, value)| write!(formatter, "; {name}={value}"))
    }
}

/// The parts between semicolons that are not in quotes.
fn split_unquoted(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|character| {
        let ends = character == ';' && !quoted;
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
        ends
    })
    .collect()
}

fn unquoted(text: &str) -> String {
    let Some(inside) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return text.to_owned() };
    let mut plain = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn ranges_match() {
        for (given, range, expected) in [
            ("Application/JSON; charset=utf-8", "application/json", true),
            ("application/json", "application/json; charset=utf-8", false),
            ("application/json;charset=\"UTF-8\"", "application/json; Charset=utf-8", true),
            ("application/json; v=\"a;b\"; x=1", "application/json; x=1", true),
            ("application/problem+json", "application/json", false),
            ("application/problem+json", "application/*+json", true),
            ("application/problem+json", "application/*", true),
            ("text/html", "application/*", false),
            ("text/html", "*/*", true),
            ("text/html", "*", true),
            ("application/json;", "application/json", true),
        ] {
            let (media_type, range) = (MediaType::parse(given).unwrap(), MediaType::parse(range).unwrap());
            assert_eq!(media_type.is_in(&range), expected, "{given} in {range}");
        }
    }

    #[test]
    fn what_is_no_media_type_is_not_read() {
        for text in ["", "json", "/json", "a/", "a b/c", "text/html/x", "a/b c"] {
            assert_eq!(MediaType::parse(text), None, "{text}");
        }
        assert_eq!(MediaType::parse("A/B ; C=\"d\\\"e\"").unwrap().to_string(), "a/b; c=d\"e");
        assert!(MediaType::parse("application/vnd.x+json").unwrap().is_json());
    }
}
