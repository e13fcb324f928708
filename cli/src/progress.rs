//! Progress of long work: a bar on standard error, only where a person watches (a terminal) and only if it takes a while.
//! Next: `validate.rs`, `coverage.rs` and `generate/`, which show one.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Stream;

/// Work that takes less than this shows no bar: a flicker tells nobody anything.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far a piece of work is.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    watched: bool,
    /// Whether reading is what counts.
    of_bytes: bool,
}

impl Progress {
    /// Work that reads so many bytes.
    pub(crate) fn of_bytes(err: &Stream<'_>, bytes: u64) -> Self {
        let mut progress = Self::new(err, bytes, "{bar:30} {bytes} of {total_bytes}, {eta} left  {wide_msg}");
        progress.of_bytes = true;
        progress
    }

    /// Work of so many steps.
    pub(crate) fn of_steps(err: &Stream<'_>, steps: usize) -> Self {
        Self::new(err, u64::try_from(steps).unwrap_or(u64::MAX), "{bar:30} {pos} of {len}  {wide_msg}")
    }

    fn new(err: &Stream<'_>, length: u64, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden());
        // The templates above are sound; one that were not would cost the bar its looks.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), watched: err.terminal(), of_bytes: false }
    }

    /// What is being done now.
    pub(crate) fn at(&self, what: &str) {
        if self.watched {
            self.bar.set_message(crate::output::printable(what).into_owned());
        }
    }

    /// So much more is done.
    pub(crate) fn add(&self, amount: u64) {
        if !self.watched {
            return;
        }
        if self.bar.is_hidden() && self.begun.elapsed() >= PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(amount);
    }

    /// A reader that counts what is read through it, where that is what the work consists of.
    pub(crate) fn reading<R: Read>(&self, reader: R) -> impl Read {
        Counting { reader, progress: self }
    }

    /// A writer to the same terminal, from which the bar steps aside.
    pub(crate) fn aside<'p>(&'p self, writer: &'p mut dyn Write) -> impl Write + 'p {
        Aside { writer, progress: self }
    }
}

impl Drop for Progress {
    /// Nothing of the bar stays on the terminal, however the work ends.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

struct Counting<'p, R> {
    reader: R,
    progress: &'p Progress,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if self.progress.of_bytes {
            self.progress.add(u64::try_from(count).unwrap_or_default());
        }
        Ok(count)
    }
}

struct Aside<'p> {
    writer: &'p mut dyn Write,
    progress: &'p Progress,
}

impl Write for Aside<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.progress.bar.suspend(|| self.writer.write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.progress.bar.suspend(|| self.writer.flush())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_watches_nothing_is_drawn() {
        let mut err = Vec::new();
        let stream = Stream::plain(&mut err);
        let progress = Progress::of_bytes(&stream, 4);
        let mut text = String::new();
        progress.reading("text".as_bytes()).read_to_string(&mut text).expect("it is read");
        assert_eq!(text, "text");
        assert!(progress.bar.is_hidden() && !progress.watched);
    }
}
