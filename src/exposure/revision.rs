//! Keys whose report changes after they were published.

use super::encounter::Encounter;
use crate::diagnosis_key::{DiagnosisKey, ReportType};

/// A key that matched, with the report that counts now: what an app keeps of it.
///
/// A revoked key is kept too, hidden, so that it cannot match again.
///
/// ```
/// use gaen::exposure::{Revision, RevisionOutcome, StoredKey};
/// use gaen::{DiagnosisKey, EnIntervalNumber, ReportType, RollingPeriod, RollingWindow};
///
/// let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// let reported = DiagnosisKey { report_type: ReportType::SelfReport, ..DiagnosisKey::new([7; 16], window) };
/// let mut stored = StoredKey::new(reported);
///
/// let revised = DiagnosisKey { report_type: ReportType::Revoked, ..reported };
/// assert_eq!(stored.revise(&revised), RevisionOutcome::Revoked);
/// assert!(!stored.is_shown());
/// # Ok::<(), gaen::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StoredKey {
    key: DiagnosisKey,
    revision: Revision,
}

/// Whether a key's report has changed. It can at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Revision {
    /// Not yet.
    Original,
    /// It has.
    Revised,
}

/// What a revised key did to a stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RevisionOutcome {
    /// The report type has changed.
    Changed,
    /// The report was withdrawn: the key is kept, and hidden.
    Revoked,
    /// Nothing: it had changed once already.
    AlreadyRevised,
    /// Nothing: from the stored type there is no way to the new one.
    TransitionNotAllowed,
    /// Nothing: the same bytes with another start or period are another key, which is passed over.
    OtherPeriod,
    /// Nothing: it is not this key.
    OtherKey,
}

impl RevisionOutcome {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Revoked => "revoked",
            Self::AlreadyRevised => "already_revised",
            Self::TransitionNotAllowed => "transition_not_allowed",
            Self::OtherPeriod => "other_period",
            Self::OtherKey => "other_key",
        }
    }
}

impl StoredKey {
    /// A key that matched.
    #[must_use]
    pub const fn new(key: DiagnosisKey) -> Self {
        Self { key, revision: Revision::Original }
    }

    /// The key, with the report type that counts now.
    #[must_use]
    pub const fn key(&self) -> &DiagnosisKey {
        &self.key
    }

    /// Whether its report has changed.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Whether exposures of it are shown. Those of revoked keys are not.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.key.report_type != ReportType::Revoked
    }

    /// Takes up a revised key. Only the report type can change, once:
    ///
    /// | from | to |
    /// |---|---|
    /// | self report | confirmed test, clinical diagnosis, revoked |
    /// | clinical diagnosis | confirmed test, revoked |
    ///
    /// Source: Google's snapshot.
    pub fn revise(&mut self, revised: &DiagnosisKey) -> RevisionOutcome {
        use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Revoked, SelfReport};

        if revised.key_data != self.key.key_data {
            return RevisionOutcome::OtherKey;
        }
        if revised.window != self.key.window {
            return RevisionOutcome::OtherPeriod;
        }
        if self.revision == Revision::Revised {
            return RevisionOutcome::AlreadyRevised;
        }
        let allowed = matches!(
            (self.key.report_type, revised.report_type),
            (SelfReport, ConfirmedTest | ConfirmedClinicalDiagnosis | Revoked)
                | (ConfirmedClinicalDiagnosis, ConfirmedTest | Revoked)
        );
        if !allowed {
            return RevisionOutcome::TransitionNotAllowed;
        }
        self.key.report_type = revised.report_type;
        self.revision = Revision::Revised;
        if self.is_shown() { RevisionOutcome::Changed } else { RevisionOutcome::Revoked }
    }

    /// Applies revised keys to encounters: each encounter's report type becomes that which counts now. Returns the keys that
    /// changed, with what became of them; outcomes that changed nothing are there too.
    pub fn revise_all<'k>(
        encounters: &mut [Encounter],
        revised: impl IntoIterator<Item = &'k DiagnosisKey>,
    ) -> alloc::vec::Vec<(DiagnosisKey, RevisionOutcome)> {
        let mut stored: alloc::vec::Vec<_> = encounters.iter().map(|encounter| Self::new(encounter.key)).collect();
        let mut outcomes = alloc::vec::Vec::new();
        for revised in revised {
            for stored in stored.iter_mut().filter(|stored| stored.key.key_data == revised.key_data) {
                outcomes.push((*revised, stored.revise(revised)));
            }
        }
        for (encounter, stored) in encounters.iter_mut().zip(stored) {
            encounter.key = stored.key;
        }
        outcomes
    }
}
