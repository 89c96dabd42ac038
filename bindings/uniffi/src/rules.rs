//! How files are read, and whom a search believes.

use std::sync::Arc;

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
