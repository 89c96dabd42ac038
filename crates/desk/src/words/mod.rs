//! Everything that the desk says, in each language: the English sentence and the Japanese one beside it.

mod presets;

use gaen::Sighting;
use gaen::cocoa::{ExposureLog, LogFormat};
use gaen::export::{ExportSummary, KeyNote};
use gaen::time::UtcDay;
use gaen_report::Language::{self, English, Japanese};
use gaen_report::read::WindowFile;
use gaen_report::text::{counted, grouped};

use crate::content::{Content, Database, Looks, Program};

pub(crate) use gaen_report::problem;
pub(crate) use presets::{notes, title};

/// What a file is.
pub(crate) const fn label(language: Language, content: &Content) -> &'static str {
    let (english, japanese) = match content {
        Content::Log(_) => ("Log of exposure checks", "接触チェックの記録"),
        Content::ExportZip(_) => ("Export file", "診断キーのファイル"),
        Content::ExportBin(_) => ("Bare export.bin", "zipから取り出されたexport.bin"),
        Content::ExportSig(_) => ("Bare export.sig", "zipから取り出されたexport.sig"),
        Content::PublicKey(_) => ("Public key", "公開鍵"),
        Content::Sightings(_) => ("Sightings", "受信記録"),
        Content::Windows(_) => ("Exposure windows", "接触ウィンドウ"),
        Content::Configuration(_) => ("Configuration", "設定"),
        Content::Rule => ("Rule that decides", "通知の基準"),
        Content::Database(_) => ("Database", "データベース"),
        Content::Backup => ("Encrypted backup", "暗号化されたバックアップ"),
        Content::Unknown(_) => ("Unknown file", "不明なファイル"),
    };
    either(language, english, japanese)
}

const fn either(language: Language, english: &'static str, japanese: &'static str) -> &'static str {
    match language {
        English => english,
        Japanese => japanese,
    }
}

pub(crate) const fn no_sightings(language: Language) -> &'static str {
    either(
        language,
        "What the phone heard (sightings), as JSON lines or CSV.",
        "端末の受信記録（JSON LinesまたはCSV）が必要です。",
    )
}

pub(crate) fn broken_sightings(language: Language, name: &str) -> String {
    match language {
        English => format!("The sightings in {name} cannot be read. Mend the file, or take it off."),
        Japanese => format!("{name}の受信記録が読めません。修正するか、取り除いてください。"),
    }
}

pub(crate) const fn no_export(language: Language) -> &'static str {
    either(
        language,
        "The diagnosis keys that a health authority published: export files (zip).",
        "公開された診断キーのファイル（zip）が必要です。",
    )
}

pub(crate) fn no_public_key(language: Language, signers: &[String]) -> String {
    let names = signers.join(", ");
    match (language, signers) {
        (English, []) => "The public key that the export files are signed with (PEM).".to_owned(),
        (English, _) => format!("The public key that the export files are signed with (PEM): {names}."),
        (Japanese, []) => "診断キーのファイルの署名を確認するための公開鍵（PEM）が必要です。".to_owned(),
        (Japanese, _) => {
            format!("診断キーのファイルの署名を確認するための公開鍵（PEM、名前は{names}）が必要です。")
        }
    }
}

pub(crate) const fn no_log(language: Language) -> &'static str {
    either(
        language,
        "A log of exposure checks, exported from the phone's settings, or COCOA's exposure_data.json.",
        "端末の設定から書き出した接触チェックの記録、またはCOCOAのexposure_data.jsonが必要です。",
    )
}

pub(crate) const fn no_windows(language: Language) -> &'static str {
    either(
        language,
        "Exposure windows of an app (JSON), or all that a report needs.",
        "アプリの接触ウィンドウ（JSON）、またはレポートに必要なすべてのファイルが必要です。",
    )
}

pub(crate) fn no_day(language: Language, name: &str) -> String {
    match language {
        English => format!("No window in {name} has a day: choose the time of the judgement."),
        Japanese => format!("{name}の接触ウィンドウには日付がありません。判定の時点を選んでください。"),
    }
}

pub(crate) const fn nothing_to_lint(language: Language) -> &'static str {
    either(language, "A configuration, or export files.", "設定、または診断キーのファイルが必要です。")
}

/// A day, or the days from the first to the last.
fn days(language: Language, first: UtcDay, last: UtcDay) -> String {
    match (language, first == last) {
        (_, true) => first.to_string(),
        (English, false) => format!("{first} to {last}"),
        (Japanese, false) => format!("{first}から{last}"),
    }
}

/// The keys of an export file, and the days that the file says they are of.
pub(crate) fn export(language: Language, summary: &ExportSummary) -> String {
    let window = summary.facts.start_timestamp.zip(summary.facts.end_timestamp).filter(|(start, end)| start < end);
    let days = window.map(|(start, end)| {
        let last = UtcDay::from_unix_seconds(end.saturating_sub(1));
        days(language, UtcDay::from_unix_seconds(start), last)
    });
    let (keys, revised, skipped) = (summary.keys, summary.revised_keys, summary.skipped.total());
    let mut said = match (language, days) {
        (English, Some(days)) => format!("{}, in a file of {days}", counted(keys, "key")),
        (English, None) => counted(keys, "key"),
        (Japanese, Some(days)) => format!("{days}のファイル、診断キー{}個", grouped(keys)),
        (Japanese, None) => format!("診断キー{}個", grouped(keys)),
    };
    if revised > 0 {
        said += &match language {
            English => format!("; {} revised", grouped(revised)),
            Japanese => format!("、変更された診断キー{}個", grouped(revised)),
        };
    }
    if skipped > 0 {
        said += &match language {
            English => format!("; {} that cannot be used", grouped(skipped)),
            Japanese => format!("、使用できない診断キー{}個", grouped(skipped)),
        };
    }
    said
}

/// The names of signers, as a part of a sentence.
fn names(language: Language, names: &[String]) -> String {
    match (language, names) {
        (English, []) => "nobody by name".to_owned(),
        (Japanese, []) => "名前なし".to_owned(),
        (English, _) => names.join(", "),
        (Japanese, _) => names.join("、"),
    }
}

pub(crate) fn signed(language: Language, signers: &[String]) -> String {
    let signers = names(language, signers);
    match language {
        English => format!("signed as {signers}; not checked, because the public key is not here"),
        Japanese => format!("署名：{signers}（公開鍵がないため未確認）"),
    }
}

pub(crate) fn verified(language: Language, by: &[String]) -> String {
    let by = names(language, by);
    match language {
        English => format!("signed as {by}, by a key that is here"),
        Japanese => format!("署名：{by}（ここにある公開鍵で確認済み）"),
    }
}

pub(crate) fn not_verified(language: Language, signers: &[String], why: &str) -> String {
    let signers = names(language, signers);
    match language {
        English => format!("signed as {signers}, but by no key that is here: {why}"),
        Japanese => format!("署名：{signers}（ここにある公開鍵では確認できません：{why}）"),
    }
}

/// What to know of a key.
pub(crate) fn key_note(language: Language, note: KeyNote) -> String {
    let japanese = match note {
        KeyNote::Certificate => "証明書から公開鍵を取り出しました。発行者と有効期限は確認していません",
        KeyNote::CertificateRequest => "証明書の要求から公開鍵を取り出しました。だれも証明していません",
        KeyNote::ExplicitParameters => "曲線がパラメーターで書かれています（P-256と同じもの）",
        KeyNote::HybridPoint => "点が、ほとんど使われない形式（hybrid）で書かれています",
        _ => return note.to_string(),
    };
    match language {
        English => note.to_string(),
        Japanese => japanese.to_owned(),
    }
}

pub(crate) const fn unpaired_bin(language: Language) -> &'static str {
    either(
        language,
        "no signature: its export.sig, and the public key, have to be here too",
        "署名がありません。対になるexport.sigと公開鍵も必要です",
    )
}

pub(crate) fn signatures(language: Language, signers: &[String]) -> String {
    let signers = names(language, signers);
    match language {
        English => format!("signed as {signers}"),
        Japanese => format!("署名：{signers}"),
    }
}

pub(crate) const fn unpaired_sig(language: Language) -> &'static str {
    either(language, "its export.bin has to be here too", "対になるexport.binも必要です")
}

pub(crate) fn public_key(language: Language, names: &[String], no_exports: bool) -> String {
    match language {
        English if no_exports => "no file that it could have signed is here yet".to_owned(),
        English => format!("trusted as {}", names.join(", ")),
        Japanese if no_exports => "この鍵で署名されたファイルは、まだありません".to_owned(),
        Japanese => format!("{}の鍵として信頼", names.join("、")),
    }
}

pub(crate) fn sightings(language: Language, sightings: &[Sighting]) -> String {
    let times = || sightings.iter().map(|sighting| sighting.time);
    let Some((first, last)) = times().min().zip(times().max()) else {
        return either(language, "no sightings", "受信記録なし").to_owned();
    };
    let days = days(language, UtcDay::from_unix_seconds(first), UtcDay::from_unix_seconds(last));
    match language {
        English => format!("{} of {days}", counted(sightings.len(), "sighting")),
        Japanese => format!("{days}の受信記録{}件", grouped(sightings.len())),
    }
}

pub(crate) fn log(language: Language, log: &ExposureLog, moments: &[u64]) -> Vec<String> {
    let kind = match (language, log.format) {
        (English, LogFormat::IosV1) => "of an iPhone, version 1",
        (English, LogFormat::IosV2) => "of an iPhone, version 2",
        (English, LogFormat::Android) => "of an Android phone",
        (English, LogFormat::CocoaExposureData) => "COCOA's record of exposures",
        (English, _) => "one entry of an iPhone's log",
        (Japanese, LogFormat::IosV1) => "iPhoneの記録（バージョン1）",
        (Japanese, LogFormat::IosV2) => "iPhoneの記録（バージョン2）",
        (Japanese, LogFormat::Android) => "Android端末の記録",
        (Japanese, LogFormat::CocoaExposureData) => "COCOAの接触の記録",
        (Japanese, _) => "iPhoneの記録（1件のみ）",
    };
    let counts = match (&log.exposure_data, language) {
        (Some(data), English) => counted(data.exposure_windows.len(), "exposure window"),
        (Some(data), Japanese) => format!("接触ウィンドウ{}件", grouped(data.exposure_windows.len())),
        (None, English) => counted(log.checks, "check"),
        (None, Japanese) => format!("確認{}回", grouped(log.checks)),
    };
    let days = moments
        .first()
        .zip(moments.last())
        .map(|(first, last)| days(language, UtcDay::from_unix_seconds(*first), UtcDay::from_unix_seconds(*last)));
    let counts = match (language, days) {
        (_, None) => counts,
        (English, Some(days)) => format!("{counts}, {days}"),
        (Japanese, Some(days)) => format!("{counts}（{days}）"),
    };
    vec![kind.to_owned(), counts]
}

pub(crate) fn windows(language: Language, file: &WindowFile) -> String {
    let windows: usize = file.cases.iter().map(|case| case.windows.len()).sum();
    let dates = || file.cases.iter().flat_map(|case| &case.windows).filter_map(|window| window.date);
    let days = dates().min().zip(dates().max()).map(|(first, last)| days(language, first, last));
    match language {
        English => {
            let of = days.map(|days| format!(" of {days}")).unwrap_or_default();
            format!("{}{of}", counted(windows, "exposure window"))
        }
        Japanese => {
            let of = days.map(|days| format!("{days}の")).unwrap_or_default();
            format!("{of}接触ウィンドウ{}件", grouped(windows))
        }
    }
}

/// A file that is on the desk already.
pub(crate) fn twin(language: Language, name: &str, counts_once: bool) -> String {
    match (language, counts_once) {
        (English, true) => format!("the same as {name}, and counts once"),
        (English, false) => format!("the same as {name}"),
        (Japanese, true) => format!("{name}と同じ内容のため、一度だけ数えます"),
        (Japanese, false) => format!("{name}と同じ内容です"),
    }
}

/// Whose configuration it is, if its rule has a name, and on which platforms it can be read.
pub(crate) fn configuration(language: Language, rule: Option<&str>, [google, apple]: [bool; 2]) -> Vec<String> {
    let mut says = Vec::new();
    if let Some(rule) = rule {
        says.push(match language {
            English => format!("decides by the rule {rule}"),
            Japanese => format!("通知の基準：{rule}"),
        });
    }
    says.extend(
        match (google, apple) {
            (true, false) => Some(either(language, "for Android only", "Android用の設定です")),
            (false, true) => Some(either(language, "for iPhones only", "iPhone用の設定です")),
            _ => None,
        }
        .map(str::to_owned),
    );
    says
}

pub(crate) const fn rule(language: Language) -> &'static str {
    either(language, "takes the place of the configuration's own rule", "設定に含まれる通知の基準の代わりに使用します")
}

pub(crate) const fn private_key(language: Language) -> &'static str {
    either(
        language,
        "Whoever has a private key can sign with it: give it to nobody. Its content was not kept.",
        "秘密鍵は、だれにも渡さないでください。このファイルの内容は保持していません。",
    )
}

/// A search was stopped.
pub(crate) const fn cancelled(language: Language) -> &'static str {
    either(
        language,
        "The search was stopped before its end, so there is no answer.",
        "照合を途中で中止したため、結果はありません。",
    )
}

pub(crate) const fn no_time(language: Language) -> &'static str {
    either(
        language,
        "No file says a time: choose the time of the judgement.",
        "日時の分かるファイルがありません。判定の時点を選んでください。",
    )
}

pub(crate) const fn counted_back(language: Language) -> &'static str {
    either(
        language,
        "exposure windows that count their days back from the time of the judgement",
        "判定の時点からさかのぼって日を数える接触ウィンドウ",
    )
}

pub(crate) fn database(language: Language, database: Database) -> Vec<String> {
    let program = match database.program {
        Program::Gaen => either(language, "a store of gaen", "gaenのデータベースです"),
        Program::MicroG => either(language, "what microG heard", "microGの受信記録です"),
        Program::Ramble => either(language, "what RaMBLE heard", "RaMBLEの受信記録です"),
        Program::Other => either(
            language,
            "of none of the known programs: microG, RaMBLE, and the stores of gaen",
            "microG、RaMBLE、gaenのいずれのデータベースでもありません",
        ),
    };
    let wal = either(
        language,
        "its latest records may be in a second file beside it, whose name ends in -wal",
        "最新の記録が、名前の末尾に-walの付く別のファイルにある可能性があります",
    );
    let mut says = vec![program.to_owned()];
    says.extend(database.has_log.then(|| wal.to_owned()));
    says
}

pub(crate) const fn backup(language: Language) -> &'static str {
    either(
        language,
        "a backup of a store, encrypted by age: its passphrase or its key opens it",
        "ageで暗号化されたバックアップです。開くには、パスフレーズまたは鍵が必要です",
    )
}

pub(crate) const fn looks(language: Language, looks: Looks) -> &'static str {
    match looks {
        Looks::Empty => either(language, "the file is empty", "空のファイルです"),
        Looks::Html => either(
            language,
            "a web page, not a file of a server: it may be an error message",
            "サーバーのファイルではなく、ウェブページです。エラー画面を保存した可能性があります",
        ),
        Looks::Utf16 => either(
            language,
            "text in UTF-16: save it as UTF-8 and drop it again",
            "UTF-16のテキストです。UTF-8で保存し直してください",
        ),
        Looks::DatabaseLog => either(
            language,
            "the latest records of a database, which are of no use without the database itself",
            "データベースの最新の記録です。データベース本体がなければ使用できません",
        ),
        Looks::TooManyValues => either(
            language,
            "JSON with more values than this page reads",
            "値の数が、このページで読める数を超えたJSONです",
        ),
        Looks::Json => either(language, "JSON of a kind that is not known", "知られていない種類のJSONです"),
        Looks::BrokenJson => either(
            language,
            "begins as JSON and is damaged, or was cut off",
            "JSONのように始まりますが、壊れているか、途中で切れています",
        ),
        Looks::Picture => either(
            language,
            "a picture or a document: the file itself is needed, not an image of it",
            "画像または文書です。画面の写しではなく、元のファイルが必要です",
        ),
        Looks::Text => either(language, "text of a kind that is not known", "知られていない種類のテキストです"),
        Looks::Bytes => either(language, "data of a kind that is not known", "知られていない種類のデータです"),
    }
}
