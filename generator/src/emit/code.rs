//! The writer of Rust text. What it writes is templates from this crate with arguments of the few types below, each of which
//! is lawful code by construction: a `String` from a document cannot be an argument, so no text of a document becomes code.
//! Literals and comments are made of such text by escaping, here and nowhere else.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::naming::Ident;

/// What may stand in a template. Implemented in this file only.
pub(crate) trait ToCode {
    /// Writes it as Rust.
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Rust text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code(String);

/// A string literal with this content.
pub(crate) struct Text<'t>(pub(crate) &'t str);

/// A literal for text that may be missing: `Some("..")` or `None`, in full paths.
pub(crate) struct OptionalText<'t>(pub(crate) Option<&'t str>);

/// Outer doc comments, one line each, indented by so many spaces.
pub(crate) struct Docs<'t>(pub(crate) usize, pub(crate) &'t str);

/// Fixed text of this crate, which a caller chose among.
#[derive(Clone, Copy)]
pub(crate) struct Fixed(pub(crate) &'static str);

/// The file name of a module.
pub(crate) struct Plain<'t>(pub(crate) &'t str);

/// Adapts an argument for the formatting machinery.
pub(crate) struct Shown<'a, T: ToCode + ?Sized>(pub(crate) &'a T);

impl<T: ToCode + ?Sized> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_code(f)
    }
}

/// Writes a template and a line end. Arguments are positional; the template cannot capture variables.
macro_rules! code {
    ($out:expr) => { $out.line(format_args!("")) };
    ($out:expr, $template:literal $(, $argument:expr)* $(,)?) => {
        $out.line(format_args!(concat!($template, ""), $($crate::emit::code::Shown(&$argument)),*))
    };
}

/// The same as a value, without the line end.
macro_rules! fragment {
    ($template:literal $(, $argument:expr)* $(,)?) => {
        $crate::emit::code::Code::of(format_args!(concat!($template, ""), $($crate::emit::code::Shown(&$argument)),*))
    };
}

pub(crate) use {code, fragment};

/// How long lines are, where there is a place to break them.
pub(crate) const WIDTH: usize = 100;

/// Whether pieces with commas between them fit into what else is on the line.
fn fits(pieces: &[Code], around: usize) -> bool {
    let inside = pieces.iter().map(|piece| piece.len() + ", ".len()).sum::<usize>().saturating_sub(", ".len());
    around + inside <= WIDTH && !pieces.iter().any(Code::is_lines)
}

fn begin_line(text: &mut String, indent: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

impl Code {
    /// For the macros only.
    pub(crate) fn of(arguments: fmt::Arguments<'_>) -> Self {
        Self(arguments.to_string())
    }

    /// For the macros only.
    pub(crate) fn line(&mut self, arguments: fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.0.write_fmt(arguments);
        self.0.push('\n');
    }

    /// Joins pieces of code.
    pub(crate) fn join(pieces: impl IntoIterator<Item = Code>, separator: &'static str) -> Self {
        let mut whole = String::new();
        for (index, piece) in pieces.into_iter().enumerate() {
            if index > 0 {
                whole.push_str(separator);
            }
            whole.push_str(&piece.0);
        }
        Self(whole)
    }

    /// The inside of a list: in one line where that fits beside the `around` characters that share the line with it, else in as few lines of their
    /// own as hold it, indented by so many spaces.
    pub(crate) fn list(pieces: impl IntoIterator<Item = Code>, indent: usize, around: usize) -> Self {
        Self::broken(pieces, indent, around, WIDTH)
    }

    /// The same with a line for each piece, for pieces that are read one by one.
    pub(crate) fn rows(pieces: impl IntoIterator<Item = Code>, indent: usize, around: usize) -> Self {
        Self::broken(pieces, indent, around, 0)
    }

    /// A list in one line, or in lines of at most `width`; longer ones hold one piece.
    fn broken(pieces: impl IntoIterator<Item = Code>, indent: usize, around: usize, width: usize) -> Self {
        let pieces: Vec<Code> = pieces.into_iter().collect();
        if fits(&pieces, around) {
            return Self::join(pieces, ", ");
        }
        let mut whole = String::new();
        let mut line = None;
        for piece in pieces {
            let begun = line.filter(|line| line + piece.len() + 2 <= width);
            match begun {
                Some(_) => whole.push(' '),
                None => begin_line(&mut whole, indent),
            }
            line = Some(begun.map_or(indent, |line| line + 1) + piece.len() + 1);
            whole.push_str(&piece.0);
            whole.push(',');
        }
        begin_line(&mut whole, indent.saturating_sub(4));
        Self(whole)
    }

    /// A struct literal, `Name { a: 1, b: 2 }`, which stands by itself at this indentation with a comma behind it.
    pub(crate) fn record(name: &Code, members: impl IntoIterator<Item = Code>, indent: usize) -> Self {
        let members = Self::rows(members, indent + 4, indent + name.len() + " {  },".len());
        let space = if members.is_lines() { "" } else { " " };
        Self([&name.0, " {", space, &members.0, space, "}"].concat())
    }

    /// Whether it takes more than one line.
    pub(crate) fn is_lines(&self) -> bool {
        self.0.contains('\n')
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl ToCode for Code {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl ToCode for Ident {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl ToCode for usize {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl ToCode for u64 {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl ToCode for u16 {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl ToCode for i128 {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl ToCode for bool {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl ToCode for Fixed {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl ToCode for Plain<'_> {
    /// Only what an identifier may hold gets through.
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').try_for_each(|c| out.write_char(c))
    }
}

impl<T: ToCode + ?Sized> ToCode for &T {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).to_code(out)
    }
}

impl ToCode for Text<'_> {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => out.write_str("\\\"")?,
                '\\' => out.write_str("\\\\")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                '\t' => out.write_str("\\t")?,
                c if is_invisible(c) => write!(out, "\\u{{{:x}}}", u32::from(c))?,
                c => out.write_char(c)?,
            }
        }
        out.write_char('"')
    }
}

impl ToCode for OptionalText<'_> {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => write!(out, "::core::option::Option::Some({})", Shown(&Text(text))),
            None => out.write_str("::core::option::Option::None"),
        }
    }
}

/// What ends a line, beside a line feed, for some reader of text.
const LINE_ENDS: [char; 6] = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

impl ToCode for Docs<'_> {
    fn to_code(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(indent, text) = self;
        let text =
            if text.contains(LINE_ENDS) { Cow::Owned(text.replace("\r\n", "\n").replace(LINE_ENDS, "\n")) } else { Cow::Borrowed(*text) };
        let mut blank = false;
        let mut first = true;
        for line in text.trim().lines() {
            let line = line.trim_end();
            if line.is_empty() {
                blank = true;
                continue;
            }
            if !first {
                out.write_char('\n')?;
            }
            if blank {
                writeln!(out, "{:indent$}///", "")?;
            }
            blank = false;
            first = false;
            write!(out, "{:indent$}/// ", "")?;
            if !line.contains(|c| c == '\t' || is_invisible(c)) {
                out.write_str(line)?;
                continue;
            }
            for c in line.chars() {
                match c {
                    '\t' => out.write_str("    ")?,
                    c if is_invisible(c) => write!(out, "\\u{{{:x}}}", u32::from(c))?,
                    c => out.write_char(c)?,
                }
            }
        }
        Ok(())
    }
}

/// Characters that a reader of code would not see, or that turn the direction in which it is read (CVE-2021-42574).
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::{Code, Docs, Text};

    fn literal(text: &str) -> String {
        fragment!("{}", Text(text)).into_string()
    }

    #[test]
    fn any_text_is_one_literal_with_that_content() {
        for text in ["", "\"", "\\", "\"; panic!(); \"", "*/", "\n\r\t\0", "\u{202e}evil", "}{", "r#\"", "é日本"] {
            let parsed: syn::LitStr = syn::parse_str(&literal(text)).expect(text);
            assert_eq!(parsed.value(), text);
        }
        assert!(!literal("\u{202e}").contains('\u{202e}'));
    }

    #[test]
    fn any_text_stays_within_its_comment() {
        for text in ["one\rmod evil;", "a\r\nb", "*/ fn x() {}", "\u{2028}fn x() {}", "tab\tbed", "x\n\n\n\ny", "\u{85}struct X;", "\u{b}x"]
        {
            let mut code = Code::default();
            code!(code, "{}", Docs(0, text));
            code!(code, "struct Only;");
            let file = syn::parse_file(&code.into_string()).expect(text);
            assert_eq!(file.items.len(), 1, "{text:?}");
        }
    }
}
