//! Texts that nobody may see, base64 as Google's server reads it, and JSON objects.

use core::fmt;

use base64ct::{Base64Unpadded, Encoding};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

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
    fn base64_is_read_in_both_alphabets_with_and_without_padding() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(base64_bytes(text).unwrap().as_slice(), [0xfb, 0xff], "{text}");
        }
        for text in ["+", "a b=", "ü"] {
            assert!(base64_bytes(text).is_none(), "{text}");
        }
    }
}
