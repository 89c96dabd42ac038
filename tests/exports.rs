//! Export files that the crate writes and reads back, cut short, bent, split and joined.
#![cfg(feature = "export")]

use std::num::NonZeroUsize;

use gaen::export::{
    BatchError, BatchSet, ExportBuilder, ExportError, ExportFile, Limits, PublicKey, ReadOptions, Signer, Trust,
    TrustSet, TrustedKey, UnverifiedExport, VerifiedExport, WriteError, inspect,
};
use gaen::{
    DaysSinceOnset, DiagnosisKey, EnIntervalNumber, ReportType, RollingPeriod, RollingWindow, TransmissionRiskLevel,
    VariantOfConcern,
};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const START: u64 = 1_595_548_800;
const END: u64 = 1_595_635_200;

fn rng() -> StdRng {
    StdRng::seed_from_u64(20_200_724)
}

fn signer() -> Signer {
    Signer::generate("440", "v1", &mut rng())
}

fn trust() -> Trust {
    Trust::new(signer().trusted_key())
}

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
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

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
        prop_assert_eq!(export.contents().region.as_deref(), Some(region.as_str()));
        prop_assert_eq!((export.contents().start_timestamp, export.contents().end_timestamp), (Some(START), Some(END)));
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
                assert!((16..len).contains(&offset));
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
    let distinct: std::collections::BTreeSet<_> = export.keys().iter().map(|key| key.key_data).collect();
    assert_eq!(distinct.len(), export.keys().len(), "each made-up key is another one");
    assert!(export.keys().iter().all(|key| real.iter().any(|real| real.window == key.window)));

    let sizes: std::collections::BTreeSet<_> = (0..20)
        .map(|seed| {
            let rng = &mut StdRng::seed_from_u64(seed);
            builder.clone().pad_to(10).pad_random(100).build(&[signer()], rng).unwrap()[0].padding
        })
        .collect();
    assert!(sizes.len() > 10, "the surplus is random: {sizes:?}");

    let empty = ExportBuilder::new("440", START, END).revised_keys(real).pad_to(1000);
    let files = empty.build(&[signer()], &mut rng()).unwrap();
    assert_eq!((files[0].keys, files[0].padding, files[0].revised_keys), (0, 0, 3), "never padded");
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
        assert_eq!(export.contents().end_timestamp, Some(END + number));
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
    let start = u32::try_from(i32::MAX).unwrap() + 1;
    let window = RollingWindow::new(EnIntervalNumber::new(start), RollingPeriod::FULL_DAY).unwrap();
    let late = ExportBuilder::new("440", START, END).keys([DiagnosisKey::new([0; 16], window)]);
    assert_eq!(build(late, &[signer()]), WriteError::RollingStart { start });
}

#[test]
fn a_private_key_survives_its_pem() {
    let signer = signer();
    let pem = signer.to_pkcs8_pem().unwrap();
    let again = Signer::from_pkcs8_pem("440", "v1", &pem).unwrap();
    assert_eq!(again.public_key(), signer.public_key());
    assert_eq!(signer.public_key().to_pem().unwrap().parse::<PublicKey>().unwrap(), signer.public_key());
    assert!(Signer::from_pkcs8_pem("440", "v1", &signer.public_key().to_pem().unwrap()).is_err());
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
fn a_batch_is_complete_when_every_number_is_there_once() {
    // The crate writes single files only, so these are bent by hand and signed anew.
    let signer = signer();
    let file = |num: u8, size: u8, region: &str| {
        let region_bytes = region.as_bytes();
        let mut bin = b"EK Export v1    ".to_vec();
        bin.extend([0x1a, u8::try_from(region_bytes.len()).unwrap()]);
        bin.extend(region_bytes);
        bin.extend([0x20, num, 0x28, size]);
        bin.extend([0x32, 0x00]); // one signature info, empty
        let der = sign(&signer, &bin);
        let info = [&[0x1a, 2][..], b"v1", &[0x22, 3], b"440", &[0x2a, 19], b"1.2.840.10045.4.3.2"].concat();
        let signature =
            [&[0x0a, u8::try_from(info.len()).unwrap()][..], &info, &[0x22, u8::try_from(der.len()).unwrap()], &der]
                .concat();
        let list = [&[0x0a, u8::try_from(signature.len()).unwrap()][..], &signature].concat();
        let export = UnverifiedExport::from_parts(bin, list, &ReadOptions::default()).unwrap();
        export.verify(&trust()).unwrap()
    };
    let mut batch = BatchSet::new();
    assert_eq!(batch.add(file(3, 3, "440")), Ok(()));
    assert_eq!(batch.add(file(1, 3, "440")), Ok(()));
    assert_eq!(batch.add(file(1, 3, "440")), Err(BatchError::Duplicate { num: 1 }));
    assert_eq!(batch.add(file(2, 3, "441")), Err(BatchError::Mismatch { num: 2 }));
    assert_eq!(batch.add(file(2, 4, "440")), Err(BatchError::Mismatch { num: 2 }));
    let mut whole = BatchSet::new();
    for num in [2, 1, 3] {
        whole.add(file(num, 3, "440")).unwrap();
    }
    let order: Vec<_> = whole.complete().unwrap().iter().map(|file| file.contents().batch.num()).collect();
    assert_eq!(order, [1, 2, 3]);
    assert_eq!(batch.complete().unwrap_err(), BatchError::Incomplete { size: 3, missing: vec![2] });
    assert_eq!(BatchSet::new().complete().unwrap_err(), BatchError::Empty);
}

/// A signature over any bytes, through `p256` itself.
fn sign(signer: &Signer, message: &[u8]) -> Vec<u8> {
    use p256::ecdsa::signature::Signer as _;
    use p256::pkcs8::DecodePrivateKey;
    let key = p256::ecdsa::SigningKey::from_pkcs8_pem(&signer.to_pkcs8_pem().unwrap()).unwrap();
    let signature: p256::ecdsa::Signature = key.sign(message);
    signature.to_der().as_bytes().to_vec()
}
