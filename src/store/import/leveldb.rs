//! The records of a LevelDB folder, read from its files alone.
//!
//! ```text
//! 000003.log   32 KiB blocks of fragments: checksum u32, length u16, kind u8, bytes
//!              whole records are batches:  sequence u64, count u32, then (1, key, value) or (0, key)
//! 000005.ldb   blocks, index block (last key -> offset and size of a block), footer of 48 bytes
//!              a block is entries:         shared, unshared, length of the value; bytes
//!              then restarts, their count; compression u8, checksum u32
//! ```
//!
//! Numbers are little-endian, lengths are variable ones. Of each key the record with the highest sequence counts, in
//! whichever file it stands; it may say that the key was erased. So the folder's `MANIFEST` is not needed: it says
//! which files are of use, and the records of others are older, or the same.
//!
//! Nothing is written. What does not have its checksum is left out and counted.
//!
//! Source: LevelDB 1.23, `doc/log_format.md`, `doc/table_format.md`, `db/write_batch.cc`, `db/dbformat.h`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::store::untrusted::{Refusal, StoreLimits};

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The newest record of each key: its sequence, and the value, unless it was erased.
    newest: BTreeMap<Vec<u8>, (u64, Option<Vec<u8>>)>,
    /// Pieces of files that could not be read.
    pub(super) damaged: u64,
    /// The most bytes that may be held.
    limit: u64,
    /// The bytes that may still be looked at.
    left: u64,
}

/// Reads all records of a folder.
pub(super) fn read(folder: &Path, limits: &StoreLimits) -> Result<Records, Refusal> {
    let limit = limits.database_bytes;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let (stem, kind) = (path.file_stem().unwrap_or_default(), path.extension().unwrap_or_default());
        let is_numbered = stem.as_encoded_bytes().iter().all(u8::is_ascii_digit);
        if is_numbered && ["log", "ldb", "sst"].iter().any(|known| kind == *known) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Refusal::Unfit("the folder has no file of LevelDB, such as 000003.log or 000005.ldb".to_owned()));
    }
    files.sort();
    let (mut records, mut room) = (Records { limit, left: limit, ..Records::default() }, limit);
    for path in files {
        let mut file = Vec::new();
        File::open(&path)?.take(room.saturating_add(1)).read_to_end(&mut file)?;
        room = room.checked_sub(file.len() as u64).ok_or(Refusal::TooLarge { limit })?;
        match path.extension().is_some_and(|kind| kind == "log") {
            true => records.log(&file),
            false => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                records.table(&file)?.ok_or_else(|| Refusal::Unfit(format!("{name} is no table of LevelDB")))?;
            }
        }
    }
    Ok(records)
}

/// The most bytes of a block of a log.
const LOG_BLOCK: usize = 32 << 10;

/// The last eight bytes of a table.
const MAGIC: u64 = 0xdb47_7524_8b80_fb57;

impl Records {
    /// The keys that were not erased, with their values, in the order of the keys.
    pub(super) fn into_values(self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        self.newest.into_iter().filter_map(|(key, (_, value))| Some((key, value?)))
    }

    /// Counts a piece that could not be read.
    fn check(&mut self, read: Option<()>) {
        self.damaged = self.damaged.saturating_add(u64::from(read.is_none()));
    }

    /// Keeps a record, if it is the newest of its key.
    fn keep(&mut self, key: &[u8], sequence: u64, value: Option<&[u8]>) {
        match self.newest.get_mut(key) {
            Some(known) if known.0 > sequence => {}
            Some(known) => *known = (sequence, value.map(<[u8]>::to_vec)),
            None => drop(self.newest.insert(key.to_vec(), (sequence, value.map(<[u8]>::to_vec)))),
        }
    }

    /// Reads a log.
    fn log(&mut self, file: &[u8]) {
        let mut open: Option<Vec<u8>> = None;
        for block in file.chunks(LOG_BLOCK) {
            let mut rest = Bytes(block);
            loop {
                let (fragment, read) = match rest.fragment() {
                    Fragment::None => break,
                    // Lengths cannot be believed any more. The next block begins anew.
                    Fragment::Damaged => (None, None),
                    Fragment::Whole(kind, bytes) => (Some((kind, bytes)), Some(())),
                };
                self.check(read);
                let record = match (fragment, open.take()) {
                    (Some((1, bytes)), _) => bytes.to_vec(),
                    (Some((2, bytes)), _) => {
                        open = Some(bytes.to_vec());
                        continue;
                    }
                    (Some((3, bytes)), Some(mut record)) => {
                        record.extend_from_slice(bytes);
                        open = Some(record);
                        continue;
                    }
                    (Some((4, bytes)), Some(mut record)) => {
                        record.extend_from_slice(bytes);
                        record
                    }
                    // The end of a record whose beginning is damaged, and counted.
                    (Some(_), _) => continue,
                    (None, _) => break,
                };
                let read = self.batch(&record);
                self.check(read);
            }
        }
        // A record whose end is missing was being written.
    }

    /// Reads a record of a log.
    fn batch(&mut self, record: &[u8]) -> Option<()> {
        let mut rest = Bytes(record);
        let (mut sequence, count) = (u64::from_le_bytes(rest.array()?), u32::from_le_bytes(rest.array()?));
        for _ in 0..count {
            let [kind] = rest.array()?;
            let key = rest.prefixed()?;
            let value = match kind {
                0 => None,
                1 => Some(rest.prefixed()?),
                _ => return None,
            };
            self.keep(key, sequence, value);
            sequence = sequence.checked_add(1)?;
        }
        Some(())
    }

    /// Reads a table: `None`, if it is none, or its index is damaged.
    fn table(&mut self, file: &[u8]) -> Result<Option<()>, Refusal> {
        let index = file.last_chunk::<48>().and_then(|footer| {
            let (mut footer, magic) = (Bytes(footer), footer.last_chunk()?);
            // Filters only spare look-ups of keys that are not there, and here every key is read.
            let _filters = footer.handle()?;
            footer.handle().filter(|_| u64::from_le_bytes(*magic) == MAGIC)
        });
        let Some(index) = index.map(|index| self.block(file, index)).transpose()?.flatten() else { return Ok(None) };
        let mut blocks = Vec::new();
        let listed = entries(&index, |_, handle| {
            blocks.push(Bytes(handle).handle()?);
            Some(())
        });
        if listed.is_none() {
            return Ok(None);
        }
        for handle in blocks {
            let read = self.block(file, handle)?.and_then(|block| {
                entries(&block, |key, value| {
                    let (key, tag) = key.split_last_chunk()?;
                    let tag = u64::from_le_bytes(*tag);
                    let value = match tag & 0xff {
                        0 => None,
                        1 => Some(value),
                        _ => return None,
                    };
                    self.keep(key, tag >> 8, value);
                    Some(())
                })
            });
            self.check(read);
        }
        Ok(Some(()))
    }

    /// The content of a block: `None`, if it is damaged. What it holds, and what is looked at for it, goes from one
    /// account for all: blocks may be named any number of times.
    fn block(&mut self, file: &[u8], (offset, size): (usize, usize)) -> Result<Option<Vec<u8>>, Refusal> {
        let Some((bytes, [compression, checksum @ ..])) = offset
            .checked_add(size)
            .and_then(|end| file.get(offset..end.checked_add(5)?))
            .and_then(|block| block.split_last_chunk::<5>())
        else {
            return Ok(None);
        };
        let inflated = match compression {
            0 => size,
            1 => snap::raw::decompress_len(bytes).unwrap_or_default(),
            _ => return Ok(None),
        };
        let cost = size.max(inflated) as u64;
        self.left = self.left.checked_sub(cost).ok_or(Refusal::TooLarge { limit: self.limit })?;
        if masked(checksum_of(&[bytes, &[*compression]])) != u32::from_le_bytes(*checksum) {
            return Ok(None);
        }
        Ok(match compression {
            0 => Some(bytes.to_vec()),
            _ => snap::raw::Decoder::new().decompress_vec(bytes).ok(),
        })
    }
}

/// Calls `each` with the keys and values of a block: `None`, if it is damaged.
fn entries(block: &[u8], mut each: impl FnMut(&[u8], &[u8]) -> Option<()>) -> Option<()> {
    let (rest, count) = block.split_last_chunk()?;
    let restarts = usize::try_from(u32::from_le_bytes(*count)).ok()?.checked_mul(4)?;
    let mut rest = Bytes(rest.get(..rest.len().checked_sub(restarts)?)?);
    let mut key = Vec::new();
    while !rest.0.is_empty() {
        let (shared, unshared, length) = (rest.size()?, rest.size()?, rest.size()?);
        key.truncate((shared <= key.len()).then_some(shared)?);
        key.extend_from_slice(rest.take(unshared)?);
        each(&key, rest.take(length)?)?;
    }
    Some(())
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

/// What comes next in a block of a log.
enum Fragment<'a> {
    /// The rest is empty.
    None,
    /// It was cut, or is not what was written.
    Damaged,
    /// Its kind, and its content.
    Whole(u8, &'a [u8]),
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// A number of variable length: seven bits a byte, the lowest first.
    fn size(&mut self) -> Option<usize> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            let placed = bits.checked_shl(shift)?;
            if placed >> shift != bits {
                return None;
            }
            number |= placed;
            if byte < 0x80 {
                return number.try_into().ok();
            }
        }
        None
    }

    /// Bytes after their number.
    fn prefixed(&mut self) -> Option<&'a [u8]> {
        let count = self.size()?;
        self.take(count)
    }

    /// Offset and size of a block.
    fn handle(&mut self) -> Option<(usize, usize)> {
        Some((self.size()?, self.size()?))
    }

    fn fragment(&mut self) -> Fragment<'a> {
        // Room that was reserved, or is too small for a fragment.
        if self.0.len() < 7 || self.0.iter().all(|byte| *byte == 0) {
            return Fragment::None;
        }
        self.checked().map_or(Fragment::Damaged, |(kind, bytes)| Fragment::Whole(kind, bytes))
    }

    fn checked(&mut self) -> Option<(u8, &'a [u8])> {
        let (checksum, length) = (u32::from_le_bytes(self.array()?), u16::from_le_bytes(self.array()?));
        let [kind] = self.array()?;
        let bytes = self.take(length.into())?;
        (masked(checksum_of(&[&[kind], bytes])) == checksum).then_some((kind, bytes))
    }
}

/// CRC-32C of these bytes: the reflected polynomial 0x82f63b78.
fn checksum_of(pieces: &[&[u8]]) -> u32 {
    let rest = pieces.iter().copied().flatten().fold(u32::MAX, |rest, byte| {
        let [low, ..] = rest.to_le_bytes();
        (rest >> 8) ^ TABLE.get(usize::from(low ^ byte)).copied().unwrap_or_default()
    });
    !rest
}

/// CRC-32C of each byte, computed when this is compiled.
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::cast_possible_truncation)]
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut rest, mut bit) = (byte as u32, 0);
        while bit < 8 {
            rest = (rest >> 1) ^ (0x82f6_3b78 * (rest & 1));
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
};

/// How LevelDB stores a checksum: turned by 15 bits, and shifted by a constant.
const fn masked(checksum: u32) -> u32 {
    checksum.rotate_right(15).wrapping_add(0xa282_ead8)
}
