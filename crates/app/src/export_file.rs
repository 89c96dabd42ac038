//! Files to search.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

/// An export file to search: a zip, or where nobody verifies it also a bare `export.bin`.
pub struct ExportFile {
    pub(crate) name: String,
    pub(crate) content: Box<dyn ReadSeek>,
}

pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl ExportFile {
    /// A file that is read piece by piece. `name` is what documents and errors call it.
    pub fn new(name: impl Into<String>, content: impl Read + Seek + Send + 'static) -> Self {
        Self { name: name.into(), content: Box::new(content) }
    }

    /// A file that is in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self::new(name, Cursor::new(bytes))
    }

    /// The file at this path. It is opened when it is searched; one that cannot be opened is rejected as
    /// `unreadable_file`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self::new(path.to_string_lossy().into_owned(), OnDisk { path, opened: None })
    }
}

/// A file that is opened when it is first read.
struct OnDisk {
    path: PathBuf,
    opened: Option<File>,
}

impl OnDisk {
    fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.opened {
            Some(file) => Ok(file),
            opened => {
                let file = File::open(&self.path)?;
                // A folder would claim to be as long as a file can be.
                match file.metadata()?.is_dir() {
                    true => Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder")),
                    false => Ok(opened.insert(file)),
                }
            }
        }
    }
}

impl Read for OnDisk {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.file()?.read(buf)
    }
}

impl Seek for OnDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file()?.seek(to)
    }
}
