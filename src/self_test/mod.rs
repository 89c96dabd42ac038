//! Known answers, to be checked when an app starts.

#[cfg(feature = "exposure")]
mod exposures;

use crate::keys::derivation::{AEMK_INFO, RPIK_INFO, expand_published};
use crate::keys::published::{PublishedIdentifiers, PublishedMetadata};
use crate::keys::{BluetoothMetadata, RollingProximityIdentifier, TemporaryExposureKey};
use crate::time::EnIntervalNumber;

const TEK: &str = "75c734c6dd1a782de7a965da5eb93125";
const START: u32 = 2_642_976;
const RPIK: &str = "185ad91db69ec7dd048960f1f3ba6175";
const AEMK: &str = "d57c46af7a1d83965b9bed8bd152936a";
const METADATA: &str = "40080000";
/// Position in the day, identifier, encrypted metadata: the first and the last of the official vectors.
const BROADCASTS: [(u32, &str, &str); 2] =
    [(0, "8be6cd371c5c891604bfbe49df845096", "72033874"), (143, "f431b62ecf443102ce4ed0407de54bd4", "1215e57e")];

/// How many known answers came out, by whose word each is.
///
/// Without the features `export` and `exposure` there are fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct KnownAnswers {
    /// The official test vectors of GAEN v1.2: keys, identifiers and metadata.
    pub official_vectors: u32,
    /// Signatures that another tool made.
    pub another_tool: u32,
    /// What Google's published snapshot of 2021-03-18 gives.
    pub google_code: u32,
    /// What Apple's published snippets of 2020-07-23 give.
    pub apple_code: u32,
    /// What the vendors' API documents say.
    pub documents: u32,
    /// What this library does on purpose where the platforms do not.
    pub ours: u32,
}

/// Computes known answers anew.
///
/// An app calls this once when it starts, to learn that its build derives what all other phones derive. With the
/// `export` feature it also checks that a good signature verifies and a bad one does not. With the `exposure` feature
/// it also checks what the platforms make of some sightings.
///
/// ```
/// let answers = gaen::self_test()?;
/// assert!(answers.official_vectors > 0);
/// # Ok::<(), gaen::self_test::SelfTestError>(())
/// ```
///
/// # Errors
/// [`SelfTestError`] names the first step whose result is not the known one.
pub fn self_test() -> Result<KnownAnswers, SelfTestError> {
    let mut answers = KnownAnswers::default();
    derivation(&mut answers.official_vectors)?;
    #[cfg(feature = "export")]
    check(&mut answers.another_tool, "ECDSA P-256 signature", crate::export::signature_known_answer())?;
    #[cfg(feature = "exposure")]
    exposures::run(&mut answers)?;
    Ok(answers)
}

fn derivation(count: &mut u32) -> Result<(), SelfTestError> {
    let mut check = |step, holds| check(count, step, holds);
    let key = TemporaryExposureKey::from_bytes(bytes(TEK)?);
    let (rpik, aemk) = (bytes(RPIK)?, bytes(AEMK)?);
    check("RPIK", *key.identifier_key().expose_secret() == rpik)?;
    check("AEMK", *key.metadata_key().expose_secret() == aemk)?;
    check("RPIK of a published key", expand_published(key.expose_secret(), RPIK_INFO) == rpik)?;
    check("AEMK of a published key", expand_published(key.expose_secret(), AEMK_INFO) == aemk)?;

    let mut day = [RollingProximityIdentifier::from_bytes([0; 16]); 144];
    key.identifier_key().identifiers(EnIntervalNumber::new(START), &mut day);
    let metadata = BluetoothMetadata::from_bytes(bytes(METADATA)?);
    for (offset, rpi, aem) in BROADCASTS {
        let rpi = RollingProximityIdentifier::from_bytes(bytes(rpi)?);
        let interval = EnIntervalNumber::new(START + offset);
        check("RPI", key.identifier_key().identifier(interval) == rpi)?;
        let published = PublishedIdentifiers::new(key.expose_secret());
        check("RPI of a published key", published.identifier(interval) == rpi)?;
        check("RPI of a whole day", day.get(offset as usize) == Some(&rpi))?;
        check("interval of an RPI", key.identifier_key().interval_of(&rpi) == Some(interval))?;
        let encrypted = key.metadata_key().encrypt(&rpi, metadata);
        check("AEM", *encrypted.as_bytes() == bytes::<4>(aem)?)?;
        check("metadata", key.metadata_key().decrypt(&rpi, encrypted) == metadata)?;
        let published = PublishedMetadata::new(key.expose_secret());
        check("metadata of a published key", published.decrypt(&rpi, encrypted) == metadata)?;
    }
    Ok(())
}

fn bytes<const N: usize>(hex: &str) -> Result<[u8; N], SelfTestError> {
    crate::keys::from_hex(hex).map_err(|_| SelfTestError { step: "reading the known answers" })
}

/// Counts an answer that holds.
fn check(count: &mut u32, step: &'static str, holds: bool) -> Result<(), SelfTestError> {
    if !holds {
        return Err(SelfTestError { step });
    }
    *count = count.saturating_add(1);
    Ok(())
}

/// A step of the [`self_test`] gave another result than the known one: this build must not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("self-test failed: {step} is not the known answer")]
pub struct SelfTestError {
    /// What was computed.
    pub step: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_is_named() {
        let mut count = 0;
        assert_eq!(check(&mut count, "RPIK", true), Ok(()));
        let error = check(&mut count, "RPIK", false).unwrap_err();
        assert_eq!(count, 1);
        assert_eq!(error, SelfTestError { step: "RPIK" });
        assert_eq!(error.to_string(), "self-test failed: RPIK is not the known answer");
    }

    #[cfg(feature = "export")]
    #[test]
    fn a_signature_made_elsewhere_verifies_and_only_over_its_message() {
        assert!(crate::export::signature_known_answer());
    }
}
