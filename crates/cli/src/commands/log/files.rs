//! The export files in hand.

use std::path::{Path, PathBuf};
use std::{fs, io};

use gaen::cocoa::FileIndexBuilder;
use gaen::export::ReadOptions;
use gaen_report::log::FilesInHand;

use crate::exports;

/// Reads all files of these paths and of the folders among them, in the order of their names.
pub(super) fn read(paths: &[PathBuf], calls: bool) -> FilesInHand {
    let options = ReadOptions::default();
    let mut builder = if calls { FileIndexBuilder::with_calls() } else { FileIndexBuilder::new() };
    let mut failed = Vec::new();
    let mut add = |path: &Path| {
        let name = path.to_string_lossy();
        let added = exports::bytes(path, &options).and_then(|file| builder.add(&name, &file, &options));
        failed.extend(added.err().map(|error| (name.into_owned(), error)));
    };
    for path in paths {
        walk(path, &mut add);
    }
    FilesInHand { index: builder.build(), failed }
}

/// A folder's files and those of its folders. A folder that cannot be listed is passed on like a file, which says why.
fn walk(path: &Path, add: &mut dyn FnMut(&Path)) {
    let list = || -> io::Result<Vec<_>> { fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect() };
    let Some(mut entries) = path.is_dir().then(list).and_then(Result::ok) else {
        return add(path);
    };
    entries.sort();
    // A link to a folder is not followed, as it may lead back.
    for entry in entries.iter().filter(|entry| !(entry.is_symlink() && entry.is_dir())) {
        walk(entry, add);
    }
}
