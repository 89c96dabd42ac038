//! Everything that a report says, in each language.

mod english;
mod japanese;
mod labels;

use gaen::Profile;
use gaen::exposure::decision::{JudgedClass, JudgedDay, Test, When, WindowsRule};
use gaen::exposure::{
    AssumedScans, Condition, ConditionFound, Configuration, KeyExplanation, Operator, SearchedFiles, Verdict,
};
use gaen::time::{CivilDate, CivilDateTime, LocalRange, UtcDay, UtcOffset};

use maud::{Markup, html};

use super::facts::Facts;
use super::story::{Counts, Mark};
use crate::Language;
pub(super) use labels::Labels;

impl Language {
    pub(super) fn words(self) -> &'static dyn Words {
        match self {
            Self::English => &english::English,
            Self::Japanese => &japanese::Japanese,
        }
    }
}

/// A language's words. Numbers come as they are; the sentence belongs to the language.
pub(super) trait Words {
    /// Its code, as in `lang`.
    fn code(&self) -> &'static str;
    /// All that is said without numbers.
    fn labels(&self) -> &'static Labels;

    /// The names of the days, from that on which a week begins.
    fn weekdays(&self) -> [&'static str; 7];
    /// The place of a day in its week.
    fn column(&self, day: UtcDay) -> usize;
    /// The month of a week.
    fn month(&self, week: &[Option<UtcDay>; 7]) -> String;
    /// A day, with the day of the week.
    fn day(&self, day: UtcDay) -> String;
    /// A time, to the minute.
    fn time(&self, time: CivilDateTime) -> String;
    /// The hour in which a time lies.
    fn hour(&self, time: CivilDateTime) -> String;
    /// A time with the name of its clock.
    fn moment(&self, time: CivilDateTime, offset: UtcOffset) -> String;
    /// From when to when a day lasts on the reader's clock.
    fn on_your_clock(&self, range: LocalRange) -> String;
    /// From when to when.
    fn range(&self, range: LocalRange) -> String;
    /// A duration in hours, minutes and seconds.
    fn duration(&self, seconds: u64) -> String;
    /// A duration that is negative if a clock stepped back, which the text then says.
    fn signed_duration(&self, seconds: i64) -> String {
        let duration = self.duration_or_minus(seconds);
        if seconds < 0 { format!("{duration}{}", self.labels().stepped_back) } else { duration }
    }
    /// A duration that may be negative, without a word of why.
    fn duration_or_minus(&self, seconds: i64) -> String {
        let sign = if seconds < 0 { self.labels().minus } else { "" };
        format!("{sign}{}", self.duration(seconds.unsigned_abs()))
    }
    /// A number with at most two decimals.
    fn number(&self, number: f64) -> String {
        number_text(number)
    }
    /// A whole number.
    fn count(&self, number: u64) -> String {
        crate::text::grouped(number)
    }
    /// So many keys.
    fn keys(&self, number: usize) -> String;
    /// So many days.
    fn days(&self, number: usize) -> String;
    /// A file without a name.
    fn file(&self, number: usize) -> String;

    /// What the verdict means.
    fn meaning(&self, verdict: Verdict, counts: &Counts) -> String;
    /// A sentence for each kind of key that was heard and of which nothing is shown.
    fn unshown(&self, counts: &Counts) -> Vec<String>;
    /// That so many keys come to something else than a safer reading would say, if the language has a sentence for it.
    fn weakness(&self, code: &str, keys: usize) -> Option<String>;
    /// A sentence for each kind of file that was left out.
    fn left_out(&self, files: SearchedFiles) -> Vec<String>;
    /// That so many scans of all count a time that nobody measured.
    fn assumed(&self, scans: AssumedScans) -> String;
    /// The rule of the configuration.
    fn rule(&self, configuration: &Configuration) -> String;
    /// The thresholds of attenuation, dB.
    fn thresholds(&self, thresholds: &[u8]) -> String;
    /// Whose rules were followed.
    fn profile(&self, profile: Profile) -> &'static str;
    /// What was searched.
    fn compared(&self, keys: u64, files: u64) -> String;

    /// What a box of the calendar is, by the example of this day.
    fn calendar_note(&self, example: UtcDay, offset: UtcOffset) -> String;
    /// A date where there is little room: the day, and the month with its first.
    fn date_in_calendar(&self, date: CivilDate) -> String;
    /// How far a day has come.
    fn mark(&self, mark: Mark) -> &'static str;
    /// The same in a word.
    fn mark_word(&self, mark: Mark) -> &'static str;

    /// How long so many keys were heard on a day.
    fn heard(&self, keys: usize, seconds: i64, durations: &str) -> String;
    /// A class of attenuation, with the thresholds around it.
    fn zone(&self, zone: usize, thresholds: &[u8], name: &str) -> String;
    /// How much a second of each class of attenuation counts.
    fn weights(&self, thresholds: &[u8], weights: &[f64], names: &[&str]) -> String {
        let weight = |((zone, name), weight): ((usize, &&str), &f64)| {
            format!("{} × {}", self.zone(zone, thresholds, name), self.number(*weight))
        };
        names.iter().enumerate().zip(weights).map(weight).collect::<Vec<_>>().join(self.labels().comma)
    }
    /// Durations by attenuation, from near to far; those of no seconds are left out.
    fn durations(&self, seconds: &[i64], thresholds: &[u8], names: &[&str]) -> String;
    /// What was found for a condition of the rule.
    fn found(&self, found: &ConditionFound) -> String;
    /// What the condition asks.
    fn asked(&self, found: &ConditionFound) -> String;
    /// Both.
    fn condition(&self, found: &ConditionFound) -> String;
    /// The largest product of a day.
    fn largest_product(&self, product: f64) -> String;
    /// At least so much.
    fn at_least(&self, number: f64) -> String;

    /// What to call a key.
    fn contact(&self, number: usize) -> String;
    /// When a key was valid.
    fn key_of(&self, range: LocalRange) -> String;
    /// What a key's report says.
    fn report(&self, key: &KeyExplanation) -> String;
    /// The head of a window.
    fn window(&self, start: CivilDateTime, is_full: bool, seconds: i64) -> String;
    /// So many windows beside those that are shown.
    fn more_windows(&self, number: usize, seconds: i64) -> String;
    /// The sentence for a reason, if the language has one.
    fn known_reason(&self, code: &str, facts: &Facts) -> Option<String>;
    /// The sentence for a reason; that of the library for one that is not known here.
    fn reason(&self, code: &str, text: &str, facts: &Facts) -> String {
        self.known_reason(code, facts).unwrap_or_else(|| text.to_owned())
    }
    /// The sentence for the reason why a day has its class, with the values of the day, if the language has one.
    fn judged(&self, day: &JudgedDay) -> Option<String>;
    /// That days are UTC days, by the example of this one.
    fn days_are_utc(&self, example: LocalRange) -> String;
}

/// The signs in a sentence with conditions.
struct Marks {
    /// Before the conditions.
    before: &'static str,
    after_class: &'static str,
    between: &'static str,
    between_classes: &'static str,
    end: &'static str,
}

/// A sentence with the conditions that the class of a day meets, or that its classes do not meet.
fn with_conditions(words: &dyn Words, said: &str, day: &JudgedDay, are_met: bool, marks: &Marks) -> String {
    // The class that is met stands last.
    let passed_over = if are_met { day.classes.len().saturating_sub(1) } else { 0 };
    let of_class = |JudgedClass { class, conditions, .. }: &JudgedClass| {
        let found = conditions.iter().filter(|found| found.holds == Some(are_met));
        let found: Vec<_> = found.map(|found| words.condition(found)).collect();
        let found = (!found.is_empty()).then(|| found.join(marks.between))?;
        // A rule of one class needs no name for it.
        Some(if day.classes.len() == 1 { found } else { format!("{class}{}{found}", marks.after_class) })
    };
    let found: Vec<_> = day.classes.iter().skip(passed_over).filter_map(of_class).collect();
    let before = if found.is_empty() { "" } else { marks.before };
    format!("{said}{before}{}{}", found.join(marks.between_classes), marks.end)
}

/// `1,350`, `0.5`, `1.33`.
pub(super) fn number_text(number: f64) -> String {
    let text = format!("{number:.2}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = decimals.trim_end_matches('0');
    let whole = whole.parse::<u64>().map_or_else(|_| whole.to_owned(), crate::text::grouped);
    if decimals.is_empty() { whole } else { format!("{whole}.{decimals}") }
}

/// `1 h 5 min`, with these units and this between the numbers; no unit of which there is none.
fn duration(seconds: u64, units: [&str; 3], between: &str) -> String {
    let numbers = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    let parts = numbers.into_iter().zip(units).filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts.map(|(number, unit)| format!("{}{unit}", crate::text::grouped(number))).collect();
    if parts.is_empty() { format!("0{}", units[1]) } else { parts.join(between) }
}

/// What each language says, beside each other; the style sheet shows one.
pub(super) fn each(languages: &[&dyn Words], say: impl Fn(&dyn Words) -> Markup) -> Markup {
    match languages {
        [one] => say(*one),
        _ => html! { @for language in languages { span lang=(language.code()) { (say(*language)) } } },
    }
}

/// Days since Sunday.
fn weekday(day: UtcDay) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((day.days_since_epoch() % 7 + 4) % 7).unwrap_or_default()
}

/// The first day of a week that is shown.
fn first_day(week: &[Option<UtcDay>; 7]) -> Option<CivilDate> {
    week.iter().flatten().next().map(|day| day.date())
}

/// Hour and minute.
pub(super) fn hour_and_minute(time: CivilDateTime) -> (u32, u32) {
    (time.second_of_day() / 3600, time.second_of_day() / 60 % 60)
}

/// What notifies: each alternative with its conditions, which must hold together, by the names of the values.
fn asked(rule: &WindowsRule) -> Vec<Vec<(&'static str, Condition)>> {
    let named = |test: &Test| (test.value.name(), test.condition);
    let mut alternatives = Vec::new();
    for class in rule.classes.iter().filter(|class| class.notifies) {
        let asked = class.when.tests().iter().filter(|test| test.condition.op != Operator::Nop).map(named);
        match class.when {
            When::All(_) => alternatives.push(asked.collect::<Vec<_>>()),
            When::Any(_) => alternatives.extend(asked.map(|asked| vec![asked])),
        }
    }
    alternatives.retain(|asked| !asked.is_empty());
    alternatives
}

/// Whether the rule has classes, and none because of which the app notifies.
fn is_silent(rule: &WindowsRule) -> bool {
    !rule.classes.is_empty() && rule.classes.iter().all(|class| !class.notifies)
}

/// The nearest whole number, as far as there are.
fn whole(number: f64) -> i64 {
    format!("{number:.0}").parse().unwrap_or(if number < 0.0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (number, text) in [
            (0.0, "0"),
            (1350.0, "1,350"),
            (0.5, "0.5"),
            (4.0 / 3.0, "1.33"),
            (0.001, "0"),
            (1e18, "1,000,000,000,000,000,000"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn durations_have_hours() {
        for (seconds, english, japanese) in [
            (0, "0 min", "0分"),
            (45, "45 s", "45秒"),
            (3540, "59 min", "59分"),
            (3600, "1 h", "1時間"),
            (39_150, "10 h 52 min 30 s", "10時間52分30秒"),
            (7_200_060, "2,000 h 1 min", "2,000時間1分"),
        ] {
            assert_eq!(Language::English.words().duration(seconds), english);
            assert_eq!(Language::Japanese.words().duration(seconds), japanese);
        }
    }

    #[test]
    fn days_of_the_week() {
        for (day, sunday, monday) in [("1970-01-01", 4, 3), ("2020-08-23", 0, 6), ("2020-08-24", 1, 0)] {
            let day = day.parse().unwrap();
            assert_eq!(Language::Japanese.words().column(day), sunday);
            assert_eq!(Language::English.words().column(day), monday);
        }
    }
}
