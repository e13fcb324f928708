//! Standard output and standard error as the commands see them: writers that know whether they may use colour, never
//! fail in the middle, and let no control character of untrusted text reach the terminal.
//! Next: `environment.rs`, which holds one of each.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

/// Styles by what they mean, so that every command marks the same thing the same way.
pub mod style {
    use super::{AnsiColor, Style};

    /// What holds.
    pub const GOOD: Style = AnsiColor::Green.on_default();
    /// What is broken.
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    /// What deserves a look.
    pub const WARN: Style = AnsiColor::Yellow.on_default();
    /// What is secondary.
    pub const FAINT: Style = Style::new().dimmed();
    /// Headings and names.
    pub const STRONG: Style = Style::new().bold();
}

/// A stream of output.
///
/// Writing never fails: after the first error everything is swallowed, so that a closed pipe (`| head`) neither stops a
/// command nor changes its verdict. [`Stream::finish`] gives back the error that is worth telling.
pub struct Stream<'a> {
    writer: Box<dyn Write + 'a>,
    error: Option<io::Error>,
    colour: bool,
    terminal: bool,
}

impl<'a> Stream<'a> {
    /// A stream without colour that is no terminal.
    pub fn plain(writer: impl Write + 'a) -> Self {
        Self { writer: Box::new(writer), error: None, colour: false, terminal: false }
    }

    /// Whether escape sequences for colour are welcome.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Whether a person is likely to watch: progress is shown only then.
    pub fn terminal(&self) -> bool {
        self.terminal
    }

    /// How many columns a line may take: the terminal's, within reason.
    pub fn width(&self) -> usize {
        let columns = if self.terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
        columns.unwrap_or(120).clamp(60, 160)
    }

    /// Writes one line, in one go: standard error has no buffer, and other programs may write there as well.
    pub fn line(&mut self, text: impl fmt::Display) {
        // `Write for Stream` keeps the error; there is none to hand on.
        let _ = self.write_all(format!("{text}\n").as_bytes());
    }

    /// `text` in `style`, or as it is where colour is unwelcome.
    pub fn paint<T: fmt::Display>(&self, style: Style, text: T) -> Painted<T> {
        Painted { style: if self.colour { style } else { Style::new() }, text }
    }

    /// Flushes what was written.
    ///
    /// # Errors
    ///
    /// The first error of writing, unless the reader went away on purpose.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.error.is_none()
            && let Err(error) = self.writer.flush()
        {
            self.error = Some(error);
        }
        match self.error.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}

impl Stream<'static> {
    /// The standard output of the process.
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        // On a terminal, lines appear as they are written, in order with standard error; elsewhere, speed counts.
        let writer: Box<dyn Write> = if terminal { Box::new(stdout) } else { Box::new(io::BufWriter::with_capacity(1 << 16, stdout)) };
        Self { writer, error: None, colour: terminal && colour_wanted(), terminal }
    }

    /// The standard error of the process.
    pub fn stderr() -> Self {
        let terminal = io::stderr().is_terminal();
        Self { writer: Box::new(io::stderr()), error: None, colour: terminal && colour_wanted(), terminal }
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.error.is_none()
            && let Err(error) = self.writer.write_all(buffer)
        {
            self.error = Some(error);
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.error.is_none()
            && let Err(error) = self.writer.flush()
        {
            self.error = Some(error);
        }
        Ok(())
    }
}

/// Text in a style; see [`Stream::paint`].
pub struct Painted<T> {
    style: Style,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:#}", self.style, self.text, self.style)
    }
}

/// <https://no-color.org>: any non-empty value says no; so does a terminal that cannot.
fn colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
}

/// Untrusted text made safe for a terminal and for a line: control characters and those that turn the direction of
/// writing are shown as `\u{1b}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hidden(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// `1 file`, `2 files`: a count with its noun, which takes an `s` for more than one.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ if noun.ends_with("ss") => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error_but_a_full_disk_is() {
        let mut pipe = Stream::plain(Closed(io::ErrorKind::BrokenPipe));
        pipe.line("one");
        pipe.line("two");
        assert!(pipe.finish().is_ok());
        let mut disk = Stream::plain(Closed(io::ErrorKind::StorageFull));
        disk.line("one");
        assert_eq!(disk.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(printable("plain ümlaut"), "plain ümlaut");
        assert_eq!(printable("a\u{1b}[31mb\r\n\u{202e}c"), "a\\u{1b}[31mb\\u{d}\\u{a}\\u{202e}c");
    }

    #[test]
    fn counts_read_well() {
        assert_eq!([count(0, "file"), count(1, "file"), count(2, "pass")], ["0 files", "1 file", "2 passes"]);
    }
}
