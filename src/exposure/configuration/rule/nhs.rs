//! The numbers of the distance model of the NHS COVID-19 app.

/// The distance model of the NHS COVID-19 app (England and Wales), version 2: an unscented Kalman smoother estimates
/// the distance of each second from the minimum attenuations of a window.
///
/// `s' = |s + e|`, variance of e `drift_variance`; `ln(dB) = slope * ln|s| + intercept + n`, variance of n
/// `noise_variance`. The score of a window is `sum of min(1, 1 / d^2) / 60` over its seconds, with the median `d` of a
/// gamma distribution that has the mean and the variance of the smoother; the risk is `60 * score * infectiousness`.
///
/// Source: nihp-public/riskscore-kt-public 183c20ce, `RiskScoreCalculatorConfiguration.kt`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct NhsDistance {
    /// The most days ago that a window may be to count; `None` for no limit.
    #[cfg_attr(feature = "serde", serde(default))]
    pub max_age_days: Option<u32>,
    /// The mean of the first distance, metres.
    pub prior_mean: f64,
    /// The variance of the first distance.
    pub prior_variance: f64,
    /// The variance of the change of the distance in a second.
    pub drift_variance: f64,
    /// The slope: a unit of `ln|s|` adds this much to `ln(dB)`.
    pub slope: f64,
    /// `ln(dB)` at one metre.
    pub intercept: f64,
    /// The variance of an observed `ln(dB)`.
    pub noise_variance: f64,
    /// The factors of infectiousness none, standard and high.
    pub infectiousness: [f64; 3],
}

impl NhsDistance {
    /// The numbers of the app of 2021, without a limit of age.
    pub const APP: Self = Self {
        max_age_days: None,
        prior_mean: 2.0,
        prior_variance: 10.0,
        drift_variance: 0.01,
        slope: 0.127_054_753_108_205_1,
        intercept: 4.230_933_365_785_694_5,
        noise_variance: 0.494_761_436_102_777_3,
        infectiousness: [0.0, 0.4, 1.0],
    };
}
