//! Numbers in texts of days, times and offsets, and what can be wrong with such a text.

/// Why a text or a number is not a day, a local time or an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DayError {
    /// A date is written `YYYY-MM-DD`.
    #[error("not a date of the form YYYY-MM-DD")]
    DateForm,
    /// There is no such date, such as February 30.
    #[error("there is no such date")]
    NoSuchDate,
    /// A UTC day is 1970-01-01 or later, and not after that of Unix second 2^64 - 1.
    #[error("a UTC day must be 1970-01-01 or later, in Unix time of 64 bits")]
    OutOfRange,
    /// A local time is written `YYYY-MM-DD HH:MM`, with `:SS` after it where seconds are known.
    #[error("not a local time of the form YYYY-MM-DD HH:MM")]
    TimeForm,
    /// There is no such time of day, such as 24:00.
    #[error("there is no such time of day")]
    NoSuchTime,
    /// An offset is written `+09:00`, `+0900` or `Z`.
    #[error("not an offset from UTC such as +09:00 or Z")]
    OffsetForm,
    /// An offset is at most 18 hours.
    #[error("an offset from UTC must be -18:00 to +18:00")]
    OffsetOutOfRange,
}

/// The digits of `text` as a number, if it is nothing but `len` digits.
pub(super) fn digits(text: &str, len: usize) -> Option<u32> {
    (text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
