//! What a file on the desk is.

use gaen::Sighting;
use gaen::cocoa::{DocumentError, ExposureLog};
use gaen::export::{ExportSummary, KeyError, KeyNote, PublicKey, ReadKey, SignatureInfo, TekSignature};
use gaen_report::read::{ReadError, WindowFile};

use crate::export::Export;

/// What a file is, by its content: what was read of it, or why it could not be read.
#[derive(Debug)]
pub(crate) enum Content {
    /// A log of exposure checks, or COCOA's own record.
    Log(Result<ExposureLog, DocumentError>),
    /// A zip, which should hold an export.
    ExportZip(Export),
    /// An `export.bin` that was taken out of its zip.
    ExportBin(Export),
    /// An `export.sig` that was taken out of its zip.
    ExportSig(Vec<TekSignature>),
    /// A public key, or what should be one.
    PublicKey(Result<ReadKey<PublicKey>, KeyError>),
    /// Sightings.
    Sightings(Result<Vec<Sighting>, ReadError>),
    /// Exposure windows of an app.
    Windows(Result<Windows, ReadError>),
    /// A configuration.
    Configuration(Result<AppRules, DocumentError>),
    /// A rule without a configuration.
    Rule,
    /// A database of SQLite.
    Database(Database),
    /// A backup of a store, encrypted by `age`.
    Backup,
    /// Anything else.
    Unknown(Looks),
}

/// Exposure windows that were recognised.
#[derive(Debug)]
pub(crate) enum Windows {
    /// Windows that say their days themselves.
    Dated(WindowFile),
    /// Windows that count their days back from a day which the file does not say.
    CountedBack,
}

/// What is shown of a configuration.
#[derive(Debug)]
pub(crate) struct AppRules {
    /// The name of its rule.
    pub(crate) rule: Option<String>,
    /// Whether Google's profile can read it, and whether Apple's can.
    pub(crate) read_by: [bool; 2],
}

/// A database of SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Database {
    pub(crate) program: Program,
    /// `true` if the latest records may stand in a second file.
    pub(crate) has_log: bool,
}

/// The program whose database it is, as its head looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Gaen,
    MicroG,
    Ramble,
    Other,
}

/// What a file looks like that is nothing that the desk reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    /// No bytes.
    Empty,
    /// A page of a web server, most often an error message.
    Html,
    /// Text in UTF-16.
    Utf16,
    /// The latest records of a database of SQLite, which its `-wal` file has.
    DatabaseLog,
    /// JSON with more values than the desk reads.
    TooManyValues,
    /// JSON of another kind.
    Json,
    /// Begins as JSON does, and is none.
    BrokenJson,
    /// A picture, a PDF, or the like.
    Picture,
    /// Text.
    Text,
    /// Other bytes.
    Bytes,
}

/// Why a file cannot be read.
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Content {
    /// The stable name of the kind.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Log(_) => "exposure_log",
            Self::ExportZip(_) => "export_zip",
            Self::ExportBin(_) => "export_bin",
            Self::ExportSig(_) => "export_sig",
            Self::PublicKey(_) => "public_key",
            Self::Sightings(_) => "sightings",
            Self::Windows(_) => "windows",
            Self::Configuration(_) => "configuration",
            Self::Rule => "rule",
            Self::Database(_) => "database",
            Self::Backup => "backup",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why the file cannot be read; `None` if it can.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let document = |error: &DocumentError| Fault { code: error.code(), message: error.to_string() };
        match self {
            Self::Log(Err(error)) | Self::Configuration(Err(error)) => Some(document(error)),
            Self::ExportZip(export) | Self::ExportBin(export) => {
                export.says().err().map(|error| Fault { code: error.code(), message: error.to_string() })
            }
            Self::PublicKey(Err(error)) => {
                let code = if self.is_private() { "private_key" } else { "public_key" };
                Some(Fault { code, message: error.to_string() })
            }
            Self::Sightings(Err(error)) => Some(Fault { code: "sightings", message: error.to_string() }),
            Self::Windows(Err(error)) => Some(Fault { code: "windows", message: error.to_string() }),
            _ => None,
        }
    }

    /// What an export file says; `None` if this is none, or one that cannot be read.
    pub(crate) fn export(&self) -> Option<&ExportSummary> {
        match self {
            Self::ExportZip(export) | Self::ExportBin(export) => export.says().ok(),
            _ => None,
        }
    }

    /// What `export.sig` says of its signatures, in a zip or bare.
    pub(crate) fn signed_as(&self) -> impl Iterator<Item = &SignatureInfo> {
        let signatures = match self {
            Self::ExportZip(export) => export.signed_as(),
            Self::ExportSig(signatures) => signatures,
            _ => &[],
        };
        signatures.iter().map(|signature| &signature.signature_info)
    }

    /// `true` for a zip or a bare `export.bin`, whether it can be read or not: it takes part in a search, which rejects
    /// it.
    pub(crate) const fn is_searched(&self) -> bool {
        matches!(self, Self::ExportZip(_) | Self::ExportBin(_))
    }

    /// `true` for a private key, which nobody should have to give.
    pub(crate) const fn is_private(&self) -> bool {
        matches!(self, Self::PublicKey(Err(KeyError::Private | KeyError::Encrypted)))
    }

    /// `true` for COCOA's own record, which has exposure windows.
    pub(crate) fn is_record(&self) -> bool {
        matches!(self, Self::Log(Ok(log)) if log.exposure_data.is_some())
    }

    /// What to know of a key that was read.
    pub(crate) fn notes(&self) -> &[KeyNote] {
        match self {
            Self::PublicKey(Ok(read)) => &read.notes,
            _ => &[],
        }
    }
}
