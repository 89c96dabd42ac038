//! Bytes as hexadecimal text.

/// Writes bytes in lower case.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Reads digits of upper or lower case.
///
/// # Errors
/// A sentence that names the sign that is no digit, or the odd number of digits.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    base16ct::mixed::decode_vec(text).map_err(|_| match text.chars().find(|sign| !sign.is_ascii_hexdigit()) {
        Some(other) => format!("{other:?} is not a hexadecimal digit"),
        None => format!("{} hexadecimal digits are no whole number of bytes", text.len()),
    })
}

/// Reads exactly `N` bytes from digits of upper or lower case.
///
/// ```
/// use gaen_report::text::hex;
///
/// assert_eq!(hex::decode_exactly("00Ff"), Ok([0, 255]));
/// assert_eq!(hex::decode_exactly::<2>("00").unwrap_err(), "1 bytes, expected 2 (4 hexadecimal digits)");
/// ```
///
/// # Errors
/// A sentence that names the sign that is no digit, or the number of bytes.
pub fn decode_exactly<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let bytes = decode(text)?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| format!("{found} bytes, expected {N} ({} hexadecimal digits)", N * 2))
}
