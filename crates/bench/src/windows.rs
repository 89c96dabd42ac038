//! Exposure windows as of a crowded fortnight.

use gaen::exposure::Infectiousness;
use gaen::exposure::decision::{Scan, Window};
use gaen::keys::{CalibrationConfidence, ReportType};
use gaen::time::UtcDay;

use crate::random::Random;

/// The first day of the fortnight: 2022-07-04.
const FIRST_DAY: u64 = 19_177;
const DAYS: u64 = 14;

/// The day after the fortnight.
///
/// # Panics
/// Never: it is a day.
#[must_use]
pub fn day_after() -> UtcDay {
    UtcDay::from_days_since_epoch(FIRST_DAY + DAYS).unwrap()
}

/// Windows of the fortnight, in the order in which nobody sorted them: two to six scans each, at 20 to 90 dB.
///
/// # Panics
/// Never: its days are days.
#[must_use]
pub fn windows(count: usize) -> Vec<Window> {
    let mut random = Random::new(5);
    let window = |_| {
        let date = UtcDay::from_days_since_epoch(FIRST_DAY + random.below(DAYS)).unwrap();
        let near = 20 + random.below(50);
        let scan = |random: &mut Random| {
            let typical = u8::try_from(near + random.below(20)).unwrap();
            Scan {
                typical_attenuation: Some(typical),
                min_attenuation: Some(typical - 5),
                seconds: 60 * (1 + random.below(5)).cast_signed(),
            }
        };
        let scans = (0..2 + random.below(5)).map(|_| scan(&mut random)).collect();
        let (report_types, infectiousness) = (
            [ReportType::ConfirmedTest, ReportType::ConfirmedTest, ReportType::SelfReport],
            [Infectiousness::Standard, Infectiousness::High],
        );
        Window {
            date: Some(date),
            report_type: Some(report_types[random.index(3)]),
            infectiousness: Some(infectiousness[random.index(2)]),
            calibration_confidence: Some(CalibrationConfidence::High),
            scans,
        }
    };
    (0..count).map(window).collect()
}
