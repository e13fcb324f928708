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

    /// The day that is so many days after 1970-01-01, counted in years that begin in March so that the leap day comes last; `None`
    /// beyond the year 9999.
    pub fn of_days(days: u64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = u16::try_from(era * 400 + year_of_era + u64::from(month <= 2)).ok().filter(|year| *year <= 9999)?;
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
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
    fn days_since_1970_become_dates() {
        let table = [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (11_017, "2000-03-01"), (20_818, "2026-12-31")];
        for (days, date) in table {
            assert_eq!(Date::of_days(days), Date::parse(date), "{days}");
        }
        assert_eq!(Date::of_days(u64::MAX), None);
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        assert_eq!(Date::parse("2028-02-29"), Date::new(2028, 2, 29));
        for text in ["2027-02-29", "2027-13-01", "2027-1-01", "+027-01-01", "2027-01-01-01", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
