//! Reading documents, and writing files whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use gaen::cocoa::MAX_DOCUMENT_BYTES;
use tempfile::NamedTempFile;

use crate::error::Error;

/// A JSON document, `-` for standard input, or one byte more than a document may have.
pub(crate) fn document(path: &Path) -> Result<Vec<u8>, Error> {
    up_to(path, MAX_DOCUMENT_BYTES as u64 + 1).map_err(|error| Error::file(path, &error))
}

/// A small text of the user's own, such as a key, `-` for standard input: of a device or a pipe without an end no more
/// is read than it takes to refuse it.
#[cfg(feature = "full")]
pub(crate) fn small_text(path: &Path) -> io::Result<String> {
    const MOST: u64 = 64 * 1024;

    let bytes = up_to(path, MOST + 1)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("over {MOST} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
}

/// So many bytes of a file, or all if it has less.
fn up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (input, length): (Box<dyn Read>, u64) = if path == Path::new("-") {
        (Box::new(io::stdin()), 0)
    } else {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        (Box::new(file), length)
    };
    // With room for all of a file and for the try that finds its end, so that no copy of a secret stays where a buffer
    // grew.
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(most)).unwrap_or_default() + 64);
    input.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The export files that these paths name: for a folder its `*.zip`, in the order of their names, and not those of
/// folders in it. A folder without any stays as it is, to be refused like a file.
pub(crate) fn exports(paths: &[PathBuf]) -> Vec<PathBuf> {
    paths.iter().flat_map(|path| zips(path).unwrap_or_else(|| vec![path.clone()])).collect()
}

/// What a folder has with this extension, in the order of the names.
pub(crate) fn in_folder(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Error> {
    listed(folder, |path| path.extension().is_some_and(|found| found == extension))
}

/// The folders in a folder, in the order of their names.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    listed(folder, Path::is_dir)
}

fn listed(folder: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |error: io::Error| Error::file(folder, &error);
    let entries = fs::read_dir(folder).map_err(unreadable)?.map(|entry| Ok(entry.map_err(unreadable)?.path()));
    let mut paths: Vec<_> = entries.collect::<Result<_, Error>>()?;
    paths.retain(|path| is_wanted(path));
    paths.sort();
    Ok(paths)
}

/// The zips of a folder, if it is one and has any.
fn zips(folder: &Path) -> Option<Vec<PathBuf>> {
    let is_zip =
        |path: &PathBuf| path.extension().is_some_and(|name| name.eq_ignore_ascii_case("zip")) && !path.is_dir();
    // An entry that cannot be read is looked at again by its name.
    let entries = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut zips: Vec<_> = entries.filter(is_zip).collect();
    zips.sort();
    (!zips.is_empty()).then_some(zips)
}

/// A file to be written.
pub(crate) struct NewFile<'a> {
    pub(crate) path: PathBuf,
    pub(crate) bytes: &'a [u8],
    pub(crate) readers: Readers,
}

/// Who may read a file, where the system has such a notion.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone.
    Owner,
    /// Whoever the user's settings allow.
    Usual,
}

/// The file that a path leads to through links. A file that is not there yet is named by its folder.
#[cfg(feature = "full")]
pub(crate) fn real(path: &Path) -> PathBuf {
    let by_folder = || Some(folder(path).canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(by_folder).unwrap_or_else(|| path.to_owned())
}

/// An error if there is a file at this path.
pub(crate) fn expect_none(path: &Path) -> Result<(), Error> {
    if path.symlink_metadata().is_ok() { Err(already_there(path)) } else { Ok(()) }
}

/// Writes all of these files, or none if one cannot be.
///
/// Each is written under a temporary name in its own folder first, and then renamed. Without `overwrite`, a file that
/// is there already is left alone, and that is an error. With it, a rename that the system refuses after others have
/// succeeded leaves those in place; no file is ever half written.
pub(crate) fn write(files: &[NewFile<'_>], overwrite: bool) -> Result<(), Error> {
    if !overwrite {
        files.iter().try_for_each(|file| expect_none(&file.path))?;
    }
    if let Some(folder) = files.iter().find(|file| file.path.is_dir()) {
        return Err(Error::Input(format!("{} is a folder", folder.path.display())));
    }
    let folders: BTreeSet<_> = files.iter().map(|file| folder(&file.path)).collect();
    folders.into_iter().for_each(clear);
    let staged = files.iter().map(|file| stage(file).map_err(|error| Error::file(&file.path, &error)));
    let staged: Vec<_> = staged.collect::<Result<_, _>>()?;
    for (position, (temporary, file)) in staged.into_iter().zip(files).enumerate() {
        let path = &file.path;
        let renamed = if overwrite { temporary.persist(path) } else { temporary.persist_noclobber(path) };
        if let Err(error) = renamed {
            if !overwrite {
                for written in files.iter().take(position) {
                    let _ = fs::remove_file(&written.path);
                }
            }
            return Err(Error::file(path, &error.error));
        }
    }
    Ok(())
}

fn already_there(path: &Path) -> Error {
    Error::Input(format!("{} is there already and is not overwritten", path.display()))
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// How the name of a temporary file begins. So many letters or digits follow.
const PREFIX: &str = ".gaen-";
const RANDOM: usize = 6;

/// Removes what runs that were killed have left in a folder. A run that is not over holds a lock on its files.
fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let is_ours = rest.is_some_and(|rest| rest.len() == RANDOM && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        let is_left = || File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) && is_left() {
            // If it cannot be removed, it is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The file under a temporary name. It is removed again unless it is renamed.
fn stage(file: &NewFile<'_>) -> io::Result<NamedTempFile> {
    let mut temporary = reserve(file)?;
    temporary.write_all(file.bytes)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

/// An empty file under a temporary name, locked: so another run does not take it for one that was left.
fn reserve(file: &NewFile<'_>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is its owner's alone unless it is told otherwise; the umask still applies.
    if let Some(permissions) = usual_permissions().filter(|_| file.readers == Readers::Usual) {
        builder.permissions(permissions);
    }
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    loop {
        let temporary = builder.tempfile_in(folder(&file.path))?;
        // Where nothing can be locked, nobody takes a file for one that was left either.
        let _ = temporary.as_file().lock();
        // Another run may have cleared it before it was locked.
        if temporary.path().exists() {
            return Ok(temporary);
        }
    }
}

#[cfg(unix)]
fn usual_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<Permissions> {
    None
}
