//! A device's own keys: choose today's key, broadcast its identifiers, release old keys.
//!
//! ```
//! use gaen::device::frame::{FrameKind, ServiceData};
//! use gaen::keys::BluetoothMetadata;
//! use gaen::{EnIntervalNumber, TemporaryExposureKey};
//!
//! let key = TemporaryExposureKey::generate(&mut rand::rng());
//! let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(1_601_121_600)?);
//! let aem = key.metadata_key().encrypt(&rpi, BluetoothMetadata::v1_0(-8));
//! // What the radio sends, and what another phone reads from it.
//! let frame = ServiceData { rpi, aem }.android_frame();
//! assert_eq!(ServiceData::decode_frame(&frame)?, (FrameKind::Android, ServiceData { rpi, aem }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`KeyRing`] keeps the keys of the last 14 days and says which to broadcast. `publish::release` asks it which to
//! publish.

pub mod frame;
#[cfg(feature = "alloc")]
pub(crate) mod key_ring;
#[cfg(all(test, feature = "alloc"))]
pub(crate) mod wrong_clock;

#[cfg(feature = "alloc")]
pub use key_ring::{CurrentKey, KeyRing, OwnKey};
