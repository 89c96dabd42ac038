//! Makes encrypted backups, and restores them.
//!
//! A backup is an [age](https://age-encryption.org/v1) file. Its content is the store's own SQLite file as it was at one
//! moment. A restore also reads the form of an age file that is text, the "armored" one. `age` takes randomness from the
//! system, and asks the system's clock how fast it is; this crate does not use the answer. Nowhere else does this crate
//! leave randomness or time to somebody else.
//!
//! A restore has four steps:
//!
//! 1. It decrypts the whole backup, which authenticates it.
//! 2. It opens the result in memory. This has to be a sound store, with exactly this crate's schema.
//! 3. It reads the records.
//! 4. It merges the records in one transaction. Before that, the store does not change.

use std::fmt;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read, Write};
use std::str::FromStr;

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor};
use rusqlite::MAIN_DB;
use rusqlite::serialize::Data;
use zeroize::{Zeroize, Zeroizing};

use super::Store;
use super::error::StoreError;
use super::merge::{Contents, Restored};
use super::untrusted::{self, Refusal, StoreLimits};

/// The power of two of a passphrase's work: 128 MiB.
const WORK_FACTOR: u8 = 17;

/// The most bytes of an age file's header: over a hundred recipients. Every line has the whole header parsed anew.
const HEADER_BYTES: u64 = 16 << 10;

/// How an age file begins: in bytes, and as text.
const BEGINNINGS: [&[u8]; 2] = [b"age-encryption.org/", ARMORED];
const ARMORED: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// `true` if a file begins as a backup does, in bytes or as text.
#[must_use]
pub fn is_backup(file: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| file.starts_with(beginning))
}

/// The recipient of a backup: a passphrase or a public key. The recipient can read the backup.
///
/// With a public key, `"age1…".parse()`, a device makes backups that it cannot read itself. Such a backup does not tell who
/// made it: anybody who knows the key can make one.
#[derive(Debug)]
pub struct BackupRecipient(Secret<age::x25519::Recipient>);

/// The secret that opens a backup.
///
/// A secret key is parsed from text as `age-keygen` writes it: `"AGE-SECRET-KEY-1…".parse()`.
#[derive(Debug)]
pub struct BackupIdentity(Secret<age::x25519::Identity>);

/// A passphrase, or half of a pair of keys.
enum Secret<K> {
    Passphrase(SecretString),
    Key(K),
}

impl<K> fmt::Debug for Secret<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase(..)",
            Self::Key(_) => "Key(..)",
        })
    }
}

impl<K: FromStr<Err = &'static str>> Secret<K> {
    fn parse(text: &str) -> Result<Self, StoreError> {
        text.parse().map(Self::Key).map_err(|detail| StoreError::NotAKey { detail })
    }
}

impl BackupRecipient {
    /// Makes a recipient whose passphrase opens the backup. Choose a long one: nothing else protects the backup.
    #[must_use]
    pub fn passphrase(passphrase: &str) -> Self {
        Self(Secret::Passphrase(SecretString::from(passphrase)))
    }
}

impl FromStr for BackupRecipient {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Secret::parse(text).map(Self)
    }
}

impl BackupIdentity {
    /// Makes the secret that opens backups of this passphrase.
    #[must_use]
    pub fn passphrase(passphrase: &str) -> Self {
        Self(Secret::Passphrase(SecretString::from(passphrase)))
    }
}

impl FromStr for BackupIdentity {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        Secret::parse(text).map(Self)
    }
}

impl Store {
    /// Writes an encrypted backup of everything in the store, as it is at one moment.
    ///
    /// The method makes the backup in memory, and writes only encrypted bytes. The backup holds the device's own keys. Two
    /// devices that restore the same backup broadcast the same keys.
    ///
    /// # Errors
    /// [`StoreError`]. Then the bytes written so far are no backup.
    pub fn back_up(&mut self, to: &BackupRecipient, out: impl Write) -> Result<(), StoreError> {
        let recipient: Box<dyn age::Recipient> = match &to.0 {
            Secret::Key(key) => Box::new(key.clone()),
            Secret::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK_FACTOR);
                Box::new(recipient)
            }
        };
        let encryptor = Encryptor::with_recipients(std::iter::once(&*recipient))
            .map_err(|_| StoreError::Unreadable { detail: "no recipient".to_owned() })?;
        let mut image = self.connection.serialize(MAIN_DB)?;
        let written = encryptor.wrap_output(out).and_then(|mut out| {
            out.write_all(&image)?;
            out.finish()?.flush()
        });
        if let Data::Owned(image) = &mut image {
            image.zeroize();
        }
        written.map_err(|error| unreadable(&error))
    }

    /// Adds a backup to what is in the store now. Afterwards it is as if both had happened in one store.
    ///
    /// If a sighting is stored several times here or there, the store keeps the larger number. No own key of the device is
    /// lost. A key that was released here or there is never broadcast again. Old records that this store has already erased come
    /// back, and go with the next [`purge`](Self::purge).
    ///
    /// A backup does not bring what was found in files. It does not prove it: anybody who knows the public key may have made the
    /// backup. Offer all files again. Until then, the files that the backup's store had searched are
    /// [awaited](Self::awaited_files). Files that this store has searched keep what was found, and are searched for the new
    /// sightings.
    ///
    /// Restoring the same backup again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::NotABackup`], [`StoreError::DamagedBackup`], [`StoreError::TooLarge`],
    /// [`StoreError::TooMuchWork`], [`StoreError::NewerSchema`], [`StoreError::OtherProfile`] and the errors of a
    /// database. Then the store is as it was.
    pub fn restore(
        &mut self,
        identity: &BackupIdentity,
        input: impl Read,
        limits: &StoreLimits,
    ) -> Result<Restored, StoreError> {
        self.take_in(&open(identity, input, limits)?)
    }

    /// Restores a decrypted backup, as [`restore`](Self::restore) does. Public for fuzzing.
    #[doc(hidden)]
    pub fn restore_image(&mut self, image: &[u8]) -> Result<Restored, StoreError> {
        self.take_in(&open_image(image)?)
    }

    /// Adds what is in another store.
    fn take_in(&mut self, theirs: &Self) -> Result<Restored, StoreError> {
        let damaged = |error: StoreError| StoreError::DamagedBackup { detail: error.to_string() };
        let contents = Contents::read(&theirs.connection).map_err(damaged)?;
        if theirs.profile != self.profile {
            return Err(StoreError::OtherProfile { found: theirs.profile, asked: self.profile });
        }
        let transaction = self.write()?;
        let restored = contents.merge(&transaction)?;
        transaction.commit()?;
        Ok(restored)
    }
}

/// The store of a backup, in memory.
pub(super) fn open(identity: &BackupIdentity, input: impl Read, limits: &StoreLimits) -> Result<Store, StoreError> {
    open_image(&decrypt(identity, input, limits)?)
}

/// The store of a decrypted backup.
fn open_image(image: &[u8]) -> Result<Store, StoreError> {
    let damaged = |detail: String| StoreError::DamagedBackup { detail };
    let database = untrusted::open_image(image, image.len()).map_err(|why| match why {
        Refusal::TooLarge { limit } => StoreError::TooLarge { limit },
        Refusal::Unfit(detail) => damaged(detail),
    })?;
    let checked = Store::from_image(database).and_then(|store| Ok((store.check()?.into_iter().next(), store)));
    match checked {
        Ok((None, store)) => Ok(store),
        Ok((Some(wrong), _)) => Err(damaged(wrong)),
        Err(error @ StoreError::NewerSchema { .. }) => Err(error),
        Err(StoreError::NotAStore { detail }) => Err(StoreError::NotABackup { detail }),
        Err(error) => Err(damaged(error.to_string())),
    }
}

/// Decrypts a backup to its end. Before the end, no byte is authentic.
fn decrypt(
    identity: &BackupIdentity,
    input: impl Read,
    limits: &StoreLimits,
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let mut input = as_bytes(input, limits)?;
    let header = Cursor::new(header(&mut input, limits)?);
    let decryptor = Decryptor::new_buffered(header.chain(input)).map_err(|error| refusal(error, limits))?;
    let identity: Box<dyn age::Identity> = match &identity.0 {
        Secret::Key(key) => Box::new(key.clone()),
        Secret::Passphrase(passphrase) => {
            let mut identity = age::scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(limits.work_factor);
            Box::new(identity)
        }
    };
    let mut content = decryptor.decrypt(std::iter::once(&*identity)).map_err(|error| refusal(error, limits))?;

    let mut image = Zeroizing::new(Vec::new());
    let mut step = Zeroizing::new(vec![0; 64 << 10]);
    loop {
        let count = match content.read(&mut step) {
            Ok(0) => return Ok(image),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(refusal(DecryptError::Io(error), limits)),
        };
        let bytes = image.len().saturating_add(count);
        if bytes as u64 > limits.database_bytes {
            return Err(StoreError::TooLarge { limit: limits.database_bytes });
        }
        if bytes > image.capacity() {
            // A vector that grows by itself leaves what it held behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(bytes.saturating_mul(2)));
            larger.extend_from_slice(&image);
            image = larger;
        }
        image.extend_from_slice(step.get(..count).unwrap_or_default());
    }
}

/// The bytes of an age file, whichever form it has.
fn as_bytes<'i>(input: impl Read + 'i, limits: &StoreLimits) -> Result<Box<dyn BufRead + 'i>, StoreError> {
    let mut input = BufReader::new(input);
    let mut first_line = Vec::new();
    input.by_ref().take(HEADER_BYTES).read_until(b'\n', &mut first_line).map_err(|error| unreadable(&error))?;
    let is_text = first_line.starts_with(ARMORED);
    let input = Cursor::new(first_line).chain(input);
    if !is_text {
        return Ok(Box::new(input));
    }
    // The reader of age holds a line, however long. Four letters are three bytes, so a text of more has too large a content.
    let most = limits.database_bytes.saturating_mul(2).saturating_add(4 * HEADER_BYTES);
    Ok(Box::new(BufReader::new(ArmoredReader::new(input.take(most)))))
}

/// The header of an age file: all lines to the one that begins with `---`.
fn header(input: &mut impl BufRead, limits: &StoreLimits) -> Result<Vec<u8>, StoreError> {
    let mut header = Vec::new();
    let mut input = input.take(HEADER_BYTES);
    loop {
        let line = header.len();
        let count = input.read_until(b'\n', &mut header);
        let count = count.map_err(|error| refusal(DecryptError::Io(error), limits))?;
        match header.get(line..) {
            Some(line) if line.starts_with(b"---") && line.ends_with(b"\n") => return Ok(header),
            _ if count > 0 => {}
            _ => return Err(StoreError::NotABackup { detail: "an age file's header does not end".to_owned() }),
        }
    }
}

fn unreadable(error: &std::io::Error) -> StoreError {
    StoreError::Unreadable { detail: error.to_string() }
}

/// What an error of `age` means. Its texts are in the user's language, which is none of our business.
fn refusal(error: DecryptError, limits: &StoreLimits) -> StoreError {
    let damaged = |detail: &str| StoreError::DamagedBackup { detail: detail.to_owned() };
    match error {
        DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed | DecryptError::DecryptionFailed => {
            StoreError::WrongKey
        }
        DecryptError::ExcessiveWork { required, .. } => {
            StoreError::TooMuchWork { found: required, limit: limits.work_factor }
        }
        DecryptError::InvalidMac => damaged("its header is not authentic"),
        DecryptError::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof => damaged("it ends early"),
            ErrorKind::InvalidData => damaged("its content is not authentic"),
            _ => unreadable(&error),
        },
        DecryptError::InvalidHeader => StoreError::NotABackup { detail: "no header of an age file".to_owned() },
        _ => StoreError::NotABackup { detail: "an age file of an unknown version".to_owned() },
    }
}
