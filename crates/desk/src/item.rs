//! A file on the desk.

use bytes::Bytes;

use crate::content::Content;
use crate::error::Error;

/// A file on the desk.
#[derive(Debug)]
pub(crate) struct Item {
    /// The number by which it is called.
    pub(crate) id: u32,
    /// What documents and errors call it.
    pub(crate) name: String,
    /// Bytes of the file as it came.
    pub(crate) size: usize,
    /// The file, unless its content says all: sightings are held once, and private keys never.
    pub(crate) file: Bytes,
    /// What it is.
    pub(crate) content: Content,
    /// Of an export file, what came of the check of its signatures. `None` if there was none, for lack of a key.
    pub(crate) checked: Option<Checked>,
}

/// What came of a check of signatures.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The keys that were there, with their names.
    pub(crate) with: Vec<TrustedName>,
    /// The bare files that were there, if it is one itself.
    pub(crate) beside: Vec<u32>,
    /// The names of the keys that signed, or why none did.
    pub(crate) signed_by: Result<Vec<String>, Error>,
}

/// A public key on the desk, and a name that it is trusted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TrustedName {
    /// The number of the key's file.
    pub(crate) item: u32,
    /// The name.
    pub(crate) signer: Signer,
}

/// The name of a key in signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub(crate) id: String,
    pub(crate) version: String,
}

impl Signer {
    /// The name as people write it: `440-v1`.
    pub(crate) fn text(&self) -> String {
        if self.version.is_empty() { self.id.clone() } else { format!("{}-{}", self.id, self.version) }
    }
}

impl Item {
    /// The names by which this file calls its signers. An anonymous signature has none.
    pub(crate) fn signers(&self) -> Vec<Signer> {
        let named = self.content.signed_as().filter_map(|info| {
            let id = info.verification_key_id.clone().filter(|id| !id.is_empty())?;
            Some(Signer { id, version: info.verification_key_version.clone().unwrap_or_default() })
        });
        named.collect()
    }
}
