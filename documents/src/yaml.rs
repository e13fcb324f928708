//! Trees as YAML text, laid out as people write OpenAPI documents. What is written reads back as the same tree: a text that could be
//! taken for something else is quoted. Nothing here reads YAML; that is `wireproof_openapi`'s work.

use std::fmt::Write as _;

use serde_json::Value;

/// How many columns a level is indented.
const INDENT: usize = 2;

/// The tree as the text of a YAML document, its last line ended.
pub fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => node(value, 0, &mut out),
        Value::Array(items) if !items.is_empty() => node(value, 0, &mut out),
        scalar_value => {
            scalar(scalar_value, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

/// Writes the members or items of a value that has some, from the beginning of a line on.
fn node(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) => {
            for (position, (name, member)) in members.iter().enumerate() {
                if position > 0 {
                    pad(indent, out);
                }
                key(name, out);
                out.push(':');
                below(member, indent, out);
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    pad(indent, out);
                }
                out.push('-');
                if has_children(item) {
                    out.push(' ');
                    node(item, indent + INDENT, out);
                } else {
                    out.push(' ');
                    scalar(item, indent, out);
                    out.push('\n');
                }
            }
        }
        _ => {}
    }
}

/// Writes what follows a key.
fn below(value: &Value, indent: usize, out: &mut String) {
    if has_children(value) {
        out.push('\n');
        pad(indent + INDENT, out);
        node(value, indent + INDENT, out);
    } else {
        out.push(' ');
        scalar(value, indent, out);
        out.push('\n');
    }
}

fn has_children(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn key(name: &str, out: &mut String) {
    if is_plain(name) { out.push_str(name) } else { quoted(name, out) }
}

/// Writes a value without children; `indent` is that of the line it stands in.
fn scalar(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        // A number is written as it was: none is rounded.
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) => out.push_str("[]"),
        Value::String(text) if is_plain(text) => out.push_str(text),
        Value::String(text) if is_block(text) => block(text, indent, out),
        Value::String(text) => quoted(text, out),
    }
}

/// Whether a text means itself without quotes, whoever reads it: also by the rules of YAML 1.1, in which `no` is false.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    // Three numbers with dots are no number.
    if text.split('.').count() == 3 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return true;
    }
    let starts = first.is_ascii_alphabetic() || matches!(first, '/' | '_' | '$' | '(') || (first.is_alphabetic() && !first.is_control());
    let inner = |letter: char| {
        letter.is_alphanumeric()
            || matches!(
                letter,
                ' ' | '/'
                    | '_'
                    | '-'
                    | '.'
                    | ','
                    | '{'
                    | '}'
                    | '('
                    | ')'
                    | '$'
                    | '+'
                    | '='
                    | '~'
                    | ':'
                    | ';'
                    | '\''
                    | '"'
                    | '`'
                    | '<'
                    | '>'
                    | '?'
                    | '@'
                    | '&'
                    | '*'
                    | '%'
                    | '!'
                    | '['
                    | ']'
            )
    };
    let word = text.to_ascii_lowercase();
    starts
        && text.chars().all(inner)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !matches!(word.as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "nan" | "inf")
}

/// Whether a text can stand as lines of its own.
fn is_block(text: &str) -> bool {
    let printable =
        |letter: char| letter == '\n' || (!letter.is_control() && !matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'));
    text.contains('\n')
        && text.chars().all(printable)
        // What would have to say how far it is indented, or would lose lines at its end, is better quoted.
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && text.lines().all(|line| !line.ends_with(' ') && (line.trim().len() == line.trim_start().len()))
        && !text.lines().any(|line| line.is_empty() != line.trim().is_empty())
}

fn block(text: &str, indent: usize, out: &mut String) {
    out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
    for line in text.lines() {
        out.push('\n');
        if !line.is_empty() {
            pad(indent + INDENT, out);
            out.push_str(line);
        }
    }
}

/// Single quotes where they do, double quotes with escapes where they are needed.
fn quoted(text: &str, out: &mut String) {
    let needs_escapes = |letter: char| letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    if !text.chars().any(needs_escapes) {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
        return;
    }
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if needs_escapes(letter) => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wireproof_openapi::Source;

    use super::*;

    #[test]
    fn documents_look_as_people_write_them() {
        let value = json!({
            "openapi": "3.0.3",
            "paths": {"/a/{id}": {"get": {"responses": {"200": {"description": "fine: really"}}, "tags": [], "security": [{}]}}},
            "list": [{"name": "id", "in": "path"}, [1, 2], "x"],
            "text": "one\n\n  two\n",
        });
        insta::assert_snapshot!(to_yaml(&value), @r"
        openapi: 3.0.3
        paths:
          /a/{id}:
            get:
              responses:
                '200':
                  description: 'fine: really'
              tags: []
              security:
                - {}
        list:
          - name: id
            in: path
          - - 1
            - 2
          - x
        text: |
          one

            two
        ");
    }

    #[test]
    fn what_is_written_reads_back() {
        let texts = [
            "",
            " ",
            "no",
            "~",
            "null",
            "1",
            "1.0",
            "0x10",
            "-",
            "- a",
            "a: b",
            "a #b",
            "a:",
            "#",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'",
            "\"",
            "\\",
            "a\\b",
            "\n",
            "a\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a\n b",
            "a \nb",
            "a\n \nb",
            "a\tb",
            "\ta",
            "a\r\nb",
            "\u{85}",
            "\u{feff}a",
            "é",
            "日本",
            "\u{0}",
            "{a}",
            "[a]",
            "a, b",
            "2024-01-01",
            "12:30",
            "---",
            "...",
            "? a",
            "| a",
            "> a",
            "=",
            "<<",
            "a\n---\nb",
            ".inf",
            "1e3",
            "0o7",
            "true",
            "key: |\n  x",
            "\u{1F600}",
            "a'b",
            "(x)",
            "$ref",
            "x\n...\ny",
            "0b1",
            "1_000",
            "+1",
            "Null",
            "TRUE",
            "a]",
            "a}",
        ];
        for text in texts {
            let value = json!({"v": text, "l": [text, [text]], text: {"k": text}});
            let yaml = to_yaml(&value);
            let read = Source::new("x.yaml", yaml.as_str()).value().unwrap_or_else(|error| panic!("{text:?}: {error}\n{yaml}"));
            assert_eq!(read, value, "{text:?}\n{yaml}");
        }
        for value in [json!({}), json!([]), json!("x"), json!([[], {}, [[]]]), json!({"a": {"b": []}, "c": [null, true, 1.5, -3]})] {
            let yaml = to_yaml(&value);
            assert_eq!(Source::new("x.yaml", yaml.as_str()).value().ok(), Some(value), "{yaml}");
        }
    }
}
