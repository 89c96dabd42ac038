use gaen::exposure::decision::Rule;
use gaen::exposure::{
    Assessment, Basis, Configuration, DailySummary, Encounter, Explanation, Outcome, Records, SearchedFiles, Verdict,
    assess_encounters, compare, explain,
};
use gaen::matching::DropReason;
use gaen::profile::MetadataJudged;
use gaen::{Matcher, Profile, SightingIndex};

use super::judging::check_lints;
use crate::generate::{self, World};

/// Whatever was heard of whatever keys under whatever configuration: there is an assessment, the same in any order; the
/// explanation tells the same; both can be written, and what apps keep is read again; and what a lint says cannot score
/// does not.
pub fn exposures(data: &[u8]) {
    let Some(world) = generate::from_bytes::<World>(data) else { return };
    // As if everything counted, also what no search would find.
    let encounters: Vec<_> = world.contacts.iter().map(|contact| contact.encounter()).collect();
    let beacons = encounters.iter().flat_map(|encounter| &encounter.beacons);
    let basis = Basis::of_times(SearchedFiles::all(1), beacons.map(|beacon| beacon.time));
    check(&world, &Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] });
    // What a search finds of the same.
    let sightings = world.contacts.iter().flat_map(|contact| contact.sightings()).collect();
    let keys: Vec<_> = world.contacts.iter().map(|contact| contact.key).collect();
    let index = SightingIndex::exhaustive(sightings).unwrap();
    let mut search = Matcher::new(&index).profile(world.profile).search();
    search.add(0, &keys);
    let report = search.finish();
    let dropped = &report.dropped;
    assert_eq!(dropped.len() as u64, report.drop_reasons().total());
    let is_undecrypted = |reason| is_judged_before_decrypting(reason, world.profile);
    assert!(dropped.iter().all(|dropped| dropped.metadata.is_none() == is_undecrypted(dropped.reason)));
    let encounters = Encounter::of(&report.matches);
    assert_eq!(encounters.iter().map(|found| found.beacons.len()).sum::<usize>(), report.matches.len());
    let basis = Basis::new(SearchedFiles::all(1), index.sightings());
    check(&world, &Records { basis: &basis, encounters: &encounters, dropped, files: &[] });
}

fn is_judged_before_decrypting(reason: DropReason, profile: Profile) -> bool {
    match reason {
        DropReason::ClockWindow | DropReason::AemLength => true,
        DropReason::Replay => profile.judges_metadata() != MetadataJudged::BeforeReplay,
        _ => false,
    }
}

fn check(world: &World, records: &Records<'_>) {
    let World { configuration, profile, now, .. } = world;
    let assessment = assess_encounters(records.encounters, records.basis, configuration, *profile, *now);
    check_order(&assessment, records.encounters, configuration, *profile);
    check_documents(&assessment, records.encounters);
    check_lints(&assessment, configuration, *profile);
    check_explanation(&explain(records, configuration, *profile, *now), &assessment, &configuration.rule);
}

fn check_order(assessment: &Assessment, encounters: &[Encounter], configuration: &Configuration, profile: Profile) {
    let turned: Vec<_> = encounters.iter().rev().cloned().collect();
    let again = assess_encounters(&turned, &assessment.basis, configuration, profile, assessment.now);
    // In text even what is no number is equal to itself.
    assert_eq!(format!("{again:?}"), format!("{assessment:?}"));
    assert!(compare(assessment, &again).is_same());
}

fn check_documents(assessment: &Assessment, encounters: &[Encounter]) {
    serde_json::to_string(assessment).unwrap();
    let text = serde_json::to_string(&assessment.daily_summaries).unwrap();
    assert_eq!(serde_json::from_str::<Vec<DailySummary>>(&text).unwrap(), assessment.daily_summaries);
    let text = serde_json::to_string(encounters).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Encounter>>(&text).unwrap(), encounters);
}

fn check_explanation(explanation: &Explanation, assessment: &Assessment, rule: &Rule) {
    assert_eq!(explanation.verdict, assessment.decision.verdict);
    assert_eq!(explanation.keys.iter().any(|key| key.notified.yes), explanation.verdict == Verdict::Notify);
    let obstacle = assessment.basis.obstacle(assessment.now);
    assert!(obstacle.is_none() || explanation.verdict != Verdict::DoNotNotify);
    let windows = explanation.keys.iter().flat_map(|key| &key.windows);
    let mut starts: Vec<_> = windows.map(|window| window.start).collect();
    starts.sort_unstable();
    assert!(starts.into_iter().eq(assessment.windows.iter().map(|window| window.start)));
    let exposures = explanation.keys.iter().flat_map(|key| &key.exposures);
    assert_eq!(
        exposures.map(|exposure| u64::from(exposure.risk_score)).sum::<u64>(),
        assessment.v1.summation_risk_score
    );
    for day in &explanation.days {
        let summary = assessment.daily_summaries.iter().find(|summary| summary.date == day.date);
        assert!(day.totals.is_none() || day.totals == summary.map(|summary| summary.day_total));
    }
    for key in &explanation.keys {
        let scored = if rule.reads_risk_scores() { &key.scored_v1 } else { &key.scored_v2 };
        let way = [&key.matched, scored, &key.notified];
        assert!(way.iter().all(|outcome| outcome.yes == outcome.reason.is_none()));
        assert_eq!(key.first_reason.as_ref(), way.into_iter().find_map(|outcome: &Outcome| outcome.reason.as_ref()));
    }
    for explanation in [explanation.clone(), explanation.clone().redacted()] {
        serde_json::to_string(&explanation).unwrap();
        assert!(!explanation.to_string().contains('\u{1b}'));
    }
}
