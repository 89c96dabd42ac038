use gaen::device::frame::{FrameKind, HeardFrame, ServiceData};

/// An advertisement: what is read as one of the platforms' frames is written as the same bytes, a scanner that takes
/// anything hears the same in it, and what a scanner hears stands in the advertisement.
pub fn frame(data: &[u8]) {
    let heard = HeardFrame::decode(data);
    if let Ok((kind, service_data)) = ServiceData::decode_frame(data) {
        match kind {
            FrameKind::Ios => assert_eq!(service_data.ios_frame(), data),
            FrameKind::Android => assert_eq!(service_data.android_frame(), data),
        }
        let heard = heard.unwrap();
        assert_eq!((heard.rpi, heard.aem), (service_data.rpi, &service_data.aem.as_bytes()[..]));
    }
    if let Ok(heard) = heard {
        let expected = [&[0x16, 0x6f, 0xfd], &heard.rpi.as_bytes()[..], heard.aem].concat();
        let length = u8::try_from(expected.len()).unwrap();
        assert!(data.windows(expected.len() + 1).any(|found| found[0] == length && found[1..] == expected));
    }
    if let Some(bytes) = data.first_chunk() {
        let service_data = ServiceData::from_bytes(bytes);
        assert_eq!(service_data.to_bytes(), *bytes);
        let frames = [&service_data.ios_frame()[..], &service_data.android_frame()[..]];
        assert!(frames.iter().all(|frame| ServiceData::decode_frame(frame).unwrap().1 == service_data));
    }
}
