//! A search of a file in one pass finds what a search over the same file in memory finds, says of a bad file what is
//! said of it in memory, and leaves nothing of it behind.
use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use gaen::export::{
    EXPORT_BIN, ExportBuilder, ExportError, ExportSummary, HEADER, Limits, Progress, ReadOptions,
    TemporaryExposureKeyExport, Trust, TrustedKey, UnverifiedExport, export_bin_sha256, signatures_of_zip,
};
use gaen::keys::ReportType;
use gaen::matching::{Helper, Helpers, Search, TASK_BYTES};
use gaen::search::SearchOptions;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, MatchReport, Matcher, Profile, RollingWindow, Sighting, SightingIndex};
use proptest::prelude::*;
use rand::Rng;
use rand::rngs::StdRng;
use zip::CompressionMethod;

use crate::halting::Halting;
use crate::signed::{rng, signer, trust};
use crate::vectors;
use crate::zips::{entries, zip};

fn some_keys(count: usize) -> Vec<DiagnosisKey> {
    let mut rng = rng();
    let key = |number: usize| {
        let start = 2_659_248 + 144 * u32::try_from(number % 14).unwrap();
        let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::FULL_DAY).unwrap();
        let mut key = DiagnosisKey::new([0; 16], window);
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        key.key_data = bytes.into();
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

fn search_options<'t>(options: &ReadOptions, trust: Option<&'t Trust>) -> SearchOptions<'t> {
    trust.map_or_else(SearchOptions::unverified, SearchOptions::verified_by).reading(options.clone())
}

/// A search gives what reading into memory gives: the same error; or the same contents, the same revised keys, and for
/// an index in which all keys of the file were heard, the same report, which lists every key with all of its fields in
/// the file's order.
fn assert_same(file: &[u8], options: &ReadOptions, trust: Option<&Trust>, what: &str) -> Result<(), ExportError> {
    let expected = in_memory(file, options, trust);
    let revised_keys = search_options(options, trust).revised_keys(Cursor::new(file));
    assert_eq!(revised_keys.as_ref(), expected.as_ref().map(|(export, ..)| &export.revised_keys), "{what}");
    let index = heard(expected.as_ref().map(|(export, ..)| export.keys.as_slice()).unwrap_or_default());
    let mut search = Matcher::new(&index).search();
    let found = search.add_export(7, Halting::new(file, 0), &search_options(options, trust));
    let report = search.finish();
    let (export, export_sha256, signed_as) = match (expected, found) {
        (Err(expected), Err(found)) => {
            assert_eq!(found, expected, "{what}");
            assert_eq!((report.matches.len(), report.dropped.len()), (0, 0), "{what}");
            return Err(found);
        }
        (Ok((export, verified_by, export_sha256)), Ok(found)) => {
            assert_eq!(of_summary(&found), of_memory(&export, &verified_by, export_sha256), "{what}");
            (export, export_sha256, found.signed_as)
        }
        (expected, found) => panic!("{what}: {found:?} instead of {expected:?}"),
    };
    let mut search = Matcher::new(&index).search();
    search.add(7, &export.keys);
    assert_eq!(report, search.finish(), "{what}");
    assert_eq!(export_bin_sha256(Cursor::new(file), options), Some(export_sha256), "{what}");
    if !file.starts_with(HEADER) {
        let signatures = signatures_of_zip(Cursor::new(file), options)?.into_iter();
        assert_eq!(signatures.map(|signature| signature.signature_info).collect::<Vec<_>>(), signed_as, "{what}");
    }
    Ok(())
}

/// A summary, in a form that both ways of reading can be brought into.
fn of_summary(s: &ExportSummary) -> String {
    let about = (&s.facts, s.batch, &s.signature_infos);
    let counts = (s.keys, s.revised_keys, &s.skipped, &s.ignored);
    format!("{about:?} {counts:?} {:?} {:?}", s.verified_by, s.export_sha256)
}

fn of_memory(e: &TemporaryExposureKeyExport, verified_by: &[String], export_sha256: [u8; 32]) -> String {
    let about = (&e.facts, e.batch, &e.signature_infos);
    let counts = (e.keys.len(), e.revised_keys.len(), &e.skipped, &e.ignored);
    format!("{about:?} {counts:?} {verified_by:?} {export_sha256:?}")
}

#[test]
fn every_vector_is_searched_as_it_is_read_in_memory() {
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
fn every_real_file_is_searched_as_it_is_read_in_memory() {
    let Some(folder) = std::env::var_os("GAEN_REAL_EXPORTS").map(std::path::PathBuf::from) else {
        return eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is checked");
    };
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut files, mut verified) = (0, 0);
    for (name, about) in expected["files"].as_object().unwrap() {
        let file = std::fs::read(folder.join(name)).unwrap();
        for profile in Profile::ALL {
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
    let bare = Matcher::new(&heard([])).match_export(Cursor::new(&export_bin), &trust()).unwrap_err();
    assert_eq!(bare.code(), "not_a_zip", "a bare export.bin has no signature");
}

#[test]
fn a_file_that_fails_leaves_the_search_as_it_was() {
    let keys = some_keys(9_000);
    let (good, others) = keys.split_at(3_000);
    let index = heard(&keys);
    let alone = |then: &mut dyn FnMut(&mut gaen::matching::Search<'_>)| -> MatchReport {
        let mut search = Matcher::new(&index).search();
        search.add_export(0, Cursor::new(export(good)), &SearchOptions::verified_by(&trust())).unwrap();
        then(&mut search);
        search.finish()
    };
    let expected = alone(&mut |_| {});
    assert_eq!(expected.matches.len(), good.len());

    let (mut export_bin, export_sig) = entries(&export(others));
    let at = export_bin.len() / 2;
    export_bin[at] ^= 1;
    let tampered = zip(&export_bin, &export_sig, true, CompressionMethod::Deflated);
    let fails_with = |code: &str, file: &[u8], options: &SearchOptions<'_>| {
        let report = alone(&mut |search| {
            assert_eq!(search.add_export(1, Cursor::new(file), options).unwrap_err().code(), code);
        });
        assert_eq!(report, expected, "{code}");
    };
    fails_with("signature_invalid", &tampered, &SearchOptions::verified_by(&trust()));
    let with = |limits| ReadOptions { limits, ..ReadOptions::default() };
    let few = with(Limits { candidates: 5_999, ..Limits::default() });
    fails_with("too_many_candidates", &export(others), &SearchOptions::verified_by(&trust()).reading(few));
    let short = with(Limits { keys: 5_999, ..Limits::default() });
    fails_with("too_many_keys", &export(others), &SearchOptions::verified_by(&trust()).reading(short));

    let enough = with(Limits { candidates: 6_000, ..Limits::default() });
    let trust = trust();
    let both = alone(&mut |search| {
        let options = SearchOptions::verified_by(&trust).reading(enough.clone());
        search.add_export(1, Cursor::new(export(others)), &options).unwrap();
    });
    assert_eq!(both.matches.len(), keys.len());
    assert!(both.matches[..good.len()] == expected.matches[..] && both.matches[good.len()].source == 1);
}

#[test]
fn a_search_tells_how_far_it_is_and_can_be_stopped() {
    let keys = some_keys(70_000);
    let index = heard(&keys[..100]);
    let mut search = Matcher::new(&index).search();
    let (trust, file) = (trust(), export(&keys));
    let options = SearchOptions::verified_by(&trust);
    let mut told: Vec<Progress> = Vec::new();
    let summary = search
        .add_export_with(0, Cursor::new(&file), &options, |progress| {
            told.push(*progress);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(told.is_sorted_by(|a, b| a.bytes <= b.bytes && a.keys <= b.keys));
    let steps = told.windows(2).map(|pair| pair[1].bytes - pair[0].bytes);
    assert!(told.len() >= 3 && steps.max() <= Some((1 << 20) + (16 << 10)), "at least after every MiB: {told:?}");
    let last = told[told.len() - 1];
    assert_eq!((last.bytes, last.keys, summary.keys), (last.total_bytes, 70_000, 70_000));
    assert_eq!(last.total_bytes, entries(&file).0.len() as u64);

    // Stopped when there is still something to come.
    let half = |progress: &Progress| progress.bytes >= progress.total_bytes / 2;
    assert!(told.iter().any(|progress| half(progress) && progress.bytes < progress.total_bytes));
    let (mut calls, mut stopped) = (0, Matcher::new(&index).search());
    let error = stopped.add_export_with(0, Cursor::new(&file), &options, |progress| {
        calls += 1;
        if half(progress) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((error, calls), (Err(ExportError::Cancelled), 1 + told.iter().position(half).unwrap()));
    assert_eq!(stopped.finish().matches, []);
}

#[test]
fn an_export_bin_by_itself_may_be_as_long_as_the_limit_and_tells_its_length() {
    let (bin, _) = entries(&export(&some_keys(30)));
    let length = bin.len() as u64;
    let with = |export_bin_bytes| {
        let limits = Limits { export_bin_bytes, ..Limits::default() };
        ReadOptions { limits, ..ReadOptions::default() }
    };
    assert_same(&bin, &with(length), None, "at the limit").unwrap();
    let error = assert_same(&bin, &with(length - 1), None, "over the limit").unwrap_err();
    assert_eq!(error, ExportError::EntryTooLarge { name: EXPORT_BIN, found: length, limit: length - 1 });

    let mut told = Vec::new();
    let index = heard([]);
    let observe = |progress: &Progress| {
        told.push((progress.bytes, progress.total_bytes));
        ControlFlow::Continue(())
    };
    Matcher::new(&index).search().add_export_with(0, Cursor::new(&bin), &SearchOptions::unverified(), observe).unwrap();
    assert_eq!(told.last(), Some(&(length, length)));
}

#[test]
fn a_search_without_keys_can_be_stopped_after_every_mebibyte() {
    let unknown = [&HEADER[..], &[0x4a, 0x80, 0x80, 0x80, 0x04], &vec![0; 8 << 20]].concat();
    for (file, limits) in [
        (zip(&unknown, &[], true, CompressionMethod::Deflated), Limits::default()),
        (zip(&unknown[1..], &[], true, CompressionMethod::Deflated), Limits::default()), // no header
        (unknown.clone(), Limits::default()),
    ] {
        let calls = Cell::new(0);
        let options = SearchOptions::unverified().reading(ReadOptions { limits, ..ReadOptions::default() });
        let observe = |_: &Progress| {
            calls.set(calls.get() + 1);
            if calls.get() < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let index = heard([]);
        let error = Matcher::new(&index).search().add_export_with(0, Cursor::new(file), &options, observe).unwrap_err();
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
        let error = Matcher::new(&index).match_export(Failing(Cursor::new(&file), from), &trust()).unwrap_err();
        assert_eq!(error, ExportError::Unreadable { detail: "the disk is gone".to_owned() }, "{from}");
    }
}

/// It has become shorter since its length was asked for.
#[test]
fn an_export_bin_by_itself_that_ends_early_is_not_taken_for_a_short_one() {
    struct Shrinking<'f>(Cursor<&'f [u8]>, u64);
    impl Read for Shrinking<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let left = usize::try_from(self.1.saturating_sub(self.0.position())).unwrap().min(buf.len());
            self.0.read(&mut buf[..left])
        }
    }
    impl Seek for Shrinking<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let (bin, _) = entries(&export(&some_keys(3_000)));
    let index = heard([]);
    for until in [100, 40_000, bin.len() as u64 - 1] {
        let reader = Shrinking(Cursor::new(&bin), until);
        let error = Matcher::new(&index).search().add_export(0, reader, &SearchOptions::unverified()).unwrap_err();
        let detail = format!("it ends after {until} of {} bytes", bin.len());
        assert_eq!(error, ExportError::Unreadable { detail });
    }
}

/// A directory that two records name is tried twice, and the second time it is not read again.
#[test]
fn a_reader_that_fails_in_a_directory_that_is_tried_twice_says_nothing_of_the_file() {
    struct FailingInDirectory(Cursor<Vec<u8>>);
    impl Read for FailingInDirectory {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let start = usize::try_from(self.0.position()).unwrap();
            let is_header = buf.len() == 46 && self.0.get_ref()[start..].starts_with(b"PK\x01\x02");
            if is_header { Err(io::Error::other("the disk is gone")) } else { self.0.read(buf) }
        }
    }
    impl Seek for FailingInDirectory {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    // The record that ends the file again, as its own comment.
    let mut file = export(&some_keys(3));
    let record = file.split_off(file.len() - 22);
    file.extend([&record[..20], &[22, 0], &record].concat());
    let index = heard([]);
    Matcher::new(&index).match_export(Cursor::new(&file), &trust()).unwrap();
    let error = Matcher::new(&index).match_export(FailingInDirectory(Cursor::new(file)), &trust()).unwrap_err();
    assert_eq!(error, ExportError::Unreadable { detail: "the disk is gone".to_owned() });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_bent_zip_is_searched_as_it_is_read_in_memory(
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
    fn a_bent_export_bin_is_searched_as_it_is_read_in_memory(
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
        let profile = if apple { Profile::AppleV1 } else { Profile::Google };
        let options = ReadOptions { profile, ..ReadOptions::default() };
        for trust in [Some(&trust()), None] {
            let _ = assert_same(&zip, &options, trust, "bent");
        }
        let _ = assert_same(&bin, &options, None, "bare");
    }
}

/// Memory for 5,952 keys.
const LITTLE: usize = 1 << 17;

/// A search that remembers keys in so much memory, or none without any.
fn remembering(index: &SightingIndex, memory: usize) -> Search<'_> {
    let search = Matcher::new(index).search();
    if memory == 0 { search } else { search.remembering(memory) }
}

/// A file of an archive, and how it is read.
#[derive(Clone, Debug)]
struct Listed {
    /// Which keys of the pool it lists, in this order, and of which it says that they are revised.
    keys: Vec<prop::sample::Index>,
    revised: Vec<prop::sample::Index>,
    report_type: i32,
    /// One byte is bent after the file was signed.
    is_bent: bool,
    /// Whether its signature is asked for.
    is_verified: bool,
    candidates: usize,
    stops: bool,
}

fn listed() -> impl Strategy<Value = Listed> {
    let keys = prop::collection::vec(any::<prop::sample::Index>(), 0..120);
    let revised = prop::collection::vec(any::<prop::sample::Index>(), 0..8);
    let candidates = prop_oneof![3 => Just(65_536_usize), 1 => 0..12_usize];
    let rarely = || prop::bool::weighted(0.2);
    (keys, revised, 0..6, rarely(), prop::bool::weighted(0.8), candidates, rarely()).prop_map(
        |(keys, revised, report_type, is_bent, is_verified, candidates, stops)| Listed {
            keys,
            revised,
            report_type,
            is_bent,
            is_verified,
            candidates,
            stops,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Good files and bad ones, in which the same keys come with other reports, in other windows, as revised keys, or
    /// twice.
    #[test]
    fn a_search_that_remembers_finds_what_one_that_forgets_finds(
        files in prop::collection::vec(listed(), 1..8),
        windows in prop::collection::vec((0..3_u32, prop::sample::select(vec![1_u32, 143, 144])), 60),
        was_heard in prop::collection::vec(prop::bool::weighted(0.15), 60),
        is_exhaustive: bool,
        apple: bool,
    ) {
        // Every key comes in two windows.
        let pool: Vec<_> = windows.iter().enumerate().map(|(number, (day, period))| {
            let start = EnIntervalNumber::new(2_659_248 + 144 * day);
            let window = RollingWindow::new(start, RollingPeriod::new(*period).unwrap()).unwrap();
            DiagnosisKey::new((number as u128 / 2).to_be_bytes(), window)
        }).collect();
        let sightings = heard(pool.iter().zip(was_heard).filter(|(_, heard)| *heard).map(|(key, _)| key)).sightings().to_vec();
        let index = if is_exhaustive { SightingIndex::exhaustive(sightings) } else { SightingIndex::new(sightings) };
        let (index, trust) = (index.unwrap(), trust());
        let profile = if apple { Profile::AppleV1 } else { Profile::Google };
        let written: Vec<_> = files.iter().map(|file| {
            let some = |chosen: &[prop::sample::Index]| {
                let report_type = ReportType::from_number(file.report_type);
                chosen.iter().map(|at| DiagnosisKey { report_type, ..*at.get(&pool) }).collect::<Vec<_>>()
            };
            let builder = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200);
            let builder = builder.keys(some(&file.keys)).revised_keys(some(&file.revised));
            let (mut bin, sig) = entries(&builder.build(&[signer()], &mut rng()).unwrap().remove(0).zip);
            if file.is_bent {
                let middle = bin.len() / 2;
                bin[middle] ^= 1;
            }
            zip(&bin, &sig, true, CompressionMethod::Stored)
        }).collect();

        let outcome = |memory: usize| {
            let mut search = Matcher::new(&index).profile(profile).search();
            if memory > 0 {
                search = search.remembering(memory);
            }
            let mut summaries = Vec::new();
            for (source, (file, zip)) in files.iter().zip(&written).enumerate() {
                let limits = Limits { candidates: file.candidates, ..Limits::default() };
                let options = ReadOptions { limits, profile, ..ReadOptions::default() };
                let options = search_options(&options, file.is_verified.then_some(&trust));
                summaries.push(search.add_export_with(source, Cursor::new(zip), &options, |progress| {
                    let stops = file.stops && progress.keys > 0;
                    if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                }));
            }
            (summaries, search.finish())
        };
        let expected = outcome(0);
        prop_assert_eq!(&outcome(Search::MEMORY), &expected);
    }
}

/// Helpers without threads, which do at random whatever helpers may do.
#[derive(Debug)]
struct Whims {
    rng: StdRng,
    helper: Option<Helper>,
    places: [Option<Vec<u8>>; 5],
    /// Tasks that were answered with hits or without any, and those that were not.
    answered: usize,
    left: usize,
}

impl Whims {
    fn new() -> Self {
        Self { rng: rng(), helper: None, places: Default::default(), answered: 0, left: 0 }
    }
}

impl Helpers for Whims {
    fn begin(&mut self, heard: &[u8]) {
        assert!(self.helper.is_none(), "one search at a time");
        self.helper = Some(Helper::new(heard).expect("it is told what was heard"));
    }

    fn places(&self) -> usize {
        self.places.len()
    }

    fn give(&mut self, place: usize, task: &[u8]) -> bool {
        assert!(self.places[place].is_none() && task.len() <= TASK_BYTES);
        let takes = !self.rng.next_u32().is_multiple_of(4);
        self.places[place] = takes.then(|| task.to_vec());
        takes
    }

    fn has_answered(&self, place: usize) -> bool {
        self.places[place].as_ref().is_some_and(|task| task.len() / 24 % 3 != place % 3)
    }

    fn answer(&mut self, place: usize) -> Option<Vec<u8>> {
        let task = self.places[place].take().expect("a task is in this place");
        let whim = self.rng.next_u32() % 8;
        let mut answer = self.helper.as_ref().unwrap().search(&task).filter(|_| whim != 0);
        match &answer {
            Some(_) if whim == 1 => answer = Some(vec![7; 3]),
            Some(proper) if whim == 2 => answer = Some([&proper[..], &[0xff; 8], &[0; 8]].concat()),
            Some(_) => self.answered += 1,
            None => self.left += 1,
        }
        answer
    }

    fn end(&mut self) {
        assert!(self.places.iter().all(Option::is_none), "nothing is left behind");
        self.helper = None;
    }
}

#[test]
fn only_what_a_search_tells_makes_a_helper() {
    let heard = [&[1][..], &[7; 24]].concat();
    let helper = Helper::new(&heard).unwrap();
    for wrong in [&[][..], &[2], &heard[..24], &[&heard[..], &[0]].concat()] {
        assert!(Helper::new(wrong).is_none(), "{wrong:?}");
    }
    let task = |start: u32, period: u32| [&[7; 16][..], &start.to_le_bytes(), &period.to_le_bytes()].concat();
    assert_eq!(helper.search(&[]), Some(Vec::new()));
    assert_eq!(helper.search(&task(2_659_248, 144)), Some(Vec::new()));
    for wrong in [task(2_659_248, 145), task(2_659_248, 0), task(u32::MAX, 144), vec![0; 23]] {
        assert_eq!(helper.search(&wrong), None, "{wrong:?}");
    }
}

/// On several threads a search gives what it gives on one.
mod parallel {
    use super::*;

    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use gaen::keys::BluetoothMetadata;
    use gaen::matching::DropReason;
    use proptest::sample::Index;
    use rayon::{ThreadPool, ThreadPoolBuilder};

    type Outcome = (Vec<Result<ExportSummary, ExportError>>, MatchReport);

    static POOLS: LazyLock<Vec<ThreadPool>> = LazyLock::new(|| {
        [1, 2, 4].into_iter().map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap()).collect()
    });

    /// The number of the first file.
    const FIRST: usize = 5;

    fn go_on(_: &Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// One file after the other, each searched in this way, with so much memory for keys.
    fn one_by_one<'f>(
        index: &SightingIndex,
        files: &'f [Vec<u8>],
        memory: usize,
        mut add: impl FnMut(&mut Search<'_>, usize, Cursor<&'f [u8]>) -> Result<ExportSummary, ExportError>,
    ) -> Outcome {
        let mut search = remembering(index, memory);
        let searched = (FIRST..).zip(files).map(|(source, file)| add(&mut search, source, Cursor::new(file)));
        let summaries = searched.collect();
        (summaries, search.finish())
    }

    fn sequential(index: &SightingIndex, files: &[Vec<u8>], options: &SearchOptions<'_>) -> Outcome {
        one_by_one(index, files, 0, |search, source, file| search.add_export(source, file, options))
    }

    /// Both ways on several threads give this outcome, whether keys are remembered or not.
    fn assert_parallel(index: &SightingIndex, files: &[Vec<u8>], options: &SearchOptions<'_>, expected: &Outcome) {
        for (pool, memory) in POOLS.iter().zip([0, Search::MEMORY, LITTLE]) {
            let threads = pool.current_num_threads();
            let found = pool.install(|| {
                one_by_one(index, files, memory, |search, source, file| {
                    search.add_export_parallel(source, file, options, go_on)
                })
            });
            assert!(&found == expected, "add_export_parallel, {threads} threads: {:?}", found.0);
            let found = pool.install(|| {
                let mut search = remembering(index, memory);
                let readers = files.iter().map(Cursor::new).collect();
                let summaries = search.add_exports_parallel(FIRST, readers, options, |_, _| ControlFlow::Continue(()));
                (summaries, search.finish())
            });
            assert!(&found == expected, "add_exports_parallel, {threads} threads: {:?}", found.0);
        }
    }

    fn assert_same(index: &SightingIndex, files: &[Vec<u8>], options: &SearchOptions<'_>) -> Outcome {
        let expected = sequential(index, files, options);
        let found = one_by_one(index, files, LITTLE, |search, source, file| search.add_export(source, file, options));
        assert!(found == expected, "remembering, one thread: {:?}", found.0);
        assert_parallel(index, files, options, &expected);
        assert_helped(index, files, options, &expected);
        expected
    }

    /// Helpers give this outcome, whether keys are remembered or not.
    fn assert_helped(index: &SightingIndex, files: &[Vec<u8>], options: &SearchOptions<'_>, expected: &Outcome) {
        for memory in [0, LITTLE] {
            let mut helpers = Whims::new();
            let mut team = Matcher::new(index).search().team(&mut helpers);
            let found = one_by_one(index, files, memory, |search, source, file| {
                search.add_export_helped(source, file, options, &mut team, go_on)
            });
            drop(team);
            assert!(helpers.helper.is_none(), "they are told of the end");
            assert!(&found == expected, "helped, memory {memory}: {:?}", found.0);
        }
    }

    fn codes(outcome: &Outcome) -> Vec<&'static str> {
        outcome.0.iter().map(|file| file.as_ref().map_or_else(ExportError::code, |_| "ok")).collect()
    }

    fn keys_of(file: &[u8]) -> Vec<DiagnosisKey> {
        in_memory(file, &ReadOptions::default(), None).map(|(export, ..)| export.keys).unwrap_or_default()
    }

    #[test]
    fn every_vector_is_searched_alike() {
        let manifest = vectors::manifest();
        let mut all = Vec::new();
        for (name, file) in manifest["files"].as_object().unwrap() {
            let zip = std::fs::read(format!("{}/{name}", vectors::folder())).unwrap();
            let index = heard(&keys_of(&zip));
            for reading in file["readings"].as_array().unwrap() {
                let (options, trust) = (vectors::options(&manifest, reading), vectors::trust(&manifest, reading));
                let options = search_options(&options, Some(&trust));
                let outcome = assert_same(&index, &[zip.clone(), zip.clone()], &options);
                assert_eq!(codes(&outcome), [reading["error"].as_str().unwrap_or("ok"); 2], "{name}: {reading}");
            }
            all.push(zip);
        }
        let index = heard(&all.iter().flat_map(|zip| keys_of(zip)).collect::<Vec<_>>());
        let (codes, report) = {
            let outcome = assert_same(&index, &all, &SearchOptions::unverified());
            (codes(&outcome), outcome.1)
        };
        assert!(codes.contains(&"ok") && codes.contains(&"zip_damaged") && !report.matches.is_empty(), "{codes:?}");
    }

    #[test]
    fn every_real_file_is_searched_alike() {
        let Some(folder) = std::env::var_os("GAEN_REAL_EXPORTS").map(std::path::PathBuf::from) else {
            return eprintln!("GAEN_REAL_EXPORTS is not set: NO real file is checked");
        };
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.is_file());
        paths.sort();
        let files: Vec<_> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
        let index = heard(&files.iter().flat_map(|file| keys_of(file)).collect::<Vec<_>>());
        let outcome = assert_same(&index, &files, &SearchOptions::unverified());
        let good = codes(&outcome).iter().filter(|code| **code == "ok").count();
        assert!(good >= 12 && outcome.1.matches.len() > 100, "{good} of {}", files.len());
    }

    /// An export with one byte in the middle of this entry bent after it was signed.
    fn bent(keys: &[DiagnosisKey]) -> Vec<u8> {
        let (mut bin, sig) = entries(&export(keys));
        let middle = bin.len() / 2;
        bin[middle] ^= 1;
        zip(&bin, &sig, true, CompressionMethod::Deflated)
    }

    /// What the phone heard of these keys: in time, repeated, far too late, or with metadata that is cut.
    fn sightings<'k>(keys: impl Iterator<Item = &'k DiagnosisKey>, rng: &mut StdRng) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        for key in keys {
            let interval =
                key.window.intervals().nth(rng.next_u32() as usize % key.window.period().as_usize()).unwrap();
            let rpi = key.identifier_key().identifier(interval);
            let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
            let (time, length) = match rng.next_u32() % 6 {
                0 => (interval.unix_seconds() + 100_000, 4),
                1 => (interval.unix_seconds(), 3),
                _ => (interval.unix_seconds() + 7, 4),
            };
            sightings.push(Sighting::new(rpi, &aem.as_bytes()[..length], -60, time));
            if rng.next_u32().is_multiple_of(4) {
                sightings.push(Sighting::new(rpi, aem.as_bytes(), -61, time + u64::from(rng.next_u32() % 2000)));
            }
        }
        sightings
    }

    /// The same keys with another report.
    fn again(keys: &[DiagnosisKey]) -> Vec<DiagnosisKey> {
        keys.iter().map(|key| DiagnosisKey { report_type: ReportType::Recursive, ..*key }).collect()
    }

    #[test]
    fn a_key_counts_where_it_came_first_whichever_thread_finds_it_first() {
        let keys = some_keys(20_000);
        let repeated = again(&keys);
        // Messages one after the other are one message, whose keys stay in this order.
        let bin = |keys: &[DiagnosisKey]| entries(&export(keys)).0[HEADER.len()..].to_vec();
        let (early, late) = (bin(&keys[..3_000]), bin(&keys[3_000..]));
        let (early_again, late_again) = (bin(&repeated[..8_000]), bin(&repeated[8_000..]));
        let file = [&HEADER[..], &early, &early_again, &late_again, &late, &early_again].concat();
        let index = heard(keys.iter().step_by(10));
        let (_, report) = assert_same(&index, &[file.clone(), export(&keys), file], &SearchOptions::unverified());
        assert_eq!(report.matches.len(), 2_000);
        let (first, then) = report.matches.split_at(300);
        assert!(report.matches.iter().all(|found| found.source == FIRST));
        assert!(first.iter().all(|found| keys[..3_000].contains(&found.key)));
        assert!(then.iter().all(|found| repeated[3_000..].contains(&found.key)));
    }

    #[test]
    fn many_keys_in_many_batches_of_good_files_and_bad_ones() {
        let keys = some_keys(30_000);
        let (first, rest) = keys.split_at(17_000);
        let (second, third) = rest.split_at(4_000);
        let own_again = [first, &again(&first[100..400])[..]].concat();
        let others_again = [&again(&first[300..900])[..], third, &again(&second[..50]), &again(&third[..500])].concat();
        let mut cut = export(third);
        cut.truncate(cut.len() / 2);
        let mut noise = export(third);
        let middle = noise.len() / 2;
        noise[middle..middle + 40].fill(0x55);
        let (mut short, sig) = entries(&export(first));
        short.truncate(short.len() - 3);
        let files = vec![
            export(&own_again),
            bent(third),
            export(second),
            noise,
            cut,
            zip(&short, &sig, false, CompressionMethod::Deflated),
            export(&others_again),
            export(first),
        ];

        let trust = trust();
        let options = SearchOptions::verified_by(&trust);
        let mut rng = rng();
        let heard_of = |keys: &[DiagnosisKey], rng: &mut StdRng| {
            let chosen: Vec<_> = keys.iter().filter(|_| rng.next_u32().is_multiple_of(20)).copied().collect();
            sightings(chosen.iter().chain(&keys[300..320]), rng)
        };
        let mut heard = heard_of(&keys, &mut rng);
        heard.extend(sightings(first[..500].iter().chain(&third[..500]), &mut rng));
        let exhaustive = SightingIndex::exhaustive(heard.clone()).unwrap();
        let outcome = assert_same(&exhaustive, &files, &options);
        let bad = codes(&outcome);
        let damaged = "zip_damaged";
        assert_eq!(bad, ["ok", "signature_invalid", "ok", damaged, damaged, "signature_invalid", "ok", "ok"]);
        let (_, report) = outcome;
        assert!(
            [DropReason::ClockWindow, DropReason::Replay, DropReason::AemLength]
                .iter()
                .all(|reason| report.drop_reasons().count(*reason) > 0)
        );
        assert!(report.matches.len() > 1_000 && report.matches.is_sorted_by_key(|found| found.source));
        // Each key is there as it was in the first place.
        let mut first_places = BTreeMap::new();
        for source in [0, 2, 6, 7] {
            for key in keys_of(&files[source]) {
                first_places.entry((key.key_data, key.window)).or_insert((FIRST + source, key));
            }
        }
        for found in &report.matches {
            assert_eq!(first_places[&(found.key.key_data, found.key.window)], (found.source, found.key));
        }

        let in_time = SightingIndex::new(heard).unwrap();
        let (_, by_time) = assert_same(&in_time, &files, &options);
        assert_eq!(by_time.matches, report.matches);
        // Without a trust only what cannot be read at all is bad, and the malformed one.
        let unverified = codes(&assert_same(&in_time, &files, &SearchOptions::unverified()));
        assert_eq!(unverified[..3], ["ok"; 3]);
        assert_eq!(unverified[3..6], [damaged, damaged, "protobuf_malformed"]);
    }

    type Add<'i> = fn(&mut Search<'i>, usize, &[DiagnosisKey]);

    #[test]
    fn adding_on_several_threads_is_adding() {
        /// Some of the keys twice.
        fn report<'i>(index: &'i SightingIndex, keys: &[DiagnosisKey], add: Add<'i>) -> MatchReport {
            let again: Vec<_> = keys.iter().step_by(7).copied().collect();
            let mut search = Matcher::new(index).search();
            add(&mut search, 1, &again[..100]);
            add(&mut search, 2, keys);
            add(&mut search, 3, &[]);
            add(&mut search, 4, &again);
            search.finish()
        }

        let keys = some_keys(60_000);
        let heard = sightings(keys.iter().step_by(31), &mut rng());
        for index in [SightingIndex::new(heard.clone()).unwrap(), SightingIndex::exhaustive(heard).unwrap()] {
            let expected = report(&index, &keys, Search::add);
            assert!(expected.matches.len() > 1_000);
            for pool in &*POOLS {
                let found = pool.install(|| report(&index, &keys, Search::add_parallel));
                assert!(found == expected, "{} threads", pool.current_num_threads());
            }
            let found = report(&index, &keys, |search, source, keys| {
                let mut helpers = Whims::new();
                let mut team = search.team(&mut helpers);
                search.add_helped(source, keys, &mut team);
                drop(team);
                assert!(keys.len() < 50_000 || helpers.answered > 20 && helpers.left > 0, "{helpers:?}");
            });
            assert!(found == expected, "helped");
        }
    }

    #[test]
    fn an_observer_may_stop_one_file_or_all() {
        let keys = some_keys(100_000);
        let files: Vec<_> = keys.chunks(50_000).map(export).chain([export(&keys[..10])]).collect();
        let (index, trust) = (heard(keys.iter().step_by(100)), trust());
        let options = SearchOptions::verified_by(&trust);
        let stop = |progress: &Progress| {
            if progress.keys < 20_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        let expected = one_by_one(&index, &files, 0, |search, source, file| match source {
            6 => search.add_export_with(source, file, &options, stop),
            _ => search.add_export(source, file, &options),
        });
        assert_eq!(codes(&expected), ["ok", "cancelled", "ok"]);
        assert_eq!(expected.1.matches.len(), 500);
        for pool in &*POOLS {
            let found = pool.install(|| {
                one_by_one(&index, &files, Search::MEMORY, |search, source, file| match source {
                    6 => search.add_export_parallel(source, file, &options, stop),
                    _ => search.add_export_parallel(source, file, &options, go_on),
                })
            });
            assert!(found == expected, "add_export_parallel, {} threads", pool.current_num_threads());
            let told: Vec<AtomicUsize> = files.iter().map(|_| AtomicUsize::new(0)).collect();
            let found = pool.install(|| {
                let mut search = remembering(&index, Search::MEMORY);
                let readers = files.iter().map(Cursor::new).collect();
                let summaries = search.add_exports_parallel(FIRST, readers, &options, |file, progress| {
                    told[file].fetch_add(1, Ordering::Relaxed);
                    if file == 1 { stop(progress) } else { ControlFlow::Continue(()) }
                });
                (summaries, search.finish())
            });
            assert!(found == expected, "add_exports_parallel, {} threads", pool.current_num_threads());
            assert!(told.iter().all(|calls| calls.load(Ordering::Relaxed) >= 1));
        }
    }

    /// Every window that holds this interval, of this key: 10,440 of them.
    fn windows(key_data: [u8; 16], interval: u32) -> impl Iterator<Item = DiagnosisKey> {
        (1..=144).flat_map(move |period| {
            (0..period).map(move |before| {
                let start = EnIntervalNumber::new(interval - before);
                DiagnosisKey::new(key_data, RollingWindow::new(start, RollingPeriod::new(period).unwrap()).unwrap())
            })
        })
    }

    #[test]
    fn the_limit_of_candidates_does_not_depend_on_threads() {
        const INTERVAL: u32 = 2_659_300;
        let sighting = |key: &DiagnosisKey, interval| {
            let interval = EnIntervalNumber::new(interval);
            let rpi = key.identifier_key().identifier(interval);
            let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
            Sighting::new(rpi, aem.as_bytes(), -60, interval.unix_seconds())
        };
        type Way = fn(&SightingIndex, &[Vec<u8>], &SearchOptions<'_>) -> Outcome;
        let verdicts = |keys: &[DiagnosisKey], sightings: Vec<Sighting>, candidates, way: Way| {
            let file = export(keys);
            let limits = Limits { candidates, ..Limits::default() };
            let trust = trust();
            let options = SearchOptions::verified_by(&trust).reading(ReadOptions { limits, ..ReadOptions::default() });
            let index = SightingIndex::new(sightings).unwrap();
            let (summaries, report) = way(&index, &[file], &options);
            summaries.into_iter().next().unwrap().map(|_| report.matches.len()).map_err(|error| error.code())
        };
        let default = Limits::default().candidates;
        let too_many = Err("too_many_candidates");

        // One key, twenty thousand times, among a few others: it counts once, however much of it was heard.
        let key = windows([7; 16], INTERVAL).last().unwrap();
        let mut repeated = vec![key; 20_000];
        for (place, other) in repeated.iter_mut().step_by(200).zip(some_keys(100)) {
            *place = other;
        }
        for (heard, limit, expected) in [(1, 1, Ok(1)), (5, default, Ok(5)), (5, 4, too_many)] {
            let first = key.window.start().as_u32();
            let sightings = (0..heard).map(|number| sighting(&key, first + number)).collect();
            assert_eq!(verdicts(&repeated, sightings, limit, assert_same), expected, "{heard} heard, limit {limit}");
        }

        // Few keys in very many windows: each counts. The default is too large to try all ways again.
        for (keys, limit, expected, way) in [
            (1, 10_440, Ok(10_440), assert_same as Way),
            (1, 10_439, too_many, assert_same),
            (6, default, Ok(62_640), sequential),
            (7, default, too_many, sequential),
        ] {
            let keys: Vec<_> = (1..=keys).flat_map(|number| windows([number; 16], INTERVAL)).collect();
            let sightings = keys.iter().step_by(10_440).map(|key| sighting(key, INTERVAL)).collect();
            assert_eq!(verdicts(&keys, sightings, limit, way), expected, "{} keys, limit {limit}", keys.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn bent_files_are_searched_alike(
            counts in prop::collection::vec(0..1_200_usize, 1..6),
            bends in prop::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 0..6),
            candidates in prop_oneof![0..40_usize, Just(65_536)],
        ) {
            // Each begins with the same keys.
            let mut files: Vec<_> = counts.iter().map(|count| export(&some_keys(*count))).collect();
            let index = heard(some_keys(1_200).iter().step_by(30));
            for (file, at, bits) in bends {
                let file = file.index(files.len());
                let at = at.index(files[file].len());
                files[file][at] ^= bits;
            }
            let limits = Limits { candidates, ..Limits::default() };
            let read = ReadOptions { limits, ..ReadOptions::default() };
            let trust = trust();
            assert_same(&index, &files, &SearchOptions::verified_by(&trust).reading(read.clone()));
            assert_same(&index, &files, &SearchOptions::unverified().reading(read));
        }
    }
}
