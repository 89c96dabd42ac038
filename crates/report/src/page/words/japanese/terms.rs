//! Japanese dates, units and names.

use gaen::exposure::{Condition, Operator};
use gaen::time::{CivilDate, CivilDateTime, LocalRange, UtcOffset};

use super::Japanese;
use crate::page::words::{Words, hour_and_minute, whole};

pub(super) fn date(date: CivilDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Without the year.
pub(super) fn short(time: CivilDateTime) -> String {
    let (hour, minute) = hour_and_minute(time);
    format!("{}月{}日 {hour}:{minute:02}", time.date().month(), time.date().day())
}

/// The hour in which a time lies, without the year.
pub(super) fn short_hour(time: CivilDateTime) -> String {
    let (hour, _) = hour_and_minute(time);
    format!("{}月{}日 {hour}時台", time.date().month(), time.date().day())
}

/// From when to when, without the name of the clock.
pub(super) fn from_to(range: LocalRange) -> String {
    format!("{}から{}まで", Japanese.time(range.start), short(range.end))
}

/// What the time at this offset from UTC is called.
pub(crate) fn clock_name(offset: UtcOffset) -> String {
    if offset == UtcOffset::JST { "日本時間".to_owned() } else { format!("UTC{offset}") }
}

pub(super) fn report_type(name: &str) -> &'static str {
    match name {
        "confirmed_test" => "検査による陽性",
        "confirmed_clinical_diagnosis" => "医師の診断",
        "self_report" => "自己申告",
        "recursive" => "接触した人",
        "revoked" => "取り消し",
        _ => "種類の情報なし",
    }
}

pub(super) fn condition_name(name: &str) -> &'static str {
    match name {
        "score_sum" => "1日のスコアの合計",
        "weighted_duration_average" => "1秒あたりの重みの平均",
        "seconds_since_last_scan_sum" => "1日の時間の合計",
        "typical_attenuation_max" => "最大の減衰",
        "confirmed_test_sum" => "検査による陽性のスコアの合計",
        "confirmed_clinical_diagnosis_sum" => "医師の診断のスコアの合計",
        "self_report_sum" => "自己申告のスコアの合計",
        "recursive_sum" => "接触した人の登録のスコアの合計",
        "maximum_score" => "接触1回の最大のスコア",
        "weighted_duration_sum" => "1日の重み付き時間の合計",
        _ => "最小の減衰",
    }
}

/// A value of a condition, with its unit.
pub(super) fn amount(name: &str, value: f64) -> String {
    match name {
        "seconds_since_last_scan_sum" => Japanese.duration_or_minus(whole(value)),
        "typical_attenuation_max" | "typical_attenuation_min" => format!("{}\u{a0}dB", Japanese.number(value)),
        _ => Japanese.number(value),
    }
}

pub(super) fn asks(name: &str, condition: Condition) -> String {
    let amount = amount(name, condition.threshold);
    match condition.op {
        Operator::Nop => "任意".into(),
        Operator::Equal => format!("{amount}ちょうど"),
        Operator::AtLeast => format!("{amount}以上"),
        Operator::MoreThan => format!("{amount}超"),
        Operator::AtMost => format!("{amount}以下"),
        Operator::LessThan => format!("{amount}未満"),
    }
}
