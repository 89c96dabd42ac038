//! Whom to believe.

use gaen::export::{PublicKey, ReadOptions, Trust, TrustSet, TrustedKey, UnverifiedExport};

use crate::error::{Error, ErrorKind};

/// Whom a search believes. There is no default: somebody has to decide it.
#[derive(Clone, Debug)]
pub enum Authenticity {
    /// Files must be signed by one of these keys.
    VerifiedBy(TrustedKeys),
    /// **Anyone may have written the files.** For tools and tests.
    Unverified,
}

impl Authenticity {
    pub(crate) fn trust(&self) -> Option<Trust> {
        match self {
            Self::VerifiedBy(keys) => Some(keys.trust()),
            Self::Unverified => None,
        }
    }
}

/// Public keys of health authorities. Each call of [`or`](Self::or) adds a key that is enough alone; each call of
/// [`and`](Self::and) adds a key that must have signed together with the key before it.
///
/// ```
/// use gaen_app::TrustedKeys;
///
/// let pem = std::fs::read("../../demo/440-v1.pem")?;
/// let keys = TrustedKeys::new(&pem, "440", "v1")?;
/// assert_eq!(TrustedKeys::new(b"no key", "440", "v1").unwrap_err().code(), "public_key");
/// # let _ = keys;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustedKeys {
    first: TrustSet,
    others: Vec<TrustSet>,
    raw_signatures: bool,
}

impl TrustedKeys {
    /// Trusts the key of a public key file, which is PEM, DER, base64 or hexadecimal. `id` and `version` are what
    /// signatures call the key; both may be empty.
    ///
    /// # Errors
    /// `public_key`, with what the file is instead.
    pub fn new(public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        let first = trusted(public_key, id, version)?.into();
        Ok(Self { first, others: Vec::new(), raw_signatures: false })
    }

    /// Trusts this key too: a file that it alone signed is accepted.
    ///
    /// # Errors
    /// `public_key`, as [`new`](Self::new).
    pub fn or(mut self, public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        self.others.push(trusted(public_key, id, version)?.into());
        Ok(self)
    }

    /// Demands that this key signed too, together with the key that was added last.
    ///
    /// # Errors
    /// `public_key`, as [`new`](Self::new).
    pub fn and(mut self, public_key: &[u8], id: &str, version: &str) -> Result<Self, Error> {
        let key = trusted(public_key, id, version)?;
        match self.others.pop() {
            Some(last) => self.others.push(last.and(key)),
            None => self.first = self.first.and(key),
        }
        Ok(self)
    }

    /// Accepts signatures of 64 raw bytes too. The format forbids them, but some test servers write them.
    #[must_use]
    pub fn accept_raw_signatures(self) -> Self {
        Self { raw_signatures: true, ..self }
    }

    /// Which of several bare `export.sig`s belongs to a bare `export.bin`: the position of the first one in which these
    /// keys signed its bytes. `None` if none did.
    #[must_use]
    pub fn signatures_of(&self, export_bin: &[u8], export_sigs: &[&[u8]]) -> Option<usize> {
        let unsigned = UnverifiedExport::from_parts(export_bin.to_vec(), Vec::new(), &ReadOptions::default()).ok()?;
        let trust = self.trust();
        export_sigs.iter().position(|export_sig| {
            unsigned.with_signatures(export_sig).and_then(|export| export.check_signatures(&trust)).is_ok()
        })
    }

    pub(crate) fn trust(&self) -> Trust {
        let trust = self.others.iter().cloned().fold(Trust::new(self.first.clone()), Trust::or);
        if self.raw_signatures { trust.accept_raw_signatures() } else { trust }
    }
}

fn trusted(public_key: &[u8], id: &str, version: &str) -> Result<TrustedKey, Error> {
    let read = PublicKey::read(public_key).map_err(|error| {
        Error::new(ErrorKind::Trust, "public_key", format!("the public key {id}-{version}: {error}"))
    })?;
    Ok(TrustedKey::new(id, version, read.key))
}
