//! [`Format`]: the formats of strings that can be told without a table of the world's names.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A `format` that is checked. Any other one, a document's own included, stays documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `date`: `full-date` of RFC 3339.
    Date,
    /// `date-time`: RFC 3339.
    DateTime,
    /// `email`: something, an `@`, and something without blanks. Whether it is an address, only its mailbox knows.
    Email,
    /// `ipv4`
    Ipv4,
    /// `ipv6`
    Ipv6,
    /// `uri`: with a scheme, and with no character that RFC 3986 does not have.
    Uri,
    /// `uuid`: RFC 9562, in the form with dashes.
    Uuid,
}

impl Format {
    /// The name in a schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::Email => "email",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Uri => "uri",
            Self::Uuid => "uuid",
        }
    }

    /// Whether a string is of this format.
    pub fn holds(self, text: &str) -> bool {
        match self {
            Self::Date => is_date(text),
            Self::DateTime => is_date_time(text),
            Self::Email => {
                let is_sound = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
                text.rsplit_once('@').is_some_and(|(local, domain)| is_sound(domain) && (is_sound(local) || is_quoted(local)))
            }
            Self::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Self::Uri => is_uri(text),
            Self::Uuid => {
                let mut groups = text.split('-');
                let is_group = |length: &usize| groups.next().is_some_and(|group| group.len() == *length && is_hexadecimal(group));
                [8, 4, 4, 4, 12].iter().all(is_group) && groups.next().is_none()
            }
        }
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A local part in quotes may hold blanks (RFC 5321, section 4.1.2).
fn is_quoted(local: &str) -> bool {
    local.len() >= 2 && local.starts_with('"') && local.ends_with('"')
}

/// The number of a run of exactly so many digits.
fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |length| parts.next().and_then(|part| digits(part, length));
    let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day) && parts.next().is_none()
}

fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let (clock, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, None),
        None => match time.rfind(['+', '-']).map(|at| time.split_at(at)) {
            Some((clock, offset)) => (clock, offset.get(1..)),
            None => return false,
        },
    };
    let is_offset = |offset: &str| {
        let (hours, minutes) = offset.split_once(':').unwrap_or((offset, ""));
        digits(hours, 2).is_some_and(|hours| hours < 24) && digits(minutes, 2).is_some_and(|minutes| minutes < 60)
    };
    is_date(date) && is_clock(clock) && offset.is_none_or(is_offset)
}

/// `23:59:60.5`: a minute may have a leap second.
fn is_clock(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let mut part = || parts.next().and_then(|part| digits(part, 2));
    let (Some(hours), Some(minutes), Some(seconds)) = (part(), part(), part()) else { return false };
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    hours < 24 && minutes < 60 && seconds <= 60 && parts.next().is_none() && is_fraction
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
    let mut pieces = rest.split('%');
    pieces.next();
    let are_triples = pieces.all(|piece| piece.get(..2).is_some_and(is_hexadecimal));
    is_scheme && rest.bytes().all(is_allowed) && are_triples
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn formats_are_told() {
        for (format, good, bad) in [
            (
                Format::Date,
                &["2024-02-29", "0001-12-31"][..],
                &["2023-02-29", "2024-13-01", "2024-1-1", "2024-04-31", "20240101", "2024-01-01x"][..],
            ),
            (
                Format::DateTime,
                &[
                    "2024-01-01T00:00:00Z",
                    "2024-01-01t23:59:60.123+05:30",
                    "2024-01-01 00:00:00-00:00",
                    "2024-01-01T00:00:00.123456789012345678901234567890Z",
                ],
                &[
                    "2024-01-01T00:00:00",
                    "2024-01-01",
                    "2024-01-01T24:00:00Z",
                    "2024-01-01T00:00Z",
                    "2024-01-01T00:00:00.Z",
                    "2024-01-01T00:00:00+0530",
                    "2024-01-01T00:00:00+24:00",
                ],
            ),
            (Format::Email, &["a@b", "a.b+c@d.example", "\"a b\"@c", "\u{e9}@x"], &["a", "@b", "a@", "a b@c", "a@b c"]),
            (Format::Ipv4, &["127.0.0.1"], &["127.0.0", "256.0.0.1", "::1"]),
            (Format::Ipv6, &["::1", "2001:db8::ff00:42:8329"], &["127.0.0.1", "1::2::3"]),
            (
                Format::Uri,
                &["https://a.b/c?d=e#f%20g", "urn:x:y", "mailto:a@b"],
                &["/c", "a b:c", "https://a b", "http://a/%zz", "1a:b", "http://\u{e9}"],
            ),
            (
                Format::Uuid,
                &["123e4567-E89B-12d3-a456-426614174000"],
                &["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g", "-----"],
            ),
        ] {
            for text in good {
                assert!(format.holds(text), "{text:?} is of {}", format.name());
            }
            for text in bad {
                assert!(!format.holds(text), "{text:?} is not of {}", format.name());
            }
        }
    }
}
