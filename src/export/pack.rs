//! Writing the zip around the two entries.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{EXPORT_BIN, EXPORT_SIG};

/// Both entries, compressed.
pub(super) fn deflated(export_bin: &[u8], export_sig: &[u8]) -> Result<Vec<u8>, String> {
    packed(8, [export_bin, export_sig], |bytes| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes)?;
        encoder.finish()
    })
}

/// Both entries as they are.
pub(super) fn stored(export_bin: &[u8], export_sig: &[u8]) -> Result<Vec<u8>, String> {
    packed(0, [export_bin, export_sig], |bytes| Ok(bytes.to_vec()))
}

/// Both entries, compressed by the method of this number.
fn packed(method: u8, entries: [&[u8]; 2], compress: impl Fn(&[u8]) -> io::Result<Vec<u8>>) -> Result<Vec<u8>, String> {
    let number = |length: usize| u32::try_from(length).map_err(|_| "an entry has over 4 GiB".to_owned());
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in [EXPORT_BIN, EXPORT_SIG].into_iter().zip(entries) {
        let name = name.as_bytes();
        let compressed = compress(bytes).map_err(|error| error.to_string())?;
        let mut checksum = Crc::new();
        checksum.update(bytes);
        // For readers of version 2.0, without flags. The date is the first that a zip can hold: when a file was made is
        // nobody's business.
        let mut entry = vec![20, 0, 0, 0, method, 0, 0, 0, 0x21, 0];
        entry.extend(checksum.sum().to_le_bytes());
        // The last number is two of 16 bits: no extra field follows the name.
        for length in [compressed.len(), bytes.len(), name.len()] {
            entry.extend(number(length)?.to_le_bytes());
        }
        // Written by version 2.0 on Unix.
        directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        directory.extend_from_slice(&entry);
        // No comment, on the first disk; a plain file that its owner may write and everybody may read.
        directory.extend_from_slice(&[0; 8]);
        directory.extend(0o100_644_u16.to_le_bytes());
        directory.extend(number(zip.len())?.to_le_bytes());
        directory.extend_from_slice(name);
        for part in [b"PK\x03\x04", entry.as_slice(), name, compressed.as_slice()] {
            zip.extend_from_slice(part);
        }
    }
    let [length, start] = [directory.len(), zip.len()].map(number);
    zip.append(&mut directory);
    // Two entries, all on one disk, and no comment.
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
    zip.extend(length?.to_le_bytes());
    zip.extend(start?.to_le_bytes());
    zip.extend_from_slice(&[0; 2]);
    Ok(zip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};
    use zip::ZipArchive;

    #[test]
    fn another_reader_finds_both_entries_as_they_were() {
        let (bin, sig) = (b"EK Export v1".repeat(999), b"signatures".to_vec());
        for (zip, is_smaller) in [(deflated(&bin, &sig).unwrap(), true), (stored(&bin, &sig).unwrap(), false)] {
            assert_eq!(zip.len() < bin.len(), is_smaller);
            let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
            assert_eq!(archive.len(), 2);
            for (number, (name, wanted)) in [(EXPORT_BIN, &bin), (EXPORT_SIG, &sig)].into_iter().enumerate() {
                let mut entry = archive.by_index(number).unwrap();
                let mut found = Vec::new();
                entry.read_to_end(&mut found).unwrap();
                assert_eq!(entry.name().unwrap(), name);
                assert_eq!(&found, wanted);
                assert_eq!(entry.unix_mode(), Some(0o100_644));
            }
        }
    }
}
