//! A sighting: what a device remembers of an advertisement that it has heard.

use core::fmt;

use crate::keys::{AssociatedEncryptedMetadata, RollingProximityIdentifier};
use crate::time::{ImpossibleTime, possible_time};

/// One advertisement that was heard. An advertisement that was heard twice is two sightings.
#[doc(alias = "advertisement")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Sighting {
    /// The identifier that was heard.
    pub rpi: RollingProximityIdentifier,
    /// The bytes after the identifier.
    pub aem: HeardMetadata,
    /// Received signal strength in dBm, -127 to 20 and not 0: see [`possible_rssi`]. If the radio measured no signal
    /// strength, leave the sighting out: 127 and 0 would count as an attenuation of 0 dB.
    pub rssi: i8,
    /// The time at which the advertisement was heard, Unix seconds: see [`possible_time`](crate::time::possible_time).
    pub time: u64,
    /// The time of the scan before, Unix seconds. The time since that scan, at most 300 s, counts as time of contact.
    /// `None` and 0 mean that the time is not known, as on the phones, and count as 120 s. The scan before may be hours
    /// earlier. It may also be later than `time`, if the clock stepped back.
    #[cfg_attr(feature = "serde", serde(default))]
    pub previous_scan: Option<u64>,
}

impl Sighting {
    /// Makes a sighting whose scan before is not known. `aem` are the bytes after the identifier, of any length.
    ///
    /// If your scanner knows the scan before, add it with struct update syntax. Without it every scan counts 120 s,
    /// however far apart scans are: of a contact that was scanned every five minutes, less than half would count.
    ///
    /// ```
    /// use gaen::{RollingProximityIdentifier, Sighting};
    /// use gaen::device::frame::HeardFrame;
    ///
    /// let advertisement = gaen::device::frame::ServiceData::from_bytes(&[7; 20]).ios_frame();
    /// let heard = HeardFrame::decode(&advertisement)?;
    /// let sighting = Sighting {
    ///     previous_scan: Some(1_601_121_292),
    ///     ..Sighting::new(heard.rpi, heard.aem, -60, 1_601_121_592)
    /// };
    /// assert_eq!(sighting.check(), Ok(()));
    /// # Ok::<(), gaen::device::frame::FrameError>(())
    /// ```
    #[must_use]
    pub fn new(rpi: RollingProximityIdentifier, aem: &[u8], rssi: i8, time: u64) -> Self {
        Self { rpi, aem: HeardMetadata::from(aem), rssi, time, previous_scan: None }
    }

    /// Checks that the times are [possible](possible_time), and the signal strength [as well](possible_rssi). The
    /// metadata may be of any length, since anybody may broadcast anything.
    ///
    /// Check sightings from outside before you search or store them: with a wrong unit of time, no key ever matches. A
    /// `previous_scan` of 0 passes, because Google's phones write 0 if they do not know the time.
    ///
    /// # Errors
    /// [`ImpossibleSighting`], for the first of the three fields that cannot be.
    #[inline]
    pub fn check(&self) -> Result<(), ImpossibleSighting> {
        possible_time(self.time).map_err(ImpossibleSighting::Time)?;
        match self.previous_scan {
            None | Some(0) => {}
            Some(time) => drop(possible_time(time).map_err(ImpossibleSighting::PreviousScan)?),
        }
        possible_rssi(self.rssi.into())?;
        Ok(())
    }
}

/// The sighting is impossible: no device has heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImpossibleSighting {
    /// No advertisement was heard at this time.
    #[error("time {0}")]
    Time(ImpossibleTime),
    /// No scan took place at this time.
    #[error("previous_scan {0}")]
    PreviousScan(ImpossibleTime),
    /// No radio measures this signal strength.
    #[error("rssi {0}")]
    Rssi(#[from] ImpossibleRssi),
}

/// Returns the signal strength in dBm, if a receiver can have measured it: -127 to 20, and not 0.
///
/// The function refuses these values, which mean that nothing was measured:
///
/// | value | who writes it |
/// |---|---|
/// | 127 | controllers, by the Bluetooth Core Specification; passed on by Android, iOS, BlueZ and Zephyr |
/// | 0 | Linux programs over BlueZ without a value, wrappers of iOS, microG's settings export |
/// | -128, 99, 255 | programs with a convention of their own; outside of the specification's range |
///
/// -127 passes. Windows writes it for a device that it has lost. -127 is the weakest signal of the specification, so it
/// makes the largest attenuation and brings nobody near. Values above 0 pass up to 20 dBm, the strongest signal of the
/// specification. 128 to 255 are signed bytes that were read as unsigned ones: the error names the value that is meant.
///
/// Source: Bluetooth Core Specification 5.0, vol 2, part E, 7.7.65.2 ("-127 to +20; 127: RSSI is not available"). What
/// programs do: AltBeacon/android-beacon-library#186, nordicsemi/Android-nRF-Connect#190,
/// Bluetooth-Devices/bleak-retry-connector#42, torlando-tech/Columba-iOS#80,
/// dotnet-bluetooth-le/dotnet-bluetooth-le#879; Windows: `BluetoothLEAdvertisementReceivedEventArgs`.
///
/// # Errors
/// [`ImpossibleRssi`]
#[inline]
pub fn possible_rssi(dbm: i64) -> Result<i8, ImpossibleRssi> {
    let rssi = i8::try_from(dbm).ok().filter(|rssi| matches!(rssi, -127..=-1 | 1..=20));
    rssi.ok_or(ImpossibleRssi { found: dbm })
}

/// No receiver measures this number as a signal strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImpossibleRssi {
    found: i64,
}

impl ImpossibleRssi {
    /// Returns the number that was given.
    #[must_use]
    pub const fn found(self) -> i64 {
        self.found
    }
}

impl fmt::Display for ImpossibleRssi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found } = self;
        match found {
            127 => f.write_str("127 is Bluetooth's \"not available\": no signal strength was measured"),
            0 => f.write_str("0 is what programs write for \"not known\": no signal strength was measured"),
            128..=255 => {
                write!(f, "{found} is not from -127 to 20 dBm: {} as an unsigned byte?", found.saturating_sub(256))
            }
            _ => write!(f, "{found} is not from -127 to 20 dBm"),
        }
    }
}

/// The bytes that followed a heard identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeardMetadata {
    /// Four bytes: the encrypted metadata.
    Encrypted(AssociatedEncryptedMetadata),
    /// Another number of bytes, which cannot be decrypted. If the identifier of such a sighting matches, the search
    /// drops the sighting and counts it.
    WrongLength(usize),
}

impl From<&[u8]> for HeardMetadata {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        match bytes.try_into() {
            Ok(aem) => Self::Encrypted(AssociatedEncryptedMetadata::from_bytes(aem)),
            Err(_) => Self::WrongLength(bytes.len()),
        }
    }
}

/// Writes four bytes as hexadecimal text. For any other length, it writes the number of bytes: the bytes are not kept.
#[cfg(feature = "serde")]
impl serde::Serialize for HeardMetadata {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Encrypted(metadata) => metadata.serialize(serializer),
            Self::WrongLength(bytes) => bytes.serialize(serializer),
        }
    }
}

/// Reads hexadecimal text of any length, or a number of bytes other than 4.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for HeardMetadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = HeardMetadata;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hexadecimal text, or a number of bytes that is not 4")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<HeardMetadata, E> {
                match text.len() {
                    8 => text.parse().map(HeardMetadata::Encrypted).map_err(E::custom),
                    digits if digits.is_multiple_of(2) && text.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                        Ok(HeardMetadata::WrongLength(digits / 2))
                    }
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_u64<E: serde::de::Error>(self, bytes: u64) -> Result<HeardMetadata, E> {
                match usize::try_from(bytes) {
                    Ok(bytes) if bytes != 4 => Ok(HeardMetadata::WrongLength(bytes)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(bytes), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::{String, ToString};

    use super::*;

    const TIME: u64 = 1_606_989_605;

    fn told(rssi: i8, time: u64, previous_scan: Option<u64>) -> Result<(), String> {
        let rpi = RollingProximityIdentifier::from_bytes([7; 16]);
        let sighting = Sighting { previous_scan, ..Sighting::new(rpi, &[1], rssi, time) };
        sighting.check().map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_phone_can_have_heard() {
        for previous in [None, Some(0), Some(TIME - 300), Some(TIME + 300), Some(TIME - 30 * 86_400)] {
            assert_eq!(told(-60, TIME, previous), Ok(()));
        }
        let unit = |field| Err(format!("{field} 1606989605000 is in the year 52893: milliseconds?"));
        assert_eq!(told(-60, TIME * 1000, None), unit("time"));
        assert_eq!(told(-60, TIME, Some(TIME * 1000)), unit("previous_scan"));
        assert!(told(-60, 0, None).is_err() && told(-60, TIME, Some(1)).is_err());
        assert!(told(127, TIME, None).is_err_and(|error| error.starts_with("rssi 127 is ")));
    }

    #[test]
    fn every_signal_strength_that_there_is() {
        for dbm in -1000..=1000 {
            let possible = (-127..=20).contains(&dbm) && dbm != 0;
            assert_eq!(possible_rssi(dbm).map(i64::from).ok(), possible.then_some(dbm), "{dbm}");
        }
        let told = |dbm| possible_rssi(dbm).map_err(|error| error.to_string());
        assert_eq!(told(196), Err("196 is not from -127 to 20 dBm: -60 as an unsigned byte?".to_string()));
        assert_eq!(told(99), Err("99 is not from -127 to 20 dBm".to_string()));
        assert_eq!(told(i64::MIN), Err("-9223372036854775808 is not from -127 to 20 dBm".to_string()));
    }
}
