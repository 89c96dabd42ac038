//! The files that are searched.

/// An export file to search.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum ExportFile {
    /// A file on disk, which is read piece by piece. The report rejects it as `unreadable_file` if it cannot be opened.
    Path {
        /// Its path, which is also what the report calls it.
        path: String,
    },
    /// A file in memory.
    Content {
        /// What the report calls it.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl From<ExportFile> for gaen_app::ExportFile {
    fn from(file: ExportFile) -> Self {
        match file {
            ExportFile::Path { path } => Self::at(path),
            ExportFile::Content { name, bytes } => Self::from_bytes(name, bytes),
        }
    }
}
