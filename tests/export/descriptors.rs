//! Stored entries whose checksum and sizes follow their data, as a program writes them that cannot go back. The
//! directory repeats all three and alone counts.

use std::io::Cursor;

use flate2::Crc;
use gaen::export::{
    EXPORT_BIN, EXPORT_SIG, ExportBuilder, ExportError, ReadOptions, UnverifiedExport, ZipEntry, inspect,
};
use gaen::search::SearchOptions;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, SightingIndex};

use crate::signed::{rng, signer, trust};
use crate::zips::entries;

const KEYS: u8 = 30;

/// What a header or a descriptor says of an entry's data.
#[derive(Clone, Copy, Default)]
struct Sums {
    crc: u32,
    compressed: u32,
    size: u32,
}

/// A size of zip64.
fn long(size: u32) -> [u8; 8] {
    u64::from(size).to_le_bytes()
}

impl Sums {
    fn of(data: &[u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(data);
        let size = u32::try_from(data.len()).unwrap();
        Self { crc: crc.sum(), compressed: size, size }
    }

    fn descriptor(self, signature: &[u8], zip64: bool) -> Vec<u8> {
        let sizes = [self.compressed, self.size];
        let sizes = if zip64 { sizes.map(long).concat() } else { sizes.map(u32::to_le_bytes).concat() };
        [signature, &self.crc.to_le_bytes(), &sizes].concat()
    }

    /// A header of an entry, local without a place or of the directory with one.
    fn header(self, name: &str, zip64: bool, place: Option<u32>) -> Vec<u8> {
        let short = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
        let (version, sizes, extra) = if zip64 {
            (45, vec![0xff; 8], [&short(1)[..], &short(16), &long(self.size), &long(self.compressed)].concat())
        } else {
            (20, [self.compressed, self.size].map(u32::to_le_bytes).concat(), Vec::new())
        };
        let lengths = [short(name.len()), short(extra.len())].concat();
        // Flag bit 3, method 0, the first of January 1980.
        let fields =
            [&short(version)[..], b"\x08\0", b"\0\0", b"\0\0\x21\0", &self.crc.to_le_bytes(), &sizes, &lengths];
        let fields = fields.concat();
        let (begin, end) = match place {
            None => (&b"PK\x03\x04"[..], Vec::new()),
            Some(place) => (&b"PK\x01\x02\x14\0"[..], [&[0; 10][..], &place.to_le_bytes()].concat()),
        };
        [begin, &fields, &end, name.as_bytes(), &extra].concat()
    }
}

/// The two entries of a good export.
fn good() -> [(&'static str, Vec<u8>); 2] {
    let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY).unwrap();
    let keys = (1..=KEYS).map(|number| DiagnosisKey::new([number; 16], window));
    let builder = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).keys(keys);
    let (bin, sig) = entries(&builder.build(&[signer()], &mut rng()).unwrap().remove(0).zip);
    [(EXPORT_BIN, bin), (EXPORT_SIG, sig)]
}

/// A zip in which these descriptors follow, and the directory says this of `export.bin`.
fn zip(zip64: bool, descriptor: impl Fn(Sums) -> Vec<u8>, directory: impl Fn(Sums) -> Sums) -> Vec<u8> {
    let (mut zip, mut headers) = (Vec::new(), Vec::new());
    for (name, data) in good() {
        let sums = Sums::of(&data);
        let said = if name == EXPORT_BIN { directory(sums) } else { sums };
        headers.extend(said.header(name, zip64, Some(u32::try_from(zip.len()).unwrap())));
        zip.extend([Sums::default().header(name, zip64, None), data, descriptor(sums)].concat());
    }
    let place = [headers.len(), zip.len()].map(|number| u32::try_from(number).unwrap().to_le_bytes()).concat();
    [&zip[..], &headers, b"PK\x05\x06\0\0\0\0\x02\0\x02\0", &place, b"\0\0"].concat()
}

/// How many keys are read, in memory and by a search, which say the same.
fn keys(zip: &[u8]) -> Result<usize, ExportError> {
    let read = UnverifiedExport::from_zip(zip, &ReadOptions::default()).and_then(|export| export.verify(&trust()));
    let keys = read.map(|export| export.contents().keys.len());
    let index = SightingIndex::new(Vec::new()).unwrap();
    let searched = Matcher::new(&index).search().add_export(0, Cursor::new(zip), &SearchOptions::verified_by(&trust()));
    assert_eq!(searched.map(|summary| summary.keys), keys.clone().map(|keys| keys as u64));
    keys
}

#[test]
fn every_form_of_descriptor_is_passed_over() {
    for zip64 in [false, true] {
        let descriptors: [&dyn Fn(Sums) -> Vec<u8>; 5] = [
            &|sums| sums.descriptor(b"PK\x07\x08", zip64),
            &|sums| sums.descriptor(b"", zip64),
            // These are wrong, and nothing reads them.
            &|sums| sums.descriptor(b"PK\x07\x08", !zip64),
            &|_| Sums::default().descriptor(b"PK\x07\x08", zip64),
            &|_| Vec::new(),
        ];
        for (number, descriptor) in descriptors.into_iter().enumerate() {
            let zip = zip(zip64, descriptor, |sums| sums);
            assert_eq!(keys(&zip), Ok(usize::from(KEYS)), "{number}, zip64: {zip64}");
            let report = inspect(&zip, &ReadOptions::default());
            assert_eq!(report.problem, None);
            let is_described = |entry: &ZipEntry| entry.method == "stored" && entry.data_descriptor;
            assert!(report.zip_entries.iter().all(is_described), "{:?}", report.zip_entries);
        }
    }
}

#[test]
fn a_directory_that_says_other_than_the_data_is_refused() {
    type Change = fn(Sums) -> Sums;
    let wrong: [(&str, Change, &str); 7] = [
        ("another checksum", |sums| Sums { crc: !sums.crc, ..sums }, "zip_damaged"),
        ("a byte more", |sums| Sums { compressed: sums.compressed + 1, size: sums.size + 1, ..sums }, "zip_damaged"),
        ("a byte less", |sums| Sums { compressed: sums.compressed - 1, size: sums.size - 1, ..sums }, "zip_damaged"),
        ("that it grows", |sums| Sums { size: sums.size + 1, ..sums }, "zip_damaged"),
        ("that it shrinks", |sums| Sums { size: sums.size - 1, ..sums }, "zip_damaged"),
        ("an end outside", |sums| Sums { compressed: 1 << 20, size: 1 << 20, ..sums }, "zip_damaged"),
        ("nothing yet", |_| Sums::default(), "header_missing"),
    ];
    for (name, directory, code) in wrong {
        for (signature, zip64) in [(&b"PK\x07\x08"[..], false), (b"", false), (b"PK\x07\x08", true), (b"", true)] {
            let zip = zip(zip64, |sums| sums.descriptor(signature, zip64), directory);
            assert_eq!(keys(&zip).unwrap_err().code(), code, "{name}, {signature:?}, zip64: {zip64}");
        }
    }
}
