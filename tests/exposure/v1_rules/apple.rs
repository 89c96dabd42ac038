//! Apple's rules, one test each.

use gaen::Profile::AppleV1;
use gaen::exposure::{
    Encounter, ExposureInformation, Records, RiskVerdict, RiskWeights, Score, assess_encounters, explain,
};

use super::*;

/// The score of level n is n, no minimum.
fn plain() -> Configuration {
    by_risk(RiskConfiguration::apple())
}

/// The only exposure under the plain configuration.
fn only(heard: &[Heard]) -> ExposureInformation {
    let [exposure] = &judged(heard, &plain(), AppleV1).v1.exposures[..] else { panic!("one exposure") };
    exposure.clone()
}

#[test]
fn a_key_has_one_exposure_however_far_apart_its_sightings_are() {
    let exposure = only(&scans("0:-52:300 10800:-52:300"));
    assert_eq!((exposure.start, exposure.duration, exposure.attenuation), (NOON, 600, 40));
}

/// An identifier changes at 600 s, within a scan.
#[test]
fn advertisements_within_4_seconds_of_the_first_are_one_scan_across_identifiers() {
    // One scan of three, whose mean is -53, cut to -52 at the second: (-52 - 53) / 2, then (2 * -52 - 54) / 3.
    let exposure = only(&scans("598:-52:300 600:-53:300 602:-54:300"));
    assert_eq!((exposure.exact_duration, exposure.attenuation), (300, 40));
    // The scan begins with its first: 602 is over four seconds after 597, though two after 600.
    let exposure = only(&scans("597:-52:300 600:-60:300 602:-60:300"));
    assert_eq!(exposure.exact_duration, 305);
    // -56 of the first two for 300 s, then -60 for 5.
    assert_eq!((exposure.attenuation, exposure.start), (44, NOON + 597));
}

#[test]
fn a_scan_counts_from_the_one_before_and_no_second_counts_twice() {
    for (text, seconds) in [
        ("0:-52:?", 150),
        ("0:-52:0", 0),
        ("0:-52:304", 304),
        ("0:-52:305", 150),
        ("0:-52:300 300:-52:300", 600),
        ("0:-52:300 299:-52:300", 599),
        ("0:-52:300 299:-52:?", 450),
        ("0:-52:? 100:-52:?", 250),
        // Cut to the time since the sighting before, not to the end of its interval.
        ("0:-52:300 5:-52:300 10:-52:300", 310),
    ] {
        assert_eq!(only(&scans(text)).exact_duration, seconds, "{text}");
    }
}

#[test]
fn durations_go_up_to_the_minute_and_their_sums_are_rounded_once() {
    let exposure = only(&scans("0:-52:61"));
    assert_eq!((exposure.duration, exposure.attenuation_durations), (120, [120, 0, 0]));
    assert_eq!(
        only(&scans("0:-52:300 3600:-52:304 7200:-52:304 10800:-52:304 14400:-52:304 18000:-52:304")).duration,
        1800
    );

    // Two keys of 61 s are 122 s, so 180 and not 240.
    let keys = [key(0), key(1)];
    let sightings = keys.iter().map(|key| sighting(key, &scans("0:-52:61")[0])).collect();
    let now = keys[0].window.end().unix_seconds();
    let v1 = assess(&matches(&keys, sightings, AppleV1), &plain(), AppleV1, now).v1;
    assert_eq!((v1.exposures.len(), v1.attenuation_durations), (2, [180, 0, 0]));
}

/// The score of a duration goes by its seconds before they are cut to half an hour.
#[test]
fn an_exposure_of_over_half_an_hour_has_the_last_duration_score() {
    let last = by_risk(RiskConfiguration { duration_scores: scores([0, 0, 0, 0, 0, 0, 0, 8]), ..plain().risk });
    // 40 dB has the value 4, today 8, a key without a level 1.
    for (extra, product) in [("17700:-52:300", 0.0), ("17700:-52:301", 4.0 * 8.0 * 8.0)] {
        let text = format!("0:-52:300 3600:-52:300 7200:-52:300 10800:-52:300 14400:-52:300 {extra}");
        let exposure = &judged(&scans(&text), &last, AppleV1).v1.exposures[0];
        assert_eq!((exposure.duration, exposure.risk.product), (1800, product), "{text}");
    }
}

#[test]
fn the_attenuation_value_is_the_mean_of_level_values_without_those_of_0() {
    let heard = scans("0:-22:300 300:-87:300");
    let value = |attenuation_scores| {
        let configuration =
            by_risk(RiskConfiguration { attenuation_scores: scores(attenuation_scores), ..plain().risk });
        let exposure = &judged(&heard, &configuration, AppleV1).v1.exposures[0];
        assert_eq!(
            (exposure.risk.attenuation.score, exposure.risk.attenuation.index),
            (exposure.attenuation_value, None)
        );
        exposure.attenuation_value
    };
    // 10 dB and 75 dB, five minutes each.
    assert_eq!(value([1, 2, 3, 4, 5, 6, 7, 8]), 5);
    assert_eq!(value([0, 0, 0, 0, 0, 0, 0, 8]), 8);
    assert_eq!(value([0, 1, 1, 1, 1, 1, 1, 0]), 0);

    // The edges of the levels: each bound is the nearer one's.
    for (attenuation, value) in [
        (10, 8),
        (11, 7),
        (15, 7),
        (16, 6),
        (27, 6),
        (28, 5),
        (33, 5),
        (34, 4),
        (51, 4),
        (52, 3),
        (63, 3),
        (64, 2),
        (73, 2),
        (74, 1),
    ] {
        let exposure = only(&scans(&format!("0:{}:300", -12 - attenuation)));
        assert_eq!(exposure.attenuation_value, value, "{attenuation} dB");
    }
    // So is a threshold of durations: 50 and 70 dB.
    for (attenuation, durations) in [(50, [300, 0, 0]), (51, [0, 300, 0]), (70, [0, 300, 0]), (71, [0, 0, 300])] {
        let exposure = only(&scans(&format!("0:{}:300", -12 - attenuation)));
        assert_eq!(exposure.attenuation_durations, durations, "{attenuation} dB");
    }
}

#[test]
fn the_product_is_told_cut_to_255_and_whole() {
    let risk = |level, later: u64, configuration: &Configuration| {
        let key = DiagnosisKey { transmission_risk_level: TransmissionRiskLevel::new(level).unwrap(), ..key(0) };
        let sightings = vec![sighting(&key, &scans("0:-22:300")[0])];
        let now = NOON + later;
        assess(&matches(&[key], sightings, AppleV1), configuration, AppleV1, now).v1
    };
    // 10 dB is level 8, today 8, five minutes 2; the levels 0 to 7 have the values 1 to 8, and 8 that of 7.
    for (level, score, full) in [(0, 128, 128.0), (1, 255, 256.0), (7, 255, 1024.0), (8, 255, 1024.0)] {
        let v1 = risk(level, 0, &plain());
        let exposure = &v1.exposures[0];
        assert_eq!((exposure.risk.score, exposure.risk.score_full_range), (score, full), "level {level}");
        assert_eq!((v1.maximum_risk_score, v1.maximum_risk_score_full_range), (score, full), "level {level}");
        assert_eq!((v1.summation_risk_score, v1.summation_risk_score_full_range), (score.into(), full));
    }
    // Days go by the calendar: heard at noon, it is yesterday's after midnight. Two days are level 7.
    for (later, days, full) in [(43_199, 0, 128.0), (43_200, 1, 128.0), (129_599, 1, 128.0), (129_600, 2, 112.0)] {
        let v1 = risk(0, later, &plain());
        assert_eq!((v1.exposures[0].days, v1.exposures[0].risk.product), (days, full), "{later}");
        assert_eq!(v1.days_since_last_exposure, Some(days));
    }
    // The most there is, and weights beyond it.
    let weights = RiskWeights::new([0.5, 1.0, 1.0, 100.0]).unwrap();
    let configuration = by_risk(RiskConfiguration { weights, ..plain().risk });
    assert_eq!(risk(0, 0, &configuration).exposures[0].risk.product, 6400.0);
    let all = by_risk(RiskConfiguration {
        attenuation_scores: RiskScores::uniform(8),
        days_scores: RiskScores::uniform(8),
        duration_scores: RiskScores::uniform(8),
        transmission_scores: RiskScores::uniform(8),
        ..plain().risk
    });
    assert_eq!(risk(0, 0, &all).exposures[0].risk.score_full_range, 4096.0);
}

#[test]
fn exposures_below_the_minimum_are_left_out_of_the_list_and_the_sums() {
    let keys = [key(0), key(1)];
    // 40 dB of the first key and 10 of the second: 4 * 8 * 2 = 64, and 8 * 8 * 2 = 128.
    let sightings = vec![sighting(&keys[0], &scans("0:-52:300")[0]), sighting(&keys[1], &scans("600:-22:300")[0])];
    let found = matches(&keys, sightings, AppleV1);
    let now = NOON + 2 * 86_400 - 43_201; // tomorrow, to its last second
    let v1 = |minimum_risk_score, full_range| {
        let minimum_risk_score_full_range = Score::new(full_range).unwrap();
        let risk = RiskConfiguration { minimum_risk_score, minimum_risk_score_full_range, ..plain().risk };
        let assessment = assess(&found, &by_risk(risk), AppleV1, now);
        (assessment.decision, assessment.v1)
    };
    for (minimum, full_range, sum, durations) in [
        (64, 0.0, 192, [600, 0, 0]),
        (65, 0.0, 128, [300, 0, 0]),
        (0, 64.0, 192, [600, 0, 0]),
        (0, 64.5, 128, [300, 0, 0]),
        (1, 128.5, 0, [0, 0, 0]),
        (129, 0.0, 0, [0, 0, 0]),
    ] {
        let (decision, v1) = v1(minimum, full_range);
        assert_eq!((v1.summation_risk_score, v1.attenuation_durations), (sum, durations), "{minimum} {full_range}");
        assert_eq!(v1.summation_risk_score_full_range, f64::from(u32::try_from(sum).unwrap()));
        assert_eq!(v1.exposures.len() + v1.below_minimum.len(), 2);
        // The days and the keys are told of all.
        assert_eq!((v1.matched_key_count, v1.days_since_last_exposure), (2, Some(1)), "{minimum} {full_range}");
        assert_eq!(decision.verdict == Verdict::Notify, sum > 0);
        // An exposure that was left out has been judged all the same.
        assert_eq!(decision.reasons[0].code, if sum > 0 { "risk_score" } else { "risk_score_zero" });
        assert!(v1.below_minimum.iter().all(|exposure| exposure.risk.verdict == RiskVerdict::BelowMinimumScore));
    }
}

/// A product below 1 is a score of 0, and without a minimum still an exposure.
#[test]
fn without_a_minimum_an_exposure_of_no_risk_is_in_the_list() {
    let risk = RiskConfiguration { weights: RiskWeights::new([0.001, 1.0, 1.0, 1.0]).unwrap(), ..plain().risk };
    let v1 = judged(&scans("0:-52:300"), &by_risk(risk), AppleV1).v1;
    let risk = v1.exposures[0].risk;
    assert_eq!((risk.score, risk.score_full_range, risk.verdict), (0, 0.064, RiskVerdict::BelowMinimumScore));
}

#[test]
fn of_a_key_that_is_given_twice_the_last_counts() {
    let level = |level| TransmissionRiskLevel::new(level).unwrap();
    let first = DiagnosisKey { transmission_risk_level: level(1), ..key(0) };
    let last = DiagnosisKey { transmission_risk_level: level(6), ..key(0) };
    let another_period = RollingWindow::new(key(0).window.start(), RollingPeriod::new(100).unwrap()).unwrap();
    let cut = DiagnosisKey { window: another_period, ..first };
    let told = |keys: &[DiagnosisKey], profile| {
        let found = matches(keys, vec![sighting(&key(0), &scans("0:-52:300")[0])], profile);
        let v1 = assess(&found, &plain(), profile, NOON).v1;
        v1.exposures.iter().map(|exposure| exposure.transmission_risk_level.as_u8()).collect::<Vec<_>>()
    };
    assert_eq!(told(&[first, last], AppleV1), [6]);
    assert_eq!(told(&[last, first], AppleV1), [1]);
    assert_eq!(told(&[last, cut], AppleV1), [1]);
    assert_eq!(told(&[first, last], Profile::Google), [1]);
    assert_eq!(told(&[last, cut], Profile::Google), [1, 6]);

    // One that was not heard hides nothing: it was over at ten o'clock.
    let morning = RollingWindow::new(key(0).window.start(), RollingPeriod::new(10).unwrap()).unwrap();
    assert_eq!(told(&[first, DiagnosisKey { window: morning, ..last }], AppleV1), [1]);

    // A search of several files, too.
    let index = SightingIndex::new(vec![sighting(&key(0), &scans("0:-52:300")[0])]).unwrap();
    let mut search = Matcher::new(&index).profile(AppleV1).search();
    search.add(0, &[first, key(1)]);
    search.add(1, &[key(2), last]);
    let encounters = Encounter::of(&search.finish().matches);
    assert_eq!((encounters.len(), encounters[0].source, encounters[0].key), (1, 1, last));
}

/// The three decisions with the configuration of COCOA 1.1.4, where both platforms' earlier readings were wrong.
#[test]
fn the_decisions_with_cocoa_1_1_4_are_the_phones() {
    let configuration = gaen::exposure::Preset::CocoaV1_1_4.configuration(AppleV1);
    let ten_seconds_apart = (0..8).map(|scan| format!("{}:-52:? ", scan * 10)).collect::<String>();
    for (text, seconds, score) in [
        ("0:-52:300 300:-52:300 10800:-52:300 11100:-52:300", 1200, 28),
        (ten_seconds_apart.as_str(), 220, 0),
        ("0:-52:300 299:-52:299 599:-52:300 601:-52:302", 899, 0),
        ("0:-52:300", 300, 0),
    ] {
        let assessment = judged(&scans(text), &configuration, AppleV1);
        let v1 = &assessment.v1;
        let [exposure] = v1.found()[..] else { panic!("{v1:?}") };
        assert_eq!((exposure.exact_duration, exposure.attenuation_value), (seconds, 4), "{text}");
        assert_eq!(
            (v1.maximum_risk_score, assessment.decision.verdict == Verdict::Notify),
            (score, score > 0),
            "{text}"
        );
        assert_eq!((v1.exposures.len(), v1.matched_key_count), (usize::from(score > 0), 1), "{text}");
        let durations = if score > 0 { [1200, 0, 0] } else { [0; 3] };
        assert_eq!(v1.attenuation_durations, durations, "{text}");
    }
}

#[test]
fn an_explanation_tells_of_what_was_left_out_and_of_the_full_range() {
    let encounters = Encounter::of(&matches(&[key(0)], vec![sighting(&key(0), &scans("0:-22:299")[0])], AppleV1));
    let told = |configuration: &Configuration| {
        let records = Records { basis: &basis(), encounters: &encounters, dropped: &[], files: &[] };
        let explanation = explain(&records, configuration, AppleV1, NOON);
        let assessment = assess_encounters(&encounters, &basis(), configuration, AppleV1, NOON);
        assert_eq!(explanation.verdict, assessment.decision.verdict);
        let exposure = &explanation.keys[0].exposures[0];
        assert_eq!(exposure.listed, !assessment.v1.exposures.is_empty());
        explanation.to_string()
    };
    let minimum = by_risk(RiskConfiguration { minimum_risk_score: 129, ..plain().risk });
    let text = told(&minimum);
    let left_out = "└ product 128, minimum 129: left out of the list and its sums, the product 128 is below the minimum \
                    risk score 129 [below_minimum_risk_score]";
    assert!(text.contains(left_out), "{text}");
    assert!(text.contains("├ duration 4 min 59 s: score 2 (over 0 up to 5 minutes)"), "{text}");
    let mean = "├ attenuation 10 dB: score 8 (the mean of the level values, weighted by time; time at a level of value 0 is \
                left out)";
    assert!(text.contains(mean), "{text}");

    let full = by_risk(RiskConfiguration { transmission_scores: RiskScores::uniform(8), ..plain().risk });
    let text = told(&full);
    assert!(text.contains("└ product 1024, minimum 1: risk score 255, full range 1024"), "{text}");
}
