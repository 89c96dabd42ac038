//! Everything that is said of answers, in each language.

use gaen::exposure::Verdict;
use gaen::exposure::decision::{Change, ChangeKind};
use gaen::time::UtcDay;

use crate::Language::{self, English, Japanese};
use crate::read::{MissingField, WindowForm};
use crate::text::{counted, grouped};

/// The texts without numbers.
pub(super) struct Labels {
    pub(super) not_counted: &'static str,
    pub(super) not_judged: &'static str,
    pub(super) no_class: &'static str,
}

pub(super) const fn labels(language: Language) -> Labels {
    match language {
        English => Labels { not_counted: "not counted", not_judged: "not judged", no_class: "-" },
        Japanese => Labels { not_counted: "対象外", not_judged: "判定不能", no_class: "－" },
    }
}

/// Whose form the windows have.
fn form_name(form: WindowForm) -> &'static str {
    match form {
        WindowForm::CwaCases => "Corona-Warn-App (ageInDays)",
        WindowForm::TestMenu => "Corona-Warn-App / DP-3T (dateMillisSinceEpoch)",
        WindowForm::CwaAnalytics => "Corona-Warn-App (dateMillis)",
        WindowForm::Chino => "Chino / COCOA (DateMillisSinceEpoch)",
        WindowForm::CovidAlert => "COVID Alert (day)",
        WindowForm::Nhs => "NHS COVID-19",
        WindowForm::Gaen => "gaen",
    }
}

pub(super) fn judged_on(language: Language, form: Option<WindowForm>, today: UtcDay) -> String {
    let form = form.map(form_name);
    match (language, form) {
        (English, Some(form)) => format!("windows in the form of {form}, judged on {today} (UTC)"),
        (English, None) => format!("judged on {today} (UTC)"),
        (Japanese, Some(form)) => format!("接触ウィンドウの形式：{form}。判定日：{today}（UTC）"),
        (Japanese, None) => format!("判定日：{today}（UTC）"),
    }
}

/// Fields that nobody asks for.
pub(super) fn passed_over(language: Language, names: &str) -> String {
    match language {
        English => format!("fields passed over: {names}"),
        Japanese => format!("読まなかった項目：{names}"),
    }
}

pub(super) fn counted_windows(language: Language, windows: usize, days: &[UtcDay]) -> String {
    match (language, days) {
        (English, []) if windows == 0 => {
            "no exposure windows: whether anything was searched, the file does not say".to_owned()
        }
        (Japanese, []) if windows == 0 => {
            "接触ウィンドウはありません。照合が行われたかどうかは、このファイルからは分かりません".to_owned()
        }
        (English, _) => {
            format!("{} on {}", counted(windows, "exposure window"), counted(days.len(), "UTC day"))
        }
        (Japanese, _) => format!("接触ウィンドウ{}件、{}日分（UTCの日付）", grouped(windows), grouped(days.len())),
    }
}

/// Dates that were cut to 32 bits.
pub(super) fn repaired(language: Language, dates: usize) -> String {
    match language {
        English => {
            format!("{} had lost all but the lower 32 bits, and the day was found again", counted(dates, "date"))
        }
        Japanese => format!("{}件の日付は下位32ビットだけで記録されていたため、日付を復元しました", grouped(dates)),
    }
}

/// A field that windows lack.
pub(super) fn missing(language: Language, missing: &MissingField, all: usize) -> String {
    let MissingField { field, windows } = *missing;
    match language {
        English if windows == all => format!("no window says {field}"),
        English => format!("{} of {} do not say {field}", grouped(windows), counted(all, "window")),
        Japanese => format!("{field}は、{}件中{}件で記録されていません", grouped(all), grouped(windows)),
    }
}

/// The configuration, before its answer.
pub(super) fn who(language: Language, name: &str, place: Option<&str>) -> String {
    match (language, place) {
        (English, Some(place)) => format!("{place} ({name}): "),
        (English, None) => format!("{name}: "),
        (Japanese, Some(place)) => format!("{place}（{name}）："),
        (Japanese, None) => format!("{name}："),
    }
}

/// How an answer differs from the answer of before; `None` if a day could not be judged.
pub(super) fn compared(language: Language, change: Option<&Change>) -> String {
    let Some(Change { kind, tells, missed, .. }) = change else {
        return match language {
            English => "not compared with the answer of before: a day could not be judged".to_owned(),
            Japanese => "判定できない日があるため、前回の判定とは比較できません".to_owned(),
        };
    };
    let kind = match (language, kind) {
        (English, ChangeKind::Same) => "the same".to_owned(),
        (English, ChangeKind::Moved) => "another day or name".to_owned(),
        (English, kind) => kind.to_string(),
        (Japanese, ChangeKind::Same) => "変化なし".to_owned(),
        (Japanese, ChangeKind::New) => "新規".to_owned(),
        (Japanese, ChangeKind::Worse) => "悪化".to_owned(),
        (Japanese, ChangeKind::Better) => "改善".to_owned(),
        (Japanese, ChangeKind::Moved) => "日付または区分名の変更".to_owned(),
        (Japanese, ChangeKind::Revoked) => "取り消し".to_owned(),
        (Japanese, kind) => kind.to_string(),
    };
    let missed = missed.map(|day| match language {
        English => format!(" ({day} lost score)"),
        Japanese => format!("（{day}のスコアが減少）"),
    });
    let missed = missed.unwrap_or_default();
    match (language, tells) {
        (English, true) => format!("compared with the answer of before: {kind}{missed}; the app tells its user"),
        (English, false) => {
            format!("compared with the answer of before: {kind}{missed}; the app tells its user nothing")
        }
        (Japanese, true) => format!("前回の判定との比較：{kind}{missed}。アプリは利用者に知らせます"),
        (Japanese, false) => format!("前回の判定との比較：{kind}{missed}。アプリは利用者に知らせません"),
    }
}

/// The answer of a configuration, with its class and the day of the class.
pub(super) fn answer(language: Language, verdict: Verdict, class: Option<(&str, Option<UtcDay>)>) -> String {
    let said = match (language, verdict) {
        (English, verdict) => verdict.to_string(),
        (Japanese, Verdict::Notify) => "通知する".to_owned(),
        (Japanese, Verdict::DoNotNotify) => "通知しない".to_owned(),
        (Japanese, Verdict::NotJudged(reason)) => format!("判定できません（{}）", reason.code()),
    };
    let class = class.filter(|(name, date)| *name != verdict.name() || date.is_some());
    match (language, class) {
        (_, None) => said,
        (English, Some((name, Some(day)))) if name == verdict.name() => format!("{said}, {day}"),
        (English, Some((name, Some(day)))) => format!("{said}, {name} on {day}"),
        (English, Some((name, None))) => format!("{said}, {name}"),
        (Japanese, Some((name, Some(day)))) if name == verdict.name() => format!("{said}（{day}）"),
        (Japanese, Some((name, Some(day)))) => format!("{said}（{name}、{day}）"),
        (Japanese, Some((name, None))) => format!("{said}（{name}）"),
    }
}
