//! Files that keep the convention of COCOA's server, and files that differ from it in one way each.

use rand::SeedableRng;
use rand::rngs::StdRng;

use gaen::cocoa::Convention;
use gaen::export::{Batch, ExportBuilder, ReadOptions, Signer, TemporaryExposureKeyExport, UnverifiedExport};
use gaen::time::{RollingPeriod, UtcDay, UtcOffset};
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};

fn export(day: &str, seconds: u64, keys: &[(u32, u32)]) -> TemporaryExposureKeyExport {
    let day: UtcDay = day.parse().unwrap();
    let midnight = EnIntervalNumber::from_unix_seconds(day.start()).unwrap();
    let keys = keys.iter().enumerate().map(|(number, (offset, period))| {
        let start = midnight.checked_add(*offset).unwrap();
        let window = RollingWindow::new(start, RollingPeriod::new(*period).unwrap()).unwrap();
        DiagnosisKey::new([u8::try_from(number).unwrap(); 16], window)
    });
    let mut rng = StdRng::seed_from_u64(1);
    let signer = Signer::generate("440", "v1", &mut rng);
    let builder = ExportBuilder::new("440", day.start(), day.start() + seconds).keys(keys);
    let zip = &builder.build([&signer], &mut rng).unwrap()[0].zip;
    UnverifiedExport::from_zip(zip, &ReadOptions::default()).unwrap().read_without_verifying().unwrap()
}

/// Of a file that another program has written.
fn largest_batch() -> Batch {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/exports/valid_batch_largest.zip");
    let export = UnverifiedExport::from_zip(&std::fs::read(path).unwrap(), &ReadOptions::default()).unwrap();
    export.read_without_verifying().unwrap().batch
}

fn deviations(export: &TemporaryExposureKeyExport) -> Vec<String> {
    Convention::check(export).deviations.iter().map(ToString::to_string).collect()
}

#[test]
fn a_day_under_each_rule() {
    for (day, seconds, periods) in [
        ("2020-08-20", 86_400, &[(0, 144)][..]),
        ("2020-08-20", 36_000, &[(0, 60)]),
        ("2020-08-20", 86_400, &[(0, 60), (0, 144)]),
        ("2020-09-30", 36_000, &[(0, 60)]),
        ("2020-09-30", 86_400, &[(0, 60)]),
        ("2020-10-13", 86_400, &[(0, 60)]),
        ("2022-01-21", 86_400, &[(0, 144), (0, 1)]),
    ] {
        let convention = Convention::check(&export(day, seconds, periods));
        assert_eq!(convention, Convention { day: Some(day.parse().unwrap()), deviations: vec![] }, "{day} {seconds}");
    }
    let range = Convention::check(&export("2020-08-20", 86_400, &[(0, 144)])).local_range(UtcOffset::JST).unwrap();
    assert_eq!(range.to_string(), "2020-08-20 09:00 to 2020-08-21 09:00 (UTC+09:00)");
}

#[test]
fn each_end_by_the_wrong_rule_is_named() {
    let early = deviations(&export("2020-08-20", 86_400, &[(0, 60)]));
    let rule = "start + rolling_period * 600, the rule until 2020-10-12";
    assert_eq!(early, [format!("end_timestamp is 1597968000, not 1597917600 ({rule})")]);
    let late = deviations(&export("2020-10-13", 36_000, &[(0, 60)]));
    assert_eq!(late, ["end_timestamp is 1602583200, not 1602633600 (start + 86400, the rule since 2020-10-13)"]);
}

#[test]
fn every_other_difference_is_named() {
    let mut other = export("2020-08-20", 86_400, &[(0, 144)]);
    other.facts.region = Some("US".to_owned());
    other.signature_infos[0].verification_key_version = Some("v2".to_owned());
    other.facts.start_timestamp = None;
    other.revised_keys = other.keys.clone();
    assert_eq!(
        deviations(&other),
        [
            "region is \"US\", not \"440\"",
            "no signature info names key 440 version v1",
            "it has 1 revised keys",
            "start_timestamp is missing, not 1597881600, where its keys begin",
        ]
    );
    let mut many = export("2020-08-20", 86_400, &[(0, 144)]);
    many.batch = largest_batch();
    many.keys = vec![many.keys[0]; 250_000];
    assert_eq!(deviations(&many), ["it is file 1000000 of 1000000, not 1 of 1"]);
    many.keys.push(many.keys[0]);
    assert_eq!(deviations(&many), ["it is file 1000000 of 1000000, not 1 of 1", "it has 250001 keys, over 250000"]);
    let mut empty = export("2020-08-20", 86_400, &[(0, 144)]);
    empty.keys.clear();
    assert_eq!(deviations(&empty), ["it has no keys"]);
    for (keys, text) in [
        (&[(0, 144), (144, 144)][..], "its keys begin at different times, from interval 2663136 to 2663280"),
        (&[(7, 100)], "its keys begin at interval 2663143, which is not midnight UTC"),
    ] {
        let export = export("2020-08-20", 86_400, keys);
        assert_eq!((deviations(&export), Convention::check(&export).day), (vec![text.to_owned()], None));
    }
}
