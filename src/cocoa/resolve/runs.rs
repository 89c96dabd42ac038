//! Runs of files, as an app may have given them to one call of Android.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::IndexedFile;

/// The largest number of files that a call is searched for in. COCOA gave about 14 files to a call, one a day of keys.
pub const MOST_FILES_IN_A_CALL: usize = 20;

/// Calls `found` with the positions and the hash of every run of two files or more.
///
/// An app hands files over in the order of the server's list, or of their days. So the function orders the files by the
/// number in their names, by start, and by name, and hashes every run of neighbours in each order. If all files
/// together have `b` bytes, it hashes at most 3 * 20 * `b` bytes.
pub(super) fn of(files: &[IndexedFile], held: &[Option<Vec<u8>>], mut found: impl FnMut(&[usize], [u8; 32])) {
    // The same file twice, say in two folders, would stand between its neighbours.
    let mut seen = HashSet::new();
    let unique: Vec<(usize, &IndexedFile, &[u8])> = (0..)
        .zip(files.iter().zip(held))
        .filter_map(|(position, (file, bin))| Some((position, file, bin.as_deref()?)))
        .filter(|(_, file, _)| seen.insert(file.export_sha256))
        .collect();
    let mut orders = [unique.clone(), unique.clone(), unique];
    let [by_number, by_start, by_name] = &mut orders;
    by_number.sort_by_key(|(_, file, _)| (file.number(), file.facts.start_timestamp));
    by_start.sort_by_key(|(_, file, _)| (file.facts.start_timestamp, file.number()));
    by_name.sort_by_key(|(_, file, _)| &file.name);

    let mut done = HashSet::new();
    for order in &orders {
        let positions: Vec<_> = order.iter().map(|(position, ..)| *position).collect();
        if !done.insert(positions.clone()) {
            continue;
        }
        for first in 0..order.len() {
            let mut hasher = Sha256::new();
            for (length, (.., bin)) in (1..=MOST_FILES_IN_A_CALL).zip(order.iter().skip(first)) {
                hasher.update(bin);
                if length > 1
                    && let Some(run) = positions.get(first..first.saturating_add(length))
                {
                    found(run, hasher.clone().finalize().into());
                }
            }
        }
    }
}
