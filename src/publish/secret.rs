//! Texts and keys that nobody may see, base64 as Google's server reads it, and JSON.

use core::fmt;
use core::ops::Deref;
use std::io;

use base64ct::{Base64Unpadded, Encoding};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::keys::DiagnosisKey;
use crate::keys::wipe::wiping_the_stack;

/// A text that is wiped when dropped, printed as `redacted`, and compared in constant time.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct SecretText(String);

impl SecretText {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redacted")
    }
}

impl ConstantTimeEq for SecretText {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.as_bytes().ct_eq(other.0.as_bytes())
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// The bytes of a base64 text, of either alphabet, with padding or without, as Google's server takes it.
///
/// Source: `base64util.DecodeString` of Google's key server.
pub(super) fn base64_bytes(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(text.trim_end_matches('=').chars().map(|sign| match sign {
        '-' => '+',
        '_' => '/',
        other => other,
    }));
    Base64Unpadded::decode_vec(&plain).ok().map(Zeroizing::new)
}

/// A key whose embargo may last. It stands on the heap: moving it copies no byte of it. It is wiped when dropped.
pub(super) struct HiddenKey(Box<DiagnosisKey>);

impl HiddenKey {
    /// Makes the key, and wipes the stack on which it was made.
    pub(super) fn made<E>(make: impl FnOnce() -> Result<DiagnosisKey, E>) -> Result<Self, E> {
        wiping_the_stack(|| make().map(|key| Self(Box::new(key))))
    }
}

impl Deref for HiddenKey {
    type Target = DiagnosisKey;

    fn deref(&self) -> &DiagnosisKey {
        &self.0
    }
}

impl Drop for HiddenKey {
    fn drop(&mut self) {
        self.0.key_data.zeroize();
    }
}

impl PartialEq for HiddenKey {
    /// Compares the bytes of keys in constant time.
    fn eq(&self, other: &Self) -> bool {
        self.window == other.window && bool::from(self.key_data.as_bytes().ct_eq(other.key_data.as_bytes()))
    }
}

impl Eq for HiddenKey {}

/// Writes a secret as JSON, such as a key ring or the state of a key server. The text is wiped when dropped.
///
/// A text that grows while it is written leaves copies behind. This one is measured first.
///
/// ```
/// use gaen::KeyRing;
/// use gaen::publish::secret_json;
///
/// let mut ring = KeyRing::new();
/// let _ = ring.rotate(1_601_121_600, &mut rand::rng())?;
/// let json = secret_json(&ring)?;
/// assert_eq!(serde_json::from_str::<KeyRing>(&json)?.keys().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What `serde_json` says of a value that has no JSON, such as a map whose keys are no texts.
pub fn secret_json(value: &impl Serialize) -> Result<Zeroizing<String>, serde_json::Error> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value)?;
    let mut json = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *json, value)?;
    String::from_utf8(core::mem::take(&mut *json)).map(Zeroizing::new).map_err(serde_json::Error::custom)
}

/// Counts the bytes that are written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a JSON object. `serde` would also take an array of the fields' values, in their order.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    if json.trim_ascii_start().starts_with(b"{") {
        serde_json::from_slice(json)
    } else {
        Err(serde_json::Error::custom("expected an object"))
    }
}

/// Gives a type with one [`SecretText`] the traits that secrets have.
macro_rules! secret_text {
    ($name:ident) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl subtle::ConstantTimeEq for $name {
            fn ct_eq(&self, other: &Self) -> subtle::Choice {
                self.0.ct_eq(&other.0)
            }
        }

        impl PartialEq for $name {
            /// In constant time for texts of one length.
            fn eq(&self, other: &Self) -> bool {
                subtle::ConstantTimeEq::ct_eq(self, other).into()
            }
        }

        impl Eq for $name {}
    };
}
pub(super) use secret_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_not_read_from_an_array() {
        #[derive(Debug, Deserialize)]
        struct Pair {
            a: u8,
        }
        assert_eq!(object::<Pair>(b" {\"a\":1}").unwrap().a, 1);
        assert!(serde_json::from_slice::<Pair>(b"[1]").is_ok() && object::<Pair>(b"[1]").is_err());
    }

    #[test]
    fn json_of_a_secret_does_not_grow() {
        let texts = vec!["a\"\u{1}"; 1000];
        let json = secret_json(&texts).unwrap();
        assert_eq!((json.as_str(), json.len()), (serde_json::to_string(&texts).unwrap().as_str(), json.capacity()));
    }

    #[test]
    fn base64_is_read_in_both_alphabets_with_and_without_padding() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(base64_bytes(text).unwrap().as_slice(), [0xfb, 0xff], "{text}");
        }
        for text in ["+", "a b=", "ü"] {
            assert!(base64_bytes(text).is_none(), "{text}");
        }
    }
}
