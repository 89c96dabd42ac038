//! Errors in Japanese.

/// What an error of this code says. `None` where the sentence has something of the backup in it.
pub(crate) fn japanese(code: &str) -> Option<&'static str> {
    Some(match code {
        "empty_passphrase" => "パスフレーズが空です。",
        "wrong_key" => "このパスフレーズまたは秘密鍵では、バックアップを開けません。",
        "not_a_key" => "秘密鍵として読み取れません。",
        "damaged_backup" => "バックアップが壊れているか、途中で切れています。",
        "not_a_backup" => "バックアップではありません。",
        "too_much_work" => "このバックアップを開くには、許される量を超える計算が必要です。",
        "too_large" => "ファイルが大きすぎます。256 MiBまで読み取れます。",
        _ => return None,
    })
}
