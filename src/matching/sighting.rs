//! What a device remembers of one advertisement it has heard.

use crate::crypto::{AssociatedEncryptedMetadata, RollingProximityIdentifier};

/// One advertisement that was heard. The same one twice is two sightings.
#[doc(alias = "advertisement")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sighting {
    /// The identifier.
    pub rpi: RollingProximityIdentifier,
    /// What followed the identifier.
    pub aem: HeardMetadata,
    /// Received signal strength, dBm. 127 is what radios report for an invalid or saturated reading: it gives an
    /// attenuation of 0 dB, which `Profile::AppleV1` drops and the others keep.
    pub rssi: i8,
    /// When it was heard, Unix seconds.
    pub time: u64,
    /// When the device had scanned before, Unix seconds, if that is known.
    pub previous_scan: Option<u64>,
}

impl Sighting {
    /// A sighting with the bytes that followed the identifier, of whatever length, and no known scan before.
    ///
    /// ```
    /// use gaen::{RollingProximityIdentifier, Sighting};
    /// use gaen::frame::HeardFrame;
    ///
    /// let advertisement = gaen::frame::ServiceData::from_bytes(&[7; 20]).ios_frame();
    /// let heard = HeardFrame::decode(&advertisement)?;
    /// let sighting = Sighting::new(heard.rpi, heard.aem, -60, 1_601_121_592);
    /// # Ok::<(), gaen::frame::FrameError>(())
    /// ```
    #[must_use]
    pub fn new(rpi: RollingProximityIdentifier, aem: &[u8], rssi: i8, time: u64) -> Self {
        Self { rpi, aem: HeardMetadata::from(aem), rssi, time, previous_scan: None }
    }
}

/// The bytes that followed a heard identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeardMetadata {
    /// Four bytes, as they should be.
    Encrypted(AssociatedEncryptedMetadata),
    /// Another number of bytes. Such a sighting cannot be decrypted; if its identifier matches, it is dropped and
    /// counted.
    WrongLength(usize),
}

impl From<&[u8]> for HeardMetadata {
    fn from(bytes: &[u8]) -> Self {
        match bytes.try_into() {
            Ok(aem) => Self::Encrypted(AssociatedEncryptedMetadata::from_bytes(aem)),
            Err(_) => Self::WrongLength(bytes.len()),
        }
    }
}
