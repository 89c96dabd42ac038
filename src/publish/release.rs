//! What a device lets go: keys of its ring, at a time, with its owner's consent.

use core::convert::Infallible;
use core::fmt;

use super::request::UploadKeys;
use super::rules::{Rules, StillValid};
use super::secret::HiddenKey;
use super::upload_key::ExposureKey;
use crate::device::{KeyRing, OwnKey};
use crate::keys::wipe::wiping_the_stack;
use crate::keys::{DiagnosisKey, TransmissionRiskLevel};
use crate::time::{EnIntervalNumber, RollingWindow, TimeError, UtcDay};

/// The owner's consent to publish keys. It has no default, and you cannot copy it: make one when the owner has agreed.
///
/// A consent covers the keys that began by the moment of the consent. A later key needs another consent.
#[derive(Debug, PartialEq, Eq)]
pub struct Consent {
    given_at: u64,
    today: bool,
}

impl Consent {
    /// At this Unix second, the owner agreed to publish every key whose embargo is over.
    #[must_use]
    pub fn given(at: u64) -> Self {
        Self { given_at: at, today: false }
    }

    /// The owner also agreed to end today's key now, and to give it to a server that holds the key back.
    #[must_use]
    pub fn with_today(self) -> Self {
        Self { today: true, ..self }
    }
}

/// A key of the device that the owner gave up before the embargo was over. It is for a server that holds it back.
///
/// Its bytes come out only in an upload to such a server. When the embargo is over, ask the ring again: [`release`]
/// then returns the key among [`Release::keys`]. Only the ring can tell, because a clock alone is not believed. The
/// bytes are wiped when the key is dropped.
///
/// ```
/// # use gaen::{KeyRing, Matcher, SightingIndex};
/// # use gaen::publish::{Consent, release};
/// # let (mut ring, noon) = (KeyRing::new(), 1_601_121_600);
/// # let _ = ring.rotate(noon, &mut rand::rng())?;
/// let consent = Consent::given(noon + 3600).with_today();
/// let released = release(&mut ring, noon + 3600, &consent)?;
/// let [today] = released.embargoed() else { unreachable!() };
/// assert!(format!("{today:?}").contains("redacted"));
///
/// let later = release(&mut ring, today.safe_to_release_at(), &consent)?;
/// assert_eq!((later.keys().len(), later.embargoed().len()), (1, 0));
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
/// ```compile_fail,E0308
/// # use gaen::publish::EmbargoedKey;
/// fn publish(today: EmbargoedKey) -> gaen::DiagnosisKey {
///     today
/// }
/// ```
/// ```compile_fail,E0277
/// # use gaen::publish::EmbargoedKey;
/// fn publish(today: EmbargoedKey) -> gaen::DiagnosisKey {
///     today.into()
/// }
/// ```
/// ```compile_fail,E0616
/// # use gaen::publish::EmbargoedKey;
/// fn publish(today: EmbargoedKey) -> gaen::DiagnosisKey {
///     today.key
/// }
/// ```
/// ```compile_fail,E0599
/// # use gaen::publish::EmbargoedKey;
/// fn publish(today: EmbargoedKey) -> Option<gaen::DiagnosisKey> {
///     today.open(today.safe_to_release_at())
/// }
/// ```
#[derive(PartialEq, Eq)]
pub struct EmbargoedKey {
    key: HiddenKey,
}

impl EmbargoedKey {
    /// The intervals that the key is for.
    #[must_use]
    pub fn window(&self) -> RollingWindow {
        self.key.window
    }

    /// The Unix second from which nobody can replay identifiers of the key, if the device's clock was right.
    #[must_use]
    pub fn safe_to_release_at(&self) -> u64 {
        self.key.window.safe_to_release_at()
    }
}

impl fmt::Debug for EmbargoedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmbargoedKey({:?}, redacted)", self.key.window)
    }
}

/// A key that the ring did not let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// The intervals that the key is for.
    pub window: RollingWindow,
    /// Why the ring keeps the key.
    pub reason: HeldReason,
}

/// Why the ring did not let a key go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeldReason {
    /// Others could still replay identifiers of the key.
    #[error("its identifiers can be replayed until {until} (Unix seconds)")]
    Embargo {
        /// The Unix second from which nobody can replay them.
        until: u64,
    },
    /// By the clock, the embargo is over. But the clock has jumped since the key was made.
    #[error("the clock has jumped by more than two days since the key was made, and may be wrong")]
    ClockJumped,
    /// The key begins after the owner agreed.
    #[error("it begins after the owner's consent at {given_at} (Unix seconds)")]
    AfterConsent {
        /// When the owner agreed, Unix seconds.
        given_at: u64,
    },
    /// The key ended over 14 days ago.
    #[error("it ended over 14 days ago")]
    Expired,
}

impl HeldReason {
    /// A short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Embargo { .. } => "embargo",
            Self::ClockJumped => "clock_jumped",
            Self::AfterConsent { .. } => "after_consent",
            Self::Expired => "expired",
        }
    }
}

/// What a ring lets go: keys to publish, keys for a server that holds them back, and the keys that stay, each with why.
///
/// Store the ring before you send anything. A ring never broadcasts a released key again.
#[derive(Debug, PartialEq, Eq)]
pub struct Release {
    keys: Vec<DiagnosisKey>,
    embargoed: Vec<EmbargoedKey>,
    held: Vec<HeldKey>,
}

/// Asks a key ring what may be published at this Unix second. If you ask again, you get the same keys again.
///
/// Unlike [`KeyRing::release`], this function does not believe the clock alone. If the clock has jumped by more than
/// two days, a key stays until the ring itself has counted the 26 hours that a day and its embargo last.
///
/// # Errors
/// [`TimeError`] if the moment has no interval number. Then the ring releases nothing.
pub fn release(ring: &mut KeyRing, now: u64, consent: &Consent) -> Result<Release, TimeError> {
    EnIntervalNumber::from_unix_seconds(now)?;
    let is_covered = |own: &OwnKey| own.window().start().unix_seconds() <= consent.given_at;
    if consent.today && ring.current(now).is_some_and(is_covered) {
        // This ends the key. Below, it is among the keys of the ring.
        let _ = ring.release_today(now);
    }
    let mut release = Release { keys: Vec::new(), embargoed: Vec::new(), held: Vec::new() };
    let jumped: Vec<_> = ring.keys.iter().map(|own| ring.clock_may_have_jumped(own, now)).collect();
    for (own, jumped) in ring.keys.iter_mut().zip(jumped) {
        let window = own.window();
        match held(own, now, consent).or_else(|| jumped.then_some(HeldReason::ClockJumped)) {
            None => release.keys.push(own.publish()),
            Some(HeldReason::Embargo { .. } | HeldReason::ClockJumped) if consent.today && own.is_released() => {
                let Ok(key) = HiddenKey::made(|| Ok::<_, Infallible>(own.publish()));
                release.embargoed.push(EmbargoedKey { key });
            }
            Some(reason) => release.held.push(HeldKey { window, reason }),
        }
    }
    Ok(release)
}

/// Why a key stays, by the clock.
fn held(own: &OwnKey, now: u64, consent: &Consent) -> Option<HeldReason> {
    let (given_at, until) = (consent.given_at, own.safe_to_release_at());
    if own.window().start().unix_seconds() > given_at {
        return Some(HeldReason::AfterConsent { given_at });
    }
    if own.expires_at() <= now {
        return Some(HeldReason::Expired);
    }
    (now < until).then_some(HeldReason::Embargo { until })
}

impl Release {
    /// The keys whose embargo is over.
    #[must_use]
    pub fn keys(&self) -> &[DiagnosisKey] {
        &self.keys
    }

    /// The keys that the owner gave up before their embargo was over.
    #[must_use]
    pub fn embargoed(&self) -> &[EmbargoedKey] {
        &self.embargoed
    }

    /// The keys that stay in the ring.
    #[must_use]
    pub fn held(&self) -> &[HeldKey] {
        &self.held
    }

    /// Makes the keys of an upload to a server with these rules. `risk` gives each key the transmission risk of its UTC
    /// day.
    ///
    /// Keys within their embargo are included only if the server holds them back.
    #[must_use]
    pub fn upload(&self, rules: &Rules, risk: impl Fn(UtcDay) -> TransmissionRiskLevel) -> UploadKeys {
        let embargoed = self.embargoed.iter().filter(|_| rules.still_valid == StillValid::HeldBack);
        let keys = self.keys.iter().chain(embargoed.map(|embargoed| &*embargoed.key));
        let with_risk = |key: &DiagnosisKey| {
            let transmission_risk_level = risk(UtcDay::from(key.window.start()));
            wiping_the_stack(|| ExposureKey::of(&DiagnosisKey { transmission_risk_level, ..*key }))
        };
        UploadKeys(keys.filter_map(with_risk).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::device::wrong_clock::wrong_clock;
    use crate::keys::KeyData;

    const DAY: u64 = 86_400;
    const MIDNIGHT: u64 = 18_531 * DAY;
    const HOUR: u64 = 3600;

    fn lived(hours: u64) -> KeyRing {
        let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(1));
        for hour in 0..=hours {
            let _ = ring.rotate(MIDNIGHT + hour * HOUR, &mut rng).unwrap();
        }
        ring
    }

    fn reasons(release: &Release) -> Vec<&'static str> {
        release.held().iter().map(|held| held.reason.code()).collect()
    }

    #[test]
    fn keys_go_when_their_embargo_is_over_and_today_only_by_consent() {
        let now = MIDNIGHT + 2 * DAY + 10 * HOUR;
        let mut ring = lived(58);
        let release = super::release(&mut ring, now, &Consent::given(now)).unwrap();
        assert_eq!((release.keys().len(), release.embargoed().len(), reasons(&release)), (2, 0, vec!["embargo"]));
        assert!(ring.current(now).is_some());

        let first = super::release(&mut ring, now, &Consent::given(now).with_today()).unwrap();
        assert_eq!((first.keys().len(), first.embargoed().len(), reasons(&first)), (2, 1, vec![]));
        assert_eq!(first.embargoed()[0].window().period().as_u32(), 60);
        assert!(ring.current(now).is_none(), "it is never broadcast again");
        let again = super::release(&mut ring, now + 600, &Consent::given(now).with_today()).unwrap();
        assert_eq!(again, first, "for an upload that failed");
        let later = super::release(&mut ring, now + 2 * HOUR, &Consent::given(now)).unwrap();
        assert_eq!((later.keys().len(), later.embargoed().len()), (3, 0));
        assert!(later.keys()[2] == *first.embargoed()[0].key, "the same key, and now anybody may have it");
    }

    #[test]
    fn consent_is_for_keys_up_to_its_moment_and_expired_keys_stay() {
        let now = MIDNIGHT + 2 * DAY + 10 * HOUR;
        let release = super::release(&mut lived(58), now, &Consent::given(MIDNIGHT + 5)).unwrap();
        assert_eq!((release.keys().len(), reasons(&release)), (1, vec!["after_consent", "after_consent"]));
        let mut ring = lived(400);
        let now = MIDNIGHT + 400 * HOUR;
        let release = super::release(&mut ring, now, &Consent::given(now)).unwrap();
        assert_eq!((release.keys().len(), reasons(&release)), (14, vec!["embargo"]), "older ones are gone");
        let now = MIDNIGHT + 15 * DAY;
        assert_eq!(reasons(&super::release(&mut lived(8), now, &Consent::given(now)).unwrap()), ["expired"]);
        assert!(super::release(&mut ring, u64::MAX, &Consent::given(now)).is_err());
    }

    #[test]
    fn a_clock_far_ahead_lets_nothing_go() {
        let mut ring = lived(10);
        let wrong = MIDNIGHT + 5 * DAY;
        let release = super::release(&mut ring, wrong, &Consent::given(wrong)).unwrap();
        assert_eq!(reasons(&release), ["clock_jumped"]);
        assert!(ring.keys().all(|key| !key.is_released()));
        // After 26 counted hours nobody can replay the key, whatever the clock says.
        let mut rng = StdRng::seed_from_u64(2);
        for hour in 0..17 {
            let _ = ring.rotate(wrong + hour * HOUR, &mut rng).unwrap();
        }
        let release = super::release(&mut ring, wrong + 16 * HOUR, &Consent::given(wrong)).unwrap();
        assert_eq!(release.keys().len(), 1);
    }

    /// Today's key was given up, then the clock jumped ahead. By the clock the embargo is over, by the ring's count it
    /// is not.
    #[test]
    fn a_key_that_was_given_up_is_not_opened_by_a_clock_that_jumped() {
        let (mut ring, now) = (lived(10), MIDNIGHT + 10 * HOUR);
        let consent = Consent::given(now).with_today();
        assert_eq!(super::release(&mut ring, now, &consent).unwrap().embargoed().len(), 1);
        let wrong = MIDNIGHT + 5 * DAY;
        let release = super::release(&mut ring, wrong, &consent).unwrap();
        assert_eq!((release.keys().len(), release.embargoed().len()), (0, 1));
        let release = super::release(&mut ring, wrong, &Consent::given(now)).unwrap();
        assert_eq!((release.keys().len(), reasons(&release)), (0, vec!["clock_jumped"]));
        let mut rng = StdRng::seed_from_u64(2);
        for hour in 0..17 {
            let _ = ring.rotate(wrong + hour * HOUR, &mut rng).unwrap();
        }
        let release = super::release(&mut ring, wrong + 16 * HOUR, &consent).unwrap();
        assert!(release.keys().iter().any(|key| key.window.period().as_u32() == 60), "26 hours are counted");
    }

    #[test]
    fn a_server_that_holds_nothing_back_gets_no_embargoed_key() {
        let now = MIDNIGHT + DAY + 10 * HOUR;
        let release = super::release(&mut lived(34), now, &Consent::given(now).with_today()).unwrap();
        assert_eq!((release.keys().len(), release.embargoed().len()), (1, 1));
        let refusing = Rules { still_valid: StillValid::Refused, ..Rules::GOOGLE };
        let count = |rules: &Rules| release.upload(rules, |_| TransmissionRiskLevel::UNSET).as_slice().len();
        assert_eq!((count(&Rules::GOOGLE), count(&refusing)), (2, 1));
    }

    proptest! {
        /// True time goes on by hours. For any while, the clock is right, is off by months either way, or goes back by
        /// hours and is put right. A key that was made while the clock was right goes at least two true hours after its
        /// end. By the clock, every key does.
        #[test]
        fn no_key_within_its_embargo_leaves_whatever_the_clock_does(
            stretches in prop::collection::vec((wrong_clock(20), 1_u64..60, any::<bool>()), 1..14)
        ) {
            let (mut ring, mut rng) = (KeyRing::new(), StdRng::seed_from_u64(3));
            let mut safe_at: BTreeMap<KeyData, u64> = BTreeMap::new();
            let mut truth = MIDNIGHT;
            for (clock, hours, today) in stretches {
                let mut now = truth;
                for offset in clock.offsets(hours) {
                    truth += HOUR;
                    now = truth.checked_add_signed(offset).unwrap();
                    let key = ring.rotate(now, &mut rng).unwrap();
                    let data = KeyData::from(*key.key().key().expose_secret());
                    if offset == 0 && !safe_at.contains_key(&data) {
                        safe_at.insert(data, key.key().safe_to_release_at());
                    }
                }
                let consent = Consent::given(now);
                let release = super::release(&mut ring, now, &if today { consent.with_today() } else { consent }).unwrap();
                for embargoed in release.embargoed() {
                    // The release has cut the key short.
                    safe_at.entry(embargoed.key.key_data).and_modify(|at| *at = embargoed.safe_to_release_at());
                }
                for key in release.keys() {
                    prop_assert!(key.window.end().unix_seconds() + 7200 <= now, "by the clock");
                    if let Some(safe_at) = safe_at.get(&key.key_data) {
                        prop_assert!(*safe_at <= truth, "{} is released {} s early", key.key_data, safe_at - truth);
                    }
                }
            }
        }
    }
}
