//! Keys that are named on the command line, as `ID-VERSION=FILE`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{ArgGroup, Args};
use gaen::export::{KeyError, PublicKey, ReadKey, Signer, Trust, TrustSet, TrustedKey};

use crate::error::Error;
use crate::output;

/// A key file and the name that signatures give its key.
#[derive(Clone, Debug)]
pub(crate) struct NamedKeyFile {
    id: String,
    version: String,
    path: PathBuf,
}

impl FromStr for NamedKeyFile {
    type Err = String;

    /// The version follows the last `-`; ids may have one too.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').ok_or("expected ID-VERSION=FILE, found no `=`")?;
        let (id, version) = name.rsplit_once('-').unwrap_or((name, ""));
        if id.is_empty() {
            return Err("expected ID-VERSION=FILE, found no id".to_owned());
        }
        if path.is_empty() {
            return Err("expected ID-VERSION=FILE, found no file".to_owned());
        }
        Ok(Self { id: id.to_owned(), version: version.to_owned(), path: path.into() })
    }
}

impl NamedKeyFile {
    /// The key of a public key file.
    pub(crate) fn trusted_key(&self) -> Result<TrustedKey, Error> {
        let key = self.read(PublicKey::read)?;
        Ok(TrustedKey::new(&self.id, &self.version, key))
    }

    /// The key file.
    #[cfg(feature = "full")]
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The signer of a private key file.
    pub(crate) fn signer(&self) -> Result<Signer, Error> {
        self.read(|file| Signer::read(&self.id, &self.version, file))
    }

    /// What is read of the file, with a warning for what is worth one. A key file is part of the command line: whom to
    /// believe is configured, it is not input.
    fn read<K>(&self, read: impl FnOnce(Box<dyn Read>) -> Result<ReadKey<K>, KeyError>) -> Result<K, Error> {
        let file = self.path.display();
        let unusable = |error: &dyn std::error::Error| Error::Usage(format!("key file {file}: {error}"));
        let opened: Box<dyn Read> = match self.path.as_path() {
            path if path == Path::new("-") => Box::new(io::stdin()),
            path => Box::new(File::open(path).map_err(|error| unusable(&error))?),
        };
        let found = read(opened).map_err(|error| unusable(&error))?;
        for note in found.notes {
            output::warn(&format!("key file {file}: {note}"));
        }
        Ok(found.key)
    }
}

/// Whom to believe has to be said, one way or the other, wherever there are files to be believed: their argument
/// requires the group.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("authenticity").args(["trust", "no_verify"])))]
pub(crate) struct Authenticity {
    /// Trust this public key under this name; may be repeated, and then one signature is enough
    #[arg(long, value_name = "ID-VERSION=FILE")]
    trust: Vec<NamedKeyFile>,

    /// Read files that anyone may have written; not with --store, which keeps what it finds
    #[arg(long)]
    no_verify: bool,

    /// Require a signature by every trusted key
    #[arg(long, conflicts_with = "no_verify")]
    require_all: bool,
}

impl Authenticity {
    /// The trust that was given; none, with a warning, where it was given up.
    pub(crate) fn trust(&self) -> Result<Option<Trust>, Error> {
        let trust = trust(&self.trust, self.require_all)?;
        if self.no_verify {
            output::warn("signatures are not checked (--no-verify): anyone may have written these files");
        }
        Ok(trust)
    }
}

/// What these keys verify: one is enough, or all must have signed. `None` without keys.
pub(crate) fn trust(keys: &[NamedKeyFile], require_all: bool) -> Result<Option<Trust>, Error> {
    let keys: Vec<_> = keys.iter().map(NamedKeyFile::trusted_key).collect::<Result<_, _>>()?;
    let mut keys = keys.into_iter();
    let Some(first) = keys.next() else {
        return Ok(None);
    };
    Ok(Some(if require_all {
        Trust::new(keys.fold(TrustSet::new(first), TrustSet::and))
    } else {
        keys.fold(Trust::new(first), Trust::or)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_follows_the_last_dash() {
        let parts = |text: &str| text.parse().map(|key: NamedKeyFile| (key.id, key.version, key.path));
        let expected = |id: &str, version: &str| Ok((id.to_owned(), version.to_owned(), PathBuf::from("k=1.pem")));
        assert_eq!(parts("440-v1=k=1.pem"), expected("440", "v1"));
        assert_eq!(parts("org.example-app-v2=k=1.pem"), expected("org.example-app", "v2"));
        assert_eq!(parts("440=k=1.pem"), expected("440", ""));
        assert_eq!(parts("440-=k=1.pem"), expected("440", ""));
        for bad in ["", "440-v1", "=k.pem", "-v1=k.pem", "440-v1="] {
            assert!(parts(bad).is_err(), "{bad}");
        }
    }
}
