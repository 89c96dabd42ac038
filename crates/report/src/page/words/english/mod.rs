//! English.

mod labels;
mod reasons;
mod terms;

use gaen::Profile;
use gaen::exposure::decision::{Decides, JudgedDay};
use gaen::exposure::{AssumedScans, ConditionFound, Configuration, KeyExplanation, SearchedFiles, Verdict};
use gaen::time::{CivilDate, CivilDateTime, LocalRange, UtcDay, UtcOffset};

use super::{Labels, Words, first_day, hour_and_minute, weekday};
use crate::page::facts::Facts;
use crate::page::story::{Counts, Mark, NoDay};
use crate::text::counted;
use terms::{amount, asks, condition_name, date, month, report_type, short, short_hour};

pub(super) struct English;

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl Words for English {
    fn code(&self) -> &'static str {
        "en"
    }

    fn labels(&self) -> &'static Labels {
        &labels::LABELS
    }

    fn weekdays(&self) -> [&'static str; 7] {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    }

    fn column(&self, day: UtcDay) -> usize {
        (weekday(day) + 6) % 7
    }

    fn month(&self, week: &[Option<UtcDay>; 7]) -> String {
        first_day(week).map(|date| month(date).to_owned()).unwrap_or_default()
    }

    fn day(&self, day: UtcDay) -> String {
        format!("{} {} (UTC day)", WEEKDAYS[weekday(day)], date(day.date()))
    }

    fn time(&self, time: CivilDateTime) -> String {
        let (hour, minute) = hour_and_minute(time);
        format!("{}, {hour:02}:{minute:02}", date(time.date()))
    }

    fn hour(&self, time: CivilDateTime) -> String {
        let (hour, _) = hour_and_minute(time);
        format!("{}, {hour:02}:00 to {hour:02}:59", date(time.date()))
    }

    fn moment(&self, time: CivilDateTime, offset: UtcOffset) -> String {
        format!("{} (UTC{offset})", self.time(time))
    }

    fn on_your_clock(&self, range: LocalRange) -> String {
        format!("On your clock: {}", self.range(range))
    }

    fn range(&self, range: LocalRange) -> String {
        let (start, end) = (short(range.start), self.time(range.end));
        format!("{start} to {end} (UTC{})", range.offset)
    }

    fn duration(&self, seconds: u64) -> String {
        super::duration(seconds, [" h", " min", " s"], " ")
    }

    fn keys(&self, number: usize) -> String {
        counted(number, "key")
    }

    fn days(&self, number: usize) -> String {
        counted(number, "day")
    }

    fn file(&self, number: usize) -> String {
        format!("File {number}")
    }

    fn meaning(&self, verdict: Verdict, counts: &Counts) -> String {
        let days = counted(counts.notify_days, "day");
        let keys = counted(counts.left, "diagnosis key");
        match verdict {
            Verdict::NotJudged(reason) => self.reason(reason.code(), &reason.to_string(), &Facts::default()),
            Verdict::Notify => format!(
                "On {days} this phone was close enough, for long enough, to phones whose owners published a positive \
                 result: the rule of this configuration asks for a notification."
            ),
            Verdict::DoNotNotify => match (counts.left, counts.no_day) {
                (1.., None) => format!(
                    "Signals of {keys} were heard, but no day meets the rule by which this configuration notifies. Each \
                     day below tells why."
                ),
                (1.., Some(NoDay::TooLongAgo(days))) => format!(
                    "Signals of {keys} were heard, but more than {} ago: this configuration does not count what is so \
                     long ago.",
                    counted(days, "day")
                ),
                (1.., Some(NoDay::NothingCounts)) => {
                    format!("Signals of {keys} were heard, but nothing of them counts for a day.")
                }
                (0, _) if counts.unshown() > 0 => {
                    "This phone heard signals of published keys, but none of them counts.".into()
                }
                (0, _) if counts.near_misses > 0 => {
                    "Nothing that this phone heard counts as a contact. Some signals carry identifiers of \
                     published keys and were not counted; they are listed below."
                        .into()
                }
                (0, _) => "Nothing that this phone heard comes from the owners of the published keys it was compared \
                           with."
                    .into(),
            },
        }
    }

    fn unshown(&self, counts: &Counts) -> Vec<String> {
        let keys = |number| (number > 0).then(|| counted(number, "diagnosis key"));
        let withdrawn = keys(counts.withdrawn)
            .map(|keys| format!("Signals of {keys} were heard, but do not count: the report was withdrawn."));
        let unused = keys(counts.unused).map(|keys| {
            format!(
                "Signals of {keys} were heard, but do not count: the report is of a kind that this configuration does not \
                 use."
            )
        });
        let other_period = keys(counts.other_period).map(|keys| {
            format!(
                "Signals of {keys} were heard, but do not count: the same key matched before, valid at another time, and a \
                 phone stores a key once."
            )
        });
        withdrawn.into_iter().chain(unused).chain(other_period).collect()
    }

    fn weakness(&self, code: &str, keys: usize) -> Option<String> {
        let keys = counted(keys, "diagnosis key");
        Some(match code {
            "key_silenced" => format!(
                "Of {keys} nothing counts: louder signals, whose sending power is not believed, took the place of all \
                 that was heard."
            ),
            "scan_silenced" => format!(
                "Of {keys} some scans do not count in version 1: louder signals, whose sending power is not believed, \
                 took their place."
            ),
            "scan_displaced" => {
                format!("Of {keys} some scans count in version 1 by their loudest signal, which is not the nearest.")
            }
            "seconds_negative" => {
                format!("Of {keys} some scans count negative time, which is taken off, as a clock had stepped back.")
            }
            _ => return None,
        })
    }

    fn left_out(&self, files: SearchedFiles) -> Vec<String> {
        let SearchedFiles { used, rejected, outdated, awaited } = files;
        let rejected = (rejected > 0).then(|| {
            let given = counted(used + rejected, "file");
            format!("Of {given} {rejected} could not be used; what they hold is not in this verdict.")
        });
        let outdated = (outdated > 0).then(|| {
            let known = counted(used.max(outdated), "file");
            format!("Of {known} {outdated} not searched for the newest signals yet.")
        });
        let awaited = (awaited > 0).then(|| {
            let (files, was) = (counted(awaited, "file"), if awaited == 1 { "was" } else { "were" });
            format!("{files} of a restored backup {was} not given again; what was found there is not in this verdict.")
        });
        rejected.into_iter().chain(outdated).chain(awaited).collect()
    }

    fn assumed(&self, AssumedScans { assumed, scans }: AssumedScans) -> String {
        let scans = counted(scans, "scan");
        format!(
            "Of {scans} {} count as 120 seconds each, because the phone's records do not say when it scanned before. The true \
             times may be longer or shorter.",
            self.count(assumed)
        )
    }

    fn rule(&self, configuration: &Configuration) -> String {
        match &configuration.rule.decides {
            Decides::RiskScore { at_least } => {
                let minimum = configuration.risk.minimum_risk_score;
                let of = if *at_least > 1 { format!(" of at least {at_least}") } else { String::new() };
                format!("Notify when an exposure has a risk score{of} (version 1, minimum {minimum}).")
            }
            Decides::Windows(rule) if super::is_silent(rule) => "Never notify: no class of the rule notifies.".into(),
            Decides::Windows(rule) if rule.notifies_of_any_score() => "Notify because of any day with a score.".into(),
            Decides::Windows(rule) => {
                let one = |(name, condition)| format!("{} {}", condition_name(name), asks(name, condition));
                let together = |asked: Vec<_>| asked.into_iter().map(one).collect::<Vec<_>>().join("; ");
                match super::asked(rule).into_iter().map(together).collect::<Vec<_>>() {
                    asked if asked.is_empty() => "Never notify: the rule has no conditions.".into(),
                    asked => format!("Notify because of a day on which: {}.", asked.join(", or: ")),
                }
            }
        }
    }

    fn thresholds(&self, thresholds: &[u8]) -> String {
        let thresholds: Vec<_> = thresholds.iter().map(ToString::to_string).collect();
        format!("{}\u{a0}dB of attenuation", thresholds.join(", "))
    }

    fn profile(&self, profile: Profile) -> &'static str {
        match profile {
            Profile::AppleV1 => "Apple's, by its snippets of 2020",
            Profile::DocumentedV2 => "The documents of version 2 (not verified against a system)",
            Profile::GoogleGuarded => "Google's of 2021, guarded against bent metadata and clocks that step back",
            _ => "Google's, by its published snapshot of 2021",
        }
    }

    fn compared(&self, keys: u64, files: u64) -> String {
        format!("{} in {}", counted(keys, "published key"), counted(files, "file"))
    }

    fn calendar_note(&self, example: UtcDay, offset: UtcOffset) -> String {
        let range = self.range(example.local_range(offset));
        format!("Days are UTC days, as phones count them. The box “{}” is {range} on your clock.", example.date().day())
    }

    fn date_in_calendar(&self, date: CivilDate) -> String {
        if date.day() == 1 { format!("1 {}", month(date)) } else { date.day().to_string() }
    }

    fn mark(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Notify => "A reason to notify",
            Mark::Scored => "A score, but no reason to notify",
            Mark::Matched => "Heard, without a score",
            Mark::NearMiss => "Heard, but not counted",
            Mark::Unknown => "not known",
            Mark::Signals => "Signals heard, none of them a contact",
            Mark::Nothing => "No signals on record",
        }
    }

    fn mark_word(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Notify => "notify",
            Mark::Scored => "score",
            Mark::Matched => "heard",
            Mark::NearMiss => "not counted",
            Mark::Unknown => "not known",
            Mark::Signals => "no contact",
            Mark::Nothing => "no signals",
        }
    }

    fn heard(&self, keys: usize, seconds: i64, durations: &str) -> String {
        let total = self.signed_duration(seconds);
        let keys = counted(keys, "diagnosis key");
        if durations.is_empty() {
            format!("Signals of {keys} were heard, for {total} in all.")
        } else {
            format!("Signals of {keys} were heard, for {total} in all: {durations}.")
        }
    }

    fn zone(&self, zone: usize, thresholds: &[u8], name: &str) -> String {
        match (zone.checked_sub(1).and_then(|zone| thresholds.get(zone)), thresholds.get(zone)) {
            (_, Some(up_to)) => format!("{name} (up to {up_to}\u{a0}dB)"),
            (Some(over), None) => format!("{name} (over {over}\u{a0}dB)"),
            (None, None) => name.to_owned(),
        }
    }

    fn durations(&self, seconds: &[i64], thresholds: &[u8], names: &[&str]) -> String {
        let parts = seconds.iter().zip(names).enumerate().filter(|(_, (seconds, _))| **seconds != 0);
        let part = |(zone, (seconds, name)): (usize, (&i64, &&str))| {
            format!("{} {}", self.signed_duration(*seconds), self.zone(zone, thresholds, name))
        };
        parts.map(part).collect::<Vec<_>>().join(", ")
    }

    fn found(&self, found: &ConditionFound) -> String {
        format!("{} {}", condition_name(found.name), amount(found.name, found.value))
    }

    fn asked(&self, found: &ConditionFound) -> String {
        asks(found.name, found.condition)
    }

    fn condition(&self, found: &ConditionFound) -> String {
        format!("{}, asked is {}", self.found(found), self.asked(found))
    }

    fn largest_product(&self, product: f64) -> String {
        format!("largest product {}", self.number(product))
    }

    fn at_least(&self, number: f64) -> String {
        format!("at least {}", self.number(number))
    }

    fn contact(&self, number: usize) -> String {
        format!("Contact {number}")
    }

    fn key_of(&self, range: LocalRange) -> String {
        format!("Its key was published for {}.", self.range(range))
    }

    fn report(&self, key: &KeyExplanation) -> String {
        let kind = report_type(key.report_type);
        let days = |days: i8| counted(days.unsigned_abs(), "day");
        let onset = match key.days_since_onset_of_symptoms {
            Some(0) => "on the day of the onset of symptoms".into(),
            Some(after @ 1..) => format!("{} after the onset of symptoms", days(after)),
            Some(before) => format!("{} before the onset of symptoms", days(before)),
            None => "onset of symptoms not told".into(),
        };
        format!("Report: {kind}; {onset}; transmission risk level {}.", key.transmission_risk_level)
    }

    fn window(&self, start: CivilDateTime, is_full: bool, seconds: i64) -> String {
        let start = if is_full { short(start) } else { short_hour(start) };
        format!("{start}: {}", self.signed_duration(seconds))
    }

    fn more_windows(&self, number: usize, seconds: i64) -> String {
        format!("{} of this key on this day: {} in all", counted(number, "later window"), self.signed_duration(seconds))
    }

    fn known_reason(&self, code: &str, facts: &Facts) -> Option<String> {
        reasons::reason(code, facts)
    }

    fn judged(&self, day: &JudgedDay) -> Option<String> {
        reasons::judged(day)
    }

    fn days_are_utc(&self, example: LocalRange) -> String {
        format!("On which of two local dates it was: a UTC day such as {} lies on both.", self.range(example))
    }
}
