//! A device's own keys over the days: a state machine without clock, storage or radio.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::convert::Infallible;

use rand_core::CryptoRng;

use crate::keys::{DiagnosisKey, TemporaryExposureKey};
use crate::time::{
    CLOCK_SECONDS, EnIntervalNumber, LONGEST_STEP_SECONDS, RETENTION_SECONDS, RollingPeriod, RollingWindow,
    SECONDS_PER_DAY, TimeError,
};

/// One of the device's own keys, with the intervals that it is for.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OwnKey {
    /// Boxed, so that a ring that grows or shrinks moves a pointer and leaves no copy of the key behind.
    #[cfg_attr(feature = "serde", serde(with = "secret_hex"))]
    pub(crate) key: Box<TemporaryExposureKey>,
    pub(crate) window: RollingWindow,
    /// The first interval for which it has not been given out yet.
    pub(crate) used_until: EnIntervalNumber,
    pub(crate) released: bool,
    /// What the ring's steady clock showed when it was generated, seconds.
    pub(crate) generated_at: i64,
}

impl OwnKey {
    /// Returns the key itself.
    #[must_use]
    pub fn key(&self) -> &TemporaryExposureKey {
        &self.key
    }

    /// The intervals that the key is for.
    #[must_use]
    pub fn window(&self) -> RollingWindow {
        self.window
    }

    /// `true` if the ring released the key for publishing. It never broadcasts a released key again.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.released
    }

    /// `(start + period + 12) * 600`: the Unix second from which nobody can replay identifiers of the key.
    #[must_use]
    pub fn safe_to_release_at(&self) -> u64 {
        self.window.safe_to_release_at()
    }

    /// The Unix second from which it has outlived its retention.
    pub(crate) fn expires_at(&self) -> u64 {
        self.window.end().unix_seconds().saturating_add(RETENTION_SECONDS)
    }

    pub(crate) fn publish(&mut self) -> DiagnosisKey {
        self.released = true;
        DiagnosisKey::publish(&self.key, self.window)
    }
}

/// The key to broadcast with. It says whether you have to store the ring first.
#[derive(Debug)]
#[must_use = "a generated key has to be stored before its identifiers are broadcast"]
pub enum CurrentKey<'ring> {
    /// The ring had the key already.
    Existing(&'ring OwnKey),
    /// The ring has just generated the key. Store the ring BEFORE you broadcast: otherwise a crash loses a key that
    /// others have heard.
    Generated(&'ring OwnKey),
}

impl<'ring> CurrentKey<'ring> {
    /// The key. Store a generated key before you broadcast with it.
    #[must_use]
    pub fn key(&self) -> &'ring OwnKey {
        match self {
            Self::Existing(key) | Self::Generated(key) => key,
        }
    }
}

/// All keys of a device, in the order in which the ring generated them.
///
/// Every method takes the time as Unix seconds. When the clock steps back, an earlier key becomes current again, but
/// never a released one. When the clock jumps ahead, earlier keys stay. The ring erases a key only when two counts
/// agree: by the clock, its 14 days are over; and by the ring's own count, which leaves out jumps, 14 days have passed
/// since the key was generated. So a clock that is wrong for a while, by months either way, erases no key that may
/// still be needed.
///
/// To publish, ask the ring through `publish::release`: it takes the owner's consent, and does not believe the clock
/// alone.
///
/// Source: Cryptography Specification v1.2, "Temporary Exposure Key"; release rules as in Google's client.
///
/// ```
/// use gaen::KeyRing;
/// use gaen::device::CurrentKey;
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
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct KeyRing {
    pub(crate) keys: Vec<OwnKey>,
    pub(crate) clock: SteadyClock,
}

/// Counts the seconds that have truly passed, as far as readings of a clock that may be set at any time can tell.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct SteadyClock {
    /// The last reading.
    pub(crate) latest: Option<u64>,
    /// The sum in seconds of all steps from one reading to the next that are no jumps. Steps back count against the
    /// sum, also below 0: otherwise a clock that goes back and is put right would count for time that passed.
    pub(crate) elapsed: i64,
}

impl SteadyClock {
    pub(crate) const fn new() -> Self {
        Self { latest: None, elapsed: 0 }
    }

    pub(crate) fn observe(&mut self, now: u64) {
        let latest = self.latest.replace(now).unwrap_or(now);
        if now.abs_diff(latest) <= LONGEST_STEP_SECONDS {
            // At most two days either way.
            self.elapsed = self.elapsed.saturating_add(now.cast_signed().wrapping_sub(latest.cast_signed()));
        }
    }
}

impl KeyRing {
    /// Makes a ring without keys.
    #[must_use]
    #[allow(clippy::new_without_default)] // secrets have no default
    pub const fn new() -> Self {
        Self { keys: Vec::new(), clock: SteadyClock::new() }
    }

    /// All keys, in the order in which the ring generated them.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &OwnKey> {
        self.keys.iter()
    }

    /// The key to broadcast with at this moment: the youngest valid key that was not released. `None` if there is no
    /// such key.
    #[must_use]
    pub fn current(&self, now: u64) -> Option<&OwnKey> {
        self.current_position(now).and_then(|position| self.keys.get(position))
    }

    fn current_position(&self, now: u64) -> Option<usize> {
        let interval = EnIntervalNumber::from_unix_seconds(now).ok()?;
        self.keys.iter().rposition(|key| !key.released && key.window.contains(interval))
    }

    /// Returns the key to broadcast with at this moment. Ask again in every interval.
    ///
    /// If there is no such key, the ring generates one: random, from midnight UTC, for 144 intervals. Then it also
    /// erases keys that have outlived their retention.
    ///
    /// # Errors
    /// [`TimeError`] if the moment lies beyond the last interval number.
    pub fn rotate<R: CryptoRng + ?Sized>(&mut self, now: u64, rng: &mut R) -> Result<CurrentKey<'_>, TimeError> {
        let interval = EnIntervalNumber::from_unix_seconds(now)?;
        let window = RollingWindow::new(interval.start_of_day(), RollingPeriod::FULL_DAY)?;
        let existing = self.current_position(now);
        let position = match existing {
            Some(position) => {
                self.clock.observe(now);
                position
            }
            None => {
                self.purge(now);
                let Ok(key) = TemporaryExposureKey::boxed(|bytes| {
                    rng.fill_bytes(bytes);
                    Ok::<(), Infallible>(())
                });
                let (used_until, generated_at) = (window.start(), self.clock.elapsed);
                self.keys.push(OwnKey { key, window, used_until, released: false, generated_at });
                self.keys.len() - 1 // pushed above
            }
        };
        let key = &mut self.keys[position];
        key.used_until = key.used_until.max(interval.checked_add(1).unwrap_or(interval));
        let key = &self.keys[position];
        Ok(if existing.is_some() { CurrentKey::Existing(key) } else { CurrentKey::Generated(key) })
    }

    /// Releases all keys of the last 14 days that nobody can replay any more. The ring never broadcasts them again.
    ///
    /// **This method believes the clock.** A clock that is days ahead releases keys that others can still replay.
    /// Prefer `publish::release` (feature `publish`): it also asks the ring's own count, and takes the owner's consent.
    ///
    /// Store the ring before you publish. If an upload fails, call again: you get the same keys.
    #[must_use]
    pub fn release(&mut self, now: u64) -> Vec<DiagnosisKey> {
        let releasable = |key: &&mut OwnKey| key.safe_to_release_at() <= now && now < key.expires_at();
        self.keys.iter_mut().filter(releasable).map(OwnKey::publish).collect()
    }

    /// `true` if the clock may have jumped since the ring generated this key. Then the embargo may last although, by
    /// the clock, it is over.
    ///
    /// The ring knows how many seconds it has counted since it generated the key. So it can tell what the clock showed
    /// then. If that moment lies in the key's first day, the clock has not jumped. Once the ring has counted 26 hours,
    /// a day and the embargo after it, nobody can replay the key, whatever the clock shows: then the method returns
    /// `false` too.
    #[must_use]
    pub fn clock_may_have_jumped(&self, key: &OwnKey, now: u64) -> bool {
        const DAY_AND_EMBARGO: u64 = SECONDS_PER_DAY + CLOCK_SECONDS;

        let mut clock = self.clock.clone();
        clock.observe(now);
        let lived = clock.elapsed.saturating_sub(key.generated_at);
        let (generated, start) = (now.saturating_add_signed(lived.saturating_neg()), key.window.start().unix_seconds());
        let first_day = start..start.saturating_add(SECONDS_PER_DAY);
        lived < DAY_AND_EMBARGO.cast_signed() && !first_day.contains(&generated)
    }

    /// Ends today's key now, for publishing before its embargo is over.
    ///
    /// The key's period becomes the intervals that have passed. The next [`rotate`](Self::rotate) generates another key
    /// with the same start. If the clock has stepped back, the period still covers every interval for which `rotate`
    /// has given out the key. `None` if there is no current key, or if the key is in its first interval.
    ///
    /// Until [`OwnKey::safe_to_release_at`], others can replay identifiers of the key. Give it only to a server that
    /// holds it back until then: `publish::release` (feature `publish`) makes sure of that.
    #[must_use]
    pub fn release_today(&mut self, now: u64) -> Option<DiagnosisKey> {
        let interval = EnIntervalNumber::from_unix_seconds(now).ok()?;
        let position = self.current_position(now)?;
        let key = self.keys.get_mut(position)?;
        let start = key.window.start();
        // In the interval that runs now the key is still on the air, but what is heard of it then is no encounter.
        let stepped_back = key.used_until > interval.checked_add(1)?;
        let end = if stepped_back { key.used_until } else { interval };
        let period = end.as_u32().checked_sub(start.as_u32())?;
        key.window = RollingWindow::new(start, RollingPeriod::new(period).ok()?).ok()?;
        Some(key.publish())
    }

    /// Erases every key whose 14 days are over by the clock and by the ring's own count. Returns how many keys went.
    ///
    /// The count leaves out steps of over two days: the clock may have gone wrong, or the phone was switched off. So a
    /// phone that is often off keeps its keys longer. Of the keys whose 14 days are over by the clock, it keeps the
    /// youngest, at most
    /// 32. [`release`](Self::release) leaves these out, because it goes by the clock alone.
    pub fn purge(&mut self, now: u64) -> usize {
        const MOST_EXPIRED: usize = 32;

        self.clock.observe(now);
        let expired = |key: &OwnKey| key.expires_at() <= now;
        let mut surplus = self.keys.iter().filter(|key| expired(key)).count().saturating_sub(MOST_EXPIRED);
        let elapsed = self.clock.elapsed;
        let before = self.keys.len();
        self.keys.retain(|key| {
            if !expired(key) {
                return true;
            }
            let outlived = elapsed.saturating_sub(key.generated_at) >= RETENTION_SECONDS.cast_signed();
            let too_many = surplus > 0;
            surplus = surplus.saturating_sub(1);
            !(outlived || too_many)
        });
        before - self.keys.len()
    }

    /// Erases all keys. Call it when the user asks for that.
    pub fn clear(&mut self) {
        self.keys.clear();
    }
}

/// The bytes of a device's own key as hexadecimal text: what is stored is as secret as the key.
#[cfg(feature = "serde")]
mod secret_hex {
    use alloc::boxed::Box;
    use core::fmt;

    use serde::de::{Deserializer, Error, Visitor};
    use zeroize::Zeroizing;

    use crate::keys::{TemporaryExposureKey, from_hex_into};

    pub(super) fn serialize<S: serde::Serializer>(
        key: &TemporaryExposureKey,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut text = Zeroizing::new([0; 32]);
        match base16ct::lower::encode_str(key.expose_secret(), &mut *text) {
            Ok(text) => serializer.serialize_str(text),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }

    /// Writes the bytes where they stay, and returns nothing that could be moved.
    struct InPlace<'key>(&'key mut [u8; 16]);

    impl Visitor<'_> for InPlace<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("32 hexadecimal digits")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
            from_hex_into(text, self.0).map_err(E::custom)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Box<TemporaryExposureKey>, D::Error> {
        TemporaryExposureKey::boxed(|key| deserializer.deserialize_str(InPlace(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::wrong_clock::{WrongClock, wrong_clock};
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
        assert_eq!((published.key_data, published.window.period().as_u32()), (first.into(), 60));

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
        for jump in [30, 300, 3000, 25_000] {
            rotate(&mut ring, MIDNIGHT + jump * DAY, &mut rng);
            assert!(ring.release(MIDNIGHT + jump * DAY).is_empty(), "none of them is 14 days old or younger");
        }
        let now = MIDNIGHT + 13 * DAY + 40_000;
        assert_eq!(rotate(&mut ring, now, &mut rng), keys[13], "back again, the day's key is there");
        let released: Vec<_> = ring.release(now + DAY).iter().map(|key| *key.key_data.as_bytes()).collect();
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
    fn after_a_jump_the_keys_before_it_go_once_fourteen_days_are_lived() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(9));
        for day in (0..3).chain(100..112) {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
        }
        assert_eq!(ring.keys().len(), 15);
        for day in 112..115 {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
        }
        assert_eq!(ring.keys().len(), 15, "the three keys before the jump are gone");
        assert!(ring.keys().all(|key| key.window().start().unix_seconds() >= MIDNIGHT + 100 * DAY));
    }

    #[test]
    fn a_step_of_two_days_counts_and_a_longer_one_does_not() {
        for (step, erased) in [(2 * DAY, true), (2 * DAY + 1, false)] {
            let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(11));
            let first = rotate(&mut ring, MIDNIGHT, &mut rng);
            for number in 1..=8 {
                rotate(&mut ring, MIDNIGHT + number * step, &mut rng);
            }
            assert_eq!(ring.keys().all(|key| *key.key().expose_secret() != first), erased, "{step}");
        }
    }

    #[test]
    fn a_clock_that_goes_back_and_is_put_right_has_counted_nothing() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(15));
        let noon = MIDNIGHT + DAY / 2;
        let first = rotate(&mut ring, noon, &mut rng);
        for now in [noon - 36 * 3600, noon] {
            rotate(&mut ring, now, &mut rng);
        }
        let key = ring.keys().find(|key| *key.key().expose_secret() == first).unwrap();
        assert_eq!(ring.clock.elapsed, key.generated_at);
        assert!(ring.clock_may_have_jumped(key, noon + 5 * DAY), "no second of its life was counted");
    }

    #[test]
    fn a_phone_that_is_often_off_does_not_hoard_keys() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(12));
        for week in 0..100 {
            for (day, hour) in (0..5).flat_map(|day| [8, 12, 18].map(|hour| (day, hour))) {
                rotate(&mut ring, MIDNIGHT + (7 * week + day) * DAY + hour * 3600, &mut rng);
            }
            assert!(ring.keys().len() <= 17, "off at weekends: {} keys", ring.keys().len());
        }
        let mut ring = KeyRing::new();
        for week in 0..100 {
            rotate(&mut ring, MIDNIGHT + 7 * week * DAY, &mut rng);
            assert!(ring.keys().len() <= 32 + 3, "on once a week: {} keys", ring.keys().len());
        }
    }

    #[test]
    fn a_clock_that_steps_back_shortens_no_key_below_what_was_broadcast() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(13));
        for interval in 0..120 {
            rotate(&mut ring, MIDNIGHT + interval * 600, &mut rng);
        }
        let published = ring.release_today(MIDNIGHT + 36_000).unwrap();
        assert_eq!(
            published.window.period().as_u32(),
            120,
            "20 hours were broadcast before the clock stepped back to 10"
        );

        for interval in 0..=144 {
            rotate(&mut ring, MIDNIGHT + DAY + interval * 600, &mut rng);
        }
        let published = ring.release_today(MIDNIGHT + DAY + 3600).unwrap();
        assert_eq!(published.window.period().as_u32(), 144, "a day that was broadcast in full");
    }

    #[test]
    fn a_key_stays_where_it_is_while_the_ring_grows() {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(14));
        rotate(&mut ring, MIDNIGHT, &mut rng);
        let address = |ring: &KeyRing| core::ptr::from_ref(ring.keys().last().unwrap().key()).addr();
        let first = core::ptr::from_ref(ring.keys[0].key()).addr();
        assert_eq!(address(&ring), first);
        for day in 1..100 {
            rotate(&mut ring, MIDNIGHT + day * DAY, &mut rng);
            let kept = address(&ring);
            ring.purge(MIDNIGHT + day * DAY);
            assert_eq!(address(&ring), kept, "a key that is moved leaves a copy behind");
        }
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
        /// True time goes on by hours. For any while, the clock is right, is off by months either way, or goes back by
        /// hours and is put right. The ring never erases a key that it generated in the last 14 days of true time. For
        /// a key of a clock that is hours back, the hours by which the clock is put right count as lived: it may go
        /// earlier.
        #[test]
        fn a_wrong_clock_erases_nothing_that_may_be_needed(
            stretches in prop::collection::vec((wrong_clock(40), 1_u64..200), 1..12)
        ) {
            let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(10));
            let mut generated = Vec::new();
            let mut truth = MIDNIGHT;
            for (clock, hours) in stretches {
                for offset in clock.offsets(hours) {
                    truth += 3600;
                    let now = truth.checked_add_signed(offset).unwrap();
                    let current = ring.rotate(now, &mut rng).unwrap();
                    let is_hours_back = matches!(clock, WrongClock::Back(..)) && offset != 0;
                    if let (CurrentKey::Generated(key), false) = (current, is_hours_back) {
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
                            published.insert(*key.key_data.as_bytes());
                        }
                    }
                    Step::ReleaseToday(now) => published.extend(ring.release_today(now).map(|key| *key.key_data.as_bytes())),
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
