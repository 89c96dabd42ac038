//! The 16 bytes of a key, in the forms in which people write them.

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
use serde_json::Value;

use super::rows::Cell;
use crate::text::hex;

const LENGTH: usize = 16;

/// Hexadecimal, base64 (standard or for URLs, with or without padding), or an array of numbers, from -128 as Java has
/// it.
pub(super) fn key_data(cell: Cell<'_>) -> Result<[u8; LENGTH], String> {
    if let Cell::Json(Value::Array(numbers)) = cell {
        return of_numbers(numbers);
    }
    let text = cell.text().map_err(|_| "expected a text, or an array of 16 numbers".to_owned())?.trim();
    let digits: String = text.trim_start_matches("0x").chars().filter(|sign| !" :".contains(*sign)).collect();
    let is_hexadecimal = digits.chars().all(|sign| sign.is_ascii_hexdigit());
    if is_hexadecimal && digits.len() == LENGTH.saturating_mul(2) {
        return hex::decode_exactly(&digits);
    }
    let unpadded = text.trim_end_matches('=');
    let decoded = Base64Unpadded::decode_vec(unpadded).or_else(|_| Base64UrlUnpadded::decode_vec(unpadded));
    match decoded.map(|bytes| <[u8; LENGTH]>::try_from(bytes).map_err(|bytes| bytes.len())) {
        Ok(Ok(bytes)) => Ok(bytes),
        _ if is_hexadecimal => hex::decode_exactly(&digits),
        Ok(Err(found)) => Err(format!("{found} bytes of base64, expected {LENGTH} (or 32 hexadecimal digits)")),
        Err(_) => Err(format!("neither 32 hexadecimal digits nor {LENGTH} bytes of base64")),
    }
}

fn of_numbers(numbers: &[Value]) -> Result<[u8; LENGTH], String> {
    let byte = |number: &Value| {
        let number = number.as_i64()?;
        u8::try_from(number).ok().or_else(|| i8::try_from(number).ok().map(i8::cast_unsigned))
    };
    let bytes: Option<Vec<u8>> = numbers.iter().map(byte).collect();
    let bytes = bytes.ok_or("expected numbers from 0 to 255, or from -128 to 127")?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| format!("{found} numbers, expected {LENGTH}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// With signs of base64 that differ for URLs, and bytes over 127.
    const KEY: [u8; 16] = [0xfb, 0xff, 0xbf, 0, 1, 2, 3, 0x7f, 0x80, 0x81, 9, 10, 11, 12, 13, 0xfe];

    #[test]
    fn a_key_is_read_in_every_form() {
        let hex = hex::encode(&KEY);
        let pairs: Vec<_> = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect();
        let (base64, url) = (Base64Unpadded::encode_string(&KEY), Base64UrlUnpadded::encode_string(&KEY));
        assert!(base64.contains(['+', '/']) && url.contains(['-', '_']));
        for text in [
            hex.to_uppercase(),
            format!("0x{hex}"),
            pairs.join(":"),
            pairs.join(" "),
            format!("{base64}=="),
            format!("{url}=="),
            hex,
            base64,
            url,
        ] {
            assert_eq!(key_data(Cell::Text(&text)), Ok(KEY), "{text}");
            assert_eq!(key_data(Cell::Json(&json!(text))), Ok(KEY), "{text}");
        }
        let signed: Vec<_> = KEY.iter().map(|byte| byte.cast_signed()).collect();
        assert_eq!(key_data(Cell::Json(&json!(KEY))), Ok(KEY));
        assert_eq!(key_data(Cell::Json(&json!(signed))), Ok(KEY));
    }

    #[test]
    fn what_is_no_key_says_why() {
        let refused = |value: Value| key_data(Cell::Json(&value)).unwrap_err();
        assert_eq!(refused(json!("00ff")), "2 bytes, expected 16 (32 hexadecimal digits)");
        assert_eq!(refused(json!("AAAAAAAAAAAAAAAAAAAA")), "10 bytes, expected 16 (32 hexadecimal digits)");
        assert_eq!(
            refused(json!("xAAAAAAAAAAAAAAAAAAA")),
            "15 bytes of base64, expected 16 (or 32 hexadecimal digits)"
        );
        assert_eq!(refused(json!("key!")), "neither 32 hexadecimal digits nor 16 bytes of base64");
        assert_eq!(refused(json!(7)), "expected a text, or an array of 16 numbers");
        assert_eq!(refused(json!([1, 2])), "2 numbers, expected 16");
        assert_eq!(refused(json!([256])), "expected numbers from 0 to 255, or from -128 to 127");
    }
}
