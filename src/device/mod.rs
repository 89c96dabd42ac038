//! What a device does with its own keys: choose today's, broadcast its identifiers, release old ones.

pub mod frame;
#[cfg(feature = "alloc")]
pub(crate) mod key_ring;

#[cfg(feature = "alloc")]
pub use key_ring::{CurrentKey, KeyRing, OwnKey};
