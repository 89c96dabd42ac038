//! In what a file can differ from the files of COCOA's server.

use std::fmt;

use super::EndRule;
use crate::time::EnIntervalNumber;

/// One thing in which a file differs from the files of COCOA's server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Deviation {
    /// It is of another region.
    #[error("region is {}, not \"440\"", or_missing(.found.as_ref().map(|region| format!("{:?}", shortened(region)))))]
    Region {
        /// The region.
        found: Option<String>,
    },
    /// It is not file 1 of 1.
    #[error("it is file {num} of {size}, not 1 of 1")]
    Batch {
        /// Its number.
        num: u32,
        /// How many files there are.
        size: u32,
    },
    /// It does not name the key 440 v1 as the one that signed it.
    #[error("no signature info names key 440 version v1")]
    VerificationKey,
    /// It has no keys. COCOA's server made no such files.
    #[error("it has no keys")]
    NoKeys,
    /// It has more keys than COCOA's server put into a file.
    #[error("it has {found} keys, over 250000")]
    TooManyKeys {
        /// The number of keys.
        found: u64,
    },
    /// It has revised keys. COCOA's server published none.
    #[error("it has {found} revised keys")]
    RevisedKeys {
        /// The number of them.
        found: u64,
    },
    /// Its keys do not all begin together.
    #[error("its keys begin at different times, from interval {first} to {last}")]
    SeveralStarts {
        /// The first rolling start.
        first: EnIntervalNumber,
        /// The last one.
        last: EnIntervalNumber,
    },
    /// Its keys do not begin at midnight UTC.
    #[error("its keys begin at interval {found}, which is not midnight UTC")]
    StartNotMidnight {
        /// Their rolling start.
        found: EnIntervalNumber,
    },
    /// `start_timestamp` is not the start of its keys.
    #[error("start_timestamp is {}, not {expected}, where its keys begin", or_missing(*.found))]
    StartTimestamp {
        /// What it is, Unix seconds.
        found: Option<u64>,
        /// What it should be.
        expected: u64,
    },
    /// `end_timestamp` follows neither of the rules that held for this day.
    #[error("end_timestamp is {}, not {expected} ({rule})", or_missing(*.found))]
    EndTimestamp {
        /// What it is, Unix seconds.
        found: Option<u64>,
        /// What it should be.
        expected: u64,
        /// By this rule.
        rule: EndRule,
    },
}

fn or_missing(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| value.to_string())
}

/// Text of anyone's making, at most 40 characters of it.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
