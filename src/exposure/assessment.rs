//! From matches to the decision in one call: windows, days, exposures of v1, verdict.

use alloc::vec::Vec;

use super::basis::Basis;
use super::configuration::Configuration;
use super::decision::{Decision, Judge, WindowSet};
use super::encounter::Encounter;
use super::summary::{DailySummary, daily_summaries};
use super::v1::{ExposureSummary, exposures};
use super::window::{AssumedScans, ExposureWindow, windows};
use crate::matching::Match;
use crate::profile::Profile;

/// Everything that follows from matches: windows, days, exposures of v1 and the decision.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Assessment {
    /// The profile whose rules computed it.
    pub profile: Profile,
    /// The moment for which it was computed, Unix seconds.
    pub now: u64,
    /// The files that were searched and the sightings that were heard.
    pub basis: Basis,
    /// The exposure windows, in the order of start, then key.
    pub windows: Vec<ExposureWindow>,
    /// How many scans of the windows count a time that nobody measured.
    pub assumed_scans: AssumedScans,
    /// The summaries of the days on which windows count, in order.
    pub daily_summaries: Vec<DailySummary>,
    /// The exposures and risk scores of v1.
    pub v1: ExposureSummary,
    /// The decision: whether to notify the user, and why.
    pub decision: Decision,
}

/// Computes what these matches mean at the time `now` in Unix seconds.
///
/// Without matches, `basis` tells a search that found nothing from no search at all.
///
/// Search with the same profile: it also decides which sightings count.
#[must_use]
pub fn assess(
    matches: &[Match],
    basis: &Basis,
    configuration: &Configuration,
    profile: Profile,
    now: u64,
) -> Assessment {
    assess_encounters(&Encounter::of(matches), basis, configuration, profile, now)
}

/// Does what [`assess`] does for encounters, such as those [with revised keys](super::StoredKeys::apply).
///
/// Give each key once. [`Encounter::of`] joins what several searches found of one key; two encounters of one key would
/// count as two people.
#[must_use]
pub fn assess_encounters(
    encounters: &[Encounter],
    basis: &Basis,
    configuration: &Configuration,
    profile: Profile,
    now: u64,
) -> Assessment {
    assess_with(&Judge::new(configuration, profile), encounters, basis, configuration, profile, now).0
}

/// Does what [`assess_encounters`] does, and returns the windows as the judge has them too. They are empty if the rule
/// reads risk scores.
pub(super) fn assess_with(
    judge: &Judge,
    encounters: &[Encounter],
    basis: &Basis,
    configuration: &Configuration,
    profile: Profile,
    now: u64,
) -> (Assessment, WindowSet) {
    let windows = windows(encounters, &configuration.mapping, profile);
    let assumed_scans = AssumedScans::of(encounters, &configuration.mapping, profile);
    let daily_summaries = daily_summaries(&windows, &configuration.daily_summaries, profile, now);
    let v1 = exposures(encounters, &configuration.mapping, &configuration.risk, profile, now);
    let set = judge.set(&windows);
    let decision = Decision::of(judge, &set, basis, &v1, now);
    (Assessment { profile, now, basis: *basis, windows, assumed_scans, daily_summaries, v1, decision }, set)
}
