use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;
use crate::cocoa::HashOf;
use crate::export::{ExportBuilder, ExportFile, Signer, UnverifiedExport};
use crate::keys::DiagnosisKey;
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

const DAY: u64 = 1_597_881_600; // 2020-08-20

fn file(number: u8) -> ExportFile {
    let start = DAY + 86_400 * u64::from(number);
    let window =
        RollingWindow::new(EnIntervalNumber::from_unix_seconds(start).unwrap(), RollingPeriod::FULL_DAY).unwrap();
    let mut rng = StdRng::seed_from_u64(number.into());
    let signer = Signer::generate("440", "v1", &mut rng);
    let builder = ExportBuilder::new("440", start, start + 86_400).keys([DiagnosisKey::new([number; 16], window)]);
    builder.build([&signer], &mut rng).unwrap().remove(0)
}

fn bin(file: &ExportFile) -> Vec<u8> {
    UnverifiedExport::from_zip(&file.zip, &ReadOptions::default()).unwrap().export_bin().to_vec()
}

/// An index with calls of days 1, 2 and so on, under names that are in order only as numbers.
fn index(files: &[ExportFile]) -> FileIndex {
    let mut builder = FileIndexBuilder::with_calls();
    for (number, file) in files.iter().enumerate() {
        builder.add(&format!("440-{}.zip", number + 8), &file.zip, &ReadOptions::default()).unwrap();
    }
    builder.build()
}

fn hash(bytes: &[u8]) -> LoggedHash {
    let text: String = sha256(bytes).iter().map(|byte| format!("{byte:02X}")).collect();
    LoggedHash::new(&text, HashOf::Call)
}

fn names<'i>(resolution: &Resolution<'i>) -> Vec<&'i str> {
    resolution.files().iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn a_file_is_found_by_each_of_its_hashes() {
    let files = [file(0), file(1)];
    let index = index(&files);
    let Resolution::File(found) = index.resolve(&hash(&bin(&files[1]))) else { panic!() };
    assert_eq!((found.name.as_str(), found.keys), ("440-9.zip", 1));
    assert_eq!(found.convention.day.unwrap().to_string(), "2020-08-21");
    assert_eq!(found.key_days, found.convention.day.map(|day| (day, day)));
    assert_eq!(found.convention.deviations, []);
    let zip = index.resolve(&hash(&files[0].zip));
    assert_eq!((zip.name(), names(&zip)), ("zip", vec!["440-8.zip"]));
}

#[test]
fn what_is_not_there_is_not_guessed() {
    let index = index(&[file(0)]);
    assert_eq!(index.resolve(&hash(b"something else")).name(), "not_among_these");
    assert_eq!(index.resolve(&LoggedHash::new("xxxxxx", HashOf::File)).name(), "not_a_hash");
    assert_eq!(FileIndexBuilder::new().build().resolve(&hash(b"")).name(), "not_among_these");
}

#[test]
fn a_file_that_is_none_leaves_the_index_as_it_was() {
    let mut builder = FileIndexBuilder::with_calls();
    assert_eq!(builder.add("page", b"<html>", &ReadOptions::default()).unwrap_err().code(), "not_a_zip");
    assert_eq!(builder.build().files(), []);
}

#[test]
fn every_run_in_each_of_the_orders_is_a_call() {
    let files: Vec<_> = (0..5).map(file).collect();
    let index = index(&files);
    // Ordered by number and by start it is 8 to 12; by name 10, 11, 12, 8, 9.
    assert_eq!((index.runs(), index.runs_are_complete()), (20, true));
    for (run, expected) in [
        (&[0, 1, 2, 3, 4][..], &["440-8.zip", "440-9.zip", "440-10.zip", "440-11.zip", "440-12.zip"][..]),
        (&[1, 2], &["440-9.zip", "440-10.zip"]),
        (&[4, 0, 1], &["440-12.zip", "440-8.zip", "440-9.zip"]),
    ] {
        let bytes: Vec<u8> = run.iter().flat_map(|number| bin(&files[*number])).collect();
        let call = index.resolve(&hash(&bytes));
        assert_eq!((call.name(), names(&call)), ("call", expected.to_vec()));
    }
    let apart: Vec<u8> = [0, 2].iter().flat_map(|number| bin(&files[*number])).collect();
    assert_eq!(index.resolve(&hash(&apart)).name(), "not_among_these", "no neighbours in any order");
}

#[test]
fn a_file_that_is_there_twice_does_not_part_its_neighbours() {
    let [first, second] = [file(0), file(1)];
    let mut builder = FileIndexBuilder::with_calls();
    for (name, file) in [("a/1.zip", &first), ("b/1.zip", &first), ("a/2.zip", &second)] {
        builder.add(name, &file.zip, &ReadOptions::default()).unwrap();
    }
    let call = [bin(&first), bin(&second)].concat();
    assert_eq!(names(&builder.build().resolve(&hash(&call))), ["a/1.zip", "a/2.zip"]);
}

#[test]
fn what_cannot_be_held_is_in_no_run_and_that_is_said() {
    let files = [file(0), file(1), file(2)];
    let mut builder = FileIndexBuilder { bytes_left: bin(&files[0]).len() * 2, ..FileIndexBuilder::with_calls() };
    for (number, file) in files.iter().enumerate() {
        builder.add(&number.to_string(), &file.zip, &ReadOptions::default()).unwrap();
    }
    let index = builder.build();
    assert_eq!((index.runs(), index.runs_are_complete()), (1, false));
    assert_eq!(index.resolve(&hash(&bin(&files[2]))).name(), "export_bin", "it is found by itself all the same");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Against a search without any index.
    #[test]
    fn runs_up_to_the_limit_are_found_and_longer_ones_are_not(first in 0_usize..24, length in 1_usize..24) {
        let files: Vec<_> = (0..24).map(file).collect();
        let Some(run) = files.get(first..first + length) else { return Ok(()) };
        let bytes: Vec<u8> = run.iter().flat_map(bin).collect();
        let index = index(&files);
        let found = index.resolve(&hash(&bytes));
        let expected: Vec<_> = (first..first + length).map(|number| format!("440-{}.zip", number + 8)).collect();
        if length <= MOST_FILES_IN_A_CALL {
            prop_assert_eq!(names(&found), expected);
        } else {
            prop_assert_eq!(found.name(), "not_among_these");
        }
    }
}
