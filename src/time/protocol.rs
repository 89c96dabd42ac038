//! Lengths of time that the protocol and the phones' frameworks count by.

use super::interval::INTERVAL_SECONDS;

/// Seconds in one UTC day; Unix time has no leap seconds.
pub const SECONDS_PER_DAY: u64 = 86_400;

/// Days for which a phone keeps its own keys and what it heard. Servers list a key for as long.
///
/// Source: Exposure Notification Cryptography Specification v1.2.1.
pub const RETENTION_DAYS: u64 = 14;

/// [`RETENTION_DAYS`] in seconds.
pub const RETENTION_SECONDS: u64 = RETENTION_DAYS * SECONDS_PER_DAY;

/// Intervals by which the clocks of two phones may differ: an identifier counts up to two hours before and after its own
/// interval.
///
/// Source: Exposure Notification Cryptography Specification v1.2.1, which allows "a +/- two-hour tolerance window".
pub const CLOCK_INTERVALS: u32 = 12;

/// [`CLOCK_INTERVALS`] in seconds.
pub const CLOCK_SECONDS: u64 = CLOCK_INTERVALS as u64 * INTERVAL_SECONDS;

/// The longest step of a clock that this crate believes: two days. A phone may be switched off for a night and a day; a
/// longer step may be an error, by which no key and no sighting is erased.
///
/// Source: none; this crate's own choice.
#[cfg(feature = "alloc")]
pub(crate) const LONGEST_STEP_SECONDS: u64 = 2 * SECONDS_PER_DAY;
