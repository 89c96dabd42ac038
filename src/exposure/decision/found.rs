//! What a window and a day come to under a rule, as small numbers. Explanations put the same numbers into words.

use super::window::ScanFacts;
use crate::exposure::basis::NotJudged;
use crate::exposure::configuration::rule::{Precision, Rounding, SecondsRule, Value, WeightedRanges};
use crate::exposure::summary::{Totals, WindowScore, WindowVerdict, float, place};
use crate::keys::ReportType;

/// The seconds in each range.
pub(super) type RangeSeconds = [i64; WeightedRanges::MOST];

/// The class that a day or a window meets, or why it cannot be judged.
pub(super) type ClassFound = Result<Option<usize>, NotJudged>;

/// What a window comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WindowFound {
    /// The weighted time.
    pub(super) weighted: f64,
    /// The level of report type and infectiousness.
    pub(super) level: Option<u32>,
    /// What the weighted time is multiplied by.
    pub(super) factors: [f64; 2],
    /// The product.
    pub(super) score: f64,
    /// The place of the window's level among those of the rule.
    pub(super) window_level: Option<usize>,
    /// Whether it counts.
    pub(super) fate: Fate,
}

impl Default for WindowFound {
    fn default() -> Self {
        Self { weighted: 0.0, level: None, factors: [1.0; 2], score: 0.0, window_level: None, fate: Fate::Counts }
    }
}

impl WindowFound {
    /// The score as that of a daily summary; `None` if the window was not scored.
    pub(super) const fn summary(&self) -> Option<WindowScore> {
        let verdict = match self.fate {
            Fate::Counts => WindowVerdict::Counts,
            Fate::ReportType => WindowVerdict::ReportType,
            Fate::BelowMinimum => WindowVerdict::BelowMinimumScore,
            _ => return None,
        };
        let [report_type_weight, infectiousness_weight] = self.factors;
        let Self { weighted, score, .. } = *self;
        Some(WindowScore { weighted_duration: weighted, report_type_weight, infectiousness_weight, score, verdict })
    }
}

/// Whether a window counts for its day, or the first reason why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Counts,
    /// It is longer ago than the rule looks.
    TooLongAgo,
    /// An earlier window of the day is equal.
    Repeated,
    /// Its infectiousness is dropped.
    Infectiousness,
    /// Its minutes at some attenuation are dropped.
    Minutes,
    /// Its level is dropped.
    Level,
    /// Its report type has no scores.
    ReportType,
    /// Its score is below the minimum.
    BelowMinimum,
    /// No level holds its score.
    NoLevel,
    /// It cannot be judged.
    NotJudged(NotJudged),
}

impl From<NotJudged> for Fate {
    fn from(reason: NotJudged) -> Self {
        Self::NotJudged(reason)
    }
}

/// What a day comes to, while its windows are added and afterwards.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DayFound {
    /// `true` if a window counts, so that the day is compared with the classes.
    pub(super) is_judged: bool,
    /// Why the day cannot be judged.
    pub(super) not_judged: Option<NotJudged>,
    pub(super) totals: Totals,
    /// The sums of the types 1 to 4.
    pub(super) by_type: [f64; 4],
    /// `true` if a window that counts does not say its report type.
    pub(super) lacks_type: bool,
    /// The seconds of all windows.
    pub(super) seconds: i64,
    /// The seconds of each range, where a day weighs them.
    pub(super) ranges: RangeSeconds,
    /// The smallest and the largest typical attenuation.
    pub(super) typical: Option<(u8, u8)>,
    /// `true` if a scan does not say its typical attenuation.
    pub(super) lacks_typical: bool,
}

impl DayFound {
    /// Adds the score of a window.
    pub(super) fn add(&mut self, report_type: Option<ReportType>, score: f64, weighted: f64, precision: &Precision) {
        #[allow(clippy::cast_possible_truncation)]
        let precise = |sum: f64| if *precision == Precision::Single { f64::from(sum as f32) } else { sum };
        self.is_judged = true;
        self.totals.score_sum = precise(self.totals.score_sum + score);
        self.totals.maximum_score = self.totals.maximum_score.max(score);
        self.totals.weighted_duration_sum = precise(self.totals.weighted_duration_sum + weighted);
        match report_type {
            None => self.lacks_type = true,
            Some(report_type) => {
                if let Some(sum) = place(report_type).and_then(|place| self.by_type.get_mut(place)) {
                    *sum = precise(*sum + score);
                }
            }
        }
    }

    /// Counts the scans of a window of the day, whether it has a score or not.
    pub(super) fn count(&mut self, facts: &ScanFacts, rule: SecondsRule) {
        let seconds = match rule {
            SecondsRule::Keep => facts.seconds,
            SecondsRule::Clamp | SecondsRule::Drop => facts.seconds_forward,
        };
        self.seconds = self.seconds.saturating_add(seconds);
        self.lacks_typical |= facts.lacks_typical;
        if let Some((smallest, largest)) = facts.typical {
            let (before, after) = self.typical.unwrap_or((smallest, largest));
            self.typical = Some((before.min(smallest), after.max(largest)));
        }
    }

    /// The value, before it is rounded.
    pub(super) fn value(&self, value: Value) -> Result<f64, NotJudged> {
        let of_type = |report_type: ReportType| {
            let sum = place(report_type).and_then(|place| self.by_type.get(place));
            if self.lacks_type { Err(NotJudged::NoReportType) } else { Ok(sum.copied().unwrap_or_default()) }
        };
        let attenuation = |which: fn((u8, u8)) -> u8| match self.typical {
            _ if self.lacks_typical => Err(NotJudged::NoTypicalAttenuation),
            found => Ok(found.map_or(0.0, |found| which(found).into())),
        };
        let found = match value {
            Value::ScoreSum => self.totals.score_sum,
            Value::ConfirmedTestSum => of_type(ReportType::ConfirmedTest)?,
            Value::ConfirmedClinicalDiagnosisSum => of_type(ReportType::ConfirmedClinicalDiagnosis)?,
            Value::SelfReportSum => of_type(ReportType::SelfReport)?,
            Value::RecursiveSum => of_type(ReportType::Recursive)?,
            Value::MaximumScore => self.totals.maximum_score,
            Value::WeightedDurationSum => self.totals.weighted_duration_sum,
            Value::WeightedDurationAverage => {
                let seconds = float(self.seconds);
                if seconds > 0.0 { self.totals.weighted_duration_sum / seconds } else { 0.0 }
            }
            Value::SecondsSinceLastScanSum => float(self.seconds),
            Value::TypicalAttenuationMax => attenuation(|(_, largest)| largest)?,
            Value::TypicalAttenuationMin => attenuation(|(smallest, _)| smallest)?,
        };
        Ok(found)
    }
}

impl Rounding {
    /// Returns the number as it is compared.
    #[must_use]
    pub fn of(self, number: f64) -> f64 {
        match self {
            Self::Exact => number,
            Self::OneDecimal => (number * 10.0 + 0.5).floor() / 10.0,
            Self::Nearest => (number + 0.5).floor(),
            Self::Truncated => number.trunc(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_they_were_on_the_phones() {
        for (number, decimal, nearest, truncated) in [
            (8.95, 9.0, 9.0, 8.0),
            (8.949, 8.9, 9.0, 8.0),
            (8.999_999_999_999_998, 9.0, 9.0, 8.0),
            (899.5, 899.5, 900.0, 899.0),
            (899.49, 899.5, 899.0, 899.0),
            (0.0, 0.0, 0.0, 0.0),
        ] {
            let rounded =
                [Rounding::OneDecimal, Rounding::Nearest, Rounding::Truncated].map(|rounding| rounding.of(number));
            assert_eq!(rounded, [decimal, nearest, truncated], "{number}");
            assert_eq!(Rounding::Exact.of(number), number);
        }
        assert!(Rounding::OneDecimal.of(f64::NAN).is_nan() && Rounding::Nearest.of(f64::INFINITY).is_infinite());
    }
}
