//! Makes encrypted backups, and restores them.
//!
//! A restore has four steps:
//!
//! 1. It decrypts the whole backup, which authenticates it.
//! 2. It opens the result in memory. This has to be a sound store, with exactly this crate's schema.
//! 3. It reads the records.
//! 4. It merges the records in one transaction. Before that, the store does not change.

use std::io::{Read, Write};

use rusqlite::MAIN_DB;
use rusqlite::serialize::Data;
use zeroize::Zeroize;

use super::Store;
use super::error::StoreError;
use super::merge::{Contents, Restored};
use super::untrusted::{self, Refusal};
use crate::backup::{BackupError, BackupIdentity, BackupLimits, BackupRecipient};

impl Store {
    /// Writes an encrypted backup of everything in the store, as it is at one moment.
    ///
    /// The method makes the backup in memory, and writes only encrypted bytes. The backup holds the device's own keys.
    /// Two devices that restore the same backup broadcast the same keys.
    ///
    /// # Errors
    /// [`StoreError`]. Then the bytes written so far are no backup.
    pub fn back_up(&mut self, to: &BackupRecipient, out: impl Write) -> Result<(), StoreError> {
        let mut image = self.connection.serialize(MAIN_DB)?;
        let written = to.encrypt(&image, out);
        if let Data::Owned(image) = &mut image {
            image.zeroize();
        }
        Ok(written?)
    }

    /// Adds a backup to what is in the store now. Afterwards it is as if both had happened in one store.
    ///
    /// If a sighting is stored several times here or there, the store keeps the larger number. No own key of the device
    /// is lost. A key that was released here or there is never broadcast again. Old records that this store has already
    /// erased come back, and go with the next [`purge`](Self::purge).
    ///
    /// A backup does not bring what was found in files. It does not prove it: anybody who knows the public key may have
    /// made the backup. Offer all files again. Until then, the files that the backup's store had searched are
    /// [awaited](Self::awaited_files). Files that this store has searched keep what was found, and are searched for the
    /// new sightings.
    ///
    /// Restoring the same backup again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Backup`], [`StoreError::NewerSchema`], [`StoreError::OtherProfile`] and the errors of a database.
    /// Then the store is as it was.
    pub fn restore(
        &mut self,
        identity: &BackupIdentity,
        input: impl Read,
        limits: &BackupLimits,
    ) -> Result<Restored, StoreError> {
        self.take_in(&open_image(&identity.decrypt(input, limits)?)?)
    }

    /// Restores a decrypted backup, as [`restore`](Self::restore) does. Public for fuzzing.
    #[doc(hidden)]
    pub fn restore_image(&mut self, image: &[u8]) -> Result<Restored, StoreError> {
        self.take_in(&open_image(image)?)
    }

    /// Adds what is in another store.
    fn take_in(&mut self, theirs: &Self) -> Result<Restored, StoreError> {
        let damaged = |error: StoreError| BackupError::Damaged { detail: error.to_string() };
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

/// The store of a decrypted backup.
fn open_image(image: &[u8]) -> Result<Store, StoreError> {
    let damaged = |detail: String| StoreError::from(BackupError::Damaged { detail });
    let database = untrusted::open_image(image, image.len()).map_err(|why| match why {
        Refusal::TooLarge { limit } => StoreError::TooLarge { limit },
        Refusal::Unfit(detail) => damaged(detail),
    })?;
    let checked = Store::from_image(database).and_then(|store| Ok((store.check()?.into_iter().next(), store)));
    match checked {
        Ok((None, store)) => Ok(store),
        Ok((Some(wrong), _)) => Err(damaged(wrong)),
        Err(error @ StoreError::NewerSchema { .. }) => Err(error),
        Err(StoreError::NotAStore { detail }) => Err(BackupError::NotABackup { detail }.into()),
        Err(error) => Err(damaged(error.to_string())),
    }
}
