//! From files and sightings to findings: what several commands begin with.

use std::path::PathBuf;

use clap::Args;
use gaen::export::Trust;
use gaen::exposure::{Basis, Configuration};
use gaen::{DiagnosisKey, Matcher, Profile, SightingIndex};
use gaen_report::document::FileOutcome;
use gaen_report::findings::Findings;
use gaen_report::verdict::searched;

use crate::configuration::ConfigArgs;
use crate::error::Error;
use crate::exports::ExportSearcher;
use crate::search::Effort;
use crate::search_args::{Heard, SearchArgs};
use crate::store_search::{IfMissing, Stored};
use crate::stored::Store;
use crate::{moment, search};

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

impl AssessArgs {
    /// The configuration that was asked for, and what is found by the profile that was.
    pub(crate) fn findings(&self) -> Result<(Configuration, Findings), Error> {
        self.findings_of(&mut self.heard()?)
    }

    /// The configuration that was asked for, and what is found of this by the profile that was.
    pub(crate) fn findings_of(&self, heard: &mut Heard) -> Result<(Configuration, Findings), Error> {
        let profile = self.search.profile(heard);
        let configuration = self.configuration.read(profile)?;
        let findings = self.find(heard, self.search.trust()?.as_ref(), profile)?;
        Ok((configuration, findings))
    }

    /// What was heard, at whatever time.
    pub(crate) fn heard(&self) -> Result<Heard, Error> {
        self.search.heard(SightingIndex::exhaustive, IfMissing::Fail)
    }

    /// Reads the files by the rules of this profile, which is that of a store, and finds what was heard of their keys.
    pub(crate) fn find(&self, heard: &mut Heard, trust: Option<&Trust>, profile: Profile) -> Result<Findings, Error> {
        match heard {
            Heard::Sightings(index) => self.find_sightings(index, trust, profile),
            Heard::Store(store) => self.find_stored(store, trust),
        }
    }

    fn find_sightings(
        &self,
        index: &SightingIndex,
        trust: Option<&Trust>,
        profile: Profile,
    ) -> Result<Findings, Error> {
        let searcher = ExportSearcher::new(self.search.options(profile, index.sightings().len()), trust);
        in_files(index, &self.search.files(), &searcher, profile)
    }

    fn find_stored(&self, store: &mut Store, trust: Option<&Trust>) -> Result<Findings, Error> {
        let Stored { files, report } = self.search.search_store(store, trust, self.now)?;
        let basis = store.basis(searched(&files).rejected)?;
        Ok(Findings::new(store.profile(), files, basis, report, store.revised_keys()?))
    }
}

/// Finds what these files have of what was heard.
pub(crate) fn in_files(
    index: &SightingIndex,
    paths: &[PathBuf],
    searcher: &ExportSearcher<'_>,
    profile: Profile,
) -> Result<Findings, Error> {
    let matcher = Matcher::new(index).profile(profile);
    let (files, search) = search::through(matcher, paths, searcher, Effort::default())?;
    let (report, revised_keys) = (search.finish(), revised_keys(searcher, &files, paths)?);
    let basis = Basis::new(searched(&files), index.sightings());
    Ok(Findings::new(profile, files, basis, report, revised_keys))
}

/// The revised keys of these files, as they were when they were searched: without them a withdrawn report would count.
fn revised_keys(
    searcher: &ExportSearcher<'_>,
    files: &[FileOutcome],
    paths: &[PathBuf],
) -> Result<Vec<DiagnosisKey>, Error> {
    let mut revised_keys = Vec::new();
    for (file, path) in files.iter().zip(paths).filter(|(file, _)| file.revised_keys > 0) {
        let changed = |error| Error::Input(format!("{} has changed while it was read: {error}", file.name()));
        revised_keys.extend(searcher.revised_keys(path).map_err(changed)?);
    }
    Ok(revised_keys)
}

#[cfg(test)]
mod tests {
    use gaen::export::ReadOptions;

    use super::*;

    #[test]
    fn a_file_whose_revised_keys_cannot_be_read_again_has_no_answer() {
        let searcher = ExportSearcher::new(ReadOptions::default(), None);
        let mut file = FileOutcome::rejected("1.zip".to_owned(), None, String::new(), "");
        let path = [PathBuf::from("/nonexistent/1.zip")];
        assert!(matches!(revised_keys(&searcher, std::slice::from_ref(&file), &path), Ok(keys) if keys.is_empty()));
        file.revised_keys = 1;
        let Err(Error::Input(text)) = revised_keys(&searcher, &[file], &path) else { panic!("an answer") };
        assert!(text.starts_with("1.zip has changed while it was read: "), "{text}");
    }
}
