//! The rules of v1 with answers that were worked out by hand from the platforms' published code.

mod apple;
mod google;

use gaen::exposure::decision::Rule;
use gaen::exposure::{Assessment, Basis, Configuration, RiskConfiguration, RiskScores, SearchedFiles, Verdict};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence, TransmissionRiskLevel};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Match, Matcher, Profile, RollingWindow, Sighting, SightingIndex};

/// 2020-09-15 12:00:00, an interval's first second.
const NOON: u64 = 1_600_171_200;

/// A key of 2020-09-15.
fn key(number: u8) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(2_666_880), RollingPeriod::FULL_DAY).unwrap();
    let bytes = core::array::from_fn(|place| number * 16 + u8::try_from(place).unwrap());
    DiagnosisKey::new(bytes, window)
}

/// What was heard of a key: seconds after noon, RSSI, transmit power.
#[derive(Clone, Copy)]
struct Heard {
    offset: u64,
    rssi: i8,
    tx_power: i8,
    /// Seconds to the scan before.
    previous: Option<u64>,
    /// How many identifiers after that of the moment.
    identifier: u32,
}

/// `offset:rssi:tx` each.
fn heard(text: &str) -> Vec<Heard> {
    let one = |text: &str| {
        let mut numbers = text.split(':').map(|number| number.parse::<i64>().unwrap());
        let mut next = || numbers.next().unwrap();
        Heard {
            offset: u64::try_from(next()).unwrap(),
            rssi: i8::try_from(next()).unwrap(),
            tx_power: i8::try_from(next()).unwrap(),
            previous: None,
            identifier: 0,
        }
    };
    text.split_whitespace().map(one).collect()
}

/// `offset:rssi:seconds to the scan before` each, sent with -12 dBm.
fn scans(text: &str) -> Vec<Heard> {
    let previous = text.split_whitespace().map(|text| text.rsplit_once(':').unwrap().1.parse().ok());
    let heard = text.split_whitespace().map(|text| heard(&format!("{}:-12", text.rsplit_once(':').unwrap().0))[0]);
    heard.zip(previous).map(|(heard, previous)| Heard { previous, ..heard }).collect()
}

fn sighting(key: &DiagnosisKey, heard: &Heard) -> Sighting {
    let time = NOON + heard.offset;
    let now = EnIntervalNumber::from_unix_seconds(time).unwrap();
    let rpi = key.identifier_key().identifier(now.checked_add(heard.identifier).unwrap());
    let metadata = BluetoothMetadata::v1_1(heard.tx_power, CalibrationConfidence::High);
    let aem = key.metadata_key().encrypt(&rpi, metadata);
    let previous_scan = heard.previous.map(|seconds| time - seconds);
    Sighting { previous_scan, ..Sighting::new(rpi, aem.as_bytes(), heard.rssi, time) }
}

fn matches(keys: &[DiagnosisKey], sightings: Vec<Sighting>, profile: Profile) -> Vec<Match> {
    let index = SightingIndex::new(sightings).unwrap();
    Matcher::new(&index).profile(profile).match_keys(keys).matches
}

/// One file was searched.
fn basis() -> Basis {
    Basis::of_times(SearchedFiles::all(1), [NOON])
}

fn assess(matches: &[Match], configuration: &Configuration, profile: Profile, now: u64) -> Assessment {
    gaen::exposure::assess(matches, &basis(), configuration, profile, now)
}

/// What was heard of one key, judged at the end of its day.
fn judged(heard: &[Heard], configuration: &Configuration, profile: Profile) -> Assessment {
    let key = key(0);
    let sightings = heard.iter().map(|heard| sighting(&key, heard)).collect();
    let now = key.window.end().unix_seconds();
    assess(&matches(&[key], sightings, profile), configuration, profile, now)
}

/// By the risk score, with these scores of each table.
fn by_risk(risk: RiskConfiguration) -> Configuration {
    Configuration { risk, rule: Rule::risk_score(), ..Configuration::default() }
}

fn scores(scores: [u8; 8]) -> RiskScores {
    RiskScores::new(scores).unwrap()
}
