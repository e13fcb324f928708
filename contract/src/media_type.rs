//! Media types: reading a `Content-Type`, and choosing the documented entry that it belongs to.
//! Sources: RFC 9110 section 8.3, RFC 6838 (structured suffixes), OpenAPI 3.1.1 "Media Type Object" (the most
//! specific key wins).

use wireproof_openapi::MediaType as Documented;

/// A media type in lower case with its parameters; a range has `*` in the place of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    kind: String,
    subtype: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads `type/subtype; name=value`; `None` for text that has not that form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let (kind, subtype) = parts.next()?.trim().split_once('/')?;
        let token = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '"'));
        if !token(kind) || !token(subtype) {
            return None;
        }
        let parameters = parts
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
            .collect();
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), parameters })
    }

    /// Whether bodies of this type are JSON texts.
    pub fn is_json(&self) -> bool {
        self.subtype == "json" || self.subtype.ends_with("+json")
    }

    /// Whether bodies of this type are `name=value` pairs.
    pub fn is_form(&self) -> bool {
        self.kind == "application" && self.subtype == "x-www-form-urlencoded"
    }

    /// Whether bodies of this type are parts with names.
    pub fn is_multipart_form(&self) -> bool {
        self.kind == "multipart" && self.subtype == "form-data"
    }

    /// The value of a parameter, by its name in lower case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether `self`, a type or range, describes `actual`.
    pub fn includes(&self, actual: &Self) -> bool {
        self.closeness(actual).is_some()
    }

    /// Whether bodies of this type are plain or marked-up text that a `type: string` schema describes.
    pub fn is_text(&self) -> bool {
        self.kind == "text"
    }

    /// How closely `self`, a documented type or range, describes `actual`; `None` where it does not.
    fn closeness(&self, actual: &Self) -> Option<u32> {
        let mut closeness = match (self.kind.as_str(), self.subtype.as_str()) {
            (kind, subtype) if kind == actual.kind && subtype == actual.subtype => 400,
            (kind, subtype) if kind == actual.kind && range_of_suffix(subtype, &actual.subtype) => 300,
            (kind, "*") if kind == actual.kind => 200,
            ("*", "*") => 100,
            _ => return None,
        };
        // The charset says how text was turned into bytes, not what it means; other parameters (`version`,
        // `profile`) may tell one documented entry from another.
        for (name, value) in self.parameters.iter().filter(|(name, _)| name != "charset") {
            match actual.parameters.iter().find(|(other, _)| other == name) {
                Some((_, other)) if other.eq_ignore_ascii_case(value) => closeness += 1,
                Some(_) => return None,
                None => closeness -= 1,
            }
        }
        Some(closeness)
    }
}

/// Whether `range` is `*+suffix` and `subtype` has that suffix.
fn range_of_suffix(range: &str, subtype: &str) -> bool {
    range.strip_prefix('*').is_some_and(|suffix| suffix.starts_with('+') && subtype.ends_with(suffix))
}

/// The documented entry that `content_type` belongs to: the most specific one, the first among equals. `actual` is the same, read.
pub(crate) fn documented<'d>(content: &'d [Documented], content_type: &str, actual: Option<&MediaType>) -> Option<&'d Documented> {
    let Some(actual) = actual else {
        // A header that is no media type can still be what the document says, letter by letter.
        return content.iter().find(|entry| entry.name.trim().eq_ignore_ascii_case(content_type.trim()));
    };
    let mut best: Option<(u32, &Documented)> = None;
    for entry in content {
        let closeness = MediaType::parse(&entry.name).and_then(|range| range.closeness(actual));
        if let Some(closeness) = closeness
            && best.is_none_or(|(other, _)| closeness > other)
        {
            best = Some((closeness, entry));
        }
    }
    best.map(|(_, entry)| entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wireproof_openapi::Pointer;

    fn chosen(keys: &[&str], content_type: &str) -> Option<String> {
        let content: Vec<Documented> = keys
            .iter()
            .map(|key| Documented {
                pointer: Pointer::root().join(key),
                name: (*key).to_owned(),
                schema: None,
                encoding: Vec::new(),
                examples: Vec::new(),
            })
            .collect();
        documented(&content, content_type, MediaType::parse(content_type).as_ref()).map(|entry| entry.name.clone())
    }

    #[test]
    fn the_most_specific_entry_is_chosen() {
        for (keys, content_type, expected) in [
            (&["application/json"][..], "application/json; charset=utf-8", Some("application/json")),
            (&["application/json"], "Application/JSON", Some("application/json")),
            (&["application/json;charset=UTF-8"], "application/json", Some("application/json;charset=UTF-8")),
            (&["application/json"], "application/problem+json", None),
            (&["application/*+json"], "application/problem+json", Some("application/*+json")),
            (&["*/*", "application/*", "application/json"], "application/json", Some("application/json")),
            (&["*/*", "application/*"], "application/xml", Some("application/*")),
            (&["*/*"], "text/html", Some("*/*")),
            (&["application/json"], "text/html", None),
            (&["text/x; v=1", "text/x; v=2"], "text/x; v=2", Some("text/x; v=2")),
            (&["text/x; v=1"], "text/x; v=2", None),
            (&["access_token"], "access_token", Some("access_token")),
            (&["application/json"], "garbage", None),
        ] {
            assert_eq!(chosen(keys, content_type).as_deref(), expected, "{keys:?} {content_type}");
        }
    }

    #[test]
    fn json_is_told_by_subtype_and_suffix() {
        for (text, expected) in
            [("application/json", true), ("application/hal+json", true), ("application/jsonlines", false), ("text/html", false)]
        {
            assert_eq!(MediaType::parse(text).is_some_and(|kind| kind.is_json()), expected, "{text}");
        }
    }
}
