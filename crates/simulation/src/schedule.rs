//! Where everybody is and when.
//!
//! Days are those of Japan, nine hours ahead of UTC: the UTC midnight at which keys change is in the middle of people's
//! mornings. Nights are left out: people sleep in rooms of their own, with the phone switched off.

use std::ops::Range;

use crate::options::{DAY, Options};
use crate::place::{Place, PlaceKind, Spot};
use crate::random::{Purpose, Random};
use crate::resident::{Job, Resident, places};

/// Seconds by which the town's clocks are ahead of UTC.
const AHEAD_OF_UTC: u64 = 9 * HOUR;
const HOUR: u64 = 3600;
const MINUTE: u64 = 60;

/// A person is at one spot of a place, from one true time to another.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) place: Place,
    pub(crate) spot: Spot,
    pub(crate) time: Range<u64>,
    /// What the body, or the bag, between the phone and the others takes away, dB.
    pub(crate) body: i32,
}

/// All visits of a person, in the order of time. Those between two nights follow each other without a gap.
pub(crate) fn visits(person: usize, resident: &Resident, isolated_from: Option<u64>, options: &Options) -> Vec<Visit> {
    let random = Random::new(options.seed, Purpose::Schedule, person);
    let world = options.start..options.end();
    let mut diary = Diary { random, people: options.people, home: resident.home, now: 0, visits: Vec::new(), world };
    // The first local day began before the world, and the last ends after it.
    for day in 0..=options.days {
        let midnight = options.start + day * DAY - AHEAD_OF_UTC;
        let is_workday = (options.start / DAY + day + 3) % 7 < 5; // 1970-01-01 was a Thursday
        if isolated_from.is_some_and(|from| from < midnight) {
            diary.isolated(midnight);
        } else if let Some(job) = resident.job.as_ref().filter(|_| is_workday)
            && diary.random.percent(70)
        {
            diary.at_work(midnight, job);
        } else {
            diary.free(midnight);
        }
    }
    diary.visits
}

/// A person's days, written one stay after the other.
struct Diary {
    random: Random,
    people: usize,
    home: Place,
    now: u64,
    visits: Vec<Visit>,
    world: Range<u64>,
}

impl Diary {
    fn at_work(&mut self, midnight: u64, job: &Job) {
        let desk = Spot::desk(job.desk);
        self.now = midnight + 6 * HOUR + self.random.below(45 * MINUTE);
        self.at_home(midnight + 7 * HOUR + 30 * MINUTE + job.departure * 15 * MINUTE, 3 * MINUTE);
        self.stay(job.train, job.ride, u64::MAX);
        let noon = midnight + 12 * HOUR + self.random.below(10 * MINUTE);
        self.sit(job.office, desk, noon);
        let lunch = self.random.between(30 * MINUTE, 50 * MINUTE);
        if self.random.percent(30) {
            self.stay(self.near(job.office.number, PlaceKind::Cafe, 30), lunch, u64::MAX);
        } else {
            self.stay(Place::new(PlaceKind::Kitchen, job.office.number), lunch, u64::MAX);
        }
        let evening = midnight + 17 * HOUR + self.random.below(90 * MINUTE);
        self.sit(job.office, desk, evening);
        self.stay(job.train, job.ride, u64::MAX);
        if self.random.percent(35) {
            self.go_out();
        }
        self.at_home(midnight + 22 * HOUR, 75 * MINUTE);
    }

    fn free(&mut self, midnight: u64) {
        self.now = midnight + 7 * HOUR + self.random.below(90 * MINUTE);
        for (hour, chance) in [(10, 60), (15, 40)] {
            if self.random.percent(chance) {
                self.at_home(midnight + hour * HOUR, 2 * HOUR);
                self.go_out();
            }
        }
        self.at_home(midnight + 22 * HOUR, 75 * MINUTE);
    }

    fn isolated(&mut self, midnight: u64) {
        self.now = midnight + 8 * HOUR;
        self.at_home(midnight + 22 * HOUR, 1);
    }

    /// To a shop or a café in the neighbourhood.
    fn go_out(&mut self) {
        if self.random.percent(60) {
            let length = self.random.between(15 * MINUTE, 30 * MINUTE);
            self.stay(self.near(self.home.number, PlaceKind::Shop, 40), length, 5 * MINUTE);
        } else {
            let length = self.random.between(40 * MINUTE, 90 * MINUTE);
            self.stay(self.near(self.home.number, PlaceKind::Cafe, 30), length, u64::MAX);
        }
    }

    /// The place of a kind that those with this home or office go to.
    fn near(&self, number: usize, kind: PlaceKind, share: usize) -> Place {
        Place::new(kind, number % places(self.people, share))
    }

    /// At home, in one corner after the other, until some time in these seconds.
    fn at_home(&mut self, until: u64, spread: u64) {
        let until = until + self.random.below(spread);
        let length = until.saturating_sub(self.now);
        self.stay(self.home, length, 80 * MINUTE);
    }

    /// For this long, at a new spot every now and then.
    fn stay(&mut self, place: Place, length: u64, change: u64) {
        let until = self.now + length;
        while self.now < until {
            let next = if change < length { self.random.between(change / 2, change) } else { length };
            let spot = place.somewhere(&mut self.random);
            self.sit(place, spot, until.min(self.now + next));
        }
    }

    /// At one spot.
    fn sit(&mut self, place: Place, spot: Spot, until: u64) {
        let time = self.now.max(self.world.start)..until.min(self.world.end);
        let body = i32::try_from(self.random.below(7)).unwrap_or_default();
        if !time.is_empty() {
            self.visits.push(Visit { place, spot, time, body });
        }
        self.now = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resident::town;

    #[test]
    fn days_have_no_gaps_and_nights_do() {
        let options = Options { people: 30, ..Options::new(5) };
        for (person, resident) in town(&options).iter().enumerate() {
            let visits = visits(person, resident, None, &options);
            assert!(visits.iter().all(|visit| visit.time.start < visit.time.end));
            let gaps: Vec<_> = visits.windows(2).map(|pair| pair[1].time.start.checked_sub(pair[0].time.end)).collect();
            let nights = gaps.iter().filter(|gap| gap.is_some_and(|gap| gap > 6 * HOUR)).count() as u64;
            assert_eq!(nights, options.days);
            assert!(gaps.iter().all(|gap| gap.is_some_and(|gap| gap == 0 || gap > 6 * HOUR)), "{gaps:?}");
            let world = options.start..options.end();
            assert_eq!(visits.first().unwrap().time.start, world.start, "people are awake at 9 o'clock");
            assert_eq!(visits.last().unwrap().time.end, world.end);
        }
    }

    #[test]
    fn who_is_isolated_stays_at_home() {
        let options = Options::new(5);
        let diagnosed = options.start + 4 * HOUR;
        let visits = visits(0, &town(&options)[0], Some(diagnosed), &options);
        let tomorrow = options.start + DAY - AHEAD_OF_UTC;
        assert!(visits.iter().any(|visit| visit.place.kind != PlaceKind::Home));
        assert!(visits.iter().all(|visit| visit.place.kind == PlaceKind::Home || visit.time.start < tomorrow));
    }
}
