//! Reading an export file without searching it.

use std::ops::ControlFlow;

use gaen::export::{ExportSummary, ReadOptions};
use gaen::search::SearchOptions;
use gaen::{Matcher, SightingIndex};

use crate::error::{Error, ErrorKind};
use crate::search::ExportFile;
use crate::trust::Authenticity;

/// Reads and verifies an export file, and says what is in it.
///
/// ```
/// use gaen::export::ReadOptions;
/// use gaen_app::{Authenticity, ExportFile, TrustedKeys, read_export};
///
/// let trusted = TrustedKeys::new(&std::fs::read("../../demo/440-v1.pem")?, "440", "v1")?;
/// let file = ExportFile::new("day-1.zip", std::fs::File::open("../../demo/day-1.zip")?);
/// let summary = read_export(file, &ReadOptions::default(), &Authenticity::VerifiedBy(trusted))?;
/// assert_eq!((summary.keys, summary.verified_by), (120, vec!["440-v1".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The code and the text of the library's `ExportError`.
pub fn read_export(
    mut file: ExportFile,
    options: &ReadOptions,
    authenticity: &Authenticity,
) -> Result<ExportSummary, Error> {
    let refused = |error: gaen::export::ExportError| Error::new(ErrorKind::File, error.code(), error.to_string());
    let nobody = SightingIndex::exhaustive(Vec::new())
        .map_err(|error| Error::new(ErrorKind::Sightings, "too_many_rows", error.to_string()))?;
    let mut search = Matcher::new(&nobody).profile(options.profile).search();
    let options = match authenticity {
        Authenticity::VerifiedBy(keys) => SearchOptions::verified_by(keys.trust()),
        Authenticity::Unverified => SearchOptions::unverified(),
    }
    .reading(options.clone());
    search.add_export_with(0, &mut file.content, &options, |_| ControlFlow::Continue(())).map_err(refused)
}
