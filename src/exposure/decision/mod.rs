//! The decision to notify the user or not: any app's rule, as data.
//!
//! A [`Rule`] says how an app decided. [`Preset`](super::Preset) has the rules of many apps. [`Judge`] takes windows,
//! as phones made them or as apps exported them, and says what the app would have said: an [`Outcome`] in an instant,
//! or a [`Judgement`] with every step.
//!
//! ```text
//! Windows -> WindowSet, by day -> each window: filters, weights, factor, level -> each day: values, class -> the answer
//! ```
//!
//! 1. [`Scores`] say what makes a score of a window: the configuration's daily summaries, the app's own
//!    [`Weighing`], or the [model](NhsDistance) of the NHS app.
//! 2. [`Value`]s of a day are rounded and compared by the [`Class`]es, from the first on.
//! 3. The answer is the worst class, on its latest day. [`NotifyWhen`] compares the answer with the one [`Kept`]
//!    before.
//!
//! What a window does not say is never put in its place: the verdict is then [`NotJudged`](super::NotJudged).

mod change;
mod found;
mod judge;
mod judgement;
mod nhs;
mod reason;
mod weigh;
mod window;

pub use super::configuration::rule::{
    Attenuation, Class, DayMinutes, Decides, DropMinutes, Encounters, Factor, Filters, Identical, Judges, LevelTable,
    LevelValue, MinutesFilter, NhsDistance, NotifyWhen, Platform, Precision, ProductFactor, Range, RangeError,
    RiskRuleFile, Rounding, Rule, Scores, SecondsRule, Sum, Test, TypeLevels, Unit, Value, Weigh, Weighing,
    WeightedRange, WeightedRanges, When, WindowLevel, WindowSum, WindowsRule,
};
pub use change::{Change, ChangeKind, FoundClass, Kept, KeptDay};
pub use judge::{DayOutcome, Judge, Outcome};
pub use judgement::{ClassDays, JudgedClass, JudgedDay, JudgedRange, JudgedScan, JudgedWindow, Judgement, Mark};
pub use reason::{ConditionFound, DecisionReason};
pub use window::{Scan, Window, WindowSet};

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::basis::{Basis, Verdict};
use super::summary::days_ago;
use super::v1::ExposureSummary;
use crate::time::UtcDay;
use reason::verdict;

/// The answer to "is the user to be notified?", with its reasons.
///
/// ```
/// use gaen::exposure::{Basis, Configuration, NotJudged, SearchedFiles, Verdict, assess};
/// use gaen::Profile;
///
/// // Nothing matched; but was anything searched?
/// let decide = |files| {
///     let basis = Basis::of_times(files, [1_599_999_000]);
///     assess(&[], &basis, &Configuration::default(), Profile::Google, 1_600_000_000).decision
/// };
/// let decision = decide(SearchedFiles::all(14));
/// assert_eq!(decision.to_string(), "do not notify\n  there is no exposure to judge [no_exposure]\n");
/// assert_eq!(decide(SearchedFiles::all(0)).verdict, Verdict::NotJudged(NotJudged::NoFile));
/// ```
///
/// One day that meets the rule is enough to notify, even if other files were not searched. Without such a day the
/// verdict is "do not notify" only if every day could be judged.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The answer, if one is possible.
    pub verdict: Verdict,
    /// The days that triggered the notification, in order.
    pub days: Vec<UtcDay>,
    /// One reason for each day that was judged. If there was no such day, one reason without a day.
    pub reasons: Vec<DecisionReason>,
    /// The app whose rule decided; `None` if no app had the rule.
    pub rule: Option<String>,
    /// The platform whose rule decided, if the app decided differently on each.
    pub platform: Option<Platform>,
    /// The class of the answer, as in the [judgement](Judgement::class) of the same windows. `None` if there is none,
    /// if no app had the rule, or if there is no answer.
    pub class: Option<FoundClass>,
}

impl Decision {
    /// Applies the judge's rule to what was found, at the time `now` in Unix seconds.
    pub(super) fn of(judge: &Judge, windows: &WindowSet, basis: &Basis, v1: &ExposureSummary, now: u64) -> Self {
        let (rule, today) = (judge.rule(), UtcDay::from_unix_seconds(now));
        let mut reasons = match &rule.decides {
            Decides::RiskScore { at_least } => by_risk_score(v1, *at_least),
            Decides::Windows(rule) => by_windows(judge, rule, windows, today),
        };
        if reasons.is_empty() {
            reasons.push(no_day(judge, windows, today));
        }
        let obstacle = basis.obstacle(now);
        if let Some(obstacle) = obstacle {
            reasons.iter_mut().for_each(|reason| reason.meet(obstacle));
        }
        let notifies = |reason: &&DecisionReason| reason.verdict == Verdict::Notify;
        let days: Vec<_> = reasons.iter().filter(notifies).filter_map(|reason| reason.date).collect();
        // The obstacle is a reason of its own: a day that could not be judged does not hide it.
        let parts = obstacle.map(Verdict::NotJudged).into_iter().chain(reasons.iter().map(|reason| reason.verdict));
        let verdict = parts.collect::<Verdict>();
        // The class is that of the judgement. A window that speaks for its day in a reason need not have the worst
        // class.
        let has_class = rule.name.is_some() && verdict.not_judged().is_none();
        let class = rule.windows().filter(|_| has_class);
        let class = class.and_then(|rule| FoundClass::of(rule, &judge.outcome(windows, today)));
        Self { verdict, days, reasons, rule: rule.name.clone(), platform: rule.platform, class }
    }
}

/// Writes the verdict, and a line for each reason.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict)?;
        self.reasons.iter().try_for_each(|reason| writeln!(f, "  {reason}"))
    }
}

/// Why there is no day to judge.
fn no_day(judge: &Judge, windows: &WindowSet, today: UtcDay) -> DecisionReason {
    let is_too_long_ago = |days: u32| windows.days().all(|day| days_ago(day, today) > days.into());
    let (code, text) = match judge.max_age_days {
        _ if windows.is_empty() => ("no_exposure", "there is no exposure to judge".into()),
        Some(days) if is_too_long_ago(days) => {
            ("too_long_ago", alloc::format!("every exposure was more than {days} days ago, which is not judged"))
        }
        _ => ("no_day", String::from("no exposure counts for a day")),
    };
    DecisionReason::new(None, Verdict::DoNotNotify, code, text)
}

/// A reason for each day.
fn by_windows(judge: &Judge, rule: &WindowsRule, windows: &WindowSet, today: UtcDay) -> Vec<DecisionReason> {
    let mut reasons = Vec::new();
    judge.each_date(windows, today, |date, day, class| {
        reasons.push(DecisionReason::of_day(date, rule, day, class));
    });
    reasons
}

fn by_risk_score(v1: &ExposureSummary, at_least: u16) -> Vec<DecisionReason> {
    // What the phone left out was judged too.
    let mut largest: BTreeMap<UtcDay, u16> = BTreeMap::new();
    for exposure in v1.found() {
        let score = largest.entry(exposure.date).or_default();
        *score = exposure.risk.score.max(*score);
    }
    let reason = |(date, score): (UtcDay, u16)| {
        let (code, text) = match score {
            0 => ("risk_score_zero", "no exposure of the day has a risk score".into()),
            score if score < at_least => {
                ("risk_score_below", alloc::format!("the largest risk score of the day is {score}, below {at_least}"))
            }
            score => ("risk_score", alloc::format!("the largest risk score of the day is {score}")),
        };
        DecisionReason::new(Some(date), verdict(score > 0 && score >= at_least), code, text)
    };
    largest.into_iter().map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposure::{
        Condition, Configuration, DailySummariesConfiguration, ExposureWindow, Infectiousness, NotJudged, Operator,
        ScanInstance, Score, daily_summaries,
    };
    use crate::keys::{CalibrationConfidence, DiagnosisKey, ReportType};
    use crate::profile::Profile;
    use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow, SECONDS_PER_DAY};
    use std::format;

    #[test]
    fn without_a_day_the_reason_says_why() {
        const NOW: u64 = 1_601_000_000;
        let period = RollingWindow::new(EnIntervalNumber::new(2_666_000), RollingPeriod::FULL_DAY).unwrap();
        let window = |start, report_type| ExposureWindow {
            key: DiagnosisKey::new([7; 16], period),
            start,
            report_type,
            infectiousness: Infectiousness::Standard,
            calibration_confidence: CalibrationConfidence::High,
            scan_instances: Vec::new(),
        };
        // A type without daily summaries, and a window of twenty days ago.
        let untyped = window(NOW, ReportType::Unknown);
        let old = window(NOW - 20 * SECONDS_PER_DAY, ReportType::ConfirmedTest);
        let mut configuration = Configuration::default();
        configuration.daily_summaries.days_since_exposure_threshold = 14;
        let basis = Basis::of_times(crate::exposure::SearchedFiles::all(1), [NOW]);
        let decide = |rule: Rule, windows: &[ExposureWindow]| {
            let configuration = Configuration { rule, ..configuration.clone() };
            let days = daily_summaries(windows, &configuration.daily_summaries, Profile::Google, NOW);
            assert!(days.is_empty());
            let judge = Judge::new(&configuration, Profile::Google);
            let decision = Decision::of(&judge, &judge.set(windows), &basis, &ExposureSummary::default(), NOW);
            let [reason] = &decision.reasons[..] else { panic!("{decision}") };
            assert_eq!(
                (decision.verdict, reason.verdict, reason.date),
                (Verdict::DoNotNotify, Verdict::DoNotNotify, None)
            );
            (reason.code, decision.to_string())
        };
        for (windows, code, text) in [
            (vec![], "no_exposure", "there is no exposure to judge"),
            (vec![untyped.clone()], "no_day", "no exposure counts for a day"),
            (vec![old.clone(), untyped.clone()], "no_day", "no exposure counts for a day"),
            (vec![old.clone()], "too_long_ago", "every exposure was more than 14 days ago, which is not judged"),
        ] {
            let found = decide(Rule::any_score(), &windows);
            assert_eq!(found, (code, format!("do not notify\n  {text} [{code}]\n")));
            assert_eq!(decide(Rule::risk_score(), &windows).0, "no_exposure", "v1 has exposures of its own");
        }
    }

    fn scan(seconds: i64) -> Scan {
        Scan { typical_attenuation: Some(40), min_attenuation: Some(40), seconds }
    }

    /// A window whose score is its seconds.
    fn window(date: &str, seconds: i64) -> Window {
        Window {
            date: Some(date.parse().unwrap()),
            report_type: Some(ReportType::ConfirmedTest),
            infectiousness: Some(Infectiousness::High),
            calibration_confidence: None,
            scans: Vec::from([scan(seconds)]),
        }
    }

    /// A window of the worst class does not notify, and two of another do. The worst class is the answer, whoever tells
    /// it.
    #[test]
    fn a_decision_has_the_class_of_the_judgement_of_its_windows() {
        const NOON: u64 = 1_600_603_200; // 2020-09-20
        let class = |name: &str, rank, notifies, at_least| Class {
            name: name.into(),
            rank,
            notifies,
            when: When::All(Vec::from([Test::at_least(Value::ScoreSum, at_least)])),
        };
        let classes = Vec::from([class("silent", 1, false, 1000.0), class("loud", 2, true, 100.0)]);
        let rule = WindowsRule { judges: Judges::Windows, ..WindowsRule::new(Scores::DailySummaries, classes) };
        let rule = Rule {
            name: Some("app".into()),
            platform: None,
            decides: Decides::Windows(rule),
            notify: NotifyWhen::Always,
        };
        let judge = Judge::new(&Configuration { rule, ..Configuration::default() }, Profile::Google);
        let (today, date) = (UtcDay::from_unix_seconds(NOON), "2020-09-16".parse().unwrap());
        let seconds = [300, 1200, 400, 10];
        let windows = WindowSet::new(seconds.map(|seconds| window("2020-09-16", seconds)));

        let judgement = judge.judge(&windows, today, None);
        let silent = FoundClass { name: "silent".into(), rank: Some(1), date: Some(date) };
        assert_eq!((judgement.verdict, &judgement.class), (Verdict::Notify, &Some(silent)), "{judgement}");
        let basis = Basis::of_times(crate::exposure::SearchedFiles::all(1), [NOON]);
        let decision = Decision::of(&judge, &windows, &basis, &ExposureSummary::default(), NOON);
        assert_eq!(
            (decision.verdict, &decision.class, &decision.days[..]),
            (judgement.verdict, &judgement.class, &[date][..])
        );

        // A window that notifies speaks for its day, of two the one with the higher score.
        let speaker = judgement.day(date).unwrap();
        assert_eq!((speaker.window, speaker.class.as_deref()), (Some(2), Some("loud")), "{judgement}");
        let [reason] = &decision.reasons[..] else { panic!("{decision}") };
        assert_eq!((reason.date, reason.code, &reason.text), (Some(date), speaker.code, &speaker.text));
        let mut days = Vec::new();
        judge.each_day(&windows, today, |day| days.push(day));
        assert_eq!(days, [DayOutcome { date: Some(date), class: Some(1), verdict: Verdict::Notify }]);

        // An app keeps the sum of all windows.
        let kept = KeptDay { date, score_sum: 1910.0, notifies: true };
        assert_eq!(judgement.kept(), Some(Kept { class: judgement.class, days: Vec::from([kept]) }));
    }

    /// Every rule of one class or two, over days whose scores are rounded either way.
    #[test]
    fn no_reason_contradicts_the_outcome() {
        const NOON: u64 = 1_600_603_200; // 2020-09-20
        let windows = WindowSet::new([
            window("2020-09-14", 0),
            window("2020-09-15", 4),
            window("2020-09-16", 6),
            window("2020-09-16", 3),
            window("2020-09-17", 100),
            Window { report_type: None, ..window("2020-09-18", 100) },
        ]);
        let tenth = crate::exposure::Weight::new(0.1).unwrap();
        let daily_summaries =
            DailySummariesConfiguration { bucket_weights: [tenth; 4], ..DailySummariesConfiguration::default() };
        let tests =
            [(Operator::MoreThan, 0.0), (Operator::AtLeast, 1.0), (Operator::LessThan, 1.0), (Operator::Nop, 0.0)];
        let of = |name: &str, (op, threshold), notifies| Class {
            name: name.into(),
            rank: 1,
            notifies,
            when: When::All(Vec::from([Test { value: Value::ScoreSum, condition: Condition { op, threshold } }])),
        };
        let both =
            |name: &'static str| tests.iter().flat_map(move |test| [true, false].map(|yes| of(name, *test, yes)));
        let alone = both("first").map(|class| Vec::from([class]));
        let pairs =
            both("first").flat_map(|first| both("second").map(move |second| Vec::from([first.clone(), second])));
        for classes in alone.chain(pairs) {
            for round in [Rounding::Exact, Rounding::OneDecimal, Rounding::Nearest, Rounding::Truncated] {
                for judges in [Judges::Days, Judges::Windows] {
                    let scores = Scores::DailySummaries;
                    let rule = WindowsRule { judges, round, ..WindowsRule::new(scores, classes.clone()) };
                    let rule = Rule { decides: Decides::Windows(rule), ..Rule::any_score() };
                    let configuration =
                        Configuration { rule, daily_summaries: daily_summaries.clone(), ..Configuration::default() };
                    let judge = Judge::new(&configuration, Profile::Google);
                    let today = UtcDay::from_unix_seconds(NOON);
                    let basis = Basis::of_times(crate::exposure::SearchedFiles::all(1), [NOON]);
                    let decision = Decision::of(&judge, &windows, &basis, &ExposureSummary::default(), NOON);
                    let judgement = judge.judge(&windows, today, None);
                    assert_eq!(decision.verdict, judgement.verdict, "{classes:?} {round:?} {judges:?}\n{decision}");
                    let joined: Verdict = judgement.days.iter().map(|day| day.verdict).collect();
                    assert_eq!(joined, judgement.verdict, "{classes:?} {round:?} {judges:?}\n{judgement}");
                    let mut days = Vec::new();
                    judge.each_day(&windows, today, |day| days.push((day.date, day.verdict)));
                    let reasons = decision.reasons.iter().map(|reason| (reason.date, reason.verdict));
                    assert_eq!(reasons.collect::<Vec<_>>(), days, "{classes:?} {round:?} {judges:?}\n{decision}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_no_quiet_no() {
        let today = "2020-09-20".parse().unwrap();
        let verdict = |configuration: &Configuration, windows: &[Window]| {
            let judge = Judge::new(configuration, Profile::Google);
            let set = WindowSet::new(windows.iter().cloned());
            let outcome = judge.outcome(&set, today);
            assert_eq!(judge.judge(&set, today, None).verdict, outcome.verdict);
            outcome.verdict
        };
        let test = |op, threshold| Test { value: Value::ScoreSum, condition: Condition { op, threshold } };
        let rule = |test| Rule::of_summaries(Class::notify(When::All(Vec::from([test]))));
        let with = |rule| Configuration { rule, ..Configuration::default() };
        let (quiet, loud) = (window("2020-09-14", 0), window("2020-09-16", 300));

        // A threshold that is none.
        let nan = with(rule(test(Operator::AtLeast, f64::NAN)));
        assert_eq!(verdict(&nan, std::slice::from_ref(&loud)), Verdict::NotJudged(NotJudged::NotANumber));
        assert_eq!(verdict(&nan, &[]), Verdict::DoNotNotify);

        // Weights that overflow: the largest times 300 s is infinite, and times 0 no number.
        let heavy = |factor| {
            let product = ProductFactor {
                report_type: None,
                infectiousness: Some(crate::exposure::InfectiousnessWeights { high: factor, ..Default::default() }),
            };
            let sum = Sum::Window(WindowSum {
                weigh: Weigh::Scans,
                unit: Unit::Seconds,
                factor: Factor::Product(product),
                minimum_score: Score::default(),
                levels: None,
            });
            let weighing = Weighing::new(WeightedRanges::rising(&[], &[f64::MAX], false).unwrap(), sum);
            let mut rule = rule(test(Operator::AtLeast, 5.0));
            if let Decides::Windows(windows) = &mut rule.decides {
                windows.scores = Scores::Weighted(weighing);
            }
            with(rule)
        };
        let weight = |factor| crate::exposure::Weight::new(factor).unwrap();
        assert_eq!(verdict(&heavy(weight(1.0)), std::slice::from_ref(&loud)), Verdict::Notify);
        let not_a_number = Verdict::NotJudged(NotJudged::NotANumber);
        assert_eq!(verdict(&heavy(weight(0.0)), &[quiet.clone(), loud.clone()]), not_a_number);

        // Seconds beyond a century, forwards or back, and what is not said.
        let simple = with(rule(test(Operator::AtLeast, 5.0)));
        for (broken, reason) in [
            (window("2020-09-15", i64::MAX), NotJudged::ImpossibleSeconds),
            (window("2020-09-15", i64::MIN), NotJudged::ImpossibleSeconds),
            (Window { date: None, ..loud.clone() }, NotJudged::NoDate),
            (Window { report_type: None, ..loud.clone() }, NotJudged::NoReportType),
            (Window { infectiousness: None, ..loud.clone() }, NotJudged::NoInfectiousness),
            (
                Window { scans: Vec::from([Scan { typical_attenuation: None, ..scan(9) }]), ..loud.clone() },
                NotJudged::NoTypicalAttenuation,
            ),
        ] {
            assert_eq!(verdict(&simple, &[quiet.clone(), broken.clone()]), Verdict::NotJudged(reason), "{broken:?}");
            let other_day = window("2020-09-17", 300);
            assert_eq!(verdict(&simple, &[broken, other_day]), Verdict::Notify, "one day is enough");
        }
        assert_eq!(verdict(&with(Rule::risk_score()), &[loud]), Verdict::NotJudged(NotJudged::NoRiskScores));
    }

    /// Sums of summaries are those of `daily_summaries`, to the last bit.
    #[test]
    fn a_day_adds_up_as_its_summary() {
        let period = RollingWindow::new(EnIntervalNumber::new(2_666_000), RollingPeriod::FULL_DAY).unwrap();
        let start = 1_599_600_000;
        let windows: Vec<_> = (0..40_u64)
            .map(|number| ExposureWindow {
                key: DiagnosisKey::new([7; 16], period),
                start: start + number * 20_000,
                report_type: ReportType::from_number(i32::try_from(number % 6).unwrap()),
                infectiousness: [Infectiousness::Standard, Infectiousness::High][usize::from(number % 3 == 0)],
                calibration_confidence: CalibrationConfidence::High,
                scan_instances: (0..number % 5)
                    .map(|scan| ScanInstance {
                        typical_attenuation: u8::try_from(40 + 11 * scan + number % 7).unwrap(),
                        min_attenuation: 30,
                        seconds_since_last_scan: 60 * i64::try_from(scan + number % 4).unwrap(),
                    })
                    .collect(),
            })
            .collect();
        let weight = |factor| crate::exposure::Weight::new(factor).unwrap();
        let daily = DailySummariesConfiguration {
            bucket_weights: [weight(1.3), weight(0.7), weight(0.1), weight(0.01)],
            minimum_window_score: Score::new(60.0).unwrap(),
            ..DailySummariesConfiguration::default()
        };
        let configuration = Configuration { daily_summaries: daily.clone(), ..Configuration::default() };
        let now = start + 40 * 20_000;
        for profile in Profile::ALL {
            let judgement = Judge::new(&configuration, profile).judge(
                &windows.iter().collect(),
                UtcDay::from_unix_seconds(now),
                None,
            );
            let judged: Vec<_> = judgement.days.iter().map(|day| (day.date.unwrap(), day.totals)).collect();
            let summaries = daily_summaries(&windows, &daily, profile, now);
            assert_eq!(judged, summaries.iter().map(|day| (day.date, day.day_total)).collect::<Vec<_>>());
        }
    }
}
