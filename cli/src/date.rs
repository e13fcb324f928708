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
        return Date::of_days(seconds / 86_400)
            .ok_or_else(|| Failure::new("the clock shows no date").with_help("give one with `--today YYYY-MM-DD`"));
    };
    Date::parse(text).ok_or_else(|| Failure::new(format!("`{}` is no date", text.escape_debug())).with_help("write it as `2027-05-31`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way() {
        assert_eq!(today(Some("2027-05-31")).map(|date| date.to_string()), Ok("2027-05-31".to_owned()));
        for wrong in ["2027-5-31", "2027-02-30", "tomorrow", ""] {
            assert_eq!(today(Some(wrong)).expect_err("it is no date").message, format!("`{wrong}` is no date"));
        }
    }
}
