//! A scan of a file in one pass finds what a search over the same file in memory finds, says of a bad file what is said
//! of it in memory, and leaves nothing of it behind.
#![cfg(feature = "export")]

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use gaen::export::{
    EXPORT_BIN, EXPORT_SIG, ExportBuilder, ExportError, ExportSummary, HEADER, Limits, Progress, ReadOptions, Signer,
    TemporaryExposureKeyExport, Trust, TrustedKey, UnverifiedExport, export_bin_sha256,
};
use gaen::{
    DiagnosisKey, EnIntervalNumber, MatchReport, Matcher, Profile, ReportType, RollingPeriod, RollingWindow,
    ScanOptions, Sighting, SightingIndex,
};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

mod vectors;

fn rng() -> StdRng {
    StdRng::seed_from_u64(20_200_724)
}

fn signer() -> Signer {
    Signer::generate("440", "v1", &mut rng())
}

fn trust() -> Trust {
    Trust::new(signer().trusted_key())
}

fn some_keys(count: usize) -> Vec<DiagnosisKey> {
    let mut rng = rng();
    let key = |number: usize| {
        let start = 2_659_248 + 144 * u32::try_from(number % 14).unwrap();
        let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::FULL_DAY).unwrap();
        let mut key = DiagnosisKey::new([0; 16], window);
        rng.fill_bytes(&mut key.key_data);
        key.report_type = ReportType::from_number(i32::try_from(number % 6).unwrap());
        key
    };
    (0..count).map(key).collect()
}

fn export(keys: &[DiagnosisKey]) -> Vec<u8> {
    let builder = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).keys(keys.to_vec());
    builder.build(&[signer()], &mut rng()).unwrap().remove(0).zip
}

/// An index in which the first identifier of each of these keys was heard, at its time.
fn heard<'k>(keys: impl IntoIterator<Item = &'k DiagnosisKey>) -> SightingIndex {
    let sightings = keys.into_iter().map(|key| {
        let (rpi, start) = (key.identifier_key().identifier(key.window.start()), key.window.start());
        let aem = key.metadata_key().encrypt(&rpi, "40080000".parse().unwrap());
        Sighting::new(rpi, aem.as_bytes(), -60, start.unix_seconds())
    });
    SightingIndex::new(sightings.collect()).unwrap()
}

/// What a file says when it is read into memory; no signature is asked for without a trust.
fn in_memory(
    file: &[u8],
    options: &ReadOptions,
    trust: Option<&Trust>,
) -> Result<(TemporaryExposureKeyExport, Vec<String>, [u8; 32]), ExportError> {
    let Some(trust) = trust else {
        let export = if file.starts_with(HEADER) {
            UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)?
        } else {
            UnverifiedExport::from_zip(file, options)?
        };
        return Ok((export.read_without_verifying()?, Vec::new(), export.export_sha256()));
    };
    let export = UnverifiedExport::from_zip(file, options)?.verify(trust)?;
    Ok((export.contents().clone(), export.verified_by().to_vec(), export.export_sha256()))
}

fn scan_options<'t>(options: &ReadOptions, trust: Option<&'t Trust>) -> ScanOptions<'t> {
    trust.map_or_else(ScanOptions::unverified, ScanOptions::verified_by).reading(options.clone())
}

/// A scan gives what reading into memory gives: the same error; or the same contents, and for an index in which all
/// keys of the file were heard, the same report, which lists every key with all of its fields in the file's order.
fn assert_same(file: &[u8], options: &ReadOptions, trust: Option<&Trust>, what: &str) -> Result<(), ExportError> {
    let expected = in_memory(file, options, trust);
    let index = heard(expected.as_ref().map(|(export, ..)| export.keys.as_slice()).unwrap_or_default());
    let mut search = Matcher::new(&index).search();
    let found = search.scan(7, Halting::new(file), &scan_options(options, trust));
    let report = search.finish();
    let (export, export_sha256) = match (expected, found) {
        (Err(expected), Err(found)) => {
            assert_eq!(found, expected, "{what}");
            assert_eq!((report.matches.len(), report.dropped.total()), (0, 0), "{what}");
            return Err(found);
        }
        (Ok((export, verified_by, export_sha256)), Ok(found)) => {
            assert_eq!(of_summary(&found), of_memory(&export, &verified_by, export_sha256), "{what}");
            (export, export_sha256)
        }
        (expected, found) => panic!("{what}: {found:?} instead of {expected:?}"),
    };
    let mut search = Matcher::new(&index).search();
    search.add(7, &export.keys);
    assert_eq!(report, search.finish(), "{what}");
    assert_eq!(export_bin_sha256(Cursor::new(file), options), Some(export_sha256), "{what}");
    Ok(())
}

/// A summary, in a form that both ways of reading can be brought into.
fn of_summary(s: &ExportSummary) -> String {
    let about = (s.start_timestamp, s.end_timestamp, &s.region, s.batch, &s.signature_infos);
    let counts = (s.keys, s.revised_keys, &s.skipped, &s.ignored);
    format!("{about:?} {counts:?} {:?} {:?}", s.verified_by, s.export_sha256)
}

fn of_memory(e: &TemporaryExposureKeyExport, verified_by: &[String], export_sha256: [u8; 32]) -> String {
    let about = (e.start_timestamp, e.end_timestamp, &e.region, e.batch, &e.signature_infos);
    let counts = (e.keys.len(), e.revised_keys.len(), &e.skipped, &e.ignored);
    format!("{about:?} {counts:?} {verified_by:?} {export_sha256:?}")
}

/// A reader that gives a few bytes at a time, another number each time, and is interrupted now and then.
struct Halting<'f> {
    file: Cursor<&'f [u8]>,
    turn: usize,
}

impl<'f> Halting<'f> {
    fn new(file: &'f [u8]) -> Self {
        Self { file: Cursor::new(file), turn: 0 }
    }
}

impl Read for Halting<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        if self.turn.is_multiple_of(11) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        // Directory headers come whole: a short read of one would only be counted less strictly.
        let most = if buf.len() > 64 { self.turn * 37 % 5000 + 1 } else { buf.len() };
        let most = most.min(buf.len());
        self.file.read(&mut buf[..most])
    }
}

impl Seek for Halting<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn every_vector_is_scanned_as_it_is_read_in_memory() {
    let manifest = vectors::manifest();
    let mut readings = 0;
    for (name, file) in manifest["files"].as_object().unwrap() {
        let zip = std::fs::read(format!("{}/{name}", vectors::folder())).unwrap();
        for reading in file["readings"].as_array().unwrap() {
            let (options, trust) = (vectors::options(&manifest, reading), vectors::trust(&manifest, reading));
            let code = assert_same(&zip, &options, Some(&trust), name).map_err(|error| error.code()).err();
            assert_eq!(code, reading["error"].as_str(), "{name}: {reading}");
            let _ = assert_same(&zip, &options, None, name);
            readings += 1;
        }
    }
    assert!(readings >= 160, "{readings} readings");
}

#[test]
fn every_real_file_is_scanned_as_it_is_read_in_memory() {
    let Some(folder) = std::env::var_os("GAEN_REAL_EXPORTS").map(std::path::PathBuf::from) else {
        return eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is checked");
    };
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut files, mut verified) = (0, 0);
    for (name, about) in expected["files"].as_object().unwrap() {
        let file = std::fs::read(folder.join(name)).unwrap();
        for profile in [Profile::Google, Profile::Apple] {
            let options = ReadOptions { profile, ..ReadOptions::default() };
            let _ = assert_same(&file, &options, None, name);
            let spki = about["public_key"].as_str().and_then(|key| expected["public_keys"][key]["spki_b64"].as_str());
            let Some(key) = spki.map(|spki| spki.parse().unwrap()) else { continue };
            let signature =
                UnverifiedExport::from_zip(&file, &options).ok().map(|export| export.signatures()[0].clone());
            let info = signature.map(|signature| signature.signature_info);
            let part = |part: Option<String>| part.unwrap_or_default();
            let (id, version) =
                info.map_or_else(Default::default, |i| (part(i.verification_key_id), part(i.verification_key_version)));
            let trust = Trust::new(TrustedKey::new(id, version, key));
            verified += u32::from(assert_same(&file, &options, Some(&trust), name).is_ok());
        }
        files += 1;
    }
    assert!(files >= 14 && verified >= 14, "{files} files, {verified} verified readings");
}

/// A zip of these two, in either order.
fn zip(export_bin: &[u8], export_sig: &[u8], bin_first: bool, method: CompressionMethod) -> Vec<u8> {
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
fn entries(zip: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut entry = |name| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    (entry(EXPORT_BIN), entry(EXPORT_SIG))
}

#[test]
fn the_order_of_the_two_entries_and_their_compression_mean_nothing() {
    let keys = some_keys(10_000);
    let (export_bin, export_sig) = entries(&export(&keys));
    for bin_first in [true, false] {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let zip = zip(&export_bin, &export_sig, bin_first, method);
            assert_same(&zip, &ReadOptions::default(), Some(&trust()), "in either order").unwrap();
        }
    }
    assert_same(&export_bin, &ReadOptions::default(), None, "bare").unwrap();
    let bare = Matcher::new(&heard([])).scan(Cursor::new(&export_bin), &trust()).unwrap_err();
    assert_eq!(bare.code(), "not_a_zip", "a bare export.bin has no signature");
}

#[test]
fn a_file_that_fails_leaves_the_search_as_it_was() {
    let keys = some_keys(9_000);
    let (good, others) = keys.split_at(3_000);
    let index = heard(&keys);
    let alone = |then: &mut dyn FnMut(&mut gaen::Search<'_>)| -> MatchReport {
        let mut search = Matcher::new(&index).search();
        search.scan(0, Cursor::new(export(good)), &ScanOptions::verified_by(&trust())).unwrap();
        then(&mut search);
        search.finish()
    };
    let expected = alone(&mut |_| {});
    assert_eq!(expected.matches.len(), good.len());

    let (mut export_bin, export_sig) = entries(&export(others));
    let at = export_bin.len() / 2;
    export_bin[at] ^= 1;
    let tampered = zip(&export_bin, &export_sig, true, CompressionMethod::Deflated);
    let fails_with = |code: &str, file: &[u8], options: &ScanOptions<'_>| {
        let report = alone(&mut |search| {
            assert_eq!(search.scan(1, Cursor::new(file), options).unwrap_err().code(), code);
        });
        assert_eq!(report, expected, "{code}");
    };
    fails_with("signature_invalid", &tampered, &ScanOptions::verified_by(&trust()));
    let with = |limits| ReadOptions { limits, ..ReadOptions::default() };
    let few = with(Limits { candidates: 5_999, ..Limits::default() });
    fails_with("too_many_candidates", &export(others), &ScanOptions::verified_by(&trust()).reading(few));
    let short = with(Limits { keys: 5_999, ..Limits::default() });
    fails_with("too_many_keys", &export(others), &ScanOptions::verified_by(&trust()).reading(short));

    let enough = with(Limits { candidates: 6_000, ..Limits::default() });
    let trust = trust();
    let both = alone(&mut |search| {
        let options = ScanOptions::verified_by(&trust).reading(enough.clone());
        search.scan(1, Cursor::new(export(others)), &options).unwrap();
    });
    assert_eq!(both.matches.len(), keys.len());
    assert!(both.matches[..good.len()] == expected.matches[..] && both.matches[good.len()].source == 1);
}

#[test]
fn a_scan_tells_how_far_it_is_and_can_be_stopped() {
    let keys = some_keys(20_000);
    let index = heard(&keys);
    let mut search = Matcher::new(&index).search();
    let (trust, file) = (trust(), export(&keys));
    let options = ScanOptions::verified_by(&trust);
    let mut told: Vec<Progress> = Vec::new();
    let summary = search
        .scan_with(0, Cursor::new(&file), &options, |progress| {
            told.push(*progress);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(told.len() >= 4 && told.is_sorted_by(|a, b| a.bytes <= b.bytes && a.keys <= b.keys));
    let last = told[told.len() - 1];
    assert_eq!((last.bytes, last.keys, summary.keys), (last.total_bytes, 20_000, 20_000));
    assert_eq!(last.total_bytes, entries(&file).0.len() as u64);

    let mut stopped = Matcher::new(&index).search();
    let error = stopped.scan_with(0, Cursor::new(&file), &options, |progress| {
        if progress.keys < 10_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert_eq!(error, Err(ExportError::Cancelled));
    assert_eq!(stopped.finish().matches, []);
}

#[test]
fn a_scan_without_keys_can_be_stopped_after_every_mebibyte() {
    let unknown = [&HEADER[..], &[0x4a, 0x80, 0x80, 0x80, 0x04], &vec![0; 8 << 20]].concat();
    for (file, limits) in [
        (zip(&unknown, &[], true, CompressionMethod::Deflated), Limits::default()),
        (zip(&unknown[1..], &[], true, CompressionMethod::Deflated), Limits::default()), // no header
        (unknown.clone(), Limits::default()),
    ] {
        let calls = Cell::new(0);
        let options = ScanOptions::unverified().reading(ReadOptions { limits, ..ReadOptions::default() });
        let observe = |_: &Progress| {
            calls.set(calls.get() + 1);
            if calls.get() < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let index = heard([]);
        let error = Matcher::new(&index).search().scan_with(0, Cursor::new(file), &options, observe).unwrap_err();
        assert_eq!(error, ExportError::Cancelled);
    }
}

#[test]
fn a_reader_that_fails_says_nothing_of_the_file() {
    struct Failing<'f>(Cursor<&'f [u8]>, u64);
    impl Read for Failing<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0.position() >= self.1 { Err(io::Error::other("the disk is gone")) } else { self.0.read(buf) }
        }
    }
    impl Seek for Failing<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let file = export(&some_keys(3_000));
    let index = heard([]);
    for from in [0, 10, 40_000, file.len() as u64 - 30] {
        let error = Matcher::new(&index).scan(Failing(Cursor::new(&file), from), &trust()).unwrap_err();
        assert_eq!(error, ExportError::Unreadable { detail: "the disk is gone".to_owned() }, "{from}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_bent_zip_is_scanned_as_it_is_read_in_memory(
        count in 0..400_usize,
        bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut file = export(&some_keys(count));
        for (at, bits) in bends {
            let at = at.index(file.len());
            file[at] ^= bits;
        }
        let end = cut.map_or(file.len(), |cut| cut.index(file.len() + 1));
        for trust in [Some(&trust()), None] {
            let _ = assert_same(&file[..end], &ReadOptions::default(), trust, "bent");
        }
    }

    #[test]
    fn a_bent_export_bin_is_scanned_as_it_is_read_in_memory(
        count in 0..400_usize,
        pieces in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..12)), 0..4),
        bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        groups in prop::collection::vec((any::<prop::sample::Index>(), 0..105_usize), 0..2),
        long in prop::option::of((any::<prop::sample::Index>(), 1..80_000_usize, prop::sample::select(vec![0x4a, 0x3a, 0x1a]))),
        bin_first: bool,
        apple: bool,
    ) {
        let (mut bin, sig) = entries(&export(&some_keys(count)));
        // Fields that are inserted at the end stand where a field may begin.
        for (at, piece) in pieces {
            let at = if piece.len() % 2 == 0 { bin.len() } else { at.index(bin.len()) };
            bin.splice(at..at, piece);
        }
        for (at, depth) in groups {
            let at = if depth % 2 == 0 { bin.len() } else { at.index(bin.len()) };
            bin.splice(at..at, [vec![0x4b; depth], vec![0x4c; depth]].concat());
        }
        if let Some((at, length, tag)) = long {
            let at = if length % 2 == 0 { bin.len() } else { at.index(bin.len()) };
            let varint = [length & 0x7f | 0x80, length >> 7 & 0x7f | 0x80, length >> 14].map(|part| part.to_le_bytes()[0]);
            bin.splice(at..at, [&[tag], &varint[..], &vec![0; length]].concat());
        }
        for (at, bits) in bends {
            let at = at.index(bin.len());
            bin[at] ^= bits;
        }
        let zip = zip(&bin, &sig, bin_first, CompressionMethod::Stored);
        let profile = if apple { Profile::Apple } else { Profile::Google };
        let options = ReadOptions { profile, ..ReadOptions::default() };
        for trust in [Some(&trust()), None] {
            let _ = assert_same(&zip, &options, trust, "bent");
        }
        let _ = assert_same(&bin, &options, None, "bare");
    }
}
