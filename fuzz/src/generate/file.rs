//! Export files: zips of which something may be wrong.

use std::borrow::Cow;
use std::io::{Cursor, Write};

use arbitrary::Arbitrary;
use gaen::export::{EXPORT_BIN, EXPORT_SIG, HEADER};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Field, encode, from_bytes, signer};

/// What a file is made of.
#[derive(Arbitrary, Debug)]
struct Recipe {
    without_header: bool,
    message: Vec<Field>,
    signatures: Signatures,
    bare: bool,
    stored: bool,
    signatures_first: bool,
    others: Vec<(Name, Vec<u8>)>,
    damages: Vec<Damage>,
}

#[derive(Arbitrary, Debug)]
enum Signatures {
    /// One, which is good.
    Good,
    Missing,
    Bytes(Vec<u8>),
    Message(Vec<Field>),
}

#[derive(Arbitrary, Debug)]
enum Name {
    Second,
    Folder,
    Parent,
    Text(String),
}

/// What is done to a file once it is written. Places are counted from the start, or from the end if they are negative.
#[derive(Arbitrary, Debug)]
pub(super) enum Damage {
    Write { at: i16, byte: u8 },
    Add { at: i16, number: i8 },
    Insert { at: i16, bytes: Vec<u8> },
    Cut { at: i16 },
    Again,
}

/// The export file that an input is, or is the recipe of.
pub(crate) fn file(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    if data.starts_with(b"PK") || data.starts_with(HEADER) {
        return Some(data.into());
    }
    from_bytes::<Recipe>(data).map(|recipe| recipe.make().into())
}

/// The `export.bin` that an input is, or is the recipe of.
pub(crate) fn export_bin(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    if data.starts_with(HEADER) {
        return Some(data.into());
    }
    from_bytes::<Vec<Field>>(data).map(|fields| [HEADER, encode(&fields).as_slice()].concat().into())
}

impl Recipe {
    fn make(&self) -> Vec<u8> {
        let header = if self.without_header { &[][..] } else { HEADER };
        let export_bin = [header, &encode(&self.message)].concat();
        let mut file = if self.bare { export_bin } else { self.zip(&export_bin) };
        self.damages.iter().for_each(|damage| damage.apply(&mut file));
        file
    }

    fn zip(&self, export_bin: &[u8]) -> Vec<u8> {
        let export_sig = match &self.signatures {
            Signatures::Good => signer::export_sig(export_bin),
            Signatures::Missing => Vec::new(),
            Signatures::Bytes(bytes) => bytes.clone(),
            Signatures::Message(fields) => encode(fields),
        };
        let mut entries = vec![(EXPORT_BIN, export_bin), (EXPORT_SIG, &export_sig)];
        if self.signatures_first {
            entries.reverse();
        }
        entries.extend(self.others.iter().map(|(name, bytes)| (name.text(), bytes.as_slice())));
        let (method, level) = match self.stored {
            true => (CompressionMethod::Stored, None),
            false => (CompressionMethod::Deflated, Some(1)),
        };
        let options = SimpleFileOptions::default().compression_method(method).compression_level(level);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            // A name that is there already is not written again.
            if zip.start_file(name, options).is_ok() {
                zip.write_all(bytes).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    }
}

impl Name {
    fn text(&self) -> &str {
        match self {
            Self::Second => "content.sig",
            Self::Folder => "folder/export.bin",
            Self::Parent => "a/../export.sig",
            Self::Text(text) => text,
        }
    }
}

impl Damage {
    pub(super) fn apply(&self, file: &mut Vec<u8>) {
        let length = file.len();
        let place = |at: i16| {
            let from_start = if at < 0 { length.saturating_add_signed(at.into()) } else { at.unsigned_abs().into() };
            from_start.min(length)
        };
        match self {
            Self::Write { at, byte } => file.get_mut(place(*at)).into_iter().for_each(|found| *found = *byte),
            Self::Add { at, number } => {
                file.get_mut(place(*at)).into_iter().for_each(|found| *found = found.wrapping_add_signed(*number));
            }
            Self::Insert { at, bytes } => {
                let place = place(*at);
                file.splice(place..place, bytes.iter().copied()).for_each(drop);
            }
            Self::Cut { at } => file.truncate(place(*at)),
            Self::Again if length < 100_000 => file.extend_from_within(..),
            Self::Again => {}
        }
    }
}
