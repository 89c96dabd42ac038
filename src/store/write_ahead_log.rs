//! The write-ahead log of an SQLite database, for a database in memory: SQLite itself reads a log only from a file.
//!
//! ```text
//! log    = header (32 bytes), frames
//! header = magic, version, page size, checkpoint number, salt (8 bytes), checksum (8 bytes)
//! frame  = page number, pages of the database after a commit or 0, salt, checksum, page
//! ```
//!
//! Numbers are big-endian. A checksum is of everything before it. The log ends at the first frame whose salt or
//! checksum is not right, and what counts are the frames up to the last commit.
//!
//! Source: SQLite, "Database File Format", 4, "The Write-Ahead Log".

use super::untrusted::Refusal;

/// Bytes of the log's header.
const HEADER_BYTES: usize = 32;

/// Bytes before a frame's page.
const FRAME_HEADER_BYTES: usize = 24;

/// The magic number of a log whose checksums read words as little-endian; with its last bit set, as big-endian.
const MAGIC: u32 = 0x377f_0682;

/// The only version of the format.
const VERSION: u32 = 3_007_000;

/// Where a database says which version of the format reads it: 2 with a log.
const READ_VERSION: usize = 19;

/// `true` if the newest rows of this database may lie in a log beside it.
pub(super) fn may_be_beside(database: &[u8]) -> bool {
    database.get(READ_VERSION) == Some(&2)
}

/// The database as it is with the pages of its log.
pub(super) fn apply(database: &[u8], log: &[u8]) -> Result<Vec<u8>, Refusal> {
    let unfit = |why: &str| Refusal::Unfit(why.to_owned());
    let header = log.first_chunk::<HEADER_BYTES>().ok_or_else(|| unfit("its log is shorter than a log's header"))?;
    let word = |at| word(header, at);
    let (magic, version, page) = (word(0), word(4), word(8));
    if magic & !1 != MAGIC || version != VERSION {
        return Err(unfit("the file that was given as its log is no write-ahead log"));
    }
    let page_bytes = match u16::from_be_bytes([at(database, 16), at(database, 17)]) {
        1 => 1 << 16,
        bytes => u32::from(bytes),
    };
    if page != page_bytes || !page.is_power_of_two() || page < 512 {
        return Err(unfit("its log has pages of another size: it is another database's log"));
    }
    let (page, is_big_endian) = (page as usize, magic & 1 == 1);
    let mut sum = Checksum { is_big_endian, first: 0, second: 0 };
    sum.add(header.get(..24).unwrap_or_default());
    if !sum.is(word(24), word(28)) {
        // SQLite takes no page from it either.
        return Ok(database.to_vec());
    }

    let (mut with_log, mut pending) = (database.to_vec(), Vec::new());
    for frame in log.get(HEADER_BYTES..).unwrap_or_default().chunks_exact(FRAME_HEADER_BYTES.saturating_add(page)) {
        let (header_of_frame, content) = frame.split_at(FRAME_HEADER_BYTES);
        let word = |at| self::word(header_of_frame, at);
        sum.add(header_of_frame.get(..8).unwrap_or_default());
        sum.add(content);
        if header_of_frame.get(8..16) != header.get(16..24) || !sum.is(word(16), word(20)) || word(0) == 0 {
            break;
        }
        pending.push((word(0), content));
        if word(4) != 0 {
            commit(&mut with_log, &mut pending, page, word(4))?;
        }
    }
    Ok(with_log)
}

/// Writes pages, by their numbers from 1, into a database that has so many pages from then on.
fn commit(database: &mut Vec<u8>, pages: &mut Vec<(u32, &[u8])>, page: usize, count: u32) -> Result<(), Refusal> {
    // A database grows by pages that are in its log.
    let bytes = (count as usize).saturating_mul(page);
    if bytes > database.len().saturating_add(pages.len().saturating_mul(page)) {
        return Err(Refusal::Unfit("its log lacks pages of it: it is another database's log".to_owned()));
    }
    database.resize(bytes, 0);
    for (number, content) in pages.drain(..) {
        let start = (number as usize).saturating_sub(1).saturating_mul(page);
        // A page that was cut off again before the commit is not there.
        if let Some(place) = database.get_mut(start..start.saturating_add(page)) {
            place.copy_from_slice(content);
        }
    }
    Ok(())
}

/// SQLite's sum over pairs of words.
struct Checksum {
    is_big_endian: bool,
    first: u32,
    second: u32,
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let (pairs, _) = bytes.as_chunks::<8>();
        for &[a, b, c, d, e, f, g, h] in pairs {
            let read = if self.is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
            self.first = self.first.wrapping_add(read([a, b, c, d])).wrapping_add(self.second);
            self.second = self.second.wrapping_add(read([e, f, g, h])).wrapping_add(self.first);
        }
    }

    fn is(&self, first: u32, second: u32) -> bool {
        (self.first, self.second) == (first, second)
    }
}

/// The big-endian number at this byte.
fn word(bytes: &[u8], start: usize) -> u32 {
    let word = bytes.get(start..).and_then(<[u8]>::first_chunk);
    word.map_or(0, |word| u32::from_be_bytes(*word))
}

/// The byte at this place, zero after the end.
fn at(bytes: &[u8], place: usize) -> u8 {
    bytes.get(place).copied().unwrap_or_default()
}
