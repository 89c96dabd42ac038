//! An answer compared with the one before.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::judge::Outcome;
use crate::exposure::configuration::rule::{NotifyWhen, WindowsRule};
use crate::exposure::summary::days_ago;
use crate::names::named;
use crate::time::UtcDay;

/// The class of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FoundClass {
    /// The name of the class.
    pub name: String,
    /// The rank of the class: 1 is worst. `None` for the answer if no day has a class.
    pub rank: Option<u8>,
    /// The latest day of the class; `None` if no day has a class.
    pub date: Option<UtcDay>,
}

impl FoundClass {
    /// The class of this outcome.
    pub(super) fn of(rule: &WindowsRule, outcome: &Outcome) -> Option<Self> {
        match outcome.class.and_then(|place| rule.classes.get(place)) {
            Some(class) => Some(Self { name: class.name.clone(), rank: Some(class.rank), date: outcome.date }),
            None => rule.otherwise.clone().map(|name| Self { name, rank: None, date: None }),
        }
    }
}

/// An answer as an app keeps it, to compare the next one with.
#[derive(Clone, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Kept {
    /// The class of the answer. `None` if no day had a class and the rule names no answer for that.
    pub class: Option<FoundClass>,
    /// The days that were judged, in order.
    pub days: Vec<KeptDay>,
}

/// A day as an app keeps it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct KeptDay {
    /// The date of the day, in UTC.
    pub date: UtcDay,
    /// The sum of the day's scores.
    pub score_sum: f64,
    /// `true` if the day is a reason to notify.
    pub notifies: bool,
}

/// The difference between an answer and the answer of before, and whether the app tells its user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change {
    /// The kind of difference.
    pub kind: ChangeKind,
    /// `true` if the app tells its user.
    pub tells: bool,
    /// The day that lost its score, if the answer is revoked; otherwise `None`.
    pub missed: Option<UtcDay>,
}

/// The difference between an answer and the answer of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ChangeKind {
    /// The answer is the same.
    Same,
    /// There was no class before.
    New,
    /// The class is worse.
    Worse,
    /// The class is better, or no day has a class any more.
    Better,
    /// The class has the same rank as before, and another day or name.
    Moved,
    /// No day has a class any more, and a kept day lost its score: the report was withdrawn.
    Revoked,
}

named! {
    ChangeKind, "kind of change":
    Same => "same",
    New => "new",
    Worse => "worse",
    Better => "better",
    Moved => "moved",
    Revoked => "revoked",
}

impl Change {
    /// Compares the answer of the day `today` with the one before.
    pub(super) fn of(before: &Kept, now: &Kept, when: NotifyWhen, today: UtcDay) -> Self {
        let (class_before, class_now) = (before.dated_class(), now.dated_class());
        let missed = match (when, class_before, class_now) {
            (NotifyWhen::Changed { revoked_within_days }, Some(_), None) => {
                missed(before, now, revoked_within_days, today)
            }
            _ => None,
        };
        let kind = match (class_before, class_now) {
            (None, None) => ChangeKind::Same,
            (None, Some(_)) => ChangeKind::New,
            (Some(_), None) if missed.is_some() => ChangeKind::Revoked,
            (Some(_), None) => ChangeKind::Better,
            (Some(before), Some(now)) if before == now => ChangeKind::Same,
            (Some(before), Some(now)) => match before.rank.cmp(&now.rank) {
                Ordering::Less => ChangeKind::Better,
                Ordering::Equal => ChangeKind::Moved,
                Ordering::Greater => ChangeKind::Worse,
            },
        };
        let mut notifying = now.days.iter().filter(|day| day.notifies);
        let tells = match when {
            NotifyWhen::Always => notifying.next().is_some(),
            NotifyWhen::Changed { .. } => match kind {
                ChangeKind::Same => false,
                // Days that only grew too old are no news: without any class left, nobody is told.
                ChangeKind::Better => class_now.is_some(),
                ChangeKind::New | ChangeKind::Worse | ChangeKind::Moved | ChangeKind::Revoked => true,
            },
            NotifyWhen::LaterDay => {
                let before = class_before.and_then(|class| class.date);
                notifying.any(|day| before.is_none_or(|before| day.date > before))
            }
            NotifyWhen::NewDay => {
                let notified = |date| before.days.iter().any(|day| day.date == date && day.notifies);
                notifying.any(|day| !notified(day.date))
            }
        };
        Self { kind, tells, missed }
    }
}

impl Kept {
    /// The class, if a day has one. The answer for nothing has no day.
    fn dated_class(&self) -> Option<&FoundClass> {
        self.class.as_ref().filter(|class| class.date.is_some())
    }
}

/// The first kept day, recent enough, that is not there any more or has a smaller sum.
fn missed(before: &Kept, now: &Kept, within_days: u32, today: UtcDay) -> Option<UtcDay> {
    let recent = |day: &&KeptDay| days_ago(day.date, today) <= within_days.into();
    let lost = |day: &&KeptDay| {
        let now = now.days.iter().find(|now| now.date == day.date);
        now.is_none_or(|now| now.score_sum < day.score_sum)
    };
    before.days.iter().filter(recent).find(lost).map(|day| day.date)
}
