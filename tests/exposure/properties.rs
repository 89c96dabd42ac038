//! What holds of exposures whatever was heard and configured.
use std::collections::BTreeSet;

use crate::cases::cases;
use crate::worlds::{World, configuration, encounter, key, world};
use gaen::Profile;
use gaen::exposure::decision::Value;
use gaen::exposure::{
    Assessment, Beacon, Configuration, DailySummary, DiagnosisKeysDataMapping, Encounter, ExposureWindow,
    Infectiousness, NotJudged, Operator, Risk, RiskConfiguration, RiskScores, Score, Totals, Verdict, Weight,
    daily_summaries, exposures, score_window, windows,
};
use gaen::keys::{BluetoothMetadata, ReportType};
use gaen::time::UtcDay;
use proptest::prelude::*;
use proptest::sample::subsequence;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

/// Every bit of it: this form tells doubles apart that `==` does not.
fn bits(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

fn totals(assessment: &Assessment) -> Vec<Totals> {
    assessment.daily_summaries.iter().map(|day| day.day_total).collect()
}

/// What a rule compares of a day, computed once more: from the day's summary and the windows of all days.
#[allow(clippy::cast_precision_loss)]
fn value(value: Value, day: &DailySummary, windows: &[ExposureWindow]) -> f64 {
    let of_the_day = windows.iter().filter(|window| window.date() == day.date);
    let seconds = of_the_day.clone().map(ExposureWindow::seconds).fold(0, i64::saturating_add) as f64;
    let attenuations = of_the_day.flat_map(|window| &window.scan_instances).map(|scan| scan.typical_attenuation);
    match value {
        Value::ScoreSum => day.day_total.score_sum,
        Value::WeightedDurationAverage if seconds > 0.0 => day.day_total.weighted_duration_sum / seconds,
        Value::WeightedDurationAverage => 0.0,
        Value::SecondsSinceLastScanSum => seconds,
        Value::TypicalAttenuationMax => attenuations.max().map_or(0.0, f64::from),
        Value::TypicalAttenuationMin => attenuations.min().map_or(0.0, f64::from),
        other => panic!("no rule of COCOA's compares {other}"),
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn windows_share_out_the_beacons_and_are_half_an_hour(world in world()) {
        let World { configuration: Configuration { mapping, .. }, profile, .. } = &world;
        for encounter in &world.encounters {
            let windows = windows(std::slice::from_ref(encounter), mapping, *profile);
            let mut rest = encounter.beacons.as_slice();
            for window in &windows {
                // Those of the window come first in what is left, up to half an hour on.
                prop_assert_eq!(rest.first().map(|first| first.time), Some(window.start));
                let within = rest.partition_point(|beacon| beacon.time - window.start < 1800);
                let (own, after) = rest.split_at(within);
                rest = after;
                let scans: Vec<_> = own.chunk_by(|a, b| b.time - a.time <= 25).collect();
                prop_assert_eq!(window.scan_instances.len(), scans.len());
                for (scan, beacons) in window.scan_instances.iter().zip(scans) {
                    let attenuations = || beacons.iter().map(|beacon| beacon.attenuation);
                    prop_assert_eq!(Some(scan.min_attenuation), attenuations().min());
                    prop_assert!(scan.min_attenuation <= scan.typical_attenuation);
                    prop_assert!(Some(scan.typical_attenuation) <= attenuations().max());
                    let seconds = scan.seconds_since_last_scan;
                    match beacons[0].previous_scan {
                        None | Some(0) => prop_assert_eq!(seconds, 120),
                        Some(previous) if previous > beacons[0].time && *profile == Profile::Google => {
                            prop_assert!(seconds <= 0 && (seconds % 60 == 0 || seconds == i64::MIN));
                        }
                        Some(previous) if previous >= beacons[0].time => prop_assert_eq!(seconds, 0),
                        Some(_) => prop_assert!([0, 60, 120, 180, 240, 300].contains(&seconds)),
                    }
                }
                prop_assert_eq!(window.date(), UtcDay::from_unix_seconds(window.start));
            }
            prop_assert!(windows.is_empty() || rest.is_empty(), "all or nothing of a key is shown");
            prop_assert!(encounter.hidden(mapping).is_none() || windows.is_empty());
            let stands = encounter.beacons.iter().any(|beacon| beacon.stands_for_scan);
            prop_assert!(stands || windows.is_empty(), "no windows where v1 found nothing");
        }
    }

    #[test]
    fn encounters_in_any_order_come_to_the_same(world in world(), seed in any::<u64>()) {
        let mut shuffled = world.clone();
        shuffled.encounters.shuffle(&mut StdRng::seed_from_u64(seed));
        prop_assert_eq!(bits(&world.assess()), bits(&shuffled.assess()));
    }

    #[test]
    fn a_key_more_leaves_the_windows_and_exposures_of_the_others(world in world(), other in encounter()) {
        prop_assume!(world.encounters.iter().all(|encounter| encounter.key.key_data != other.key.key_data));
        let alone = world.assess();
        let mut together = world.clone();
        together.encounters.insert(0, other.clone());
        let mut together = together.assess();
        together.windows.retain(|window| window.key != other.key);
        together.v1.exposures.retain(|exposure| exposure.key != other.key);
        prop_assert_eq!(alone.windows, together.windows);
        prop_assert_eq!(bits(&alone.v1.exposures), bits(&together.v1.exposures));
        for (alone, together) in alone.daily_summaries.iter().map(|day| {
            (day.day_total, together.daily_summaries.iter().find(|other| other.date == day.date).unwrap().day_total)
        }) {
            prop_assert!(alone.maximum_score <= together.maximum_score);
            prop_assert!(alone.score_sum <= together.score_sum);
        }
    }

    #[test]
    fn a_larger_weight_lowers_no_score(world in world(), bucket in 0..4_usize, percent in 0..251_u8) {
        // A duration that is negative is the more so.
        prop_assume!(!world.profile.counts_seconds_back());
        let before = world.assess();
        let mut heavier = world.clone();
        let weight = &mut heavier.configuration.daily_summaries.bucket_weights[bucket];
        *weight = Weight::new(weight.factor().max(f64::from(percent) / 100.0)).unwrap();
        let today = UtcDay::from_unix_seconds(world.now);
        for window in &before.windows {
            let score = |world: &World| score_window(window, &world.configuration.daily_summaries, today).score;
            prop_assert!(score(&world) <= score(&heavier));
        }
        let after = heavier.assess();
        for day in &before.daily_summaries {
            let heavier = after.daily_summaries.iter().find(|other| other.date == day.date).unwrap().day_total;
            prop_assert!(day.day_total.score_sum <= heavier.score_sum);
            prop_assert!(day.day_total.maximum_score <= heavier.maximum_score);
            prop_assert!(day.day_total.weighted_duration_sum <= heavier.weighted_duration_sum);
        }
    }

    #[test]
    fn a_larger_minimum_only_takes_away(world in world(), score in 0.0..3000.0_f64, product in 0..4097_u16) {
        let before = world.assess();
        let mut stricter = world.clone();
        let daily = &mut stricter.configuration.daily_summaries;
        daily.minimum_window_score = Score::new(daily.minimum_window_score.as_f64().max(score)).unwrap();
        let risk = &mut stricter.configuration.risk;
        risk.minimum_risk_score = risk.minimum_risk_score.max(product);
        let after = stricter.assess();
        prop_assert_eq!(&before.windows, &after.windows);
        for day in &after.daily_summaries {
            let all = before.daily_summaries.iter().find(|other| other.date == day.date).unwrap();
            prop_assert!(day.day_total.score_sum <= all.day_total.score_sum);
            prop_assert!(day.by_report_type.len() <= all.by_report_type.len());
        }
        prop_assert!(after.v1.exposures.len() <= before.v1.exposures.len());
        for (before, after) in before.v1.found().into_iter().zip(after.v1.found()) {
            prop_assert!(after.risk.score == before.risk.score || after.risk.score == 0);
        }
    }

    #[test]
    fn days_add_up(world in world()) {
        let assessment = world.assess();
        let exact = Profile::Google; // as others round
        let summaries = daily_summaries(&assessment.windows, &world.configuration.daily_summaries, exact, world.now);
        for day in &summaries {
            let types = || day.by_report_type.iter().map(|(_, totals)| totals);
            let sum = types().fold(0.0, |sum, totals| sum + totals.score_sum);
            prop_assert_eq!(sum.to_bits(), day.day_total.score_sum.to_bits());
            let sum = types().fold(0.0, |sum, totals| sum + totals.weighted_duration_sum);
            prop_assert_eq!(sum.to_bits(), day.day_total.weighted_duration_sum.to_bits());
            let largest = types().fold(0.0, |largest, totals| totals.maximum_score.max(largest));
            prop_assert_eq!(largest.to_bits(), day.day_total.maximum_score.to_bits());
            prop_assert!(day.by_report_type.is_sorted_by_key(|(report_type, _)| *report_type));
        }
        prop_assert!(summaries.is_sorted_by(|a, b| a.date < b.date));
    }

    #[test]
    fn documented_daily_results_are_googles_up_to_the_minute(mut world in world(), level in 1..3_i32) {
        // No key of which one profile has windows and the other none.
        let infectious = Infectiousness::from_number(level).unwrap();
        let mapping = &mut world.configuration.mapping;
        (mapping.infectiousness, mapping.infectiousness_when_missing) = (None, infectious);
        mapping.report_type_when_missing = ReportType::SelfReport;
        // No day of zeros, which the documents do not know.
        world.configuration.daily_summaries.minimum_window_score = Score::default();
        let google = World { profile: Profile::GoogleGuarded, ..world.clone() }.assess();
        let documented = World { profile: Profile::DocumentedV2, ..world }.assess();
        let up = |seconds: f64| (seconds / 60.0).ceil() * 60.0;
        let rounded = totals(&google).into_iter().map(|totals| Totals {
            score_sum: up(totals.score_sum),
            maximum_score: up(totals.maximum_score),
            weighted_duration_sum: up(totals.weighted_duration_sum),
        });
        prop_assert_eq!(rounded.collect::<Vec<_>>(), totals(&documented));
    }

    #[test]
    fn summaries_of_one_day_are_one_in_any_order(worlds in prop::array::uniform3(world())) {
        let [a, b, c] = worlds.map(|world| world.assess().daily_summaries);
        for a in &a {
            for b in &b {
                let Some(both) = a.merged(b) else {
                    prop_assert_ne!(a.date, b.date);
                    continue;
                };
                prop_assert_eq!(Some(both.clone()), b.merged(a));
                for c in c.iter().filter(|c| c.date == a.date) {
                    // Sums of doubles, so all but the last bits.
                    let (left, right) = (both.merged(c).unwrap(), a.merged(&b.merged(c).unwrap()).unwrap());
                    let types = |day: &DailySummary| -> Vec<_> {
                        day.by_report_type.iter().map(|(report_type, _)| *report_type).collect()
                    };
                    prop_assert_eq!(types(&left), types(&right));
                    let (left, right) = (left.day_total, right.day_total);
                    prop_assert_eq!(left.maximum_score, right.maximum_score);
                    prop_assert!((left.score_sum - right.score_sum).abs() <= 1e-12 * left.score_sum);
                }
            }
        }
    }

    #[test]
    fn a_decision_is_that_of_its_days(world in world()) {
        let Assessment { windows, daily_summaries, v1, decision, .. } = world.assess();
        let days: BTreeSet<_> = match world.configuration.rule.windows() {
            None => v1.exposures.iter().filter(|e| e.risk.score > 0).map(|e| e.date).collect(),
            Some(rule) => {
                let tests = rule.classes[0].when.tests();
                let asked = || tests.iter().filter(|test| test.condition.op != Operator::Nop);
                let meets = |day: &&DailySummary| {
                    asked().all(|test| test.condition.holds(value(test.value, day, &windows)) == Some(true))
                };
                // A day with more than a century in a scan is not judged.
                let is_impossible = |window: &ExposureWindow| {
                    let mut scans = window.scan_instances.iter();
                    scans.any(|scan| scan.seconds_since_last_scan.unsigned_abs() > u32::MAX.into())
                };
                let is_possible = |day: &&DailySummary| {
                    !windows.iter().any(|window| window.date() == day.date && is_impossible(window))
                };
                let days = daily_summaries.iter().filter(meets).filter(is_possible);
                days.filter(|_| asked().count() > 0).map(|day| day.date).collect()
            }
        };
        prop_assert_eq!(&decision.days, &Vec::from_iter(days));
        let verdict = match world.basis().obstacle(world.now) {
            _ if !decision.days.is_empty() => Verdict::Notify,
            Some(obstacle) => Verdict::NotJudged(obstacle),
            None => match decision.reasons.iter().find_map(|reason| reason.verdict.not_judged()) {
                Some(reason) => {
                    prop_assert!([NotJudged::NotANumber, NotJudged::ImpossibleSeconds].contains(&reason));
                    Verdict::NotJudged(reason)
                }
                None => Verdict::DoNotNotify,
            },
        };
        prop_assert_eq!(decision.verdict, verdict);
        for reason in &decision.reasons {
            prop_assert!(!matches!(verdict, Verdict::NotJudged(_)) || reason.verdict != Verdict::Notify);
            let no_obstacle = world.basis().obstacle(world.now).is_none();
            prop_assert!(no_obstacle || reason.verdict != Verdict::DoNotNotify);
        }
        prop_assert!(!decision.reasons.is_empty());
    }

    #[test]
    fn exposures_of_v1_add_up(world in world()) {
        let v1 = world.assess().v1;
        let (listed, found) = (&v1.exposures, v1.found());
        prop_assert_eq!(v1.summation_risk_score, listed.iter().map(|e| u64::from(e.risk.score)).sum::<u64>());
        prop_assert_eq!(v1.maximum_risk_score, listed.iter().map(|e| e.risk.score).max().unwrap_or(0));
        let full_range = listed.iter().map(|e| e.risk.score_full_range);
        prop_assert_eq!(v1.summation_risk_score_full_range, full_range.clone().fold(0.0, |sum, risk| sum + risk));
        prop_assert_eq!(v1.maximum_risk_score_full_range, full_range.fold(0.0, f64::max));
        prop_assert_eq!(v1.days_since_last_exposure, found.iter().map(|e| e.days).min());
        let keys: BTreeSet<_> = found.iter().map(|exposure| exposure.key).collect();
        prop_assert_eq!(v1.matched_key_count, keys.len());
        prop_assert!(v1.below_minimum.iter().all(|exposure| exposure.risk.score == 0));
        for exposure in &found {
            let Risk { product, score, score_full_range, .. } = exposure.risk;
            prop_assert!(score_full_range == product || score_full_range == 0.0);
            prop_assert!(f64::from(score) <= score_full_range);
            let exact = exposure.exact_attenuation_durations.iter().sum::<u64>();
            match world.profile {
                Profile::Google | Profile::GoogleGuarded => {
                    prop_assert_eq!(exposure.duration % 300, 0);
                    // Rounded to the nearest step.
                    prop_assert!(exact.abs_diff(exposure.duration) <= 150);
                    prop_assert_eq!((exact, exposure.attenuation), (exposure.exact_duration, exposure.attenuation_value));
                    prop_assert_eq!(exposure.attenuation_durations, exposure.exact_attenuation_durations);
                }
                _ => {
                    prop_assert!(exposure.duration % 60 == 0 && exposure.duration <= 1800);
                    // Within the time from the first to the last, and the scan interval before it; without strength no
                    // place.
                    prop_assert!(exact <= exposure.exact_duration);
                    prop_assert!(exposure.attenuation_value <= 8);
                    prop_assert!(score <= 255 && exposure.days >= 0);
                }
            }
        }
        let one_a_key = matches!(world.profile, Profile::AppleV1 | Profile::DocumentedV2);
        prop_assert!(!one_a_key || found.len() == keys.len());
        prop_assert!(v1.attenuation_durations.iter().all(|seconds| *seconds <= 1800));
    }

    #[test]
    fn part_of_the_beacons_is_no_nearer_than_all(encounter in encounter(), chosen in subsequence((0..24).collect::<Vec<usize>>(), 0..24)) {
        let mapping = DiagnosisKeysDataMapping { recursive_enabled: true, ..DiagnosisKeysDataMapping::default() };
        let part = chosen.iter().filter_map(|place| encounter.beacons.get(*place)).copied().collect();
        let part = Encounter { beacons: part, ..encounter.clone() };
        let nearest = |encounter: Encounter| {
            let windows = windows(&[encounter], &mapping, Profile::Google);
            windows.iter().flat_map(|window| &window.scan_instances).map(|scan| scan.min_attenuation).min()
        };
        if let (Some(part), Some(all)) = (nearest(part), nearest(encounter)) {
            prop_assert!(all <= part);
        }
    }

    /// One sighting a scan: where there are more, that which is strongest gives the scan its time too, and a stronger
    /// one may so make an exposure shorter.
    #[test]
    fn a_stronger_sighting_lowers_no_risk_of_google(
        key in key(),
        heard in prop::collection::vec((26..900_u64, 0..256_u16, 0..256_u16), 1..20),
        stronger in any::<prop::sample::Index>(),
        mut scores in prop::array::uniform8(0..9_u8),
        others in configuration(),
    ) {
        scores.sort_unstable();
        let risk = RiskConfiguration { attenuation_scores: RiskScores::new(scores).unwrap(), ..others.risk };
        let mapping = DiagnosisKeysDataMapping { recursive_enabled: true, ..others.mapping };
        let stronger = stronger.index(heard.len());
        let mut time = key.window.start().unix_seconds();
        let mut encounters = [false, true].map(|_| Encounter { source: 0, key, beacons: Vec::new(), other_period: false });
        for (place, (gap, a, b)) in heard.into_iter().enumerate() {
            time += gap;
            let [near, far] = [a.min(b), a.max(b)].map(|db| u8::try_from(db).unwrap());
            for (attenuation, encounter) in [far, if place == stronger { near } else { far }].into_iter().zip(&mut encounters) {
                encounter.beacons.push(Beacon {
                    interval: key.window.start(),
                    time,
                    previous_scan: None,
                    rssi: -60,
                    metadata: BluetoothMetadata::v1_0(0),
                    attenuation,
                    stands_for_scan: true,
                });
            }
        }
        let [weaker, stronger] = encounters.map(|encounter| exposures(&[encounter], &mapping, &risk, Profile::Google, time));
        prop_assert_eq!(weaker.exposures.len(), stronger.exposures.len());
        for (weaker, stronger) in weaker.exposures.iter().zip(&stronger.exposures) {
            prop_assert!(stronger.attenuation <= weaker.attenuation);
            prop_assert!(stronger.risk.product >= weaker.risk.product);
            prop_assert!(stronger.risk.score >= weaker.risk.score);
        }
    }
}
