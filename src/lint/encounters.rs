//! Encounters that Google's phones judge otherwise than a safer profile does.

use super::{Lint, LintCode, Place};
use crate::exposure::{DiagnosisKeysDataMapping, Encounter, Weaknesses};
use crate::profile::Profile;

pub(super) fn lint(encounters: &[Encounter], mapping: &DiagnosisKeysDataMapping, profile: Profile) -> Vec<Lint> {
    let shown = encounters.iter().filter(|encounter| encounter.hidden(mapping).is_none());
    let found: Vec<_> = shown.map(|encounter| encounter.weaknesses(profile)).collect();
    let count = |scans: fn(&Weaknesses) -> usize| {
        let of_keys = found.iter().map(scans).filter(|scans| *scans > 0);
        of_keys.fold((0_usize, 0_usize), |(sum, keys), scans| (sum.saturating_add(scans), keys.saturating_add(1)))
    };
    let silenced_keys = found.iter().filter(|found| found.silences_key).count();
    let told = [
        (
            (silenced_keys, silenced_keys),
            LintCode::KeySilenced,
            "has nothing that counts: louder sightings, whose metadata is not believed, stood for all of its scans",
        ),
        (
            count(|found| if found.silences_key { 0 } else { found.silenced_scans }),
            LintCode::ScanSilenced,
            "counts for nothing in v1: a louder sighting, whose metadata is not believed, stood for it",
        ),
        (
            count(|found| found.displaced_scans),
            LintCode::ScanDisplaced,
            "counts in v1 by its loudest sighting, which is not the nearest",
        ),
        (
            count(|found| found.negative_scans),
            LintCode::SecondsNegative,
            "counts negative seconds: the clock had stepped back",
        ),
    ];
    let lint = |((number, keys), code, what): ((usize, usize), LintCode, &str)| {
        let sentence = match (code, keys) {
            (_, 0) => return None,
            (LintCode::KeySilenced, _) => format!("{}: each {what}", counted(number, "key")),
            (_, keys) => format!("{} of {}: each {what}", counted(number, "scan"), counted(keys, "key")),
        };
        Some(Lint::new(code, Place::Sightings, sentence))
    };
    told.into_iter().filter_map(lint).collect()
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
