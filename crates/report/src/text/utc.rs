//! Moments as people read them, always in UTC.

use gaen::time::{SECONDS_PER_DAY, UtcDay};

/// Unix seconds as `YYYY-MM-DD HH:MM`.
#[must_use]
pub fn minute(seconds: u64) -> String {
    let minutes = seconds % SECONDS_PER_DAY / 60;
    format!("{} {:02}:{:02}", date(seconds), minutes / 60, minutes % 60)
}

/// Unix seconds as `YYYY-MM-DD`.
#[must_use]
pub fn date(seconds: u64) -> String {
    UtcDay::from_unix_seconds(seconds).to_string()
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
