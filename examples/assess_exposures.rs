//! From stored sightings and signed exports to the decision whether to notify, and to an explanation that is safe to
//! show.
//!
//! ```text
//! cargo run --release --example assess_exposures
//! ```

mod demo;

use gaen::export::{ReadOptions, Trust, TrustedKey, UnverifiedExport, VerifiedExport};
use gaen::exposure::decision::RiskRuleFile;
use gaen::exposure::{
    Basis, Condition, Configuration, Encounter, Operator, Records, SearchedFiles, StoredKeys, Verdict,
    assess_encounters, explain,
};
use gaen::{Matcher, Profile, SightingIndex};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // One profile all the way, from the files to the decision.
    let profile = Profile::Google;
    let index = SightingIndex::new(demo::sightings()?)?;
    let exports = [export("day-1.zip", profile)?, export("day-2.zip", profile)?];
    let mut search = Matcher::new(&index).profile(profile).search();
    for (source, export) in exports.iter().enumerate() {
        search.add(source, export.keys());
    }
    let report = search.finish();
    let encounters = Encounter::of(&report.matches);

    // Of the keys that matched, an app remembers the report: it may be revised, and a withdrawn one must not come back.
    let configuration = configuration();
    let mut stored = StoredKeys::new(configuration.mapping.clone());
    for encounter in &encounters {
        stored.publish(&encounter.key);
    }
    for published in &report.later_reports {
        stored.publish(&published.key);
    }
    for revised in exports.iter().flat_map(|export| &export.contents().revised_keys) {
        stored.revise(revised);
    }
    let encounters = stored.apply(encounters);

    // The library reads no clock.
    let now = 1_601_251_200;
    // No matches and no search are two things: what was searched and heard goes with them.
    let basis = Basis::new(SearchedFiles::all(exports.len() as u64), index.sightings());
    let assessment = assess_encounters(&encounters, &basis, &configuration, profile, now);
    for day in &assessment.daily_summaries {
        println!("{}: score {}, largest {}", day.date, day.day_total.score_sum, day.day_total.maximum_score);
    }
    match assessment.decision.verdict {
        Verdict::Notify => println!("notify\n"),
        Verdict::DoNotNotify => println!("do not notify\n"),
        Verdict::NotJudged(reason) => println!("nobody can say: {reason}\n"),
    }

    // Why, without keys and exact times.
    let records = Records { basis: &basis, encounters: &encounters, dropped: &[], files: &[] };
    print!("{}", explain(&records, &configuration, profile, now).redacted());
    Ok(())
}

/// Twenty minutes with a score, on one day.
fn configuration() -> Configuration {
    let at_least = |threshold| Condition { op: Operator::AtLeast, threshold };
    let rule = RiskRuleFile { score_sum: at_least(1200.0), seconds: at_least(1200.0), ..RiskRuleFile::default() };
    Configuration { rule: rule.rule(), ..Configuration::default() }
}

fn export(name: &str, profile: Profile) -> Result<VerifiedExport, Box<dyn std::error::Error>> {
    let public_key = std::fs::read_to_string(format!("{DEMO}/440-v1.pem"))?.parse()?;
    let trust = Trust::new(TrustedKey::new("440", "v1", public_key));
    let options = ReadOptions { profile, ..ReadOptions::default() };
    Ok(UnverifiedExport::from_zip(&std::fs::read(format!("{DEMO}/{name}"))?, &options)?.verify(&trust)?)
}
