//! What is wrong in Japanese text: spaces and marks of half width where Japanese has its own.

/// Each place where a space follows a full stop, a comma or a colon, or a mark of half width stands beside Japanese.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let signs: Vec<_> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| signs.get(place)).copied().unwrap_or('\n');
    let is_fault = |place: usize| {
        let (before, after) = (at(place.checked_sub(1)), at(place.checked_add(1)));
        let beyond = at(place.checked_add(2));
        match signs[place] {
            ' ' => "。：、".contains(before) || is_mark(before) && is_letter(after),
            ':' | ',' | ';' | '.' => is_japanese(before) && (is_japanese(after) || after == ' ' && is_japanese(beyond)),
            '(' | ')' => {
                is_japanese(before) && before != '、'
                    || is_japanese(after)
                    || (before == ' ' && is_letter(at(place.checked_sub(2))))
            }
            _ => false,
        }
    };
    let around = |place: usize| signs[place.saturating_sub(12)..signs.len().min(place + 12)].iter().collect();
    (0..signs.len()).filter(|place| is_fault(*place)).map(around).collect()
}

/// Kana and Chinese characters.
fn is_letter(sign: char) -> bool {
    matches!(sign, 'ぁ'..='ヿ' | '一'..='鿿')
}

/// Punctuation of full width.
fn is_mark(sign: char) -> bool {
    matches!(sign, '、' | '。' | '「'..='』' | '（' | '）' | '：')
}

fn is_japanese(sign: char) -> bool {
    is_letter(sign) || is_mark(sign)
}
