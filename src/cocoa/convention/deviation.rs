//! Differences between a file and the files of COCOA's server.

use std::fmt;

use super::EndRule;
use crate::time::EnIntervalNumber;

/// One difference between a file and the files of COCOA's server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Deviation {
    /// The file is of another region.
    #[error("region is {}, not \"440\"", or_missing(.found.as_ref().map(|region| format!("{:?}", shortened(region)))))]
    Region {
        /// The region of the file.
        found: Option<String>,
    },
    /// The file is not file 1 of 1.
    #[error("it is file {num} of {size}, not 1 of 1")]
    Batch {
        /// The number of the file.
        num: u32,
        /// How many files the batch has.
        size: u32,
    },
    /// The file does not name the key 440 v1 as its signer.
    #[error("no signature info names key 440 version v1")]
    VerificationKey,
    /// The file has no keys. COCOA's server made no such files.
    #[error("it has no keys")]
    NoKeys,
    /// The file has more keys than COCOA's server put into one.
    #[error("it has {found} keys, over 250000")]
    TooManyKeys {
        /// The number of keys.
        found: u64,
    },
    /// The file has revised keys. COCOA's server published none.
    #[error("it has {found} revised keys")]
    RevisedKeys {
        /// The number of revised keys.
        found: u64,
    },
    /// The keys do not all begin together.
    #[error("its keys begin at different times, from interval {first} to {last}")]
    SeveralStarts {
        /// The first rolling start.
        first: EnIntervalNumber,
        /// The last rolling start.
        last: EnIntervalNumber,
    },
    /// The keys do not begin at midnight UTC.
    #[error("its keys begin at interval {found}, which is not midnight UTC")]
    StartNotMidnight {
        /// The rolling start of the keys.
        found: EnIntervalNumber,
    },
    /// `start_timestamp` is not the start of the keys.
    #[error("start_timestamp is {}, not {expected}, where its keys begin", or_missing(*.found))]
    StartTimestamp {
        /// The timestamp in the file, Unix seconds.
        found: Option<u64>,
        /// The timestamp that the file should have.
        expected: u64,
    },
    /// `end_timestamp` follows neither of the rules that held for this day.
    #[error("end_timestamp is {}, not {expected} ({rule})", or_missing(*.found))]
    EndTimestamp {
        /// The timestamp in the file, Unix seconds.
        found: Option<u64>,
        /// The timestamp that the file should have.
        expected: u64,
        /// The rule that it should follow.
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
