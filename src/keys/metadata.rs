//! The four bytes of metadata beside each identifier, plain and encrypted.

use super::public_bytes;
use crate::names::named;

/// `AEM = AES-128-CTR(AEMK, IV = RPI, metadata)`: the four encrypted bytes broadcast beside an identifier.
///
/// Source: Cryptography Specification v1.2, "Associated Encrypted Metadata".
#[doc(alias = "AEM")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssociatedEncryptedMetadata(pub(crate) [u8; 4]);

public_bytes!(AssociatedEncryptedMetadata, 4);

/// CTR mode, which is the same in both directions. Four bytes of text need the first four bytes of one block: the
/// encrypted identifier.
pub(super) fn masked(mut text: [u8; 4], block: [u8; 16]) -> [u8; 4] {
    for (byte, key) in text.iter_mut().zip(block) {
        *byte ^= key;
    }
    text
}

/// What a sender says about its radio: version, transmit power and, from v1.1, how well the power is calibrated.
///
/// Byte 0: major version in bits 7:6, minor in bits 5:4, in v1.1 the calibration confidence in bits 3:2.
/// Byte 1: transmit power in dBm, signed. Bytes 2 and 3: reserved. The value keeps all four bytes as they were
/// received.
///
/// Source: Bluetooth Specification v1.2, "Associated Encrypted Metadata".
///
/// ```
/// use gaen::keys::{BluetoothMetadata, CalibrationConfidence};
///
/// let metadata = BluetoothMetadata::v1_1(-8, CalibrationConfidence::High);
/// assert_eq!(metadata.as_bytes(), &[0x5c, 0xf8, 0, 0]);
/// assert_eq!(metadata.version(), (1, 1));
/// assert_eq!(metadata.tx_power(), -8);
/// assert_eq!(BluetoothMetadata::v1_0(8).calibration_confidence(), None);
/// ```
#[doc(alias = "metadata")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BluetoothMetadata([u8; 4]);

public_bytes!(BluetoothMetadata, 4);

impl BluetoothMetadata {
    /// Makes metadata of version 1.0, with the transmit power in dBm.
    #[must_use]
    pub const fn v1_0(tx_power: i8) -> Self {
        Self([0x40, tx_power.to_be_bytes()[0], 0, 0])
    }

    /// Makes metadata of version 1.1, with the transmit power in dBm and the sender's confidence in that number.
    #[must_use]
    pub const fn v1_1(tx_power: i8, confidence: CalibrationConfidence) -> Self {
        Self([0x50 | (confidence as u8) << 2, tx_power.to_be_bytes()[0], 0, 0])
    }

    /// Returns the major and the minor version, 0 to 3 each.
    #[must_use]
    pub const fn version(self) -> (u8, u8) {
        (self.0[0] >> 6, self.0[0] >> 4 & 3)
    }

    /// Returns the transmit power in dBm.
    #[must_use]
    pub const fn tx_power(self) -> i8 {
        i8::from_be_bytes([self.0[1]])
    }

    /// `max(tx_power - rssi, 0)`: how much of the signal is lost on the way, in dB, if it arrives with `rssi` dBm.
    #[must_use]
    pub const fn attenuation(self, rssi: i8) -> u8 {
        if rssi < self.tx_power() { self.tx_power().abs_diff(rssi) } else { 0 }
    }

    /// Returns the sender's calibration confidence. `None` unless the version is 1.1 or a later 1.x.
    #[must_use]
    pub const fn calibration_confidence(self) -> Option<CalibrationConfidence> {
        match self.version() {
            (1, 1..) => Some(self.confidence_bits()),
            _ => None,
        }
    }

    /// Returns bits 3:2 of byte 0 as a calibration confidence, whatever the version. Before v1.1 the bits were
    /// reserved.
    #[must_use]
    pub const fn confidence_bits(self) -> CalibrationConfidence {
        match self.0[0] >> 2 & 3 {
            0 => CalibrationConfidence::Lowest,
            1 => CalibrationConfidence::Low,
            2 => CalibrationConfidence::Medium,
            _ => CalibrationConfidence::High,
        }
    }
}

/// How well a sender's transmit power is calibrated.
///
/// Source: Bluetooth Specification v1.2.2, metadata v1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CalibrationConfidence {
    /// The power is not calibrated.
    Lowest = 0,
    /// The power is an average over the phones of one maker.
    Low = 1,
    /// The power is an average over one model's antennas or orientations.
    Medium = 2,
    /// The power was measured for this model.
    High = 3,
}

named! {
    CalibrationConfidence, "calibration confidence":
    Lowest => "lowest",
    Low => "low",
    Medium => "medium",
    High => "high",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidences_are_the_bits_of_the_specification() {
        use CalibrationConfidence::{High, Low, Lowest, Medium};
        assert_eq!([Lowest, Low, Medium, High].map(CalibrationConfidence::name), ["lowest", "low", "medium", "high"]);
        for (first, confidence) in [(0x50, Lowest), (0x54, Low), (0x58, Medium), (0x5c, High)] {
            assert_eq!(BluetoothMetadata::v1_1(-1, confidence).as_bytes(), &[first, 0xff, 0, 0]);
            let read = BluetoothMetadata::from_bytes([first, 0xff, 0, 0]);
            assert_eq!(read.calibration_confidence(), Some(confidence));
        }
    }

    #[test]
    fn attenuation_spans_the_whole_range() {
        let attenuation = |tx_power, rssi| BluetoothMetadata::v1_0(tx_power).attenuation(rssi);
        assert_eq!(attenuation(127, -128), 255);
        assert_eq!(attenuation(-12, -60), 48);
        assert_eq!(attenuation(-128, 127), 0);
        for tx_power in i8::MIN..=i8::MAX {
            for rssi in i8::MIN..=i8::MAX {
                let expected = (i16::from(tx_power) - i16::from(rssi)).max(0);
                assert_eq!(i16::from(attenuation(tx_power, rssi)), expected);
            }
        }
    }

    #[test]
    fn every_byte_has_a_reading() {
        for first in 0..=255_u8 {
            let metadata = BluetoothMetadata([first, 0x80, 1, 2]);
            assert_eq!(metadata.tx_power(), -128);
            assert_eq!(metadata.calibration_confidence().is_some(), (0x50..0x80).contains(&first), "{first:#x}");
            assert_eq!(metadata.as_bytes(), &[first, 0x80, 1, 2]);
        }
    }
}
