//! Who is where at the same time as whom.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::place::Place;
use crate::radio::Path;
use crate::schedule::Visit;

/// For as long as neither moves: another person in the same place.
#[derive(Clone, Debug)]
pub(crate) struct Meeting {
    pub(crate) other: usize,
    pub(crate) place: Place,
    pub(crate) time: Range<u64>,
    pub(crate) path: Path,
}

/// Two people are in one place at the same time, without a pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Encounter {
    /// The number of the person with the lower number.
    pub person: usize,
    /// The number of the other person.
    pub other: usize,
    /// The place where they are.
    pub place: Place,
    /// When it begins: true time, Unix seconds.
    pub from: u64,
    /// When it is over: the first second after it, true time.
    pub to: u64,
    /// The smallest distance of their phones, centimetres.
    pub closest_cm: u64,
    /// The distance on average over time, centimetres.
    pub mean_cm: u64,
}

/// Who visits which place: by person, then time.
#[derive(Debug)]
pub(crate) struct Guests(BTreeMap<Place, Vec<(usize, Visit)>>);

impl Guests {
    /// The guests of all places, from the visits of each person.
    pub(crate) fn of(visits: &[Vec<Visit>]) -> Self {
        let mut guests: BTreeMap<Place, Vec<(usize, Visit)>> = BTreeMap::new();
        for (person, visits) in visits.iter().enumerate() {
            for visit in visits {
                guests.entry(visit.place).or_default().push((person, visit.clone()));
            }
        }
        Self(guests)
    }

    /// The meetings during each of these visits of a person.
    pub(crate) fn meetings(&self, person: usize, visits: &[Visit]) -> Vec<Vec<Meeting>> {
        let during = |visit: &Visit| {
            let guests = self.0.get(&visit.place).into_iter().flatten().filter(|(other, _)| *other != person);
            let meetings = guests.filter_map(|(other, theirs)| {
                let time = visit.time.start.max(theirs.time.start)..visit.time.end.min(theirs.time.end);
                let path = Path { distance: visit.spot.distance(theirs.spot), bodies: visit.body + theirs.body };
                (!time.is_empty()).then_some(Meeting { other: *other, place: visit.place, time, path })
            });
            meetings.collect()
        };
        visits.iter().map(during).collect()
    }
}

/// For each visit of each person, the meetings during it.
#[cfg(test)]
pub(crate) fn meetings(visits: &[Vec<Visit>]) -> Vec<Vec<Vec<Meeting>>> {
    let guests = Guests::of(visits);
    visits.iter().enumerate().map(|(person, visits)| guests.meetings(person, visits)).collect()
}

/// All encounters, by person, then the other, then time.
pub(crate) fn encounters(meetings: &[Vec<Vec<Meeting>>]) -> Vec<Encounter> {
    let mut encounters = Vec::new();
    for (person, meetings) in meetings.iter().enumerate() {
        let mut meetings: Vec<_> = meetings.iter().flatten().filter(|meeting| person < meeting.other).collect();
        meetings.sort_by_key(|meeting| (meeting.other, meeting.time.start));
        let follows = |a: &&Meeting, b: &&Meeting| (a.other, a.place, a.time.end) == (b.other, b.place, b.time.start);
        encounters.extend(meetings.chunk_by(follows).filter_map(|pieces| {
            let (first, last) = (pieces.first()?, pieces.last()?);
            let (from, to) = (first.time.start, last.time.end);
            let weighted = pieces.iter().map(|piece| piece.path.distance * (piece.time.end - piece.time.start));
            Some(Encounter {
                person,
                other: first.other,
                place: first.place,
                from,
                to,
                closest_cm: pieces.iter().map(|piece| piece.path.distance).min()?,
                mean_cm: weighted.sum::<u64>() / (to - from),
            })
        }));
    }
    encounters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{PlaceKind, Spot};

    #[test]
    fn pieces_without_a_pause_are_one_encounter() {
        let place = Place::new(PlaceKind::Cafe, 0);
        let at = |x, time| Visit { place, spot: Spot { x, y: 0 }, time, body: 1 };
        let visits = [vec![at(0, 0..100), at(300, 100..200), at(0, 500..600)], vec![at(100, 50..550)]];
        let meetings = meetings(&visits);
        let times = |meetings: &[Meeting]| meetings.iter().map(|meeting| meeting.time.clone()).collect::<Vec<_>>();
        assert_eq!(times(&meetings[0].concat()), [50..100, 100..200, 500..550]);
        assert_eq!(times(&meetings[1].concat()), times(&meetings[0].concat()));
        let encounter =
            |from, to, mean_cm| Encounter { person: 0, other: 1, place, from, to, closest_cm: 100, mean_cm };
        assert_eq!(encounters(&meetings), [encounter(50, 200, 166), encounter(500, 550, 100)]);
    }
}
