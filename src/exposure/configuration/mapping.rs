//! What the fields of a key's report mean.

use super::infectiousness::{Infectiousness, InfectiousnessMap};
use crate::keys::{DaysSinceOnset, ReportType};
use crate::names::named;

/// What the fields of a key's report mean.
///
/// The default: a key without a report type is a confirmed test, infectiousness is standard for every day, recursive
/// reports are left out.
///
/// Source: v2 API documents, `DiagnosisKeysDataMapping`.
#[derive(Clone, Debug, PartialEq)]
pub struct DiagnosisKeysDataMapping {
    /// The report type of a key that has none.
    pub report_type_when_missing: ReportType,
    /// The infectiousness of a key without days since onset, and of all keys where there is no map.
    pub infectiousness_when_missing: Infectiousness,
    /// The infectiousness by days since the onset of symptoms.
    pub infectiousness: Option<InfectiousnessMap>,
    /// Whether keys of people who were exposed to a positive person count too.
    pub recursive_enabled: bool,
}

impl Default for DiagnosisKeysDataMapping {
    fn default() -> Self {
        Self {
            report_type_when_missing: ReportType::ConfirmedTest,
            infectiousness_when_missing: Infectiousness::Standard,
            infectiousness: None,
            recursive_enabled: false,
        }
    }
}

/// Why nothing is shown of a key that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Hidden {
    /// Its report was withdrawn.
    Revoked,
    /// It is the key of somebody who was exposed, and the configuration does not ask for those.
    Recursive,
}

named! {
    Hidden, "reason to hide a key":
    Revoked => "revoked",
    Recursive => "recursive",
}

impl DiagnosisKeysDataMapping {
    /// Why nothing is shown of a key of this report type, if so.
    #[must_use]
    pub const fn hidden(&self, report_type: ReportType) -> Option<Hidden> {
        match report_type {
            ReportType::Revoked => Some(Hidden::Revoked),
            ReportType::Recursive if !self.recursive_enabled => Some(Hidden::Recursive),
            _ => None,
        }
    }

    /// The report type that this one counts as.
    #[must_use]
    pub const fn report_type(&self, report_type: ReportType) -> ReportType {
        match report_type {
            ReportType::Unknown => self.report_type_when_missing,
            known => known,
        }
    }

    /// `inf(d)`: the infectiousness of a key of these days since the onset of symptoms.
    #[must_use]
    pub fn infectiousness(&self, days: Option<DaysSinceOnset>) -> Infectiousness {
        match (&self.infectiousness, days) {
            (Some(map), Some(days)) => map.at(days),
            _ => self.infectiousness_when_missing,
        }
    }
}
