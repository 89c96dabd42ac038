//! Who lives with whom, and works where.

use crate::options::Options;
use crate::place::{Place, PlaceKind};
use crate::random::{Purpose, Random};

/// Desks in an office.
const DESKS: usize = 7;

/// One person's place in the town.
#[derive(Clone, Debug)]
pub(crate) struct Resident {
    pub(crate) home: Place,
    /// None for one person in six.
    pub(crate) job: Option<Job>,
}

/// Where a person works and how they get there.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) office: Place,
    pub(crate) desk: u64,
    pub(crate) train: Place,
    /// Which of the three morning trains, from 0.
    pub(crate) departure: u64,
    /// How long the train takes, seconds.
    pub(crate) ride: u64,
}

/// How many places of a kind serve this many people: one for each `share` of them.
pub(crate) const fn places(people: usize, share: usize) -> usize {
    people.div_ceil(share)
}

/// The people of a town.
pub(crate) fn town(options: &Options) -> Vec<Resident> {
    let mut random = Random::new(options.seed, Purpose::Town, 0);
    let mut residents = Vec::with_capacity(options.people);
    for number in 0.. {
        let members = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3][random.index(10)];
        let home = Place::new(PlaceKind::Home, number);
        residents.extend((0..members).map(|_| Resident { home, job: None }));
        if residents.len() >= options.people {
            break;
        }
    }
    residents.truncate(options.people);

    // Shuffled, so that those who live together seldom work together.
    let mut workers: Vec<usize> = (0..options.people).collect();
    random.shuffle(&mut workers);
    workers.truncate(options.people.saturating_sub(options.people / 6));
    for (position, worker) in workers.into_iter().enumerate() {
        residents[worker].job = Some(Job {
            office: Place::new(PlaceKind::Office, position / DESKS),
            desk: (position % DESKS) as u64,
            train: Place::new(PlaceKind::Train, random.index(places(options.people, 20))),
            departure: random.below(3),
            ride: random.between(25 * 60, 40 * 60),
        });
    }
    residents
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn flats_and_offices_are_as_large_as_they_are() {
        let residents = town(&Options { people: 200, ..Options::new(1) });
        let mut homes: BTreeMap<_, usize> = BTreeMap::new();
        let mut offices: BTreeMap<_, usize> = BTreeMap::new();
        for resident in &residents {
            *homes.entry(resident.home).or_default() += 1;
            if let Some(job) = &resident.job {
                *offices.entry(job.office).or_default() += 1;
            }
        }
        assert_eq!(residents.len(), 200);
        assert!(homes.values().all(|members| (1..=3).contains(members)));
        assert!(offices.values().all(|desks| (1..=DESKS).contains(desks)));
        assert_eq!(offices.values().sum::<usize>(), 167);
    }
}
