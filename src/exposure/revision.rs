//! Keys whose report changes after they were published.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::vec::Vec;

use super::configuration::{DiagnosisKeysDataMapping, Hidden};
use super::encounter::Encounter;
use crate::keys::{DiagnosisKey, KeyData, ReportType};
use crate::matching::LaterReport;
use crate::names::named;

/// The keys that matched, each with the report that counts now: what an app keeps of them.
///
/// A report changes by a revised key, and by the same key published again in a later file: Google's published parsers read
/// published keys alone. A revoked key stays, hidden, so that it cannot match again. A recursive key that is not asked for
/// leaves no trace, so that it can match when it is published with another report.
///
/// Source: Google's snapshot. One thing is stricter here: the same bytes with another start or period change nothing, while
/// Google's code takes up their report type once a result is stored.
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

/// What a published or revised key did to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RevisionOutcome {
    /// Published: it is stored, now or already, and what is stored of it stays as it is.
    Stored,
    /// Published: it is recursive, where that is not asked for. Revised: there is nothing stored of it.
    NotStored,
    /// Nothing: the same bytes with another start or period are stored.
    OtherPeriod,
    /// Nothing: its report had changed once already.
    AlreadyRevised,
    /// Nothing: from the stored type there is no way to the new one.
    TransitionNotAllowed,
    /// The report type has changed.
    Changed,
    /// The report was withdrawn: the key is kept, and hidden.
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
    /// The key, with the report type that counts now.
    #[must_use]
    pub const fn key(&self) -> &DiagnosisKey {
        &self.key
    }

    /// Whether its report has changed. It can once.
    #[must_use]
    pub const fn is_revised(&self) -> bool {
        self.revised
    }

    /// Whether exposures of it are shown. Those of revoked keys are not.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.key.report_type != ReportType::Revoked
    }

    /// Takes up another report type, if the stored one may become it:
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
    /// Nothing stored. The mapping says what type a key without one is of, and whether recursive ones are kept.
    #[must_use]
    pub const fn new(mapping: DiagnosisKeysDataMapping) -> Self {
        Self { mapping, by_key: BTreeMap::new() }
    }

    /// These encounters with the reports that count now: after the keys of all files in their order, as a search
    /// [tells](crate::matching::MatchReport::later_reports) of those that came again, and then the revised keys of all files in their
    /// order. What a key without a report can become, the mapping says.
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

    /// What is stored of the key with these bytes.
    #[must_use]
    pub fn get(&self, key_data: &KeyData) -> Option<&StoredKey> {
        self.by_key.get(key_data)
    }

    /// All that is stored, in the order of their bytes: what an app writes down, and gives back by [`Extend`].
    pub fn iter(&self) -> impl Iterator<Item = &StoredKey> {
        self.by_key.values()
    }

    /// Stores a key that matched, unless it is recursive and that is not asked for. One that is stored already takes up the
    /// report type, if it may become that: the same key in a later file.
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

    /// Takes up a revised key.
    pub fn revise(&mut self, revised: &DiagnosisKey) -> RevisionOutcome {
        let report_type = self.mapping.report_type(revised.report_type);
        match self.by_key.get_mut(&revised.key_data) {
            None => RevisionOutcome::NotStored,
            Some(stored) if stored.key.window != revised.window => RevisionOutcome::OtherPeriod,
            Some(stored) => stored.revise(report_type),
        }
    }

    /// These encounters with what is stored of their keys, report type and all. One whose key is not stored stays as it is,
    /// and so does the type of a key without one that is stored as what the mapping makes of it; one whose bytes are stored
    /// with another start or period goes.
    #[must_use]
    pub fn apply(&self, encounters: Vec<Encounter>) -> Vec<Encounter> {
        let current = |mut encounter: Encounter| match self.by_key.get(&encounter.key.key_data) {
            None => Some(encounter),
            Some(stored) if stored.key.window == encounter.key.window => {
                // A key without a type stays one, unless it has been revised: what that means is said later.
                let is_as_mapped = encounter.report_type(&self.mapping) == stored.key.report_type;
                let report_type = if is_as_mapped { encounter.key.report_type } else { stored.key.report_type };
                encounter.key = DiagnosisKey { report_type, ..stored.key };
                Some(encounter)
            }
            Some(_) => None,
        };
        encounters.into_iter().filter_map(current).collect()
    }
}

impl Extend<StoredKey> for StoredKeys {
    /// Takes back what was written down. Bytes that are stored already stay as they are.
    fn extend<I: IntoIterator<Item = StoredKey>>(&mut self, stored: I) {
        for stored in stored {
            self.by_key.entry(stored.key.key_data).or_insert(stored);
        }
    }
}
