//! Moments as people read them, always in UTC.

const SECONDS_PER_DAY: u64 = 86_400;

/// `YYYY-MM-DD HH:MM` of Unix seconds.
pub(crate) fn minute(seconds: u64) -> String {
    let minutes = seconds % SECONDS_PER_DAY / 60;
    format!("{} {:02}:{:02}", date(seconds), minutes / 60, minutes % 60)
}

/// `YYYY-MM-DD` of Unix seconds.
///
/// Counts in eras of 400 years, which all have as many days, and in years that begin on 1 March, so that the leap day
/// comes last.
pub(crate) fn date(seconds: u64) -> String {
    const DAYS_FROM_MARCH_0000_TO_1970: u64 = 719_468;
    const DAYS_PER_ERA: u64 = 146_097;

    let days = seconds / SECONDS_PER_DAY + DAYS_FROM_MARCH_0000_TO_1970;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
    let (month, next_year) =
        if months_from_march < 10 { (months_from_march + 3, 0) } else { (months_from_march - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year_of_era + next_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00"),
            (951_782_399, "2000-02-28 23:59"),
            (951_782_400, "2000-02-29 00:00"),
            (1_585_785_600, "2020-04-02 00:00"),
            (1_601_121_592, "2020-09-26 11:59"),
            (4_107_542_399, "2100-02-28 23:59"),
            (4_107_542_400, "2100-03-01 00:00"),
            (u64::MAX, "584554051223-11-09 07:00"),
        ] {
            assert_eq!(minute(seconds), text);
        }
    }
}
