//! COCOA's risk rule as its file has it.

use super::{Class, Condition, Operator, Rule, Test, Value, When};

/// The risk rule of COCOA from 2.0 on, as a file: all five conditions must hold. A condition that is absent asks
/// nothing.
///
/// The file has these six fields and no other. Reading refuses any other field, because a condition with a misspelt
/// name would be absent and ask nothing.
///
/// Source: COCOA 2.0, `ExposureRiskCalculationService`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
pub struct RiskRuleFile {
    /// 1, also where it is not said.
    pub format_version: u32,
    /// Condition on the day's sum of scores.
    #[cfg_attr(feature = "serde", serde(rename = "DailySummary_DaySummary_ScoreSum"))]
    pub score_sum: Condition,
    /// Condition on the day's weighted duration divided by the seconds of all its windows; 0 unless these seconds are
    /// more than 0.
    #[cfg_attr(feature = "serde", serde(rename = "DailySummary_DaySummary_WeightedDurationAverage"))]
    pub weighted_duration_average: Condition,
    /// Condition on the seconds of all windows of the day, windows without a score included.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_SecondsSinceLastScanSum"))]
    pub seconds: Condition,
    /// Condition on the day's largest typical attenuation, dB; 0 for no windows.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_TypicalAttenuationDb_Max"))]
    pub attenuation_max: Condition,
    /// Condition on the day's smallest typical attenuation, dB; 0 for no windows.
    #[cfg_attr(feature = "serde", serde(rename = "ExposureWindow_ScanInstance_TypicalAttenuationDb_Min"))]
    pub attenuation_min: Condition,
}

/// Version 1, and no condition that asks anything.
impl Default for RiskRuleFile {
    fn default() -> Self {
        Self {
            format_version: 1,
            score_sum: Condition::default(),
            weighted_duration_average: Condition::default(),
            seconds: Condition::default(),
            attenuation_max: Condition::default(),
            attenuation_min: Condition::default(),
        }
    }
}

impl RiskRuleFile {
    /// Returns the rule with the conditions that ask something.
    #[must_use]
    pub fn rule(&self) -> Rule {
        let tests = [
            (Value::ScoreSum, self.score_sum),
            (Value::WeightedDurationAverage, self.weighted_duration_average),
            (Value::SecondsSinceLastScanSum, self.seconds),
            (Value::TypicalAttenuationMax, self.attenuation_max),
            (Value::TypicalAttenuationMin, self.attenuation_min),
        ];
        let asked = tests.into_iter().filter(|(_, condition)| condition.op != Operator::Nop);
        let tests = asked.map(|(value, condition)| Test { value, condition }).collect();
        Rule::of_summaries(Class::notify(When::All(tests)))
    }
}
