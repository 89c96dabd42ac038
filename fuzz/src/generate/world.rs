//! What was heard of some keys, what a health authority may configure, and the moment of judging: also what no radio
//! and no clock gives.

use arbitrary::{Arbitrary, Result, Unstructured};
use gaen::exposure::decision::{RiskRuleFile, Rule};
use gaen::exposure::{
    AttenuationThresholds, Beacon, Condition, Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping,
    DurationThresholds, Encounter, Infectiousness, InfectiousnessMap, InfectiousnessWeights, Operator,
    ReportTypeWeights, RiskConfiguration, RiskScores, RiskWeights, Score, Weight,
};
use gaen::keys::{
    AssociatedEncryptedMetadata, BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType,
    TransmissionRiskLevel,
};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow, Sighting};

use super::START;

/// All that an assessment is made of.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) contacts: Vec<Contact>,
    pub(crate) configuration: Configuration,
    pub(crate) profile: Profile,
    pub(crate) now: u64,
}

/// What was heard of a key.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) key: DiagnosisKey,
    heard: Vec<Heard>,
}

/// One sighting.
#[derive(Arbitrary, Debug)]
struct Heard {
    /// Which of the key's intervals.
    interval: u8,
    /// Seconds since the one before.
    gap: u16,
    /// Seconds from the start of the interval: a clock may be wrong.
    late: Option<i32>,
    /// Seconds from the scan before; a negative one came after.
    previous_scan: Option<i16>,
    rssi: i8,
    tx_power: i8,
    v1_1: bool,
    aem_length: Option<u8>,
}

impl<'a> Arbitrary<'a> for World {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let now = match u.int_in_range(0..=7_u64)? {
            0 => u.arbitrary()?,
            days => EnIntervalNumber::new(START).unix_seconds() + days * 86_400 + u64::from(u.arbitrary::<u16>()?),
        };
        let profile = *u.choose(&Profile::ALL)?;
        let configuration = configuration(u)?;
        let mut contacts = Vec::<Contact>::arbitrary(u)?;
        contacts.truncate(40);
        contacts.sort_by_key(|contact| (contact.key.window.start(), contact.key.key_data, contact.key.window.period()));
        contacts.dedup_by_key(|contact| (contact.key.key_data, contact.key.window));
        Ok(Self { contacts, configuration, profile, now })
    }
}

impl<'a> Arbitrary<'a> for Contact {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let start = match u.arbitrary::<u8>()? {
            255 => u.int_in_range(0..=u32::MAX - 144)?,
            254 => 0,
            intervals => START + 4 * u32::from(intervals),
        };
        let period = RollingPeriod::new(u.int_in_range(1..=144)?).unwrap();
        let mut key = DiagnosisKey::new(
            [u.arbitrary::<u8>()?; 16],
            RollingWindow::new(EnIntervalNumber::new(start), period).unwrap(),
        );
        key.transmission_risk_level = TransmissionRiskLevel::new(u.int_in_range(0..=8)?).unwrap();
        key.report_type = ReportType::from_number(u.int_in_range(0..=5)?);
        key.days_since_onset_of_symptoms = DaysSinceOnset::new(u.int_in_range(-15..=14)?);
        let mut heard = Vec::arbitrary(u)?;
        heard.truncate(200);
        Ok(Self { key, heard })
    }
}

impl Contact {
    /// What a phone has stored of it.
    pub(crate) fn sightings(&self) -> Vec<Sighting> {
        let (identifier_key, metadata_key) = (self.key.identifier_key(), self.key.metadata_key());
        let sighting = |(interval, time, heard): (EnIntervalNumber, u64, &Heard)| {
            let rpi = identifier_key.identifier(interval);
            let aem: AssociatedEncryptedMetadata = metadata_key.encrypt(&rpi, heard.metadata());
            let aem = aem.as_bytes().repeat(3);
            let length = usize::from(heard.aem_length.unwrap_or(4)).min(aem.len());
            let previous_scan = heard.previous_scan(time);
            Sighting { previous_scan, ..Sighting::new(rpi, &aem[..length], heard.rssi, time) }
        };
        self.times().map(sighting).collect()
    }

    /// The same as if all of it counted.
    pub(crate) fn encounter(&self) -> Encounter {
        let beacon = |(interval, time, heard): (EnIntervalNumber, u64, &Heard)| Beacon {
            interval,
            time,
            previous_scan: heard.previous_scan(time),
            rssi: heard.rssi,
            metadata: heard.metadata(),
            attenuation: heard.metadata().attenuation(heard.rssi),
            stands_for_scan: heard.v1_1,
        };
        let mut beacons: Vec<_> = self.times().map(beacon).collect();
        beacons.sort_by_key(|beacon| (beacon.time, beacon.interval));
        Encounter { source: 0, key: self.key, beacons, other_period: false }
    }

    fn times(&self) -> impl Iterator<Item = (EnIntervalNumber, u64, &Heard)> {
        let window = self.key.window;
        let mut time = window.start().unix_seconds();
        self.heard.iter().map(move |heard| {
            let offset = u32::from(heard.interval) % window.period().as_u32();
            let interval = EnIntervalNumber::new(window.start().as_u32() + offset);
            time = match heard.late {
                Some(late) => interval.unix_seconds().saturating_add_signed(late.into()),
                None => time.saturating_add(heard.gap.into()),
            };
            (interval, time, heard)
        })
    }
}

impl Heard {
    fn metadata(&self) -> BluetoothMetadata {
        match self.v1_1 {
            true => BluetoothMetadata::v1_1(self.tx_power, CalibrationConfidence::High),
            false => BluetoothMetadata::v1_0(self.tx_power),
        }
    }

    fn previous_scan(&self, time: u64) -> Option<u64> {
        self.previous_scan.map(|seconds| time.saturating_add_signed(-i64::from(seconds)))
    }
}

fn configuration(u: &mut Unstructured<'_>) -> Result<Configuration> {
    if u.ratio(1, 8)? {
        return Ok(Configuration::default());
    }
    Ok(Configuration { mapping: mapping(u)?, daily_summaries: daily_summaries(u)?, risk: risk(u)?, rule: rule(u)? })
}

fn infectiousness(u: &mut Unstructured<'_>) -> Result<Infectiousness> {
    Ok(Infectiousness::from_number(u.int_in_range(0..=2)?).unwrap())
}

fn mapping(u: &mut Unstructured<'_>) -> Result<DiagnosisKeysDataMapping> {
    let mut map = [Infectiousness::Standard; 29];
    let has_map = u.arbitrary()?;
    if has_map {
        for day in &mut map {
            *day = infectiousness(u)?;
        }
    }
    Ok(DiagnosisKeysDataMapping {
        report_type_when_missing: ReportType::from_number(u.int_in_range(0..=5)?),
        infectiousness_when_missing: infectiousness(u)?,
        infectiousness: has_map.then(|| InfectiousnessMap::new(map)),
        recursive_enabled: u.arbitrary()?,
    })
}

/// A number of percent, as a configuration has it, or any double within the limits.
fn weight(u: &mut Unstructured<'_>) -> Result<Weight> {
    let factor = match u.arbitrary::<u8>()? {
        percent @ ..=250 => f64::from(percent) / 100.0,
        _ => u.arbitrary()?,
    };
    Ok(Weight::new(factor).unwrap_or_default())
}

fn score(u: &mut Unstructured<'_>) -> Result<Score> {
    let score = if u.arbitrary()? { f64::from(u.arbitrary::<u16>()?) } else { u.arbitrary()? };
    Ok(Score::new(score).unwrap_or_default())
}

fn daily_summaries(u: &mut Unstructured<'_>) -> Result<DailySummariesConfiguration> {
    Ok(DailySummariesConfiguration {
        thresholds: AttenuationThresholds::new(u.arbitrary()?).unwrap_or_default(),
        bucket_weights: [weight(u)?, weight(u)?, weight(u)?, weight(u)?],
        infectiousness_weights: InfectiousnessWeights { standard: weight(u)?, high: weight(u)? },
        report_type_weights: ReportTypeWeights {
            confirmed_test: weight(u)?,
            confirmed_clinical_diagnosis: weight(u)?,
            self_report: weight(u)?,
            recursive: weight(u)?,
        },
        days_since_exposure_threshold: if u.arbitrary()? { u.int_in_range(0..=20)? } else { u.arbitrary()? },
        minimum_window_score: score(u)?,
    })
}

fn risk(u: &mut Unstructured<'_>) -> Result<RiskConfiguration> {
    fn scores(u: &mut Unstructured<'_>) -> Result<RiskScores> {
        let scores: [u8; 8] = u.arbitrary()?;
        Ok(RiskScores::new(scores.map(|score| score % 9)).unwrap())
    }
    let weights = if u.arbitrary()? { [1.0; 4] } else { u.arbitrary()? };
    Ok(RiskConfiguration {
        attenuation_scores: scores(u)?,
        days_scores: scores(u)?,
        duration_scores: scores(u)?,
        transmission_scores: scores(u)?,
        weights: RiskWeights::new(weights).unwrap_or_default(),
        minimum_risk_score: u.int_in_range(0..=4096)?,
        minimum_risk_score_full_range: score(u)?,
        duration_thresholds: DurationThresholds::new(u.arbitrary()?).unwrap_or_default(),
    })
}

fn rule(u: &mut Unstructured<'_>) -> Result<Rule> {
    fn condition(u: &mut Unstructured<'_>) -> Result<Condition> {
        use Operator::{AtLeast, AtMost, Equal, LessThan, MoreThan, Nop};
        let op = *u.choose(&[Nop, Equal, AtLeast, MoreThan, AtMost, LessThan])?;
        Ok(Condition { op, threshold: if u.arbitrary()? { f64::from(u.arbitrary::<u16>()?) } else { u.arbitrary()? } })
    }
    Ok(match u.int_in_range(0..=3)? {
        0 => Rule::any_score(),
        1 => Rule::risk_score(),
        _ => {
            let file = RiskRuleFile {
                score_sum: condition(u)?,
                weighted_duration_average: condition(u)?,
                seconds: condition(u)?,
                attenuation_max: condition(u)?,
                attenuation_min: condition(u)?,
                ..RiskRuleFile::default()
            };
            file.rule()
        }
    })
}
