//! Why not, in Japanese.

use gaen::exposure::decision::JudgedDay;

use crate::page::facts::Facts;
use crate::page::words::{Marks, Words, with_conditions};

use super::Japanese;

pub(super) fn reason(code: &str, facts: &Facts) -> Option<String> {
    let number = |number| Japanese.number(number);
    let Facts { attenuation, days, most_days, transmission_risk_level: level, .. } = facts;
    let minutes = Japanese.duration(facts.seconds);
    Some(match code {
        "clock_window" => "発信された時刻と2時間を超えてずれています。どちらかの時計が誤っていたか、記録されて再送信された可能性があります。".into(),
        "replay" => "初めて受信してから20分を超えています。記録されて再送信された可能性があります。".into(),
        "aem_length" => "送信の強さを示す部分が壊れています。".into(),
        "power" => "送信の強さとして示された値が、あり得る範囲にありません。".into(),
        "zero_attenuation" => "信号の減衰が0\u{a0}dBで、この規則では信頼できない値とされます。".into(),
        "not_heard" => "この診断キーの信号は受信していません。".into(),
        "not_matched" => "受信した信号のうち、接触として数えるものがありません。".into(),
        "report_type" => {
            let kind = super::terms::report_type(facts.report_type);
            format!("この種類の登録（{kind}）は、1日の合計に含まれません。")
        }
        "too_long_ago" => format!("{most_days}日より前の接触です。"),
        "below_minimum_window_score" => {
            format!("スコア{}が、最小値の{}を下回っています。", number(facts.score), number(facts.minimum))
        }
        "infectiousness_none" => {
            "設定では、相手はこの日に感染性がないとされ、重みが0になります。".into()
        }
        "no_duration" => "前回のスキャンから時間がたっていないため、長さが0になります。".into(),
        "weight_zero" => "設定による重みが0です。".into(),
        "revoked" => "登録が取り消されています。".into(),
        "recursive" => "接触した人の診断キーで、この設定では対象になりません。".into(),
        "other_period" => "同じ診断キーが別の有効期間で先に一致しているため、数えられません。".into(),
        "key_silenced" => "より強く、送信出力が信用できない信号が、受信したすべての信号に取って代わったため、数えられません。\
                           Googleの仕組みの動作と同じですが、だれかが改ざんした信号を送った可能性があります。"
            .into(),
        "infectiousness_none_ignored" => {
            "設定では、相手はこの日に感染性がないとされ、この規則ではそのような診断キーを対象にしません。".into()
        }
        "report_type_none_ignored" => {
            "登録の種類が示されておらず、この規則ではそのような診断キーを対象にしません。".into()
        }
        "attenuation_score_zero" => format!("設定では、減衰{attenuation}\u{a0}dBに対するスコアが0です。"),
        "days_score_zero" => format!("設定では、{days}日前に対するスコアが0です。"),
        "duration_score_zero" => format!("設定では、{minutes}という長さに対するスコアが0です。"),
        "transmission_score_zero" => format!("設定では、伝播リスクレベル{level}に対するスコアが0です。"),
        "below_minimum_risk_score" => {
            format!("四つの要素の積{}が、最小値の{}を下回っています。", number(facts.score), number(facts.minimum))
        }
        "no_day" => "どの日の計算にも含まれません。".into(),
        "no_exposure" => "判定する接触がありません。".into(),
        "risk_score" => format!("この日の最大のリスクスコアは{}です。", number(facts.score)),
        "risk_score_zero" => "この日の接触にはリスクスコアがありません。".into(),
        "score" => format!("この日のスコアの合計は{}で、この基準ではスコアがあれば対象になります。", number(facts.score)),
        "score_zero" => "この日のスコアの合計は0です。".into(),
        "conditions_met" => {
            let met: Vec<_> = facts.met().map(|found| Japanese.condition(found)).collect();
            match met.len() {
                0 => "基準の条件を満たしています。".into(),
                all if all == facts.conditions.len() => format!("条件をすべて満たしています。{}。", met.join("、")),
                _ => format!("条件のうち一つを満たせば足ります。満たしている条件は次のとおりです。{}。", met.join("、")),
            }
        }
        "condition_not_met" => match facts.conditions.iter().find(|found| found.holds == Some(false)) {
            Some(not_met) => format!("次の条件を満たしていません。{}。", Japanese.condition(not_met)),
            None => "基準の条件を満たしていません。".into(),
        },
        "no_file" => "診断キーのファイルが一つも照合されていません。".into(),
        "no_usable_file" => "使用できるファイルが一つもなかったため、照合できませんでした。".into(),
        "files_not_searched" => "保存されている受信記録は、まだどのファイルとも照合されていません。".into(),
        "files_awaited" => {
            "復元したバックアップにあったファイルの一部が、まだ渡されていないため、照合されていません。".into()
        }
        "no_sightings" => "端末の受信記録がありません。".into(),
        "impossible_times" => "すべての受信時刻が2019年より前か2099年より後で、正しい時刻とは考えられません。".into(),
        "impossible_now" => "判定の時点が2019年より前か2099年より後で、正しい時刻とは考えられません。".into(),
        "now_before_sightings" => "判定の時点が、すべての受信時刻より前になっています。".into(),
        "not_a_number" => "スコアまたは基準の値が数値ではありません。".into(),
        "rule_asks_nothing" => "基準に条件が一つもないため、満たす日はありません。".into(),
        "window_repeated" => "同じ日の別の接触とすべての値が等しいため、一度だけ数えられます。".into(),
        "infectiousness_dropped" => "このアプリは、この感染性の相手との接触を数えません。".into(),
        "minutes_dropped" => "このアプリは、特定の減衰での時間を理由に、この接触を数えません。".into(),
        "level_dropped" => "このアプリは、このリスクレベルの接触を数えません。".into(),
        "no_window_level" => "スコアに対応するリスクレベルがありません。".into(),
        "risk_score_below" => format!("この日の最大のリスクスコアは{}で、アプリの基準に足りません。", number(facts.score)),
        "class_without_notification" => "この日の区分では、アプリは通知しません。".into(),
        "no_date" => "日付を読み取れない接触があります。".into(),
        "no_typical_attenuation" => "基準に必要な、スキャンごとの代表的な減衰の値がありません。".into(),
        "no_min_attenuation" => "基準に必要な、スキャンごとの最小の減衰の値がありません。".into(),
        "no_report_type" => "基準に必要な、登録の種類の情報がありません。".into(),
        "no_infectiousness" => "基準に必要な、感染性の情報がありません。".into(),
        "report_type_not_judged" => "このアプリは、この種類の登録を判定できず、停止しました。".into(),
        "impossible_seconds" => "1回のスキャンの秒数が100年を超えています。".into(),
        "no_risk_scores" => "基準は旧方式のリスクスコアを使いますが、その値がありません。".into(),
        _ => return None,
    })
}

/// Why a day has its class, with the values of the day.
pub(super) fn judged(day: &JudgedDay) -> Option<String> {
    let (said, are_met) = match day.code {
        "conditions_met" => ("条件を満たしています", true),
        "class_without_notification" => ("この日の区分では、アプリは通知しません", true),
        "condition_not_met" => ("条件を満たしていません", false),
        code => return reason(code, &Facts { score: day.totals.score_sum, ..Facts::default() }),
    };
    let marks = Marks { before: "。", after_class: "：", between: "、", between_classes: "。", end: "。" };
    Some(with_conditions(&Japanese, said, day, are_met, &marks))
}
