//! Which public keys on the desk are trusted under which name.

use gaen_app::TrustedKeys;

use crate::content::Content;
use crate::desk::Desk;
use crate::error::Error;
use crate::item::{Item, Signer, TrustedName};

impl Desk {
    /// The names by which the files on the desk call their signers, each once. An anonymous signature has none.
    pub(crate) fn signers(&self) -> Vec<Signer> {
        let mut signers = Vec::new();
        for signer in self.items.iter().flat_map(Item::signers) {
            if !signers.contains(&signer) {
                signers.push(signer);
            }
        }
        signers
    }

    /// Each public key with its names: the one of its file, such as `440-v1.pem`, if a file on the desk is signed by
    /// that name; else every name that files on the desk are signed by, because a key alone says no name. A signature
    /// has to be of the key in any case.
    pub(crate) fn trusted_names(&self) -> Vec<TrustedName> {
        let signers = self.signers();
        let keys = self.items.iter().filter(|item| matches!(item.content, Content::PublicKey(Ok(_))));
        let names = keys.flat_map(|item| {
            let own = named(&item.name);
            let names = if signers.is_empty() || signers.contains(&own) { vec![own] } else { signers.clone() };
            names.into_iter().map(|signer| TrustedName { item: item.id, signer })
        });
        names.collect()
    }

    /// The keys of these names; `None` without any.
    pub(crate) fn trusted_keys(&self, names: &[TrustedName]) -> Result<Option<TrustedKeys>, Error> {
        let mut keys = None;
        for TrustedName { item, signer: Signer { id, version } } in names {
            let file = &self.item(*item)?.file;
            keys = Some(match keys {
                None => TrustedKeys::new(file, id, version)?,
                Some(keys) => TrustedKeys::or(keys, file, id, version)?,
            });
        }
        Ok(keys)
    }
}

/// The name of a key in the name of its file, as `--trust` of the command reads it: the version follows the last dash.
fn named(file: &str) -> Signer {
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (id, version) = stem.rsplit_once('-').unwrap_or((stem, ""));
    Signer { id: id.to_owned(), version: version.to_owned() }
}
