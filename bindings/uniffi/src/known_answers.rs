//! Whether this build computes what all phones compute, and what a published key says.

use std::collections::HashMap;

use crate::error::GaenError;
use crate::values::{Bytes, number};

/// Computes known answers anew, and counts them by the name of who vouches for them. Call it when an app starts.
///
/// Fails with `self_test`, and names the step whose result is not the known one. Such a build must not be used.
#[uniffi::export]
pub fn self_test() -> Result<HashMap<String, i64>, GaenError> {
    Ok(gaen_app::self_test()?.into_iter().map(|(by, count)| (by.to_owned(), number(count))).collect())
}

/// Answers one request of the conformance kit, as `gaen self-test --answer` does. Request and answer are JSON, a line each.
///
/// Fails with `request`, and says what is wrong with it.
#[uniffi::export]
pub fn kit_answer(request: String) -> Result<String, GaenError> {
    Ok(gaen_app::kit_answer(&request)?)
}

/// Returns the identifiers of a **published** key, 16 bytes each, one for each of the `period` intervals from `start` on.
///
/// Fails with `window` if `start` and `period` are no window of a key: a period is 1 to 144.
#[uniffi::export]
pub fn published_identifiers(key: Bytes, start: i64, period: i64) -> Result<Vec<Bytes>, GaenError> {
    let identifiers = gaen_app::published_identifiers(key.exactly("the key")?, start, period)?;
    Ok(identifiers.as_chunks::<16>().0.iter().map(|identifier| Bytes(identifier.to_vec())).collect())
}

/// Returns the metadata that a device sent with an identifier of its **published** key: version, transmit power in dBm as a
/// signed byte, and two reserved bytes.
#[uniffi::export]
pub fn published_metadata(key: Bytes, identifier: Bytes, encrypted: Bytes) -> Result<Bytes, GaenError> {
    let (key, identifier) = (key.exactly("the key")?, identifier.exactly("the identifier")?);
    let encrypted = encrypted.exactly("the encrypted metadata")?;
    Ok(Bytes(gaen_app::published_metadata(key, identifier, encrypted).to_vec()))
}

/// Says for each pair of two columns of intervals whether they are at most `within` intervals apart.
///
/// Fails with `column_length` if the columns do not have the same number of rows.
#[uniffi::export]
pub fn near_intervals(a: Vec<i64>, b: Vec<i64>, within: u32) -> Result<Vec<bool>, GaenError> {
    Ok(gaen_app::near(&a, &b, within)?)
}
