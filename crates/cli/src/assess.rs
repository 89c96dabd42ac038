//! From files and sightings to an assessment and its explanation: what several commands begin with.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use gaen::export::Trust;
use gaen::exposure::{
    Assessment, Basis, Configuration, DiagnosisKeysDataMapping, Encounter, ExplainedFile, Explanation, Records,
    StoredKeys, Verdict, assess_encounters, explain,
};
use gaen::lint::{Lint, lint_encounters};
use gaen::matching::{DroppedSighting, LaterReport};
use gaen::{DiagnosisKey, MatchReport, Matcher, Profile, SightingIndex};
use gaen_report::document::{FileOutcome, FileStatus};
use gaen_report::text::counted;

use crate::configuration::ConfigArgs;
use crate::error::Error;
use crate::exports::{self, ExportSearcher};
use crate::search_args::{Heard, SearchArgs};
use crate::store_search::{IfMissing, Stored};
use crate::stored::Store;
use crate::{moment, output, search, verdict};

/// What was heard, whom to believe, and when.
#[derive(Debug, Args)]
pub(crate) struct AssessArgs {
    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) configuration: ConfigArgs,

    /// The time of the assessment, Unix seconds or ISO 8601; with --store also the time for its ledger
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub(crate) now: u64,
}

/// What was found in files that were read by the rules of one profile.
pub(crate) struct Found {
    pub(crate) profile: Profile,
    pub(crate) files: Vec<FileOutcome>,
    /// What was searched and heard.
    basis: Basis,
    /// With the reports that were published.
    encounters: Vec<Encounter>,
    /// The sightings of keys' identifiers that do not count.
    pub(crate) dropped: Vec<DroppedSighting>,
    /// What later files say of the keys that matched.
    later_reports: Vec<LaterReport>,
    /// The revised keys among those that matched, in the order of the files.
    revised_keys: Vec<DiagnosisKey>,
    now: u64,
}

impl AssessArgs {
    /// The configuration that was asked for, and what is found by the profile that was.
    pub(crate) fn found(&self) -> Result<(Configuration, Found), Error> {
        self.found_of(&mut self.heard()?)
    }

    /// The configuration that was asked for, and what is found of this by the profile that was.
    pub(crate) fn found_of(&self, heard: &mut Heard) -> Result<(Configuration, Found), Error> {
        let profile = self.search.profile(heard);
        let configuration = self.configuration.read(profile)?;
        let found = self.find(heard, self.search.trust()?.as_ref(), profile)?;
        Ok((configuration, found))
    }

    /// What was heard, at whatever time.
    pub(crate) fn heard(&self) -> Result<Heard, Error> {
        self.search.heard(SightingIndex::exhaustive, IfMissing::Fail)
    }

    /// Reads the files by the rules of this profile, which is that of a store, and finds what was heard of their keys.
    pub(crate) fn find(&self, heard: &mut Heard, trust: Option<&Trust>, profile: Profile) -> Result<Found, Error> {
        match heard {
            Heard::Sightings(index) => self.find_sightings(index, trust, profile),
            Heard::Store(store) => self.find_stored(store, trust),
        }
    }

    fn find_sightings(&self, index: &SightingIndex, trust: Option<&Trust>, profile: Profile) -> Result<Found, Error> {
        let searcher = ExportSearcher::new(self.search.options(profile, index.sightings().len()), trust);
        let matcher = Matcher::new(index).profile(profile);
        let paths = self.search.files();
        let (files, search) = search::through(matcher, &paths, &searcher, None)?;
        let MatchReport { matches, dropped, later_reports, .. } = search.finish();
        let encounters = Encounter::of(&matches);
        let revised_keys = revised_keys(&encounters, &searcher, &files, &paths);
        let basis = Basis::new(verdict::searched(&files), index.sightings());
        let now = self.now;
        Ok(Found { profile, files, basis, encounters, dropped, later_reports, revised_keys, now })
    }

    fn find_stored(&self, store: &mut Store, trust: Option<&Trust>) -> Result<Found, Error> {
        let Stored { files, report } = self.search.search_store(store, trust, self.now)?;
        let MatchReport { matches, dropped, later_reports, .. } = report;
        let encounters = Encounter::of(&matches);
        let (profile, revised_keys) = (store.profile(), store.revised_keys()?);
        let basis = store.basis(verdict::searched(&files).rejected)?;
        let now = self.now;
        Ok(Found { profile, files, basis, encounters, dropped, later_reports, revised_keys, now })
    }
}

impl Found {
    /// What it means under this configuration.
    pub(crate) fn assess(&self, configuration: &Configuration) -> Assessment {
        assess_encounters(&self.current(&configuration.mapping), &self.basis, configuration, self.profile, self.now)
    }

    /// What was heard, with the reports that count now.
    fn current(&self, mapping: &DiagnosisKeysDataMapping) -> Vec<Encounter> {
        StoredKeys::current(self.encounters.clone(), &self.later_reports, &self.revised_keys, mapping)
    }

    /// Why it means that; with `near`, of keys too whose sightings were all dropped.
    pub(crate) fn explain(&self, configuration: &Configuration, near: bool) -> Explanation {
        let dropped = if near { self.dropped.as_slice() } else { &[] };
        let files: Vec<_> = self.files.iter().map(explained).collect();
        let encounters = self.current(&configuration.mapping);
        let records = Records { basis: &self.basis, encounters: &encounters, dropped, files: &files };
        explain(&records, configuration, self.profile, self.now)
    }

    /// Where the profile follows the phones, and a safer reading comes to something else.
    pub(crate) fn lints(&self, configuration: &Configuration) -> Vec<Lint> {
        let mapping = &configuration.mapping;
        lint_encounters(&self.current(mapping), mapping, self.profile)
    }

    /// Ends the command with exit code 1 if any file was rejected, or nobody can say.
    pub(crate) fn fail_if_incomplete(&self, verdict: Verdict) -> Result<(), Error> {
        exports::fail_if_any_rejected(&self.files)?;
        verdict::fail_if_not_judged(verdict.not_judged())
    }

    /// What was read, in a line.
    pub(crate) fn summary(&self) -> String {
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
}

/// The revised keys of these files among those that matched.
fn revised_keys(
    encounters: &[Encounter],
    searcher: &ExportSearcher<'_>,
    files: &[FileOutcome],
    paths: &[PathBuf],
) -> Vec<DiagnosisKey> {
    let matched: BTreeSet<_> = encounters.iter().map(|encounter| encounter.key.key_data).collect();
    let mut revised_keys = Vec::new();
    for (file, path) in files.iter().zip(paths).filter(|(file, _)| file.revised_keys > 0) {
        match searcher.revised_keys(path) {
            Ok(keys) => revised_keys.extend(keys.into_iter().filter(|key| matched.contains(&key.key_data))),
            // It was read once, and has changed since.
            Err(error) => output::warn(&format!("{}: its revised keys: {error}", file.name())),
        }
    }
    revised_keys
}

fn explained(file: &FileOutcome) -> ExplainedFile {
    let (start, end) = file.window;
    ExplainedFile { name: file.path.clone(), export_sha256: file.export_sha256.clone(), start, end }
}
