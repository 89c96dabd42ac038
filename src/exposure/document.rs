//! An assessment as a document: the form of `gaen exposures --json` and of the conformance kit. The summary of a day is
//! read again too, as an app keeps it longer than what it was made of.
//!
//! Keys are hexadecimal text, `start` is Unix seconds, `date` is `YYYY-MM-DD` in UTC, durations are seconds, names are
//! in snake case.

use alloc::collections::BTreeMap;
use alloc::string::ToString;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::assessment::Assessment;
use super::basis::NotJudged;
use super::decision::Decision;
use super::summary::{DailySummary, Totals};
use super::v1::{ExposureInformation, ExposureSummary};
use super::window::ExposureWindow;
use crate::keys::ReportType;
use crate::time::UtcDay;

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Assessment", 7)?;
        document.serialize_field("profile", &self.profile)?;
        document.serialize_field("now", &self.now)?;
        document.serialize_field("basis", &self.basis)?;
        document.serialize_field("windows", &self.windows)?;
        document.serialize_field("daily_summaries", &self.daily_summaries)?;
        document.serialize_field("v1", &self.v1)?;
        document.serialize_field("decision", &self.decision)?;
        document.end()
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { verdict, days, reasons, rule, platform, class } = self;
        let reason = verdict.not_judged();
        let mut decision = serializer.serialize_struct("Decision", 8)?;
        decision.serialize_field("verdict", verdict)?;
        decision.serialize_field("code", &reason.map(NotJudged::code))?;
        decision.serialize_field("reason", &reason.map(|reason| reason.to_string()))?;
        decision.serialize_field("days", days)?;
        decision.serialize_field("reasons", reasons)?;
        // A rule of nobody's has no name, no platform and no classes to tell.
        if rule.is_some() {
            decision.serialize_field("rule", rule)?;
            decision.serialize_field("platform", platform)?;
            decision.serialize_field("class", class)?;
        }
        decision.end()
    }
}

impl Serialize for ExposureWindow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut window = serializer.serialize_struct("ExposureWindow", 7)?;
        window.serialize_field("tek", &self.key.key_data)?;
        window.serialize_field("start", &self.start)?;
        window.serialize_field("date", &self.date())?;
        window.serialize_field("report_type", &self.report_type)?;
        window.serialize_field("infectiousness", &self.infectiousness)?;
        window.serialize_field("calibration_confidence", &self.calibration_confidence)?;
        window.serialize_field("scan_instances", &self.scan_instances)?;
        window.end()
    }
}

impl Serialize for DailySummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// In the order of the types, which is not that of their names.
        struct ByType<'t>(&'t [(ReportType, Totals)]);
        impl Serialize for ByType<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (report_type, totals) in self.0 {
                    map.serialize_entry(report_type.name(), totals)?;
                }
                map.end()
            }
        }
        let Totals { score_sum, maximum_score, weighted_duration_sum } = self.day_total;
        let mut day = serializer.serialize_struct("DailySummary", 5)?;
        day.serialize_field("date", &self.date)?;
        day.serialize_field("score_sum", &score_sum)?;
        day.serialize_field("maximum_score", &maximum_score)?;
        day.serialize_field("weighted_duration_sum", &weighted_duration_sum)?;
        day.serialize_field("by_report_type", &ByType(&self.by_report_type))?;
        day.end()
    }
}

impl<'de> Deserialize<'de> for DailySummary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Fields {
            date: UtcDay,
            score_sum: f64,
            maximum_score: f64,
            weighted_duration_sum: f64,
            by_report_type: BTreeMap<ReportType, Totals>,
        }
        let Fields { date, score_sum, maximum_score, weighted_duration_sum, by_report_type } =
            Fields::deserialize(deserializer)?;
        let day_total = Totals { score_sum, maximum_score, weighted_duration_sum };
        Ok(Self { date, day_total, by_report_type: by_report_type.into_iter().collect() })
    }
}

impl Serialize for ExposureInformation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut exposure = serializer.serialize_struct("ExposureInformation", 8)?;
        exposure.serialize_field("tek", &self.key.key_data)?;
        exposure.serialize_field("start", &self.start)?;
        exposure.serialize_field("duration", &self.duration)?;
        exposure.serialize_field("attenuation_value", &self.attenuation_value)?;
        exposure.serialize_field("attenuation_durations", &self.attenuation_durations)?;
        exposure.serialize_field("transmission_risk_level", &self.transmission_risk_level.as_u8())?;
        exposure.serialize_field("risk_score", &self.risk.score)?;
        exposure.serialize_field("risk_score_full_range", &self.risk.score_full_range)?;
        exposure.end()
    }
}

impl Serialize for ExposureSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut summary = serializer.serialize_struct("ExposureSummary", 8)?;
        summary.serialize_field("exposures", &self.exposures)?;
        summary.serialize_field("maximum_risk_score", &self.maximum_risk_score)?;
        summary.serialize_field("maximum_risk_score_full_range", &self.maximum_risk_score_full_range)?;
        summary.serialize_field("summation_risk_score", &self.summation_risk_score)?;
        summary.serialize_field("summation_risk_score_full_range", &self.summation_risk_score_full_range)?;
        summary.serialize_field("matched_key_count", &self.matched_key_count)?;
        summary.serialize_field("days_since_last_exposure", &self.days_since_last_exposure)?;
        summary.serialize_field("attenuation_durations", &self.attenuation_durations)?;
        summary.end()
    }
}
