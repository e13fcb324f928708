//! Where the body of a message ends, by RFC 9112 section 6. The bytes of the wire are looked at and never changed: what counts here is
//! which of them belong to the message, and which of those are its content. Next: `relay.rs`, which passes them on.

/// How long the trailer section of a chunked body may be.
const MAX_TRAILERS: usize = 64 << 10;

/// How the end of a body is told.
#[derive(Debug)]
pub(super) enum Framing {
    /// So many bytes are left; none for a message without a body.
    Length(u64),
    /// It comes in chunks, the last of which is empty.
    Chunked(Box<Chunked>),
    /// It ends when the connection does.
    UntilClose,
}

/// A body that breaks the rules of its framing: a fragment of a sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct FramingError(&'static str);

/// A chunked body in the middle of being read.
#[derive(Debug, Default)]
pub(super) struct Chunked {
    state: State,
    /// The trailer section, without the empty line that ends it.
    trailers: Vec<u8>,
    /// Where the line of the trailer section that is being read began.
    line: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// Before the first digit of a chunk's size.
    #[default]
    Start,
    /// Among the digits.
    Size(u64),
    /// Behind the size: extensions, which mean nothing here.
    Extension(u64),
    /// Before the line feed that ends the line of the size.
    SizeEnd(u64),
    /// In the data, with so many bytes to come.
    Data(u64),
    /// Behind the data, before its carriage return.
    DataReturn,
    /// Before its line feed.
    DataEnd,
    /// In the trailer section.
    Trailers,
    /// Behind the empty line.
    Done,
}

impl Framing {
    /// No body.
    pub(super) const NONE: Self = Self::Length(0);

    /// A chunked body.
    pub(super) fn chunked() -> Self {
        Self::Chunked(Box::default())
    }

    /// Whether the message is whole. One that ends with its connection never is before that.
    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunked) => chunked.state == State::Done,
            Self::UntilClose => false,
        }
    }

    /// Reads on: how many of `bytes` belong to the message. Content goes to `content`, in pieces.
    ///
    /// # Errors
    ///
    /// When what came cannot be such a body.
    pub(super) fn feed(&mut self, bytes: &[u8], content: &mut dyn FnMut(&[u8])) -> Result<usize, FramingError> {
        match self {
            Self::Length(left) => {
                let count = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= count as u64;
                content(bytes.get(..count).unwrap_or_default());
                Ok(count)
            }
            Self::Chunked(chunked) => chunked.feed(bytes, content),
            Self::UntilClose => {
                content(bytes);
                Ok(bytes.len())
            }
        }
    }

    /// The trailer section as it came.
    pub(super) fn trailers(&self) -> &[u8] {
        match self {
            Self::Chunked(chunked) => &chunked.trailers,
            Self::Length(_) | Self::UntilClose => &[],
        }
    }
}

impl Chunked {
    fn feed(&mut self, bytes: &[u8], content: &mut dyn FnMut(&[u8])) -> Result<usize, FramingError> {
        let mut at = 0;
        while self.state != State::Done
            && let Some(rest) = bytes.get(at..)
            && let Some(byte) = rest.first()
        {
            if let State::Data(left) = &mut self.state {
                let count = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                content(rest.get(..count).unwrap_or_default());
                *left -= count as u64;
                at += count;
                if *left == 0 {
                    self.state = State::DataReturn;
                }
                continue;
            }
            self.step(*byte)?;
            at += 1;
        }
        Ok(at)
    }

    fn step(&mut self, byte: u8) -> Result<(), FramingError> {
        const NO_SIZE: FramingError = FramingError("a chunk has no size in hexadecimal digits");
        let digit = char::from(byte).to_digit(16);
        self.state = match (&self.state, byte) {
            (State::Start, _) => State::Size(u64::from(digit.ok_or(NO_SIZE)?)),
            (State::Size(size) | State::Extension(size), b'\r') => State::SizeEnd(*size),
            (State::Size(_) | State::Extension(_), b'\n') => {
                return Err(FramingError("the size of a chunk ends without a carriage return"));
            }
            (State::Size(size), b';' | b' ' | b'\t') | (State::Extension(size), _) => State::Extension(*size),
            (State::Size(size), _) => {
                let digit = u64::from(digit.ok_or(NO_SIZE)?);
                let size = size.checked_mul(16).and_then(|size| size.checked_add(digit));
                State::Size(size.ok_or(FramingError("a chunk is larger than any memory"))?)
            }
            (State::SizeEnd(0), b'\n') => State::Trailers,
            (State::SizeEnd(size), b'\n') => State::Data(*size),
            (State::DataReturn, b'\r') => State::DataEnd,
            (State::DataEnd, b'\n') => State::Start,
            (State::SizeEnd(_) | State::DataReturn | State::DataEnd, _) => return Err(FramingError("a chunk does not end where it says")),
            (State::Trailers, _) => return self.trailer(byte),
            // Neither is stepped through.
            (State::Data(_) | State::Done, _) => return Ok(()),
        };
        Ok(())
    }

    fn trailer(&mut self, byte: u8) -> Result<(), FramingError> {
        self.trailers.push(byte);
        if self.trailers.len() > MAX_TRAILERS {
            return Err(FramingError("the trailer section is longer than 64 KiB"));
        }
        if byte != b'\n' {
            return Ok(());
        }
        let line = self.trailers.get(self.line..).unwrap_or_default();
        if !line.ends_with(b"\r\n") {
            return Err(FramingError("a trailer ends without a carriage return"));
        }
        if line.len() == 2 {
            self.trailers.truncate(self.line);
            self.state = State::Done;
        }
        self.line = self.trailers.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds bytes in pieces of every size: content, trailers, how many bytes belong to the message.
    #[track_caller]
    fn check(text: &str, expected: Result<(&str, &str, usize), &str>) {
        for size in 1..=text.len() {
            let mut framing = Framing::chunked();
            let mut content = Vec::new();
            let mut count = 0;
            let mut result = Ok(());
            for piece in text.as_bytes().chunks(size) {
                match framing.feed(piece, &mut |piece| content.extend_from_slice(piece)) {
                    Ok(taken) => count += taken,
                    Err(error) => result = Err(error),
                }
                if framing.is_done() || result.is_err() {
                    break;
                }
            }
            let content = String::from_utf8(content).expect("text");
            let trailers = String::from_utf8(framing.trailers().to_vec()).expect("text");
            let found = result.as_ref().map(|()| (content.as_str(), trailers.as_str(), count)).map_err(|error| error.0);
            assert_eq!(found, expected, "{text:?} in pieces of {size}");
            assert_eq!(framing.is_done(), expected.is_ok(), "{text:?}");
        }
    }

    #[test]
    fn chunks_end_where_they_say() {
        check("5\r\nhello\r\n0\r\n\r\nNEXT", Ok(("hello", "", 15)));
        check(
            "00A;a=\"b\"\r\n0123456789\r\n1 \r\nx\r\n0;last\r\nX-A: 1\r\nX-B: 2\r\n\r\n",
            Ok(("0123456789x", "X-A: 1\r\nX-B: 2\r\n", 56)),
        );
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        check("x\r\n", Err("a chunk has no size in hexadecimal digits"));
        check("\r\n", Err("a chunk has no size in hexadecimal digits"));
        check("5\nhello", Err("the size of a chunk ends without a carriage return"));
        check("5\r\nhelloX", Err("a chunk does not end where it says"));
        check("11111111111111111\r\n", Err("a chunk is larger than any memory"));
        check("0\r\nA: 1\n", Err("a trailer ends without a carriage return"));
    }

    #[test]
    fn a_length_is_counted_down() {
        let mut framing = Framing::Length(3);
        assert_eq!(framing.feed(b"ab", &mut |_| ()), Ok(2));
        assert!(!framing.is_done());
        assert_eq!(framing.feed(b"cde", &mut |_| ()), Ok(1));
        assert!(framing.is_done());
    }
}
