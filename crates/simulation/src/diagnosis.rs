//! Who falls ill, and what they report.

use gaen::DiagnosisKey;
use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel};
use serde::Serialize;

use crate::options::{DAY, Options};
use crate::random::{Purpose, Random};

/// From so many days before the onset of symptoms a person is infectious ...
const FIRST_INFECTIOUS_DAY: i64 = -3;
/// ... and until so many days after it.
const LAST_INFECTIOUS_DAY: i64 = 10;

/// One person's diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The number of the person.
    pub person: usize,
    /// When it is made, and published if it is: true time, Unix seconds. The person stays at home from the next day on.
    pub at: u64,
    /// The UTC day on which symptoms began: its midnight, Unix seconds.
    pub onset: u64,
    /// `true` if the person publishes keys.
    pub publishes: bool,
    /// `true` if the person also publishes the key of the same day, cut off at the time of publishing.
    pub same_day: bool,
    /// The kind of report.
    pub report_type: ReportType,
    /// `true` if the report says when symptoms began.
    pub reports_onset: bool,
}

impl Diagnosis {
    /// `true` if the person is infectious on the UTC day of this true time: from 3 days before the onset to 10 days
    /// after it.
    #[must_use]
    pub fn is_infectious(&self, time: u64) -> bool {
        (FIRST_INFECTIOUS_DAY..=LAST_INFECTIOUS_DAY).contains(&self.days_since_onset(time))
    }

    fn days_since_onset(&self, time: u64) -> i64 {
        (time / DAY).cast_signed() - (self.onset / DAY).cast_signed()
    }

    /// A released key with the fields of the report. The transmission risk level is COCOA's of 2022: 4 from 3 days
    /// before the onset on, 1 before.
    pub(crate) fn report(&self, key: DiagnosisKey) -> DiagnosisKey {
        let days = self.days_since_onset(key.window.start().unix_seconds());
        let level = if days >= FIRST_INFECTIOUS_DAY { 4 } else { 1 };
        let days = i32::try_from(days).ok().filter(|_| self.reports_onset);
        DiagnosisKey {
            transmission_risk_level: TransmissionRiskLevel::new(level).unwrap_or(TransmissionRiskLevel::UNSET),
            report_type: self.report_type,
            days_since_onset_of_symptoms: days.and_then(DaysSinceOnset::new),
            ..key
        }
    }
}

/// All diagnoses, in the order of the people: in the second half of the world, between 11:30 and 17:00 local time, 1 to
/// 5 days after the onset. Every fifth person publishes nothing, every second publishes the key of the same day too.
pub(crate) fn diagnoses(options: &Options) -> Vec<Diagnosis> {
    let mut random = Random::new(options.seed, Purpose::Diagnoses, 0);
    let mut people: Vec<usize> = (0..options.people).collect();
    random.shuffle(&mut people);
    people.truncate(options.diagnosed());
    let mut diagnoses: Vec<_> = (0..)
        .zip(people)
        .map(|(number, person): (u64, usize)| {
            let day = random.between(options.days / 2, options.days - 1);
            let midnight = options.start + day * DAY;
            Diagnosis {
                person,
                at: midnight + random.between(9_000, 28_800),
                onset: midnight - random.between(1, 5) * DAY,
                publishes: number % 5 != 4,
                same_day: number % 2 == 0,
                report_type: match random.below(10) {
                    0 => ReportType::ConfirmedClinicalDiagnosis,
                    1 => ReportType::SelfReport,
                    _ => ReportType::ConfirmedTest,
                },
                reports_onset: !random.percent(10),
            }
        })
        .collect();
    diagnoses.sort_unstable_by_key(|diagnosis| diagnosis.person);
    diagnoses
}
