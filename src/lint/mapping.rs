//! What the fields of a key's report mean in v2.

use super::{Lint, LintCode};
use crate::exposure::{DiagnosisKeysDataMapping, Infectiousness, InfectiousnessMap};
use crate::keys::ReportType;

pub(super) fn lint(mapping: &DiagnosisKeysDataMapping) -> Vec<Lint> {
    let mut lints = Vec::new();
    let days: Vec<_> =
        mapping.infectiousness.iter().flat_map(InfectiousnessMap::iter).map(|(_, found)| found).collect();
    if let Some(first) = days.first() {
        let is_uniform = days.iter().all(|found| found == first);
        if is_uniform && *first == Infectiousness::None {
            let sentence = "no day from -14 to 14 has an infectiousness: no key with days since onset counts";
            lints.push(Lint::field(LintCode::InfectiousnessNoneEveryDay, "mapping.infectiousness", sentence));
        } else if !is_uniform && days.iter().eq(days.iter().rev()) {
            let sentence = "the infectiousness is the same before the onset of symptoms and after it";
            lints.push(Lint::field(LintCode::InfectiousnessSymmetric, "mapping.infectiousness", sentence));
        }
    }
    if mapping.infectiousness_when_missing == Infectiousness::None {
        let keys = if days.is_empty() { "no key counts, as there is no map" } else { "no key without them counts" };
        let sentence = format!("missing days since onset mean no infectiousness: {keys}");
        lints.push(Lint::field(LintCode::InfectiousnessMissingNone, "mapping.infectiousness_when_missing", sentence));
    }
    let missing = mapping.report_type_when_missing;
    if matches!(missing, ReportType::Unknown | ReportType::Revoked) {
        let sentence = format!("a missing report type means {}, which has no summaries", missing.name());
        lints.push(Lint::field(LintCode::ReportTypeMissingUnknown, "mapping.report_type_when_missing", sentence));
    }
    lints
}
