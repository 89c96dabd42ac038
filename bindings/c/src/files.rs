//! The files of a search.

use std::ffi::c_char;
use std::io::Cursor;
use std::mem::MaybeUninit;
use std::sync::{Arc, Mutex, PoisonError};

use gaen_app::ExportFile;

use crate::border::{call, hand_out_handle, slice_of, some, text};
use crate::error::{GaenError, GaenStatus};

/// A list of export files to search.
#[derive(Debug)]
pub struct GaenFiles {
    files: Mutex<Vec<Given>>,
}

#[derive(Clone, Debug)]
enum Given {
    Path(String),
    Bytes(String, Arc<[u8]>),
}

impl GaenFiles {
    fn add(&self, file: Given) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }

    /// The files, for one search.
    pub(crate) fn to_search(&self) -> Vec<ExportFile> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let file = |file: &Given| match file {
            Given::Path(path) => ExportFile::at(path),
            Given::Bytes(name, bytes) => ExportFile::new(name, Cursor::new(Arc::clone(bytes))),
        };
        files.iter().map(file).collect()
    }
}

/// An empty list. Free `*out` with `gaen_files_free`.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_files_new(
    out: Option<&mut MaybeUninit<*mut GaenFiles>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || Ok(GaenFiles { files: Mutex::default() }))
}

/// Adds the file at this path. It is opened when it is searched: one that cannot be opened is a rejected file of the report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_files_add_path(
    files: Option<&GaenFiles>,
    path: *const c_char,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for the text.
        let path = unsafe { text(path, "path") }?.to_owned();
        some(files, "files")?.add(Given::Path(path));
        Ok(())
    })
}

/// Adds a file of `size` bytes, which are copied. `name` is what documents and errors call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_files_add_bytes(
    files: Option<&GaenFiles>,
    name: *const c_char,
    bytes: *const u8,
    size: usize,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    call(error, || {
        // SAFETY: the caller vouches for the text and the bytes.
        let (name, bytes) = unsafe { (text(name, "name")?.to_owned(), slice_of(bytes, size, "bytes")?.into()) };
        some(files, "files")?.add(Given::Bytes(name, bytes));
        Ok(())
    })
}

/// Frees a list. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_files_free(files: Option<Box<GaenFiles>>) {
    drop(files);
}
