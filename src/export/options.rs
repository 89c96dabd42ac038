//! How a file is read: how strictly, how much of it, and by whose rules.

use crate::profile::Profile;

/// How to read an export file. The default is the strict container, Google's profile and the default [`Limits`].
///
/// ```
/// use gaen::Profile;
/// use gaen::export::{ContainerRule, ReadOptions};
///
/// let options = ReadOptions { container: ContainerRule::Tolerant, profile: Profile::AppleV1, ..ReadOptions::default() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// What a zip may hold beside the two entries.
    pub container: ContainerRule,
    /// The profile by whose rules keys and signatures are read.
    pub profile: Profile,
    /// The largest sizes and counts that are accepted.
    pub limits: Limits,
}

impl ReadOptions {
    /// Raises the limit of candidates to this number of sightings: no honest file has more identifiers that were heard
    /// than were heard at all. A store does it by itself.
    #[must_use]
    pub fn for_sightings(mut self, sightings: usize) -> Self {
        self.limits.candidates = self.limits.candidates.max(sightings);
        self
    }
}

/// What a zip may hold beside `export.bin` and `export.sig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ContainerRule {
    /// A zip has no other entry, as Google's client demands.
    #[default]
    Strict,
    /// Other entries, which are not read. Some servers add a second signature (`content.sig`) for their own apps.
    /// The two entries themselves must still be there exactly once, and no name may leave its folder.
    Tolerant,
}

/// The largest sizes and counts that are accepted. A file beyond one gets an error that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file as it came. Default 64 MiB.
    pub file_bytes: u64,
    /// Bytes of `export.bin` when inflated. Default 64 MiB, about two million keys.
    pub export_bin_bytes: u64,
    /// Bytes of `export.sig` when inflated. Default 64 KiB.
    pub export_sig_bytes: u64,
    /// Entries in the zip. Default 64.
    pub entries: usize,
    /// Keys and revised keys together. Default 2,500,000: producers stop at 750,000.
    pub keys: usize,
    /// Signature infos in `export.bin`. Default 10, as in the format.
    pub signature_infos: usize,
    /// Signatures in `export.sig`. Default 10.
    pub signatures: usize,
    /// Bytes of a key, a signature info or the region, each of which is held in one piece. Default 64 KiB; a key takes
    /// about 30. Unknown fields are skipped, however long.
    pub field_bytes: usize,
    /// Heard identifiers of the keys of one file: a search holds them back until the file's signature is checked. A
    /// store holds back as many revised keys, too. Default 65,536.
    pub candidates: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            export_bin_bytes: 64 << 20,
            export_sig_bytes: 64 << 10,
            entries: 64,
            keys: 2_500_000,
            signature_infos: 10,
            signatures: 10,
            field_bytes: 64 << 10,
            candidates: 65_536,
        }
    }
}
