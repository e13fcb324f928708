//! What a page states of parameters, fields and errors: in tables, in components of MDX, in lists, and in lines of name, type and
//! description as they are left when a page is captured as text.

use super::example::status_in;
use super::{Block, Component, Content, Page, Row};

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Within the path.
    Path,
    /// Within the query string.
    Query,
    /// As a request header.
    Header,
    /// As a cookie.
    Cookie,
    /// As a member of the request body.
    Body,
}

/// What a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// Something that is sent.
    Parameter(Place),
    /// A member of the response body.
    Response,
}

/// What a page states of a parameter or a member of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub kind: FieldKind,
    /// Its name; members of members as `data.id`.
    pub name: String,
    /// Its type, in the page's words.
    pub type_name: Option<String>,
    /// Whether it must be there, where the page says so.
    pub required: Option<bool>,
    /// About it.
    pub description: String,
    /// The status of the response that it belongs to, where the page names one.
    pub status: Option<u16>,
    /// Its line.
    pub line: u32,
}

/// A status that a page lists, with the code that the error's body has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The status.
    pub status: u16,
    /// The code, if the page lists one.
    pub code: Option<String>,
    /// About it.
    pub description: String,
    /// Its line.
    pub line: u32,
}

/// What columns of tables are called.
const NAME: &[&str] = &["parameter", "name", "field", "header", "property", "attribute", "key", "param", "argument"];
const TYPE: &[&str] = &["type", "data type", "format"];
const REQUIRED: &[&str] = &["required", "required?", "mandatory"];
const DESCRIPTION: &[&str] = &["description", "details", "meaning", "notes", "message"];
const STATUS: &[&str] = &["status", "status code", "http status", "http code", "http status code", "code"];
const CODE: &[&str] = &["code", "error code", "error", "type", "error type"];

impl Page {
    /// The parameters and fields that the page states, in its order.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = self.fields_of_components();
        for (number, block) in self.blocks.iter().enumerate() {
            let Some((kind, status)) = self.kind_of(block) else { continue };
            match &block.content {
                Content::Table { header, rows } => fields.extend(rows.iter().filter_map(|row| of_row(header, row, kind, status))),
                Content::Item(text) => fields.extend(of_item(text, kind, status, block.line)),
                Content::Paragraph(text) => fields.extend(self.of_lines(text, kind, status, number)),
                _ => {}
            }
        }
        fields.sort_by_key(|field| field.line);
        fields
    }

    /// The statuses that tables of the page list.
    pub fn errors(&self) -> Vec<ErrorCode> {
        let tables = self.blocks.iter().filter_map(|block| match &block.content {
            Content::Table { header, rows } => Some((header, rows)),
            _ => None,
        });
        tables.flat_map(|(header, rows)| rows.iter().filter_map(|row| error_of_row(header, row))).collect()
    }

    /// Values of parameters that a list of examples on the page gives: the words for the parameter, and the value.
    pub fn sample_values(&self) -> Vec<(String, String)> {
        let items = self
            .blocks
            .iter()
            .filter(|block| self.headings(block).next().is_some_and(|heading| heading.to_ascii_lowercase().contains("example")));
        let pairs = items.filter_map(|block| match &block.content {
            Content::Item(text) => text.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())),
            _ => None,
        });
        pairs.filter(|(name, value)| !name.is_empty() && !value.is_empty() && !value.contains(char::is_whitespace)).collect()
    }

    /// What the fields in a block are, by the headings above it.
    fn kind_of(&self, block: &Block) -> Option<(FieldKind, Option<u16>)> {
        let headings: Vec<String> = self.headings(block).map(str::to_ascii_lowercase).collect();
        if headings.first().is_some_and(|heading| heading.contains("example")) {
            return None;
        }
        let status = headings.iter().find_map(|heading| status_in(heading));
        let kind = headings.iter().find_map(|heading| {
            let has = |word: &str| heading.contains(word);
            if has("response") || has("returns") {
                // Headers of responses are no members of their bodies.
                (!has("header")).then_some(FieldKind::Response)
            } else if has("path") {
                Some(FieldKind::Parameter(Place::Path))
            } else if has("query") {
                Some(FieldKind::Parameter(Place::Query))
            } else if has("header") {
                Some(FieldKind::Parameter(Place::Header))
            } else if has("cookie") {
                Some(FieldKind::Parameter(Place::Cookie))
            } else if has("body") || has("request param") {
                Some(FieldKind::Parameter(Place::Body))
            } else {
                None
            }
        })?;
        Some((kind, status))
    }

    fn fields_of_components(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for (number, component) in self.components.iter().enumerate() {
            let Some((kind, name)) = field_of(component) else { continue };
            let mut names = vec![name.to_owned()];
            let mut parent = component.parent;
            while let Some(above) = parent.and_then(|parent| self.components.get(parent)) {
                if let Some((_, name)) = field_of(above).filter(|(above, _)| *above == kind) {
                    names.push(name.to_owned());
                }
                parent = above.parent;
            }
            names.reverse();
            let required = component.attribute("required").map(|value| value != "false");
            fields.push(Field {
                kind,
                name: names.join("."),
                type_name: component.attribute("type").map(str::to_owned),
                required,
                description: self.text_of(number),
                status: None,
                line: component.line,
            });
        }
        fields
    }

    /// The text that stands in a component and in no field within it.
    fn text_of(&self, number: usize) -> String {
        let innermost = |line: u32| {
            let around = self.components.iter().enumerate().rev().filter(|(_, component)| component.line <= line && line <= component.end);
            around.filter(|(_, component)| field_of(component).is_some()).map(|(number, _)| number).next()
        };
        let texts = self.blocks.iter().filter(|block| innermost(block.line) == Some(number)).filter_map(|block| match &block.content {
            Content::Paragraph(text) | Content::Item(text) => Some(text.replace('\n', " ")),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n\n")
    }

    /// Name and type in two lines, the description in the paragraph after them.
    fn of_lines(&self, text: &str, kind: FieldKind, status: Option<u16>, number: usize) -> Option<Field> {
        let block = self.blocks.get(number)?;
        let (name, type_name) = name_and_type(text)?;
        let description = match self.blocks.get(number + 1) {
            Some(Block { content: Content::Paragraph(text), under, .. }) if *under == block.under && name_and_type(text).is_none() => {
                text.replace('\n', " ")
            }
            _ => String::new(),
        };
        let required = required_in(text).or_else(|| required_in(&description));
        Some(Field { kind, name, type_name: Some(type_name), required, description, status, line: block.line })
    }
}

fn name_and_type(text: &str) -> Option<(String, String)> {
    let mut lines = text.lines().map(str::trim);
    let (name, type_name) = (lines.next()?, lines.next()?);
    let rest: Vec<&str> = lines.collect();
    let fits = rest.is_empty() || (rest.len() == 1 && required_in(text).is_some());
    (fits && is_name(name) && is_type(type_name)).then(|| (name.to_owned(), type_name.to_owned()))
}

/// The field that a component describes.
fn field_of(component: &Component) -> Option<(FieldKind, &str)> {
    match component.name.as_str() {
        "ResponseField" => component.attribute("name").map(|name| (FieldKind::Response, name)),
        "ParamField" => {
            let places = [
                ("path", Place::Path),
                ("query", Place::Query),
                ("header", Place::Header),
                ("cookie", Place::Cookie),
                ("body", Place::Body),
            ];
            places.iter().find_map(|(attribute, place)| component.attribute(attribute).map(|name| (FieldKind::Parameter(*place), name)))
        }
        _ => None,
    }
}

/// The cell of a row under a header of one of these names.
fn cell<'r>(header: &[String], row: &'r Row, names: &[&str]) -> Option<&'r str> {
    let column = header.iter().position(|title| names.contains(&title.trim().to_ascii_lowercase().as_str()))?;
    row.cells.get(column).map(|cell| cell.trim())
}

fn of_row(header: &[String], row: &Row, kind: FieldKind, status: Option<u16>) -> Option<Field> {
    let name = cell(header, row, NAME)?;
    let (name, starred) = match name.strip_suffix('*') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let name = name.split_whitespace().next().filter(|name| is_name(name))?;
    let description = cell(header, row, DESCRIPTION).unwrap_or_default();
    let type_name = cell(header, row, TYPE).filter(|text| !text.is_empty());
    let stated = cell(header, row, REQUIRED).and_then(|text| match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "required" | "y" | "✓" | "✅" => Some(true),
        "no" | "false" | "optional" | "n" | "" | "-" => Some(false),
        _ => None,
    });
    let required =
        stated.or_else(|| starred.then_some(true)).or_else(|| required_in(description)).or_else(|| type_name.and_then(required_in));
    Some(Field {
        kind,
        name: name.to_owned(),
        type_name: type_name.map(str::to_owned),
        required,
        description: description.to_owned(),
        status,
        line: row.line,
    })
}

/// A field in a list: `id (string, required): what it is`.
fn of_item(text: &str, kind: FieldKind, status: Option<u16>, line: u32) -> Option<Field> {
    let first = text.lines().next()?;
    let (name, rest) = first.split_once(char::is_whitespace).unwrap_or((first, ""));
    let name = name.trim_end_matches(':');
    let (inside, description) = match rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inside, description)) => (inside, description),
        None => ("", rest),
    };
    let type_name = inside.split(',').map(str::trim).find(|word| is_type(word));
    if !is_name(name) || type_name.is_none() {
        return None;
    }
    let description = description.trim_start_matches([':', '-', '–', '—', ' ']).trim();
    let required = required_in(inside).or_else(|| required_in(description));
    Some(Field {
        kind,
        name: name.to_owned(),
        type_name: type_name.map(str::to_owned),
        required,
        description: description.to_owned(),
        status,
        line,
    })
}

fn error_of_row(header: &[String], row: &Row) -> Option<ErrorCode> {
    let status = cell(header, row, STATUS).and_then(status_in)?;
    let code = cell(header, row, CODE).filter(|text| status_in(text).is_none() && !text.is_empty() && !text.contains(' '));
    let description = cell(header, row, DESCRIPTION).unwrap_or_default().to_owned();
    Some(ErrorCode { status, code: code.map(str::to_owned), description, line: row.line })
}

/// Whether a text says that something must be there.
fn required_in(text: &str) -> Option<bool> {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_ascii_lowercase);
    words.find_map(|word| match word.as_str() {
        "required" | "mandatory" => Some(true),
        "optional" => Some(false),
        _ => None,
    })
}

/// Whether a text can be the name of a parameter or a member.
fn is_name(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '_' | '$' | '@'))
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$' | '@' | '[' | ']'))
}

/// Whether a text is the name of a type, as pages write them.
pub(crate) fn is_type(text: &str) -> bool {
    let word = text.trim().to_ascii_lowercase();
    let word = word.split(['<', '[', '(', ' ', '|', ',']).next().unwrap_or_default();
    matches!(
        word,
        "string"
            | "str"
            | "text"
            | "integer"
            | "int"
            | "int32"
            | "int64"
            | "number"
            | "float"
            | "double"
            | "decimal"
            | "boolean"
            | "bool"
            | "object"
            | "array"
            | "list"
            | "uuid"
            | "date"
            | "datetime"
            | "timestamp"
            | "enum"
            | "file"
            | "null"
            | "map"
            | "email"
            | "url"
            | "uri"
    )
}
