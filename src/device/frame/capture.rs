//! An advertisement as tools capture it, with whatever they put around it.

use super::{FrameError, HeardFrame, SERVICE_DATA, SERVICE_DATA_LEN, SERVICE_UUID};
use crate::keys::RollingProximityIdentifier;

/// A frame that a tool captured.
///
/// | form | bytes |
/// |---|---|
/// | advertisement | what was broadcast, as nRF Connect and scanners give it |
/// | HCI event | `[04] 3E length 02 01 ..` (report) or `.. 0D 01 ..` (extended report), as `hcidump --raw` and btsnoop give it: one advertisement and its RSSI |
/// | link layer | `D6 BE 89 8E`, header, address, advertisement and checksum, as sniffers give it |
/// | service data | 20 bytes, or with `6F FD`, or with `16 6F FD` in front |
///
/// ```
/// use gaen::device::frame::{Capture, CaptureForm};
///
/// let advertisement = [&[3, 3, 0x6f, 0xfd, 0x17, 0x16, 0x6f, 0xfd][..], &[9; 20]].concat();
/// let event = [&[4, 0x3e, 40, 2, 1, 3, 1, 1, 2, 3, 4, 5, 6, 28][..], &advertisement, &[0xb8]].concat();
/// let capture = Capture::decode(&event)?;
/// assert_eq!((capture.form, capture.rssi), (CaptureForm::HciEvent, Some(-72)));
/// assert_eq!(capture.advertisement, Some(&*advertisement));
/// # Ok::<(), gaen::device::frame::FrameError>(())
/// ```
///
/// Source: Bluetooth Core Specification 5.4, Vol 4, Part E, 7.7.65.2 and 7.7.65.13; Vol 6, Part B, 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture<'a> {
    /// The form of the captured bytes.
    pub form: CaptureForm,
    /// The identifier and what follows it.
    pub heard: HeardFrame<'a>,
    /// Received signal strength, dBm. `None` if the form or the controller gives none.
    pub rssi: Option<i8>,
    /// The advertisement without the bytes around it. `None` if the capture is only service data.
    pub advertisement: Option<&'a [u8]>,
}

/// The form of captured bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum CaptureForm {
    /// An advertisement.
    Advertisement,
    /// An event from a Bluetooth controller.
    HciEvent,
    /// A packet of the link layer.
    LinkLayer,
    /// Only the service data.
    ServiceData,
}

/// The event code of what concerns Bluetooth LE.
const LE_META: u8 = 0x3e;
/// What H4 puts before an event.
const H4_EVENT: u8 = 0x04;
/// The access address of advertisements, as it is sent.
const ACCESS_ADDRESS: [u8; 4] = [0xd6, 0xbe, 0x89, 0x8e];

impl<'a> Capture<'a> {
    /// Finds the frame in captured bytes.
    ///
    /// # Errors
    /// [`FrameError`], which says what the bytes are if it can tell. No bytes make it panic.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, FrameError> {
        if let Some((advertisement, rssi)) = hci_event(bytes)? {
            return Self::of(CaptureForm::HciEvent, advertisement, rssi);
        }
        if let Some(advertisement) = link_layer(bytes) {
            return Self::of(CaptureForm::LinkLayer, advertisement, None);
        }
        if let Some(service_data) = service_data(bytes)? {
            let Some((rpi, aem)) = service_data.split_first_chunk() else {
                return Err(FrameError::ServiceDataLength { found: service_data.len() });
            };
            let heard = HeardFrame { rpi: RollingProximityIdentifier::from_bytes(*rpi), aem };
            return Ok(Self { form: CaptureForm::ServiceData, heard, rssi: None, advertisement: None });
        }
        Self::of(CaptureForm::Advertisement, bytes, None)
    }

    fn of(form: CaptureForm, advertisement: &'a [u8], rssi: Option<i8>) -> Result<Self, FrameError> {
        Ok(Self { form, heard: HeardFrame::decode(advertisement)?, rssi, advertisement: Some(advertisement) })
    }
}

/// An advertisement and its RSSI.
type Report<'a> = (&'a [u8], Option<i8>);

/// The report in an event, if the bytes are one.
fn hci_event(bytes: &[u8]) -> Result<Option<Report<'_>>, FrameError> {
    let event = match bytes {
        [H4_EVENT, LE_META, event @ ..] => event,
        [LE_META, event @ ..] => event,
        [H4_EVENT, code, length, rest @ ..] if rest.len() == usize::from(*length) && is_no_frame(bytes) => {
            return Err(FrameError::OtherEvent { code: *code });
        }
        _ => return Ok(None),
    };
    let Some((&expected, parameters)) = event.split_first() else {
        return Ok(None);
    };
    let expected = usize::from(expected);
    if parameters.len() != expected {
        // An advertisement may begin so by chance.
        let error = FrameError::EventLength { expected, found: parameters.len() };
        return if is_no_frame(bytes) { Err(error) } else { Ok(None) };
    }
    let (length, data) = match parameters {
        // Event type, address type, address; length; data; RSSI.
        [0x02, 1, _, _, _, _, _, _, _, _, length, rest @ ..] => {
            let Some((rssi, data)) = rest.split_last() else {
                return Err(FrameError::EventLayout);
            };
            (*length, Some((data, *rssi)))
        }
        // Event type (2), address type, address (6), PHYs (2), set, power, RSSI, interval (2), address (7); length;
        // data.
        [0x0d, 1, _, _, _, _, _, _, _, _, _, _, _, _, _, rssi, _, _, _, _, _, _, _, _, _, length, data @ ..] => {
            (*length, Some((data, *rssi)))
        }
        [0x02 | 0x0d, reports, ..] if *reports != 1 => return Err(FrameError::EventReports { found: *reports }),
        [0x02 | 0x0d, ..] => (0, None),
        [subevent, ..] => return Err(FrameError::OtherSubevent { subevent: *subevent }),
        [] => (0, None),
    };
    match data {
        Some((data, rssi)) if data.len() == usize::from(length) => {
            // 127 says that there is none; what is over 20 is reserved.
            Ok(Some((data, Some(rssi.cast_signed()).filter(|rssi| (-127..=20).contains(rssi)))))
        }
        _ => Err(FrameError::EventLayout),
    }
}

/// The advertisement in a packet of the link layer, with or without its checksum.
fn link_layer(bytes: &[u8]) -> Option<&[u8]> {
    /// Bytes of the advertiser's address.
    const ADDRESS: usize = 6;
    let [_, length, payload @ ..] = bytes.strip_prefix(&ACCESS_ADDRESS)? else {
        return None;
    };
    let length = usize::from(*length);
    let is_whole = payload.len() == length || payload.len() == length.saturating_add(3);
    payload.get(ADDRESS..length).filter(|_| is_whole)
}

/// The service data, if the bytes are that alone.
fn service_data(bytes: &[u8]) -> Result<Option<&[u8]>, FrameError> {
    let [low, high] = SERVICE_UUID.to_le_bytes();
    let data = match bytes {
        [SERVICE_DATA, a, b, data @ ..] if [*a, *b] == [low, high] => data,
        // The UUID as it is sent, or as it is written.
        [a, b, data @ ..] if [*a, *b] == [low, high] || [*a, *b] == [high, low] => data,
        data => data,
    };
    let is_prefixed = data.len() < bytes.len();
    match (data.len(), HeardFrame::decode(bytes)) {
        (_, Ok(_)) => Ok(None),
        (SERVICE_DATA_LEN, _) if is_prefixed => Ok(Some(data)),
        // No advertisement says nothing; and one that ends where it should could be one without our service.
        (SERVICE_DATA_LEN, Err(FrameError::NoServiceData)) if data.first() != Some(&0) => {
            Err(FrameError::ServiceDataOrAdvertisement)
        }
        (SERVICE_DATA_LEN, Err(FrameError::ServiceDataLength { .. })) => Ok(None),
        (SERVICE_DATA_LEN, Err(_)) => Ok(Some(data)),
        (16, Err(FrameError::Truncated { .. })) => Err(FrameError::IdentifierAlone),
        _ => Ok(None),
    }
}

fn is_no_frame(bytes: &[u8]) -> bool {
    HeardFrame::decode(bytes).is_err()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ServiceData;
    use super::*;

    const DATA: [u8; 20] = [0x33; 20];

    fn advertisement() -> [u8; 31] {
        ServiceData::from_bytes(&DATA).ios_frame()
    }

    fn event(subevent_and_head: &[u8], rssi_behind: Option<u8>) -> Vec<u8> {
        let frame = advertisement();
        let parameters = [subevent_and_head, &[31], &frame, rssi_behind.as_slice()].concat();
        [&[0x04, 0x3e, u8::try_from(parameters.len()).unwrap()], &*parameters].concat()
    }

    fn report(rssi: u8) -> Vec<u8> {
        event(&[0x02, 1, 3, 1, 1, 2, 3, 4, 5, 6], Some(rssi))
    }

    fn extended_report(rssi: u8) -> Vec<u8> {
        let head = [0x0d, 1, 0x10, 0, 1, 1, 2, 3, 4, 5, 6, 1, 0, 0xff, 0x7f, rssi, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        event(&head, None)
    }

    #[test]
    fn an_event_holds_an_advertisement_and_its_rssi() {
        for of in [report, extended_report] {
            for (byte, rssi) in
                [(0xb8, Some(-72)), (0x81, Some(-127)), (20, Some(20)), (127, None), (21, None), (0x80, None)]
            {
                let event = of(byte);
                for bytes in [&event[..], &event[1..]] {
                    let capture = Capture::decode(bytes).unwrap();
                    assert_eq!((capture.form, capture.rssi), (CaptureForm::HciEvent, rssi));
                    assert_eq!(capture.advertisement, Some(&advertisement()[..]));
                    assert_eq!(capture.heard.rpi.as_bytes(), &DATA[..16]);
                }
            }
        }
    }

    #[test]
    fn an_event_that_is_none_of_ours_is_named() {
        let changed = |event: fn(u8) -> Vec<u8>, at: usize, to: u8| {
            let mut event = event(0xb8);
            event[at] = to;
            Capture::decode(&event).unwrap_err()
        };
        assert_eq!(changed(report, 3, 1), FrameError::OtherSubevent { subevent: 1 });
        for of in [report, extended_report] {
            assert_eq!(changed(of, 4, 2), FrameError::EventReports { found: 2 });
        }
        assert_eq!(changed(report, 13, 30), FrameError::EventLayout);
        assert_eq!(changed(extended_report, 28, 32), FrameError::EventLayout);
        let cut = report(0xb8);
        let expected = usize::from(cut[2]);
        let error = FrameError::EventLength { expected, found: expected - 2 };
        assert_eq!(Capture::decode(&cut[..cut.len() - 2]), Err(error));
        assert_eq!(Capture::decode(&[4, 0x0e, 4, 1, 0x0c, 0x20, 0]), Err(FrameError::OtherEvent { code: 0x0e }));
    }

    #[test]
    fn service_data_alone_is_read() {
        let data = &DATA[..];
        for bytes in [
            data.to_vec(),
            [&[0x6f, 0xfd], data].concat(),
            [&[0xfd, 0x6f], data].concat(),
            [&[0x16, 0x6f, 0xfd], data].concat(),
        ] {
            let capture = Capture::decode(&bytes).unwrap();
            assert_eq!((capture.form, capture.advertisement), (CaptureForm::ServiceData, None));
            assert_eq!(
                (capture.heard.rpi.as_bytes(), capture.heard.aem),
                (DATA[..16].try_into().unwrap(), &DATA[16..])
            );
        }
        let zero = [&[0][..], &DATA[1..]].concat();
        assert_eq!(Capture::decode(&zero).map(|capture| capture.form), Ok(CaptureForm::ServiceData));
        // 20 bytes that are an advertisement of another service.
        let other = [&[2, 1, 6, 16, 0xff][..], &[7; 15]].concat();
        assert_eq!(Capture::decode(&other), Err(FrameError::ServiceDataOrAdvertisement));
        assert_eq!(Capture::decode(&DATA[..16]), Err(FrameError::IdentifierAlone));
        assert_eq!(Capture::decode(&[2, 1, 6]), Err(FrameError::NoServiceData));
    }

    #[test]
    fn a_packet_of_the_link_layer_is_read() {
        let frame = advertisement();
        let packet = [&[0xd6, 0xbe, 0x89, 0x8e, 0x42, 37, 1, 2, 3, 4, 5, 6], &frame[..], &[9, 9, 9]].concat();
        for bytes in [&packet[..], &packet[..packet.len() - 3]] {
            let capture = Capture::decode(bytes).unwrap();
            assert_eq!((capture.form, capture.advertisement), (CaptureForm::LinkLayer, Some(&frame[..])));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_captured_never_panics(
            bytes in prop::collection::vec(any::<u8>(), 0..80), head in prop::sample::select(vec![
                &[][..], &[0x04], &[0x04, 0x3e], &[0x3e], &[0xd6, 0xbe, 0x89, 0x8e], &[0x6f, 0xfd], &[0x16, 0x6f, 0xfd],
            ])
        ) {
            let _ = Capture::decode(&[head, &bytes].concat());
        }

        #[test]
        fn an_advertisement_reads_as_it_does_without_a_tool_around_it(
            before in prop::collection::vec(any::<u8>(), 0..12), data in any::<[u8; 20]>()
        ) {
            let length = u8::try_from(before.len() + 1).unwrap();
            let frame = ServiceData::from_bytes(&data).android_frame();
            let bytes = [&[length, 0xff][..], &before, &frame].concat();
            let capture = Capture::decode(&bytes).unwrap();
            prop_assert_eq!((Ok(capture.heard), capture.form), (HeardFrame::decode(&bytes), CaptureForm::Advertisement));
        }
    }
}
