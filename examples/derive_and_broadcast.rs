//! A day on a device: one key, a frame every ten minutes, and what a neighbour's phone makes of one.
//!
//! ```text
//! cargo run --example derive_and_broadcast
//! ```

use gaen::device::CurrentKey;
use gaen::device::frame::{HeardFrame, ServiceData};
use gaen::keys::{BluetoothMetadata, CalibrationConfidence};
use gaen::{EnIntervalNumber, KeyRing, RollingProximityIdentifier};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = rand::rng();
    let mut ring = KeyRing::new();
    let nine_o_clock = 1_601_110_800; // 2020-09-26 09:00 UTC; the library reads no clock

    // A new day has no key yet. Store the ring before the first broadcast: what others have heard must not be lost.
    let current = ring.rotate(nine_o_clock, &mut rng)?;
    if let CurrentKey::Generated(_) = current {
        println!("a new key for the day; store the ring now");
    }

    // All 144 identifiers of the day in one call, into a buffer of our own.
    let own = current.key();
    let mut day = [RollingProximityIdentifier::from_bytes([0; 16]); 144];
    own.key().identifier_key().identifiers(own.window().start(), &mut day);

    // The frame of this moment: the identifier, and the encrypted transmit power beside it.
    let now = EnIntervalNumber::from_unix_seconds(nine_o_clock)?;
    let rpi = day[(now.as_u32() - own.window().start().as_u32()) as usize];
    let metadata = BluetoothMetadata::v1_1(-12, CalibrationConfidence::High);
    let aem = own.key().metadata_key().encrypt(&rpi, metadata);
    let frame = ServiceData { rpi, aem }.android_frame();
    println!("interval {now}: broadcast {rpi} with metadata {aem}");
    println!("frame: {}", frame.map(|byte| format!("{byte:02x}")).concat());

    // A neighbour hears it and understands nothing but the identifier: that is the point of it.
    let heard = HeardFrame::decode(&frame)?;
    println!("heard: {} and {} bytes of metadata that only the key's owner can open", heard.rpi, heard.aem.len());
    Ok(())
}
