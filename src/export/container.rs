//! The zip around the two entries.

use std::io::{Read, Seek, SeekFrom};

use zip::read::{OwnedZipFileEntry, ZipFile};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive, ZipReadOptions};

use super::error::{ExportError, shown};
use super::fields::{check_header, is_export_bin};
use super::meter::{DIRECTORY_HEADER, Meter, refusal, unreadable};
use super::options::{ContainerRule, ReadOptions};
use super::{EXPORT_BIN, EXPORT_SIG};

/// What a zip is read from. All readers are read through this one type: the code that reads zips is large, and is
/// compiled once.
pub(crate) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// How a zip starts: with a local file header, or, when it has no entries, with the end of its directory.
const MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// The two entries, inflated.
pub(super) struct Entries {
    pub(super) export_bin: Vec<u8>,
    pub(super) export_sig: Vec<u8>,
}

/// One entry of a zip, as its directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ZipEntry {
    /// The name of the entry.
    pub name: String,
    /// Bytes of the entry when inflated.
    pub size: u64,
    /// Bytes of the entry in the zip.
    pub compressed: u64,
    /// How it is compressed: `stored`, `deflate`, or the method's number.
    pub method: String,
    /// `true` if the sizes of the entry follow its data (flag bit 3).
    pub data_descriptor: bool,
    /// SHA-256 of what it inflates to, in hexadecimal; only of `export.bin` and `export.sig`, the entries that are
    /// read.
    pub sha256: Option<String>,
}

/// Whether a file starts as a zip does.
pub(super) fn is_zip(file: &[u8]) -> bool {
    MAGICS.iter().any(|magic| file.starts_with(magic))
}

/// The first bytes of a file, up to so many, and its length, if that is neither none nor over the limit. The reader
/// is left anywhere.
pub(super) fn head(reader: &mut dyn ReadSeek, most: u64, options: &ReadOptions) -> Result<(Vec<u8>, u64), ExportError> {
    let found = reader.seek(SeekFrom::End(0)).map_err(|e| unreadable(&e))?;
    let limit = options.limits.file_bytes;
    if found == 0 {
        return Err(ExportError::EmptyFile);
    }
    if found > limit {
        return Err(ExportError::FileTooLarge { found, limit });
    }
    Ok((bytes_at(reader, 0, most)?, found))
}

/// Up to so many bytes from a place on.
fn bytes_at(reader: &mut dyn ReadSeek, start: u64, most: u64) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    reader.seek(SeekFrom::Start(start)).map_err(|e| unreadable(&e))?;
    reader.take(most).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    Ok(bytes)
}

/// A zip that is open.
pub(crate) struct Container<'o, 'r> {
    reader: Meter<&'r mut dyn ReadSeek>,
    /// Each name once.
    entries: Vec<OwnedZipFileEntry>,
    /// The names of all entries in the order of the directory, also those that are there more than once.
    names: Vec<Vec<u8>>,
    options: &'o ReadOptions,
}

impl<'o, 'r> Container<'o, 'r> {
    /// Reads the directory of a zip.
    pub(crate) fn open(reader: &'r mut dyn ReadSeek, options: &'o ReadOptions) -> Result<Self, ExportError> {
        let (start, length) = head(reader, 32, options)?;
        if is_export_bin(&start) {
            check_header(&start)?;
        }
        if !is_zip(&start) {
            return Err(ExportError::NotAZip { starts_with: shown(&start) });
        }
        check_ends(reader, length)?;
        let mut reader = Meter::new(reader, &options.limits);
        let directory = directory(&mut reader);
        let (directory_start, entries) = reader.refused().map_or(directory, Err)?;
        let mut reader = Meter::new(reader.into_inner(), &options.limits);
        let names = names(&mut reader, directory_start)?;
        reader.lift();
        Ok(Self { reader, entries, names, options })
    }

    /// The two entries, once the directory is checked.
    pub(super) fn entries(mut self) -> Result<Entries, ExportError> {
        self.check()?;
        let export_sig = self.needed(EXPORT_SIG)?.bytes()?;
        let export_bin = self.needed(EXPORT_BIN)?.bytes()?;
        Ok(Entries { export_bin, export_sig })
    }

    /// Checks the names of all entries against the container's rules: both of ours are there, and once.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        check_names(&self.names, self.options.container)?;
        let missing = |name: &&str| self.position(name).is_none();
        [EXPORT_BIN, EXPORT_SIG].into_iter().find(missing).map_or(Ok(()), |name| Err(self.missing(name)))
    }

    /// What the directory says of each entry, each name once.
    pub(super) fn directory(&self) -> Vec<ZipEntry> {
        let describe = |entry: &OwnedZipFileEntry| ZipEntry {
            name: String::from_utf8_lossy(entry.name_raw()).into_owned(),
            size: entry.size(),
            compressed: entry.compressed_size(),
            method: match entry.compression() {
                CompressionMethod::Stored => "stored".to_owned(),
                CompressionMethod::Deflated => "deflate".to_owned(),
                other => other.to_string(),
            },
            data_descriptor: entry.flags().is_using_data_descriptor(),
            sha256: None,
        };
        self.entries.iter().map(describe).collect()
    }

    /// The entry of this name, which has to be there.
    pub(super) fn needed(&mut self, name: &'static str) -> Result<Entry<'_, 'r>, ExportError> {
        let missing = self.missing(name);
        self.entry(name)?.ok_or(missing)
    }

    /// The entry of this name, if there is one.
    pub(crate) fn entry(&mut self, name: &'static str) -> Result<Option<Entry<'_, 'r>>, ExportError> {
        let limits = &self.options.limits;
        let limit = if name == EXPORT_BIN { limits.export_bin_bytes } else { limits.export_sig_bytes };
        let entry = self.position(name).and_then(|position| self.entries.get(position));
        entry.map(|entry| Entry::open(&mut self.reader, entry, name, limit)).transpose()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.name_raw() == name.as_bytes())
    }

    fn missing(&self, name: &'static str) -> ExportError {
        ExportError::EntryMissing { name, found: self.names.iter().map(|name| shown(name)).collect() }
    }
}

fn damaged(entry: Option<&str>, error: &ZipError) -> ExportError {
    if let ZipError::Io(error) = error
        && let Some(refusal) = refusal(error)
    {
        return refusal;
    }
    let text = error.to_string();
    let detail = text.strip_prefix("invalid Zip archive: ").unwrap_or(&text).to_owned();
    ExportError::ZipDamaged { entry: entry.map(str::to_owned), detail }
}

/// Bounds the records at which a zip may end, each of which would be tried. They stand in what is left for them and for
/// a comment; one is usual. Two letters and two numbers can also stand in data by chance.
fn check_ends(reader: &mut dyn ReadSeek, length: u64) -> Result<(), ExportError> {
    /// Bytes of the records and of the longest comment.
    const TAIL: u64 = 22 + 20 + 56 + (1 << 16);
    /// End of directory, and the two of zip64.
    const RECORDS: [[u8; 4]; 3] = [*b"PK\x05\x06", *b"PK\x06\x06", *b"PK\x06\x07"];
    const MOST: usize = 4;

    let tail = bytes_at(reader, length.saturating_sub(TAIL), TAIL)?;
    let is_record = |bytes: &&[u8]| bytes.first_chunk().is_some_and(|four| RECORDS.contains(four));
    let ends = tail.windows(4).filter(is_record).count();
    if ends > MOST {
        let detail = format!("{ends} records that end a zip, over the limit of {MOST}");
        return Err(ExportError::ZipDamaged { entry: None, detail });
    }
    Ok(())
}

/// Where the directory starts, and its entries, each name once.
fn directory(reader: &mut Meter<&mut dyn ReadSeek>) -> Result<(u64, Vec<OwnedZipFileEntry>), ExportError> {
    let archive = ZipArchive::new(reader).map_err(|e| damaged(None, &e))?;
    let entry = |position| archive.by_index_data(position).map(OwnedZipFileEntry::from);
    let entries = (0..archive.len()).map(entry).collect::<Result<_, _>>().map_err(|e| damaged(None, &e))?;
    Ok((archive.central_directory_start(), entries))
}

/// The names in the directory that starts here. `ZipArchive` keeps entries by name, and therefore each name once.
fn names(reader: &mut Meter<&mut dyn ReadSeek>, start: u64) -> Result<Vec<Vec<u8>>, ExportError> {
    let mut names = Vec::new();
    let mut next = start;
    let (fixed_length, magic) = DIRECTORY_HEADER;
    loop {
        let fixed = bytes_at(reader, next, fixed_length as u64)?;
        if fixed.len() < fixed_length || !fixed.starts_with(magic) {
            return Ok(names);
        }
        // The lengths of name, extra field and comment stand at 28, 30 and 32.
        let length = |at: usize| {
            let bytes = fixed.get(at..).and_then(|from| from.first_chunk());
            u64::from(u16::from_le_bytes(bytes.copied().unwrap_or_default()))
        };
        let name = next.saturating_add(fixed_length as u64);
        names.push(bytes_at(reader, name, length(28))?);
        next = [28, 30, 32].into_iter().fold(name, |next, at| next.saturating_add(length(at)));
    }
}

/// No name with a `..` element, neither entry twice, and in a strict container nothing else.
fn check_names(names: &[Vec<u8>], rule: ContainerRule) -> Result<(), ExportError> {
    let is_separator = |byte: &u8| matches!(byte, b'/' | b'\\');
    if let Some(name) = names.iter().find(|name| name.split(is_separator).any(|element| element == b"..")) {
        return Err(ExportError::EntryPath { name: shown(name) });
    }
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted.as_bytes()).count();
    if let Some(name) = [EXPORT_BIN, EXPORT_SIG].into_iter().find(|name| count(name) > 1) {
        return Err(ExportError::EntryDuplicate { name });
    }
    if rule == ContainerRule::Strict {
        let known = |name: &&Vec<u8>| [EXPORT_BIN.as_bytes(), EXPORT_SIG.as_bytes()].contains(&name.as_slice());
        if let Some(name) = names.iter().find(|name| !known(name)) {
            return Err(ExportError::EntryUnexpected { name: shown(name) });
        }
    }
    Ok(())
}

/// One entry as it is inflated.
pub(crate) struct Entry<'c, 'r> {
    file: ZipFile<'c, Meter<&'r mut dyn ReadSeek>>,
    name: &'static str,
    found: u64,
}

impl<'c, 'r> Entry<'c, 'r> {
    fn open(
        reader: &'c mut Meter<&'r mut dyn ReadSeek>,
        entry: &'c OwnedZipFileEntry,
        name: &'static str,
        limit: u64,
    ) -> Result<Self, ExportError> {
        let method = entry.compression();
        if entry.encrypted() {
            return Err(ExportError::EntryUnsupported { name, found: "encrypted".to_owned() });
        }
        if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(ExportError::EntryUnsupported { name, found: format!("compressed by {method}") });
        }
        // The promise is kept or the file is refused, so nothing has to be inflated to know this.
        let found = entry.size();
        if found > limit {
            return Err(ExportError::EntryTooLarge { name, found, limit });
        }
        let file = entry.as_ref().with_reader(reader, ZipReadOptions::new());
        Ok(Self { file: file.map_err(|e| damaged(Some(name), &e))?, name, found: 0 })
    }

    /// As many bytes as the directory promises, within the limit. Whoever reads to the end has got exactly these.
    pub(crate) fn promised(&self) -> u64 {
        self.file.size()
    }

    /// The next bytes; none only at the end, where the checksum and the promise were kept.
    pub(super) fn read(&mut self, buf: &mut [u8]) -> Result<usize, ExportError> {
        // One more than the promise tells a long entry from one that just fits.
        let most = self.promised().saturating_sub(self.found).saturating_add(1);
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(buf.len());
        let read = self.file.read(buf.get_mut(..most).unwrap_or_default());
        let count = read.map_err(|e| damaged(Some(self.name), &ZipError::Io(e)))?;
        self.found = self.found.saturating_add(count as u64);
        let (found, promised) = (self.found, self.promised());
        if found > promised || (count == 0 && found != promised) {
            let detail = format!("the directory says {promised} bytes, found {found}");
            return Err(ExportError::ZipDamaged { entry: Some(self.name.to_owned()), detail });
        }
        Ok(count)
    }

    /// All of its bytes.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>, ExportError> {
        /// A directory may promise any size; it is given no more than this in advance.
        const PROMISE: u64 = 1 << 20;
        /// Bytes read in one go.
        const STEP: usize = 64 << 10;

        let mut bytes = Vec::with_capacity(usize::try_from(self.promised().min(PROMISE)).unwrap_or_default());
        let mut step = vec![0; STEP];
        loop {
            match self.read(&mut step)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(step.get(..count).unwrap_or_default()),
            }
        }
    }
}
