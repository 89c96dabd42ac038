//! Lengths of time that the protocol and the phones' frameworks count by.

use super::interval::{INTERVAL_SECONDS, RollingWindow};

/// Seconds in one UTC day; Unix time has no leap seconds.
pub const SECONDS_PER_DAY: u64 = 86_400;

/// The days for which a phone keeps its own keys and sightings. Servers list a key for as long.
///
/// Source: Exposure Notification Cryptography Specification v1.2.1.
pub const RETENTION_DAYS: u64 = 14;

/// [`RETENTION_DAYS`] in seconds.
pub const RETENTION_SECONDS: u64 = RETENTION_DAYS * SECONDS_PER_DAY;

/// Intervals by which the clocks of two phones may differ: an identifier counts up to two hours before and after its
/// own interval.
///
/// Source: Exposure Notification Cryptography Specification v1.2.1, which allows "a +/- two-hour tolerance window".
pub const CLOCK_INTERVALS: u32 = 12;

/// [`CLOCK_INTERVALS`] in seconds.
pub const CLOCK_SECONDS: u64 = CLOCK_INTERVALS as u64 * INTERVAL_SECONDS;

impl RollingWindow {
    /// `(start + period + 12) * 600`: the Unix second from which nobody can replay identifiers of this window.
    ///
    /// ```
    /// use gaen::EnIntervalNumber;
    /// use gaen::time::{RollingPeriod, RollingWindow};
    ///
    /// let day = RollingWindow::new(EnIntervalNumber::new(2_668_464), RollingPeriod::FULL_DAY)?;
    /// assert_eq!(day.safe_to_release_at(), (2_668_464 + 144 + 12) * 600);
    /// # Ok::<(), gaen::time::TimeError>(())
    /// ```
    #[must_use]
    pub const fn safe_to_release_at(self) -> u64 {
        self.end().unix_seconds().saturating_add(CLOCK_SECONDS)
    }
}

/// The longest step of a clock that this crate believes: two days. A phone may be switched off for a night and a day. A
/// longer step may be an error, so it erases no key and no sighting.
///
/// Source: none; this crate's own choice.
#[cfg(feature = "alloc")]
pub(crate) const LONGEST_STEP_SECONDS: u64 = 2 * SECONDS_PER_DAY;
