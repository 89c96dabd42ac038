//! Judges windows under a configuration.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::found::{ClassFound, DayFound, Fate, WindowFound};
use super::nhs;
use super::reason::{ConditionFound, asks, conditions_of_day};
use super::weigh::Weigher;
use super::window::{WindowSet, WindowView};
use crate::exposure::basis::{NotJudged, Verdict};
use crate::exposure::configuration::rule::{
    Class, Decides, Judges, NhsDistance, Rounding, Rule, Scores, SecondsRule, Value, When, WindowsRule,
};
use crate::exposure::configuration::{Configuration, DailySummariesConfiguration, Score};
use crate::exposure::summary::{DayTotals, Totals, WindowVerdict, days_ago, place, score};
use crate::exposure::window::ExposureWindow;
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
    /// The most days ago that a window may be to count.
    pub(super) max_age_days: Option<u32>,
    /// The smallest score with which a window counts.
    pub(super) minimum_window_score: Score,
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

/// The answer of a rule for a set of windows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// The verdict: whether the user is to be notified.
    pub verdict: Verdict,
    /// The place of the answer's class among the classes of the rule; `None` if no day has a class.
    pub class: Option<usize>,
    /// The day of the answer; `None` if no day has a class.
    pub date: Option<UtcDay>,
    /// The number of days, or windows if the rule judges windows, that were compared with the classes or could not be.
    pub judged: u32,
    /// The number of these days or windows that notify.
    pub notify: u32,
}

/// What is to be shown of a day.
#[derive(Clone, Debug)]
pub(in crate::exposure) struct ShownDay {
    /// Its sums; `None` if no window counts, or the day cannot be judged.
    pub(in crate::exposure) totals: Option<Totals>,
    /// What the rule asks, with its values.
    pub(in crate::exposure) conditions: Vec<ConditionFound>,
}

/// The answer of a rule for one day. If the rule judges windows, one window [speaks for the day](Judge::each_day).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DayOutcome {
    /// The day; `None` for the windows whose day cannot be read.
    pub date: Option<UtcDay>,
    /// The place of the day's class among the classes of the rule; `None` if the day has no class.
    pub class: Option<usize>,
    /// The verdict: whether the day is a reason to notify.
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
        Self {
            rule: configuration.rule.clone(),
            scorer,
            max_age_days: configuration.max_age_days(),
            minimum_window_score: configuration.minimum_window_score(),
        }
    }

    /// Groups these windows, unless the rule asks for none.
    pub(in crate::exposure) fn set(&self, windows: &[ExposureWindow]) -> WindowSet {
        if self.rule.reads_risk_scores() { WindowSet::default() } else { windows.iter().collect() }
    }

    /// Returns the rule that judges.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Says what the rule makes of these windows on the day `today`, without the steps that led there.
    ///
    /// It allocates nothing, unless the [distance model](NhsDistance) makes the scores: that model allocates for each
    /// window.
    #[must_use]
    pub fn outcome(&self, windows: &WindowSet, today: UtcDay) -> Outcome {
        let mut answer = self.answer();
        self.each(windows, today, |date, day, class, _| answer.add(self.classes(), date, day, class));
        answer.outcome()
    }

    /// Says what the rule makes of each day, in order. Windows whose day cannot be read come first, as one day.
    ///
    /// If the rule judges windows, one window speaks for its day: a window that notifies, else a window that cannot be
    /// judged, else any. Of several it is the window with the worst class, then with the highest score.
    pub fn each_day(&self, windows: &WindowSet, today: UtcDay, mut each: impl FnMut(DayOutcome)) {
        self.each_date(windows, today, |date, _, class| {
            let verdict = verdict(self.classes(), class);
            each(DayOutcome { date, class: class.ok().flatten(), verdict });
        });
    }

    /// Calls `each` with every day once: with its values, or with the values of the window that speaks for it.
    pub(super) fn each_date(
        &self,
        windows: &WindowSet,
        today: UtcDay,
        mut each: impl FnMut(Option<UtcDay>, &DayFound, ClassFound),
    ) {
        if self.rule.windows().is_none_or(|rule| rule.judges == Judges::Days) {
            return self.each(windows, today, |date, day, class, _| each(date, day, class));
        }
        let mut open: Option<(Option<UtcDay>, DayFound, ClassFound)> = None;
        let claim = |day: &DayFound, class| Claim::of(self.classes(), day, class);
        self.each(windows, today, |date, day, class, _| match &mut open {
            Some((open, speaker, of_speaker)) if *open == date => {
                if claim(day, class).is_over(&claim(speaker, *of_speaker)) {
                    (*speaker, *of_speaker) = (*day, class);
                }
            }
            _ => {
                if let Some((date, day, class)) = open.replace((date, *day, class)) {
                    each(date, &day, class);
                }
            }
        });
        if let Some((date, day, class)) = open {
            each(date, &day, class);
        }
    }

    /// What is to be shown of each day: its sums and its conditions, or those of the window that speaks for it.
    pub(in crate::exposure) fn shown_days(&self, windows: &WindowSet, today: UtcDay) -> BTreeMap<UtcDay, ShownDay> {
        let mut shown = BTreeMap::new();
        let Some(rule) = self.rule.windows() else { return shown };
        self.each_date(windows, today, |date, day, class| {
            let Some(date) = date else { return };
            let totals = (day.is_judged && class.is_ok()).then_some(day.totals);
            shown.insert(date, ShownDay { totals, conditions: conditions_of_day(rule, day, class) });
        });
        shown
    }

    /// An answer to add days or windows to.
    pub(super) const fn answer(&self) -> Answer {
        let verdict = match self.scorer {
            Scorer::RiskScores => Verdict::NotJudged(NotJudged::NoRiskScores),
            _ => Verdict::DoNotNotify,
        };
        Answer { best: None, verdict, judged: 0, notify: 0 }
    }

    /// `true` if the app makes scores by its own arithmetic, so that daily summaries say nothing of its decision.
    pub(in crate::exposure) const fn has_own_scores(&self) -> bool {
        matches!(self.scorer, Scorer::Weighted(_) | Scorer::Nhs(_))
    }

    /// The classes of the rule; none for version 1.
    pub(super) fn classes(&self) -> &[Class] {
        self.rule.windows().map_or(&[], |rule| &rule.classes)
    }

    /// Calls `each` with every day or window that is judged or cannot be judged, its values, its class, and the number
    /// of the window if the rule judges windows.
    pub(super) fn each(
        &self,
        windows: &WindowSet,
        today: UtcDay,
        mut each: impl FnMut(Option<UtcDay>, &DayFound, ClassFound, Option<usize>),
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
                    if let Some(sum) = place(report_type).and_then(|place| day.by_type.get_mut(place)) {
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
    pub(super) fn class(&self, rule: &WindowsRule, day: &DayFound) -> ClassFound {
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
fn first_met(rule: &WindowsRule, value: impl Fn(Value) -> Result<f64, NotJudged>) -> ClassFound {
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
pub(super) fn verdict(classes: &[Class], class: ClassFound) -> Verdict {
    match class {
        Err(reason) => Verdict::NotJudged(reason),
        Ok(class) => match class.and_then(|class| classes.get(class)) {
            Some(Class { notifies: true, .. }) => Verdict::Notify,
            _ => Verdict::DoNotNotify,
        },
    }
}

/// How good a claim a window has to speak for its day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Claim {
    /// The [weight](Verdict::weight) of its verdict.
    verdict: u8,
    /// The rank of its class: the smallest has the best claim.
    rank: Option<Reverse<u8>>,
    score: f64,
}

impl Claim {
    pub(super) fn of(classes: &[Class], day: &DayFound, class: ClassFound) -> Self {
        let found = class.ok().flatten().and_then(|place| classes.get(place));
        Self {
            verdict: verdict(classes, class).weight(),
            rank: found.map(|class| Reverse(class.rank)),
            score: day.totals.score_sum,
        }
    }

    /// `true` if this claim is better than the other one.
    pub(super) fn is_over(&self, other: &Self) -> bool {
        let first = |claim: &Self| (claim.verdict, claim.rank);
        first(self).cmp(&first(other)).then(self.score.total_cmp(&other.score)).is_gt()
    }
}

/// The answer for all days, while they are added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// The class with the best claim: its rank, its day, its score, its place.
    best: Option<(u8, Option<UtcDay>, f64, usize)>,
    verdict: Verdict,
    judged: u32,
    notify: u32,
}

impl Answer {
    /// Adds a day or a window.
    pub(super) fn add(&mut self, classes: &[Class], date: Option<UtcDay>, day: &DayFound, class: ClassFound) {
        self.judged = self.judged.saturating_add(1);
        self.verdict = self.verdict.or(verdict(classes, class));
        let class = class.ok().flatten();
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
        Outcome {
            verdict: self.verdict,
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
        if daily.max_age_days().is_some_and(|most| days_ago > most.into()) {
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
