//! Errors in Japanese.

/// What an error of this code says. `None` where the sentence has something of the database in it.
pub(crate) fn japanese(code: &str) -> Option<&'static str> {
    Some(match code {
        "backup_secret" => {
            "バックアップは暗号化されています。開くには、パスフレーズか、AGE-SECRET-KEY-1で始まる秘密鍵が必要です。"
        }
        "log_missing" => {
            "このデータベースの最新の記録は、名前が-walで終わるもう1つのファイルにあるかもしれません。そのファイルも一緒に渡すか、ないことを指定してください。"
        }
        "too_large" => "ファイルが大きすぎます。256 MiBまで読み取れます。",
        "not_importable" => "microGまたはRaMBLEのデータベースとして、あるいはgaenのストアとして読み取れません。",
        "damaged" => "ストアが壊れています。",
        "newer_schema" => "ストアは新しい版のgaenで作られています。",
        _ => return None,
    })
}
