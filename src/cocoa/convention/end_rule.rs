//! The two rules by which COCOA's server set the end of a file.

use std::fmt;

use crate::time::{INTERVAL_SECONDS, RETENTION_SECONDS, SECONDS_PER_DAY};

/// How COCOA's server set `end_timestamp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndRule {
    /// `start_timestamp` + `rolling_period` * 600, until 2020-10-12.
    RollingPeriod,
    /// `start_timestamp` + 86400, since 2020-10-13.
    FullDay,
}

impl fmt::Display for EndRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RollingPeriod => "start + rolling_period * 600, the rule until 2020-10-12",
            Self::FullDay => "start + 86400, the rule since 2020-10-13",
        })
    }
}

impl EndRule {
    /// 2020-10-13, in Unix seconds.
    const CHANGE: u64 = 1_602_547_200;

    /// Returns the rules that may hold for a file whose keys begin here. The most likely rule comes first.
    ///
    /// The rule depends on when the server made the file, which the file does not say. The server made files for keys
    /// of up to 14 days. So keys of the fortnight before the change are in files of both kinds.
    pub(super) fn of(start: u64) -> &'static [Self] {
        match start {
            ..Self::CHANGE if start.saturating_add(RETENTION_SECONDS) >= Self::CHANGE => {
                &[Self::RollingPeriod, Self::FullDay]
            }
            ..Self::CHANGE => &[Self::RollingPeriod],
            _ => &[Self::FullDay],
        }
    }

    pub(super) fn end(self, start: u64, longest_period: u32) -> u64 {
        start.saturating_add(match self {
            Self::RollingPeriod => INTERVAL_SECONDS.saturating_mul(longest_period.into()),
            Self::FullDay => SECONDS_PER_DAY,
        })
    }
}
