//! What an answer is made of: the files of each kind, in the order in which they came.

use std::collections::BTreeSet;

use bytes::Bytes;
use gaen::cocoa::DateMillis;
use gaen::export::stored_zip_of;
use gaen::matching::Helpers;
use gaen::time::{UtcDay, possible_time};
use gaen::{Profile, Sighting};
use gaen_app::{Authenticity, ContainerRule, ExportFile, Observer, Report, SearchRules, Sightings, TrustedKeys};

use crate::content::{Content, Windows};
use crate::desk::{Desk, SearchKey};
use crate::error::Error;
use crate::export::file_to_search;
use crate::item::Item;
use crate::settings::Settings;
use crate::words;

impl Desk {
    /// All sightings, file by file. A file that was dropped twice counts once.
    fn heard(&self) -> impl Iterator<Item = &Sighting> {
        let files = self.items.iter().filter_map(|item| match &item.content {
            Content::Sightings(Ok(sightings)) if self.twin(item).is_none() => Some(sightings),
            _ => None,
        });
        files.flatten()
    }

    /// The UTC days of the signals.
    pub(crate) fn heard_on(&self) -> BTreeSet<UtcDay> {
        self.heard().map(|sighting| UtcDay::from_unix_seconds(sighting.time)).collect()
    }

    /// Searches the export files for the sightings, unless the last search was the same.
    pub(crate) fn search(&mut self, settings: &Settings, observer: &mut impl Observer) -> Result<&Report, Error> {
        let key = SearchKey { profile: settings.profile.unwrap_or_default(), verify: settings.verify };
        if self.found.as_ref().is_none_or(|(found, _)| *found != key) {
            let mut helpers = self.helpers.take();
            let team = helpers.as_mut().map(|helpers| &mut **helpers as &mut dyn Helpers);
            let report = self.searched(settings, key.profile, team, observer);
            self.helpers = helpers;
            let report = report?;
            self.found = Some((key, report));
        }
        let (_, report) = self.found.as_ref().ok_or_else(|| Error::new("missing", "nothing was searched"))?;
        Ok(report)
    }

    fn searched(
        &self,
        settings: &Settings,
        profile: Profile,
        helpers: Option<&mut dyn Helpers>,
        observer: &mut impl Observer,
    ) -> Result<Report, Error> {
        let missing = self.missing_for_a_search(settings);
        if !missing.is_empty() {
            return Err(Error::new("missing", missing.join(" ")));
        }
        let keys = if settings.verify { self.trusted_keys(&self.trusted_names())? } else { None };
        let files = self.export_files(keys.as_ref())?;
        let authenticity = keys.map_or(Authenticity::Unverified, Authenticity::VerifiedBy);
        let rules = SearchRules { profile, container: ContainerRule::Strict, authenticity };
        let sightings = Sightings::of(self.heard().cloned().collect())?;
        let report = gaen_app::search_helped(files, &sightings, &rules, helpers, observer)?;
        if report.is_partial() {
            return Err(Error::new("cancelled", words::cancelled(settings.language)));
        }
        Ok(report)
    }

    /// The files to search: zips as they are, and each bare `export.bin` with the `export.sig` that belongs to it.
    fn export_files(&self, keys: Option<&TrustedKeys>) -> Result<Vec<ExportFile>, Error> {
        let searched = self.items.iter().filter(|item| item.content.is_searched());
        let file = |item: &Item| Ok(file_to_search(&item.name, &self.export(item, keys)?));
        searched.map(file).collect()
    }

    /// A file as it is searched.
    pub(crate) fn export(&self, item: &Item, keys: Option<&TrustedKeys>) -> Result<Bytes, Error> {
        let (Content::ExportBin(_), Some(keys)) = (&item.content, keys) else { return Ok(item.file.clone()) };
        let Some(signatures) = self.signatures_of(item, keys) else { return Ok(item.file.clone()) };
        let failed = |error: gaen::export::WriteError| Error::new("document", format!("{}: {error}", item.name));
        Ok(stored_zip_of(&item.file, &signatures.file).map_err(failed)?.into())
    }

    /// The `export.sig` of a bare `export.bin`: the one in which these keys signed its bytes. Where there is one of
    /// each alone, they belong together even so, and the search says what is wrong.
    fn signatures_of(&self, bin: &Item, keys: &TrustedKeys) -> Option<&Item> {
        let signatures: Vec<_> =
            self.items.iter().filter(|item| matches!(item.content, Content::ExportSig(_))).collect();
        let files: Vec<_> = signatures.iter().map(|item| item.file.as_ref()).collect();
        let signed = keys.signatures_of(&bin.file, &files).and_then(|position| signatures.get(position).copied());
        let bins = self.items.iter().filter(|item| matches!(item.content, Content::ExportBin(_))).count();
        signed.or_else(|| signatures.first().copied().filter(|_| bins == 1 && signatures.len() == 1))
    }

    /// The time of the judgement: the one that was chosen, or the latest moment of what lies on the desk.
    pub(crate) fn now(&self, settings: &Settings) -> Result<u64, Error> {
        let missing = || Error::new("missing", words::no_time(settings.language));
        settings.now.or_else(|| self.moments().last().copied()).ok_or_else(missing)
    }

    /// The first and the last moment that each file says, in the order of time.
    pub(crate) fn moments(&self) -> BTreeSet<u64> {
        let moments = self.items.iter().flat_map(|item| moments_of(&item.content));
        moments.filter(|moment| possible_time(*moment).is_ok()).collect()
    }
}

/// The first and the last moment that a file says; empty without any.
pub(crate) fn moments_of(content: &Content) -> Vec<u64> {
    let ends = |moments: &mut dyn Iterator<Item = u64>| {
        let first = moments.next();
        let ends = first.map(|first| moments.fold((first, first), |(low, high), at| (low.min(at), high.max(at))));
        ends.map_or_else(Vec::new, |(first, last)| vec![first, last])
    };
    match content {
        Content::Sightings(Ok(sightings)) => ends(&mut sightings.iter().map(|sighting| sighting.time)),
        Content::Log(Ok(log)) => {
            let checks = log.entries.iter().filter_map(|entry| entry.checked.as_ref()?.checked_at());
            let data = log.exposure_data.iter();
            let windows = data.clone().flat_map(|data| &data.exposure_windows).map(|window| window.date);
            let days = data.flat_map(|data| &data.daily_summaries).map(|summary| summary.date).chain(windows);
            ends(&mut checks.chain(days.filter_map(DateMillis::day).map(UtcDay::start)))
        }
        Content::Windows(Ok(Windows::Dated(file))) => {
            let days = file.cases.iter().flat_map(|case| &case.windows).filter_map(|window| window.date);
            ends(&mut days.map(UtcDay::start).chain(file.now))
        }
        content => content.export().map_or_else(Vec::new, |summary| {
            summary.facts.start_timestamp.into_iter().chain(summary.facts.end_timestamp).collect()
        }),
    }
}
