//! Hashes as logs write them.

use base64ct::{Base64Unpadded, Encoding};

use super::HashOf;

/// A hash of a log: its text, and its bytes if the text is a hash.
///
/// iOS writes SHA-256 in hexadecimal, Android in base64. Logs that people publish have other texts in this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedHash {
    /// The text of the hash as the log has it.
    pub text: String,
    /// The 32 bytes of the hash. `None` if the text is not a SHA-256.
    pub sha256: Option<[u8; 32]>,
    /// The bytes over which the hash is taken.
    pub of: HashOf,
}

impl LoggedHash {
    /// Reads 64 hexadecimal digits in either case, or base64 with or without `=` at its end. In logs from forums,
    /// escapes of JSON may be escaped once more: they are read too.
    #[must_use]
    pub fn new(text: &str, of: HashOf) -> Self {
        let plain = text.trim().replace("\\u003d", "=").replace("\\/", "/");
        Self { sha256: sha256(&plain), text: text.to_owned(), of }
    }
}

fn sha256(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() == 64 {
        base16ct::mixed::decode(text, &mut bytes).ok()?;
        return Some(bytes);
    }
    let unpadded = text.strip_suffix('=').unwrap_or(text);
    let decoded = Base64Unpadded::decode(unpadded, &mut bytes).ok()?;
    (decoded.len() == 32).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    fn read(text: &str) -> Option<[u8; 32]> {
        LoggedHash::new(text, HashOf::File).sha256
    }

    proptest! {
        #[test]
        fn every_way_to_write_it(bytes: [u8; 32]) {
            let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let unpadded = Base64Unpadded::encode_string(&bytes);
            for text in [
                lower.to_uppercase(),
                format!(" {unpadded}=\n"),
                format!("{unpadded}\\u003d"),
                unpadded.replace('/', "\\/"),
                lower,
                unpadded,
            ] {
                prop_assert_eq!(read(&text), Some(bytes), "{}", text);
            }
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,70}|[0-9a-zA-Z+/=\\\\]{40,66}") {
            prop_assert_eq!(LoggedHash::new(&text, HashOf::Call).text, text);
        }
    }

    #[test]
    fn what_is_no_hash() {
        let good = Base64Unpadded::encode_string(&Sha256::digest(b""));
        assert!(read(&good).is_some());
        for text in ["", "xxxxxx", "hoge", &good[1..], &format!("{good}=="), &"g".repeat(64), &"0".repeat(62)] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
