#[path = "../../../tests/common/halting.rs"]
mod halting;

use std::io::Cursor;

use gaen::export::{
    ExportError, HEADER, ReadOptions, TemporaryExposureKeyExport, Trust, UnverifiedExport, export_bin_sha256,
};
use gaen::keys::BluetoothMetadata;
use gaen::matching::Search;
use gaen::search::SearchOptions;
use gaen::{DiagnosisKey, Matcher, Sighting, SightingIndex};

use self::halting::Halting;
use super::reading::readings;
use crate::generate;
use crate::generate::signer::TRUST;

/// A file that is read once, from a reader that gives little at a time, gives what it gives in memory: the same error,
/// and then nothing; or the same contents and matches.
pub fn search(data: &[u8]) {
    let Some(file) = generate::file(data) else { return };
    // Any number varies how the reader halts.
    let pace = data.iter().fold(1, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    for options in readings() {
        for trust in [None, Some(&*TRUST)] {
            check(&file, pace, &options, trust);
        }
    }
}

fn check(file: &[u8], pace: usize, options: &ReadOptions, trust: Option<&Trust>) {
    let expected = in_memory(file, options, trust);
    let index = heard(expected.as_ref().map_or(&[], |(export, _)| &export.keys));
    let search_options =
        trust.map_or_else(SearchOptions::unverified, SearchOptions::verified_by).reading(options.clone());
    let mut search = Matcher::new(&index).search();
    let found = search.add_export(7, Halting::new(file, pace % 1000), &search_options);
    let report = search.finish();
    let (found, (export, hash)) = match (found, expected) {
        (Ok(found), Ok(expected)) => (found, expected),
        (Err(found), expected) => {
            assert!(report.matches.is_empty() && report.dropped.is_empty());
            match expected {
                Err(expected) => assert_eq!(found, expected),
                // Only a search holds matches back, and so only a search has a limit for them.
                Ok(_) => assert_eq!(found, ExportError::TooManyCandidates { limit: options.limits.candidates }),
            }
            return;
        }
        (Ok(_), Err(expected)) => panic!("read, though in memory: {expected}"),
    };
    assert_eq!((&found.facts, found.batch), (&export.facts, export.batch));
    assert_eq!(found.signature_infos, export.signature_infos);
    assert_eq!((found.keys, found.revised_keys), (export.keys.len() as u64, export.revised_keys.len() as u64));
    assert_eq!((&found.skipped, &found.ignored), (&export.skipped, &export.ignored));
    assert_eq!(found.export_sha256, hash);
    assert_eq!(export_bin_sha256(Cursor::new(file), options), Some(hash));
    let mut search = Matcher::new(&index).search();
    search.add(7, &export.keys);
    assert_eq!(report, search.finish());

    // Keys that are remembered from the first time change nothing the second time.
    let twice = |mut search: Search<'_>| {
        for source in [7, 8] {
            search.add_export(source, Cursor::new(file), &search_options).expect("it was read before");
        }
        search.finish()
    };
    let matcher = Matcher::new(&index);
    assert_eq!(twice(matcher.search().remembering(Search::MEMORY)), twice(matcher.search()));
}

fn in_memory(
    file: &[u8],
    options: &ReadOptions,
    trust: Option<&Trust>,
) -> Result<(TemporaryExposureKeyExport, [u8; 32]), ExportError> {
    let export = if trust.is_none() && file.starts_with(HEADER) {
        let (found, limit) = (file.len() as u64, options.limits.file_bytes);
        if found > limit {
            // Parts have no file around them.
            return Err(ExportError::FileTooLarge { found, limit });
        }
        UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)?
    } else {
        UnverifiedExport::from_zip(file, options)?
    };
    let contents = match trust {
        Some(trust) => export.verify(trust)?.into_contents(),
        None => export.read_without_verifying()?,
    };
    Ok((contents, export.export_sha256()))
}

/// An index in which the first identifiers of some of these keys were heard.
fn heard(keys: &[DiagnosisKey]) -> SightingIndex {
    let sightings = keys.iter().take(6).map(|key| {
        let start = key.window.start();
        let rpi = key.identifier_key().identifier(start);
        let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(8));
        Sighting::new(rpi, aem.as_bytes(), -60, start.unix_seconds())
    });
    SightingIndex::new(sightings.collect()).unwrap()
}
