//! Export files of any size, and the ways to read one.

use std::error::Error;
use std::io::{self, Read, Seek, Write};

use gaen::export::{
    EXPORT_BIN, EXPORT_SIG, ExportError, HEADER, Limits, PublicKey, ReadOptions, SignatureAlgorithm, Trust, TrustedKey,
};
use gaen::search::SearchOptions;
use gaen::{DiagnosisKey, MatchReport, Matcher};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Verifies a file and matches its keys: how many they are, and what was found.
///
/// # Errors
/// [`ExportError`] for anything wrong with the file, or with reading it.
pub fn search<R: Read + Seek>(
    matcher: &Matcher<'_>,
    reader: R,
    trust: &Trust,
) -> Result<(u64, MatchReport), ExportError> {
    let mut search = matcher.search();
    let summary = search.add_export(0, reader, &SearchOptions::verified_by(trust).reading(any_size()))?;
    Ok((summary.keys, search.finish()))
}

/// Inflates `export.bin` to nothing: what any reader of the file has to do at least. How many bytes it has.
///
/// # Errors
/// When the file cannot be read or is no export.
pub fn inflate<R: Read + Seek>(reader: R) -> io::Result<u64> {
    io::copy(&mut ZipArchive::new(reader)?.by_name(EXPORT_BIN)?, &mut io::sink())
}

/// The hash that identifies a file and that is signed, as the library computes it.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The default options without limits on the size of the file.
#[must_use]
pub fn any_size() -> ReadOptions {
    let limits = Limits { file_bytes: u64::MAX, export_bin_bytes: u64::MAX, keys: usize::MAX, ..Limits::default() };
    ReadOptions { limits, ..ReadOptions::default() }
}

/// Who signs the files of this module.
#[derive(Clone, Debug)]
pub struct Authority(SigningKey);

/// The names that files give to the key and the algorithm.
const NAMES: [(u8, &str); 3] = [(3, "v1"), (4, "440"), (5, "1.2.840.10045.4.3.2")];

impl Authority {
    /// Always the same, and so no secret.
    ///
    /// # Panics
    /// Never: its key is one.
    #[must_use]
    pub fn new() -> Self {
        Self(SigningKey::from_slice(&[0x42; 32]).expect("a number below the order of the curve"))
    }

    /// What a reader has to trust.
    ///
    /// # Panics
    /// Never: its key is one.
    #[must_use]
    pub fn trust(&self) -> Trust {
        Trust::new(TrustedKey::new("440", "v1", self.public_key()))
    }

    /// Its public key.
    ///
    /// # Panics
    /// Never: its key is one.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        let point = self.0.verifying_key().to_sec1_point(false);
        PublicKey::from_point(point.as_bytes()).expect("a point of the curve")
    }

    /// An algorithm, and a signature with it over the SHA-256 of a message: DER.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, sha256: &[u8; 32]) -> Result<(SignatureAlgorithm, Vec<u8>), Box<dyn Error>> {
        let signature: Signature = self.0.sign_prehash(sha256)?;
        Ok((SignatureAlgorithm::EcdsaP256Sha256, signature.to_der().as_bytes().to_vec()))
    }

    /// Writes a signed export of these keys as a zip, one key after the other, so that no number of them takes memory.
    /// The messages are those that `ExportBuilder` writes.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write<W: Write + Seek>(
        &self,
        keys: impl Iterator<Item = DiagnosisKey>,
        out: W,
    ) -> Result<W, Box<dyn Error>> {
        let mut zip = ZipWriter::new(out);
        // The date is the first that a zip can hold, so that the same keys give the same file.
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(EXPORT_BIN, options)?;
        let mut sha256 = Sha256::new();
        let mut piece = head();
        for key in keys {
            field(&mut piece, 7, &key_message(&key));
            if piece.len() >= 1 << 16 {
                sha256.update(&piece);
                zip.write_all(&piece)?;
                piece.clear();
            }
        }
        sha256.update(&piece);
        zip.write_all(&piece)?;

        let (_, signature) = self.sign(&sha256.finalize().into())?;
        let mut tek_signature = Vec::new();
        field(&mut tek_signature, 1, &info());
        number(&mut tek_signature, 2, 1);
        number(&mut tek_signature, 3, 1);
        field(&mut tek_signature, 4, &signature);
        let mut list = Vec::new();
        field(&mut list, 1, &tek_signature);
        zip.start_file(EXPORT_SIG, options)?;
        zip.write_all(&list)?;
        Ok(zip.finish()?)
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// What stands before the keys.
fn head() -> Vec<u8> {
    let mut head = HEADER.to_vec();
    for (tag, timestamp) in [(1, 1_590_019_200_u64), (2, 1_591_228_800)] {
        head.push(tag << 3 | 1);
        head.extend(timestamp.to_le_bytes());
    }
    field(&mut head, 3, b"440");
    number(&mut head, 4, 1);
    number(&mut head, 5, 1);
    field(&mut head, 6, &info());
    head
}

fn info() -> Vec<u8> {
    let mut info = Vec::new();
    for (tag, name) in NAMES {
        field(&mut info, tag, name.as_bytes());
    }
    info
}

/// A key as servers write it, with the fields that most have.
fn key_message(key: &DiagnosisKey) -> Vec<u8> {
    let mut message = Vec::with_capacity(40);
    field(&mut message, 1, key.key_data.as_bytes());
    number(&mut message, 2, u64::from(key.key_data.as_bytes()[0] % 8));
    number(&mut message, 3, key.window.start().as_u32().into());
    number(&mut message, 4, key.window.period().as_u32().into());
    number(&mut message, 5, 1);
    number(&mut message, 6, u64::from(key.key_data.as_bytes()[1] % 28));
    message
}

/// A field of bytes, of whatever length.
fn field(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

/// A field of a number.
fn number(out: &mut Vec<u8>, tag: u8, value: u64) {
    out.push(tag << 3);
    varint(out, value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use gaen::SightingIndex;
    use gaen::export::UnverifiedExport;

    use super::*;
    use crate::World;

    #[test]
    fn a_file_reads_as_it_was_written() {
        let world = World::exhaustive(1000, 5000);
        let authority = Authority::new();
        let zip = authority.write(world.keys.iter(), Cursor::new(Vec::new())).unwrap();
        let index = SightingIndex::new(world.sightings.clone()).unwrap();
        let (keys, report) = search(&Matcher::new(&index), zip.clone(), &authority.trust()).unwrap();
        assert_eq!(keys, 5000_u64);
        world.check([&report]);

        let unverified = UnverifiedExport::from_zip(zip.get_ref(), &ReadOptions::default()).unwrap();
        let verified = unverified.verify(&authority.trust()).unwrap();
        assert!(
            verified
                .keys()
                .iter()
                .zip(world.keys.iter())
                .all(|(read, made)| { (read.key_data, read.window) == (made.key_data, made.window) })
        );
        assert!(verified.contents().skipped.total() == 0 && verified.contents().ignored.total() == 0);
        assert_eq!(inflate(zip).unwrap(), unverified.export_bin().len() as u64);
    }
}
