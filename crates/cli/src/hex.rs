//! Bytes as hexadecimal text.

/// Lower case.
pub(crate) fn encode(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Upper or lower case, of any length.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let digits = text.chars().count();
    if let Some(other) = text.chars().find(|sign| !sign.is_ascii_hexdigit()) {
        return Err(format!("{other:?} is not a hexadecimal digit"));
    }
    base16ct::mixed::decode_vec(text).map_err(|_| format!("{digits} hexadecimal digits are no whole number of bytes"))
}

/// Upper or lower case, of exactly `N` bytes.
pub(crate) fn decode_exactly<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let bytes = decode(text)?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| format!("{found} bytes, expected {N} ({} hexadecimal digits)", N * 2))
}
