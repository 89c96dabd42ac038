//! Why a file cannot be read, in each language.

use crate::Language;

/// The sentence of an error of this code. English is the library's own; Japanese says what it means, with the library's
/// sentence behind.
#[must_use]
pub fn problem(language: Language, code: &str, message: &str) -> String {
    match (language, japanese(code)) {
        (Language::Japanese, Some(meaning)) => with_details(meaning, message),
        _ => message.to_owned(),
    }
}

/// A sentence of Japanese, and the library's beside it, which has the facts.
pub(crate) fn with_details(meaning: &str, details: &str) -> String {
    format!("{meaning}（詳細：{details}）")
}

fn japanese(code: &str) -> Option<&'static str> {
    Some(match code {
        "empty_file" => "空のファイルです。",
        "file_too_large" => "ファイルが大きすぎます。",
        "not_a_zip" => "zipファイルではありません。",
        "zip_damaged" => "zipファイルが壊れているか、途中で切れています。もう一度入手してください。",
        "entry_missing" => "zipの中に必要なファイルがありません。診断キーのファイルではない可能性があります。",
        "entry_duplicate" => "zipの中に、同じ名前のファイルが二つ以上あります。",
        "entry_unexpected" => "zipの中に、export.binとexport.sig以外のファイルがあります。",
        "entry_path" => "zipの中のファイル名が、フォルダーの外を指しています。",
        "entry_unsupported" => "対応していない方式で圧縮または暗号化されたzipファイルです。",
        "entry_too_large" => "zipの中のファイルが大きすぎます。",
        "too_many_entries" => "zipの中のファイルが多すぎます。",
        "header_missing" => "export.binの先頭が、診断キーのファイルの形式ではありません。",
        "protobuf_malformed" => "export.binの内容が壊れています。",
        "field_too_long" => "export.binの中に、長すぎる項目があります。",
        "too_many_keys" => "診断キーの数が多すぎます。",
        "too_many_signature_infos" | "too_many_signatures" => "署名の数が多すぎます。",
        "batch_invalid" => "分割されたファイルの番号が正しくありません。",
        "signature_list_malformed" => "export.sigの内容が壊れています。",
        "unsigned" => "署名がありません。",
        "unknown_key" => "信頼できる公開鍵による署名がありません。",
        "signature_anonymous" => "署名に鍵の名前がないため、どの鍵によるものか分かりません。",
        "algorithm_unsupported" => "署名の方式が、決められたものではありません。",
        "signature_raw" | "signature_malformed" => "署名の形式が正しくありません。",
        "signature_invalid" => "署名がファイルの内容と一致しません。内容が変わっているか、別の鍵で署名されています。",
        "signature_count" => "署名の数が、ファイルに書かれた数と一致しません。",
        "too_many_candidates" => "受信した接触符号と一致するものが多すぎます。",
        "unreadable_file" => "ファイルを読み込めません。",
        "document_too_large" => "JSONの文書が大きすぎます。",
        "not_json" => "JSONとして読めません。",
        "unknown_shape" => "知られていない種類のJSONです。",
        "field_missing" => "必要な項目がありません。",
        "field_unexpected" => "項目の値が正しい種類ではありません。",
        "invalid_configuration" => "設定の値が正しくないか、対応していないアプリの形式です。",
        "public_key" => "公開鍵として使用できません。",
        "private_key" => {
            "秘密鍵です。持っている人はだれでも署名を作れるため、ほかの人に渡さないでください。必要なのは公開鍵です。\
             このファイルの内容は保持していません。"
        }
        "sightings" => "受信記録として読めない行があります。",
        "windows" => "接触ウィンドウとして読めない部分があります。",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code of an error that reading a file answers: those of `fn code` in these sources.
    #[test]
    fn every_problem_of_a_file_is_told_in_japanese() {
        for source in [include_str!("../../../src/export/error.rs"), include_str!("../../../src/cocoa/error.rs")] {
            let function = source.split("pub const fn code").nth(1).unwrap().split("\n    }\n").next().unwrap();
            let codes: Vec<_> = function.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(codes.len() >= 6, "{codes:?}");
            // Whoever cancels knows it, and the desk has words of its own for it.
            for code in codes.into_iter().filter(|code| *code != "cancelled") {
                let said = japanese(code).unwrap_or_else(|| panic!("no Japanese sentence for {code}"));
                assert!(said.ends_with('。') && !said.contains("。 "), "{said}");
            }
        }
    }

    #[test]
    fn details_follow_the_meaning() {
        let said = |language| problem(language, "unsigned", "the file is not signed");
        assert_eq!(said(Language::English), "the file is not signed");
        assert_eq!(said(Language::Japanese), "署名がありません。（詳細：the file is not signed）");
        assert_eq!(problem(Language::Japanese, "another", "as it is"), "as it is");
    }
}
