//! Encrypts bytes as an age file, and decrypts one.

use std::fmt;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read, Write};
use std::str::FromStr;

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::ARMORED;
use super::error::BackupError;

/// The power of two of a passphrase's work: 128 MiB.
const WORK_FACTOR: u8 = 17;

/// The most bytes of an age file's header: over a hundred recipients. Every line has the whole header parsed anew.
const HEADER_BYTES: u64 = 16 << 10;

/// Limits for backups that others made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupLimits {
    /// The most bytes of a decrypted backup, which is held in memory. The default is 1 GiB.
    pub database_bytes: u64,
    /// The largest work factor of a backup by passphrase, as a power of two. One more doubles time and memory. The
    /// default is 18, for 256 MiB.
    pub work_factor: u8,
}

impl Default for BackupLimits {
    fn default() -> Self {
        Self { database_bytes: 1 << 30, work_factor: 18 }
    }
}

/// The recipient of a backup: a passphrase or a public key. The recipient can read the backup.
///
/// With a public key, `"age1…".parse()`, a device makes backups that it cannot read itself. Such a backup does not tell
/// who made it: anybody who knows the key can make one.
#[derive(Debug)]
pub struct BackupRecipient(Secret<age::x25519::Recipient>);

/// The secret that opens a backup.
///
/// ```
/// use gaen::backup::{BackupIdentity, BackupLimits, BackupRecipient};
///
/// let recipient: BackupRecipient = "age15nsf9y4k28p83wth93tf7hafhvfajp45d2mge80ems45gz0c5gys3me64l".parse()?;
/// let mut backup = Vec::new();
/// recipient.encrypt(b"SQLite format 3\0 and so on", &mut backup)?;
///
/// let secret = "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZ9K4CN";
/// let identity: BackupIdentity = secret.parse()?;
/// let database = identity.decrypt(backup.as_slice(), &BackupLimits::default())?;
/// assert!(database.starts_with(b"SQLite format 3\0"));
/// # Ok::<(), gaen::backup::BackupError>(())
/// ```
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
    fn parse(text: &str) -> Result<Self, BackupError> {
        text.parse().map(Self::Key).map_err(|detail| BackupError::NotAKey { detail })
    }
}

impl BackupRecipient {
    /// Makes a recipient whose passphrase opens the backup. Choose a long one: nothing else protects the backup.
    #[must_use]
    pub fn passphrase(passphrase: &str) -> Self {
        Self(Secret::Passphrase(SecretString::from(passphrase)))
    }

    /// Encrypts the SQLite file of a store. Only encrypted bytes are written.
    ///
    /// # Errors
    /// [`BackupError::Unreadable`] if `out` fails. Then the bytes written so far are no backup.
    pub fn encrypt(&self, database: &[u8], out: impl Write) -> Result<(), BackupError> {
        let recipient: Box<dyn age::Recipient> = match &self.0 {
            Secret::Key(key) => Box::new(key.clone()),
            Secret::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK_FACTOR);
                Box::new(recipient)
            }
        };
        let encryptor = Encryptor::with_recipients(std::iter::once(&*recipient))
            .map_err(|_| BackupError::Unreadable { detail: "no recipient".to_owned() })?;
        let written = encryptor.wrap_output(out).and_then(|mut out| {
            out.write_all(database)?;
            out.finish()?.flush()
        });
        written.map_err(|error| unreadable(&error))
    }
}

impl FromStr for BackupRecipient {
    type Err = BackupError;

    fn from_str(text: &str) -> Result<Self, BackupError> {
        Secret::parse(text).map(Self)
    }
}

impl BackupIdentity {
    /// Makes the secret that opens backups of this passphrase.
    #[must_use]
    pub fn passphrase(passphrase: &str) -> Self {
        Self(Secret::Passphrase(SecretString::from(passphrase)))
    }

    /// Decrypts a backup to its end, and returns the store's SQLite file, as it was at one moment.
    ///
    /// The result is authentic, but anybody who knows the public key can have made it. No write-ahead log belongs to
    /// it: give `DatabaseSightings::read` an empty one. It is wiped when it is dropped.
    ///
    /// # Errors
    /// [`BackupError::WrongKey`], [`BackupError::NotABackup`], [`BackupError::Damaged`], [`BackupError::TooLarge`],
    /// [`BackupError::TooMuchWork`] and [`BackupError::Unreadable`].
    pub fn decrypt(&self, backup: impl Read, limits: &BackupLimits) -> Result<Zeroizing<Vec<u8>>, BackupError> {
        let mut input = as_bytes(backup, limits)?;
        let header = Cursor::new(header(&mut input, limits)?);
        let decryptor = Decryptor::new_buffered(header.chain(input)).map_err(|error| refusal(error, limits))?;
        let identity: Box<dyn age::Identity> = match &self.0 {
            Secret::Key(key) => Box::new(key.clone()),
            Secret::Passphrase(passphrase) => {
                let mut identity = age::scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(limits.work_factor);
                Box::new(identity)
            }
        };
        // Before the end, no byte is authentic.
        let content = decryptor.decrypt(std::iter::once(&*identity)).map_err(|error| refusal(error, limits))?;
        whole(content, limits)
    }
}

impl FromStr for BackupIdentity {
    type Err = BackupError;

    fn from_str(text: &str) -> Result<Self, BackupError> {
        Secret::parse(text).map(Self)
    }
}

/// All that a reader of decrypted bytes gives, and no copy of it left behind.
fn whole(mut content: impl Read, limits: &BackupLimits) -> Result<Zeroizing<Vec<u8>>, BackupError> {
    let mut database = Zeroizing::new(Vec::new());
    let mut step = Zeroizing::new(vec![0; 64 << 10]);
    loop {
        let count = match content.read(&mut step) {
            Ok(0) => return Ok(database),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(refusal(DecryptError::Io(error), limits)),
        };
        let bytes = database.len().saturating_add(count);
        if bytes as u64 > limits.database_bytes {
            return Err(BackupError::TooLarge { limit: limits.database_bytes });
        }
        if bytes > database.capacity() {
            // A vector that grows by itself leaves what it held behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(bytes.saturating_mul(2)));
            larger.extend_from_slice(&database);
            database = larger;
        }
        database.extend_from_slice(step.get(..count).unwrap_or_default());
    }
}

/// The bytes of an age file, whichever form it has.
fn as_bytes<'i>(input: impl Read + 'i, limits: &BackupLimits) -> Result<Box<dyn BufRead + 'i>, BackupError> {
    let mut input = BufReader::new(input);
    let mut first_line = Vec::new();
    input.by_ref().take(HEADER_BYTES).read_until(b'\n', &mut first_line).map_err(|error| unreadable(&error))?;
    let is_text = first_line.starts_with(ARMORED);
    let input = Cursor::new(first_line).chain(input);
    if !is_text {
        return Ok(Box::new(input));
    }
    // The reader of age holds a line, however long. Four letters are three bytes, so a text of more has too large a
    // content.
    let most = limits.database_bytes.saturating_mul(2).saturating_add(4 * HEADER_BYTES);
    Ok(Box::new(BufReader::new(ArmoredReader::new(input.take(most)))))
}

/// The header of an age file: all lines to the one that begins with `---`.
fn header(input: &mut impl BufRead, limits: &BackupLimits) -> Result<Vec<u8>, BackupError> {
    let mut header = Vec::new();
    let mut input = input.take(HEADER_BYTES);
    loop {
        let line = header.len();
        let count = input.read_until(b'\n', &mut header);
        let count = count.map_err(|error| refusal(DecryptError::Io(error), limits))?;
        match header.get(line..) {
            Some(line) if line.starts_with(b"---") && line.ends_with(b"\n") => return Ok(header),
            _ if count > 0 => {}
            _ => return Err(BackupError::NotABackup { detail: "an age file's header does not end".to_owned() }),
        }
    }
}

fn unreadable(error: &std::io::Error) -> BackupError {
    BackupError::Unreadable { detail: error.to_string() }
}

/// What an error of `age` means. Its texts are in the user's language, which is none of our business.
fn refusal(error: DecryptError, limits: &BackupLimits) -> BackupError {
    let damaged = |detail: &str| BackupError::Damaged { detail: detail.to_owned() };
    match error {
        DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed | DecryptError::DecryptionFailed => {
            BackupError::WrongKey
        }
        DecryptError::ExcessiveWork { required, .. } => {
            BackupError::TooMuchWork { found: required, limit: limits.work_factor }
        }
        DecryptError::InvalidMac => damaged("its header is not authentic"),
        DecryptError::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof => damaged("it ends early"),
            ErrorKind::InvalidData => damaged("its content is not authentic"),
            _ => unreadable(&error),
        },
        DecryptError::InvalidHeader => BackupError::NotABackup { detail: "no header of an age file".to_owned() },
        _ => BackupError::NotABackup { detail: "an age file of an unknown version".to_owned() },
    }
}
