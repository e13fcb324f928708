//! Today, in UTC: what known drift expires against. The contract engine never looks at the clock itself.

use std::time::{SystemTime, UNIX_EPOCH};

use wireproof_contract::Date;

use crate::error::Failure;

/// The date given on the command line, else that of the clock.
///
/// # Errors
///
/// When `given` is no date.
pub(crate) fn today(given: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = given else {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (year, month, day) = civil(seconds / 86_400);
        return Date::new(year, month, day)
            .ok_or_else(|| Failure::new("the clock shows no date").with_help("give one with `--today YYYY-MM-DD`"));
    };
    Date::parse(text).ok_or_else(|| Failure::new(format!("`{}` is no date", text.escape_debug())).with_help("write it as `2027-05-31`"))
}

/// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March so
/// that the leap day comes last.
fn civil(days: u64) -> (u16, u8, u8) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (u16::try_from(year).unwrap_or(u16::MAX), u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let table = [(0, (1970, 1, 1)), (59, (1970, 3, 1)), (11_016, (2000, 2, 29)), (11_017, (2000, 3, 1)), (20_818, (2026, 12, 31))];
        for (days, date) in table {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn a_date_is_written_in_one_way() {
        assert_eq!(today(Some("2027-05-31")).map(|date| date.to_string()), Ok("2027-05-31".to_owned()));
        for wrong in ["2027-5-31", "2027-02-30", "tomorrow", ""] {
            assert_eq!(today(Some(wrong)).expect_err("it is no date").message, format!("`{wrong}` is no date"));
        }
    }
}
