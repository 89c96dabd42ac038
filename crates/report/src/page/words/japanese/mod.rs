//! Japanese, with the terms of the app COCOA where it has one.

mod labels;
mod reasons;
mod terms;

use gaen::Profile;
use gaen::exposure::decision::{Decides, JudgedDay};
use gaen::exposure::{AssumedScans, ConditionFound, Configuration, KeyExplanation, SearchedFiles, Verdict};
use gaen::time::{CivilDate, CivilDateTime, LocalRange, UtcDay, UtcOffset};

use super::{Labels, Words, first_day, hour_and_minute, weekday};
use crate::page::facts::Facts;
use crate::page::story::{Counts, Mark, NoDay};
use terms::{amount, asks, clock_name, condition_name, date, from_to, report_type, short, short_hour};

pub(super) struct Japanese;

const WEEKDAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

impl Words for Japanese {
    fn code(&self) -> &'static str {
        "ja"
    }

    fn labels(&self) -> &'static Labels {
        &labels::LABELS
    }

    fn weekdays(&self) -> [&'static str; 7] {
        WEEKDAYS
    }

    fn column(&self, day: UtcDay) -> usize {
        weekday(day)
    }

    fn month(&self, week: &[Option<UtcDay>; 7]) -> String {
        first_day(week).map(|date| format!("{}月", date.month())).unwrap_or_default()
    }

    fn day(&self, day: UtcDay) -> String {
        format!("{}（{}）（UTCの日付）", date(day.date()), WEEKDAYS[weekday(day)])
    }

    fn time(&self, time: CivilDateTime) -> String {
        let (hour, minute) = hour_and_minute(time);
        format!("{} {hour}:{minute:02}", date(time.date()))
    }

    fn hour(&self, time: CivilDateTime) -> String {
        let (hour, _) = hour_and_minute(time);
        format!("{} {hour}時台", date(time.date()))
    }

    fn moment(&self, time: CivilDateTime, offset: UtcOffset) -> String {
        format!("{}（{}）", self.time(time), clock_name(offset))
    }

    fn on_your_clock(&self, range: LocalRange) -> String {
        if range.offset == UtcOffset::JST {
            format!("日本時間：{}", from_to(range))
        } else {
            format!("現地の時刻：{}", self.range(range))
        }
    }

    fn range(&self, range: LocalRange) -> String {
        format!("{}（{}）", from_to(range), clock_name(range.offset))
    }

    fn duration(&self, seconds: u64) -> String {
        super::duration(seconds, ["時間", "分", "秒"], "")
    }

    fn keys(&self, number: usize) -> String {
        format!("診断キー{number}件")
    }

    fn days(&self, number: usize) -> String {
        format!("{number}日")
    }

    fn file(&self, number: usize) -> String {
        format!("ファイル{number}")
    }

    fn meaning(&self, verdict: Verdict, counts: &Counts) -> String {
        let Counts { left, notify_days, near_misses, no_day, .. } = *counts;
        match verdict {
            Verdict::NotJudged(reason) => self.reason(reason.code(), &reason.to_string(), &Facts::default()),
            Verdict::Notify => format!(
                "陽性の登録をした人の端末の近くに、この設定の基準を満たす近さと長さでいた可能性のある日が、{notify_days}日あります。"
            ),
            Verdict::DoNotNotify => match (left, no_day) {
                (1.., None) => format!(
                    "診断キー{left}件の信号を受信しましたが、通知の基準を満たした日はありません。理由は、日ごとの結果に示しています。"
                ),
                (1.., Some(NoDay::TooLongAgo(days))) => {
                    format!("診断キー{left}件の信号を受信しましたが、{days}日より前のことで、この設定では数えません。")
                }
                (1.., Some(NoDay::NothingCounts)) => {
                    format!("診断キー{left}件の信号を受信しましたが、どの日の計算にも含まれません。")
                }
                (0, _) if counts.unshown() > 0 => {
                    "公開された診断キーの信号を受信しましたが、接触として数えたものはありません。".into()
                }
                (0, _) if near_misses > 0 => {
                    "接触として数えた信号はありません。公開された診断キーの信号のうち、対象外としたものを、\
                     下に示しています。"
                        .into()
                }
                (0, _) => "照合した診断キーの信号は受信していません。".into(),
            },
        }
    }

    fn unshown(&self, counts: &Counts) -> Vec<String> {
        let Counts { withdrawn, unused, other_period, .. } = *counts;
        let because = |keys: usize, reason: &str| {
            (keys > 0).then(|| format!("診断キー{keys}件の信号を受信しましたが、{reason}ため、数えません。"))
        };
        let withdrawn = because(withdrawn, "登録が取り消された");
        let unused = because(unused, "この設定では使用しない種類の登録である");
        let other_period = because(other_period, "同じ診断キーが別の有効期間で先に一致した");
        withdrawn.into_iter().chain(unused).chain(other_period).collect()
    }

    fn weakness(&self, code: &str, keys: usize) -> Option<String> {
        Some(match code {
            "key_silenced" => format!(
                "診断キー{keys}件は、送信の強さを信用できない、より強い信号が、受信したすべての信号に取って代わったため、数えていません。"
            ),
            "scan_silenced" => format!(
                "診断キー{keys}件のスキャンの一部は、送信の強さを信用できない、より強い信号に取って代わられたため、旧方式では数えていません。"
            ),
            "scan_displaced" => format!(
                "診断キー{keys}件のスキャンの一部は、旧方式では、最も近い信号ではなく、最も強い信号で数えています。"
            ),
            "seconds_negative" => format!(
                "診断キー{keys}件のスキャンの一部は、時計が逆戻りしたため、マイナスの時間として差し引かれています。"
            ),
            _ => return None,
        })
    }

    fn left_out(&self, files: SearchedFiles) -> Vec<String> {
        let SearchedFiles { used, rejected, outdated, awaited } = files;
        let rejected = (rejected > 0).then(|| {
            let given = used + rejected;
            format!(
                "ファイル{given}件のうち{rejected}件は使用できませんでした。その内容は、この判定に含まれていません。"
            )
        });
        let outdated = (outdated > 0).then(|| {
            let known = used.max(outdated);
            format!("ファイル{known}件のうち{outdated}件は、新しい受信記録との照合が済んでいません。")
        });
        let awaited = (awaited > 0).then(|| {
            format!("復元したバックアップにあったファイル{awaited}件がまだ渡されていません。その内容は、この判定に含まれていません。")
        });
        rejected.into_iter().chain(outdated).chain(awaited).collect()
    }

    fn assumed(&self, AssumedScans { assumed, scans }: AssumedScans) -> String {
        let (assumed, scans) = (self.count(assumed), self.count(scans));
        format!(
            "スキャン{scans}回のうち{assumed}回は、直前のスキャンの時刻が記録にないため、1回を120秒として計上しています。実際の時間は、これより長い場合も短い場合もあります。"
        )
    }

    fn rule(&self, configuration: &Configuration) -> String {
        match &configuration.rule.decides {
            Decides::RiskScore { at_least } => {
                let minimum = configuration.risk.minimum_risk_score;
                let of = if *at_least > 1 {
                    format!("リスクスコアが{at_least}以上の")
                } else {
                    "リスクスコアのある".into()
                };
                format!("{of}接触があれば通知します（旧方式、最小値{minimum}）。")
            }
            Decides::Windows(rule) if super::is_silent(rule) => "通知する区分が基準にないため、通知しません。".into(),
            Decides::Windows(rule) if rule.notifies_of_any_score() => "スコアのある日があれば通知します。".into(),
            Decides::Windows(rule) => {
                let one = |(name, condition)| format!("{}が{}", condition_name(name), asks(name, condition));
                let together = |asked: Vec<_>| asked.into_iter().map(one).collect::<Vec<_>>().join("、かつ");
                match super::asked(rule).into_iter().map(together).collect::<Vec<_>>() {
                    asked if asked.is_empty() => "基準に条件がないため、通知しません。".into(),
                    asked => format!("{}の日があれば通知します。", asked.join("、または")),
                }
            }
        }
    }

    fn thresholds(&self, thresholds: &[u8]) -> String {
        let thresholds: Vec<_> = thresholds.iter().map(ToString::to_string).collect();
        format!("{}\u{a0}dB", thresholds.join("、"))
    }

    fn profile(&self, profile: Profile) -> &'static str {
        match profile {
            Profile::AppleV1 => "Apple（2020年に公開されたコードの抜粋による）",
            Profile::GoogleGuarded => {
                "Google（2021年に公開されたコードに、改ざんされたメタデータと時計の逆戻りへの対策を加えたもの）"
            }
            Profile::DocumentedV2 => "バージョン2の公式文書（実際の動作では未確認）",
            _ => "Google（2021年に公開されたコードによる）",
        }
    }

    fn compared(&self, keys: u64, files: u64) -> String {
        format!("{}件（{files}ファイル）", self.count(keys))
    }

    fn calendar_note(&self, example: UtcDay, offset: UtcOffset) -> String {
        let range = self.range(example.local_range(offset));
        let day = example.date().day();
        format!("日付は、端末の数え方と同じUTC（協定世界時）です。「{day}」の欄は、{range}にあたります。")
    }

    fn date_in_calendar(&self, date: CivilDate) -> String {
        if date.day() == 1 { format!("{}/1", date.month()) } else { date.day().to_string() }
    }

    fn mark(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Notify => "通知の対象となる日",
            Mark::Scored => "スコアはあるが、通知の対象ではない日",
            Mark::Matched => "受信したが、スコアのない日",
            Mark::NearMiss => "対象外とした信号のある日",
            Mark::Signals => "信号は受信したが、接触のない日",
            Mark::Unknown => "受信の有無が分からない日",
            Mark::Nothing => "信号の記録がない日",
        }
    }

    fn mark_word(&self, mark: Mark) -> &'static str {
        match mark {
            Mark::Notify => "通知",
            Mark::Scored => "スコア",
            Mark::Matched => "受信",
            Mark::NearMiss => "対象外",
            Mark::Signals => "接触なし",
            Mark::Unknown => "不明",
            Mark::Nothing => "記録なし",
        }
    }

    fn heard(&self, keys: usize, seconds: i64, durations: &str) -> String {
        let total = self.signed_duration(seconds);
        if durations.is_empty() {
            format!("診断キー{keys}件の信号を、合わせて{total}受信しました。")
        } else {
            format!("診断キー{keys}件の信号を、合わせて{total}受信しました。近さの内訳は、{durations}です。")
        }
    }

    fn zone(&self, zone: usize, thresholds: &[u8], name: &str) -> String {
        match (zone.checked_sub(1).and_then(|zone| thresholds.get(zone)), thresholds.get(zone)) {
            (_, Some(up_to)) => format!("「{name}」（{up_to}\u{a0}dBまで）"),
            (Some(over), None) => format!("「{name}」（{over}\u{a0}dB超）"),
            (None, None) => format!("「{name}」"),
        }
    }

    fn durations(&self, seconds: &[i64], thresholds: &[u8], names: &[&str]) -> String {
        let parts = seconds.iter().zip(names).enumerate().filter(|(_, (seconds, _))| **seconds != 0);
        let part = |(zone, (seconds, name)): (usize, (&i64, &&str))| {
            format!("{}が{}", self.zone(zone, thresholds, name), self.signed_duration(*seconds))
        };
        parts.map(part).collect::<Vec<_>>().join("、")
    }

    fn found(&self, found: &ConditionFound) -> String {
        format!("{}は{}", condition_name(found.name), amount(found.name, found.value))
    }

    fn asked(&self, found: &ConditionFound) -> String {
        asks(found.name, found.condition)
    }

    fn condition(&self, found: &ConditionFound) -> String {
        format!("{}（条件は{}）", self.found(found), self.asked(found))
    }

    fn largest_product(&self, product: f64) -> String {
        format!("最大の積は{}", self.number(product))
    }

    fn at_least(&self, number: f64) -> String {
        format!("{}以上", self.number(number))
    }

    fn contact(&self, number: usize) -> String {
        format!("接触{number}")
    }

    fn key_of(&self, range: LocalRange) -> String {
        format!("診断キーの有効期間は、{}です。", self.range(range))
    }

    fn report(&self, key: &KeyExplanation) -> String {
        let kind = report_type(key.report_type);
        let onset = match key.days_since_onset_of_symptoms {
            Some(0) => "発症日".into(),
            Some(after @ 1..) => format!("発症日の{after}日後"),
            Some(before) => format!("発症日の{}日前", before.unsigned_abs()),
            None => "発症日の情報なし".into(),
        };
        format!("登録の種類：{kind}、{onset}、伝播リスクレベル{}。", key.transmission_risk_level)
    }

    fn window(&self, start: CivilDateTime, is_full: bool, seconds: i64) -> String {
        let start = if is_full { short(start) } else { short_hour(start) };
        format!("{start}：{}", self.signed_duration(seconds))
    }

    fn more_windows(&self, number: usize, seconds: i64) -> String {
        format!("この日のその後の接触の記録{number}件（合わせて{}）", self.signed_duration(seconds))
    }

    fn known_reason(&self, code: &str, facts: &Facts) -> Option<String> {
        reasons::reason(code, facts)
    }

    fn judged(&self, day: &JudgedDay) -> Option<String> {
        reasons::judged(day)
    }

    fn days_are_utc(&self, example: LocalRange) -> String {
        format!(
            "現地のどちらの日付であったか。UTCの1日は、例えば{}のように、現地の二つの日付にまたがることがあります。",
            self.range(example)
        )
    }
}
