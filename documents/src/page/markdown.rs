//! Markdown to blocks. `pulldown-cmark` reads it; what is added here is the line of each block, the headings above it, and headings of
//! pages that were captured as text and have no marks for them.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::source::Scanned;
use super::{Block, Content, Row};

/// Paragraphs that are headings where they stand alone, as the headings of sections are called on pages of all vendors.
const SECTIONS: &[&str] = &[
    "parameters",
    "path parameters",
    "query parameters",
    "query params",
    "path params",
    "header parameters",
    "headers",
    "request",
    "request body",
    "body",
    "body parameters",
    "request parameters",
    "request example",
    "example request",
    "endpoint example",
    "endpoint",
    "example",
    "response",
    "responses",
    "response body",
    "response parameters",
    "response example",
    "example response",
    "returns",
    "errors",
    "error responses",
    "error codes",
    "status codes",
    "notes",
    "authorization",
    "authentication",
];

/// The level of a heading without marks: below any with marks that matters.
const UNMARKED: u8 = 3;

/// Whether a text is what sections of any page are called, which says nothing about this one.
pub(super) fn is_section(text: &str) -> bool {
    SECTIONS.contains(&text.trim_end_matches(':').to_ascii_lowercase().as_str())
}

/// The blocks of a page, in its order.
pub(super) fn blocks(scanned: &Scanned, text: &str) -> Vec<Block> {
    let mut reader = Reader {
        lines: Lines::of(&scanned.markdown),
        originals: text.split_inclusive('\n').collect(),
        blocks: Vec::new(),
        open: None,
        quotes: 0,
        table: None,
    };
    let parser = Parser::new_ext(&scanned.markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    for (event, range) in parser.into_offset_iter() {
        reader.event(event, range);
    }
    reader.end_open();
    let mut blocks = reader.blocks;
    for (line, text) in &scanned.bare {
        let content = Content::Code { info: String::new(), text: text.clone(), closed: true };
        blocks.push(Block { line: *line, under: Vec::new(), content });
    }
    blocks.sort_by_key(|block| block.line);
    nest(&mut blocks);
    blocks
}

/// Says of each block which headings it stands under.
fn nest(blocks: &mut [Block]) {
    let mut above: Vec<(u8, usize)> = Vec::new();
    for (number, block) in blocks.iter_mut().enumerate() {
        if let Content::Heading { level, .. } = &block.content {
            above.retain(|(other, _)| other < level);
            block.under = above.iter().map(|(_, number)| *number).collect();
            above.push((*level, number));
        } else {
            block.under = above.iter().map(|(_, number)| *number).collect();
        }
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of a byte, from 1.
    fn number(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }
}

/// A block that has begun.
struct Open {
    line: u32,
    kind: Kind,
    text: String,
    end: usize,
}

enum Kind {
    Heading(u8),
    Paragraph,
    Item,
    Code { info: String, fenced: bool },
}

struct Reader<'s> {
    lines: Lines,
    /// The lines of the page itself, with their ends.
    originals: Vec<&'s str>,
    blocks: Vec<Block>,
    open: Option<Open>,
    /// How many block quotes are open: what stands in one is no part of the page's own order.
    quotes: usize,
    table: Option<(u32, Vec<String>, Vec<Row>)>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        let line = self.lines.number(range.start);
        match event {
            Event::Start(tag) => self.start(tag, line, range.end),
            Event::End(end) => self.end(end),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::InlineHtml(html) | Event::Html(html) => self.text(&html),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, line: u32, end: usize) {
        let kind = match tag {
            Tag::BlockQuote(_) => {
                self.quotes += 1;
                return;
            }
            Tag::Heading { level, .. } => Kind::Heading(number_of(level)),
            Tag::Paragraph if self.open.as_ref().is_some_and(|open| matches!(open.kind, Kind::Item)) => return,
            Tag::Paragraph | Tag::HtmlBlock => Kind::Paragraph,
            Tag::Item => Kind::Item,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Kind::Code { info: info.to_string(), fenced: true },
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code { info: String::new(), fenced: false },
            Tag::Table(_) => {
                self.table = Some((line, Vec::new(), Vec::new()));
                return;
            }
            Tag::TableRow => {
                if let Some((_, _, rows)) = &mut self.table {
                    rows.push(Row { line, cells: Vec::new() });
                }
                return;
            }
            Tag::TableCell => {
                self.cell();
                return;
            }
            // A link's text is what counts; where it leads is not asked.
            _ => return,
        };
        self.end_open();
        self.open = Some(Open { line, kind, text: String::new(), end });
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Paragraph if self.open.as_ref().is_some_and(|open| matches!(open.kind, Kind::Item)) => self.text("\n"),
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Item | TagEnd::Paragraph => self.end_open(),
            TagEnd::Table => {
                if let Some((line, header, rows)) = self.table.take() {
                    self.push(line, Content::Table { header, rows });
                }
            }
            _ => {}
        }
    }

    /// Begins a cell: the row's, or the header's where there is no row yet.
    fn cell(&mut self) {
        if let Some((_, header, rows)) = &mut self.table {
            rows.last_mut().map_or(header, |row| &mut row.cells).push(String::new());
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, header, rows)) = &mut self.table {
            if let Some(cell) = rows.last_mut().map_or(header, |row| &mut row.cells).last_mut() {
                cell.push_str(text);
            }
        } else if let Some(open) = &mut self.open {
            open.text.push_str(text);
        }
    }

    fn end_open(&mut self) {
        let Some(Open { line, kind, text, end }) = self.open.take() else { return };
        match kind {
            Kind::Heading(level) => self.push(line, Content::Heading { level, text: text.trim().to_owned() }),
            Kind::Paragraph | Kind::Item if text.trim().is_empty() => {}
            Kind::Paragraph => self.paragraph(line, text.trim()),
            Kind::Item => self.push(line, Content::Item(text.trim().to_owned())),
            Kind::Code { info, fenced: false } => self.push(line, Content::Code { info, text, closed: true }),
            Kind::Code { info, fenced: true } => self.fenced(line, end, &info, text),
        }
    }

    /// A fenced block. Where its fence is not indented, its text is that of the page, byte for byte.
    fn fenced(&mut self, line: u32, end: usize, info: &str, text: String) {
        let last = self.lines.number(end.saturating_sub(1));
        let index = |line: u32| usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let opening = self.originals.get(index(line)).copied().unwrap_or_default();
        let closing = self.originals.get(index(last)).copied().unwrap_or_default();
        let mark = opening.trim_start().chars().next().unwrap_or('`');
        let length = opening.trim_start().chars().take_while(|letter| *letter == mark).count();
        let closed = last > line && closing.trim().len() >= length && closing.trim().chars().all(|letter| letter == mark);
        let text = if opening.starts_with(mark) {
            let count = index(last) + usize::from(!closed) - index(line) - 1;
            self.originals.iter().skip(index(line) + 1).take(count).copied().collect()
        } else {
            text
        };
        self.push(line.saturating_add(1), Content::Code { info: info.trim().to_owned(), text, closed });
    }

    /// A paragraph, or a heading that has no mark.
    fn paragraph(&mut self, line: u32, text: &str) {
        if self.quotes == 0 && is_section(text) {
            self.push(line, Content::Heading { level: UNMARKED, text: text.to_owned() });
        } else {
            self.push(line, Content::Paragraph(text.to_owned()));
        }
    }

    fn push(&mut self, line: u32, content: Content) {
        // A quoted heading is somebody else's.
        let content = match content {
            Content::Heading { text, .. } if self.quotes > 0 => Content::Paragraph(text),
            content => content,
        };
        self.blocks.push(Block { line, under: Vec::new(), content });
    }
}

fn number_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
