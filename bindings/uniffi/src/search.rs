//! Searching export files for what a device has heard.

use std::sync::Arc;

use crate::error::GaenError;
use crate::export_file::ExportFile;
use crate::observer::{SearchObserver, asking};
use crate::report::Report;
use crate::rules::SearchRules;
use crate::sightings::Sightings;

/// Searches files one after the other, on the thread that calls, and returns when it is done.
///
/// A file that is broken, or that nobody trusted has signed, contributes nothing, and the report says why. When the observer
/// stops the search, the file at hand and the files after it contribute nothing either, and the report says that it is partial.
///
/// Fails with `changed_file` if a file changes while it is read, or with `observer` if the observer throws.
#[uniffi::export]
pub fn search_blocking(
    files: Vec<ExportFile>,
    sightings: Arc<Sightings>,
    rules: SearchRules,
    observer: Option<Arc<dyn SearchObserver>>,
) -> Result<Arc<Report>, GaenError> {
    let mut observer = asking(observer);
    let files = files.into_iter().map(gaen_app::ExportFile::from).collect();
    let found = gaen_app::search(files, &sightings.inner, &rules.into(), &mut observer);
    Ok(Arc::new(Report { inner: observer.outcome(found)?? }))
}
