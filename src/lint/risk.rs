//! The scores of v1.

use core::ops::RangeInclusive;

use super::{Lint, LintCode, all_levels, listed};
use crate::exposure::{ATTENUATION_ABOVE, DAYS_FROM, MINUTES_UP_TO, RiskConfiguration, RiskFactor, RiskReach, rules};
use crate::profile::Profile;

/// The largest attenuation in dB that is still only that of phones that all but touch.
const ALL_BUT_TOUCHING: u8 = 33;

pub(super) fn lint(risk: &RiskConfiguration, profile: Profile) -> Vec<Lint> {
    let reach = RiskReach::of(risk, all_levels(), profile);
    let mut lints: Vec<_> = order(risk).collect();
    if reach.scores() {
        lints.extend(cannot_score(risk, &reach, profile));
    } else {
        lints.push(Lint::field(LintCode::RiskScoreUnreachable, "risk.minimum_risk_score", unreachable(&reach)));
    }
    lints.extend(first_duration(risk, profile));
    lints.extend(durations(risk, profile));
    lints
}

/// The sentence that would have saved five months.
pub(super) fn unreachable(reach: &RiskReach) -> String {
    format!("maximum reachable score {} is below the minimum {}: nothing can score", reach.maximum(), reach.minimum)
}

/// Tables that fall where they should rise.
fn order(risk: &RiskConfiguration) -> impl Iterator<Item = Lint> {
    let tables = [
        ("risk.attenuation_scores", risk.attenuation_scores, "what is nearer counts less"),
        ("risk.days_scores", risk.days_scores, "what is more recent counts less"),
        ("risk.duration_scores", risk.duration_scores, "what is longer counts less"),
        ("risk.transmission_scores", risk.transmission_scores, "a higher level counts less"),
    ];
    tables.into_iter().filter_map(|(field, scores, meaning)| {
        let scores = scores.as_array();
        let falls = (2..).zip(scores.windows(2)).find_map(|(place, pair)| match pair {
            [before, after] if after < before => Some((place, *before, *after)),
            _ => None,
        });
        let (place, before, after) = falls?;
        let sentence = format!("{scores:?} falls from {before} to {after} at score {place} of 8: {meaning}");
        Some(Lint::field(LintCode::ScoresNotMonotonic, field, sentence))
    })
}

/// What is switched off by a 0, or by a score too small for the minimum.
fn cannot_score(risk: &RiskConfiguration, reach: &RiskReach, profile: Profile) -> Vec<Lint> {
    let mut lints = Vec::new();
    let places = |factor| Runs::of(&reach.places(factor));
    let minimum = reach.minimum;

    let attenuations = places(RiskFactor::Attenuation);
    if !attenuations.is_everything {
        // Place 0 is farthest.
        let farthest = attenuations.can.first().and_then(|run| run.start().checked_sub(1));
        let farthest = farthest.and_then(|place| ATTENUATION_ABOVE.get(place));
        let code = match farthest {
            Some(decibels) if *decibels <= ALL_BUT_TOUCHING => LintCode::OnlyNearestScores,
            _ => LintCode::AttenuationsCannotScore,
        };
        let sentence = format!("only attenuations {} can score (minimum {minimum})", attenuations.text(decibels));
        lints.push(Lint::field(code, "risk.attenuation_scores", sentence));
    }
    let durations = places(RiskFactor::Duration);
    if !durations.is_everything {
        let sentence = format!("only durations {} can score (minimum {minimum})", durations.text(minutes));
        lints.push(Lint::field(LintCode::DurationsCannotScore, "risk.duration_scores", sentence));
    }
    let days = places(RiskFactor::Days);
    if !days.is_everything {
        let sentence = format!("only exposures {} can score (minimum {minimum})", days.text(days_ago));
        lints.push(Lint::field(LintCode::DaysCannotScore, "risk.days_scores", sentence));
    }
    let level_scores = reach.places(RiskFactor::Transmission);
    let cannot = (0..).zip(level_scores).filter(|(_, scores)| *scores == Some(false));
    let cannot: Vec<i32> = cannot.map(|(level, _)| level).collect();
    lints.extend(levels(risk, &cannot, profile).map(|sentence| {
        let sentence = format!("keys of {sentence}");
        Lint::field(LintCode::LevelsCannotScore, "risk.transmission_scores", sentence)
    }));
    lints
}

/// Says that keys of these levels cannot score, and what they reach. `None` without levels.
pub(super) fn levels(risk: &RiskConfiguration, levels: &[i32], profile: Profile) -> Option<String> {
    let noun = match levels {
        [] => return None,
        [_] => "level",
        _ => "levels",
    };
    let those = levels.iter().filter_map(|level| crate::keys::TransmissionRiskLevel::new(*level));
    let reach = RiskReach::of(risk, those, profile);
    let (maximum, minimum) = (reach.maximum(), reach.minimum);
    Some(format!("{noun} {} cannot score: they reach {maximum} at most, and the minimum is {minimum}", listed(levels)))
}

/// The largest score of the duration table is at its start, where no exposure comes.
fn first_duration(risk: &RiskConfiguration, profile: Profile) -> Option<Lint> {
    let scores = risk.duration_scores.as_array();
    let [never, taken @ ..] = scores;
    (never > taken.into_iter().fold(0, u8::max)).then(|| {
        let why = rules(profile).shortest_words();
        let sentence = format!("{scores:?}: score 1 of 8 ({never}) is never taken, since {why}");
        Lint::field(LintCode::ScoreUnreachable, "risk.duration_scores", sentence)
    })
}

/// Thresholds of durations between which no attenuation falls.
fn durations(risk: &RiskConfiguration, profile: Profile) -> impl Iterator<Item = Lint> {
    let thresholds = risk.duration_thresholds;
    let reached = move |place| {
        let mut attenuations = profile.possible_attenuations();
        attenuations.any(|attenuation| rules(profile).place(attenuation, thresholds) == place)
    };
    let places = (0..).zip(["near", "in the middle", "far"]);
    places.filter(move |(place, _)| !reached(*place)).map(move |(_, name)| {
        let sentence = format!("with thresholds of {:?} dB no duration is {name}", thresholds.as_array());
        Lint::field(LintCode::BucketUnreachable, "risk.duration_thresholds", sentence)
    })
}

/// The places of a table that can score, as ranges.
struct Runs {
    can: Vec<RangeInclusive<usize>>,
    /// The places that an exposure can have.
    taken: RangeInclusive<usize>,
    is_everything: bool,
}

impl Runs {
    fn of(places: &[Option<bool>]) -> Self {
        let mut can: Vec<RangeInclusive<usize>> = Vec::new();
        for (place, _) in places.iter().enumerate().filter(|(_, scores)| **scores == Some(true)) {
            match can.pop() {
                Some(run) if run.end().saturating_add(1) == place => can.push(*run.start()..=place),
                Some(run) => can.extend([run, place..=place]),
                None => can.push(place..=place),
            }
        }
        let first = places.iter().position(Option::is_some).unwrap_or_default();
        let last = places.iter().rposition(Option::is_some).unwrap_or_default();
        Self { can, taken: first..=last, is_everything: !places.contains(&Some(false)) }
    }

    /// The ranges in words, which `name` finds for the bounds of one: the place before it, if there is one, and its
    /// last place, if there is one after it.
    fn text(&self, name: impl Fn(Option<usize>, Option<usize>) -> String) -> String {
        let text = |run: &RangeInclusive<usize>| {
            let before = run.start().checked_sub(1).filter(|_| run.start() > self.taken.start());
            name(before, Some(*run.end()).filter(|end| end < self.taken.end()))
        };
        self.can.iter().map(text).collect::<Vec<_>>().join(" or ")
    }
}

/// Nearer places come later.
fn decibels(before: Option<usize>, last: Option<usize>) -> String {
    let bound = |place: Option<usize>| place.and_then(|place| ATTENUATION_ABOVE.get(place));
    match (bound(last), bound(before)) {
        (Some(above), Some(up_to)) => format!("over {above} and up to {up_to} dB"),
        (Some(above), None) => format!("over {above} dB"),
        (None, Some(up_to)) => format!("up to {up_to} dB"),
        (None, None) => "of any strength".into(),
    }
}

/// Longer places come later.
fn minutes(before: Option<usize>, last: Option<usize>) -> String {
    let bound = |place: Option<usize>| place.and_then(|place| MINUTES_UP_TO.get(place));
    match (bound(before), bound(last)) {
        (Some(over), Some(up_to)) => format!("over {over} and up to {up_to} minutes"),
        (Some(over), None) => format!("over {over} minutes"),
        (None, Some(up_to)) => format!("up to {up_to} minutes"),
        (None, None) => "of any length".into(),
    }
}

/// More recent places come later.
fn days_ago(before: Option<usize>, last: Option<usize>) -> String {
    let bound = |place: Option<usize>| place.and_then(|place| DAYS_FROM.get(place));
    match (bound(last), bound(before)) {
        (Some(from), Some(below)) => format!("of {from} to under {below} days ago"),
        (Some(from), None) => format!("of {from} days ago or more"),
        (None, Some(below)) => format!("of under {below} days ago"),
        (None, None) => "of any day".into(),
    }
}
