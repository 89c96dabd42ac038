//! Files that a caller names or has in memory.

use std::fs;
use std::path::{Path, PathBuf};

use gaen_app::ExportFile;
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;

use crate::buffer::{copied, has_bytes};

/// The content of a file: bytes are the content itself, and anything else is its path.
pub(crate) fn content(file: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match copied(file) {
        Some(bytes) => bytes,
        None => {
            let path = path(file)?;
            file.py().detach(|| fs::read(&path)).map_err(|failure| not_read(&path, &failure))
        }
    }
}

/// What a document calls a file.
pub(crate) fn name(file: &Bound<'_, PyAny>, number: usize) -> PyResult<String> {
    if has_bytes(file) { Ok(unnamed(number)) } else { Ok(path(file)?.display().to_string()) }
}

fn unnamed(number: usize) -> String {
    format!("file {number}")
}

/// The export files of an iterable.
pub(crate) fn exports(files: &Bound<'_, PyAny>) -> PyResult<Vec<ExportFile>> {
    files.try_iter()?.enumerate().map(|(number, file)| export(number, &file?)).collect()
}

/// An export file to search.
fn export(number: usize, file: &Bound<'_, PyAny>) -> PyResult<ExportFile> {
    match copied(file) {
        Some(bytes) => Ok(ExportFile::from_bytes(unnamed(number), bytes?)),
        None => {
            let path = path(file)?;
            // It is opened when its turn comes: there may be more files than a process may open at once.
            fs::metadata(&path).map_err(|failure| not_read(&path, &failure))?;
            Ok(ExportFile::at(path))
        }
    }
}

fn path(file: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    file.extract().map_err(|_| {
        let kind = file.get_type();
        PyTypeError::new_err(format!("a file is its path (str or os.PathLike) or its content (bytes), not {kind}"))
    })
}

/// The subclass of `OSError` that this number stands for, with the path.
fn not_read(path: &Path, failure: &std::io::Error) -> PyErr {
    match failure.raw_os_error() {
        Some(number) => {
            let text = failure.to_string();
            let text = text.split(" (os error").next().unwrap_or_default().to_owned();
            PyOSError::new_err((number, text, path.as_os_str().to_owned()))
        }
        None => PyOSError::new_err(format!("{}: {failure}", path.display())),
    }
}
