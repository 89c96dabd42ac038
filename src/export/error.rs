//! The errors of export files.

/// The file was refused. The error says what was found, where, and the rule that it broke.
///
/// Nothing of a refused file reaches you. [`code`](Self::code) is stable and meant for programs. Texts from the file
/// are shortened, and their control characters are escaped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The file has no bytes.
    #[error("the file is empty (0 bytes)")]
    EmptyFile,
    /// The file, as it came, is over a limit.
    #[error("the file is {found} bytes or more, over the limit of {limit} (file_bytes)")]
    FileTooLarge {
        /// The size of the file, in bytes.
        found: u64,
        /// The limit, [`Limits::file_bytes`](super::Limits::file_bytes).
        limit: u64,
    },
    /// The file does not start as a zip does.
    #[error("not a zip: the file starts with {starts_with}{}", kind(.starts_with))]
    NotAZip {
        /// The first bytes of the file, escaped.
        starts_with: String,
    },
    /// The zip cannot be read.
    #[error("damaged zip: {}{detail}", within(.entry.as_deref()))]
    ZipDamaged {
        /// The entry with the fault.
        entry: Option<String>,
        /// The fault, in words.
        detail: String,
    },
    /// One of the two entries is missing.
    #[error("the zip has no {name}, its entries are: {}", list(.found))]
    EntryMissing {
        /// The name of the missing entry.
        name: &'static str,
        /// The names of the entries that the zip has.
        found: Vec<String>,
    },
    /// The zip has one of the two entries more than once.
    #[error("the zip has more than one {name}")]
    EntryDuplicate {
        /// The name of the repeated entry.
        name: &'static str,
    },
    /// The zip has another entry, which the strict container rule forbids.
    #[error("the zip has an entry {name} beside export.bin and export.sig (the strict container rule forbids it)")]
    EntryUnexpected {
        /// The name of the entry.
        name: String,
    },
    /// The name of an entry leaves its folder.
    #[error("the zip has an entry {name} whose name has a `..` element")]
    EntryPath {
        /// The name of the entry.
        name: String,
    },
    /// An entry is encrypted or compressed by an unusual method.
    #[error("entry {name} is {found}; only stored and deflated entries are read")]
    EntryUnsupported {
        /// The name of the entry.
        name: &'static str,
        /// The compression method, or `encrypted`.
        found: String,
    },
    /// An entry is over its limit when inflated.
    #[error("entry {name} is {found} bytes when inflated, over the limit of {limit} ({})", limit_name(.name))]
    EntryTooLarge {
        /// The name of the entry.
        name: &'static str,
        /// The size of the entry, as the directory says.
        found: u64,
        /// The limit of bytes for this entry.
        limit: u64,
    },
    /// The zip has too many entries.
    #[error("the zip has more than {limit} entries (entries)")]
    TooManyEntries {
        /// The limit, [`Limits::entries`](super::Limits::entries).
        limit: usize,
    },
    /// `export.bin` has another header, or none. Servers use the container for other payloads too.
    #[error("export.bin starts with {found}, not with the header \"EK Export v1    \"{}", because(*.fault))]
    HeaderMissing {
        /// The first bytes of `export.bin`, escaped.
        found: String,
        /// The difference, if the bytes are nearly a header.
        fault: Option<&'static str>,
    },
    /// The message in `export.bin` is not valid protobuf.
    #[error("malformed protobuf in export.bin, in the field at byte {offset}: {detail}")]
    ProtobufMalformed {
        /// The place of the field, counted from the start of `export.bin`.
        offset: u64,
        /// The fault, in words.
        detail: String,
    },
    /// A field is too long to be held in one piece.
    #[error(
        "field {field} at byte {offset} of export.bin is {found} bytes long, over the limit of {limit} (field_bytes)"
    )]
    FieldTooLong {
        /// The number of the field.
        field: u32,
        /// The place of the field, counted from the start of `export.bin`.
        offset: u64,
        /// The length of the field, in bytes.
        found: u64,
        /// The limit, [`Limits::field_bytes`](super::Limits::field_bytes).
        limit: usize,
    },
    /// The file has more keys than the limit.
    #[error("export.bin has more than {limit} keys (keys)")]
    TooManyKeys {
        /// The limit, [`Limits::keys`](super::Limits::keys).
        limit: usize,
    },
    /// The file has more signature infos than the limit.
    #[error("export.bin has more than {limit} signature_infos (signature_infos)")]
    TooManySignatureInfos {
        /// The limit, [`Limits::signature_infos`](super::Limits::signature_infos).
        limit: usize,
    },
    /// The batch fields contradict each other.
    #[error(
        "batch_num {} of batch_size {size}: a batch needs 1 <= batch_num <= batch_size <= 1000000",
        batch_num.map_or_else(|| "(absent)".to_owned(), |num| num.to_string())
    )]
    BatchInvalid {
        /// The number of the file in its batch, if the file has one.
        batch_num: Option<i32>,
        /// The number of files in the batch.
        size: i32,
    },
    /// `export.sig` is not a valid signature list.
    #[error("malformed protobuf in export.sig: {detail}")]
    SignatureListMalformed {
        /// The fault, in words.
        detail: String,
    },
    /// The file has more signatures than the limit.
    #[error("export.sig has {found} signatures, over the limit of {limit} (signatures)")]
    TooManySignatures {
        /// How many signatures the file has.
        found: usize,
        /// The limit, [`Limits::signatures`](super::Limits::signatures).
        limit: usize,
    },
    /// The file has no signature.
    #[error("the file is not signed: export.sig is an empty list or missing")]
    Unsigned,
    /// A key that has to sign did not sign.
    #[error("no signature by {}; the file has signatures by {}", list(.wanted), list(.present))]
    UnknownKey {
        /// The trusted keys without a signature, as `id-version`.
        wanted: Vec<String>,
        /// The keys that the signatures name.
        present: Vec<String>,
    },
    /// The signature does not say which key made it, and several keys could have made it.
    #[error(
        "a signature without verification_key_id is accepted only when it is the only signature and one key is trusted: \
         {signatures} signatures, {keys} keys"
    )]
    SignatureAnonymous {
        /// How many signatures the file has.
        signatures: usize,
        /// How many keys the trust set has.
        keys: usize,
    },
    /// The signature names an algorithm that the format does not allow.
    #[error(
        "signature by {key}: signature_algorithm is {found}; allowed are 1.2.840.10045.4.3.2 (ECDSA with SHA-256) and \
         1.2.840.10045.4.3.4 (ECDSA with SHA-512)"
    )]
    AlgorithmUnsupported {
        /// The key that the signature names.
        key: String,
        /// The algorithm that the signature names.
        found: String,
    },
    /// The signature has the form `r || s`, not DER.
    #[error("signature by {key}: 64 bytes of raw r||s, where X9.62 DER is required")]
    SignatureRaw {
        /// The key that the signature names.
        key: String,
    },
    /// The bytes are no signature.
    #[error("signature by {key}: {length} bytes that are not an X9.62 DER signature")]
    SignatureMalformed {
        /// The key that the signature names.
        key: String,
        /// The length of the signature, in bytes.
        length: usize,
    },
    /// The key did not make this signature over these bytes.
    #[error("signature by {key} does not verify over export.bin")]
    SignatureInvalid {
        /// The key that the signature names.
        key: String,
    },
    /// `export.sig` and `export.bin` disagree on how many signatures there are.
    #[error("{signatures} signatures, but {infos} signature_infos (Google's profile demands as many)")]
    SignatureCount {
        /// How many signatures `export.sig` has.
        signatures: usize,
        /// How many signature infos `export.bin` has.
        infos: usize,
    },
    /// More identifiers of the file's keys were heard, or it has more revised keys, than a search may hold back until
    /// it has checked the signature.
    #[error("the file has more than {limit} identifiers of its keys that were heard, or revised keys (candidates)")]
    TooManyCandidates {
        /// The limit, [`Limits::candidates`](super::Limits::candidates).
        limit: usize,
    },
    /// Your reader failed, which says nothing about the file.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// The message of the reader.
        detail: String,
    },
    /// You cancelled the reading.
    #[error("cancelled")]
    Cancelled,
}

impl ExportError {
    /// Returns a short name that does not change, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::NotAZip { .. } => "not_a_zip",
            Self::ZipDamaged { .. } => "zip_damaged",
            Self::EntryMissing { .. } => "entry_missing",
            Self::EntryDuplicate { .. } => "entry_duplicate",
            Self::EntryUnexpected { .. } => "entry_unexpected",
            Self::EntryPath { .. } => "entry_path",
            Self::EntryUnsupported { .. } => "entry_unsupported",
            Self::EntryTooLarge { .. } => "entry_too_large",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::HeaderMissing { .. } => "header_missing",
            Self::ProtobufMalformed { .. } => "protobuf_malformed",
            Self::FieldTooLong { .. } => "field_too_long",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::TooManySignatureInfos { .. } => "too_many_signature_infos",
            Self::BatchInvalid { .. } => "batch_invalid",
            Self::SignatureListMalformed { .. } => "signature_list_malformed",
            Self::TooManySignatures { .. } => "too_many_signatures",
            Self::Unsigned => "unsigned",
            Self::UnknownKey { .. } => "unknown_key",
            Self::SignatureAnonymous { .. } => "signature_anonymous",
            Self::AlgorithmUnsupported { .. } => "algorithm_unsupported",
            Self::SignatureRaw { .. } => "signature_raw",
            Self::SignatureMalformed { .. } => "signature_malformed",
            Self::SignatureInvalid { .. } => "signature_invalid",
            Self::SignatureCount { .. } => "signature_count",
            Self::TooManyCandidates { .. } => "too_many_candidates",
            Self::Unreadable { .. } => "unreadable_file",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Text from a file, as it may stand in an error: quoted, escaped, and cut off after 60 characters.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 60;
    let text = String::from_utf8_lossy(bytes);
    let head: String = text.chars().take(LONGEST).collect();
    if head.len() == text.len() { format!("{head:?}") } else { format!("{head:?}...") }
}

fn within(entry: Option<&str>) -> String {
    entry.map(|name| format!("{name}: ")).unwrap_or_default()
}

/// What a file is that starts so, if that can be told: people have these in the place of a zip.
fn kind(starts_with: &str) -> &'static str {
    const KINDS: [(&str, &str); 8] = [
        ("\"EK Export", " (a bare export.bin; its signatures are in export.sig)"),
        ("\"\\u{1f}", " (gzip)"),
        ("\"SQLite format 3", " (a SQLite database)"),
        ("\"-----BEGIN ", " (PEM, perhaps a key)"),
        ("\"UEsDB", " (a zip in base64)"),
        ("\"<", " (HTML or XML)"),
        ("\"{", " (JSON)"),
        ("\"[", " (JSON)"),
    ];
    KINDS.iter().find(|(start, _)| starts_with.starts_with(start)).map_or("", |(_, kind)| kind)
}

fn because(fault: Option<&str>) -> String {
    fault.map(|fault| format!(" ({fault})")).unwrap_or_default()
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn limit_name(entry: &str) -> &'static str {
    if entry == super::EXPORT_BIN { "export_bin_bytes" } else { "export_sig_bytes" }
}
