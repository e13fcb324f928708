//! Path templates: `/contacts/{id}/notes.{format}` filled with encoded values.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::exchange::RequestError;

/// What a literal part of a path may not have; what is percent-encoded already stays.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'?')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']');

/// Fills a template: a path, and the query that some documents write into it after a `?`. What stands after a `#` only tells operations of one path
/// apart: a fragment is not sent (RFC 9110, section 7.1).
///
/// A path whose segments are not those of the template would reach another resource, so a value that makes a segment empty, or a
/// dot segment that URLs resolve away, is refused.
pub(super) fn expand(template: &str, values: &[(String, String)]) -> Result<(String, Option<String>), RequestError> {
    let template = template.split_once('#').map_or(template, |(sent, _)| sent);
    let (path, query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(fill(query, values)?)),
        None => (template, None),
    };
    let mut expanded = String::with_capacity(path.len());
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            expanded.push('/');
        }
        let filled = fill(segment, values)?;
        if let Some(name) = names(segment).next()
            && matches!(filled.as_str(), "" | "." | "..")
        {
            let problem = "is empty or a dot segment, and would make the path that of another resource";
            return Err(RequestError::parameter("path", name, problem));
        }
        expanded.push_str(&filled);
    }
    Ok((expanded, query))
}

/// The names of the parameters in a template.
fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn fill(template: &str, values: &[(String, String)]) -> Result<String, RequestError> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((literal, (name, after))) = rest.split_once('{').and_then(|(literal, open)| Some((literal, open.split_once('}')?))) {
        filled.extend(utf8_percent_encode(literal, NOT_IN_PATH));
        match values.iter().find(|(given, _)| given == name) {
            Some((_, value)) if value.is_empty() => {
                return Err(RequestError::parameter("path", name, "is empty, and would make the path that of another resource"));
            }
            Some((_, value)) => filled.push_str(value),
            None => return Err(RequestError::parameter("path", name, "has no value")),
        }
        rest = after;
    }
    filled.extend(utf8_percent_encode(rest, NOT_IN_PATH));
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn templates_are_filled() {
        let values = [("id".to_owned(), "a%2Fb".to_owned()), ("ext".to_owned(), ".json".to_owned()), ("dot".to_owned(), ".".to_owned())];
        for (template, path, query) in [
            ("/c/{id}", "/c/a%2Fb", None),
            ("/c/{id}{ext}/x", "/c/a%2Fb.json/x", None),
            ("/c/v{dot}1", "/c/v.1", None),
            ("/c<x y%20{id}", "/c%3Cx%20y%20a%2Fb", None),
            ("/#X-Target=Service.{id}", "/", None),
            ("/c?op={id}#{ext}", "/c", Some("op=a%2Fb")),
            ("/c?op={id}&x=1", "/c", Some("op=a%2Fb&x=1")),
            ("/a{b", "/a%7Bb", None),
            ("/", "/", None),
        ] {
            assert_eq!(expand(template, &values).unwrap(), (path.to_owned(), query.map(str::to_owned)), "{template}");
        }
    }

    #[test]
    fn a_path_to_another_resource_is_refused() {
        for (value, template, problem) in [
            ("", "/c/{id}", "is empty"),
            ("", "/c/{id}.json", "is empty"),
            (".", "/c/{id}/x", "dot segment"),
            ("..", "/c/{id}", "dot segment"),
            (".", "/c/.{id}", "dot segment"),
            ("x", "/c/{other}", "has no value"),
        ] {
            let error = expand(template, &[("id".to_owned(), value.to_owned())]).unwrap_err().to_string();
            assert!(error.starts_with("path parameter `") && error.contains(problem), "{template} with {value:?}: {error}");
        }
    }
}
