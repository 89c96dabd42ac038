//! Diagnosis-key export files: reading, verifying, writing.
//!
//! ```
//! use gaen::export::{ExportBuilder, ReadOptions, Signer, Trust, UnverifiedExport};
//! use gaen::time::RollingPeriod;
//! use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
//!
//! // The server's side.
//! let mut rng = rand::rng();
//! let signer = Signer::generate("440", "v1", &mut rng);
//! let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY)?;
//! let key = DiagnosisKey::new([7; 16], window);
//! let files = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).keys([key]).build([&signer], &mut rng)?;
//!
//! // The phone's side.
//! let trust = Trust::new(signer.trusted_key());
//! let export = UnverifiedExport::from_zip(&files[0].zip, &ReadOptions::default())?.verify(&trust)?;
//! assert_eq!(export.keys(), [key]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! zip bytes -> UnverifiedExport -> verify(&trust) -> VerifiedExport -> DiagnosisKeys
//! ```
//!
//! A file is a zip with `export.bin` (a header, then one protobuf message) and `export.sig` (signatures over every byte
//! of `export.bin`). Only a [`VerifiedExport`] hands out keys as trusted. It was parsed from the very bytes that the
//! signature covers.
//!
//! Source: "Exposure Key export file format and verification".
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used))]

mod batch;
pub(crate) mod container;
pub(crate) mod error;
mod fields;
mod inspect;
mod key_file;
mod keys;
mod message;
mod meter;
mod options;
mod pack;
mod proto;
mod raw_key;
mod read;
mod signature;
mod statistics;
mod stream;
mod trust;
mod write;
#[cfg(test)]
mod wycheproof;

pub use batch::{BatchError, BatchSet};
pub use container::ZipEntry;
pub use error::ExportError;
pub use inspect::{ExportBinReport, FileReport, SignatureEntry, SignatureReport, inspect};
pub use key_file::{KeyError, KeyNote, MAX_KEY_FILE_BYTES, ReadKey};
pub use keys::{IgnoredValue, SkipReason};
pub use message::{Batch, FileFacts, SignatureInfo, TemporaryExposureKeyExport};
pub use options::{ContainerRule, Limits, ReadOptions};
pub use read::{UnverifiedExport, VerifiedExport};
pub use signature::{SignatureAlgorithm, TekSignature, read_signatures};
pub use statistics::{Histogram, KeyReport, KeyStatistics};
pub use stream::{ExportSummary, Progress, export_bin_sha256, signatures_of_zip};
pub use trust::{PublicKey, Trust, TrustSet, TrustedKey};
pub use write::{ExportBuilder, ExportFile, Signer, WriteError, stored_zip_of, zip_of};

pub(crate) use container::ReadSeek;
pub(crate) use signature::known_answer as signature_known_answer;
pub(crate) use stream::{Passed, Streamed, stream};

/// The 16 bytes that every `export.bin` starts with.
pub const HEADER: &[u8; 16] = b"EK Export v1    ";

/// The name of the signed entry.
pub const EXPORT_BIN: &str = "export.bin";

/// The name of the entry with the signatures.
pub const EXPORT_SIG: &str = "export.sig";

/// Writes bytes as lower-case hexadecimal text.
fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}
