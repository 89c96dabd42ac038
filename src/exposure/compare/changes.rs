//! Walks over two assessments side by side.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Change, ChangeCode, ComparedValue};
use crate::exposure::decision::Decision;
use crate::exposure::encounter::order;
use crate::exposure::summary::{DailySummary, Totals};
use crate::exposure::v1::{ExposureInformation, ExposureSummary};
use crate::exposure::window::{ExposureWindow, ScanInstance};

pub(super) struct Changes(pub(super) Vec<Change>);

impl Changes {
    /// Adds these two values, if they differ.
    fn add(&mut self, code: ChangeCode, path: String, left: Option<ComparedValue>, right: Option<ComparedValue>) {
        if left != right {
            let number = |value: &Option<ComparedValue>| value.as_ref().and_then(ComparedValue::as_f64);
            let difference = number(&left).zip(number(&right)).map(|(left, right)| right - left);
            self.0.push(Change { code, path, left, right, difference });
        }
    }

    pub(super) fn windows(&mut self, left: &[ExposureWindow], right: &[ExposureWindow]) {
        for ((start, (_, key, _)), (left, right)) in pairs(left, right, |window| (window.start, order(&window.key))) {
            let path = format!("windows.{key}.{start}");
            let (Some(left), Some(right)) = (left, right) else {
                let seconds = |window: Option<&ExposureWindow>| window.map(|w| ComparedValue::integer(w.seconds()));
                self.add(ChangeCode::WindowOnlyInOne, path, seconds(left), seconds(right));
                continue;
            };
            let mut both = |code, name: &str, value: fn(&ExposureWindow) -> ComparedValue| {
                self.add(code, format!("{path}.{name}"), Some(value(left)), Some(value(right)));
            };
            both(ChangeCode::WindowInfectiousness, "infectiousness", |w| ComparedValue::text(w.infectiousness.name()));
            both(ChangeCode::WindowReportType, "report_type", |w| ComparedValue::text(w.report_type.name()));
            both(ChangeCode::WindowCalibrationConfidence, "calibration_confidence", |w| {
                ComparedValue::text(w.calibration_confidence.name())
            });
            if left.scan_instances != right.scan_instances {
                both(ChangeCode::WindowScans, "scan_instances", scans);
            }
        }
    }

    pub(super) fn days(&mut self, left: &[DailySummary], right: &[DailySummary]) {
        for (date, (left, right)) in pairs(left, right, |day| day.date) {
            let path = format!("daily_summaries.{date}");
            let (Some(left), Some(right)) = (left, right) else {
                let score = |day: Option<&DailySummary>| day.map(|day| ComparedValue::Number(day.day_total.score_sum));
                self.add(ChangeCode::DayOnlyInOne, path, score(left), score(right));
                continue;
            };
            self.totals(ChangeCode::DayTotal, &path, &left.day_total, &right.day_total);
            for (name, (left, right)) in pairs(&left.by_report_type, &right.by_report_type, |(name, _)| *name) {
                let path = format!("{path}.by_report_type.{}", name.name());
                if let (Some((_, left)), Some((_, right))) = (left, right) {
                    self.totals(ChangeCode::TypeTotal, &path, left, right);
                } else {
                    let score = |side: Option<&(_, Totals)>| side.map(|(_, t)| ComparedValue::Number(t.score_sum));
                    self.add(ChangeCode::TypeOnlyInOne, path, score(left), score(right));
                }
            }
        }
    }

    fn totals(&mut self, code: ChangeCode, path: &str, left: &Totals, right: &Totals) {
        for (name, left, right) in [
            ("score_sum", left.score_sum, right.score_sum),
            ("maximum_score", left.maximum_score, right.maximum_score),
            ("weighted_duration_sum", left.weighted_duration_sum, right.weighted_duration_sum),
        ] {
            let value = |number| Some(ComparedValue::Number(number));
            self.add(code, format!("{path}.{name}"), value(left), value(right));
        }
    }

    pub(super) fn v1(&mut self, left: &ExposureSummary, right: &ExposureSummary) {
        let (lefts, rights) = (&left.exposures, &right.exposures);
        for ((start, (_, key, _)), (left, right)) in pairs(lefts, rights, |found| (found.start, order(&found.key))) {
            let path = format!("v1.exposures.{key}.{start}");
            let (Some(left), Some(right)) = (left, right) else {
                let score = |found: Option<&ExposureInformation>| found.map(|e| ComparedValue::integer(e.risk.score));
                self.add(ChangeCode::ExposureOnlyInOne, path, score(left), score(right));
                continue;
            };
            for ((name, left), (_, right)) in exposure_values(left).into_iter().zip(exposure_values(right)) {
                self.add(ChangeCode::ExposureValue, format!("{path}.{name}"), Some(left), Some(right));
            }
        }
        for ((name, left), (_, right)) in summary_values(left).into_iter().zip(summary_values(right)) {
            self.add(ChangeCode::SummaryValue, format!("v1.{name}"), left, right);
        }
    }

    pub(super) fn decision(&mut self, left: &Decision, right: &Decision) {
        let verdict = |decision: &Decision| Some(ComparedValue::text(decision.verdict.name()));
        self.add(ChangeCode::Verdict, "decision.verdict".into(), verdict(left), verdict(right));
        let days = |decision: &Decision| {
            let days: Vec<_> = decision.days.iter().map(ToString::to_string).collect();
            Some(ComparedValue::Text(days.join(" ")))
        };
        self.add(ChangeCode::DecisionDays, "decision.days".into(), days(left), days(right));
        for (date, (left, right)) in pairs(&left.reasons, &right.reasons, |reason| reason.date) {
            // That the numbers in the sentence differ stands with the days already.
            if left.map(|reason| reason.code) != right.map(|reason| reason.code) {
                let path = date.map_or_else(|| "decision.reasons".into(), |date| format!("decision.reasons.{date}"));
                let [left, right] = [left, right].map(|side| side.map(|reason| ComparedValue::text(&reason.text)));
                self.add(ChangeCode::Reason, path, left, right);
            }
        }
    }
}

/// What both lists have of each thing, in the order of the things.
fn pairs<'t, T, K: Ord>(
    left: &'t [T],
    right: &'t [T],
    key: impl Fn(&T) -> K,
) -> BTreeMap<K, (Option<&'t T>, Option<&'t T>)> {
    let mut pairs: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    for item in left {
        pairs.entry(key(item)).or_default().0 = Some(item);
    }
    for item in right {
        pairs.entry(key(item)).or_default().1 = Some(item);
    }
    pairs
}

fn scans(window: &ExposureWindow) -> ComparedValue {
    let scan = |scan: &ScanInstance| {
        format!("{} s {}/{} dB", scan.seconds_since_last_scan, scan.typical_attenuation, scan.min_attenuation)
    };
    ComparedValue::Text(window.scan_instances.iter().map(scan).collect::<Vec<_>>().join(", "))
}

fn exposure_values(exposure: &ExposureInformation) -> [(&'static str, ComparedValue); 9] {
    let [near, middle, far] = exposure.attenuation_durations.map(ComparedValue::integer);
    [
        ("duration", ComparedValue::integer(exposure.duration)),
        ("attenuation", ComparedValue::integer(exposure.attenuation)),
        ("attenuation_value", ComparedValue::integer(exposure.attenuation_value)),
        ("attenuation_durations.0", near),
        ("attenuation_durations.1", middle),
        ("attenuation_durations.2", far),
        ("days", ComparedValue::integer(exposure.days)),
        ("risk_score", ComparedValue::integer(exposure.risk.score)),
        ("risk_score_full_range", ComparedValue::Number(exposure.risk.score_full_range)),
    ]
}

fn summary_values(summary: &ExposureSummary) -> [(&'static str, Option<ComparedValue>); 9] {
    let [near, middle, far] = summary.attenuation_durations.map(|seconds| Some(ComparedValue::integer(seconds)));
    [
        ("matched_key_count", Some(ComparedValue::integer(summary.matched_key_count))),
        ("days_since_last_exposure", summary.days_since_last_exposure.map(ComparedValue::Integer)),
        ("maximum_risk_score", Some(ComparedValue::integer(summary.maximum_risk_score))),
        ("maximum_risk_score_full_range", Some(ComparedValue::Number(summary.maximum_risk_score_full_range))),
        ("summation_risk_score", Some(ComparedValue::integer(summary.summation_risk_score))),
        ("summation_risk_score_full_range", Some(ComparedValue::Number(summary.summation_risk_score_full_range))),
        ("attenuation_durations.0", near),
        ("attenuation_durations.1", middle),
        ("attenuation_durations.2", far),
    ]
}
