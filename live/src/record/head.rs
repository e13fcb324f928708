//! Heads of HTTP/1 messages: what of a head has to be understood to pass its message on, and the few lines that have to change on the
//! way. All others keep their bytes: the case of names, their order and repetition, odd whitespace.
//!
//! What changes is what RFC 9110 section 7.6.1 demands of an intermediary: fields that `Connection` names are for one hop. `Connection:
//! close` and `keep-alive` stay, since the relay closes and keeps connections just as both ends say. Next: `relay.rs`.

use std::mem::MaybeUninit;

use super::framing::Framing;

/// How many fields a head may have.
pub(super) const MAX_FIELDS: usize = 256;

/// Room for the fields of a head, which is not written to before there are fields: most heads have ten.
pub(super) const NO_FIELDS: [MaybeUninit<httparse::Header<'_>>; MAX_FIELDS] = [const { MaybeUninit::uninit() }; MAX_FIELDS];

/// How long a head may be.
pub(super) const MAX_HEAD: usize = 256 << 10;

/// The head of a request, as far as it matters on the way.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub(super) minor: u8,
    /// How many bytes the head takes, the empty line included.
    pub(super) length: usize,
    pub(super) framing: Framing,
    /// Whether the client may use the connection again.
    pub(super) keep_alive: bool,
    pub(super) hop: Hop,
    /// The protocol that the client would rather speak.
    pub(super) upgrade: Option<String>,
}

/// The head of a response, as far as it matters on the way.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    /// How many bytes the head takes, the empty line included.
    pub(super) length: usize,
    pub(super) framing: Framing,
    /// Whether the connection may be used again.
    pub(super) keep_alive: bool,
    pub(super) hop: Hop,
}

/// Fields that are for one hop alone.
#[derive(Debug, Default)]
pub(super) struct Hop {
    /// Their names in lower case; none where the head can be passed on as it is.
    dropped: Vec<String>,
    /// What stays of `Connection` if some are dropped.
    connection: Vec<String>,
}

/// Why a head cannot be passed on: a fragment of a sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum HeadError {
    /// It is no HTTP/1 at all.
    #[error("it is no HTTP/1 message: {0}")]
    Syntax(String),
    /// It is longer than what is read.
    #[error("its head is longer than {} KiB or has more than {MAX_FIELDS} fields", MAX_HEAD >> 10)]
    TooLong,
    /// It tells the end of its body in two ways, from which different readers would choose differently.
    #[error("where its body ends is open to guesses: {0}")]
    Ambiguous(&'static str),
}

/// Reads the head of a request; `None` where more bytes are needed.
///
/// # Errors
///
/// When it cannot be one, or its framing is ambiguous.
pub(super) fn request(bytes: &[u8]) -> Result<Option<Request>, HeadError> {
    let mut fields = NO_FIELDS;
    let mut parsed = httparse::Request::new(&mut []);
    let Some(length) = whole(parsed.parse_with_uninit_headers(bytes, &mut fields), bytes)? else { return Ok(None) };
    let minor = parsed.version.unwrap_or(1);
    let found = Found::of(parsed.headers, minor)?;
    let framing = match (found.transfer, found.length) {
        (Some(_), Some(_)) => return Err(BOTH),
        (Some(false), None) => return Err(HeadError::Ambiguous("the last of its transfer codings is not `chunked`")),
        (Some(true), None) if minor == 0 => return Err(HeadError::Ambiguous("it is chunked in HTTP/1.0")),
        (Some(true), None) => Framing::chunked(),
        (None, length) => Framing::Length(length.unwrap_or(0)),
    };
    Ok(Some(Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        minor,
        length,
        framing,
        keep_alive: found.keep_alive,
        hop: found.hop,
        upgrade: found.upgrade,
    }))
}

/// Reads the head of a response to a request of `method`; `None` where more bytes are needed.
///
/// # Errors
///
/// When it cannot be one, or its framing is ambiguous.
pub(super) fn response(bytes: &[u8], method: &str) -> Result<Option<Response>, HeadError> {
    let mut fields = NO_FIELDS;
    let mut parsed = httparse::Response::new(&mut []);
    let Some(length) = whole(lenient().parse_response_with_uninit_headers(&mut parsed, bytes, &mut fields), bytes)? else {
        return Ok(None);
    };
    let status = parsed.code.unwrap_or_default();
    let found = Found::of(parsed.headers, parsed.version.unwrap_or(1))?;
    let framing = match (found.transfer, found.length) {
        _ if method == "HEAD" || status / 100 == 1 || status == 204 || status == 304 => Framing::NONE,
        (Some(_), Some(_)) => return Err(BOTH),
        (Some(true), None) => Framing::chunked(),
        (None, Some(length)) => Framing::Length(length),
        (Some(false) | None, None) => Framing::UntilClose,
    };
    let keep_alive = found.keep_alive && !matches!(framing, Framing::UntilClose);
    Ok(Some(Response { status, length, framing, keep_alive, hop: found.hop }))
}

const BOTH: HeadError = HeadError::Ambiguous("it has both `Content-Length` and `Transfer-Encoding`");

/// Servers that are a little off are the vendor's, and their clients read them all the same.
pub(super) fn lenient() -> httparse::ParserConfig {
    let mut config = httparse::ParserConfig::default();
    config.allow_spaces_after_header_name_in_responses(true).allow_obsolete_multiline_headers_in_responses(true);
    config
}

fn whole(parsed: httparse::Result<usize>, bytes: &[u8]) -> Result<Option<usize>, HeadError> {
    match parsed {
        Ok(httparse::Status::Complete(length)) if length <= MAX_HEAD => Ok(Some(length)),
        Ok(httparse::Status::Partial) if bytes.len() < MAX_HEAD => Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => Err(HeadError::TooLong),
        Err(error) => Err(HeadError::Syntax(error.to_string())),
    }
}

/// What the fields of a head come to.
struct Found {
    length: Option<u64>,
    /// Whether the last transfer coding is `chunked`, where there is one.
    transfer: Option<bool>,
    keep_alive: bool,
    hop: Hop,
    upgrade: Option<String>,
}

impl Found {
    fn of(fields: &[httparse::Header<'_>], minor: u8) -> Result<Self, HeadError> {
        let mut found = Self { length: None, transfer: None, keep_alive: minor > 0, hop: Hop::default(), upgrade: None };
        let (mut close, mut keep) = (false, false);
        for field in fields {
            let is = |name: &str| field.name.eq_ignore_ascii_case(name);
            if is("content-length") {
                found.length = Some(content_length(field.value, found.length)?);
            } else if is("transfer-encoding") {
                let last = field.value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
                found.transfer = Some(last.trim_ascii().eq_ignore_ascii_case(b"chunked"));
            } else if is("connection") {
                for option in String::from_utf8_lossy(field.value).split(',').map(|option| option.trim().to_ascii_lowercase()) {
                    match option.as_str() {
                        "" => {}
                        "close" => close = true,
                        "keep-alive" => keep = true,
                        // What tells where the body ends, and what every recipient reads, is never for one hop.
                        "te" | "transfer-encoding" | "content-length" | "host" => found.hop.connection.push(option),
                        _ => found.hop.dropped.push(option),
                    }
                }
            } else if is("upgrade") || is("proxy-connection") {
                found.hop.dropped.push(field.name.to_ascii_lowercase());
                if is("upgrade") {
                    found.upgrade = protocol(field.value);
                }
            }
        }
        found.keep_alive = !close && (keep || found.keep_alive);
        found.hop.connection.extend(close.then(|| "close".to_owned()));
        found.hop.connection.extend(keep.then(|| "keep-alive".to_owned()));
        Ok(found)
    }
}

/// The name of the first protocol of an `Upgrade`, unless it is another version of HTTP, without which clients do as well.
fn protocol(value: &[u8]) -> Option<String> {
    let first = value.split(|byte| matches!(byte, b',' | b'/')).next().unwrap_or_default().trim_ascii();
    let name: String =
        first.iter().map(|byte| char::from(*byte)).filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(32).collect();
    let is_http = ["h2c", "http", "tls"].iter().any(|http| name.eq_ignore_ascii_case(http));
    (!name.is_empty() && !is_http).then_some(name)
}

/// A length; the same one may stand there several times (RFC 9110 section 8.6).
fn content_length(value: &[u8], before: Option<u64>) -> Result<u64, HeadError> {
    const UNREADABLE: HeadError = HeadError::Ambiguous("its `Content-Length` is no number");
    let mut length = before;
    for part in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
        let digits = std::str::from_utf8(part).ok().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).ok_or(UNREADABLE)?;
        let read: u64 = digits.parse().map_err(|_| UNREADABLE)?;
        if length.is_some_and(|length| length != read) {
            return Err(HeadError::Ambiguous("it has two different `Content-Length`"));
        }
        length = Some(read);
    }
    length.ok_or(UNREADABLE)
}

impl Hop {
    /// Whether a head can be passed on as it is.
    pub(super) fn is_empty(&self) -> bool {
        self.dropped.is_empty()
    }

    /// Writes the lines of a head behind its first line, with `host` in place of the value of `Host`, and what is for this hop left out.
    pub(super) fn write(&self, head: &[u8], host: Option<&str>, out: &mut Vec<u8>) {
        let mut lines = Lines { rest: head };
        // The first line has been written.
        let _ = lines.next();
        let mut has_host = host.is_none();
        for line in lines {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
            let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
            match host {
                _ if matches!(line, b"\r\n" | b"\n") => {
                    if let Some(host) = host.filter(|_| !has_host) {
                        out.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
                    }
                    if !self.dropped.is_empty() && !self.connection.is_empty() {
                        out.extend_from_slice(format!("Connection: {}\r\n", self.connection.join(", ")).as_bytes());
                    }
                    out.extend_from_slice(line);
                }
                Some(host) if is("host") => {
                    if !std::mem::replace(&mut has_host, true) {
                        for part in [name, b": ", host.as_bytes(), b"\r\n"] {
                            out.extend_from_slice(part);
                        }
                    }
                }
                _ if !self.dropped.is_empty() && (is("connection") || self.dropped.iter().any(|dropped| is(dropped))) => {}
                _ => out.extend_from_slice(line),
            }
        }
    }
}

/// The lines of a head with their ends; a line that continues the one before it belongs to that.
struct Lines<'h> {
    rest: &'h [u8],
}

impl<'h> Iterator for Lines<'h> {
    type Item = &'h [u8];

    fn next(&mut self) -> Option<&'h [u8]> {
        let mut end = 0;
        loop {
            let rest = self.rest.get(end..)?;
            end += rest.iter().position(|byte| *byte == b'\n')? + 1;
            let continued = self.rest.get(end).is_some_and(|next| matches!(next, b' ' | b'\t'));
            if !continued {
                let (line, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn passed_on(head: &str, expected: &str) {
        let request = request(head.as_bytes()).expect("a head").expect("a whole one");
        let mut out = Vec::new();
        request.hop.write(&head.as_bytes()[..request.length], Some("api.example"), &mut out);
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }

    #[test]
    fn lines_keep_their_bytes_but_for_the_host_and_this_hop() {
        passed_on(
            "GET / HTTP/1.1\r\nhOST:  localhost:1\r\nX-A:1\r\nx-a:   2  \r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n",
            "hOST: api.example\r\nX-A:1\r\nx-a:   2  \r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n",
        );
        passed_on(
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: X-Secret, close, Upgrade\r\nUpgrade: h2c\r\nx-secret: 1\r\nAccept: */*\r\n\r\n",
            "Host: api.example\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        );
        passed_on("GET / HTTP/1.0\r\n\r\n", "Host: api.example\r\n\r\n");
    }

    #[test]
    fn bodies_end_as_the_head_says() {
        let framing = |head: &str| match request(head.as_bytes()) {
            Ok(Some(request)) => format!("{:?} {}", request.framing, request.keep_alive),
            Ok(None) => "more".to_owned(),
            Err(error) => error.to_string(),
        };
        for (head, expected) in [
            ("GET / HTTP/1.1\r\nHost: h\r\n", "more"),
            ("GET / HTTP/1.1\r\n\r\n", "Length(0) true"),
            ("GET / HTTP/1.0\r\n\r\n", "Length(0) false"),
            ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "Length(0) true"),
            ("POST / HTTP/1.1\r\nContent-Length: 5, 5\r\nConnection: close\r\n\r\n", "Length(5) false"),
            ("POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", "where its body ends is open to guesses: its `Content-Length` is no number"),
            (
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "where its body ends is open to guesses: it has two different `Content-Length`",
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "where its body ends is open to guesses: it has both `Content-Length` and `Transfer-Encoding`",
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                "where its body ends is open to guesses: the last of its transfer codings is not `chunked`",
            ),
            ("\u{16}\u{3}\u{1}", "it is no HTTP/1 message: invalid token"),
        ] {
            assert_eq!(framing(head), expected, "{head:?}");
        }
    }

    #[test]
    fn another_protocol_that_a_client_asks_for_is_noticed() {
        for (value, expected) in
            [("websocket", Some("websocket")), ("WebSocket/13, foo", Some("WebSocket")), ("h2c", None), ("HTTP/2.0", None), ("", None)]
        {
            let head = format!("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: {value}\r\n\r\n");
            let request = request(head.as_bytes()).expect("a head").expect("a whole one");
            assert_eq!(request.upgrade.as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn some_responses_have_no_body_whatever_they_say() {
        let head = |status: u16| format!("HTTP/1.1 {status} X\r\nContent-Length: 9\r\nSet-Cookie : a\r\n\r\n");
        let left = |status: u16, method: &str| match response(head(status).as_bytes(), method).expect("a head").expect("whole").framing {
            Framing::Length(left) => left,
            _ => panic!("a length"),
        };
        assert_eq!([left(200, "GET"), left(200, "HEAD"), left(204, "GET"), left(304, "GET"), left(100, "POST")], [9, 0, 0, 0, 0]);
        let open = response(b"HTTP/1.1 200 OK\r\n\r\n", "GET").expect("a head").expect("whole");
        assert!(matches!(open.framing, Framing::UntilClose) && !open.keep_alive);
    }
}
