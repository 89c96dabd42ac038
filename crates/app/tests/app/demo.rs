//! The same answers as the command's, over the demo: nine matches, four kinds of dropped sightings, and the verdict.

use std::fs::{self, File};
use std::sync::Arc;
use std::thread;

use gaen_app::{
    AppConfiguration, Choice, Columns, Consent, ErrorKind, ExportFile, KeyRing, NO_PREVIOUS_SCAN, Next, NoObserver,
    NotJudged, Profile, Progress, Report, SearchRules, Sightings, TWO_HOURS, TrustedKeys, Verdict, near, search,
};

pub(crate) const NOW: u64 = 1_601_251_200;

/// The generator of the curve, in hexadecimal: a public key of somebody else.
const STRANGER: &[u8] = b"046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

fn demo(name: &str) -> String {
    format!("{}/../../demo/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn heard() -> Sightings {
    let file = File::open(demo("sightings.jsonl")).unwrap();
    let read = gaen_report::read::sightings("sightings.jsonl", std::io::BufReader::new(file), usize::MAX).unwrap();
    let identifiers: Vec<u8> = read.iter().flat_map(|sighting| *sighting.rpi.as_bytes()).collect();
    let metadata: Vec<([u8; 4], u8)> = read
        .iter()
        .map(|sighting| match sighting.aem {
            gaen::matching::HeardMetadata::Encrypted(metadata) => (*metadata.as_bytes(), 4),
            gaen::matching::HeardMetadata::WrongLength(length) => ([0; 4], u8::try_from(length).unwrap()),
        })
        .collect();
    let (metadata, lengths): (Vec<_>, Vec<_>) = metadata.into_iter().unzip();
    let rssi: Vec<_> = read.iter().map(|sighting| sighting.rssi).collect();
    let times: Vec<_> = read.iter().map(|sighting| sighting.time.cast_signed()).collect();
    let scans: Vec<_> =
        read.iter().map(|sighting| sighting.previous_scan.map_or(NO_PREVIOUS_SCAN, u64::cast_signed)).collect();
    Sightings::from_columns(&Columns {
        identifiers: &identifiers,
        metadata: metadata.as_flattened(),
        metadata_lengths: Some(&lengths),
        rssi: &rssi,
        times: &times,
        previous_scans: Some(&scans),
    })
    .unwrap()
}

pub(crate) fn files() -> Vec<ExportFile> {
    let day_2 = ExportFile::from_bytes("day-2.zip", fs::read(demo("day-2.zip")).unwrap());
    vec![ExportFile::new("day-1.zip", File::open(demo("day-1.zip")).unwrap()), day_2]
}

/// The public key that the demo's files are signed with.
pub(crate) fn authority() -> Vec<u8> {
    fs::read(demo("440-v1.pem")).unwrap()
}

fn trusted() -> SearchRules {
    let keys = TrustedKeys::new(&authority(), "440", "v1").unwrap();
    SearchRules::verified_by(keys, Profile::Google)
}

fn report() -> Report {
    search(files(), &heard(), &trusted(), &mut NoObserver).unwrap()
}

/// COCOA's configuration of version 2: the windows of a day count together from fifteen minutes on.
pub(crate) fn cocoa() -> AppConfiguration {
    AppConfiguration::preset("cocoa-v2", Profile::Google).unwrap()
}

#[test]
fn the_three_answers() {
    let report = report();
    assert_eq!((report.matches().len(), report.dropped().len(), report.is_partial()), (9, 4, false));
    assert_eq!(report.verdict(&cocoa(), NOW), Verdict::Notify);
}

#[test]
fn intervals_are_near_the_times_of_their_sightings() {
    let matches = report().matches();
    let intervals: Vec<_> = matches.iter().map(|found| found.interval).collect();
    let heard: Vec<_> = matches.iter().map(|found| found.time / 600).collect();
    assert!(near(&intervals, &heard, TWO_HOURS).unwrap().into_iter().all(|near| near));
    assert!(matches.iter().all(|found| found.interval_start == 600 * found.interval));
}

/// Of a file that was being read when it was stopped nothing remains, and none after it is read.
#[test]
fn a_stopped_search_says_so() {
    let mut told = Vec::new();
    let mut stop_in_the_second = |progress: Progress| {
        told.push((progress.file, progress.files));
        if progress.file == 1 { Next::Stop } else { Next::Continue }
    };
    let partial = search(files(), &heard(), &trusted(), &mut stop_in_the_second).unwrap();
    assert_eq!((told.first(), told.last()), (Some(&(0, 2)), Some(&(1, 2))));
    assert!(partial.is_partial());
    let codes: Vec<_> = partial.files().iter().map(|file| file.error_code).collect();
    assert_eq!(codes, [None, Some("cancelled")]);
    assert!(partial.matches().iter().all(|found| found.file == 0));
    assert_eq!(partial.basis().files.rejected, 1);

    let mut stop_at_once = |_: Progress| Next::Stop;
    let nothing = search(files(), &heard(), &trusted(), &mut stop_at_once).unwrap();
    assert!(nothing.is_partial() && nothing.matches().is_empty());
    assert_eq!(nothing.verdict(&cocoa(), NOW), Verdict::NotJudged(NotJudged::NoUsableFile));
}

#[test]
fn a_file_that_nobody_trusted_signed_contributes_nothing() {
    let keys = TrustedKeys::new(STRANGER, "440", "v1").unwrap();
    let believe = |keys| SearchRules::verified_by(keys, Profile::Google);
    let report = search(files(), &heard(), &believe(keys.clone()), &mut NoObserver).unwrap();
    assert!(report.matches().is_empty() && report.files().iter().all(|file| file.error_code.is_some()));
    // Another key beside it is enough.
    let authority = authority();
    let either = believe(keys.clone().or(&authority, "440", "v1").unwrap());
    assert_eq!(search(files(), &heard(), &either, &mut NoObserver).unwrap().matches().len(), 9);
    // Both of them is more than signed.
    let both = believe(keys.and(&authority, "440", "v1").unwrap());
    assert!(search(files(), &heard(), &both, &mut NoObserver).unwrap().matches().is_empty());
}

#[test]
fn a_device_that_heard_nobody_gets_no_calm_answer() {
    let nobody = Sightings::none().unwrap();
    let report = search(files(), &nobody, &trusted(), &mut NoObserver).unwrap();
    assert_eq!(report.verdict(&cocoa(), NOW), Verdict::NotJudged(NotJudged::NoSightings));
}

/// Objects are made on one thread, used on others and dropped on others again.
#[test]
fn every_object_may_be_used_from_any_thread() {
    let (heard, trusted, configuration) = (Arc::new(heard()), Arc::new(trusted()), Arc::new(cocoa()));
    let ring = Arc::new(KeyRing::new());
    let search_there = || {
        let (heard, trusted, configuration) = (heard.clone(), trusted.clone(), configuration.clone());
        let ring = ring.clone();
        thread::spawn(move || {
            let report = search(files(), &heard, &trusted, &mut NoObserver).unwrap();
            (report.verdict(&configuration, NOW), report, ring.broadcast(NOW, -8).unwrap())
        })
    };
    let runs: Vec<_> =
        (0..4).map(|_| search_there()).collect::<Vec<_>>().into_iter().map(|run| run.join().unwrap()).collect();
    drop((heard, trusted, configuration));
    let released = thread::spawn(move || ring.release(NOW + 100_000, &Consent::given(NOW)).unwrap()).join().unwrap();
    let matches: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> = runs.iter().map(|(_, report, _)| scope.spawn(|| report.matches())).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(runs.iter().all(|(verdict, ..)| *verdict == Verdict::Notify));
    assert!(matches.iter().all(|found| *found == matches[0] && found.len() == 9));
    // One of the threads made the key of the day, and all have broadcast it.
    assert!(runs.iter().all(|(_, _, sent)| sent.identifier() == runs[0].2.identifier()));
    assert_eq!(runs.iter().filter(|(_, _, sent)| sent.is_new_key).count(), 1);
    assert_eq!(thread::spawn(move || released.keys().len()).join().unwrap(), 1);
}

#[test]
fn a_choice_that_leaves_nothing_is_refused() {
    let day = "2020-09-01".parse().unwrap();
    let choice = Choice { day: Some(day), ..Choice::default() };
    let error = report().explanation_json(&cocoa(), NOW, &choice).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Choice, "nothing_chosen"));
    assert!(report().explanation_json(&cocoa(), NOW, &Choice::default()).unwrap().contains("\"verdict\""));
}
