//! The files of a server that works as COCOA's did: one for each UTC day of keys.

use std::collections::BTreeMap;

use gaen::DiagnosisKey;
use gaen::export::{ExportBuilder, ExportFile, PublicKey, Signer, TrustedKey, WriteError};
use serde::Serialize;

use crate::options::{DAY, Options};
use crate::random::{Purpose, Random};

/// A key that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PublishedKey {
    /// The number of the person whose key it is.
    pub person: usize,
    /// The key as it stands in the export.
    #[serde(flatten)]
    pub key: DiagnosisKey,
}

/// The region, and the id of the key that signs.
pub(crate) const REGION: &str = "440";
/// The version of the key that signs.
pub(crate) const VERSION: &str = "v1";

/// The public key of a world, by the name that the signatures give it.
pub(crate) fn trusted_key(public_key: &PublicKey) -> TrustedKey {
    TrustedKey::new(REGION, VERSION, public_key.clone())
}

/// The name of the file with the public key that verifies the exports of a world.
pub const PUBLIC_KEY_FILE: &str = "440-v1.pem";

/// The file of one UTC day of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimulatedExport {
    /// The day: its midnight, Unix seconds.
    pub day: u64,
    /// The signed file with the keys of the day.
    pub file: ExportFile,
}

/// The files of all keys in the order of days, and the public key of who signed them.
pub(crate) fn exports(
    keys: &[PublishedKey],
    options: &Options,
) -> Result<(Vec<SimulatedExport>, PublicKey), WriteError> {
    let mut random = Random::new(options.seed, Purpose::Exports, 0);
    let signer = [Signer::generate(REGION, VERSION, random.generator())];
    let mut days: BTreeMap<u64, Vec<DiagnosisKey>> = BTreeMap::new();
    for published in keys {
        let day = published.key.window.start().start_of_day().unix_seconds();
        days.entry(day).or_default().push(published.key);
    }
    let mut exports = Vec::new();
    for (day, keys) in days {
        let builder = ExportBuilder::new(REGION, day, day + DAY).keys(keys).pad_to(options.pad_to);
        let files = builder.build(&signer, random.generator())?;
        exports.extend(files.into_iter().map(|file| SimulatedExport { day, file }));
    }
    let [signer] = signer;
    Ok((exports, signer.public_key()))
}
