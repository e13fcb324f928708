//! The JSON examples of a page: of which half of an exchange each is, and of which status.

use serde_json::Value;

use super::embedded::is_openapi;
use super::{Block, Content, Page};

/// The half of an exchange that an example shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// What is sent.
    Request,
    /// What is answered.
    Response,
}

/// A JSON example.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The half that it shows.
    pub half: Half,
    /// The status that the page names for it; `None` for that of a request, and where the page names none.
    pub status: Option<u16>,
    /// The text as on the page.
    pub text: String,
    /// What it says.
    pub value: Value,
    /// Its first line.
    pub line: u32,
    /// How many texts had the angle brackets taken off that Markdown puts around a link.
    pub unlinked: usize,
}

impl Page {
    /// The JSON examples of the page, in order, and those that are announced as JSON and are none, by line and reason.
    pub fn examples(&self) -> (Vec<Example>, Vec<(u32, String)>) {
        let (mut examples, mut unreadable) = (Vec::new(), Vec::new());
        for (number, block) in self.blocks.iter().enumerate() {
            let Content::Code { info, text, .. } = &block.content else { continue };
            let language = info.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            if !matches!(language.as_str(), "" | "json" | "jsonc" | "json5") || is_openapi(text) || text.trim().is_empty() {
                continue;
            }
            match serde_json::from_str::<Value>(text) {
                Ok(value) if value.is_object() || value.is_array() => {
                    let (half, status) = self.place_of(number, block, info);
                    let mut example = Example { half, status, text: text.clone(), value, line: block.line, unlinked: 0 };
                    if info.is_empty() {
                        example.unlinked = unlink(&mut example.value);
                    }
                    examples.push(example);
                }
                Err(error) if language == "json" => {
                    let line = block.line.saturating_add(u32::try_from(error.line()).unwrap_or(u32::MAX)).saturating_sub(1);
                    unreadable.push((line, format!("the example is no JSON: {}", reason(&error))));
                }
                _ => {}
            }
        }
        (examples, unreadable)
    }

    /// What an example is of: said on its fence, by the component around it, by the line before it, or by a heading above it.
    fn place_of(&self, number: usize, block: &Block, info: &str) -> (Half, Option<u16>) {
        let mut said = vec![info.split_once(char::is_whitespace).map_or(String::new(), |(_, rest)| rest.to_owned())];
        for component in self.around(block.line) {
            said.push(component.attribute("title").unwrap_or_default().to_owned());
            said.push(component.name.clone());
        }
        if let Some(Content::Paragraph(text) | Content::Item(text)) =
            number.checked_sub(1).and_then(|before| self.blocks.get(before)).map(|block| &block.content)
        {
            // A line that leads to the example, not a paragraph about other things.
            said.extend(text.lines().last().filter(|line| line.len() < 80).map(str::to_owned));
        }
        said.extend(self.headings(block).map(str::to_owned));
        let status = said.iter().find_map(|text| status_in(text));
        let half = said.iter().find_map(|text| half_in(text)).unwrap_or(Half::Response);
        // An answer is what has a status.
        if status.is_some() { (Half::Response, status) } else { (half, None) }
    }
}

/// What serde_json says, without the place, which is one in the example.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

/// The status that a text names: three digits that stand alone.
pub(super) fn status_in(text: &str) -> Option<u16> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| word.len() == 3).filter_map(|word| word.parse().ok()).find(|status| (100..600).contains(status))
}

/// The half that a text speaks of.
fn half_in(text: &str) -> Option<Half> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["response", "returns", "error", "success"]) {
        Some(Half::Response)
    } else if has(&["request", "body", "payload", "parameter"]) {
        Some(Half::Request)
    } else {
        None
    }
}

/// Takes the angle brackets off texts that are a link and nothing else: they are Markdown's, and no part of the value.
fn unlink(value: &mut Value) -> usize {
    match value {
        Value::String(text) => {
            let inner = text
                .strip_prefix('<')
                .and_then(|text| text.strip_suffix('>'))
                .filter(|text| text.starts_with("http://") || text.starts_with("https://"));
            let Some(inner) = inner.map(str::to_owned) else { return 0 };
            *text = inner;
            1
        }
        Value::Array(items) => items.iter_mut().map(unlink).sum(),
        Value::Object(members) => members.values_mut().map(unlink).sum(),
        _ => 0,
    }
}
