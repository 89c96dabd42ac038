//! Everything that is said of a log, in each language: the English sentence and the Japanese one beside it.

use crate::Language::{self, English, Japanese};
use crate::text::{counted, grouped};
use gaen::cocoa::LogFormat;
use gaen::time::{CivilDateTime, LocalRange, UtcDay, UtcOffset};

/// The texts of a log that have no numbers.
pub(super) struct Labels {
    pub(super) build: &'static str,
    pub(super) device: &'static str,
    pub(super) checks: &'static str,
    pub(super) platform: &'static str,
    pub(super) system: &'static str,
    pub(super) model: &'static str,
    pub(super) app: &'static str,
    pub(super) made: &'static str,
    pub(super) checks_heading: [&'static str; 2],
    pub(super) contacts_heading: [&'static str; 2],
    pub(super) not_searched_heading: [&'static str; 2],
    pub(super) judged_heading: &'static str,
    pub(super) conclusion_heading: &'static str,
    pub(super) no_time: &'static str,
    pub(super) unknown_time: &'static str,
    pub(super) may_be_wrong: &'static str,
    pub(super) no_hash: &'static str,
    pub(super) no_files: &'static str,
    pub(super) not_among: &'static str,
    pub(super) no_summary: &'static str,
}

const ENGLISH: Labels = Labels {
    build: "build",
    device: "device",
    checks: "checks",
    platform: "platform",
    system: "system",
    model: "model",
    app: "app",
    made: "made",
    checks_heading: ["Checks", "when each was made, never when a contact was"],
    contacts_heading: ["Contacts on record", "by the UTC day of the contact"],
    not_searched_heading: ["Not searched", "no export files, or unreadable"],
    judged_heading: "What configurations say of these contacts",
    conclusion_heading: "What it says",
    no_time: "at a time that is not logged",
    unknown_time: "a form of time that is not known",
    may_be_wrong: "may be wrong",
    no_hash: "is no hash",
    no_files: "no files were given",
    not_among: "not among these files",
    no_summary: "no summary",
};

const JAPANESE: Labels = Labels {
    build: "ビルド",
    device: "機種",
    checks: "確認",
    platform: "種類",
    system: "OS",
    model: "機種",
    app: "アプリ",
    made: "作成",
    checks_heading: ["接触チェックの記録", "日時は確認した時のもので、接触した時ではありません"],
    contacts_heading: ["記録された接触", "接触した日（UTCの日付）ごと"],
    not_searched_heading: ["調べられなかったファイル", "診断キーのファイルではないか、読めません"],
    judged_heading: "ほかの設定ではどう判定されるか",
    conclusion_heading: "このログから分かること",
    no_time: "日時の記録なし",
    unknown_time: "読めない形式の日時",
    may_be_wrong: "この数は正しくない可能性があります",
    no_hash: "ハッシュではありません",
    no_files: "ファイルが指定されていません",
    not_among: "指定されたファイルの中にはありません",
    no_summary: "集計なし",
};

pub(super) const fn labels(language: Language) -> &'static Labels {
    match language {
        English => &ENGLISH,
        Japanese => &JAPANESE,
    }
}

/// The kind of a log.
pub(super) const fn title(language: Language, format: LogFormat) -> &'static str {
    match (language, format) {
        (English, LogFormat::IosV1) => "Log of exposure checks of iOS, version 1",
        (English, LogFormat::IosV2) => "Log of exposure checks of iOS, version 2",
        (English, LogFormat::Android) => "Log of exposure checks of Android",
        (English, LogFormat::CocoaExposureData) => "COCOA's record of exposures",
        (English, _) => "One entry of a log of exposure checks of iOS",
        (Japanese, LogFormat::IosV1) => "iOSの接触チェックの記録（バージョン1）",
        (Japanese, LogFormat::IosV2) => "iOSの接触チェックの記録（バージョン2）",
        (Japanese, LogFormat::Android) => "Androidの接触チェックの記録",
        (Japanese, LogFormat::CocoaExposureData) => "COCOAの接触の記録（exposure_data.json）",
        (Japanese, _) => "iOSの接触チェックの記録（1件のみ）",
    }
}

/// When a check was, on the clock of its own offset.
pub(super) fn moment(language: Language, utc: &str, local: CivilDateTime, offset: UtcOffset) -> String {
    match language {
        English => format!("{utc} UTC, {local} at UTC{offset}"),
        Japanese => format!("UTCで{utc}、{}で{local}", clock(offset)),
    }
}

/// When a check was on the phone's clock, whose offset nobody knows.
pub(super) fn phone_time(language: Language, local: CivilDateTime) -> String {
    match language {
        English => format!("{local} where the phone was"),
        Japanese => format!("端末のあった場所の時刻で{local}"),
    }
}

pub(super) fn keys(language: Language, keys: Option<u64>) -> String {
    match (language, keys) {
        (English, None) => "unknown number of keys".to_owned(),
        (English, Some(keys)) => counted(keys, "key"),
        (Japanese, None) => "提供されたキーの数は不明".to_owned(),
        (Japanese, Some(keys)) => format!("提供されたキー{}件", grouped(keys)),
    }
}

pub(super) fn matches(language: Language, matches: Option<u64>) -> String {
    match (language, matches) {
        (English, None) => "matches unknown".to_owned(),
        (English, Some(0)) => "none matched".to_owned(),
        (English, Some(matches)) => format!("{} matched", grouped(matches)),
        (Japanese, None) => "一致は不明".to_owned(),
        (Japanese, Some(0)) => "一致なし".to_owned(),
        (Japanese, Some(matches)) => format!("一致したキー{}件", grouped(matches)),
    }
}

pub(super) fn for_app(language: Language, app: &str) -> String {
    match language {
        English => format!(", for {app}"),
        Japanese => format!("、アプリ：{app}"),
    }
}

/// Of what a hash is, before it.
pub(super) fn hash_of(language: Language, hash_of: &'static str) -> &'static str {
    match (language, hash_of) {
        (English, other) => other,
        (Japanese, "call") => "確認のハッシュ",
        (Japanese, _) => "ファイルのハッシュ",
    }
}

/// A file of one day.
pub(super) fn file_of_day(language: Language, file: &str, day: UtcDay, ranges: &[LocalRange]) -> String {
    let ranges = on_clocks(language, ranges);
    match language {
        English => format!("{file}, UTC day {day}{ranges}"),
        Japanese => format!("{file}、UTCの{day}{ranges}"),
    }
}

/// A file of several days.
pub(super) fn file_of_days(language: Language, file: &str, first: UtcDay, last: UtcDay) -> String {
    match language {
        English => format!("{file}, keys of UTC days {first} to {last}"),
        Japanese => format!("{file}、UTCの{first}から{last}までのキー"),
    }
}

/// Several files.
pub(super) fn run_of_files(language: Language, first: &str, last: &str, files: usize) -> String {
    match language {
        English => format!("{first} to {last}: {}", counted(files, "file")),
        Japanese => format!("{first}から{last}までの{}ファイル", grouped(files)),
    }
}

/// What the Japanese call the time at this offset.
fn clock(offset: UtcOffset) -> String {
    if offset == UtcOffset::JST { "日本時間".to_owned() } else { format!("UTC{offset}") }
}

/// From when to when a day lasts on one clock.
pub(super) fn range(language: Language, range: &LocalRange) -> String {
    match language {
        English => range.to_string(),
        Japanese => format!("{}から{}まで（{}）", range.start, range.end, clock(range.offset)),
    }
}

/// From when to when on each clock, after what it explains; empty without a clock.
fn on_clocks(language: Language, ranges: &[LocalRange]) -> String {
    let ranges: Vec<_> = ranges.iter().map(|range| self::range(language, range)).collect();
    match (language, &ranges[..]) {
        (_, []) => String::new(),
        (English, _) => format!(", that is {}", ranges.join(" or ")),
        (Japanese, _) => format!("、すなわち{}", ranges.join("、または")),
    }
}

/// A day of the app's record: its windows, how long they lasted, and its scores.
pub(super) fn record(language: Language, windows: usize, seconds: u64, scores: &[f64]) -> String {
    let sums: Vec<_> = scores.iter().map(ToString::to_string).collect();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let hours = match (hours, language) {
        (0, _) => String::new(),
        (hours, English) => format!("{} h ", grouped(hours)),
        (hours, Japanese) => format!("{}時間", grouped(hours)),
    };
    match (language, &sums[..]) {
        (English, []) => {
            format!("{}, {hours}{minutes} min {seconds:02} s, {}", counted(windows, "window"), ENGLISH.no_summary)
        }
        (English, _) => {
            format!("{}, {hours}{minutes} min {seconds:02} s, score {}", counted(windows, "window"), sums.join(" and "))
        }
        (Japanese, []) => {
            format!("ウィンドウ{}件、{hours}{minutes}分{seconds:02}秒、{}", grouped(windows), JAPANESE.no_summary)
        }
        (Japanese, _) => {
            format!("ウィンドウ{}件、{hours}{minutes}分{seconds:02}秒、スコア{}", grouped(windows), sums.join("と"))
        }
    }
}

/// The sum of the matches of several hashes.
pub(super) fn in_all(language: Language, least: u64, most: u64) -> String {
    let (from, to) = (grouped(least), grouped(most));
    let keys = if most == 1 { "key" } else { "keys" };
    match language {
        English if least == most => {
            format!("In all, {to} different {keys} matched. What was checked again counts once.")
        }
        English => format!(
            "In all, from {from} to {to} different {keys} matched: the log does not say which of the matches are the same."
        ),
        Japanese if least == most => {
            format!("全体では、異なる{to}件のキーが一致しました。繰り返し確認したものは1件と数えています。")
        }
        Japanese => format!(
            "全体では、異なる{from}件から{to}件のキーが一致しました。どの一致が同じキーのものかは、ログからは分かりません。"
        ),
    }
}

/// `judged` of the entries say that nothing matched, and no other says anything else.
pub(super) fn no_match(language: Language, judged: usize, entries: usize) -> String {
    let (some, all) = (grouped(judged), grouped(entries));
    match (language, entries) {
        (English, 0) => "Nothing was checked, as far as this log goes back.".to_owned(),
        (English, 1) => "Nothing matched in the one entry of this log.".to_owned(),
        (English, _) if judged == entries => format!("Nothing matched in the {all} entries of this log."),
        (English, _) => format!("Nothing matched in {some} of the {all} entries of this log."),
        (Japanese, 0) => "この記録の期間には、確認が行われていません。".to_owned(),
        (Japanese, _) if judged == entries => format!("この記録の{all}件の確認では、一致したキーはありません。"),
        (Japanese, _) => format!("この記録の{all}件の確認のうち、{some}件では、一致したキーはありません。"),
    }
}

/// Entries that leave out how many keys matched.
pub(super) fn not_logged(language: Language, unknown: usize, entries: usize, ios: bool) -> String {
    let (some, all) = (grouped(unknown), grouped(entries));
    let why = match (language, ios) {
        (English, true) => ": iOS leaves it out for apps of EN v2",
        (Japanese, true) => "。iOSは、COCOA 2.0.0以降のような新方式（EN v2）のアプリについては記録しません",
        (_, false) => "",
    };
    let which = match (language, entries) {
        (English, 1) => "the one entry".to_owned(),
        (English, _) => format!("{some} of {all} entries"),
        (Japanese, 1) => "この確認".to_owned(),
        (Japanese, _) => format!("{all}件のうち{some}件の確認"),
    };
    match language {
        English => {
            format!("Whether a key matched is not logged in {which}{why}. That is unknown; it is not \"none\".")
        }
        Japanese => format!(
            "{which}には、一致したキーの数が記録されていません{why}。不明ということで、「一致なし」ではありません。"
        ),
    }
}

/// Entries of Android with 0 keys.
pub(super) fn doubtful(language: Language, doubtful: usize, entries: usize) -> String {
    let (some, all) = (grouped(doubtful), grouped(entries));
    match language {
        English => {
            let which = if entries == 1 { "the one entry".to_owned() } else { format!("{some} of the {all} entries") };
            format!(
                "The log says 0 keys in {which}. That may be wrong, and whether a key matched is then not known: Google's log \
                 said 0 keys and 0 matches of full files with Google Play services 20.21.17 and 20.24.14 (2020), and on some \
                 phones with exposure notifications 182045516000 (2020) and 214815000 (2022). An entry stays wrong after an \
                 update."
            )
        }
        Japanese => {
            let which = if entries == 1 {
                "この確認は".to_owned()
            } else {
                format!("{all}件のうち{some}件の確認は")
            };
            format!(
                "{which}、提供されたキーが0件と記録されています。この数は正しくない可能性があり、一致したかどうかは\
             この記録からは分かりません。Googleの記録には、キーのあるファイルを確認しても0件と残る不具合がありました（Google Play \
             開発者サービス 20.21.17と20.24.14（2020年）、一部の端末では接触通知システム 182045516000（2020年）と214815000（2022年））。\
             更新しても、前の記録は0件のままです。"
            )
        }
    }
}

/// A log's number of keys that is not that of the files with its hash.
pub(super) fn contradiction(language: Language, logged: u64, in_files: u64, files: &str, entries: usize) -> String {
    let (logged_text, in_files) = (grouped(logged), grouped(in_files));
    let more = entries.saturating_sub(1);
    let mut said = match language {
        English => format!(
            "The log contradicts the file: it says {logged_text} of {files}, whose hash it has, and there are {in_files} keys in it."
        ),
        Japanese => format!(
            "記録とファイルが食い違っています。ハッシュが同じ{files}にはキーが{in_files}件ありますが、記録には{logged_text}件とあります。"
        ),
    };
    if logged == 0 {
        said += match language {
            English => " So its number of matches says nothing either.",
            Japanese => "したがって、一致したキーの数も当てになりません。",
        };
    }
    if more > 0 {
        said += &match language {
            English if more == 1 => " So it does for one more hash.".to_owned(),
            English => format!(" So it does for {} more hashes.", grouped(more)),
            Japanese => format!("ほかに{}件のハッシュでも食い違っています。", grouped(more)),
        };
    }
    said
}

/// What a match is, and what it is not.
pub(super) fn three_things(language: Language, cocoa: bool, ios: bool) -> String {
    let mut said = match language {
        English => "A match need not be a contact in the app. Matched, scored and notified are three things. Matched: the \
                    phone had heard a key of the file, however far away or short. Scored: the app's configuration gave that \
                    a score, which may be 0. Notified: the app shows a contact only from its minimum score on",
        Japanese => "一致したキーがあっても、アプリに接触と表示されるとは限りません。一致、スコア、通知は別々の結果です。一致とは、\
                     陽性登録者の診断キー（日次鍵）の信号（接触符号）を、どれほど遠くても短くても受信したということです。スコアは、アプリの設定によって付けられ、\
                     0のこともあります。通知は、スコアが最小値に達した場合だけです",
    }
    .to_owned();
    said += match (language, cocoa) {
        (English, true) => "; COCOA's was 1 until app 1.1.3 and 21 from app 1.1.4.",
        (Japanese, true) => "（COCOAの最小値は、1.1.3までは1、1.1.4からは21）。",
        (English, false) => ".",
        (Japanese, false) => "。",
    };
    said += match (language, ios, cocoa) {
        (English, true, _) => " iOS itself could announce a match of which the app then showed nothing.",
        (Japanese, true, true) => {
            "iOSが「COVID-19にさらされた可能性があります」と知らせたのに、アプリには「陽性者との接触は確認されませんでした」と\
             表示されることがあったのは、このためです。"
        }
        (Japanese, true, false) => "iOSが一致を知らせたのに、アプリには何も表示されないことがあります。",
        (English, false, true) => {
            " On Android COCOA notified nobody from 2020-09-28 to 2021-02-18: keys had level 0, which scored at most 8 there."
        }
        (Japanese, false, true) => {
            "Android版のCOCOAは、2020年9月28日から2021年2月18日までだれにも通知しませんでした。キーのリスクレベルが0で、\
             Androidではスコアが8までにしかならなかったためです。"
        }
        (_, false, false) => "",
    };
    said
}

/// That the last files are in no run: on a page, which has less memory, the limit is another.
pub(super) const fn incomplete(language: Language, on_a_page: bool) -> &'static str {
    match language {
        English if on_a_page => {
            "Not all files were searched for checks of several files: together they are too large for this page."
        }
        Japanese if on_a_page => {
            "複数のファイルの確認については、すべてのファイルを調べてはいません。ファイルが、合わせるとこのページには大きすぎます。"
        }
        English => "Not all files were searched for calls of several files: those beyond 1 GiB were left out.",
        Japanese => {
            "複数のファイルの確認については、すべてのファイルを調べてはいません。合わせて1 GiBを超える分は除きました。"
        }
    }
}

/// How many keys of a file or a call matched. The reader of a page is told first what a match is.
pub(super) fn matched(language: Language, matches: u64, keys: Option<u64>, call: bool, on_a_page: bool) -> String {
    if on_a_page {
        let counts = matched(language, matches, keys, call, false);
        return match language {
            English if matches == 1 => format!("The phone heard a phone whose owner reported an infection: {counts}"),
            English => format!("The phone heard at least one phone whose owner reported an infection: {counts}"),
            Japanese => format!("陽性の登録をした人の端末の信号を受信しています。{counts}"),
        };
    }
    match language {
        English => {
            let what = if call { "check" } else { "file" };
            let of = keys.map_or(String::new(), |keys| format!(" of {}", counted(keys, "key")));
            format!("{} of a {what}{of} matched.", counted(matches, "key"))
        }
        Japanese => {
            let what = if call { "1回の確認" } else { "1個のファイル" };
            let of = keys.map_or(String::new(), |keys| format!("（キー{}件）", grouped(keys)));
            format!("{what}{of}のうち、{}件のキーが一致しました。", grouped(matches))
        }
    }
}

/// When that was checked, from the first text to the last in the log's order.
pub(super) fn checked(language: Language, times: &[&String], call: bool) -> String {
    match (language, times) {
        (_, []) => String::new(),
        (English, [time]) => format!(" It was checked {time}; that is not the time of the contact."),
        (Japanese, [time]) => format!("確認した日時は{time}で、接触した日時ではありません。"),
        (English, [first, .., last]) => {
            let what = if call { "check" } else { "file" };
            let between = if times.len() == 2 { "and" } else { "to" };
            format!(
                " The same {what} was checked {} times with this match ({first} {between} {last}): that is one match, and \
                 none of these is the time of the contact.",
                times.len()
            )
        }
        (Japanese, [first, .., last]) => {
            let between = if times.len() == 2 { "と" } else { "から" };
            format!(
                "同じものを{}回確認していますが（{first}{between}{last}）、一致は1件と数えます。これらは接触した日時ではありません。",
                times.len()
            )
        }
    }
}

/// On which days a contact was, by the files that matched.
pub(super) fn contact(language: Language, files: &[&str], [first, last]: [UtcDay; 2], ranges: &[LocalRange]) -> String {
    let ranges = on_clocks(language, ranges);
    let which = match (language, files) {
        (English, [first, _, ..]) => {
            format!("It was of {} files, {first} to {}", files.len(), files.last().unwrap_or(first))
        }
        (English, _) => format!("The file is {}", files.concat()),
        (Japanese, [first, _, ..]) => {
            format!("{first}から{}までの{}ファイルのもので", files.last().unwrap_or(first), files.len())
        }
        (Japanese, _) => format!("ファイルは{}で", files.concat()),
    };
    match language {
        English if first == last => format!(" {which}: the contact was on UTC day {first}{ranges}."),
        English => format!(" {which}: the contact was on a UTC day from {first} to {last}{ranges}."),
        Japanese if first == last => {
            format!("{which}、接触した日はUTCの{first}{ranges}です。")
        }
        Japanese => format!("{which}、接触した日はUTCの{first}から{last}までのいずれか{ranges}です。"),
    }
}

/// Why the day of a contact is not known.
pub(super) enum NoDay<'a> {
    NotAHash(&'a str),
    NotSearched { on_a_page: bool },
    NotAmong { searched: usize },
    NoKeys,
}

pub(super) fn no_day(language: Language, why: &NoDay<'_>) -> String {
    let start = match language {
        English => " On which day the contact was cannot be told from the log without the file",
        Japanese => "接触した日は、ファイルがなければ、ログだけでは分かりません",
    };
    let rest = match (language, why) {
        (English, NoDay::NotAHash(hash)) => format!(", and no file can be found by the hash {hash:?}."),
        // A page says once what to drop.
        (English, NoDay::NotSearched { on_a_page: true }) => ".".to_owned(),
        (Japanese, NoDay::NotSearched { on_a_page: true }) => "。".to_owned(),
        (English, NoDay::NotSearched { .. }) => ": give --exports.".to_owned(),
        (English, NoDay::NotAmong { searched }) => {
            format!(", and it is not among these files ({} searched).", grouped(*searched))
        }
        (English, NoDay::NoKeys) => ": the files found have no keys.".to_owned(),
        (Japanese, NoDay::NotAHash(hash)) => format!("。また、{hash:?}はハッシュではないため、ファイルを探せません。"),
        (Japanese, NoDay::NotSearched { .. }) => "。--exportsでファイルを指定してください。".to_owned(),
        (Japanese, NoDay::NotAmong { searched }) => {
            format!("。指定された{}ファイルの中に、該当するものはありません。", grouped(*searched))
        }
        (Japanese, NoDay::NoKeys) => "。見つかったファイルにはキーがありません。".to_owned(),
    };
    start.to_owned() + &rest
}

/// What a page asks for where a match has no day.
pub(super) const fn drop_files(language: Language) -> &'static str {
    match language {
        English => "To learn the day of the contact, drop the export files (zip) that the app's server published.",
        Japanese => "接触した日を知るには、アプリのサーバーが公開した診断キーのファイル（zip）も追加してください。",
    }
}

/// The days of the app's own record.
pub(super) fn days_on_record(language: Language, days: &[UtcDay]) -> String {
    let list: Vec<_> = days.iter().map(ToString::to_string).collect();
    match (language, days) {
        (English, []) => "No contact is on record.".to_owned(),
        (Japanese, []) => "記録された接触はありません。".to_owned(),
        (English, _) => format!("Contacts are on record of {}: {}.", counted(days.len(), "UTC day"), list.join(", ")),
        (Japanese, _) => format!("接触の記録は{}日分あります（UTCの日付）：{}。", grouped(days.len()), list.join("、")),
    }
}

/// Days that were cut to 32 bits.
pub(super) fn truncated(language: Language, days: usize) -> String {
    match language {
        English => format!(
            "For {} the record holds only the lower 32 bits of the milliseconds, often negative. Of all midnights from 2020 \
             to 2099 one alone ends in these bits, and that is the day given.",
            counted(days, "UTC day")
        ),
        Japanese => format!(
            "{}日分の日付は、ミリ秒の下位32ビットだけで記録されています（負の数のこともあります）。2020年から2099年までの午前0時のうち、\
             下位32ビットが同じものは一つだけなので、その日を示しています。",
            grouped(days)
        ),
    }
}

/// Records without a day.
pub(super) fn without_day(language: Language, records: usize) -> String {
    match language {
        English => format!("{} cannot be given a day.", counted(records, "record")),
        Japanese => format!("{}件の記録は、日付が分かりません。", grouped(records)),
    }
}

/// What a contact on record need not be.
pub(super) const fn not_notified(language: Language) -> &'static str {
    match language {
        English => {
            "A contact on record need not have been notified: the app did that from a score on, and below it shows nothing."
        }
        Japanese => {
            "記録があっても、通知されたとは限りません。アプリはスコアが基準に達した接触だけを通知し、それ未満の接触は表示しません。"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sentence of each language in all its forms; none of them is the other's.
    #[test]
    fn no_sentence_is_in_the_other_language() {
        let day: UtcDay = "2020-08-20".parse().unwrap();
        let range = [day.local_range(UtcOffset::JST)];
        let time = "2020-08-20 09:00 +0900".to_owned();
        let both = [true, false];
        for language in [English, Japanese] {
            let mut said = vec![not_notified(language).to_owned(), drop_files(language).to_owned()];
            said.extend(both.map(|on_a_page| incomplete(language, on_a_page).to_owned()));
            said.extend(both.iter().flat_map(|ios| both.map(|cocoa| three_things(language, cocoa, *ios))));
            said.extend(both.map(|ios| not_logged(language, 1, if ios { 1 } else { 2 }, ios)));
            said.extend([(0, 0), (1, 1), (2, 2), (1, 2)].map(|(judged, entries)| no_match(language, judged, entries)));
            said.extend([(1, 1), (1, 2)].map(|(some, all)| doubtful(language, some, all)));
            said.extend([(1, 1), (1, 2)].map(|(least, most)| in_all(language, least, most)));
            said.extend(
                [(0, 1), (3, 2)].map(|(logged, entries)| contradiction(language, logged, 200, "a.zip", entries)),
            );
            said.extend(both.map(|call| matched(language, 1, Some(7), call, !call)));
            said.extend([&[&time][..], &[&time, &time], &[&time; 3]].map(|times| checked(language, times, false)));
            said.extend([&["a.zip"][..], &["a.zip", "b.zip"]].map(|files| contact(language, files, [day; 2], &range)));
            let [command, page] = [false, true].map(|on_a_page| NoDay::NotSearched { on_a_page });
            let whys = [NoDay::NotAHash("x"), command, page, NoDay::NotAmong { searched: 2 }, NoDay::NoKeys];
            said.extend(whys.iter().map(|why| no_day(language, why)));
            said.extend([days_on_record(language, &[]), days_on_record(language, &[day])]);
            said.extend([truncated(language, 1), without_day(language, 1), record(language, 1, 61, &[2.0])]);
            for said in said {
                let is_japanese = said.chars().any(|sign| ('ぁ'..='ヿ').contains(&sign));
                assert_eq!(is_japanese, language == Japanese, "{said}");
                assert!(!said.contains("  ") && (language == Japanese || !said.contains('。')), "{said}");
            }
        }
    }
}
