//! Exposure Notifications Express: Google's reference app, whose classes every health authority configured.
//!
//! Source: google/exposure-notifications-android e44603b3, `riskcalculation` and `nearby/StateUpdatedWorker.java`.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::apps::summaries;
use crate::exposure::configuration::rule::{Class, Decides, NotifyWhen, Rule, Scores, Test, Value, When, WindowsRule};
use crate::exposure::configuration::{
    Configuration, DailySummariesConfiguration, DiagnosisKeysDataMapping, Infectiousness, InfectiousnessMap,
};
use crate::keys::ReportType;

/// A class that any of these tests meets.
pub(crate) const fn class(name: String, rank: u8, tests: Vec<Test>) -> Class {
    Class { name, rank, notifies: true, when: When::Any(tests) }
}

/// The rule of these classes. A kept day up to this many days ago that lost its score revokes an answer; 0 stands
/// for 14.
pub(crate) fn rule(classes: Vec<Class>, days_since_exposure_threshold: u32) -> Rule {
    /// The age that stands for no limit.
    const DEFAULT_DAYS: u32 = 14;
    let windows =
        WindowsRule { otherwise: Some("No Exposure".into()), ..WindowsRule::new(Scores::DailySummaries, classes) };
    let revoked_within_days = match days_since_exposure_threshold {
        0 => DEFAULT_DAYS,
        days => days,
    };
    let notify = NotifyWhen::Changed { revoked_within_days };
    Rule { name: Some("enx".into()), platform: None, decides: Decides::Windows(windows), notify }
}

/// `entry k = (v >> 2k) & 3`: the infectiousness of the days -14 to 14 for k up to 28, and of missing days for 29.
/// `None` for an entry of 3.
pub(crate) fn infectiousness(map: u64) -> Option<(InfectiousnessMap, Infectiousness)> {
    let entry = |place: u32| {
        let entry = map >> place.saturating_mul(2).min(63) & 3;
        Infectiousness::from_number(i32::try_from(entry).unwrap_or(3)).ok()
    };
    let mut days = [Infectiousness::None; 29];
    for (place, day) in (0..).zip(days.iter_mut()) {
        *day = entry(place)?;
    }
    Some((InfectiousnessMap::new(days), entry(29)?))
}

/// The sample configuration.
pub(super) fn sample() -> Configuration {
    let class = |rank: u8, value, threshold| {
        class(alloc::format!("Classification {rank}"), rank, vec![Test::at_least(value, threshold)])
    };
    let classes = vec![
        class(1, Value::ConfirmedTestSum, 2700.0),
        class(2, Value::ConfirmedTestSum, 1.0),
        class(3, Value::ConfirmedClinicalDiagnosisSum, 1.0),
        class(4, Value::SelfReportSum, 1.0),
    ];
    let mapping = infectiousness(0x0555_5555_5555_5555);
    Configuration {
        mapping: DiagnosisKeysDataMapping {
            report_type_when_missing: ReportType::ConfirmedClinicalDiagnosis,
            infectiousness: mapping.map(|(map, _)| map),
            infectiousness_when_missing: mapping.map_or(Infectiousness::Standard, |(_, missing)| missing),
            ..DiagnosisKeysDataMapping::default()
        },
        daily_summaries: DailySummariesConfiguration {
            days_since_exposure_threshold: 14,
            ..summaries([30, 50, 60], [1.5, 1.0, 0.5, 0.0])
        },
        rule: rule(classes, 14),
        ..Configuration::default()
    }
}
