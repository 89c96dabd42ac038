//! A phone: what it sends, and when.

use std::ops::Range;

use gaen::device::frame::ServiceData;
use gaen::keys::{
    AssociatedEncryptedMetadataKey, BluetoothMetadata, CalibrationConfidence, KeyData, RollingProximityIdentifierKey,
};
use gaen::publish::{Consent, Release, release};
use gaen::time::{INTERVAL_SECONDS, TimeError};
use gaen::{DiagnosisKey, EnIntervalNumber, KeyRing};
use serde::Serialize;

use crate::clock::Clock;
use crate::diagnosis::Diagnosis;
use crate::options::{DAY, Options};
use crate::random::{Purpose, Random};
use crate::schedule::Visit;

/// A model of phone. All are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Model {
    /// The name of the model.
    pub model: &'static str,
    /// The transmit power that the metadata say, dBm.
    pub tx_power: i8,
    /// How well the transmit power is known.
    pub calibration_confidence: CalibrationConfidence,
    /// By how much what it reports of others is still wrong after calibration, dB.
    pub receiver_error: i8,
}

const MODELS: [Model; 5] = [
    model("A", -24, CalibrationConfidence::High, 0),
    model("B", -29, CalibrationConfidence::High, 1),
    model("C", -18, CalibrationConfidence::Medium, -2),
    model("D", -33, CalibrationConfidence::Low, 3),
    model("E", -21, CalibrationConfidence::Lowest, -4),
];

const fn model(
    model: &'static str,
    tx_power: i8,
    calibration_confidence: CalibrationConfidence,
    receiver_error: i8,
) -> Model {
    Model { model, tx_power, calibration_confidence, receiver_error }
}

/// One identifier on the air, from one true time to another.
#[derive(Clone, Debug)]
pub(crate) struct Broadcast {
    pub(crate) time: Range<u64>,
    /// Which of the phone's keys, in the order in which it generated them.
    pub(crate) key: usize,
    pub(crate) interval: EnIntervalNumber,
    pub(crate) data: ServiceData,
}

/// What an owner let go, and the truth of it.
#[derive(Debug)]
pub(crate) struct GivenUp {
    pub(crate) release: Release,
    /// The keys in the order of an upload. The truth also knows keys within their embargo.
    pub(crate) keys: Vec<DiagnosisKey>,
}

impl GivenUp {
    /// A ring's first release.
    fn of(ring: &mut KeyRing, now: u64, consent: &Consent) -> Result<Self, TimeError> {
        let release = release(ring, now, consent)?;
        let mut keys = release.keys().to_vec();
        for own in ring.keys().filter(|own| own.is_released()) {
            let key = DiagnosisKey::publish(own.key(), own.window());
            if !release.keys().contains(&key) {
                keys.push(key);
            }
        }
        Ok(Self { release, keys })
    }
}

/// A phone and all it has sent.
#[derive(Debug)]
pub(crate) struct Phone {
    pub(crate) model: Model,
    pub(crate) clock: Clock,
    /// In the order of time, without overlaps.
    pub(crate) broadcasts: Vec<Broadcast>,
    /// What its owner has published, by the number of the key.
    pub(crate) published: Vec<(usize, DiagnosisKey)>,
    /// What its owner let go, for a key server.
    pub(crate) released: Option<GivenUp>,
    /// The bytes of all keys that it has sent with, by number.
    own: Vec<[u8; 16]>,
}

impl Phone {
    /// The phone of a person who lives through these visits, and publishes its keys if that is how the diagnosis ends.
    pub(crate) fn live(
        person: usize,
        visits: &[Visit],
        diagnosis: Option<&Diagnosis>,
        options: &Options,
    ) -> Result<Self, TimeError> {
        let model = MODELS[Random::new(options.seed, Purpose::Phone, person).index(MODELS.len())];
        let clock = Clock::of(person, options);
        let mut sender = Sender {
            ring: KeyRing::new(),
            random: Random::new(options.seed, Purpose::Keys, person),
            metadata: BluetoothMetadata::v1_1(model.tx_power, model.calibration_confidence),
            keys: Vec::new(),
            broadcasts: Vec::new(),
        };
        let diagnosis = diagnosis.filter(|diagnosis| diagnosis.publishes);
        let (mut published, mut released) = (Vec::new(), None);
        // Beside the end of an interval, what is sent may change when the clock is set and when keys are released.
        let mut changes: Vec<u64> = clock.jumps.iter().map(|jump| jump.at).collect();
        changes.extend(diagnosis.map(|diagnosis| diagnosis.at));
        for visit in visits {
            let mut now = visit.time.start;
            while now < visit.time.end {
                let device_now = clock.device_time(now);
                if let Some(diagnosis) = diagnosis.filter(|diagnosis| diagnosis.at == now) {
                    if options.revised.is_some() {
                        let consent = Consent::given(device_now);
                        let consent = if diagnosis.same_day { consent.with_today() } else { consent };
                        released = Some(GivenUp::of(&mut sender.ring, device_now, &consent)?);
                    } else {
                        published = sender.publish(device_now, diagnosis);
                    }
                }
                let left = INTERVAL_SECONDS - device_now % INTERVAL_SECONDS;
                let change = changes.iter().copied().filter(|change| now < *change).min();
                let until = (now + left).min(visit.time.end).min(change.unwrap_or(u64::MAX));
                sender.send(now..until, device_now)?;
                now = until;
            }
        }
        let own = sender.keys.iter().map(|own| own.bytes).collect();
        Ok(Self { model, clock, broadcasts: sender.broadcasts, published, released, own })
    }

    /// The number of a key of this phone's.
    pub(crate) fn number(&self, data: &KeyData) -> Option<usize> {
        self.own.iter().position(|own| own == data.as_bytes())
    }

    /// The position of what is on the air at this true time.
    pub(crate) fn on_air(&self, time: u64) -> Option<usize> {
        let position = self.broadcasts.partition_point(|broadcast| broadcast.time.end <= time);
        self.broadcasts.get(position).filter(|broadcast| broadcast.time.contains(&time)).map(|_| position)
    }

    /// The parts of this time in which the phone sent identifiers of keys that are published now. None crosses a UTC
    /// midnight.
    pub(crate) fn published_pieces(&self, time: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        let first = self.broadcasts.partition_point(|broadcast| broadcast.time.end <= time.start);
        let during = self.broadcasts.iter().skip(first).take_while(move |broadcast| broadcast.time.start < time.end);
        let is_published = |broadcast: &&Broadcast| {
            let mut keys = self.published.iter().filter(|(number, _)| *number == broadcast.key);
            keys.any(|(_, key)| key.window.contains(broadcast.interval))
        };
        during.filter(is_published).flat_map(move |broadcast| {
            let (start, end) = (broadcast.time.start.max(time.start), broadcast.time.end.min(time.end));
            let midnight = (end / DAY * DAY).clamp(start, end);
            [start..midnight, midnight..end].into_iter().filter(|piece| !piece.is_empty())
        })
    }
}

/// The sending side of a phone while it lives.
struct Sender {
    ring: KeyRing,
    random: Random,
    metadata: BluetoothMetadata,
    keys: Vec<OwnKeys>,
    broadcasts: Vec<Broadcast>,
}

/// A key of the ring, and what is derived from it.
struct OwnKeys {
    bytes: [u8; 16],
    identifiers: RollingProximityIdentifierKey,
    metadata: AssociatedEncryptedMetadataKey,
}

impl Sender {
    /// Sends what the ring says at this time of its clock.
    fn send(&mut self, time: Range<u64>, device_now: u64) -> Result<(), TimeError> {
        let interval = EnIntervalNumber::from_unix_seconds(device_now)?;
        let current = self.ring.rotate(device_now, self.random.generator())?;
        let own = current.key().key();
        let known = self.keys.iter().rposition(|key| key.bytes == *own.expose_secret());
        let number = known.unwrap_or(self.keys.len());
        if known.is_none() {
            let (identifiers, metadata) = (own.identifier_key(), own.metadata_key());
            self.keys.push(OwnKeys { bytes: *own.expose_secret(), identifiers, metadata });
        }
        if let Some(last) = self.broadcasts.last_mut()
            && (last.key, last.interval, last.time.end) == (number, interval, time.start)
        {
            last.time.end = time.end;
            return Ok(());
        }
        let keys = &self.keys[number];
        let rpi = keys.identifiers.identifier(interval);
        let aem = keys.metadata.encrypt(&rpi, self.metadata);
        self.broadcasts.push(Broadcast { time, key: number, interval, data: ServiceData { rpi, aem } });
        Ok(())
    }

    /// Releases what the ring lets go.
    fn publish(&mut self, device_now: u64, diagnosis: &Diagnosis) -> Vec<(usize, DiagnosisKey)> {
        let mut released = self.ring.release(device_now);
        if diagnosis.same_day {
            released.extend(self.ring.release_today(device_now));
        }
        let number = |key: &DiagnosisKey| self.keys.iter().position(|own| own.bytes == *key.key_data.as_bytes());
        released.iter().filter_map(|key| Some((number(key)?, diagnosis.report(*key)))).collect()
    }
}
