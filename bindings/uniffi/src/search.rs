//! Searching export files for what a device has heard.

use std::sync::Arc;

use crate::error::GaenError;
use crate::export_file::ExportFile;
use crate::observer::{SearchObserver, Watcher};
use crate::report::Report;
use crate::sightings::Sightings;
use crate::trust::TrustedKeys;

/// Whose rules apply where the platforms differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Profile {
    /// Google's published snapshot of 2021.
    Google,
    /// Apple's published snippets of 2020.
    AppleV1,
    /// The API documents of v2. Documented, not verified.
    DocumentedV2,
    /// Google's snapshot without two of its weaknesses. No phone behaved like this.
    GoogleGuarded,
}

impl From<Profile> for gaen_app::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Google => Self::Google,
            Profile::AppleV1 => Self::AppleV1,
            Profile::DocumentedV2 => Self::DocumentedV2,
            Profile::GoogleGuarded => Self::GoogleGuarded,
        }
    }
}

/// What a zip may hold beside the two entries of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ContainerRule {
    /// Nothing else.
    Strict,
    /// Other entries, which are not read.
    Tolerant,
}

/// Whom a search believes. There is no default: somebody has to decide it.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Authenticity {
    /// Files must be signed by these keys.
    VerifiedBy {
        /// The keys.
        keys: Arc<TrustedKeys>,
    },
    /// **Anyone may have written the files.** For tools and tests.
    Unverified,
}

/// How files are read, and whom a search believes.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SearchRules {
    /// Whose signatures a file needs.
    pub authenticity: Authenticity,
    /// Whose rules apply where the platforms differ.
    pub profile: Profile,
    /// What a zip may hold beside the two entries of the format.
    pub container: ContainerRule,
}

impl From<ContainerRule> for gaen_app::ContainerRule {
    fn from(rule: ContainerRule) -> Self {
        match rule {
            ContainerRule::Strict => Self::Strict,
            ContainerRule::Tolerant => Self::Tolerant,
        }
    }
}

impl From<SearchRules> for gaen_app::SearchRules {
    fn from(rules: SearchRules) -> Self {
        Self {
            profile: rules.profile.into(),
            container: rules.container.into(),
            authenticity: match rules.authenticity {
                Authenticity::VerifiedBy { keys } => gaen_app::Authenticity::VerifiedBy(keys.inner.clone()),
                Authenticity::Unverified => gaen_app::Authenticity::Unverified,
            },
        }
    }
}

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
    let mut watcher = Watcher::new(observer);
    let files = files.into_iter().map(gaen_app::ExportFile::from).collect();
    let found = gaen_app::search(files, &sightings.inner, &rules.into(), &mut watcher);
    Ok(Arc::new(Report { inner: watcher.result(found)?? }))
}
