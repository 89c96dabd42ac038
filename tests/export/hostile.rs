//! Files made to cost time or memory: what is read of them, and what is said of them, stays within bounds.
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use gaen::export::{
    EXPORT_BIN, EXPORT_SIG, ExportError, FileReport, HEADER, Limits, ReadOptions, UnverifiedExport, inspect,
};
use gaen::search::SearchOptions;
use gaen::{Matcher, SightingIndex};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Bytes of a field that is a number.
fn number(field: u32, value: u8) -> Vec<u8> {
    [varint(u64::from(field) << 3), vec![value]].concat()
}

/// Bytes of a field that is bytes.
fn bytes(field: u32, value: &[u8]) -> Vec<u8> {
    [varint(u64::from(field) << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 0x7f {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
    out
}

fn export_bin(fields: &[Vec<u8>]) -> Vec<u8> {
    [HEADER, fields.concat().as_slice()].concat()
}

fn inspect_fields(fields: &[Vec<u8>]) -> FileReport {
    inspect(&export_bin(fields), &ReadOptions::default())
}

const KEY: u32 = 7;
const REVISED_KEY: u32 = 8;

fn good_key() -> Vec<u8> {
    [bytes(1, &[7; 16]), number(3, 100)].concat()
}

#[test]
fn a_report_lists_no_more_than_64_of_a_hundred_thousand_unknown_fields() {
    let fields: Vec<_> = (1_000..101_000).map(|field| number(field, 0)).collect();
    let report = inspect_fields(&fields);
    assert_eq!(report.problem, None);
    let export_bin = report.export_bin.unwrap();
    assert_eq!(export_bin.top_level_field_order, (1_000..1_064).collect::<Vec<_>>());
    assert!(export_bin.unknown_fields.keys().copied().eq(1_000..1_064));
}

#[test]
fn known_kinds_are_counted_on_once_there_are_too_many() {
    let fields: Vec<_> = (1_000..1_100).chain([1_000, 1_099]).map(|field| number(field, 0)).collect();
    let unknown_fields = inspect_fields(&fields).export_bin.unwrap().unknown_fields;
    assert_eq!((unknown_fields.get(&1_000), unknown_fields.get(&1_099)), (Some(&2), None));
}

#[test]
fn a_report_says_little_of_a_key_with_thirty_thousand_fields() {
    let report = inspect_fields(&[bytes(KEY, &[good_key(), number(9, 0).repeat(30_000)].concat())]);
    let export_bin = report.export_bin.unwrap();
    assert_eq!((report.problem, export_bin.keys), (None, 1));
    let sets: Vec<_> = export_bin.key_field_sets.keys().cloned().collect();
    assert_eq!(sets, ["1,3,".to_owned() + &["9"; 30].join(",")]);
}

#[test]
fn a_field_that_has_to_be_held_is_bounded_and_an_unknown_one_is_not() {
    let long = [good_key(), number(9, 0).repeat(33_000)].concat();
    for (field, is_held) in [(3, true), (6, true), (KEY, true), (REVISED_KEY, true), (9, false)] {
        let report = inspect_fields(&[bytes(KEY, &good_key()), bytes(field, &long)]);
        assert_eq!(report.problem_code, is_held.then_some("field_too_long"), "{field}");
        assert_eq!(report.export_bin.unwrap().keys, 1);
    }
}

#[test]
fn a_report_tells_no_more_than_64_combinations_of_fields_apart() {
    let keys: Vec<_> = (1_000..2_000).map(|field| bytes(KEY, &[good_key(), number(field, 0)].concat())).collect();
    let export_bin = inspect_fields(&keys).export_bin.unwrap();
    assert_eq!((export_bin.keys, export_bin.key_field_sets.len()), (1_000, 64));
}

#[test]
fn combinations_of_keys_and_revised_keys_share_one_bound() {
    let key =
        |number_of_fields: u32| (0..number_of_fields).map(|field| number(field + 100, 0)).collect::<Vec<_>>().concat();
    // 30 lengths of each kind of key with other fields beside them: 120 combinations.
    let marked = |mark: u32, length: u32| [number(mark, 0), key(length)].concat();
    let keys = (1..31).flat_map(|length| [20, 21].map(|mark| bytes(KEY, &marked(mark, length))));
    let revised_keys = (1..31).flat_map(|length| [22, 23].map(|mark| bytes(REVISED_KEY, &marked(mark, length))));
    let report = inspect_fields(&keys.chain(revised_keys).collect::<Vec<_>>());
    assert_eq!(report.export_bin.unwrap().key_field_sets.len(), 64);
}

#[test]
fn a_report_lists_no_more_signature_infos_than_the_limit() {
    let report = inspect_fields(&vec![bytes(6, &[]); 100_000]);
    assert_eq!(report.problem_code, Some("too_many_signature_infos"));
    assert_eq!(report.export_bin.unwrap().signature_infos.len(), 10);
}

#[test]
fn keys_and_revised_keys_share_one_limit() {
    let fields = [KEY, KEY, REVISED_KEY, REVISED_KEY].map(|field| bytes(field, &good_key()));
    let read = |keys| {
        let options = ReadOptions { limits: Limits { keys, ..Limits::default() }, ..ReadOptions::default() };
        UnverifiedExport::from_parts(export_bin(&fields), Vec::new(), &options)?.read_without_verifying()
    };
    let contents = read(4).unwrap();
    assert_eq!((contents.keys.len(), contents.revised_keys.len()), (2, 2));
    assert_eq!(read(3), Err(ExportError::TooManyKeys { limit: 3 }));
}

#[test]
fn the_default_limits_are_those_of_the_documentation() {
    let limits = Limits {
        file_bytes: 67_108_864,
        export_bin_bytes: 67_108_864,
        export_sig_bytes: 65_536,
        entries: 64,
        keys: 2_500_000,
        signature_infos: 10,
        signatures: 10,
        field_bytes: 65_536,
        candidates: 65_536,
    };
    assert_eq!(Limits::default(), limits);
    assert_eq!(ReadOptions::default().limits, limits);
}

#[test]
fn parts_over_their_limits_are_refused() {
    let (bin, sig) = (export_bin(&[]), bytes(2, &[0; 20]));
    let read = |export_bin_bytes, export_sig_bytes| {
        let limits = Limits { export_bin_bytes, export_sig_bytes, ..Limits::default() };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        UnverifiedExport::from_parts(bin.clone(), sig.clone(), &options).map(|_| ())
    };
    assert_eq!(read(16, 22), Ok(()));
    assert_eq!(read(15, 22), Err(ExportError::EntryTooLarge { name: EXPORT_BIN, found: 16, limit: 15 }));
    assert_eq!(read(16, 21), Err(ExportError::EntryTooLarge { name: EXPORT_SIG, found: 22, limit: 21 }));
}

#[test]
fn a_name_from_a_file_is_cut_and_escaped_in_its_error() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let hostile = format!("\u{1b}[31m\n{}", "x".repeat(5_000));
    for name in [EXPORT_BIN, EXPORT_SIG, &hostile] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(HEADER).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let error = UnverifiedExport::from_zip(&zip, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.code(), "entry_unexpected");
    let message = error.to_string();
    assert!(message.contains("\\u{1b}[31m\\nxxx") && message.contains("xxx\"..."), "{message}");
    assert!(message.len() < 300 && !message.contains(char::is_control), "{message}");
}

/// A reader that counts what is read, and how often it is moved.
struct Counting<R> {
    inner: R,
    bytes: u64,
    seeks: u64,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buf)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seeks += 1;
        self.inner.seek(to)
    }
}

const MIB_64: usize = 64 << 20;

/// The code with which a search refuses a file, after reading no more of it than an honest directory could take.
fn refused_early(file: &[u8]) -> &'static str {
    let index = SightingIndex::new(Vec::new()).unwrap();
    let mut reader = Counting { inner: Cursor::new(file), bytes: 0, seeks: 0 };
    let outcome = Matcher::new(&index).search().add_export(0, &mut reader, &SearchOptions::unverified());
    assert!(reader.bytes < 512 << 10, "{} bytes read", reader.bytes);
    assert!(reader.seeks < 10_000, "{} seeks", reader.seeks);
    let code = outcome.unwrap_err().code();
    assert_eq!(UnverifiedExport::from_zip(file, &ReadOptions::default()).unwrap_err().code(), code);
    code
}

/// The record that ends a zip of so many entries, whose directory has this place and size.
fn end_record(entries: u16, size: u32, offset: u32) -> Vec<u8> {
    let [entries, size, offset] = [&entries.to_le_bytes()[..], &size.to_le_bytes(), &offset.to_le_bytes()];
    [b"PK\x05\x06\0\0\0\0", entries, entries, size, offset, &[0, 0]].concat()
}

/// 64 MiB that begin as a zip, end in these bytes, and repeat others in between.
fn filled(filling: &[u8], end: &[u8]) -> Vec<u8> {
    let begin = b"PK\x03\x04";
    let length = MIB_64 - begin.len() - end.len();
    let mut middle = filling.repeat(length.div_ceil(filling.len()));
    middle.truncate(length);
    [begin, &middle[..], end].concat()
}

#[test]
fn a_large_file_without_a_directory_is_refused_without_reading_it() {
    assert_eq!(refused_early(&filled(&[0], &[])), "zip_damaged");
    // As many records that end a zip as there is room for; only those at the end of the file could be meant.
    assert_eq!(refused_early(&filled(&end_record(1, 46, 4), &[])), "zip_damaged");
    assert_eq!(refused_early(&filled(&end_record(1, 46, 4), &[0; 66_000])), "zip_damaged");
    // One record, whose directory could begin anywhere.
    assert_eq!(refused_early(&filled(&[0], &end_record(1, 46, 4))), "zip_damaged");
    assert_eq!(refused_early(&filled(b"PK", &end_record(1, 46, 4))), "zip_damaged");
}

#[test]
fn a_zip64_record_that_could_be_anywhere_is_refused_without_looking_for_it() {
    let record = [&b"PK\x06\x06\x2c\0\0\0\0\0\0\0"[..], &[0; 44]].concat();
    let locator = [&b"PK\x06\x07\0\0\0\0"[..], &4_u64.to_le_bytes(), &1_u32.to_le_bytes()].concat();
    let end = [&[0; 70_000][..], &locator, &end_record(u16::MAX, u32::MAX, u32::MAX)].concat();
    for filling in [&record[..], b"PK\x06\x06", &[0]] {
        assert_eq!(refused_early(&filled(filling, &end)), "zip_damaged");
    }
}

#[test]
fn a_huge_directory_is_refused_without_taking_it_in() {
    let header = |name: &[u8]| {
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        [b"PK\x01\x02", &[0; 24][..], &length, &[0; 16], name].concat()
    };
    let zip_of = |names: Vec<Vec<u8>>| {
        let directory: Vec<u8> = names.iter().flat_map(|name| header(name)).collect();
        let end = end_record(u16::try_from(names.len()).unwrap(), u32::try_from(directory.len()).unwrap(), 200_000);
        [b"PK\x03\x04".to_vec(), vec![0; 200_000 - 4], directory, end].concat()
    };
    assert_eq!(
        refused_early(&zip_of((0..60_000_u32).map(|name| name.to_le_bytes().to_vec()).collect())),
        "too_many_entries"
    );
    assert_eq!(refused_early(&zip_of((0..60_u8).map(|name| vec![name; 60_000]).collect())), "zip_damaged");
}

#[test]
fn the_largest_file_and_the_longest_comment_are_opened() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file(EXPORT_SIG, stored).unwrap();
    zip.start_file(EXPORT_BIN, stored).unwrap();
    // Unknown fields, and among them all that a directory is made of.
    let unknown = bytes(9, &b"PK\x01\x02PK\x05\x06PK\x06\x06PK\x06\x07".repeat((MIB_64 - 70_000) / 16));
    zip.write_all(&export_bin(&[bytes(KEY, &good_key()), unknown, bytes(KEY, &good_key())])).unwrap();
    zip.set_raw_comment(vec![b' '; usize::from(u16::MAX)].into()).unwrap();
    let file = zip.finish().unwrap().into_inner();
    let index = SightingIndex::new(Vec::new()).unwrap();
    let reader = Counting { inner: Cursor::new(&file), bytes: 0, seeks: 0 };
    let summary = Matcher::new(&index).search().add_export(0, reader, &SearchOptions::unverified()).unwrap();
    assert_eq!(summary.keys, 2);
}

/// A reader that gives at most a hundred bytes at a time.
struct Trickling<R>(R);

impl<R: Read> Read for Trickling<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(100);
        self.0.read(&mut buf[..most])
    }
}

impl<R: Seek> Seek for Trickling<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn what_a_directory_may_cost_does_not_depend_on_how_much_a_reader_gives_at_a_time() {
    let index = SightingIndex::new(Vec::new()).unwrap();
    let search = |file: &[u8]| {
        let reader = Trickling(Cursor::new(file));
        Matcher::new(&index).search().add_export(0, reader, &SearchOptions::unverified())
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [(EXPORT_SIG, vec![]), (EXPORT_BIN, export_bin(&[bytes(KEY, &good_key())]))] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.set_raw_comment(vec![b' '; usize::from(u16::MAX)].into()).unwrap();
    assert_eq!(search(&zip.finish().unwrap().into_inner()).unwrap().keys, 1);

    let header = [b"PK\x01\x02", &[0; 42][..]].concat();
    let end = end_record(65, 65 * 46, 4);
    let many = [b"PK\x03\x04".to_vec(), header.repeat(65), end].concat();
    assert_eq!(search(&many).unwrap_err(), ExportError::TooManyEntries { limit: 64 });
}
