//! How to read the fields of a key's report.

use super::infectiousness::{Infectiousness, InfectiousnessMap};
use crate::keys::{DaysSinceOnset, ReportType};
use crate::names::named;

/// The meaning of the fields of a key's report.
///
/// By default a key without a report type is a confirmed test, infectiousness is standard for every day, and recursive
/// reports are left out.
///
/// ```
/// use gaen::exposure::{DiagnosisKeysDataMapping, Infectiousness, InfectiousnessMap};
/// use gaen::keys::DaysSinceOnset;
///
/// // Three days before the onset of symptoms to ten days after it.
/// let map = InfectiousnessMap::from_fn(|day| match day {
///     -3..=10 => Infectiousness::High,
///     _ => Infectiousness::None,
/// });
/// let mapping = DiagnosisKeysDataMapping { infectiousness: Some(map), ..DiagnosisKeysDataMapping::default() };
/// assert_eq!(mapping.infectiousness(DaysSinceOnset::new(2)), Infectiousness::High);
/// assert_eq!(mapping.infectiousness(DaysSinceOnset::new(11)), Infectiousness::None);
/// assert_eq!(mapping.infectiousness(None), Infectiousness::Standard);
/// ```
///
/// Source: v2 API documents, `DiagnosisKeysDataMapping`.
#[derive(Clone, Debug, PartialEq)]
pub struct DiagnosisKeysDataMapping {
    /// The report type of a key without one.
    pub report_type_when_missing: ReportType,
    /// The infectiousness of a key without days since onset, and of every key if there is no map.
    pub infectiousness_when_missing: Infectiousness,
    /// The infectiousness by days since the onset of symptoms; `None` for no map.
    pub infectiousness: Option<InfectiousnessMap>,
    /// `true` if keys of people who were only exposed to a positive person count too.
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

/// Why a key that matched is hidden: it has no windows, no scores and no part in the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Hidden {
    /// The report was withdrawn.
    Revoked,
    /// The key's owner was only exposed to a positive person, and the configuration leaves such keys out.
    Recursive,
    /// The same bytes matched before with another start or period: a phone stores a key once.
    OtherPeriod,
}

named! {
    Hidden, "reason to hide a key":
    Revoked => "revoked",
    Recursive => "recursive",
    OtherPeriod => "other_period",
}

impl DiagnosisKeysDataMapping {
    /// Returns why a key of this report type is hidden; `None` if it is shown.
    #[must_use]
    pub const fn hidden(&self, report_type: ReportType) -> Option<Hidden> {
        match report_type {
            ReportType::Revoked => Some(Hidden::Revoked),
            ReportType::Recursive if !self.recursive_enabled => Some(Hidden::Recursive),
            _ => None,
        }
    }

    /// Returns the report type as which this one counts.
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
