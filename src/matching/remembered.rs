//! Keys of which nothing was heard, so that a key that is listed again costs a look-up.
//!
//! An archive lists a key thirty times on average. Whether an identifier of a key was heard follows from the key's
//! bytes, its window and the index, and from nothing else. So a search finds it out once, and need not search the same
//! key with the same window in the same index again. Nothing that a file says is remembered, only what the search
//! computed. That holds whoever lists the key, and is the same whether the file of its first listing verifies or not.
//!
//! ```text
//! keys -> unknown: what must be searched -> sweep -> hits
//!                                                 -> keep: the keys without a hit
//! ```
//!
//! A key of which something was heard is never kept. It is searched at each listing, so that its number, its source and
//! its report are held as each file gives them.
//!
//! # The table
//!
//! It forgets keys, and holds none that it was not given: it compares whole keys. A key has a home, which is a
//! [`Bucket`] in one line of the cache, and stands there or in one of the next few. When all of these are full, another
//! key gives way. Whoever chooses the keys can therefore have others forgotten, which are then searched again. A
//! look-up stays as short as it is, and there is no random seed.
//!
//! The table is cut into shards, each of which grows by an eighth at a time and alone: so little memory is held twice
//! meanwhile. The home of a key moves up in proportion, and a shard is copied from front to back.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use std::sync::{PoisonError, RwLock};

use super::part::Part;
use crate::keys::{DiagnosisKey, KeyData};

/// What the searches of one index remember together, on however many threads.
#[derive(Clone, Debug)]
pub(super) struct Remembered(Arc<RwLock<Table>>);

impl Remembered {
    /// Nothing yet, and at most this many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(RwLock::new(Table::new(bytes))))
    }

    /// The keys that must be searched: those that concern the index and are not remembered.
    pub(super) fn unknown(&self, keys: &[DiagnosisKey], concerns: impl Fn(&DiagnosisKey) -> bool) -> Part {
        let mut unknown = Part::default();
        for (first, keys) in (0..).step_by(AT_ONCE).zip(keys.chunks(AT_ONCE)) {
            let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
            table.absent(keys, |position| {
                if let Some(key) = keys.get(position).filter(|key| concerns(key)) {
                    unknown.push(first + position, key);
                }
            });
        }
        unknown
    }

    /// Remembers keys that were searched and of which nothing was heard.
    pub(super) fn keep<'k>(&self, keys: impl Iterator<Item = &'k DiagnosisKey>) {
        let mut keys = keys.peekable();
        while keys.peek().is_some() {
            let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
            keys.by_ref().take(AT_ONCE).for_each(|key| table.keep(key.into()));
        }
    }
}

/// Keys that a thread looks up or keeps before it gives way to another.
const AT_ONCE: usize = 1 << 10;

/// A key as far as the identifiers depend on it: everything that decides whether one was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    data: KeyData,
    start: u32,
    /// 1 to 144.
    period: u8,
}

impl From<&DiagnosisKey> for Key {
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a period is at most 144
    fn from(key: &DiagnosisKey) -> Self {
        let (start, period) = (key.window.start().as_u32(), key.window.period().as_u32() as u8);
        Self { data: key.key_data, start, period }
    }
}

/// A set of keys that forgets.
#[derive(Debug)]
struct Table {
    shards: Vec<Shard>,
    /// Buckets that a shard may have.
    most: usize,
}

/// The keys whose hashes have the same upper bits.
#[derive(Clone, Debug, Default)]
struct Shard {
    /// The homes, and after the last of them the buckets in reach of it.
    buckets: Vec<Bucket>,
    keys: usize,
}

/// Three keys in a line of the cache. They fill the places from the first on.
#[repr(align(64))]
#[derive(Clone, Copy, Debug)]
struct Bucket {
    data: [KeyData; PLACES],
    starts: [u32; PLACES],
    /// 0 in a place without a key.
    periods: [u8; PLACES],
    /// The place of the key that gives way next.
    next: u8,
}

/// Keys in a bucket.
const PLACES: usize = 3;

/// Buckets in which a key may stand.
const REACH: usize = 16;

/// Shards of a table, a power of two.
const SHARDS: usize = 32;

const _: () = assert!(size_of::<Bucket>() == 64);

impl Table {
    fn new(bytes: usize) -> Self {
        // As if there were one shard more: the shard that grows is there twice.
        let most = bytes / size_of::<Bucket>() / (SHARDS + 1);
        Self { shards: vec![Shard::default(); SHARDS], most }
    }

    /// Calls `with` with the positions of the keys that are not there.
    fn absent(&self, keys: &[DiagnosisKey], mut with: impl FnMut(usize)) {
        /// Keys whose homes are looked at before anything follows from it.
        const STEP: usize = 64;

        for (first, keys) in (0..).step_by(STEP).zip(keys.chunks(STEP)) {
            // Most keys are at home. The loop has no branch, so that the CPU waits for many lines of the table at once.
            let (mut away, mut count) = ([0; STEP], 0);
            for (number, key) in keys.iter().enumerate() {
                let key = Key::from(key);
                let (shard, home) = place(key);
                let is_home =
                    self.shards.get(shard).is_some_and(|shard| shard.home(home).is_some_and(|home| home.holds(key)));
                if let Some(place) = away.get_mut(count) {
                    *place = number;
                }
                count += usize::from(!is_home);
            }
            for number in away.iter().take(count) {
                if let Some(key) = keys.get(*number)
                    && !self.holds(key.into())
                {
                    with(first + number);
                }
            }
        }
    }

    fn holds(&self, key: Key) -> bool {
        let (shard, home) = place(key);
        self.shards.get(shard).is_some_and(|shard| shard.holds(key, home))
    }

    fn keep(&mut self, key: Key) {
        let (shard, home) = place(key);
        if let Some(shard) = self.shards.get_mut(shard) {
            shard.grow(self.most);
            shard.keep(key, home);
        }
    }
}

/// The shard of a key, and its home there: which part of the shard's homes lies before it, in 2^-64.
#[inline]
fn place(key: Key) -> (usize, u64) {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

    let data = u128::from_le_bytes(*key.data.as_bytes());
    #[allow(clippy::cast_possible_truncation)] // its two halves
    let [low, high] = [data as u64, (data >> u64::BITS) as u64];
    let hash = low.wrapping_mul(ODD).wrapping_add(high).wrapping_mul(ODD);
    #[allow(clippy::cast_possible_truncation)] // fewer than there are shards
    let shard = (hash >> (u64::BITS - SHARDS.ilog2())) as usize;
    (shard, hash << SHARDS.ilog2())
}

impl Shard {
    fn homes(&self) -> usize {
        self.buckets.len().saturating_sub(REACH - 1)
    }

    /// The buckets in which a key may stand, its home first.
    #[inline]
    fn reach(&self, home: u64) -> Range<usize> {
        #[allow(clippy::cast_possible_truncation)] // less than `homes`
        let home = ((u128::from(home) * self.homes() as u128) >> u64::BITS) as usize;
        home..home + REACH
    }

    #[inline]
    fn home(&self, home: u64) -> Option<&Bucket> {
        self.buckets.get(self.reach(home).start)
    }

    fn holds(&self, key: Key, home: u64) -> bool {
        for bucket in self.buckets.get(self.reach(home)).unwrap_or_default() {
            if bucket.holds(key) {
                return true;
            }
            if bucket.free().is_some() {
                return false;
            }
        }
        false
    }

    fn keep(&mut self, key: Key, home: u64) {
        let reach = self.reach(home);
        let Some(buckets) = self.buckets.get_mut(reach) else { return };
        for bucket in &mut *buckets {
            if bucket.holds(key) {
                return;
            }
            if let Some(place) = bucket.free() {
                bucket.put(place, key);
                self.keys += 1;
                return;
            }
        }
        if let Some(home) = buckets.first_mut() {
            home.replace(key);
        }
    }

    /// Makes room before the buckets in reach of one another are full, if there may be more of them.
    fn grow(&mut self, most: usize) {
        const FEWEST: usize = 8;

        let homes = self.homes();
        if self.keys < homes * PLACES * 4 / 5 {
            return;
        }
        let more = (homes + homes / 8).max(FEWEST).min(most.saturating_sub(REACH - 1));
        if more <= homes {
            return;
        }
        let mut grown = Self { buckets: vec![Bucket::empty(); more + REACH - 1], keys: 0 };
        for key in self.buckets.iter().flat_map(Bucket::keys) {
            let (_, home) = place(key);
            grown.keep(key, home);
        }
        *self = grown;
    }
}

impl Bucket {
    fn empty() -> Self {
        Self { data: [KeyData::from([0; 16]); PLACES], starts: [0; PLACES], periods: [0; PLACES], next: 0 }
    }

    /// Without a branch: where in the bucket a key stands, nobody can foresee.
    #[inline]
    fn holds(&self, key: Key) -> bool {
        let is_at = |place: usize| {
            (self.data[place] == key.data) & (self.starts[place] == key.start) & (self.periods[place] == key.period)
        };
        (0..PLACES).fold(false, |held, place| held | is_at(place))
    }

    /// The first place without a key.
    #[inline]
    fn free(&self) -> Option<usize> {
        if self.periods[PLACES - 1] != 0 { None } else { self.periods.iter().position(|period| *period == 0) }
    }

    fn put(&mut self, place: usize, key: Key) {
        self.data[place] = key.data;
        self.starts[place] = key.start;
        self.periods[place] = key.period;
    }

    /// Puts a key in the place of the next in turn.
    fn replace(&mut self, key: Key) {
        let place = usize::from(self.next);
        self.put(place, key);
        self.next = if place + 1 < PLACES { self.next + 1 } else { 0 };
    }

    fn keys(&self) -> impl Iterator<Item = Key> {
        let filled = (0..PLACES).take_while(|place| self.periods[*place] != 0);
        filled.map(|place| Key { data: self.data[place], start: self.starts[place], period: self.periods[place] })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    /// Keys that are alike: few hashes, and differences in one bit of anything.
    fn alike() -> impl Strategy<Value = Key> {
        let data =
            prop_oneof![(0..4_u128, 0..128_u32).prop_map(|(low, bit)| low ^ 1 << bit), 0..40_u128, any::<u128>(),];
        (data, 0..3_u32, 1..4_u8).prop_map(|(data, start, period)| Key {
            data: data.to_le_bytes().into(),
            start,
            period,
        })
    }

    /// Bytes in which a shard has so many homes.
    fn bytes(homes: usize) -> usize {
        (homes + REACH - 1) * size_of::<Bucket>() * (SHARDS + 1)
    }

    fn held(table: &Table) -> usize {
        table.shards.iter().map(|shard| shard.buckets.len() * size_of::<Bucket>()).sum()
    }

    /// As random as keys are.
    fn numbered(number: u32) -> Key {
        let data: [u8; 32] = Sha256::digest(number.to_le_bytes()).into();
        Key { data: (*data.first_chunk().unwrap()).into(), start: 2_650_032, period: 144 }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        #[test]
        fn what_is_held_was_kept(
            keys in prop::collection::vec(alike(), 0..400),
            homes in 0..4_usize,
            asked in prop::collection::vec(alike(), 0..100),
        ) {
            let mut table = Table::new(bytes(homes));
            let mut kept = HashSet::new();
            let whole = |key: Key| (*key.data.as_bytes(), key.start, key.period);
            for key in keys {
                table.keep(key);
                kept.insert(whole(key));
                prop_assert_eq!(table.holds(key), homes > 0, "a key that was kept last is there, if any is");
                prop_assert!(held(&table) <= bytes(homes));
            }
            for key in asked {
                prop_assert!(!table.holds(key) || kept.contains(&whole(key)));
            }
        }
    }

    #[test]
    fn nothing_is_forgotten_while_there_is_room_and_a_key_takes_at_most_32_bytes() {
        let mut table = Table::new(64 << 20);
        let (mut count, mut forgotten) = (0, 0);
        for until in [1, 2, 100, 1000, 50_000, 200_000] {
            (count..until).for_each(|number| table.keep(numbered(number)));
            count = until;
            forgotten = (0..count).filter(|number| !table.holds(numbered(*number))).count();
            assert!(forgotten * 50 <= count as usize, "{forgotten} of {count}");
            let keys: usize = table.shards.iter().map(|shard| shard.keys).sum();
            assert!(held(&table) <= keys * 32 + bytes(8), "{} bytes for {keys} keys", held(&table));
        }
        assert!(forgotten > 0, "the test sees what is forgotten");
        assert!((count..2 * count).all(|number| !table.holds(numbered(number))));
    }

    #[test]
    fn a_full_table_holds_the_keys_that_came_last() {
        let mut table = Table::new(bytes(200));
        let places = u32::try_from(SHARDS * (200 + REACH - 1) * PLACES).unwrap();
        (0..10 * places).for_each(|number| table.keep(numbered(number)));
        assert!(held(&table) <= bytes(200));
        let held = |numbers: core::ops::Range<u32>| numbers.filter(|number| table.holds(numbered(*number))).count();
        let first = held(0..places);
        let last = held(9 * places..10 * places);
        assert!(first < places as usize / 10 && last > places as usize / 2, "{first} and {last} of {places}");
    }
}
