//! What there is to tell, day by day, in any language.

use std::collections::{BTreeMap, BTreeSet};

use gaen::exposure::{DayExplanation, ExposureExplanation, Hit, KeyExplanation, Reason, Verdict, WindowExplanation};
use gaen::time::UtcDay;

use super::ReportInput;

/// A report's content.
pub(super) struct Story<'a> {
    /// Days of which there is something to tell, in order.
    pub(super) days: Vec<Day<'a>>,
    /// What was heard of keys and does not count.
    pub(super) near_misses: Vec<NearMiss<'a>>,
    /// How many there are of each.
    pub(super) counts: Counts,
    /// Where a safer reading may come to something else, with the number of keys of which that is said.
    pub(super) weaknesses: Vec<(&'a Reason, usize)>,
    /// Whether what was not found was not there.
    pub(super) is_searched: bool,
    /// Days of which there is a signal on record.
    heard_on: &'a BTreeSet<UtcDay>,
}

/// The three results, and what they rest on.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    /// Keys in the files that were accepted.
    pub(super) compared: u64,
    /// Keys of which a sighting counts, those of which nothing else is shown too.
    pub(super) matched: usize,
    /// Of these, keys of which something is left for windows or exposures.
    pub(super) left: usize,
    /// Keys of which all that was heard is silenced.
    pub(super) silenced: usize,
    /// Keys that were heard and whose reports were withdrawn.
    pub(super) withdrawn: usize,
    /// Keys that were heard and are of a kind that the configuration does not use.
    pub(super) unused: usize,
    /// Keys that were heard and whose bytes are stored with another start or period.
    pub(super) other_period: usize,
    /// Why there is no day to judge; `None` if there is one.
    pub(super) no_day: Option<NoDay>,
    /// Keys that have a score, by the rule that decides.
    pub(super) scored: usize,
    /// Days that are a reason to notify.
    pub(super) notify_days: usize,
    /// Sightings of keys that do not count.
    pub(super) near_misses: usize,
}

/// Why what was heard is on no day that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDay {
    /// All of it was more than so many days ago.
    TooLongAgo(u32),
    /// None of it counts, for several reasons or another one.
    NothingCounts,
}

/// Why a key is counted and not shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    OtherPeriod,
    Withdrawn,
    Unused,
}

/// One UTC day.
pub(super) struct Day<'a> {
    pub(super) date: UtcDay,
    /// How it was judged; nothing where none of its windows counts.
    pub(super) judged: Option<&'a DayExplanation>,
    pub(super) contacts: Vec<Contact<'a>>,
    /// How far it has come.
    pub(super) mark: Mark,
}

/// What was heard of one key on one day.
pub(super) struct Contact<'a> {
    /// Counted among the keys that are shown, so that no gap tells of those that are not.
    pub(super) number: usize,
    pub(super) key: &'a KeyExplanation,
    pub(super) windows: Vec<&'a WindowExplanation>,
    pub(super) exposures: Vec<&'a ExposureExplanation>,
}

/// Sightings of one key that were dropped for the same reason in the same hour.
pub(super) struct NearMiss<'a> {
    pub(super) reason: &'a Reason,
    pub(super) hits: Vec<&'a Hit>,
}

/// How far a day has come on the way from heard to notified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Nothing was searched that could tell.
    Unknown,
    /// There is no signal on record.
    Nothing,
    /// There are signals, and none of them makes a contact.
    Signals,
    NearMiss,
    Matched,
    Scored,
    Notify,
}

impl Mark {
    const SEARCHED: [Self; 6] =
        [Self::Notify, Self::Scored, Self::Matched, Self::NearMiss, Self::Signals, Self::Nothing];
    const NOT_SEARCHED: [Self; 5] = [Self::Notify, Self::Scored, Self::Matched, Self::NearMiss, Self::Unknown];

    /// Its class in the style sheet.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Nothing => "nothing",
            Self::Signals => "signals",
            Self::NearMiss => "near-miss",
            Self::Matched => "matched",
            Self::Scored => "scored",
            Self::Notify => "notify",
        }
    }

    /// Its sign: a shape of its own, as colours do not tell everyone the same.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Unknown => "?",
            Self::Nothing => "–",
            Self::Signals => "·",
            Self::NearMiss => "○",
            Self::Matched => "●",
            Self::Scored => "◆",
            Self::Notify => "▲",
        }
    }
}

impl<'a> Story<'a> {
    pub(super) fn new(input: &ReportInput<'a>) -> Self {
        let explanation = input.explanation;
        let recursive = input.configuration.mapping.recursive_enabled;
        let keys: Vec<_> = explanation.keys.iter().filter(|key| Hidden::of(key, recursive).is_none()).collect();
        let heard = || explanation.keys.iter().filter(|key| !key.hits.is_empty());
        let heard_of = |why| heard().filter(|key| Hidden::of(key, recursive) == Some(why)).count();
        let silenced = keys.iter().filter(|key| is_silenced(key)).count();
        let near_misses = near_misses(&keys);
        let by_v1 = input.by_v1();
        let days = days(&keys, &explanation.days, by_v1);
        let scored = |key: &&&KeyExplanation| if by_v1 { key.scored_v1.yes } else { key.scored_v2.yes };
        let counts = Counts {
            compared: input.files.iter().fold(0, |sum, file| sum.saturating_add(file.keys)),
            matched: explanation.keys.iter().filter(|key| key.matched.yes).count(),
            left: keys.iter().filter(|key| key.matched.yes && !is_silenced(key)).count(),
            silenced,
            withdrawn: heard_of(Hidden::Withdrawn),
            unused: heard_of(Hidden::Unused),
            other_period: heard_of(Hidden::OtherPeriod),
            no_day: explanation.days.is_empty().then(|| no_day(input, &keys)),
            scored: keys.iter().filter(scored).count(),
            notify_days: explanation.days.iter().filter(|day| day.verdict == Verdict::Notify).count(),
            near_misses: near_misses.iter().map(|near_miss| near_miss.hits.len()).sum(),
        };
        let is_searched = explanation.basis.not_searched().is_none();
        let weaknesses = weaknesses(&keys);
        Self { days, near_misses, counts, weaknesses, is_searched, heard_on: input.heard_on }
    }

    /// How far this day has come.
    pub(super) fn mark(&self, date: UtcDay) -> Mark {
        let day = self.days.iter().find(|day| day.date == date);
        let missed = || self.near_misses.iter().any(|near_miss| near_miss.date() == Some(date));
        match day {
            Some(day) => day.mark,
            None if missed() => Mark::NearMiss,
            None if self.is_searched && self.heard_on.contains(&date) => Mark::Signals,
            None if self.is_searched => Mark::Nothing,
            None => Mark::Unknown,
        }
    }

    /// The marks that a day can have.
    pub(super) const fn marks(&self) -> &'static [Mark] {
        if self.is_searched { &Mark::SEARCHED } else { &Mark::NOT_SEARCHED }
    }

    /// Each day with a mark, in order.
    pub(super) fn marked(&self) -> BTreeSet<UtcDay> {
        let near_misses = self.near_misses.iter().filter_map(NearMiss::date);
        self.days.iter().map(|day| day.date).chain(near_misses).collect()
    }
}

impl Hidden {
    /// The first reason that holds; none if the key is shown.
    fn of(key: &KeyExplanation, recursive_enabled: bool) -> Option<Self> {
        if key.first_reason.as_ref().is_some_and(|why| why.code == "other_period") {
            return Some(Self::OtherPeriod);
        }
        match key.report_type {
            "revoked" => Some(Self::Withdrawn),
            "recursive" if !recursive_enabled => Some(Self::Unused),
            _ => None,
        }
    }
}

impl Counts {
    /// Keys that were heard and of which nothing is shown.
    pub(super) const fn unshown(&self) -> usize {
        self.silenced.saturating_add(self.withdrawn).saturating_add(self.unused).saturating_add(self.other_period)
    }
}

impl Day<'_> {
    /// The seconds of all windows.
    pub(super) fn seconds(&self) -> i64 {
        let windows = self.contacts.iter().flat_map(|contact| &contact.windows);
        windows.fold(0, |sum: i64, window| sum.saturating_add(seconds(window)))
    }

    /// The largest risk score of v1.
    pub(super) fn risk_score(&self) -> u16 {
        let exposures = self.contacts.iter().flat_map(|contact| &contact.exposures);
        exposures.map(|exposure| exposure.risk_score).max().unwrap_or_default()
    }
}

impl Contact<'_> {
    /// Whether it has a score on its day, by the rule that decides.
    fn scores(&self, by_v1: bool) -> bool {
        if by_v1 {
            self.exposures.iter().any(|exposure| exposure.reason.is_none())
        } else {
            self.windows.iter().any(|window| window.reason.is_none())
        }
    }
}

impl NearMiss<'_> {
    /// The UTC day in which they were heard.
    pub(super) fn date(&self) -> Option<UtcDay> {
        self.hits.first().map(|hit| UtcDay::from_unix_seconds(hit.time))
    }
}

/// Seconds of v1, which are never negative, beside those of v2.
pub(super) fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// The seconds of a window.
pub(super) fn seconds(window: &WindowExplanation) -> i64 {
    window.scans.iter().fold(0, |sum: i64, scan| sum.saturating_add(scan.scan.seconds_since_last_scan))
}

/// Whether nothing is left of it, as louder signals stood for all its scans.
fn is_silenced(key: &KeyExplanation) -> bool {
    key.weaknesses.iter().any(|weakness| weakness.code == "key_silenced")
}

/// Each weakness of these keys once, with the number of keys that have it.
fn weaknesses<'a>(keys: &[&'a KeyExplanation]) -> Vec<(&'a Reason, usize)> {
    let mut found: BTreeMap<_, (&Reason, usize)> = BTreeMap::new();
    for weakness in keys.iter().flat_map(|key| &key.weaknesses) {
        found.entry(weakness.code).or_insert((weakness, 0)).1 += 1;
    }
    found.into_values().collect()
}

/// Why nothing of these keys is on a day.
fn no_day(input: &ReportInput<'_>, keys: &[&KeyExplanation]) -> NoDay {
    let mut windows = keys.iter().flat_map(|key| &key.windows).peekable();
    let is_too_long_ago =
        |window: &WindowExplanation| window.reason.as_ref().is_some_and(|why| why.code == "too_long_ago");
    match input.configuration.max_age_days() {
        Some(days) if windows.peek().is_some() && windows.all(is_too_long_ago) => NoDay::TooLongAgo(days),
        _ => NoDay::NothingCounts,
    }
}

fn days<'a>(keys: &[&'a KeyExplanation], judged: &'a [DayExplanation], by_v1: bool) -> Vec<Day<'a>> {
    let dates = keys.iter().flat_map(|key| {
        let windows = key.windows.iter().map(|window| window.date);
        windows.chain(key.exposures.iter().map(|exposure| exposure.date))
    });
    let dates: BTreeSet<_> = dates.chain(judged.iter().map(|day| day.date)).collect();
    let contact = |(number, key): (usize, &&'a KeyExplanation), date| {
        let windows: Vec<_> = key.windows.iter().filter(|window| window.date == date).collect();
        let exposures: Vec<_> = key.exposures.iter().filter(|exposure| exposure.date == date).collect();
        let heard = !windows.is_empty() || !exposures.is_empty();
        heard.then_some(Contact { number, key, windows, exposures })
    };
    let matched = || (1..).zip(keys.iter().filter(|key| key.matched.yes));
    let day = |date| {
        let judged = judged.iter().find(|day| day.date == date);
        let contacts: Vec<_> = matched().filter_map(|key| contact(key, date)).collect();
        let mark = match judged {
            Some(judged) if judged.verdict == Verdict::Notify => Mark::Notify,
            _ if contacts.iter().any(|contact| contact.scores(by_v1)) => Mark::Scored,
            _ => Mark::Matched,
        };
        Day { date, judged, contacts, mark }
    };
    dates.into_iter().map(day).collect()
}

fn near_misses<'a>(keys: &[&'a KeyExplanation]) -> Vec<NearMiss<'a>> {
    let mut groups: BTreeMap<_, NearMiss<'a>> = BTreeMap::new();
    for key in keys {
        for hit in &key.hits {
            let Some(reason) = &hit.dropped else { continue };
            let group = groups.entry((hit.time / 3600, key.number, reason.code));
            group.or_insert_with(|| NearMiss { reason, hits: Vec::new() }).hits.push(hit);
        }
    }
    groups.into_values().collect()
}
