//! The HMAC by which a certificate names the keys that may be published with it.

use base64ct::{Base64, Encoding};
use hkdf::hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::secret::{SecretText, base64_bytes, secret_text};
use super::upload_key::{ExposureKey, joined};
use crate::keys::wipe::wiping_the_stack;

/// The secret of an upload: random bytes that the device makes, and shows only to the key server.
///
/// The verification server sees only the HMAC, so it learns nothing of the keys that it certifies.
///
/// The HMAC is made over `key.start.period.risk` of each key, in the order of the base64 texts of the keys, joined by
/// `,`. Where no key has a risk, the risk may be left out: then two texts are allowed.
///
/// Source: verification protocol of Google's key server, `CalculateAllAllowedExposureKeyHMAC`.
///
/// ```
/// use gaen::publish::HmacKey;
///
/// let key = HmacKey::generate(&mut rand::rng());
/// assert_eq!(format!("{key:?}"), "HmacKey(redacted)");
/// assert!(HmacKey::from_base64("c2hvcnQ=").is_err());
/// ```
pub struct HmacKey(pub(super) SecretText);

secret_text!(HmacKey);

impl HmacKey {
    const FEWEST_BYTES: usize = 16;

    /// Makes a secret of 32 bytes from your cryptographically secure generator.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Self(SecretText::new(Base64::encode_string(&*bytes)))
    }

    /// Reads a secret in the form of an upload: base64.
    ///
    /// # Errors
    /// [`HmacKeyError`] if the text is not base64, or has under 16 bytes.
    pub fn from_base64(text: &str) -> Result<Self, HmacKeyError> {
        let bytes = base64_bytes(text).ok_or(HmacKeyError::NotBase64)?;
        if bytes.len() < Self::FEWEST_BYTES {
            return Err(HmacKeyError::TooShort { found: bytes.len() });
        }
        Ok(Self(SecretText::new(text.to_owned())))
    }

    /// The secret in base64, for storing it until the upload. Never log it.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.expose()
    }

    /// `HMAC-SHA256(secret, text)` over the text with risks: what the device asks the verification server to certify.
    #[must_use]
    pub fn mac(&self, keys: &[ExposureKey]) -> KeyMac {
        self.over(&full_text(keys))
    }

    /// `true` if this is the HMAC of these keys, over either text. Compares in constant time.
    #[must_use]
    pub fn verifies(&self, keys: &[ExposureKey], mac: &KeyMac) -> bool {
        let short = short_text(keys).map(|text| self.over(&text).ct_eq(mac));
        (self.over(&full_text(keys)).ct_eq(mac) | short.unwrap_or(Choice::from(0))).into()
    }

    fn over(&self, text: &str) -> KeyMac {
        let mut mac = KeyMac([0; 32]);
        let secret = base64_bytes(self.0.expose()).unwrap_or_default(); // read when this was made
        wiping_the_stack(|| {
            // A key of any length will do.
            if let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(&secret) {
                hmac.update(text.as_bytes());
                mac.0 = hmac.finalize().into_bytes().into();
            }
        });
        mac
    }
}

/// With the transmission risk of each key.
fn full_text(keys: &[ExposureKey]) -> Zeroizing<String> {
    joined(keys, |key| Some(key.transmission_risk))
}

/// Without risks. `None` if a key has one.
fn short_text(keys: &[ExposureKey]) -> Option<Zeroizing<String>> {
    keys.iter().all(|key| key.transmission_risk == 0).then(|| joined(keys, |_| None))
}

/// Why a text is not the secret of an upload. The error shows nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HmacKeyError {
    /// The text is not base64.
    #[error("the HMAC key is not base64")]
    NotBase64,
    /// The secret is so short that somebody could guess it.
    #[error("the HMAC key has {found} bytes; it needs at least 16")]
    TooShort {
        /// The number of bytes of the secret.
        found: usize,
    },
}

/// `tekmac`: the HMAC of the keys that a certificate allows to be published. It is not secret.
#[doc(alias = "tekmac")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyMac([u8; 32]);

impl KeyMac {
    /// Makes the HMAC of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Writes the HMAC as certificates have it: base64 with padding.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads the HMAC of a certificate. `None` unless the text is base64 of 32 bytes.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        base64_bytes(text)?.as_slice().try_into().ok().map(Self)
    }
}

impl ConstantTimeEq for KeyMac {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(json: &str) -> Vec<ExposureKey> {
        serde_json::from_str(json).unwrap()
    }

    fn secret() -> HmacKey {
        HmacKey::from_base64("AQIDBAUGBwgJCgsMDQ4PEA==").unwrap()
    }

    /// The published answer, recomputed with Python's `hmac`.
    #[test]
    fn the_published_answer() {
        let keys = keys(
            r#"[{"key":"z2Cx9hdz2SlxZ8GEgqTYpA==","rollingStartNumber":1,"rollingPeriod":144,"transmissionRisk":3},
                {"key":"dPCphLzfG4uzXneNimkPRQ==","rollingStartNumber":144,"rollingPeriod":144,"transmissionRisk":5}]"#,
        );
        assert_eq!(*full_text(&keys), "dPCphLzfG4uzXneNimkPRQ==.144.144.5,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144.3");
        assert!(short_text(&keys).is_none(), "a risk is set");
        let mac = secret().mac(&keys);
        assert_eq!(mac.to_base64(), "2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY=");
        assert!(secret().verifies(&keys, &mac) && KeyMac::from_base64(&mac.to_base64()) == Some(mac));
        assert!(!HmacKey::from_base64("AQIDBAUGBwgJCgsMDQ4PEQ==").unwrap().verifies(&keys, &mac));
    }

    /// Both answers by Python's `hmac`.
    #[test]
    fn without_a_risk_there_are_two_texts() {
        let bare = keys(
            r#"[{"key":"z2Cx9hdz2SlxZ8GEgqTYpA==","rollingStartNumber":1,"rollingPeriod":144},
                {"key":"dPCphLzfG4uzXneNimkPRQ==","rollingStartNumber":144,"rollingPeriod":70,"transmissionRisk":0}]"#,
        );
        assert_eq!(*full_text(&bare), "dPCphLzfG4uzXneNimkPRQ==.144.70.0,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144.0");
        assert_eq!(*short_text(&bare).unwrap(), "dPCphLzfG4uzXneNimkPRQ==.144.70,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144");
        let [full, short] =
            ["omTjep2tgc3QzdE604v9VIq2cmpClitB2FW1eeSPdyE=", "OXfrzf1k27fP8LeWcM16yLwS1beqL+KceI7S7EC9m0c="];
        for mac in [full, short].map(|mac| KeyMac::from_base64(mac).unwrap()) {
            assert!(secret().verifies(&bare, &mac));
        }
        assert!(!secret().verifies(&bare[..1], &secret().mac(&bare)), "a key was left out");
    }

    #[test]
    fn a_secret_has_sixteen_bytes_and_is_not_shown() {
        assert_eq!(HmacKey::from_base64("AQIDBAUGBwgJCgsMDQ4P"), Err(HmacKeyError::TooShort { found: 15 }));
        assert_eq!(HmacKey::from_base64("?"), Err(HmacKeyError::NotBase64));
        assert!(secret() == HmacKey::from_base64("AQIDBAUGBwgJCgsMDQ4PEA==").unwrap());
        assert_eq!(format!("{:?}", secret()), "HmacKey(redacted)");
    }
}
