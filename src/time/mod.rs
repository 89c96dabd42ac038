//! Time as the protocol counts it: ten-minute intervals since the Unix epoch, UTC days, and both on a local clock.
//!
//! Nothing here reads a clock or knows a time zone. You pass Unix seconds in, always in UTC, and an offset where a
//! local day is asked for.
//!
//! ```
//! use gaen::EnIntervalNumber;
//! use gaen::time::{UtcDay, UtcOffset};
//!
//! let heard = 1_597_881_600;
//! let interval = EnIntervalNumber::from_unix_seconds(heard)?;
//! assert_eq!(interval.as_u32(), 2_663_136);
//! let day = UtcDay::from_unix_seconds(heard);
//! assert_eq!(day.to_string(), "2020-08-20");
//! assert_eq!(day.local_range(UtcOffset::JST).to_string(), "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)");
//! # Ok::<(), gaen::time::TimeError>(())
//! ```

mod civil;
mod day;
mod interval;
mod offset;
mod parse;
mod possible;
mod protocol;
#[cfg(feature = "serde")]
mod text;

pub use civil::{CivilDate, CivilDateTime};
pub use day::UtcDay;
pub use interval::{EnIntervalNumber, INTERVAL_SECONDS, INTERVALS_PER_DAY, RollingPeriod, RollingWindow, TimeError};
pub use offset::{LocalRange, UtcOffset};
pub use parse::DayError;
pub use possible::{ImpossibleTime, POSSIBLE_TIMES, possible_time};
#[cfg(feature = "alloc")]
pub(crate) use protocol::LONGEST_STEP_SECONDS;
pub use protocol::{CLOCK_INTERVALS, CLOCK_SECONDS, RETENTION_DAYS, RETENTION_SECONDS, SECONDS_PER_DAY};
