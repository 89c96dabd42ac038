//! What a phone hears.

use gaen::Sighting;
use gaen::device::frame::ServiceData;
use gaen::matching::HeardMetadata;

use crate::attacker::Relay;
use crate::meeting::Meeting;
use crate::options::Options;
use crate::phone::Phone;
use crate::radio::Path;
use crate::random::{Purpose, Random};
use crate::schedule::Visit;

/// Seconds from one scan to the next, least and most.
const PAUSE: (u64, u64) = (150, 300);
/// How long a scan takes, seconds.
const LENGTH: u64 = 4;
/// How many advertisements of one phone a scan catches, each as likely as the next.
const CAUGHT: [usize; 5] = [1, 1, 1, 2, 3];

/// Who sent what was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Whose identifier it is.
    pub(crate) sender: usize,
    /// Which of their broadcasts.
    pub(crate) broadcast: usize,
    /// Whether the attacker sent it again.
    pub(crate) relayed: bool,
}

/// What a phone has heard, and from whom, in the order of true time.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) sightings: Vec<Sighting>,
    pub(crate) origins: Vec<Origin>,
}

/// What is around a phone.
pub(crate) struct Surroundings<'a> {
    pub(crate) phones: &'a [Phone],
    pub(crate) relays: &'a [Relay],
}

impl Surroundings<'_> {
    /// Everything that a person's phone hears during these visits, with the meetings of each.
    pub(crate) fn hear(&self, person: usize, visits: &[Visit], meetings: &[Vec<Meeting>], options: &Options) -> Heard {
        let mut scanner = Scanner {
            phone: &self.phones[person],
            random: Random::new(options.seed, Purpose::Scans, person),
            previous_scan: None,
            heard: Heard::default(),
        };
        let mut next_scan = 0;
        let mut awake_until = 0;
        for (visit, meetings) in visits.iter().zip(meetings) {
            if visit.time.start != awake_until {
                // Switched on again: what was before is forgotten.
                next_scan = visit.time.start + scanner.random.below(PAUSE.1);
                scanner.previous_scan = None;
            }
            awake_until = visit.time.end;
            let here = |relay: &&Relay| relay.place == visit.place && relay.time.start < visit.time.end + LENGTH;
            let relays: Vec<_> =
                self.relays.iter().filter(here).filter(|relay| visit.time.start < relay.time.end).collect();
            while next_scan < visit.time.end {
                scanner.scan(next_scan, visit, meetings, &relays, self.phones);
                next_scan += scanner.random.between(PAUSE.0, PAUSE.1);
            }
        }
        scanner.heard
    }
}

/// The receiving side of a phone.
struct Scanner<'a> {
    phone: &'a Phone,
    random: Random,
    /// By its own clock.
    previous_scan: Option<u64>,
    heard: Heard,
}

impl Scanner<'_> {
    fn scan(&mut self, now: u64, visit: &Visit, meetings: &[Meeting], relays: &[&Relay], phones: &[Phone]) {
        let mut caught = Vec::new();
        for meeting in meetings.iter().filter(|meeting| meeting.time.contains(&now)) {
            let (sender, phone) = (meeting.other, &phones[meeting.other]);
            self.catch(now, meeting.path, phone.model.tx_power, &mut caught, |time| {
                Some(Origin { sender, broadcast: phone.on_air(time)?, relayed: false })
            });
        }
        for relay in relays.iter().filter(|relay| relay.time.start < now + LENGTH && now < relay.time.end) {
            let path = Path { distance: visit.spot.distance(relay.spot), bodies: visit.body };
            let origin = Origin { sender: relay.sender, broadcast: relay.broadcast, relayed: true };
            self.catch(now, path, Relay::TX_POWER, &mut caught, |time| relay.time.contains(&time).then_some(origin));
        }
        caught.sort_by_key(|(time, ..)| *time);
        for (time, rssi, origin) in caught {
            let ServiceData { rpi, aem } = phones[origin.sender].broadcasts[origin.broadcast].data;
            self.heard.sightings.push(Sighting {
                rpi,
                aem: HeardMetadata::Encrypted(aem),
                rssi,
                time: self.phone.clock.device_time(time),
                previous_scan: self.previous_scan,
            });
            self.heard.origins.push(origin);
        }
        self.previous_scan = Some(self.phone.clock.device_time(now));
    }

    /// Adds what is strong enough of a few advertisements, each at its second of the scan.
    fn catch(
        &mut self,
        now: u64,
        path: Path,
        tx_power: i8,
        caught: &mut Vec<(u64, i8, Origin)>,
        on_air: impl Fn(u64) -> Option<Origin>,
    ) {
        for _ in 0..CAUGHT[self.random.index(CAUGHT.len())] {
            let time = now + self.random.below(LENGTH);
            let rssi = path.receive(tx_power, self.phone.model.receiver_error, &mut self.random);
            caught.extend(rssi.zip(on_air(time)).map(|(rssi, origin)| (time, rssi, origin)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meeting::meetings;
    use crate::place::{Place, PlaceKind, Spot};

    /// Two people sit in a café for an hour, and a third in another, where the attacker sends what the first one sent.
    #[test]
    fn what_is_heard_was_on_the_air() {
        let options = Options { people: 3, ..Options::new(1) };
        let begin = options.start + 7000;
        let sit = |number, x| {
            let place = Place::new(PlaceKind::Cafe, number);
            vec![Visit { place, spot: Spot { x, y: 0 }, time: begin..begin + 3600, body: 3 }]
        };
        let visits = [sit(0, 0), sit(0, 100), sit(1, 0)];
        let phones: Vec<_> =
            (0..).zip(&visits).map(|(person, visits)| Phone::live(person, visits, None, &options).unwrap()).collect();
        let relay = Relay {
            place: visits[2][0].place,
            spot: Spot { x: 50, y: 0 },
            time: begin + 1000..begin + 2000,
            sender: 0,
            broadcast: phones[0].on_air(begin).unwrap(),
        };
        let surroundings = Surroundings { phones: &phones, relays: std::slice::from_ref(&relay) };
        let meetings = meetings(&visits);
        for (person, (sender, scans)) in [(1, 12..25), (0, 12..25), (0, 3..8)].into_iter().enumerate() {
            let heard = surroundings.hear(person, &visits[person], &meetings[person], &options);
            assert!(scans.contains(&(heard.sightings.len() * 10 / 16)), "{}", heard.sightings.len());
            for (sighting, origin) in heard.sightings.iter().zip(&heard.origins) {
                assert_eq!((origin.sender, origin.relayed), (sender, person == 2));
                // The clocks of these phones do not jump, so each time is shown once.
                let clock = &phones[person].clock;
                let time = (begin..begin + 3604).find(|time| clock.device_time(*time) == sighting.time).unwrap();
                let on_air = if person == 2 {
                    relay.time.contains(&time).then_some(relay.broadcast)
                } else {
                    phones[sender].on_air(time)
                };
                assert_eq!(on_air, Some(origin.broadcast));
                let sent = &phones[sender].broadcasts[origin.broadcast].data;
                assert_eq!((sighting.rpi, sighting.aem), (sent.rpi, HeardMetadata::Encrypted(sent.aem)));
            }
        }
    }
}
