//! Formats of texts, told only where every text in a place is of the format. The tests are stricter than the formats: a text that is
//! taken for one must be one to every validator.

/// Which formats all texts of a place are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Formats {
    uuid: bool,
    date_time: bool,
    date: bool,
    email: bool,
    uri: bool,
}

impl Formats {
    /// Takes a text in.
    pub(super) fn take(&mut self, text: &str, first: bool) {
        let of = Self { uuid: is_uuid(text), date_time: is_date_time(text), date: is_date(text), email: is_email(text), uri: is_uri(text) };
        self.absorb(of, first);
    }

    /// Takes in what is known of other texts.
    pub(super) fn absorb(&mut self, other: Self, first: bool) {
        if first {
            *self = other;
            return;
        }
        self.uuid &= other.uuid;
        self.date_time &= other.date_time;
        self.date &= other.date;
        self.email &= other.email;
        self.uri &= other.uri;
    }

    /// The format that all texts are of.
    pub(super) fn name(self) -> Option<&'static str> {
        let formats = [(self.uuid, "uuid"), (self.date_time, "date-time"), (self.date, "date"), (self.email, "email"), (self.uri, "uri")];
        formats.iter().find(|(is, _)| *is).map(|(_, name)| *name)
    }
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let fit = [8, 4, 4, 4, 12]
        .iter()
        .all(|length| groups.next().is_some_and(|group| group.len() == *length && group.bytes().all(|byte| byte.is_ascii_hexdigit())));
    fit && groups.next().is_none()
}

fn is_date(text: &str) -> bool {
    let number = |from: usize, to: usize| {
        text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())).and_then(|digits| digits.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let days = match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-") && (1..=days).contains(&day)
}

/// RFC 3339, section 5.6, without leap seconds.
fn is_date_time(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    let Some(time) = rest.strip_prefix('T') else { return false };
    let (clock, offset) = match time.strip_suffix('Z') {
        Some(clock) => (clock, "+00:00"),
        None => time.len().checked_sub(6).and_then(|at| time.split_at_checked(at)).unwrap_or(("", "")),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fits = |text: &str, limits: &[u32]| {
        let mut parts = text.split(':');
        limits.iter().all(|limit| {
            parts.next().is_some_and(|part| {
                part.len() == 2
                    && part.bytes().all(|byte| byte.is_ascii_digit())
                    && part.parse::<u32>().is_ok_and(|number| number <= *limit)
            })
        }) && parts.next().is_none()
    };
    is_date(date)
        && fits(clock, &[23, 59, 59])
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && offset.strip_prefix(['+', '-']).is_some_and(|offset| fits(offset, &[23, 59]))
}

fn is_email(text: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+'));
    let label = |text: &str| word(text) && !text.contains(['_', '+']) && !text.starts_with('-') && !text.ends_with('-');
    text.len() <= 200
        && text.split_once('@').is_some_and(|(local, domain)| {
            local.len() <= 64
                && local.split('.').all(word)
                && domain.contains('.')
                && domain.split('.').all(|part| label(part) && part.len() < 64)
        })
}

fn is_uri(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host: &str = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && rest.matches('#').count() <= 1
        && rest.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b'?' | b'#' | b'&' | b'=' | b'+' | b',' | b':' | b'@')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_formats_that_all_validators_agree_on() {
        for (text, expected) in [
            ("123e4567-e89b-12d3-a456-426614174000", Some("uuid")),
            ("123e4567-e89b-12d3-a456-42661417400g", None),
            ("2025-01-15T10:30:00Z", Some("date-time")),
            ("2025-01-15T10:30:00.123+02:00", Some("date-time")),
            ("2025-01-15T10:30:00", None),
            ("2025-01-15T24:30:00Z", None),
            ("2025-01-15T10:30:00é", None),
            ("2024-02-29", Some("date")),
            ("2025-02-29", None),
            ("2025-1-15", None),
            ("jane.smith@newcompany.com", Some("email")),
            ("jane@localhost", None),
            ("https://janesmith.com", Some("uri")),
            ("https://a b", None),
            ("janesmith.com", None),
            ("", None),
        ] {
            let mut formats = Formats::default();
            formats.take(text, true);
            assert_eq!(formats.name(), expected, "{text}");
        }
        let mut formats = Formats::default();
        formats.take("2024-02-29", true);
        formats.take("soon", false);
        assert_eq!(formats.name(), None);
    }
}
