//! What the targets of export files share.

use gaen::Profile;
use gaen::export::{ContainerRule, ExportError, Limits, ReadOptions};

/// The ways in which each file is read: as Google's client does, as Apple's, and with little room.
pub(super) fn readings() -> [ReadOptions; 3] {
    let small = Limits {
        file_bytes: 5_000,
        export_bin_bytes: 400,
        export_sig_bytes: 200,
        entries: 3,
        keys: 3,
        signature_infos: 2,
        signatures: 2,
        field_bytes: 60,
        candidates: 2,
    };
    // A fuzzer that inflates bombs does little else.
    let limits = Limits { export_bin_bytes: 1 << 20, ..Limits::default() };
    let strict = ReadOptions { limits, ..ReadOptions::default() };
    let tolerant = ReadOptions { container: ContainerRule::Tolerant, ..strict.clone() };
    [strict, ReadOptions { profile: Profile::AppleV1, ..tolerant.clone() }, ReadOptions { limits: small, ..tolerant }]
}

/// An error may be printed: it is short, and nothing in it plays with a terminal.
pub(super) fn check_error(error: &ExportError) {
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    // The longest lists 64 names of at most 60 characters, escaped.
    assert!(text.chars().count() < 20_000, "{text:?}");
}
