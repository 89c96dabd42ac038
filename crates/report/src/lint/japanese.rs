//! Lints in Japanese.

use gaen::lint::LintCode;

/// What a lint means, and what to do about it. `None` if there are no words for it yet: those of the library stand
/// then.
#[allow(clippy::too_many_lines)] // A table.
pub(super) const fn told(code: LintCode) -> Option<[&'static str; 2]> {
    const BY_INTENTION: &str = "数えないつもりなら、このままでかまいません。";
    const RAISE_OR_LOWER: &str =
        "意図したものなら、このままでかまいません。そうでなければ、スコアを上げるか、最小値を下げてください。";
    const GUARDED: &str = "google_guardedでも判定してください。だれかが信号を改ざんして再送信した可能性があります。";
    const SAME_INFOS: &str =
        "export.binとexport.sigに、同じ署名の情報を同じ順で書いてください。Googleの検証は、その数を確かめます。";
    Some(match code {
        LintCode::RiskScoreUnreachable => [
            "旧方式のリスクスコアが、最小値に届くことはありません。",
            "最小値を下げるか、スコアを上げるか、スコアの付く伝播リスクレベルで診断キーを公開してください。",
        ],
        LintCode::ScoresNotMonotonic => [
            "旧方式のスコアの表に、上がるべきところで下がる箇所があります。",
            "遠いものから近いもの、短いものから長いもの、古い日から今日、低いレベルから高いレベルの順に、上げてください。",
        ],
        LintCode::OnlyNearestScores => [
            "端末が触れ合うほど近くなければ、スコアが付きません（旧方式、33 dBまで）。",
            "より大きな減衰にもスコアを付けてください。1～2 mでは、50～70 dBが普通です。",
        ],
        LintCode::AttenuationsCannotScore => ["スコアの付かない減衰があります（旧方式）。", RAISE_OR_LOWER],
        LintCode::DurationsCannotScore => ["スコアの付かない長さの接触があります（旧方式）。", RAISE_OR_LOWER],
        LintCode::DaysCannotScore => ["スコアの付かない日の接触があります（旧方式）。", RAISE_OR_LOWER],
        LintCode::LevelsCannotScore => [
            "スコアの付かない伝播リスクレベルがあります（旧方式）。",
            "数えないつもりの診断キー以外は、このレベルで公開しないでください。",
        ],
        LintCode::ScoreUnreachable => [
            "表の最大のスコアが、どの接触にも付かないところにあります（旧方式）。",
            "最小値を決めるときは、このスコアを当てにしないでください。",
        ],
        LintCode::BucketUnreachable => [
            "しきい値の間に、どの減衰も入らない区間があります。",
            "どの区間にも減衰が入るように、0～147 dBのしきい値を選んでください。",
        ],
        LintCode::WeightsNotMonotonic => [
            "近いほど、または感染性が高いほど重くなるはずの重みが、逆になっています。",
            "重みの順を直してください。COCOAの設定のように、最も近い信号を軽くするつもりなら、このままでかまいません。",
        ],
        LintCode::WeightZero => ["重みが0のため、数えないものがあります。", BY_INTENTION],
        LintCode::WindowScoreUnreachable => [
            "スコアの付く接触ウィンドウはありません。",
            "0の重みを上げるか、ウィンドウの最小スコアを下げてください。ファイルの場合は、数えられる診断キーを公開してください。",
        ],
        LintCode::WindowScoreImprobable => [
            "スキャンが重ならない限り、接触ウィンドウは最小スコアに届きません。",
            "ウィンドウの最小スコアを下げてください。30分は、2100秒に重みを掛けた値までです。",
        ],
        LintCode::InfectiousnessNoneEveryDay => [
            "発症からの日数がある診断キーは、どの日も感染性がないとされます。",
            "-2日から10日ごろまでの日に、感染性を設定してください。",
        ],
        LintCode::InfectiousnessMissingNone => [
            "発症からの日数がない診断キーは、感染性がないとされます。",
            "すべての診断キーに日数を付けて公開するのでなければ、日数がない場合の感染性を設定してください。",
        ],
        LintCode::InfectiousnessSymmetric => [
            "発症の前と後で、感染性が同じになっています。",
            "人から感染するのは、発症の2、3日前から約10日後までです。前後を同じにしないでください。",
        ],
        LintCode::ReportTypeMissingUnknown => [
            "登録の種類がない診断キーは、1日の合計に含まれません。",
            "すべての診断キーに種類を付けて公開するのでなければ、種類がない場合を、数える種類として扱ってください。",
        ],
        LintCode::ConditionUnreachable => {
            ["満たされることのない条件があります。", "比べ方か値を変えるか、その条件をなくしてください（NOP）。"]
        }
        LintCode::RuleAsksNothing => {
            ["基準に条件が一つもないため、だれにも通知しません。", "少なくとも一つの条件を、NOP以外にしてください。"]
        }
        LintCode::ClassUnreachable => {
            ["どの日も入らない区分があります。", "条件を変えるか、その日が先に入る区分より前に置いてください。"]
        }
        LintCode::RuleAlwaysNotifies => {
            ["判定した日は、値にかかわらず、すべて通知します。", "0より大きいことを条件にしてください。"]
        }
        LintCode::RangeUnreachable => {
            ["どの値も入らない範囲またはフィルターがあります。", "取り除くか、同じ値が入る範囲より前に置いてください。"]
        }
        LintCode::KeySilenced => {
            ["送信出力の信用できない強い信号が、診断キーの信号すべてに取って代わり、数えられません。", GUARDED]
        }
        LintCode::ScanSilenced => {
            ["送信出力の信用できない強い信号が、スキャンの信号に取って代わりました（旧方式）。", GUARDED]
        }
        LintCode::ScanDisplaced => [
            "スキャンの最も強い信号が、最も近い信号ではありません（旧方式）。",
            "google_guardedでも判定してください。端末は、一つの接触符号を一つの出力で送信します。",
        ],
        LintCode::SecondsNegative => [
            "時計が戻ったため、負の秒数で数えられるスキャンがあります。",
            "google_guardedでも判定してください。そのようなスキャンは0秒になります。",
        ],
        LintCode::FileUnreadable => [
            "ファイルが読めないため、どの端末も受け付けません。",
            "ファイルを作り直してください。どの規則に反しているかは、詳細にあります。",
        ],
        LintCode::SizeAfterStored => [
            "無圧縮のデータの後に長さが書かれており、順に読むプログラムには終わりが分かりません。",
            "後から書き直せる場所にzipを作るか、圧縮してください。JavaのZipInputStreamはこのままでは読めません。",
        ],
        LintCode::Unsigned => ["署名がありません。", "署名してください。署名がなければ、どの端末も受け付けません。"],
        LintCode::AlgorithmUnsupported => [
            "署名の方式が、検証する側の知らない名前で書かれています。",
            "ECDSA（SHA-256）のOID、1.2.840.10045.4.3.2を書いてください。",
        ],
        LintCode::AlgorithmUnusual => [
            "署名の方式が、普通のものではありません。",
            "ECDSA（SHA-256）で署名し、そのOID、1.2.840.10045.4.3.2をexport.binとexport.sigに書いてください。",
        ],
        LintCode::SignatureInfosMissing => ["だれの署名かが、export.binに書かれていません。", SAME_INFOS],
        LintCode::SignatureInfosDiffer => ["署名の情報が、export.binとexport.sigとで異なります。", SAME_INFOS],
        LintCode::TakenForDuplicate => [
            "Androidが同じものとみなすファイルがあり、一つを除いて診断キーが失われます。",
            "分割したファイルには、それぞれ別のend_timestampを付けてください。Googleのサーバーは、終わりの時刻に番号を足します。",
        ],
        LintCode::FileRepeated => {
            ["同じファイルが二つ以上あります。", "対処は要りません。診断キーは一度だけ数えられます。"]
        }
        LintCode::BatchInconsistent => {
            ["分割の番号が食い違っています。", "どのファイルにも、batch_num 1とbatch_size 1を書いてください。"]
        }
        LintCode::BatchOfSeveral => [
            "分割されたファイルの一つとされていますが、iOSは分割に対応していません。",
            "どのファイルにもbatch_num 1とbatch_size 1を書き、end_timestampで区別してください。",
        ],
        LintCode::BatchIncomplete => {
            ["分割されたファイルの一部がありません。", "まとめて調べる場合は、すべてのファイルが必要です。"]
        }
        LintCode::WindowMissing => [
            "ファイルの期間の始まりまたは終わりがありません。",
            "start_timestampとend_timestampを書いてください。アプリやサーバーは、その順にファイルを並べます。",
        ],
        LintCode::WindowReversed => {
            ["ファイルの期間が、始まる前に終わっています。", "end_timestampは、start_timestampより後にしてください。"]
        }
        LintCode::KeysAfterWindow => [
            "ファイルの期間の後に始まる診断キーがあります。",
            "これからの日の診断キーは公開しないでください。まだ発信されている診断キーは、再送信に悪用されるおそれがあります。",
        ],
        LintCode::KeysTooOld => [
            "ファイルの期間の始まりより、14日を超えて古い診断キーがあります。",
            "取り除いてください。端末が受信記録を保存するのは14日間です。",
        ],
        LintCode::SeveralDays => {
            ["1日分のはずのファイルに、ほかの日の診断キーがあります。", "UTCの日付ごとに、ファイルを分けてください。"]
        }
        LintCode::TooFewKeys => [
            "診断キーが少なく、登録した人が推測されるおそれがあります。",
            "数が増えるのを待つか、本物と同じ属性のランダムな診断キーを加えてください。Googleのサーバーは、1000件になるまで加えます。",
        ],
        LintCode::KeysNotSorted => [
            "診断キーが値の順に並んでいないため、だれが一緒に登録したかが分かるおそれがあります。",
            "key_dataの順に並べるか、順序が混ざっていることを確かめてください。",
        ],
        LintCode::KeysRepeated => {
            ["同じ診断キーが二度以上あります。", "一つの診断キーは、最も長い有効期間で一度だけ公開してください。"]
        }
        LintCode::KeyInvalid => [
            "16バイトでないか、開始の番号が正しくないため、使用されない診断キーがあります。",
            "16バイトの診断キーを、rolling_start_interval_numberを付けて公開してください。",
        ],
        LintCode::PeriodInvalid => [
            "有効期間が1～144でないため、使用されない診断キーがあります。",
            "rolling_periodは1～144にしてください。144なら、省いてもかまいません。",
        ],
        LintCode::PeriodShort => [
            "有効期間が1日に満たない診断キーがあります。",
            "その日のうちに公開したものか、端末が日を短く区切ったものなら、このままでかまいません。",
        ],
        LintCode::LevelUnset => [
            "伝播リスクレベルのない診断キーがあります。旧方式では、Googleはレベル1として、Appleは最初のスコアで数えます。",
            "旧方式の設定でスコアの付くレベルを書いてください。",
        ],
        LintCode::LevelsBelowMinimum => [
            "伝播リスクレベルのために、リスクスコアが最小値に届かない診断キーがあります（旧方式）。",
            "数えないつもりの診断キー以外は、スコアの付くレベルで公開してください。",
        ],
        LintCode::LevelOutOfRange => [
            "伝播リスクレベルが0～8でないため、レベルなしとして扱われる診断キーがあります。",
            "1～8のレベルを書いてください。",
        ],
        LintCode::DaysMissing => [
            "発症からの日数のない診断キーがあります。",
            "日数がない場合の設定を使うつもりでなければ、日数を書いてください。",
        ],
        LintCode::DaysOutOfRange => [
            "発症からの日数が-14～14でない診断キーがあります。Googleの仕組みでは、一つでもあると、ファイル全体の結果が出ませんでした。",
            "-14～14にするか、省いてください。",
        ],
        LintCode::InfectiousnessNone => {
            ["設定で感染性がないとされる日の診断キーがあり、数えられません。", BY_INTENTION]
        }
        LintCode::ReportTypeOutOfRange => {
            ["登録の種類が0～5でないため、不明として扱われる診断キーがあります。", "登録の種類は1～5にしてください。"]
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_lint_is_told_in_japanese() {
        let mut meanings = BTreeSet::new();
        for code in LintCode::ALL {
            let told = told(code).unwrap_or_else(|| panic!("no Japanese sentence for {}", code.name()));
            for said in told {
                assert!(said.ends_with('。') && !said.contains("。 ") && !said.contains("： "), "{said}");
            }
            assert!(meanings.insert(told[0]), "{} is not told apart", code.name());
        }
    }
}
