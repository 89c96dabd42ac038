//! Export files that the crate writes and reads back, cut short, bent, split and joined.
use std::num::NonZeroUsize;

use gaen::export::{
    BatchError, BatchSet, ExportBuilder, ExportError, ExportFile, Limits, PublicKey, ReadOptions, SignatureAlgorithm,
    Signer, Trust, TrustSet, TrustedKey, UnverifiedExport, VerifiedExport, WriteError, inspect,
};
use gaen::keys::{DaysSinceOnset, ReportType, TransmissionRiskLevel, VariantOfConcern};
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cases::cases;
use crate::signed::{rng, signer, trust};

const START: u64 = 1_595_548_800;
const END: u64 = 1_595_635_200;

fn key(bytes: [u8; 16]) -> DiagnosisKey {
    let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY).unwrap();
    DiagnosisKey::new(bytes, window)
}

fn some_keys(count: usize) -> Vec<DiagnosisKey> {
    let mut rng = rng();
    let mut bytes = [0; 16];
    let mut next = || {
        rng.fill_bytes(&mut bytes);
        key(bytes)
    };
    (0..count).map(|_| next()).collect()
}

fn export(keys: usize) -> ExportFile {
    let builder = ExportBuilder::new("440", START, END).keys(some_keys(keys));
    builder.build(&[signer()], &mut rng()).unwrap().remove(0)
}

fn read(zip: &[u8]) -> Result<VerifiedExport, ExportError> {
    UnverifiedExport::from_zip(zip, &ReadOptions::default())?.verify(&trust())
}

fn any_key() -> impl Strategy<Value = DiagnosisKey> {
    let start = 0..u32::try_from(i32::MAX).unwrap() + 1;
    (any::<[u8; 16]>(), start, 1..145_u32, 0..9_i32, 0..6_i32, prop::option::of(-14..15_i32), 0..5_i32).prop_map(
        |(bytes, start, period, level, report, days, variant)| {
            let period = RollingPeriod::new(period).unwrap();
            let mut key = DiagnosisKey::new(bytes, RollingWindow::new(EnIntervalNumber::new(start), period).unwrap());
            key.transmission_risk_level = TransmissionRiskLevel::new(level).unwrap();
            key.report_type = ReportType::from_number(report);
            key.days_since_onset_of_symptoms = days.and_then(DaysSinceOnset::new);
            key.variant_of_concern = VariantOfConcern::new(variant).unwrap();
            key
        },
    )
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn what_is_written_is_read_back(
        keys in prop::collection::vec(any_key(), 0..40),
        revised in prop::collection::vec(any_key(), 0..10),
        region in "[A-Z0-9]{2,3}",
    ) {
        let builder = ExportBuilder::new(region.clone(), START, END).keys(keys.clone()).revised_keys(revised.clone());
        let files = builder.build(&[signer()], &mut rng()).unwrap();
        prop_assert_eq!(files.len(), 1);
        let export = read(&files[0].zip).unwrap();
        let sorted = |mut keys: Vec<DiagnosisKey>| { keys.sort(); keys };
        prop_assert_eq!(&export.contents().keys, &sorted(keys));
        prop_assert_eq!(&export.contents().revised_keys, &sorted(revised));
        prop_assert_eq!(export.contents().facts.region.as_deref(), Some(region.as_str()));
        prop_assert_eq!((export.contents().facts.start_timestamp, export.contents().facts.end_timestamp), (Some(START), Some(END)));
        prop_assert_eq!(export.contents().skipped.total() + export.contents().ignored.total(), 0);
        prop_assert_eq!(export.export_sha256(), files[0].export_sha256);
        prop_assert_eq!(export.verified_by(), ["440-v1"]);
    }

    #[test]
    fn bytes_that_are_no_file_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0..4_usize) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"EK Export v1    ", b"PK\x05\x06"];
        let file = [heads[head], &bytes].concat();
        prop_assert!(read(&file).is_err());
        let _ = inspect(&file, &ReadOptions::default());
        if let Ok(export) = UnverifiedExport::from_parts(file, bytes, &ReadOptions::default()) {
            let _ = export.read_without_verifying();
            prop_assert!(export.verify(&trust()).is_err());
        }
    }
}

#[test]
fn the_same_keys_give_the_same_bytes() {
    assert_eq!(export(50), export(50));
}

#[test]
fn no_truncation_verifies() {
    let file = export(5);
    for len in 0..file.zip.len() {
        let error = read(&file.zip[..len]).unwrap_err();
        let expected = if len == 0 {
            "empty_file"
        } else if len < 4 {
            "not_a_zip"
        } else {
            "zip_damaged"
        };
        assert_eq!(error.code(), expected, "{len}: {error}");
    }
}

#[test]
fn no_truncation_inside_the_entries_verifies() {
    let zip = export(5).zip;
    let whole = UnverifiedExport::from_zip(&zip, &ReadOptions::default()).unwrap();
    let bin = whole.export_bin().to_vec();
    let sig = entry(&zip, "export.sig");
    let read = |bin: &[u8], sig: &[u8]| {
        UnverifiedExport::from_parts(bin.to_vec(), sig.to_vec(), &ReadOptions::default())?.verify(&trust())
    };
    assert!(read(&bin, &sig).is_ok());
    for len in 0..bin.len() {
        let code = read(&bin[..len], &sig).unwrap_err().code();
        assert_eq!(code, if len < 16 { "header_missing" } else { "signature_invalid" }, "{len}");
    }
    for len in 0..sig.len() {
        let code = read(&bin, &sig[..len]).unwrap_err().code();
        assert_eq!(code, if len == 0 { "unsigned" } else { "signature_list_malformed" }, "{len}");
    }
}

/// A truncated bare `export.bin` whose signature nobody checks: it may end between two fields, and then it reads as a
/// shorter file; anywhere else it is malformed, and the error says where.
#[test]
fn a_truncated_bare_export_bin_is_malformed_or_shorter() {
    let zip = export(5).zip;
    let whole = UnverifiedExport::from_zip(&zip, &ReadOptions::default()).unwrap();
    let (mut shorter, mut malformed) = (0, 0);
    for len in 16..whole.export_bin().len() {
        let cut = whole.export_bin()[..len].to_vec();
        let export = UnverifiedExport::from_parts(cut, Vec::new(), &ReadOptions::default()).unwrap();
        match export.read_without_verifying() {
            Ok(contents) => {
                assert!(contents.keys.len() < 5);
                shorter += 1;
            }
            Err(ExportError::ProtobufMalformed { offset, .. }) => {
                assert!((16..len as u64).contains(&offset));
                malformed += 1;
            }
            Err(error) => panic!("{len}: {error}"),
        }
    }
    assert!(shorter >= 9 && malformed > shorter, "{shorter} shorter, {malformed} malformed");
}

/// Bytes of an entry, found by a reader of our own choosing.
fn entry(zip: &[u8], name: &str) -> Vec<u8> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_limit_is_named_in_its_error() {
    let file = export(30).zip;
    let bin_len = entry(&file, "export.bin").len() as u64;
    let with = |limits: Limits| {
        let options = ReadOptions { limits, ..ReadOptions::default() };
        UnverifiedExport::from_zip(&file, &options).and_then(|export| export.verify(&trust()))
    };
    assert!(
        with(Limits { keys: 30, export_bin_bytes: bin_len, file_bytes: file.len() as u64, ..Limits::default() })
            .is_ok()
    );
    for (limits, name) in [
        (Limits { file_bytes: file.len() as u64 - 1, ..Limits::default() }, "file_bytes"),
        (Limits { export_bin_bytes: bin_len - 1, ..Limits::default() }, "export_bin_bytes"),
        (Limits { export_sig_bytes: 10, ..Limits::default() }, "export_sig_bytes"),
        (Limits { entries: 1, ..Limits::default() }, "entries"),
        (Limits { keys: 29, ..Limits::default() }, "keys"),
        (Limits { signature_infos: 0, ..Limits::default() }, "signature_infos"),
        (Limits { signatures: 0, ..Limits::default() }, "signatures"),
    ] {
        let error = with(limits).unwrap_err();
        assert!(error.to_string().contains(&format!("({name})")), "{error}");
    }
}

#[test]
fn padding_hides_how_few_there_are() {
    let real = some_keys(3);
    let builder = ExportBuilder::new("440", START, END).keys(real.clone());
    let mut other_rng = StdRng::seed_from_u64(1);
    let files = builder.clone().pad_to(1000).pad_random(100).build(&[signer()], &mut other_rng).unwrap();
    let [file] = files.as_slice() else { panic!("one file") };
    let export = read(&file.zip).unwrap();
    assert_eq!(export.keys().len(), file.keys + file.padding);
    assert!((1000..=1100).contains(&export.keys().len()));
    assert!(real.iter().all(|key| export.keys().contains(key)));
    assert!(export.keys().is_sorted_by_key(|key| key.key_data), "their place does not tell the real ones");
    let distinct: std::collections::BTreeSet<_> = export.keys().iter().map(|key| key.key_data).collect();
    assert_eq!(distinct.len(), export.keys().len(), "each made-up key is another one");
    assert!(export.keys().iter().all(|key| real.iter().any(|real| real.window == key.window)));

    let padding = |seed, pad_to, most| {
        let rng = &mut StdRng::seed_from_u64(seed);
        builder.clone().pad_to(pad_to).pad_random(most).build(&[signer()], rng).unwrap()[0].padding
    };
    let sizes: std::collections::BTreeSet<_> = (0..20).map(|seed| padding(seed, 10, 100)).collect();
    assert!(sizes.len() > 10, "the surplus is random: {sizes:?}");
    let sizes: std::collections::BTreeSet<_> = (0..64).map(|seed| padding(seed, 10, 2)).collect();
    assert!(sizes.into_iter().eq([7, 8, 9]), "from none to the most");
    assert!((0..20).all(|seed| padding(seed, 3, 100) == 0), "a full file gets no surplus");

    let empty = ExportBuilder::new("440", START, END).revised_keys(real).pad_to(1000);
    let files = empty.build(&[signer()], &mut rng()).unwrap();
    assert_eq!((files[0].keys, files[0].padding, files[0].revised_keys), (0, 0, 3), "never padded");
}

#[test]
fn a_period_of_144_is_never_written() {
    let mut short = key([9; 16]);
    short.window = RollingWindow::new(short.window.start(), RollingPeriod::new(143).unwrap()).unwrap();
    let builder = ExportBuilder::new("440", START, END).keys(some_keys(4)).keys([short]).revised_keys(some_keys(2));
    let file = builder.build(&[signer()], &mut rng()).unwrap().remove(0);
    let report = inspect(&file.zip, &ReadOptions::default()).export_bin.unwrap();
    assert!(report.keys_stats.rolling_period.0.into_iter().eq([(None, 4), (Some(143), 1)]));
    assert!(report.revised_keys_stats.rolling_period.0.into_iter().eq([(None, 2)]));
}

#[test]
fn more_keys_than_fit_are_spread_over_files_that_android_tells_apart() {
    let keys = some_keys(25);
    let files = ExportBuilder::new("440", START, END)
        .keys(keys.clone())
        .max_keys_per_file(NonZeroUsize::new(10).unwrap())
        .build(&[signer()], &mut rng())
        .unwrap();
    assert_eq!(files.iter().map(|file| file.keys).collect::<Vec<_>>(), [9, 8, 8]);
    let mut read_back = Vec::new();
    for (number, file) in (0..).zip(&files) {
        let export = read(&file.zip).unwrap();
        assert_eq!(export.contents().facts.end_timestamp, Some(END + number));
        assert_eq!((export.contents().batch.num(), export.contents().batch.size()), (1, 1));
        let hash: String = file.export_sha256[..3].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file.name, format!("{START}-{}-0001-{hash}.zip", END + number));
        read_back.extend(export.into_contents().keys);
    }
    let mut keys = keys;
    keys.sort();
    assert_eq!(read_back, keys);
}

#[test]
fn keys_and_revised_keys_share_the_files() {
    for (keys, revised, most, sizes) in
        [(2, 2, 1, vec![(1, 0), (1, 0), (0, 1), (0, 1)]), (1, 3, 2, vec![(1, 1), (0, 2)]), (0, 0, 5, vec![(0, 0)])]
    {
        let builder = ExportBuilder::new("440", START, END).keys(some_keys(keys)).revised_keys(some_keys(revised));
        let builder = builder.max_keys_per_file(NonZeroUsize::new(most).unwrap());
        let files = builder.build(&[signer()], &mut rng()).unwrap();
        assert_eq!(files.iter().map(|file| (file.keys, file.revised_keys)).collect::<Vec<_>>(), sizes);
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let build = |builder: ExportBuilder, signers: &[Signer]| builder.build(signers, &mut rng()).unwrap_err();
    assert_eq!(build(ExportBuilder::new("440", START, END), &[]), WriteError::NoSigner);
    let backwards = build(ExportBuilder::new("440", END, START), &[signer()]);
    assert_eq!(backwards, WriteError::EndBeforeStart { start: END, end: START });
    let signers: Vec<_> = (0..11).map(|id: u32| Signer::generate(id.to_string(), "v1", &mut rng())).collect();
    assert_eq!(build(ExportBuilder::new("440", START, END), &signers), WriteError::TooManySigners { found: 11 });
    assert!(ExportBuilder::new("440", START, END).build(&signers[..10], &mut rng()).is_ok());
    let nameless = Signer::generate("", "v1", &mut rng());
    assert_eq!(build(ExportBuilder::new("440", START, END), &[signer(), nameless]), WriteError::SignerWithoutId);
    let three_files =
        |end| ExportBuilder::new("440", START, end).keys(some_keys(3)).max_keys_per_file(NonZeroUsize::new(1).unwrap());
    assert_eq!(three_files(u64::MAX - 2).build(&[signer()], &mut rng()).unwrap().len(), 3);
    let end = u64::MAX - 1;
    assert_eq!(build(three_files(end), &[signer()]), WriteError::EndOverflow { end });
    let start = u32::try_from(i32::MAX).unwrap() + 1;
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::FULL_DAY).unwrap();
    let late = ExportBuilder::new("440", START, END).keys([DiagnosisKey::new([0; 16], window)]);
    assert_eq!(build(late, &[signer()]), WriteError::RollingStart { start });
}

#[test]
fn a_private_key_survives_its_pem() {
    let signer = signer();
    let pem = signer.to_pkcs8_pem().unwrap();
    let again = Signer::read("440", "v1", pem.as_bytes()).unwrap().key;
    assert_eq!(again.public_key(), signer.public_key());
    assert_eq!(signer.public_key().to_pem().unwrap().parse::<PublicKey>().unwrap(), signer.public_key());
    assert!(Signer::read("440", "v1", signer.public_key().to_pem().unwrap().as_bytes()).is_err());
}

#[test]
fn an_algorithm_verifies_its_own_signatures() {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    use p256::pkcs8::DecodePrivateKey;
    use sha2::{Digest, Sha256, Sha512};

    let message = b"not a file";
    let key = p256::ecdsa::SigningKey::from_pkcs8_pem(&signer().to_pkcs8_pem().unwrap()).unwrap();
    let der = |hash: &[u8]| -> Vec<u8> {
        let signature: p256::ecdsa::Signature = key.sign_prehash(hash).unwrap();
        signature.to_der().as_bytes().to_vec()
    };
    let signatures = [der(&Sha256::digest(message)), der(&Sha512::digest(message))];
    let algorithms = [SignatureAlgorithm::EcdsaP256Sha256, SignatureAlgorithm::EcdsaP256Sha512];
    assert_eq!(algorithms.map(|algorithm| algorithm.to_string()), ["1.2.840.10045.4.3.2", "1.2.840.10045.4.3.4"]);
    for (signed, signature) in algorithms.iter().zip(&signatures) {
        for algorithm in algorithms {
            let verifies = |message: &[u8]| signer().public_key().verifies(message, signature, algorithm);
            assert_eq!((verifies(message), verifies(b"a file")), (algorithm == *signed, false));
        }
    }
}

#[test]
fn neither_a_file_nor_a_key_is_printed_at_length() {
    let file = UnverifiedExport::from_zip(&export(30).zip, &ReadOptions::default()).unwrap();
    let shown = format!("UnverifiedExport {{ export_bin_len: {}, signatures: 1, .. }}", file.export_bin().len());
    assert_eq!(format!("{file:?}"), shown);
    assert_eq!(format!("{:?}", signer().public_key()), "PublicKey(P-256)");
}

#[test]
fn rotation_and_co_signing() {
    let mut rng = rng();
    let [a, b, c] = ["a", "b", "c"].map(|id| Signer::generate(id, "v1", &mut rng));
    let trusted = [&a, &b, &c].map(Signer::trusted_key);
    let [trust_a, trust_b, trust_c] = trusted;
    let zip = ExportBuilder::new("440", START, END).build(&[a, b], &mut rng).unwrap().remove(0).zip;
    let verify = |trust: Trust| {
        let export = UnverifiedExport::from_zip(&zip, &ReadOptions::default()).unwrap();
        export.verify(&trust).map(|export| export.verified_by().to_vec())
    };
    let set = |key: &TrustedKey| TrustSet::new(key.clone());
    assert_eq!(verify(Trust::new(set(&trust_a))).unwrap(), ["a-v1"]);
    assert_eq!(verify(Trust::new(set(&trust_c)).or(set(&trust_b))).unwrap(), ["b-v1"]);
    assert_eq!(verify(Trust::new(set(&trust_b).and(trust_a.clone()))).unwrap(), ["b-v1", "a-v1"]);
    let error = verify(Trust::new(set(&trust_a).and(trust_c.clone()))).unwrap_err();
    assert_eq!(error.to_string(), "no signature by \"c-v1\"; the file has signatures by \"a-v1\", \"b-v1\"");
    assert!(verify(Trust::new(set(&trust_a).and(trust_c)).or(set(&trust_b))).is_ok());
}

#[test]
fn the_name_of_a_key_is_compared_exactly() {
    let signer = Signer::generate("DE-440", "v1", &mut rng());
    let zip = ExportBuilder::new("440", START, END).build([&signer], &mut rng()).unwrap();
    let export = UnverifiedExport::from_zip(&zip[0].zip, &ReadOptions::default()).unwrap();
    let verify = |id: &str, version: &str| {
        let trust = Trust::new(TrustedKey::new(id, version, signer.public_key()));
        export.verify(&trust).map(|export| export.verified_by().concat()).map_err(|error| error.code())
    };
    assert_eq!(verify("DE-440", "v1"), Ok("DE-440-v1".to_owned()));
    for id in ["DE-44", "DE-4400", "E-440", "de-440", " DE-440", "DE", ""] {
        assert_eq!(verify(id, "v1"), Err("unknown_key"), "{id:?}");
    }
    for version in ["v", "v10", "V1", "v2", ""] {
        assert_eq!(verify("DE-440", version), Err("unknown_key"), "{version:?}");
    }
    assert_eq!(verify("DE", "440-v1"), Err("unknown_key"), "one text of another id and version");
}

#[test]
fn an_empty_id_is_nobodys_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/exports").to_owned();
    let public_key: PublicKey = std::fs::read_to_string(folder.clone() + "/trusted-a.pem").unwrap().parse().unwrap();
    let trust = Trust::new(TrustedKey::new("", "", public_key));
    let zip = std::fs::read(folder + "/signature_anonymous_twice.zip").unwrap();
    let export = UnverifiedExport::from_zip(&zip, &ReadOptions::default()).unwrap();
    assert_eq!(export.verify(&trust), Err(ExportError::SignatureAnonymous { signatures: 2, keys: 1 }));
}

#[test]
fn a_batch_is_complete_when_every_number_is_there_once() {
    // The crate writes single files only, so these are bent by hand and signed anew.
    let signer = signer();
    let bent = |num: u8, size: u8, region: &str, [start, end]: [u8; 2], infos: &[u8]| {
        let region_bytes = region.as_bytes();
        let mut bin = b"EK Export v1    ".to_vec();
        bin.extend([0x09, start, 0, 0, 0, 0, 0, 0, 0, 0x11, end, 0, 0, 0, 0, 0, 0, 0]);
        bin.extend([0x1a, u8::try_from(region_bytes.len()).unwrap()]);
        bin.extend(region_bytes);
        bin.extend([0x20, num, 0x28, size]);
        bin.extend(infos);
        let der = sign(&signer, &bin);
        let info = [&[0x1a, 2][..], b"v1", &[0x22, 3], b"440", &[0x2a, 19], b"1.2.840.10045.4.3.2"].concat();
        let signature =
            [&[0x0a, u8::try_from(info.len()).unwrap()][..], &info, &[0x22, u8::try_from(der.len()).unwrap()], &der]
                .concat();
        let list = [&[0x0a, u8::try_from(signature.len()).unwrap()][..], &signature].concat();
        let export = UnverifiedExport::from_parts(bin, list, &ReadOptions::default()).unwrap();
        export.verify(&trust()).unwrap()
    };
    let empty_info = [0x32, 0x00];
    let file = |num, size, region| bent(num, size, region, [1, 2], &empty_info);
    let mut batch = BatchSet::new();
    assert_eq!(batch.add(file(3, 3, "440")), Ok(()));
    assert_eq!(batch.add(file(1, 3, "440")), Ok(()));
    assert_eq!(batch.add(file(1, 3, "440")), Err(BatchError::Duplicate { num: 1 }));
    assert_eq!(batch.add(file(2, 3, "441")), Err(BatchError::Mismatch { num: 2 }));
    assert_eq!(batch.add(file(2, 4, "440")), Err(BatchError::Mismatch { num: 2 }));
    let info_with_an_id = [0x32, 5, 0x22, 3, b'4', b'4', b'0'];
    for differs in [
        bent(2, 3, "440", [0, 2], &empty_info),
        bent(2, 3, "440", [1, 3], &empty_info),
        bent(2, 3, "440", [1, 2], &info_with_an_id),
    ] {
        assert_eq!(batch.add(differs), Err(BatchError::Mismatch { num: 2 }));
    }
    let mut whole = BatchSet::new();
    for num in [2, 1, 3] {
        whole.add(file(num, 3, "440")).unwrap();
    }
    let order: Vec<_> = whole.complete().unwrap().iter().map(|file| file.contents().batch.num()).collect();
    assert_eq!(order, [1, 2, 3]);
    assert_eq!(batch.complete().unwrap_err(), BatchError::Incomplete { size: 3, missing: vec![2] });
    assert_eq!(BatchSet::new().complete().unwrap_err(), BatchError::Empty);
}

#[test]
fn of_many_missing_files_the_first_ten_are_named() {
    let lacking = |count| BatchError::Incomplete { size: 12, missing: (1..=count).collect() }.to_string();
    assert_eq!(lacking(10), "the batch of 12 files lacks 10 of them: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
    assert_eq!(lacking(11), "the batch of 12 files lacks 11 of them: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...");
}

#[test]
fn a_key_without_a_version_goes_by_its_id() {
    let point = "3BYTxr2HuJYQG+d7Ezu6KS8GEbFkiEvyJFg0j+C839gTjT6j7Ho0EXXZ/a07ZfvKcC2cmc1SunsrqU9Jov1J5Q==";
    let name = |version| TrustedKey::new("440", version, point.parse().unwrap()).name();
    assert_eq!((name("v1"), name("")), ("440-v1".to_owned(), "440".to_owned()));
}

#[test]
fn a_report_describes_each_entry_of_the_zip() {
    let file = export(30).zip;
    let report = inspect(&file, &ReadOptions::default());
    let entries: Vec<_> = report.zip_entries.iter().map(|entry| (entry.name.as_str(), entry.size)).collect();
    let size = |name| entry(&file, name).len() as u64;
    assert_eq!(entries, [("export.bin", size("export.bin")), ("export.sig", size("export.sig"))]);
}

/// Of an entry that no reader can inflate, what the directory says.
#[test]
fn a_report_names_a_method_that_is_not_supported() {
    let mut file = export(30).zip;
    for header in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let at = file.windows(4).position(|bytes| bytes == header).unwrap();
        let method = at + if header[2] == 1 { 10 } else { 8 };
        file[method..method + 2].copy_from_slice(&93_u16.to_le_bytes());
    }
    let report = inspect(&file, &ReadOptions::default());
    assert_eq!(report.problem_code, Some("entry_unsupported"));
    let methods: Vec<_> = report.zip_entries.iter().map(|entry| entry.method.as_str()).collect();
    assert_eq!(methods, ["Zstd", "deflate"]);
    let text = read(&file).unwrap_err().to_string();
    assert!(text.contains("compressed by Zstd"), "{text}");
}

#[test]
fn a_report_shows_the_first_and_the_last_key_of_each_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-vectors/exports/valid_revised_keys.zip");
    let report = inspect(&std::fs::read(path).unwrap(), &ReadOptions::default()).export_bin.unwrap();
    let shown = [&report.first_key, &report.last_key, &report.first_revised_key, &report.last_revised_key];
    let shown = shown.map(|key| key.as_ref().map(|key| (&key.key_data[..4], key.report_type)).unwrap());
    assert_eq!(shown, [("63f1", Some(1)), ("90e1", Some(1)), ("3ac8", Some(5)), ("d901", Some(3))]);
    assert_eq!((report.keys, report.revised_keys), (2, 3));
}

/// A signature over any bytes, through `p256` itself.
fn sign(signer: &Signer, message: &[u8]) -> Vec<u8> {
    use p256::ecdsa::signature::Signer as _;
    use p256::pkcs8::DecodePrivateKey;
    let key = p256::ecdsa::SigningKey::from_pkcs8_pem(&signer.to_pkcs8_pem().unwrap()).unwrap();
    let signature: p256::ecdsa::Signature = key.sign(message);
    signature.to_der().as_bytes().to_vec()
}
