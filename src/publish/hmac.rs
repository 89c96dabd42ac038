//! The HMAC by which a certificate names the keys that may be published with it.

use base64ct::{Base64, Encoding};
use hkdf::hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

use super::secret::{SecretText, base64_bytes, secret_text};
use super::upload_key::ExposureKey;
use crate::keys::wipe::wiping_the_stack;

/// The two texts that an HMAC of keys may be made over.
///
/// The keys stand in the order of their base64 texts, joined by `,`. A key is `key.start.period.risk`, and the risk may be
/// left out where no key has one. The texts hold the keys: they are wiped when dropped.
///
/// Source: verification protocol of Google's key server, `CalculateAllAllowedExposureKeyHMAC`.
pub struct HmacTexts {
    /// With the transmission risk of each key.
    pub full: Zeroizing<String>,
    /// Without; `None` where a key has a transmission risk.
    pub short: Option<Zeroizing<String>>,
}

impl HmacTexts {
    /// The texts of these keys, in whatever order they come.
    #[must_use]
    pub fn of(keys: &[ExposureKey]) -> Self {
        let mut sorted: Vec<_> = keys.iter().collect();
        sorted.sort_by_key(|key| key.key.expose());
        let text = |with_risk: bool| {
            let room = sorted.iter().map(|key| key.key.expose().len().saturating_add(48)).sum();
            let mut text = Zeroizing::new(String::with_capacity(room));
            for key in &sorted {
                let (start, period) = (key.rolling_start_number.to_string(), key.rolling_period.to_string());
                let comma = if text.is_empty() { "" } else { "," };
                text.extend([comma, key.key.expose(), ".", &start, ".", &period]);
                if with_risk {
                    text.extend([".", &key.transmission_risk.to_string()]);
                }
            }
            text
        };
        let is_bare = sorted.iter().all(|key| key.transmission_risk == 0);
        Self { full: text(true), short: is_bare.then(|| text(false)) }
    }
}

impl core::fmt::Debug for HmacTexts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacTexts(redacted)")
    }
}

/// The secret of an upload: random bytes that the device makes, and shows only to the key server.
///
/// The verification server sees the HMAC alone, so it learns nothing of the keys that it certifies.
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
    /// The fewest bytes that a secret may have.
    pub const FEWEST_BYTES: usize = 16;

    /// 32 bytes from a cryptographically secure generator of the caller's.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *bytes);
        Self(SecretText::new(Base64::encode_string(&*bytes)))
    }

    /// Reads a secret as it stands in an upload.
    ///
    /// # Errors
    /// [`HmacKeyError`] when it is no base64, or has under 16 bytes.
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

    /// `HMAC-SHA256(secret, text)` over [`HmacTexts::full`]: what the device asks the verification server to certify.
    #[must_use]
    pub fn mac(&self, keys: &[ExposureKey]) -> KeyMac {
        self.over(&HmacTexts::of(keys).full)
    }

    /// `true` if this is the HMAC of these keys, over either text. Compares in constant time.
    #[must_use]
    pub fn verifies(&self, keys: &[ExposureKey], mac: &KeyMac) -> bool {
        let texts = HmacTexts::of(keys);
        let short = texts.short.map(|text| self.over(&text).ct_eq(mac));
        (self.over(&texts.full).ct_eq(mac) | short.unwrap_or(Choice::from(0))).into()
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

/// Why a text is not the secret of an upload. The error shows nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HmacKeyError {
    /// The text is not base64.
    #[error("the HMAC key is not base64")]
    NotBase64,
    /// The secret could be guessed.
    #[error("the HMAC key has {found} bytes; it needs at least 16")]
    TooShort {
        /// Bytes in the text.
        found: usize,
    },
}

/// `tekmac`: the HMAC of the keys that a certificate allows to be published. Not secret.
#[doc(alias = "tekmac")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Zeroize)]
pub struct KeyMac([u8; 32]);

impl KeyMac {
    /// The HMAC of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The HMAC as certificates have it: base64 with padding.
    #[must_use]
    pub fn to_base64(&self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads the claim of a certificate. `None` unless it is base64 of 32 bytes.
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
        let texts = HmacTexts::of(&keys);
        assert_eq!(*texts.full, "dPCphLzfG4uzXneNimkPRQ==.144.144.5,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144.3");
        assert!(texts.short.is_none(), "a risk is set");
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
        let texts = HmacTexts::of(&bare);
        assert_eq!(*texts.full, "dPCphLzfG4uzXneNimkPRQ==.144.70.0,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144.0");
        assert_eq!(*texts.short.unwrap(), "dPCphLzfG4uzXneNimkPRQ==.144.70,z2Cx9hdz2SlxZ8GEgqTYpA==.1.144");
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
