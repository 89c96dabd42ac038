//! From bytes to a file that you can trust.

use core::fmt;
use std::io::Cursor;

use bytes::Bytes;

use super::HEADER;
use super::container::Container;
use super::error::ExportError;
use super::fields::check_header;
use super::message::TemporaryExposureKeyExport;
use super::options::ReadOptions;
use super::signature::{self, Hashes, TekSignature};
use super::trust::Trust;
use crate::keys::DiagnosisKey;

/// An export file whose signatures have not been checked.
///
/// You get the keys by [`verify`](Self::verify). A tool that has to look into a file without verifying it calls
/// [`read_without_verifying`](Self::read_without_verifying).
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gaen::export::{ReadOptions, Trust, TrustedKey, UnverifiedExport};
///
/// let trust = Trust::new(TrustedKey::new("440", "v1", std::fs::read_to_string("440-v1.pem")?.parse()?));
/// let zip = std::fs::read("1.zip")?;
/// let export = UnverifiedExport::from_zip(&zip, &ReadOptions::default())?.verify(&trust)?;
/// println!("{} keys", export.keys().len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct UnverifiedExport {
    export_bin: Bytes,
    hashes: Hashes,
    signatures: Vec<TekSignature>,
    options: ReadOptions,
}

impl UnverifiedExport {
    /// Opens an export file that is a zip.
    ///
    /// # Errors
    /// [`ExportError`] for anything wrong with the container, the header of `export.bin` or the form of `export.sig`.
    pub fn from_zip(zip: &[u8], options: &ReadOptions) -> Result<Self, ExportError> {
        let entries = Container::open(&mut Cursor::new(zip), options)?.entries()?;
        Self::from_parts(entries.export_bin, entries.export_sig, options)
    }

    /// Opens a zip, or a bare `export.bin`, which is unsigned. For tools that take whatever they are given.
    ///
    /// # Errors
    /// The errors of [`from_zip`](Self::from_zip).
    pub fn from_file(file: &[u8], options: &ReadOptions) -> Result<Self, ExportError> {
        if file.starts_with(HEADER) {
            Self::from_parts(file.to_vec(), Vec::new(), options)
        } else {
            Self::from_zip(file, options)
        }
    }

    /// Takes the two entries themselves, whatever container they came in. With an empty `export_sig` the file is
    /// unsigned.
    ///
    /// # Errors
    /// The errors of [`from_zip`](Self::from_zip), except for errors of the container.
    pub fn from_parts(export_bin: Vec<u8>, export_sig: Vec<u8>, options: &ReadOptions) -> Result<Self, ExportError> {
        let sizes = [
            (export_bin.len() as u64, options.limits.export_bin_bytes, super::EXPORT_BIN),
            (export_sig.len() as u64, options.limits.export_sig_bytes, super::EXPORT_SIG),
        ];
        if let Some((found, limit, name)) = sizes.into_iter().find(|(found, limit, _)| found > limit) {
            return Err(ExportError::EntryTooLarge { name, found, limit });
        }
        check_header(&export_bin)?;
        let signatures = signature::parse_list(export_sig, &options.limits)?;
        let hashes = Hashes::of(&export_bin, &signatures);
        Ok(Self { export_bin: export_bin.into(), hashes, signatures, options: options.clone() })
    }

    /// Verifies the signatures over the bytes of `export.bin`, and then parses the same bytes.
    ///
    /// # Errors
    /// [`ExportError`]. Faults of the signatures come before faults of the message.
    pub fn verify(&self, trust: &Trust) -> Result<VerifiedExport, ExportError> {
        let set = signature::verify(&self.hashes, &self.signatures, trust)?;
        let contents = TemporaryExposureKeyExport::parse(&self.export_bin, &self.options)?;
        signature::check_count(self.signatures.len(), contents.signature_infos.len(), self.options.profile)?;
        Ok(VerifiedExport { contents, verified_by: set.names(), export_sha256: self.hashes.sha256 })
    }

    /// Returns the same `export.bin` with the signatures of another `export.sig`. It is not hashed again, unless the
    /// signatures ask for another hash.
    ///
    /// # Errors
    /// [`ExportError`] if `export_sig` is over a limit or malformed.
    pub fn with_signatures(&self, export_sig: &[u8]) -> Result<Self, ExportError> {
        let signatures = signature::read_signatures(export_sig, &self.options.limits)?;
        let hashes = match self.hashes.are_enough_for(&signatures) {
            true => self.hashes.clone(),
            false => Hashes::of(&self.export_bin, &signatures),
        };
        Ok(Self { signatures, hashes, ..self.clone() })
    }

    /// Checks the signatures alone, and parses nothing: tells which `export.sig` belongs to an `export.bin`.
    ///
    /// # Errors
    /// [`ExportError`] if no trusted keys signed these bytes.
    pub fn check_signatures(&self, trust: &Trust) -> Result<(), ExportError> {
        signature::verify(&self.hashes, &self.signatures, trust).map(drop)
    }

    /// Parses the contents of a file that anyone may have written. This is for tools and tests.
    ///
    /// # Errors
    /// [`ExportError`] if the message is malformed.
    pub fn read_without_verifying(&self) -> Result<TemporaryExposureKeyExport, ExportError> {
        TemporaryExposureKeyExport::parse(&self.export_bin, &self.options)
    }

    /// Returns SHA-256 of `export.bin` with its header. The hash identifies a file, and iOS logs it.
    #[must_use]
    pub fn export_sha256(&self) -> [u8; 32] {
        self.hashes.sha256
    }

    /// Returns the signatures as they stand in `export.sig`.
    #[must_use]
    pub fn signatures(&self) -> &[TekSignature] {
        &self.signatures
    }

    /// Returns the bytes of `export.bin`.
    #[must_use]
    pub fn export_bin(&self) -> &[u8] {
        &self.export_bin
    }
}

impl fmt::Debug for UnverifiedExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedExport")
            .field("export_bin_len", &self.export_bin.len())
            .field("signatures", &self.signatures.len())
            .finish_non_exhaustive()
    }
}

/// An export file whose signatures were verified, over the bytes that the contents were parsed from.
///
/// Only [`UnverifiedExport::verify`] and [`BatchSet`](super::BatchSet) return a `VerifiedExport`.
///
/// ```
/// # use gaen::export::{ExportBuilder, Signer};
/// # use gaen::time::RollingPeriod;
/// # use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
/// use gaen::export::{ReadOptions, Trust, UnverifiedExport, VerifiedExport};
///
/// # let mut rng = rand::rng();
/// # let signer = Signer::generate("440", "v1", &mut rng);
/// # let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY)?;
/// # let builder = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).keys([DiagnosisKey::new([7; 16], window)]);
/// # let zip = builder.build([&signer], &mut rng)?.remove(0).zip;
/// # let trust = Trust::new(signer.trusted_key());
/// let export: VerifiedExport = UnverifiedExport::from_zip(&zip, &ReadOptions::default())?.verify(&trust)?;
/// assert_eq!(export.keys().len(), 1);
/// assert_eq!(export.verified_by(), ["440-v1"]);
/// assert_eq!(export.contents().facts.region.as_deref(), Some("440"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedExport {
    contents: TemporaryExposureKeyExport,
    verified_by: Vec<String>,
    export_sha256: [u8; 32],
}

impl VerifiedExport {
    /// Returns the keys of the file.
    #[must_use]
    pub fn keys(&self) -> &[DiagnosisKey] {
        &self.contents.keys
    }

    /// Returns everything that the file says.
    #[must_use]
    pub fn contents(&self) -> &TemporaryExposureKeyExport {
        &self.contents
    }

    /// Returns everything that the file says, as a value to keep.
    #[must_use]
    pub fn into_contents(self) -> TemporaryExposureKeyExport {
        self.contents
    }

    /// Returns the names (`id-version`) of the trusted keys that signed.
    #[must_use]
    pub fn verified_by(&self) -> &[String] {
        &self.verified_by
    }

    /// Returns SHA-256 of `export.bin` with its header.
    #[must_use]
    pub fn export_sha256(&self) -> [u8; 32] {
        self.export_sha256
    }
}
