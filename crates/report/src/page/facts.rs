//! The numbers that belong to a reason, for sentences in any language.

use gaen::exposure::{
    ConditionFound, DayExplanation, ExposureExplanation, KeyExplanation, Operator, Outcome, WindowExplanation,
};
use gaen::time::UtcDay;

use super::ReportInput;
use super::story::Day;

/// What a sentence about a reason may mention.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The score or product that was found.
    pub(super) score: f64,
    /// What it had to reach.
    pub(super) minimum: f64,
    /// dB.
    pub(super) attenuation: u8,
    /// The duration.
    pub(super) seconds: u64,
    /// Days since the exposure.
    pub(super) days: i64,
    /// Days since the exposure that the configuration allows.
    pub(super) most_days: u32,
    /// Of the key.
    pub(super) transmission_risk_level: u8,
    /// The name of a report type.
    pub(super) report_type: &'static str,
    /// What the rule asks of a day, with what was found.
    pub(super) conditions: Vec<ConditionFound>,
}

impl Facts {
    pub(super) fn of_window(window: &WindowExplanation, input: &ReportInput<'_>) -> Self {
        let configuration = input.configuration;
        Self {
            score: input.explanation.score(window).unwrap_or_default(),
            minimum: configuration.minimum_window_score().as_f64(),
            most_days: configuration.max_age_days().unwrap_or_default(),
            report_type: window.report_type,
            ..Self::default()
        }
    }

    pub(super) fn of_exposure(exposure: &ExposureExplanation, key: &KeyExplanation) -> Self {
        Self {
            score: exposure.product,
            minimum: exposure.minimum_risk_score,
            attenuation: exposure.attenuation,
            seconds: exposure.scored_duration,
            days: exposure.days,
            transmission_risk_level: key.transmission_risk_level,
            ..Self::default()
        }
    }

    pub(super) fn of_day(judged: &DayExplanation, risk_score: u16) -> Self {
        let asks = |found: &&ConditionFound| found.condition.op != Operator::Nop;
        Self {
            score: match (judged.code, &judged.totals) {
                ("risk_score" | "risk_score_zero" | "risk_score_below", _) | (_, None) => risk_score.into(),
                (_, Some(totals)) => totals.score_sum,
            },
            conditions: judged.conditions.iter().filter(asks).copied().collect(),
            ..Self::default()
        }
    }

    /// The conditions that hold.
    pub(super) fn met(&self) -> impl Iterator<Item = &ConditionFound> {
        self.conditions.iter().filter(|found| found.holds == Some(true))
    }

    /// Of the first reason why a key has no score: those of the window or the exposure that it is the reason of.
    pub(super) fn of_outcome(outcome: &Outcome, key: &KeyExplanation, input: &ReportInput<'_>) -> Self {
        let window = key.windows.iter().find(|window| window.reason.is_some() && window.reason == outcome.reason);
        let exposure =
            key.exposures.iter().find(|exposure| exposure.reason.is_some() && exposure.reason == outcome.reason);
        match (window, exposure) {
            (Some(window), _) => Self::of_window(window, input),
            (None, Some(exposure)) => Self::of_exposure(exposure, key),
            (None, None) => Self::default(),
        }
    }

    /// Of the first reason why a key is no reason to notify: those of the day that it is the reason of.
    pub(super) fn of_notified(outcome: &Outcome, key: &KeyExplanation, days: &[Day<'_>]) -> Self {
        let heard_on = |date: UtcDay| {
            key.windows.iter().any(|window| window.date == date)
                || key.exposures.iter().any(|exposure| exposure.date == date)
        };
        let same = |judged: &DayExplanation| {
            let reason = outcome.reason.as_ref();
            reason.is_some_and(|reason| reason.code == judged.code && reason.text == judged.text)
        };
        let day = days.iter().filter(|day| heard_on(day.date)).find_map(|day| {
            let judged = day.judged.filter(|judged| same(judged))?;
            Some(Self::of_day(judged, day.risk_score()))
        });
        day.unwrap_or_default()
    }
}
