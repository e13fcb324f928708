//! Days of the calendar, for what expires.

use std::fmt;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, or `None` if the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Reads `2027-05-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let sound = parts.next().is_none() && year.len() == 4 && month.len() == 2 && day.len() == 2;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        if sound && digits { Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?) } else { None }
    }

    /// The day that so many days later comes; `None` beyond the year 9999, which has no place in a file.
    pub fn after(self, days: u16) -> Option<Self> {
        let next = |date: Self| {
            Self::new(date.year, date.month, date.day.saturating_add(1))
                .or_else(|| Self::new(date.year, date.month.saturating_add(1), 1))
                .or_else(|| Self::new(date.year.checked_add(1).filter(|year| *year <= 9999)?, 1, 1))
        };
        (0..days).try_fold(self, |date, _| next(date))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_one_another() {
        let after = |text: &str, days| Date::parse(text).and_then(|date| date.after(days)).map(|date| date.to_string());
        for (day, days, expected) in [
            ("2026-11-21", 90, "2027-02-19"),
            ("2028-02-28", 1, "2028-02-29"),
            ("2027-12-31", 1, "2028-01-01"),
            ("2027-05-05", 0, "2027-05-05"),
        ] {
            assert_eq!(after(day, days).as_deref(), Some(expected), "{day} and {days}");
        }
        assert_eq!(after("9999-12-31", 1), None);
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        assert_eq!(Date::parse("2028-02-29"), Date::new(2028, 2, 29));
        for text in ["2027-02-29", "2027-13-01", "2027-1-01", "+027-01-01", "2027-01-01-01", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
