//! Exposures of what several searches found, of reports that change, and at the edges of time, radio and number.
#![cfg(feature = "exposure")]

mod common;
mod worlds;

use std::collections::BTreeSet;

use gaen::exposure::{
    Beacon, Condition, Configuration, DailyRule, DecisionRule, DiagnosisKeysDataMapping, Encounter, ExposureSummary,
    Operator, Records, RevisionOutcome, StoredKeys, assess, assess_encounters, explain, shuffle_windows, windows,
};
use gaen::{
    BluetoothMetadata, DiagnosisKey, EnIntervalNumber, Match, Matcher, Profile, ReportType, RollingPeriod,
    RollingWindow, Sighting, SightingIndex, UtcDay,
};
use proptest::prelude::*;
use proptest::sample::select;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use worlds::{attenuation, configuration, key, world};

/// Every bit of it: this form tells doubles apart that `==` does not.
fn bits(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

/// Matches of some keys, searched for all at once and by halves.
fn searched(keys: &[DiagnosisKey], heard: &[(usize, u32, u64, i8)], split: usize) -> (Vec<Match>, Vec<Match>) {
    let sighting = |(key, interval, second, rssi): &(usize, u32, u64, i8)| {
        let key = keys[key % keys.len()];
        let interval = EnIntervalNumber::new(key.window.start().as_u32() + interval % key.window.period().as_u32());
        let rpi = key.identifier_key().identifier(interval);
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-10));
        let time = interval.unix_seconds() + second;
        let previous_scan = (*rssi % 3 != 0).then(|| time.saturating_sub(240));
        Sighting { previous_scan, ..Sighting::new(rpi, aem.as_bytes(), *rssi, time) }
    };
    let index = SightingIndex::exhaustive(heard.iter().map(sighting).collect()).unwrap();
    let search = |keys| Matcher::new(&index).match_keys(keys).matches;
    let (first, second) = keys.split_at(split.min(keys.len()));
    (search(keys), [search(second), search(first), search(second)].concat())
}

proptest! {
    #![proptest_config(common::cases(200))]

    #[test]
    fn matches_of_several_searches_in_any_order_come_to_the_same(
        keys in prop::collection::vec(key(), 1..5),
        heard in prop::collection::vec((0..5_usize, 0..6_u32, select(vec![0_u64, 0, 3, 25, 26, 599]), -100..-20_i8), 0..40),
        split in 0..5_usize,
        configuration in configuration(),
        profile in select(Profile::ALL.to_vec()),
        seed in any::<u64>(),
    ) {
        let (at_once, mut by_halves) = searched(&keys, &heard, split);
        let now = 1_601_251_200;
        let expected = bits(&assess(&at_once, &configuration, profile, now));
        by_halves.shuffle(&mut StdRng::seed_from_u64(seed));
        prop_assert_eq!(&expected, &bits(&assess(&by_halves, &configuration, profile, now)));

        let beacons: usize = Encounter::of(&by_halves).iter().map(|encounter| encounter.beacons.len()).sum();
        prop_assert_eq!(beacons, at_once.len(), "each sighting once, and none lost");
        let (near, far) = at_once.split_at(at_once.len() / 2);
        prop_assert_eq!(&expected, &bits(&assess(&[far, near].concat(), &configuration, profile, now)));
    }

    #[test]
    fn a_shuffled_list_has_the_same_windows(world in world(), seed in any::<u64>()) {
        let windows = world.assess().windows;
        let mut shuffled = windows.clone();
        shuffle_windows(&mut shuffled, &mut StdRng::seed_from_u64(seed));
        shuffled.sort_by_key(|window| (window.start, window.key.window.start(), window.key));
        let mut expected = windows;
        expected.sort_by_key(|window| (window.start, window.key.window.start(), window.key));
        prop_assert_eq!(shuffled, expected);
    }

    #[test]
    fn a_report_changes_at_most_once(
        mapping in configuration().prop_map(|configuration| configuration.mapping),
        key in key(),
        types in prop::collection::vec((any::<bool>(), 0..6_i32), 0..12),
    ) {
        let mut stored = StoredKeys::new(mapping.clone());
        let (mut changes, mut revoked) = (0, false);
        for (revision, report_type) in types {
            let given = DiagnosisKey { report_type: ReportType::from_number(report_type), ..key };
            let before = stored.get(&key.key_data).copied();
            let outcome = if revision { stored.revise(&given) } else { stored.publish(&given) };
            let after = stored.get(&key.key_data).copied();
            changes += usize::from(matches!(outcome, RevisionOutcome::Changed | RevisionOutcome::Revoked));
            revoked |= outcome == RevisionOutcome::Revoked;
            prop_assert!(before.is_none() || after.is_some(), "what is stored stays");
            if !matches!(outcome, RevisionOutcome::Changed | RevisionOutcome::Revoked) && before.is_some() {
                prop_assert_eq!(before, after);
            }
            prop_assert_eq!(after.is_some_and(|stored| !stored.is_shown()), revoked, "never shown again");
            prop_assert_eq!(after.is_some_and(|stored| stored.is_revised()), changes > 0);
            let encounter = Encounter { source: 0, key: given, beacons: Vec::new() };
            let applied = stored.apply(vec![encounter]);
            prop_assert!(!revoked || applied[0].hidden(&mapping).is_some());
            if let Some(stored) = after {
                prop_assert_eq!(applied[0].report_type(&mapping), stored.key().report_type);
            }
        }
        prop_assert!(changes <= 1);
    }

    #[test]
    fn revisions_of_other_keys_may_come_between(
        first in key(), second in key(), types in prop::collection::vec((any::<bool>(), 0..6_i32), 0..10), seed in any::<u64>(),
    ) {
        prop_assume!(first.key_data != second.key_data);
        let run = |order: &[(bool, i32)]| {
            let mut stored = StoredKeys::default();
            for key in [&first, &second] {
                stored.publish(&DiagnosisKey { report_type: ReportType::SelfReport, ..*key });
            }
            for (of_second, report_type) in order {
                let key = if *of_second { second } else { first };
                stored.revise(&DiagnosisKey { report_type: ReportType::from_number(*report_type), ..key });
            }
            stored
        };
        // Interleaved in another way: the revisions of each key stay in their order.
        let (of_second, of_first): (Vec<_>, Vec<_>) = types.iter().copied().partition(|(of_second, _)| *of_second);
        let apart = if seed % 2 == 0 { [of_first, of_second].concat() } else { [of_second, of_first].concat() };
        prop_assert_eq!(run(&types), run(&apart));
        let mut restored = StoredKeys::default();
        restored.extend(run(&types).iter().copied());
        prop_assert_eq!(run(&types), restored);
    }
}

/// A key of the first minutes of 2020-09-26.
fn plain_key(number: u128) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(2_668_464), RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey::new(number.to_be_bytes(), window)
}

fn beacon(time: u64, previous_scan: Option<u64>, rssi: i8, tx_power: i8) -> Beacon {
    Beacon {
        interval: EnIntervalNumber::new(2_668_464),
        time,
        previous_scan,
        rssi,
        metadata: BluetoothMetadata::v1_0(tx_power),
        attenuation: attenuation(tx_power, rssi),
        stands_for_scan: true,
    }
}

#[test]
fn a_key_without_a_report_type_stays_one_until_it_is_revised() {
    let mapping = DiagnosisKeysDataMapping {
        report_type_when_missing: ReportType::SelfReport,
        ..DiagnosisKeysDataMapping::default()
    };
    let mut stored = StoredKeys::new(mapping);
    stored.publish(&plain_key(1));
    let applied = |stored: &StoredKeys| {
        let encounter = Encounter { source: 0, key: plain_key(1), beacons: Vec::new() };
        stored.apply(vec![encounter])[0].key.report_type
    };
    assert_eq!(applied(&stored), ReportType::Unknown, "so that an explanation can say where its type is from");
    let confirmed = DiagnosisKey { report_type: ReportType::ConfirmedTest, ..plain_key(1) };
    assert_eq!(stored.revise(&confirmed), RevisionOutcome::Changed);
    assert_eq!(applied(&stored), ReportType::ConfirmedTest);
}

#[test]
fn nothing_comes_of_nothing() {
    for profile in Profile::ALL {
        for encounters in [vec![], vec![Encounter { source: 0, key: plain_key(1), beacons: Vec::new() }]] {
            let assessment = assess_encounters(&encounters, &Configuration::default(), profile, 0);
            assert!(assessment.windows.is_empty() && assessment.daily_summaries.is_empty());
            assert_eq!(assessment.v1, ExposureSummary::default());
            assert_eq!(assessment.decision.reasons[0].code, "no_exposure");
        }
    }
}

#[test]
fn the_extremes_of_time_and_of_the_radio_have_a_result() {
    let times = [(0, Some(u64::MAX)), (u64::MAX, Some(0)), (u64::MAX, None), (1 << 32, Some(1 << 32))];
    for (time, previous) in times {
        for (rssi, tx_power, expected) in [(-128, 127, 255), (127, -128, 0), (-128, -128, 0), (127, 127, 0)] {
            let beacons = vec![beacon(time, previous, rssi, tx_power); 3];
            let encounters = [Encounter { source: 0, key: plain_key(1), beacons }];
            for profile in Profile::ALL {
                for now in [0, u64::MAX] {
                    let assessment = assess_encounters(&encounters, &Configuration::default(), profile, now);
                    let scan = assessment.windows[0].scan_instances[0];
                    assert_eq!((scan.typical_attenuation, scan.min_attenuation), (expected, expected));
                    assert_eq!(assessment.v1.exposures[0].attenuation, expected);
                    assert_eq!(assessment.windows[0].date(), UtcDay::from_unix_seconds(time));
                }
            }
        }
    }
}

#[test]
fn every_place_of_a_shuffled_list_is_possible() {
    let beacons = |number: u64| vec![beacon(1_601_078_400 + number, None, -60, 0)];
    let encounter = |number: u64| Encounter { source: 0, key: plain_key(number.into()), beacons: beacons(number) };
    let encounters: Vec<_> = (0..4).map(encounter).collect();
    let windows = windows(&encounters, &DiagnosisKeysDataMapping::default(), Profile::Google);
    let mut rng = StdRng::seed_from_u64(7);
    let mut orders = BTreeSet::new();
    for _ in 0..1000 {
        let mut shuffled = windows.clone();
        shuffle_windows(&mut shuffled, &mut rng);
        orders.insert(shuffled.iter().map(|window| window.start).collect::<Vec<_>>());
    }
    assert_eq!(orders.len(), 24, "each of 4!");
}

/// With work that grows by the square this would not end.
#[test]
fn a_hundred_thousand_of_everything() {
    const MANY: u64 = 100_000;
    let seconds = Condition { op: Operator::AtLeast, threshold: 1.0 };
    let rule = DecisionRule::Daily(DailyRule { seconds, ..DailyRule::default() });
    let configuration = Configuration { rule, ..Configuration::default() };
    let of = |encounters: &[Encounter], profile| {
        // It assesses them too.
        let records = Records { encounters, dropped: &[], files: &[] };
        explain(&records, &configuration, profile, 1_601_251_200)
    };
    let start = 1_601_078_400;
    let same_second = vec![beacon(start, Some(start - 60), -60, 0); 100_000];
    let a_day_each = (0..MANY).map(|day| beacon(day * 86_400 + 60, Some(0), -60, 0)).collect();
    let one_key = [same_second, a_day_each].map(|beacons| Encounter { source: 0, key: plain_key(1), beacons });
    let each_its_key: Vec<_> = (0..MANY)
        .map(|number| Encounter {
            source: 0,
            key: plain_key(number.into()),
            beacons: vec![beacon(number * 40_000, None, -60, 0)],
        })
        .collect();
    for profile in [Profile::Google, Profile::AppleV1] {
        assert_eq!(of(&one_key[..1], profile).keys[0].windows[0].scans[0].beacons, 100_000);
        assert_eq!(of(&one_key[1..], profile).days.len(), 100_000);
        assert_eq!(of(&each_its_key, profile).keys.len(), 100_000);
    }
}
