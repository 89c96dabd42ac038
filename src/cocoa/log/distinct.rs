//! Counts each match once, however often a phone checked its file.

use std::collections::BTreeMap;

use super::{ExposureLog, HashOf, LogEntry};

/// How many keys matched, if a file that was checked on several days counts once.
///
/// A phone checks the same file day after day, and logs the same match each time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistinctMatches {
    /// The least number of different keys that matched.
    pub keys_at_least: u64,
    /// The largest number of different keys that can have matched.
    pub keys_at_most: u64,
    /// Each hash with a match, in the order in which the log first names it with a match.
    pub hashes: Vec<MatchedHash>,
    /// How many entries do not say whether a key matched.
    pub unknown: usize,
}

/// A hash with a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedHash {
    /// The positions of the entries with this hash and a match, in the order of the log.
    pub entries: Vec<usize>,
    /// The largest number of matches in any of these entries.
    pub matches: u64,
}

impl ExposureLog {
    /// Counts each match once.
    ///
    /// Entries with the same hash are about the same keys. They count once, with their largest number. Different files
    /// have different keys, so the numbers of files add up. A call of Android has one hash for all its files, and most
    /// files are the same from one day to the next: only the largest number is sure. The same holds for entries whose
    /// hash was made unreadable.
    #[must_use]
    pub fn distinct_matches(&self) -> DistinctMatches {
        let mut distinct = DistinctMatches::default();
        let mut known = BTreeMap::new();
        let (mut files, mut largest) = (0_u64, 0_u64);
        for (position, LogEntry { hash, matches, .. }) in self.entries.iter().enumerate() {
            let Some(matches) = *matches else {
                distinct.unknown = distinct.unknown.saturating_add(1);
                continue;
            };
            if matches == 0 {
                continue;
            }
            largest = largest.max(matches);
            let next = distinct.hashes.len();
            // An unreadable hash is equal to no other, not even to itself.
            let at = hash.sha256.map_or(next, |sha256| *known.entry(sha256).or_insert(next));
            let before = match distinct.hashes.get_mut(at) {
                Some(there) => {
                    let before = there.matches;
                    there.entries.push(position);
                    there.matches = before.max(matches);
                    before
                }
                None => {
                    distinct.hashes.push(MatchedHash { entries: vec![position], matches });
                    0
                }
            };
            let more = matches.saturating_sub(before);
            distinct.keys_at_most = distinct.keys_at_most.saturating_add(more);
            if hash.of == HashOf::File && hash.sha256.is_some() {
                files = files.saturating_add(more);
            }
        }
        distinct.keys_at_least = files.max(largest);
        distinct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ios(files: &[(&str, Option<u64>)]) -> DistinctMatches {
        let file = |(hash, matches): &(&str, Option<u64>)| {
            let matches = matches.map_or(String::new(), |matches| format!(r#","MatchCount":{matches}"#));
            format!(r#"{{"Hash":"{}"{matches}}}"#, hash.repeat(if hash.len() == 1 { 64 } else { 1 }))
        };
        let files: Vec<_> = files.iter().map(file).collect();
        ExposureLog::read(format!(r#"{{"Files":[{}]}}"#, files.join(",")).as_bytes()).unwrap().distinct_matches()
    }

    #[test]
    fn a_file_that_is_checked_again_counts_once() {
        let distinct = ios(&[("a", Some(1)), ("b", Some(0)), ("A", Some(2)), ("c", Some(1)), ("a", Some(1))]);
        assert_eq!((distinct.keys_at_least, distinct.keys_at_most, distinct.unknown), (3, 3, 0));
        let hashes = [MatchedHash { entries: vec![0, 2, 4], matches: 2 }, MatchedHash { entries: vec![3], matches: 1 }];
        assert_eq!(distinct.hashes, hashes);
    }

    #[test]
    fn what_is_not_said_is_unknown_and_not_none() {
        let distinct = ios(&[("a", None), ("b", Some(0)), ("c", None)]);
        assert_eq!((distinct.keys_at_least, distinct.keys_at_most, distinct.unknown), (0, 0, 2));
        assert_eq!(ios(&[("a", Some(0))]), DistinctMatches::default());
    }

    #[test]
    fn where_files_cannot_be_told_apart_both_bounds_are_given() {
        let distinct = ios(&[("xxxxxx", Some(1)), ("xxxxxx", Some(2)), ("a", Some(1))]);
        assert_eq!((distinct.keys_at_least, distinct.keys_at_most, distinct.hashes.len()), (2, 4, 3));
        let call = |hash: &str, matches| format!(r#"{{"hash":"{}","matchesCount":{matches}}}"#, hash.repeat(64));
        let calls = format!("[{},{},{}]", call("a", 1), call("b", 1), call("b", 1));
        let distinct = ExposureLog::read(calls.as_bytes()).unwrap().distinct_matches();
        assert_eq!((distinct.keys_at_least, distinct.keys_at_most, distinct.hashes.len()), (1, 2, 2));
        let full = ios(&[("a", Some(u64::MAX)), ("b", Some(u64::MAX))]);
        assert_eq!((full.keys_at_least, full.keys_at_most), (u64::MAX, u64::MAX));
    }
}
