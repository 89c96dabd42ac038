//! Keys, the identifiers derived from them, and the encrypted metadata beside each identifier.
//!
//! ```
//! use gaen::keys::BluetoothMetadata;
//! use gaen::{EnIntervalNumber, TemporaryExposureKey};
//!
//! let key = TemporaryExposureKey::from_bytes([7; 16]);
//! let identifier = key.identifier_key().identifier(EnIntervalNumber::new(2_642_976));
//! let metadata = BluetoothMetadata::v1_0(-8);
//! let encrypted = key.metadata_key().encrypt(&identifier, metadata);
//! assert_eq!(key.metadata_key().decrypt(&identifier, encrypted), metadata);
//! ```
//!
//! This path derives one key at a time, as the specification reads. Published keys take a path of their own
//! (`derivation::expand_published`, `published`). That path wipes nothing, and a test holds it against this one.

pub(crate) mod derivation;
mod diagnosis_key;
mod identifier;
mod metadata;
pub(crate) mod published;
mod secret;
pub(crate) mod sha256;
pub(crate) mod wipe;
#[cfg(test)]
pub(crate) mod wycheproof;

pub use diagnosis_key::{
    DaysSinceOnset, DiagnosisKey, KeyData, OutOfRange, ReportType, TransmissionRiskLevel, VariantOfConcern,
};
pub use identifier::RollingProximityIdentifier;
pub use metadata::{AssociatedEncryptedMetadata, BluetoothMetadata, CalibrationConfidence};
pub use secret::{AssociatedEncryptedMetadataKey, RollingProximityIdentifierKey, TemporaryExposureKey};

/// The text is not a value of this length in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} bytes as {} hexadecimal digits, found {found} bytes of text", expected * 2)]
pub struct HexError {
    /// How many bytes a value of the type has.
    pub expected: usize,
    /// How many bytes the text has, two for each byte of a value.
    pub found: usize,
}

/// Reads exactly `N` bytes of hexadecimal, upper or lower case.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let mut bytes = [0; N];
    from_hex_into(text, &mut bytes).map(|()| bytes)
}

/// Reads exactly `N` bytes of hexadecimal into the place where the bytes are to stay. After an error `out` may hold
/// anything.
pub(crate) fn from_hex_into<const N: usize>(text: &str, bytes: &mut [u8; N]) -> Result<(), HexError> {
    match base16ct::mixed::decode(text, bytes) {
        Ok(decoded) if decoded.len() == N => Ok(()),
        _ => Err(HexError { expected: N, found: text.len() }),
    }
}

/// The conversions of public values of fixed length: bytes, hexadecimal text, serde. Secrets have no such conversion,
/// so that whoever wants their bytes names them.
macro_rules! public_bytes {
    ($name:ident, $len:literal) => {
        impl $name {
            /// Makes the value of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes of the value.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut digits = [0; $len * 2];
                f.pad(base16ct::lower::encode_str(&self.0, &mut digits).map_err(|_| core::fmt::Error)?)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl core::str::FromStr for $name {
            type Err = crate::keys::HexError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::keys::from_hex(text).map(Self)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::keys::hex_serde::deserialize(deserializer).map(Self)
            }
        }
    };
}
pub(crate) use public_bytes;

/// Fixed-length bytes as hexadecimal text in serde formats.
#[cfg(feature = "serde")]
pub(crate) mod hex_serde {
    use core::fmt;

    struct HexVisitor<const N: usize>;

    impl<const N: usize> serde::de::Visitor<'_> for HexVisitor<N> {
        type Value = [u8; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} hexadecimal digits", N * 2)
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            super::from_hex(text).map_err(E::custom)
        }
    }

    pub(crate) fn deserialize<'de, const N: usize, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        deserializer.deserialize_str(HexVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyData, RollingProximityIdentifier};

    #[test]
    fn what_is_published_is_shown_and_read_as_hexadecimal() {
        let text = "75c734c6dd1a782de7a965da5eb93125";
        let key: KeyData = text.to_uppercase().parse().unwrap();
        assert_eq!(KeyData::from(*key.as_bytes()), key);
        assert_eq!(std::format!("{key}, {key:?}, {key:.8}"), std::format!("{text}, KeyData({text}), 75c734c6"));
        assert!(text[1..].parse::<KeyData>().unwrap_err().to_string().contains("found 31 bytes of text"));
        #[cfg(feature = "serde")]
        assert_eq!(serde_json::from_str::<KeyData>(&serde_json::to_string(&key).unwrap()).unwrap(), key);
    }

    #[test]
    fn what_is_broadcast_is_shown_and_read_as_hexadecimal() {
        let text = "8be6cd371c5c891604bfbe49df845096";
        let identifier: RollingProximityIdentifier = text.parse().unwrap();
        assert_eq!(std::format!("{identifier:?}"), std::format!("RollingProximityIdentifier({text})"));
        #[cfg(feature = "serde")]
        for (json, expected) in [("7", "expected 32 hexadecimal digits"), (r#""8be6""#, "found 4 bytes of text")] {
            let error = serde_json::from_str::<RollingProximityIdentifier>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
