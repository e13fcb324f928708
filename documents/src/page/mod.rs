//! Documentation pages of vendors as what they are made of: headings, fenced blocks, tables, lists, paragraphs and the components of MDX,
//! each with its line.
//!
//! ```text
//! text --source.rs--> components, bare JSON, text without either --markdown.rs--> blocks --+--> embedded.rs    the documents on the page
//!                                                                                        +--> call.rs        requests as curl, `METHOD /path`
//!                                                                                        +--> statement.rs   parameters, fields, error codes
//!                                                                                        +--> example.rs     JSON with the status it is for
//! ```
//!
//! Nothing here judges: `import/` makes documents and recordings of pages, `draft/` makes documents where there is none, and
//! `agreement/` holds a page against a document.

mod call;
mod curl;
mod embedded;
mod example;
mod markdown;
mod source;
mod statement;
#[cfg(test)]
mod tests;

pub use call::Call;
pub(crate) use call::{METHODS, fits};
pub use embedded::{Difference, Embedded};
pub use example::{Example, Half};
pub use statement::{ErrorCode, Field, FieldKind, Place};

use wireproof_openapi::{Position, Source};

/// A page, read.
#[derive(Debug)]
pub struct Page {
    source: Source,
    /// What the page says about itself before its first line of content.
    front_matter: Vec<(String, String, u32)>,
    components: Vec<Component>,
    blocks: Vec<Block>,
}

/// A piece of a page.
#[derive(Clone, Debug)]
struct Block {
    /// Its first line, from 1; of a fenced block, that of its content.
    line: u32,
    /// The headings that it stands under, from the outermost on, by their numbers among the blocks.
    under: Vec<usize>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Heading { level: u8, text: String },
    Paragraph(String),
    Code { info: String, text: String, closed: bool },
    Table { header: Vec<String>, rows: Vec<Row> },
    Item(String),
}

/// A row of a table.
#[derive(Clone, Debug)]
struct Row {
    line: u32,
    cells: Vec<String>,
}

/// A component of MDX, `<ParamField path="id">`.
#[derive(Clone, Debug)]
struct Component {
    name: String,
    attributes: Vec<(String, String)>,
    line: u32,
    /// The last line that belongs to it.
    end: u32,
    /// The component that it stands in, by its number.
    parent: Option<usize>,
}

impl Component {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Page {
    /// Reads a page. Any text is one: what has no form is paragraphs.
    pub fn read(source: Source) -> Self {
        let scanned = source::scan(&source.text);
        let blocks = markdown::blocks(&scanned, &source.text);
        Self { front_matter: scanned.front_matter, components: scanned.components, blocks, source }
    }

    /// The file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The title: what the page says about itself, or its first heading, or its first line.
    pub fn title(&self) -> Option<String> {
        let stated = self.front_matter.iter().find(|(key, ..)| key == "title").map(|(_, value, _)| value.clone());
        let heading = || {
            self.blocks.iter().find_map(|block| match &block.content {
                Content::Heading { text, .. } if !markdown::is_section(text) => Some(text.clone()),
                _ => None,
            })
        };
        let line = || {
            self.blocks.iter().find_map(|block| match &block.content {
                Content::Paragraph(text) => text.lines().next().map(str::to_owned),
                _ => None,
            })
        };
        stated.or_else(heading).or_else(line)
    }

    /// The first paragraph below the title.
    pub fn lead(&self) -> Option<String> {
        let title =
            self.blocks.iter().position(|block| matches!(&block.content, Content::Heading { text, .. } if !markdown::is_section(text)))?;
        match &self.blocks.get(title + 1)?.content {
            Content::Paragraph(text) => Some(text.replace('\n', " ")),
            _ => None,
        }
    }

    /// The URLs in the page's code.
    pub fn urls(&self) -> Vec<&str> {
        let codes = self.blocks.iter().filter_map(|block| match &block.content {
            Content::Code { text, .. } => Some(text.as_str()),
            _ => None,
        });
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '<' | '>' | ')' | ',' | ';');
        let words = codes.flat_map(move |text| text.split(ends));
        words.filter(|word| word.starts_with("https://") || word.starts_with("http://")).collect()
    }

    /// What the page says about itself under this name, and where.
    fn stated(&self, key: &str) -> Option<(&str, u32)> {
        self.front_matter.iter().find(|(known, ..)| known == key).map(|(_, value, line)| (value.as_str(), *line))
    }

    /// A line of the page as a position.
    pub fn position(&self, line: u32) -> Position {
        Position { file: self.source.path.clone(), line, column: 1 }
    }

    /// The headings over a block, the nearest first.
    fn headings(&self, block: &Block) -> impl Iterator<Item = &str> {
        block.under.iter().rev().filter_map(|number| match &self.blocks.get(*number)?.content {
            Content::Heading { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }

    /// The components around a line, the innermost first.
    fn around(&self, line: u32) -> impl Iterator<Item = &Component> {
        self.components.iter().rev().filter(move |component| component.line <= line && line <= component.end)
    }
}
