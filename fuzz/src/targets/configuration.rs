use std::sync::LazyLock;

use gaen::cocoa::{DocumentError, read_configuration, read_rule};
use gaen::exposure::{
    Basis, Beacon, Configuration, Encounter, PlatformConfiguration, SearchedFiles, assess_encounters,
};

use gaen::keys::{BluetoothMetadata, CalibrationConfidence, DaysSinceOnset, ReportType, TransmissionRiskLevel};
use gaen::time::{RollingPeriod, SECONDS_PER_DAY};
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};

use super::judging::check_lints;

/// A document of a configuration or a rule: what is read is within the limits, so that it can be judged by, and it is
/// written and read again as the same; what a lint says cannot score does not.
pub fn configuration(data: &[u8]) {
    if let Err(error) = read_rule(data) {
        check_error(&error);
    }
    for profile in Profile::ALL {
        match read_configuration(data, profile) {
            Ok(configuration) => {
                check(&configuration, profile);
                if let Ok(rule) = read_rule(data) {
                    check(&Configuration { rule, ..configuration }, profile);
                }
            }
            Err(error) => check_error(&error),
        }
    }
}

fn check_error(error: &DocumentError) {
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control) && text.chars().count() < 1000, "{text:?}");
}

/// The day on which the keys below begin.
const START: u64 = 1_601_078_400;

/// Of keys of all levels and report types, half an hour each, near and far.
static ENCOUNTERS: LazyLock<Vec<Encounter>> = LazyLock::new(|| {
    let encounter = |number: u8| {
        let start = EnIntervalNumber::from_unix_seconds(START + u64::from(number % 3) * SECONDS_PER_DAY).unwrap();
        let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
        let mut key = DiagnosisKey::new([number; 16], window);
        key.transmission_risk_level = TransmissionRiskLevel::new((number % 9).into()).unwrap();
        key.report_type = ReportType::from_number((number % 6).into());
        key.days_since_onset_of_symptoms = DaysSinceOnset::new(i32::from(number) - 15);
        let metadata = BluetoothMetadata::v1_1(8, CalibrationConfidence::High);
        let rssi = -3 * number.cast_signed();
        let beacon = |scan: u64| {
            let time = start.unix_seconds() + 300 * scan;
            let (interval, attenuation) =
                (EnIntervalNumber::from_unix_seconds(time).unwrap(), metadata.attenuation(rssi));
            Beacon {
                interval,
                time,
                previous_scan: Some(time - 300),
                rssi,
                metadata,
                attenuation,
                stands_for_scan: true,
            }
        };
        Encounter { source: 0, key, beacons: (1..8).map(beacon).collect(), other_period: false }
    };
    (0..36).map(encounter).collect()
});

fn check(configuration: &Configuration, profile: Profile) {
    for days in 0..3 {
        let now = START + (2 + 5 * days) * SECONDS_PER_DAY;
        let basis = Basis::of_times(SearchedFiles::all(1), [START]);
        check_lints(&assess_encounters(&ENCOUNTERS, &basis, configuration, profile, now), configuration, profile);
    }
    let text = serde_json::to_string(&PlatformConfiguration::new(configuration)).unwrap();
    let vendors: PlatformConfiguration = serde_json::from_str(&text).unwrap();
    let again = vendors.configuration(profile, configuration.rule.clone()).unwrap();
    assert_eq!(format!("{:?}", without_a_place(again, configuration)), format!("{configuration:?}"));
}

fn without_a_place(mut again: Configuration, configuration: &Configuration) -> Configuration {
    again.daily_summaries.minimum_window_score = configuration.daily_summaries.minimum_window_score;
    again.risk.minimum_risk_score = configuration.risk.minimum_risk_score;
    again.risk.weights = configuration.risk.weights;
    again
}
