//! Zips that say of themselves whatever they are told to.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The data of an entry, and what is said of it.
#[derive(Clone)]
pub(crate) struct Data {
    bytes: Vec<u8>,
    is_deflated: bool,
    crc: u32,
    /// The promise of how many bytes it inflates to.
    pub(crate) size: u64,
}

impl Data {
    /// These pieces, compressed.
    pub(crate) fn deflated<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let mut crc = Crc::new();
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let mut size = 0;
        for piece in pieces {
            crc.update(piece);
            encoder.write_all(piece).expect("a vector takes everything");
            size += piece.len() as u64;
        }
        Self { bytes: encoder.finish().expect("a vector takes everything"), is_deflated: true, crc: crc.sum(), size }
    }

    /// These bytes as they are.
    pub(crate) fn stored(bytes: Vec<u8>) -> Self {
        let mut crc = Crc::new();
        crc.update(&bytes);
        Self { size: bytes.len() as u64, bytes, is_deflated: false, crc: crc.sum() }
    }

    /// Data that inflates to a file's bytes and then to what these inflate to: bytes that do not end the deflate stream
    /// stand before the others.
    fn quoting(quoted: &[u8], rest: &Self) -> Self {
        let length = u16::try_from(quoted.len()).expect("a header is short").to_le_bytes();
        let complement = length.map(|byte| !byte);
        let mut crc = Crc::new();
        crc.update(quoted);
        let bytes = [&[0], &length[..], &complement, quoted, &rest.bytes].concat();
        Self { bytes, is_deflated: true, crc: crc.sum(), size: quoted.len() as u64 + rest.size }
    }

    /// What local headers and the directory say alike: flags, method, time, checksum, sizes, the length of the name.
    fn said(&self, name: &[u8]) -> Vec<u8> {
        let method = if self.is_deflated { 8_u16 } else { 0 };
        let compressed = u32::try_from(self.bytes.len()).expect("less than 4 GiB");
        [
            &45_u16.to_le_bytes()[..],
            &[0; 2],
            &method.to_le_bytes(),
            &[0, 0, 33, 0], // the first day that a zip can name
            &self.crc.to_le_bytes(),
            &compressed.to_le_bytes(),
            &u32::try_from(self.size).unwrap_or(u32::MAX).to_le_bytes(),
            &u16::try_from(name.len()).expect("a short name").to_le_bytes(),
        ]
        .concat()
    }

    /// The header that stands before the data.
    fn local_header(&self, name: &[u8]) -> Vec<u8> {
        [b"PK\x03\x04", &self.said(name)[..], &[0; 2], name].concat()
    }
}

/// A zip in the making.
#[derive(Default)]
pub(crate) struct ForgedZip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u64,
}

impl ForgedZip {
    /// Adds data under a name, in place and in the directory.
    pub(crate) fn with(mut self, name: &str, data: &Data) -> Self {
        let offset = self.bytes.len();
        self.bytes.extend(data.local_header(name.as_bytes()));
        self.bytes.extend(&data.bytes);
        self.list(name.as_bytes(), data, offset);
        self
    }

    /// Lists an entry whose data stand where those of another do.
    pub(crate) fn with_alias_of_the_first(mut self, name: &str, data: &Data) -> Self {
        self.list(name.as_bytes(), data, 0);
        self
    }

    /// Adds so many entries, each of which inflates to the header of the next and to all that the next inflates to. The
    /// last is followed by these data.
    pub(crate) fn with_quotes(mut self, count: usize, name: &str, data: &Data) -> Self {
        let mut listed = vec![(name.to_owned(), data.clone())];
        for number in 0..count {
            let (next_name, next) = &listed[number];
            listed.push((format!("quote {number}"), Data::quoting(&next.local_header(next_name.as_bytes()), next)));
        }
        // Each entry's data begin with five bytes of its own and go on with the entry that it quotes.
        const QUOTE: usize = 5;
        for (number, (name, data)) in listed.iter().enumerate().rev() {
            let offset = self.bytes.len();
            self.bytes.extend(data.local_header(name.as_bytes()));
            let own = if number == 0 { data.bytes.len() } else { QUOTE };
            self.bytes.extend(&data.bytes[..own]);
            self.list(name.as_bytes(), data, offset);
        }
        self
    }

    /// Writes an entry into the directory.
    pub(crate) fn list(&mut self, name: &[u8], data: &Data, offset: usize) {
        let zip64 = if data.size >= u64::from(u32::MAX) {
            [&[1, 0, 8, 0][..], &data.size.to_le_bytes()].concat()
        } else {
            Vec::new()
        };
        let offset = u32::try_from(offset).expect("less than 4 GiB").to_le_bytes();
        self.directory.extend(b"PK\x01\x02\x2d\0");
        self.directory.extend(data.said(name));
        self.directory.extend(u16::try_from(zip64.len()).expect("twelve bytes at most").to_le_bytes());
        self.directory.extend([0; 10]); // comment, disk, attributes
        self.directory.extend(offset);
        self.directory.extend(name);
        self.directory.extend(zip64);
        self.entries += 1;
    }

    /// The zip with its directory and its end.
    pub(crate) fn end(mut self) -> Vec<u8> {
        let start = self.bytes.len() as u64;
        let size = self.directory.len() as u64;
        self.bytes.append(&mut self.directory);
        if let Ok(entries) = u16::try_from(self.entries) {
            self.bytes.extend(b"PK\x05\x06\0\0\0\0");
            self.bytes.extend([entries.to_le_bytes(); 2].concat());
            self.bytes.extend(u32::try_from(size).expect("less than 4 GiB").to_le_bytes());
            self.bytes.extend(u32::try_from(start).expect("less than 4 GiB").to_le_bytes());
        } else {
            let end = start + size;
            self.bytes.extend(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
            self.bytes.extend([self.entries, self.entries, size, start].map(u64::to_le_bytes).concat());
            self.bytes.extend(b"PK\x06\x07\0\0\0\0");
            self.bytes.extend(end.to_le_bytes());
            self.bytes.extend([1, 0, 0, 0]);
            self.bytes.extend(b"PK\x05\x06\0\0\0\0");
            self.bytes.extend([0xff; 12]);
        }
        self.bytes.extend([0; 2]); // no comment
        self.bytes
    }
}
