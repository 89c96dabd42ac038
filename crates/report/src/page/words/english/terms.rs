//! English dates, units and names.

use gaen::exposure::{Condition, Operator};
use gaen::time::{CivilDate, CivilDateTime};

use super::English;
use crate::page::words::{Words, hour_and_minute, whole};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub(super) fn month(date: CivilDate) -> &'static str {
    MONTHS[usize::from(date.month()) - 1]
}

pub(super) fn date(date: CivilDate) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// Without the year.
pub(super) fn short(time: CivilDateTime) -> String {
    let (hour, minute) = hour_and_minute(time);
    format!("{} {}, {hour:02}:{minute:02}", time.date().day(), month(time.date()))
}

/// The hour in which a time lies, without the year.
pub(super) fn short_hour(time: CivilDateTime) -> String {
    let (hour, _) = hour_and_minute(time);
    format!("{} {}, {hour:02}:00 to {hour:02}:59", time.date().day(), month(time.date()))
}

pub(super) fn report_type(name: &str) -> &'static str {
    match name {
        "confirmed_test" => "a positive test",
        "confirmed_clinical_diagnosis" => "a doctor's diagnosis",
        "self_report" => "the owner's own",
        "recursive" => "of somebody who was exposed",
        "revoked" => "withdrawn",
        _ => "kind not told",
    }
}

pub(super) fn condition_name(name: &str) -> &'static str {
    match name {
        "score_sum" => "score of the day",
        "weighted_duration_average" => "mean weight of a second",
        "seconds_since_last_scan_sum" => "time of the day",
        "typical_attenuation_max" => "largest attenuation",
        "confirmed_test_sum" => "score of positive tests",
        "confirmed_clinical_diagnosis_sum" => "score of doctors' diagnoses",
        "self_report_sum" => "score of own reports",
        "recursive_sum" => "score of people who were exposed",
        "maximum_score" => "largest score of a contact",
        "weighted_duration_sum" => "weighted time of the day",
        _ => "smallest attenuation",
    }
}

/// A value of a condition, with its unit.
pub(super) fn amount(name: &str, value: f64) -> String {
    match name {
        "seconds_since_last_scan_sum" => English.duration_or_minus(whole(value)),
        "typical_attenuation_max" | "typical_attenuation_min" => format!("{}\u{a0}dB", English.number(value)),
        _ => English.number(value),
    }
}

pub(super) fn asks(name: &str, condition: Condition) -> String {
    let amount = amount(name, condition.threshold);
    match condition.op {
        Operator::Nop => "anything".into(),
        Operator::Equal => format!("exactly {amount}"),
        Operator::AtLeast => format!("at least {amount}"),
        Operator::MoreThan => format!("more than {amount}"),
        Operator::AtMost => format!("at most {amount}"),
        Operator::LessThan => format!("less than {amount}"),
    }
}
