//! What really happened, from the books of who was where and who sent what. Nothing here derives an identifier.

use std::collections::BTreeMap;

use gaen::DiagnosisKey;
use serde::Serialize;

use crate::attacker::Attacker;
use crate::diagnosis::Diagnosis;
use crate::exports::PublishedKey;
use crate::meeting::{Encounter, Meeting};
use crate::options::DAY;
use crate::phone::Phone;
use crate::rules::{Dropped, Sent, judge};
use crate::scanner::Heard;
use crate::server::Report;

/// What really happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Truth {
    /// The diagnoses, by person.
    pub diagnoses: Vec<Diagnosis>,
    /// What was reported by processing number, by person; none unless [`Options::revised`](crate::Options::revised) is
    /// set.
    pub reports: Vec<Report>,
    /// All keys that were published, by person.
    pub keys: Vec<PublishedKey>,
    /// The encounters, with how near and how long they were: by person, then the other, then time.
    pub encounters: Vec<Encounter>,
    /// The encounters with infectious people who published, day by day: by person, then day, then whom.
    pub contacts: Vec<Contact>,
    /// For each person, what a correct matcher finds.
    pub matches: Vec<Vec<KeyTruth>>,
    /// The places of the attacker; `None` if there was no attacker.
    pub attacker: Option<Attacker>,
}

/// What one person's phone has heard of one published key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyTruth {
    /// The position of the key in [`Truth::keys`].
    pub key: usize,
    /// The sightings that a correct matcher accepts, ascending.
    pub accepted: Vec<Sent>,
    /// The sightings that it drops, ascending.
    pub dropped: Vec<Dropped>,
}

/// How long, on one UTC day, one person was in one place with another who was infectious and whose key of that time was
/// published. Only true time counts: what was heard, and the attacker, have no part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The number of the person.
    pub person: usize,
    /// The midnight of the day, Unix seconds.
    pub day: u64,
    /// The number of the infectious person.
    pub infectious: usize,
    /// The time in one place, seconds.
    pub seconds: u64,
    /// The part of that time within two metres, seconds.
    pub near_seconds: u64,
    /// The smallest distance, centimetres.
    pub closest_cm: u64,
}

impl Contact {
    /// The largest distance that counts as near, centimetres.
    pub const NEAR_CM: u64 = 200;
}

impl Truth {
    /// Seconds that a person was within two metres of infectious people who published, on the UTC day of this midnight.
    /// With two of them at the same time it is twice as long.
    #[must_use]
    pub fn near_seconds(&self, person: usize, day: u64) -> u64 {
        let contacts = self.contacts.iter().filter(|contact| (contact.person, contact.day) == (person, day));
        contacts.map(|contact| contact.near_seconds).sum()
    }

    /// How many sightings of one person's phone a correct matcher accepts.
    #[must_use]
    pub fn matches_of(&self, person: usize) -> usize {
        self.matches.get(person).into_iter().flatten().map(|key| key.accepted.len()).sum()
    }

    /// The contacts of one person.
    pub fn contacts_of(&self, person: usize) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.person == person)
    }
}

/// All published keys, by person.
pub(crate) fn published(phones: &[Phone]) -> Vec<PublishedKey> {
    let of = |(person, phone): (usize, &Phone)| {
        phone.published.iter().map(|(_, key)| PublishedKey { person, key: *key }).collect::<Vec<_>>()
    };
    phones.iter().enumerate().flat_map(of).collect()
}

/// The published keys by who sent with them, and as which of their keys; each with its position in [`published`].
#[derive(Debug)]
pub(crate) struct Senders(BTreeMap<(usize, usize), (usize, DiagnosisKey)>);

impl Senders {
    /// What these phones published.
    pub(crate) fn of(phones: &[Phone]) -> Self {
        let keys =
            phones.iter().enumerate().flat_map(|(person, phone)| phone.published.iter().map(move |key| (person, key)));
        Self(
            keys.enumerate().map(|(position, (person, (number, key)))| ((person, *number), (position, *key))).collect(),
        )
    }

    /// What one person's phone has heard of each published key.
    pub(crate) fn matches(&self, phones: &[Phone], heard: &Heard) -> Vec<KeyTruth> {
        let mut sent: BTreeMap<usize, Vec<(Sent, u64)>> = BTreeMap::new();
        for (sighting, (what, origin)) in heard.sightings.iter().zip(&heard.origins).enumerate() {
            let broadcast = &phones[origin.sender].broadcasts[origin.broadcast];
            // A key that was cut off when it was published does not cover what was still sent with it.
            if let Some((position, key)) = self.0.get(&(origin.sender, broadcast.key))
                && key.window.contains(broadcast.interval)
            {
                let one = Sent { sighting, interval: broadcast.interval.as_u32(), relayed: origin.relayed };
                sent.entry(*position).or_default().push((one, what.time));
            }
        }
        let judged = sent.into_iter().map(|(key, sent)| {
            let (accepted, dropped) = judge(&sent);
            KeyTruth { key, accepted, dropped }
        });
        judged.collect()
    }
}

/// All contacts.
pub(crate) fn contacts(phones: &[Phone], diagnoses: &[Diagnosis], meetings: &[Vec<Vec<Meeting>>]) -> Vec<Contact> {
    let publishers = diagnoses.iter().filter(|diagnosis| diagnosis.publishes);
    let publishers: BTreeMap<usize, &Diagnosis> = publishers.map(|diagnosis| (diagnosis.person, diagnosis)).collect();
    let mut contacts: BTreeMap<(usize, u64, usize), Contact> = BTreeMap::new();
    for (person, meetings) in meetings.iter().enumerate() {
        for meeting in meetings.iter().flatten() {
            let infectious = meeting.other;
            let Some(diagnosis) = publishers.get(&infectious) else { continue };
            for piece in phones[infectious].published_pieces(meeting.time.clone()) {
                if !diagnosis.is_infectious(piece.start) {
                    continue;
                }
                let day = piece.start / DAY * DAY;
                let none = Contact { person, day, infectious, seconds: 0, near_seconds: 0, closest_cm: u64::MAX };
                let contact = contacts.entry((person, day, infectious)).or_insert(none);
                let seconds = piece.end - piece.start;
                contact.seconds += seconds;
                contact.near_seconds += if meeting.path.distance <= Contact::NEAR_CM { seconds } else { 0 };
                contact.closest_cm = contact.closest_cm.min(meeting.path.distance);
            }
        }
    }
    contacts.into_values().collect()
}
