//! All of it: windows, days, exposures of v1, and the decision.

use alloc::vec::Vec;

use super::basis::Basis;
use super::configuration::Configuration;
use super::decision::Decision;
use super::encounter::Encounter;
use super::summary::{DailySummary, daily_summaries};
use super::v1::{ExposureSummary, exposures};
use super::window::{AssumedScans, ExposureWindow, windows};
use crate::matching::Match;
use crate::profile::Profile;

/// What matches mean.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Assessment {
    /// Whose rules it was computed by.
    pub profile: Profile,
    /// For when it was computed, Unix seconds.
    pub now: u64,
    /// What it rests on.
    pub basis: Basis,
    /// The exposure windows, in the order of start, then key.
    pub windows: Vec<ExposureWindow>,
    /// How many of their scans count a time that nobody measured.
    pub assumed_scans: AssumedScans,
    /// The days on which windows count, in order.
    pub daily_summaries: Vec<DailySummary>,
    /// The same by v1.
    pub v1: ExposureSummary,
    /// Whether the user is to be notified, if anybody can say.
    pub decision: Decision,
}

/// What these matches mean at the time `now` in Unix seconds.
///
/// No matches of a search and no search are two things: the basis tells them apart.
///
/// The matches should have been made in the same profile, as it says which sightings count too.
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

/// [`assess`] for encounters, such as those [with revised keys](super::StoredKeys::apply).
///
/// Each key once: what several searches found of one key, [`Encounter::of`] puts together. Two encounters of one key would
/// count as the keys of two people.
#[must_use]
pub fn assess_encounters(
    encounters: &[Encounter],
    basis: &Basis,
    configuration: &Configuration,
    profile: Profile,
    now: u64,
) -> Assessment {
    let windows = windows(encounters, &configuration.mapping, profile);
    let assumed_scans = AssumedScans::of(encounters, &configuration.mapping, profile);
    let daily_summaries = daily_summaries(&windows, &configuration.daily_summaries, profile, now);
    let v1 = exposures(encounters, &configuration.mapping, &configuration.risk, profile, now);
    let decision = Decision::by(configuration, basis, &windows, &daily_summaries, &v1, now);
    Assessment { profile, now, basis: *basis, windows, assumed_scans, daily_summaries, v1, decision }
}
