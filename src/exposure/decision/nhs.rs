//! The distance model of the NHS COVID-19 app: attenuations, smoothed to distances, second by second.
//!
//! State and observation are numbers. The smoother is unscented and augmented: besides the state the noise of the
//! transition and that of the observation are drawn, so that there are seven points. Point 0 is the mean and weighs
//! nothing; the others lie `sqrt(3 * variance)` to either side along one of the three, and weigh a sixth each. The
//! points are not drawn again between transition and observation.

use alloc::vec::Vec;

use super::found::{Fate, WindowFound};
use super::weigh::seconds;
use super::window::WindowView;
use crate::exposure::basis::NotJudged;
use crate::exposure::configuration::Infectiousness;
use crate::exposure::configuration::rule::{NhsDistance, SecondsRule};
use crate::exposure::summary::{days_ago, float};
use crate::time::UtcDay;

/// The most seconds of a window that are looked at one by one: a day. A window has half an hour.
const MOST_SECONDS: usize = 86_400;

/// The weight of each point but the first.
const WEIGHT: f64 = 1.0 / 6.0;

/// What a window comes to. Its score is the risk: `60 * score * infectiousness`.
pub(super) fn window(model: &NhsDistance, window: &WindowView<'_>, today: UtcDay) -> WindowFound {
    let judge = || {
        let date = window.date.ok_or(NotJudged::NoDate)?;
        if model.max_age_days.is_some_and(|most| days_ago(date, today) > most.into()) {
            return Err(Fate::TooLongAgo);
        }
        let infectiousness = window.infectiousness.ok_or(NotJudged::NoInfectiousness)?;
        let mut scans = Vec::with_capacity(window.scans.len());
        for scan in window.scans {
            let attenuation = scan.min_attenuation.ok_or(NotJudged::NoMinAttenuation)?;
            if let Some(seconds) = seconds(SecondsRule::Drop, scan) {
                scans.push((f64::from(attenuation), float(seconds)));
            }
        }
        let weighted = 60.0 * score(model, &scans)?;
        let factor = of_infectiousness(model.infectiousness, infectiousness);
        let score = weighted * factor;
        let fate = if score.is_nan() { NotJudged::NotANumber.into() } else { Fate::Counts };
        Ok(WindowFound { weighted, level: None, factors: [factor, 1.0], score, window_level: None, fate })
    };
    judge().unwrap_or_else(|fate| WindowFound { fate, ..WindowFound::default() })
}

/// The factor of an infectiousness.
const fn of_infectiousness(factors: [f64; 3], infectiousness: Infectiousness) -> f64 {
    let [none, standard, high] = factors;
    match infectiousness {
        Infectiousness::None => none,
        Infectiousness::Standard => standard,
        Infectiousness::High => high,
    }
}

/// `sum of min(1, 1 / d^2) / 60` over the seconds of these scans, each an attenuation in dB and its seconds.
fn score(model: &NhsDistance, scans: &[(f64, f64)]) -> Result<f64, NotJudged> {
    let mut sum = 0.0;
    for State { mean, variance } in smooth(model, &observations(scans)?) {
        let distance = gamma_median(mean * mean / variance) * variance / mean;
        // `min` would take NaN for the nearest distance of all.
        if distance.is_nan() {
            return Err(NotJudged::NotANumber);
        }
        sum += (1.0 / (distance * distance)).min(1.0) / 60.0;
    }
    Ok(sum)
}

/// `ln(dB)` for each second. The seconds of the first scan do not count: its observation is that of second 0.
fn observations(scans: &[(f64, f64)]) -> Result<Vec<Option<f64>>, NotJudged> {
    let mut observed = Vec::new();
    let mut time = 0.0;
    for (number, (attenuation, seconds)) in scans.iter().enumerate() {
        time += if number == 0 { 0.0 } else { *seconds };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at least 0, and `as` saturates
        let second = time as usize;
        if second > MOST_SECONDS {
            return Err(NotJudged::ImpossibleSeconds);
        }
        observed.resize(observed.len().max(second), None);
        let logarithm = attenuation.ln();
        observed.push(logarithm.is_finite().then_some(logarithm));
    }
    Ok(observed)
}

/// The distance in one second.
#[derive(Clone, Copy, Debug)]
struct State {
    mean: f64,
    variance: f64,
}

/// The seven points of a state with the noise of its transition, and that of its observation.
struct Points {
    states: [f64; 7],
    transition: [f64; 7],
    observation: [f64; 7],
}

impl Points {
    fn of(state: State, model: &NhsDistance) -> Self {
        let State { mean, variance } = state;
        let [spread, transition, observation] =
            [variance, model.drift_variance, model.noise_variance].map(|variance| (3.0 * variance).sqrt());
        Self {
            states: [mean, mean + spread, mean, mean, mean - spread, mean, mean],
            transition: [0.0, 0.0, transition, 0.0, 0.0, -transition, 0.0],
            observation: [0.0, 0.0, 0.0, observation, 0.0, 0.0, -observation],
        }
    }

    /// The states a second later: `|s + e|`.
    fn moved(&self) -> [f64; 7] {
        zip(&self.states, &self.transition, |state, noise| (state + noise).abs())
    }
}

fn zip(left: &[f64; 7], right: &[f64; 7], join: impl Fn(f64, f64) -> f64) -> [f64; 7] {
    let mut joined = *left;
    joined.iter_mut().zip(right).for_each(|(left, right)| *left = join(*left, *right));
    joined
}

/// The mean of these points; the first weighs nothing.
fn mean(points: &[f64; 7]) -> f64 {
    points.iter().skip(1).fold(0.0, |sum, point| sum + point * WEIGHT)
}

fn covariance(left: &[f64; 7], left_mean: f64, right: &[f64; 7], right_mean: f64) -> f64 {
    let pairs = left.iter().zip(right).skip(1);
    pairs.fold(0.0, |sum, (left, right)| sum + (left - left_mean) * (right - right_mean) * WEIGHT)
}

fn state_of(points: &[f64; 7]) -> State {
    let mean = mean(points);
    State { mean, variance: covariance(points, mean, points, mean) }
}

/// The distances of all seconds: forwards with what was observed, and backwards again.
fn smooth(model: &NhsDistance, observed: &[Option<f64>]) -> Vec<State> {
    let mut states: Vec<State> = Vec::with_capacity(observed.len());
    for observed in observed {
        let (points, moved) = match states.last() {
            // There is no transition to the first second.
            None => {
                let points = Points::of(State { mean: model.prior_mean, variance: model.prior_variance }, model);
                let moved = points.states;
                (points, moved)
            }
            Some(before) => {
                let points = Points::of(*before, model);
                let moved = points.moved();
                (points, moved)
            }
        };
        states.push(updated(model, &moved, &points.observation, *observed));
    }
    let mut after: Option<State> = None;
    for state in states.iter_mut().rev() {
        if let Some(after) = after {
            let points = Points::of(*state, model);
            let moved = points.moved();
            let predicted = state_of(&moved);
            let gain = covariance(&moved, predicted.mean, &points.states, state.mean) / predicted.variance;
            state.mean += (after.mean - predicted.mean) * gain;
            state.variance += (after.variance - predicted.variance) * gain * gain;
        }
        after = Some(*state);
    }
    states
}

/// The state of these points after an observation: `slope * ln|s| + intercept + n`.
fn updated(model: &NhsDistance, states: &[f64; 7], noise: &[f64; 7], observed: Option<f64>) -> State {
    let predicted = state_of(states);
    let Some(observed) = observed else { return predicted };
    let expected = zip(states, noise, |state, noise| model.slope * state.abs().ln() + model.intercept + noise);
    let expectation = state_of(&expected);
    let cross = covariance(states, predicted.mean, &expected, expectation.mean);
    let gain = cross / expectation.variance;
    State { mean: predicted.mean + (observed - expectation.mean) * gain, variance: predicted.variance - cross * gain }
}

/// The series of the median is exact to the last bit from here on, and the other way takes `sqrt(shape)` steps.
const LARGE_SHAPE: f64 = 1e6;

/// The median of the gamma distribution of this shape, with scale 1; NaN unless the shape is positive.
fn gamma_median(shape: f64) -> f64 {
    if shape.is_nan() || shape <= 0.0 || shape.is_infinite() {
        return f64::NAN;
    }
    if shape > LARGE_SHAPE {
        return shape - 1.0 / 3.0 + 8.0 / (405.0 * shape);
    }
    let log_gamma = ln_gamma(shape);
    // The median is below the mean. Newton's steps, within what is known.
    let (mut low, mut high) = (0.0, shape);
    let third = 1.0 / (9.0 * shape);
    let guess = if shape > 0.5 {
        shape * (1.0 - third).powi(3)
    } else {
        // Near zero the distribution function is x^shape / gamma(shape + 1). Halving would never get there.
        ((log_gamma + shape.ln() - core::f64::consts::LN_2) / shape).exp()
    };
    if guess < f64::MIN_POSITIVE {
        return 0.0;
    }
    let mut median = if guess < high { guess } else { high / 2.0 };
    for _ in 0..200 {
        let density = ((shape - 1.0) * median.ln() - median - log_gamma).exp();
        let excess = lower_gamma(shape, median, log_gamma) - 0.5;
        if excess > 0.0 {
            high = median;
        } else {
            low = median;
        }
        let next = median - excess / density;
        let next = if next > low && next < high { next } else { f64::midpoint(low, high) };
        if (next - median).abs() <= f64::EPSILON * median {
            return next;
        }
        median = next;
    }
    median
}

/// `P(a, x)`, the regularised lower incomplete gamma function, by its series.
fn lower_gamma(shape: f64, x: f64, log_gamma: f64) -> f64 {
    let (mut term, mut sum, mut place) = (1.0 / shape, 1.0 / shape, shape);
    while term > sum * (f64::EPSILON / 4.0) {
        place += 1.0;
        term *= x / place;
        sum += term;
    }
    sum * (shape * x.ln() - x - log_gamma).exp()
}

/// `ln(gamma(x))` for x > 0: Stirling's series above 15, and `gamma(x) = gamma(x + 1) / x` below.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 15.0 {
        product *= x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0)))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * core::f64::consts::TAU.ln() + series - f64::ln(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: nihp-public/riskscore-kt-public 183c20ce, `RiskScoreCalculatorTest.kt` with the scans of
    /// `ExampleData.kt`.
    #[test]
    fn the_librarys_own_ten_scans() {
        let scans = [
            (97.030_212_91, 201.065_327_458_724_57),
            (85.815_048_91, 225.755_651_609_101_16),
            (83.441_367_22, 279.377_790_926_896_2),
            (64.567_836_7, 215.468_982_625_500_9),
            (83.621_873_29, 211.070_919_897_809_74),
            (73.519_127_42, 228.450_340_158_532_47),
            (76.645_536_78, 183.489_105_957_480_23),
            (78.413_031_66, 263.051_652_620_293_05),
            (66.650_881_96, 189.999_447_912_198_2),
            (70.270_639_72, 190.481_346_242_466_17),
        ];
        let found = score(&NhsDistance::APP, &scans).unwrap();
        assert!((found - 2.152_863_451_093_941_3).abs() < 1e-9, "{found}");
    }

    #[test]
    fn medians_of_known_gamma_distributions() {
        // Of shape 1 it is ln 2; the others are from tables of the chi-squared distribution, halved.
        for (shape, median) in
            [(1.0, core::f64::consts::LN_2), (0.5, 0.227_468_211_559_786_2), (2.0, 1.678_346_990_016_661)]
        {
            let found = gamma_median(shape);
            assert!((found - median).abs() < 1e-12, "{shape}: {found}");
        }
        for shape in [1e-3, 0.1, 0.49, 0.51, 10.0, 1e3, 1e5] {
            let median = gamma_median(shape);
            assert!((lower_gamma(shape, median, ln_gamma(shape)) - 0.5).abs() < 1e-9, "{shape}: {median}");
        }
        assert_eq!(gamma_median(1e-5), 0.0, "it is smaller than any number");
        // Both ways meet, and almost no variance takes no longer than any other.
        assert!((gamma_median(LARGE_SHAPE + 1e-9) - gamma_median(LARGE_SHAPE)).abs() < 1e-5);
        assert!((gamma_median(2e6) - 1_999_999.666_666_676_5).abs() < 1e-9, "{}", gamma_median(2e6));
        assert_eq!(gamma_median(1e31), 1e31);
        assert!([0.0, -1.0, f64::NAN, f64::INFINITY].map(gamma_median).iter().all(|median| median.is_nan()));
    }

    #[test]
    fn what_cannot_be_smoothed_is_said() {
        assert_eq!(score(&NhsDistance::APP, &[]), Ok(0.0));
        // Without any variance the distance is no number, and not the nearest of all.
        let certain = NhsDistance { prior_mean: 3.0, prior_variance: 0.0, ..NhsDistance::APP };
        assert_eq!(score(&certain, &[(0.0, 300.0)]), Err(NotJudged::NotANumber));
        let still = NhsDistance { drift_variance: f64::NAN, ..NhsDistance::APP };
        assert_eq!(score(&still, &[(50.0, 300.0), (50.0, 2.0)]), Err(NotJudged::NotANumber));
        assert_eq!(score(&NhsDistance::APP, &[(50.0, 1.0), (50.0, 1e9)]), Err(NotJudged::ImpossibleSeconds));
        // An attenuation of 0 dB is no observation.
        assert_eq!(observations(&[(0.0, 9.0), (1.0, 2.9)]), Ok(vec![None, None, Some(0.0)]));
    }
}
