//! `gaen.search`.

use gaen_app::SearchRules;
use pyo3::prelude::*;

use crate::error::raise;
use crate::files;
use crate::names::{container, profile};
use crate::observer::asking;
use crate::report::Report;
use crate::sightings::Sightings;
use crate::trust::authenticity;

/// Searches export files for what a device has heard, one file after the other. Other threads run meanwhile.
///
/// - files: the files, each by its path (str or os.PathLike) or by its content (bytes)
/// - sightings: what the device has heard
/// - trust: whose signatures a file needs: TrustedKeys, or "unverified", where anyone may have written the files
/// - profile: whose rules apply: "google", "apple_v1", "documented_v2" or "google_guarded"
/// - container: what a zip may hold beside the two entries of the format: "strict", nothing, or "tolerant", anything
/// - observer: is called with a Progress at least at every MiB of a file and at its end; it returns None or
///   Next.CONTINUE to go on, Next.STOP to stop, and what it raises is raised here
///
/// A file that is broken, or that nobody trusted has signed, contributes nothing, and the report says why. Raises OSError
/// for a path where there is no file, and gaen.Error with the codes changed_file, profile and container.
#[pyfunction]
#[pyo3(signature = (files, sightings, *, trust, profile = "google", container = "strict", observer = None))]
pub(crate) fn search(
    py: Python<'_>,
    files: &Bound<'_, PyAny>,
    sightings: &Sightings,
    trust: &Bound<'_, PyAny>,
    profile: &str,
    container: &str,
    observer: Option<&Bound<'_, PyAny>>,
) -> PyResult<Report> {
    let (profile, container) = (self::profile(profile)?, self::container(container)?);
    let rules = SearchRules { profile, container, authenticity: authenticity(trust)? };
    let files = files::exports(files)?;
    let mut observer = asking(observer);
    let heard = &sightings.inner;
    let report = py.detach(|| gaen_app::search(files, heard, &rules, &mut observer));
    observer.outcome(report)?.map(Report::new).map_err(raise)
}
