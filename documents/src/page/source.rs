//! What of a page is no Markdown: what it says about itself before its first line (`---`), components of MDX, and JSON and commands of curl
//! that stand there without a fence, as in pages that were captured as text. It is taken down and blanked out, so that what remains is Markdown,
//! line by line where it was.

use serde_json::Value;

use super::{Component, curl};

/// How deep components are followed.
const DEPTH_LIMIT: usize = 64;

/// A page taken apart.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Names and values with their lines.
    pub(super) front_matter: Vec<(String, String, u32)>,
    pub(super) components: Vec<Component>,
    /// JSON and commands of curl without a fence: the first line and the text.
    pub(super) bare: Vec<(u32, String)>,
    /// The lines of the page as Markdown.
    pub(super) markdown: String,
}

/// Takes a page apart.
pub(super) fn scan(text: &str) -> Scanned {
    let mut scanned = Scanned::default();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut next = front_matter(&lines, &mut scanned);
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    while let Some(line) = lines.get(next) {
        let shift = open.last().map_or(0, |(_, indent)| *indent);
        let trimmed = line.trim();
        if let Some((mark, length)) = fence {
            let closes = trimmed.len() >= length && trimmed.chars().all(|letter| letter == mark);
            fence = if closes { None } else { fence };
            push_line(dedented(line, shift), &mut scanned.markdown);
            next += 1;
        } else if let Some(opened) = fence_of(trimmed) {
            fence = Some(opened);
            push_line(dedented(line, shift), &mut scanned.markdown);
            next += 1;
        } else if is_tag(trimmed) {
            next += tag(&lines, next, &mut open, &mut scanned);
        } else if let Some(count) = bare_json(&lines, next).or_else(|| bare_command(&lines, next)) {
            let text: String = lines.iter().skip(next).take(count).copied().collect();
            scanned.bare.push((number_of(next), text));
            blank(count, &mut scanned.markdown);
            next += count;
        } else {
            push_line(dedented(line, shift), &mut scanned.markdown);
            next += 1;
        }
    }
    let last = number_of(lines.len().saturating_sub(1));
    for (component, _) in open {
        if let Some(component) = scanned.components.get_mut(component) {
            component.end = last;
        }
    }
    scanned
}

/// The number of a line, from 1.
fn number_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

fn blank(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n('\n', count));
}

fn push_line(line: &str, out: &mut String) {
    out.push_str(line.trim_end_matches(['\n', '\r']));
    out.push('\n');
}

/// The line without the indentation that it has for standing in a component.
fn dedented(line: &str, shift: usize) -> &str {
    let spaces = line.bytes().take(shift).take_while(|byte| *byte == b' ').count();
    line.get(spaces..).unwrap_or(line)
}

/// The fence that a trimmed line opens: its character and length.
fn fence_of(trimmed: &str) -> Option<(char, usize)> {
    let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = trimmed.chars().take_while(|letter| *letter == mark).count();
    let info = trimmed.get(length..).unwrap_or_default();
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length))
}

/// Reads `---`, lines of `name: value`, `---` at the beginning; the number of its lines.
fn front_matter(lines: &[&str], scanned: &mut Scanned) -> usize {
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    let Some(end) = lines.iter().skip(1).position(|line| line.trim_end() == "---") else { return 0 };
    for (index, line) in lines.iter().enumerate().skip(1).take(end) {
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.starts_with([' ', '#', '-'])) {
            let value = value.trim();
            let unquoted = value.strip_prefix(['"', '\'']).and_then(|value| value.strip_suffix(['"', '\'']));
            scanned.front_matter.push((name.trim().to_owned(), unquoted.unwrap_or(value).to_owned(), number_of(index)));
        }
    }
    blank(end + 2, &mut scanned.markdown);
    end + 2
}

/// Whether a line begins with a component's tag: components have names with capitals, which elements of HTML do not.
fn is_tag(trimmed: &str) -> bool {
    let name = trimmed.strip_prefix("</").or_else(|| trimmed.strip_prefix('<')).unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// Reads the tags at the beginning of a line, which may go on over several; the number of lines that were read.
fn tag(lines: &[&str], first: usize, open: &mut Vec<(usize, usize)>, scanned: &mut Scanned) -> usize {
    let indent = lines.get(first).map_or(0, |line| line.len() - line.trim_start().len());
    let mut text = String::new();
    for (count, line) in lines.iter().skip(first).enumerate().take(100) {
        text.push_str(line);
        let Some(end) = tag_end(text.trim_start()) else { continue };
        let trimmed = text.trim_start();
        let (tag, rest) = (trimmed.get(1..end).unwrap_or_default(), trimmed.get(end + 1..).unwrap_or_default());
        let last = first + count;
        if let Some(name) = tag.strip_prefix('/') {
            close(name.trim(), number_of(last), open, scanned);
        } else {
            let closed = tag.ends_with('/');
            begin(tag.trim_end_matches('/'), number_of(first), number_of(last), (!closed).then_some(indent), open, scanned);
        }
        blank(count, &mut scanned.markdown);
        let mut rest = rest.trim();
        // What stands behind the tag is content, and perhaps its end.
        while let Some((before, name)) = rest.strip_suffix('>').and_then(|rest| rest.rsplit_once("</")).filter(|(_, name)| is_name(name)) {
            close(name, number_of(last), open, scanned);
            rest = before.trim_end();
        }
        push_line(rest, &mut scanned.markdown);
        return count + 1;
    }
    push_line(lines.get(first).copied().unwrap_or_default(), &mut scanned.markdown);
    1
}

fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.')
}

/// Where the tag at the beginning of a text has its `>`.
fn tag_end(text: &str) -> Option<usize> {
    let (mut quote, mut braces) = (None, 0_usize);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, '>') if braces == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn begin(tag: &str, line: u32, end: u32, indent: Option<usize>, open: &mut Vec<(usize, usize)>, scanned: &mut Scanned) {
    let name: String = tag.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '.').collect();
    let attributes = attributes(tag.get(name.len()..).unwrap_or_default());
    let parent = open.last().map(|(component, _)| *component);
    scanned.components.push(Component { name, attributes, line, end, parent });
    if let Some(indent) = indent.filter(|_| open.len() < DEPTH_LIMIT) {
        // People indent what stands in a component by two.
        open.push((scanned.components.len() - 1, indent + 2));
    }
}

/// Ends the innermost open component of this name, and those in it that were left open.
fn close(name: &str, line: u32, open: &mut Vec<(usize, usize)>, scanned: &mut Scanned) {
    let is_it = |(component, _): &(usize, usize)| scanned.components.get(*component).is_some_and(|component| component.name == name);
    let Some(position) = open.iter().rposition(is_it) else { return };
    for (component, _) in open.drain(position..) {
        if let Some(component) = scanned.components.get_mut(component) {
            component.end = line;
        }
    }
}

/// Reads `name="value"`, `name='value'`, `name={value}` and bare names, which are `true`.
fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let length = rest.find(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(length);
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('=') {
            None => ("true", after),
            Some(value) => attribute_value(value.trim_start()),
        };
        if !name.is_empty() {
            found.push((name.to_owned(), value.to_owned()));
        }
        // A stray `=` must not stop the way forward.
        rest = if after.len() == rest.len() { after.get(1..).unwrap_or_default() } else { after }.trim_start();
    }
    found
}

/// The value at the beginning of a text, and what follows.
fn attribute_value(text: &str) -> (&str, &str) {
    let enclosed = |open: char, close: char| {
        let inner = text.strip_prefix(open)?;
        let mut depth = 0_usize;
        let end = inner.char_indices().find(|(_, letter)| {
            if *letter == close && depth == 0 {
                return true;
            }
            depth = match *letter {
                letter if letter == open && open != close => depth + 1,
                letter if letter == close => depth - 1,
                _ => depth,
            };
            false
        });
        let (end, _) = end?;
        Some((inner.get(..end)?, inner.get(end + 1..)?))
    };
    enclosed('"', '"')
        .or_else(|| enclosed('\'', '\''))
        .or_else(|| enclosed('{', '}'))
        .unwrap_or_else(|| text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())))
}

/// How many lines the JSON takes that begins at a line; `None` where none does.
fn bare_json(lines: &[&str], first: usize) -> Option<usize> {
    // Only from a bracket alone in its line on, or a whole value in it, can it be meant as JSON: `[a link](...)` cannot.
    let line = lines.get(first).filter(|line| line.starts_with(['{', '[']))?.trim();
    if serde_json::from_str::<Value>(line).is_ok() {
        return Some(1);
    }
    if line.len() > 1 {
        return None;
    }
    let closing = if line == "{" { "}" } else { "]" };
    let last = lines.iter().enumerate().skip(first).find(|(_, line)| line.trim_end() == closing).map(|(index, _)| index)?;
    let text: String = lines.iter().take(last + 1).skip(first).copied().collect();
    serde_json::from_str::<Value>(&text).is_ok().then_some(last + 1 - first)
}

/// How many lines the command of curl takes that begins at a line; `None` where none does, as in a sentence about curl.
fn bare_command(lines: &[&str], first: usize) -> Option<usize> {
    lines.get(first).filter(|line| line.starts_with("curl "))?;
    let more = lines.iter().skip(first).take_while(|line| line.trim_end().ends_with('\\')).count();
    let text: String = lines.iter().skip(first).take(more + 1).copied().collect();
    curl::find(&text).filter(|command| command.url.contains("://"))?;
    Some(text.lines().count())
}
