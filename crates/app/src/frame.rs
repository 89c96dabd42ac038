//! What the radio sends and hears.

use gaen::device::frame::{HeardFrame, ServiceData};

use crate::error::{Error, ErrorKind};
use crate::sightings::ROW_BYTES;

/// What a device broadcasts at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broadcast {
    pub(crate) data: ServiceData,
    /// The interval of the identifier.
    pub interval: i64,
    /// When the interval ends, Unix seconds. Ask for another broadcast then, and change the radio's address with it.
    pub until: i64,
    /// `true` if this call made the key of the day.
    pub is_new_key: bool,
}

impl Broadcast {
    /// The identifier that is broadcast.
    #[must_use]
    pub fn identifier(&self) -> [u8; 16] {
        *self.data.rpi.as_bytes()
    }

    /// The encrypted metadata beside the identifier.
    #[must_use]
    pub fn metadata(&self) -> [u8; 4] {
        *self.data.aem.as_bytes()
    }

    /// The service data of UUID 0xFD6F: the identifier and the encrypted metadata.
    #[must_use]
    pub fn service_data(&self) -> [u8; 20] {
        self.data.to_bytes()
    }

    /// The whole advertisement as Android sends it.
    #[must_use]
    pub fn android_frame(&self) -> [u8; 28] {
        self.data.android_frame()
    }

    /// The whole advertisement as iOS sends it.
    #[must_use]
    pub fn ios_frame(&self) -> [u8; 31] {
        self.data.ios_frame()
    }
}

/// What a scanner keeps of an advertisement.
///
/// ```
/// use gaen_app::{Heard, NO_PREVIOUS_SCAN, Sightings};
///
/// let advertisement = [&[0x03, 0x03, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd][..], &[9; 20]].concat();
/// let heard = Heard::read(&advertisement)?;
/// let row = heard.row(-60, 1_601_121_592, NO_PREVIOUS_SCAN);
/// assert_eq!(Sightings::from_rows(&row)?.len(), 1);
/// assert_eq!(Heard::read(&[2, 1, 0x1a]).unwrap_err().code(), "frame");
/// # Ok::<(), gaen_app::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The identifier that was heard.
    pub identifier: [u8; 16],
    /// The encrypted metadata, at most its first four bytes. Where there were fewer, the rest is zero.
    pub metadata: [u8; 4],
    /// The true number of bytes of the metadata. It is four in a well-formed frame.
    pub metadata_length: u8,
}

impl Heard {
    /// Finds the service data of UUID 0xFD6F in an advertisement with any structures in any order.
    ///
    /// # Errors
    /// `frame` if there is none, or one that is too short for an identifier.
    pub fn read(advertisement: &[u8]) -> Result<Self, Error> {
        let heard = HeardFrame::decode(advertisement)
            .map_err(|error| Error::new(ErrorKind::Frame, "frame", error.to_string()))?;
        let mut metadata = [0; 4];
        for (to, from) in metadata.iter_mut().zip(heard.aem) {
            *to = *from;
        }
        // A structure says its length in one byte.
        let metadata_length = u8::try_from(heard.aem.len()).unwrap_or(u8::MAX);
        Ok(Self { identifier: *heard.rpi.as_bytes(), metadata, metadata_length })
    }

    /// The packed row of this sighting. Times are Unix seconds; `previous_scan` is
    /// [`NO_PREVIOUS_SCAN`](crate::NO_PREVIOUS_SCAN) if it is not known.
    #[must_use]
    pub fn row(&self, rssi: i8, time: i64, previous_scan: i64) -> [u8; ROW_BYTES] {
        let parts: [&[u8]; 6] = [
            &self.identifier,
            &self.metadata,
            &[self.metadata_length, rssi.cast_unsigned()],
            &[0; 2],
            &time.to_le_bytes(),
            &previous_scan.to_le_bytes(),
        ];
        let mut row = [0; ROW_BYTES];
        for (to, from) in row.iter_mut().zip(parts.into_iter().flatten()) {
            *to = *from;
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sightings::{NO_PREVIOUS_SCAN, Sightings};

    /// Metadata of every length that a structure can have: the row says the true length, and is read.
    #[test]
    fn what_was_heard_makes_a_row() {
        for length in 0..=232_u8 {
            let frame = [&[length + 19, 0x16, 0x6f, 0xfd][..], &[7; 16], &vec![5; length.into()]].concat();
            let heard = Heard::read(&frame).unwrap();
            assert_eq!((heard.identifier, heard.metadata_length), ([7; 16], length));
            assert_eq!(heard.metadata.iter().filter(|byte| **byte == 5).count(), usize::from(length.min(4)));
            let row = heard.row(-60, 1_601_121_592, NO_PREVIOUS_SCAN);
            assert_eq!(Sightings::from_rows(&row).unwrap().len(), 1, "{length}");
        }
        let error = Heard::read(&[3, 0x16, 0x6f, 0xfd]).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Frame, "frame"));
    }
}
