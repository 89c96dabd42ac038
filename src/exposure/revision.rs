//! Keys whose report changes after they were published.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use super::configuration::{DiagnosisKeysDataMapping, Hidden};
use super::encounter::Encounter;
use crate::keys::{DiagnosisKey, KeyData, ReportType};
use crate::matching::LaterReport;
use crate::names::named;

/// The keys that matched, each with the report that counts now. An app keeps them between searches.
///
/// Two things change a report: a revised key, and the same key published again in a later file. A revoked key stays
/// stored and hidden, so that it cannot match again. A recursive key that the configuration leaves out is not stored,
/// so that it can match when it is published with another report.
///
/// Source: Google's snapshot, whose parsers read published keys alone. One thing is stricter here: the same bytes with
/// another start or period change nothing, while Google's code takes their report type once a result is stored.
///
/// ```
/// use gaen::exposure::{DiagnosisKeysDataMapping, RevisionOutcome, StoredKeys};
/// use gaen::keys::ReportType;
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
///
/// let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// let reported = DiagnosisKey { report_type: ReportType::SelfReport, ..DiagnosisKey::new([7; 16], window) };
/// let withdrawn = DiagnosisKey { report_type: ReportType::Revoked, ..reported };
///
/// let mut stored = StoredKeys::new(DiagnosisKeysDataMapping::default());
/// assert_eq!(stored.publish(&reported), RevisionOutcome::Stored);
/// assert_eq!(stored.revise(&withdrawn), RevisionOutcome::Revoked);
/// assert!(!stored.get(&reported.key_data).unwrap().is_shown());
/// assert_eq!(stored.revise(&reported), RevisionOutcome::AlreadyRevised);
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Default)]
pub struct StoredKeys {
    mapping: DiagnosisKeysDataMapping,
    by_key: BTreeMap<KeyData, StoredKey>,
}

/// A key that matched, with the report that counts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StoredKey {
    key: DiagnosisKey,
    revised: bool,
}

/// What publishing or revising a key changed in [`StoredKeys`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RevisionOutcome {
    /// The published key is stored, now or before, and its stored report is unchanged.
    Stored,
    /// Nothing is stored: a published key is recursive and left out, or a revised key was never stored.
    NotStored,
    /// Nothing changed: the same bytes are stored with another start or period.
    OtherPeriod,
    /// Nothing changed: the report had been revised once already.
    AlreadyRevised,
    /// Nothing changed: the stored type may not become the new one.
    TransitionNotAllowed,
    /// The report type changed.
    Changed,
    /// The report was withdrawn. The key stays stored and is hidden.
    Revoked,
}

named! {
    RevisionOutcome, "revision outcome":
    Stored => "stored",
    NotStored => "not_stored",
    OtherPeriod => "other_period",
    AlreadyRevised => "already_revised",
    TransitionNotAllowed => "transition_not_allowed",
    Changed => "changed",
    Revoked => "revoked",
}

impl StoredKey {
    /// Returns the key with the report type that counts now.
    #[must_use]
    pub const fn key(&self) -> &DiagnosisKey {
        &self.key
    }

    /// Returns `true` if the report has changed. It can change once.
    #[must_use]
    pub const fn is_revised(&self) -> bool {
        self.revised
    }

    /// Returns `true` if exposures to the key are shown; `false` for a revoked key.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.key.report_type != ReportType::Revoked
    }

    /// Changes the report type, if the stored one may become the new one:
    ///
    /// | from | to |
    /// |---|---|
    /// | self report | confirmed test, clinical diagnosis, revoked |
    /// | clinical diagnosis | confirmed test, revoked |
    fn revise(&mut self, report_type: ReportType) -> RevisionOutcome {
        use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Revoked, SelfReport};

        if self.revised {
            return RevisionOutcome::AlreadyRevised;
        }
        let allowed = matches!(
            (self.key.report_type, report_type),
            (SelfReport, ConfirmedTest | ConfirmedClinicalDiagnosis | Revoked)
                | (ConfirmedClinicalDiagnosis, ConfirmedTest | Revoked)
        );
        if !allowed {
            return RevisionOutcome::TransitionNotAllowed;
        }
        *self = Self { key: DiagnosisKey { report_type, ..self.key }, revised: true };
        if self.is_shown() { RevisionOutcome::Changed } else { RevisionOutcome::Revoked }
    }
}

impl StoredKeys {
    /// Makes an empty store. The mapping gives the type of a key without one, and says whether recursive keys are
    /// stored.
    #[must_use]
    pub const fn new(mapping: DiagnosisKeysDataMapping) -> Self {
        Self { mapping, by_key: BTreeMap::new() }
    }

    /// Returns these encounters with the reports that count now.
    ///
    /// The published keys of all files come first, in the order of files; a search
    /// [lists](crate::matching::MatchReport::later_reports) the keys that came again. The revised keys of all files
    /// follow. The mapping gives the type of a key without one.
    #[must_use]
    pub fn current(
        encounters: Vec<Encounter>,
        later_reports: &[LaterReport],
        revised_keys: &[DiagnosisKey],
        mapping: &DiagnosisKeysDataMapping,
    ) -> Vec<Encounter> {
        let mut published: Vec<_> = encounters.iter().map(|found| (found.source, &found.key)).collect();
        published.extend(later_reports.iter().map(|report| (report.source, &report.key)));
        published.sort_by_key(|(source, _)| *source); // stable: of one file the first ones first
        let mut stored = Self::new(mapping.clone());
        for (_, key) in published {
            stored.publish(key);
        }
        for key in revised_keys {
            stored.revise(key);
        }
        stored.apply(encounters)
    }

    /// Returns the stored key with these bytes.
    #[must_use]
    pub fn get(&self, key_data: &KeyData) -> Option<&StoredKey> {
        self.by_key.get(key_data)
    }

    /// Returns all stored keys in the order of their bytes. An app writes them down and gives them back by [`Extend`].
    pub fn iter(&self) -> impl Iterator<Item = &StoredKey> {
        self.by_key.values()
    }

    /// Stores a key that matched, unless it is recursive and left out. A key that is stored already came again in a
    /// later file: it takes the new report type, if it may.
    pub fn publish(&mut self, key: &DiagnosisKey) -> RevisionOutcome {
        let report_type = self.mapping.report_type(key.report_type);
        match self.by_key.entry(key.key_data) {
            Entry::Occupied(stored) if stored.get().key.window != key.window => RevisionOutcome::OtherPeriod,
            Entry::Occupied(mut stored) => match stored.get_mut().revise(report_type) {
                changed @ (RevisionOutcome::Changed | RevisionOutcome::Revoked) => changed,
                _ => RevisionOutcome::Stored,
            },
            Entry::Vacant(_) if self.mapping.hidden(report_type) == Some(Hidden::Recursive) => {
                RevisionOutcome::NotStored
            }
            Entry::Vacant(place) => {
                place.insert(StoredKey { key: DiagnosisKey { report_type, ..*key }, revised: false });
                RevisionOutcome::Stored
            }
        }
    }

    /// Applies a revised key.
    pub fn revise(&mut self, revised: &DiagnosisKey) -> RevisionOutcome {
        let report_type = self.mapping.report_type(revised.report_type);
        match self.by_key.get_mut(&revised.key_data) {
            None => RevisionOutcome::NotStored,
            Some(stored) if stored.key.window != revised.window => RevisionOutcome::OtherPeriod,
            Some(stored) => stored.revise(report_type),
        }
    }

    /// Gives each encounter the stored report of its key.
    ///
    /// An encounter whose key is not stored stays as it is. A key without a report type stays one, unless it has been
    /// revised. An encounter whose bytes are stored with another start or period is [hidden](Encounter::hidden).
    #[must_use]
    pub fn apply(&self, encounters: Vec<Encounter>) -> Vec<Encounter> {
        let current = |mut encounter: Encounter| {
            let Some(stored) = self.by_key.get(&encounter.key.key_data) else { return encounter };
            encounter.other_period = stored.key.window != encounter.key.window;
            if !encounter.other_period {
                // A key without a type stays one, unless it has been revised: what that means is said later.
                let is_as_mapped = encounter.report_type(&self.mapping) == stored.key.report_type;
                let report_type = if is_as_mapped { encounter.key.report_type } else { stored.key.report_type };
                encounter.key = DiagnosisKey { report_type, ..stored.key };
            }
            encounter
        };
        encounters.into_iter().map(current).collect()
    }
}

impl Extend<StoredKey> for StoredKeys {
    /// Adds keys that were written down. Keys that are stored already stay as they are.
    fn extend<I: IntoIterator<Item = StoredKey>>(&mut self, stored: I) {
        for stored in stored {
            self.by_key.entry(stored.key.key_data).or_insert(stored);
        }
    }
}
