//! The Bluetooth LE advertisement that carries an identifier.
//!
//! | bytes | iOS (31) | Android (28) |
//! |---|---|---|
//! | flags | `02 01 1A` | none |
//! | complete list of 16-bit service UUIDs: 0xFD6F | `03 03 6F FD` | `03 03 6F FD` |
//! | service data of 0xFD6F | `17 16 6F FD` RPI AEM | `17 16 6F FD` RPI AEM |
//!
//! The sender's address and the identifier change together, never one alone.
//!
//! Source: Bluetooth Specification v1.2, "Advertising Payload".
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

mod capture;

pub use capture::{Capture, CaptureForm};

use crate::keys::{AssociatedEncryptedMetadata, RollingProximityIdentifier};

/// The 16-bit UUID of the Exposure Notification service.
pub const SERVICE_UUID: u16 = 0xfd6f;

/// The flags that iOS sends first.
const FLAGS: [u8; 3] = [0x02, 0x01, 0x1a];
/// From the list of service UUIDs to the head of the service data: the same bytes in every frame.
const HEAD: [u8; 8] = [0x03, 0x03, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd];
/// The advertising data type "service data, 16-bit UUID".
const SERVICE_DATA: u8 = 0x16;

/// Bytes of service data: 16 of identifier and 4 of metadata.
pub const SERVICE_DATA_LEN: usize = 20;
/// Bytes of a frame as Android sends it.
pub const ANDROID_FRAME_LEN: usize = HEAD.len() + SERVICE_DATA_LEN;
/// Bytes of a frame as iOS sends it.
pub const IOS_FRAME_LEN: usize = FLAGS.len() + ANDROID_FRAME_LEN;

/// `RPI (16) || AEM (4)`: what a device broadcasts.
///
/// ```
/// use gaen::device::frame::{FrameKind, ServiceData};
///
/// let bytes = [7; 20];
/// let frame = ServiceData::from_bytes(&bytes).android_frame();
/// assert_eq!(frame.len(), 28);
/// let (kind, heard) = ServiceData::decode_frame(&frame)?;
/// assert_eq!((kind, heard.to_bytes()), (FrameKind::Android, bytes));
/// # Ok::<(), gaen::device::frame::FrameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServiceData {
    /// The identifier.
    pub rpi: RollingProximityIdentifier,
    /// The encrypted metadata.
    pub aem: AssociatedEncryptedMetadata,
}

/// The platform of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FrameKind {
    /// The frame of iOS: 31 bytes, with flags.
    Ios,
    /// The frame of Android: 28 bytes, without flags.
    Android,
}

impl ServiceData {
    /// The service data of exactly these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; SERVICE_DATA_LEN]) -> Self {
        let mut rpi = [0; 16];
        let mut aem = [0; 4];
        let (head, tail) = bytes.split_at(rpi.len());
        rpi.copy_from_slice(head);
        aem.copy_from_slice(tail);
        Self { rpi: RollingProximityIdentifier::from_bytes(rpi), aem: AssociatedEncryptedMetadata::from_bytes(aem) }
    }

    /// Returns the 20 bytes: the identifier, then the encrypted metadata.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SERVICE_DATA_LEN] {
        concat(&[self.rpi.as_bytes(), self.aem.as_bytes()])
    }

    /// The advertisement as iOS sends it.
    #[must_use]
    pub fn ios_frame(&self) -> [u8; IOS_FRAME_LEN] {
        concat(&[&FLAGS, &HEAD, &self.to_bytes()])
    }

    /// The advertisement as Android sends it.
    #[must_use]
    pub fn android_frame(&self) -> [u8; ANDROID_FRAME_LEN] {
        concat(&[&HEAD, &self.to_bytes()])
    }

    /// Reads a frame laid out exactly as one of the two platforms sends it.
    ///
    /// For any other advertisement, use [`HeardFrame::decode`].
    ///
    /// # Errors
    /// [`FrameError::Length`] or [`FrameError::Layout`]. No bytes make it panic.
    pub fn decode_frame(advertisement: &[u8]) -> Result<(FrameKind, Self), FrameError> {
        let (kind, android, offset) = match advertisement.len() {
            ANDROID_FRAME_LEN => (FrameKind::Android, advertisement, 0),
            IOS_FRAME_LEN => {
                let (flags, rest) = advertisement.split_at(FLAGS.len());
                expect_bytes(flags, &FLAGS, 0)?;
                (FrameKind::Ios, rest, FLAGS.len())
            }
            found => return Err(FrameError::Length { found }),
        };
        let (head, data) = android.split_at(HEAD.len());
        expect_bytes(head, &HEAD, offset)?;
        match data.try_into() {
            Ok(data) => Ok((kind, Self::from_bytes(data))),
            Err(_) => Err(FrameError::Length { found: advertisement.len() }),
        }
    }
}

/// Joins parts whose lengths sum to `N`.
fn concat<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    out
}

/// Compares a part of a frame whose bytes are fixed.
fn expect_bytes(found: &[u8], expected: &[u8], start: usize) -> Result<(), FrameError> {
    for (position, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        if found != expected {
            return Err(FrameError::Layout { offset: start.saturating_add(position), expected, found });
        }
    }
    Ok(())
}

/// What a scanner keeps of an advertisement with Exposure Notification service data: the identifier and the bytes after
/// it.
///
/// Google's scanner takes 16 bytes or more, and stores the bytes after the identifier whatever their number. If they
/// are not 4 bytes, the matcher drops the sighting, and counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeardFrame<'a> {
    /// The identifier.
    pub rpi: RollingProximityIdentifier,
    /// The bytes after the identifier: 4 in a well-formed frame.
    pub aem: &'a [u8],
}

impl<'a> HeardFrame<'a> {
    /// Finds the service data in an advertisement with any structures in any order.
    ///
    /// ```
    /// use gaen::device::frame::HeardFrame;
    ///
    /// let advertisement = [&[2, 0x0a, 4, 0x15, 0x16, 0x6f, 0xfd][..], &[9; 18]].concat();
    /// let heard = HeardFrame::decode(&advertisement)?;
    /// assert_eq!(heard.rpi.as_bytes(), &[9; 16]);
    /// assert_eq!(heard.aem, [9, 9]);
    /// # Ok::<(), gaen::device::frame::FrameError>(())
    /// ```
    ///
    /// # Errors
    /// [`FrameError`] if there is no such service data, or less than 16 bytes of it. No bytes make it panic.
    pub fn decode(advertisement: &'a [u8]) -> Result<Self, FrameError> {
        let [uuid_low, uuid_high] = SERVICE_UUID.to_le_bytes();
        let mut rest = advertisement;
        // A structure is its length, then that many bytes; a length of 0 ends the advertisement early.
        while let Some((&len, tail)) = rest.split_first()
            && len > 0
        {
            let offset = advertisement.len().saturating_sub(rest.len());
            let Some((structure, next)) = tail.split_at_checked(usize::from(len)) else {
                return Err(FrameError::Truncated { offset, expected: usize::from(len), found: tail.len() });
            };
            match structure {
                [SERVICE_DATA, low, high, data @ ..] if (*low, *high) == (uuid_low, uuid_high) => {
                    let Some((rpi, aem)) = data.split_first_chunk() else {
                        return Err(FrameError::ServiceDataLength { found: data.len() });
                    };
                    return Ok(Self { rpi: RollingProximityIdentifier::from_bytes(*rpi), aem });
                }
                _ => rest = next,
            }
        }
        Err(FrameError::NoServiceData)
    }
}

/// Why an advertisement is not an Exposure Notification frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The advertisement does not have the length of an iOS or an Android frame.
    #[error("a frame is 28 bytes (Android) or 31 bytes (iOS), found {found}")]
    Length {
        /// The number of bytes of the advertisement.
        found: usize,
    },
    /// A byte that is the same in every frame differs.
    #[error("byte {offset} of the frame is {found:#04x}, expected {expected:#04x}")]
    Layout {
        /// The position of the byte in the advertisement, from 0.
        offset: usize,
        /// The byte that every frame has there.
        expected: u8,
        /// The byte that this frame has there.
        found: u8,
    },
    /// A structure claims more bytes than are left.
    #[error("the structure at byte {offset} says {expected} bytes, {found} are left")]
    Truncated {
        /// The position of the structure's length byte, from 0.
        offset: usize,
        /// The length that the structure claims.
        expected: usize,
        /// The number of bytes that are left.
        found: usize,
    },
    /// No structure holds service data of UUID 0xFD6F.
    #[error("no service data of UUID 0xFD6F")]
    NoServiceData,
    /// The service data cannot hold an identifier.
    #[error("service data of UUID 0xFD6F is {found} bytes, at least 16 are needed")]
    ServiceDataLength {
        /// The number of bytes of service data.
        found: usize,
    },
    /// The 20 bytes could be service data, but are an advertisement of another service.
    #[error(
        "20 bytes that are an advertisement without service data of UUID 0xFD6F; if they are service data alone, write 6ffd \
         before them"
    )]
    ServiceDataOrAdvertisement,
    /// The 16 bytes are not an advertisement.
    #[error("16 bytes that are no advertisement: an identifier alone has no metadata to decode")]
    IdentifierAlone,
    /// The HCI event is cut off, or has more bytes than it says.
    #[error("an HCI event that says {expected} bytes follow, {found} do")]
    EventLength {
        /// The length that the event claims.
        expected: usize,
        /// The number of bytes that follow.
        found: usize,
    },
    /// The HCI event does not concern Bluetooth LE.
    #[error("an HCI event of code {code:#04x}, not an LE advertising report (code 0x3e)")]
    OtherEvent {
        /// The code of the event.
        code: u8,
    },
    /// The event of Bluetooth LE reports no advertisement.
    #[error("an HCI LE event of subevent {subevent:#04x}, not an advertising report (0x02 or 0x0d)")]
    OtherSubevent {
        /// The subevent code.
        subevent: u8,
    },
    /// The HCI event has several advertisements, or none.
    #[error("an HCI event with {found} advertising reports; one is decoded at a time")]
    EventReports {
        /// The number of advertisements.
        found: u8,
    },
    /// The parts of an advertising report do not have the lengths that the report claims.
    #[error("an HCI advertising report whose data does not have the length that it says")]
    EventLayout,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn frames_are_laid_out_as_specified() {
        let data = ServiceData::from_bytes(&core::array::from_fn(|i| i as u8));
        let tail: [u8; 20] = data.to_bytes();
        assert_eq!(data.ios_frame()[..11], [0x02, 0x01, 0x1a, 0x03, 0x03, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd]);
        assert_eq!(data.ios_frame()[11..], tail);
        assert_eq!(data.android_frame(), data.ios_frame()[3..]);
    }

    #[test]
    fn a_changed_fixed_byte_is_named() {
        let frame = ServiceData::from_bytes(&[5; 20]).ios_frame();
        for offset in 0..11 {
            let mut bent = frame;
            bent[offset] ^= 0x80;
            let expected = FrameError::Layout { offset, expected: frame[offset], found: bent[offset] };
            assert_eq!(ServiceData::decode_frame(&bent), Err(expected));
        }
    }

    #[test]
    fn every_truncation_is_refused() {
        let frame = ServiceData::from_bytes(&[5; 20]).ios_frame();
        for len in 0..frame.len() {
            let cut = &frame[..len];
            assert!(ServiceData::decode_frame(cut).is_err());
            assert!(HeardFrame::decode(cut).is_err());
        }
    }

    #[test]
    fn metadata_of_any_length_is_kept_as_it_was_heard() {
        for len in 0..12_u8 {
            let metadata: Vec<u8> = (0..len).collect();
            let frame = [&[len + 19, 0x16, 0x6f, 0xfd][..], &[5; 16], &metadata].concat();
            let heard = HeardFrame::decode(&frame).unwrap();
            assert_eq!((heard.rpi.as_bytes(), heard.aem), (&[5; 16], metadata.as_slice()));
        }
    }

    #[test]
    fn a_zero_length_ends_the_advertisement_early() {
        let frame = ServiceData::from_bytes(&[5; 20]).android_frame();
        assert!(HeardFrame::decode(&frame).is_ok());
        let ended = [&[2, 0x01, 0x1a, 0][..], &frame].concat();
        assert_eq!(HeardFrame::decode(&ended), Err(FrameError::NoServiceData));
    }

    #[test]
    fn service_data_of_the_uuid_in_the_other_byte_order_is_not_ours() {
        let frame = |uuid: [u8; 2]| [&[23, 0x16][..], &uuid, &[5; 20]].concat();
        assert!(HeardFrame::decode(&frame([0x6f, 0xfd])).is_ok());
        for uuid in [[0xfd, 0x6f], [0x6f, 0x6f], [0xfd, 0xfd]] {
            assert_eq!(HeardFrame::decode(&frame(uuid)), Err(FrameError::NoServiceData));
        }
    }

    proptest! {
        #[test]
        fn frames_round_trip(bytes: [u8; 20]) {
            let data = ServiceData::from_bytes(&bytes);
            prop_assert_eq!(ServiceData::decode_frame(&data.ios_frame()), Ok((FrameKind::Ios, data)));
            prop_assert_eq!(ServiceData::decode_frame(&data.android_frame()), Ok((FrameKind::Android, data)));
            let heard = HeardFrame { rpi: data.rpi, aem: data.aem.as_bytes() };
            let frames = (data.ios_frame(), data.android_frame());
            prop_assert_eq!(HeardFrame::decode(&frames.0), Ok(heard));
            prop_assert_eq!(HeardFrame::decode(&frames.1), Ok(heard));
        }

        #[test]
        fn whatever_is_heard_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..260)) {
            let _ = ServiceData::decode_frame(&bytes);
            let _ = HeardFrame::decode(&bytes);
        }

        #[test]
        fn hostile_structures_never_panic(
            lens in prop::collection::vec(0_u8..40, 0..12), kind in prop::sample::select(vec![0x16_u8, 0x03, 0xff])
        ) {
            let bytes: Vec<u8> = lens.iter().flat_map(|len| [*len, kind, 0x6f, 0xfd, 1, 2]).collect();
            let _ = HeardFrame::decode(&bytes);
        }
    }
}
