//! No bit of a signed file can be changed without notice, but for those that nothing reads: each is flipped, in memory
//! and in a search.
use std::io::Cursor;
use std::ops::Range;

use gaen::export::{
    ExportBuilder, ExportError, ReadOptions, Signer, Trust, TrustSet, UnverifiedExport, VerifiedExport,
};
use gaen::search::SearchOptions;
use gaen::time::RollingPeriod;
use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, RollingWindow, SightingIndex};
use rand::SeedableRng;
use rand::rngs::StdRng;
use zip::CompressionMethod;

use crate::zips::{entries, zip};

/// Two signers, `440-v1` and `440-v2`.
fn signers() -> [Signer; 2] {
    let mut rng = StdRng::seed_from_u64(20_200_724);
    ["v1", "v2"].map(|version| Signer::generate("440", version, &mut rng))
}

/// A zip with one key, signed by so many of the signers.
fn export(signatures: usize) -> Vec<u8> {
    let window = RollingWindow::new(EnIntervalNumber::new(2_659_248), RollingPeriod::FULL_DAY).unwrap();
    let builder = ExportBuilder::new("440", 1_595_548_800, 1_595_635_200).keys([DiagnosisKey::new([7; 16], window)]);
    builder.build(&signers()[..signatures], &mut StdRng::seed_from_u64(1)).unwrap().remove(0).zip
}

/// The first signer alone, both of them together, or either.
fn alone() -> Trust {
    Trust::new(signers()[0].trusted_key())
}

fn together() -> Trust {
    let [first, second] = signers().map(|signer| signer.trusted_key());
    Trust::new(TrustSet::new(first).and(second))
}

fn either() -> Trust {
    let [first, second] = signers().map(|signer| signer.trusted_key());
    Trust::new(first).or(second)
}

/// Everything that a file says, if it verifies: by both ways of reading, which have to agree.
fn read(zip: &[u8], trust: &Trust) -> Result<VerifiedExport, ExportError> {
    let index = SightingIndex::new(Vec::new()).unwrap();
    let searched = Matcher::new(&index).search().add_export(0, Cursor::new(zip), &SearchOptions::verified_by(trust));
    let in_memory = UnverifiedExport::from_zip(zip, &ReadOptions::default()).and_then(|export| export.verify(trust));
    let told = |export: &VerifiedExport| (export.export_sha256(), export.verified_by().to_vec());
    assert_eq!(
        searched.map(|summary| (summary.export_sha256, summary.verified_by)),
        in_memory.as_ref().map(told).map_err(Clone::clone)
    );
    in_memory
}

fn read_parts(bin: &[u8], sig: &[u8], trust: &Trust) -> Result<VerifiedExport, ExportError> {
    read(&zip(bin, sig, true, CompressionMethod::Stored), trust)
}

/// These bytes with each of their bits flipped, and which bit it was.
fn flipped(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..8 * bytes.len()).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit, flipped)
    })
}

/// Where the fields of a protobuf message are, by the path of their numbers: tag and length, and value. Only for
/// messages whose tags, lengths and numbers are of one byte.
fn fields(message: &[u8], start: usize, path: &str, found: &mut Vec<(String, Range<usize>, Range<usize>)>) {
    let mut at = 0;
    while at < message.len() {
        let (tag, second) = (message[at], usize::from(message[at + 1]));
        let name = format!("{path}{}", tag >> 3);
        let value = if tag & 7 == 2 { at + 2..at + 2 + second } else { at + 1..at + 2 };
        found.push((name.clone(), start + at..start + value.start, start + value.start..start + value.end));
        if ["1", "1.1"].contains(&name.as_str()) {
            fields(&message[value.clone()], start + value.start, &format!("{name}."), found);
        }
        at = value.end;
    }
}

/// The bits of an `export.sig` that can be flipped without harm, as `field tag: bits` and `field value: bits`.
fn harmless(signatures: usize, trust: &Trust) -> Vec<String> {
    let (bin, sig) = entries(&export(signatures));
    println!("{} bits of export.sig, {signatures} signatures", 8 * sig.len());
    let expected = read_parts(&bin, &sig, trust).unwrap();
    let mut all = Vec::new();
    fields(&sig, 0, "", &mut all);
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    for (bit, flipped) in flipped(&sig) {
        let Ok(export) = read_parts(&bin, &flipped, trust) else { continue };
        assert_eq!(export, expected, "bit {bit}");
        let (name, tag, _) = all.iter().rfind(|(_, tag, value)| tag.start <= bit / 8 && bit / 8 < value.end).unwrap();
        let part = if tag.contains(&(bit / 8)) { "tag" } else { "value" };
        let signature = all.iter().filter(|(name, tag, _)| name == "1" && tag.start <= bit / 8).count();
        let name = format!("signature {signature}, field {name}, {part}");
        match found.last_mut() {
            Some((last, bits)) if *last == name => bits.push(bit % 8),
            _ => found.push((name, vec![bit % 8])),
        }
    }
    found.into_iter().map(|(name, bits)| format!("{name}: {bits:?}")).collect()
}

/// `batch_num` and `batch_size` beside a signature are not read: those that count are signed, in `export.bin`. So their
/// values may change, and their tags may become those of each other, of unknown fields, or of a known field of another
/// wire type, which is as good as unknown.
fn batch_fields_of(signature: u32) -> [String; 4] {
    [
        "1.2, tag: [3, 5, 6]",
        "1.2, value: [0, 1, 2, 3, 4, 5, 6]",
        "1.3, tag: [3, 4, 5, 6]",
        "1.3, value: [0, 1, 2, 3, 4, 5, 6]",
    ]
    .map(|field| format!("signature {signature}, field {field}"))
}

#[test]
fn every_bit_of_export_bin_is_signed() {
    for (signatures, trust) in [(1, alone()), (2, either())] {
        let (bin, sig) = entries(&export(signatures));
        println!("{} bits of export.bin, {signatures} signatures", 8 * bin.len()); // with --nocapture
        for (bit, flipped) in flipped(&bin) {
            let error = read_parts(&flipped, &sig, &trust).expect_err(&format!("bit {bit}"));
            let expected = if bit < 8 * 16 { "header_missing" } else { "signature_invalid" };
            assert_eq!(error.code(), expected, "bit {bit}");
        }
    }
}

#[test]
fn of_export_sig_only_what_nothing_reads_may_change() {
    // Without an id a signature may be anybody's, and where it is the only one and one key is trusted, it is tried: the
    // tag of the id may become that of the algorithm, which follows and counts, or of an unknown field.
    let id = "signature 1, field 1.1.4, tag: [3, 4, 6]".to_owned();
    assert_eq!(harmless(1, &alone()), [vec![id], batch_fields_of(1).to_vec()].concat());
    assert_eq!(harmless(2, &together()), [batch_fields_of(1), batch_fields_of(2)].concat());
}

#[test]
fn where_one_of_two_signatures_is_enough_the_other_may_be_spoilt() {
    let (bin, sig) = entries(&export(2));
    let trust = either();
    let expected = read_parts(&bin, &sig, &trust).unwrap();
    assert_eq!(expected.verified_by(), ["440-v1"]);
    let mut all = Vec::new();
    fields(&sig, 0, "", &mut all);
    let second = all.iter().filter(|(name, ..)| name == "1").nth(1).unwrap().1.start;
    let mut by_the_other = 0;
    for (bit, flipped) in flipped(&sig) {
        let Ok(export) = read_parts(&bin, &flipped, &trust) else { continue };
        assert_eq!(export.contents(), expected.contents(), "bit {bit}");
        // A file that the first signer did not sign was signed by the second.
        if export.verified_by() == ["440-v2"] {
            assert!(bit < 8 * second, "bit {bit}");
            by_the_other += 1;
        } else {
            assert_eq!(export.verified_by(), ["440-v1"]);
        }
    }
    assert!(by_the_other > 500, "{by_the_other}");
}

#[test]
fn no_byte_of_export_sig_may_be_missing_or_doubled() {
    for (signatures, trust) in [(1, alone()), (2, together()), (2, either())] {
        let (bin, sig) = entries(&export(signatures));
        for at in 0..sig.len() {
            let (before, from) = sig.split_at(at);
            let without = [before, &from[1..]].concat();
            let doubled = [before, &from[..1], from].concat();
            for (what, sig) in [("cut", before), ("without", &without), ("doubled", &doubled)] {
                assert!(read_parts(&bin, sig, &trust).is_err(), "{what} {at}");
            }
        }
    }
}

#[test]
fn a_zip_with_a_bit_flipped_is_refused_or_says_the_same() {
    let (zip, trust) = (export(1), alone());
    let expected = read(&zip, &trust).unwrap();
    let (mut refused, mut same) = (0, 0);
    for (bit, flipped) in flipped(&zip) {
        match read(&flipped, &trust) {
            Ok(export) => {
                assert_eq!(export, expected, "bit {bit}");
                same += 1;
            }
            Err(_) => refused += 1,
        }
    }
    println!("{} bits of the zip: {refused} refused, {same} the same", 8 * zip.len());
    assert!(refused > 2_000 && same > 500, "{refused} refused, {same} the same");
}
