//! Computes windows, scores and the decision again, and writes down each step.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::vec::Vec;

use super::key::{ExplainedFile, Hit, KeyExplanation};
use super::reason::{Outcome, Reason};
use super::v2::{JudgedWindows, WindowCounts};
use super::{Explanation, View, WindowExplanation, day, v1, v2};
use crate::exposure::assessment::assess_with;
use crate::exposure::basis::{Basis, Verdict};
use crate::exposure::configuration::{Configuration, Rule};
use crate::exposure::decision::{DecisionReason, Judge};
use crate::exposure::encounter::{Beacon, Encounter, order};
use crate::keys::{BluetoothMetadata, DaysSinceOnset};
use crate::matching::DroppedSighting;
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, INTERVAL_SECONDS, UtcDay};

/// The records to explain.
#[derive(Clone, Copy, Debug)]
pub struct Records<'r> {
    /// The files that were searched and the sightings that were heard.
    pub basis: &'r Basis,
    /// The encounters that count, each key once.
    pub encounters: &'r [Encounter],
    /// The sightings that do not count: [`MatchReport::dropped`](crate::matching::MatchReport::dropped). If empty, only
    /// keys that matched are explained.
    pub dropped: &'r [DroppedSighting],
    /// The files by your numbers for them; empty if the explanation is not to name them.
    pub files: &'r [ExplainedFile],
}

/// Explains these records at the time `now` in Unix seconds. The explanation tells everything;
/// [`redacted`](Explanation::redacted) removes what is not safe to show.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::{Basis, Configuration, Records, SearchedFiles, explain};
///
/// # let (encounters, dropped, now) = (vec![], vec![], 0);
/// # let heard = [];
/// let basis = Basis::new(SearchedFiles::all(1), &heard);
/// let records = Records { basis: &basis, encounters: &encounters, dropped: &dropped, files: &[] };
/// let explanation = explain(&records, &Configuration::default(), Profile::Google, now);
/// for key in &explanation.redacted().keys {
///     println!("{:?}", key.first_reason);
/// }
/// ```
#[must_use]
pub fn explain(records: &Records<'_>, configuration: &Configuration, profile: Profile, now: u64) -> Explanation {
    let judge = Judge::new(configuration, profile);
    let today = UtcDay::from_unix_seconds(now);
    let (assessment, set) = assess_with(&judge, records.encounters, records.basis, configuration, profile, now);
    let (decision, rule) = (&assessment.decision, &configuration.rule);
    // Daily summaries and risk scores are explained with the keys. Only an app's own arithmetic has steps beside them.
    let judgement = judge.has_own_scores().then(|| judge.judge(&set, today, None));
    let own = judgement.as_ref().map(|judgement| {
        let places = assessment.windows.iter().map(|window| (window.start, order(&window.key)));
        places.zip(&judgement.windows).collect::<JudgedWindows<'_>>()
    });

    let judged: BTreeMap<_, _> = decision.reasons.iter().filter_map(|reason| Some((reason.date?, reason))).collect();
    let of_zeros = assessment.daily_summaries.iter().filter(|day| day.by_report_type.is_empty());
    let of_zeros: BTreeSet<_> = of_zeros.map(|day| day.date).collect();
    let mut keys: BTreeMap<_, (Cow<'_, Encounter>, Vec<&DroppedSighting>)> = BTreeMap::new();
    for encounter in records.encounters {
        keys.insert(order(&encounter.key), (Cow::Borrowed(encounter), Vec::new()));
    }
    // A key whose sightings were all dropped has no encounter. Somebody may still ask why it does not count.
    for dropped in records.dropped {
        let unmatched = || {
            Cow::Owned(Encounter { source: dropped.source, key: dropped.key, beacons: Vec::new(), other_period: false })
        };
        keys.entry(order(&dropped.key)).or_insert_with(|| (unmatched(), Vec::new())).1.push(dropped);
    }
    let explained = (1..).zip(keys.values()).map(|(number, (encounter, dropped))| {
        let file = records.files.get(encounter.source).cloned();
        let mut key = key(number, file, encounter, dropped);
        if encounter.beacons.is_empty() {
            return key;
        }
        key.weaknesses = Reason::weaknesses(&encounter.weaknesses(profile));
        key.windows = v2::windows(encounter, configuration, profile, today, own.as_ref());
        key.scored_v2 = v2::scored(encounter, &key.windows, configuration);
        key.exposures = v1::explain(encounter, configuration, profile, now);
        key.scored_v1 = v1::scored(encounter, &key.exposures, configuration);
        key.notified = notified(&key, rule, &judged, &of_zeros);
        let scored = if rule.reads_risk_scores() { &key.scored_v1 } else { &key.scored_v2 };
        key.first_reason = scored.reason.clone().or_else(|| key.notified.reason.clone());
        key
    });
    let keys = explained.collect();
    Explanation {
        profile,
        view: View::Full,
        keys,
        days: day::days(&judge, decision, &assessment.daily_summaries, &set, today),
        judgement,
        assumed_scans: assessment.assumed_scans,
        basis: *records.basis,
        verdict: decision.verdict,
    }
}

/// Explains a key and its sightings. A key that did not match has nothing else.
fn key(
    number: usize,
    file: Option<ExplainedFile>,
    encounter: &Encounter,
    dropped: &[&DroppedSighting],
) -> KeyExplanation {
    let key = &encounter.key;
    let counted = encounter.beacons.iter().map(hit);
    let mut hits: Vec<_> = counted.chain(dropped.iter().map(|dropped| dropped_hit(dropped))).collect();
    hits.sort_by_key(|hit| (hit.time, hit.interval));
    let first_drop = hits.iter().find_map(|hit| hit.dropped.clone());
    let matched = match (encounter.beacons.is_empty(), first_drop) {
        (false, _) => Outcome::YES,
        (true, reason) => Outcome::no(reason.unwrap_or_else(Reason::not_heard)),
    };
    let not_matched = Outcome::no(Reason::not_matched());
    KeyExplanation {
        number,
        tek: Some(key.key_data),
        file,
        date: UtcDay::from(key.window.start()),
        start: Some(key.window.start().unix_seconds()),
        end: Some(key.window.end().unix_seconds()),
        transmission_risk_level: key.transmission_risk_level.as_u8(),
        report_type: key.report_type.name(),
        days_since_onset_of_symptoms: key.days_since_onset_of_symptoms.map(DaysSinceOnset::as_i8),
        hits,
        first_reason: matched.reason.clone(),
        matched,
        weaknesses: Vec::new(),
        windows: Vec::new(),
        scored_v2: not_matched.clone(),
        exposures: Vec::new(),
        scored_v1: not_matched.clone(),
        notified: not_matched,
    }
}

/// Says whether this key is on a day that triggered the notification.
fn notified(
    key: &KeyExplanation,
    rule: &Rule,
    judged: &BTreeMap<UtcDay, &DecisionReason>,
    of_zeros: &BTreeSet<UtcDay>,
) -> Outcome {
    let days: Vec<_> = if rule.reads_risk_scores() {
        key.exposures.iter().map(|exposure| exposure.date).collect()
    } else {
        let is_of_its_day = |window: &&WindowExplanation| match window.counts {
            WindowCounts::Yes => true,
            // Nothing counts on such a day, and a rule may be met all the same, by its seconds.
            WindowCounts::BelowMinimum => of_zeros.contains(&window.date),
            WindowCounts::No => false,
        };
        key.windows.iter().filter(is_of_its_day).map(|window| window.date).collect()
    };
    let of_its_days = || days.iter().filter_map(|day| judged.get(day));
    if of_its_days().any(|reason| reason.verdict == Verdict::Notify) {
        return Outcome::YES;
    }
    Outcome::no(match of_its_days().next() {
        Some(DecisionReason { verdict: Verdict::NotJudged(reason), .. }) => {
            Reason::new(reason.code(), reason.to_string())
        }
        Some(reason) => Reason::new(reason.code, reason.text.clone()),
        None => Reason::new("no_day", "it counts for no day"),
    })
}

fn hit(beacon: &Beacon) -> Hit {
    Hit {
        interval: Some(beacon.interval.as_u32()),
        time: beacon.time,
        clock_drift: Some(clock_drift(beacon.interval, beacon.time)),
        tx_power: Some(beacon.metadata.tx_power()),
        rssi: Some(beacon.rssi),
        attenuation: Some(beacon.attenuation),
        dropped: None,
    }
}

fn dropped_hit(dropped: &DroppedSighting) -> Hit {
    Hit {
        interval: Some(dropped.interval.as_u32()),
        time: dropped.time,
        clock_drift: Some(clock_drift(dropped.interval, dropped.time)),
        tx_power: dropped.metadata.map(BluetoothMetadata::tx_power),
        rssi: Some(dropped.rssi),
        attenuation: dropped.metadata.map(|metadata| metadata.attenuation(dropped.rssi)),
        dropped: Some(Reason::dropped(dropped.reason)),
    }
}

/// Returns the seconds between this moment and the interval; 0 inside the interval.
fn clock_drift(interval: EnIntervalNumber, time: u64) -> i64 {
    let start = interval.unix_seconds();
    let last = start.saturating_add(INTERVAL_SECONDS - 1);
    let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    if time < start { signed(start.saturating_sub(time)).saturating_neg() } else { signed(time.saturating_sub(last)) }
}
