//! An archive: files that list the same keys again and again, as those of real servers do.

use gaen::DiagnosisKey;

use crate::World;
use crate::random::Random;
use crate::repeats::KEYS_LISTED;

/// An archive as large as you like, in which keys repeat as in a survey of real servers.
///
/// Half of a key's listings are in neighbouring files, as a sliding window makes them. The other half are anywhere. A
/// key that is listed more often than there are files is in each file several times. The keys of a file are sorted by
/// their bytes, as servers sort them. What a file lists again follows after them, sorted again, as in a file that was
/// put together from others.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The different keys, and what was heard of them.
    pub world: World,
    keys: Vec<DiagnosisKey>,
    /// The numbers of the keys that each file lists.
    files: Vec<Vec<usize>>,
}

impl Archive {
    /// The smallest number of listed keys. With fewer, the different keys would not be enough for a [`World`].
    pub const FEWEST_KEYS: usize = 31_000;

    /// About this many listed keys in this many files, against this many sightings.
    ///
    /// # Panics
    /// When there are too few keys or sightings for a [`World`], or no files.
    #[must_use]
    pub fn new(sightings: usize, listed: usize, files: usize) -> Self {
        let times = repeats(listed);
        let world = World::exhaustive(sightings, times.len());
        let keys = world.keys.to_vec();
        let mut random = Random::new(4);
        // What a file lists for the first time, the second time, and so on.
        let mut rounds = vec![Vec::new(); files];
        for (number, times) in times.iter().enumerate() {
            for (round, file) in places(*times, files, &mut random) {
                let rounds: &mut Vec<Vec<usize>> = &mut rounds[file];
                rounds.resize(rounds.len().max(round + 1), Vec::new());
                rounds[round].push(number);
            }
        }
        for round in rounds.iter_mut().flatten() {
            round.sort_unstable_by_key(|number| keys[*number].key_data);
        }
        Self { world, keys, files: rounds.into_iter().map(|rounds| rounds.concat()).collect() }
    }

    /// The keys of one file after the other.
    pub fn files(&self) -> impl Iterator<Item = impl Iterator<Item = DiagnosisKey>> {
        self.files.iter().map(|file| file.iter().map(|number| self.keys[*number]))
    }

    /// How many keys are listed in all files together.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.files.iter().map(Vec::len).sum()
    }
}

/// How often each key of an archive with about so many listed keys is listed. Any part of them repeats as all do.
fn repeats(listed: usize) -> Vec<usize> {
    let counts: Vec<(usize, usize)> = (1..).zip(KEYS_LISTED).collect();
    let all: usize = counts.iter().map(|(_, keys)| keys).sum();
    let all_listed: usize = counts.iter().map(|(listed, keys)| listed * keys).sum();
    let distinct = listed * all / all_listed;
    // The key in the middle of each of so many equal parts of the survey's keys, in the order of how often they were
    // listed.
    let (mut times, mut counts, mut passed) = (Vec::with_capacity(distinct), counts.into_iter(), 0);
    let mut count = counts.next().unwrap_or_default();
    for number in 0..distinct {
        let middle = (2 * number + 1) * all / (2 * distinct);
        while middle >= passed + count.1 {
            passed += count.1;
            count = counts.next().expect("the survey's last key is not passed");
        }
        times.push(count.0);
    }
    // The order of the keys must not tell how often each is listed.
    let mut random = Random::new(5);
    for last in (1..times.len()).rev() {
        times.swap(last, random.index(last + 1));
    }
    times
}

/// The places of a key that is listed so many times: for each time the round and the file.
fn places(times: usize, files: usize, random: &mut Random) -> Vec<(usize, usize)> {
    let mut places: Vec<_> = (0..times / files).flat_map(|round| (0..files).map(move |file| (round, file))).collect();
    let (round, rest) = (times / files, times % files);
    let mut is_listed = vec![false; files];
    let first = random.index(files);
    for near in 0..rest.div_ceil(2) {
        is_listed[(first + near) % files] = true;
    }
    for _ in 0..rest / 2 {
        let far = loop {
            let file = random.index(files);
            if !is_listed[file] {
                break file;
            }
        };
        is_listed[far] = true;
    }
    places.extend(is_listed.into_iter().enumerate().filter(|(_, listed)| *listed).map(|(file, _)| (round, file)));
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gaen::matching::Search;
    use gaen::{Matcher, SightingIndex};

    use super::*;

    #[test]
    fn keys_repeat_as_in_the_survey() {
        let archive = Archive::new(World::FEWEST_SIGHTINGS, 60_000, 60);
        let mut times = BTreeMap::new();
        for (file, keys) in archive.files().enumerate() {
            for key in keys {
                times.entry(key).or_insert_with(Vec::new).push(file);
            }
        }
        let (keys, listed) = (times.len(), archive.listed());
        assert_eq!((archive.files().count(), archive.world.keys.count), (60, keys));
        assert!((59_000..61_000).contains(&listed), "{listed}");
        let share = |part: usize| part * 1000 / keys;
        assert_eq!(listed * 10 / keys, 297, "29.7 times each");
        assert!(
            (310..317).contains(&share(times.values().filter(|files| files.len() == 1).count())),
            "a third is listed once"
        );
        let often = times.values().filter(|files| files.len() > 32).count();
        assert!((175..185).contains(&share(often)), "18 % over 32 times");
        // Near and far: most keys of two and more files are in two that follow on one another, and in two that do not.
        let apart = |files: &[usize], distance: &dyn Fn(usize) -> bool| {
            files.windows(2).any(|pair| distance(pair[1].saturating_sub(pair[0])))
        };
        let several: Vec<_> = times.values().filter(|files| (4..20).contains(&files.len())).collect();
        assert!(
            several.iter().filter(|files| apart(files, &|distance| distance == 1)).count() * 10 > several.len() * 9
        );
        assert!(several.iter().filter(|files| apart(files, &|distance| distance > 2)).count() * 10 > several.len() * 9);
    }

    #[test]
    fn an_archive_is_searched_alike_whether_keys_are_remembered_or_not() {
        let archive = Archive::new(1000, 40_000, 12);
        let index = SightingIndex::new(archive.world.sightings.clone()).unwrap();
        let report = |mut search: Search<'_>| {
            for (source, keys) in archive.files().enumerate() {
                search.add(source, &keys.collect::<Vec<_>>());
            }
            search.finish()
        };
        let matcher = Matcher::new(&index);
        let expected = report(matcher.search());
        archive.world.check([&expected]);
        assert_eq!(report(matcher.search().remembering(Search::MEMORY)), expected);
    }
}
