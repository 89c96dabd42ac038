//! Judges windows under a configuration.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::found::{DayFound, Fate, WindowFound};
use super::nhs;
use super::reason::{ConditionFound, asks, conditions};
use super::weigh::Weigher;
use super::window::{WindowSet, WindowView};
use crate::exposure::basis::{NotJudged, Verdict};
use crate::exposure::configuration::rule::{
    Class, Decides, Judges, NhsDistance, Rounding, Rule, Scores, SecondsRule, Value, When, WindowsRule,
};
use crate::exposure::configuration::{Configuration, DailySummariesConfiguration};
use crate::exposure::summary::{DayTotals, WindowVerdict, days_ago, score};
use crate::profile::Profile;
use crate::time::UtcDay;

/// A configuration that is ready to judge exposure windows, one set of them after the other.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::decision::{Judge, Scan, Window, WindowSet};
/// use gaen::exposure::{Infectiousness, Preset, Verdict};
/// use gaen::keys::{CalibrationConfidence, ReportType};
///
/// // Ten minutes at 65 dB, a scan every five.
/// let scan = Scan { typical_attenuation: Some(65), min_attenuation: Some(65), seconds: 300 };
/// let window = Window {
///     date: Some("2021-03-01".parse()?),
///     report_type: Some(ReportType::ConfirmedTest),
///     infectiousness: Some(Infectiousness::High),
///     calibration_confidence: Some(CalibrationConfidence::High),
///     scans: vec![scan; 2],
/// };
/// let (windows, today) = (WindowSet::new([window]), "2021-03-02".parse()?);
/// let verdict = |preset: Preset| {
///     let profile = preset.profile();
///     Judge::new(&preset.configuration(profile), profile).outcome(&windows, today).verdict
/// };
/// assert_eq!(verdict(Preset::CwaAndroid), Verdict::Notify);
/// assert_eq!(verdict(Preset::CocoaV2), Verdict::DoNotNotify);
/// # Ok::<(), gaen::time::DayError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Judge {
    pub(super) rule: Rule,
    pub(super) scorer: Scorer,
}

/// What makes scores.
#[derive(Clone, Debug)]
pub(super) enum Scorer {
    /// Version 1, which windows cannot tell.
    RiskScores,
    /// The phone's framework.
    Summaries(DailySummariesConfiguration, Profile),
    /// The app's weights.
    Weighted(Weigher),
    /// The app's model.
    Nhs(NhsDistance),
}

/// What a rule says of a set of windows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Whether the user is to be notified.
    pub verdict: Verdict,
    /// The place of the answer's class among the classes of the rule; `None` if no day has a class.
    pub class: Option<usize>,
    /// The day of the answer; `None` if no day has a class.
    pub date: Option<UtcDay>,
    /// How many days, or windows if the rule judges windows, were compared with the classes.
    pub judged: u32,
    /// How many of these notify.
    pub notify: u32,
}

/// What a rule says of one day, or of one window if the rule judges windows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DayOutcome {
    /// The day; `None` if a window has none that can be read.
    pub date: Option<UtcDay>,
    /// The place of the day's class among the classes of the rule.
    pub class: Option<usize>,
    /// Whether the day is a reason to notify.
    pub verdict: Verdict,
}

impl Judge {
    /// Prepares this configuration. The profile says how daily summaries are made.
    #[must_use]
    pub fn new(configuration: &Configuration, profile: Profile) -> Self {
        let scorer = match &configuration.rule.decides {
            Decides::RiskScore { .. } => Scorer::RiskScores,
            Decides::Windows(WindowsRule { scores: Scores::DailySummaries, .. }) => {
                Scorer::Summaries(configuration.daily_summaries.clone(), profile)
            }
            Decides::Windows(WindowsRule { scores: Scores::Weighted(weighing), .. }) => {
                Scorer::Weighted(Weigher::new(weighing))
            }
            Decides::Windows(WindowsRule { scores: Scores::NhsDistance(model), .. }) => Scorer::Nhs(*model),
        };
        Self { rule: configuration.rule.clone(), scorer }
    }

    /// Returns the rule that judges.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Says what the rule makes of these windows on the day `today`. It keeps no steps and allocates nothing.
    #[must_use]
    pub fn outcome(&self, windows: &WindowSet, today: UtcDay) -> Outcome {
        let mut answer = Answer::default();
        self.each(windows, today, |date, day, class, _| answer.add(self.classes(), date, day, class));
        if matches!(self.scorer, Scorer::RiskScores) {
            answer.not_judged = Some(NotJudged::NoRiskScores);
        }
        answer.outcome()
    }

    /// Says what the rule makes of each day, in order, or of each window if the rule judges windows.
    pub fn each_day(&self, windows: &WindowSet, today: UtcDay, mut each: impl FnMut(DayOutcome)) {
        self.each(windows, today, |date, _, class, _| {
            let verdict = verdict(self.classes(), class);
            each(DayOutcome { date, class: class.ok().flatten(), verdict });
        });
    }

    /// What the class of each day asks, with its values: the class that notifies and is met, or the last that notifies. Empty
    /// for a class that asks only for any score.
    pub(in crate::exposure) fn conditions(
        &self,
        windows: &WindowSet,
        today: UtcDay,
    ) -> BTreeMap<UtcDay, Vec<ConditionFound>> {
        let mut found = BTreeMap::new();
        let Some(rule) = self.rule.windows() else { return found };
        self.each(windows, today, |date, day, class, _| {
            let met = class.ok().flatten().and_then(|place| rule.classes.get(place)).filter(|class| class.notifies);
            let class = met.or_else(|| rule.classes.iter().rev().find(|class| class.notifies));
            if let (Some(date), Some(class)) = (date, class.filter(|class| class.asks_for_any().is_none())) {
                found.insert(date, conditions(class, rule, day));
            }
        });
        found
    }

    /// The classes of the rule; none for version 1.
    pub(super) fn classes(&self) -> &[Class] {
        self.rule.windows().map_or(&[], |rule| &rule.classes)
    }

    /// Calls `each` with every day or window that is judged or cannot be judged, its values, its class, and the number of
    /// the window if the rule judges windows.
    pub(super) fn each(
        &self,
        windows: &WindowSet,
        today: UtcDay,
        mut each: impl FnMut(Option<UtcDay>, &DayFound, Result<Option<usize>, NotJudged>, Option<usize>),
    ) {
        let Some(rule) = self.rule.windows() else { return };
        for (date, of_the_day) in windows.by_day() {
            match rule.judges {
                Judges::Days => {
                    let day = self.day(of_the_day, today);
                    if day.is_judged || day.not_judged.is_some() {
                        each(date, &day, self.class(rule, &day), None);
                    }
                }
                Judges::Windows => {
                    for window in of_the_day {
                        let day = self.day(core::iter::once(window), today);
                        if day.is_judged || day.not_judged.is_some() {
                            each(date, &day, self.class(rule, &day), Some(window.number));
                        }
                    }
                }
            }
        }
    }

    /// What a window comes to by itself.
    pub(super) fn window(&self, window: &WindowView<'_>, today: UtcDay) -> WindowFound {
        match &self.scorer {
            Scorer::RiskScores => WindowFound { fate: NotJudged::NoRiskScores.into(), ..WindowFound::default() },
            Scorer::Summaries(daily, _) => summary(window, daily, today),
            Scorer::Weighted(weigher) => weigher.window(window, today),
            Scorer::Nhs(model) => nhs::window(model, window, today),
        }
    }

    /// What windows of one day come to together.
    pub(super) fn day<'w>(&self, windows: impl Iterator<Item = WindowView<'w>>, today: UtcDay) -> DayFound {
        let mut day = DayFound::default();
        let mut types = DayTotals::default();
        for window in windows {
            let found = self.window(&window, today);
            if let Fate::NotJudged(reason) = found.fate {
                day.not_judged.get_or_insert(reason);
                continue;
            }
            match &self.scorer {
                Scorer::Summaries(_, profile) => {
                    let Some(scored) = found.summary() else { continue };
                    if let Some(report_type) = window.report_type {
                        types.add(report_type, &scored);
                    }
                    day.is_judged |= scored.makes_day(*profile);
                    // COCOA's rule counts the seconds of all windows, those without a score included.
                    day.count(&window.facts, SecondsRule::Keep);
                }
                Scorer::Weighted(weigher) if found.fate == Fate::Counts => {
                    weigher.add_to_day(&window, &found, &mut day);
                    day.count(&window.facts, weigher.weighing.seconds);
                }
                Scorer::Nhs(_) if found.fate == Fate::Counts => {
                    day.add(window.report_type, found.score, found.weighted, &Default::default());
                    day.count(&window.facts, SecondsRule::Drop);
                }
                Scorer::RiskScores | Scorer::Weighted(_) | Scorer::Nhs(_) => {}
            }
        }
        match &self.scorer {
            Scorer::Summaries(_, profile) => {
                day.totals = types.day_total(*profile);
                for (report_type, totals) in types.by_report_type(*profile) {
                    let place = (report_type as usize).checked_sub(1).and_then(|place| day.by_type.get_mut(place));
                    if let Some(sum) = place {
                        *sum = totals.score_sum;
                    }
                }
            }
            Scorer::Weighted(weigher) => {
                if let Some(sum) = weigher.day(&day.ranges) {
                    // The day is all that has a score.
                    day.totals.score_sum = sum;
                    day.totals.maximum_score = sum;
                    day.totals.weighted_duration_sum = sum;
                }
            }
            Scorer::RiskScores | Scorer::Nhs(_) => {}
        }
        day
    }

    /// The first class that the day meets.
    pub(super) fn class(&self, rule: &WindowsRule, day: &DayFound) -> Result<Option<usize>, NotJudged> {
        match day.not_judged {
            Some(reason) => Err(reason),
            None => first_met(rule, |value| day.value(value)),
        }
    }

    /// The place of the class of a day with these values, before they are rounded.
    pub(crate) fn class_of_values(&self, value: impl Fn(Value) -> f64) -> Option<usize> {
        first_met(self.rule.windows()?, |asked| Ok(value(asked))).ok()?
    }
}

/// The place of the first class that these values meet.
fn first_met(rule: &WindowsRule, value: impl Fn(Value) -> Result<f64, NotJudged>) -> Result<Option<usize>, NotJudged> {
    for (place, class) in rule.classes.iter().enumerate() {
        if meets(class, rule.round, &value)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Whether these values meet the class.
fn meets(class: &Class, round: Rounding, value: &impl Fn(Value) -> Result<f64, NotJudged>) -> Result<bool, NotJudged> {
    let (mut asked, mut held) = (0_usize, 0_usize);
    for test in class.when.tests().iter().filter(|test| asks(test)) {
        let holds = test.condition.holds(round.of(value(test.value)?)).ok_or(NotJudged::NotANumber)?;
        asked = asked.saturating_add(1);
        held = held.saturating_add(holds.into());
    }
    Ok(match class.when {
        When::All(_) => asked > 0 && held == asked,
        When::Any(_) => held > 0,
    })
}

/// Whether a day with this class is a reason to notify.
pub(super) fn verdict(classes: &[Class], class: Result<Option<usize>, NotJudged>) -> Verdict {
    match class {
        Err(reason) => Verdict::NotJudged(reason),
        Ok(class) => match class.and_then(|class| classes.get(class)) {
            Some(Class { notifies: true, .. }) => Verdict::Notify,
            _ => Verdict::DoNotNotify,
        },
    }
}

/// The answer for all days, while they are added.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answer {
    /// The class with the best claim: its rank, its day, its score, its place.
    best: Option<(u8, Option<UtcDay>, f64, usize)>,
    pub(super) not_judged: Option<NotJudged>,
    judged: u32,
    notify: u32,
}

impl Answer {
    /// Adds a day or a window.
    pub(super) fn add(
        &mut self,
        classes: &[Class],
        date: Option<UtcDay>,
        day: &DayFound,
        class: Result<Option<usize>, NotJudged>,
    ) {
        self.judged = self.judged.saturating_add(1);
        let class = match class {
            Err(reason) => {
                self.not_judged.get_or_insert(reason);
                return;
            }
            Ok(class) => class,
        };
        let Some((place, found)) = class.and_then(|place| Some((place, classes.get(place)?))) else { return };
        self.notify = self.notify.saturating_add(found.notifies.into());
        let score = day.totals.score_sum;
        // Days come in order. Windows of one day compete by their scores.
        let is_better = self.best.is_none_or(|(rank, best_date, best_score, _)| {
            found.rank < rank || (found.rank == rank && (best_date < date || best_score < score))
        });
        if is_better {
            self.best = Some((found.rank, date, score, place));
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let verdict = match self.not_judged {
            _ if self.notify > 0 => Verdict::Notify,
            Some(reason) => Verdict::NotJudged(reason),
            None => Verdict::DoNotNotify,
        };
        Outcome {
            verdict,
            class: self.best.map(|(.., place)| place),
            date: self.best.and_then(|(_, date, ..)| date),
            judged: self.judged,
            notify: self.notify,
        }
    }
}

/// What a window comes to in daily summaries.
fn summary(window: &WindowView<'_>, daily: &DailySummariesConfiguration, today: UtcDay) -> WindowFound {
    let judge = || {
        let date = window.date.ok_or(NotJudged::NoDate)?;
        let days_ago = days_ago(date, today);
        let most_days = daily.days_since_exposure_threshold;
        if most_days > 0 && days_ago > most_days.into() {
            return Err(Fate::TooLongAgo);
        }
        let report_type = window.report_type.ok_or(NotJudged::NoReportType)?;
        let infectiousness = window.infectiousness.ok_or(NotJudged::NoInfectiousness)?;
        if window.is_impossible {
            return Err(NotJudged::ImpossibleSeconds.into());
        }
        if window.facts.lacks_typical {
            return Err(NotJudged::NoTypicalAttenuation.into());
        }
        let scans = window.scans.iter().map(|scan| (scan.typical_attenuation.unwrap_or_default(), scan.seconds));
        let scored = score(scans, (report_type, infectiousness), days_ago, daily);
        Ok(WindowFound {
            weighted: scored.weighted_duration,
            level: None,
            factors: [scored.report_type_weight, scored.infectiousness_weight],
            score: scored.score,
            window_level: None,
            fate: match scored.verdict {
                WindowVerdict::Counts => Fate::Counts,
                WindowVerdict::ReportType => Fate::ReportType,
                WindowVerdict::TooLongAgo => Fate::TooLongAgo,
                WindowVerdict::BelowMinimumScore => Fate::BelowMinimum,
            },
        })
    };
    judge().unwrap_or_else(|fate| WindowFound { fate, ..WindowFound::default() })
}
