//! What was heard, where Google's phones and a safer reading differ.

use gaen::exposure::{Beacon, DiagnosisKeysDataMapping, Encounter};
use gaen::keys::BluetoothMetadata;
use gaen::lint::{LintCode, lint_encounters};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Profile, RollingWindow};

/// The first interval of 2020-09-26 UTC.
const START: u32 = 2_668_464;

/// Seconds, attenuation, whether it stands for its scan, and how long before it the scan before was.
type Heard = (u64, u8, bool, i64);

/// A code, what has it, and what does not.
pub(crate) type Case = (LintCode, &'static [Heard], &'static [Heard]);

pub(crate) const CASES: [Case; 4] = [
    (LintCode::KeySilenced, &[(0, 50, false, 0), (300, 50, false, 0)], &[(0, 50, false, 0), (300, 50, true, 0)]),
    (LintCode::ScanSilenced, &[(0, 50, false, 0), (26, 50, true, 0)], &[(0, 50, false, 0), (25, 50, true, 0)]),
    (LintCode::ScanDisplaced, &[(0, 49, false, 0), (25, 50, true, 0)], &[(0, 50, true, 0), (25, 50, false, 0)]),
    (LintCode::SecondsNegative, &[(0, 50, true, -60)], &[(0, 50, true, -59)]),
];

fn codes(heard: &[Heard], profile: Profile) -> Vec<LintCode> {
    let start = EnIntervalNumber::new(START);
    let key = DiagnosisKey::new([7; 16], RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap());
    let beacon = |(later, attenuation, stands_for_scan, before): &Heard| {
        let time = start.unix_seconds() + later;
        Beacon {
            interval: start,
            time,
            previous_scan: time.checked_add_signed(-before),
            rssi: -60,
            metadata: BluetoothMetadata::v1_0(-12),
            attenuation: *attenuation,
            stands_for_scan: *stands_for_scan,
        }
    };
    let encounter = Encounter { source: 0, key, beacons: heard.iter().map(beacon).collect(), other_period: false };
    let lints = lint_encounters(&[encounter], &DiagnosisKeysDataMapping::default(), profile);
    lints.into_iter().map(|lint| lint.code).collect()
}

#[test]
fn each_lint_of_what_was_heard_has_a_case_and_one_beside_it() {
    for (code, with, without) in CASES {
        assert!(codes(with, Profile::Google).contains(&code), "{code:?}");
        assert!(!codes(without, Profile::Google).contains(&code), "{code:?}");
        for profile in [Profile::GoogleGuarded, Profile::AppleV1, Profile::DocumentedV2] {
            assert_eq!(codes(with, profile), [], "{profile:?}");
        }
    }
}
