//! The three secret keys of a device, and what is derived from each.
//!
//! You can neither copy a secret key nor make a default one. `Debug` prints no byte of the key. A comparison takes the
//! same time whatever the bytes are. Dropping a key wipes it, and computing with it leaves nothing on the stack.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128Dec, Aes128Enc, Block};
use rand_core::CryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::RollingProximityIdentifier;
use super::derivation::{AEMK_INFO, RPIK_INFO, expand_into, padded_data};
use super::metadata::{AssociatedEncryptedMetadata, BluetoothMetadata, masked};
use super::wipe::wiping_the_stack;
use crate::time::EnIntervalNumber;

/// What every secret key of 16 bytes has in common.
macro_rules! secret_key {
    ($name:ident) => {
        impl $name {
            /// Makes the key of these bytes. Wipe your own copy when you no longer need it.
            #[must_use]
            #[inline(always)]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Makes a key whose bytes `write` puts over zeros. The bytes leave no other trace: the function is always
            /// inlined, so they go to the caller's place in one step.
            #[inline(always)]
            fn written(write: impl FnOnce(&mut [u8; 16])) -> Self {
                let mut bytes = Zeroizing::new([0; 16]);
                wiping_the_stack(|| write(&mut bytes));
                Self(*bytes)
            }

            /// Returns the secret bytes, for storing or publishing them. Never log them.
            #[must_use]
            pub const fn expose_secret(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }

        impl ConstantTimeEq for $name {
            fn ct_eq(&self, other: &Self) -> Choice {
                self.0.ct_eq(&other.0)
            }
        }

        impl PartialEq for $name {
            /// Compares in constant time.
            fn eq(&self, other: &Self) -> bool {
                self.ct_eq(other).into()
            }
        }

        impl Eq for $name {}
    };
}

/// A Temporary Exposure Key: 16 random bytes, which are secret until the owner reports a diagnosis. A device makes one
/// for each UTC day.
///
/// Source: Cryptography Specification v1.2, "Temporary Exposure Key".
///
/// ```
/// use gaen::keys::BluetoothMetadata;
/// use gaen::{EnIntervalNumber, TemporaryExposureKey};
///
/// let key = TemporaryExposureKey::generate(&mut rand::rng());
/// let interval = EnIntervalNumber::from_unix_seconds(1_601_121_592)?;
///
/// let rpi = key.identifier_key().identifier(interval);
/// let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-12));
/// assert_eq!(key.metadata_key().decrypt(&rpi, aem).tx_power(), -12);
/// assert_eq!(format!("{key:?}"), "TemporaryExposureKey(redacted)");
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
#[doc(alias = "TEK")]
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct TemporaryExposureKey([u8; 16]);

secret_key!(TemporaryExposureKey);

impl TemporaryExposureKey {
    /// Makes a key of 16 bytes from your cryptographically secure generator.
    ///
    /// Use a generator that forgets the bytes that it gave, such as the system's. Others keep them in a buffer.
    #[must_use]
    #[inline(always)]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self::written(|key| rng.fill_bytes(key))
    }

    /// Makes a key on the heap. `fill` writes it over zeros at the place where it stays. If `fill` fails, what it wrote
    /// is wiped.
    #[cfg(feature = "alloc")]
    pub(crate) fn boxed<E>(fill: impl FnOnce(&mut [u8; 16]) -> Result<(), E>) -> Result<Box<Self>, E> {
        let mut key = Box::new(Self([0; 16]));
        wiping_the_stack(|| fill(&mut key.0))?;
        Ok(key)
    }

    /// `RPIK = HKDF-SHA256(TEK, salt = none, "EN-RPIK", 16)`.
    #[must_use]
    #[inline(always)]
    pub fn identifier_key(&self) -> RollingProximityIdentifierKey {
        RollingProximityIdentifierKey::written(|key| expand_into(&self.0, RPIK_INFO, key))
    }

    /// `AEMK = HKDF-SHA256(TEK, salt = none, "EN-AEMK", 16)`.
    #[must_use]
    #[inline(always)]
    pub fn metadata_key(&self) -> AssociatedEncryptedMetadataKey {
        AssociatedEncryptedMetadataKey::written(|key| expand_into(&self.0, AEMK_INFO, key))
    }
}

/// `RPIK = HKDF-SHA256(TEK, salt = none, "EN-RPIK", 16)`: encrypts interval numbers to identifiers.
///
/// Source: Cryptography Specification v1.2, "Rolling Proximity Identifier Key".
#[doc(alias = "RPIK")]
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct RollingProximityIdentifierKey([u8; 16]);

secret_key!(RollingProximityIdentifierKey);

/// Blocks encrypted in one call: enough to fill the pipelines of every AES unit there is.
const BLOCKS_AT_ONCE: usize = 16;

impl RollingProximityIdentifierKey {
    /// `RPI(j)`: makes the identifier of one interval.
    #[must_use]
    pub fn identifier(&self, interval: EnIntervalNumber) -> RollingProximityIdentifier {
        let mut block = Block::from(padded_data(interval.as_u32()));
        wiping_the_stack(|| Aes128Enc::new((&self.0).into()).encrypt_block(&mut block));
        RollingProximityIdentifier(block.into())
    }

    /// Writes the identifiers of `out.len()` consecutive intervals, from `start` on, into your buffer.
    ///
    /// A day has 144 intervals. The method allocates nothing. It counts intervals modulo 2^32, as the specification's
    /// `u32le(j)` does.
    ///
    /// ```
    /// use gaen::{EnIntervalNumber, RollingProximityIdentifier, TemporaryExposureKey};
    ///
    /// let rpik = TemporaryExposureKey::generate(&mut rand::rng()).identifier_key();
    /// let midnight = EnIntervalNumber::new(2_642_976);
    /// let mut day = [RollingProximityIdentifier::from_bytes([0; 16]); 144];
    /// rpik.identifiers(midnight, &mut day);
    /// assert_eq!(day[143], rpik.identifier(EnIntervalNumber::new(2_643_119)));
    /// ```
    pub fn identifiers(&self, start: EnIntervalNumber, out: &mut [RollingProximityIdentifier]) {
        wiping_the_stack(|| {
            let cipher = Aes128Enc::new((&self.0).into());
            let mut interval = start.as_u32();
            for chunk in out.chunks_mut(BLOCKS_AT_ONCE) {
                let mut blocks = [Block::default(); BLOCKS_AT_ONCE];
                for block in &mut blocks {
                    *block = padded_data(interval).into();
                    interval = interval.wrapping_add(1);
                }
                cipher.encrypt_blocks(&mut blocks);
                for (rpi, block) in chunk.iter_mut().zip(blocks) {
                    rpi.0 = block.into();
                }
            }
        });
    }

    /// The inverse of [`identifier`](Self::identifier): returns the interval of an identifier of this key. `None` if
    /// the identifier belongs to another key.
    #[must_use]
    pub fn interval_of(&self, rpi: &RollingProximityIdentifier) -> Option<EnIntervalNumber> {
        let mut block = Block::from(rpi.0);
        wiping_the_stack(|| Aes128Dec::new((&self.0).into()).decrypt_block(&mut block));
        let plain: [u8; 16] = block.into();
        let [.., a, b, c, d] = plain;
        let interval = u32::from_le_bytes([a, b, c, d]);
        // Anybody may know whether the identifier is of this key. Where another key's block first differs is secret.
        bool::from(plain.ct_eq(&padded_data(interval))).then_some(EnIntervalNumber::new(interval))
    }
}

/// `AEMK = HKDF-SHA256(TEK, salt = none, "EN-AEMK", 16)`: encrypts the metadata beside each identifier.
///
/// Source: Cryptography Specification v1.2, "Associated Encrypted Metadata Key".
#[doc(alias = "AEMK")]
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AssociatedEncryptedMetadataKey([u8; 16]);

secret_key!(AssociatedEncryptedMetadataKey);

impl AssociatedEncryptedMetadataKey {
    /// Encrypts or decrypts four bytes.
    fn mask(&self, rpi: &RollingProximityIdentifier, text: [u8; 4]) -> [u8; 4] {
        let mut block = Block::from(rpi.0);
        wiping_the_stack(|| Aes128Enc::new((&self.0).into()).encrypt_block(&mut block));
        masked(text, block.into())
    }

    /// `AEM = AES-128-CTR(AEMK, IV = RPI, metadata)`.
    #[must_use]
    pub fn encrypt(
        &self,
        rpi: &RollingProximityIdentifier,
        metadata: BluetoothMetadata,
    ) -> AssociatedEncryptedMetadata {
        AssociatedEncryptedMetadata(self.mask(rpi, *metadata.as_bytes()))
    }

    /// Decrypts the metadata beside this identifier. A wrong key decrypts as well, to other metadata.
    #[must_use]
    pub fn decrypt(&self, rpi: &RollingProximityIdentifier, aem: AssociatedEncryptedMetadata) -> BluetoothMetadata {
        BluetoothMetadata::from_bytes(self.mask(rpi, aem.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::ManuallyDrop;

    /// Fails to compile, by an ambiguous method, when the type is `Copy` or `Default`.
    macro_rules! assert_neither_copy_nor_default {
        ($($name:ty),*) => {$({
            trait Ambiguous<Marker> { fn check() {} }
            impl<T: ?Sized> Ambiguous<()> for T {}
            struct IsCopy;
            impl<T: Copy> Ambiguous<IsCopy> for T {}
            struct IsDefault;
            impl<T: Default> Ambiguous<IsDefault> for T {}
            <$name as Ambiguous<_>>::check();
        })*};
    }

    #[test]
    fn secrets_are_neither_copied_nor_defaulted() {
        assert_neither_copy_nor_default!(
            TemporaryExposureKey,
            RollingProximityIdentifierKey,
            AssociatedEncryptedMetadataKey
        );
    }

    #[test]
    fn secrets_are_wiped_on_drop() {
        fn wipes_on_drop<T: ZeroizeOnDrop>() {}
        wipes_on_drop::<TemporaryExposureKey>();
        wipes_on_drop::<RollingProximityIdentifierKey>();
        wipes_on_drop::<AssociatedEncryptedMetadataKey>();

        // `ZeroizeOnDrop` calls `zeroize`; this is what that leaves behind.
        let mut key = ManuallyDrop::new(TemporaryExposureKey([0xaa; 16]));
        key.zeroize();
        assert_eq!(key.0, [0; 16]);
    }

    #[test]
    fn a_block_with_any_other_padding_has_no_interval() {
        let key = RollingProximityIdentifierKey([1; 16]);
        let interval_of = |plain: [u8; 16]| {
            let mut block = Block::from(plain);
            Aes128Enc::new(&[1; 16].into()).encrypt_block(&mut block);
            key.interval_of(&RollingProximityIdentifier(block.into()))
        };
        let plain = *b"EN-RPI\0\0\0\0\0\0\x01\x02\x03\x04";
        assert_eq!(interval_of(plain), Some(EnIntervalNumber::new(0x0403_0201)));
        for byte in 0..12 {
            let mut bent = plain;
            bent[byte] ^= 1;
            assert_eq!(interval_of(bent), None, "byte {byte}");
        }
    }

    #[test]
    fn an_identifier_of_another_key_has_no_interval() {
        let (ours, theirs) = (RollingProximityIdentifierKey([1; 16]), RollingProximityIdentifierKey([2; 16]));
        for interval in [0, 1, 2_642_976, u32::MAX].map(EnIntervalNumber::new) {
            let rpi = ours.identifier(interval);
            assert_eq!(ours.interval_of(&rpi), Some(interval));
            assert_eq!(theirs.interval_of(&rpi), None);
        }
    }
}
