//! The requests that a page speaks of: `DELETE /contacts/{id}` in a heading, a paragraph, a fence or what the page says about itself,
//! and commands of curl.

use wireproof_openapi::Position;

use super::curl::{self, Curl};
use super::{Content, Page};

/// The methods that OpenAPI has operations for.
pub(crate) const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

/// A method and a path or URL, as a page names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method in capitals.
    pub method: String,
    /// The path or URL, without its query; variables as the page writes them.
    pub url: String,
    /// The query, without `?`.
    pub query: String,
    /// The headers of an example, in order.
    pub headers: Vec<(String, String)>,
    /// The body of an example.
    pub body: Option<String>,
    /// Whether it is an example with values, as a command of curl is, and not a template.
    pub example: bool,
    /// Its line.
    pub line: u32,
}

impl Call {
    /// The path, its variables in braces: `/contacts/:id` and `/contacts/<id>` become `/contacts/{id}`.
    pub fn template(&self) -> String {
        let path = self.path();
        let segment = |segment: &str| {
            let name = segment
                .strip_prefix(':')
                .or_else(|| segment.strip_prefix('<')?.strip_suffix('>'))
                .or_else(|| segment.strip_prefix("[")?.strip_suffix(']'));
            match name {
                Some(name) if !name.is_empty() => format!("{{{}}}", name.replace(['{', '}'], "")),
                _ => segment.to_owned(),
            }
        };
        path.split('/').map(segment).collect::<Vec<_>>().join("/")
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        match self.origin() {
            Some(origin) => self.url.get(origin.len()..).filter(|path| !path.is_empty()).unwrap_or("/"),
            None => &self.url,
        }
    }

    /// Scheme and host, where they are named.
    pub fn origin(&self) -> Option<&str> {
        let (scheme, rest) =
            self.url.split_once("://").filter(|(scheme, _)| scheme.chars().all(|letter| letter.is_ascii_alphanumeric()))?;
        let host = rest.find('/').unwrap_or(rest.len());
        self.url.get(..scheme.len() + 3 + host)
    }

    /// Where it stands.
    pub fn position(&self, page: &Page) -> Position {
        page.position(self.line)
    }
}

impl Page {
    /// The requests that the page speaks of, in its order; what it says about itself comes first.
    pub fn calls(&self) -> Vec<Call> {
        let stated = ["openapi", "api"].iter().filter_map(|key| self.stated(key)).filter_map(|(value, line)| of_text(value, line));
        let embedded = self.embedded().into_iter().filter_map(|embedded| embedded.call);
        let mut calls: Vec<Call> = stated.chain(embedded).collect();
        for block in &self.blocks {
            match &block.content {
                Content::Heading { text, .. } => calls.extend(of_text(text, block.line)),
                Content::Paragraph(text) | Content::Item(text) => {
                    let lines = text.lines().zip(block.line..);
                    calls.extend(lines.filter_map(|(line, number)| of_text(line.trim_matches(['`', ' ']), number)));
                }
                Content::Code { info, text, .. } => calls.extend(of_code(info, text, block.line)),
                Content::Table { .. } => {}
            }
        }
        // An example with values that stands for a template seen before is one.
        let templates: Vec<(String, String)> =
            calls.iter().filter(|call| !call.example).map(|call| (call.method.clone(), call.template())).collect();
        for call in &mut calls {
            let shows = |(method, template): &(String, String)| {
                *method == call.method && template.contains('{') && call.path() != template && fits(template, call.path())
            };
            call.example |= templates.iter().any(shows) && !call.template().contains('{');
        }
        calls
    }
}

/// Whether a path is one that a template stands for.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let fit = template
        .split('/')
        .all(|expected| segments.next().is_some_and(|segment| (expected.starts_with('{') && !segment.is_empty()) || expected == segment));
    fit && segments.next().is_none()
}

/// `METHOD /path` or `METHOD https://...`, nothing else.
pub(super) fn of_text(text: &str, line: u32) -> Option<Call> {
    let text = text.trim().trim_matches('`');
    let (method, url) = text.split_once(char::is_whitespace)?;
    let method = method.trim_matches(['`', '*', '[', ']']).to_ascii_uppercase();
    let url = url.trim().trim_matches('`');
    let is_url = url.starts_with('/') || url.starts_with("http://") || url.starts_with("https://");
    if !METHODS.contains(&method.as_str()) || !is_url || url.contains(char::is_whitespace) {
        return None;
    }
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let example = !query.is_empty();
    Some(Call { method, url: url.to_owned(), query: query.to_owned(), headers: Vec::new(), body: None, example, line })
}

/// The requests in a fenced block: commands of curl, and first lines of HTTP messages.
fn of_code(info: &str, text: &str, line: u32) -> Vec<Call> {
    if let Some(Curl { method, url, headers, body, offset }) = curl::find(text) {
        let (url, query) = url.split_once('?').unwrap_or((&url, ""));
        let above = text.get(..offset).unwrap_or_default().matches('\n').count();
        let line = line.saturating_add(u32::try_from(above).unwrap_or(u32::MAX));
        let template = url.contains(['{', '<']);
        return vec![Call { method, url: url.to_owned(), query: query.to_owned(), headers, body, example: !template, line }];
    }
    let language = info.split_whitespace().next().unwrap_or_default();
    if matches!(language, "" | "http" | "text" | "bash" | "sh" | "shell") {
        let lines = text.lines().zip(line..);
        return lines.filter_map(|(text, number)| of_text(text.trim_end_matches(" HTTP/1.1"), number)).take(1).collect();
    }
    Vec::new()
}
