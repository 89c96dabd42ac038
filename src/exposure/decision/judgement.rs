//! A judgement with every step that led to it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::change::{Change, FoundClass, Kept, KeptDay};
use super::found::{ClassFound, DayFound, Fate, WindowFound};
use super::judge::{Claim, Judge, Scorer};
use super::reason::{ConditionFound, DecisionReason, conditions};
use super::weigh::{Weigher, seconds};
use super::window::{Scan, WindowSet, WindowView};
use crate::exposure::basis::Verdict;
use crate::exposure::configuration::Infectiousness;
use crate::exposure::configuration::rule::{Class, Encounters, Platform, SecondsRule, Sum, WindowsRule};
use crate::exposure::explain::Reason;
use crate::exposure::summary::{Bucket, Totals, bucket_weight, float};
use crate::keys::{CalibrationConfidence, ReportType};
use crate::time::UtcDay;

/// What a rule says of a set of windows, with every step. Its [`Display`](fmt::Display) is a tree with one fact a line.
///
/// ```
/// use gaen::exposure::decision::{Judge, WindowSet};
/// use gaen::exposure::{Preset, Verdict};
///
/// let preset = Preset::CwaIos;
/// let judge = Judge::new(&preset.configuration(preset.profile()), preset.profile());
/// let judgement = judge.judge(&WindowSet::default(), "2021-03-02".parse()?, None);
/// assert_eq!(judgement.to_string(), "cwa on ios: do not notify; low\n");
/// # Ok::<(), gaen::time::DayError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Judgement {
    /// The app whose rule judged; `None` if no app had the rule.
    pub rule: Option<String>,
    /// The platform whose rule judged, if the app decided differently on each.
    pub platform: Option<Platform>,
    /// The verdict, whatever the answer of before was.
    #[cfg_attr(feature = "serde", serde(flatten, serialize_with = "crate::exposure::basis::with_reason"))]
    pub verdict: Verdict,
    /// The class of the answer; `None` if there is none, or the rule could not judge. If only some days could be
    /// judged, the mark `days_not_judged` says so, and another day may have a worse class.
    pub class: Option<FoundClass>,
    /// Every class of the rule by name, with its days.
    pub classes: Vec<ClassDays>,
    /// The difference to the answer of before; `None` if you gave no such answer, or if a day could not be judged.
    pub change: Option<Change>,
    /// The days that were compared with the classes or could not be judged; each window if the rule judges windows.
    pub days: Vec<JudgedDay>,
    /// Every window, in the order given.
    pub windows: Vec<JudgedWindow>,
    /// Marks: facts about the windows as a whole that you should know.
    pub marks: Vec<Mark>,
}

/// A class with its days.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClassDays {
    /// The name of the class.
    pub name: String,
    /// The rank of the class: 1 is worst.
    pub rank: u8,
    /// The days of the class, in order.
    pub days: Vec<UtcDay>,
    /// The least number of encounters with windows of the level of this name. `None` if the rule counts no
    /// encounters, or if such a window does not say its calibration confidence.
    pub encounters: Option<u64>,
}

/// A day, or a window if the rule judges windows, compared with the classes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedDay {
    /// The UTC day; `None` if a window has none that can be read.
    pub date: Option<UtcDay>,
    /// The number of the window, from 0, if the rule judges windows.
    pub window: Option<usize>,
    /// The verdict: whether the day or window is a reason to notify.
    pub verdict: Verdict,
    /// The name of its class; `None` if it has none.
    pub class: Option<String>,
    /// The reason as a name for programs: see [`DecisionReason::code`].
    pub code: &'static str,
    /// The reason as a sentence.
    pub text: String,
    /// The sums of the day or window, before they are rounded.
    pub totals: Totals,
    /// The time in each range, if the rule weighs the ranges of a whole day.
    pub ranges: Vec<JudgedRange>,
    /// The classes up to the one that is met.
    pub classes: Vec<JudgedClass>,
    /// How good a claim it has to speak for its day.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) claim: Claim,
}

/// The conditions of a class, with the values of a day.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedClass {
    /// The name of the class.
    pub class: String,
    /// The conditions of the class.
    pub conditions: Vec<ConditionFound>,
}

/// The time of a day in a range of attenuations.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedRange {
    /// The range of attenuations, dB.
    pub range: String,
    /// The time of the day in this range, in seconds.
    pub seconds: i64,
    /// The time of the day, in the unit of the rule.
    pub time: f64,
    /// The weight of this range.
    pub weight: f64,
    /// `time * weight`.
    pub weighted: f64,
}

/// A window with the steps to its score.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedWindow {
    /// The place of the window in the order given, from 0.
    pub number: usize,
    /// The UTC day of the window.
    pub date: Option<UtcDay>,
    /// The report type of the key that was heard.
    pub report_type: Option<ReportType>,
    /// The infectiousness of the key's owner.
    pub infectiousness: Option<Infectiousness>,
    /// The scans, in order.
    pub scans: Vec<JudgedScan>,
    /// The weighted time of the window; `None` if the rule gives it none.
    pub weighted: Option<f64>,
    /// The level of report type and infectiousness; `None` if the rule has none.
    pub level: Option<u32>,
    /// The factors of the weighted time: of report type and infectiousness, or the value of the level.
    pub factors: Vec<f64>,
    /// The score; `None` if the rule gives it none.
    pub score: Option<f64>,
    /// The name of the window's level by its score; `None` if it has none.
    pub window_level: Option<String>,
    /// Why the window does not count; `None` if it does.
    pub reason: Option<Reason>,
    /// `true` if its day is judged because of it, or cannot be judged because of it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(in crate::exposure) is_on_its_day: bool,
}

/// A scan with the steps to its weighted time.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JudgedScan {
    /// The attenuation that counts, dB.
    pub attenuation: Option<u8>,
    /// The seconds as they were given.
    pub seconds: i64,
    /// The seconds that count; `None` if the scan is left out.
    pub counted: Option<i64>,
    /// The range of the attenuation, dB; `None` if no range holds it, or the rule has no ranges.
    pub range: Option<String>,
    /// The weight of a second; `None` if the rule has no weights.
    pub weight: Option<f64>,
}

/// A fact about the windows as a whole that you should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Mark {
    /// The name for programs: `days_not_judged`, `seconds_negative`, `windows_equal` or `confidence_missing`.
    pub code: &'static str,
    /// The fact as a sentence.
    pub text: String,
}

impl Judge {
    /// Judges these windows on the day `today` and keeps every step. With the answer of before, `kept`, it says how the
    /// answer differs.
    #[must_use]
    pub fn judge(&self, windows: &WindowSet, today: UtcDay, kept: Option<&Kept>) -> Judgement {
        let rule = self.rule.windows();
        let (mut answer, mut days, mut by_class) = (self.answer(), Vec::new(), BTreeMap::new());
        self.each(windows, today, |date, day, class, window| {
            answer.add(self.classes(), date, day, class);
            if let Some(rule) = rule {
                let found = class.ok().flatten().and_then(|place| rule.classes.get(place));
                if let (Some(Class { name, .. }), Some(date)) = (found, date) {
                    by_class.entry(name.as_str()).or_insert_with(BTreeSet::new).insert(date);
                }
                days.push(self.day_steps(rule, date, day, class, window));
            }
        });
        let outcome = answer.outcome();
        let is_judged = outcome.verdict.not_judged().is_none();
        let mut judgement = Judgement {
            rule: self.rule.name.clone(),
            platform: self.rule.platform,
            verdict: outcome.verdict,
            class: rule.filter(|_| is_judged).and_then(|rule| FoundClass::of(rule, &outcome)),
            classes: rule.map(|rule| self.class_days(rule, &by_class, windows, today)).unwrap_or_default(),
            change: None,
            days,
            windows: self.window_steps(windows, today),
            marks: Vec::new(),
        };
        judgement.marks = self.marks(windows, &judgement);
        judgement.change =
            kept.and_then(|before| Some(Change::of(before, &judgement.kept()?, self.rule.notify, today)));
        judgement
    }

    fn day_steps(
        &self,
        rule: &WindowsRule,
        date: Option<UtcDay>,
        day: &DayFound,
        class: ClassFound,
        window: Option<usize>,
    ) -> JudgedDay {
        let reason = DecisionReason::of_day(date, rule, day, class);
        let met = class.ok().flatten();
        let asked = rule.classes.iter().take(met.map_or(usize::MAX, |place| place.saturating_add(1)));
        let classes =
            asked.map(|class| JudgedClass { class: class.name.clone(), conditions: conditions(class, rule, day) });
        JudgedDay {
            date,
            window,
            verdict: reason.verdict,
            class: met.and_then(|place| rule.classes.get(place)).map(|class| class.name.clone()),
            code: reason.code,
            text: reason.text,
            totals: day.totals,
            ranges: match &self.scorer {
                Scorer::Weighted(weigher) => weigher.range_steps(day),
                _ => Vec::new(),
            },
            classes: if class.is_ok() { classes.collect() } else { Vec::new() },
            claim: Claim::of(&rule.classes, day, class),
        }
    }

    /// The days of each class, by name, and the encounters of its level.
    fn class_days(
        &self,
        rule: &WindowsRule,
        by_class: &BTreeMap<&str, BTreeSet<UtcDay>>,
        windows: &WindowSet,
        today: UtcDay,
    ) -> Vec<ClassDays> {
        let encounters = rule.encounters.map(|encounters| self.encounters(rule, encounters, windows, today));
        let mut classes: Vec<ClassDays> = Vec::new();
        for Class { name, rank, .. } in &rule.classes {
            // Several classes may have one name: conditions of which any will do.
            if classes.iter().all(|found| found.name != *name) {
                let days = by_class.get(name.as_str()).into_iter().flatten().copied().collect();
                let counted = |counted: &BTreeMap<_, _>| counted.get(name).copied().unwrap_or(Some(0));
                let encounters = encounters.as_ref().and_then(counted);
                classes.push(ClassDays { name: name.clone(), rank: *rank, days, encounters });
            }
        }
        classes
    }

    /// The number of encounters by the name of the window level: different levels and confidences of a day. `None` if a
    /// confidence is missing.
    fn encounters(
        &self,
        rule: &WindowsRule,
        encounters: Encounters,
        windows: &WindowSet,
        today: UtcDay,
    ) -> BTreeMap<String, Option<u64>> {
        let mut counted: BTreeMap<String, Option<u64>> = BTreeMap::new();
        let Scorer::Weighted(weigher) = &self.scorer else { return counted };
        let Sum::Window(sum) = &weigher.weighing.sum else { return counted };
        let levels = sum.levels.as_deref().unwrap_or_default();
        for (_, of_the_day) in windows.by_day() {
            let day = self.day(of_the_day.clone(), today);
            let has_class = self.class(rule, &day).ok().flatten().is_some();
            if !has_class && !encounters.days_without_class {
                continue;
            }
            let mut different: Vec<(&str, Option<u32>, Option<CalibrationConfidence>)> = Vec::new();
            for window in of_the_day {
                let found = self.window(&window, today);
                let level = found.window_level.and_then(|place| levels.get(place));
                if let (Fate::Counts, Some(level)) = (found.fate, level) {
                    different.push((&level.level, found.level, window.calibration_confidence));
                }
            }
            different.sort_unstable();
            different.dedup();
            for (level, _, confidence) in different {
                let count = counted.entry(level.into()).or_insert(Some(0));
                *count = count.zip(confidence).map(|(count, _)| count.saturating_add(1));
            }
        }
        counted
    }

    fn window_steps(&self, windows: &WindowSet, today: UtcDay) -> Vec<JudgedWindow> {
        let all = windows.by_day().flat_map(|(_, of_the_day)| of_the_day);
        let mut steps: Vec<_> = all.map(|window| self.one_window(&window, self.window(&window, today))).collect();
        steps.sort_by_key(|window| window.number);
        steps
    }

    fn one_window(&self, window: &WindowView<'_>, found: WindowFound) -> JudgedWindow {
        let has_score = !matches!(self.scorer, Scorer::Weighted(ref weigher) if matches!(weigher.weighing.sum, Sum::Day(_)))
            && !matches!(
                found.fate,
                Fate::TooLongAgo | Fate::Repeated | Fate::Infectiousness | Fate::Minutes | Fate::NotJudged(_)
            );
        let levels = match &self.scorer {
            Scorer::Weighted(Weigher { weighing, .. }) => match &weighing.sum {
                Sum::Window(sum) => sum.levels.as_deref().unwrap_or_default(),
                Sum::Day(_) => &[],
            },
            _ => &[],
        };
        let factors: &[f64] = match &self.scorer {
            _ if !has_score => &[],
            Scorer::Summaries(..) => &found.factors,
            Scorer::Weighted(_) if found.level.is_none() => &found.factors,
            _ => found.factors.get(..1).unwrap_or_default(),
        };
        JudgedWindow {
            number: window.number,
            date: window.date,
            report_type: window.report_type,
            infectiousness: window.infectiousness,
            scans: window.scans.iter().map(|scan| self.scan(scan)).collect(),
            weighted: has_score.then_some(found.weighted),
            level: found.level,
            factors: factors.to_vec(),
            score: has_score.then_some(found.score),
            window_level: found.window_level.and_then(|place| levels.get(place)).map(|level| level.level.clone()),
            reason: self.window_reason(window, &found),
            is_on_its_day: matches!(found.fate, Fate::Counts | Fate::NotJudged(_)),
        }
    }

    fn scan(&self, scan: &Scan) -> JudgedScan {
        let (attenuation, counted, range, weight) = match &self.scorer {
            Scorer::RiskScores => (scan.typical_attenuation, None, None, None),
            Scorer::Summaries(daily, _) => {
                let attenuation = scan.typical_attenuation;
                let bucket =
                    attenuation.map(|attenuation| Bucket::of(attenuation, daily.thresholds).name().to_string());
                let weight = attenuation.map(|attenuation| bucket_weight(attenuation, daily));
                (attenuation, Some(scan.seconds), bucket, weight)
            }
            Scorer::Weighted(weigher) => {
                let attenuation = weigher.attenuation(scan).ok();
                let range = attenuation.and_then(|attenuation| weigher.range(attenuation));
                let written = range.and_then(|range| weigher.ranges().get(range)).map(|found| found.range.to_string());
                (attenuation, weigher.seconds(scan), written, attenuation.map(|_| weigher.weight(range)))
            }
            Scorer::Nhs(_) => (scan.min_attenuation, seconds(SecondsRule::Drop, scan), None, None),
        };
        JudgedScan { attenuation, seconds: scan.seconds, counted, range, weight }
    }

    /// Why a window does not count.
    fn window_reason(&self, window: &WindowView<'_>, found: &WindowFound) -> Option<Reason> {
        Some(match found.fate {
            Fate::Counts => return None,
            Fate::TooLongAgo => Reason::new(
                "too_long_ago",
                format!("it was more than {} days ago", self.max_age_days.unwrap_or_default()),
            ),
            Fate::Repeated => Reason::new("window_repeated", "an earlier window of the day is equal in every field"),
            Fate::Infectiousness => {
                let name = window.infectiousness.map_or("unknown", Infectiousness::name);
                Reason::new("infectiousness_dropped", format!("windows of infectiousness {name} are dropped"))
            }
            Fate::Minutes => Reason::new("minutes_dropped", "its minutes at some attenuation are dropped"),
            Fate::Level => {
                let level = found.level.unwrap_or_default();
                Reason::new("level_dropped", format!("windows of level {level} are dropped"))
            }
            Fate::ReportType => {
                let name = window.report_type.map_or("unknown", ReportType::name);
                Reason::new("report_type", format!("the report type {name} has no scores"))
            }
            Fate::BelowMinimum => {
                let minimum = self.minimum_window_score.as_f64();
                let text = format!("its score {} is below the minimum window score {minimum}", found.score);
                Reason::new("below_minimum_window_score", text)
            }
            Fate::NoLevel => Reason::new("no_window_level", format!("no level holds its score {}", found.score)),
            Fate::NotJudged(reason) => Reason::new(reason.code(), reason.to_string()),
        })
    }

    fn marks(&self, windows: &WindowSet, judgement: &Judgement) -> Vec<Mark> {
        let not_judged = judgement.days.iter().filter(|day| day.verdict.not_judged().is_some()).count();
        let not_judged = (not_judged > 0 && judgement.verdict == Verdict::Notify).then(|| Mark {
            code: "days_not_judged",
            text: format!(
                "{} that could not be judged: {not_judged}; the class is the worst of the others",
                if judgement.days.iter().any(|day| day.window.is_some()) { "windows" } else { "days" }
            ),
        });
        let all = || windows.by_day().flat_map(|(_, of_the_day)| of_the_day);
        let negative = all().flat_map(|window| window.scans).filter(|scan| scan.seconds < 0).count();
        let rule = match &self.scorer {
            Scorer::Weighted(weigher) => weigher.weighing.seconds,
            Scorer::Nhs(_) => SecondsRule::Drop,
            Scorer::Summaries(..) | Scorer::RiskScores => SecondsRule::Keep,
        };
        let done = match rule {
            SecondsRule::Clamp => "the rule takes them as 0",
            SecondsRule::Keep => "the rule subtracts them",
            SecondsRule::Drop => "the rule leaves these scans out",
        };
        let negative = (negative > 0).then(|| Mark {
            code: "seconds_negative",
            text: format!("scans with negative seconds: {negative}; {done}"),
        });
        let equal = all().filter(|window| window.is_repeated).count();
        let equal = (equal > 0).then(|| Mark {
            code: "windows_equal",
            text: format!("windows that are equal to an earlier one: {equal}"),
        });
        let lacks_confidence = all().filter(|window| window.calibration_confidence.is_none()).count();
        let counts_encounters = self.rule.windows().is_some_and(|rule| rule.encounters.is_some());
        let lacks_confidence = (lacks_confidence > 0 && counts_encounters).then(|| Mark {
            code: "confidence_missing",
            text: format!(
                "windows without calibration confidence: {lacks_confidence}; where one counts, encounters cannot be counted"
            ),
        });
        not_judged.into_iter().chain(negative).chain(equal).chain(lacks_confidence).collect()
    }
}

impl Judgement {
    /// Returns what an app keeps of this answer, to compare the next one with. `None` if a day could not be judged: its
    /// class and its score are not known, so keep the answer of before.
    #[must_use]
    pub fn kept(&self) -> Option<Kept> {
        let mut parts = self.days.iter().map(|day| day.verdict).chain([self.verdict]);
        if parts.any(|verdict| verdict.not_judged().is_some()) {
            return None;
        }
        let mut days: Vec<KeptDay> = Vec::new();
        for judged in &self.days {
            let (Some(date), score_sum) = (judged.date, judged.totals.score_sum) else { continue };
            let notifies = judged.verdict == Verdict::Notify;
            match days.last_mut().filter(|day| day.date == date) {
                // Another window of the day.
                Some(day) => {
                    day.score_sum += score_sum;
                    day.notifies |= notifies;
                }
                None => days.push(KeptDay { date, score_sum, notifies }),
            }
        }
        Some(Kept { class: self.class.clone(), days })
    }

    /// Returns how this day was judged; `None` if none of its windows counts. If the rule judges windows, it is the
    /// window that [speaks for the day](Judge::each_day).
    #[must_use]
    pub fn day(&self, date: UtcDay) -> Option<&JudgedDay> {
        let of_the_day = self.days.iter().filter(|day| day.date == Some(date));
        of_the_day.reduce(|speaker, day| if day.claim.is_over(&speaker.claim) { day } else { speaker })
    }
}

impl Weigher {
    /// The time of a day in each range.
    fn range_steps(&self, day: &DayFound) -> Vec<JudgedRange> {
        let Sum::Day(minutes) = self.weighing.sum else { return Vec::new() };
        let ranges = self.ranges().iter().enumerate().zip(day.ranges);
        let step = |((place, weighted), seconds): ((usize, &crate::exposure::decision::WeightedRange), i64)| {
            let (time, weight) = (self.precise(self.minutes(minutes, seconds)), self.weight(Some(place)));
            JudgedRange {
                range: weighted.range.to_string(),
                seconds,
                time,
                weight,
                weighted: self.precise(time * weight),
            }
        };
        ranges.map(step).collect()
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for window in &self.windows {
            write_window(f, window)?;
        }
        for day in &self.days {
            write_day(f, day)?;
        }
        for mark in &self.marks {
            writeln!(f, "Note: {} [{}]", mark.text, mark.code)?;
        }
        f.write_str(self.rule.as_deref().unwrap_or("a rule without a name"))?;
        if let Some(platform) = self.platform {
            write!(f, " on {platform}")?;
        }
        write!(f, ": {}", self.verdict)?;
        if let Some(class) = &self.class {
            write!(f, "; {}", class.name)?;
            if let Some(date) = class.date {
                write!(f, " on {date}")?;
            }
        }
        writeln!(f)?;
        for class in self.classes.iter().filter(|class| !class.days.is_empty() || class.encounters > Some(0)) {
            let days: Vec<_> = class.days.iter().map(ToString::to_string).collect();
            write!(f, "├ {}: {}", class.name, if days.is_empty() { "no day".into() } else { days.join(", ") })?;
            match class.encounters {
                Some(encounters) => writeln!(f, "; encounters: at least {encounters}")?,
                None => writeln!(f)?,
            }
        }
        if let Some(change) = &self.change {
            let tells = if change.tells { "the app tells its user" } else { "the app tells nothing" };
            write!(f, "└ the answer before: {}, {tells}", change.kind)?;
            match change.missed {
                Some(date) => writeln!(f, "; {date} lost score")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

fn write_window(f: &mut fmt::Formatter<'_>, window: &JudgedWindow) -> fmt::Result {
    write!(f, "Window {}", window.number)?;
    match window.date {
        Some(date) => write!(f, " of {date}")?,
        None => f.write_str(" without a day")?,
    }
    let report_type = window.report_type.map_or("report type not said", ReportType::name);
    writeln!(f, ": {report_type}, infectiousness {}", window.infectiousness.map_or("not said", Infectiousness::name))?;
    for scan in &window.scans {
        match scan.attenuation {
            Some(attenuation) => write!(f, "├ {attenuation} dB")?,
            None => f.write_str("├ attenuation not said")?,
        }
        if let Some(range) = &scan.range {
            write!(f, " in {range}")?;
        }
        match (scan.counted, scan.weight) {
            (None, _) => writeln!(f, ", {} s: left out", scan.seconds)?,
            (Some(seconds), Some(weight)) => writeln!(f, ", {seconds} s x {weight} = {}", float(seconds) * weight)?,
            (Some(seconds), None) => writeln!(f, ", {seconds} s")?,
        }
    }
    if let (Some(weighted), Some(score)) = (window.weighted, window.score) {
        write!(f, "├ {weighted}")?;
        for factor in &window.factors {
            write!(f, " x {factor}")?;
        }
        if let Some(level) = window.level {
            write!(f, " (level {level})")?;
        }
        writeln!(f, " = {score}")?;
    }
    match (&window.reason, &window.window_level) {
        (Some(reason), _) => writeln!(f, "└ does not count: {} [{}]", reason.text, reason.code),
        (None, Some(level)) => writeln!(f, "└ counts: {level}"),
        (None, None) => writeln!(f, "└ counts"),
    }
}

fn write_day(f: &mut fmt::Formatter<'_>, day: &JudgedDay) -> fmt::Result {
    match (day.window, day.date) {
        (Some(window), _) => write!(f, "Window {window}")?,
        (None, Some(date)) => write!(f, "Day {date}")?,
        (None, None) => f.write_str("Windows without a day")?,
    }
    writeln!(f, ": {}, {} [{}]", day.verdict, day.text, day.code)?;
    for range in &day.ranges {
        let JudgedRange { range, seconds, time, weight, weighted } = range;
        writeln!(f, "├ {range} dB: {seconds} s, counted as {time} x {weight} = {weighted}")?;
    }
    writeln!(f, "├ {}", day.totals)?;
    for JudgedClass { class, conditions } in &day.classes {
        for found in conditions {
            let holds = found.holds.map_or("not a number", |holds| if holds { "yes" } else { "no" });
            writeln!(f, "├ {class}: {} {} {}: {holds}", found.name, found.value, found.condition)?;
        }
    }
    Ok(())
}
