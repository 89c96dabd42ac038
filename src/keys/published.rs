//! Identifiers and metadata of a published key. The AES keys are prepared once, and nothing is wiped.
//!
//! The matcher uses this for the keys that were heard. It is not for a device's own keys.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128Enc, Block};

use super::RollingProximityIdentifier;
use super::derivation::{AEMK_INFO, RPIK_INFO, expand_published, padded_data};
use super::metadata::{AssociatedEncryptedMetadata, BluetoothMetadata, masked};
use crate::time::EnIntervalNumber;

/// The identifiers of a published key.
pub(crate) struct PublishedIdentifiers(Aes128Enc);

impl PublishedIdentifiers {
    pub(crate) fn new(key: &[u8; 16]) -> Self {
        Self(Aes128Enc::new(&expand_published(key, RPIK_INFO).into()))
    }

    pub(crate) fn identifier(&self, interval: EnIntervalNumber) -> RollingProximityIdentifier {
        let mut block = Block::from(padded_data(interval.as_u32()));
        self.0.encrypt_block(&mut block);
        RollingProximityIdentifier(block.into())
    }
}

/// The metadata beside the identifiers of a published key.
pub(crate) struct PublishedMetadata(Aes128Enc);

impl PublishedMetadata {
    pub(crate) fn new(key: &[u8; 16]) -> Self {
        Self(Aes128Enc::new(&expand_published(key, AEMK_INFO).into()))
    }

    pub(crate) fn decrypt(
        &self,
        rpi: &RollingProximityIdentifier,
        aem: AssociatedEncryptedMetadata,
    ) -> BluetoothMetadata {
        let mut block = Block::from(rpi.0);
        self.0.encrypt_block(&mut block);
        BluetoothMetadata::from_bytes(masked(aem.0, block.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::TemporaryExposureKey;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_published_key_gives_what_its_owner_broadcast(bytes: [u8; 16], interval: u32, metadata: [u8; 4]) {
            let owner = TemporaryExposureKey::from_bytes(bytes);
            let interval = EnIntervalNumber::new(interval);
            let rpi = owner.identifier_key().identifier(interval);
            prop_assert_eq!(PublishedIdentifiers::new(&bytes).identifier(interval), rpi);
            let metadata = BluetoothMetadata::from_bytes(metadata);
            let aem = owner.metadata_key().encrypt(&rpi, metadata);
            prop_assert_eq!(PublishedMetadata::new(&bytes).decrypt(&rpi, aem), metadata);
        }
    }
}
