//! What was found in files, before any configuration judges it.

use std::collections::BTreeSet;

use gaen::exposure::{
    Assessment, Basis, Configuration, DiagnosisKeysDataMapping, Encounter, ExplainedFile, Explanation, Records,
    StoredKeys, assess_encounters, explain,
};
use gaen::lint::{Lint, lint_encounters};
use gaen::matching::{DropReason, DroppedSighting, LaterReport};
use gaen::tally::Tally;
use gaen::{DiagnosisKey, MatchReport, Profile};

use crate::document::{FileOutcome, FileStatus};
use crate::text::counted;

/// The findings in files that were read by the rules of one profile.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The profile by whose rules the files were read and searched.
    pub profile: Profile,
    /// The files that were searched, or rejected.
    pub files: Vec<FileOutcome>,
    /// What was searched and heard.
    pub basis: Basis,
    /// The encounters, with the reports that the keys were published with.
    pub encounters: Vec<Encounter>,
    /// The sightings of keys' identifiers that do not count.
    pub dropped: Vec<DroppedSighting>,
    /// What later files say of the keys that matched.
    pub later_reports: Vec<LaterReport>,
    /// The revised keys among the keys that matched, in the order of the files.
    pub revised_keys: Vec<DiagnosisKey>,
}

impl Findings {
    /// The findings of a search: what became of its files, and what it found. Of the revised keys, only those that
    /// matched are kept.
    #[must_use]
    pub fn new(
        profile: Profile,
        files: Vec<FileOutcome>,
        basis: Basis,
        report: MatchReport,
        mut revised_keys: Vec<DiagnosisKey>,
    ) -> Self {
        let MatchReport { matches, dropped, later_reports, .. } = report;
        let encounters = Encounter::of(&matches);
        let matched: BTreeSet<_> = encounters.iter().map(|encounter| encounter.key.key_data).collect();
        revised_keys.retain(|key| matched.contains(&key.key_data));
        Self { profile, files, basis, encounters, dropped, later_reports, revised_keys }
    }

    /// What the findings mean under this configuration at the time `now`, Unix seconds.
    #[must_use]
    pub fn assess(&self, configuration: &Configuration, now: u64) -> Assessment {
        assess_encounters(&self.current(&configuration.mapping), &self.basis, configuration, self.profile, now)
    }

    /// Why the findings mean that. With `near`, it also explains keys whose sightings were all dropped.
    #[must_use]
    pub fn explain(&self, configuration: &Configuration, now: u64, near: bool) -> Explanation {
        let dropped = if near { self.dropped.as_slice() } else { &[] };
        let files: Vec<_> = self.files.iter().map(explained).collect();
        let encounters = self.current(&configuration.mapping);
        let records = Records { basis: &self.basis, encounters: &encounters, dropped, files: &files };
        explain(&records, configuration, self.profile, now)
    }

    /// Where the profile follows the phones, and a safer reading comes to something else.
    #[must_use]
    pub fn lints(&self, configuration: &Configuration) -> Vec<Lint> {
        let mapping = &configuration.mapping;
        lint_encounters(&self.current(mapping), mapping, self.profile)
    }

    /// How many sightings were dropped, by reason.
    #[must_use]
    pub fn drop_reasons(&self) -> Tally<DropReason> {
        self.dropped.iter().map(|sighting| sighting.reason).collect()
    }

    /// What was read and what matched, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let keys: u64 = self.files.iter().map(|file| file.keys).sum();
        let later = self.later_reports.iter().map(|report| &report.key);
        let revised: BTreeSet<_> = later.chain(&self.revised_keys).map(|key| key.key_data).collect();
        let revised = match revised.len() {
            0 => String::new(),
            revised => format!(", {} with a revised report", counted(revised, "key")),
        };
        let used = self.files.iter().filter(|file| file.status != FileStatus::Rejected).count();
        let (keys, files) = (counted(keys, "key"), counted(used, "file"));
        // "0 keys matched" would be an answer.
        match self.basis.not_searched().filter(|_| self.encounters.is_empty()) {
            Some(reason) => format!("{keys} in {files}; not matched: {reason}"),
            None => format!("{keys} in {files}; {} matched{revised}", counted(self.encounters.len(), "key")),
        }
    }

    /// The encounters, with the reports that count now.
    fn current(&self, mapping: &DiagnosisKeysDataMapping) -> Vec<Encounter> {
        StoredKeys::current(self.encounters.clone(), &self.later_reports, &self.revised_keys, mapping)
    }
}

fn explained(file: &FileOutcome) -> ExplainedFile {
    let (start, end) = file.window;
    ExplainedFile { name: file.path.clone(), export_sha256: file.export_sha256.clone(), start, end }
}
