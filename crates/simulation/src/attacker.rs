//! Somebody who records identifiers at one place and sends them again elsewhere, or later, or both.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::diagnosis::Diagnosis;
use crate::options::Options;
use crate::phone::Phone;
use crate::place::{Place, PlaceKind, Spot};
use crate::random::{Purpose, Random};
use crate::schedule::Visit;

/// Seconds between two recordings.
const PAUSE: u64 = 1800;
/// Phones in a recording, at most.
const MOST: usize = 4;
/// For how long a recording is sent, seconds.
const LENGTH: u64 = 600;

/// What is done with one recording after the other: the delay in seconds, and whether it is sent where it was made. By
/// the rules the first two are accepted from whoever has not heard the identifier before; the third and the fourth end
/// on either side of the replay cut and of the clock window; the last comes too late for everybody.
const TRICKS: [(u64, bool); 5] = [(60, false), (900, false), (1200, true), (7200, false), (14_400, false)];

/// The places where the attacker has left boxes: one that listens, and two that send. An attacker who knows where
/// people will fall ill does most harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Attacker {
    /// The place where identifiers are recorded, and some of them sent again.
    pub listens: Place,
    /// The place where the other identifiers are sent.
    pub sends: Place,
}

/// An identifier that is sent again, from one true time to another.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    pub(crate) place: Place,
    pub(crate) spot: Spot,
    pub(crate) time: Range<u64>,
    /// The person whose identifier it is.
    pub(crate) sender: usize,
    /// The number of the broadcast among those of that person.
    pub(crate) broadcast: usize,
}

impl Relay {
    /// The transmit power of the boxes, dBm. What the metadata say is the victim's.
    pub(crate) const TX_POWER: i8 = -20;
}

impl Attacker {
    /// Homes aside, listens where those who will be ill spend most time, and sends where everybody else does; `None`
    /// when there are no two places.
    pub(crate) fn choose(visits: &[Vec<Visit>], ill: &[Diagnosis]) -> Option<Self> {
        // At each place: the time of those who are ill, then that of all.
        let mut times: BTreeMap<Place, (u64, u64)> = BTreeMap::new();
        for (person, visits) in visits.iter().enumerate() {
            let is_ill = ill.iter().any(|diagnosis| diagnosis.person == person);
            for visit in visits.iter().filter(|visit| visit.place.kind != PlaceKind::Home) {
                let (of_ill, of_all) = times.entry(visit.place).or_default();
                let seconds = visit.time.end - visit.time.start;
                *of_all += seconds;
                *of_ill += if is_ill { seconds } else { 0 };
            }
        }
        let (&listens, _) = times.iter().max_by_key(|(_, time)| **time)?;
        let (&sends, _) = times.iter().filter(|(place, _)| **place != listens).max_by_key(|(_, (_, of_all))| of_all)?;
        Some(Self { listens, sends })
    }

    /// All that is sent again, in the order of the recordings.
    pub(crate) fn relays(self, visits: &[Vec<Visit>], phones: &[Phone], options: &Options) -> Vec<Relay> {
        let mut random = Random::new(options.seed, Purpose::Attacker, 0);
        let is_here = |visit: &Visit, time| visit.place == self.listens && visit.time.contains(&time);
        let mut relays = Vec::new();
        let recordings = (options.start..options.end()).step_by(usize::try_from(PAUSE).unwrap_or(usize::MAX));
        for (time, (delay, back)) in recordings.zip(TRICKS.into_iter().cycle()) {
            let place = if back { self.listens } else { self.sends };
            let spot = place.somewhere(&mut random);
            let present =
                visits.iter().enumerate().filter(|(_, visits)| visits.iter().any(|visit| is_here(visit, time)));
            let heard = present.filter_map(|(sender, _)| Some((sender, phones[sender].on_air(time)?)));
            relays.extend(heard.take(MOST).map(|(sender, broadcast)| {
                let begin = time + delay;
                Relay { place, spot, time: begin..begin + LENGTH, sender, broadcast }
            }));
        }
        relays
    }
}
