use gaen::export::{ExportError, ReadOptions, TemporaryExposureKeyExport, UnverifiedExport, inspect};
use prost::Message;

use super::reading::{check_error, readings};
use crate::generate::proto::Kind;
use crate::generate::{self, proto};

/// An `export.bin`: what our own walk over its fields takes for a message is one for `prost`, and the other way round.
/// What it reads is what it reads of the same message as `prost` writes it. To `prost`, what readers of proto2 take for
/// unknown is left out.
pub fn export_bin(data: &[u8]) {
    let Some(file) = generate::export_bin(data) else { return };
    let (header, message) = file.split_at(gaen::export::HEADER.len());
    let decoded = proto::TemporaryExposureKeyExport::decode(&*proto::without_unknown(message, Kind::Export));
    for options in readings() {
        let contents = read(&file, &options);
        let report = inspect(&file, &options);
        assert_eq!(report.problem_code, contents.as_ref().err().map(ExportError::code));
        match (&contents, &decoded) {
            (Ok(contents), Ok(decoded)) => {
                let again = [header, &decoded.encode_to_vec()].concat();
                assert_eq!(read(&again, &options).as_ref(), Ok(contents));
                check_contents(contents, decoded, &options);
            }
            (Ok(_), Err(error)) => panic!("prost says: {error}"),
            (Err(error @ ExportError::ProtobufMalformed { .. }), Ok(_)) => panic!("prost reads it: {error}"),
            (Err(error), _) => check_error(error),
        }
    }
}

fn read(file: &[u8], options: &ReadOptions) -> Result<TemporaryExposureKeyExport, ExportError> {
    UnverifiedExport::from_parts(file.to_vec(), Vec::new(), options)?.read_without_verifying()
}

fn check_contents(
    contents: &TemporaryExposureKeyExport,
    decoded: &proto::TemporaryExposureKeyExport,
    options: &ReadOptions,
) {
    let there = decoded.keys.len() + decoded.revised_keys.len();
    assert!(there <= options.limits.keys);
    assert_eq!((contents.keys.len() + contents.revised_keys.len()) as u64 + contents.skipped.total(), there as u64);
    let region = decoded.region.as_deref().map(String::from_utf8_lossy);
    assert_eq!(contents.facts.region.as_deref(), region.as_deref());
    assert_eq!(
        (contents.facts.start_timestamp, contents.facts.end_timestamp),
        (decoded.start_timestamp, decoded.end_timestamp)
    );
    assert_eq!(contents.signature_infos.len(), decoded.signature_infos.len());
}
