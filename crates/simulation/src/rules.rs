//! The acceptance rules, in the plainest words: which of the sightings that are known to be of one key count.

use std::collections::BTreeMap;

use serde::Serialize;

/// Seconds after the first in which an identifier is still believed to come from its owner.
const REPLAY: u64 = 1200;
/// Intervals by which the clocks of two phones may differ.
const CLOCK: u64 = 12;

/// A sighting of an identifier of a published key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Sent {
    /// The position of the sighting among those of the person who heard it.
    pub sighting: usize,
    /// The interval that the sender's clock showed.
    pub interval: u32,
    /// `true` if the attacker sent it. The rules cannot know.
    pub relayed: bool,
}

/// A sighting of a published key that does not count, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dropped {
    /// The sighting.
    #[serde(flatten)]
    pub sent: Sent,
    /// The first rule that it breaks.
    pub reason: BrokenRule,
}

/// The rule because of which a sighting does not count, named as `gaen` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenRule {
    /// The clocks of sender and receiver were over 12 intervals apart, or the attacker took so long.
    ClockWindow,
    /// The same identifier was heard over 1200 s before.
    Replay,
}

/// The sightings of one key, each with its time by the clock of who heard it, in two: those that count, and the others.
pub(crate) fn judge(sent: &[(Sent, u64)]) -> (Vec<Sent>, Vec<Dropped>) {
    let in_time = |sent: &Sent, time: u64| (time / 600).abs_diff(u64::from(sent.interval)) <= CLOCK;
    let mut first_heard: BTreeMap<u32, u64> = BTreeMap::new();
    for (sent, time) in sent.iter().filter(|(sent, time)| in_time(sent, *time)) {
        let first = first_heard.entry(sent.interval).or_insert(*time);
        *first = (*first).min(*time);
    }
    let (mut accepted, mut dropped) = (Vec::new(), Vec::new());
    for (sent, time) in sent {
        let is_first = |first: &u64| time - first <= REPLAY;
        if !in_time(sent, *time) {
            dropped.push(Dropped { sent: *sent, reason: BrokenRule::ClockWindow });
        } else if first_heard.get(&sent.interval).is_some_and(is_first) {
            accepted.push(*sent);
        } else {
            dropped.push(Dropped { sent: *sent, reason: BrokenRule::Replay });
        }
    }
    (accepted, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_edge() {
        let at = |sighting, interval, time| (Sent { sighting, interval, relayed: false }, time);
        let sent = [
            at(0, 100, 600 * 100 + 1201),
            at(1, 100, 600 * 100),
            at(2, 100, 600 * 100 + 1200),
            at(3, 100, 600 * 88 - 1),
            at(4, 200, 600 * 188),
            at(5, 300, 600 * 313 - 1),
            at(6, 300, 600 * 313),
        ];
        let (accepted, dropped) = judge(&sent);
        let dropped: Vec<_> = dropped.iter().map(|dropped| (dropped.sent.sighting, dropped.reason)).collect();
        assert_eq!(accepted.iter().map(|sent| sent.sighting).collect::<Vec<_>>(), [1, 2, 4, 5]);
        assert_eq!(dropped, [(0, BrokenRule::Replay), (3, BrokenRule::ClockWindow), (6, BrokenRule::ClockWindow)]);
    }
}
