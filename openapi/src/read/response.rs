//! OpenAPI "Responses Object", "Response Object" and "Header Object".

use serde_json::{Map, Value};

use super::{Reader, named};
use crate::{Diagnostic, Header, Location, Pointer, Response, Responses, StatusPattern};

impl<'d> Reader<'d> {
    pub(super) fn responses(&mut self, operation: &'d Map<String, Value>, at: &Pointer) -> Responses {
        let at = at.join("responses");
        let mut entries: Vec<Response> = Vec::new();
        for (key, node) in named(operation, "responses") {
            let place = at.join(key);
            let Some(status) = status(key) else {
                self.warn("unknown-status", place, format!("`{key}` is no status, range such as `4XX`, or `default`; it is left out"));
                continue;
            };
            if entries.iter().any(|entry| entry.status == status) {
                self.warn("duplicate-status", place, format!("`{key}` is there before in another form; the first one counts"));
                continue;
            }
            entries.extend(self.response(status, node, place));
        }
        Responses { entries }
    }

    fn response(&mut self, status: StatusPattern, node: &'d Value, at: Pointer) -> Option<Response> {
        let part = self.part(node, at)?;
        let content = self.content(part.members, &part.pointer);
        let place = part.pointer.join("headers");
        let headers = part.members.get("headers").and_then(Value::as_object).into_iter().flatten();
        let headers = headers.filter_map(|(name, node)| self.header(name, node, place.join(name))).collect();
        Some(Response { pointer: part.pointer, status, description: part.description, content, headers })
    }

    fn header(&mut self, name: &str, node: &'d Value, at: Pointer) -> Option<Header> {
        if name.eq_ignore_ascii_case("content-type") {
            let message = format!("a response header `{name}` is ignored, as OpenAPI says: `content` decides on it");
            self.report(Diagnostic::note("ignored-header", at, message));
            return None;
        }
        let part = self.part(node, at)?;
        let required = self.flag(part.members, "required", &part.pointer);
        let deprecated = self.flag(part.members, "deprecated", &part.pointer);
        let shape = self.shape(part.members, &part.pointer, Location::Header);
        Some(Header { pointer: part.pointer, name: name.to_owned(), required, deprecated, description: part.description, shape })
    }
}

/// The statuses that a key of a responses object stands for.
fn status(key: &str) -> Option<StatusPattern> {
    if key.eq_ignore_ascii_case("default") {
        return Some(StatusPattern::Default);
    }
    match key.as_bytes() {
        [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(StatusPattern::Range(class - b'0')),
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(StatusPattern::Code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_ranges_and_default() {
        for (key, expected) in [
            ("200", Some(StatusPattern::Code(200))),
            ("599", Some(StatusPattern::Code(599))),
            ("4XX", Some(StatusPattern::Range(4))),
            ("5xx", Some(StatusPattern::Range(5))),
            ("default", Some(StatusPattern::Default)),
            ("Default", Some(StatusPattern::Default)),
            ("6XX", None),
            ("20", None),
            ("2000", None),
            ("099", None),
            ("40X", None),
            ("", None),
            ("٢٠٠", None),
        ] {
            assert_eq!(status(key), expected, "{key}");
        }
    }
}
