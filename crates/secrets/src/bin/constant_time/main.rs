//! Whether the time that an operation takes can depend on a secret byte, operation by operation.
//!
//! Runs under valgrind's memcheck, which knows of every bit whether it is defined, carries that through all
//! computations, and reports each branch and each address that depends on an undefined one. Here secrets are what is
//! undefined. What an operation publishes is made public before it is looked at: that is where a secret ends, and each
//! place says why.
//!
//! `.ci/constant-time` builds and runs it, for each back end.

use std::hint::black_box;
use std::process::ExitCode;

use gaen::device::OwnKey;
use gaen::keys::{AssociatedEncryptedMetadataKey, BluetoothMetadata, RollingProximityIdentifierKey};
use gaen::{EnIntervalNumber, KeyRing, RollingProximityIdentifier, TemporaryExposureKey};
use gaen_secrets::Known;
use rand_core::{TryCryptoRng, TryRng};
use serde::Deserialize;

mod memcheck;
mod stored;

use memcheck::{make_public, make_secret};

const NOON: u64 = 1_601_121_600;
const INTERVAL: EnIntervalNumber = EnIntervalNumber::new(2_642_976);
const RPI: RollingProximityIdentifier = RollingProximityIdentifier::from_bytes([9; 16]);

type Operation = (&'static str, fn());

/// No error is allowed in any of them.
const OPERATIONS: [Operation; 17] = [
    ("TemporaryExposureKey::generate", || {
        black_box(secret_key());
    }),
    ("TemporaryExposureKey::from_bytes, drop", || {
        let bytes = [7; 16];
        make_secret(&bytes);
        drop(black_box(TemporaryExposureKey::from_bytes(bytes)));
    }),
    ("TemporaryExposureKey::identifier_key", || {
        black_box(secret_key().identifier_key());
    }),
    ("TemporaryExposureKey::metadata_key", || {
        black_box(secret_key().metadata_key());
    }),
    ("RollingProximityIdentifierKey::identifier", || {
        let rpi = secret_rpik().identifier(INTERVAL);
        make_public(&rpi); // it is broadcast
        assert_ne!(rpi, RPI);
    }),
    ("RollingProximityIdentifierKey::identifiers", || {
        let mut day = [RPI; 144];
        secret_rpik().identifiers(INTERVAL, &mut day);
        make_public(&day); // they are broadcast
        assert_ne!(day[0], day[143]);
    }),
    ("RollingProximityIdentifierKey::interval_of, its own", || {
        let rpi = RollingProximityIdentifierKey::from_bytes([7; 16]).identifier(INTERVAL);
        let key = RollingProximityIdentifierKey::from_bytes([7; 16]);
        make_secret(&key);
        assert_eq!(interval_of(&key, &rpi), Some(INTERVAL));
    }),
    ("RollingProximityIdentifierKey::interval_of, another's", || {
        assert_eq!(interval_of(&secret_rpik(), &RPI), None);
    }),
    ("AssociatedEncryptedMetadataKey::encrypt", || {
        let aem = secret_aemk().encrypt(&RPI, BluetoothMetadata::v1_0(-12));
        make_public(&aem); // it is broadcast
        assert_ne!(aem.as_bytes(), &[0; 4]);
    }),
    ("AssociatedEncryptedMetadataKey::decrypt", || {
        let key = secret_aemk();
        let aem = key.encrypt(&RPI, BluetoothMetadata::v1_0(-12));
        make_public(&aem); // it is broadcast
        let metadata = key.decrypt(&RPI, aem);
        make_public(&metadata); // what a phone says of its own radio is no secret to itself
        assert_eq!(metadata.tx_power(), -12);
    }),
    ("TemporaryExposureKey == TemporaryExposureKey", || {
        let same = equal(&secret_key(), &secret_key());
        let other = equal(&secret_key(), &TemporaryExposureKey::from_bytes([7; 16]));
        assert!(same && !other);
    }),
    ("Debug of a key", || {
        assert_eq!(format!("{:?}", secret_key()), "TemporaryExposureKey(redacted)");
    }),
    ("KeyRing::rotate, current, purge, clear", || {
        let mut ring = ring();
        for day in 1..20 {
            let _ = ring.rotate(NOON + day * 86_400, &mut Secret).expect("long before the last interval");
        }
        assert!(ring.current(NOON + 19 * 86_400).is_some());
        assert_eq!(ring.purge(NOON + 20 * 86_400), 1);
        ring.clear();
    }),
    ("KeyRing::release", || {
        let published = ring().release(NOON + 86_400);
        published.iter().for_each(make_public); // it is published
        assert_ne!(published[0].key_data.as_bytes(), &[0; 16]);
    }),
    ("KeyRing::release_today", || {
        let published = ring().release_today(NOON + 3600).expect("an hour has passed");
        make_public(&published); // it is published
        assert_ne!(published.key_data.as_bytes(), &[0; 16]);
    }),
    ("KeyRing, serialised", || {
        // What `serde_json` does with the text is in `accepted.supp`, with the reason.
        drop(black_box(serde_json::to_vec(&ring()).expect("a ring has a text")));
    }),
    ("OwnKey, deserialised", || {
        let bytes = *TemporaryExposureKey::generate(&mut Known::new(1)).expose_secret();
        let digits = base16ct::lower::encode_string(&bytes);
        make_secret(digits.as_str());
        let read = OwnKey::deserialize(stored::key(&digits)).expect("every field is as it has to be");
        let read = *read.key().expose_secret();
        make_public(&read); // to look whether it is the right one
        assert_eq!(read, bytes);
    }),
];

/// Each of these has to be reported, or nothing would be.
const LEAKS: [Operation; 3] = [
    ("leak: a branch on a byte", || {
        let bytes = *secret_key().expose_secret();
        // A call that has an effect, so that no compiler turns the branch into arithmetic.
        if black_box(bytes)[3] & 1 == 1 {
            print!("");
            black_box(INTERVAL.checked_add(1));
        }
    }),
    ("leak: a table addressed by a byte", || {
        let table: [u8; 256] = black_box([1; 256]);
        black_box(table[usize::from(secret_key().expose_secret()[3])]);
    }),
    ("leak: a comparison that stops early", || {
        let key = secret_key();
        black_box(key.expose_secret().iter().zip(&[7; 16]).all(|(a, b)| black_box(a) == b));
    }),
];

/// A generator of secrets.
struct Secret;

impl TryRng for Secret {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        unreachable!("keys are filled byte by byte")
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        unreachable!("keys are filled byte by byte")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        Known::new(1).try_fill_bytes(bytes)?;
        make_secret(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Secret {}

fn secret_key() -> TemporaryExposureKey {
    TemporaryExposureKey::generate(&mut Secret)
}

fn secret_rpik() -> RollingProximityIdentifierKey {
    let key = RollingProximityIdentifierKey::from_bytes([5; 16]);
    make_secret(&key);
    key
}

fn secret_aemk() -> AssociatedEncryptedMetadataKey {
    let key = AssociatedEncryptedMetadataKey::from_bytes([5; 16]);
    make_secret(&key);
    key
}

/// A ring with one secret key.
fn ring() -> KeyRing {
    let mut ring = KeyRing::new();
    let _ = ring.rotate(NOON, &mut Secret).expect("long before the last interval");
    ring
}

/// The caller may know whether an identifier is its own, and of which interval.
#[inline(never)]
fn interval_of(key: &RollingProximityIdentifierKey, rpi: &RollingProximityIdentifier) -> Option<EnIntervalNumber> {
    let interval = black_box(key.interval_of(rpi));
    make_public(&interval);
    black_box(interval)
}

/// The caller may know whether two keys are equal.
#[inline(never)]
fn equal(one: &TemporaryExposureKey, other: &TemporaryExposureKey) -> bool {
    let equal = black_box(one == other);
    make_public(&equal);
    black_box(equal)
}

fn main() -> ExitCode {
    if !memcheck::is_watching() {
        eprintln!("to be run under valgrind: see .ci/constant-time");
        return ExitCode::FAILURE;
    }
    let mut failed = 0;
    for (operations, leaks) in [(OPERATIONS.as_slice(), false), (LEAKS.as_slice(), true)] {
        for (name, operation) in operations {
            let before = memcheck::errors();
            operation();
            let errors = memcheck::errors() - before;
            let verdict = match (errors, leaks) {
                (0, false) => "constant time",
                (0, true) => "NOT REPORTED",
                (_, false) => "DEPENDS ON A SECRET",
                (_, true) => "reported, as it has to be",
            };
            println!("{name}: {verdict}");
            failed += usize::from((errors > 0) != leaks);
        }
    }
    println!("{} operations, {} leaks on purpose, {failed} wrong", OPERATIONS.len(), LEAKS.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
