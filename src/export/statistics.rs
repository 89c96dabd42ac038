//! Histograms and counts over keys as they stand in a file.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use prost::Message;
use sha2::{Digest, Sha256};

use super::fields::field_keys;
use super::hex;
use super::proto::{self, Lenient};
use crate::time::INTERVALS_PER_DAY;

/// A key as it stands in the file, good or bad.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KeyReport {
    /// The bytes of the key, of any length, in hexadecimal.
    pub key_data: String,
    /// `transmission_risk_level` as it stands in the file.
    pub transmission_risk_level: Option<i32>,
    /// `rolling_start_interval_number` as it stands in the file.
    pub rolling_start_interval_number: Option<i32>,
    /// `rolling_period` as it stands in the file. Absent means 144.
    pub rolling_period: Option<i32>,
    /// `report_type` as it stands in the file.
    pub report_type: Option<i32>,
    /// `days_since_onset_of_symptoms` as it stands in the file.
    pub days_since_onset_of_symptoms: Option<i32>,
    /// `variant_of_concern` as it stands in the file.
    pub variant_of_concern: Option<i32>,
}

/// How many keys have which value in a field. `None` counts those without the field. Of more than 1,024 different
/// values only the first are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(pub BTreeMap<Option<i32>, u64>);

#[cfg(feature = "serde")]
impl serde::Serialize for Histogram {
    /// Writes a map from the number, or `absent`, to the count.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = |value: &Option<i32>| value.map_or_else(|| "absent".to_owned(), |value| value.to_string());
        serializer.collect_map(self.0.iter().map(|(value, keys)| (name(value), keys)))
    }
}

/// Histograms and counts over keys as they stand in a file.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KeyStatistics {
    /// How many keys have which `rolling_period`.
    pub rolling_period: Histogram,
    /// How many keys have which `report_type`.
    pub report_type: Histogram,
    /// How many keys have which `transmission_risk_level`.
    pub transmission_risk_level: Histogram,
    /// How many keys have which `days_since_onset_of_symptoms`.
    pub days_since_onset_of_symptoms: Histogram,
    /// Keys by the day of `rolling_start_interval_number`, as the interval of its midnight UTC.
    pub rolling_start_day: Histogram,
    /// Keys by the length of `key_data` in bytes, for at most 1,024 lengths.
    pub key_data_lengths: BTreeMap<usize, u64>,
    /// How many keys have `days_since_onset_of_symptoms`.
    pub days_since_onset_present: u64,
    /// How many different `rolling_start_interval_number`s there are.
    pub distinct_rolling_start_interval_number: u64,
    /// The smallest `rolling_start_interval_number` of all keys; `None` if no key has one.
    pub rolling_start_min: Option<i32>,
    /// The largest `rolling_start_interval_number` of all keys; `None` if no key has one.
    pub rolling_start_max: Option<i32>,
    /// Keys that start at midnight UTC.
    pub rolling_start_multiple_of_144: u64,
    /// Keys whose bytes a key before them has already.
    pub duplicate_key_data: u64,
    /// `true` if the keys stand in the order of their bytes.
    pub sorted_by_key_data: bool,
}

/// Kinds of things that are told apart in a report: a hostile file could have a new one in every field.
pub(super) const MOST_KINDS: usize = 64;

/// Values that are told apart in a histogram: a hostile file could have a new one in every key.
const MOST_VALUES: usize = 1024;

/// Fields of a key that are told of. A key has eight.
const MOST_FIELDS: usize = 32;

/// Counts so many more of this kind, unless it is one kind too many.
pub(super) fn count_kind<K: Ord>(counts: &mut BTreeMap<K, u64>, kind: K, more: u64, most: usize) {
    if counts.len() < most || counts.contains_key(&kind) {
        let sum = counts.entry(kind).or_default();
        *sum = sum.saturating_add(more);
    }
}

/// Counts one more of this value.
fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, value: K) {
    count_kind(counts, value, 1, MOST_VALUES);
}

/// Collects the statistics of one list of keys.
pub(super) struct Statistician {
    pub(super) count: u64,
    pub(super) first: Option<KeyReport>,
    pub(super) last: Option<KeyReport>,
    pub(super) field_sets: BTreeMap<String, u64>,
    pub(super) statistics: KeyStatistics,
    pub(super) digest: Sha256,
    starts: BTreeSet<i32>,
    seen: BTreeSet<Bytes>,
    previous: Bytes,
}

impl Default for Statistician {
    fn default() -> Self {
        Self {
            count: 0,
            first: None,
            last: None,
            field_sets: BTreeMap::new(),
            statistics: KeyStatistics { sorted_by_key_data: true, ..KeyStatistics::default() },
            digest: Sha256::new(),
            starts: BTreeSet::new(),
            seen: BTreeSet::new(),
            previous: Bytes::new(),
        }
    }
}

impl Statistician {
    /// Adds a key, unless its message is malformed.
    pub(super) fn add(&mut self, message: &Bytes) {
        let Ok(Lenient(key)) = Lenient::<proto::TemporaryExposureKey>::decode(message.clone()) else {
            return;
        };
        let numbers: Vec<_> = field_keys(message).take(MOST_FIELDS).map(|(number, _)| number.to_string()).collect();
        count_kind(&mut self.field_sets, numbers.join(","), 1, MOST_KINDS);
        self.count = self.count.saturating_add(1);

        let data = key.key_data.clone().unwrap_or_default();
        for part in [
            data.as_ref(),
            &key.rolling_start_interval_number.unwrap_or_default().to_le_bytes(),
            &key.rolling_period.unwrap_or(INTERVALS_PER_DAY.cast_signed()).to_le_bytes(),
            &key.transmission_risk_level.unwrap_or_default().to_le_bytes(),
        ] {
            self.digest.update(part);
        }

        let statistics = &mut self.statistics;
        count(&mut statistics.rolling_period.0, key.rolling_period);
        count(&mut statistics.report_type.0, key.report_type);
        count(&mut statistics.transmission_risk_level.0, key.transmission_risk_level);
        count(&mut statistics.days_since_onset_of_symptoms.0, key.days_since_onset_of_symptoms);
        count(&mut statistics.key_data_lengths, data.len());
        let one_if = u64::from;
        statistics.days_since_onset_present =
            statistics.days_since_onset_present.saturating_add(one_if(key.days_since_onset_of_symptoms.is_some()));

        let day = INTERVALS_PER_DAY.cast_signed();
        let start = key.rolling_start_interval_number;
        let midnight = start.and_then(|start| start.checked_sub(start.rem_euclid(day)));
        count(&mut statistics.rolling_start_day.0, midnight);
        if let Some(start) = start {
            self.starts.insert(start);
            statistics.rolling_start_multiple_of_144 =
                statistics.rolling_start_multiple_of_144.saturating_add(one_if(midnight == Some(start)));
        }
        statistics.distinct_rolling_start_interval_number = self.starts.len() as u64;
        statistics.rolling_start_min = self.starts.first().copied();
        statistics.rolling_start_max = self.starts.last().copied();

        statistics.sorted_by_key_data &= self.previous <= data;
        let is_new = self.seen.insert(data.clone());
        statistics.duplicate_key_data = statistics.duplicate_key_data.saturating_add(one_if(!is_new));
        self.previous = data;

        let report = KeyReport::of(&key);
        self.first.get_or_insert_with(|| report.clone());
        self.last = Some(report);
    }
}

impl KeyReport {
    fn of(key: &proto::TemporaryExposureKey) -> Self {
        Self {
            key_data: hex(key.key_data.as_ref().map(Bytes::as_ref).unwrap_or_default()),
            transmission_risk_level: key.transmission_risk_level,
            rolling_start_interval_number: key.rolling_start_interval_number,
            rolling_period: key.rolling_period,
            report_type: key.report_type,
            days_since_onset_of_symptoms: key.days_since_onset_of_symptoms,
            variant_of_concern: key.variant_of_concern,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statistics of keys with these bytes.
    fn of(keys: &[&'static [u8]]) -> Statistician {
        let mut statistician = Statistician::default();
        for key_data in keys {
            let key_data = Some(Bytes::from_static(key_data));
            let key = proto::TemporaryExposureKey { key_data, ..proto::TemporaryExposureKey::default() };
            statistician.add(&key.encode_to_vec().into());
        }
        statistician
    }

    #[test]
    fn keys_are_sorted_unless_one_is_before_its_neighbour() {
        let sorted = |keys: &[&'static [u8]]| of(keys).statistics.sorted_by_key_data;
        assert!(sorted(&[]) && sorted(&[b"b"]) && sorted(&[b"a", b"b", b"c"]));
        assert!(sorted(&[b"a", b"a", b"b"]), "equal neighbours are in order");
        assert!(!sorted(&[b"b", b"a"]) && !sorted(&[b"b", b"a", b"c"]));
    }

    #[test]
    fn duplicates_are_counted_wherever_they_stand() {
        let duplicates = |keys: &[&'static [u8]]| of(keys).statistics.duplicate_key_data;
        assert_eq!(duplicates(&[b"a", b"b", b"c"]), 0);
        assert_eq!(duplicates(&[b"a", b"b", b"a", b"a"]), 2);
    }

    #[test]
    fn the_first_and_the_last_key_are_told_apart() {
        let keys = of(&[b"a", b"c", b"b"]);
        assert_eq!((keys.first.unwrap().key_data.as_str(), keys.last.unwrap().key_data.as_str()), ("61", "62"));
    }
}
