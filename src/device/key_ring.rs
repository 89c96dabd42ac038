//! A device's own keys over the days: a state machine without clock, storage or radio.

use alloc::vec::Vec;

use rand_core::CryptoRng;

use crate::crypto::TemporaryExposureKey;
use crate::diagnosis_key::DiagnosisKey;
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow, TimeError};

/// How long a key is kept after it ended: 14 days.
const RETENTION_SECONDS: u64 = 14 * 86_400;

/// Intervals after a key's end in which a receiver still accepts its identifiers (two hours).
const EMBARGO_INTERVALS: u64 = 12;

/// One of the device's own keys and the intervals it is for.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OwnKey {
    #[cfg_attr(feature = "serde", serde(with = "secret_hex"))]
    key: TemporaryExposureKey,
    window: RollingWindow,
    released: bool,
}

impl OwnKey {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &TemporaryExposureKey {
        &self.key
    }

    /// The intervals it is for.
    #[must_use]
    pub fn window(&self) -> RollingWindow {
        self.window
    }

    /// Whether it has been handed out for publishing. Such a key is never broadcast again.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.released
    }

    /// `(start + period + 12) * 600`: the Unix second from which nobody can replay its identifiers.
    #[must_use]
    pub fn safe_to_release_at(&self) -> u64 {
        self.window.end().unix_seconds().saturating_add(EMBARGO_INTERVALS * crate::time::INTERVAL_SECONDS)
    }

    /// The Unix second from which it has outlived its retention.
    fn expires_at(&self) -> u64 {
        self.window.end().unix_seconds().saturating_add(RETENTION_SECONDS)
    }

    fn publish(&mut self) -> DiagnosisKey {
        self.released = true;
        DiagnosisKey::publish(&self.key, self.window)
    }
}

/// The key to broadcast with, and whether it has to be stored first.
#[derive(Debug)]
#[must_use = "a generated key has to be stored before its identifiers are broadcast"]
pub enum CurrentKey<'ring> {
    /// It was there already.
    Existing(&'ring OwnKey),
    /// It has just been generated: store the ring BEFORE broadcasting, or a crash loses a key that others have heard.
    Generated(&'ring OwnKey),
}

impl<'ring> CurrentKey<'ring> {
    /// The key, once you have stored what has to be stored.
    #[must_use]
    pub fn key(&self) -> &'ring OwnKey {
        match self {
            Self::Existing(key) | Self::Generated(key) => key,
        }
    }
}

/// All keys of a device, in the order in which they were generated.
///
/// Every method takes the time as Unix seconds. When the clock steps back, an earlier key becomes current again, but
/// never a released one. When it jumps ahead, earlier keys stay: a key is erased only when its 14 days are over by a
/// clock that ran steadily meanwhile, either since the key was generated or for 14 days. So a clock that is wrong for a
/// while, by months either way, erases nothing that may still be needed.
///
/// Source: Cryptography Specification v1.2, "Temporary Exposure Key"; release rules as in Google's client.
///
/// ```
/// use gaen::{CurrentKey, KeyRing};
///
/// let mut ring = KeyRing::new();
/// let noon = 1_601_121_600;
/// let CurrentKey::Generated(today) = ring.rotate(noon, &mut rand::rng())? else { unreachable!() };
/// assert_eq!(today.window().period().as_u32(), 144);
/// // Store the ring here, then broadcast.
///
/// // Fifteen hours later the owner reports a diagnosis. The key of that day has ended and its embargo is over.
/// let published = ring.release(noon + 15 * 3600);
/// assert_eq!(published.len(), 1);
/// # Ok::<(), gaen::TimeError>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct KeyRing {
    keys: Vec<OwnKey>,
    clock: Option<SteadyClock>,
}

/// A stretch of readings in which the clock went ahead as clocks do.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct SteadyClock {
    /// Its first reading.
    since: u64,
    /// Its last reading.
    latest: u64,
}

impl SteadyClock {
    /// The longest time between two readings that is not a jump: a phone may be switched off for a night and a day.
    const LONGEST_STEP: u64 = 2 * 86_400;
    /// By how much a clock may be set back without having been wrong.
    const CORRECTION: u64 = 600;

    fn observe(clock: Option<Self>, now: u64) -> Self {
        let steady = |clock: &Self| {
            clock.latest.saturating_sub(Self::CORRECTION) <= now
                && now <= clock.latest.saturating_add(Self::LONGEST_STEP)
        };
        let since = clock.filter(steady).map_or(now, |clock| clock.since);
        Self { since, latest: now }
    }
}

impl KeyRing {
    /// No keys yet.
    #[must_use]
    #[allow(clippy::new_without_default)] // secrets have no default
    pub const fn new() -> Self {
        Self { keys: Vec::new(), clock: None }
    }

    /// All keys, oldest generation first.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &OwnKey> {
        self.keys.iter()
    }

    /// The key to broadcast with at this moment, if there is one: the youngest that is valid and was not released.
    #[must_use]
    pub fn current(&self, now: u64) -> Option<&OwnKey> {
        self.current_position(now).and_then(|position| self.keys.get(position))
    }

    fn current_position(&self, now: u64) -> Option<usize> {
        let interval = EnIntervalNumber::from_unix_seconds(now).ok()?;
        self.keys.iter().rposition(|key| !key.released && key.window.contains(interval))
    }

    /// The key to broadcast with at this moment. When there is none, generates it: random, from midnight UTC, for 144
    /// intervals, and erases what has outlived its retention.
    ///
    /// # Errors
    /// [`TimeError`] when the moment lies beyond the last interval number.
    pub fn rotate<R: CryptoRng + ?Sized>(&mut self, now: u64, rng: &mut R) -> Result<CurrentKey<'_>, TimeError> {
        let start = EnIntervalNumber::from_unix_seconds(now)?.start_of_day();
        let window = RollingWindow::new(start, RollingPeriod::FULL_DAY)?;
        if let Some(position) = self.current_position(now) {
            self.clock = Some(SteadyClock::observe(self.clock, now));
            return Ok(CurrentKey::Existing(&self.keys[position]));
        }
        self.purge(now);
        self.keys.push(OwnKey { key: TemporaryExposureKey::generate(rng), window, released: false });
        let newest = self.keys.len() - 1; // pushed above
        Ok(CurrentKey::Generated(&self.keys[newest]))
    }

    /// All keys of the last 14 days that nobody can replay any more, for publishing. They are marked as released.
    ///
    /// Store the ring before publishing. Calling again gives the same keys again, for an upload that failed.
    #[must_use]
    pub fn release(&mut self, now: u64) -> Vec<DiagnosisKey> {
        let releasable = |key: &&mut OwnKey| key.safe_to_release_at() <= now && now < key.expires_at();
        self.keys.iter_mut().filter(releasable).map(OwnKey::publish).collect()
    }

    /// Ends today's key now, for publishing before its embargo is over: its period becomes the intervals that have
    /// passed, and the next [`rotate`](Self::rotate) generates another key with the same start.
    ///
    /// `None` when there is no current key or when it is in its first interval. Until
    /// [`OwnKey::safe_to_release_at`] its identifiers can be replayed: give it only to a server that holds it back
    /// until then.
    #[must_use]
    pub fn release_today(&mut self, now: u64) -> Option<DiagnosisKey> {
        let position = self.current_position(now)?;
        let key = self.keys.get_mut(position)?;
        let start = key.window.start();
        let elapsed = EnIntervalNumber::from_unix_seconds(now).ok()?.as_u32().checked_sub(start.as_u32())?;
        key.window = RollingWindow::new(start, RollingPeriod::new(elapsed).ok()?).ok()?;
        Some(key.publish())
    }

    /// Erases every key whose 14 days are over by a clock that ran steadily meanwhile, and says how many went.
    ///
    /// After a jump of the clock, true or not, earlier keys stay for 14 days more. They are not released:
    /// [`release`](Self::release) goes by the clock alone.
    pub fn purge(&mut self, now: u64) -> usize {
        let clock = SteadyClock::observe(self.clock, now);
        self.clock = Some(clock);
        // The clock may be wrong, but it ran this long: whatever it was before, that is over.
        let settled = now.saturating_sub(clock.since) >= RETENTION_SECONDS;
        let before = self.keys.len();
        self.keys.retain(|key| {
            let generated_since = key.window.end().unix_seconds() > clock.since;
            now < key.expires_at() || !(settled || generated_since)
        });
        before - self.keys.len()
    }

    /// Erases all keys, as when the user asks for it.
    pub fn clear(&mut self) {
        self.keys.clear();
    }
}

/// The bytes of a device's own key as hexadecimal text: what is stored is as secret as the key.
#[cfg(feature = "serde")]
mod secret_hex {
    use zeroize::Zeroizing;

    use crate::crypto::TemporaryExposureKey;

    pub(super) fn serialize<S: serde::Serializer>(
        key: &TemporaryExposureKey,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut text = Zeroizing::new([0; 32]);
        match base16ct::lower::encode_str(key.expose_secret(), &mut *text) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => unreachable!("16 bytes fill 32 digits"),
        }
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<TemporaryExposureKey, D::Error> {
        crate::crypto::hex_serde::deserialize(deserializer).map(TemporaryExposureKey::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const DAY: u64 = 86_400;
    const MIDNIGHT: u64 = 18_531 * DAY;

    fn rotate(ring: &mut KeyRing, now: u64, rng: &mut StdRng) -> [u8; 16] {
        *ring.rotate(now, rng).unwrap().key().key().expose_secret()
    }

    #[test]
    fn one_key_a_day_from_midnight() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(1));
        let first = rotate(&mut ring, MIDNIGHT + 50_000, &mut rng);
        assert_eq!(rotate(&mut ring, MIDNIGHT + DAY - 1, &mut rng), first);
        assert_eq!(rotate(&mut ring, MIDNIGHT, &mut rng), first);
        assert_ne!(rotate(&mut ring, MIDNIGHT + DAY, &mut rng), first);
        assert_eq!(ring.keys().len(), 2);
        assert!(ring.keys().all(|key| key.window().period() == RollingPeriod::FULL_DAY));
    }

    #[test]
    fn the_embargo_is_two_hours_after_the_end() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(2));
        rotate(&mut ring, MIDNIGHT, &mut rng);
        assert!(ring.release(MIDNIGHT + DAY + 7199).is_empty());
        assert_eq!(ring.release(MIDNIGHT + DAY + 7200).len(), 1);
        assert_eq!(ring.release(MIDNIGHT + 15 * DAY - 1).len(), 1, "again, for an upload that failed");
        assert!(ring.release(MIDNIGHT + 15 * DAY).is_empty(), "14 days after its end");
    }

    #[test]
    fn a_same_day_release_shortens_the_key_and_the_next_has_the_same_start() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(3));
        let first = rotate(&mut ring, MIDNIGHT, &mut rng);
        assert_eq!(ring.release_today(MIDNIGHT + 599), None, "no interval has passed");
        let published = ring.release_today(MIDNIGHT + 36_000).unwrap();
        assert_eq!((published.key_data, published.window.period().as_u32()), (first, 60));

        let second = rotate(&mut ring, MIDNIGHT + 36_000, &mut rng);
        assert_ne!(second, first);
        let [old, new] = ring.keys.as_slice() else { panic!("two keys") };
        assert_eq!(old.window().start(), new.window().start());
        assert_eq!(new.window().period(), RollingPeriod::FULL_DAY);
        assert_eq!(rotate(&mut ring, MIDNIGHT + 100, &mut rng), second, "a released key is never broadcast again");
    }

    #[test]
    fn keys_go_fourteen_days_after_their_end() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(4));
        for day in 0..15 {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
        }
        assert_eq!(ring.purge(MIDNIGHT + 15 * DAY - 1), 0);
        assert_eq!(ring.purge(MIDNIGHT + 15 * DAY), 1);
        assert_eq!(ring.keys().len(), 14);
    }

    #[test]
    fn a_clock_that_jumps_ahead_erases_nothing() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(5));
        let keys: Vec<_> = (0..14).map(|day| rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng)).collect();
        for jump in [30, 31, 300, 3000, 25_000] {
            rotate(&mut ring, MIDNIGHT + jump * DAY, &mut rng);
            assert!(ring.release(MIDNIGHT + jump * DAY).is_empty(), "none of them is 14 days old or younger");
        }
        let now = MIDNIGHT + 13 * DAY + 40_000;
        assert_eq!(rotate(&mut ring, now, &mut rng), keys[13], "back again, the day's key is there");
        let released: Vec<_> = ring.release(now + DAY).iter().map(|key| key.key_data).collect();
        assert_eq!(released, keys);
    }

    #[test]
    fn a_time_past_the_last_interval_is_an_error() {
        let mut ring = KeyRing::new();
        assert!(ring.rotate(u64::MAX, &mut StdRng::seed_from_u64(6)).is_err());
        assert!(ring.rotate(u64::from(u32::MAX) * 600, &mut StdRng::seed_from_u64(6)).is_err());
        assert_eq!(ring.keys().len(), 0);
    }

    #[test]
    fn after_a_jump_the_keys_before_it_go_once_the_clock_has_settled() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(9));
        for day in (0..3).chain(100..114) {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
        }
        assert_eq!(ring.keys().len(), 17);
        rotate(&mut ring, MIDNIGHT + 114 * DAY, &mut rng);
        assert_eq!(ring.keys().len(), 15, "the three keys before the jump are gone");
    }

    #[derive(Clone, Debug)]
    enum Step {
        Rotate(u64),
        Release(u64),
        ReleaseToday(u64),
        Purge(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let time = prop_oneof![
            8 => MIDNIGHT..MIDNIGHT + 40 * DAY,
            1 => 0..4_000_000_000_u64,
            1 => any::<u64>(),
        ];
        prop::collection::vec(
            prop_oneof![
                6 => time.clone().prop_map(Step::Rotate),
                1 => time.clone().prop_map(Step::Release),
                1 => time.clone().prop_map(Step::ReleaseToday),
                1 => time.prop_map(Step::Purge),
            ],
            0..120,
        )
    }

    proptest! {
        /// True time goes on by hours; the clock is off by any number of months for any while. No key that was
        /// generated in the last 14 days of true time is ever erased.
        #[test]
        fn a_wrong_clock_erases_nothing_that_may_be_needed(
            stretches in prop::collection::vec((prop_oneof![Just(0_i64), -40..40_i64], 1_u64..200), 1..12)
        ) {
            let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(10));
            let mut generated = Vec::new();
            let mut truth = MIDNIGHT;
            for (months, hours) in stretches {
                for _ in 0..hours {
                    truth += 3600;
                    let now = truth.checked_add_signed(months * 30 * 86_400).unwrap();
                    if let CurrentKey::Generated(key) = ring.rotate(now, &mut rng).unwrap() {
                        generated.push((truth, *key.key().expose_secret()));
                    }
                    for (made, key) in generated.iter().rev().take_while(|(made, _)| truth - made <= 14 * DAY) {
                        prop_assert!(ring.keys().any(|kept| kept.key().expose_secret() == key), "made at {made}");
                    }
                }
            }
        }

        #[test]
        fn whatever_the_clock_does(steps in steps()) {
            let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(7));
            let mut published = BTreeSet::new();
            for step in steps {
                match step {
                    Step::Rotate(now) => {
                        if let Ok(current) = ring.rotate(now, &mut rng) {
                            let key = current.key();
                            prop_assert!(key.window().contains(EnIntervalNumber::from_unix_seconds(now).unwrap()));
                            prop_assert!(!published.contains(key.key().expose_secret()));
                        }
                    }
                    Step::Release(now) => {
                        for key in ring.release(now) {
                            prop_assert!(key.window.end().unix_seconds() + 7200 <= now);
                            published.insert(key.key_data);
                        }
                    }
                    Step::ReleaseToday(now) => published.extend(ring.release_today(now).map(|key| key.key_data)),
                    Step::Purge(now) => {
                        let young: Vec<_> = ring.keys().filter(|key| now < key.expires_at())
                            .map(|key| *key.key().expose_secret()).collect();
                        ring.purge(now);
                        for key in young {
                            prop_assert!(ring.keys().any(|kept| *kept.key().expose_secret() == key));
                        }
                    }
                }
            }
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_stored_ring_comes_back_the_same() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(8));
        for day in 0..3 {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
        }
        assert!(ring.release_today(MIDNIGHT + 2 * DAY + 6000).is_some());
        let stored = serde_json::to_string(&ring).unwrap();
        let read: KeyRing = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
        assert_eq!(read.keys[2].window().period().as_u32(), 10);
        assert!(read.keys[2].is_released() && !read.keys[0].is_released());

        let broken = stored.replacen("144", "145", 1);
        assert!(serde_json::from_str::<KeyRing>(&broken).is_err(), "a stored period is parsed like any other");
    }
}
