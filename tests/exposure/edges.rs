//! Exposures of what several searches found, of reports that change, and at the edges of time, radio and number.
use std::collections::BTreeSet;

use crate::cases::cases;
use crate::worlds::{attenuation, configuration, key, world};
use gaen::exposure::decision::RiskRuleFile;
use gaen::exposure::{
    Basis, Beacon, Condition, Configuration, DiagnosisKeysDataMapping, Encounter, ExposureSummary, Infectiousness,
    Operator, Preset, Records, RevisionOutcome, Score, SearchedFiles, StoredKeys, Verdict, assess, assess_encounters,
    explain, score_window, shuffle_windows, windows,
};
use gaen::keys::{BluetoothMetadata, ReportType, TransmissionRiskLevel};
use gaen::lint::lint_encounters;
use gaen::matching::{DropReason, HeardMetadata};
use gaen::time::{RollingPeriod, UtcDay};
use gaen::{DiagnosisKey, EnIntervalNumber, Match, Matcher, Profile, RollingWindow, Sighting, SightingIndex};
use proptest::prelude::*;
use proptest::sample::select;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

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
    #![proptest_config(cases(200))]

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
        let basis = Basis::of_times(SearchedFiles::all(1), at_once.iter().map(|found| found.time));
        let now = 1_601_251_200;
        let expected = bits(&assess(&at_once, &basis, &configuration, profile, now));
        by_halves.shuffle(&mut StdRng::seed_from_u64(seed));
        prop_assert_eq!(&expected, &bits(&assess(&by_halves, &basis, &configuration, profile, now)));

        let beacons: usize = Encounter::of(&by_halves).iter().map(|encounter| encounter.beacons.len()).sum();
        prop_assert_eq!(beacons, at_once.len(), "each sighting once, and none lost");
        let (near, far) = at_once.split_at(at_once.len() / 2);
        prop_assert_eq!(&expected, &bits(&assess(&[far, near].concat(), &basis, &configuration, profile, now)));
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
            let starts_revoked = mapping.report_type(given.report_type) == ReportType::Revoked && before.is_none();
            revoked |= outcome == RevisionOutcome::Revoked || (!revision && starts_revoked);
            prop_assert!(before.is_none() || after.is_some(), "what is stored stays");
            if !matches!(outcome, RevisionOutcome::Changed | RevisionOutcome::Revoked) && before.is_some() {
                prop_assert_eq!(before, after);
            }
            prop_assert_eq!(after.is_some_and(|stored| !stored.is_shown()), revoked, "never shown again");
            prop_assert_eq!(after.is_some_and(|stored| stored.is_revised()), changes > 0);
            let encounter = Encounter { source: 0, key: given, beacons: Vec::new(), other_period: false };
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
        let encounter = Encounter { source: 0, key: plain_key(1), beacons: Vec::new(), other_period: false };
        stored.apply(vec![encounter])[0].key.report_type
    };
    assert_eq!(applied(&stored), ReportType::Unknown, "so that an explanation can say where its type is from");
    let confirmed = DiagnosisKey { report_type: ReportType::ConfirmedTest, ..plain_key(1) };
    assert_eq!(stored.revise(&confirmed), RevisionOutcome::Changed);
    assert_eq!(applied(&stored), ReportType::ConfirmedTest);
}

#[test]
fn nothing_comes_of_nothing() {
    let basis = Basis::of_times(SearchedFiles::all(1), [1_601_078_400]);
    for profile in Profile::ALL {
        for encounters in
            [vec![], vec![Encounter { source: 0, key: plain_key(1), beacons: Vec::new(), other_period: false }]]
        {
            let assessment = assess_encounters(&encounters, &basis, &Configuration::default(), profile, 1_601_251_200);
            assert!(assessment.windows.is_empty() && assessment.daily_summaries.is_empty());
            assert_eq!(assessment.v1, ExposureSummary::default());
            assert_eq!(assessment.decision.reasons[0].code, "no_exposure");
        }
    }
}

#[test]
fn the_extremes_of_time_and_of_the_radio_have_a_result() {
    let basis = Basis::of_times(SearchedFiles::all(1), [1_601_078_400]);
    let times = [(0, Some(u64::MAX)), (u64::MAX, Some(0)), (u64::MAX, None), (1 << 32, Some(1 << 32))];
    for (time, previous) in times {
        for (rssi, tx_power, expected) in [(-128, 127, 255), (127, -128, 0), (-128, -128, 0), (127, 127, 0)] {
            let beacons = vec![beacon(time, previous, rssi, tx_power); 3];
            let encounters = [Encounter { source: 0, key: plain_key(1), beacons, other_period: false }];
            for profile in Profile::ALL {
                for now in [0, u64::MAX] {
                    let assessment = assess_encounters(&encounters, &basis, &Configuration::default(), profile, now);
                    let scan = assessment.windows[0].scan_instances[0];
                    assert_eq!((scan.typical_attenuation, scan.min_attenuation), (expected, expected));
                    assert_eq!(assessment.v1.found()[0].attenuation, expected);
                    assert_eq!(assessment.windows[0].date(), UtcDay::from_unix_seconds(time));
                }
            }
        }
    }
}

#[test]
fn every_place_of_a_shuffled_list_is_possible() {
    let beacons = |number: u64| vec![beacon(1_601_078_400 + number, None, -60, 0)];
    let encounter = |number: u64| Encounter {
        source: 0,
        key: plain_key(number.into()),
        beacons: beacons(number),
        other_period: false,
    };
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
    let rule = RiskRuleFile { seconds, ..RiskRuleFile::default() }.rule();
    let configuration = Configuration { rule, ..Configuration::default() };
    let basis = Basis::of_times(SearchedFiles::all(1), [1_601_078_400]);
    let of = |encounters: &[Encounter], profile| {
        // It assesses them too.
        let records = Records { basis: &basis, encounters, dropped: &[], files: &[] };
        explain(&records, &configuration, profile, 1_601_251_200)
    };
    let start = 1_601_078_400;
    let same_second = vec![beacon(start, Some(start - 60), -60, 0); 100_000];
    let a_day_each = (0..MANY).map(|day| beacon(day * 86_400 + 60, Some(0), -60, 0)).collect();
    let one_key = [same_second, a_day_each].map(|beacons| Encounter {
        source: 0,
        key: plain_key(1),
        beacons,
        other_period: false,
    });
    let each_its_key: Vec<_> = (0..MANY)
        .map(|number| Encounter {
            source: 0,
            key: plain_key(number.into()),
            beacons: vec![beacon(number * 40_000, None, -60, 0)],
            other_period: false,
        })
        .collect();
    for profile in [Profile::Google, Profile::AppleV1] {
        assert_eq!(of(&one_key[..1], profile).keys[0].windows[0].scans[0].beacons, 100_000);
        assert_eq!(of(&one_key[1..], profile).days.len(), 100_000);
        assert_eq!(of(&each_its_key, profile).keys.len(), 100_000);
    }
}

/// The answers that Google's published classes gave when they were run.
mod as_googles_code {
    use super::*;

    const NOON: u64 = 1_600_171_200;

    /// Seconds after [`NOON`], raw strength, transmit power.
    type Heard = (u64, i8, i8);

    fn key() -> DiagnosisKey {
        let window = RollingWindow::new(EnIntervalNumber::new(2_666_880), RollingPeriod::FULL_DAY).unwrap();
        DiagnosisKey::new(core::array::from_fn(|place| u8::try_from(place).unwrap()), window)
    }

    fn sighting(time: u64, rssi: i8, tx_power: i8, previous_scan: Option<u64>) -> Sighting {
        let rpi = key().identifier_key().identifier(EnIntervalNumber::from_unix_seconds(NOON).unwrap());
        let aem = key().metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(tx_power));
        Sighting { previous_scan, ..Sighting::new(rpi, aem.as_bytes(), rssi, time) }
    }

    fn basis() -> Basis {
        Basis::of_times(SearchedFiles::all(1), [NOON])
    }

    fn matches(sightings: Vec<Sighting>, profile: Profile) -> Vec<Match> {
        let index = SightingIndex::exhaustive(sightings).unwrap();
        Matcher::new(&index).profile(profile).match_keys(&[key()]).matches
    }

    /// Seconds after noon and attenuation of those that stand for their scan, and how many scans there are in windows.
    fn standing(heard: &[Heard], profile: Profile) -> (Vec<(u64, u8)>, usize) {
        let sightings = heard.iter().map(|(time, rssi, power)| sighting(NOON + time, *rssi, *power, None)).collect();
        let matches = matches(sightings, profile);
        let standing = matches.iter().filter(|found| found.stands_for_scan);
        let standing = standing.map(|found| (found.time - NOON, found.attenuation)).collect();
        let windows = assess(&matches, &basis(), &Configuration::default(), profile, NOON).windows;
        (standing, windows.iter().map(|window| window.scan_instances.len()).sum())
    }

    fn windows(sightings: Vec<Sighting>, profile: Profile) -> Vec<gaen::exposure::ExposureWindow> {
        assess(&matches(sightings, profile), &basis(), &Configuration::default(), profile, NOON).windows
    }

    #[test]
    fn the_loudest_stands_for_its_scan_whatever_its_metadata_says() {
        let cases: [(&[Heard], _, _); 6] = [
            // Louder is not nearer: the sender's powers differ.
            (&[(0, -80, -40), (1, -70, 10)], (vec![(1, 80)], 1), (vec![(0, 40)], 1)),
            (&[(0, -60, -20), (1, -59, -10)], (vec![(1, 49)], 1), (vec![(0, 40)], 1)),
            // The loudest has a power that is not believed: nothing is left of the scan, in v1 and in v2.
            (&[(0, -70, -20), (1, -60, 21)], (vec![], 0), (vec![(0, 50)], 1)),
            // A scan with another key's windows: one good scan is enough for all of them.
            (&[(0, -70, -20), (1, -60, 21), (300, -70, -20)], (vec![(300, 50)], 2), (vec![(0, 50), (300, 50)], 2)),
            // What is not believed still joins two sightings to one scan; windows never see it.
            (&[(0, -70, -20), (20, -90, 21), (40, -60, -20)], (vec![(40, 40)], 2), (vec![(0, 50), (40, 40)], 2)),
            // The earliest of equals, and the strongest reading of a radio is louder than all.
            (
                &[(0, -60, -20), (1, -60, -20), (30, -60, -20), (31, 127, -20)],
                (vec![(0, 40), (31, 0)], 2),
                (vec![(0, 40), (31, 0)], 2),
            ),
        ];
        for (heard, google, guarded) in cases {
            assert_eq!(standing(heard, Profile::Google), google, "{heard:?}");
            assert_eq!(standing(heard, Profile::GoogleGuarded), guarded, "{heard:?}");
        }
    }

    #[test]
    fn metadata_of_the_wrong_length_takes_its_scan_with_it_too() {
        let bent = Sighting { aem: HeardMetadata::WrongLength(3), ..sighting(NOON + 1, -60, -20, None) };
        let sightings = vec![sighting(NOON, -70, -20, None), bent];
        assert!(windows(sightings.clone(), Profile::Google).is_empty());
        assert_eq!(windows(sightings, Profile::GoogleGuarded).len(), 1);
    }

    #[test]
    fn apple_judges_metadata_before_the_replay_rule() {
        // 1,201 s after the first that is heard, but 1,200 after the first that is good.
        let heard = |power| {
            vec![
                sighting(NOON, -70, power, None),
                sighting(NOON + 1, -70, -20, None),
                sighting(NOON + 1201, -70, -20, None),
            ]
        };
        let times =
            |power, profile| matches(heard(power), profile).iter().map(|found| found.time - NOON).collect::<Vec<_>>();
        for profile in [Profile::Google, Profile::GoogleGuarded] {
            assert_eq!(times(21, profile), [1], "{profile:?}");
        }
        for profile in [Profile::AppleV1, Profile::DocumentedV2] {
            assert_eq!(times(21, profile), [1, 1201], "{profile:?}");
        }
        // 0 dB is no good sighting either, where it is not believed.
        let saturated = vec![sighting(NOON, 127, -20, None), sighting(NOON + 1201, -70, -20, None)];
        assert_eq!(matches(saturated.clone(), Profile::AppleV1).len(), 1);
        assert_eq!(matches(saturated, Profile::DocumentedV2).len(), 1, "the first alone");
        let replayed = vec![sighting(NOON, -70, -20, None), sighting(NOON + 1201, -70, 21, None)];
        let index = SightingIndex::exhaustive(replayed).unwrap();
        for (profile, reason) in [(Profile::Google, DropReason::Replay), (Profile::AppleV1, DropReason::Power)] {
            let dropped = Matcher::new(&index).profile(profile).match_keys(&[key()]).drop_reasons();
            assert_eq!(dropped.count(reason), 1, "{profile:?}: the first rule that it broke");
        }
    }

    #[test]
    fn a_previous_scan_at_0_is_not_known() {
        for profile in Profile::ALL {
            let found = windows(vec![sighting(NOON, -70, -20, Some(0))], profile);
            assert_eq!(found[0].scan_instances[0].seconds_since_last_scan, 120, "{profile:?}");
        }
    }

    #[test]
    fn a_clock_that_stepped_back_makes_negative_seconds() {
        for (after, google) in [(60, -60_i32), (3600, -3600), (59, 0)] {
            let heard = vec![sighting(NOON, -70, -20, Some(NOON + after)), sighting(NOON + 300, -70, -20, Some(NOON))];
            let found = windows(heard.clone(), Profile::Google);
            assert_eq!(found[0].scan_instances[0].seconds_since_last_scan, i64::from(google));
            assert_eq!(found[0].seconds(), i64::from(google + 300));
            let scored = score_window(&found[0], &Configuration::default().daily_summaries, found[0].date());
            assert_eq!(scored.score, f64::from(google + 300));
            for profile in [Profile::GoogleGuarded, Profile::AppleV1, Profile::DocumentedV2] {
                assert_eq!(windows(heard.clone(), profile)[0].seconds(), 300, "{profile:?}");
            }
        }
    }

    #[test]
    fn the_seconds_of_a_bucket_are_added_up_before_they_are_weighted() {
        let scans = (0..7).map(|scan| NOON + 180 * scan).map(|time| sighting(time, -70, -20, Some(time - 180)));
        let matches = matches(scans.collect(), Profile::Google);
        let mut configuration = Configuration::default();
        let daily = &mut configuration.daily_summaries;
        daily.bucket_weights = [gaen::exposure::Weight::new(0.7).unwrap(); 4];
        for (minimum, days) in [(882.0, 1), (882.000_000_000_000_1, 0)] {
            configuration.daily_summaries.minimum_window_score = Score::new(minimum).unwrap();
            let assessment = assess(&matches, &basis(), &configuration, Profile::Google, NOON);
            let [day] = assessment.daily_summaries.as_slice() else { panic!("a day of zeros is one too") };
            assert_eq!(day.day_total.score_sum, if days == 1 { 882.0 } else { 0.0 }, "{minimum}");
            assert_eq!((day.by_report_type.len(), assessment.decision.days.len()), (days, days));
            let documented = assess(&matches, &basis(), &configuration, Profile::DocumentedV2, NOON);
            assert_eq!(documented.daily_summaries.len(), days, "the documents know no such day");
        }
    }

    /// What counts of a key that files published one after the other, each with this report type and period: type,
    /// level and period.
    fn published(files: &[(ReportType, u32)], recursive_enabled: bool) -> Vec<(ReportType, u8, u32)> {
        let index = SightingIndex::new(vec![sighting(NOON, -70, -20, None)]).unwrap();
        let mut search = Matcher::new(&index).search();
        for (source, (report_type, period)) in files.iter().enumerate() {
            let period = RollingPeriod::new(*period).unwrap();
            let window = RollingWindow::new(key().window.start(), period).unwrap();
            let level = TransmissionRiskLevel::new(i32::try_from(source).unwrap() + 1).unwrap();
            search.add(
                source,
                &[DiagnosisKey { window, report_type: *report_type, transmission_risk_level: level, ..key() }],
            );
        }
        let report = search.finish();
        let mapping = DiagnosisKeysDataMapping { recursive_enabled, ..DiagnosisKeysDataMapping::default() };
        let encounters = Encounter::of(&report.matches);
        let current = StoredKeys::current(encounters, &report.later_reports, &[], &mapping);
        let shown = current.into_iter().filter(|encounter| encounter.hidden(&mapping).is_none());
        let shown = shown.map(|found| {
            (found.key.report_type, found.key.transmission_risk_level.as_u8(), found.key.window.period().as_u32())
        });
        shown.collect()
    }

    #[test]
    fn a_key_that_is_published_again_takes_up_the_report_once() {
        use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Recursive, Revoked, SelfReport};

        let day = |types: &[ReportType]| types.iter().map(|found| (*found, 144)).collect::<Vec<_>>();
        // Recursive keys that are not asked for leave no trace: the file in which it first matches is where all of it
        // is from.
        assert_eq!(published(&day(&[Recursive, ConfirmedTest]), false), [(ConfirmedTest, 2, 144)]);
        assert_eq!(published(&day(&[Recursive, ConfirmedTest]), true), [(Recursive, 1, 144)]);
        assert_eq!(published(&day(&[Recursive, Recursive]), false), []);
        assert_eq!(
            published(&day(&[Recursive, SelfReport, ConfirmedTest, SelfReport]), false),
            [(ConfirmedTest, 2, 144)]
        );
        // Only the type changes, along the ways that there are, and once.
        assert_eq!(published(&day(&[SelfReport, ConfirmedTest]), false), [(ConfirmedTest, 1, 144)]);
        assert_eq!(published(&day(&[ConfirmedTest, SelfReport]), false), [(ConfirmedTest, 1, 144)]);
        let twice = day(&[SelfReport, ConfirmedClinicalDiagnosis, ConfirmedTest]);
        assert_eq!(published(&twice, false), [(ConfirmedClinicalDiagnosis, 1, 144)]);
        assert_eq!(published(&day(&[SelfReport, Recursive, ConfirmedTest]), false), [(ConfirmedTest, 1, 144)]);
        // Withdrawn once, or from the start: it does not come back.
        assert_eq!(published(&day(&[SelfReport, Revoked, ConfirmedTest]), false), []);
        assert_eq!(published(&day(&[Revoked, ConfirmedTest]), false), []);
        // Another period is another key that came too late, whichever is longer.
        assert_eq!(published(&[(SelfReport, 144), (ConfirmedTest, 100)], false), [(SelfReport, 1, 144)]);
        assert_eq!(published(&[(SelfReport, 100), (ConfirmedTest, 144)], false), [(SelfReport, 1, 100)]);
        assert_eq!(
            published(&[(Recursive, 144), (ConfirmedTest, 100), (ConfirmedTest, 144)], false),
            [(ConfirmedTest, 2, 100)]
        );
    }

    #[test]
    fn in_one_file_the_first_report_of_a_key_counts() {
        let index = SightingIndex::new(vec![sighting(NOON, -70, -20, None)]).unwrap();
        let [own, confirmed] = [ReportType::SelfReport, ReportType::ConfirmedTest]
            .map(|report_type| DiagnosisKey { report_type, ..key() });
        let mut search = Matcher::new(&index).search();
        search.add(3, &[own, confirmed]);
        assert_eq!(search.finish().later_reports, []);
        let mut search = Matcher::new(&index).search();
        for (source, keys) in
            [(0, [own, own]), (1, [confirmed, own]), (2, [own, confirmed]), (0, [confirmed, confirmed])]
        {
            search.add(source, &keys);
        }
        let later: Vec<_> = search.finish().later_reports.iter().map(|report| (report.source, report.key)).collect();
        assert_eq!(later, [(1, confirmed)], "the first of each later file, where it is another");
    }

    fn lints(sightings: &[Sighting], profile: Profile) -> Vec<String> {
        let encounters = Encounter::of(&matches(sightings.to_vec(), profile));
        let lints = lint_encounters(&encounters, &DiagnosisKeysDataMapping::default(), profile);
        lints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_as_the_phones_did_and_not_guarded_is_said() {
        let heard = |heard: &[Heard]| {
            heard.iter().map(|(time, rssi, power)| sighting(NOON + time, *rssi, *power, None)).collect::<Vec<_>>()
        };
        let back = vec![sighting(NOON, -70, -20, Some(NOON + 3600)), sighting(NOON + 300, -70, -20, Some(NOON))];
        let cases = [
            (
                heard(&[(0, -70, -20), (1, -60, 21)]),
                "warning: sightings: 1 key: each has nothing that counts: louder sightings, whose metadata is not believed, \
                 stood for all of its scans (key_silenced)",
                "a louder sighting whose metadata is not believed stood for each of its scans, so nothing of it counts \
                 [key_silenced]",
            ),
            (
                heard(&[(0, -70, -20), (1, -60, 21), (300, -70, -20)]),
                "warning: sightings: 1 scan of 1 key: each counts for nothing in v1: a louder sighting, whose metadata is \
                 not believed, stood for it (scan_silenced)",
                "1 of its scans do not count in v1: a louder sighting whose metadata is not believed stood for each \
                 [scan_silenced]",
            ),
            (
                heard(&[(0, -80, -40), (1, -70, 10)]),
                "warning: sightings: 1 scan of 1 key: each counts in v1 by its loudest sighting, which is not the nearest \
                 (scan_displaced)",
                "1 of its scans count in v1 by their loudest sighting, which is not the nearest [scan_displaced]",
            ),
            (
                back,
                "warning: sightings: 1 scan of 1 key: each counts negative seconds: the clock had stepped back \
                 (seconds_negative)",
                "1 of its scans count negative seconds, as the clock had stepped back [seconds_negative]",
            ),
        ];
        for (sightings, lint, text) in cases {
            assert_eq!(lints(&sightings, Profile::Google), [lint]);
            for profile in [Profile::GoogleGuarded, Profile::AppleV1, Profile::DocumentedV2] {
                assert_eq!(lints(&sightings, profile), [""; 0], "{profile:?}");
            }
            let explained = |profile| {
                let encounters = Encounter::of(&matches(sightings.clone(), profile));
                let basis = basis();
                let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
                explain(&records, &Configuration::default(), profile, NOON).to_string()
            };
            let line = format!("├ as Google's phones, and not guarded: {text}\n");
            assert!(explained(Profile::Google).contains(&line), "{}", explained(Profile::Google));
            assert!(!explained(Profile::GoogleGuarded).contains("not guarded"));
        }
        assert_eq!(lints(&heard(&[(0, -70, -20), (1, -60, -20), (300, -70, -20)]), Profile::Google), [""; 0]);
    }

    #[test]
    fn a_silenced_key_has_its_reason() {
        let encounters = Encounter::of(&matches(
            vec![sighting(NOON, -70, -20, None), sighting(NOON + 1, -60, 21, None)],
            Profile::Google,
        ));
        let basis = basis();
        let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
        let explanation = explain(&records, &Configuration::default(), Profile::Google, NOON);
        let key = &explanation.keys[0];
        assert!(key.matched.yes && key.windows.is_empty());
        assert_eq!(key.scored_v2.reason.as_ref().unwrap().code, "key_silenced");
        assert_eq!(key.first_reason.as_ref().unwrap().code, "key_silenced");
    }

    proptest! {
        #![proptest_config(cases(400))]

        #[test]
        fn the_guarded_profile_differs_only_where_a_lint_says_so(
            heard in prop::collection::vec(
                (0..120_u64, select(vec![-70_i8, -60, -50, 127]), select(vec![-20_i8, -20, -20, -30, 21]), select(vec![-1_i64, 0, 60, 300])),
                0..8,
            ),
            configuration in configuration(),
        ) {
            let sighting = |(time, rssi, power, before): &(u64, i8, i8, i64)| {
                let time = NOON + 7 * time;
                sighting(time, *rssi, *power, Some(time.checked_add_signed(-before * 60).unwrap()))
            };
            let sightings: Vec<_> = heard.iter().map(sighting).collect();
            let of = |profile| {
                let mut assessment = assess(&matches(sightings.clone(), profile), &basis(), &configuration, profile, NOON);
                assessment.profile = Profile::Google;
                bits(&assessment)
            };
            if lints(&sightings, Profile::Google).is_empty() {
                prop_assert_eq!(of(Profile::Google), of(Profile::GoogleGuarded));
            }
        }
    }
}

/// Two keys on one day; the score of the second is below the minimum, so it is no reason to notify, whatever the first
/// is.
#[test]
fn a_window_that_does_not_count_is_on_no_day_that_notifies() {
    let start = EnIntervalNumber::new(2_710_512);
    let window = RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap();
    let encounter = |number, scans: u64| {
        let beacon = |scan| {
            let time = start.unix_seconds() + 300 * scan;
            Beacon {
                interval: EnIntervalNumber::from_unix_seconds(time).unwrap(),
                time,
                previous_scan: Some(time - 300),
                rssi: -40,
                metadata: BluetoothMetadata::v1_0(0),
                attenuation: 40,
                stands_for_scan: true,
            }
        };
        Encounter {
            source: 0,
            key: DiagnosisKey::new([number; 16], window),
            beacons: (0..scans).map(beacon).collect(),
            other_period: false,
        }
    };
    let encounters = [encounter(1, 4), encounter(2, 1)];
    let mut configuration = Configuration::default();
    configuration.daily_summaries.minimum_window_score = Score::new(301.0).unwrap();

    let basis = Basis::of_times(SearchedFiles::all(1), [window.start().unix_seconds()]);
    let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
    let explanation = explain(&records, &configuration, Profile::Google, window.end().unix_seconds());
    assert_eq!(explanation.verdict, Verdict::Notify);
    let outcomes = explanation.keys.iter().map(|key| (key.scored_v2.yes, key.notified.yes));
    assert_eq!(outcomes.collect::<Vec<_>>(), [(true, true), (false, false)]);
    assert_eq!(explanation.keys[1].notified.reason.as_ref().unwrap().code, "no_day");
}

/// SwissCovid asks for no infectiousness, NHS COVID-19 does, and Corona-Warn-App takes negative seconds as 0.
#[test]
fn a_window_has_no_score_for_a_reason_of_its_own_app() {
    let (start, interval) = (EnIntervalNumber::new(2_668_464), EnIntervalNumber::new(2_668_536));
    let time = interval.unix_seconds();
    let key = DiagnosisKey {
        report_type: ReportType::ConfirmedTest,
        ..DiagnosisKey::new([7; 16], RollingWindow::new(start, RollingPeriod::FULL_DAY).unwrap())
    };
    for (preset, attenuation, previous_scan, code) in [
        (Preset::SwissCovidAndroid, 90, time - 300, "weight_zero"),
        (Preset::SwissCovidAndroid, 40, time, "no_duration"),
        (Preset::NhsAndroid, 40, time - 300, "infectiousness_none"),
        (Preset::CwaAndroid, 40, time + 600, "no_duration"),
        (Preset::CwaAndroid, 90, time - 300, "weight_zero"),
    ] {
        let beacon = Beacon {
            interval,
            time,
            previous_scan: Some(previous_scan),
            rssi: -70,
            metadata: BluetoothMetadata::v1_0(-10),
            attenuation,
            stands_for_scan: true,
        };
        let encounters = [Encounter { source: 0, key, beacons: vec![beacon], other_period: false }];
        let mut configuration = preset.configuration(Profile::Google);
        configuration.mapping.infectiousness = None;
        configuration.mapping.infectiousness_when_missing = Infectiousness::None;
        let basis = Basis::of_times(SearchedFiles::all(1), [time]);
        let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
        let explanation = explain(&records, &configuration, Profile::Google, time);
        let reason = explanation.keys[0].windows[0].reason.as_ref();
        assert_eq!(reason.map(|reason| reason.code), Some(code), "{preset} at {attenuation} dB:\n{explanation}");
    }
}
