//! What a search tells while it works.

use std::sync::Arc;

use gaen_app::FallibleObserver;

use crate::error::GaenError;
use crate::values::number;

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SearchProgress {
    /// The position of the file among those given.
    pub file: i64,
    /// The number of files given.
    pub files: i64,
    /// The number of bytes of this file's `export.bin` that were read.
    pub bytes: i64,
    /// The number of bytes of this file's `export.bin` in all, as the file says.
    pub total_bytes: i64,
    /// The number of keys that were found in this file.
    pub keys: i64,
}

/// What an observer answers: whether a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Next {
    /// The search goes on.
    Continue,
    /// The search stops, and its report says that it is partial.
    Stop,
}

/// An observer has failed, and with it the search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ObserverError {
    /// An observer threw an exception.
    #[error("{reason}")]
    Failed {
        /// What it threw.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ObserverError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// Is told how far a search is, at least at every MiB of a file and at its end, on the thread that searches.
#[uniffi::export(with_foreign)]
pub trait SearchObserver: Send + Sync {
    /// Says whether the search goes on. An exception ends the search with an error.
    fn progress(&self, progress: SearchProgress) -> Result<Next, ObserverError>;
}

/// Asks an observer of another language.
pub(crate) fn asking(
    observer: Option<Arc<dyn SearchObserver>>,
) -> FallibleObserver<impl FnMut(gaen_app::Progress) -> Result<gaen_app::Next, GaenError>, GaenError> {
    FallibleObserver::new(move |progress| {
        let Some(observer) = &observer else { return Ok(gaen_app::Next::Continue) };
        let gaen_app::Progress { file, files, bytes, total_bytes, keys } = progress;
        let progress = SearchProgress {
            file: number(file),
            files: number(files),
            bytes: number(bytes),
            total_bytes: number(total_bytes),
            keys: number(keys),
        };
        match observer.progress(progress) {
            Ok(Next::Continue) => Ok(gaen_app::Next::Continue),
            Ok(Next::Stop) => Ok(gaen_app::Next::Stop),
            Err(error) => Err(GaenError::observer(error.to_string())),
        }
    })
}
