//! Known answers from sightings to exposures, daily summaries and a decision.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use alloc::vec::Vec;

use super::{KnownAnswers, SelfTestError, check};
use crate::exposure::decision::Rule;
use crate::exposure::{
    Assessment, Basis, Configuration, DailySummariesConfiguration, RiskConfiguration, RiskScores, SearchedFiles,
    Verdict, Weight, assess,
};
use crate::keys::{BluetoothMetadata, CalibrationConfidence, DiagnosisKey};
use crate::matching::{Matcher, Sighting, SightingIndex};
use crate::profile::Profile;
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// The bytes of the key.
const TEK: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// Its first interval: 2020-09-15 00:00:00.
const START: u32 = 2_666_880;
/// 2020-09-15 12:00:00, an interval's first second.
const NOON: u64 = 1_600_171_200;

/// A record of the key.
#[derive(Clone, Copy)]
struct Heard {
    /// Seconds after noon.
    offset: u64,
    rssi: i8,
    tx_power: i8,
    /// Seconds to the scan before.
    since_scan: Option<u64>,
    /// How many identifiers after that of the moment.
    identifier: u32,
}

const fn heard(offset: u64, rssi: i8, tx_power: i8) -> Heard {
    Heard { offset, rssi, tx_power, since_scan: None, identifier: 0 }
}

/// At 40 dB, sent with -12 dBm.
const fn scan(offset: u64, since_scan: Option<u64>) -> Heard {
    Heard { since_scan, ..heard(offset, -52, -12) }
}

struct Answer {
    /// What is computed.
    step: &'static str,
    heard: &'static [Heard],
    expected: Expected,
}

enum Expected {
    /// The key has no record left in v1, and no window.
    None,
    /// One exposure of v1 of so many seconds and dB, divided by attenuation.
    Exposure(u64, u8, [u64; 3]),
    /// The seconds of the scans, the risk, and whether it notifies. Without a risk nothing is listed.
    Decision(u64, u16),
    /// The weighted duration of the day, where each second counts 0.7.
    WeightedDuration(f64),
}

const TWO_POWERS: &[Heard] = &[heard(0, -80, -40), heard(1, -70, 10)];
const LOUDER_BAD_POWER: &[Heard] = &[heard(0, -70, -20), heard(1, -60, 21)];
const SEVEN_SCANS: &[Heard] = &[
    scan(0, Some(180)),
    scan(180, Some(180)),
    scan(360, Some(180)),
    scan(540, Some(180)),
    scan(720, Some(180)),
    scan(900, Some(180)),
    scan(1080, Some(180)),
];

/// What Google's published classes gave when they were run.
const GOOGLE: [Answer; 8] = [
    Answer {
        step: "the loudest record of a scan",
        heard: &[heard(0, -25, -30), heard(2, -20, -30), heard(152, -60, -30)],
        expected: Expected::Exposure(300, 10, [450, 0, 0]),
    },
    Answer {
        step: "a gap of ten minutes",
        heard: &[heard(0, -25, -30), heard(2, -20, -30), heard(602, -60, -30)],
        expected: Expected::Exposure(900, 5, [900, 0, 0]),
    },
    Answer {
        step: "the loudest of two powers is farther",
        heard: TWO_POWERS,
        expected: Expected::Exposure(300, 80, [0, 0, 300]),
    },
    Answer {
        step: "the loudest of two powers",
        heard: &[heard(0, -60, -20), heard(1, -59, -10)],
        expected: Expected::Exposure(300, 49, [300, 0, 0]),
    },
    Answer { step: "a louder record of a bad power", heard: LOUDER_BAD_POWER, expected: Expected::None },
    Answer {
        step: "a quieter record of a bad power",
        heard: &[heard(0, -70, -20), heard(20, -90, 21), heard(40, -60, -20)],
        expected: Expected::Exposure(300, 40, [300, 0, 0]),
    },
    Answer {
        step: "two identifiers in one second",
        heard: &[heard(0, -60, -20), Heard { identifier: 1, ..heard(0, -80, -20) }],
        expected: Expected::Exposure(300, 40, [300, 0, 0]),
    },
    Answer {
        step: "seconds are added before they are weighted",
        heard: SEVEN_SCANS,
        expected: Expected::WeightedDuration(882.0),
    },
];

/// What Apple's published code comes to with the configuration of COCOA 1.1.4.
const APPLE: [Answer; 4] = [
    Answer {
        step: "one exposure a key",
        heard: &[scan(0, Some(300)), scan(300, Some(300)), scan(10_800, Some(300)), scan(11_100, Some(300))],
        expected: Expected::Decision(1200, 28),
    },
    Answer {
        step: "scan intervals that would overlap",
        heard: &[
            scan(0, None),
            scan(10, None),
            scan(20, None),
            scan(30, None),
            scan(40, None),
            scan(50, None),
            scan(60, None),
            scan(70, None),
        ],
        expected: Expected::Decision(220, 0),
    },
    Answer {
        step: "an identifier that changes inside a scan",
        heard: &[scan(0, Some(300)), scan(299, Some(299)), scan(599, Some(300)), scan(601, Some(302))],
        expected: Expected::Decision(899, 0),
    },
    Answer {
        step: "an exposure below the minimum",
        heard: &[scan(0, Some(300))],
        expected: Expected::Decision(300, 0),
    },
];

/// Apple's documents of v2: sums are told in minutes, rounded up.
const DOCUMENTS: [Answer; 1] =
    [Answer { step: "a sum in minutes", heard: SEVEN_SCANS, expected: Expected::WeightedDuration(900.0) }];

/// What `google_guarded` does on purpose where the phones did not.
const OURS: [Answer; 2] = [
    Answer {
        step: "the nearest record of a scan",
        heard: TWO_POWERS,
        expected: Expected::Exposure(300, 40, [300, 0, 0]),
    },
    Answer {
        step: "a louder record that silences nobody",
        heard: LOUDER_BAD_POWER,
        expected: Expected::Exposure(300, 50, [0, 300, 0]),
    },
];

/// Checks them all.
pub(super) fn run(answers: &mut KnownAnswers) -> Result<(), SelfTestError> {
    let KnownAnswers { google_code, apple_code, documents, ours, .. } = answers;
    each(&GOOGLE, Profile::Google, google_code)?;
    each(&APPLE, Profile::AppleV1, apple_code)?;
    each(&DOCUMENTS, Profile::DocumentedV2, documents)?;
    each(&OURS, Profile::GoogleGuarded, ours)
}

fn each(answers: &[Answer], profile: Profile, count: &mut u32) -> Result<(), SelfTestError> {
    answers.iter().try_for_each(|answer| check(count, answer.step, holds(answer, profile) == Some(true)))
}

/// `None` if what is entered above is impossible.
fn holds(answer: &Answer, profile: Profile) -> Option<bool> {
    let window = RollingWindow::new(EnIntervalNumber::new(START), RollingPeriod::FULL_DAY).ok()?;
    let key = DiagnosisKey::new(TEK, window);
    let sightings: Option<Vec<_>> = answer.heard.iter().map(|heard| sighting(&key, heard)).collect();
    let index = SightingIndex::new(sightings?).ok()?;
    let matches = Matcher::new(&index).profile(profile).match_keys(&[key]).matches;
    let configuration = match answer.expected {
        Expected::Decision(..) => cocoa(),
        Expected::None | Expected::Exposure(..) | Expected::WeightedDuration(_) => plain()?,
    };
    let basis = Basis::of_times(SearchedFiles::all(1), [NOON]);
    let found = assess(&matches, &basis, &configuration, profile, window.end().unix_seconds());
    Some(answer.expected.is(&found))
}

fn sighting(key: &DiagnosisKey, heard: &Heard) -> Option<Sighting> {
    let time = NOON.checked_add(heard.offset)?;
    let interval = EnIntervalNumber::from_unix_seconds(time).ok()?.checked_add(heard.identifier)?;
    let rpi = key.identifier_key().identifier(interval);
    let metadata = BluetoothMetadata::v1_1(heard.tx_power, CalibrationConfidence::High);
    let aem = key.metadata_key().encrypt(&rpi, metadata);
    let previous_scan = heard.since_scan.and_then(|seconds| time.checked_sub(seconds));
    Some(Sighting { previous_scan, ..Sighting::new(rpi, aem.as_bytes(), heard.rssi, time) })
}

impl Expected {
    #[allow(clippy::float_cmp)] // the order of sums is part of the answer
    fn is(&self, found: &Assessment) -> bool {
        let v1 = &found.v1;
        match *self {
            Self::None => v1.exposures.is_empty() && v1.matched_key_count == 0 && found.windows.is_empty(),
            Self::Exposure(duration, attenuation, durations) => matches!(&v1.exposures[..], [exposure]
                if (exposure.duration, exposure.attenuation) == (duration, attenuation)
                    && exposure.attenuation_durations == durations),
            Self::Decision(seconds, risk) => {
                let notifies = risk > 0;
                matches!(v1.found()[..], [exposure] if exposure.exact_duration == seconds)
                    && (v1.maximum_risk_score, v1.exposures.is_empty()) == (risk, !notifies)
                    && v1.matched_key_count == 1
                    && (found.decision.verdict == Verdict::Notify) == notifies
            }
            Self::WeightedDuration(seconds) => {
                matches!(&found.daily_summaries[..], [day] if day.day_total.weighted_duration_sum == seconds)
            }
        }
    }
}

/// Every score 1, so that no exposure has a risk of 0, and every second of a window counts 0.7.
fn plain() -> Option<Configuration> {
    let ones = RiskScores::uniform(1);
    let risk = RiskConfiguration {
        attenuation_scores: ones,
        days_scores: ones,
        duration_scores: ones,
        transmission_scores: ones,
        minimum_risk_score: 1,
        ..RiskConfiguration::default()
    };
    let daily_summaries = DailySummariesConfiguration {
        bucket_weights: [Weight::new(0.7).ok()?; 4],
        ..DailySummariesConfiguration::default()
    };
    Some(Configuration { risk, daily_summaries, rule: Rule::risk_score(), ..Configuration::default() })
}

/// Of COCOA 1.1.4: under 20 minutes nothing counts, and the minimum is 21.
fn cocoa() -> Configuration {
    let from_20_minutes = RiskScores::new([0, 0, 0, 0, 1, 1, 1, 1]).unwrap_or(RiskScores::uniform(0));
    let risk = RiskConfiguration {
        days_scores: RiskScores::uniform(1),
        duration_scores: from_20_minutes,
        transmission_scores: RiskScores::uniform(7),
        minimum_risk_score: 21,
        ..RiskConfiguration::apple()
    };
    Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Other profiles have other answers, and other numbers are none.
    #[test]
    fn an_answer_that_is_another_fails() {
        let others = GOOGLE.iter().filter(|answer| holds(answer, Profile::GoogleGuarded) == Some(false));
        let others: Vec<_> = others.map(|answer| answer.step).collect();
        let differ = [
            "the loudest record of a scan",
            "a gap of ten minutes",
            "the loudest of two powers is farther",
            "the loudest of two powers",
            "a louder record of a bad power",
            "a quieter record of a bad power",
        ];
        assert_eq!(others, differ);
        let mut count = 0;
        let error = each(&APPLE, Profile::Google, &mut count).unwrap_err();
        assert_eq!((error.step, count), ("one exposure a key", 0));
        let wrong = [Answer { expected: Expected::WeightedDuration(882.5), ..GOOGLE[7] }];
        assert!(each(&wrong, Profile::Google, &mut count).is_err());
        assert!(each(&DOCUMENTS, Profile::Google, &mut count).is_err());
    }
}
