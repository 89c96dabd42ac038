//! Whether this build computes what all phones compute, and what a published key says.

use gaen::self_test::KnownAnswers;
use gaen::time::RollingPeriod;
use gaen::{EnIntervalNumber, RollingProximityIdentifier, RollingWindow, TemporaryExposureKey};
use gaen_report::kit;

use crate::error::{Error, ErrorKind};

/// Computes known answers anew, and counts them by the name of who vouches for them. Call it when an app starts.
///
/// ```
/// let answers = gaen_app::self_test()?;
/// assert!(answers.iter().any(|(by, count)| *by == "official_vectors" && *count > 0));
/// # Ok::<(), gaen_app::Error>(())
/// ```
///
/// # Errors
/// `self_test`, with the step whose result is not the known one. Such a build must not be used.
pub fn self_test() -> Result<Vec<(&'static str, u32)>, Error> {
    let wrong = |error: gaen::self_test::SelfTestError| Error::new(ErrorKind::Build, "self_test", error.to_string());
    let KnownAnswers { official_vectors, another_tool, google_code, apple_code, documents, ours, .. } =
        gaen::self_test().map_err(wrong)?;
    Ok(vec![
        ("official_vectors", official_vectors),
        ("another_tool", another_tool),
        ("google_code", google_code),
        ("apple_code", apple_code),
        ("documents", documents),
        ("ours", ours),
    ])
}

/// Answers one request of the conformance kit, as `gaen self-test --answer` does. Request and answer are JSON, a line
/// each.
///
/// # Errors
/// `request`, with what is wrong with it.
pub fn kit_answer(request: &str) -> Result<String, Error> {
    let wrong = |why: String| Error::new(ErrorKind::Document, "request", why);
    let request = serde_json::from_str(request).map_err(|error| wrong(error.to_string()))?;
    Ok(kit::answer(&request).map_err(wrong)?.to_string())
}

/// The identifiers of a **published** key, 16 bytes each, one for each of the `period` intervals from `start` on.
///
/// Do not take it for a device's own key, which never leaves its key ring.
///
/// # Errors
/// `window` if `start` and `period` are no window of a key: a period is 1 to 144.
pub fn published_identifiers(key: [u8; 16], start: i64, period: i64) -> Result<Vec<u8>, Error> {
    let window = window(start, period)?;
    let mut identifiers = vec![RollingProximityIdentifier::from_bytes([0; 16]); window.period().as_u32() as usize];
    TemporaryExposureKey::from_bytes(key).identifier_key().identifiers(window.start(), &mut identifiers);
    Ok(identifiers.iter().flat_map(|identifier| *identifier.as_bytes()).collect())
}

/// The metadata that a device sent with an identifier of its **published** key: version, transmit power in dBm as a
/// signed byte, and two reserved bytes.
#[must_use]
pub fn published_metadata(key: [u8; 16], identifier: [u8; 16], encrypted: [u8; 4]) -> [u8; 4] {
    let identifier = RollingProximityIdentifier::from_bytes(identifier);
    *TemporaryExposureKey::from_bytes(key).metadata_key().decrypt(&identifier, encrypted.into()).as_bytes()
}

fn window(start: i64, period: i64) -> Result<RollingWindow, Error> {
    let wrong = |why: String| Error::new(ErrorKind::Key, "window", why);
    let start = u32::try_from(start).map_err(|_| wrong(format!("the start {start} is no interval number")))?;
    let period = u32::try_from(period).map_err(|_| wrong(format!("the period {period}; it is 1 to 144")))?;
    let period = RollingPeriod::new(period).map_err(|error| wrong(error.to_string()))?;
    RollingWindow::new(EnIntervalNumber::new(start), period).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn bytes<const N: usize>(hex: &Value) -> [u8; N] {
        base16ct::lower::decode_vec(hex.as_str().unwrap()).unwrap().try_into().unwrap()
    }

    #[test]
    fn published_keys_give_the_official_vectors() {
        let vectors: Value = serde_json::from_str(include_str!("../../../test-vectors/gaen-v1.2.json")).unwrap();
        let (key, start) = (bytes(&vectors["tek"]), vectors["start"].as_i64().unwrap());
        let identifiers = published_identifiers(key, start, 144).unwrap();
        let (rpis, aems) = (vectors["rpis"].as_array().unwrap(), vectors["aems"].as_array().unwrap());
        assert_eq!((identifiers.len(), rpis.len(), aems.len()), (144 * 16, 144, 144));
        for ((found, rpi), aem) in identifiers.as_chunks::<16>().0.iter().zip(rpis).zip(aems) {
            assert_eq!(*found, bytes::<16>(rpi));
            assert_eq!(published_metadata(key, *found, bytes(aem)), bytes::<4>(&vectors["metadata"]));
        }
        for (start, period) in [(start, 145), (start, 0), (-1, 1), (start, -1), (i64::from(u32::MAX), 2)] {
            assert_eq!(published_identifiers(key, start, period).unwrap_err().code(), "window", "{start} {period}");
        }
    }

    #[test]
    fn known_answers_are_right_and_a_request_that_is_none_says_so() {
        assert!(self_test().unwrap().iter().all(|(_, count)| *count > 0));
        assert_eq!(kit_answer("{}").unwrap_err().to_string(), "format null: only format 2 is known");
        assert_eq!(kit_answer("").unwrap_err().code(), "request");
    }
}
