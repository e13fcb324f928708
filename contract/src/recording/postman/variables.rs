//! Variables of a Postman collection: `{{baseUrl}}`, which stands for what the collection, or a folder within it, says.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::node::Node;

/// How often a value may stand for a text that holds variables itself.
const MAX_DEPTH: usize = 8;

/// How much longer a text may grow than it is written.
const MAX_GROWTH: usize = 1 << 20;

/// How many names without a value are told.
const TOLD: usize = 8;

/// The variables in force, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Variables<'n, 't> {
    scopes: Vec<&'n Node<'t>>,
    /// Names that have no value, and are needed to know the host.
    unknown: BTreeSet<String>,
}

impl<'n, 't> Variables<'n, 't> {
    /// Enters a folder with its own variables.
    pub(super) fn enter(&mut self, variables: &'n Node<'t>) {
        self.scopes.push(variables);
    }

    /// Leaves the folder entered last.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The text with the values of its variables; one without a value is left as it is written.
    pub(super) fn resolve<'x>(&self, text: &'x str) -> Cow<'x, str> {
        if !text.contains("{{") {
            return Cow::Borrowed(text);
        }
        let mut resolved = String::new();
        self.write(text, MAX_DEPTH, text.len() + MAX_GROWTH, &mut resolved);
        Cow::Owned(resolved)
    }

    /// The URL with its variables resolved. One that has no value and stands for the host is left out, so that the path stays.
    pub(super) fn resolve_url(&mut self, url: &str) -> String {
        let resolved = self.resolve(url).into_owned();
        // A variable for the base that is a path, most often `/`, and the path after it make no host between them.
        let base = url.strip_prefix("{{").and_then(|rest| rest.find("}}")).and_then(|end| url.get(..end + 4));
        if base.is_some_and(|base| matches!(self.resolve(base).as_bytes(), [b'/'] | [b'/', b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9', ..])) {
            return format!("/{}", resolved.trim_start_matches('/'));
        }
        let beginning = resolved.find("://").map_or(0, |at| at + 3);
        let host = resolved.get(beginning..).and_then(|rest| rest.strip_prefix("{{"));
        match host.and_then(|rest| rest.split_once("}}")) {
            Some((name, rest)) if beginning == 0 => {
                self.unknown.insert(name.to_owned());
                rest.to_owned()
            }
            _ => resolved,
        }
    }

    /// What is to be said of the names that have no value.
    pub(super) fn note(&self) -> Option<String> {
        if self.unknown.is_empty() {
            return None;
        }
        let mut names: Vec<String> = self.unknown.iter().take(TOLD).map(|name| format!("`{}`", crate::schema::shorten(name, 60))).collect();
        if self.unknown.len() > TOLD {
            names.push(format!("{} more", self.unknown.len() - TOLD));
        }
        Some(format!(
            "the collection gives no value to the variable {}: URLs that begin with it are read as paths on an unknown host",
            names.join(", ")
        ))
    }

    fn write(&self, text: &str, depth: usize, limit: usize, resolved: &mut String) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            resolved.push_str(before);
            let Some((name, after)) = after.split_once("}}") else {
                resolved.push_str("{{");
                rest = after;
                continue;
            };
            match self.value(name.trim()) {
                Some(value) if depth > 0 && resolved.len() + value.len() <= limit => self.write(value, depth - 1, limit, resolved),
                _ => {
                    resolved.push_str("{{");
                    resolved.push_str(name);
                    resolved.push_str("}}");
                }
            }
            rest = after;
        }
        resolved.push_str(rest);
    }

    fn value(&self, name: &str) -> Option<&'n str> {
        let of = |scope: &&'n Node<'t>| {
            let mut entries = scope.items().iter().rev().filter(|entry| !entry.get("disabled").is_true());
            entries.find(|entry| entry.first(&["key", "id"]).text() == Some(name))?.get("value").text()
        };
        self.scopes.iter().rev().find_map(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<R>(json: &str, test: impl FnOnce(&mut Variables<'_, '_>) -> R) -> R {
        let node: Node<'_> = serde_json::from_str(json).expect(json);
        let mut variables = Variables::default();
        variables.enter(&node);
        test(&mut variables)
    }

    const SOME: &str = r#"[
        {"key": "baseUrl", "value": "https://{{host}}/v1"}, {"id": "host", "value": "h"}, {"key": "empty", "value": ""},
        {"key": "loop", "value": "{{loop}}{{loop}}"}, {"key": "host", "value": "off", "disabled": true}
    ]"#;

    #[test]
    fn variables_take_their_values() {
        with(SOME, |variables| {
            for (text, expected) in [
                ("{{baseUrl}}/x", "https://h/v1/x"),
                ("{{ host }}", "h"),
                ("{{unknown}}/{{host}}", "{{unknown}}/h"),
                ("{{empty}}", "{{empty}}"),
                ("{{open", "{{open"),
                ("{plain}", "{plain}"),
            ] {
                assert_eq!(variables.resolve(text), expected, "{text}");
            }
            assert!(variables.resolve("{{loop}}").len() < 2 * MAX_GROWTH);
            let inner: Node<'_> = serde_json::from_str(r#"[{"key": "host", "value": "inner"}]"#).expect("JSON");
            let mut variables = Variables { scopes: vec![variables.scopes[0], &inner], unknown: BTreeSet::new() };
            assert_eq!(variables.resolve("{{baseUrl}}"), "https://inner/v1");
            variables.leave();
            assert_eq!(variables.resolve("{{baseUrl}}"), "https://h/v1");
        });
    }

    #[test]
    fn a_host_without_a_value_leaves_the_path() {
        with("[]", |variables| {
            assert_eq!(variables.note(), None);
            assert_eq!(variables.resolve_url("{{baseUrl}}/x"), "/x");
            assert_eq!(variables.resolve_url("https://h/{{id}}"), "https://h/{{id}}");
            assert_eq!(
                variables.note().as_deref(),
                Some(
                    "the collection gives no value to the variable `baseUrl`: URLs that begin with it are read as paths on an unknown host"
                )
            );
        });
    }
}
