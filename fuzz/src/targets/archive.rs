use std::io::Cursor;

use gaen::export::{ContainerRule, ExportError, ReadOptions, UnverifiedExport, export_bin_sha256, inspect};

use super::reading::{check_error, readings};
use crate::generate;

/// A zip: what is read of it is within the limits, a report on it agrees, and so does the hash of a stream. A stricter
/// reading takes nothing that the tolerant one does not take, and takes it alike.
pub fn archive(data: &[u8]) {
    let Some(file) = generate::file(data) else { return };
    for options in readings() {
        let export = UnverifiedExport::from_zip(&file, &options);
        check_report(&file, &options, &export);
        match &export {
            Ok(export) => check_entries(&file, &options, export),
            Err(error) => check_error(error),
        }
        let strict = ReadOptions { container: ContainerRule::Strict, ..options };
        if let Ok(strict) = UnverifiedExport::from_zip(&file, &strict) {
            let export = export.unwrap();
            assert_eq!(strict.export_bin(), export.export_bin());
            assert_eq!(strict.signatures(), export.signatures());
        }
    }
}

fn check_entries(file: &[u8], options: &ReadOptions, export: &UnverifiedExport) {
    assert!(file.len() as u64 <= options.limits.file_bytes);
    assert!(export.export_bin().len() as u64 <= options.limits.export_bin_bytes);
    assert!(export.signatures().len() <= options.limits.signatures);
    assert_eq!(export_bin_sha256(Cursor::new(file), options), Some(export.export_sha256()));
}

fn check_report(file: &[u8], options: &ReadOptions, export: &Result<UnverifiedExport, ExportError>) {
    let report = inspect(file, options);
    assert_eq!(report.file_size, file.len() as u64);
    if report.container == Some("bare export.bin") {
        return;
    }
    let contents = export.clone().and_then(|export| export.read_without_verifying());
    assert_eq!(report.problem_code, contents.as_ref().err().map(ExportError::code));
    if let Ok(contents) = contents {
        let bin = report.export_bin.unwrap();
        assert_eq!(
            bin.keys + bin.revised_keys,
            (contents.keys.len() + contents.revised_keys.len()) as u64 + contents.skipped.total()
        );
        assert_eq!(bin.signature_infos, contents.signature_infos);
    }
}
