//! Zips with the two entries of an export, and what is in them.

use std::io::{Cursor, Read, Write};

use gaen::export::{EXPORT_BIN, EXPORT_SIG};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip of these two, in either order.
pub(crate) fn zip(export_bin: &[u8], export_sig: &[u8], bin_first: bool, method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut entries = [(EXPORT_BIN, export_bin), (EXPORT_SIG, export_sig)];
    if !bin_first {
        entries.reverse();
    }
    for (name, bytes) in entries {
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The two entries of a zip.
pub(crate) fn entries(zip: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut entry = |name| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    (entry(EXPORT_BIN), entry(EXPORT_SIG))
}
