//! Google's rules, one test each: the answers of Google's own classes where they were run.

use gaen::Profile::{Google, GoogleGuarded};
use gaen::exposure::ExposureInformation;

use super::*;

/// Every score 1, so that the product is 1; no minimum, thresholds of 50 and 74 dB.
fn plain() -> Configuration {
    let ones = RiskScores::uniform(1);
    by_risk(RiskConfiguration {
        attenuation_scores: ones,
        days_scores: ones,
        duration_scores: ones,
        transmission_scores: ones,
        minimum_risk_score: 1,
        ..RiskConfiguration::default()
    })
}

fn found(heard: &[Heard], profile: Profile) -> Vec<ExposureInformation> {
    judged(heard, &plain(), profile).v1.exposures
}

/// Duration, attenuation and the three durations of the only exposure.
fn only(heard: &[Heard], profile: Profile) -> (u64, u8, [u64; 3]) {
    let [exposure] = &found(heard, profile)[..] else { panic!("one exposure") };
    assert_eq!(exposure.attenuation, exposure.attenuation_value);
    (exposure.duration, exposure.attenuation, exposure.attenuation_durations)
}

/// The loudest record stands for its scan with its own time and metadata, and a gap begins after over ten minutes.
#[test]
fn an_exposure_goes_from_the_loudest_record_of_its_first_scan() {
    let exposure = only(&heard("0:-25:-30 2:-20:-30 152:-60:-30"), Google);
    assert_eq!(exposure, (300, 10, [450, 0, 0]));
    let exposure = only(&heard("0:-25:-30 2:-20:-30 602:-60:-30"), Google);
    assert_eq!(exposure, (900, 5, [900, 0, 0]));
    assert_eq!(found(&heard("0:-60:-20 600:-60:-20"), Google).len(), 1);
    assert_eq!(found(&heard("0:-60:-20 601:-60:-20"), Google).len(), 2);
}

/// Louder is not nearer where two transmit powers are heard in one scan.
#[test]
fn the_loudest_record_stands_for_its_scan_with_the_attenuation_of_its_power() {
    assert_eq!(only(&heard("0:-80:-40 1:-70:10"), Google), (300, 80, [0, 0, 300]));
    assert_eq!(only(&heard("0:-60:-20 1:-59:-10"), Google), (300, 49, [300, 0, 0]));
    // What is nearer stands for it where metadata is judged first.
    assert_eq!(only(&heard("0:-80:-40 1:-70:10"), GoogleGuarded), (300, 40, [300, 0, 0]));
}

#[test]
fn a_louder_record_with_a_bad_power_takes_its_scan_with_it() {
    let assessment = judged(&heard("0:-70:-20 1:-60:21"), &plain(), Google);
    assert_eq!((assessment.v1.exposures.len(), assessment.v1.matched_key_count), (0, 0));
    assert_eq!(only(&heard("0:-70:-20 1:-60:21"), GoogleGuarded), (300, 50, [0, 300, 0]));

    // A quieter one takes nothing, though it holds its scan together: 0 and 40 are one.
    assert_eq!(only(&heard("0:-70:-20 20:-90:21 40:-60:-20"), Google), (300, 40, [300, 0, 0]));
    assert_eq!(only(&heard("0:-70:-20 40:-60:-20"), Google), (300, 46, [150, 190, 0]));
}

#[test]
fn of_two_identifiers_in_one_second_the_later_one_counts_no_time() {
    let [first, second] = heard("0:-60:-20 0:-80:-20")[..] else { unreachable!() };
    let next = Heard { identifier: 1, ..second };
    assert_eq!(only(&[first, next], Google), (300, 40, [300, 0, 0]));
    // The order of the list does not matter, that of the identifiers does.
    assert_eq!(only(&[next, first], Google), (300, 40, [300, 0, 0]));
    let far_first = [Heard { identifier: 1, ..first }, second];
    assert_eq!(only(&far_first, Google), (300, 60, [0, 300, 0]));
}

#[test]
fn thresholds_of_durations_are_farther() {
    for (attenuation, durations) in [(49_u8, [300, 0, 0]), (50, [0, 300, 0]), (73, [0, 300, 0]), (74, [0, 0, 300])] {
        assert_eq!(only(&heard(&format!("0:-{attenuation}:0")), Google), (300, attenuation, durations));
    }
}

/// Days go from the start of the key, whenever it was heard; a level of 0 is factor 1; a product below the minimum is
/// 0, and its exposure stays.
#[test]
fn the_risk_goes_by_the_days_of_the_key_and_stays_in_the_list() {
    let levels = scores([1, 2, 3, 4, 5, 6, 7, 8]);
    let risk = RiskConfiguration {
        attenuation_scores: levels,
        days_scores: levels,
        duration_scores: levels,
        transmission_scores: levels,
        minimum_risk_score: 65,
        ..RiskConfiguration::default()
    };
    let told = |level, now| {
        let key = DiagnosisKey { transmission_risk_level: TransmissionRiskLevel::new(level).unwrap(), ..key(0) };
        let matches = matches(&[key], vec![sighting(&key, &heard("43199:-40:0")[0])], Google);
        let v1 = assess(&matches, &by_risk(risk.clone()), Google, now).v1;
        let [exposure] = &v1.exposures[..] else { panic!("{v1:?}") };
        assert_eq!(v1.summation_risk_score, u64::from(exposure.risk.score));
        assert_eq!((v1.matched_key_count, &v1.below_minimum), (1, &vec![]));
        (exposure.days, exposure.risk.product, exposure.risk.score, exposure.risk.score_full_range)
    };
    let start = key(0).window.start().unix_seconds();
    // 40 dB is 4, five minutes 2, less than two days 8.
    assert_eq!(told(0, start + 86_400), (1, 64.0, 0, 0.0));
    assert_eq!(told(1, start + 86_400), (1, 64.0, 0, 0.0));
    assert_eq!(told(2, start + 2 * 86_400 - 1), (1, 128.0, 128, 128.0));
    assert_eq!(told(8, start + 2 * 86_400), (2, 448.0, 448, 448.0));
    assert_eq!(told(8, start - 86_399), (0, 512.0, 512, 512.0));
    assert_eq!(told(8, start - 86_400), (-1, 512.0, 512, 512.0));
}

/// The sums of a call are of seconds as they are, and end at half an hour.
#[test]
fn durations_of_a_call_are_added_and_end_at_half_an_hour() {
    let scans = (0..5).map(|scan| format!("{}:-60:-20 ", 700 * scan)).collect::<String>();
    assert_eq!(judged(&heard(&scans), &plain(), Google).v1.attenuation_durations, [1500, 0, 0]);
    let scans = (0..7).map(|scan| format!("{}:-60:-20 ", 700 * scan)).collect::<String>();
    assert_eq!(judged(&heard(&scans), &plain(), Google).v1.attenuation_durations, [1800, 0, 0]);
}
