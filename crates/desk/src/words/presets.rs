//! The built-in configurations, in each language.

use gaen::exposure::Preset;
use gaen_report::Language;

/// The app, where it was used, and its platform.
pub(crate) fn title(language: Language, preset: Preset) -> String {
    match (language, japanese(preset)) {
        (Language::Japanese, Some(title)) => title.to_owned(),
        _ => preset.about().title(),
    }
}

/// What was guessed in it, or read and never run.
pub(crate) fn notes(language: Language, preset: Preset) -> Vec<&'static str> {
    let notes = preset.about().notes.iter().copied();
    match language {
        Language::English => notes.collect(),
        Language::Japanese => notes.map(|note| japanese_note(note).unwrap_or(note)).collect(),
    }
}

const fn japanese(preset: Preset) -> Option<&'static str> {
    Some(match preset {
        Preset::Google => "Googleの初期設定（アプリなし）",
        Preset::Apple => "Appleの初期設定（アプリなし）",
        Preset::CocoaV1_0_0 => "COCOA 1.0.0〜1.1.2（日本）",
        Preset::CocoaV1_1_3 => "COCOA 1.1.3（日本）",
        Preset::CocoaV1_1_4 => "COCOA 1.1.4〜1.4.1（日本）",
        Preset::CocoaV1Server2022 => "COCOA 1.x、サーバーの2022年の設定（日本）",
        Preset::CocoaV2 => "COCOA 2.0.0以降（日本）",
        Preset::CwaAndroid => "Corona-Warn-App 1.15以降（ドイツ、Android）",
        Preset::CwaAndroidBefore1_15 => "Corona-Warn-App 1.15より前（ドイツ、Android）",
        Preset::CwaIos => "Corona-Warn-App 1.15以降（ドイツ、iPhone）",
        Preset::CwaIosBefore1_15 => "Corona-Warn-App 1.15より前（ドイツ、iPhone）",
        Preset::Enx => "Exposure Notifications Express 参考アプリ（見本の設定）",
        Preset::SwissCovidAndroid => "SwissCovid（スイス、Android）",
        Preset::SwissCovidIos => "SwissCovid（スイス、iPhone）",
        Preset::RadarCovid => "Radar COVID（スペイン、Android）",
        Preset::CoronaMelder => "CoronaMelder（オランダ）",
        Preset::KoronavilkkuAndroid => "Koronavilkku（フィンランド、Android）",
        Preset::KoronavilkkuIos => "Koronavilkku（フィンランド、iPhone）",
        Preset::SmittestoppNo => "Smittestopp（ノルウェー）",
        Preset::SmittestopDk => "Smitte|stop（デンマーク）",
        Preset::ERouska => "eRouska（チェコ、iPhone）",
        Preset::PathCheck => "PathCheckのアプリ（複数の州）",
        Preset::CovidAlert => "COVID Alert（カナダ）",
        Preset::ImmuniV1 => "Immuni（イタリア）",
        Preset::NhsAndroid => "NHS COVID-19（イングランドとウェールズ、Android）",
        Preset::NhsIos => "NHS COVID-19（イングランドとウェールズ、iPhone）",
        _ => return None,
    })
}

fn japanese_note(note: &str) -> Option<&'static str> {
    Some(match note {
        "how the app read days since onset is not in the source; every day is standard here" => {
            "発症からの日数の扱いは、公開されたソースにありません。ここでは、どの日も標準として扱います"
        }
        "when the app told its user again was not read; every answer tells here" => {
            "アプリがいつ再び通知したかは、調べていません。ここでは、判定のたびに通知するものとします"
        }
        "a key without days since onset is guessed as standard" => {
            "発症からの日数がない診断キーは、標準と推測して扱います"
        }
        "phones merged equal windows (read, not run); the published cases count each, as here" => {
            "端末は同じ値の接触ウィンドウを一つにまとめていました（ソースで確認、実行はしていません）。\
             公開された事例では、ここと同じく一つずつ数えています"
        }
        "the value of a level is guessed: the level times 0.2" => {
            "レベルの値は、レベルに0.2を掛けたものと推測しています"
        }
        "that only the first minutes filter decides was read, not run" => {
            "最初の時間フィルターだけが使われることは、ソースで確認しましたが、実行はしていません"
        }
        "the defaults of the SDK; a test of the app for iPhones has 53 and 60 dB" => {
            "SDKの初期値です。iPhone用アプリのテストでは、53 dBと60 dBです"
        }
        "the weights are those of DP-3T" => "重みはDP-3Tのものです",
        "read, not run" => "ソースで確認しましたが、実行はしていません",
        "its tables were served and are not in the source; they are Apple's defaults here" => {
            "表はサーバーから配信されたもので、ソースにありません。ここではAppleの初期設定を使います"
        }
        "the first versions asked for 15 minutes at high risk too, which is left out here" => {
            "初期のバージョンでは、高リスクで15分という条件もありましたが、ここでは省いています"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_told_in_japanese() {
        for preset in Preset::ALL {
            assert_ne!(title(Language::Japanese, preset), title(Language::English, preset));
            let notes = notes(Language::Japanese, preset);
            assert!(notes.iter().all(|note| !note.is_ascii()), "{preset}: {notes:?}");
        }
    }
}
