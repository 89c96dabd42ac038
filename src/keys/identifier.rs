//! The identifier that a phone broadcasts.

use super::public_bytes;

/// `RPI(j) = AES-128-encrypt(RPIK, "EN-RPI" || 6 zero bytes || u32le(j))`: 16 bytes that a phone broadcasts during
/// interval `j`.
///
/// Phones broadcast identifiers, so they are public: you may copy, compare, hash and print them.
/// [`RollingProximityIdentifierKey::identifier`](crate::keys::RollingProximityIdentifierKey::identifier) makes one.
///
/// Source: Cryptography Specification v1.2, "Rolling Proximity Identifier".
#[doc(alias = "RPI")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RollingProximityIdentifier(pub(crate) [u8; 16]);

public_bytes!(RollingProximityIdentifier, 16);
